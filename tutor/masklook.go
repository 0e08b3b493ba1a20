package tutor

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"github.com/gapwise/gapwise/resume"
)

// secondLook looks at texts that were masked for what must not be in them. It shares no code with what hides but the lists of words, so that
// a mistake there does not make it blind here: it joins neighbouring words and asks whether what comes of it is known.
type secondLook struct {
	joined map[string]bool // folded runs of words without what is between them
	proper map[string]bool // the same, that need a capital at each word
	ends   map[string]bool // of telephone numbers
	common func(string) bool
}

// Bounds of the second look.
const (
	longestJoined = 80 // bytes
	leastSingle   = 5  // letters of a word that is looked for alone
)

func newSecondLook(personal []resume.Personal, common func(string) bool) *secondLook {
	l := &secondLook{joined: map[string]bool{}, proper: map[string]bool{}, ends: map[string]bool{}, common: common}
	for _, p := range personal {
		words := plainWords(p.Text)
		all := strings.Join(words, "")
		switch p.Kind {
		case resume.PersonalName:
			l.addName(words)
		case resume.PersonalPhone:
			if d := onlyDigits(p.Text); len(d) >= leastPhone {
				l.ends[d[max(0, len(d)-phoneEnd):]] = true
			}
		case resume.PersonalLink:
			for len(words) > 1 && (words[0] == "https" || words[0] == "http" || words[0] == "www") {
				words = words[1:]
			}
			if all = strings.Join(words, ""); len(words) > 1 && len(all) > 6 {
				l.joined[all] = true
			}
		case resume.PersonalEmail, resume.PersonalBirthDate:
			if len(all) > 5 {
				l.joined[all] = true
			}
		case resume.PersonalAddress:
			if onlyDigits(all) != "" && len(all) > 7 {
				l.joined[all] = true
			}
		}
	}
	return l
}

func (l *secondLook) addName(words []string) {
	rare := false
	single := 0
	for _, w := range words {
		if utf8.RuneCountInString(w) == 1 {
			single++
		}
		if n := utf8.RuneCountInString(w); n >= leastSingle && !l.common(w) && !nameParticles[w] {
			l.joined[w] = true
			rare = true
		}
	}
	if all := strings.Join(words, ""); len(words) > 1 && len(all) > 4 {
		if rare || single == len(words) && len(words) > 5 {
			l.joined[all] = true
		} else {
			l.proper[all] = true
		}
	}
}

// finds is true where a masked text still holds something that is known.
func (l *secondLook) finds(masked string) bool {
	for part := range strings.SplitSeq(masked, "⟦") {
		if _, rest, ok := strings.Cut(part, "⟧"); ok {
			part = rest
		}
		if l.findsIn(part) {
			return true
		}
	}
	return false
}

func (l *secondLook) findsIn(part string) bool {
	written := splitWords(part)
	folded, numbers := make([]string, len(written)), make([]bool, len(written))
	for i, w := range written {
		folded[i] = plainWord(w)
		numbers[i] = onlyDigits(folded[i]) == folded[i]
	}
	for i := range folded {
		joined, capitals, number := "", true, true
		for k := i; k < len(folded) && len(joined)+len(folded[k]) <= longestJoined; k++ {
			joined += folded[k]
			number = number && numbers[k]
			capitals = capitals && !unicode.IsLower(firstRune(written[k]))
			if l.joined[joined] && (k > i || k+1 == len(folded) || !orgWords[folded[k+1]]) || capitals && k > i && l.proper[joined] {
				return true
			}
			if d := len(joined); number && d >= leastPhone && l.ends[joined[max(0, d-phoneEnd):]] {
				return true
			}
		}
	}
	return false
}

func splitWords(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.M, r) })
}

func plainWords(s string) []string {
	out := splitWords(s)
	for i, w := range out {
		out[i] = plainWord(w)
	}
	return out
}

// plainWord is a word in lower case without accents.
func plainWord(w string) string {
	out, _, err := transform.String(transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn))), strings.ToLower(w))
	if err != nil {
		return strings.ToLower(w)
	}
	return out
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
