package resume

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// isPlace is true for a text that is where a job was: "Mountain View, CA", "Remote". With a city behind a comma what stands before it is
// rather an employer: "Acme, Berlin".
func isPlace(s string) bool {
	s = strings.Trim(s, " ()[].,")
	if label, rest, ok := strings.Cut(s, ":"); ok && labels[fold(strings.TrimSpace(label))] == labelPlace {
		return rest != ""
	}
	words := strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || r == ',' || r == '/' || r == '(' || r == ')' || r == '&'
	})
	if len(words) == 0 || len(words) > 6 || strings.ContainsAny(s, "|•·—–@") || hasTitleWord(s) || hasOrgWord(withoutState(s)) {
		return false
	}
	last := fold(words[len(words)-1])
	city, country := cities[last], countries[last] || workModes[last]
	comma := strings.ContainsRune(s, ',')
	switch {
	case len(words) == 1:
		return city || country || isState(words[0])
	case !city && !country && (!comma || !isState(words[len(words)-1])):
		return false
	case comma:
		head, rest, _ := strings.Cut(s, ",")
		if middle, _, more := strings.Cut(strings.TrimSpace(rest), ","); more && !cities[fold(head)] {
			words := strings.Fields(fold(middle))
			if len(words) > 0 && (cities[words[len(words)-1]] || placeStarts[words[0]]) {
				return false // "Acme, New York, NY": the town is in the middle
			}
		}
		return !city || country || isPlace(head) || placeStarts[fold(words[0])]
	case placeStarts[fold(words[0])]:
		return len(words) <= 4
	}
	head := fold(words[0])
	return len(words) <= 3 && (cities[head] || countries[head] || workModes[head])
}

// withoutState is a text without the code of a state behind its last comma, which can be a legal form too: "Reno, NV".
func withoutState(s string) string {
	if at := strings.LastIndex(s, ", "); at > 0 && isState(s[at+2:]) {
		return s[:at]
	}
	return s
}

// isState is true for two capitals: the code of a state or a country. Those that also stand for a department or a title are none.
func isState(s string) bool {
	if len(s) != 2 || legalForms[fold(s)] && s != "NV" && s != "CO" || strings.ToUpper(s) != s || !unicode.IsLetter(rune(s[0])) || !unicode.IsLetter(rune(s[1])) {
		return false
	}
	return !slices.Contains([]string{"IT", "HR", "PR", "QA", "PM", "TA", "AI", "ML", "BI", "UX", "UI", "VP"}, s)
}

// What parts the heading of a position: strong marks first, and a comma only where there is no other.
var (
	strongMarks = []string{" | ", "| ", " |", "｜", " • ", " · ", " ∙ ", " ◆ ", " ● ", " — ", "— ", " – ", "– ", " - ", " -- ", " // ", "，", " @ ", " at ", " bei ", " bei der ", " beim ", " chez ", " presso ", " :: "}
	weakMarks   = []string{", ", "; ", "、", "، "}
)

func splitAt(s string, marks []string) []string {
	for _, mark := range marks {
		s = strings.ReplaceAll(s, mark, "\x00")
	}
	var parts []string
	for p := range strings.SplitSeq(s, "\x00") {
		p = trimMarks(strings.Trim(p, " ,،;:|–—-•*_#"))
		switch {
		case p == "":
		case len(parts) > 0 && (legalForms[fold(p)] || legalForms[strings.TrimSuffix(fold(p), ".")] || legalForms[fold(strings.Fields(p)[0])] && strings.Contains(p, " (")):
			parts[len(parts)-1] += ", " + p
		default:
			parts = append(parts, p)
		}
	}
	return parts
}

