package resume

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// degreeWords tell a degree from a school, folded.
var degreeWords = foldedSet(`bachelor bachelors bachelor's master masters master's doctor doctorate doctoral phd ph.d ph.d. dphil d.phil. mphil diploma diplome diplom diplom-informatiker diplom-ingenieur diplôme associate associates
	associate's degree bsc b.sc b.sc. bs b.s b.s. ba b.a b.a. msc m.sc m.sc. ms m.s m.s. ma m.a m.a. mba m.b.a. mbbs llb ll.b. llm ll.m. jd j.d j.d. md m.d. btech b.tech b.tech. b.tec mtech m.tech m.tech. be b.e b.e. me m.e.
	beng b.eng b.eng. meng m.eng m.eng. bba bca mca bcom b.com mcom m.com bfa mfa bed b.ed med m.ed mpa mph mpp mres barch march aas a.a.s. aa a.a. as a.s. hnd hnc gcse a-levels a-level nvq ged certificate minor major
	abitur fachabitur matura promotion staatsexamen magister vordiplom mittlere fachhochschulreife hochschulreife berufsausbildung ausbildung umschulung realschulabschluss doktor
	licence baccalaureat bac bts dut master mastere ingenieur d'ingenieur doctorat dess dea cap deug cpge maitrise deust bachelor titre classe classes
	licenciatura licenciado licenciada grado maestria master doctorado ingenieria ingeniero bachillerato diplomado tecnico tecnologo posgrado postgrado especializacion titulo
	graduacao bacharelado bacharel licenciatura mestrado doutorado doutoramento pos-graduacao tecnologo mba especializacao engenharia ensino
	laurea dottorato diploma maturita triennale magistrale specialistica perito liceo
	hbo wo mbo vwo havo vmbo propedeuse doctoraal
	תואר בוגר מוסמך דוקטורט בגרות بكالوريوس ماجستير دكتوراه دبلوم ليسانس الثانوية`)

var hanDegrees = []string{"学士", "學士", "硕士", "碩士", "博士", "本科", "专科", "專科", "大专", "高中", "研究生", "学位", "學位", "专业", "專業"}

// schoolWords are in the names of schools, folded.
var schoolWords = foldedSet(`university universite universitat universitaet universidad universidade universita universiteit univ univ. college school institute institut instituto istituto academy akademie
	academie academia accademia hochschule fachhochschule fh tu eth epfl mit ucla polytechnic politecnico politecnica polytechnique ecole insa escuela escola scuola facultad faculdade facolta faculte faculty lycee
	gymnasium realschule gesamtschule berufsschule berufskolleg colegio collegio college liceo hogeschool lyceum school bootcamp conservatory seminary iut ensimag hec universitas universitesi
	אוניברסיטת אוניברסיטה מכללת המכללה הטכניון جامعة كلية معهد مدرسة الجامعة coursera udacity`)

var hanSchools = []string{"大学", "大學", "学院", "學院", "中学", "中學", "学校", "學校", "高中"}

func hasWordOf(s string, words map[string]bool, han []string) bool {
	for _, w := range strings.FieldsFunc(fold(s), func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;:()|/–—", r) }) {
		bare := strings.Trim(w, ".'’")
		if words[w] || words[bare] || strings.HasPrefix(bare, "d'") && words[bare[2:]] || strings.HasPrefix(bare, "l'") && words[bare[2:]] {
			return true
		}
	}
	return hasHan(s) && slices.ContainsFunc(han, func(h string) bool { return strings.Contains(s, h) })
}

// isDegree is true for a text that names a degree. "as", "be", "me", "ma" and "ms" do so only in capitals, as degrees are written.
func isDegree(s string) bool {
	if !hasWordOf(s, degreeWords, hanDegrees) {
		return strings.Contains(fold(s), "diplom-") || strings.Contains(fold(s), "diplom ")
	}
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;:()|/", r) }) {
		f := strings.Trim(fold(w), ".'’")
		if !degreeWords[f] && !degreeWords[fold(w)] && (!strings.HasPrefix(f, "d'") || !degreeWords[f[2:]]) {
			continue
		}
		if len(f) > 2 || strings.ToUpper(w) == w || strings.Contains(w, ".") {
			return true
		}
	}
	return hasHan(s)
}

func isSchool(s string) bool {
	if hasWordOf(s, schoolWords, hanSchools) {
		return true
	}
	f := fold(s)
	return strings.Contains(f, "hochschule") || strings.Contains(f, "universitat") || strings.Contains(f, "gymnasium") || strings.Contains(f, "schule ")
}

// schooling is an entry of education that is being put together.
type schooling struct {
	Education
	rows  [2]int // half-open
	dated bool
	spare []string // units that are neither degree nor school by their words
}

