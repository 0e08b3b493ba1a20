package skill

import (
	"strings"
	"unicode"

	"github.com/gapwise/gapwise/catalog"
)

// deed is what a verb says of a person who did it to people of some kind: "supervised two interns", "led five engineers".
type deed struct {
	id      string
	objects map[string]bool
	counted bool // whether it takes a number: "managed engineers" says little, "managed 12 engineers" enough
}

var (
	learners = wordSet(`intern interns apprentice apprentices trainee trainees junior juniors graduate graduates student students mentee mentees newcomer newcomers hires
		starters joiners beginners auszubildenden auszubildende azubis azubi praktikanten praktikantinnen werkstudenten studenten stagiaire stagiaires alternant alternants apprentis
		apprenti becarios becario practicantes alumnos`)
	coworkers = wordSet(`analyst analysts developer developers engineer engineers colleague colleagues teammates teammate administrators testers technicians programmers scientists kollegen kolleginnen
		entwickler entwicklern développeurs collègues desarrolladores compañeros`)
	deedStaff = wordSet(`people engineers developers analysts technicians employees staff reports administrators testers programmers scientists mitarbeiter mitarbeitern mitarbeitende mitarbeitenden
		entwickler entwicklern personnes développeurs collaborateurs personas desarrolladores`)
	quantities = wordSet(`two three four five six seven eight nine ten eleven twelve fifteen twenty thirty zwei drei vier fünf sechs sieben acht neun zehn zwölf deux trois quatre cinq six sept huit dix
		dos tres cuatro cinco seis siete ocho diez`)
	deedFillers = wordSet(`one a an the our my several many some new young younger fellow less experienced junior summer working doctoral phd master bachelor thesis software data backend frontend
		devops web it network security system systems and of up to direct full remote von eines einer einem einen neuer neuen neue duale dualen des de du la les un une d
		el los varios varias`)
)

// deedVerbs are the verbs by their folded form.
var deedVerbs = deedsOf()

func deedsOf() map[string]deed {
	verbs := map[string]deed{}
	add := func(words string, d deed) {
		for w := range strings.FieldsSeq(words) {
			verbs[w] = d
		}
	}
	both := map[string]bool{}
	for _, set := range []map[string]bool{learners, coworkers} {
		for w := range set {
			both[w] = true
		}
	}
	add(`mentored mentor mentoring coached coach coaching tutored onboarded`, deed{id: "mentorship", objects: both})
	add(`supervised supervising trained guided betreuung betreute betreut einarbeitung anleitung encadrement encadré accompagné tutoricé mentoricé supervisé`, deed{id: "mentorship", objects: learners})
	add(`led leading leitete`, deed{id: "technical-leadership", objects: deedStaff, counted: true})
	add(`managed managing manage führte führung encadré dirigí gestioné`, deed{id: "people-management", objects: deedStaff, counted: true})
	return verbs
}

// deedReach bounds how many words stand deedFillers the verb and the people.
const deedReach = 6

// addDeeds gives the finder a form for every skill that a deed shows.
func (f *Finder) addDeeds(c *catalog.Catalog) {
	f.deedForms = map[string]int{}
	for _, d := range deedVerbs {
		if _, there := f.deedForms[d.id]; there {
			continue
		}
		if s, err := c.Skill(d.id); err == nil {
			f.deedForms[d.id] = len(f.forms)
			f.forms = append(f.forms, form{skill: s, text: s.Name})
		}
	}
}

// deeds finds the places at which a person did something to people.
func (f *Finder) deeds(t *textView, found func(form, start, end int)) {
	for at := 0; at < len(t.text); {
		word, from, to := nextWord(t.text, at)
		at = to
		d, known := deedVerbs[word]
		id, there := f.deedForms[d.id]
		if !known || !there {
			continue
		}
		counted := false
		for next, steps := to, 0; steps < deedReach; steps++ {
			w, start, end := nextWord(t.text, next)
			if w == "" || strings.Trim(t.text[next:start], " ") != "" {
				break
			}
			if d.objects[w] && (counted || !d.counted) {
				found(id, from, end)
				break
			}
			number := quantities[w] || unicode.IsDigit(rune(w[0]))
			if !number && !deedFillers[w] && !coworkers[w] {
				break
			}
			counted = counted || number
			next = end
		}
	}
}

// nextWord is the first run of letters and digits from at on.
func nextWord(text string, at int) (word string, from, to int) {
	inside := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	i := strings.IndexFunc(text[at:], inside)
	if i < 0 {
		return "", len(text), len(text)
	}
	from = at + i
	n := strings.IndexFunc(text[from:], func(r rune) bool { return !inside(r) })
	if n < 0 {
		n = len(text) - from
	}
	return text[from : from+n], from, from + n
}
