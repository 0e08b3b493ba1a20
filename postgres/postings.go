package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/posting"
)

type postingRow struct {
	ID           uuid.UUID
	Source       string
	ExternalID   string
	Title        string
	Company      string
	Location     string
	Remote       string
	Seniority    string
	PostedOn     *time.Time
	URL          string
	Description  string
	Requirements []byte // as it came: json.RawMessage would be parsed by the driver once more
	Similarity   *float64
}

const postingColumns = `p.id, p.source, p.external_id, p.title, p.company, p.location, p.remote, p.seniority, p.posted_on, p.url, p.description, p.requirements`

func (r postingRow) candidate() (gapanalysis.Candidate, error) {
	p := &posting.Posting{
		ID: r.ID, Source: r.Source, ExternalID: r.ExternalID, Title: r.Title, Company: r.Company, Location: r.Location, Remote: r.Remote,
		Seniority: r.Seniority, URL: r.URL, Description: r.Description,
	}
	if r.PostedOn != nil {
		p.PostedOn = *r.PostedOn
	}
	c := gapanalysis.Candidate{Posting: p}
	if r.Similarity != nil {
		c.Similarity = *r.Similarity
	}
	if err := json.Unmarshal(r.Requirements, &p.Requirements); err != nil {
		return c, fmt.Errorf("read requirements: %w", err)
	}
	return c, nil
}

// passesFilter is the condition of a gapanalysis.Filter on a posting p, which has not expired and is no duplicate.
const passesFilter = `p.live and (@remote = '' or p.remote = @remote) and (@location = '' or p.location ilike @location)` //nolint:gosec // G101: no password

// nearestPostings is vector search alone. The vector is looked up in the same statement; the planner takes the model's index for it, scanned
// on until enough rows pass the filter, or sorts what a selective filter leaves, by its own estimate of which is less work. The scan's order
// is near enough; what it gives is put in order, and half as many again are read for that.
func nearestPostings(m model) string {
	distance := m.toResume("v")
	return fmt.Sprintf(`
		with near as materialized (
			select v.posting_id, %[1]s as distance
			from posting_vectors v join postings p on p.id = v.posting_id
			where v.model_id = %[2]d and %[3]s
			order by %[1]s
			limit @limit + @limit / 2)
		select %[4]s, 1 - n.distance as similarity
		from (select posting_id, distance from near order by distance, posting_id limit @limit) n join postings p on p.id = n.posting_id
		order by n.distance, p.id`, distance, m.ID, passesFilter, postingColumns)
}

// toResume is the distance of a row's vector from that of @resume. Model and length are literals: an index serves only what the planner sees
// to be its own condition and expression.
func (m model) toResume(row string) string {
	return fmt.Sprintf(`%s.embedding::halfvec(%d) <=> (select r.embedding::halfvec(%d) from resume_vectors r where r.model_id = %d and r.resume_id = @resume and r.person_id = @person)`,
		row, m.Dimensions, m.Dimensions, m.ID)
}

// Constants of the hybrid search.
const (
	// fusionK is k of reciprocal rank fusion: a row's score is the sum over the lists of 1 / (k + its place in the list), and one that a list
	// lacks gets nothing for it (Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank
	// Learning Methods", 2009, which found 60 to do well over many collections and little to depend on it).
	fusionK = 60
	// fusionPool is how many rows each list gives at least.
	fusionPool = 100
	// wordsMost bounds how many rows that hold the words are ranked by them: a word that a tenth of a million postings have says little about
	// any, and ranking them all takes seconds.
	wordsMost = 5_000
)

// hybridPostings fuses vector search with full-text search for @words. The two lists are ranked on their own, since distances and ts_rank_cd
// have no common scale, and meet by their places alone.
func hybridPostings(m model) string {
	distance := m.toResume("v")
	return fmt.Sprintf(`
		with scanned as materialized (
			select v.posting_id, %[1]s as distance
			from posting_vectors v join postings p on p.id = v.posting_id
			where v.model_id = %[2]d and %[3]s
			order by %[1]s
			limit greatest(@limit, %[4]d) * 3 / 2),
		near as (select posting_id, row_number() over (order by distance, posting_id) as place from scanned),
		named as (
			select id as posting_id, row_number() over (order by rank desc, id) as place from (
				select h.id, ts_rank_cd(h.search, q, 32) as rank -- 32 maps a rank to rank / (rank + 1)
				from websearch_to_tsquery('english', @words) q
				cross join lateral (select p.id, p.search from postings p where p.search @@ q and %[3]s limit %[5]d) h
				order by rank desc, h.id
				limit greatest(@limit, %[4]d)) w),
		fused as (
			select posting_id, sum(1.0 / (%[6]d + place)) as score
			from (select * from near union all select * from named) both_lists group by posting_id
			order by score desc, posting_id
			limit @limit)
		select %[7]s, 1 - (%[1]s) as similarity
		from fused f join postings p on p.id = f.posting_id
		left join posting_vectors v on v.posting_id = p.id and v.model_id = %[2]d
		order by f.score desc, p.id`, distance, m.ID, passesFilter, fusionPool, wordsMost, fusionK, postingColumns)
}

// latestPostings is for a resume that has no vector under the model, because it was read under another.
const latestPostings = `
	select ` + postingColumns + `, null::float8 as similarity
	from postings p
	where ` + passesFilter + ` and (@words = '' or p.search @@ websearch_to_tsquery('english', @words))
	order by p.posted_on desc nulls last, p.id desc -- as the index postings_latest
	limit @limit`

// NearestPostings implements gapanalysis.Neighbours.
func (db *DB) NearestPostings(ctx context.Context, name string, person, resume uuid.UUID, f gapanalysis.Filter) ([]gapanalysis.Candidate, error) {
	m, err := db.knownModel(ctx, name)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	args := pgx.NamedArgs{"resume": resume, "person": person, "limit": f.Limit, "remote": f.Remote, "location": "", "words": f.Words}
	if f.Location != "" {
		args["location"] = "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(f.Location) + "%"
	}
	sql := nearestPostings(m)
	if f.Words != "" {
		sql = hybridPostings(m)
	}
	rows, err := all[postingRow](ctx, db.pool, sql, args)
	if err == nil && (len(rows) == 0 || rows[0].Similarity == nil) {
		db.models.Delete(name) // which may have been dropped and made again
		rows, err = db.unlessLatest(ctx, m, args, rows)
	}
	if err != nil {
		return nil, fmt.Errorf("find near postings: %w", err)
	}
	out := make([]gapanalysis.Candidate, len(rows))
	for i, r := range rows {
		if out[i], err = r.candidate(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// unlessLatest are the rows that were found, or the latest postings where the resume has no vector to have found them by.
func (db *DB) unlessLatest(ctx context.Context, m model, args pgx.NamedArgs, rows []postingRow) ([]postingRow, error) {
	var has bool
	args["model"] = m.ID
	err := db.pool.QueryRow(ctx, `select exists (select from resume_vectors where model_id = @model and resume_id = @resume and person_id = @person)`, args).Scan(&has)
	if err != nil || has {
		return rows, err
	}
	return all[postingRow](ctx, db.pool, latestPostings, args)
}

// CountPostings is how many postings are stored.
func (db *DB) CountPostings(ctx context.Context) (n int, err error) {
	err = db.pool.QueryRow(ctx, `select count(*) from postings`).Scan(&n)
	return n, err
}
