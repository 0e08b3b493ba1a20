package crf_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/internal/crf"
)

// examples are sentences in which feature 1 begins a span of two tokens, feature 2 is one alone, and the others mean nothing.
func examples(n int) []crf.Example {
	rng := rand.New(rand.NewPCG(1, 2))
	var out []crf.Example
	for range n {
		var e crf.Example
		var spans [][2]int
		for i := 0; i < 8; i++ {
			switch kind := rng.IntN(5); {
			case kind == 0 && i < 7:
				spans = append(spans, [2]int{i, i + 2})
				e.Features = append(e.Features, []uint32{1, 100 + rng.Uint32N(50)}, []uint32{3, 100 + rng.Uint32N(50)})
				i++
			case kind == 1:
				spans = append(spans, [2]int{i, i + 1})
				e.Features = append(e.Features, []uint32{2, 100 + rng.Uint32N(50)})
			default:
				e.Features = append(e.Features, []uint32{4, 100 + rng.Uint32N(50)})
			}
		}
		e.Lexical = make([]int, len(e.Features))
		e.Tags = crf.TagsOf(spans, len(e.Features))
		out = append(out, e)
	}
	return out
}

var options = crf.Options{Bits: 10, Epochs: 6, Rate: 0.1, L2: 0.1, Dropout: 0.1, MinCount: 2, Seeds: []uint64{1, 2}}

func TestLearns(t *testing.T) {
	t.Parallel()
	data := examples(200)
	m := crf.Train(data[:150], options)
	for _, e := range data[150:] {
		d := m.Decode(crf.Sentence{Features: e.Features}, 0)
		want := crf.SpansOf(e.Tags)
		if len(d.Spans) != len(want) {
			t.Fatalf("%d spans, want %d", len(d.Spans), len(want))
		}
		for i, s := range d.Spans {
			if s.Start != want[i].Start || s.End != want[i].End || s.Probability < 0.5 || s.Probability > 1 {
				t.Errorf("span %+v, want %+v", s, want[i])
			}
		}
	}
}

func TestSameTrainingSameFile(t *testing.T) {
	t.Parallel()
	first, second := crf.Train(examples(50), options).AppendTo(nil), crf.Train(examples(50), options).AppendTo(nil)
	if !bytes.Equal(first, second) {
		t.Fatal("two trainings of the same data differ")
	}
	m, err := crf.Read(first)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, m.AppendTo(nil)) {
		t.Error("a model that was read writes other bytes")
	}
	for cut := range first {
		if _, err := crf.Read(first[:cut]); err == nil {
			t.Fatalf("the first %d bytes of %d pass for a model", cut, len(first))
		}
	}
}

func TestBreaksAndProbabilities(t *testing.T) {
	t.Parallel()
	m := crf.Train(examples(100), options)
	s := crf.Sentence{Features: [][]uint32{{4}, {1}, {3}, {4}}}
	free := m.Decode(s, 0)
	if len(free.Spans) != 1 || free.Spans[0].End-free.Spans[0].Start != 2 {
		t.Fatalf("spans %+v", free.Spans)
	}
	// A span's probability is at most that of each of its tokens to be inside one.
	if p := free.Spans[0].Probability; p > free.Inside[1]+1e-9 || p > free.Inside[2]+1e-9 || math.IsNaN(p) {
		t.Errorf("probability %f, of its tokens %v", p, free.Inside)
	}
	s.Break = []bool{false, false, true, false}
	for _, sp := range m.Decode(s, 0).Spans {
		if sp.Start < 2 && sp.End > 2 {
			t.Errorf("span %+v goes on over a break", sp)
		}
	}
	if d := m.Decode(s, 50); len(d.Spans) < 2 {
		t.Errorf("a bias towards spans gives %+v", d.Spans)
	}
	if d := m.Decode(crf.Sentence{}, 0); d.Spans != nil {
		t.Errorf("nothing holds %+v", d.Spans)
	}
}

func TestTags(t *testing.T) {
	t.Parallel()
	tags := crf.TagsOf([][2]int{{0, 1}, {2, 5}}, 6)
	if diff := cmp.Diff([]int8{crf.Unit, crf.Outside, crf.First, crf.Inside, crf.Last, crf.Outside}, tags); diff != "" {
		t.Error(diff)
	}
}
