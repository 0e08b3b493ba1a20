package posting_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/posting"
	"github.com/gapwise/gapwise/skill"
)

// board keeps postings in memory.
type board struct {
	saved   []posting.Prepared
	batches []int
	vectors [][]float32
	model   string
	fail    error
	many    int
	endings []posting.Ending
	mu      sync.Mutex // Known is asked by several at a time, while one saves
}

func (b *board) Known(_ context.Context, model string, list []posting.Prepared) ([]bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make([]bool, len(list))
	for i, p := range list {
		for _, s := range b.saved {
			out[i] = out[i] || b.model == model && s.Source == p.Source && s.ExternalID == p.ExternalID && s.Hash == p.Hash &&
				s.CatalogVersion == p.CatalogVersion && s.ExtractorVersion == p.ExtractorVersion
		}
	}
	return out, b.fail
}

func (b *board) SavePostings(_ context.Context, model string, list []posting.Prepared, vectors [][]float32) (posting.Saved, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.model = model
	b.batches = append(b.batches, len(list))
	s := posting.Saved{New: len(list)}
	for _, p := range list {
		if slices.ContainsFunc(b.saved, func(o posting.Prepared) bool { return o.Source == p.Source && o.ExternalID == p.ExternalID }) {
			s.New, s.Changed = s.New-1, s.Changed+1
		}
	}
	b.saved = append(b.saved, list...)
	b.vectors = append(b.vectors, vectors...)
	return s, nil
}

func (b *board) Many(context.Context, string, int) error { b.many++; return nil }

func (b *board) FinishImport(_ context.Context, _ string, end posting.Ending) (int, error) {
	b.endings = append(b.endings, end)
	return 0, nil
}

// embedder makes a vector of a text's length, so that a test can tell whose it is.
type embedder struct{ fail error }

func inForce(e embedder) func() posting.Embedder { return func() posting.Embedder { return e } }

func (embedder) Model() string { return "test" }

func (e embedder) Embed(_ context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	for i, t := range texts {
		out[i] = []float32{float32(len(t))}
	}
	return out, e.fail
}

// line is a posting as a line of JSON, with fields changed. A nil takes one out.
func line(tb testing.TB, change map[string]any) string {
	tb.Helper()
	rec := map[string]any{
		"source": "test", "external_id": "1", "title": " Engineer ", "company": "Acme", "location": "Berlin", "remote": "hybrid", "seniority": "senior",
		"posted_on": "2026-11-24", "url": "https://example.org/1", "salary": "", "description": "We need Kafka, PostgreSQL and Docker.",
	}
	for k, v := range change {
		if rec[k] = v; v == nil {
			delete(rec, k)
		}
	}
	b, err := json.Marshal(rec)
	if err != nil {
		tb.Fatal(err)
	}
	return string(b)
}

func TestImport(t *testing.T) {
	c, finder := load(t)
	b := &board{}
	summary, err := posting.NewImporter(finder, inForce(embedder{}), b, c.Version()).Import(t.Context(), strings.NewReader(line(t, nil)), nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(posting.Summary{Read: 1, Stored: 1, New: 1, Refused: []posting.Refusal{}}, summary); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	got := b.saved[0]
	want := posting.Posting{
		ID: got.ID, Source: "test", ExternalID: "1", Title: "Engineer", Company: "Acme", Location: "Berlin", Remote: "hybrid", Seniority: "senior",
		PostedOn: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC), URL: "https://example.org/1", Description: "We need Kafka, PostgreSQL and Docker.",
		Requirements: posting.Requirements(finder, "We need Kafka, PostgreSQL and Docker."), Language: got.Language,
	}
	if diff := cmp.Diff(want, got.Posting); diff != "" {
		t.Errorf("posting (-want +got):\n%s", diff)
	}
	if len(want.Requirements) != 3 || got.ID.Version() != 7 || got.CatalogVersion != c.Version() || got.ExtractorVersion != skill.ExtractorVersion || got.Sample() {
		t.Errorf("%d requirements, id %s, versions %q %q", len(want.Requirements), got.ID, got.CatalogVersion, got.ExtractorVersion)
	}
	if want := float32(len("Engineer. We need Kafka, PostgreSQL and Docker.")); b.vectors[0][0] != want {
		t.Errorf("the vector is of a text of %v bytes, want %v", b.vectors[0][0], want)
	}
}

