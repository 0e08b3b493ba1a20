package skill

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/resume"
)

// What a name that stands on its own is when it is no skill: the subject of a degree, a firm, a person, an everyday word.

// degreeReach is how far before its subject a degree stands, in code points.
const degreeReach = 60

// degree is a degree at the end of what stands before its subject: "MSc ", "Bachelor of Science in Applied ". Nothing but words stands between.
var degree = regexp.MustCompile(`(?:^|[\s(,/|•·-])(?:B\.?\s?Sc|M\.?\s?Sc|Ph\.?\s?D|D\.?Phil|B\.?Eng|M\.?Eng|B\.?\s?Tech|M\.?\s?Tech|M\.?Phil|MCA|BCA|A\.?A\.?S|B\.S|M\.S|B\.A|M\.A|B\.E|` +
	`(?i:bachelor(?:['’]?s)?(?: degree)?(?: of| in| en)?|master['’]?s(?: degree)?(?: of| in| en)?|master (?:of|in|en)|mastère|máster|doctorate|doctor of|diploma|diplôme|diplom|licenciatura|licence|licenciad[oa]|grado|graduad[oa]|degree|studium|ingeniería|dut|bts|associate of))` +
	`(?:[.)]|\s?\([^)]*\))*[\s,]+([\pL&/ -]{0,40})$`)

// shortDegree are degrees that are other words outside of a section of education.
var shortDegree = regexp.MustCompile(`(?:^|[\s(,/|•·-])(?:BS|MS|BA|MA|BE|AS|ME|MBA)[\s,]+(?:in |of )?([\pL&/ -]{0,30})$`)

// aboutWords open what a degree's work was about, which is more than its subject.
var aboutWords = wordSet(`thesis dissertation project projects on using with about coursework focus focusing specialising specializing specialisation specialization courses skills modules
	über mit zu thema schwerpunkt abschlussarbeit sur mémoire avec sobre con`)

// studied tells whether a mention is the subject of a degree, which says what somebody studied and not what they can do.
func (t *textView) studied(m Mention, kind catalog.Kind) bool {
	if product(kind) {
		return false
	}
	from := m.Start
	for from > max(0, m.Start-degreeReach) && t.runes[from-1] != '\n' {
		from--
	}
	before := string(t.runes[from:m.Start])
	between := degree.FindStringSubmatch(before)
	if between == nil && m.Section == resume.SectionEducation {
		between = shortDegree.FindStringSubmatch(before)
	}
	if between == nil {
		return false
	}
	for w := range strings.FieldsSeq(strings.ToLower(between[1])) {
		if aboutWords[w] {
			return false
		}
	}
	return true
}

var (
	// jobs are what stands before "at" and an employer.
	jobs = wordSet(`engineer developer manager intern internship analyst consultant architect administrator scientist designer director programmer tester lead employee specialist
		recruiter representative assistant technician founder worked work works working job role position employed interned contractor trainee student scholar fellow team entwickler`)
	// tools are what a product is called when it is named: "a tool named Kafka".
	tools = wordSet(`tool framework language library service product technology software platform database system engine program app application package broker`)
)

// proper tells whether a name in capitals belongs to an employer or a person: "Engineer at Databricks", "a chef named Ruby".
func (t *textView) proper(c candidate, m Mention, kind catalog.Kind) bool {
	if !product(kind) || !unicode.IsUpper(t.runes[m.Start]) {
		return false
	}
	before, from, stop := t.wordBack(c.start)
	if stop {
		return false
	}
	switch before {
	case "at":
		return jobs[t.wordBefore(from)]
	case "named":
		word := t.wordBefore(from)
		return word != "" && !tools[word]
	}
	return false
}

// plural tells whether a product's name in lower case took a plural s where nothing technical stands near: "dockers du port".
func (t *textView) plural(c candidate, m Mention, kind catalog.Kind, s *setting) bool {
	return c.grown && product(kind) && t.text[c.end-1] == 's' && m.Text == strings.ToLower(m.Text) && !strings.Contains(m.Text, " ") && !t.nearSure(c, s)
}
