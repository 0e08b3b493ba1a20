package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/gapwise/gapwise/account"
	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/proctable"
	"github.com/gapwise/gapwise/postgres"
	"github.com/gapwise/gapwise/posting"
	"github.com/gapwise/gapwise/skill"
)

// scale is what was measured at one size.
type scale struct {
	Rows    int         `json:"postings"`
	Filters []ofFilter  `json:"filters"`
	P50     float64     `json:"p50_ms"` // of all pages
	P99     float64     `json:"p99_ms"`
	Recall  float64     `json:"recall_at_20"`
	CPU     float64     `json:"cpu_ms"`        // of a page, of this process
	Server  float64     `json:"server_cpu_ms"` // and of the server
	Load    float64     `json:"load"`          // processes that wanted to run
	Memory  float64     `json:"index_mb"`      // of the index in memory, heap
	Built   float64     `json:"index_seconds"` // until it was there
	Indexes []indexSize `json:"indexes"`
}

type ofFilter struct {
	Name   string  `json:"name"`
	P50    float64 `json:"p50_ms"`
	P99    float64 `json:"p99_ms"`
	Recall float64 `json:"recall_at_20"`
}

type indexSize struct {
	Name  string `json:"name"`
	Bytes int64  `json:"bytes"`
}

func (m *scale) missed() (out []string) {
	if m.P50 > mostP50 || m.P99 > mostP99 {
		out = append(out, fmt.Sprintf("a page takes %.1f ms, p99 %.1f", m.P50, m.P99))
	}
	if m.Recall < leastRecall {
		out = append(out, fmt.Sprintf("recall@20 %.3f", m.Recall))
	}
	return out
}

func (m *scale) print(out io.Writer) {
	fmt.Fprintf(out, "%-24s %9s %9s %10s\n", fmt.Sprintf("%d postings", m.Rows), "p50 ms", "p99 ms", "recall@20")
	for _, f := range append(m.Filters, ofFilter{"all", m.P50, m.P99, m.Recall}) {
		fmt.Fprintf(out, "%-24s %9.1f %9.1f %10.3f\n", f.Name, f.P50, f.P99, f.Recall)
	}
	fmt.Fprintf(out, "%-24s %9.1f ms of CPU, and %.1f of the server's; load %.0f\n", "a page", m.CPU, m.Server, m.Load)
	fmt.Fprintf(out, "%-24s %9.1f MB, there after %.1f s\n", "index in memory", m.Memory, m.Built)
	for _, x := range m.Indexes {
		fmt.Fprintf(out, "%-24s %9.1f MB\n", x.Name, float64(x.Bytes)/(1<<20))
	}
	fmt.Fprintln(out)
}

// page is how many matches a page has.
const page = 20

// filters are what pages are asked for under, in turn.
var filters = []struct {
	name   string
	filter gapanalysis.Filter
}{
	{"no filter", gapanalysis.Filter{}},
	{"remote", gapanalysis.Filter{Remote: "yes"}},
	{"a city", gapanalysis.Filter{Location: "Berlin"}},
	{"pay", gapanalysis.Filter{Pay: 90_000, Currency: "EUR"}},
	{"remote, city, pay", gapanalysis.Filter{Remote: "yes", Location: "Berlin", Pay: 60_000, Currency: "EUR", Exclude: []string{"Company 1", "Company 2"}}},
}

// resumeID and owner are the ids of a profile's resume and person.
func resumeID(profile int) uuid.UUID {
	return uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, profile))
}

func owner(profile int) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceURL, fmt.Append(nil, profile)) }

// keepResumes stores the labelled resumes.
func (s *set) keepResumes(ctx context.Context, db *postgres.DB) error {
	for i := range s.profiles {
		p := &s.profiles[i]
		t := account.Token{Person: owner(i), Kind: account.Session, CreatedAt: asOf, ExpiresAt: asOf}
		copy(t.Hash[:], t.Person[:])
		if err := db.Add(ctx, account.Person{ID: owner(i), Kind: account.Guest, CreatedAt: asOf}, t); err != nil {
			return err
		}
		u := &skill.Upload{ID: resumeID(i), FileName: "cv.txt", MediaType: "text/plain", File: []byte(p.text), Document: p.document, Profile: p.profile, CreatedAt: asOf}
		if err := db.SaveUpload(ctx, owner(i), u, embeddings.Builtin{}.Model(), p.vector); err != nil {
			return err
		}
	}
	return nil
}

