// Command fitoccupations fits the weights of gapanalysis/occupation.tsv: what the skills and words of a resume say of ten occupations.
//
// Its examples are made up of public lists of what jobs ask for. A list is filed by the titles in it, or by at least three marks of one occupation;
// titles are then taken out. As a resume is longer than such a list, an example joins some lists of an occupation and some of its marks, and now
// and then those of a second one. One logistic regression for each occupation is fitted by stochastic gradient descent over the presence of
// features, of unit length. Lists that are held out are never seen. Equal data give an equal table.
package main

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/joblists"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
)

// How the examples are made and fitted.
const (
	examplesEach = 700  // of each occupation
	noneExamples = 700  // of none
	mixed        = 0.3  // share that joins two occupations
	rounds       = 30   // passes
	rate         = 0.6  // step of the first pass
	shrink       = 2e-5 // pull of weights towards nought, a step
	keep         = 1500 // features in the table
	seed         = 20261
)

func main() {
	data := flag.String("data", filepath.Join("..", "shared", "data"), "directory of the development sets")
	out := flag.String("o", filepath.Join("gapanalysis", "occupation.tsv"), "the table to write")
	flag.Parse()
	if err := run(*data, *out); err != nil {
		fmt.Fprintln(os.Stderr, "fitoccupations:", err)
		os.Exit(1)
	}
}

// example is one made-up resume.
type example struct {
	features []int
	labels   []bool
	open     int // the occupation that nothing is learned of; -1 for none
}

type fitter struct {
	ids      []string
	finder   *skill.Finder
	rng      *rand.Rand
	pools    map[string][][]string // skills of the lists of an occupation; "" of none
	marks    map[string][]string
	common   []string
	index    map[string]int
	names    []string
	seenIn   []int
	weights  [][]float64 // by feature, then occupation
	bias     []float64
	examples []example
}

func run(data, out string) error {
	c, err := catalog.Load()
	if err != nil {
		return err
	}
	lists, err := joblists.Read(filepath.Join(data, "job_skill_lists.txt"))
	if err != nil {
		return err
	}
	f := &fitter{
		ids: gapanalysis.OccupationIDs(), finder: skill.NewFinder(c), rng: rand.New(rand.NewPCG(seed, 1)), pools: map[string][][]string{}, marks: marks(), common: common(), //nolint:gosec // examples, no secrets
		index: map[string]int{},
	}
	f.fill(lists)
	f.make()
	f.fit()
	return f.write(out)
}

// fill puts the lists into the pools of their occupations.
func (f *fitter) fill(lists []joblists.List) {
	for _, l := range lists {
		if l.HeldOut || len(l.Skills) == 0 {
			continue
		}
		labels := l.Labels
		if len(labels) == 0 && len(l.Titles) == 0 {
			labels = f.marked(l.Skills)
		}
		switch {
		case len(labels) > 0:
			for o := range labels {
				f.pools[o] = append(f.pools[o], l.Skills)
			}
		default:
			f.pools[""] = append(f.pools[""], l.Skills)
		}
	}
	for _, o := range append(f.ids, "") {
		fmt.Fprintf(os.Stderr, "%-24s %d lists\n", o, len(f.pools[o]))
	}
}

// marked files a list under the occupation that has the most marks in it, where they are at least three and half as many again as of any other.
func (f *fitter) marked(skills []string) map[string]bool {
	best, most, second := "", 0, 0
	for _, o := range f.ids {
		n := 0
		for _, s := range skills {
			if slices.Contains(f.marks[o], strings.ToLower(s)) {
				n++
			}
		}
		switch {
		case n > most:
			best, most, second = o, n, most
		case n > second:
			second = n
		}
	}
	if most >= 3 && 2*most >= 3*second {
		return map[string]bool{best: true}
	}
	return nil
}

// make draws the examples.
func (f *fitter) make() {
	for i, o := range f.ids {
		for range examplesEach {
			labels := make([]bool, len(f.ids))
			labels[i] = true
			open := -1
			parts := f.draw(o)
			if f.rng.Float64() < mixed {
				j := f.rng.IntN(len(f.ids))
				labels[j] = true
				parts = append(parts, f.draw(f.ids[j])...)
			}
			if o == gapanalysis.JavaDeveloper || o == gapanalysis.PythonDeveloper { // nobody can tell that they are no software developers
				open = slices.Index(f.ids, gapanalysis.SoftwareDeveloper)
			}
			f.add(parts, labels, open)
		}
	}
	for range noneExamples {
		var parts []string
		for range 2 + f.rng.IntN(5) {
			parts = append(parts, pick(f.rng, f.pools[""])...)
		}
		for range f.rng.IntN(16) {
			parts = append(parts, pick(f.rng, f.common))
		}
		f.add(parts, make([]bool, len(f.ids)), -1)
	}
	f.rng.Shuffle(len(f.examples), func(i, j int) { f.examples[i], f.examples[j] = f.examples[j], f.examples[i] })
}

