package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/pgvector/pgvector-go"

	"github.com/gapwise/gapwise/posting"
)

var _ posting.Board = (*DB)(nil)

// importLock is the advisory lock that writers of postings take one after the other, so that the later of two that say the same sees the
// earlier; the number has no meaning.
const importLock = 7_402_113_561

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
				and q.catalog_version = @catalog and q.extractor_version = @extractor
				and (q.expired_at is null or q.valid_through < (now() at time zone 'utc')::date)) -- what has run out need not be read again
		from unnest(@sources::text[], @ids::text[], @hashes::bytea[]) with ordinality as k (source, external_id, hash, n)
		order by k.n`, pgx.NamedArgs{"model": name, "catalog": catalogVersion, "extractor": extractorVersion, "sources": sources, "ids": ids, "hashes": hashes})
	if err != nil {
		return nil, fmt.Errorf("look for known postings: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[bool])
}

// incomingColumns are those of the temporary table that a batch is copied into, in the order of incomingRow.
var incomingColumns = []string{
	"id", "source", "external_id", "content_hash", "title", "company", "location", "remote", "seniority", "posted_on", "url", "description", "requirements",
	"catalog_version", "extractor_version", "valid_through", "language", "speaks", "pay_currency", "pay_min", "pay_max", "pay_period", "pay_yearly", "near", "simhash", "vector",
}

const incomingTable = `
	create temporary table if not exists incoming (
		id uuid, source text, external_id text, content_hash bytea, title text, company text, location text, remote text, seniority text, posted_on date,
		url text, description text, requirements jsonb, catalog_version text, extractor_version text, valid_through date, language text, speaks text,
		pay_currency text, pay_min bigint, pay_max bigint, pay_period text, pay_yearly bigint, near bigint[], simhash bigint, vector halfvec) on commit delete rows`

func dateOrNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func incomingRow(p *posting.Prepared, vector []float32) ([]any, error) {
	requirements, err := json.Marshal(p.Requirements)
	if err != nil {
		return nil, fmt.Errorf("write requirements: %w", err)
	}
	_, yearly := p.Pay.Yearly()
	near := p.Near
	if near == nil {
		near = []int64{}
	}
	return []any{
		p.ID, p.Source, p.ExternalID, p.Hash[:], p.Title, p.Company, p.Location, p.Remote, p.Seniority, dateOrNull(p.PostedOn), p.URL, p.Description, requirements,
		p.CatalogVersion, p.ExtractorVersion, dateOrNull(p.ValidThrough), p.Language, p.Speaks, p.Pay.Currency, p.Pay.Min, p.Pay.Max, p.Pay.Period, yearly, near,
		int64(p.SimHash), pgvector.NewHalfVector(vector), //nolint:gosec // G115: the same bits
	}, nil
}

// upsertIncoming stores what was copied.
const upsertIncoming = `
	insert into postings (id, source, external_id, content_hash, title, company, location, remote, seniority, posted_on, url, description, requirements,
		catalog_version, extractor_version, valid_through, language, speaks, pay_currency, pay_min, pay_max, pay_period, pay_yearly, near, simhash, created_at)
	select id, source, external_id, content_hash, title, company, location, remote, seniority, posted_on, url, description, requirements,
		catalog_version, extractor_version, valid_through, language, speaks, pay_currency, pay_min, pay_max, pay_period, pay_yearly, near, simhash, now()
	from incoming order by id
	on conflict (source, external_id) do update set
		content_hash = excluded.content_hash, title = excluded.title, company = excluded.company, location = excluded.location,
		remote = excluded.remote, seniority = excluded.seniority, posted_on = excluded.posted_on, url = excluded.url,
		description = excluded.description, requirements = excluded.requirements,
		catalog_version = excluded.catalog_version, extractor_version = excluded.extractor_version,
		valid_through = excluded.valid_through, language = excluded.language, speaks = excluded.speaks, pay_currency = excluded.pay_currency, pay_min = excluded.pay_min,
		pay_max = excluded.pay_max, pay_period = excluded.pay_period, pay_yearly = excluded.pay_yearly, near = excluded.near,
		simhash = excluded.simhash, duplicate_of = null, expired_at = null`

// fasterLoad lets long values be compressed by LZ4 for the time of a transaction, where the server was built with it: pglz takes a tenth of what
// storing a posting costs. And a batch is not waited for until it is on disk: the transaction that ends the import is, and all before it with
// it; what a crash takes meanwhile is the last of it, which importing again brings back.
const fasterLoad = `
	select set_config('synchronous_commit', 'off', true), (select set_config('default_toast_compression', 'lz4', true)
		from pg_settings where name = 'default_toast_compression' and 'lz4' = any(enumvals))`

// SavePostings implements posting.Board. A batch of new postings is copied into the tables; one that has others among it is copied into a
// temporary table, and goes on from there in one statement a table.
func (db *DB) SavePostings(ctx context.Context, name string, p []posting.Prepared, vectors [][]float32) (s posting.Saved, err error) {
	m, err := db.model(ctx, db.pool, name)
	if err != nil {
		return s, fmt.Errorf("look for model %s: %w", name, err)
	}
	rows := make([][]any, len(p))
	samples := true
	for i := range p {
		if rows[i], err = incomingRow(&p[i], vectors[i]); err != nil {
			return s, err
		}
		samples = samples && p[i].Sample()
	}
	err = pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(importLock)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, fasterLoad); err != nil {
			return err
		}
		old, err := storedIDs(ctx, tx, p)
		if err != nil {
			return err
		}
		ids := make([]uuid.UUID, len(p))
		var changed []uuid.UUID
		for i := range p {
			if ids[i] = p[i].ID; old[i] != uuid.Nil {
				ids[i] = old[i]
				changed = append(changed, old[i])
			}
			rows[i][0] = ids[i]
		}
		s.Changed, s.New = len(changed), len(p)-len(changed)
		if len(changed) == 0 {
			err = copyNew(ctx, tx, m, rows)
		} else {
			err = upsert(ctx, tx, m, rows)
		}
		if err != nil {
			return err
		}
		if !samples {
			if _, err := tx.Exec(ctx, `delete from postings where source = $1`, posting.SampleSource); err != nil {
				return err
			}
		}
		s.Duplicates, err = markDuplicates(ctx, tx, ids, changed)
		return err
	})
	if err != nil {
		return posting.Saved{}, fmt.Errorf("save postings: %w", err)
	}
	return s, nil
}

// storedIDs are the ids under which postings are stored already; nil for those that are not.
func storedIDs(ctx context.Context, tx pgx.Tx, p []posting.Prepared) ([]uuid.UUID, error) {
	sources, ids := make([]string, len(p)), make([]string, len(p))
	for i := range p {
		sources[i], ids[i] = p[i].Source, p[i].ExternalID
	}
	rows, err := tx.Query(ctx, `
		select k.n, p.id from unnest($1::text[], $2::text[]) with ordinality as k (source, external_id, n)
		join postings p on p.source = k.source and p.external_id = k.external_id`, sources, ids)
	if err != nil {
		return nil, err
	}
	out := make([]uuid.UUID, len(p))
	var n int
	var id uuid.UUID
	_, err = pgx.ForEachRow(rows, []any{&n, &id}, func() error { out[n-1] = id; return nil })
	return out, err
}

// copyNew copies postings that are not stored yet.
func copyNew(ctx context.Context, tx pgx.Tx, m model, rows [][]any) error {
	now := time.Now().UTC()
	vectorAt := len(incomingColumns) - 1
	columns := append(slices.Clone(incomingColumns[:vectorAt]), "created_at")
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"postings"}, columns, pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
		return append(rows[i][:vectorAt:vectorAt], now), nil
	}))
	if err != nil {
		return err
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"posting_vectors"}, []string{"model_id", "posting_id", "embedding"}, pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
		return []any{m.ID, rows[i][0], rows[i][vectorAt]}, nil
	}))
	return err
}

// upsert stores postings of which some are stored already.
func upsert(ctx context.Context, tx pgx.Tx, m model, rows [][]any) error {
	if _, err := tx.Exec(ctx, incomingTable); err != nil {
		return err
	}
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{"incoming"}, incomingColumns, pgx.CopyFromRows(rows)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, upsertIncoming); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		insert into posting_vectors (model_id, posting_id, embedding) select $1, i.id, i.vector from incoming i order by i.id
		on conflict (model_id, posting_id) do update set embedding = excluded.embedding`, m.ID)
	return err
}

