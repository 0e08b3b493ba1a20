package tutor

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gapwise/gapwise/resume"
)

// patternLine is a line that patterns are looked for in, with what tells cheaply which of them it cannot have. A pattern takes far longer to
// try than to rule out, and nearly all lines of a prompt have none.
type patternLine struct {
	text   string
	line   string
	lower  string
	from   int  // of the line in the text
	words  hint // what its words are for
	digits int
	han    bool
	out    []found
}

// hint is what a word says that a line may have.
type hint int

const (
	hintStreet hint = 1 << iota // streetWord
	hintMy                      // fellowName, its first word
	hintFellow                  // fellowName, its last
	hintBorn                    // bornWord
	hintTitle                   // titledName, which looks at case
	hintBent                    // a letter that patterns take for an ASCII one, or lower case makes one: anything
)

func newPatternLine(text string, from, to int) *patternLine {
	p := &patternLine{text: text, from: from, line: text[from:to]}
	p.lower = strings.ToLower(p.line)
	for _, r := range p.line {
		switch {
		case r < utf8.RuneSelf:
			if '0' <= r && r <= '9' {
				p.digits++
			}
		case unicode.IsDigit(r):
			p.digits++
		case unicode.Is(unicode.Han, r):
			p.han = true
		case r == 'ſ' || r == '\u212a' || r == 'İ':
			p.words |= hintBent
		}
	}
	eachBounded(p.lower, func(w string) { p.words |= hints[w] })
	eachBounded(p.line, func(w string) {
		if titleWords[w] {
			p.words |= hintTitle
		}
	})
	return p
}

// eachBounded gives the runs of ASCII letters, digits and underscores of a text, which are what stands between two \b of a pattern.
func eachBounded(s string, yield func(string)) {
	from := -1
	for i := range len(s) + 1 {
		switch word := i < len(s) && wordByte(s[i]); {
		case word && from < 0:
			from = i
		case !word && from >= 0:
			yield(s[from:i])
			from = -1
		}
	}
}

func wordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_'
}

// says is true where the line has one of the texts, in any case.
func (p *patternLine) says(texts ...string) bool {
	return p.words&hintBent != 0 || slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(p.lower, t) })
}

// has is true where a word of the line says so.
func (p *patternLine) has(h hint) bool { return p.words&(h|hintBent) != 0 }

func (p *patternLine) add(kind resume.PersonalKind, owner string, from, to int) {
	p.out = append(p.out, found{p.from + from, p.from + to, kind, string(kind) + "/" + owner})
}

// hints are of words that stand alone in a pattern, in lower case.
var hints = hintsOf(map[hint]string{
	hintStreet: `street st road rd avenue ave boulevard blvd lane ln drive court terrace crescent parkway pkwy highway gardens grove mews quay way green close square
		rue bd chemin impasse quai cours route calle avda avenida paseo carrer rua travessa via viale corso ulica ul vul leoforos soi av box flat apartment plot house`,
	hintMy:     `my mein meine meinem meinen meiner meines mi mon ma`,
	hintFellow: `manager boss supervisor mentor colleague professor teacher friend wife husband partner brother sister son daughter chef chefin kollege kollegin freund freundin betreuer jefe jefa amigo amiga ami amie`,
	hintBorn:   `geb`,
})

func hintsOf(lists map[hint]string) map[string]hint {
	out := map[string]hint{}
	for h, list := range lists {
		for w := range strings.FieldsSeq(list) {
			out[w] |= h
		}
	}
	return out
}

// titleWords are those of titledName.
var titleWords = wordSet(`Mr Mrs Ms Miss Mister Dr Prof Professor Herr Herrn Frau Sr Sra Srta Monsieur Madame Mme Sig Signor Signora Dott Ing`)

// streetEnds are the ends of words for a street in streetWord that a number follows at once.
var streetEnds = strings.Fields(`straße strasse str. weg platz allee gasse damm ufer straat laan plein gracht kade singel gatan vägen gade vej veien katu tie caddesi sokak`)

// mayHaveStreet is false where streetWord cannot match.
func (p *patternLine) mayHaveStreet() bool {
	if p.digits == 0 {
		return false
	}
	if p.has(hintStreet) || p.says("c/", "allée") {
		return true
	}
	for i := 1; i < len(p.lower); i++ {
		if c := p.lower[i]; c < '0' || c > '9' || '0' <= p.lower[i-1] && p.lower[i-1] <= '9' {
			continue
		}
		before := strings.TrimRight(p.lower[:i], " \t\n\f\r")
		before = strings.TrimSuffix(before, ":")
		before = strings.TrimRight(strings.TrimSuffix(before, "no"), " \t\n\f\r")
		if slices.ContainsFunc(streetEnds, func(end string) bool { return strings.HasSuffix(before, end) }) {
			return true
		}
	}
	return false
}

