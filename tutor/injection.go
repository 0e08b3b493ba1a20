package tutor

import (
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Injection is text inside data that is addressed to an AI. Start and End are bytes of the text that was looked through.
type Injection struct {
	Start int    `json:"-"`
	End   int    `json:"-"`
	Text  string `json:"text"` // of it, made visible where it was not, and short
	Kind  string `json:"kind"` // override, exfiltration, score, link, others-data, role-play, encoded or hidden
}

// maxShown bounds what is shown of an injection, in code points.
const maxShown = 200

// Injections finds text that is addressed to an AI in data such as a resume, a job description or a note: sentence by sentence, as it stands,
// and with lookalike letters, digits for letters, spaces between letters, turned round, or encoded. What only nobody can see is one as such.
//
// It is a list of forms and no understanding: what it misses still stands between fences, can call nothing, and sets no score.
func Injections(text string) []Injection {
	out := hiddenText(text)
	for _, s := range clausesOf(text) {
		if kind := addressed(s.plain); kind != "" {
			out = append(out, Injection{Start: s.from, End: s.to, Kind: kind})
			continue
		}
		if kind := encodedIn(s); kind != "" {
			out = append(out, Injection{Start: s.from, End: s.to, Kind: kind})
		}
	}
	out = settleInjections(text, out)
	for i := range out {
		if out[i].Text == "" {
			out[i].Text = shorten(Clean(text[out[i].Start:out[i].End]))
		}
	}
	return out
}

// leftOut stands where Defuse took something out.
const leftOut = "[text addressed to an AI was left out]"

// Defuse is data without characters that nobody sees and without text that is addressed to an AI, and what that was.
func Defuse(text string) (string, []Injection) {
	found := Injections(text)
	var b strings.Builder
	at := 0
	for _, f := range found {
		b.WriteString(text[at:f.Start])
		b.WriteString(leftOut)
		at = f.End
	}
	b.WriteString(text[at:])
	return Clean(b.String()), found
}

// Clean takes out of data what nobody sees: control characters but for line breaks and tabs, zero-width and direction marks, tags, and
// characters for private use.
func Clean(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || r >= ' ' && r < 0x7f {
			return r
		}
		if unicode.Is(unicode.C, r) || invisible(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
}

// invisible is true for letters and marks that are drawn as nothing.
func invisible(r rune) bool {
	switch {
	case r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0100 && r <= 0xE01EF, // variation selectors
		r == 0x115F, r == 0x1160, r == 0x3164, r == 0xFFA0, r == 0x034F, r == 0x17B4, r == 0x17B5: // fillers
		return true
	}
	return false
}

func shorten(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > maxShown {
		return string(r[:maxShown]) + "…"
	}
	return s
}

// settleInjections sorts and joins what overlaps.
func settleInjections(text string, all []Injection) []Injection {
	slices.SortStableFunc(all, func(a, b Injection) int { return a.Start - b.Start })
	var out []Injection
	for _, f := range all {
		if last := len(out) - 1; last >= 0 && f.Start < out[last].End {
			out[last].End = max(out[last].End, f.End)
			if out[last].Text == "" {
				out[last].Text = f.Text
			}
			continue
		}
		out = append(out, f)
	}
	for i := range out {
		out[i].End = min(out[i].End, len(text))
	}
	return out
}

// flag is the black flag, behind which tags spell the flag of a region.
const flag = '\U0001F3F4'

// hiddenText finds what is there and not seen: tags, which spell ASCII invisibly, and letters whose direction is overridden.
func hiddenText(text string) []Injection {
	var out []Injection
	var tags strings.Builder
	start, afterFlag := -1, false
	end := func(at int) {
		if start >= 0 && tags.Len() > 0 && !afterFlag {
			out = append(out, Injection{Start: start, End: at, Kind: "hidden", Text: shorten(tags.String())})
		}
		start = -1
		tags.Reset()
	}
	var prev rune
	for at, r := range text {
		if r >= 0xE0000 && r <= 0xE007F {
			if start < 0 {
				start, afterFlag = at, prev == flag
			}
			if r >= 0xE0020 && r < 0xE007F {
				tags.WriteRune(r - 0xE0000)
			}
			continue
		}
		end(at)
		prev = r
	}
	end(len(text))
	for _, m := range overridden.FindAllStringIndex(text, -1) {
		out = append(out, Injection{Start: m[0], End: m[1], Kind: "hidden", Text: shorten(reversed(Clean(text[m[0]:m[1]])))})
	}
	return out
}

// overridden is Latin text whose direction is turned round by force.
var overridden = regexp.MustCompile(`[\x{202D}\x{202E}][^\n\x{202C}]*[A-Za-z]{3}[^\n\x{202C}]*\x{202C}?`)

// clause is a piece of a text that is judged as one.
type clause struct {
	from, to int    // bytes of the text
	raw      string // what is seen of it, in one line
	plain    string // folded
}

// wrapped is how long a line is, in bytes, that goes on in the next.
const wrapped = 40

// clausesOf cuts a text into sentences: at full stops, empty lines, bullets, and ends of short lines.
func clausesOf(text string) []clause {
	var out []clause
	from := 0
	cut := func(to int) {
		raw := strings.TrimLeft(strings.Join(strings.Fields(Clean(text[from:to])), " "), "-–—•*·>○▪ ")
		if utf8.RuneCountInString(raw) > 7 {
			out = append(out, clause{from: from, to: to, raw: raw, plain: plainSentence(raw)})
		}
		from = to
	}
	line := 0
	for at := range len(text) {
		switch c := text[at]; c {
		case '.', '!', '?':
			if at+1 == len(text) || text[at+1] == ' ' || text[at+1] == '\n' {
				cut(at + 1)
			}
		case '\n':
			next := strings.TrimLeft(text[at+1:], " \t")
			if at-line < wrapped || next == "" || strings.HasPrefix(next, "\n") || strings.HasPrefix(next, "-") || strings.HasPrefix(next, "•") || strings.HasPrefix(next, "*") {
				cut(at)
			}
			line = at + 1
		}
	}
	cut(len(text))
	for i := range out { // without the white space around it
		for out[i].from < out[i].to && strings.ContainsRune(" \t\n", rune(text[out[i].from])) {
			out[i].from++
		}
	}
	return out
}

// lookalikes are letters of other scripts that are drawn as Latin ones.
var lookalikes = strings.NewReplacer(
	"а", "a", "е", "e", "о", "o", "р", "p", "с", "c", "у", "y", "х", "x", "і", "i", "ѕ", "s", "ј", "j", "һ", "h", "ԁ", "d", "ԛ", "q", "ԝ", "w", "ѵ", "v", "к", "k", "м", "m", "т", "t", "н", "h", "в", "b", "п", "n", "г", "r",
	"α", "a", "ο", "o", "ρ", "p", "ν", "v", "ι", "i", "κ", "k", "τ", "t", "υ", "u", "ε", "e", "ɑ", "a", "ɡ", "g", "ⅼ", "l", "ⅰ", "i",
)

// plainSentence is a sentence without case, accents, lookalikes and quotation marks of other kinds.
func plainSentence(s string) string {
	if s = foldPlain(s); isASCII(s) {
		return s
	}
	return lookalikes.Replace(plainQuotes.Replace(s))
}

var plainQuotes = strings.NewReplacer("“", `"`, "”", `"`, "«", `"`, "»", `"`, "„", `"`, "‘", "'", "´", "'")

// leet are digits and signs that stand for letters.
var leet = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

var (
	base64Run  = regexp.MustCompile(`[A-Za-z0-9+/_-]{20,}={0,2}`)
	hexRun     = regexp.MustCompile(`(?i)(?:\b|\\x|0x)(?:[0-9a-f]{2}[\s:,]?(?:\\x|0x)?){12,}`)
	spacedRun  = regexp.MustCompile(`(?:\pL[\s.\-_*|]{1,3}){9,}\pL`)
	spacedForm = regexp.MustCompile(`(?:ignore|disregard|forget|override)(?:all|any|the|your|every)*(?:previous|prior|above|earlier|other)?(?:instructions?|prompts?|rules|guidelines)|systemprompt|ignorier\w*anweisung|vergiss\w*anweisung|(?:ignora|olvida)\w*instrucciones|(?:ignore|oublie)\w*(?:instructions|consignes)`)
)

// leastRun is how many bytes make a word that may be several.
const leastRun = 18

// encodedIn looks at what a sentence says when it is read otherwise.
func encodedIn(s clause) string {
	for _, run := range runsOf(base64Run, s.raw, mayBeBase64(s.raw)) {
		for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			if b, err := enc.DecodeString(strings.TrimRight(run, "=")); err == nil && readable(b) && addressed(plainSentence(string(b))) != "" {
				return "encoded"
			}
		}
	}
	for _, run := range runsOf(hexRun, s.raw, mayBeHex(s.raw)) {
		digits := strings.NewReplacer(`\x`, "", "0x", "", " ", "", ":", "", ",", "").Replace(run)
		if b, err := hex.DecodeString(digits[:len(digits)/2*2]); err == nil && readable(b) && addressed(plainSentence(string(b))) != "" {
			return "encoded"
		}
	}
	for _, run := range runsOf(spacedRun, s.plain, mayBeSpaced(s.plain)) {
		if spacedForm.MatchString(squeezeWord(run)) {
			return "encoded"
		}
	}
	for word := range strings.FieldsSeq(s.plain) { // readers of files close the gaps between letters
		if len(word) >= leastRun && spacedForm.MatchString(word) {
			return "encoded"
		}
	}
	if addressed(rot13(s.plain)) != "" || addressed(reversed(s.plain)) != "" {
		return "encoded"
	}
	if strings.ContainsAny(s.plain, "01345@$") {
		return addressed(leet.Replace(s.plain))
	}
	return ""
}

// runsOf are what a form finds in a text that may have it.
func runsOf(form *regexp.Regexp, text string, may bool) []string {
	if !may {
		return nil
	}
	return form.FindAllString(text, -1)
}

// mayBeBase64 is false where base64Run cannot match.
func mayBeBase64(s string) bool {
	n := 0
	for i := range len(s) {
		if n++; !wordByte(s[i]) && strings.IndexByte("+/-", s[i]) < 0 {
			n = 0
		}
		if n == 20 {
			return true
		}
	}
	return false
}

// mayBeHex is false where hexRun cannot match: it needs twenty-four digits with nothing but their signs in between.
func mayBeHex(s string) bool {
	n := 0
	for i := range len(s) {
		switch c := s[i]; {
		case '0' <= c && c <= '9', 'a' <= c && c <= 'f', 'A' <= c && c <= 'F':
			if n++; n == 24 {
				return true
			}
		case strings.IndexByte(" \t\n\f\r:,\\xX", c) < 0:
			n = 0
		}
	}
	return false
}

// mayBeSpaced is false where spacedRun cannot match: it needs ten letters, each apart from the next.
func mayBeSpaced(s string) bool {
	n, gap := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			if gap < 1 || gap > 3 {
				n = 0
			}
			if n++; n == 10 {
				return true
			}
			gap = 0
		case strings.ContainsRune(" \t\n\f\r.-_*|", r):
			gap++
		default:
			n, gap = 0, 0
		}
	}
	return false
}

// readable is true for bytes that are text.
func readable(b []byte) bool {
	return len(b) > 7 && utf8.Valid(b) && !strings.ContainsFunc(string(b), func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' })
}

func rot13(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return 'a' + (r-'a'+13)%26
		case r >= 'A' && r <= 'Z':
			return 'A' + (r-'A'+13)%26
		}
		return r
	}, s)
}

func reversed(s string) string {
	r := []rune(s)
	slices.Reverse(r)
	return string(r)
}

// addressedSpans are the places of injections in code points, as resumes count.
func addressedSpans(text string) [][2]int {
	var out [][2]int
	at, runes := 0, 0
	for _, in := range Injections(text) {
		runes += utf8.RuneCountInString(text[at:in.Start])
		length := utf8.RuneCountInString(text[in.Start:in.End])
		out = append(out, [2]int{runes, runes + length})
		runes += length
		at = in.End
	}
	return out
}
