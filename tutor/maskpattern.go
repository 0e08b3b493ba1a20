package tutor

import (
	"crypto/sha256"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gapwise/gapwise/resume"
)

// found is a place in a text with something to hide.
type found struct {
	from, to int
	kind     resume.PersonalKind
	owner    string
}

// Forms of what says who somebody is or how to reach them, whoever it is. They are wide: an address too many hidden costs an answer little.
var (
	mailForm = regexp.MustCompile(`[\pL\d](?:[\pL\d._%+'-]*[\pL\d_+-])?\s?@\s?[\pL\d](?:[\pL\d-]*[\pL\d])?(?:\.[\pL\d](?:[\pL\d-]*[\pL\d])?)*\.\pL{2,}`)
	mailOpen = regexp.MustCompile(`(?i)[\pL\d][\pL\d._%+-]*\s{0,2}(?:[(\[{<]\s?(?:at|@|arroba|ät)\s?[)\]}>])\s{0,2}[\pL\d-]+(?:(?:\.|\s{0,2}[(\[{<]?\b(?:dot|punkt|punto|point)\b[)\]}>]?\s{0,2})[\pL\d-]+)+|` +
		`[\pL\d][\pL\d._%+-]*\sat\s[\pL\d-]+(?:\sdot\s[\pL\d-]+)+`)
	webForm  = regexp.MustCompile(`(?i)\b(?:(?:https?|ftp):\s?//|www\.)[^\s<>"“”，、。；（）【】|⟦⟧]+`)
	siteForm = regexp.MustCompile(`(?i)\b(?:[\pL\d-]+\.)*(?:linkedin\.com|xing\.com|github\.com|gitlab\.com|bitbucket\.org|twitter\.com|x\.com|facebook\.com|instagram\.com|t\.me|stackoverflow\.com|medium\.com|behance\.net|dribbble\.com|kaggle\.com|orcid\.org|leetcode\.com|zhihu\.com|weibo\.com|calendly\.com|codepen\.io|hackerrank\.com|dev\.to|youtube\.com|tiktok\.com|wa\.me|keybase\.io|huggingface\.co)/[^\s<>"“”，、。；（）【】|⟦⟧]+|` +
		`\b[\pL\d-]+\.(?:github|gitlab)\.io\b(?:/[^\s<>"“”|⟦⟧]*)?`)
	numberForm = regexp.MustCompile(`(?:\+|\b00|\()?[ \t]?\(?\d(?:[\d \t\x{a0}()./·‐‑–-]|\(0\)){4,22}\d`)
	numberWord = regexp.MustCompile(`(?i)(?:phone|telephone|\btel|mobile|\bmob|\bcell|handy|telefon|mobil|\bfon|tél|telefono|teléfono|móvil|celular|\bcel|telefone|telemóvel|cellulare|puhelin|gsm|\bfax|whatsapp|signal|call me (?:on|at)|reach me (?:on|at)|text me (?:on|at)|numéro|número|nummer|numero|my number|电话|手机|電話|телефон)[^\d\n+(]{0,14}$`)
	numberHere = regexp.MustCompile(`^(?:\(\d{3}\)\s?\d{3}[\s.-]\d{4}|(?:\+?1[\s.-])?\d{3}[.-]\d{3}[.-]\d{4}|0\d{2,5}[\s/.-]{1,3}\d[\d\s./-]{4,14}\d|0\d{9,11}|\+\s?\d[\d\s()./‐–-]{5,20}\d|00\s?[1-9][\d\s()./-]{7,18}\d)$`)
	postCodes  = regexp.MustCompile(`\b(?:\d{5}-\d{3,4}|\d{4}-\d{3}|\d{3}-\d{4}|\d{2}-\d{3}|\d{5,7}|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|[A-Z]\d[A-Z]\s?\d[A-Z]\d|\d{4}\s?[A-Z]{2}|[A-Z]\d\d\s[A-Z\d]{4}|\d{3}\s\d{2})\b`)
	streetWord = regexp.MustCompile(`(?i)\b\d{1,5}[a-z]?(?:[/-]\d{1,4})?,?\s+(?:[\pL.'’-]+\s+){1,4}(?:street|st|road|rd|avenue|ave|boulevard|blvd|lane|ln|drive|court|terrace|crescent|parkway|pkwy|highway|gardens|grove|mews|quay|way|green|close|square)\b\.?(?:\s(?:apt|apartment|suite|unit|flat|#)\.?\s?\w{1,5})?(?:,[^\n|·•]{0,60}?` + postal + `)?|` +
		`\b\d{1,4}\s?(?:bis|ter)?,?\s+(?:rue|avenue|boulevard|bd|chemin|allée|impasse|quai|cours|route)\s+\pL[\pL'’ -]{2,40}(?:,?\s+\d{5}(?:\s+\pL+)?)?|` +
		`(?:\b(?:calle|avda\.?|avenida|paseo|carrer|rua|travessa|via|viale|corso|ulica|ul\.|vul\.|leoforos|rue|soi)|\bc/|\bav\.)\s+(?:[\pL.'’-]+\s+){0,5}(?:[\pL.'’-]+),?\s+(?:n[.º°o]?\s?)?\d{1,5}[a-z]?(?:/\d+)?(?:,[^\n|·•]{0,60}?` + postal + `(?:\s+\pL+)?)?|` +
		`\b[\pL-]*(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|damm|ufer|straat|laan|plein|gracht|kade|singel|gatan|vägen|gade|vej|veien|katu|tie|caddesi|sokak)(?:\s+no:?)?\s?\d{1,4}\s?[a-z]?\b(?:/\d+)*(?:,?\s+(?:\d{4,6}|\d{3} \d{2})\s+\p{Lu}[\pL-]+)?|` +
		`\bp\.?\s?o\.?\s+box\s+[\d-]+|\b(?:flat|apartment|plot|house)\s+(?:no\.?\s*)?\d{1,4}[a-z]?,[^\n|·•]{3,80}`)
	hanStreet = regexp.MustCompile(`(?:\p{Han}{1,8}(?:省|市|区|區|县|縣))*\p{Han}{1,12}(?:路|街|道|巷|弄)\s?\d+[号號]?[\p{Han}\d-]*`)
	bornWord  = regexp.MustCompile(`(?i)\b(?:date\s+of\s+birth|birth\s?date|birthday|d\.?o\.?b\b\.?|born(?:\s+on|\s+in)?|geburtsdatum|geburtstag|geboren(?:\s+(?:am|bin ich am|wurde ich am))?|geb\.?(?:\s+am)?|né(?:e)?\s+le|date\s+de\s+naissance|fecha\s+de\s+nacimiento|nacid[oa](?:\s+el)?|nací(?:\s+el)?|data\s+de\s+nascimento|nascid[oa](?:\s+[ae]m?)?|data\s+di\s+nascita|nat[oa]\s+il|geboortedatum)\b[\s:：.]*(?:am\s|on\s|el\s|le\s|a\s)?`)
	bornHan   = regexp.MustCompile(`(?:出生日期|出生年月|出生于|生年月日|生日)[:：\s]*\d{4}[\s./年-]*\d{1,2}[\s./月-]*(?:\d{1,2}日?)?`)
	plainYear = regexp.MustCompile(`^(?:19|20)\d\d\b`)
	idNumber  = regexp.MustCompile(`\b\d{3}-\d{2}-\d{4}\b|\b[A-Z]{2}\d{2}(?:\s?[A-Z\d]{4}){3,7}(?:\s?[A-Z\d]{1,3})?\b`)
)