// pair is a posting and one that it may be the same job as.
type pair struct {
	ID, Other           uuid.UUID
	Title, OtherTitle   string
	Place, OtherPlace   string
	Apart               int
	OtherFirst, Earlier bool
}

// meetings are the pairs of @ids and others that meet under a key, nearly the same by their SimHashes, both not expired.
const meetings = `
	select p.id, q.id as other, p.title, q.title as other_title, p.location as place, q.location as other_place,
		bit_count((p.simhash # q.simhash)::bit(64))::int as apart, q.duplicate_of is not null as other_first, q.id < p.id as earlier
	from postings p
	join lateral (
		select q.* from postings q
		where q.near && p.near and q.id <> p.id and q.expired_at is null and bit_count((p.simhash # q.simhash)::bit(64)) <= @apart
		order by q.id limit 100) q on true
	where p.id = any(@ids) and p.near <> '{}' and p.expired_at is null
	order by p.id, q.id`

// markDuplicates marks those of ids that say the same as an earlier posting, and later postings that say the same as one of changed, which are
// among ids. What was a duplicate of one of changed is judged anew. It gives how many of ids are duplicates. An earlier posting is one of a
// lower id: ids ascend in the order in which postings came.
func markDuplicates(ctx context.Context, tx pgx.Tx, ids, changed []uuid.UUID) (n int, err error) {
	later := map[uuid.UUID]bool{}
	judged := ids
	if len(changed) > 0 {
		rows, err := tx.Query(ctx, `update postings set duplicate_of = null where duplicate_of = any($1) returning id`, changed)
		if err != nil {
			return 0, err
		}
		freed, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		if err != nil {
			return 0, err
		}
		judged = append(append([]uuid.UUID{}, ids...), freed...)
		for _, id := range changed {
			later[id] = true
		}
	}
	if _, err := tx.Exec(ctx, `set local enable_seqscan = off`); err != nil { // statistics know nothing of what is being loaded
		return 0, err
	}
	pairs, err := all[pair](ctx, tx, meetings, pgx.NamedArgs{"ids": judged, "apart": posting.SameTitleBits})
	if err != nil {
		return 0, err
	}
	first := map[uuid.UUID]uuid.UUID{}
	for _, m := range pairs {
		if !posting.SameJob(m.Title, m.Place, m.OtherTitle, m.OtherPlace, m.Apart) {
			continue
		}
		early, late := m.Other, m.ID
		if !m.Earlier {
			if early, late = m.ID, m.Other; !later[m.ID] {
				continue // the other one is among ids itself, or was judged when it came
			}
		}
		if known, ok := first[late]; !ok || less(early, known) {
			first[late] = early
		}
	}
	if len(first) == 0 {
		return 0, nil
	}
	var laters, firsts []uuid.UUID
	for late, early := range first {
		laters, firsts = append(laters, late), append(firsts, early)
	}
	for _, id := range ids {
		if _, ok := first[id]; ok {
			n++
		}
	}
	_, err = tx.Exec(ctx, `
		update postings p set duplicate_of = d.early from unnest($1::uuid[], $2::uuid[]) as d (late, early)
		where p.id = d.late and (p.duplicate_of is null or p.duplicate_of > d.early)`, laters, firsts)
	return n, err
}

