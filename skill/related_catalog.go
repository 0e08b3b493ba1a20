package skill

import (
	"math"
	"slices"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/embeddings/model"
)

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
		if id := r.forms[model.Fold(n)]; id != "" {
			given = append(given, id)
		} else if l := r.skills.Link(n, 1); len(l) > 0 && l[0].Score >= relatedName {
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
		if slices.Contains(s.Ecosystem, id) {
			better(s.ID, relatedEcosystem)
		}
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
	for _, other := range self.Ecosystem {
		better(other, relatedEcosystem)
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
