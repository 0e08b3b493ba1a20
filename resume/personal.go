package resume

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Forms of contact data. They are wide rather than narrow: what is marked is left out of what a model sees, and a telephone number that
// gets there costs more than a version number that does not.
var (
	emailForm = regexp.MustCompile(`[\pL\d](?:[\pL\d._%+'-]*[\pL\d_+-])?@[\pL\d](?:[\pL\d-]*[\pL\d])?(?:\.[\pL\d](?:[\pL\d-]*[\pL\d])?)+`)
	emailOpen = regexp.MustCompile(`(?i)[\pL\d][\pL\d._%+-]*\s?(?:\(at\)|\[at\]|\{at\}|<at>|\s@\s|@\s|\s@|\(@\)|\[@\]|\bat\b)\s?[\pL\d-]+(?:\s?(?:\.|\(dot\)|\[dot\]|\{dot\}|\(punkt\)|\bdot\b)\s?[\pL\d-]+)+`)
	emailHead = regexp.MustCompile(`[\pL\d][\pL\d._%+-]*@[\pL\d.-]*$`)
	emailTail = regexp.MustCompile(`^[\pL\d-]+(?:\.[\pL\d-]+)*`)
	phoneForm = regexp.MustCompile(`(?:\(?\+|\b00|\()?\s?\(?\p{Nd}(?:[\p{Nd}\s()./·⋅∙‐–-]|\s?\(0\)\s?){5,22}\p{Nd}(?:\s?(?i:ext|x|extension|durchwahl)\.?\s?\p{Nd}{1,5})?`)
	phoneWord = regexp.MustCompile(`(?i)(?:\b(?:phone|telephone|tel|mobile|mob|cell|cellphone|handy|telefon|mobil|mobiltelefon|fon|tél|téléphone|telefono|teléfono|móvil|movil|celular|telefone|telemóvel|cellulare|telefoon|mobiel|gsm|fax|whatsapp|call|contact|ph|t|m|p)\b\.?|电话|手机|電話|手機|联系方式|טלפון|נייד|هاتف|جوال|الهاتف)\s*(?:no\.?|number|nr\.?)?\s*[:：.]?\s*$`)
	phoneUS   = regexp.MustCompile(`^(?:\+?1[\s.-]?)?(?:\(\d{3}\)\s?|\d{3}[.\s-])\d{3}[.\s-]\d{4}$`)
	phoneCore = regexp.MustCompile(`\(\d{3}\)\s?\d{3}[.\s-]\d{4}$`)
	birthWord = regexp.MustCompile(`(?i)(?:\b(?:date\s+of\s+birth|birth\s?date|birthday|d\.?o\.?b\.?|born(?:\s+on)?|birth|geburtsdatum|geburtstag|geboren(?:\s+am|\s+op)?|geb\.?(?:\s+am)?|` +
		`née?\s+le|date\s+de\s+naissance|naissance|fecha\s+de\s+nacimiento|nacid[oa](?:\s+el)?|nacimiento|data\s+de\s+nascimento|nascimento|nascid[oa](?:\s+em)?|data\s+di\s+nascita|` +
		`nat[oa](?:\s+a\s+\pL+)?(?:\s+il)?|geboortedatum|luogo\s+e\s+data\s+di\s+nascita)\b|出生日期|出生年月|出生于|出生|生日|生年月日|תאריך\s+לידה|تاريخ\s+الميلاد|تاريخ\s+الولادة)[^\p{Nd}\n]{0,25}?[:：]?\s*`)
	birthForm = regexp.MustCompile(`^(?:\p{Nd}{1,2}\s?[./\-]\s?\p{Nd}{1,2}\s?[./\-]\s?\p{Nd}{2,4}|\p{Nd}{4}\s?[./\-]\s?\p{Nd}{1,2}(?:\s?[./\-]\s?\p{Nd}{1,2})?|\p{Nd}{1,2}(?:st|nd|rd|th|er|\.|º)?\s*(?:de\s+|of\s+)?\pL+\.?,?\s*(?:de\s+|del\s+)?\p{Nd}{4}|` +
		`\pL+\.?\s+\p{Nd}{1,2}(?:st|nd|rd|th)?,?\s+\p{Nd}{4}|\p{Nd}{4}\s?年\s?\p{Nd}{1,2}\s?月(?:\s?\p{Nd}{1,2}\s?日)?|\p{Nd}{4})`)
	streetForm = regexp.MustCompile(`(?i)(?:\b(?:\d{1,5}[a-z]?,?\s+(?:[\pL.'’-]+\s+){0,4}(?:street|st|road|rd|avenue|ave|boulevard|blvd|lane|ln|drive|dr|court|ct|way|place|square|terrace|crescent|close|parkway|pkwy|highway|row|gardens|grove|mews|quay)\b\.?)|` +
		`\b\d{1,4}\s?(?:bis|ter)?,?\s+(?:rue|avenue|av\.|boulevard|bd|place|chemin|allée|impasse|quai|cours|route|square|passage)\s+\pL|` +
		`\b(?:rue|avenue|calle|c/|avda\.?|avenida|paseo|plaza|carrer|rua|av\.|travessa|largo|praça|via|viale|corso|piazza|vicolo)\s+(?:[\pL.'’-]+,?\s+){1,5}(?:n[.º°]?\s?)?\d{1,5}\b|` +
		`[\pL-]{3,}(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|ring|damm|ufer|hof|straat|laan|plein|gracht|kade|dreef|singel)\s?\.?\s?\d{1,4}\s?[a-z]?\b|` +
		`\b(?:p\.?\s?o\.?\s+box|apt\.?|apartment|suite|unit|flat)\s+#?\d)`)
	postCode    = regexp.MustCompile(`(?:\b\d{4}-\d{3}\s+\p{Lu}\p{Ll}|(?:^|[\s,|-])(?:[A-Z]{1,2}-)?\d{4,5}(?:-\d{3,4})?\s+\p{Lu}[\p{Ll}]{2,}|\b[A-Z]{2},?\s+\d{5}(?:-\d{4})?\b|\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|\b\d{4}\s?[A-Z]{2}\s+\p{Lu}\p{Ll}+|\b[A-Z]\d[A-Z]\s?\d[A-Z]\d\b|\d{5}-\d{3}\b|\p{Lu}\p{Ll}+,?\s+\d{5}(?:-\d{4})?$)`)
	hanAddress  = regexp.MustCompile(`\p{Han}{1,8}(?:省|市|区|區|县|縣)\p{Han}{0,12}(?:路|街|道|巷|弄|号|號)[\p{Han}\d-]*`)
	addressWord = regexp.MustCompile(`(?i)(?:^|[\s|•·])(?:address|home address|postal address|anschrift|adresse|wohnort|wohnhaft in|dirección|direccion|domicilio|endereço|endereco|morada|indirizzo|residenza|adres|woonplaats|地址|住址|通讯地址|כתובת|العنوان)\s*[:：]\s*`)
)

