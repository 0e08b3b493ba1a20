package skill

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/embeddings"
)

// What a relation between two skills is worth. The strongest of those that hold counts, and the vectors break ties.
const (
	relatedParent   = 0.75
	relatedSibling  = 0.55
	relatedRequires = 0.70
	relatedRole     = 0.65 // for a skill that weighs as much as any in a role that has both
	relatedVector   = 0.35
	relatedName     = 0.6 // how sure a loose reading of a name must be
	titleSure       = 0.75
)

// Relater finds what goes with skills or with a job title.
type Relater struct {
	catalog  *catalog.Catalog
	embedder embeddings.Embedder
	skills   *Linker
	titles   *Linker
}

// NewRelater makes a relater over a catalogue.
func NewRelater(c *catalog.Catalog, e embeddings.Embedder) *Relater {
	titles := make([]Concept, len(c.Roles()))
	for i, r := range c.Roles() {
		titles[i] = Concept{ID: r.ID, Name: r.Name, Forms: r.Aliases}
	}
	return &Relater{catalog: c, embedder: e, skills: NewLinker(CatalogConcepts(c)), titles: NewLinker(titles)}
}

// Related is the k skills that go best with what is given: tab-separated names of skills, or one job title. With candidates, it is
// those that are ranked, by name.
func (r *Relater) Related(ctx context.Context, given string, candidates []string, k int) ([]Link, error) {
	names := strings.Split(given, "\t")
	scores := r.fromCatalog(names)
	vector, err := r.embedder.Embed(ctx, []string{strings.Join(names, ". ")})
	if err != nil {
		return nil, err
	}
	type target struct{ id, name, skill, text string }
	var targets []target
	if candidates == nil {
		for _, s := range r.catalog.Skills() {
			targets = append(targets, target{s.ID, s.Name, s.ID, s.Name + ". " + s.Description})
		}
	}
	for _, c := range candidates {
		t := target{id: c, name: c, text: c}
		if l := r.skills.Link(c, 1); len(l) > 0 && l[0].Score >= relatedName {
			t.skill = l[0].ID
			if s, err := r.catalog.Skill(t.skill); err == nil {
				t.text += ". " + s.Description
			}
		}
		targets = append(targets, t)
	}
	texts := make([]string, len(targets))
	for i, t := range targets {
		texts[i] = t.text
	}
	vectors, err := r.embedder.Embed(ctx, texts)
	if err != nil {
		return nil, err
	}
	out := make([]Link, 0, len(targets))
	for i, t := range targets {
		if slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(strings.TrimSpace(n), t.name) }) {
			continue // what is given goes without saying
		}
		score := scores[t.skill]
		score += relatedVector * (1 - score) * max(0, embeddings.Cosine(vector[0], vectors[i]))
		if score = math.Round(score*1e4) / 1e4; score > 0 {
			out = append(out, Link{ID: t.id, Name: t.name, Score: score})
		}
	}
	slices.SortFunc(out, func(a, b Link) int { return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.ID, b.ID)) })
	return out[:min(len(out), max(k, 0))], nil
}

// fromCatalog scores the catalogue's skills by their relations to what is given.
func (r *Relater) fromCatalog(names []string) map[string]float64 {
	scores := map[string]float64{}
	better := func(id string, s float64) { scores[id] = max(scores[id], s) }
	var given []string
	for _, n := range names {
		if len(names) == 1 {
			if t := r.titles.Link(n, 1); len(t) > 0 && t[0].Score >= titleSure {
				if role, err := r.catalog.Role(t[0].ID); err == nil {
					byWeight(role, func(id string, share float64) { better(id, share) })
				}
			}
		}
		if l := r.skills.Link(n, 1); len(l) > 0 && l[0].Score >= relatedName {
			given = append(given, l[0].ID)
		}
	}
	each := map[string]float64{}
	for _, id := range given {
		for other, s := range r.around(id) {
			each[other] += s
		}
	}
	for id, s := range each { // what goes with all of them goes before what goes with one
		better(id, s/math.Sqrt(float64(len(given)))/math.Max(1, math.Sqrt(float64(len(given)))))
	}
	for _, id := range given {
		delete(scores, id)
	}
	return scores
}

// around scores the skills around one.
func (r *Relater) around(id string) map[string]float64 {
	scores := map[string]float64{}
	better := func(other string, s float64) {
		if other != id {
			scores[other] = max(scores[other], s)
		}
	}
	self, err := r.catalog.Skill(id)
	if err != nil {
		return scores
	}
	for _, s := range r.catalog.Skills() {
		switch {
		case s.Parent == id || self.Parent == s.ID:
			better(s.ID, relatedParent)
		case s.Parent != "" && s.Parent == self.Parent:
			better(s.ID, relatedSibling)
		}
		for _, t := range r.catalog.TransfersTo(s.ID) {
			if t.From == id {
				better(s.ID, t.Credit)
			}
		}
		for _, q := range r.catalog.Requires(s.ID) {
			if q.Needs == id {
				better(s.ID, relatedRequires)
			}
		}
	}
	for _, t := range r.catalog.TransfersTo(id) {
		better(t.From, t.Credit)
	}
	for _, q := range r.catalog.Requires(id) {
		better(q.Needs, relatedRequires)
	}
	for _, role := range r.catalog.Roles() {
		if slices.ContainsFunc(role.Skills, func(q catalog.Requirement) bool { return q.Skill == id }) {
			byWeight(role, func(other string, share float64) { better(other, relatedRole*share) })
		}
	}
	return scores
}

// byWeight gives each skill of a role its weight as a share of the heaviest one's.
func byWeight(role *catalog.Role, give func(id string, share float64)) {
	heaviest := 0.0
	for _, q := range role.Skills {
		heaviest = max(heaviest, q.Weight)
	}
	for _, q := range role.Skills {
		give(q.Skill, q.Weight/heaviest)
	}
}
