package tutor

import (
	"slices"
	"strings"

	"github.com/gapwise/gapwise/catalog"
)

// names finds the skills that a question names. It is a smaller thing than the extractor of resumes: a question is short, nobody is
// judged by it, and an answer about the wrong skill costs only a second question.
type names struct {
	forms map[string]form // by folded words, joined by a blank
	most  int             // words of the longest form
}

type form struct {
	skill   *catalog.Skill
	written string // as in the catalogue
	unsure  bool   // also an everyday word
}

func newNames(c *catalog.Catalog) *names {
	n := &names{forms: map[string]form{}}
	for _, s := range c.Skills() {
		for _, written := range append([]string{s.Name, strings.ReplaceAll(s.ID, "-", " ")}, s.Aliases...) {
			ws := words(written)
			key := fold(ws)
			if key == "" {
				continue
			}
			if _, taken := n.forms[key]; taken {
				continue
			}
			unsure := strings.HasPrefix(written, ".") || slices.ContainsFunc(s.Ambiguous, func(a string) bool { return fold(words(a)) == key })
			n.forms[key] = form{skill: s, written: strings.Join(ws, " "), unsure: unsure}
			n.most = max(n.most, len(ws))
		}
	}
	return n
}

func fold(ws []string) string {
	out := make([]string, len(ws))
	for i, w := range ws {
		out[i] = singular(strings.ToLower(w))
	}
	return strings.Join(out, " ")
}

// in gives the ids of the skills that a text names, in order, each once.
func (n *names) in(text string) []string {
	ws := words(text)
	var out []string
	for i := 0; i < len(ws); {
		step := 1
		for size := min(n.most, len(ws)-i); size > 0; size-- {
			f, ok := n.forms[fold(ws[i:i+size])]
			if !ok || f.unsure && !n.meant(f, ws, i, size) {
				continue
			}
			if !slices.Contains(out, f.skill.ID) {
				out = append(out, f.skill.ID)
			}
			step = size
			break
		}
		i += step
	}
	return out
}

// before are words that make the one after them a skill.
var before = strings.Fields("on for bad good better your my uber sobre von zu de en learn learning know knowing use using at in with study studying improve improving practise practice teach understand explain describe about of lerne mit erkläre erklär erklären apprendre aprender explica explicar explícame expliquer")

// meant tells whether a form that is also an everyday word is meant as a skill: it stands as the catalogue writes it in the middle of the
// text, or after a word that a skill follows, or beside a word that speaks for it.
func (n *names) meant(f form, ws []string, at, size int) bool {
	if at > 0 {
		if f.written != strings.ToLower(f.written) && strings.Join(ws[at:at+size], " ") == f.written {
			return true
		}
		if slices.Contains(before, strings.ToLower(ws[at-1])) {
			return true
		}
	}
	rest := " " + fold(append(slices.Clone(ws[:at]), ws[at+size:]...)) + " "
	return slices.ContainsFunc(f.skill.Cues, func(cue string) bool {
		key := fold(words(cue))
		return key != "" && strings.Contains(rest, " "+key+" ")
	})
}
