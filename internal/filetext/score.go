package filetext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gapwise/gapwise/internal/pagetext"
)

// The measure by which the text of one engine is told from that of another: how wrong the text of a page looks, from 0, like text, to 1,
// like none. It is the highest of four shares, each scaled to reach 1 where nobody could read the page any more, so that one way of being
// wrong is enough:
//
//	odd      glyphs that stand for nothing: private use, U+FFFD, control codes, unassigned. A font without a map to Unicode
//	         gives them for all of its text. An icon here and there is meant.
//	glued    letters in words that must be several: over 40 letters in a row, or with three or more joins of a small letter to a
//	         capital ("ResponsibleForTheBackend"). Addresses are left out.
//	unparted where a page of an alphabet that parts words has over 12 glyphs a word: spaces were lost throughout.
//	garbled  words of a Latin alphabet that no language has: without any vowel, or with the letters that UTF-8 read as Latin-1
//	         gives ("Ã©", "â€"). Names in capitals and short forms have no vowels either, so only words of four letters with a
//	         small one count.
//
// In the text of real resumes all four stay under a tenth.
const (
	oddAll      = 0.4  // the share at which odd is 1
	gluedAll    = 0.5  // of letters
	partedWell  = 12.0 // glyphs a word at which unparted begins
	partedNever = 30.0 // and at which it is 1
	garbledAll  = 0.5  // of words that could be

	doubt      = 0.4 // from here on the second engine is asked
	clearly    = 0.2 // by how much its text has to be less wrong
	enoughText = 0.5 // and how much of the other's text it has to have at least, in letters
	fewGlyphs  = 20  // on a page with fewer there is nothing to tell
)

// longWord is over the longest compounds that Germans write: Rechtsschutzversicherungsgesellschaften has 39 letters.
const longWord = 40

// tally counts the glyphs of a page as an engine gives them, before anything is cleaned away.
type tally struct {
	ink int // glyphs that are not white space
	odd int // of these, those that stand for nothing
}

func tallyOf(glyphs []glyph) (t tally) {
	for i := range glyphs {
		r, _ := utf8.DecodeRuneInString(glyphs[i].text)
		if glyphs[i].text == "" || unicode.IsSpace(r) || r == 0x02 || r == 0xFFFE {
			continue
		}
		t.ink++
		if meaningless(r) {
			t.odd++
		}
	}
	return t
}

func meaningless(r rune) bool {
	if r < ' ' {
		return ligatures[r] == ""
	}
	return r == unicode.ReplacementChar || unicode.In(r, unicode.Co, unicode.Cs, unicode.Cc) ||
		r > unicode.MaxLatin1 && !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.Cf)
}

// features are what wrongness counts on a page.
type features struct {
	tally
	words, letters int
	glued          int // letters in words that must be several
	latin, garbled int // words that could be garbled, and those that are
	spaceless      int // letters of scripts without spaces
}

func featuresOf(page *pagetext.Page, t tally) features {
	f := features{tally: t}
	for i := range page.Lines {
		for _, cell := range page.Lines[i].Cells {
			for word := range strings.FieldsSeq(cell) {
				f.add(word)
			}
		}
	}
	return f
}

func (f *features) add(word string) {
	f.words++
	if strings.ContainsAny(word, "@/\\_") || strings.Count(word, ".") > 1 {
		return // an address or a path
	}
	var letters, run, longest, joins, vowels, small, latin, bytesOfUTF8 int
	var prev rune
	for _, r := range word {
		if !unicode.IsLetter(r) {
			if prev >= 0xC2 && prev <= 0xF4 && (r >= 0x80 && r <= 0xBF || r == '€' || r == '™' || r == 'œ') {
				bytesOfUTF8++
			}
			run, prev = 0, r
			continue
		}
		letters++
		run++
		longest = max(longest, run)
		if unicode.IsLower(prev) && unicode.IsUpper(r) {
			joins++
		}
		if unicode.IsLower(r) {
			small++
		}
		if unicode.Is(unicode.Latin, r) {
			latin++
		}
		if vowel(r) {
			vowels++
		}
		if spaceless(string(r)) || unicode.In(r, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) {
			f.spaceless++
		}
		prev = r
	}
	f.letters += letters
	if longest > longWord && f.spaceless == 0 || joins > 2 {
		f.glued += letters
	}
	if latin == letters && letters >= 4 && small > 0 || bytesOfUTF8 > 0 {
		f.latin++
		if vowels == 0 || bytesOfUTF8 > 0 {
			f.garbled++
		}
	}
}

