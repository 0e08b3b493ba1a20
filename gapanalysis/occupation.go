package gapanalysis

import (
	"cmp"
	"context"
	_ "embed"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/skill"
)

// The ten headings that IT recruiters file resumes under.
const (
	SoftwareDeveloper     = "software-developer"
	FrontEndDeveloper     = "front-end-developer"
	WebDeveloper          = "web-developer"
	PythonDeveloper       = "python-developer"
	JavaDeveloper         = "java-developer"
	NetworkAdministrator  = "network-administrator"
	SystemsAdministrator  = "systems-administrator"
	DatabaseAdministrator = "database-administrator"
	SecurityAnalyst       = "security-analyst"
	ITProjectManager      = "project-manager"
)

// OccupationIDs are the ten in the order of the weights' columns.
func OccupationIDs() []string {
	return []string{
		SoftwareDeveloper, FrontEndDeveloper, WebDeveloper, PythonDeveloper, JavaDeveloper, NetworkAdministrator, SystemsAdministrator,
		DatabaseAdministrator, SecurityAnalyst, ITProjectManager,
	}
}

// OccupationScore is how surely a resume is filed under one of the ten headings. A resume can be filed under several.
type OccupationScore struct {
	ID     string  `json:"id"`
	Name   string  `json:"name"`
	Score  float64 `json:"score"`  // 0-1
	Likely bool    `json:"likely"` // the score is at least OccupationThreshold, or the surest and at least OccupationFloor
}

// A heading is likely from OccupationThreshold on; the surest of all already from OccupationFloor on, since a resume is filed somewhere.
const (
	OccupationThreshold = 0.5
	OccupationFloor     = 0.3
)

// How the evidence is put together. A title that is surely one of the person's own and surely of one occupation is evidence 1.
const (
	titleRate     = 1.3  // certainty by titles is 1 - exp(-rate × evidence)
	contentBeside = 0.45 // share of the content's word that is left where titles are certain
	generalShare  = 0.62 // a Java or Python developer's content is a software developer's by this share
)

// Occupations gives the ten headings with how surely a profile belongs under each, the surest first.
//
// Two kinds of evidence are read. Titles, of the positions and wherever a title stands in the text, say most: see titleSays. Content is a
// log-linear model over the skills that were found and the words of the text, which also speaks where no title is known: one logistic
// regression for each heading over the words' and skills' presence, of unit length, with weights fitted by internal/fitoccupations on public
// lists of the skills of jobs. Where titles speak, content is listened to less.
func Occupations(p *skill.Profile) []OccupationScore {
	titles := titleEvidence(p.Titles, p.Text)
	content := contentScores(OccupationFeatures(p))
	content[SoftwareDeveloper] = max(content[SoftwareDeveloper], generalShare*max(content[JavaDeveloper], content[PythonDeveloper]))
	surest := 0.0
	for _, v := range titles {
		surest = max(surest, 1-math.Exp(-titleRate*v))
	}
	out := make([]OccupationScore, 0, len(content))
	for _, id := range OccupationIDs() {
		byTitle := 1 - math.Exp(-titleRate*titles[id])
		byContent := content[id] * (1 - (1-contentBeside)*surest)
		score := round(1-(1-byTitle)*(1-byContent), 3)
		out = append(out, OccupationScore{ID: id, Name: occupationName(id), Score: score, Likely: score >= OccupationThreshold})
	}
	slices.SortStableFunc(out, func(a, b OccupationScore) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.ID, b.ID))
	})
	return out
}

// Occupations files a stored resume; see the function of this name.
func (s *Service) Occupations(ctx context.Context, person, resume uuid.UUID) ([]OccupationScore, error) {
	p, err := s.profiles.Profile(ctx, person, resume)
	if err != nil {
		return nil, err
	}
	return Occupations(p), nil
}

func occupationName(id string) string {
	name := strings.ReplaceAll(id, "-", " ")
	switch id {
	case FrontEndDeveloper:
		name = "front-end developer"
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// OccupationFeatures are what the model of content looks at, each once: "#id" for a skill of the catalogue that the profile shows, and
// the words and pairs of words of the text in lower case.
func OccupationFeatures(p *skill.Profile) []string {
	seen := map[string]bool{}
	var out []string
	add := func(f string) {
		if !seen[f] {
			seen[f] = true
			out = append(out, f)
		}
	}
	for _, c := range p.Claims {
		if c.ID != nil && c.Status != skill.StatusRejected && c.Level > catalog.LevelAwareness {
			add("#" + *c.ID)
		}
	}
	before := ""
	for _, w := range titleWords(p.Text) {
		if w.folded == "" || len(w.folded) > 24 {
			continue
		}
		add(w.folded)
		if w.joined && before != "" {
			add(before + " " + w.folded)
		}
		before = w.folded
	}
	return out
}

//go:embed occupation.tsv
var occupationTable string

type occupationModel struct {
	bias    []float64
	weights map[string][]float64
}

// occupationWeights reads the table once: a feature a line with a weight for each of OccupationIDs, the first line the biases.
var occupationWeights = sync.OnceValue(func() occupationModel {
	m := occupationModel{weights: map[string][]float64{}}
	for line := range strings.Lines(occupationTable) {
		cells := strings.Split(strings.TrimRight(line, "\n"), "\t")
		row := make([]float64, len(cells)-1)
		for i, c := range cells[1:] {
			row[i], _ = strconv.ParseFloat(c, 64) // an empty cell is 0
		}
		if cells[0] == "" {
			m.bias = row
			continue
		}
		m.weights[cells[0]] = row
	}
	return m
})

// contentScores are the probabilities of the ten by features alone.
func contentScores(features []string) map[string]float64 {
	m := occupationWeights()
	sum := make([]float64, len(m.bias))
	known := 0
	for _, f := range features {
		if row := m.weights[f]; row != nil {
			known++
			for i, w := range row {
				sum[i] += w
			}
		}
	}
	out := map[string]float64{}
	if known == 0 {
		return out
	}
	for i, id := range OccupationIDs() {
		out[id] = 1 / (1 + math.Exp(-(m.bias[i] + sum[i]/math.Sqrt(float64(known)))))
	}
	return out
}
