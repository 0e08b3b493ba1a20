package gapanalysis

import (
	"maps"
	"math"
	"strings"
	"sync"
	"unicode"

	"github.com/gapwise/gapwise/skill"
)

// titleDecay is how much less each earlier title counts.
const titleDecay = 0.7

// How well a title fits a role whose name or alias it is.
const (
	fitExact     = 1.0  // the same words in any order
	fitSeniority = 0.97 // the same but for how senior
	fitOther     = 0.85 // at most, where other words differ
	fitHeadline  = 1.0  // it stands at the beginning of the text, and no position has it
	fitInText    = 0.5  // it stands elsewhere in the text
	fitRepeated  = 0.1  // what a second title that fits adds, as a share
	fitRepeats   = 0.3  // from which on a title counts as fitting for that
)

// headlineBytes is how far into a text a headline reaches.
const headlineBytes = 160

// readTitle is a person's title, cut into words once.
type readTitle struct {
	text   string
	weight float64
	all    map[string]bool // what the title says, seniority too
	work   map[string]bool // without seniority
	plain  map[string]bool // without the words that everybody's title has
}

// personTitles are what a person's titles are compared from.
type personTitles struct {
	titles []readTitle
	text   string
}

func readTitles(p *skill.Profile) personTitles {
	out := personTitles{text: p.Text}
	weight := 1.0
	for _, t := range p.Titles {
		out.titles = append(out.titles, newReadTitle(t, weight))
		weight *= titleDecay
	}
	return out
}

func newReadTitle(t string, weight float64) readTitle {
	words := splitTitle(t)
	all := titleSet(words)
	work := maps.Clone(all)
	maps.DeleteFunc(work, func(w string, _ bool) bool { return seniorityWord(w) })
	return readTitle{text: t, weight: weight, all: all, work: work, plain: titleTokens(words)}
}

// fit is how well any of a person's titles, later ones more, names a role, in [0, 1], and which title does.
func (p personTitles) fit(name string, aliases []string) (best float64, words string) {
	forms := make([]readTitle, 0, len(aliases)+1)
	for _, form := range append([]string{name}, aliases...) {
		if p.mayFit(form) {
			forms = append(forms, newReadTitle(form, 1))
		}
		if v := inText(p.text, form); v > best {
			best, words = v, form
		}
	}
	others := -1 // titles that fit, beside the best
	for _, t := range p.titles {
		v := 0.0
		for _, f := range forms {
			v = max(v, t.weight*t.near(f))
		}
		if v >= fitRepeats {
			others++
		}
		if v > best {
			best, words = v, t.text
		}
	}
	if others > 0 {
		best *= 1 + fitRepeated
	}
	return min(1, best), words
}

// mayFit is false for a form that shares no word with any title, as nearly all do: cutting it into words is most of the work of ranking.
func (p personTitles) mayFit(form string) bool {
	if len(p.titles) == 0 {
		return false
	}
	form = titleSpellings().Replace(strings.ToLower(form))
	for _, t := range p.titles {
		if len(t.plain) == 0 {
			return true // of words alone that everybody's title has
		}
		for w := range t.plain {
			if strings.Contains(form, w) || w == "senior" && strings.Contains(form, "sr") {
				return true
			}
		}
	}
	return false
}

// near is how well a title fits a form of a role's name.
func (t readTitle) near(form readTitle) float64 {
	switch {
	case maps.Equal(t.all, form.all):
		return fitExact
	case len(t.work) > 0 && maps.Equal(t.work, form.work):
		return fitSeniority
	}
	v := overlap(t.plain, form.plain)
	if v == 1 {
		return v
	}
	return fitOther * v
}

// inText says how surely a name of two words or more that stands in a text in its own case is the person's title.
func inText(text, form string) float64 {
	if !strings.Contains(form, " ") {
		return 0
	}
	i := strings.Index(text, form)
	if i < 0 {
		return 0
	}
	if end := i + len(form); end < len(text) && unicode.IsLetter(rune(text[end])) {
		return 0
	}
	if i < headlineBytes {
		return fitHeadline
	}
	return fitInText
}

// overlap is the F1 of two sets of words.
func overlap(a, b map[string]bool) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	common := 0
	for w := range a {
		if b[w] {
			common++
		}
	}
	return 2 * float64(common) / float64(len(a)+len(b))
}

