package resume

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// titleWords tell the title of a job from the name of an employer, folded.
var titleWords = foldedSet(`engineer engineering developer programmer architect manager analyst intern internship consultant director president lead leader head
	scientist designer assistant officer specialist administrator coordinator vp cto ceo cfo coo cio ciso founder cofounder co-founder owner teacher nurse
	professor researcher fellow trainee apprentice associate advisor adviser supervisor technician operator accountant auditor lawyer attorney editor writer
	author journalist recruiter tester sre devops dba sysadmin admin strategist planner buyer clerk cashier driver mechanic contractor freelancer freelance
	contributor employee maintainer mentor tutor instructor lecturer trainer coach executive principal representative agent secretary volunteer member chair chairman
	chairperson treasurer captain chef cook waiter waitress barista receptionist producer animator illustrator photographer translator student postdoc
	ta ra swe sde sdet pm qa partner investigator statistician economist physicist chemist biologist pharmacist physician therapist counselor marketer
	master steward evangelist advocate expert creator builder hacker responsible
	entwickler entwicklerin softwareentwickler softwareentwicklerin ingenieur ingenieurin praktikant praktikantin werkstudent werkstudentin leiter leiterin
	teamleiter berater beraterin geschaftsfuhrer mitarbeiter mitarbeiterin projektleiter projektleiterin administratorin architektin sachbearbeiter referent
	fachinformatiker auszubildender auszubildende assistent assistentin gruppenleiter abteilungsleiter lehrer lehrerin hilfskraft softwareingenieur
	developpeur developpeuse ingenieur ingenieure stagiaire chef cheffe responsable consultante directeur directrice charge chargee technicien technicienne
	alternant alternante apprenti apprentie assistante gestionnaire analyste concepteur enseignant formateur
	desarrollador desarrolladora ingeniero ingeniera gerente becario becaria analista consultor consultora jefe jefa director directora tecnico tecnica
	programador programadora profesor profesora arquitecto practicante disenador coordinador coordinadora administrador encargado puesto`)

// hanTitles do the same in Chinese, where words are not spaced.
var hanTitles = []string{"工程师", "開發", "开发", "经理", "经理人", "实习", "主管", "总监", "架构师", "设计师", "分析师", "程序员", "负责人", "助理", "研究员", "顾问", "专员", "工程師", "经理", "教师", "讲师", "创始人", "运营", "前端", "后端"}

func hasTitleWord(s string) bool {
	for _, w := range strings.FieldsFunc(fold(s), func(r rune) bool { return !unicode.IsLetter(r) && r != '-' }) {
		if titleWords[w] || strings.HasSuffix(w, "entwickler") || strings.HasSuffix(w, "ingenieur") || strings.HasSuffix(w, "leiter") {
			return true
		}
	}
	for _, t := range hanTitles {
		if strings.Contains(s, t) {
			return true
		}
	}
	return false
}

// places are what the last part of a place is, folded. A cell that ends in one and names no title is where the job was.
var places = foldedSet(`usa us uk u.s. u.s.a. england scotland ireland germany deutschland france spain espana italy netherlands switzerland austria sweden norway
	denmark finland poland portugal belgium canada mexico brazil argentina chile india china japan korea singapore taiwan vietnam thailand indonesia malaysia
	australia turkey israel egypt nigeria kenya remote hybrid onsite on-site maroc s.korea berlin london paris madrid munich munchen hamburg barcelona
	beijing shanghai tokyo seoul bangalore bengaluru hyderabad mumbai delhi pune chennai toronto vancouver sydney melbourne dubai uae romania ukraine russia`)

// workModes are words about how a job was done, which are neither title nor employer.
var workModes = foldedSet(`remote hybrid onsite on-site full-time part-time contract freelance permanent temporary teilzeit vollzeit internship cdi cdd`)

// isPlace is true for a text that is where a job was: "Mountain View, CA", "Remote".
func isPlace(s string) bool {
	s = strings.Trim(s, " ()[].,")
	if label, rest, ok := strings.Cut(s, ":"); ok && (fold(label) == "location" || fold(label) == "ort" || fold(label) == "lieu") {
		return rest != ""
	}
	words := strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == '/' })
	if len(words) == 0 || len(words) > 6 || hasTitleWord(s) || strings.ContainsAny(s, "|•·—–@") {
		return false
	}
	if slices.ContainsFunc(words, func(w string) bool { return legalForms[fold(w)] }) {
		return false
	}
	last := words[len(words)-1]
	if places[fold(last)] || workModes[fold(last)] && len(words) == 1 {
		return len(words) <= 4 || strings.Contains(s, ",")
	}
	state := len(last) == 2 && strings.ToUpper(last) == last && unicode.IsLetter(rune(last[0])) && unicode.IsLetter(rune(last[1]))
	return state && (len(words) == 1 || strings.Contains(s, ","))
}

// legalForms belong to the name before the comma.
var legalForms = foldedSet(`inc inc. ltd ltd. llc gmbh co co. corp corp. ag plc s.a. s.l. sas sarl kg se b.v. bv pte limited incorporated`)

