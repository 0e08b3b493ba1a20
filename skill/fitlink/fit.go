package main

import (
	"fmt"
	"math"
	"slices"

	"github.com/gapwise/gapwise/internal/linkdev"
	"github.com/gapwise/gapwise/skill"
)

// set is the cases of one kind, with the taxonomy to link to.
type set struct {
	name     string
	linker   *skill.Linker
	concepts []skill.Concept
	cases    []linkdev.Case
	weight   float64
	even     bool // drawn evenly from the taxonomy: says nothing of what is asked for in postings
	known    bool // the built-in embedder was trained on these very names: says nothing of what its vectors are worth
	seen     []example
}

// example is a case as the linear model sees it.
type example struct {
	reported   bool
	phrase     float64
	exact      []bool
	features   [][skill.NumLinkFeatures]float64
	gold       []int // indices of the candidates that are right
	goldNumber int
	near       []int // the candidates that come near being first; all until pruned
}

// measure computes the features of every case.
func (s *set) measure() {
	for _, c := range s.cases {
		e := example{reported: c.Reported(), goldNumber: len(c.Gold)}
		evidence := s.linker.Evidence(c.Text)
		slices.SortFunc(evidence, func(a, b skill.Evidence) int { return int(a.Concept - b.Concept) })
		for i, x := range evidence {
			e.phrase = x.Phrase
			e.features = append(e.features, x.Features)
			e.exact = append(e.exact, x.Exact)
			e.near = append(e.near, i)
			if slices.Contains(c.Gold, s.concepts[x.Concept].ID) {
				e.gold = append(e.gold, i)
			}
		}
		s.seen = append(s.seen, e)
	}
}

const both = 2 * skill.NumLinkFeatures

// score is the linear model's, for weights of a phrase and then of a sentence.
func (e *example) score(i int, w *[both]float64) float64 {
	sum := 0.0
	for f, x := range e.features[i] {
		if x != 0 {
			sum += x * (e.phrase*w[f] + (1-e.phrase)*w[f+skill.NumLinkFeatures])
		}
	}
	return sum
}

// Constants of the descent (Kingma and Ba, "Adam", 2015).
const (
	steps  = 150
	rate   = 0.2
	ridge  = 2e-4
	beta1  = 0.9
	beta2  = 0.99
	margin = 1e-9

	pruneAt = 30 // step after which only what comes near being first is looked at
	pruneTo = 60
)

// fit finds the weights under which what is right is likeliest among the candidates (a softmax over the list: Cao et al., "Learning to Rank:
// From Pairwise Approach to Listwise Approach", 2007), and then the line that makes a score a chance.
func fit(sets []*set, into *skill.LinkWeights, drop string) {
	var w, m, v [both]float64
	for f := range w {
		if skill.LinkFeatureNames()[f%skill.NumLinkFeatures] != drop {
			w[f] = 1
		}
	}
	for step := 1; step <= steps; step++ {
		var g [both]float64
		if step == pruneAt {
			prune(sets, &w)
		}
		for _, s := range sets {
			s.gradient(&w, &g)
		}
		for f := range w {
			if skill.LinkFeatureNames()[f%skill.NumLinkFeatures] == drop {
				continue
			}
			g[f] += ridge * w[f]
			m[f] = beta1*m[f] + (1-beta1)*g[f]
			v[f] = beta2*v[f] + (1-beta2)*g[f]*g[f]
			mh, vh := m[f]/(1-math.Pow(beta1, float64(step))), v[f]/(1-math.Pow(beta2, float64(step)))
			w[f] -= rate * mh / (math.Sqrt(vh) + margin)
		}
	}
	copy(into.Phrase[:], w[:skill.NumLinkFeatures])
	copy(into.Sentence[:], w[skill.NumLinkFeatures:])
	calibrate(sets, &w, into)
}

// prune keeps the candidates with the highest scores, and those that are right.
func prune(sets []*set, w *[both]float64) {
	for _, s := range sets {
		for i := range s.seen {
			e := &s.seen[i]
			order := e.order(w)
			e.near = append([]int{}, order[:min(len(order), pruneTo)]...)
			for _, g := range e.gold {
				if !slices.Contains(e.near, g) {
					e.near = append(e.near, g)
				}
			}
		}
	}
}

// gradient adds the gradient of a set's loss, as a mean over its cases.
func (s *set) gradient(w, g *[both]float64) {
	n := 0
	for i := range s.seen {
		if e := &s.seen[i]; !e.reported && len(e.gold) > 0 {
			n++
		}
	}
	p := []float64{}
	for i := range s.seen {
		e := &s.seen[i]
		if e.reported || len(e.gold) == 0 {
			continue
		}
		p = p[:0]
		top := math.Inf(-1)
		for i, j := range e.near {
			p = append(p, e.score(j, w))
			top = max(top, p[i])
		}
		sum := 0.0
		for j := range p {
			p[j] = math.Exp(p[j] - top)
			sum += p[j]
		}
		for i, j := range e.near {
			d := p[i] / sum
			if slices.Contains(e.gold, j) {
				d -= 1 / float64(len(e.gold))
			}
			d *= s.weight / float64(n)
			for f, x := range e.features[j] {
				if unfit := s.even && skill.LinkPrior(f) || s.known && skill.LinkVector(f); x != 0 && !unfit {
					g[f] += d * x * e.phrase
					g[f+skill.NumLinkFeatures] += d * x * (1 - e.phrase)
				}
			}
		}
	}
}