// duration is how long a job took, which the writer or a program has counted out: "2 yrs 3 mos".
var duration = regexp.MustCompile(`(?i)[(\[]?\b(?:(?:ca\.?|approx\.?|~|over|about)\s*)?\d{1,2}(?:[.,]\d)?\+?\s*(?:years?|yrs?|y|months?|mos?|mths?|weeks?|jahre?n?|monate?n?|wochen|ans?|mois|años?|meses|mes|anos?|mês|anni|anno|mesi|mese|jaar|maanden|maand)\b\.?` +
	`(?:(?:\s*(?:,|and|und|et|y|e|en|&)?\s*)\d{1,2}\s*(?:months?|mos?|mths?|monate?n?|mois|meses|mes|mês|mesi|mese|maanden|maand)\b\.?)?[)\]]?|[(（]?\d{1,2}\s*年(?:\s*\d{1,2}\s*(?:个月|個月))?[)）]?|[(（]?\d{1,2}\s*(?:个月|個月)[)）]?`)

// hoursOfWeek is how much of a week a job took.
var hoursOfWeek = regexp.MustCompile(`(?i)\(?\b\d{1,2}(?:[.,]5)?\s*(?:hours?|hrs?|h|stunden|std\.?|heures?|horas?|ore|uur)\s*(?:per|a|/|pro|par|por|al|alla)\s*(?:week|wk|woche|semaine|semana|settimana)\b\.?\)?`)

// modeInBrackets is a word of how a job was done, behind its title: "Engineer (contract)".
var modeInBrackets = regexp.MustCompile(`(?i)\s*[(\[（](?:remote|hybrid|on-?site|full[ -]?time|part[ -]?time|contract(?:or|ing)?|freelance|permanent|temporary|temp|co-?op|internship|stage|praktikum|alternance|fixed[ -]term|self[ -]employed|volunteer|unpaid|paid|` +
	`teilzeit|vollzeit|befristet|unbefristet|festanstellung|freiberuflich|cdi|cdd|temps plein|temps partiel|en alternance|télétravail|tiempo completo|medio tiempo|media jornada|remoto|presencial|híbrido|` +
	`tempo integral|meio per[ií]odo|clt|pj|tempo pieno|tempo determinato|tempo indeterminato|voltijds?|deeltijds?|fulltime|parttime|全职|兼职|远程|\d{1,3}\s?%)(?:[,;/ ]+[\pL -]{1,20})?[)\]）]`)

// withoutDuration is a text without how long something took.
func withoutDuration(s string) string {
	if !strings.ContainsAny(s, "0123456789") {
		return s
	}
	return duration.ReplaceAllString(hoursOfWeek.ReplaceAllString(s, ""), "")
}

// withoutMode is a name without a word in brackets for how the job was done.
func withoutMode(s string) string {
	if !strings.ContainsAny(s, "([（") {
		return trimMarks(s)
	}
	return trimMarks(modeInBrackets.ReplaceAllString(s, ""))
}

// Bounds on a title or an employer: longer is a sentence. Chinese is counted in characters.
const (
	nameWords = 12
	nameHan   = 20
)

func tooLong(s string) bool {
	return len(strings.Fields(s)) > nameWords || hasHan(s) && utf8.RuneCountInString(s) > nameHan && strings.IndexByte(s, ' ') < 0
}

// reading is what the words of a position's heading were read as.
type reading struct {
	title, org string
	whole      string // title and employer where only a comma parts them, "" otherwise
	// first says what came first where words settled which is which: 1 the title, -1 the employer, 0 where nothing did.
	first int
}

// swapped has title and employer the other way round.
func (r reading) swapped() reading { return reading{title: r.org, org: r.title} }

// unit is a part of a position's heading that can be a title or an employer, with where it stands.
type unit struct {
	text      string
	row, cell int
}

