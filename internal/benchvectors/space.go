package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/posting"
)

// dimensions is the length of the vectors: of the built-in model, whose shape they have.
const dimensions = 256

// The parts of a vector, as multiples of unit vectors of random direction that are added up before the sum is made a unit vector. They were
// fitted, by random search, to the cosines of the built-in model's vectors of the sample postings: between any two, and from each to those
// nearest to it. The report prints both. The vectors are made and not embedded, since a million texts take long to embed and would be other
// data with every version of the model.
const (
	shareCommon  = 0.413 // what all postings have in common
	shareRole    = 0.450 // what a role's postings have
	shareSkills  = 0.120 // the skills that one asks for; the role's direction has them too
	shareCompany = 0.080 // how a company writes, which makes near-duplicates of its postings for one role
	shareOwn     = 0.670 // everything else
	decay        = 0.600 // of everything else: the n-th axis varies as n to the power of minus this, since texts vary in some ways more than in others
)

// space makes vectors of postings.
type space struct {
	common embeddings.Vector
	roles  []embeddings.Vector          // by the role's place in the catalogue
	skills map[string]embeddings.Vector // by id
	axes   [dimensions]float64
}

// direction is the unit vector of a name.
func direction(name string) embeddings.Vector {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // a hash never fails to write
	v := make(embeddings.Vector, dimensions)
	gaussian(v, rand.New(rand.NewPCG(seed, h.Sum64())), 1) //nolint:gosec // G404: the same in every run
	return embeddings.Normalise(v)
}

func newSpace(roles []*catalog.Role) *space {
	s := &space{common: direction("common"), skills: map[string]embeddings.Vector{}, axes: axesOf()}
	for _, r := range roles {
		v := make(embeddings.Vector, dimensions)
		for _, k := range r.Skills {
			if s.skills[k.Skill] == nil {
				s.skills[k.Skill] = direction("skill " + k.Skill)
			}
			add(v, s.skills[k.Skill], k.Weight)
		}
		embeddings.Normalise(v)
		add(v, direction("role "+r.ID), 1)
		s.roles = append(s.roles, embeddings.Normalise(v))
	}
	return s
}

// vector is that of a posting for a role that asks for skills, at a company.
func (s *space) vector(rng *rand.Rand, role int, skills []string, company int) embeddings.Vector {
	v := make(embeddings.Vector, dimensions)
	add(v, s.common, shareCommon)
	add(v, s.roles[role], shareRole)
	for _, id := range skills {
		add(v, s.skills[id], shareSkills/math.Sqrt(float64(len(skills))))
	}
	gaussian(v, rand.New(rand.NewPCG(seed, uint64(company))), shareCompany) //nolint:gosec // G404, G115: the same in every run
	s.uneven(v, rng, shareOwn)
	return embeddings.Normalise(v)
}

func add(to, v embeddings.Vector, times float64) {
	for i, x := range v {
		to[i] += float32(times) * x
	}
}

// gaussian adds a vector of random direction and about the given length.
func gaussian(to embeddings.Vector, rng *rand.Rand, length float64) {
	scale := length / math.Sqrt(dimensions)
	for i := range to {
		to[i] += float32(scale * rng.NormFloat64())
	}
}

// uneven is gaussian, but with axes that vary more than others.
func (s *space) uneven(to embeddings.Vector, rng *rand.Rand, length float64) {
	for i := range to {
		to[i] += float32(length * s.axes[i] * rng.NormFloat64())
	}
}

// axesOf are the standard deviations of the axes of a vector of length 1.
func axesOf() (out [dimensions]float64) {
	var sum float64
	for i := range out {
		out[i] = math.Pow(float64(i+1), -decay)
		sum += out[i] * out[i]
	}
	for i := range out {
		out[i] /= math.Sqrt(sum)
	}
	return out
}

// sampleVectors are those of the sample postings by the built-in model.
func sampleVectors(ctx context.Context, c *catalog.Catalog) ([]embeddings.Vector, error) {
	var texts []string
	lines := bufio.NewScanner(bytes.NewReader(c.SamplePostings()))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var p struct{ Title, Description string }
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			return nil, fmt.Errorf("read a sample posting: %w", err)
		}
		texts = append(texts, (&posting.Posting{Title: p.Title, Description: p.Description}).Text())
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read the sample postings: %w", err)
	}
	return embeddings.Builtin{}.Embed(ctx, texts)
}

// shape is how a set of vectors lies, by the 10th, 50th and 90th percentile of cosines.
type shape struct {
	Vectors int        `json:"vectors"`
	Pairs   [3]float64 `json:"between_any_two"`
	Nearest [3]float64 `json:"to_the_nearest"`
	Tenth   [3]float64 `json:"to_the_tenth_nearest"`
}

func shapeOf(vectors []embeddings.Vector) shape {
	var pairs, nearest, tenth []float64
	for i, v := range vectors {
		var row []float64
		for j, w := range vectors {
			if i != j {
				row = append(row, embeddings.Cosine(v, w))
			}
		}
		pairs = append(pairs, row...)
		slices.SortFunc(row, func(a, b float64) int { return cmp.Compare(b, a) })
		nearest, tenth = append(nearest, row[0]), append(tenth, row[min(9, len(row)-1)])
	}
	three := func(v []float64) [3]float64 {
		return [3]float64{percentile(v, 0.1), percentile(v, 0.5), percentile(v, 0.9)}
	}
	return shape{len(vectors), three(pairs), three(nearest), three(tenth)}
}