// vowel is true for the vowels of Latin alphabets, with whatever mark: every letter beyond ASCII counts.
func vowel(r rune) bool { return strings.ContainsRune("aeiouyAEIOUY", r) || r > unicode.MaxASCII }

// wrongness is the measure for a page.
func wrongness(page *pagetext.Page, t tally) float64 {
	if page.Lost {
		return 1
	}
	f := featuresOf(page, t)
	if f.ink == 0 { // an engine that knows no glyphs, or a page without text
		f.ink = f.letters
	}
	if f.ink < fewGlyphs {
		return 0
	}
	wrong := max(share(f.odd, f.ink)/oddAll, share(f.glued, f.letters)/gluedAll)
	if 2*f.spaceless < f.letters {
		wrong = max(wrong, (float64(f.ink)/float64(max(f.words, 1))-partedWell)/(partedNever-partedWell))
	}
	if f.latin >= 10 {
		wrong = max(wrong, share(f.garbled, f.latin)/garbledAll)
	}
	return min(max(wrong, 0), 1)
}

func share(part, whole int) float64 { return float64(part) / float64(max(whole, 1)) }

// doubtful is true where another engine may do better: a file that does not open, a page that is lost or looks wrong.
func (r *reading) doubtful() bool {
	if r.err != nil {
		return pagetext.ReasonOf(r.err) == pagetext.Broken
	}
	for i := range r.Pages {
		if wrongness(&r.Pages[i], r.tallyOf(i)) >= doubt {
			return true
		}
	}
	return false
}

func (r *reading) tallyOf(page int) tally {
	if page < len(r.tallies) {
		return r.tallies[page]
	}
	return tally{}
}

// better joins the readings of two engines, page by page: a page of other stands where it is clearly less wrong and is no small part of
// the first's. Where the first could not open the file, or fell over on the way, other stands if it has text or knows better why not.
func better(first, other *reading) *reading {
	if first.err != nil {
		switch {
		case other.err == nil && other.Words() > 0, pagetext.ReasonOf(other.err) == pagetext.Password:
			return other
		}
		return first
	}
	if other.err != nil || len(other.Pages) != len(first.Pages) {
		if first.allLost() && other.err == nil && other.Words() > 0 {
			return other
		}
		return first
	}
	taken := 0
	for i := range first.Pages {
		a, b := &first.Pages[i], &other.Pages[i]
		wrong := wrongness(a, first.tallyOf(i))
		if wrong < doubt || b.Lost || wrongness(b, other.tallyOf(i)) > wrong-clearly ||
			float64(lettersOf(b)) < enoughText*float64(lettersOf(a)) || lettersOf(b) == 0 {
			continue
		}
		first.Pages[i] = *b
		taken++
	}
	switch {
	case taken == len(first.Pages):
		first.Engine = other.Engine
	case taken > 0:
		first.Engine += "+" + other.Engine
	}
	return first
}

func (r *reading) allLost() bool {
	for i := range r.Pages {
		if !r.Pages[i].Lost {
			return false
		}
	}
	return true
}

// settled is the reading as it is answered. A document of which the reader fell over a page ends before its end, and one of which no page
// could be read is no document.
func (r *reading) settled() *reading {
	s := *r
	switch {
	case pagetext.ReasonOf(s.err) == pagetext.Broken && s.Words() > 0:
		s.Pages = append(s.Pages, pagetext.Page{Lost: true})
		s.err = nil
	case s.err == nil && len(s.Pages) > 0 && s.allLost():
		s.err = pagetext.Broken
	}
	if s.err != nil {
		s.Pages = nil
	}
	return &s
}

func lettersOf(page *pagetext.Page) int {
	f := featuresOf(page, tally{})
	return f.letters
}
