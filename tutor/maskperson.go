package tutor

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gapwise/gapwise/resume"
)

// Forms in which other people are named: behind a title, in a role beside the writer, under a letter.
const namedWords = `((?:\p{Lu}[\pL'’-]+|\p{Lu}\.)(?:[ \t]+(?:(?:de|da|do|van|von|der|den|del|la|le|el|bin|al)[ \t]+)*(?:\p{Lu}[\pL'’-]+|\p{Lu}\.)){0,3})`

var (
	titledName = regexp.MustCompile(`\b(?:Mr|Mrs|Ms|Miss|Mister|Dr|Prof|Professor|Herrn?|Frau|Señor|Señora|Sr|Sra|Srta|Doña|Monsieur|Madame|Mme|Sig|Signora?|Dott|Ing)\b\.?(?:[ \t]+(?:Dr|Prof|Ing|med|rer|nat)\.)*[ \t]+` + namedWords)
	fellowName = regexp.MustCompile(`(?i:\b(?:my|meine?[mnrs]?|mi|mon|ma)[ \t]+(?:[\pL]+[ \t]+)?(?:manager|boss|supervisor|mentor|colleague|professor|teacher|friend|wife|husband|partner|brother|sister|son|daughter|chef|chefin|kollege|kollegin|freund|freundin|betreuer|jefe|jefa|compañero|compañera|amigo|amiga|collègue|ami|amie)(?:[ \t]+(?:is|named|called|heißt|ist|se llama|s'appelle))?,?[ \t]+)` + namedWords)
	roledName  = regexp.MustCompile(`(?i:\b(?:reported to|reporting to|supervised by|managed by|mentored by|references?|referenz(?:en)?|referencias?|contact person|ansprechpartner(?:in)?|supervisor|line manager|recruiter|hiring manager|betreut von|vorgesetzte[rn]?)[ \t]*:?[ \t]+)` + twoWords)
	signedName = regexp.MustCompile(`(?m)(?im:^(?:(?:best|kind|warm|many)\s+)?(?:regards|wishes|thanks|cheers|sincerely|mit freundlichen grüßen|viele grüße|beste grüße|saludos|un saludo|atentamente|cordialement),?[ \t]*\n+[ \t]*)(\p{Lu}[\pL'’-]+(?:[ \t]+\p{Lu}[\pL'’.-]+){0,2})[ \t]*$`)
	selfName   = regexp.MustCompile(`(?i:\b(?:my name is|my name's|i am called|call me|mein name ist|ich heiße|ich heisse|me llamo|mi nombre es|je m['’]appelle|mi chiamo|me chamo|меня зовут)[ \t]+)` + namedWords)
	iAm        = regexp.MustCompile(`(?i:(?:\bI['’]m|\bI am|\bsoy|\bje suis|\bsono|\bsou [oa])[ \t]+)` + namedWords)
	nameField  = regexp.MustCompile(`(?m)(?im:^[ \t]*(?:full name|name|nombre|nom|nome|naam|nimi|имя|фио)[ \t]*[:：][ \t]*)(\p{Lu}[\pL'’.-]+(?:[ \t]+[\pL'’.-]+){1,4})[ \t]*$`)
)

// longName is a run of words that begins and ends with a capital.
var longName = regexp.MustCompile(`\p{Lu}[\pL'’-]+(?:[ \t]+[\pL'’.-]+){0,3}[ \t]+\p{Lu}[\pL'’-]+`)

const twoWords = `(\p{Lu}[\pL'’-]+(?:[ \t]+\p{Lu}\.)?(?:[ \t]+(?:(?:de|da|van|von|der|del|la|el|al)[ \t]+)*\p{Lu}[\pL'’-]+){1,2})`

// otherPeople finds the names that more than one line shows.
func otherPeople(text string) []found {
	var out []found
	if has(text, "regards", "wishes", "thanks", "cheers", "sincerely", "grüße", "saludo", "atentamente", "cordialement") {
		out = append(out, namesBy(signedName, text, [2]int{0, len(text)})...)
	}
	if strings.Contains(text, "@") {
		out = append(out, mailboxNames(text)...)
	}
	return out
}

// namesBy are the names that a form finds in a part of a text.
func namesBy(form *regexp.Regexp, text string, part [2]int) []found {
	var out []found
	for _, m := range form.FindAllStringSubmatchIndex(text[part[0]:part[1]], -1) {
		if from, to, ok := settleName(text, part[0]+m[2], part[0]+m[3]); ok {
			out = append(out, found{from, to, resume.PersonalName, "name/" + squeezeWord(text[from:to])})
		}
	}
	return out
}

