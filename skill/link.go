package skill

import (
	"bufio"
	"cmp"
	"encoding/json"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/fault"
)

// Concept is one entry of a taxonomy: the catalogue's skills, or somebody else's.
type Concept struct {
	ID    string
	Name  string
	Forms []string // other ways of writing the name
	Also  []string // what others call it: speaks for it as a form does, but is none
	Text  string   // what it is
	// Kind, Reuse and Digital are what ESCO says of a skill: "knowledge" or "skill/competence", how widely it is used ("transversal",
	// "cross-sector", "sector-specific", "occupation-specific"), and whether it is of the digital world. They are empty elsewhere.
	Kind    string
	Reuse   string
	Digital bool
}

// Link is a concept that a phrase may mean.
type Link struct {
	ID    string  `json:"id"`
	Name  string  `json:"name"`
	Score float64 `json:"score"` // 1 for a form of the concept itself, else below 1
}

// CatalogConcepts are the skills of a catalogue as a taxonomy.
func CatalogConcepts(c *catalog.Catalog) []Concept {
	out := make([]Concept, len(c.Skills()))
	for i, s := range c.Skills() {
		out[i] = Concept{ID: s.ID, Name: s.Name, Forms: s.Aliases, Text: s.Description}
	}
	return out
}

// AddCatalogForms gives the entries of somebody else's taxonomy what the catalogue knows of them: an entry whose address a skill of
// the catalogue carries, or whose name is one of that skill's forms and nothing else's, is also called what that skill is called ("k8s").
// The entries are changed in place.
func AddCatalogForms(concepts []Concept, c *catalog.Catalog) {
	byESCO, byForm := map[string]*catalog.Skill{}, map[string]*catalog.Skill{}
	for _, s := range c.Skills() {
		if s.ESCO != "" {
			byESCO[s.ESCO] = s
		}
		for _, form := range append([]string{s.Name}, s.Aliases...) {
			key := foldKey(form)
			if other, ok := byForm[key]; ok && other != s {
				byForm[key] = nil // two skills: says nothing
				continue
			}
			byForm[key] = s
		}
	}
	for i := range concepts {
		s := byESCO[concepts[i].ID]
		if s == nil {
			s = byForm[foldKey(concepts[i].Name)]
		}
		if s != nil {
			concepts[i].Also = append(append(slices.Clip(concepts[i].Also), s.Name), s.Aliases...)
		}
	}
}

// maxTaxonomyLine and maxConcepts bound a taxonomy.
const (
	maxTaxonomyLine = 1 << 20
	maxConcepts     = 200_000
)

// ReadTaxonomy reads a taxonomy of JSON Lines with uri, label, alts and desc, and ESCO's type, reuse and digital where they are given.
func ReadTaxonomy(r io.Reader) ([]Concept, error) {
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 0, 64<<10), maxTaxonomyLine)
	var out []Concept
	for line := 1; in.Scan(); line++ {
		if strings.TrimSpace(in.Text()) == "" {
			continue
		}
		var row struct {
			URI     string   `json:"uri"`
			Label   string   `json:"label"`
			Alts    []string `json:"alts"`
			Desc    string   `json:"desc"`
			Type    string   `json:"type"`
			Reuse   string   `json:"reuse"`
			Digital bool     `json:"digital"`
		}
		if err := json.Unmarshal(in.Bytes(), &row); err != nil || row.URI == "" || row.Label == "" {
			return nil, fault.Newf(fault.Usage, "bad-taxonomy", "Line %d of the taxonomy is not JSON with uri and label.", line).Because(err)
		}
		out = append(out, Concept{ID: row.URI, Name: row.Label, Forms: row.Alts, Text: row.Desc, Kind: row.Type, Reuse: row.Reuse, Digital: row.Digital})
		if len(out) > maxConcepts {
			return nil, fault.Newf(fault.TooLarge, "taxonomy-too-large", "A taxonomy has at most %d concepts.", maxConcepts)
		}
	}
	if err := in.Err(); err != nil {
		return nil, fault.New(fault.Usage, "bad-taxonomy", "The taxonomy cannot be read: a line is too long.").Because(err)
	}
	return out, nil
}

// Linker finds what a phrase or a sentence means in a taxonomy. It is immutable and safe for concurrent use.
//
// A phrase that is a form of a concept is that concept. For any other, candidates come from shared words, from words that the trained
// table says stand for one another, from shared character trigrams and from near vectors; each candidate is described by a handful of
// features (see linkFeatures), and a linear model over them, one set of weights for phrases and one for sentences, ranks them.
type Linker struct {
	*linkIndex
	model *LinkModel
}

// NewLinker indexes a taxonomy, with the model of this release.
func NewLinker(concepts []Concept) *Linker { return NewLinkerOf(concepts, shippedLinkModel()) }

// NewLinkerOf indexes a taxonomy with another model, for training one.
func NewLinkerOf(concepts []Concept, m *LinkModel) *Linker {
	return &Linker{linkIndex: newLinkIndex(concepts, m), model: m}
}

// linkMaxScore bounds the score of what is no form of the concept itself.
const linkMaxScore = 0.99

// LinkLikely and LinkSure are thresholds for a score. Of the held-out cases of the development sets, the share of first links that were
// right at or above them is, for names in postings, sentences and aliases of technologies: .55, .75 and .89 for LinkLikely, and .63, .85
// and .93 for LinkSure. A phrase that ESCO lacks altogether is not among them.
const (
	LinkLikely = 0.5
	LinkSure   = 0.7
)

// Link is the k most likely concepts of a phrase, best first, ties by id. A score is the chance that the link is right, as far as the
// development sets tell; see LinkSure for a threshold. It is 1 for a form of the concept itself.
func (l *Linker) Link(phrase string, k int) []Link {
	evidence := l.Evidence(phrase)
	type ranked struct {
		concept int32
		exact   bool
		score   float64
	}
	order := make([]ranked, len(evidence))
	for i, e := range evidence {
		order[i] = ranked{e.Concept, e.Exact, l.model.score(e)}
	}
	slices.SortFunc(order, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(btoi(b.exact), btoi(a.exact)), cmp.Compare(b.score, a.score), strings.Compare(l.concepts[a.concept].ID, l.concepts[b.concept].ID))
	})
	order = order[:min(len(order), max(k, 0))]
	out := make([]Link, len(order))
	above := 1.0 // a score is never over that of the link before it
	for i, r := range order {
		score := min(l.model.chance(r.score), linkMaxScore, above)
		if r.exact && i == 0 {
			score = 1
		}
		above = score
		out[i] = Link{ID: l.concepts[r.concept].ID, Name: l.concepts[r.concept].Name, Score: max(math.Round(score*1e4)/1e4, 1e-4)}
	}
	return out
}