func less(a, b uuid.UUID) bool { return string(a[:]) < string(b[:]) }

// FinishImport implements posting.Board. Duplicates of what has expired are judged anew, so that one of them takes its place.
func (db *DB) FinishImport(ctx context.Context, name string, end posting.Ending) (expired int, err error) {
	err = pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(importLock)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `select pg_current_xact_id()`); err != nil { // without an id its end would not be waited for; see fasterLoad
			return err
		}
		seen := end.Seen
		if seen == nil {
			seen = []string{}
		}
		rows, err := tx.Query(ctx, `
			update postings p set expired_at = now(), duplicate_of = null
			where p.expired_at is null and (p.valid_through < @today
				or @whole <> '' and p.source = @whole and (@after::date is null or p.posted_on > @after::date) and not exists (select from unnest(@seen::text[]) s (id) where s.id = p.external_id))
			returning id`, pgx.NamedArgs{"today": end.Today.Format(time.DateOnly), "whole": end.Whole, "seen": seen, "after": dateOrNull(end.After)})
		if err != nil {
			return err
		}
		gone, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		if expired = len(gone); err != nil || expired == 0 {
			return err
		}
		_, err = markDuplicates(ctx, tx, nil, gone)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("take out what has expired: %w", err)
	}
	return expired, db.mendIndexes(ctx, name)
}

