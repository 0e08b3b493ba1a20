package postgres_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/gapwise/gapwise/postgres"
	"github.com/gapwise/gapwise/posting"
	"github.com/gapwise/gapwise/skill"
)

// noSkills finds nothing, so that an import is about the tables.
type noSkills struct{}

func (noSkills) Find(string) []skill.Mention { return nil }

// tinyEmbedder makes vectors of three numbers.
type tinyEmbedder struct{}

func (tinyEmbedder) Model() string { return "tiny" }

func (tinyEmbedder) Embed(_ context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	for i, t := range texts {
		h := fnv.New32()
		_, _ = h.Write([]byte(t))
		v := h.Sum32()
		out[i] = []float32{float32(v&0xff) + 1, float32(v >> 8 & 0xff), float32(v >> 16 & 0xff)}
	}
	return out, nil
}

func newImporter(b posting.Board) *posting.Importer {
	return posting.NewImporter(noSkills{}, func() posting.Embedder { return tinyEmbedder{} }, b, "c1")
}

// listing gives records as a source, the whole of "board" if it is named so.
type listing struct {
	whole   string
	records []posting.Record
}

func (l listing) Whole() string { return l.whole }

func (l listing) Each(_ context.Context, take func(posting.Item) error) error {
	for i, r := range l.records {
		if err := take(posting.Item{Line: i + 1, Record: r}); err != nil {
			return err
		}
	}
	return nil
}

const parcels = "You build services that move parcels around the world, with a team that reviews every change and writes tests first. " +
	"You know databases, and you like to explain what you do. We pay well, and we mean it when we say that you choose your hours. "

func record(id, title, text string) posting.Record {
	return posting.Record{Source: "board", ExternalID: id, Title: title, Company: "Acme", Location: "Berlin", Description: text}
}

// state is how the postings stand: live, gone, or the duplicate of which.
func (d *tiny) state(tb testing.TB) map[string]string {
	tb.Helper()
	rows, err := d.raw.Query(tb.Context(), `
		select p.source || '/' || p.external_id, case when p.live then 'live' when p.expired_at is not null then 'gone' else 'as ' || q.external_id end
		from postings p left join postings q on q.id = p.duplicate_of`)
	if err != nil {
		tb.Fatal(err)
	}
	out := map[string]string{}
	var id, state string
	if _, err := pgx.ForEachRow(rows, []any{&id, &state}, func() error { out[id] = state; return nil }); err != nil {
		tb.Fatal(err)
	}
	return out
}

// TestBoardOverTime: duplicates are left out, what vanishes and what runs out stops being matched within the run, and what comes back is matched.
func TestBoardOverTime(t *testing.T) {
	d := newTiny(t)
	im := newImporter(d)
	sample := record("s1", "Sample", "A sample posting of nobody at all.")
	sample.Source = posting.SampleSource
	first, twin, third, other := record("1", "Backend Engineer", parcels), record("2", "Backend Engineer (m/w/d)", parcels+"Apply."), record("3", "Backend Engineer", parcels+"Now."), record("4", "Product Designer", "You draw screens for people who pack parcels at night, and measure what you change in them.")
	over := other
	over.ValidThrough = "2020-01-31"
	steps := []struct {
		name    string
		src     listing
		summary posting.Summary
		want    map[string]string
	}{
		{"the sample", listing{records: []posting.Record{sample}}, posting.Summary{Read: 1, Stored: 1, New: 1}, map[string]string{"sample/s1": "live"}},
		{
			"a board with three that say the same",
			listing{"board", []posting.Record{first, twin, third, other}},
			posting.Summary{Read: 4, Stored: 4, New: 4, Duplicates: 2},
			map[string]string{"board/1": "live", "board/2": "as 1", "board/3": "as 1", "board/4": "live"},
		},
		{
			"again",
			listing{"board", []posting.Record{first, twin, third, other}},
			posting.Summary{Read: 4, Unchanged: 4},
			map[string]string{"board/1": "live", "board/2": "as 1", "board/3": "as 1", "board/4": "live"},
		},
		{
			"the first has vanished",
			listing{"board", []posting.Record{twin, third, other}},
			posting.Summary{Read: 3, Unchanged: 3, Expired: 1},
			map[string]string{"board/1": "gone", "board/2": "live", "board/3": "as 2", "board/4": "live"},
		},
		{
			"it is back",
			listing{"board", []posting.Record{first, twin, third, other}},
			posting.Summary{Read: 4, Stored: 1, Changed: 1, Unchanged: 3},
			map[string]string{"board/1": "live", "board/2": "as 1", "board/3": "as 1", "board/4": "live"},
		},
		{
			"one runs out",
			listing{"board", []posting.Record{first, twin, third, over}},
			posting.Summary{Read: 4, Stored: 1, Changed: 1, Unchanged: 3, Expired: 1},
			map[string]string{"board/1": "live", "board/2": "as 1", "board/3": "as 1", "board/4": "gone"},
		},
		{
			"and has run out",
			listing{"board", []posting.Record{first, twin, third, over}},
			posting.Summary{Read: 4, Unchanged: 4},
			map[string]string{"board/1": "live", "board/2": "as 1", "board/3": "as 1", "board/4": "gone"},
		},
		{
			"a part of a list lets nothing vanish",
			listing{"", []posting.Record{first}},
			posting.Summary{Read: 1, Unchanged: 1},
			map[string]string{"board/1": "live", "board/2": "as 1", "board/3": "as 1", "board/4": "gone"},
		},
		{
			"an empty board",
			listing{"board", nil},
			posting.Summary{Expired: 3},
			map[string]string{"board/1": "gone", "board/2": "gone", "board/3": "gone", "board/4": "gone"},
		},
	}
	for _, s := range steps {
		got, err := im.From(t.Context(), s.src, nil)
		s.summary.Refused = []posting.Refusal{}
		if diff := cmp.Diff(s.summary, got) + cmp.Diff(s.want, d.state(t)); err != nil || diff != "" {
			t.Fatalf("%s: %v (-want +got):\n%s", s.name, err, diff)
		}
	}
	if own, err := d.OwnPostings(t.Context()); err != nil || !own {
		t.Errorf("own postings: %v, %v; want that they stay so when all have gone", own, err)
	}
}