// What parts the heading of a position: strong marks first, and a comma only where there is no other.
var (
	strongMarks = []string{" | ", "| ", " |", " • ", " · ", " — ", " – ", " - ", " // ", "，", " @ ", " at ", " bei ", " chez "}
	weakMarks   = []string{", ", "; ", "、"}
)

// partsOf splits a heading at what parts title, employer and place.
func partsOf(s string) []string {
	parts := splitAt(s, strongMarks)
	if named := slices.DeleteFunc(slices.Clone(parts), isPlace); len(named) > 0 {
		parts = named
	}
	var out []string
	for _, p := range parts {
		weak := splitAt(p, weakMarks)
		if len(weak) == 1 && hasHan(p) {
			weak = strings.Fields(p) // Chinese has no spaces but between parts
		}
		if len(parts) > 1 && len(weak) > 1 {
			weak = weak[:1] // "We4IT GmbH, Bremen": what the comma adds is where or what for
		}
		out = append(out, weak...)
	}
	return out
}

func splitAt(s string, marks []string) []string {
	for _, mark := range marks {
		s = strings.ReplaceAll(s, mark, "\x00")
	}
	var parts []string
	for p := range strings.SplitSeq(s, "\x00") {
		p = strings.Trim(p, " ,;:|–—-•*_#")
		switch {
		case p == "":
		case len(parts) > 0 && legalForms[fold(p)]:
			parts[len(parts)-1] += ", " + p
		default:
			parts = append(parts, p)
		}
	}
	return parts
}

// nameOf settles the title and the employer of a position from its heading: the row with the dates first, then the rows above from the
// nearest, then the rows below where nothing stands above.
func nameOf(rows []row, d datedRow, next int) (title, org string) {
	cells := slices.Clone(d.rest)
	below := d.row + 1
	if d.beside >= 0 {
		cells = append(cells, rows[d.beside].cells...)
		below = d.beside + 1
	}
	for i := d.row - 1; i >= d.first && d.beside < 0; i-- {
		cells = append(cells, rows[i].cells...)
	}
	title, org = nameIn(cells)
	if d.first < d.row && d.beside < 0 {
		if t, _ := nameIn(d.rest); hasTitleWord(t) {
			if above := aboveOf(rows, d); above != "" {
				org = above // "Student, Department of Science" below "Science College": the college
			}
		}
		return title, org
	}
	for i := below; i < min(below+2, next) && (title == "" || org == "" || !hasTitleWord(title)); i++ {
		r := &rows[i]
		mode := len(r.cells) == 1 && isMode(r.text)
		full := title != "" && org != "" && (len(strings.Fields(r.text)) > shortTitle || !hasTitleWord(r.text))
		if bulleted(r.text) || r.apart && i > below || !mode && !headingLike(rows, i) || full {
			break
		}
		if mode {
			continue
		}
		cells = append(cells, r.cells...)
		title, org = nameIn(cells)
	}
	return title, org
}

// shortTitle is how many words a line below a full heading may have to be taken for the title after all.
const shortTitle = 7

// aboveOf is the employer that the rows above the dates name, if no title is among them.
func aboveOf(rows []row, d datedRow) string {
	for i := d.row - 1; i >= d.first; i-- {
		if name, _ := nameIn(rows[i].cells); name != "" {
			if hasTitleWord(rows[i].text) {
				return ""
			}
			return name
		}
	}
	return ""
}

// isMode is true for a row that only says how or where a job was done.
func isMode(s string) bool {
	return workModes[strings.ReplaceAll(fold(strings.Trim(s, " ()")), " ", "-")] || isPlace(s)
}

// Bounds on a title or an employer: longer is a sentence. Chinese is counted in characters.
const (
	nameWords = 10
	nameHan   = 18
)

func tooLong(s string) bool {
	return len(strings.Fields(s)) > nameWords || hasHan(s) && utf8.RuneCountInString(s) > nameHan
}

func nameIn(cells []string) (title, org string) {
	var parts []string
	for _, c := range cells {
		c = unbullet(strings.TrimSpace(c))
		if t, o, ok := titleAt(c); ok {
			return t, o
		}
		if isPlace(c) {
			continue
		}
		split := partsOf(c)
		if len(split) > 1 && isPlace(split[len(split)-1]) {
			if split = split[:len(split)-1]; len(split) > 2 {
				split = split[:len(split)-1] // the town before the country
			}
		}
		parts = append(parts, split...)
	}
	for i, p := range parts {
		if hasTitleWord(p) && !tooLong(p) {
			title = p
			parts = append(parts[:i:i], parts[i+1:]...)
			break
		}
	}
	for _, p := range parts {
		if workModes[fold(p)] || isPlace(p) || p == title || tooLong(p) {
			continue
		}
		if _, dated := findDate(p); dated {
			continue
		}
		if title == "" {
			title = p
			continue
		}
		org = p
		break
	}
	return title, org
}

// titleAt reads "Title at Org", the one form that says which is which.
func titleAt(s string) (title, org string, ok bool) {
	for _, mark := range []string{" at ", " @ ", " bei ", " chez "} {
		if t, o, found := strings.Cut(s, mark); found && t != "" && o != "" {
			if parts := partsOf(o); len(parts) > 0 && len(strings.Fields(t)) <= 8 {
				return strings.Trim(t, " ,|–-"), parts[0], true
			}
		}
	}
	return "", "", false
}