// Bounds on the digits of a telephone number, with its country and extension, and on an address.
const (
	leastDigits = 7
	mostDigits  = 17
	maxNear     = 120 // bytes of a part of a row that is an address
)

// findPersonal finds what says who the person is and how to reach them. contact tells for a row whether people put such there.
func findPersonal(rows []row, contact func(i int) bool) []Personal {
	var out []Personal
	for i := range rows {
		r := &rows[i]
		if len(r.text) > maxLine {
			continue
		}
		emails := emailsIn(rows, i, contact(i))
		out = append(out, emails...)
		births := birthsIn(r, contact(i))
		out = append(out, births...)
		sure := slices.Concat(emails, births)
		for _, p := range phonesIn(r, contact(i)) {
			if !overlaps(p.Span, sure) {
				out = append(out, p)
				sure = append(sure, p)
			}
		}
		if contact(i) || strings.ContainsAny(r.text, ":：") && addressWord.MatchString(r.text) {
			for _, a := range addressesIn(r) {
				if a, ok := before(a, sure); ok {
					out = append(out, a)
				}
			}
		}
	}
	return out
}

// before is an address up to what else stands in the same part of a row.
func before(a Personal, others []Personal) (Personal, bool) {
	for _, o := range others {
		if a.Span[0] >= o.Span[1] || o.Span[0] >= a.Span[1] {
			continue
		}
		if o.Span[0] <= a.Span[0] {
			return a, false
		}
		text := strings.TrimRight(string([]rune(a.Text)[:o.Span[0]-a.Span[0]]), " ,;")
		a.Text, a.Span[1] = text, a.Span[0]+utf8.RuneCountInString(text)
	}
	return a, a.Text != ""
}

