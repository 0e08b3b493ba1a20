package postgres_test

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/ident"
	"github.com/gapwise/gapwise/posting"
)

func second[T any](_ T, err error) error { return err }

func keptRun(resume uuid.UUID) gapanalysis.Run {
	return gapanalysis.Run{
		ID: ident.New(), ResumeID: resume, Role: "gopher", Inputs: gapanalysis.Inputs{Profile: "p", Target: "t", CatalogVersion: "c"},
		Report: []byte(`{"readiness":0.50, "why":"` + marker + `"}`), CreatedAt: noon,
	}
}

// TestRuns: equal inputs are one run whose report comes back to the byte, and the oldest go when there are too many.
func TestRuns(t *testing.T) {
	d := newTiny(t)
	l := d.live(t)
	again, err := d.KeepRun(t.Context(), l.person, keptRun(l.upload.ID))
	if err != nil || again != l.run {
		t.Errorf("the same inputs gave run %s, %v; want %s", again, err, l.run)
	}
	want := keptRun(l.upload.ID)
	got, err := d.Run(t.Context(), l.person, l.run)
	want.ID = l.run
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for i := range 205 {
		r := keptRun(l.upload.ID)
		r.Inputs.AsOf, r.CreatedAt = strconv.Itoa(i), noon.Add(time.Duration(i+1)*time.Minute)
		if _, err := d.KeepRun(t.Context(), l.person, r); err != nil {
			t.Fatal(err)
		}
	}
	if n := d.count(t, `select count(*) from gap_runs`); n < 200 || n > 201 {
		t.Errorf("%d runs are kept, want 200", n)
	}
	if _, err := d.Run(t.Context(), l.person, l.run); !errors.Is(err, fault.NotFound) {
		t.Errorf("the oldest run: %v, want not found", err)
	}
}

// TestMusts: what postings must have, the latest postings first, those that ask for nothing left out.
func TestMusts(t *testing.T) {
	d := newTiny(t)
	for i, q := range [][]posting.Requirement{
		{{Skill: "go", Level: 3, Must: true}, {Skill: "rust", Level: 2}},
		{{Skill: "rust", Level: 4, Must: true}, {Skill: "go", Level: 1, Must: true}},
		{{Skill: "rust", Level: 2}},
	} {
		p := prepared(strconv.Itoa(i), "no", "Berlin")
		p.Requirements, p.PostedOn = q, noon.AddDate(0, 0, i)
		savePosting(t, d, p, embeddings.Vector{1, 0, 0})
	}
	all, err := d.Musts(t.Context(), 10)
	if err != nil || len(all) != 2 {
		t.Fatalf("%v, %v; want the musts of two postings", all, err)
	}
	latest, err := d.Musts(t.Context(), 2)
	if diff := cmp.Diff([][]gapanalysis.Asked{{{Skill: "go", Level: 1}, {Skill: "rust", Level: 4}}}, latest); err != nil || diff != "" {
		t.Errorf("of the latest two %v (-want +got):\n%s", err, diff)
	}
}
