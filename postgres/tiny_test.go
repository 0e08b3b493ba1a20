package postgres_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/ident"
	"github.com/gapwise/gapwise/internal/pgtest"
	"github.com/gapwise/gapwise/postgres"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
)

// marker stands in everything that a test keeps of a person, so that it can be looked for.
const marker = "Zanzibar-7"

// tiny is a database with three skills indexed under a model of three dimensions, and a connection to look behind the methods.
type tiny struct {
	*postgres.DB
	raw *pgx.Conn
	url string
}

func newTiny(tb testing.TB) *tiny {
	tb.Helper()
	d := &tiny{url: pgtest.URL(tb)}
	var err error
	if d.DB, err = postgres.Open(tb.Context(), d.url); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(d.Close)
	d.raw = dial(tb, d.url)
	if err := d.SaveIndex(tb.Context(), tinyIndex("tiny")); err != nil {
		tb.Fatal(err)
	}
	return d
}

func dial(tb testing.TB, url string) *pgx.Conn {
	tb.Helper()
	conn, err := pgx.Connect(tb.Context(), url)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = conn.Close(context.WithoutCancel(tb.Context())) })
	return conn
}

func tinyIndex(model string) gapanalysis.Index {
	return gapanalysis.Index{
		Model: model, Dimensions: 3, Hash: []byte("hash of " + model), Threshold: 0.5,
		Skills:     map[string]embeddings.Vector{"go": {1, 0, 0}, "rust": {0.8, 0.6, 0}, "cooking": {0, 0, 1}},
		Roles:      map[string]embeddings.Vector{"gopher": {1, 0, 0}},
		RoleSkills: map[string][]string{"gopher": {"go", "cooking"}},
	}
}

// count is what a query for one number gives.
func (d *tiny) count(tb testing.TB, sql string, args ...any) (n int) {
	tb.Helper()
	if err := d.raw.QueryRow(tb.Context(), sql, args...).Scan(&n); err != nil {
		tb.Fatalf("%s: %v", sql, err)
	}
	return n
}

// tables are the names of all tables that have a column of a name.
func (d *tiny) tables(tb testing.TB, column string) []string {
	tb.Helper()
	rows, err := d.raw.Query(tb.Context(), `
		select table_name::text from information_schema.columns join information_schema.tables using (table_schema, table_name)
		where table_schema = 'public' and table_type = 'BASE TABLE' and ($1 = '' or column_name = $1) group by 1 order by 1`, column)
	if err != nil {
		tb.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(names) == 0 {
		tb.Fatalf("tables with %q: %v, %v", column, names, err)
	}
	return names
}

// rust is a resume that shows Rust, dated, something that is not in the catalogue, and Cooking.
func rust() *skill.Upload {
	text := "Skills\nRust, " + marker + " and cooking"
	id, other := "rust", "cooking"
	return &skill.Upload{
		ID: ident.New(), FileName: marker + ".txt", MediaType: "text/plain; charset=utf-8", File: []byte(text), CreatedAt: noon,
		Document: &resume.Document{
			Outcome: resume.OutcomeOK, Engine: "plain", Pages: 1, Words: 5, Text: text,
			Lines: []resume.Line{{Page: 1, Start: 0, End: 6}}, Sections: []resume.Section{{Kind: resume.SectionSkills, Heading: "Skills", End: 30}},
			Positions: []resume.Position{{Title: "Engineer", Org: marker, Start: "2020-01", End: resume.Present, Span: [2]int{0, 6}}},
			Warnings:  []resume.Warning{},
		},
		Profile: skill.Profile{ExtractorVersion: "rules-x", CatalogVersion: "catalog-x", Titles: []string{"Engineer"}, Text: text, Claims: []skill.Claim{
			{
				ID: &id, Name: "Rust", Kind: "language", Level: 4, Years: 3.5, LastUsed: 2026, Why: marker, Status: skill.StatusRead,
				Mentions: []skill.Mention{{SkillID: "rust", Start: 7, End: 11, Text: "Rust", Page: 1, Section: resume.SectionSkills}},
			},
			{Name: marker, Kind: "tool", Level: 2, Why: "Listed.", Status: skill.StatusRead, Mentions: []skill.Mention{{Start: 13, End: 23, Text: marker, Page: 1, Section: resume.SectionSkills}}},
			{
				ID: &other, Name: "Cooking", Kind: "soft", Level: 2, Why: "Listed.", Status: skill.StatusRead,
				Mentions: []skill.Mention{{SkillID: "cooking", Start: 28, End: 35, Text: "cooking", Page: 1, Section: resume.SectionSkills}},
			},
		}},
	}
}

// keep stores a resume.
func (d *tiny) keep(tb testing.TB, person uuid.UUID) *skill.Upload {
	tb.Helper()
	u := rust()
	if err := d.SaveUpload(tb.Context(), person, u, "tiny", embeddings.Vector{0.6, 0.8, 0}); err != nil {
		tb.Fatal(err)
	}
	return u
}