// OwnPostings tells whether there are postings but the samples.
func (db *DB) OwnPostings(ctx context.Context) (own bool, err error) {
	err = db.pool.QueryRow(ctx, `select exists (select from postings where source < $1) or exists (select from postings where source > $1)`, posting.SampleSource).Scan(&own)
	return own, err
}

// Up to how many postings indexes are dropped for a large import at once, and from which share of the rest on that it has stored: until they are
// made again, a search by words or vectors scans all rows. To make an index of vectors takes some .5 ms a posting, to keep it five times that.
const (
	smallTable = 10_000
	largeShare = 4 // one in so many
)

// searchIndex is the statement that makes the full-text index, as the migrations do.
const searchIndex = `create index concurrently if not exists postings_search on postings using gin (search) with (fastupdate = off)`

// Many implements posting.Board. The indexes for search cost more to keep, row by row, than all else that is done for a posting.
func (db *DB) Many(ctx context.Context, name string, stored int) error {
	m, err := db.model(ctx, db.pool, name)
	if err != nil {
		return fmt.Errorf("look for model %s: %w", name, err)
	}
	most := max(smallTable, largeShare*stored)
	var rows int
	if err := db.pool.QueryRow(ctx, `select count(*) from (select from postings limit $1) p`, most+1).Scan(&rows); err != nil || rows > most {
		return err
	}
	return db.changingIndexes(ctx, func(conn *pgx.Conn) error {
		for _, index := range []string{"postings_search", m.indexName("posting_vectors")} {
			if _, err := conn.Exec(ctx, `drop index concurrently if exists `+index); err != nil {
				return fmt.Errorf("drop an index for the time of the import: %w", err)
			}
		}
		return nil
	})
}

// mendIndexes makes indexes that a large import has dropped, or that one which was killed has left unmade.
func (db *DB) mendIndexes(ctx context.Context, name string) error {
	m, err := db.model(ctx, db.pool, name)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for model %s: %w", name, err)
	}
	missing := func(index string) (absent, invalid bool, err error) {
		err = db.pool.QueryRow(ctx, `
			select not coalesce(bool_or(i.indisvalid), false), coalesce(bool_or(not i.indisvalid), false)
			from pg_index i where i.indexrelid = to_regclass($1)`, index).Scan(&absent, &invalid)
		return absent, invalid, err
	}
	absent, invalid, err := missing("postings_search")
	if err != nil {
		return fmt.Errorf("look at the full-text index: %w", err)
	}
	if absent {
		err := db.changingIndexes(ctx, func(conn *pgx.Conn) error {
			if invalid {
				if _, err := conn.Exec(ctx, `drop index concurrently if exists postings_search`); err != nil {
					return err
				}
			}
			if _, err := conn.Exec(ctx, `set maintenance_work_mem = '256MB'`); err != nil {
				return err
			}
			if _, err := conn.Exec(ctx, searchIndex); err != nil {
				return err
			}
			_, err := conn.Exec(ctx, `analyze postings`)
			return err
		})
		if err != nil {
			return fmt.Errorf("make the full-text index: %w", err)
		}
	}
	if absent, _, err = missing(m.indexName("posting_vectors")); err != nil || !absent {
		return err
	}
	return db.BuildIndexes(ctx, name)
}
