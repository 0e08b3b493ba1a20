package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/postgres"
)

// views are the values of hnsw.ef_search that are measured beside ours.
var views = []int{40, 100, 200, 400}

// cell is one search by one way at one number of clients.
type cell struct {
	Search  string  `json:"search"` // plain, filter, hybrid or exact
	Way     string  `json:"way"`    // gapwise: through postgres.DB; bare: the same statement through pgbench
	View    int     `json:"ef_search,omitempty"`
	Clients int     `json:"clients"`
	P50     float64 `json:"p50_ms"`
	P95     float64 `json:"p95_ms"`
	P99     float64 `json:"p99_ms"`
	Rate    float64 `json:"searches_a_second"`
	Count   int     `json:"searches"`
}

// recall is how much of the exact nearest depth a search finds.
type recall struct {
	Search  string  `json:"search"`
	Way     string  `json:"way"`
	View    int     `json:"ef_search"`
	Recall  float64 `json:"recall"` // at depth, the mean
	Worst   float64 `json:"worst"`  // of one query
	Queries int     `json:"queries"`
}

// measured is everything of one size.
type measured struct {
	loaded
	Shape      shape    `json:"shape"`
	Filtered   float64  `json:"filter_share"`
	Recalls    []recall `json:"recalls"`
	Cells      []cell   `json:"cells"`
	Overheads  []ratio  `json:"overheads"`
	Memory     int64    `json:"searching_process_peak_bytes"`
	MemoryUsed string   `json:"shared_buffers"`
}

// ratio is what a search takes through postgres.DB of what its statement takes through pgbench, at one client.
type ratio struct {
	Search string  `json:"search"`
	Ours   float64 `json:"gapwise_p50_ms"`
	Bare   float64 `json:"bare_p50_ms"`
	CPU    float64 `json:"gapwise_cpu_ms"` // of our process, without the server, a search
	Ratio  float64 `json:"ratio"`          // the median of those of several rounds, each one way after the other
}

// bench measures one database.
type bench struct {
	o        options
	tool     pgbench
	address  string
	progress io.Writer
	modelID  int
	settings map[string]string // of our connections
	queries  []*query          // plain, filter, hybrid
	m        *measured
}

// hybridWords is a search that a tenth or so of the postings pass.
const hybridWords = "kubernetes terraform"

func (b *bench) run(ctx context.Context, w *world) error {
	b.queries = []*query{{name: "plain"}, {name: "filter", location: filterCity}, {name: "hybrid", words: hybridWords}}
	for _, q := range b.queries {
		var err error
		if b.settings, err = overhear(ctx, b.address, q); err != nil {
			return err
		}
	}
	var sample []embeddings.Vector
	for n := range 132 { // as many as there are sample postings: the nearest of more is nearer
		sample = append(sample, w.posting(n).vector)
	}
	b.m.Shape = shapeOf(sample)
	if err := b.recalls(ctx); err != nil {
		return err
	}
	if err := b.latencies(ctx); err != nil {
		return err
	}
	return b.overheads(ctx)
}