func overlaps(span [2]int, with []Personal) bool {
	return slices.ContainsFunc(with, func(p Personal) bool { return span[0] < p.Span[1] && p.Span[0] < span[1] })
}

// mark makes a Personal of bytes of a row.
func (r *row) mark(kind PersonalKind, from, to int) Personal {
	text := r.text[from:to]
	lead := len(text) - len(strings.TrimLeft(text, " "))
	from, text = from+lead, strings.TrimSpace(text)
	start := r.Start + utf8.RuneCountInString(r.text[:from])
	return Personal{Kind: kind, Text: text, Span: [2]int{start, start + utf8.RuneCountInString(text)}}
}

// emailsIn finds addresses for mail, also ones written so that programs do not see them, and ones that go on in the next line.
func emailsIn(rows []row, i int, contact bool) []Personal {
	r := &rows[i]
	if !mayMail(r.text) {
		return nil
	}
	var out []Personal
	for _, m := range emailForm.FindAllStringIndex(r.text, -1) {
		out = append(out, r.mark(PersonalEmail, m[0], m[1]))
	}
	if len(out) == 0 {
		for _, m := range emailOpen.FindAllStringIndex(r.text, -1) {
			text := strings.ToLower(r.text[m[0]:m[1]])
			plain := strings.Contains(text, " at ") && !strings.Contains(text, " dot ")
			if plain || strings.Contains(text, "@") && !contact {
				continue // "Engineer at acme.com", "Engineer @ acme.com"
			}
			out = append(out, r.mark(PersonalEmail, m[0], m[1]))
		}
	}
	if m := emailHead.FindStringIndex(r.text); m != nil && i+1 < len(rows) && !rows[i+1].apart {
		head := r.text[m[0]:]
		tail := emailTail.FindString(rows[i+1].text)
		if whole := emailForm.FindString(head + tail); whole == head+tail && tail != "" && (len(out) == 0 || strings.HasSuffix(head, "-") || strings.HasSuffix(head, ".")) {
			p := r.mark(PersonalEmail, m[0], len(r.text))
			p.Text, p.Span[1] = whole, rows[i+1].Start+utf8.RuneCountInString(tail)
			out = append(slices.DeleteFunc(out, func(o Personal) bool { return o.Span[0] >= p.Span[0] }), p)
		}
	}
	return out
}

// mayMail is true for a text with a sign of an address for mail: looking for one in every line is slow.
func mayMail(s string) bool {
	if strings.ContainsRune(s, '@') {
		return true
	}
	s = strings.ToLower(s)
	return strings.Contains(s, "(at)") || strings.Contains(s, "[at]") || strings.Contains(s, "{at}") || strings.Contains(s, "<at>") || strings.Contains(s, " at ") && strings.Contains(s, "dot ")
}

