package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/embeddings/model"
	"github.com/gapwise/gapwise/skill"
)

// evalSeed draws what is held out. It is another than the seed of training.
const evalSeed = 20

// evaluate trains on parts of the sources and prints how well the rest is predicted, by the code that ships.
func evaluate(ctx context.Context, s *sources, c *catalog.Catalog, o settings, data string, which []string, stdout, stderr io.Writer) error {
	for _, w := range which {
		var err error
		switch w {
		case "topics":
			err = evalTopics(ctx, s, c, o, data, stdout, stderr)
		case "occupations": // a tenth of them
			rng := newRand()
			err = evalTitles(ctx, s, c, o, "a tenth held out", func(occupation) bool { return rng.IntN(10) == 0 }, stdout, stderr)
		case "groups": // whole unit groups, so that no sibling in the classification helps
			err = evalTitles(ctx, s, c, o, "unit groups held out", func(x occupation) bool { return x.dev }, stdout, stderr)
		case "next":
			err = evalNext(ctx, s, c, o, stdout, stderr)
		default:
			err = fmt.Errorf("there is no measure %q", w)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func newRand() *rand.Rand {
	return rand.New(rand.NewPCG(evalSeed, evalSeed)) //nolint:gosec // G404: reproducible, not secret
}

// fitted is an embedder of a model that is not the built-in one.
type fitted struct{ m *model.Model }

func (f fitted) Model() string   { return f.m.ID }
func (f fitted) Dimensions() int { return model.Dimensions }

func (f fitted) Embed(ctx context.Context, texts []string) ([]embeddings.Vector, error) {
	out := make([]embeddings.Vector, len(texts))
	for i, t := range texts {
		out[i] = make(embeddings.Vector, model.Dimensions)
		f.m.Compose(out[i], t)
	}
	return out, ctx.Err()
}

// relater trains on s and is ready to be asked.
func relater(s *sources, c *catalog.Catalog, o settings, stderr io.Writer) (*skill.Relater, *model.Model, error) {
	m, err := model.Decode(train(s, c, o, stderr).Encode())
	if err != nil {
		return nil, nil, err
	}
	return skill.NewRelaterOf(c, fitted{m}, m), m, nil
}

// evalTopics is the area under the ROC curve of pairs of topics, which are never trained on: with all sources, without the catalogue, whose
// relations are of the same kind, and without what describes the topics.
func evalTopics(ctx context.Context, s *sources, c *catalog.Catalog, o settings, data string, stdout, stderr io.Writer) error {
	type pair struct {
		A, B    string
		Related int
	}
	pairs, err := jsonLines[pair](data, "dev_topic_related.jsonl")
	if err != nil {
		return err
	}
	bare := *s
	bare.topics = nil
	for _, v := range []struct {
		name    string
		sources *sources
		catalog bool
	}{{"all sources", s, true}, {"without the catalogue", s, false}, {"without the catalogue and the topics", &bare, false}} {
		m := &model.Model{ID: modelID}
		p := newCorpus(v.sources, c, v.catalog)
		p.embed(m, o)
		m.Next, m.Occupations = model.Pairs{Starts: []uint32{0}}, occupations(s)
		if m, err = model.Decode(m.Encode()); err != nil {
			return err
		}
		var scores [2][]float64
		for _, p := range pairs {
			e, err := fitted{m}.Embed(ctx, []string{p.A, p.B})
			if err != nil {
				return err
			}
			scores[p.Related] = append(scores[p.Related], embeddings.Cosine(e[0], e[1]))
		}
		wins := 0
		for _, x := range scores[1] {
			for _, y := range scores[0] {
				if x > y {
					wins++
				}
			}
		}
		fmt.Fprintf(stdout, "related topics, ROC AUC, %s: %.3f (%d pairs)\n", v.name, float64(wins)/float64(len(scores[0])*len(scores[1])), len(pairs))
		fmt.Fprintln(stderr, "topics done:", v.name)
	}
	return nil
}

// evalTitles is RP@5 of the essential skills of occupations whose skills were held out, of all skills of ESCO.
func evalTitles(ctx context.Context, s *sources, c *catalog.Catalog, o settings, name string, hold func(occupation) bool, stdout, stderr io.Writer) error {
	part := *s
	part.occupations = slices.Clone(s.occupations)
	var held []occupation
	asked := map[string]int{}
	for i, x := range part.occupations {
		if len(x.essential) > 0 && hold(x) {
			held = append(held, x)
			part.occupations[i].essential, part.occupations[i].optional = nil, nil
			continue
		}
		for _, k := range x.essential {
			asked[k]++
		}
	}
	r, _, err := relater(&part, c, o, stderr)
	if err != nil {
		return err
	}
	labels := make([]string, len(s.skills))
	for i, k := range s.skills {
		labels[i] = k.Label
	}
	from, err := r.Candidates(ctx, labels)
	if err != nil {
		return err
	}
	popular := slices.Clone(labels)
	slices.SortStableFunc(popular, func(a, b string) int { return cmp.Compare(asked[b], asked[a]) })
	const k = 5
	ours, plain := 0.0, 0.0
	for _, h := range held {
		links, err := r.Related(ctx, h.Label, from, 4*k)
		if err != nil {
			return err
		}
		gold := func(l skill.Link) bool { return slices.Contains(h.essential, l.ID) }
		slices.SortStableFunc(links, func(a, b skill.Link) int { // ties against ourselves
			if a.Score == b.Score && gold(a) != gold(b) {
				if gold(b) {
					return -1
				}
				return 1
			}
			return cmp.Compare(b.Score, a.Score)
		})
		for _, l := range links[:min(k, len(links))] {
			if gold(l) {
				ours += 1 / float64(min(k, len(h.essential)))
			}
		}
		for _, p := range popular[:k] {
			if slices.Contains(h.essential, p) {
				plain += 1 / float64(min(k, len(h.essential)))
			}
		}
	}
	n := float64(len(held))
	fmt.Fprintf(stdout, "title to essential skills, RP@5, %s: %.1f (popularity %.1f, %d occupations)\n", name, 100*ours/n, 100*plain/n, len(held))
	return nil
}

// maxNextCases bounds the lists that are asked about.
const maxNextCases = 1500

// evalNext leaves one skill out of lists that were held out, a twentieth of all, and looks for it among the ten that go best with the rest.
func evalNext(ctx context.Context, s *sources, c *catalog.Catalog, o settings, stdout, stderr io.Writer) error {
	rng := newRand()
	part := *s
	part.lists = nil
	var held [][]string
	count := map[string]int{}
	for _, l := range s.lists {
		if rng.IntN(20) == 0 {
			held = append(held, l)
			continue
		}
		part.lists = append(part.lists, l)
		for _, x := range l {
			count[x]++
		}
	}
	m := &model.Model{ID: modelID}
	newCorpus(&part, c, true).embed(m, o)
	m.Next, m.Occupations = fitNext(part.lists, o), occupations(s)
	m, err := model.Decode(m.Encode())
	if err != nil {
		return err
	}
	r := skill.NewRelaterOf(c, fitted{m}, m)
	var order, known []string
	for x, n := range count {
		if n >= o.minCount {
			order = append(order, x)
		}
	}
	slices.SortFunc(order, func(a, b string) int { return cmp.Or(cmp.Compare(count[b], count[a]), strings.Compare(a, b)) })
	names := map[string]bool{}
	for _, k := range c.Skills() {
		for _, f := range append([]string{k.Name}, k.Aliases...) {
			names[model.Fold(f)] = true
		}
	}
	for _, x := range order {
		if names[x] {
			known = append(known, x)
		}
	}
	fmt.Fprintln(stderr, "next: trained")
	for _, v := range []struct {
		name  string
		vocab []string
	}{{"of the 500 commonest", order[:500]}, {"of the 2,000 commonest", order[:2000]}, {"of names that the catalogue has", known}} {
		if err := nextAmong(ctx, r, v.name, v.vocab, held, part.lists, stdout); err != nil {
			return err
		}
	}
	return nil
}

// nextAmong asks among a vocabulary, whose order is that of how common its names are.
func nextAmong(ctx context.Context, r *skill.Relater, name string, vocab []string, held, seen [][]string, stdout io.Writer) error {
	rng := newRand()
	from, err := r.Candidates(ctx, vocab)
	if err != nil {
		return err
	}
	table := conditional(vocab, seen)
	ours, popular, plain, cases := 0, 0, 0, 0
	for _, l := range held {
		var in []string
		for _, x := range l {
			if slices.Contains(vocab, x) {
				in = append(in, x)
			}
		}
		if len(in) < 3 || cases == maxNextCases {
			continue
		}
		i := rng.IntN(len(in))
		gold, rest := in[i], slices.Concat(in[:i], in[i+1:])
		links, err := r.Related(ctx, strings.Join(rest, "\t"), from, 40)
		if err != nil {
			return err
		}
		cases++
		if at := slices.IndexFunc(links, func(l skill.Link) bool { return l.ID == gold }); at >= 0 {
			for at+1 < len(links) && links[at+1].Score == links[at].Score {
				at++ // ties against ourselves
			}
			if at < 10 {
				ours++
			}
		}
		before, better := 0, 0
		goldScore := table.score(rest, gold)
		for _, x := range vocab {
			if slices.Contains(rest, x) || x == gold {
				continue
			}
			if table.count[x] >= table.count[gold] {
				before++
			}
			if table.score(rest, x) >= goldScore {
				better++
			}
		}
		if before < 10 {
			popular++
		}
		if better < 10 {
			plain++
		}
	}
	n := float64(cases) / 100
	fmt.Fprintf(stdout, "next skill, R@10, %s: %.1f (popularity %.1f, co-occurrence %.1f, %d lists)\n",
		name, float64(ours)/n, float64(popular)/n, float64(plain)/n, cases)
	return nil
}

// cooccurrence is the plain table that ours is compared with.
type cooccurrence struct {
	count map[string]float64
	both  map[[2]string]float64
}

func conditional(vocab []string, lists [][]string) cooccurrence {
	in := map[string]bool{}
	for _, x := range vocab {
		in[x] = true
	}
	t := cooccurrence{map[string]float64{}, map[[2]string]float64{}}
	for _, l := range lists {
		for _, a := range l {
			if !in[a] {
				continue
			}
			t.count[a]++
			for _, b := range l {
				if in[b] && a != b {
					t.both[[2]string{a, b}]++
				}
			}
		}
	}
	return t
}

// score is the sum of the conditional probabilities of a name.
func (t *cooccurrence) score(given []string, name string) float64 {
	s := 0.0
	for _, g := range given {
		s += t.both[[2]string{g, name}] / t.count[g]
	}
	return s
}
