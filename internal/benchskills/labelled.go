package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/gapwise/gapwise/internal/labelled"
)

// labelledDir holds the labelled resumes of the tree, from the root of the module.
var labelledDir = filepath.Join("skill", "testdata", "resumes")

// labelledResumes measures the product's own way from a plain text file to levels over the labelled resumes of the tree, by half: the
// rules were written beside the first twenty, and the others were only measured.
//
// "skills" counts distinct skills of a resume, those that the catalogue lacks too, and "skills of the catalogue" only the others; "skills with level" asks for a level within one of the label
// besides; "mentions" counts places. The baseline takes every alias in any context for the skill, at level 3.
func labelledResumes(ctx context.Context, b *bench) ([]figure, error) {
	resumes, err := labelled.Load(os.DirFS(labelledDir), b.catalog.HasSkill)
	if err != nil {
		fmt.Fprintln(b.stderr, err)
	}
	if len(resumes) == 0 {
		return nil, fmt.Errorf("%w: %s", errMissing, labelledDir)
	}
	naive := labelled.NewNaive(b.catalog)
	var ours, base, listed [2]labelled.Score
	var count [2]int
	for _, r := range resumes {
		doc, mentions, err := r.Document(ctx)
		if err != nil {
			return nil, err
		}
		p := b.finder.Extract(doc, r.AsOf)
		found := labelled.FoundBy(&p)
		half := 0
		if r.HeldOut() {
			half = 1
		}
		count[half]++
		ours[half].Add(r.Compare(mentions, found))
		base[half].Add(r.Compare(mentions, naive.Find(doc.Text)))
		known, marks, kept := r.Listed(mentions, found)
		listed[half].Add(known.Compare(marks, kept))
		if b.verbose && half == 0 { // nobody is to look at the others
			b.listLabelled(r, []rune(doc.Text), mentions, found)
		}
	}
	var out []figure
	for half, name := range []string{"labelled 01–20", "labelled 21–40, held out"} {
		if count[half] > 0 {
			out = append(out, labelledFigures(fmt.Sprintf("%s (%d)", name, count[half]), &ours[half], &base[half], &listed[half])...)
		}
	}
	return out, nil
}

func labelledFigures(name string, o, n, listed *labelled.Score) []figure {
	line := func(what string, naive, got, must float64) figure {
		return figure{name: name + ": " + what, naive: fmt.Sprintf("%.3f", naive), got: got, must: must, precision: 3}
	}
	distance := line("mean distance of levels", n.MeanDistance(), o.MeanDistance(), 0)
	return []figure{
		line("skills, precision", n.Skills.Precision(), o.Skills.Precision(), 0),
		line("skills, recall", n.Skills.Recall(), o.Skills.Recall(), 0),
		line("skills, F1", n.Skills.F1(), o.Skills.F1(), 0.9),
		{name: name + ": skills of the catalogue, F1", got: listed.Skills.F1(), precision: 3},
		line("skills with level, F1", n.Levelled.F1(), o.Levelled.F1(), 0.9),
		line("mentions, precision", n.Mentions.Precision(), o.Mentions.Precision(), 0),
		line("mentions, recall", n.Mentions.Recall(), o.Mentions.Recall(), 0),
		line("level exact", n.ExactShare(), o.ExactShare(), 0),
		line("level within one", n.WithinOneShare(), o.WithinOneShare(), 0.9),
		distance,
		line("level bias", n.Bias(), o.Bias(), 0),
	}
}

// listLabelled says what of one resume was got wrong.
func (b *bench) listLabelled(r *labelled.Resume, text []rune, mentions []labelled.Mention, f labelled.Found) {
	words := func(m labelled.Mention) string {
		return fmt.Sprintf("%s «%s» in «%s»", m.Key, string(text[m.Start:m.End]), string(text[max(0, m.Start-40):min(len(text), m.End+40)]))
	}
	fmt.Fprintf(b.stderr, "== %s\n", r.Name)
	for _, m := range labelled.Without(mentions, f.Mentions) {
		fmt.Fprintf(b.stderr, "%s: missed %q\n", r.Name, words(m))
	}
	for _, m := range labelled.Without(f.Mentions, mentions) {
		fmt.Fprintf(b.stderr, "%s: false %q\n", r.Name, words(m))
	}
	var keys []string
	for key := range r.Levels {
		if got, ok := f.Levels[key]; ok && got != r.Levels[key] {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, func(x, y string) int {
		return cmp.Or(cmp.Compare(f.Levels[x]-r.Levels[x], f.Levels[y]-r.Levels[y]), cmp.Compare(x, y))
	})
	for _, key := range keys {
		fmt.Fprintf(b.stderr, "%s: level of %s %d, label %d: %s\n", r.Name, key, f.Levels[key], r.Levels[key], f.Why[key])
	}
}
