package tutor

import (
	"strings"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
)

// CheckContext is what a recorded answer was made from.
type CheckContext struct {
	Role     string   `yaml:"role"`
	Language string   `yaml:"language"`
	Resume   string   `yaml:"resume"`
	Said     []string `yaml:"said"`
	Report   *struct {
		Readiness   float64 `yaml:"readiness"`
		Uncertainty float64 `yaml:"uncertainty"`
		Band        string  `yaml:"band"`
		Hours       [3]int  `yaml:"hours"`
		ReadyOn     string  `yaml:"ready_on"`
	} `yaml:"report"`
	Skills  map[string][2]int `yaml:"skills"`
	Sources []struct {
		Kind  string `yaml:"kind"`
		ID    string `yaml:"id"`
		Title string `yaml:"title"`
		Text  string `yaml:"text"`
	} `yaml:"sources"`
}

// Checked is what became of a sentence.
type Checked struct {
	Text, Shown, Reason string
	Marked              bool
}

// Checking gives tests the verdicts on answers.
type Checking struct{ builtin *builtin }

// NewChecking makes one.
func NewChecking(c *catalog.Catalog) Checking { return Checking{newBuiltin(c, nil)} }

// Check gives the verdicts on an answer, a sentence at a time.
func (c Checking) Check(x CheckContext, question, answer string) []Checked {
	b := c.builtin
	role, err := b.catalog.Role(x.Role)
	if err != nil {
		panic(err) // the data is at fault
	}
	var report *gapanalysis.Report
	if x.Report != nil {
		report = &gapanalysis.Report{Readiness: x.Report.Readiness, Uncertainty: x.Report.Uncertainty, Band: x.Report.Band, ReadyOn: x.Report.ReadyOn}
		report.Hours = catalog.Hours{P25: x.Report.Hours[0], P50: x.Report.Hours[1], P75: x.Report.Hours[2]}
		for id, levels := range x.Skills {
			if levels[1] == 0 {
				report.Extra = append(report.Extra, gapanalysis.Extra{ID: &id, Name: id, Level: levels[0]})
				continue
			}
			report.Skills = append(report.Skills, gapanalysis.SkillGap{ID: id, Name: id, Evidenced: levels[0], Required: levels[1]})
		}
	}
	var sources []*passage
	for _, s := range x.Sources {
		p := &passage{kind: CitationKind(s.Kind), id: s.ID, title: s.Title, text: s.Text}
		if id, ok := strings.CutPrefix(s.ID, "report/skill/"); ok {
			p.skill = id
		}
		sources = append(sources, p)
	}
	k := &checker{grounds: newGrounds(b, role, report, sources, x.Resume, append([]string{question}, x.Said...)), language: x.Language}
	var out []Checked
	for _, s := range sentencesOf(strings.TrimSpace(answer)) {
		v := k.sentence(s)
		out = append(out, Checked{Text: s.text, Shown: v.text, Reason: v.reason, Marked: v.marked})
	}
	return out
}
