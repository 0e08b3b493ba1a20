package tutor

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gapwise/gapwise/resume"
)

// care is what it takes to take a run of letters for a value.
type care int

const (
	anyCase  care = iota // the letters alone
	capitals             // each word of it with a capital
	cued                 // capitals, and neighbours that show that a person is meant
	marked               // an @ in front
)

// value is one spelling of something to hide.
type value struct {
	squeezed string
	kind     resume.PersonalKind
	owner    string // the same for all spellings of one thing
	care     care
	words    []int // bytes of squeezed at which a word begins, for capitals
}

// values are all spellings of what is known.
type values struct {
	list []value
	seen map[string]bool
	keep map[string]bool // words of the catalogue
	// digits are the ends of telephone numbers and what they belong to.
	digits map[string]string
	births []date
}

func newValues(keep map[string]bool) *values {
	return &values{seen: map[string]bool{}, keep: keep, digits: map[string]string{}}
}

func (v *values) add(n value) {
	key := string(n.kind) + "/" + n.squeezed
	if n.squeezed == "" || v.seen[key] {
		return
	}
	v.seen[key] = true
	v.list = append(v.list, n)
}

// common is true for a word that is also something else than a name.
func (v *values) common(word string) bool {
	return commonWords[word] || v.keep[word] || techWords[word] || utf8.RuneCountInString(word) < 3 && !hasHan(word)
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// know adds one piece of personal data with all its spellings.
func (v *values) know(p resume.Personal) {
	switch p.Kind {
	case resume.PersonalName:
		v.name(p.Text)
	case resume.PersonalEmail:
		v.email(p.Text)
		local, _, _ := strings.Cut(p.Text, "@")
		v.namesIn(local)
	case resume.PersonalPhone:
		v.phone(p.Text)
	case resume.PersonalAddress:
		v.address(p.Text)
	case resume.PersonalLink:
		v.link(p.Text)
	case resume.PersonalBirthDate:
		v.birth(p.Text)
	}
}

// nameTokens are the words of a name with their hyphens; single letters that stand apart are one word.
func nameTokens(name string) []string {
	fields := strings.FieldsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) && !strings.ContainsRune("-'’‐‑", r)
	})
	if len(fields) > 4 && allSingle(fields) {
		return spacedTokens(name)
	}
	var out []string
	for _, f := range fields {
		if f = strings.Trim(f, "-'’‐‑"); f != "" {
			out = append(out, f)
		}
	}
	return out
}

func allSingle(fields []string) bool {
	for _, f := range fields {
		if utf8.RuneCountInString(f) > 1 {
			return false
		}
	}
	return true
}

// spacedTokens are the words of a name whose letters stand apart, with wider gaps between words.
func spacedTokens(name string) []string {
	var out []string
	for part := range strings.SplitSeq(strings.NewReplacer("\n", "  ", "\t", "  ").Replace(name), "  ") {
		if w := strings.ReplaceAll(part, " ", ""); w != "" {
			out = append(out, w)
		}
	}
	return out
}

// maxNameTokens bounds the words of a name whose combinations are tried.
const maxNameTokens = 7

// name adds a person's name: whole, in part, turned round, with initials.
func (v *values) name(name string) {
	tokens := nameTokens(name)
	tokens = tokens[:min(len(tokens), maxNameTokens)]
	owner := "name/" + squeezeWord(name)
	if len(tokens) == 1 && hasHan(name) {
		v.hanName(tokens[0], owner)
		return
	}
	for i := range tokens { // every run of two and more, every pair and every pair turned round
		for j := i + 2; j <= len(tokens); j++ {
			v.nameOf(owner, tokens[i:j]...)
		}
		for j := range tokens {
			if i != j && !nameParticles[squeezeWord(tokens[i])] && !nameParticles[squeezeWord(tokens[j])] {
				v.nameOf(owner, tokens[i], tokens[j])
			}
		}
	}
	if n := len(tokens); n > 2 {
		v.nameOf(owner, append([]string{tokens[n-1]}, tokens[:n-1]...)...)
		v.nameOf(owner, append(append([]string{}, tokens[1:]...), tokens[0])...)
	}
	for i, t := range tokens {
		v.initials(owner, tokens, i)
		if !nameParticles[squeezeWord(t)] {
			v.single(owner, t)
		}
	}
}

// initials adds the other words of a name as initials before and behind word i.
func (v *values) initials(owner string, tokens []string, i int) {
	var before []string
	for _, t := range tokens[:i] {
		if !nameParticles[squeezeWord(t)] {
			before = append(before, string(firstRune(t)))
		}
	}
	if nameParticles[squeezeWord(tokens[i])] || len(before) == 0 && i > 0 {
		return
	}
	for k := range before {
		v.nameOf(owner, append(append([]string{}, before[k:]...), tokens[i:]...)...)
		v.nameOf(owner, append(append([]string{}, before[k:]...), tokens[i])...)
		v.nameOf(owner, append([]string{tokens[i]}, before[k:]...)...)
	}
	if len(before) > 0 {
		v.nameOf(owner, before[0], tokens[i])
	}
	if i == 0 && len(tokens) > 1 { // Jordan G.
		v.nameOf(owner, tokens[0], string(firstRune(tokens[len(tokens)-1])))
	}
}