// findEducation finds the entries of a section of education: each begins with a row that names a school, a degree or a time that the entry
// before it has already, or stands apart from a complete one.
func findEducation(rows []row, s *section) []Education {
	if s.Kind != SectionEducation {
		return nil
	}
	var entries []schooling
	rows, body := bodyOf(rows, s)
	for i := body; i < len(rows); i++ {
		r := &rows[i]
		if r.running || len(r.text) > maxDated {
			continue
		}
		units, date, dated := schoolUnits(r)
		if wrapped, over := wrappedDate(rows, i); over && endsOpen(r.text) {
			units, date, dated = nil, wrapped, true
			i++
		}
		if n := len(entries); n > 0 && isDetail(rows, i, &entries[n-1], dated) {
			entries[n-1].detail(units, i)
			continue
		}
		degree, school := "", ""
		var spare []string
		for _, u := range units {
			switch d, sc := isDegree(u), isSchool(u); {
			case d && degree == "" && (!sc || !strings.HasPrefix(fold(u), "university")):
				degree, school = degreeAndSchool(u, school)
			case sc && school == "":
				school = u
			case !strings.Contains(u, ":") && len(strings.Fields(u)) <= spareWords && !bulleted(r.text):
				spare = append(spare, u)
			}
		}
		if n := len(entries); n == 0 || begins(&entries[n-1], r, degree != "", school != "", dated) {
			if n == 0 && degree == "" && school == "" && !dated && !r.apart && len(units) == 0 {
				continue
			}
			entries = append(entries, schooling{rows: [2]int{i, i + 1}})
		}
		e := &entries[len(entries)-1]
		e.rows[1] = i + 1
		e.add(degree, school, spare, date, dated)
	}
	return educationOf(entries, rows)
}

// spareWords is how many words a text may have to be a degree or a school that no word tells.
const spareWords = 7

// isDetail is true for a row that only adds to the entry e: an item of a list below a line that is none, a sentence, the rest of one.
func isDetail(rows []row, i int, e *schooling, dated bool) bool {
	r := &rows[i]
	first, _ := utf8.DecodeRuneInString(unbullet(r.text))
	switch {
	case bulleted(r.text):
		return !bulleted(rows[e.rows[0]].text) && (!dated || !isDegree(r.text))
	case len(strings.Fields(r.text)) > 2*leadWords:
		return true
	case unicode.IsLower(first) && !isDegree(r.text):
		return !dated || len(strings.Fields(r.text)) > 3
	}
	return !dated && !headingLike(rows, i)
}

// detail takes row i into the entry, and of it the school where the entry has none.
func (e *schooling) detail(units []string, i int) {
	e.rows[1] = i + 1
	for _, u := range units {
		if e.Institution == "" && !bulleted(u) && isSchool(u) && len(strings.Fields(u)) <= spareWords {
			e.Institution = strings.TrimRight(u, ".")
		}
	}
}

// begins is true for a row that cannot be of the entry e any more.
func begins(e *schooling, r *row, degree, school, dated bool) bool {
	hasDegree, hasSchool := e.Degree != "", e.Institution != ""
	switch {
	case degree && hasDegree, school && hasSchool:
		return true
	case dated && e.dated:
		return true
	case r.apart && (degree || school) && hasDegree && hasSchool:
		return true
	}
	return r.heading > 0 && (hasDegree || hasSchool) || degree && dated && bulleted(r.text) && e.dated
}

func (e *schooling) add(degree, school string, spare []string, date dateRange, dated bool) {
	if degree != "" && e.Degree == "" {
		e.Degree = degree
	}
	if school != "" && e.Institution == "" {
		e.Institution = school
	}
	e.spare = append(e.spare, spare...)
	if dated && !e.dated {
		e.dated = true
		e.Start, e.End = date.start, date.end
		if date.single {
			e.Start, e.End = "", date.end // one date is when it was finished
		}
	}
}

// educationOf finishes entries: what is left over is the half that no word told.
func educationOf(entries []schooling, rows []row) []Education {
	var out []Education
	for i := range entries {
		e := &entries[i]
		for _, s := range e.spare {
			switch {
			case e.Institution == "" && e.Degree != "":
				e.Institution = s
			case e.Degree == "" && e.Institution != "":
				e.Degree = s
			}
		}
		if e.Institution == "" && e.Degree == "" && len(e.spare) > 0 && e.dated {
			e.Degree = e.spare[0]
			if len(e.spare) > 1 {
				e.Institution = e.spare[1]
			}
		}
		if e.Institution == "" && i > 0 && bulleted(rows[e.rows[0]].text) && isDegree(e.Degree) {
			e.Institution = entries[i-1].Institution // one more degree of the school that heads the list
		}
		if at := strings.LastIndex(e.Degree, ", "); e.Institution == "" && at > 0 && isDegree(e.Degree[:at]) && !isDegree(e.Degree[at:]) && strings.Contains(e.Degree[:at], " ") {
			e.Degree, e.Institution = e.Degree[:at], strings.TrimSpace(e.Degree[at+2:]) // nothing else can be the school
		}
		if e.Institution == "" && e.Degree == "" || e.Institution == "" && e.Start == "" && certifiedByName(e.Degree) || e.Start == "" && isIssuer(e.Institution) {
			continue
		}
		e.Span = [2]int{rows[e.rows[0]].Start, rows[e.rows[1]-1].End}
		out = append(out, e.Education)
	}
	return out
}