// nameIn settles title and employer among the rows of cells of a position's heading. A title is told by a word for one, best as its last
// or first, an employer by its legal form or a word of such names; where neither tells, what stands first is the title.
func nameIn(rows [][]string) reading {
	units, got := unitsOf(rows)
	if got.title != "" && got.org != "" {
		return got
	}
	if got.title == "" && got.org == "" && len(units) == 1 {
		parts := commaParts(units[0].text)
		if len(parts) > 1 {
			got.whole = strings.Join(parts, ", ")
		}
		units = units[:0]
		for len(parts) > 2 && titleScore(parts[0]) == 2 && endsInTitle(parts[1]) && !hasOrgWord(parts[1]) && !isPlace(parts[2]) {
			parts[0] += ", " + parts[1] // "Engineer, Team Lead, Acme"
			parts = slices.Delete(parts, 1, 2)
		}
		for _, p := range parts {
			units = append(units, unit{text: p})
		}
	}
	title, org := -1, -1
	if got.title == "" {
		title = bestTitle(units, got.org != "")
	}
	if got.org == "" {
		org = bestOrg(units, title)
	}
	if got.title != "" && got.org == "" {
		org = bestOrg(units, -1)
	}
	told := func(i int) bool { return i >= 0 && (hasTitleWord(units[i].text) || hasOrgWord(units[i].text)) }
	if title >= 0 && org >= 0 && (told(title) || told(org)) {
		got.first = 1
		if org < title {
			got.first = -1
		}
	}
	if title >= 0 {
		got.title = units[title].text
	}
	if org >= 0 {
		got.org = bareOrg(units[org].text)
	}
	if got.org == "" && title >= 0 {
		whole := got.title
		if got.title, got.org = splitTitle(got.title); got.org != "" {
			got.whole = whole
		}
	}
	if m := spanishAt.FindStringSubmatch(got.title); got.org == "" && m != nil && hasTitleWord(m[1]) {
		got.title, got.org, got.whole = m[1], bareOrg(strings.TrimSuffix(m[2], ".")), ""
	}
	got.title, got.org = withoutMode(got.title), withoutMode(got.org)
	return got
}

// spanishAt parts "Desarrollador en Glovo". What follows in small letters is a field: "Técnico en informática".
var spanishAt = regexp.MustCompile(`^(.+?) en (\p{Lu}.*)$`)

// unitsOf are the parts of a heading that can be a title or an employer, without places, ways of working, durations and dates. What is
// labelled, or written as "Title at Org", is settled at once.
func unitsOf(rows [][]string) (units []unit, got reading) {
	var maybe string
	at := -1
	for row, cells := range rows {
		for cell, c := range cells {
			c = unbullet(strings.TrimSpace(c))
			l, rest := labelled(c)
			switch l {
			case labelTitle:
				got.title = rest
				continue
			case labelOrg:
				got.org = bareOrg(rest)
				continue
			case labelPlace, labelDate, labelElse:
				continue
			}
			c = trimMarks(withoutDuration(c))
			if c == "" {
				continue
			}
			if t, o, ok := titleAt(c); ok && got.title == "" && got.org == "" {
				got.title, got.org, got.first, at = t, o, 1, row
				continue
			}
			if isPlace(c) {
				if head, tail, ok := strings.Cut(c, ","); ok && maybe == "" && countries[fold(strings.TrimSpace(tail))] && !isPlace(head) {
					maybe = strings.TrimSpace(head)
				}
				continue
			}
			for _, u := range cellUnits(c) {
				units = append(units, unit{text: u, row: row, cell: cell})
			}
		}
	}
	if at >= 0 && !hasOrgWord(got.org) && slices.ContainsFunc(units, func(u unit) bool { return u.row != at && !hasTitleWord(u.text) }) {
		got.org, got.first = "", -1 // "Intern at Summer Program" below "Acme": a line of its own is the employer
	}
	if maybe != "" && len(units) == 1 && hasTitleWord(units[0].text) && len(splitAt(units[0].text, weakMarks)) == 1 {
		units = append(units, unit{text: maybe, row: -1}) // "Acme, Germany": nothing else can be the employer
	}
	return units, got
}

