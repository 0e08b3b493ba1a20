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
	"github.com/pgvector/pgvector-go"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/posting"
)

var _ posting.Board = (*DB)(nil)

// Known implements posting.Board.
func (db *DB) Known(ctx context.Context, name string, p []posting.Prepared) ([]bool, error) {
	sources, ids, hashes := make([]string, len(p)), make([]string, len(p)), make([][]byte, len(p))
	var catalogVersion, extractorVersion string
	for i := range p {
		sources[i], ids[i], hashes[i] = p[i].Source, p[i].ExternalID, p[i].Hash[:]
		catalogVersion, extractorVersion = p[i].CatalogVersion, p[i].ExtractorVersion
	}
	rows, err := db.pool.Query(ctx, `
		select exists (
			select from postings q
			join posting_vectors v on v.posting_id = q.id
			join embedding_models m on m.id = v.model_id and m.name = @model
			where q.source = k.source and q.external_id = k.external_id and q.content_hash = k.hash
				and q.catalog_version = @catalog and q.extractor_version = @extractor)
		from unnest(@sources::text[], @ids::text[], @hashes::bytea[]) with ordinality as k (source, external_id, hash, n)
		order by k.n`, pgx.NamedArgs{"model": name, "catalog": catalogVersion, "extractor": extractorVersion, "sources": sources, "ids": ids, "hashes": hashes})
	if err != nil {
		return nil, fmt.Errorf("look for known postings: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[bool])
}

// SavePostings implements posting.Board.
func (db *DB) SavePostings(ctx context.Context, name string, p []posting.Prepared, vectors [][]float32) error {
	batch := &pgx.Batch{}
	for i := range p {
		requirements, err := json.Marshal(p[i].Requirements)
		if err != nil {
			return fmt.Errorf("write requirements: %w", err)
		}
		var posted *time.Time
		if !p[i].PostedOn.IsZero() {
			posted = &p[i].PostedOn
		}
		batch.Queue(`
			with saved as (
				insert into postings (id, source, external_id, content_hash, title, company, location, remote, seniority, posted_on, url,
					description, requirements, catalog_version, extractor_version, created_at)
				values (@id, @source, @external, @hash, @title, @company, @location, @remote, @seniority, @posted, @url,
					@description, @requirements, @catalog, @extractor, now())
				on conflict (source, external_id) do update set
					content_hash = excluded.content_hash, title = excluded.title, company = excluded.company, location = excluded.location,
					remote = excluded.remote, seniority = excluded.seniority, posted_on = excluded.posted_on, url = excluded.url,
					description = excluded.description, requirements = excluded.requirements,
					catalog_version = excluded.catalog_version, extractor_version = excluded.extractor_version
				returning id)
			insert into posting_vectors (model_id, posting_id, embedding)
			select m.id, saved.id, @vector from saved, embedding_models m where m.name = @model
			on conflict (model_id, posting_id) do update set embedding = excluded.embedding`, pgx.NamedArgs{
			"id": p[i].ID, "source": p[i].Source, "external": p[i].ExternalID, "hash": p[i].Hash[:], "title": p[i].Title, "company": p[i].Company,
			"location": p[i].Location, "remote": p[i].Remote, "seniority": p[i].Seniority, "posted": posted, "url": p[i].URL,
			"description": p[i].Description, "requirements": requirements, "catalog": p[i].CatalogVersion, "extractor": p[i].ExtractorVersion,
			"vector": pgvector.NewHalfVector(vectors[i]), "model": name,
		})
	}
	err := pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error { return tx.SendBatch(ctx, batch).Close() })
	if err != nil {
		return fmt.Errorf("save postings: %w", err)
	}
	return nil
}

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
	Requirements json.RawMessage
	Similarity   float64
}

func (r postingRow) candidate() (gapanalysis.Candidate, error) {
	p := &posting.Posting{
		ID: r.ID, Source: r.Source, ExternalID: r.ExternalID, Title: r.Title, Company: r.Company, Location: r.Location, Remote: r.Remote,
		Seniority: r.Seniority, URL: r.URL, Description: r.Description,
	}
	if r.PostedOn != nil {
		p.PostedOn = *r.PostedOn
	}
	if err := json.Unmarshal(r.Requirements, &p.Requirements); err != nil {
		return gapanalysis.Candidate{}, fmt.Errorf("read requirements: %w", err)
	}
	return gapanalysis.Candidate{Posting: p, Similarity: r.Similarity}, nil
}

// efSearch is how many rows an HNSW scan keeps in view; at least as many as are asked for, and 1,000 is pgvector's most.
const efSearch = 400

// NearestPostings implements gapanalysis.Neighbours. The index of the model is scanned on until enough rows pass the filter. A resume that
// has no vector under the model, because it was uploaded under another, gets the latest postings.
func (db *DB) NearestPostings(ctx context.Context, name string, person, resume uuid.UUID, f gapanalysis.Filter) ([]gapanalysis.Candidate, error) {
	m, err := db.model(ctx, db.pool, name)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var rows []postingRow
	err = pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, fmt.Sprintf(`set local hnsw.ef_search = %d; set local hnsw.iterative_scan = strict_order`, efSearch)); err != nil {
			return err
		}
		args := pgx.NamedArgs{
			"resume": resume, "person": person, "model": m.ID, "limit": f.Limit, "remote": f.Remote,
			"location": "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(f.Location) + "%",
		}
		var vector *pgvector.HalfVector
		err := tx.QueryRow(ctx, `select embedding from resume_vectors where model_id = @model and resume_id = @resume and person_id = @person`, args).Scan(&vector)
		order, similarity := `p.posted_on desc nulls last, p.id`, `0::float8`
		if err == nil {
			args["vector"] = vector
			order = fmt.Sprintf(`v.embedding::halfvec(%d) <=> @vector::halfvec(%d)`, m.Dimensions, m.Dimensions)
			similarity = `1 - (` + order + `)`
		} else if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		rows, err = all[postingRow](ctx, tx, fmt.Sprintf(`
			select p.id, p.source, p.external_id, p.title, p.company, p.location, p.remote, p.seniority, p.posted_on, p.url, p.description,
				p.requirements, %s as similarity
			from posting_vectors v join postings p on p.id = v.posting_id
			where v.model_id = %d and (@remote = '' or p.remote = @remote) and p.location ilike @location
			order by %s
			limit @limit`, similarity, m.ID, order), args)
		return err
	})
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

// CountPostings is how many postings are stored.
func (db *DB) CountPostings(ctx context.Context) (n int, err error) {
	err = db.pool.QueryRow(ctx, `select count(*) from postings`).Scan(&n)
	return n, err
}