// schoolUnits are the parts of a row without its date, places and grades.
func schoolUnits(r *row) (units []string, date dateRange, dated bool) {
	cells := slices.Clone(r.cells)
	cells[0] = unbullet(cells[0])
	for i, c := range cells {
		if d, ok := findDate(c); ok && (!dated || date.single && !d.single) {
			if len(strings.Fields(c[:d.from]+c[d.to:])) > rangeWords {
				continue
			}
			date, dated = d, true
			cells[i] = trimMarks(unlabel(strings.TrimSpace(c[:d.from]))) + " | " + trimMarks(c[d.to:])
		}
	}
	for _, c := range cells {
		for _, p := range splitAt(withoutDuration(c), strongMarks) {
			if l, rest := labelled(p); l == labelPlace || l == labelDate {
				continue
			} else if l != 0 {
				p = rest
			}
			if isPlace(p) || isGrade(p) || tooLong(p) && !hasHan(p) {
				continue
			}
			if degree, school, ok := capitalDegree(p); ok {
				units = append(units, degree, school)
				continue
			}
			units = append(units, schoolParts(p)...)
		}
	}
	return units, date, dated
}

// capitalDegree parts a degree in capitals from the school in small letters behind it.
func capitalDegree(s string) (degree, school string, ok bool) {
	degree, school, ok = capitalsThen(s)
	return degree, school, ok && isDegree(degree) && isSchool(school)
}

// schoolParts parts a text at its commas where a degree and a school stand on both sides, and takes off what is a place or a grade.
func schoolParts(p string) []string {
	parts := splitAt(p, weakMarks)
	kept := parts[:0:0]
	for i, part := range parts {
		if i > 0 && (isPlace(part) || isGrade(part) || isState(part)) {
			continue
		}
		kept = append(kept, part)
	}
	if len(kept) == 0 {
		return nil
	}
	if hasHan(p) && len(kept) == 1 {
		return hanParts(kept[0])
	}
	var out []string
	for _, part := range kept {
		last := len(out) - 1
		if last < 0 || isSchool(part) && !isSchool(out[last]) || isDegree(part) && !isDegree(out[last]) && isSchool(out[last]) || isSchool(out[last]) && !isSchool(part) {
			out = append(out, part)
			continue
		}
		out[last] += ", " + part
	}
	return out
}

// hanParts parts Chinese at its spaces, and joins the subject to the degree: "计算机科学与技术 本科".
func hanParts(s string) []string {
	var out []string
	for f := range strings.FieldsSeq(s) {
		if last := len(out) - 1; last >= 0 && !isSchool(f) && !isSchool(out[last]) {
			out[last] += " " + f
			continue
		}
		out = append(out, f)
	}
	return out
}

// degreeAndSchool parts "M.Sc. Informatics at TU Berlin".
func degreeAndSchool(u, school string) (string, string) {
	for _, mark := range []string{" at ", " from ", " an der ", " am ", " à l'", " à l’", " en la ", " na ", " presso ", " aan de ", " @ "} {
		if head, tail, ok := strings.Cut(u, mark); ok && isDegree(head) && school == "" && (isSchool(tail) || mark == " at ") {
			return strings.TrimSpace(head), strings.TrimSpace(tail)
		}
	}
	if first, rest, ok := strings.Cut(u, " "); ok && school == "" && isSchool(rest) && isDegree(first) && !isDegree(rest) && len(first) <= 6 {
		return first, rest
	}
	return u, school
}

// isGrade is true for a mark or a mean of marks.
func isGrade(s string) bool {
	f := fold(s)
	if isDegree(s) && !strings.Contains(f, "gpa") {
		return false
	}
	for _, w := range []string{"gpa", "cgpa", "grade", "note", "abschlussnote", "notendurchschnitt", "percentage", "average", "mention", "cum laude", "honours", "score", "promedio", "voto", "votazione", "cijfer", "绩点", "排名", "honors", "with distinction", "expected"} {
		if strings.HasPrefix(f, w) || strings.Contains(f, w) && utf8.RuneCountInString(f) < 35 {
			return true
		}
	}
	return !strings.ContainsFunc(s, unicode.IsLetter)
}