// nameOf adds words that make a name together, also with umlauts spelled out.
func (v *values) nameOf(owner string, tokens ...string) {
	n := value{kind: resume.PersonalName, owner: owner, care: capitals}
	letters := 0
	for _, t := range tokens {
		w := squeezeWord(t)
		n.words = append(n.words, len(n.squeezed))
		n.squeezed += w
		letters += utf8.RuneCountInString(w)
		if utf8.RuneCountInString(w) > 3 && !v.common(w) {
			n.care = anyCase
		}
	}
	if letters < 3 && len(tokens) == 2 {
		return // two initials
	}
	v.add(n)
	for _, s := range umlauts(strings.Join(tokens, " ")) {
		v.add(value{kind: n.kind, owner: owner, squeezed: squeezeWord(s), care: anyCase})
	}
}

var (
	umlautLong  = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ø", "oe", "å", "aa")
	umlautShort = strings.NewReplacer("ae", "a", "oe", "o", "ue", "u", "aa", "a")
)

// umlauts are the other ways to spell a word with ä, ö, ü, å or ø, or with ae, oe, ue or aa.
func umlauts(s string) []string {
	var out []string
	lower := strings.ToLower(s)
	if long := umlautLong.Replace(lower); long != lower {
		out = append(out, long)
	}
	if short := umlautShort.Replace(lower); short != lower && utf8.RuneCountInString(short) > 4 {
		out = append(out, short)
	}
	return out
}

// single adds a word of a name as it stands alone, and its parts where hyphens part them.
func (v *values) single(owner, token string) {
	parts := []string{token}
	if split := strings.FieldsFunc(token, func(r rune) bool { return strings.ContainsRune("-'’‐‑", r) }); len(split) > 1 {
		parts = append(parts, split...)
	}
	for i, p := range parts {
		w := squeezeWord(p)
		n := value{kind: resume.PersonalName, owner: owner, squeezed: w, words: []int{0}}
		switch letters := utf8.RuneCountInString(w); {
		case letters < 2 || i > 0 && (letters < 4 || nameParticles[w]):
			continue
		case v.common(w):
			n.care = cued
		case letters < 4 && !hasHan(w):
			n.care = capitals
		}
		v.add(n)
		for _, s := range umlauts(p) {
			if w := squeezeWord(s); !v.common(w) && utf8.RuneCountInString(w) > 3 {
				v.add(value{kind: n.kind, owner: owner, squeezed: w})
			}
		}
	}
}

// hanName adds a Chinese name, and the given name where it is of two characters.
func (v *values) hanName(name, owner string) {
	v.add(value{kind: resume.PersonalName, owner: owner, squeezed: squeezeWord(name)})
	runes := []rune(name)
	if len(runes) > 2 {
		v.add(value{kind: resume.PersonalName, owner: owner, squeezed: squeezeWord(string(runes[len(runes)-2:]))})
	}
}

// leastHandle is how many letters make a handle that can only be somebody's.
const leastHandle = 5

// handle adds the name by which somebody is known at a site or before the @ of an address.
func (v *values) handle(kind resume.PersonalKind, owner, handle string) {
	w := squeezeWord(handle)
	n := value{kind: kind, owner: owner, squeezed: w}
	switch {
	case utf8.RuneCountInString(w) < 3 || mailboxes[w]:
		return
	case v.common(w) || utf8.RuneCountInString(w) < leastHandle:
		n.care = marked
	}
	v.add(n)
}

// mailboxes are addresses of an office and not of a person.
var mailboxes = wordSet(`info jobs job contact hello kontakt mail office hr careers career bewerbung personal recruiting admin support team sales post hola contacto empleo noreply`)

// namesIn adds the name that an address for mail is made of.
func (v *values) namesIn(local string) {
	parts := strings.FieldsFunc(local, func(r rune) bool { return !unicode.IsLetter(r) })
	rare := false
	for _, p := range parts {
		w := squeezeWord(p)
		if utf8.RuneCountInString(w) < 3 || mailboxes[w] {
			return
		}
		rare = rare || !v.common(w)
	}
	if len(parts) > 1 && rare {
		v.name(strings.Join(parts, " "))
	}
}

func (v *values) email(text string) {
	owner := "email/" + squeezeWord(text)
	v.add(value{kind: resume.PersonalEmail, owner: owner, squeezed: squeezeWord(text)})
	local, domain, ok := strings.Cut(text, "@")
	if !ok {
		return
	}
	v.handle(resume.PersonalEmail, owner, local)
	for _, at := range []string{"at", "arroba", "a"} {
		v.add(value{kind: resume.PersonalEmail, owner: owner, squeezed: squeezeWord(local + at + domain)})
	}
	for _, dot := range []string{"dot", "punkt", "punto", "point"} {
		spelled := strings.ReplaceAll(domain, ".", " "+dot+" ")
		v.add(value{kind: resume.PersonalEmail, owner: owner, squeezed: squeezeWord(local + " at " + spelled)})
		v.add(value{kind: resume.PersonalEmail, owner: owner, squeezed: squeezeWord(local + spelled)})
		v.add(value{kind: resume.PersonalEmail, owner: owner, squeezed: squeezeWord(strings.ReplaceAll(local, ".", " "+dot+" ") + " at " + spelled)})
	}
}

