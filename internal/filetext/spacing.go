package filetext

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// accents are the marks that old TeX fonts draw as a glyph of their own over or under a letter, by the combining mark that they are.
var accents = map[rune]rune{
	'¨': 0x308, '´': 0x301, '`': 0x300, 'ˆ': 0x302, '^': 0x302, '˜': 0x303, '~': 0x303, '˚': 0x30A, '°': 0x30A, '¸': 0x327,
	'ˇ': 0x30C, '˘': 0x306, '˙': 0x307, '¯': 0x304, '˝': 0x30B, '˛': 0x328,
}

// putAccented puts g, and makes one letter of an accent and the letter that it is drawn over, whichever comes first. mark is the
// accent that g is, 0 for none.
func (l *layouter) putAccented(g *glyph, mark rune) {
	if mark != 0 {
		if l.cur.text != "" && over(g, &l.last) {
			l.cur.text += string(mark)
			return
		}
		l.accent = g
		return
	}
	waiting := l.accent
	l.accent = nil
	switch {
	case waiting == nil:
		l.put(g)
	case over(waiting, g):
		r, _ := utf8.DecodeRuneInString(waiting.text)
		letter := *g
		if letter.text == "ı" {
			letter.text = "i"
		}
		letter.text += string(accents[r])
		l.put(&letter)
	default:
		l.put(waiting)
		l.put(g)
	}
}

// over is true where the middle of an accent lies within the width of a letter.
func over(accent, letter *glyph) bool {
	r, _ := utf8.DecodeRuneInString(letter.text)
	middle := (accent.left + accent.right) / 2
	return unicode.IsLetter(r) && middle > letter.left && middle < letter.right && math.Abs(accent.angle) < turnAngle
}

// Figures of letter-spaced text, in heights of ink. In running text letters stand 0.05 to 0.12 apart and words 0.3 or more.
const (
	tracked     = 0.2  // usual between the letters of a word: they are spaced out
	trackedOver = 0.16 // between words of such a line, more than between its letters
)

func median(gaps []float64) float64 {
	sorted := slices.Sorted(slices.Values(gaps))
	return sorted[len(sorted)/2]
}

// untrack joins the words that the engine made of letter-spaced text, which it parts at random. gaps are those within its words: in other
// text they are narrow. A text of single letters has none and is for spacedRun.
func untrack(words []word, gaps []float64, height float64) []word {
	if len(words) < 3 || len(gaps) < 4 {
		return words
	}
	usual := median(gaps)
	if usual < tracked*height || usual > wideGap*height {
		return words
	}
	out := []word{words[0]}
	for _, w := range words[1:] {
		last := &out[len(out)-1]
		if w.gap > usual+trackedOver*height || spaceless(w.text) {
			out = append(out, w)
			continue
		}
		last.text += w.text
		last.letters += w.letters
		last.right = math.Max(last.right, w.right)
	}
	return out
}

// spaceless is true for scripts that are set wide and have no spaces to lose or to gain.
func spaceless(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// spacedRun is how many of the words from the first on are single letters, 0 below four: "A B C" may be three grades.
func spacedRun(words []word) int {
	n := 0
	for n < len(words) && words[n].letters == 1 {
		r, _ := utf8.DecodeRuneInString(words[n].text)
		if !unicode.IsLetter(r) && r != '&' || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) {
			break
		}
		n++
	}
	if n < 4 {
		return 0
	}
	return n
}

func unspace(words []word) string {
	gaps := make([]float64, 0, len(words))
	for _, w := range words[1:] {
		gaps = append(gaps, w.gap)
	}
	slices.Sort(gaps)
	usual := gaps[len(gaps)/2]
	var b strings.Builder
	for i, w := range words {
		if i > 0 && w.gap > 1.6*usual+1 {
			b.WriteByte(' ')
		}
		b.WriteString(w.text)
	}
	return b.String()
}