// postal is what a post code at the end of an address looks like.
const postal = `(?:\d{5}(?:-\d{3,4})?|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|[A-Z]\d[A-Z]\s?\d[A-Z]\d)`

// patterns finds what says who somebody is, whoever it is. Each form is only tried on lines that can have it: trying all of them on all of a
// prompt takes longer than making the prompt.
func patterns(text string, clear *clearLines) []found {
	var out, people []found
	for _, l := range linesOf(text) {
		sum := sha256.Sum256([]byte(text[l[0]:l[1]]))
		if l[0] == l[1] || clear.has(sum) {
			continue
		}
		p := newPatternLine(text, l[0], l[1])
		p.mails()
		p.links()
		p.telephones()
		p.streets()
		p.births()
		named := peopleIn(text, p)
		if len(p.out)+len(named) == 0 {
			clear.add(sum)
		}
		out, people = append(out, p.out...), append(people, named...)
	}
	out = append(out, contactBlocks(text, out)...)
	return append(append(out, people...), otherPeople(text)...)
}

func (p *patternLine) mails() {
	for _, m := range mailsIn(p.line) {
		p.add(resume.PersonalEmail, squeezeWord(p.line[m[0]:m[1]]), m[0], m[1])
	}
	if strings.ContainsAny(p.line, "([{<") && p.says("at", "@", "arroba", "ät") || p.says(" at ") && p.says(" dot ") {
		for _, m := range mailOpen.FindAllStringIndex(p.line, -1) {
			p.add(resume.PersonalEmail, squeezeWord(p.line[m[0]:m[1]]), m[0], m[1])
		}
	}
}

