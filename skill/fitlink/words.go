package main

import (
	"cmp"
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"

	"github.com/gapwise/gapwise/internal/linkdev"
	"github.com/gapwise/gapwise/skill"
)

// Bounds of what is learned, so that the file stays small and the rare is not believed.
const (
	rounds     = 6
	leastPairs = 3    // in how many pairs a word must be
	leastShare = 0.03 // chance from which a word stands for another
	mostStands = 6
)

// learnWords learns for each stem how many sentences of postings have it and which stems of names it stands for: the translation
// probabilities of IBM's model 1 (Brown et al., "The Mathematics of Statistical Machine Translation", 1993; for retrieval: Berger and
// Lafferty, "Information Retrieval as Statistical Translation", 1999), from alternative names, descriptions and sentences to names.
func learnWords(concepts []skill.Concept, sentences []linkdev.Case, postings []linkdev.Posting) map[string]skill.LinkWord {
	v := &vocabulary{ids: map[string]int32{}}
	byID := map[string][]int32{}
	var pairs []pair
	for _, c := range concepts {
		name := v.read(c.Name)
		byID[c.ID] = name
		for _, f := range c.Forms {
			if form := v.read(f); len(form) > 0 && !slices.Equal(form, name) {
				pairs = append(pairs, pair{form, name, 1})
			}
		}
		if c.Text != "" {
			pairs = append(pairs, pair{v.read(c.Text), name, 0.5})
		}
	}
	for _, s := range sentences {
		text := v.read(s.Text)
		for _, g := range s.Gold {
			pairs = append(pairs, pair{text, byID[g], 1})
		}
	}
	table := translate(pairs, len(v.stems))
	out := map[string]skill.LinkWord{}
	for s, stands := range table {
		w := skill.LinkWord{}
		for _, t := range stands {
			w.Stands = append(w.Stands, skill.Stand{Stem: v.stems[t.word], Weight: t.p})
		}
		out[v.stems[s]] = w
	}
	for _, p := range postings {
		stems := skill.LinkStems(p.Text)
		slices.Sort(stems)
		for _, s := range slices.Compact(stems) {
			w := out[s]
			w.Postings++
			out[s] = w
		}
	}
	maps.DeleteFunc(out, func(_ string, w skill.LinkWord) bool { return w.Postings < 2 && len(w.Stands) == 0 })
	return out
}

type vocabulary struct {
	ids   map[string]int32
	stems []string
}

