package skill

import (
	"cmp"
	"math"
	"slices"

	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/embeddings/model"
)

// How occupations vote on the skills of a title. Chosen on occupations whose skills were held out: a tenth at random, and whole unit groups.
const (
	voteVoters      = 60
	voteTemperature = 0.17 // of the cosine
	voteGroup       = 0.3  // for an occupation of the same unit group of ISCO-08
	voteOptional    = 0.1  // for a skill that is only optional
	voteNobody      = 0.6  // the nearness of one more voter who wants nothing: where all are far, votes say little
)

// occupations are the occupations of a model with the vectors of their titles.
type occupations struct {
	tables    *model.Model
	byTitle   map[string]int
	centroids []embeddings.Vector // of all titles of each; the label counts as much as all others
}

func newOccupations(m *model.Model) *occupations {
	o := &occupations{tables: m, byTitle: map[string]int{}, centroids: make([]embeddings.Vector, len(m.Occupations.Titles))}
	for i, titles := range m.Occupations.Titles { // a label goes before another's other name
		o.byTitle[model.Fold(titles[0])] = i
	}
	for i, titles := range m.Occupations.Titles {
		v := make(embeddings.Vector, model.Dimensions)
		for k, t := range titles {
			if f := model.Fold(t); k > 0 {
				if _, taken := o.byTitle[f]; !taken {
					o.byTitle[f] = i
				}
			}
			weight := float32(1)
			if k > 0 {
				weight = 1 / float32(len(titles)-1)
			}
			u := make(embeddings.Vector, model.Dimensions)
			m.Compose(u, t)
			for j := range v {
				v[j] += weight * u[j]
			}
		}
		o.centroids[i] = embeddings.Normalise(v)
	}
	return o
}

// find is the occupation of a folded title, -1 for none.
func (o *occupations) find(folded string) int {
	if i, ok := o.byTitle[folded]; ok {
		return i
	}
	return -1
}

// votes is, for each skill of the table, how many of the occupations that are nearest to a title need it, each counted by how near it is,
// as a share of all votes. The title is that of an occupation, or, where job is -1, any.
func (o *occupations) votes(job int, title string) []float64 {
	t := &o.tables.Occupations
	v := make(embeddings.Vector, model.Dimensions)
	if job >= 0 {
		v = o.centroids[job]
	} else {
		o.tables.Compose(v, title)
	}
	type voter struct {
		job  int
		near float64
	}
	var voters []voter
	for i, c := range o.centroids {
		if len(t.Essential(i)) == 0 {
			continue
		}
		near := embeddings.Cosine(v, c)
		if job >= 0 {
			near += voteGroup * sameGroup(t.Groups[job], t.Groups[i])
		}
		voters = append(voters, voter{i, near})
	}
	slices.SortFunc(voters, func(a, b voter) int { return cmp.Or(cmp.Compare(b.near, a.near), cmp.Compare(a.job, b.job)) })
	voters = voters[:min(len(voters), voteVoters)]
	out := make([]float64, len(t.Skills))
	sum := math.Exp((voteNobody - 1) / voteTemperature)
	for _, x := range voters {
		w := math.Exp((x.near - 1) / voteTemperature)
		sum += w
		for _, s := range t.Essential(x.job) {
			out[s] += w
		}
		for _, s := range t.Optional(x.job) {
			out[s] += w * voteOptional
		}
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}

// sameGroup is how much of ISCO-08 two unit groups share: the fourth power of the share of leading digits.
func sameGroup(a, b uint16) float64 {
	for digits, div := 4.0, uint16(1); digits > 0; digits, div = digits-1, div*10 {
		if a/div == b/div {
			return math.Pow(digits/4, 4)
		}
	}
	return 0
}