func (p *patternLine) links() {
	forms := []*regexp.Regexp{}
	if p.says("://", ": //", "www.") {
		forms = append(forms, webForm)
	}
	if p.mayHaveSite() {
		forms = append(forms, siteForm)
	}
	for _, form := range forms {
		for _, m := range form.FindAllStringIndex(p.line, -1) {
			to := m[0] + len(trimAddress(p.line[m[0]:m[1]]))
			p.add(resume.PersonalLink, squeezeWord(bareLink(p.line[m[0]:to])), m[0], to)
		}
	}
}

func (p *patternLine) telephones() {
	if p.digits < leastPhone {
		return
	}
	for _, m := range matches(numberForm, p.line, p.mayHaveNumber()) {
		if from, to, ok := telephone(p.line, m[0], m[1]); ok {
			d := digitsOf(p.line[from:to])
			p.add(resume.PersonalPhone, d[max(0, len(d)-phoneEnd):], from, to)
		}
	}
	for _, m := range matches(idNumber, p.line, p.mayHaveID()) {
		p.add(resume.PersonalPhone, p.line[m[0]:m[1]], m[0], m[1])
	}
}

func (p *patternLine) streets() {
	if p.digits == 0 {
		return
	}
	for _, m := range append(matches(streetWord, p.line, p.mayHaveStreet()), matches(hanStreet, p.line, p.han)...) {
		if from, ok := noYear(p.line, m[0], m[1]); ok {
			p.add(resume.PersonalAddress, squeezeWord(p.line[from:m[1]]), from, m[1])
		}
	}
}

// matches are those of a form in a line that may have it.
func matches(form *regexp.Regexp, line string, may bool) [][]int {
	if !may {
		return nil
	}
	return form.FindAllStringIndex(line, -1)
}

func (p *patternLine) births() {
	if p.digits < 4 {
		return
	}
	if p.mayHaveBirth() {
		for _, m := range bornWord.FindAllStringIndex(p.line, -1) {
			if size := dateAt(p.line[m[1]:]); size > 0 {
				p.add(resume.PersonalBirthDate, "", m[1], m[1]+size)
			} else if year := plainYear.FindString(p.line[m[1]:]); year != "" {
				p.add(resume.PersonalBirthDate, "", m[1], m[1]+len(year))
			}
		}
	}
	for _, m := range matches(bornHan, p.line, p.han) {
		p.add(resume.PersonalBirthDate, "", m[0], m[1])
	}
}

// trimAddress takes off what closes a sentence or a bracket behind an address.
func trimAddress(s string) string {
	for {
		t := strings.TrimRight(s, ".,;:!?'’\"*_·•`")
		for _, pair := range []string{"()", "[]", "{}"} {
			if strings.HasSuffix(t, pair[1:]) && strings.Count(t, pair[:1]) < strings.Count(t, pair[1:]) {
				t = t[:len(t)-1]
			}
		}
		if t == s {
			return s
		}
		s = t
	}
}

// telephone settles whether digits are a number to call: by their form, or by a word before them.
func telephone(text string, from, to int) (int, int, bool) {
	for from < to && strings.ContainsRune(" \t\n./-·–)", rune(text[from])) {
		from++
	}
	s := text[from:to]
	s = strings.TrimRight(s, " \t./-·–(")
	to = from + len(s)
	n := len(digitsOf(s))
	if n < leastPhone || n > 17 || !startsWord(text, from) || !endsWord(text, to) {
		return 0, 0, false
	}
	said := numberWord.MatchString(text[max(0, from-40):from])
	if !said && (!numberHere.MatchString(s) || dateAt(s) == len(s)) {
		return 0, 0, false
	}
	return from, to, true
}

// noYear leaves out a year that stands before the name of a street, and what is no street at all.
func noYear(text string, from, to int) (int, bool) {
	if y := plainYear.FindString(text[from:to]); y != "" && len(y) < to-from {
		rest := strings.TrimLeft(text[from+len(y):to], " ,-–")
		if !strings.ContainsFunc(rest, unicode.IsDigit) {
			return from, false // "2019 Senior Engineer, Oxford Street"
		}
		return to - len(rest), true
	}
	return from, true
}