func (v *values) link(text string) {
	bare := bareLink(text)
	if bare == "" {
		return
	}
	owner := "link/" + squeezeWord(bare)
	v.add(value{kind: resume.PersonalLink, owner: owner, squeezed: squeezeWord(bare)})
	if !strings.Contains(bare, ".") { // a handle behind the name of a site
		v.handle(resume.PersonalLink, owner, bare)
		return
	}
	host, path, _ := strings.Cut(bare, "/")
	parts := strings.FieldsFunc(path, func(r rune) bool { return strings.ContainsRune("/?#&=", r) })
	if profileHost(host) {
		for _, p := range parts[:min(len(parts), 2)] {
			if !profileWords[squeezeWord(p)] {
				v.handle(resume.PersonalLink, owner, p)
				break
			}
		}
		return
	}
	v.add(value{kind: resume.PersonalLink, owner: owner, squeezed: squeezeWord(host)})
	if label, rest, ok := strings.Cut(host, "."); ok && (strings.HasPrefix(rest, "github.") || strings.HasPrefix(rest, "gitlab.") || strings.HasPrefix(rest, "medium.") || !strings.Contains(rest, ".")) {
		v.handle(resume.PersonalLink, owner, label)
	}
}

// profileWords stand in the addresses of profiles before the handle.
var profileWords = wordSet(`in pub profile users user people u company channel c id`)

// bareLink is an address without its scheme, "www." and what closes a sentence.
func bareLink(text string) string {
	text = strings.TrimSpace(text)
	for _, p := range []string{"https://", "http://", "https: //", "http: //"} {
		if len(text) >= len(p) && strings.EqualFold(text[:len(p)], p) {
			text = text[len(p):]
		}
	}
	if len(text) > 4 && strings.EqualFold(text[:4], "www.") {
		text = text[4:]
	}
	return strings.TrimRight(text, "/.,;:!?)»\"'")
}

// leastPhone and phoneEnd are the digits of the shortest telephone number, and those by which one is known in whatever form it is written.
const (
	leastPhone = 7
	phoneEnd   = 8
)

func digitsOf(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < utf8.RuneSelf && unicode.IsDigit(r) {
			b.WriteRune(r)
		} else if unicode.IsDigit(r) {
			b.WriteString(foldRune(r))
		}
	}
	return b.String()
}

func (v *values) phone(text string) {
	d := digitsOf(text)
	if len(d) < leastPhone {
		return
	}
	v.digits[d[max(0, len(d)-phoneEnd):]] = "phone/" + d[max(0, len(d)-phoneEnd):]
}

// address adds an address: whole, and each part of it that has a number. A city alone stays.
func (v *values) address(text string) {
	owner := "address/" + squeezeWord(text)
	whole := squeezeWord(text)
	if strings.ContainsFunc(text, unicode.IsDigit) && utf8.RuneCountInString(whole) > 5 || strings.Count(text, ",") > 1 {
		v.add(value{kind: resume.PersonalAddress, owner: owner, squeezed: whole})
	}
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(",;|·•\n，、", r) }) {
		v.addressPart(owner, strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(part), "- ")))
	}
}

func (v *values) addressPart(owner, part string) {
	if !strings.ContainsFunc(part, unicode.IsDigit) {
		return
	}
	for _, s := range streetSpellings(part) {
		if w := squeezeWord(s); utf8.RuneCountInString(w) > 4 {
			v.add(value{kind: resume.PersonalAddress, owner: owner, squeezed: w})
		}
	}
	for _, code := range postCodes.FindAllString(part, -1) {
		v.add(value{kind: resume.PersonalAddress, owner: owner, squeezed: squeezeWord(code)})
	}
}

// streetSpellings are a part of an address as it stands and with its word for a street written the other way.
func streetSpellings(part string) []string {
	lower := strings.ToLower(part)
	out := []string{part}
	for _, p := range [][2]string{
		{"straße", "str."},
		{"strasse", "str."},
		{"str.", "straße"},
		{" street", " st"},
		{" st", " street"},
		{" road", " rd"},
		{" rd", " road"},
		{" avenue", " ave"},
		{" ave", " avenue"},
		{"calle ", "c/ "},
		{"c/ ", "calle "},
		{" boulevard", " blvd"},
		{" blvd", " boulevard"},
	} {
		if strings.Contains(lower, p[0]) {
			out = append(out, strings.Replace(lower, p[0], p[1], 1))
		}
	}
	return append(out, umlauts(part)...)
}

func (v *values) birth(text string) {
	if d, ok := dateIn(text); ok {
		v.births = append(v.births, d)
	}
	if strings.ContainsFunc(text, unicode.IsDigit) && len(digitsOf(text)) > 5 {
		v.add(value{kind: resume.PersonalBirthDate, owner: "birth_date/", squeezed: squeezeWord(text)})
	}
}