// cellUnits parts one cell at its strong marks, and Chinese at its spaces.
func cellUnits(c string) []string {
	var units []string
	for _, p := range splitAt(c, strongMarks) {
		if isMode(p) || tooLong(p) || !strings.ContainsFunc(p, unicode.IsLetter) && !strings.ContainsFunc(p, unicode.IsDigit) {
			continue
		}
		if d, dated := findDate(p); dated && trimMarks(p[:d.from]+p[d.to:]) == "" {
			continue
		}
		if hasHan(p) && !strings.ContainsAny(p, "abcdefghijklmnopqrstuvwxyz") {
			for _, f := range strings.FieldsFunc(p, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == '、' || r == ';' }) {
				if !isMode(f) {
					units = append(units, f)
				}
			}
			continue
		}
		if title, org, ok := capitalTitle(p); ok {
			units = append(units, title, org)
			continue
		}
		units = append(units, p)
	}
	return units
}

// leastCapitals is how many letters of a title in capitals tell it from the short name of an employer.
const leastCapitals = 8

// capitalTitle parts a title in capitals from the employer in small letters behind it: "WEB DEVELOPER Acme Studios".
func capitalTitle(s string) (title, org string, ok bool) {
	title, org, ok = capitalsThen(s)
	return title, org, ok && titleScore(title) == 2 && !hasTitleWord(org)
}

// capitalsThen parts the words in capitals that a text begins with from what follows them in small letters.
func capitalsThen(s string) (head, rest string, ok bool) {
	words := strings.Fields(s)
	n := 0
	for n < len(words) && words[n] == strings.ToUpper(words[n]) && (words[n] != strings.ToLower(words[n]) || letters(words[n]) == "") {
		n++
	}
	if n == 0 || n == len(words) {
		return "", "", false
	}
	head, rest = trimMarks(strings.Join(words[:n], " ")), trimMarks(strings.Join(words[n:], " "))
	return head, rest, len(letters(head)) >= leastCapitals
}

// commaParts are the parts of a heading that has nothing but commas: "Engineer, Acme Inc., Berlin".
func commaParts(s string) []string {
	parts := joinDepartments(splitAt(s, weakMarks))
	for len(parts) > 1 && isMode(parts[len(parts)-1]) {
		last := parts[len(parts)-1]
		parts = parts[:len(parts)-1]
		if len(parts) > 2 && (countries[fold(last)] || isState(last)) {
			parts = parts[:len(parts)-1] // the town before the country
		}
	}
	return parts
}

// departments begin the names of parts of a university, folded.
var departments = foldedSet(`department dept dept. faculty school division chair lehrstuhl fachbereich fakultat
	departement faculte departamento facultad faculdade dipartimento facolta faculteit vakgroep`)

// joinDepartments joins a department to the university behind the comma.
func joinDepartments(parts []string) []string {
	for i := 0; i+1 < len(parts); i++ {
		if departments[fold(leadingWord(parts[i]))] && isSchool(parts[i+1]) {
			parts[i] += ", " + parts[i+1]
			parts = slices.Delete(parts, i+1, i+2)
		}
	}
	return parts
}

// bestTitle is the index of the unit that is the title, -1 where none can be.
func bestTitle(units []unit, hasOrg bool) int {
	best, bestScore := -1, -10
	for i := range units {
		u := units[i].text
		score := 3 * titleScore(u)
		if hasLegalForm(u) && len(splitAt(u, weakMarks)) == 1 {
			score -= 5
		} else if hasOrgWord(u) {
			score -= 2
		}
		if isFreelance(u) && !strings.Contains(u, " ") {
			score -= 3 // how, rather than what
		}
		if score > bestScore {
			best, bestScore = i, score
		}
	}
	if best >= 0 && hasOrg && len(units) == 1 && !hasTitleWord(units[0].text) && hasLegalForm(units[0].text) {
		return -1
	}
	return best
}

