package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/pgvector/pgvector-go"

	"github.com/gapwise/gapwise/gapanalysis"
)

var (
	_ gapanalysis.IndexSource = (*DB)(nil)
	_ gapanalysis.Anchors     = (*DB)(nil)
)

// touchedSince is the condition on a posting p that a snapshot of before did not show how it is now. The index on touched gives a range, and what
// of it was seen goes: transactions do not end in the order in which they began. Of a database that was restored from a dump, touched may be
// of another server's count, which is ahead: such rows have not been touched here.
const touchedSince = `p.touched >= pg_snapshot_xmin(@before::pg_snapshot) and not pg_visible_in_snapshot(p.touched, @before::pg_snapshot)
	and p.touched < pg_snapshot_xmax(pg_current_snapshot())`

// IndexState implements gapanalysis.IndexSource. A mark is a snapshot.
func (db *DB) IndexState(ctx context.Context, name string, before gapanalysis.IndexMark) (gapanalysis.IndexState, error) {
	var s gapanalysis.IndexState
	if before != "" {
		err := db.pool.QueryRow(ctx, `
			select pg_current_snapshot()::text, exists (select from postings p where `+touchedSince+`), (select last::text from postings_gone),
				coalesce((select dimensions from embedding_models where name = @model), 0),
				(select greatest(reltuples, 0)::bigint from pg_class where oid = 'postings'::regclass)`,
			pgx.NamedArgs{"before": string(before), "model": name}).Scan(&s.Mark, &s.Touched, &s.Gone, &s.Dimensions, &s.Total)
		if err != nil {
			return s, fmt.Errorf("look for touched postings: %w", err)
		}
		return s, nil
	}
	// To begin with: the estimate of the planner may know nothing yet, and how many there are is counted as far as it matters.
	err := db.pool.QueryRow(ctx, `
		select pg_current_snapshot()::text, (select last::text from postings_gone), coalesce((select dimensions from embedding_models where name = @model), 0),
			greatest((select reltuples::bigint from pg_class where oid = 'postings'::regclass), (select count(*) from (select from postings limit 50000) p))`,
		pgx.NamedArgs{"model": name}).Scan(&s.Mark, &s.Gone, &s.Dimensions, &s.Total)
	if err != nil {
		return s, fmt.Errorf("look at the postings: %w", err)
	}
	if s.Total > gapanalysis.MostIndexed {
		err = db.pool.QueryRow(ctx, `select coalesce((select id from postings where live order by id desc offset $1 limit 1), $2)`, gapanalysis.MostIndexed, uuid.Nil).Scan(&s.First)
	}
	return s, err
}

// indexedColumns are what an index in memory is told of a posting p with its vector v.
const indexedColumns = `p.id, p.live, p.title, p.company, p.location, p.remote, p.seniority, p.language, p.speaks, p.pay_currency, p.pay_yearly, p.posted_on, p.created_at, p.asked, v.embedding`

type indexedRow struct {
	ID          uuid.UUID
	Live        bool
	Title       string
	Company     string
	Location    string
	Remote      string
	Seniority   string
	Language    string
	Speaks      string
	PayCurrency string
	PayYearly   int64
	PostedOn    *time.Time
	CreatedAt   time.Time
	Asked       string
	Embedding   *pgvector.HalfVector
}

func (db *DB) indexed(ctx context.Context, name, sql string, args pgx.NamedArgs) ([]gapanalysis.IndexedPosting, error) {
	m, err := db.knownModel(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("look for model %s: %w", name, err)
	}
	args["model"] = m.ID
	rows, err := db.pool.Query(ctx, sql, args)
	if err != nil {
		return nil, fmt.Errorf("read postings for the index: %w", err)
	}
	var out []gapanalysis.IndexedPosting
	for rows.Next() {
		r, err := pgx.RowToStructByName[indexedRow](rows)
		if err != nil {
			rows.Close()
			return nil, fmt.Errorf("read a posting for the index: %w", err)
		}
		p := gapanalysis.IndexedPosting{
			ID: r.ID, Live: r.Live, Title: r.Title, Company: r.Company, Location: r.Location, Remote: r.Remote, Seniority: r.Seniority, Language: r.Language, Speaks: r.Speaks,
			Currency: r.PayCurrency, Pay: r.PayYearly, CreatedAt: r.CreatedAt, Asks: AskedOf(r.Asked),
		}
		if r.PostedOn != nil {
			p.PostedOn = *r.PostedOn
		}
		if r.Embedding != nil {
			p.Vector = r.Embedding.Slice()
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

// IndexedPostings implements gapanalysis.IndexSource.
func (db *DB) IndexedPostings(ctx context.Context, name string, after uuid.UUID, most int) ([]gapanalysis.IndexedPosting, error) {
	return db.indexed(ctx, name, `
		select `+indexedColumns+` from (select * from postings where live and id > @after order by id limit @most) p
		left join posting_vectors v on v.posting_id = p.id and v.model_id = @model
		order by p.id`, pgx.NamedArgs{"after": after, "most": most})
}

// TouchedPostings implements gapanalysis.IndexSource.
func (db *DB) TouchedPostings(ctx context.Context, name string, before gapanalysis.IndexMark, most int) ([]gapanalysis.IndexedPosting, error) {
	return db.indexed(ctx, name, `
		select `+indexedColumns+` from (select * from postings p where `+touchedSince+` limit @most) p
		left join posting_vectors v on v.posting_id = p.id and v.model_id = @model
		order by p.id`, pgx.NamedArgs{"before": string(before), "most": most})
}

// MatchAnchor implements gapanalysis.Anchors.
func (db *DB) MatchAnchor(ctx context.Context, name string, person, resume uuid.UUID) (a gapanalysis.Anchor, err error) {
	var v *pgvector.HalfVector
	err = db.pool.QueryRow(ctx, `
		select coalesce(r.document ->> 'language', ''), v.embedding, array(select h.company from hidden_companies h where h.person_id = @person)
		from resumes r
		left join resume_vectors v on v.resume_id = r.id and v.person_id = @person and v.model_id = (select id from embedding_models where name = @model)
		where r.id = @resume and r.person_id = @person`, pgx.NamedArgs{"model": name, "person": person, "resume": resume}).Scan(&a.Language, &v, &a.Hidden)
	if errors.Is(err, pgx.ErrNoRows) {
		return gapanalysis.Anchor{}, errNoResume
	}
	if err != nil {
		return a, fmt.Errorf("read what postings are looked for by: %w", err)
	}
	if v != nil {
		a.Vector = v.Slice()
	}
	return a, nil
}
