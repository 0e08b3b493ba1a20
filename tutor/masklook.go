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
	starts map[string]bool // beginnings of joined and proper
	common func(string) bool
}

// Bounds of the second look.
const (
	longestJoined = 80 // bytes
	leastSingle   = 5  // letters of a word that is looked for alone
)

func newSecondLook(personal []resume.Personal, common func(string) bool) *secondLook {
	l := &secondLook{joined: map[string]bool{}, proper: map[string]bool{}, ends: map[string]bool{}, starts: map[string]bool{}, common: common}
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
	for _, set := range []map[string]bool{l.joined, l.proper} {
		for known := range set {
			for end := range len(known) + 1 {
				l.starts[known[:end]] = true
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

// lookedAt is a word of a text that is looked at.
type lookedAt struct {
	from, to int // of it in the joined words
	number   bool
	lower    bool // begins with a small letter
}

func (l *secondLook) findsIn(part string) bool {
	written := splitWords(part)
	words := make([]lookedAt, len(written))
	var b strings.Builder
	for i, w := range written {
		folded := plainWord(w)
		words[i] = lookedAt{from: b.Len(), to: b.Len() + len(folded), number: onlyDigits(folded) == folded, lower: unicode.IsLower(firstRune(w))}
		b.WriteString(folded)
	}
	all := b.String()
	for i := range words {
		if l.startsAt(all, words[i:]) {
			return true
		}
	}
	return false
}

// startsAt is true where something known begins with the first word.
func (l *secondLook) startsAt(all string, words []lookedAt) bool {
	capitals, number := true, true
	for k, w := range words {
		joined := all[words[0].from:w.to]
		number = number && w.number
		if len(joined) > longestJoined || !number && !l.starts[joined] {
			return false
		}
		capitals = capitals && !w.lower
		if l.joined[joined] && (k > 0 || len(words) == 1 || !orgWords[all[words[1].from:words[1].to]]) || capitals && k > 0 && l.proper[joined] {
			return true
		}
		if d := len(joined); number && d >= leastPhone && l.ends[joined[max(0, d-phoneEnd):]] {
			return true
		}
	}
	return false
}

func splitWords(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool {
		if r < utf8.RuneSelf {
			return !unicode.IsLetter(r) && !unicode.IsNumber(r)
		}
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.M, r)
	})
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
	if strings.IndexFunc(w, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		return strings.ToLower(w)
	}
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