// peopleIn finds the names of other people in one line, and of the person themself where they say it. Each form is only tried where a word of it stands.
func peopleIn(text string, p *patternLine) []found {
	var out []found
	l := [2]int{p.from, p.from + len(p.line)}
	if p.mayHaveTitle() {
		out = append(out, namesBy(titledName, text, l)...)
	}
	if p.mayHaveFellow() {
		out = append(out, namesBy(fellowName, text, l)...)
	}
	if p.mayHaveRole() {
		out = append(out, namesBy(roledName, text, l)...)
	}
	if p.mayHaveSelf() {
		out = append(out, namesBy(selfName, text, l)...)
	}
	if p.mayHaveField() {
		out = append(out, namesBy(nameField, text, l)...)
	}
	if p.mayHaveIAm() {
		for _, f := range namesBy(iAm, text, l) {
			first, _, _ := strings.Cut(text[f.from:f.to], " ")
			if next, between := wordAfter(text, f.to); !commonWords[squeezeWord(first)] && (!techWords[next] || strings.TrimSpace(between) != "") {
				out = append(out, f)
			}
		}
	}
	return out
}

// settleName leaves words out that end a name: roles, skills and companies.
func settleName(text string, from, to int) (int, int, bool) {
	end := from
	for w := range strings.FieldsSeq(text[from:to]) {
		f := squeezeWord(w)
		if techWords[f] || orgWords[f] || notPeople[f] {
			break
		}
		at := strings.Index(text[end:to], w)
		end += at + len(w)
	}
	name := strings.TrimRight(text[from:end], " \t.,")
	return from, from + len(name), utf8.RuneCountInString(name) > 1
}

// notPeople stand with capitals where names stand.
var notPeople = wordSet(`head director manager lead senior junior engineer of engineering the at in for team university universitat department computer science upon available request references software data product chief officer
	recommendation from and who that which is what when how resume cv lebenslauf linkedin github`)

// mailboxNames finds the names to which addresses for mail belong, in the line of the address and in those beside it.
func mailboxNames(text string) []found {
	var out []found
	for _, m := range mailsIn(text) {
		local, _, _ := strings.Cut(text[m[0]:m[1]], "@")
		var parts []string
		for _, p := range strings.FieldsFunc(local, func(r rune) bool { return !unicode.IsLetter(r) }) {
			if w := squeezeWord(p); utf8.RuneCountInString(w) > 2 && !mailboxes[w] {
				parts = append(parts, w)
			}
		}
		if len(parts) < 2 {
			continue
		}
		from, to := around(text, m[0], m[1])
		s := squeeze(text[from:to])
		for _, both := range []string{strings.Join(parts, ""), parts[len(parts)-1] + parts[0]} {
			for _, at := range s.find(both, func(int, int) bool { return true }) {
				if a, b := from+at[0], from+at[1]; a >= m[1] || b <= m[0] {
					out = append(out, found{a, b, resume.PersonalName, "name/" + both})
				}
			}
		}
		first, last := parts[0], parts[len(parts)-1]
		if strings.Count(s.runes, first) < 2 || strings.Count(s.runes, last) < 2 {
			continue // they stand in the address for mail alone
		}
		if a, b, ok := widerName(text, from, to, parts, m[0], m[1]); ok {
			out = append(out, found{a, b, resume.PersonalName, "name/" + squeezeWord(text[a:b])})
		}
	}
	return out
}

// widerName finds a name whose first and last word an address for mail has, with other names in between.
func widerName(text string, from, to int, parts []string, mailFrom, mailTo int) (int, int, bool) {
	first, last := parts[0], parts[len(parts)-1]
	for _, w := range longName.FindAllStringIndex(text[from:to], -1) {
		a, b := from+w[0], from+w[1]
		fields := strings.Fields(text[a:b])
		i, j := -1, -1
		for k, f := range fields {
			if s := squeezeWord(f); s == first && i < 0 {
				i = k
			} else if s == last && i >= 0 {
				j = k
			}
		}
		if i >= 0 && j > i && (a >= mailTo || b <= mailFrom) {
			at := a + strings.Index(text[a:b], fields[i])
			end := at
			for _, f := range fields[i : j+1] {
				end += strings.Index(text[end:b], f) + len(f)
			}
			return at, end, true
		}
	}
	return 0, 0, false
}

// around are the line of a place and the two beside it.
func around(text string, from, to int) (int, int) {
	for n := 0; from > 0; from-- {
		if text[from-1] == '\n' {
			if n++; n > 1 {
				break
			}
		}
	}
	for n := 0; to < len(text); to++ {
		if text[to] == '\n' {
			if n++; n > 1 {
				break
			}
		}
	}
	return from, to
}