// digitCount is how many digits are in a text.
func digitCount(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// phonesIn finds telephone numbers: seven to fifteen digits that are no time. Away from contact data they need a plus, a word that says so,
// or the form of North America.
func phonesIn(r *row, contact bool) []Personal {
	if digitCount(r.text) < leastDigits {
		return nil
	}
	var out []Personal
	for _, m := range phoneForm.FindAllStringIndex(r.text, -1) {
		from, to := m[0], m[1]
		from += len(r.text[from:to]) - len(strings.TrimLeft(r.text[from:to], " "))
		if core := phoneCore.FindStringIndex(r.text[from:to]); core != nil && core[0] > 2 && !strings.HasPrefix(r.text[from:to], "+") {
			from += core[0] // a post code stands before it
		}
		text := strings.TrimSpace(r.text[from:to])
		before, after := r.text[:from], r.text[to:]
		digits := digitCount(text)
		prev, _ := utf8.DecodeLastRuneInString(before)
		next, _ := utf8.DecodeRuneInString(after)
		if digits < leastDigits || digits > mostDigits || from > 0 && (unicode.IsLetter(prev) && !unicode.Is(unicode.Han, prev) || strings.ContainsRune("/.=_#$€£", prev)) ||
			to < len(r.text) && (unicode.IsLetter(next) && next < 0x2E80 || next == '%') {
			continue
		}
		said := strings.HasPrefix(text, "+") || strings.HasPrefix(text, "00") || phoneWord.MatchString(before)
		if !said && isTime(text) {
			continue
		}
		if strings.Count(text, "/") > 1 || strings.Contains(text, " – ") {
			continue
		}
		if !said && !contact && !phoneUS.MatchString(text) {
			continue
		}
		out = append(out, r.mark(PersonalPhone, from, to))
	}
	return out
}

// isTime is true for digits that are one time or several, and no number to call.
func isTime(s string) bool {
	d, ok := findDate(s)
	if !ok {
		return false
	}
	rest := strings.TrimSpace(s[:d.from] + s[d.to:])
	return len(rest) < 5 || isTime(rest)
}

// birthsIn finds the day of birth: a date behind a word for it, or a day that is all that a cell of contact data says.
func birthsIn(r *row, contact bool) []Personal {
	if bulleted(r.text) && !contact || len(r.text) > 2*maxNear || digitCount(r.text) < 4 {
		return nil
	}
	var out []Personal
	for _, m := range birthWord.FindAllStringIndex(r.text, -1) {
		if date := birthForm.FindString(r.text[m[1]:]); date != "" {
			out = append(out, r.mark(PersonalBirthDate, m[1], m[1]+len(date)))
		}
	}
	if len(out) > 0 || !contact {
		return out
	}
	for _, c := range r.cells {
		c = strings.TrimSpace(strings.TrimFunc(c, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }))
		if len(c) < 8 || birthForm.FindString(c) != c {
			continue
		}
		if p, ok := pointAt(c); ok && p.dayed && p.size == len(c) {
			at := strings.Index(r.text, c)
			out = append(out, r.mark(PersonalBirthDate, at, at+len(c)))
		}
	}
	return out
}

// addressesIn finds the parts of a row that are where the person lives: with a street and its number, or a post code.
func addressesIn(r *row) []Personal {
	var out []Personal
	if m := addressWord.FindStringIndex(r.text); m != nil {
		to := len(r.text)
		if at := strings.IndexAny(r.text[m[1]:], "|•·"); at >= 0 {
			to = m[1] + at
		}
		if strings.TrimSpace(r.text[m[1]:to]) != "" {
			return append(out, r.mark(PersonalAddress, m[1], to))
		}
	}
	at := 0
	for _, c := range r.cells {
		begin := strings.Index(r.text[at:], c)
		if begin < 0 {
			continue
		}
		begin += at
		at = begin + len(c)
		for _, part := range partsBetween(c, "|•·⋄◇♦") {
			text := c[part[0]:part[1]]
			if m := hanAddress.FindStringIndex(text); m != nil {
				out = append(out, r.mark(PersonalAddress, begin+part[0]+m[0], begin+part[0]+m[1]))
				continue
			}
			if len(text) > maxNear || emailForm.MatchString(text) || !streetForm.MatchString(text) && !postCode.MatchString(text) {
				continue
			}
			from := 0
			if i := strings.IndexAny(text, ":："); i >= 0 && i < 20 {
				_, size := utf8.DecodeRuneInString(text[i:])
				from = i + size
			}
			out = append(out, r.mark(PersonalAddress, begin+part[0]+from, begin+part[1]))
		}
	}
	return out
}

// partsBetween gives the bytes of the parts of s between marks.
func partsBetween(s, marks string) [][2]int {
	var out [][2]int
	from := 0
	for i, c := range s {
		if strings.ContainsRune(marks, c) {
			out = append(out, [2]int{from, i})
			from = i + utf8.RuneLen(c)
		}
	}
	return append(out, [2]int{from, len(s)})
}

// settlePersonal sorts what was found, and drops what lies within something else.
func settlePersonal(found []Personal) []Personal {
	slices.SortStableFunc(found, func(a, b Personal) int {
		return cmp.Or(cmp.Compare(a.Span[0], b.Span[0]), cmp.Compare(b.Span[1], a.Span[1]))
	})
	out := []Personal{}
	end := -1
	for _, p := range found {
		if p.Span[0] >= end && p.Text != "" {
			out = append(out, p)
			end = p.Span[1]
		}
	}
	return out
}
