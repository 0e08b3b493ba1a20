package gapanalysis

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/embeddings"
)

// Space holds the vectors of the catalogue's skills under one model in memory. It answers what the database answers with its
// role-skill and resume-skill vectors, for the verbs that need no database; one conformance test holds both to the same answers.
type Space struct {
	Model     string
	Threshold float64
	Vectors   map[string]embeddings.Vector // by skill id
}

// SkillText is the text of which a skill's vector is made.
func SkillText(s *catalog.Skill) string { return s.Name + ". " + s.Description }

// RoleText is the text of which a role's vector is made.
func RoleText(c *catalog.Catalog, r *catalog.Role) string {
	var b strings.Builder
	b.WriteString(r.Name + ". " + r.Summary)
	for _, q := range r.Skills {
		if s, err := c.Skill(q.Skill); err == nil {
			b.WriteString(" " + s.Name + ".")
		}
	}
	return b.String()
}

// NewSpace embeds the catalogue's skills.
func NewSpace(ctx context.Context, c *catalog.Catalog, e embeddings.Embedder) (*Space, error) {
	texts := make([]string, len(c.Skills()))
	for i, s := range c.Skills() {
		texts[i] = SkillText(s)
	}
	vectors, err := e.Embed(ctx, texts)
	if err != nil {
		return nil, err
	}
	sp := &Space{Model: e.Model(), Vectors: make(map[string]embeddings.Vector, len(vectors)), Threshold: Threshold(vectors)}
	for i, s := range c.Skills() {
		sp.Vectors[s.ID] = vectors[i]
	}
	return sp, nil
}

// maxSampled is how many skills' pairs are looked at for the threshold: 180,000 pairs give the quantile to a hundredth, and an operator's
// imported catalogue can have 80 million.
const maxSampled = 600

// nearQuantile is the share of all pairs of the catalogue's skills that lie below the threshold of nearness.
const nearQuantile = 0.999

// Threshold is the cosine from which two skills count as near under a model: models spread their cosines differently, so it is a quantile
// of the cosines of all pairs and not a figure. Of many vectors every second, third or so on counts. It is rounded so that a vector stored in half precision gives the same one.
func Threshold(vectors []embeddings.Vector) float64 {
	step := (len(vectors) + maxSampled - 1) / maxSampled
	var all []float64
	for i := 0; i < len(vectors); i += step {
		for j := i + step; j < len(vectors); j += step {
			all = append(all, embeddings.Cosine(vectors[i], vectors[j]))
		}
	}
	if len(all) == 0 {
		return 1
	}
	slices.Sort(all)
	return round(all[int(float64(len(all)-1)*nearQuantile)], 2)
}

// Nearest finds, for each required skill, those of the held ones that are near, and the nearest though it is not.
func (sp *Space) Nearest(required, held []string) Nearness {
	n := Nearness{Model: sp.Model, Threshold: sp.Threshold, BySkill: map[string][]Near{}}
	for _, q := range required {
		v, ok := sp.Vectors[q]
		if !ok {
			continue
		}
		var all []Near
		for _, h := range held {
			if w, ok := sp.Vectors[h]; ok && h != q {
				all = append(all, Near{From: h, Similarity: round(embeddings.Cosine(v, w), similarityDigits)})
			}
		}
		slices.SortFunc(all, NearestFirst)
		for i, near := range all {
			if i == 0 || near.Similarity >= sp.Threshold {
				n.BySkill[q] = append(n.BySkill[q], near)
			}
		}
	}
	return n
}

// similarityDigits is how exactly a cosine is reported: half precision, as stored, holds no more.
const similarityDigits = 2

// NearestFirst orders by similarity, then by id, so that equal skills come in one order.
func NearestFirst(a, b Near) int {
	return cmp.Or(cmp.Compare(b.Similarity, a.Similarity), cmp.Compare(a.From, b.From))
}

// VectorIndex keeps the vectors of the catalogue.
type VectorIndex interface {
	// IndexedHash is the hash of the texts whose vectors are stored under a model, or nil.
	IndexedHash(ctx context.Context, model string) ([]byte, error)
	// SaveIndex replaces the vectors of a model.
	SaveIndex(ctx context.Context, ix Index) error
}

// Index is the vectors of a catalogue under one model.
type Index struct {
	Model      string
	Dimensions int
	Hash       []byte // of the texts
	Threshold  float64
	Skills     map[string]embeddings.Vector
	Roles      map[string]embeddings.Vector
	RoleSkills map[string][]string // the skills that each role asks for
	Passages   []catalog.Passage
	Quotable   []embeddings.Vector // of the passages, in their order
}

// PassageText is the text of which a passage's vector is made.
func PassageText(p catalog.Passage) string { return p.Title + ". " + p.Body }

// IndexCatalog stores the vectors of the catalogue under a model, unless those of the same texts are there. It tells whether it had to.
func IndexCatalog(ctx context.Context, c *catalog.Catalog, e embeddings.Embedder, store VectorIndex) (bool, error) {
	sum := sha256.New()
	texts := make([]string, 0, len(c.Roles()))
	for _, r := range c.Roles() {
		texts = append(texts, RoleText(c, r))
		fmt.Fprintf(sum, "role %s %q %d\n", r.ID, texts[len(texts)-1], len(r.Skills))
	}
	for _, s := range c.Skills() {
		fmt.Fprintf(sum, "skill %s %q\n", s.ID, SkillText(s))
	}
	passages := c.Passages()
	quotable := make([]string, len(passages))
	for i, p := range passages {
		quotable[i] = PassageText(p)
		fmt.Fprintf(sum, "passage %s %q\n", p.ID, quotable[i])
	}
	hash := sum.Sum(nil)
	stored, err := store.IndexedHash(ctx, e.Model())
	if err != nil || bytes.Equal(stored, hash) {
		return false, err
	}
	space, err := NewSpace(ctx, c, e)
	if err != nil {
		return false, err
	}
	vectors, err := e.Embed(ctx, texts)
	if err != nil {
		return false, err
	}
	ix := Index{
		Model: e.Model(), Dimensions: e.Dimensions(), Hash: hash, Threshold: space.Threshold, Skills: space.Vectors,
		Roles: map[string]embeddings.Vector{}, RoleSkills: map[string][]string{}, Passages: passages,
	}
	if ix.Quotable, err = e.Embed(ctx, quotable); err != nil {
		return false, err
	}
	for i, r := range c.Roles() {
		ix.Roles[r.ID] = vectors[i]
		for _, q := range r.Skills {
			ix.RoleSkills[r.ID] = append(ix.RoleSkills[r.ID], q.Skill)
		}
	}
	return true, store.SaveIndex(ctx, ix)
}
