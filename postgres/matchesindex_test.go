package postgres_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gapanalysis"
)

// titles are those of what was touched since a mark, and whether each is still matched.
func (d *tiny) titles(tb testing.TB, before gapanalysis.IndexMark) map[string]bool {
	tb.Helper()
	list, err := d.TouchedPostings(tb.Context(), "tiny", before, 10)
	if err != nil {
		tb.Fatal(err)
	}
	out := map[string]bool{}
	for _, p := range list {
		out[p.Title] = p.Live
	}
	return out
}

func (d *tiny) indexState(tb testing.TB, before gapanalysis.IndexMark) gapanalysis.IndexState {
	tb.Helper()
	s, err := d.IndexState(tb.Context(), "tiny", before)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// TestIndexedPostings reads what an index is made of.
func TestIndexedPostings(t *testing.T) {
	d := newTiny(t)
	p := asking("1", "Rusty", "rust")
	p.Speaks, p.Language, p.PostedOn = "de", "en", noon
	savePosting(t, d, p, embeddings.Vector{0, 0, 1})
	savePosting(t, d, asking("2", "Gone", "rust"), embeddings.Vector{1, 0, 0})
	if _, err := d.raw.Exec(t.Context(), `update postings set expired_at = now() where title = 'Gone'`); err != nil {
		t.Fatal(err)
	}
	list, err := d.IndexedPostings(t.Context(), "tiny", uuid.Nil, 10)
	if err != nil || len(list) != 1 {
		t.Fatalf("%+v, %v; want the one that is matched", list, err)
	}
	got := list[0]
	if got.ID != p.ID || !got.Live || got.Title != "Rusty" || got.Speaks != "de" || got.Language != "en" || len(got.Asks) != 2 || !got.Asks[0].Must || got.PostedOn.Day() != noon.Day() || got.CreatedAt.IsZero() {
		t.Errorf("%+v", got)
	}
	if diff := cmp.Diff([]float32{0, 0, 1}, got.Vector); diff != "" {
		t.Errorf("vector (-want +got):\n%s", diff)
	}
	if list, err := d.IndexedPostings(t.Context(), "tiny", p.ID, 10); err != nil || len(list) != 0 {
		t.Errorf("behind the last: %+v, %v", list, err)
	}
	if s := d.indexState(t, ""); s.Total != 2 || s.Dimensions != 3 || s.First != uuid.Nil {
		t.Errorf("state %+v", s)
	}
	if s, err := d.IndexState(t.Context(), "unheard of", ""); err != nil || s.Dimensions != 0 {
		t.Errorf("of a model that is unknown: %+v, %v", s, err)
	}
}

// TestTouchedPostings: nothing that is touched is missed, though a transaction that began before a mark ends after it.
func TestTouchedPostings(t *testing.T) {
	d := newTiny(t)
	savePosting(t, d, asking("1", "First", "rust"), embeddings.Vector{0, 0, 1})
	before := d.indexState(t, "")
	if s := d.indexState(t, before.Mark); s.Touched {
		t.Error("nothing was touched")
	}
	slow, err := dial(t, d.url).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = slow.Rollback(context.WithoutCancel(t.Context())) }()
	if _, err := slow.Exec(t.Context(), `update postings set title = 'Slow' where title = 'First'`); err != nil {
		t.Fatal(err)
	}
	savePosting(t, d, asking("2", "Second", "rust"), embeddings.Vector{0, 0, 1})
	s := d.indexState(t, before.Mark)
	if diff := cmp.Diff(map[string]bool{"Second": true}, d.titles(t, before.Mark)); diff != "" || !s.Touched {
		t.Errorf("while one is under way (-want +got):\n%s", diff)
	}
	if err := slow.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]bool{"Slow": true}, d.titles(t, s.Mark)); diff != "" || !d.indexState(t, s.Mark).Touched {
		t.Errorf("after it has ended (-want +got):\n%s", diff)
	}
	s = d.indexState(t, s.Mark)
	if _, err := d.raw.Exec(t.Context(), `update postings set expired_at = now() where title = 'Second'`); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]bool{"Second": false}, d.titles(t, s.Mark)); diff != "" {
		t.Errorf("what has expired (-want +got):\n%s", diff)
	}
	if after := d.indexState(t, s.Mark); after.Gone != before.Gone {
		t.Error("nothing was deleted")
	}
	if _, err := d.raw.Exec(t.Context(), `delete from postings where title = 'nothing'`); err != nil {
		t.Fatal(err)
	}
	if after := d.indexState(t, s.Mark); after.Gone != before.Gone {
		t.Error("still nothing was deleted")
	}
	if _, err := d.raw.Exec(t.Context(), `delete from postings where title = 'Second'`); err != nil {
		t.Fatal(err)
	}
	if after := d.indexState(t, s.Mark); after.Gone == before.Gone {
		t.Error("a deletion leaves no trace")
	}
}