// TestImportRefusesALineByItself has a bad line between two good ones.
func TestImportRefusesALineByItself(t *testing.T) {
	c, finder := load(t)
	long := strings.Repeat("x", 301)
	tests := []struct {
		name   string
		bad    string
		field  string
		detail string
	}{
		{"not JSON", "Engineer wanted", "", "not a posting in JSON"},
		{"an array", "[]", "", "not a posting in JSON"},
		{"cut off", line(t, nil)[:50], "", "not a posting in JSON"},
		{"two on one line", line(t, nil) + line(t, nil), "", "more than one posting"},
		{"something after it", line(t, nil) + "x", "", "more than one posting"},
		{"unknown field", line(t, map[string]any{"wage": "1"}), "", `unknown field "wage"`},
		{"number for a text", line(t, map[string]any{"title": 7}), "", "title"},
		{"too long a line", line(t, map[string]any{"description": strings.Repeat("x", 2*posting.MaxLine)}), "", "over 256 KB"},
		{"no source", line(t, map[string]any{"source": nil}), "source", "needed"},
		{"no external id", line(t, map[string]any{"external_id": ""}), "external_id", "needed"},
		{"blank title", line(t, map[string]any{"title": "  "}), "title", "needed"},
		{"long company", line(t, map[string]any{"company": long}), "company", "at most 300 bytes"},
		{"NUL in the title", line(t, map[string]any{"title": "a\x00b"}), "title", "NUL"},
		{"NUL in the place", line(t, map[string]any{"location": "\x00"}), "location", "NUL"},
		{"NUL in the description", line(t, map[string]any{"description": strings.Repeat("\x00", 30)}), "description", "NUL"},
		{"short description", line(t, map[string]any{"description": "  We need Kafka.       "}), "description", "20 to 50000 bytes"},
		{"long description", line(t, map[string]any{"description": strings.Repeat("x", 50_001)}), "description", "20 to 50000 bytes"},
		{"remote", line(t, map[string]any{"remote": "sometimes"}), "remote", "hybrid"},
		{"seniority", line(t, map[string]any{"seniority": "Senior"}), "seniority", "junior"},
		{"script for an address", line(t, map[string]any{"url": "javascript:alert(1)"}), "url", "https://"},
		{"date", line(t, map[string]any{"posted_on": "24.11.2026"}), "posted_on", "2026-11-24"},
		{"no such day", line(t, map[string]any{"posted_on": "2026-02-30"}), "posted_on", "2026-11-24"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := &board{}
			text := line(t, map[string]any{"external_id": "a"}) + "\r\n\n" + tt.bad + "\n" + line(t, map[string]any{"external_id": "b"}) + "\n"
			s, err := posting.NewImporter(finder, inForce(embedder{}), b, c.Version()).Import(t.Context(), strings.NewReader(text), nil)
			if err != nil {
				t.Fatal(err)
			}
			if s.Read != 3 || s.Stored != 2 || len(s.Refused) != 1 || len(b.saved) != 2 || b.saved[1].ExternalID != "b" {
				t.Fatalf("%+v with %d saved, want two stored and one refused", s, len(b.saved))
			}
			if r := s.Refused[0]; r.Line != 3 || r.Field != tt.field || !strings.Contains(r.Detail, tt.detail) {
				t.Errorf("refused %+v, want line 3, field %q, %q", r, tt.field, tt.detail)
			}
		})
	}
}

func TestImportTakesWhatIsAtABound(t *testing.T) {
	c, finder := load(t)
	for name, change := range map[string]map[string]any{
		"nothing that may be left out":  {"location": nil, "remote": nil, "seniority": nil, "posted_on": nil, "url": nil, "salary": nil},
		"300 bytes":                     {"company": strings.Repeat("x", 300)},
		"a description of 20 bytes":     {"description": strings.Repeat("x", 20)},
		"a description of 50,000 bytes": {"description": strings.Repeat("x", 50_000)},
		"plain http":                    {"url": "http://example.org"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := posting.NewImporter(finder, inForce(embedder{}), &board{}, c.Version()).Import(t.Context(), strings.NewReader(line(t, change)), nil)
			if err != nil || s.Stored != 1 {
				t.Errorf("%+v, %v; want it stored", s, err)
			}
		})
	}
}

func TestImportAgain(t *testing.T) {
	c, finder := load(t)
	b := &board{}
	text := line(t, nil) + "\n" + line(t, map[string]any{"external_id": "2"}) + "\n"
	im := posting.NewImporter(finder, inForce(embedder{}), b, c.Version())
	for round, want := range []posting.Summary{{Read: 2, Stored: 2, New: 2}, {Read: 2, Unchanged: 2}} {
		want.Refused = []posting.Refusal{}
		s, err := im.Import(t.Context(), strings.NewReader(text), nil)
		if diff := cmp.Diff(want, s); err != nil || diff != "" {
			t.Errorf("round %d: %v (-want +got):\n%s", round, err, diff)
		}
	}
	changed := line(t, nil) + "\n" + line(t, map[string]any{"external_id": "2", "title": "Lead"}) + "\n"
	if s, err := im.Import(t.Context(), strings.NewReader(changed), nil); err != nil || s.Stored != 1 || s.Unchanged != 1 {
		t.Errorf("one changed: %+v, %v", s, err)
	}
	if s, err := posting.NewImporter(finder, inForce(embedder{}), b, "another").Import(t.Context(), strings.NewReader(changed), nil); err != nil || s.Stored != 2 {
		t.Errorf("another catalogue: %+v, %v; want all read again", s, err)
	}
	if n := len(b.batches); n != 3 {
		t.Errorf("%d batches were saved, want 3: what is known costs nothing", n)
	}
}

