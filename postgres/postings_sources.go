package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/posting"
)

var _ posting.Visits = (*DB)(nil)

type visitRow struct {
	Name         string
	Scheduled    bool
	ETag         string `db:"etag"`
	LastModified string
	Versions     string
	Failures     int
	Error        string
	Summary      []byte
	FetchedAt    *time.Time
	NextAt       time.Time
}

const visitColumns = `name, scheduled, etag, last_modified, versions, failures, error, summary, fetched_at, next_at`

func (r visitRow) visit() posting.Visit {
	return posting.Visit{
		Name: r.Name, Scheduled: r.Scheduled, Validators: posting.Validators{ETag: r.ETag, LastModified: r.LastModified}, Versions: r.Versions,
		Failures: r.Failures, Error: r.Error, Summary: json.RawMessage(r.Summary), FetchedAt: r.FetchedAt, NextAt: r.NextAt,
	}
}

// Visit implements posting.Visits.
func (db *DB) Visit(ctx context.Context, name string) (posting.Visit, error) {
	r, err := one[visitRow](ctx, db.pool, fault.New(fault.NotFound, "no-visit", "Nothing was fetched from there."),
		`select `+visitColumns+` from posting_sources where name = @name`, pgx.NamedArgs{"name": name})
	return r.visit(), err
}

// SaveVisit implements posting.Visits.
func (db *DB) SaveVisit(ctx context.Context, v posting.Visit) error {
	var summary any
	if len(v.Summary) > 0 {
		summary = []byte(v.Summary)
	}
	_, err := db.pool.Exec(ctx, `
		insert into posting_sources (name, scheduled, etag, last_modified, versions, failures, error, summary, fetched_at, next_at, created_at)
		values (@name, false, @etag, @modified, @versions, @failures, @error, @summary, @fetched, @next, now())
		on conflict (name) do update set etag = excluded.etag, last_modified = excluded.last_modified, versions = excluded.versions,
			failures = excluded.failures, error = excluded.error, summary = excluded.summary, fetched_at = excluded.fetched_at, next_at = excluded.next_at`,
		pgx.NamedArgs{
			"name": v.Name, "etag": v.ETag, "modified": v.LastModified, "versions": v.Versions, "failures": v.Failures, "error": v.Error, "summary": summary,
			"fetched": v.FetchedAt, "next": v.NextAt,
		})
	if err != nil {
		return fmt.Errorf("keep what was fetched: %w", err)
	}
	return nil
}

// Scheduled implements posting.Visits.
func (db *DB) Scheduled(ctx context.Context) ([]posting.Visit, error) {
	rows, err := all[visitRow](ctx, db.pool, `select `+visitColumns+` from posting_sources where scheduled order by name`, nil)
	if err != nil {
		return nil, fmt.Errorf("list sources: %w", err)
	}
	out := make([]posting.Visit, len(rows))
	for i, r := range rows {
		out[i] = r.visit()
	}
	return out, nil
}

// Schedule implements posting.Visits. What a source gave stays when it is taken out.
func (db *DB) Schedule(ctx context.Context, name string, on bool, now time.Time) (bool, error) {
	sql := `update posting_sources set scheduled = false where name = @name and scheduled`
	if on {
		sql = `
			insert into posting_sources (name, scheduled, next_at, created_at) values (@name, true, @now, @now)
			on conflict (name) do update set scheduled = true, next_at = @now where not posting_sources.scheduled`
	}
	tag, err := db.pool.Exec(ctx, sql, pgx.NamedArgs{"name": name, "now": now})
	if err != nil {
		return false, fmt.Errorf("schedule a source: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// Sources are all places that postings were fetched from, whether they are scheduled or not: what failed first, then by name.
func (db *DB) Sources(ctx context.Context) ([]posting.Visit, error) {
	rows, err := all[visitRow](ctx, db.pool, `select `+visitColumns+` from posting_sources order by failures = 0, name limit 200`, nil)
	if err != nil {
		return nil, fmt.Errorf("list sources: %w", err)
	}
	out := make([]posting.Visit, len(rows))
	for i, r := range rows {
		out[i] = r.visit()
	}
	return out, nil
}
