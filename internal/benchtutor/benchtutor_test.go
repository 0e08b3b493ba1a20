package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// TestHeldOut holds what is found for the held-out questions to what it must be, from memory alone and with the database.
func TestHeldOut(t *testing.T) {
	t.Parallel()
	list, err := readQuestions(filepath.Join("..", "..", "tutor", "testdata", "retrieval", "questions.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	db := pgtest.Open(t)
	if _, err := gapanalysis.IndexCatalog(t.Context(), c, embeddings.Builtin{}, db); err != nil {
		t.Fatal(err)
	}
	var f figures
	if err := f.retrieval(t.Context(), c, nil, list, "", "memory"); err != nil {
		t.Fatal(err)
	}
	if err := f.retrieval(t.Context(), c, db.PassageFinder(), list, "", "memory and database"); err != nil {
		t.Fatal(err)
	}
	n := map[string]int{}
	for _, q := range f.Quality {
		n[q.Set] = q.N
		t.Logf("%s, %s: hit@1 %.3f, hit@3 %.3f, MRR %.3f", q.Set, q.With, q.Hit1, q.Hit3, q.MRR)
	}
	if n[development] != 40 || n[heldOut] != 80 {
		t.Errorf("questions: %v", n)
	}
	if err := f.missed(); err != nil {
		t.Error(err)
	}
}

// TestQuestions: every question is of a role there is, and every passage that it wants exists.
func TestQuestions(t *testing.T) {
	t.Parallel()
	list, err := readQuestions(filepath.Join("..", "..", "tutor", "testdata", "retrieval", "questions.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	roles, modes := map[string]bool{}, map[string]bool{}
	for _, a := range list {
		roles[a.Role], modes[string(a.Mode)] = true, true
		r, err := c.Role(a.Role)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, w := range a.Want {
			parts := strings.Split(w, "/")
			var bad error
			switch {
			case parts[0] == r.ID && parts[1] == "milestone":
				_, _, bad = r.Milestone(parts[2])
			case parts[0] == r.ID && parts[1] == "phase":
				_, bad = r.Phase(parts[2])
			case parts[0] == r.ID && parts[1] == "project":
				bad = errors.New("no such project")
				for _, p := range r.Projects {
					if p.ID == parts[2] {
						bad = nil
					}
				}
			case parts[0] == "skill":
				_, bad = c.Skill(strings.TrimSuffix(parts[1], "*"))
			}
			if bad != nil {
				t.Errorf("%q wants %s: %v", a.Question, w, bad)
			}
		}
	}
	if len(roles) < 30 || len(modes) != 7 {
		t.Errorf("%d roles, %d modes", len(roles), len(modes))
	}
}

func TestWrongUse(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"more"}, {"-set", "all"}, {"-no-such"}} {
		var out, said strings.Builder
		if err := run(t.Context(), args, &out, &said); !errors.Is(err, errUsage) {
			t.Errorf("%v: %v", args, err)
		}
	}
}