// draw takes some lists and marks of an occupation, with some of anything.
func (f *fitter) draw(o string) []string {
	var out []string
	for range 1 + f.rng.IntN(7) {
		out = append(out, pick(f.rng, f.pools[o])...)
	}
	for range f.rng.IntN(28) {
		out = append(out, pick(f.rng, f.marks[o]))
	}
	for range f.rng.IntN(3) {
		out = append(out, pick(f.rng, f.pools[""])...)
	}
	for range f.rng.IntN(16) {
		out = append(out, pick(f.rng, f.common))
	}
	for range f.rng.IntN(5) { // words of the others that everybody uses now and then
		out = append(out, pick(f.rng, f.marks[pick(f.rng, f.ids)]))
	}
	return out
}

func pick[T any](rng *rand.Rand, list []T) (zero T) {
	if len(list) == 0 {
		return zero
	}
	return list[rng.IntN(len(list))]
}

func (f *fitter) add(parts []string, labels []bool, open int) {
	doc := &resume.Document{Text: strings.Join(parts, "; ")}
	p := f.finder.Extract(doc, time.Unix(0, 0))
	for i := range p.Claims {
		p.Claims[i].Level = catalog.LevelExpert // a list says nothing of levels
	}
	x := example{labels: labels, open: open}
	for _, name := range gapanalysis.OccupationFeatures(&p) {
		i, ok := f.index[name]
		if !ok {
			i = len(f.names)
			f.index[name] = i
			f.names = append(f.names, name)
			f.seenIn = append(f.seenIn, 0)
		}
		f.seenIn[i]++
		x.features = append(x.features, i)
	}
	f.examples = append(f.examples, x)
}

// fit descends twice: over all features that are frequent enough, then over those that the table keeps.
func (f *fitter) fit() {
	kept := make([]bool, len(f.names))
	for i, n := range f.seenIn {
		kept[i] = n >= 12
	}
	f.descend(kept)
	type weighed struct {
		i int
		w float64
	}
	var order []weighed
	for i, row := range f.weights {
		if kept[i] {
			order = append(order, weighed{i, (slices.Max(row) - slices.Min(row)) * math.Sqrt(float64(f.seenIn[i]))})
		}
	}
	slices.SortFunc(order, func(a, b weighed) int {
		if a.w != b.w {
			return int(math.Copysign(1, b.w-a.w))
		}
		return a.i - b.i
	})
	clear(kept)
	for _, o := range order[:min(keep, len(order))] {
		kept[o.i] = true
	}
	f.descend(kept)
	for i, k := range kept {
		if !k {
			f.weights[i] = nil
		}
	}
}

func (f *fitter) descend(kept []bool) {
	f.bias = make([]float64, len(f.ids))
	f.weights = make([][]float64, len(f.names))
	for i := range f.weights {
		f.weights[i] = make([]float64, len(f.ids))
	}
	for round := range rounds {
		step, loss := rate/(1+0.15*float64(round)), 0.0
		for _, x := range f.examples {
			loss += f.step(x, kept, step)
		}
		if round == rounds-1 {
			fmt.Fprintf(os.Stderr, "loss %.4f an example and occupation\n", loss/float64(len(f.examples)*len(f.ids)))
		}
	}
}

// step learns from one example and gives its loss.
func (f *fitter) step(x example, kept []bool, step float64) (loss float64) {
	var known []int
	for _, i := range x.features {
		if kept[i] {
			known = append(known, i)
		}
	}
	if len(known) == 0 {
		return 0
	}
	unit := 1 / math.Sqrt(float64(len(known)))
	for o := range f.ids {
		if o == x.open {
			continue
		}
		z := f.bias[o]
		for _, i := range known {
			z += f.weights[i][o] * unit
		}
		y := 0.0
		if x.labels[o] {
			y = 1
		}
		p := 1 / (1 + math.Exp(-z))
		loss -= math.Log(max(1e-9, 1-math.Abs(y-p)))
		g := step * (p - y)
		f.bias[o] -= 0.1 * g
		for _, i := range known {
			f.weights[i][o] -= g*unit + step*shrink*f.weights[i][o]
		}
	}
	return loss
}

// write writes the table in the order of the features' names.
func (f *fitter) write(out string) error {
	var b strings.Builder
	line := func(name string, row []float64) {
		b.WriteString(name)
		for _, w := range row {
			b.WriteByte('\t')
			if math.Abs(w) >= 0.05 {
				fmt.Fprintf(&b, "%.1f", w)
			}
		}
		b.WriteByte('\n')
	}
	line("", f.bias)
	names := slices.Clone(f.names)
	slices.Sort(names)
	for _, n := range names {
		if row := f.weights[f.index[n]]; row != nil {
			line(n, row)
		}
	}
	return os.WriteFile(out, []byte(b.String()), 0o644) //nolint:gosec // a file of the tree
}
