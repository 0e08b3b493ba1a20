package main

import (
	"bytes"
	"fmt"
	"io"
	"testing"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/embeddings/model"
)

// madeUp are sources of a few lines: two trades whose skills never stand together.
func madeUp() *sources {
	s := &sources{}
	for i := range 60 {
		s.lists = append(s.lists,
			[]string{"anvil", "forge", fmt.Sprintf("hammer no%d", i%3)},
			[]string{"dough", "oven", fmt.Sprintf("flour no%d", i%3)})
	}
	s.skills = []escoSkill{{Label: "forge iron", Alts: []string{"work the anvil"}, Desc: "Heat iron and shape it."}, {Label: "bake bread", Desc: "Put dough in an oven."}}
	s.occupations = []occupation{
		{Label: "smith", Alts: []string{"farrier"}, ISCO: "7221", essential: []string{"forge iron"}},
		{Label: "baker", ISCO: "7512", essential: []string{"bake bread"}, optional: []string{"forge iron"}},
	}
	s.technology = []technology{{Title: "Smiths", Tech: [][3]string{{"AnvilCAD", "Drawing software", "N"}}}}
	s.topics = []topic{{Topic: "blacksmithing", Name: "Blacksmithing", Desc: "Blacksmithing is shaping iron on an anvil."}}
	return s
}

func smallSettings(workers int) settings {
	o := defaults()
	o.tokens, o.buckets, o.workers = 400, 64, workers
	return o
}

// TestTrainIsTheSameForAnyNumberOfWorkers compares files to the bit.
func TestTrainIsTheSameForAnyNumberOfWorkers(t *testing.T) {
	t.Parallel()
	one := train(madeUp(), &catalog.Catalog{}, smallSettings(1), io.Discard).Encode()
	for _, workers := range []int{1, 3} {
		if again := train(madeUp(), &catalog.Catalog{}, smallSettings(workers), io.Discard).Encode(); !bytes.Equal(one, again) {
			t.Errorf("%d workers make another file", workers)
		}
	}
}

func TestTrainLearns(t *testing.T) {
	t.Parallel()
	m, err := model.Decode(train(madeUp(), &catalog.Catalog{}, smallSettings(2), io.Discard).Encode())
	if err != nil {
		t.Fatal(err)
	}
	near := func(a, b string) float64 {
		x, y := make([]float32, dim), make([]float32, dim)
		m.Compose(x, a)
		m.Compose(y, b)
		s := 0.0
		for i := range x {
			s += float64(x[i]) * float64(y[i])
		}
		return s
	}
	if a, b := near("anvil", "forge"), near("anvil", "dough"); a < b+0.3 {
		t.Errorf("anvil is %.2f near forge and %.2f near dough", a, b)
	}
	best := ""
	m.Next.Around(m.Next.Find("anvil"), func(i int, w float64) {
		if i == m.Next.Find("forge") && w > 0 {
			best = "forge"
		}
		if i == m.Next.Find("dough") {
			t.Errorf("dough goes with anvil: %f", w)
		}
	})
	if best == "" {
		t.Error("forge does not go with anvil")
	}
	if o := &m.Occupations; len(o.Essential(0)) != 1 || len(o.Optional(1)) != 1 || o.Groups[1] != 7512 || o.Titles[0][1] != "farrier" {
		t.Errorf("occupations %+v", o)
	}
}
