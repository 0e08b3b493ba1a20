package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/gapwise/gapwise/internal/linkdev"
	"github.com/gapwise/gapwise/skill"
)

// linking measures how well texts are linked to ESCO, all of whose skills are ranked: RP@5 (hits among the first five, over five or the number of
// right ones) and MRR, on cases that neither words nor weights were learned from.
//
// "Sentences" are synthetic sentences of postings with ESCO's labels (the development set of JobSkape); other sentences of the same kind taught
// the words, and all their labels are in the memory, which real postings' will not be: so the same sentences stand there a second
// time, linked without the memory. "Names in postings" are what postings call skills and ESCO has as a form; that form is taken out of ESCO, so that the concept has
// to be found by its others. "Alternative names" are the same with names drawn evenly from ESCO. The built-in embedder has seen the names that are
// taken out, so these two flatter the vectors, whose weights are not fitted on them. The baseline is the cosine of TF-IDF vectors
// over name, forms and description.
func linking(_ context.Context, b *bench) ([]figure, error) {
	concepts, err := linkdev.ESCO(b.data)
	if err != nil {
		return nil, missing(err)
	}
	split, err := linkdev.HoldOut(b.data, concepts)
	if err != nil {
		return nil, missing(err)
	}
	sentences, err := linkdev.Sentences(b.data, "skillskape_dev")
	if err != nil {
		return nil, missing(err)
	}
	linker, plain := skill.NewLinker(split.Concepts), linkdev.NewNaive(split.Concepts)
	bare := skill.ShippedLinkModel()
	bare.Memory = nil
	forgetful := skill.NewLinkerOf(split.Concepts, &bare)
	var out []figure
	for _, set := range []struct {
		name   string
		linker *skill.Linker
		cases  []linkdev.Case
		must   float64
	}{
		{"sentences", linker, sentences, 0},
		{"sentences, without memory", forgetful, sentences, 0},
		{"names in postings", linker, split.Named, 0.62},
		{"alternative names", linker, split.Alternatives, 0},
	} {
		var ours, naive ranking
		for _, c := range set.cases {
			if !c.Reported() {
				continue
			}
			links := set.linker.Link(c.Text, 100)
			ranked := make([]string, len(links))
			for i, l := range links {
				ranked[i] = l.ID
			}
			ours.add(c, ranked)
			if b.verbose && ours.lastMissed {
				fmt.Fprintf(b.stderr, "%s: %q gave %v, not %v\n", set.name, c.Text, names(links[:min(5, len(links))]), c.Gold)
			}
			ranked = ranked[:0]
			order := plain.Rank(c.Text)
			for _, i := range order[:min(100, len(order))] {
				ranked = append(ranked, split.Concepts[i].ID)
			}
			naive.add(c, ranked)
		}
		out = append(
			out,
			figure{"ESCO, " + set.name + ": RP@5", fmt.Sprintf("%.3f", naive.precision()), ours.precision(), set.must, false, 3},
			figure{"ESCO, " + set.name + ": MRR", fmt.Sprintf("%.3f", naive.reciprocal()), ours.reciprocal(), 0, false, 3},
		)
	}
	return out, nil
}

// ranking sums up the measures of ranked lists.
type ranking struct {
	n          int
	rp, rr     float64
	lastMissed bool
}

func (r *ranking) add(c linkdev.Case, ranked []string) {
	r.n++
	hits, best := 0, 0
	for i, id := range ranked {
		if !slices.Contains(c.Gold, id) {
			continue
		}
		if i < 5 {
			hits++
		}
		if best == 0 {
			best = i + 1
		}
	}
	r.lastMissed = hits == 0
	r.rp += float64(hits) / float64(min(5, len(c.Gold)))
	if best > 0 {
		r.rr += 1 / float64(best)
	}
}

func (r *ranking) precision() float64  { return r.rp / float64(max(r.n, 1)) }
func (r *ranking) reciprocal() float64 { return r.rr / float64(max(r.n, 1)) }

func names(links []skill.Link) []string {
	out := make([]string, len(links))
	for i, l := range links {
		out[i] = l.Name
	}
	return out
}

// aliasing measures how often another name leads to the canonical one at the first place, for names that the catalogue has not: the
// taxonomy is the canonical names of the set, and no alias is known. Only the half of the pairs that no weight was fitted on counts. The baseline is the
// same as above.
func aliasing(_ context.Context, b *bench) ([]figure, error) {
	aliases, err := linkdev.Aliases(b.data)
	if err != nil {
		return nil, missing(err)
	}
	var right, naive, all float64
	for _, set := range []string{"explore", "stackoverflow"} {
		concepts, cases := linkdev.AliasCases(aliases, set, b.catalog)
		linker, plain := skill.NewLinker(concepts), linkdev.NewNaive(concepts)
		for _, c := range cases {
			if !c.Reported() {
				continue
			}
			all++
			got := linker.Link(c.Text, 1)
			if len(got) > 0 && got[0].ID == c.Gold[0] {
				right++
			} else if b.verbose {
				fmt.Fprintf(b.stderr, "%s: %q gave %v, not %v\n", set, c.Text, names(got), c.Gold)
			}
			if order := plain.Rank(c.Text); len(order) > 0 && concepts[order[0]].ID == c.Gold[0] {
				naive++
			}
		}
	}
	return []figure{{"aliases that are not shipped: accuracy@1", fmt.Sprintf("%.3f", naive/all), right / all, 0.62, false, 3}}, nil
}

// missing marks a file that is not there as such.
func missing(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) && errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %s", errMissing, filepath.Base(path.Path))
	}
	return err
}
