package gapanalysis_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/posting"
)

// instance stands for the database behind an index: postings with their vectors, and a count of what was done to them.
type instance struct {
	lists
	mu       sync.Mutex
	postings map[uuid.UUID]gapanalysis.IndexedPosting
	touched  map[uuid.UUID]int
	clock    int
	gone     int
	total    int // what is told, 0 for the truth
	anchor   gapanalysis.Anchor
	fail     error
	read     int // pages of everything
	held     chan struct{}
}

func (d *instance) put(p gapanalysis.IndexedPosting) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.clock++
	d.postings[p.ID], d.touched[p.ID] = p, d.clock
}

func (d *instance) IndexState(_ context.Context, _ string, before gapanalysis.IndexMark) (gapanalysis.IndexState, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	seen, _ := strconv.Atoi(string(before))
	return gapanalysis.IndexState{
		Mark: gapanalysis.IndexMark(strconv.Itoa(d.clock)), Touched: d.clock > seen, Gone: strconv.Itoa(d.gone), Total: max(d.total, len(d.postings)), Dimensions: len(d.anchor.Vector),
	}, d.fail
}

func (d *instance) sorted(keep func(gapanalysis.IndexedPosting) bool, most int) []gapanalysis.IndexedPosting {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []gapanalysis.IndexedPosting
	for _, p := range d.postings {
		if keep(p) {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b gapanalysis.IndexedPosting) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	return out[:min(len(out), most)]
}

func (d *instance) IndexedPostings(_ context.Context, _ string, after uuid.UUID, most int) ([]gapanalysis.IndexedPosting, error) {
	if d.held != nil {
		<-d.held
	}
	d.read++
	return d.sorted(func(p gapanalysis.IndexedPosting) bool { return p.Live && bytes.Compare(p.ID[:], after[:]) > 0 }, most), nil
}

func (d *instance) TouchedPostings(_ context.Context, _ string, before gapanalysis.IndexMark, most int) ([]gapanalysis.IndexedPosting, error) {
	seen, _ := strconv.Atoi(string(before))
	return d.sorted(func(p gapanalysis.IndexedPosting) bool { return d.touched[p.ID] > seen }, most), nil
}

func (d *instance) MatchAnchor(context.Context, string, uuid.UUID, uuid.UUID) (gapanalysis.Anchor, error) {
	return d.anchor, nil
}

// MatchCandidates are those of ids, as the database gives them.
func (d *instance) MatchCandidates(_ context.Context, _ string, _, _ uuid.UUID, _ gapanalysis.Filter, ids []uuid.UUID) ([]gapanalysis.Candidate, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ids = ids
	var out []gapanalysis.Candidate
	for _, id := range ids {
		if p := d.postings[id]; p.Live {
			out = append(out, d.candidate(p))
		}
	}
	return out, nil
}

func (d *instance) PostingRequirements(context.Context, []uuid.UUID) (map[uuid.UUID][]posting.Requirement, error) {
	return nil, nil
}

func (d *instance) candidate(p gapanalysis.IndexedPosting) gapanalysis.Candidate {
	c := gapanalysis.Candidate{Foreign: p.Language != "" && p.Language != "en" && p.Language != d.anchor.Language, Posting: &posting.Posting{
		ID: p.ID, Title: p.Title, Company: p.Company, Location: p.Location, Remote: p.Remote, Seniority: p.Seniority, PostedOn: p.PostedOn, Requirements: p.Asks, Speaks: p.Speaks,
	}}
	if len(p.Vector) > 0 {
		c.Similarity = embeddings.Cosine(p.Vector, d.anchor.Vector)
	}
	return c
}

// market makes postings by chance: of roles of the catalogue with other skills among theirs, and vectors around a few centres.
func market(tb testing.TB, n int) *instance {
	tb.Helper()
	c := load(tb)
	rng := rand.New(rand.NewPCG(3, 4))
	d := &instance{postings: map[uuid.UUID]gapanalysis.IndexedPosting{}, touched: map[uuid.UUID]int{}}
	vector := func(around []float32) []float32 {
		v := make([]float32, 300) // which is no power of two
		for i := range v {
			v[i] = float32(rng.NormFloat64())
			if around != nil {
				v[i] += 1.5 * around[i]
			}
		}
		return embeddings.Normalise(v)
	}
	centres := [][]float32{vector(nil), vector(nil), vector(nil)}
	for i := range centres {
		for j := range centres[i] {
			centres[i][j] *= 17
		}
	}
	d.anchor = gapanalysis.Anchor{Vector: vector(centres[0]), Language: "de"}
	for i := range n {
		r := c.Roles()[rng.IntN(len(c.Roles()))]
		p := gapanalysis.IndexedPosting{
			ID: uuid.UUID{0: byte(rng.IntN(256)), 1: byte(i >> 8), 2: byte(i)}, Live: true, Title: r.Name, Company: fmt.Sprintf("Firm %d", rng.IntN(30)),
			Location: []string{"Berlin, Germany", "Lyon", ""}[rng.IntN(3)], Remote: []string{"", "no", "hybrid", "yes"}[rng.IntN(4)],
			Seniority: []string{"", "junior", "mid", "senior", "staff"}[rng.IntN(5)], Language: []string{"en", "de", "fr", ""}[rng.IntN(4)],
			Speaks: []string{"", "", "nl"}[rng.IntN(3)], Currency: []string{"EUR", "USD", ""}[rng.IntN(3)], Pay: int64(rng.IntN(100_000)) * 100,
			CreatedAt: today.AddDate(0, 0, -rng.IntN(60)),
		}
		if rng.IntN(5) > 0 {
			p.PostedOn = today.Truncate(24*time.Hour).AddDate(0, 0, -rng.IntN(100))
		}
		for range 2 + rng.IntN(10) {
			id := c.Skills()[rng.IntN(len(c.Skills()))].ID
			if rng.IntN(5) > 0 {
				id = r.Skills[rng.IntN(len(r.Skills))].Skill
			}
			p.Asks = append(p.Asks, posting.Requirement{Skill: id, Level: 1 + rng.IntN(5), Must: rng.IntN(3) > 0})
		}
		if rng.IntN(20) > 0 {
			p.Vector = vector(centres[rng.IntN(len(centres))])
		}
		d.put(p)
	}
	return d
}

// TestIndexFindsTheBest compares pages that come from the index with what scoring everything that passes the filter gives.
func TestIndexFindsTheBest(t *testing.T) {
	d := market(t, 6000)
	d.anchor.Hidden = []string{"firm 3"}
	for _, id := range []string{"data-engineer", "frontend-engineer"} {
		s, sh := newService(t)
		sh.profile = roleProfile(t, role(t, id))
		sh.profile.Titles = []string{role(t, id).Name}
		s.Finding(d, d).Indexing(d, d)
		for name, tt := range map[string]struct {
			filter gapanalysis.Filter
			passes func(p gapanalysis.IndexedPosting) bool
		}{
			"no filter": {gapanalysis.Filter{}, func(gapanalysis.IndexedPosting) bool { return true }},
			"remote":    {gapanalysis.Filter{Remote: "yes"}, func(p gapanalysis.IndexedPosting) bool { return p.Remote == "yes" }},
			"a place":   {gapanalysis.Filter{Location: "BERLIN"}, func(p gapanalysis.IndexedPosting) bool { return strings.HasPrefix(p.Location, "Berlin") }},
			"pay": {gapanalysis.Filter{Pay: 50_000, Currency: "EUR"}, func(p gapanalysis.IndexedPosting) bool {
				return p.Currency == "EUR" && p.Pay >= 50_000_00
			}},
			"pay in any currency": {gapanalysis.Filter{Pay: 90_000}, func(p gapanalysis.IndexedPosting) bool { return p.Pay >= 90_000_00 }},
			"nobody's currency":   {gapanalysis.Filter{Pay: 1, Currency: "JPY"}, func(gapanalysis.IndexedPosting) bool { return false }},
			"companies":           {gapanalysis.Filter{Exclude: []string{"FIRM 1", "firm 2"}}, func(p gapanalysis.IndexedPosting) bool { return p.Company != "Firm 1" && p.Company != "Firm 2" }},
			"of late": {gapanalysis.Filter{Since: today.AddDate(0, 0, -5)}, func(p gapanalysis.IndexedPosting) bool {
				return !p.CreatedAt.Before(today.AddDate(0, 0, -5))
			}},
		} {
			var all []gapanalysis.Candidate
			for _, p := range d.postings {
				if tt.passes(p) && p.Company != "Firm 3" {
					all = append(all, d.candidate(p))
				}
			}
			want := gapanalysis.Rerank(load(t), sh.profile, all, gapanalysis.Nearness{Threshold: 0.8}, gapanalysis.Options{Today: today}, 20)
			got, err := s.Jobs(t.Context(), sh.person, sh.resume, tt.filter)
			if err != nil || len(got) != len(want) {
				t.Fatalf("%s, %s: %d matches, %v; want %d", id, name, len(got), err, len(want))
			}
			for i := range got {
				if got[i].Score != want[i].Score {
					t.Errorf("%s, %s: place %d scores %v, want %v", id, name, i+1, got[i].Score, want[i].Score)
				}
			}
			if most := 80 + 2*20; len(d.ids) > most {
				t.Errorf("%s, %s: %d candidates were read, want %d at most", id, name, len(d.ids), most)
			}
		}
		if s.Indexed() != 6000 {
			t.Errorf("%d postings are indexed", s.Indexed())
		}
	}
}

// TestIndexFollows changes postings between searches.
func TestIndexFollows(t *testing.T) {
	d := market(t, 200)
	s, sh := newService(t, claim(t, "cobol", 5))
	s.Finding(d, d).Indexing(d, d)
	top := func() string {
		t.Helper()
		got, err := s.Jobs(t.Context(), sh.person, sh.resume, gapanalysis.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		if len(got) == 0 {
			return ""
		}
		return got[0].Title
	}
	best := gapanalysis.IndexedPosting{ID: uuid.UUID{7, 7, 7}, Live: true, Title: "Best", Asks: []posting.Requirement{must("cobol", 5)}, Vector: d.anchor.Vector}
	top()
	d.put(best)
	if got := top(); got != "Best" || d.read != 1 {
		t.Fatalf("a new posting: %q comes first after %d readings of everything", got, d.read)
	}
	best.Title = "Better"
	d.put(best)
	if got := top(); got != "Better" || s.Indexed() != 201 {
		t.Errorf("a changed posting: %q, %d postings", got, s.Indexed())
	}
	best.Live = false
	d.put(best)
	if got := top(); got == "Better" || s.Indexed() != 200 {
		t.Errorf("an expired posting: %q, %d postings", got, s.Indexed())
	}
	best.Live, best.Title = true, "Back"
	d.put(best)
	if got := top(); got != "Back" || d.read != 1 {
		t.Errorf("one that is back: %q, %d readings", got, d.read)
	}
	delete(d.postings, best.ID)
	d.gone++
	if top(); s.Indexed() != 200 || d.read != 2 {
		t.Errorf("a deleted posting: %d postings, %d readings", s.Indexed(), d.read)
	}
	down := errors.New("down")
	d.fail = down
	if _, err := s.Jobs(t.Context(), sh.person, sh.resume, gapanalysis.Filter{}); !errors.Is(err, down) {
		t.Errorf("%v, want that the database is down", err)
	}
}

// TestIndexIsMadeBehind: where there are many postings, pages come from vectors until the index is there.
func TestIndexIsMadeBehind(t *testing.T) {
	d := market(t, 300)
	d.total, d.held = 1_000_000, make(chan struct{})
	s, sh := newService(t, claim(t, "cobol", 5))
	s.Finding(d, d).Indexing(d, d)
	for range 2 {
		if _, err := s.Jobs(t.Context(), sh.person, sh.resume, gapanalysis.Filter{}); err != nil || d.ids != nil || s.Indexed() != 0 {
			t.Fatalf("%v; asked for %v, want what vectors find", err, d.ids)
		}
	}
	close(d.held)
	wait := func(n int) {
		t.Helper()
		for s.Indexed() != n {
			if t.Context().Err() != nil {
				t.Fatal("the index is not made")
			}
			if _, err := s.Jobs(t.Context(), sh.person, sh.resume, gapanalysis.Filter{}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Millisecond)
		}
	}
	wait(300)
	if _, err := s.Jobs(t.Context(), sh.person, sh.resume, gapanalysis.Filter{}); err != nil || len(d.ids) == 0 {
		t.Errorf("%v; %d candidates of the index", err, len(d.ids))
	}
	for i := range 2500 { // too many for a page to wait for
		p := gapanalysis.IndexedPosting{ID: uuid.UUID{9, byte(i >> 8), byte(i), 9}, Live: true, Title: "Many", Asks: []posting.Requirement{must("cobol", 5)}, Vector: d.anchor.Vector}
		d.put(p)
	}
	wait(2800)
}
