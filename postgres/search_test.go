package postgres_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/postgres"
	"github.com/gapwise/gapwise/posting"
)

// TestWordsAndVectors: a name in the text brings a posting forward that its vector would not, and the other way round; filters hold for both.
func TestWordsAndVectors(t *testing.T) {
	d := newTiny(t)
	person := newPerson(t, d.DB)
	u := rust()
	if err := d.SaveUpload(t.Context(), person, u, "tiny", embeddings.Vector{1, 0, 0}); err != nil {
		t.Fatal(err)
	}
	var list []posting.Prepared
	var vectors [][]float32
	for i := range 40 {
		p := prepared(strconv.Itoa(i), []string{"yes", "no"}[i%2], "Berlin")
		p.Title = fmt.Sprintf("Engineer %d", i)
		if i >= 38 { // the farthest of all, an even and an odd one
			p.Title, p.Description = "Staff engineer, ClickHouse", "Somebody who has run ClickHouse for years."
		}
		list = append(list, p)
		vectors = append(vectors, embeddings.Normalise(embeddings.Vector{1, float32(i) / 10, 0}))
	}
	if _, err := d.SavePostings(t.Context(), "tiny", list, vectors); err != nil {
		t.Fatal(err)
	}
	ids := func(f gapanalysis.Filter) []string {
		t.Helper()
		found, err := d.NearestPostings(t.Context(), "tiny", person, u.ID, f)
		if err != nil {
			t.Fatal(err)
		}
		out := make([]string, len(found))
		for i, c := range found {
			out[i] = c.Posting.ExternalID
		}
		return out
	}
	tests := []struct {
		name   string
		filter gapanalysis.Filter
		want   []string
	}{
		{"by vector alone", gapanalysis.Filter{Limit: 3}, []string{"0", "1", "2"}},
		{"the words first, then the nearest", gapanalysis.Filter{Limit: 4, Words: "clickhouse"}, []string{"38", "39", "0", "1"}},
		{"stems meet", gapanalysis.Filter{Limit: 2, Words: "clickhouse runs"}, []string{"38", "39"}},
		{"a filter on both lists", gapanalysis.Filter{Limit: 3, Words: "clickhouse", Remote: "yes"}, []string{"38", "0", "2"}},
		{"words that nothing has", gapanalysis.Filter{Limit: 2, Words: "cobol"}, []string{"0", "1"}},
		{"no operator breaks it", gapanalysis.Filter{Limit: 2, Words: `"( & ! ' :* <->`}, []string{"0", "1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, ids(tt.filter)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	// Under a model that the resume has no vector of, words still filter.
	if err := d.SaveIndex(t.Context(), tinyIndex("second")); err != nil {
		t.Fatal(err)
	}
	found, err := d.NearestPostings(t.Context(), "second", person, u.ID, gapanalysis.Filter{Limit: 10, Words: "clickhouse"})
	if err != nil || len(found) != 2 {
		t.Errorf("without a vector: %d postings, %v; want the two that have the word", len(found), err)
	}
}

// TestPassages: a passage is found by its words and by its meaning, within what is asked about.
func TestPassages(t *testing.T) {
	d := newTiny(t)
	ix := tinyIndex("tiny")
	ix.Hash = []byte("with passages")
	ix.Passages = []catalog.Passage{
		{ID: "skill/go", Kind: "skill", Skill: "go", Title: "Go", Body: "A compiled language with goroutines."},
		{ID: "skill/rust", Kind: "skill", Skill: "rust", Title: "Rust", Body: "A language that checks ownership when it compiles."},
		{ID: "skill/cooking", Kind: "skill", Skill: "cooking", Title: "Cooking", Body: "Heat applied to food."},
		{ID: "role/gopher", Kind: "role", Role: "gopher", Title: "Gopher", Body: "Writes services."},
	}
	ix.Quotable = []embeddings.Vector{{1, 0, 0}, {0.8, 0.6, 0}, {0, 0, 1}, {0.6, 0.8, 0}}
	if err := d.SaveIndex(t.Context(), ix); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		query postgres.PassageQuery
		want  []string
	}{
		{"by meaning", postgres.PassageQuery{Vector: embeddings.Vector{0, 0, 1}, Limit: 1}, []string{"skill/cooking"}},
		{"by any of the words", postgres.PassageQuery{Vector: embeddings.Vector{0, 0, 1}, Words: "What does ownership mean?", Limit: 2}, []string{"skill/rust", "skill/cooking"}},
		{"about one skill", postgres.PassageQuery{Vector: embeddings.Vector{0, 0, 1}, Words: "goroutines", Skills: []string{"rust"}, Limit: 5}, []string{"skill/rust"}},
		{"about a skill and a role", postgres.PassageQuery{Vector: embeddings.Vector{1, 0, 0}, Skills: []string{"go"}, Role: "gopher", Limit: 5}, []string{"skill/go", "role/gopher"}},
		{"words of nothing but stop words", postgres.PassageQuery{Vector: embeddings.Vector{1, 0, 0}, Words: "the of and", Limit: 1}, []string{"skill/go"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.query.Model = "tiny"
			found, err := d.SearchPassages(t.Context(), tt.query)
			if err != nil {
				t.Fatal(err)
			}
			got := make([]string, len(found))
			for i, f := range found {
				got[i] = f.ID
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	ix.Hash, ix.Passages, ix.Quotable = []byte("fewer"), ix.Passages[:1], ix.Quotable[:1]
	if err := d.SaveIndex(t.Context(), ix); err != nil {
		t.Fatal(err)
	}
	if n := d.count(t, `select count(*) from passages`); n != 1 {
		t.Errorf("%d passages are left of a catalogue that has one", n)
	}
}

// TestPlannerChooses: by its own estimates PostgreSQL takes the model's index for a large set, and compares exactly what is small, or what a
// selective filter leaves.
func TestPlannerChooses(t *testing.T) {
	d := newTiny(t)
	fill := func(from, to int) {
		t.Helper()
		for _, sql := range []string{
			fmt.Sprintf(`insert into postings (id, source, external_id, content_hash, title, company, location, remote, seniority, url, description, requirements, catalog_version, extractor_version, created_at)
				select gen_random_uuid(), 'made', i::text, sha256(i::text::bytea), 'Engineer', 'Company', case when i %% 5000 = 0 then 'Riga' else 'Berlin' end, 'no', '', '', 'Text', '[]', 'c', 'e', now()
				from generate_series(%d, %d) i`, from, to),
			`insert into posting_vectors (model_id, posting_id, embedding)
				select m.id, p.id, ('[' || random() || ',' || random() || ',' || random() || ']')::halfvec from postings p, embedding_models m where m.name = 'tiny' on conflict do nothing`,
			`analyze`,
		} {
			if _, err := d.raw.Exec(t.Context(), sql); err != nil {
				t.Fatal(err)
			}
		}
	}
	sql, err := d.NearestPostingsSQL(t.Context(), "tiny")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.raw.Exec(t.Context(), postgres.SearchSettings()); err != nil {
		t.Fatal(err)
	}
	plan := func(location string) string {
		t.Helper()
		person := newPerson(t, d.DB)
		rows, err := d.raw.Query(t.Context(), `explain (format json) `+sql, pgx.QueryExecModeSimpleProtocol,
			pgx.NamedArgs{"resume": person, "person": person, "limit": 20, "remote": "", "location": location})
		if err != nil {
			t.Fatal(err)
		}
		got, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[json.RawMessage])
		if err != nil {
			t.Fatal(err)
		}
		return string(got)
	}
	const index = `posting_vectors_hnsw_`
	fill(1, 60)
	if p := plan(""); strings.Contains(p, index) {
		t.Errorf("60 postings are searched by the index:\n%s", p)
	}
	if _, err := d.raw.Exec(t.Context(), `drop index posting_vectors_hnsw_`+strconv.Itoa(d.count(t, `select id from embedding_models`))); err != nil {
		t.Fatal(err)
	}
	fill(61, 30_000)
	if err := d.BuildIndexes(t.Context(), "tiny"); err != nil { // all at once is quicker than row by row
		t.Fatal(err)
	}
	if p := plan(""); !strings.Contains(p, index) {
		t.Errorf("30,000 postings are not searched by the index:\n%s", p)
	}
	if p := plan("%Riga%"); strings.Contains(p, index) {
		t.Errorf("what a filter that passes 1 in 5,000 leaves is searched by the index:\n%s", p)
	}
}