// calibrate fits, on the first of each list, the chance that it is right (Platt, "Probabilistic Outputs for Support Vector Machines", 1999),
// for phrases and for sentences.
func calibrate(sets []*set, w *[both]float64, into *skill.LinkWeights) {
	type first struct{ score, right, phrase, weight float64 }
	var firsts []first
	for _, s := range sets {
		for i := range s.seen {
			e := &s.seen[i]
			if e.reported || len(e.features) == 0 {
				continue
			}
			j := e.order(w)[0]
			x := first{score: e.score(j, w), phrase: e.phrase, weight: s.weight / float64(len(s.seen))}
			if slices.Contains(e.gold, j) {
				x.right = 1
			}
			if !e.exact[j] {
				firsts = append(firsts, x)
			}
		}
	}
	for kind := range 2 {
		var points []point
		for _, x := range firsts {
			share := x.phrase
			if kind == 1 {
				share = 1 - x.phrase
			}
			points = append(points, point{x.score, x.right, x.weight * share})
		}
		into.Slope[kind], into.Offset[kind] = logistic(points)
	}
}

type point struct{ x, y, weight float64 }

// logistic fits the line of a logistic regression by Newton's method.
func logistic(points []point) (a, b float64) {
	for range 30 {
		var ga, gb, haa, hab, hbb float64
		for _, p := range points {
			q := 1 / (1 + math.Exp(-a*p.x-b))
			d, h := p.weight*(p.y-q), p.weight*(q*(1-q)+1e-6)
			ga, gb = ga+d*p.x, gb+d
			haa, hab, hbb = haa+h*p.x*p.x, hab+h*p.x, hbb+h
		}
		det := haa*hbb - hab*hab
		if det == 0 {
			break
		}
		a += (hbb*ga - hab*gb) / det
		b += (haa*gb - hab*ga) / det
	}
	return a, b
}

// order is the candidates, best first, exact ones before all, ties against ourselves.
func (e *example) order(w *[both]float64) []int {
	out := make([]int, len(e.features))
	scores := make([]float64, len(out))
	for i := range out {
		out[i] = i
		scores[i] = e.score(i, w)
		if e.exact[i] {
			scores[i] += 1e6
		}
		if slices.Contains(e.gold, i) {
			scores[i] -= 1e-9
		}
	}
	slices.SortFunc(out, func(a, b int) int {
		switch {
		case scores[a] > scores[b]:
			return -1
		case scores[a] < scores[b]:
			return 1
		}
		return a - b
	})
	return out
}

// report is RP@5, MRR, accuracy@1 and how often a right one is among the candidates at all, over the reported half.
func (s *set) report(weights *skill.LinkWeights) string {
	var w [both]float64
	copy(w[:], weights.Phrase[:])
	copy(w[skill.NumLinkFeatures:], weights.Sentence[:])
	var n, rp, mrr, first, found float64
	for i := range s.seen {
		e := &s.seen[i]
		if !e.reported || e.goldNumber == 0 {
			continue
		}
		n++
		found += float64(len(e.gold)) / float64(e.goldNumber)
		hits := 0
		best := 0
		for rank, j := range e.order(&w) {
			if slices.Contains(e.gold, j) {
				if rank < 5 {
					hits++
				}
				if best == 0 {
					best = rank + 1
				}
			}
		}
		rp += float64(hits) / float64(min(5, e.goldNumber))
		if best > 0 {
			mrr += 1 / float64(best)
		}
		if best == 1 {
			first++
		}
	}
	return fmt.Sprintf("%-26s RP@5 %.3f  MRR %.3f  accuracy@1 %.3f  among candidates %.3f  of %.0f", s.name, rp/n, mrr/n, first/n, found/n, n)
}

// sure says, over the reported half, how often the first link is right where its chance is at least so much, and how many such there are.
func sure(sets []*set, weights *skill.LinkWeights, least float64) string {
	var w [both]float64
	copy(w[:], weights.Phrase[:])
	copy(w[skill.NumLinkFeatures:], weights.Sentence[:])
	var n, right, all float64
	for _, s := range sets {
		for i := range s.seen {
			e := &s.seen[i]
			if !e.reported || len(e.features) == 0 {
				continue
			}
			all++
			first := e.order(&w)[0]
			line := (e.phrase*weights.Slope[0]+(1-e.phrase)*weights.Slope[1])*e.score(first, &w) + e.phrase*weights.Offset[0] + (1-e.phrase)*weights.Offset[1]
			if 1/(1+math.Exp(-line)) < least && !e.exact[first] {
				continue
			}
			n++
			if slices.Contains(e.gold, first) {
				right++
			}
		}
	}
	return fmt.Sprintf("chance >= %.1f: %.3f right of %.0f, %.3f of all", least, right/n, n, n/all)
}