func seniorityWord(w string) bool {
	switch w {
	case "senior", "junior", "lead", "principal", "staff", "chief", "intern", "trainee", "associate", "ii", "iii", "i", "iv", "1", "2", "3":
		return true
	}
	return false
}

// titleSet are the words of a title, those that mean the same made one.
func titleSet(words []string) map[string]bool {
	out := map[string]bool{}
	for _, w := range words {
		switch w {
		case "of", "the", "and", "at", "in", "a", "for":
		case "sr", "snr":
			out["senior"] = true
		case "jr":
			out["junior"] = true
		case "engineer", "programmer":
			out["developer"] = true
		case "admin":
			out["administrator"] = true
		case "systems":
			out["system"] = true
		default:
			out[w] = true
		}
	}
	return out
}

// titleTokens are the words of a title that say what the work is. Everybody here is an engineer, so the word says nothing.
func titleTokens(words []string) map[string]bool {
	out := map[string]bool{}
	for _, w := range words {
		switch w {
		case "engineer", "developer", "engineering", "software", "of", "the", "and", "at", "in", "ii", "iii", "i", "a":
		case "sr", "snr":
			out["senior"] = true
		default:
			out[w] = true
		}
	}
	return out
}

// titleSpellings makes one spelling of those that are met.
var titleSpellings = sync.OnceValue(func() *strings.Replacer {
	return strings.NewReplacer("back-end", "backend", "back end", "backend", "front-end", "frontend", "front end", "frontend",
		"full-stack", "fullstack", "full stack", "fullstack", "ml ", "machine learning ")
})

func splitTitle(s string) []string {
	return strings.FieldsFunc(titleSpellings().Replace(strings.ToLower(s)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '+' && r != '#' })
}

// filing is how a person's resume is filed under the headings of Occupations, by what speaks for each.
type filing struct{ byTitle, byContent map[string]float64 }

func newFiling(p *skill.Profile) filing {
	f := filing{byTitle: map[string]float64{}, byContent: contentScores(OccupationFeatures(p))}
	for o, v := range titleEvidence(p.Titles, p.Text) {
		f.byTitle[o] = 1 - math.Exp(-titleRate*v)
	}
	return f
}

// fit is what the headings say of a role: the surest of those that it belongs to.
func (f filing) fit(role string) (best float64) {
	for o, share := range headingsOf(role) {
		best = max(best, share*max(headingByTitle*f.byTitle[o], headingByContent*f.byContent[o]))
	}
	return best
}

// headingsOf are the headings that a recruiter would file people of a role under, with how fully. Editorial; roles beside the ten have none.
func headingsOf(role string) titleRule {
	switch role {
	case "software-developer":
		return titleRule{SoftwareDeveloper: 1}
	case "java-developer":
		return titleRule{JavaDeveloper: 1}
	case "python-developer":
		return titleRule{PythonDeveloper: 1}
	case "web-developer":
		return titleRule{WebDeveloper: 1}
	case "frontend-engineer":
		return titleRule{FrontEndDeveloper: 1}
	case "senior-frontend-engineer":
		return titleRule{FrontEndDeveloper: 0.8}
	case "network-engineer":
		return titleRule{NetworkAdministrator: 1}
	case "systems-administrator":
		return titleRule{SystemsAdministrator: 1}
	case "database-administrator":
		return titleRule{DatabaseAdministrator: 1}
	case "security-analyst":
		return titleRule{SecurityAnalyst: 1}
	case "it-project-manager":
		return titleRule{ITProjectManager: 1}
	case "backend-engineer":
		return titleRule{SoftwareDeveloper: 0.6, JavaDeveloper: 0.5, PythonDeveloper: 0.5}
	case "senior-backend-engineer":
		return titleRule{SoftwareDeveloper: 0.5, JavaDeveloper: 0.4, PythonDeveloper: 0.4}
	case "full-stack-engineer":
		return titleRule{SoftwareDeveloper: 0.5, WebDeveloper: 0.6, FrontEndDeveloper: 0.4}
	case "detection-engineer":
		return titleRule{SecurityAnalyst: 0.6}
	}
	return nil
}
