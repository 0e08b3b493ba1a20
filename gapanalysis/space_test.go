package gapanalysis_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gapanalysis"
)

// at is the unit vector in a plane at an angle whose cosine with the first axis is x.
func at(x float64) embeddings.Vector {
	return embeddings.Vector{float32(x), float32(math.Sqrt(1 - x*x))}
}

func TestThreshold(t *testing.T) {
	// Of a hundred vectors, so many twice and all others at right angles. A thousandth of the 4,950 pairs are five.
	twins := func(pairs int) []embeddings.Vector {
		var out []embeddings.Vector
		for i := range 100 {
			v := make(embeddings.Vector, 100)
			v[i%(100-pairs)] = 1
			out = append(out, v)
		}
		return out
	}
	tests := []struct {
		name    string
		vectors []embeddings.Vector
		want    float64
	}{
		{"nothing", nil, 1},
		{"one", []embeddings.Vector{at(1)}, 1},
		{"two", []embeddings.Vector{at(1), at(0.6)}, 0.6},
		{"rounded to what half precision holds", []embeddings.Vector{at(1), at(0.61234)}, 0.61},
		{"rounded up", []embeddings.Vector{at(1), at(0.6178)}, 0.62},
		{"below nothing", []embeddings.Vector{at(1), {-1, 0}}, -1},
		{"all alike", []embeddings.Vector{at(1), at(1), at(1)}, 1},
		{"five pairs alike are a thousandth", twins(5), 0},
		{"six are more", twins(6), 1},
		{"of three pairs, the second", []embeddings.Vector{at(1), at(0.9), at(0)}, 0.44},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := gapanalysis.Threshold(tt.vectors); math.Abs(got-tt.want) > 1e-9 {
				t.Errorf("threshold %v, want %v", got, tt.want)
			}
		})
	}
}

func TestNearest(t *testing.T) {
	sp := &gapanalysis.Space{Model: "m", Threshold: 0.5, Vectors: map[string]embeddings.Vector{
		"a": at(1), "b": at(0.9), "c": at(0.5), "d": at(0.5), "e": at(0.9013), "f": {-1, 0},
	}}
	tests := []struct {
		name           string
		required, held []string
		want           map[string][]gapanalysis.Near
	}{
		{"nothing held", []string{"a"}, nil, map[string][]gapanalysis.Near{}},
		{"nothing required", nil, []string{"a"}, map[string][]gapanalysis.Near{}},
		{"all that are near, nearest first", []string{"a"}, []string{"c", "b", "f"}, map[string][]gapanalysis.Near{"a": {{From: "b", Similarity: 0.9}, {From: "c", Similarity: 0.5}}}},
		{"not itself", []string{"a"}, []string{"a", "c"}, map[string][]gapanalysis.Near{"a": {{From: "c", Similarity: 0.5}}}},
		{"only itself", []string{"a"}, []string{"a"}, map[string][]gapanalysis.Near{}},
		{"equals by id", []string{"a"}, []string{"d", "c"}, map[string][]gapanalysis.Near{"a": {{From: "c", Similarity: 0.5}, {From: "d", Similarity: 0.5}}}},
		{"equal when rounded, by id", []string{"a"}, []string{"e", "b"}, map[string][]gapanalysis.Near{"a": {{From: "b", Similarity: 0.9}, {From: "e", Similarity: 0.9}}}},
		{"far away is still the nearest", []string{"a"}, []string{"f"}, map[string][]gapanalysis.Near{"a": {{From: "f", Similarity: -1}}}},
		{"without a vector", []string{"a", "x"}, []string{"y", "b"}, map[string][]gapanalysis.Near{"a": {{From: "b", Similarity: 0.9}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := sp.Nearest(tt.required, tt.held)
			if diff := cmp.Diff(gapanalysis.Nearness{Model: "m", Threshold: 0.5, BySkill: tt.want}, got); diff != "" {
				t.Errorf("nearness (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSpaceOfTheCatalogue(t *testing.T) {
	c := load(t)
	sp, err := gapanalysis.NewSpace(t.Context(), c, embeddings.Builtin{})
	if err != nil {
		t.Fatal(err)
	}
	if len(sp.Vectors) != len(c.Skills()) || sp.Model != (embeddings.Builtin{}).Model() || sp.Threshold <= 0.1 || sp.Threshold >= 0.9 {
		t.Errorf("%d vectors of %d skills, model %q, threshold %v", len(sp.Vectors), len(c.Skills()), sp.Model, sp.Threshold)
	}
	if _, err := gapanalysis.NewSpace(t.Context(), c, failing{}); !errors.Is(err, errDown) {
		t.Errorf("error %v, want the embedder's", err)
	}
}

var errDown = errors.New("down")

type failing struct{ embeddings.Builtin }

func (failing) Embed(context.Context, []string) ([]embeddings.Vector, error) { return nil, errDown }

// index keeps one index.
type index struct {
	kept  *gapanalysis.Index
	saves int
	fail  error
}

func (ix *index) IndexedHash(_ context.Context, model string) ([]byte, error) {
	if ix.kept == nil || ix.kept.Model != model {
		return nil, ix.fail
	}
	return ix.kept.Hash, ix.fail
}

func (ix *index) SaveIndex(_ context.Context, kept gapanalysis.Index) error {
	ix.kept = &kept
	ix.saves++
	return nil
}

func TestIndexCatalog(t *testing.T) {
	c := load(t)
	ix := &index{}
	if did, err := gapanalysis.IndexCatalog(t.Context(), c, embeddings.Builtin{}, ix); !did || err != nil {
		t.Fatalf("the first time: %t, %v", did, err)
	}
	kept := ix.kept
	if kept.Dimensions != 256 || len(kept.Skills) != len(c.Skills()) || len(kept.Roles) != len(c.Roles()) || len(kept.Hash) != 32 || kept.Threshold <= 0 {
		t.Errorf("index of %d dimensions, %d skills, %d roles", kept.Dimensions, len(kept.Skills), len(kept.Roles))
	}
	for _, r := range c.Roles() {
		if len(kept.RoleSkills[r.ID]) != len(r.Skills) {
			t.Errorf("%s: %d skills of %d", r.ID, len(kept.RoleSkills[r.ID]), len(r.Skills))
		}
		if text := gapanalysis.RoleText(c, r); !bytes.Contains([]byte(text), []byte(r.Name+". "+r.Summary)) {
			t.Errorf("%s: its text is %q", r.ID, text)
		}
	}
	if did, err := gapanalysis.IndexCatalog(t.Context(), c, embeddings.Builtin{}, ix); did || err != nil || ix.saves != 1 {
		t.Errorf("the second time: %t, %v after %d saves; want nothing done", did, err, ix.saves)
	}
	kept.Hash = append([]byte{^kept.Hash[0]}, kept.Hash[1:]...)
	if did, err := gapanalysis.IndexCatalog(t.Context(), c, embeddings.Builtin{}, ix); !did || err != nil || ix.saves != 2 {
		t.Errorf("other texts: %t, %v after %d saves; want them indexed again", did, err, ix.saves)
	}
	ix.fail = errDown
	if _, err := gapanalysis.IndexCatalog(t.Context(), c, embeddings.Builtin{}, ix); !errors.Is(err, errDown) {
		t.Errorf("the store is down: %v", err)
	}
	if _, err := gapanalysis.IndexCatalog(t.Context(), c, failing{}, &index{}); !errors.Is(err, errDown) {
		t.Errorf("the embedder is down: %v", err)
	}
}