// measure times pages of matches and compares them with what scoring every posting gives.
func measure(ctx context.Context, server string, s *set, rows int, o options, progress io.Writer) (m scale, err error) {
	address, err := fill(ctx, server, s, rows, o.bare, progress)
	if err != nil {
		return m, err
	}
	db, err := postgres.Open(ctx, address)
	if err != nil {
		return m, err
	}
	defer db.Close()
	model := func() string { return embeddings.Builtin{}.Model() }
	service := gapanalysis.NewService(s.catalog, db, db, nil, model, func() time.Time { return asOf }).Counting(db).Finding(db, db).Indexing(db, db)
	m.Rows = rows
	if m.Memory, m.Built, err = ready(ctx, service, rows, progress); err != nil {
		return m, err
	}
	times := make([][]float64, len(filters))
	var own, servers time.Duration
	postmaster, err := serverOf(ctx, address)
	if err != nil {
		return m, err
	}
	for n := range o.pages + len(s.profiles) {
		if n == len(s.profiles) {
			own, servers = proctable.Self().Own, proctable.Tree(postmaster)
		}
		f := n % len(filters)
		filter := filters[f].filter
		filter.Limit = page
		began := time.Now()
		profile := (n / len(filters)) % len(s.profiles)
		if _, err := service.Jobs(ctx, owner(profile), resumeID(profile), filter); err != nil {
			return m, err
		}
		if n >= len(s.profiles) { // the first warm what is read
			times[f] = append(times[f], float64(time.Since(began).Microseconds())/1000)
		}
	}
	m.CPU = perPage(proctable.Self().Own-own, o.pages)
	m.Server = perPage(proctable.Tree(postmaster)-servers, o.pages)
	m.Load = proctable.Load()
	recall := make([][]float64, len(filters))
	for n := range o.recall {
		f, profile := n%len(filters), (n*7)%len(s.profiles)
		r, err := s.recall(ctx, address, service, db, profile, filters[f].filter)
		if err != nil {
			return m, err
		}
		recall[f] = append(recall[f], r)
		fmt.Fprintf(progress, "%d postings: recall of %s, %s: %.3f\n", rows, s.Profiles[profile].Resume.Name, filters[f].name, r)
	}
	for f := range filters {
		m.Filters = append(m.Filters, ofFilter{filters[f].name, percentile(times[f], 0.5), percentile(times[f], 0.99), meanOf(recall[f])})
	}
	all := slices.Concat(times...)
	m.P50, m.P99, m.Recall = percentile(all, 0.5), percentile(all, 0.99), meanOf(slices.Concat(recall...))
	m.Indexes, err = indexes(ctx, address)
	return m, err
}