// recalls compares what searches find with exact search.
func (b *bench) recalls(ctx context.Context) (err error) {
	conn, err := connect(ctx, b.address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	if err := conn.QueryRow(ctx, `select id, current_setting('shared_buffers') from embedding_models where name = $1`, model).Scan(&b.modelID, &b.m.MemoryUsed); err != nil {
		return err
	}
	if err := b.filterTable(ctx, conn); err != nil {
		return err
	}
	db, err := postgres.Open(ctx, b.address)
	if err != nil {
		return err
	}
	defer db.Close()
	plain, filter := b.queries[0], b.queries[1]
	truth, err := b.truth(ctx, conn, "posting_vectors")
	if err != nil {
		return err
	}
	within, err := b.truth(ctx, conn, "bench_filter")
	if err != nil {
		return err
	}
	ours := func(q *query) func(int) ([]float64, error) {
		return func(n int) ([]float64, error) { return similarities(ctx, db, q, n) }
	}
	own, _ := strconv.Atoi(b.settings["hnsw.ef_search"])
	if err := b.recall(recall{Search: plain.name, Way: "gapwise", View: own}, truth, ours(plain)); err != nil {
		return err
	}
	if err := b.recall(recall{Search: filter.name, Way: "gapwise", View: own}, within, ours(filter)); err != nil {
		return err
	}
	for _, view := range views {
		for name, value := range b.viewing(view) {
			if _, err := conn.Exec(ctx, `select set_config($1, $2, false)`, name, value); err != nil {
				return err
			}
		}
		bare := func(q *query) func(int) ([]float64, error) {
			return func(n int) ([]float64, error) { return bareSimilarities(ctx, conn, q, n) }
		}
		if err := b.recall(recall{Search: plain.name, Way: "bare", View: view}, truth, bare(plain)); err != nil {
			return err
		}
		if err := b.recall(recall{Search: filter.name, Way: "bare", View: view}, within, bare(filter)); err != nil {
			return err
		}
	}
	return nil
}

// viewing are our settings with another ef_search.
func (b *bench) viewing(view int) map[string]string {
	s := maps.Clone(b.settings)
	s["hnsw.ef_search"] = strconv.Itoa(view)
	return s
}

// filterTable keeps the vectors that pass the filter, for exact search of those.
func (b *bench) filterTable(ctx context.Context, conn *pgx.Conn) error {
	for _, sql := range []string{
		`create table if not exists bench_filter as select v.* from posting_vectors v join postings p on p.id = v.posting_id where p.location ilike '%` + filterCity + `%'`,
		`analyze bench_filter`,
	} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	var n int
	err := conn.QueryRow(ctx, `select count(*) from bench_filter`).Scan(&n)
	b.m.Filtered = float64(n) / float64(b.m.Rows)
	return err
}

// truth are the similarities of the exact nearest of a table, for each query.
func (b *bench) truth(ctx context.Context, conn *pgx.Conn, table string) ([][]float64, error) {
	tell := newTeller(b.progress, fmt.Sprintf("%d rows: exact search of %s", b.m.Rows, table), b.o.queries)
	sql := fmt.Sprintf(`select 1 - (v.embedding::halfvec(%d) <=> $1::halfvec(%[1]d)) from %s v where v.model_id = %d order by v.embedding::halfvec(%[1]d) <=> $1::halfvec(%[1]d) limit %[4]d`,
		dimensions, table, b.modelID, depth)
	out := make([][]float64, b.o.queries)
	err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `set local enable_indexscan = off`); err != nil {
			return err
		}
		for n := range out {
			var vector any
			if err := tx.QueryRow(ctx, `select embedding from resume_vectors where model_id = $1 and resume_id = $2`, b.modelID, id(resumeKind, n)).Scan(&vector); err != nil {
				return err
			}
			rows, err := tx.Query(ctx, sql, vector)
			if err != nil {
				return err
			}
			if out[n], err = pgx.CollectRows(rows, pgx.RowTo[float64]); err != nil {
				return err
			}
			tell.add(1)
		}
		return nil
	})
	return out, err
}

func similarities(ctx context.Context, db *postgres.DB, q *query, n int) ([]float64, error) {
	found, err := db.NearestPostings(ctx, model, id(personKind, n), id(resumeKind, n), q.filter())
	return each(found, func(c gapanalysis.Candidate) float64 { return c.Similarity }), err
}

func bareSimilarities(ctx context.Context, conn *pgx.Conn, q *query, n int) ([]float64, error) {
	args, err := q.args(n)
	if err != nil {
		return nil, err
	}
	rows, err := conn.Query(ctx, q.sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (float64, error) {
		values, err := row.Values()
		if err != nil {
			return 0, err
		}
		v, _ := values[len(values)-1].(float64) // the last column
		return v, nil
	})
}

func each[T, U any](list []T, f func(T) U) []U {
	out := make([]U, len(list))
	for i, v := range list {
		out[i] = f(v)
	}
	return out
}

// recall adds a recall. A row counts as found where it is as near as the last of the exact ones: of rows equally far one is as good as the other.
func (b *bench) recall(r recall, truth [][]float64, find func(n int) ([]float64, error)) error {
	tell := newTeller(b.progress, fmt.Sprintf("%d rows: recall of %s, %s, ef_search %d", b.m.Rows, r.Search, r.Way, r.View), len(truth))
	r.Worst = 1
	for n, exact := range truth {
		found, err := find(n)
		if err != nil {
			return err
		}
		hits := 0
		for _, s := range found {
			if s >= exact[len(exact)-1] {
				hits++
			}
		}
		share := min(1, float64(hits)/float64(len(exact)))
		r.Recall, r.Worst, r.Queries = r.Recall+share, min(r.Worst, share), r.Queries+1
		tell.add(1)
	}
	r.Recall /= float64(max(1, r.Queries))
	b.m.Recalls = append(b.m.Recalls, r)
	return nil
}

