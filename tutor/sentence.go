package tutor

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxSentence is where a piece of text without an end is taken for a sentence, in bytes.
const maxSentence = 1200

// splitter cuts a text that comes in pieces into sentences and lines, so that each can be looked at as a whole before anybody sees it. All
// that it gives, in order, makes the text.
type splitter struct {
	held string
	code bool // between ``` and ```
}

// utterance is one piece of an answer: its text, and the white space that stood before it.
type utterance struct {
	space string
	text  string
	code  bool
}

// add takes a piece and gives the sentences that it completes.
func (s *splitter) add(piece string) []utterance {
	s.held += piece
	return s.take(false)
}

// rest gives what is held at the end of the text.
func (s *splitter) rest() []utterance { return s.take(true) }

func (s *splitter) take(last bool) []utterance {
	var out []utterance
	for {
		body := strings.TrimLeftFunc(s.held, unicode.IsSpace)
		space := s.held[:len(s.held)-len(body)]
		if body == "" {
			return out
		}
		end := s.endOf(body, last)
		if end < 0 {
			return out
		}
		text := body[:end]
		code := s.code
		if strings.HasPrefix(text, "```") {
			s.code, code = !s.code, true
		}
		out = append(out, utterance{space: space, text: text, code: code})
		s.held = body[end:]
	}
}

// endOf is where the first sentence of a text ends, its marks of citation included; below 0 where that is not known yet.
func (s *splitter) endOf(text string, last bool) int {
	line := strings.IndexByte(text, '\n')
	if s.code || strings.HasPrefix(text, "```") { // code is taken a line at a time
		return orLast(line, text, last)
	}
	whole := text
	if line >= 0 {
		whole = text[:line]
	}
	for at := 0; at < len(whole); {
		r, size := utf8.DecodeRuneInString(whole[at:])
		at += size
		if !isEnd(r) {
			continue
		}
		end := pastClosing(whole, at)
		if end == len(whole) {
			if line >= 0 || last {
				return end
			}
			return s.tooLong(text) // more may follow: a mark, or the rest of a number
		}
		next, _ := utf8.DecodeRuneInString(whole[end:])
		if !isWide(r) && !unicode.IsSpace(next) || r == '.' && isAbbreviation(whole[:at]) {
			continue
		}
		rest := strings.TrimLeft(whole[end:], " \t")
		if rest == "" && line < 0 && !last {
			return s.tooLong(text)
		}
		if m := leadingMarks.FindString(rest); m != "" { // “It is so. [1] Next” cites for what stands before
			end = len(whole) - len(rest) + len(m)
		} else if line < 0 && !last && maybeMark.MatchString(rest) {
			return s.tooLong(text)
		}
		return end
	}
	if line >= 0 {
		return line
	}
	if last {
		return len(text)
	}
	return s.tooLong(text)
}

func (s *splitter) tooLong(text string) int {
	if len(text) < maxSentence {
		return -1
	}
	if at := strings.LastIndexByte(text[:maxSentence], ' '); at > 0 {
		return at
	}
	at := maxSentence
	for at < len(text) && !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}

func orLast(line int, text string, last bool) int {
	if line < 0 && last {
		return len(text)
	}
	return line
}

var (
	leadingMarks = regexp.MustCompile(`^(?:\[\s*\d{1,3}(?:\s*,\s*\d{1,3})*\s*\][.!?]?\s?)*\[\s*\d{1,3}(?:\s*,\s*\d{1,3})*\s*\][.!?]?`)
	maybeMark    = regexp.MustCompile(`^\[[\s\d,]*$`)
	bullets      = regexp.MustCompile(`^(?:[-*•]|\d{1,3}[.)])\s+`)
	onlyNumber   = regexp.MustCompile(`(?:^|\s)\d{1,3}\.$`)
)

func isEnd(r rune) bool { return strings.ContainsRune(".!?…。！？।؟", r) }

func isWide(r rune) bool { return strings.ContainsRune("。！？", r) }

// pastClosing skips further ends, and what closes with a sentence.
func pastClosing(s string, at int) int {
	for at < len(s) {
		r, size := utf8.DecodeRuneInString(s[at:])
		if !isEnd(r) && !strings.ContainsRune(`"'”“’»)*_`, r) {
			break
		}
		at += size
	}
	return at
}

// abbreviations end with a dot that ends no sentence.
var abbreviations = map[string]bool{
	"e.g.": true, "i.e.": true, "etc.": true, "vs.": true, "cf.": true, "approx.": true, "no.": true, "mr.": true, "ms.": true, "mrs.": true, "dr.": true, "inc.": true, "ltd.": true,
	"z.": true, "b.": true, "z.b.": true, "d.h.": true, "u.a.": true, "usw.": true, "bzw.": true, "ca.": true, "vgl.": true, "evtl.": true, "nr.": true, "d.": true, "h.": true,
	"p.": true, "ej.": true, "p.ej.": true, "ex.": true, "sr.": true, "sra.": true, "st.": true, "u.s.": true, "jan.": true, "feb.": true, "sept.": true, "dec.": true,
}

// isAbbreviation tells whether the dot at the end of a text ends no sentence: after a short form, and after a number that counts the lines of
// a list.
func isAbbreviation(upTo string) bool {
	if onlyNumber.MatchString(upTo) && bullets.MatchString(upTo+" ") {
		return true
	}
	at := strings.LastIndexFunc(upTo, unicode.IsSpace)
	return abbreviations[strings.ToLower(strings.TrimLeft(upTo[at+1:], `("“„«`))]
}

// Sentences cuts a whole text.
func sentencesOf(text string) []utterance {
	var s splitter
	return append(s.add(text), s.rest()...)
}
