package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/embeddings"
)

// TestMain lets the test be the searching process too, which run starts.
func TestMain(m *testing.M) {
	if args := os.Args[1:]; len(args) == 1 && args[0] == searcherFlag {
		if err := searcher(context.Background(), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// TestRun keeps the whole of it alive, with too few rows and too little time for the figures to mean anything.
func TestRun(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "figures.json")
	var printed, progress strings.Builder
	args := []string{"-sizes", "2000", "-clients", "1,2", "-quick", "-each", "200ms", "-json", out}
	if err := run(t.Context(), args, &printed, &progress); err != nil {
		t.Fatalf("%v\n%s", err, progress.String())
	}
	raw, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var rep report
	if err := json.Unmarshal(raw, &rep); err != nil {
		t.Fatal(err)
	}
	if len(rep.Sizes) != 1 || rep.Sizes[0].Rows != 2000 || len(rep.Musts) != 0 {
		t.Fatalf("%s", raw)
	}
	for _, r := range rep.Sizes[0].Recalls {
		if r.Recall < 0.7 || r.Queries == 0 {
			t.Errorf("recall: %+v", r)
		}
	}
	for _, c := range rep.Sizes[0].Cells {
		if c.P50 <= 0 || c.P99 < c.P50 || c.Count == 0 {
			t.Errorf("latency: %+v", c)
		}
	}
	if !strings.Contains(printed.String(), "recall@20") {
		t.Errorf("printed:\n%s", printed.String())
	}
}

// TestPostings looks at what postings are made like: the shape that space.go claims, and requirements that stand where they say.
func TestPostings(t *testing.T) {
	t.Parallel()
	w, err := newWorld()
	if err != nil {
		t.Fatal(err)
	}
	var vectors []embeddings.Vector
	filtered, size := 0, 0
	const rows = 4000
	for n := range rows {
		p := w.posting(n)
		if n < 132 {
			vectors = append(vectors, p.vector)
		}
		if strings.HasPrefix(p.Location, filterCity) {
			filtered++
		}
		size += len(p.Description)
		runes := []rune(p.Description)
		for _, r := range p.Requirements {
			if got := string(runes[r.Start:r.End]); !strings.HasSuffix(r.Excerpt, got) || got != w.names[r.Skill] {
				t.Fatalf("requirement %+v is at %q", r, got)
			}
		}
		if !utf8.ValidString(p.Description) || strings.Contains(p.Description, "\x00") {
			t.Fatalf("description %q", p.Description)
		}
	}
	if share := float64(filtered) / rows; math.Abs(share-filterShare) > 0.006 {
		t.Errorf("the filter passes %.4f", share)
	}
	if mean := size / rows; mean < 1300 || mean > 1800 {
		t.Errorf("descriptions have %d bytes", mean)
	}
	if diff := cmp.Diff(w.posting(7), w.posting(7), cmp.AllowUnexported(row{})); diff != "" {
		t.Errorf("not the same again: %s", diff)
	}
	sample, err := sampleVectors(t.Context(), w.catalog)
	if err != nil {
		t.Fatal(err)
	}
	made, want := shapeOf(vectors), shapeOf(sample)
	for i := range 3 {
		if math.Abs(made.Nearest[i]-want.Nearest[i]) > 0.08 || math.Abs(made.Tenth[i]-want.Tenth[i]) > 0.08 || math.Abs(made.Pairs[i]-want.Pairs[i]) > 0.08 {
			t.Errorf("made %+v, the sample postings' %+v: fit the shares anew", made, want)
			break
		}
	}
}

func TestScript(t *testing.T) {
	t.Parallel()
	q := &query{name: "filter", location: "O'Fallon", sql: "select 1 where r.resume_id = $2 and r.person_id = $1 and p.location ilike $3 limit $4"}
	got, err := q.script()
	if err != nil {
		t.Fatal(err)
	}
	want := `\set n random(0, 199)
\if :once = 0
select '' as remote, '%O''Fallon%' as location, '' as words, 20 as limit \gset
\set once 1
\endif
select 1 where r.resume_id = ('01900300-0000-7000-8000-0000' || lpad(to_hex(:n::bigint), 8, '0'))::uuid and r.person_id = ('01900200-0000-7000-8000-0000' || lpad(to_hex(:n::bigint), 8, '0'))::uuid and p.location ilike :location limit :limit;
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := (&query{sql: "select $1, $2 limit $1"}).script(); err == nil {
		t.Error("a parameter that nobody knows is accepted")
	}
}

func TestMusts(t *testing.T) {
	t.Parallel()
	m := measured{
		loaded:    loaded{Rows: judged, Rate: 19_999},
		Recalls:   []recall{{Search: "plain", Way: "gapwise", Recall: 0.97}, {Search: "plain", Way: "bare", Recall: 0.1}},
		Cells:     []cell{{Search: "plain", Way: "gapwise", Clients: 1, P99: 11}, {Search: "plain", Way: "gapwise", Clients: 8, P99: 90}},
		Overheads: []ratio{{Search: "plain", Ratio: 1.2}},
		Memory:    1,
	}
	rep := report{Musts: m.musts()}
	want := []string{"p99 at 1 client, plain", "our code over the bare statement at p50", "rows loaded a second, with vectors"}
	if diff := cmp.Diff(want, rep.missed()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	m.Rows = 10
	if m.musts() != nil {
		t.Error("judged at 10 rows")
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-sizes", "0"}, {"-clients", "1,x"}, {"file"}, {"-queries", "0"}, {"-what"}} {
		if _, err := parse(args, &strings.Builder{}); err == nil {
			t.Errorf("%v is accepted", args)
		}
	}
	o, err := parse(nil, &strings.Builder{})
	if err != nil || len(o.sizes) != 3 || len(o.clients) != 3 {
		t.Errorf("%+v, %v", o, err)
	}
}