func TestImportInBatches(t *testing.T) {
	c, finder := load(t)
	b := &board{}
	var text strings.Builder
	for i := range 1250 {
		text.WriteString(line(t, map[string]any{"external_id": strconv.Itoa(i)}) + "\n")
	}
	var progress []int
	s, err := posting.NewImporter(finder, inForce(embedder{}), b, c.Version()).Import(t.Context(), strings.NewReader(text.String()), func(s posting.Summary) { progress = append(progress, s.Stored) })
	if err != nil || s.Stored != 1250 {
		t.Fatalf("%+v, %v", s, err)
	}
	if diff := cmp.Diff([]int{500, 500, 250}, b.batches); diff != "" {
		t.Errorf("batches (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{500, 1000, 1250}, progress); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
}

// endless gives one line for ever.
type endless struct{ line []byte }

func (e endless) Read(p []byte) (int, error) {
	return copy(p, bytes.Repeat(e.line, len(p)/len(e.line)+1)[:len(p)-len(p)%len(e.line)]), nil
}

func TestImportBounds(t *testing.T) {
	c, finder := load(t)
	im := posting.NewImporter(finder, inForce(embedder{}), &board{}, c.Version())
	s, err := im.Import(t.Context(), endless{[]byte("{}\n")}, nil)
	if !errors.Is(err, fault.TooLarge) || fault.CodeOf(err) != "too-many-postings" || s.Read != posting.MaxPostings || s.Stored != 0 {
		t.Errorf("%d read, %v; want TooLarge after %d", s.Read, err, posting.MaxPostings)
	}
	if len(s.Refused) != 100 {
		t.Errorf("%d refusals listed, want the first 100", len(s.Refused))
	}
	// A line without an end is passed over without being kept.
	s, err = im.Import(t.Context(), io.LimitReader(endless{[]byte("x")}, 64<<20), nil)
	if err != nil || s.Read != 1 || len(s.Refused) != 1 {
		t.Errorf("64 MB in one line: %+v, %v; want one refusal", s, err)
	}
}

func TestImportFails(t *testing.T) {
	c, finder := load(t)
	down := errors.New("down")
	tests := []struct {
		name     string
		embedder embedder
		board    *board
		in       io.Reader
	}{
		{"the embedder", embedder{fail: down}, &board{}, strings.NewReader(line(t, nil))},
		{"the board", embedder{}, &board{fail: down}, strings.NewReader(line(t, nil))},
		{"the reader", embedder{}, &board{}, io.MultiReader(strings.NewReader(line(t, nil)[:20]), iotest.ErrReader(down))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := posting.NewImporter(finder, inForce(tt.embedder), tt.board, c.Version()).Import(t.Context(), tt.in, nil)
			if !errors.Is(err, down) || s.Stored != 0 || len(tt.board.saved) != 0 {
				t.Errorf("%+v, %v with %d saved; want the error and nothing stored", s, err, len(tt.board.saved))
			}
		})
	}
}

// FuzzImport holds an import of anything to its books: every posting is stored, unchanged or refused, and what is stored is as it must be.
func FuzzImport(f *testing.F) {
	c, finder := load(f)
	f.Add([]byte(line(f, nil) + "\n\n{}\n" + line(f, map[string]any{"external_id": "2"})))
	f.Add([]byte(`{"source":"s","external_id":"1","title":"\u0000","company":"c","description":"aaaaaaaaaaaaaaaaaaaaaaaaa"}`))
	f.Add([]byte("\xff\r\n{\"source\":\"\xff\"}"))
	f.Add([]byte(`{"SOURCE":"s","external_id":"1","title":"t","company":"c","description":"Kafka Kafka Kafka Kafka","posted_on":"0000-01-01"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		b := &board{}
		s, err := posting.NewImporter(finder, inForce(embedder{}), b, c.Version()).Import(t.Context(), bytes.NewReader(text), nil)
		if err != nil {
			t.Fatalf("Import: %v", err)
		}
		if s.Stored != len(b.saved) || s.Read < s.Stored+s.Unchanged+len(s.Refused) || len(s.Refused) < 100 && s.Read != s.Stored+s.Unchanged+len(s.Refused) {
			t.Errorf("%+v with %d saved", s, len(b.saved))
		}
		for _, p := range b.saved {
			for _, v := range []string{p.Source, p.ExternalID, p.Title, p.Company, p.Location, p.URL, p.Description} {
				if strings.ContainsRune(v, 0) || strings.ToValidUTF8(v, "") != v {
					t.Errorf("stored %q, which PostgreSQL would refuse", v)
				}
			}
			if p.Title == "" || p.Company == "" {
				t.Errorf("stored without a title or a company: %+v", p.Posting)
			}
			checkSpans(t, p.Description, p.Requirements)
		}
	})
}