// ready asks for pages until they come from the index in memory, and tells how large it is and how long it took.
func ready(ctx context.Context, service *gapanalysis.Service, rows int, progress io.Writer) (mb, seconds float64, err error) {
	before, began := heap(), time.Now()
	for n := 0; service.Indexed() < rows; n++ {
		if n%100 == 0 { // not more often: until the index is there each of them costs the server much
			if _, err := service.Jobs(ctx, owner(0), resumeID(0), gapanalysis.Filter{}); err != nil {
				return 0, 0, err
			}
		}
		if time.Since(began) > 20*time.Minute {
			return 0, 0, fmt.Errorf("the index has %d of %d postings", service.Indexed(), rows)
		}
		select {
		case <-ctx.Done():
			return 0, 0, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	seconds = time.Since(began).Seconds()
	fmt.Fprintf(progress, "%d postings: the index in memory was there after %.0f s\n", rows, seconds)
	return heap() - before, seconds, nil
}

func perPage(d time.Duration, pages int) float64 {
	return float64(d.Microseconds()) / 1000 / float64(max(1, pages))
}

// serverOf is the first process of a server, which all others of it are children of.
func serverOf(ctx context.Context, address string) (pid int, err error) {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	if err := conn.QueryRow(ctx, `select pg_backend_pid()`).Scan(&pid); err != nil {
		return 0, err
	}
	p, ok := proctable.Of(pid)
	if !ok {
		return 0, fmt.Errorf("process %d of the server is not seen", pid)
	}
	return p.Parent, nil
}

// heap is what lives in memory, in MB.
func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}

func percentile(v []float64, p float64) float64 {
	if len(v) == 0 {
		return 0
	}
	v = slices.Sorted(slices.Values(v))
	return v[min(len(v)-1, int(p*float64(len(v))))]
}

func meanOf(v []float64) (sum float64) {
	for _, x := range v {
		sum += x
	}
	return sum / float64(max(1, len(v)))
}

func indexes(ctx context.Context, address string) ([]indexSize, error) {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	rows, err := conn.Query(ctx, `
		select indexrelid::regclass::text, pg_relation_size(indexrelid) from pg_index
		where indrelid in ('postings'::regclass, 'posting_vectors'::regclass) order by 2 desc limit 8`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[indexSize])
}

// recall is the share of the best 20 of all postings that pass a filter which the service's page has, by score: of postings that score the same
// to three digits one is as good as the other.
func (s *set) recall(ctx context.Context, address string, service *gapanalysis.Service, db *postgres.DB, profile int, f gapanalysis.Filter) (float64, error) {
	f.Limit = page
	got, err := service.Jobs(ctx, owner(profile), resumeID(profile), f)
	if err != nil {
		return 0, err
	}
	p, err := db.Profile(ctx, owner(profile), resumeID(profile))
	if err != nil {
		return 0, err
	}
	var ids []string
	for _, k := range s.catalog.Skills() {
		ids = append(ids, k.ID)
	}
	near, err := db.NearestToSkills(ctx, embeddings.Builtin{}.Model(), owner(profile), resumeID(profile), ids)
	if err != nil {
		return 0, err
	}
	best, err := s.exhaustive(ctx, address, gapanalysis.NewMatcher(s.catalog, s.bridge, p, near, asOf), profile, f)
	if err != nil || len(best) == 0 {
		return 1, err
	}
	least := best[len(best)-1].Score
	hits := 0
	for _, m := range got {
		if m.Score >= least {
			hits++
		}
	}
	return float64(min(hits, len(best))) / float64(len(best)), nil
}

// exhaustive scores every posting that passes a filter.
func (s *set) exhaustive(ctx context.Context, address string, m *gapanalysis.Matcher, profile int, f gapanalysis.Filter) (best []gapanalysis.Scored, err error) {
	conn, err := connect(ctx, address)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	rows, err := conn.Query(ctx, `
		select p.id, p.title, p.company, p.seniority, p.posted_on, p.asked,
			1 - (v.embedding <=> (select r.embedding from resume_vectors r where r.resume_id = @resume))
		from postings p join posting_vectors v on v.posting_id = p.id
		where p.live and (@remote = '' or p.remote = @remote) and (@location = '' or p.location ilike '%' || @location || '%')
			and (@pay::bigint = 0 or p.pay_yearly >= @pay and p.pay_currency = @currency)`,
		pgx.NamedArgs{"resume": resumeID(profile), "remote": f.Remote, "location": f.Location, "pay": f.Pay * 100, "currency": f.Currency})
	if err != nil {
		return nil, err
	}
	var batch []gapanalysis.Candidate
	keep := func() {
		best = append(best, m.Order(batch, page)...)
		slices.SortFunc(best, func(a, b gapanalysis.Scored) int {
			return cmp.Or(cmp.Compare(b.Score, a.Score), bytes.Compare(a.Posting.ID[:], b.Posting.ID[:]))
		})
		best, batch = best[:min(len(best), page)], batch[:0]
	}
	var id uuid.UUID
	var title, company, seniority, asked string
	var posted time.Time
	var similarity float64
	_, err = pgx.ForEachRow(rows, []any{&id, &title, &company, &seniority, &posted, &asked, &similarity}, func() error {
		if slices.Contains(f.Exclude, company) || strings.TrimSpace(asked) == "" {
			return nil
		}
		batch = append(batch, gapanalysis.Candidate{Similarity: similarity, Posting: &posting.Posting{
			ID: id, Title: title, Seniority: seniority, PostedOn: posted, Requirements: postgres.AskedOf(asked),
		}})
		if len(batch) == 10_000 {
			keep()
		}
		return nil
	})
	keep()
	return best, err
}
