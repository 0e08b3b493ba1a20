package gapanalysis

import (
	"context"
	"slices"
	"sync"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/skill"
)

// SkillVectors reads the vectors of the catalogue's skills under a model, and from which cosine on two are near.
type SkillVectors interface {
	SkillVectors(ctx context.Context, model string) (map[string]embeddings.Vector, float64, error)
}

// nearSkills answers for all skills of the catalogue at once which of a person's are near: a page of matches asks about some five hundred of
// them, for each of which the database would compare every skill of the person. What is near to a skill is found once. With 1,400 skills
// of 256 dimensions the vectors take 1.5 MB.
type nearSkills struct {
	mu     sync.Mutex
	source SkillVectors
	model  string
	space  Space
	near   map[string][]Near // by a skill that is held: the others near to it
}

// of is the nearness of what a profile holds to any skill. Of those that are not near nothing is said.
func (n *nearSkills) of(ctx context.Context, model string, p *skill.Profile) (Nearness, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.model != model || len(n.space.Vectors) == 0 {
		vectors, threshold, err := n.source.SkillVectors(ctx, model)
		if err != nil {
			return Nearness{}, err
		}
		n.model, n.space, n.near = model, Space{Model: model, Threshold: threshold, Vectors: vectors}, map[string][]Near{}
	}
	out := Nearness{Model: model, Threshold: n.space.Threshold, BySkill: map[string][]Near{}}
	for _, c := range p.Claims {
		if c.ID == nil || c.Status == skill.StatusRejected || c.Level < catalog.LevelAwareness {
			continue
		}
		list, ok := n.near[*c.ID]
		if !ok {
			list = n.space.around(*c.ID)
			n.near[*c.ID] = list
		}
		for _, to := range list {
			out.BySkill[to.From] = append(out.BySkill[to.From], Near{From: *c.ID, Similarity: to.Similarity})
		}
	}
	for _, list := range out.BySkill {
		slices.SortFunc(list, NearestFirst)
	}
	return out, nil
}

// around are the skills near to one.
func (sp *Space) around(id string) []Near {
	v, ok := sp.Vectors[id]
	if !ok {
		return nil
	}
	var out []Near
	for other, w := range sp.Vectors {
		if other == id {
			continue
		}
		if s := round(embeddings.Cosine(v, w), similarityDigits); s >= sp.Threshold {
			out = append(out, Near{From: other, Similarity: s})
		}
	}
	return out
}
