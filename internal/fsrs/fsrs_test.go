package fsrs_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/gapwise/gapwise/internal/fsrs"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// TestReference holds every step against what the authors' own implementation gives: testdata/reference.json is 60 histories under py-fsrs 6.3.2
// without learning steps and without fuzz, with the longest interval of this package.
func TestReference(t *testing.T) {
	b, err := os.ReadFile("testdata/reference.json")
	if err != nil {
		t.Fatal(err)
	}
	var histories [][]struct {
		At, Due, Probe                        time.Time
		Grade                                 fsrs.Grade
		Stability, Difficulty, Retrievability float64
	}
	if err := json.Unmarshal(b, &histories); err != nil {
		t.Fatal(err)
	}
	if len(histories) != 60 {
		t.Fatalf("%d histories, want 60", len(histories))
	}
	for i, h := range histories {
		var m fsrs.Memory
		for j, want := range h {
			m = m.Review(want.Grade, want.At)
			for _, f := range []struct {
				name      string
				got, want float64
			}{{"stability", m.Stability, want.Stability}, {"difficulty", m.Difficulty, want.Difficulty}, {"retrievability", m.Retrievability(want.Probe), want.Retrievability}} {
				if math.Abs(f.got-f.want) > 1e-9*max(1, f.want) {
					t.Errorf("history %d, review %d: %s %v, want %v", i, j, f.name, f.got, f.want)
				}
			}
			if !m.Due().Equal(want.Due) {
				t.Errorf("history %d, review %d: due %v, want %v", i, j, m.Due(), want.Due)
			}
		}
	}
}

// TestIntervals follows somebody who is asked when it is due, over simulated months.
func TestIntervals(t *testing.T) {
	tests := []struct {
		name   string
		grades []fsrs.Grade
		days   []int // from each review to the next
	}{
		{"always right", []fsrs.Grade{fsrs.Good, fsrs.Good, fsrs.Good, fsrs.Good, fsrs.Good, fsrs.Good}, []int{2, 11, 46, 163, 365, 365}},
		{"partly", []fsrs.Grade{fsrs.Hard, fsrs.Hard, fsrs.Hard, fsrs.Hard}, []int{1, 3, 7, 12}},
		{"wrong for a start", []fsrs.Grade{fsrs.Again, fsrs.Again, fsrs.Good, fsrs.Good}, []int{1, 1, 1, 2}},
		{"a lapse", []fsrs.Grade{fsrs.Good, fsrs.Good, fsrs.Good, fsrs.Again, fsrs.Good}, []int{2, 11, 46, 3, 8}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var m fsrs.Memory
			at := start
			for i, g := range tt.grades {
				m = m.Review(g, at)
				if got := int(m.Due().Sub(at) / (24 * time.Hour)); got != tt.days[i] {
					t.Errorf("review %d: %d days to the next, want %d", i, got, tt.days[i])
				}
				at = m.Due()
			}
		})
	}
}

// TestProperties: over random histories a memory stays within its bounds, fades, is due when the chance is about .9, and is never made weaker by
// something remembered.
func TestProperties(t *testing.T) {
	for seed := range uint64(2000) {
		rng := rand.New(rand.NewPCG(seed, 3))
		var m fsrs.Memory
		at := start
		for range 1 + rng.IntN(20) {
			before := m
			g := fsrs.Grade(1 + rng.IntN(4))
			at = at.Add(time.Duration(rng.IntN(24*200)) * time.Hour)
			m = m.Review(g, at)
			if m.Stability <= 0 || math.IsNaN(m.Stability) || m.Difficulty < 1 || m.Difficulty > 10 {
				t.Fatalf("seed %d: %+v", seed, m)
			}
			if g >= fsrs.Hard && m.Stability < before.Stability {
				t.Fatalf("seed %d: remembered, and stability went from %v to %v", seed, before.Stability, m.Stability)
			}
			if g == fsrs.Again && before.Stability > 0 && m.Stability > before.Stability {
				t.Fatalf("seed %d: forgotten, and stability went from %v to %v", seed, before.Stability, m.Stability)
			}
			wait := int(m.Due().Sub(at) / (24 * time.Hour))
			if r := m.Retrievability(m.Due()); wait < 1 || wait > fsrs.MaxInterval || wait > 1 && wait < fsrs.MaxInterval && math.Abs(r-fsrs.Retention) > .04 {
				t.Fatalf("seed %d: due after %d days, at %v", seed, wait, r)
			}
			last := 2.0
			for d := range 30 {
				r := m.Retrievability(at.AddDate(0, 0, d*d))
				if r > last || r <= 0 || r > 1 {
					t.Fatalf("seed %d: %v after %v", seed, r, last)
				}
				last = r
			}
		}
	}
}

func TestEdges(t *testing.T) {
	var none fsrs.Memory
	if none.Retrievability(start) != 0 || fsrs.After(0, 3) != 0 || !none.Due().Equal(none.Reviewed) {
		t.Error("something never asked for is remembered")
	}
	m := none.Review(fsrs.Good, start)
	if early := m.Review(fsrs.Good, start.AddDate(0, -1, 0)); !early.Reviewed.Equal(start) || m.Retrievability(start.AddDate(-1, 0, 0)) != 1 {
		t.Errorf("time went back: %+v", early)
	}
	if low, high := none.Review(0, start), none.Review(9, start); low != none.Review(fsrs.Again, start) || high != none.Review(fsrs.Easy, start) {
		t.Errorf("grades out of bounds: %+v, %+v", low, high)
	}
}
