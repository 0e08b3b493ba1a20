package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pgvector/pgvector-go"

	"github.com/gapwise/gapwise/internal/proctable"
)

// copyResumes stores resumes that nobody has written, of one person each.
func copyResumes(ctx context.Context, conn *pgx.Conn, w *world, modelID int) error {
	var people, papers, vectors [][]any
	now := time.Now().UTC()
	for n := range resumes {
		person, resume := id(personKind, n), id(resumeKind, n)
		people = append(people, []any{person, "guest", now})
		papers = append(papers, []any{resume, person, "resume.txt", "text/plain", []byte{}, []byte(`{}`), "bench", "bench", now})
		vectors = append(vectors, []any{modelID, resume, person, pgvector.NewHalfVector(w.resume(n))})
	}
	for _, t := range []struct {
		name    string
		columns []string
		rows    [][]any
	}{
		{"people", []string{"id", "kind", "created_at"}, people},
		{"resumes", []string{"id", "person_id", "file_name", "media_type", "file", "document", "extractor_version", "catalog_version", "created_at"}, papers},
		{"resume_vectors", []string{"model_id", "resume_id", "person_id", "embedding"}, vectors},
	} {
		if _, err := conn.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, pgx.CopyFromRows(t.rows)); err != nil {
			return fmt.Errorf("load %s: %w", t.name, err)
		}
	}
	return nil
}

// copier loads postings.
type copier struct {
	address string
	world   *world
	modelID int
	tell    *teller
}

// spent is what loading took, added up over the connections.
type spent struct {
	rows           int
	clock, vectors time.Duration // for all, and for the vectors of it
	cpu            time.Duration // of the server
}

func (s spent) rate() float64     { return loaders * float64(s.rows) / max(1e-9, s.clock.Seconds()) }
func (s spent) cpuOfRow() float64 { return float64(s.cpu.Microseconds()) / max(1, float64(s.rows)) }

// copy loads the postings from begin to end in chunks over several connections, a chunk's postings and vectors in one transaction.
func (c *copier) copy(ctx context.Context, begin, end int) (spent, error) {
	var next atomic.Int64
	next.Store(int64(begin))
	size := min(chunk, max(1, (end-begin)/(4*loaders))) // enough of them for all connections to be busy to the end
	var mu sync.Mutex
	total := spent{rows: end - begin}
	err := together(ctx, loaders, func(ctx context.Context, _ int) error {
		conn, err := connect(ctx, c.address)
		if err != nil {
			return err
		}
		defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
		for {
			from := int(next.Add(int64(size))) - size
			to := min(end, from+size)
			if from >= end {
				mu.Lock()
				defer mu.Unlock()
				p, _ := proctable.Of(int(conn.PgConn().PID()))
				total.cpu += p.Own
				return nil
			}
			clock, vectors, err := c.chunk(ctx, conn, from, to)
			if err != nil {
				return err
			}
			mu.Lock()
			total.clock, total.vectors = total.clock+clock, total.vectors+vectors
			mu.Unlock()
			c.tell.add(to - from)
		}
	})
	return total, err
}

// together runs work on several goroutines until all are done or one has failed.
func together(ctx context.Context, n int, work func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			if err := work(ctx, i); err != nil {
				cancel(err)
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

var postingColumns = []string{
	"id", "source", "external_id", "content_hash", "title", "company", "location", "remote", "seniority", "posted_on", "url", "description",
	"requirements", "catalog_version", "extractor_version", "created_at",
}

// chunk makes the postings of a range and then loads them.
func (c *copier) chunk(ctx context.Context, conn *pgx.Conn, from, to int) (clock, vectors time.Duration, err error) {
	now := time.Now().UTC()
	postings, embedded := make([][]any, 0, to-from), make([][]any, 0, to-from)
	for n := from; n < to; n++ {
		r := c.world.posting(n)
		requirements, err := json.Marshal(r.Requirements)
		if err != nil {
			return 0, 0, err
		}
		postings = append(postings, []any{
			r.ID, r.Source, r.ExternalID, r.hash[:], r.Title, r.Company, r.Location, r.Remote, r.Seniority, r.PostedOn, r.URL, r.Description,
			requirements, "bench", "bench", now,
		})
		embedded = append(embedded, []any{c.modelID, r.ID, pgvector.NewHalfVector(r.vector)})
	}
	start := time.Now()
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{"postings"}, postingColumns, pgx.CopyFromRows(postings)); err != nil {
			return fmt.Errorf("load postings: %w", err)
		}
		half := time.Now()
		_, err := tx.CopyFrom(ctx, pgx.Identifier{"posting_vectors"}, []string{"model_id", "posting_id", "embedding"}, pgx.CopyFromRows(embedded))
		vectors = time.Since(half)
		return err
	})
	return time.Since(start), vectors, err
}

// teller says every few seconds how far something is.
type teller struct {
	out   io.Writer
	what  string
	total int
	start time.Time

	mu   sync.Mutex
	done int
	last time.Time
}

func newTeller(out io.Writer, what string, total int) *teller {
	return &teller{out: out, what: what, total: total, start: time.Now(), last: time.Now()}
}

func (t *teller) add(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.done += n
	if time.Since(t.last) < 5*time.Second {
		return
	}
	t.last = time.Now()
	fmt.Fprintf(t.out, "%s: %d of %d, %.0f s\n", t.what, min(t.done, t.total), t.total, time.Since(t.start).Seconds())
}
