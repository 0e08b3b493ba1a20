package postgres_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/posting"
)

// tokenPosting is the id of the posting that the owner of a resume has saved.
func tokenPosting(resume uuid.UUID) uuid.UUID { return uuid.NewSHA1(resume, []byte("saved")) }

// keepJobs keeps something of a person in every table about jobs. The posting that is saved goes again, as postings do.
func (d *tiny) keepJobs(tb testing.TB, l life) error {
	tb.Helper()
	p := prepared("kept "+l.upload.ID.String(), "no", "Berlin")
	p.ID = tokenPosting(l.upload.ID)
	p.Title = marker
	savePosting(tb, d, p, embeddings.Vector{0, 1, 0})
	err := errors.Join(
		d.SaveMatch(tb.Context(), l.person, l.upload.ID, p.ID, noon),
		d.HideCompany(tb.Context(), l.person, "acme "+marker, 10, noon),
		d.SaveMatchFeed(tb.Context(), l.person, tokenOf(l.upload.ID), gapanalysis.MatchFeed{Resume: l.upload.ID, Filter: gapanalysis.Filter{Words: marker}, CreatedAt: noon}),
	)
	if _, gone := d.raw.Exec(tb.Context(), `delete from postings where id = $1`, p.ID); gone != nil {
		tb.Fatal(gone)
	}
	return err
}

// asking is a posting that must have skills.
func asking(id, title string, musts ...string) posting.Prepared {
	p := prepared(id, "no", "Berlin")
	p.Title, p.Requirements = title, nil
	for _, s := range musts {
		p.Requirements = append(p.Requirements, posting.Requirement{Skill: s, Level: 3, Must: true, Excerpt: "we need " + s})
	}
	p.Requirements = append(p.Requirements, posting.Requirement{Skill: "nice", Level: 2})
	return p
}

func found(list []gapanalysis.Candidate) string {
	var ids []string
	for _, c := range list {
		ids = append(ids, c.Posting.Title)
	}
	slices.Sort(ids)
	return strings.Join(ids, " ")
}

// TestMatchCandidates looks for postings that only vectors, only words, or an index found.
func TestMatchCandidates(t *testing.T) {
	d := newTiny(t)
	person := newPerson(t, d.DB)
	u := d.keep(t, person)
	ids := map[string]uuid.UUID{}
	for i, p := range []posting.Prepared{asking("1", "Near"), asking("2", "Rusty", "rust", "go"), asking("4", "Words")} {
		v := embeddings.Vector{0, 0, 1}
		if i == 0 {
			v = embeddings.Vector{0.6, 0.8, 0}
		}
		if i == 2 {
			p.Description = "We keep zeppelins in the air."
		}
		p.Speaks = "de/fr"
		savePosting(t, d, p, v)
		ids[p.Title] = p.ID
	}
	if _, err := d.raw.Exec(t.Context(), `delete from posting_vectors where posting_id in (select id from postings where title <> 'Near')`); err != nil {
		t.Fatal(err)
	}
	rusty := []uuid.UUID{ids["Rusty"], uuid.New()}
	for _, tt := range []struct {
		name   string
		filter gapanalysis.Filter
		ids    []uuid.UUID
		want   string
	}{
		{"by the vector", gapanalysis.Filter{}, nil, "Near"},
		{"by the index", gapanalysis.Filter{}, rusty, "Rusty"},
		{"by an index that finds nothing", gapanalysis.Filter{}, []uuid.UUID{}, ""},
		{"by the vector and words", gapanalysis.Filter{Words: "zeppelin"}, nil, "Near Words"},
		{"by the index and words", gapanalysis.Filter{Words: "zeppelin"}, rusty, "Rusty Words"},
		{"excluded", gapanalysis.Filter{Exclude: []string{"ACME"}}, rusty, ""},
		{"too little pay", gapanalysis.Filter{Pay: 1}, rusty, ""},
		{"since tomorrow", gapanalysis.Filter{Since: time.Now().AddDate(0, 0, 1)}, rusty, ""},
		{"since yesterday", gapanalysis.Filter{Since: time.Now().AddDate(0, 0, -1)}, nil, "Near"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.filter.Limit = 10
			got, err := d.MatchCandidates(t.Context(), "tiny", person, u.ID, tt.filter, tt.ids)
			if err != nil || found(got) != tt.want {
				t.Errorf("%q, %v; want %q", found(got), err, tt.want)
			}
		})
	}
	got, err := d.MatchCandidates(t.Context(), "tiny", person, u.ID, gapanalysis.Filter{Limit: 10}, rusty)
	if err != nil || len(got) != 1 || got[0].Posting.Speaks != "de/fr" {
		t.Fatal(got, err)
	}
	const i = 0
	want := []posting.Requirement{{Skill: "rust", Level: 3, Must: true}, {Skill: "go", Level: 3, Must: true}, {Skill: "nice", Level: 2}}
	if diff := cmp.Diff(want, got[i].Posting.Requirements); diff != "" {
		t.Errorf("requirements (-want +got):\n%s", diff)
	}
	words, err := d.PostingRequirements(t.Context(), []uuid.UUID{got[i].Posting.ID})
	if err != nil || len(words[got[i].Posting.ID]) != 3 || words[got[i].Posting.ID][0].Excerpt != "we need rust" {
		t.Errorf("words of requirements: %v, %v", words, err)
	}
	if err := d.HideCompany(t.Context(), person, "acme", 10, noon); err != nil {
		t.Fatal(err)
	}
	if got, err := d.MatchCandidates(t.Context(), "tiny", person, u.ID, gapanalysis.Filter{Limit: 10}, rusty); err != nil || len(got) != 0 {
		t.Errorf("a hidden company: %v, %v", got, err)
	}
}