// TestManyRows: a large import into a small table makes the indexes for search afterwards, and they are there and good.
func TestManyRows(t *testing.T) {
	d := newTiny(t)
	var text bytes.Buffer
	writeLines(t, &text, 3_000)
	s, err := newImporter(d).Import(t.Context(), &text, nil)
	if err != nil || s.New != 2_995 || s.Changed != 4 || len(s.Refused) != 1 || s.Refused[0].Line != 1_001 {
		t.Fatalf("%+v, %v", s, err)
	}
	if n := d.count(t, `select count(*) from pg_index i join pg_class c on c.oid = i.indexrelid where i.indisvalid and c.relname in ('postings_search', 'posting_vectors_hnsw_1')`); n != 2 {
		t.Errorf("%d indexes for search, want 2", n)
	}
}

// writeLines writes postings as JSON Lines, some of which say the same, some come twice with another text, and line 1,001 is none.
func writeLines(tb testing.TB, out *bytes.Buffer, n int) {
	tb.Helper()
	words := strings.Fields(parcels)
	for i := range n {
		if i == 1_000 {
			out.WriteString("{broken\n")
			continue
		}
		rng := rand.New(rand.NewPCG(7, uint64(i-i%10/9))) // every tenth says the same as the one before
		var b strings.Builder
		for range 60 {
			b.WriteString(words[rng.IntN(len(words))] + " ")
		}
		id := i
		if i%700 == 699 {
			id = i - 650 // comes again, otherwise
		}
		line, err := json.Marshal(posting.Record{
			Source: "lines", ExternalID: strconv.Itoa(id), Title: "Engineer " + strconv.Itoa(rng.IntN(5)), Company: fmt.Sprintf("Company %d", rng.IntN(50)),
			Description: b.String(), ValidThrough: []string{"", "", "2020-01-01"}[rng.IntN(3)],
		})
		if err != nil {
			tb.Fatal(err)
		}
		out.Write(append(line, '\n'))
	}
}

// childURL and childFile set make this test binary the process that TestKilledImport kills.
const childURL, childFile = "GAPWISE_TEST_IMPORT_URL", "GAPWISE_TEST_IMPORT_FILE"

// importChild imports a file into a database.
func importChild(ctx context.Context, url, file string) error {
	db, err := postgres.Open(ctx, url)
	if err != nil {
		return err
	}
	defer db.Close()
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	_, err = newImporter(db).Import(ctx, f, nil)
	return err
}