// read is a text's stems as numbers, each once.
func (v *vocabulary) read(text string) []int32 {
	var out []int32
	for _, s := range skill.LinkStems(text) {
		id, ok := v.ids[s]
		if !ok {
			id = int32(len(v.stems)) //nolint:gosec // G115: a vocabulary is far below 2^31
			v.ids[s] = id
			v.stems = append(v.stems, s)
		}
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

type pair struct {
	from, to []int32
	weight   float64
}

type translation struct {
	word int32
	p    float64
}

// translate is the expectation maximisation of model 1, with an empty word that takes what nothing explains. What a word of a text and a word of
// a name have in common gets a number once, and the rounds run over numbers.
func translate(pairs []pair, n int) map[int32][]translation {
	type key struct{ from, to int32 }
	empty := int32(n) //nolint:gosec // G115: a vocabulary is far below 2^31
	number := map[key]int32{}
	var keys []key
	var cells []int32 // for each pair, each word of the name and each of the text and the empty one in turn: the number
	for _, x := range pairs {
		for _, t := range x.to {
			for i := range len(x.from) + 1 {
				k := key{empty, t}
				if i < len(x.from) {
					k.from = x.from[i]
				}
				id, ok := number[k]
				if !ok {
					id = int32(len(keys)) //nolint:gosec // G115: some millions
					number[k] = id
					keys = append(keys, k)
				}
				cells = append(cells, id)
			}
		}
	}
	p := make([]float64, len(keys))
	for i := range p {
		p[i] = 1
	}
	for range rounds {
		counts, totals := make([]float64, len(keys)), make([]float64, n+1)
		at := 0
		for _, x := range pairs {
			for range x.to {
				own := cells[at : at+len(x.from)+1]
				at += len(own)
				sum := 0.0
				for _, id := range own {
					sum += p[id]
				}
				for _, id := range own {
					counts[id] += x.weight * p[id] / sum
				}
			}
		}
		for id, k := range keys {
			totals[k.from] += counts[id]
		}
		for id, k := range keys {
			p[id] = counts[id] / (totals[k.from] + 0.5) // the half keeps the rare from being sure
		}
	}
	seen := make([]int, n)
	for _, x := range pairs {
		for _, f := range x.from {
			seen[f]++
		}
	}
	out := map[int32][]translation{}
	for id, k := range keys {
		if k.from != empty && k.from != k.to && p[id] >= leastShare && seen[k.from] >= leastPairs {
			out[k.from] = append(out[k.from], translation{k.to, p[id]})
		}
	}
	for f, ts := range out {
		slices.SortFunc(ts, func(a, b translation) int { return cmp.Or(cmp.Compare(b.p, a.p), cmp.Compare(a.word, b.word)) })
		out[f] = ts[:min(len(ts), mostStands)]
	}
	return out
}

// Bounds of the memory.
const (
	memoryTimes = 3 // in how many sentences of an entry a stem must be
	memoryWords = 30
	memoryLeast = 1.0
)

// remember learns, for each entry that sentences are labelled with, the stems that come with it more often than otherwise: the logarithm
// of how much more, smoothed.
func remember(sentences []linkdev.Case) map[string][]skill.Stand {
	all := map[string]float64{}
	of := map[string]map[string]float64{}
	times := map[string]float64{}
	for _, s := range sentences {
		stems := skill.LinkStems(s.Text)
		slices.Sort(stems)
		stems = slices.Compact(stems)
		for _, w := range stems {
			all[w]++
		}
		for _, g := range s.Gold {
			times[g]++
			if of[g] == nil {
				of[g] = map[string]float64{}
			}
			for _, w := range stems {
				of[g][w]++
			}
		}
	}
	out := map[string][]skill.Stand{}
	for g, words := range of {
		var stands []skill.Stand
		for w, n := range words {
			base := all[w] / float64(len(sentences))
			if x := math.Log((n + base*5) / (times[g] + 5) / base); n >= memoryTimes && x >= memoryLeast {
				stands = append(stands, skill.Stand{Stem: w, Weight: x})
			}
		}
		slices.SortFunc(stands, func(a, b skill.Stand) int {
			return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Stem, b.Stem))
		})
		if len(stands) > 0 {
			out[g] = stands[:min(len(stands), memoryWords)]
		}
	}
	return out
}

// half is every second entry of a memory.
func half(memory map[string][]skill.Stand) map[string][]skill.Stand {
	out := map[string][]skill.Stand{}
	for i, id := range slices.Sorted(maps.Keys(memory)) {
		if i%2 == 0 {
			out[id] = memory[id]
		}
	}
	return out
}

// writeWords writes what skill.ReadLinkModel reads.
func writeWords(to io.Writer, m *skill.LinkModel) error {
	w, err := gzip.NewWriterLevel(to, gzip.BestCompression)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%d\n", m.Postings)
	for _, s := range slices.Sorted(maps.Keys(m.Words)) {
		fmt.Fprintf(w, "w\t%s\t%d", s, m.Words[s].Postings)
		for _, t := range m.Words[s].Stands {
			fmt.Fprintf(w, "\t%s:%.0f", t.Stem, t.Weight*1000)
		}
		fmt.Fprintln(w)
	}
	for _, id := range slices.Sorted(maps.Keys(m.Memory)) {
		fmt.Fprintf(w, "m\t%s", id)
		for _, t := range m.Memory[id] {
			fmt.Fprintf(w, "\t%s:%.0f", t.Stem, t.Weight*10)
		}
		fmt.Fprintln(w)
	}
	for _, id := range slices.Sorted(maps.Keys(m.Occupations)) {
		fmt.Fprintf(w, "o\t%s\t%d\n", id, m.Occupations[id])
	}
	return w.Close()
}