func TestSavedMatchesAndHiddenCompanies(t *testing.T) {
	d := newTiny(t)
	person := newPerson(t, d.DB)
	u := d.keep(t, person)
	p := asking("1", "Rusty", "rust")
	savePosting(t, d, p, embeddings.Vector{0, 0, 1})
	ctx := t.Context()
	for range 2 { // marking twice is marking
		if err := d.SaveMatch(ctx, person, u.ID, p.ID, noon); err != nil {
			t.Fatal(err)
		}
	}
	list, err := d.SavedMatches(ctx, person)
	if err != nil || len(list) != 1 || list[0].PostingID != p.ID || !list[0].Live || list[0].Company != "Acme" || !list[0].SavedAt.Equal(noon) {
		t.Errorf("saved: %+v, %v", list, err)
	}
	if saved, err := d.Saved(ctx, person, []uuid.UUID{p.ID, u.ID}); err != nil || !saved[p.ID] || saved[u.ID] {
		t.Errorf("%v, %v", saved, err)
	}
	if _, err := d.raw.Exec(ctx, `delete from postings`); err != nil {
		t.Fatal(err)
	}
	if list, err := d.SavedMatches(ctx, person); err != nil || len(list) != 1 || list[0].Live {
		t.Errorf("after the posting went: %+v, %v", list, err)
	}
	if err := d.SaveMatch(ctx, person, u.ID, p.ID, noon); !errors.Is(err, fault.NotFound) {
		t.Errorf("a posting that is gone: %v", err)
	}
	if err := errors.Join(d.DropMatch(ctx, person, p.ID), d.HideCompany(ctx, person, "b", 2, noon), d.HideCompany(ctx, person, "a", 2, noon), d.HideCompany(ctx, person, "a", 2, noon)); err != nil {
		t.Fatal(err)
	}
	if err := d.HideCompany(ctx, person, "c", 2, noon); !errors.Is(err, fault.Conflict) {
		t.Errorf("one company too many: %v", err)
	}
	if hidden, err := d.HiddenCompanies(ctx, person); err != nil || !slices.Equal(hidden, []string{"a", "b"}) {
		t.Errorf("hidden: %q, %v", hidden, err)
	}
	if err := d.ShowCompany(ctx, person, "a"); err != nil {
		t.Error(err)
	}
}

func TestMatchFeeds(t *testing.T) {
	d := newTiny(t)
	person := newPerson(t, d.DB)
	u := d.keep(t, person)
	want := gapanalysis.MatchFeed{Person: person, Resume: u.ID, Filter: gapanalysis.Filter{Remote: "yes", Limit: 20}, CreatedAt: noon}
	first, second := tokenOf(person), tokenOf(u.ID)
	for _, hash := range [][32]byte{first, second} {
		if err := d.SaveMatchFeed(t.Context(), person, hash, want); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.MatchFeed(t.Context(), first); !errors.Is(err, fault.NotFound) {
		t.Errorf("the token before: %v", err)
	}
	got, err := d.MatchFeed(t.Context(), second)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if err := d.DropMatchFeed(t.Context(), person, u.ID); err != nil {
		t.Error(err)
	}
	if err := d.DropMatchFeed(t.Context(), person, u.ID); !errors.Is(err, fault.NotFound) {
		t.Errorf("dropped again: %v", err)
	}
}

func TestMarketPostings(t *testing.T) {
	d := newTiny(t)
	savePosting(t, d, asking("1", "Rusty", "rust"), embeddings.Vector{0, 0, 1})
	list, err := d.MarketPostings(t.Context(), 10)
	if err != nil || len(list) != 1 || list[0].Title != "Rusty" || len(list[0].Asks) != 2 || !list[0].Asks[0].Must || list[0].Sample {
		t.Errorf("%+v, %v", list, err)
	}
}

// saveAnyMatch stores a posting and marks it.
func (s *stage) saveAnyMatch(tb testing.TB, person, resume uuid.UUID) error {
	tb.Helper()
	p := asking("any", "Engineer", "kafka")
	_, err := s.SavePostings(tb.Context(), s.model.Model(), []posting.Prepared{p}, [][]float32{make([]float32, s.model.Dimensions())})
	return errors.Join(err, s.SaveMatch(tb.Context(), person, resume, p.ID, noon))
}
