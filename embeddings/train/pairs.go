package main

import (
	"cmp"
	"math"
	"slices"

	"github.com/gapwise/gapwise/embeddings/model"
)

// How the table of what goes with what is fitted.
const (
	nextAround  = 160 // items that may speak for another
	nextRidge   = 3.0
	nextPower   = 0.4 // of the conditional probability of the target
	nextPopular = 0.2 // power of the target's count that it is divided by
	nextFitted  = 0.7 // of the regression beside it
	nextSpecial = 0.1 // power of the given item's count that both are divided by: what is rare says more
)

// fitNext finds, for each item, which others speak for it: a ridge regression of being in a list on what else is in it, over the items
// that stand with it most often (after Ning and Karypis, "SLIM: Sparse Linear Methods for Top-N Recommender Systems", 2011, and Steck,
// "Embarrassingly Shallow Autoencoders for Sparse Data", 2019).
func fitNext(lists [][]string, o settings) model.Pairs {
	count := map[string]int{}
	for _, l := range lists {
		for _, s := range l {
			count[s]++
		}
	}
	var names []string
	for s, c := range count {
		if c >= o.minCount {
			names = append(names, s)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Compare(model.Hash(a), model.Hash(b)) })
	names = names[:min(len(names), math.MaxUint16)]
	id := map[string]int32{}
	for i, s := range names {
		id[s] = int32(i)
	}
	together := make([]map[int32]float64, len(names))
	for i := range together {
		together[i] = map[int32]float64{}
	}
	for _, l := range lists {
		var in []int32
		for _, s := range l {
			if i, ok := id[s]; ok {
				in = append(in, i)
			}
		}
		for _, a := range in {
			for _, b := range in {
				together[a][b]++
			}
		}
	}
	type link struct {
		to     int32
		weight float64
	}
	into := make([][]link, len(names)) // for each target, who speaks for it
	parallel(len(names), o.workers, func(t int) {
		target := int32(t) //nolint:gosec // G115: at most 65535
		var from []int32
		for i := range together[t] {
			if i != target {
				from = append(from, i)
			}
		}
		affinity := func(i int32) float64 { return together[t][i] / math.Sqrt(together[i][i]) }
		slices.SortFunc(from, func(a, b int32) int { return cmp.Or(cmp.Compare(affinity(b), affinity(a)), cmp.Compare(a, b)) })
		from = from[:min(len(from), nextAround)]
		for k, w := range ridge(together, from, target) {
			if w > 0 || w < -0.01 {
				into[t] = append(into[t], link{from[k], w})
			}
		}
		slices.SortFunc(into[t], func(a, b link) int {
			return cmp.Or(cmp.Compare(math.Abs(b.weight), math.Abs(a.weight)), cmp.Compare(a.to, b.to))
		})
		into[t] = into[t][:min(len(into[t]), nextAround)]
	})
	fitted := make([]map[int32]float64, len(names))
	for i := range fitted {
		fitted[i] = map[int32]float64{}
	}
	for t, ls := range into {
		for _, l := range ls {
			fitted[l.to][int32(t)] = l.weight
		}
	}
	out := make([][]link, len(names))
	parallel(len(names), o.workers, func(g int) {
		for j, c := range together[g] {
			if int(j) == g {
				continue
			}
			self := together[g][int32(g)] //nolint:gosec // G115: at most 65535
			w := math.Pow(c/self, nextPower)/math.Pow(together[j][j], nextPopular) + nextFitted*fitted[g][j]
			w /= math.Pow(self, nextSpecial)
			if w > 0 {
				out[g] = append(out[g], link{j, w})
			}
		}
		slices.SortFunc(out[g], func(a, b link) int { return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.to, b.to)) })
		out[g] = out[g][:min(len(out[g]), o.maxNext)]
	})
	p := model.Pairs{Starts: []uint32{0}}
	for i, s := range names {
		p.Keys = append(p.Keys, model.Hash(s))
		p.Counts = append(p.Counts, uint16(min(count[s], math.MaxUint16))) //nolint:gosec // G115: bounded
		largest := 1e-9
		for _, l := range out[i] {
			largest = max(largest, math.Abs(l.weight))
		}
		unit := largest / 127
		p.Units = append(p.Units, float32(unit))
		for _, l := range out[i] {
			p.Items = append(p.Items, uint16(l.to))                                 //nolint:gosec // G115: at most 65535
			p.Weights = append(p.Weights, byte(int(math.Round(l.weight/unit))+128)) //nolint:gosec // G115: 1 to 255
		}
		p.Starts = append(p.Starts, uint32(len(p.Items))) //nolint:gosec // G115: a few million
	}
	return p
}

// ridge solves the regression of target on the items from.
func ridge(together []map[int32]float64, from []int32, target int32) []float64 {
	n := len(from)
	a, x := make([]float64, n*n), make([]float64, n)
	for i, f := range from {
		for j := range i + 1 {
			a[i*n+j] = together[f][from[j]]
			a[j*n+i] = a[i*n+j]
		}
		a[i*n+i] += nextRidge
		x[i] = together[f][target]
	}
	l := cholesky(a, n)
	for i := range n {
		for j := range i {
			x[i] -= float64(l[i*n+j] * x[j])
		}
		x[i] /= l[i*n+i]
	}
	for i := n - 1; i >= 0; i-- {
		for j := i + 1; j < n; j++ {
			x[i] -= float64(l[j*n+i] * x[j])
		}
		x[i] /= l[i*n+i]
	}
	return x
}

// occupations makes the table of what occupations ask for.
func occupations(s *sources) model.Occupations {
	labels := map[string]bool{}
	for _, o := range s.occupations {
		for _, k := range slices.Concat(o.essential, o.optional) {
			labels[model.Fold(k)] = true
		}
	}
	t := model.Occupations{Starts: []uint32{0}}
	for k := range labels {
		t.Skills = append(t.Skills, model.Hash(k))
	}
	slices.Sort(t.Skills)
	for _, o := range s.occupations {
		titles := []string{o.Label}
		for _, a := range o.Alts {
			if a != o.Label {
				titles = append(titles, a)
			}
		}
		t.Titles = append(t.Titles, titles)
		group := 0
		for _, c := range o.ISCO[:min(4, len(o.ISCO))] {
			group = group*10 + int(c-'0')
		}
		t.Groups = append(t.Groups, uint16(group))
		for _, list := range [][]string{o.essential, o.optional} {
			for _, k := range list {
				t.Asks = append(t.Asks, uint16(t.Find(model.Fold(k)))) //nolint:gosec // G115: some 13,000 skills
			}
			t.Starts = append(t.Starts, uint32(len(t.Asks))) //nolint:gosec // G115: some 100,000
		}
	}
	return t
}