// Bounds on a line of contact data.
const (
	maxContactLine = 160 // bytes
	nearContact    = 2   // lines from one with an address for mail to one with an address for the post
)

// yearsOnly is true for a part of a line whose numbers are years and months.
var yearsOnly = regexp.MustCompile(`^(?:[^\d]*(?:(?:19|20)\d\d|\d{1,2}[./]\s?(?:19|20)\d\d|'\d\d))+[^\d]*$`)

// contactBlocks finds postal addresses by where they stand: near lines with two other ways to reach somebody, parts of a line with numbers.
func contactBlocks(text string, sure []found) []found {
	lines := linesOf(text)
	kinds := make([]map[resume.PersonalKind]bool, len(lines))
	for _, f := range sure {
		if f.kind == resume.PersonalAddress {
			continue
		}
		if i := slices.IndexFunc(lines, func(l [2]int) bool { return f.from >= l[0] && f.from < l[1] }); i >= 0 && lines[i][1]-lines[i][0] <= maxContactLine {
			if kinds[i] == nil {
				kinds[i] = map[resume.PersonalKind]bool{}
			}
			kinds[i][f.kind] = true
		}
	}
	var out []found
	for i, l := range lines {
		near := map[resume.PersonalKind]bool{}
		for k := max(0, i-nearContact); k < min(len(lines), i+nearContact+1); k++ {
			if !blankBetween(text, lines, i, k) {
				for kind := range kinds[k] {
					near[kind] = true
				}
			}
		}
		if len(near) < 2 || !near[resume.PersonalEmail] && !near[resume.PersonalPhone] || l[1]-l[0] > maxContactLine {
			continue
		}
		for _, p := range partsOf(text, l) {
			part := text[p[0]:p[1]]
			if addressLike(without(text, p, sure)) {
				out = append(out, found{p[0], p[1], resume.PersonalAddress, "address/" + squeezeWord(part)})
			}
		}
	}
	return out
}

// without is a part of a text without what was found in it already.
func without(text string, p [2]int, sure []found) string {
	out := []byte(text[p[0]:p[1]])
	for _, f := range sure {
		for i := max(f.from, p[0]); i < min(f.to, p[1]) && f.kind != resume.PersonalAddress; i++ {
			out[i-p[0]] = ' '
		}
	}
	return string(out)
}

// addressLike is true for a part of a line of contact data that may be where somebody lives.
func addressLike(part string) bool {
	t := strings.TrimSpace(part)
	return t != "" && !strings.HasPrefix(t, "-") && !strings.HasPrefix(t, "•") && len(digitsOf(t)) > 0 && strings.ContainsFunc(t, unicode.IsLetter) && !yearsOnly.MatchString(t) &&
		(postCodes.MatchString(t) || strings.ContainsAny(t, ",/") || utf8.RuneCountInString(t) < 60) && firstRune(t) != '@'
}

func linesOf(text string) [][2]int {
	var out [][2]int
	at := 0
	for line := range strings.SplitSeq(text, "\n") {
		out = append(out, [2]int{at, at + len(line)})
		at += len(line) + 1
	}
	return out
}

func blankBetween(text string, lines [][2]int, a, b int) bool {
	for k := min(a, b); k <= max(a, b); k++ {
		if strings.TrimSpace(text[lines[k][0]:lines[k][1]]) == "" {
			return true
		}
	}
	return false
}

// partsOf are the bytes of the parts of a line between bars and points.
func partsOf(text string, line [2]int) [][2]int {
	var out [][2]int
	from := line[0]
	for i, r := range text[line[0]:line[1]] {
		if strings.ContainsRune("|·•⋄◇♦:：", r) {
			out = append(out, trimSpan(text, from, line[0]+i))
			from = line[0] + i + utf8.RuneLen(r)
		}
	}
	return append(out, trimSpan(text, from, line[1]))
}

func trimSpan(text string, from, to int) [2]int {
	for from < to && (text[from] == ' ' || text[from] == '\t') {
		from++
	}
	for to > from && (text[to-1] == ' ' || text[to-1] == '\t') {
		to--
	}
	return [2]int{from, to}
}

// profileHost is true for sites where people have pages of their own.
func profileHost(host string) bool { return siteForm.MatchString(host + "/x") }