// latencies measures every search by every way at every number of clients.
func (b *bench) latencies(ctx context.Context) error {
	exact := exactly(b.modelID)
	own, _ := strconv.Atoi(b.settings["hnsw.ef_search"])
	for _, clients := range b.o.clients {
		for _, q := range b.queries {
			if err := b.ours(ctx, q, own, clients); err != nil {
				return err
			}
			if err := b.bare(ctx, q, b.settings, own, clients); err != nil {
				return err
			}
		}
		for _, view := range views {
			if view == own {
				continue
			}
			if err := b.bare(ctx, b.queries[0], b.viewing(view), view, clients); err != nil {
				return err
			}
		}
		if err := b.bare(ctx, exact, map[string]string{"enable_indexscan": "off"}, 0, clients); err != nil {
			return err
		}
	}
	return nil
}

// ours measures a search through postgres.DB.
func (b *bench) ours(ctx context.Context, q *query, view, clients int) error {
	fmt.Fprintf(b.progress, "%d rows: %s by gapwise, %d clients\n", b.m.Rows, q.name, clients)
	s, err := search(ctx, job{Address: b.address, Filter: q.filter(), Clients: clients, Long: b.o.each})
	if err != nil {
		return err
	}
	b.m.Memory = max(b.m.Memory, s.Memory)
	b.m.Cells = append(b.m.Cells, newCell(cell{Search: q.name, Way: "gapwise", View: view, Clients: clients}, s.Times))
	return nil
}

// bare measures a statement through pgbench.
func (b *bench) bare(ctx context.Context, q *query, settings map[string]string, view, clients int) error {
	fmt.Fprintf(b.progress, "%d rows: %s by pgbench, ef_search %d, %d clients\n", b.m.Rows, q.name, view, clients)
	script, err := q.script()
	if err != nil {
		return err
	}
	times, err := b.tool.run(ctx, b.address, script, settings, clients, b.o.each)
	if err != nil {
		return err
	}
	b.m.Cells = append(b.m.Cells, newCell(cell{Search: q.name, Way: "bare", View: view, Clients: clients}, times))
	return nil
}

func newCell(c cell, times []float64) cell {
	c.P50, c.P95, c.P99, c.Count = percentile(times, 0.5), percentile(times, 0.95), percentile(times, 0.99), len(times)
	if m := mean(times); m > 0 {
		c.Rate = 1000 * float64(c.Clients) / m
	}
	return c
}

// rounds is how often both ways take turns for a ratio: what else the machine does falls on both.
const rounds = 5

// overheads compares both ways at one client.
func (b *bench) overheads(ctx context.Context) error {
	for _, q := range b.queries {
		script, err := q.script()
		if err != nil {
			return err
		}
		var ours, bare, ratios, cpu []float64
		for round := range rounds {
			fmt.Fprintf(b.progress, "%d rows: %s both ways, round %d of %d\n", b.m.Rows, q.name, round+1, rounds)
			s, err := search(ctx, job{Address: b.address, Filter: q.filter(), Clients: 1, Long: b.o.each / 2})
			if err != nil {
				return err
			}
			times, err := b.tool.run(ctx, b.address, script, b.settings, 1, b.o.each/2)
			if err != nil {
				return err
			}
			ours, bare = append(ours, percentile(s.Times, 0.5)), append(bare, percentile(times, 0.5))
			ratios, cpu = append(ratios, ours[round]/bare[round]), append(cpu, s.CPU)
		}
		b.m.Overheads = append(b.m.Overheads, ratio{Search: q.name, Ours: percentile(ours, 0.5), Bare: percentile(bare, 0.5), CPU: percentile(cpu, 0.5), Ratio: percentile(ratios, 0.5)})
	}
	return nil
}

// seconds is a duration for people.
func seconds(s float64) string {
	return time.Duration(s * float64(time.Second)).Round(100 * time.Millisecond).String()
}