// mayHaveNumber is false where numberForm finds nothing with the digits of a telephone number.
func (p *patternLine) mayHaveNumber() bool {
	if p.digits < leastPhone {
		return false
	}
	n := 0
	for _, r := range p.line {
		switch {
		case '0' <= r && r <= '9':
			if n++; n >= leastPhone {
				return true
			}
		case !strings.ContainsRune(" \t\u00a0()./·‐‑–-+", r):
			n = 0
		}
	}
	return false
}

// mayHaveID is false where idNumber cannot match.
func (p *patternLine) mayHaveID() bool {
	for i := 1; p.digits >= leastPhone && i+1 < len(p.line); i++ {
		a, b, c := p.line[i-1], p.line[i], p.line[i+1]
		digit := '0' <= c && c <= '9'
		if digit && (b == '-' && '0' <= a && a <= '9' || 'A' <= b && b <= 'Z' && 'A' <= a && a <= 'Z') {
			return true
		}
	}
	return false
}

// mayHaveTitle is false where titledName cannot match, which looks at case.
func (p *patternLine) mayHaveTitle() bool {
	return p.has(hintTitle) || strings.Contains(p.line, "Señor") || strings.Contains(p.line, "Doña")
}

// mayHaveFellow is false where fellowName cannot match.
func (p *patternLine) mayHaveFellow() bool {
	return p.has(hintMy) && (p.has(hintFellow) || p.says("compañer", "collègue"))
}

// mayHaveField is false where nameField cannot match.
func (p *patternLine) mayHaveField() bool {
	begin := strings.TrimLeft(p.lower, " \t")
	return p.has(0) || strings.ContainsAny(p.line, ":：") && slices.ContainsFunc([]string{"full name", "name", "nombre", "nom", "naam", "nimi", "имя", "фио"}, func(w string) bool { return strings.HasPrefix(begin, w) })
}

// has is true where a text has one of the words, in any case.
func has(text string, words ...string) bool {
	lower := strings.ToLower(text)
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(lower, w) })
}

// mayHaveSite is false where siteForm cannot match.
func (p *patternLine) mayHaveSite() bool {
	return p.says(".com/", ".org/", ".net/", ".me/", ".to/", ".co/", ".io")
}

// mayHaveBirth is false where bornWord cannot match before a day or a year.
func (p *patternLine) mayHaveBirth() bool {
	return p.digits > 3 && (p.has(hintBorn) || p.says("birth", "born", "dob", "d.o", "do.b", "gebur", "gebor", "né", "naissance", "nacid", "nacimiento", "nací", "nasc", "nato", "nata", "geboorte"))
}

// mayHaveRole is false where roledName cannot match.
func (p *patternLine) mayHaveRole() bool {
	return p.says("reported to", "reporting to", "supervis", "managed by", "mentored by", "referen", "contact person", "ansprechpartner", "line manager", "hiring manager", "recruiter", "betreut von", "vorgesetzte")
}

// mayHaveSelf is false where selfName cannot match.
func (p *patternLine) mayHaveSelf() bool {
	return p.says("name is", "name's", "i am called", "call me", "name ist", "ich hei", "llamo", "nombre es", "appelle", "chiamo", "chamo", "зовут")
}

// mayHaveIAm is false where iAm cannot match.
func (p *patternLine) mayHaveIAm() bool {
	return p.says("i'm", "i’m", "i am", "soy", "je suis", "sono", "sou ")
}

// mailsIn are the places of addresses for mail. The form is only tried around each @, on all that an address can reach.
func mailsIn(text string) [][]int {
	var out [][]int
	for end := 0; ; {
		i := strings.IndexByte(text[end:], '@')
		if i < 0 {
			return out
		}
		i += end
		from, to := mailBegin(text[end:i])+end, i+1
		for { // what follows one @ may go before the next
			to += mailEnd(text[to:])
			if to == len(text) || text[to] != '@' {
				if rest := text[to:]; len(rest) < 2 || !blank(rest[0]) || rest[1] != '@' {
					break
				}
				to++
			}
			to++
		}
		for _, m := range mailForm.FindAllStringIndex(text[from:to], -1) {
			out = append(out, []int{from + m[0], from + m[1]})
		}
		end = to
	}
}

func blank(c byte) bool { return strings.IndexByte(" \t\n\f\r", c) >= 0 }

func mailRune(r rune) bool {
	return '0' <= r && r <= '9' || unicode.IsLetter(r) || strings.ContainsRune("._%+'-", r)
}

// mailBegin is where what stands before an @ may begin as a part of an address.
func mailBegin(s string) int {
	if n := len(s); n > 0 && blank(s[n-1]) {
		s = s[:n-1]
	}
	return len(strings.TrimRightFunc(s, mailRune))
}

// mailEnd is how many bytes behind an @ may be a part of an address.
func mailEnd(s string) int {
	rest := s
	if rest != "" && blank(rest[0]) {
		rest = rest[1:]
	}
	return len(s) - len(strings.TrimLeftFunc(rest, mailRune))
}