// bestOrg is the index of the unit that is the employer, -1 where none is. One with a legal form goes first, then one of another row than
// the title's, then one of the same cell ("Engineer - Acme"), then any.
func bestOrg(units []unit, title int) int {
	best, bestScore := -1, -1
	for i := range units {
		if i == title || title >= 0 && units[i].text == units[title].text {
			continue
		}
		score := 0
		switch {
		case title < 0:
		case units[i].row != units[title].row && units[i].row >= 0:
			score = 2
		case units[i].cell == units[title].cell:
			score = 1
		}
		if hasLegalForm(units[i].text) {
			score += 4
		} else if hasOrgWord(units[i].text) {
			score++
		}
		if score > bestScore {
			best, bestScore = i, score
		}
	}
	return best
}

// bareOrg is an employer without what a comma adds to it, which is where or what part of it, and without a place in brackets.
func bareOrg(s string) string {
	parts := joinDepartments(splitAt(s, weakMarks))
	if len(parts) > 1 && !hasLegalForm(parts[0]) {
		for i, p := range parts {
			if hasLegalForm(p) {
				return strings.Join(parts[:i+1], ", ") // "Dewey, Cheatem & Howe LLP"
			}
		}
	}
	if len(parts) > 0 {
		s = parts[0]
	}
	if len(parts) > 0 && departments[fold(leadingWord(parts[0]))] && strings.Contains(parts[0], ", ") {
		return parts[0] // a department and its university
	}
	if m := gluedComma.FindStringIndex(s); m != nil && !hasLegalForm(strings.Replace(s, ",", " ", 1)) {
		s = s[:m[0]+1]
		s = strings.TrimRight(s, ",")
	}
	s = withoutTown(s)
	if head, tail, ok := strings.Cut(s, "("); ok && strings.HasSuffix(tail, ")") && (isPlace(strings.TrimSuffix(tail, ")")) || townInBrackets.MatchString(tail)) {
		s = strings.TrimSpace(head)
	}
	return s
}

// townInBrackets is one word behind an employer's name that is no abbreviation: "(Quimper)", "(Saint-Malo)".
var townInBrackets = regexp.MustCompile(`^\p{Lu}\p{Ll}{2,}(?:-\p{L}\p{Ll}+)*\)$`)

// gluedComma is a comma with no space behind it.
var gluedComma = regexp.MustCompile(`,\pL`)

// withoutTown is an employer without the place behind its legal form: "Acme GmbH Bremen".
func withoutTown(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		if i > 0 && i+1 < len(words) && legalForms[fold(strings.TrimRight(w, ",;"))] && isPlace(strings.Join(words[i+1:], " ")) {
			return strings.Join(words[:i+1], " ")
		}
	}
	return s
}

// splitTitle parts a title from an employer that stands behind a comma in the same unit, where nothing else is the employer.
func splitTitle(s string) (title, org string) {
	parts := commaParts(s)
	switch {
	case len(parts) < 2:
		if len(parts) == 1 {
			return parts[0], ""
		}
		return s, ""
	case hasTitleWord(parts[0]) || !hasTitleWord(parts[1]):
		return parts[0], parts[1]
	}
	return parts[1], parts[0]
}

// atMarks part a title from the employer behind it, and so say which is which.
var atMarks = []string{" at ", " @ ", " bei der ", " bei ", " beim ", " chez ", " presso ", " bij ", " na empresa ", " en la empresa "}

// titleAt reads "Title at Org", the one form that says which is which.
func titleAt(s string) (title, org string, ok bool) {
	for _, mark := range atMarks {
		if t, o, found := strings.Cut(s, mark); found && t != "" && o != "" {
			if parts := splitAt(o, strongMarks); len(parts) > 0 && len(strings.Fields(t)) <= 8 {
				return strings.Trim(t, " ,|–-"), bareOrg(parts[0]), true
			}
		}
	}
	return "", "", false
}

// isMode is true for a text that only says how or where a job was done.
func isMode(s string) bool {
	return workModes[strings.ReplaceAll(fold(strings.Trim(s, " ()")), " ", "-")] || isPlace(s)
}