// TestKilledImport kills an import at any moment, again and again, and runs it to its end: the tables are those of one clean run.
func TestKilledImport(t *testing.T) {
	var text bytes.Buffer
	writeLines(t, &text, 4_000)
	file := filepath.Join(t.TempDir(), "lines.jsonl")
	if err := os.WriteFile(file, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	child := func(url string) *exec.Cmd {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), childURL+"="+url, childFile+"="+file)
		return cmd
	}
	clean := newTiny(t)
	start := time.Now()
	if out, err := child(clean.url).CombinedOutput(); err != nil {
		t.Fatalf("the clean run: %v\n%s", err, out)
	}
	took := time.Since(start)
	want := clean.table(t)
	rng := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	killed := newTiny(t)
	reached := []int{}
	for range 8 {
		cmd := child(killed.url)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(rng.Int64N(int64(took/2))), func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		timer.Stop()
		reached = append(reached, killed.count(t, `select count(*) from postings`))
	}
	if out, err := child(killed.url).CombinedOutput(); err != nil {
		t.Fatalf("the last run: %v\n%s", err, out)
	}
	t.Logf("a clean run takes %s; killed with %v postings stored", took.Round(time.Millisecond), reached)
	if diff := cmp.Diff(want, killed.table(t)); diff != "" {
		t.Errorf("%d and %d rows (-clean +killed):\n%.3000s", len(want), len(killed.table(t)), diff)
	}
	if n := killed.count(t, `select count(*) from pg_index i join pg_class c on c.oid = i.indexrelid where i.indisvalid and c.relname in ('postings_search', 'posting_vectors_hnsw_1')`); n != 2 {
		t.Errorf("%d indexes for search after a kill, want 2", n)
	}
}

// table is everything of the postings but ids and times.
func (d *tiny) table(tb testing.TB) []string {
	tb.Helper()
	rows, err := d.raw.Query(tb.Context(), `
		select concat_ws('|', p.source, p.external_id, encode(p.content_hash, 'hex'), p.title, p.company, p.location, p.remote, p.seniority, p.posted_on, p.url,
			md5(p.description), p.requirements, p.catalog_version, p.extractor_version, p.valid_through, p.language, p.pay_yearly, p.near, p.simhash,
			'first ' || q.external_id, p.expired_at is not null, p.live, v.embedding)
		from postings p left join postings q on q.id = p.duplicate_of left join posting_vectors v on v.posting_id = p.id
		order by p.source collate "C", p.external_id collate "C"`)
	if err != nil {
		tb.Fatal(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

func TestVisits(t *testing.T) {
	d := newTiny(t)
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	if changed, err := d.Schedule(t.Context(), "greenhouse:acme", true, now); err != nil || !changed {
		t.Fatalf("%v, %v", changed, err)
	}
	if changed, err := d.Schedule(t.Context(), "greenhouse:acme", true, now); err != nil || changed {
		t.Errorf("twice: %v, %v", changed, err)
	}
	v := posting.Visit{
		Name: "greenhouse:acme", Scheduled: true, Validators: posting.Validators{ETag: `"1"`, LastModified: "x"}, Versions: "v", Failures: 2, Error: "busy",
		Summary: json.RawMessage(`{"read": 1}`), FetchedAt: &now, NextAt: now.Add(time.Hour),
	}
	if err := d.SaveVisit(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	if err := d.SaveVisit(t.Context(), posting.Visit{Name: "by hand", NextAt: now}); err != nil {
		t.Fatal(err)
	}
	list, err := d.Scheduled(t.Context())
	if diff := cmp.Diff([]posting.Visit{v}, list, cmp.Transformer("utc", func(t time.Time) time.Time { return t.UTC() })); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	var names []string
	every, err := d.Sources(t.Context()) // what fails comes first
	for _, v := range every {
		names = append(names, v.Name)
	}
	if diff := cmp.Diff([]string{"greenhouse:acme", "by hand"}, names); err != nil || diff != "" {
		t.Errorf("all of them: %v (-want +got):\n%s", err, diff)
	}
	if changed, err := d.Schedule(t.Context(), "greenhouse:acme", false, now); err != nil || !changed {
		t.Errorf("taken out: %v, %v", changed, err)
	}
	if got, err := d.Visit(t.Context(), "greenhouse:acme"); err != nil || got.Scheduled || got.ETag != `"1"` {
		t.Errorf("%+v, %v", got, err)
	}
}

// window is a source of the latest postings of a board.
type window struct{ listing }

func (window) Latest() string { return "board" }

// TestWindow: of what a list of the latest lacks, what is younger than its oldest has vanished, and what may have fallen off its end has not.
func TestWindow(t *testing.T) {
	d := newTiny(t)
	im := newImporter(d)
	var list []posting.Record
	for i, title := range []string{"Backend Engineer", "Product Designer", "Data Analyst", "Cook"} {
		r := record(strconv.Itoa(i+1), title, title+" wanted: "+parcels[10*i:])
		r.PostedOn = "2026-11-0" + strconv.Itoa(i+1)
		list = append(list, r)
	}
	for _, records := range [][]posting.Record{list, {list[3], list[1]}} {
		if _, err := im.From(t.Context(), window{listing{records: records}}, nil); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(map[string]string{"board/1": "live", "board/2": "live", "board/3": "gone", "board/4": "live"}, d.state(t)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
