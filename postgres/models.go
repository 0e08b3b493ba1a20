package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/pgvector/pgvector-go"

	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/posting"
)

var (
	_ gapanalysis.SwitchBook = (*DB)(nil)
	_ gapanalysis.Backlog    = (*DB)(nil)
	_ gapanalysis.Models     = (*DB)(nil)
)

// ActiveModel implements gapanalysis.Models.
func (db *DB) ActiveModel(ctx context.Context) (string, error) {
	var name string
	err := db.pool.QueryRow(ctx, `select name from embedding_models where active`).Scan(&name)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return name, err
}

// Activate puts a model in force that the catalogue is indexed under, whatever the other texts have. It is for a database that has none in
// force yet, or one whose model no binary can run any more; Flip is for the rest.
func (db *DB) Activate(ctx context.Context, name string) error {
	return pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error { return activate(ctx, tx, name) })
}

func activate(ctx context.Context, tx pgx.Tx, name string) error {
	if _, err := tx.Exec(ctx, `update embedding_models set active = false where active and name <> $1`, name); err != nil {
		return fmt.Errorf("retire the model before: %w", err)
	}
	tag, err := tx.Exec(ctx, `update embedding_models set active = true where name = $1 and catalog_hash is not null`, name)
	if err == nil && tag.RowsAffected() != 1 {
		err = errors.New("the catalogue is not indexed under it")
	}
	if err != nil {
		return fmt.Errorf("put %s in force: %w", name, err)
	}
	return nil
}

const switchColumns = `id, name, stage, done, total, rate, drop_old, recall, detail, created_at, updated_at`

// BeginSwitch implements gapanalysis.SwitchBook.
func (db *DB) BeginSwitch(ctx context.Context, s gapanalysis.Switch) (gapanalysis.Switch, error) {
	_, err := db.pool.Exec(ctx, `
		insert into embedding_switches (id, name, stage, rate, drop_old, created_at, updated_at)
		values (@id, @name, @stage, @rate, @drop, @created, @updated)`, pgx.NamedArgs{
		"id": s.ID, "name": s.Name, "stage": s.Stage, "rate": s.Rate, "drop": s.DropOld, "created": s.CreatedAt, "updated": s.UpdatedAt,
	})
	if !isCode(err, "23505") { // unique_violation: one is under way
		return s, err
	}
	other, err := db.LatestSwitch(ctx)
	if err == nil && other.Name != s.Name && !other.Ended() {
		err = fault.Newf(fault.Conflict, "switch-under-way", "A switch to %s is under way. Wait for it, or end it with `gapwise embeddings cancel`.", other.Name)
	}
	return other, err
}

// LatestSwitch implements gapanalysis.SwitchBook.
func (db *DB) LatestSwitch(ctx context.Context) (gapanalysis.Switch, error) {
	return one[gapanalysis.Switch](ctx, db.pool, fault.New(fault.NotFound, "no-switch", "No switch of models has been begun."),
		`select `+switchColumns+` from embedding_switches order by created_at desc, id desc limit 1`, nil)
}

// SaveSwitch implements gapanalysis.SwitchBook. One that was cancelled meanwhile stays so, and is fault.Conflict.
func (db *DB) SaveSwitch(ctx context.Context, s gapanalysis.Switch) error {
	tag, err := db.pool.Exec(ctx, `
		update embedding_switches set stage = @stage, done = @done, total = @total, recall = @recall, detail = @detail, updated_at = @updated
		where id = @id and (stage <> 'failed' or @stage = 'failed')`, pgx.NamedArgs{
		"id": s.ID, "stage": s.Stage, "done": s.Done, "total": s.Total, "recall": s.Recall, "detail": s.Detail, "updated": s.UpdatedAt,
	})
	if err != nil {
		return fmt.Errorf("save switch: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return fault.New(fault.Conflict, "switch-cancelled", "The switch was cancelled.")
	}
	return nil
}

// CountBacklog implements gapanalysis.Backlog.
func (db *DB) CountBacklog(ctx context.Context, name string) (postings, resumes int64, err error) {
	err = db.pool.QueryRow(ctx, `
		with m as (select id from embedding_models where name = $1)
		select (select count(*) from postings p where not exists (select from posting_vectors v where v.model_id = (select id from m) and v.posting_id = p.id)),
			(select count(*) from resumes r where not exists (select from resume_vectors v where v.model_id = (select id from m) and v.resume_id = r.id))`,
		name).Scan(&postings, &resumes)
	if err != nil {
		err = fmt.Errorf("count what has no vector: %w", err)
	}
	return postings, resumes, err
}

// PostingsWithout implements gapanalysis.Backlog. Only what the vector is made of is filled in.
func (db *DB) PostingsWithout(ctx context.Context, name string, after uuid.UUID, limit int) ([]posting.Posting, error) {
	rows, err := db.pool.Query(ctx, `
		select p.id, p.title, p.description from postings p
		where p.id > @after and not exists (
			select from posting_vectors v join embedding_models m on m.id = v.model_id and m.name = @model where v.posting_id = p.id)
		order by p.id limit @limit`, pgx.NamedArgs{"model": name, "after": after, "limit": limit})
	if err != nil {
		return nil, fmt.Errorf("list postings without a vector: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (p posting.Posting, err error) {
		return p, row.Scan(&p.ID, &p.Title, &p.Description)
	})
}

// ResumesWithout implements gapanalysis.Backlog. It names the owner of each instead of being asked for one: it is the service's own work.
func (db *DB) ResumesWithout(ctx context.Context, name string, after uuid.UUID, limit int) ([]gapanalysis.OwnedResume, error) {
	rows, err := db.pool.Query(ctx, `
		select r.person_id, r.id from resumes r
		where r.id > @after and not exists (
			select from resume_vectors v join embedding_models m on m.id = v.model_id and m.name = @model where v.resume_id = r.id)
		order by r.id limit @limit`, pgx.NamedArgs{"model": name, "after": after, "limit": limit})
	if err != nil {
		return nil, fmt.Errorf("list resumes without a vector: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (o gapanalysis.OwnedResume, err error) {
		return o, row.Scan(&o.Person, &o.ID)
	})
}

// KeepPostingVectors implements gapanalysis.Backlog.
func (db *DB) KeepPostingVectors(ctx context.Context, name string, ids []uuid.UUID, vectors []embeddings.Vector) error {
	halves := make([]pgvector.HalfVector, len(vectors))
	for i, v := range vectors {
		halves[i] = pgvector.NewHalfVector(v)
	}
	_, err := db.pool.Exec(ctx, `
		insert into posting_vectors (model_id, posting_id, embedding)
		select m.id, k.id, k.embedding
		from unnest(@ids::uuid[], @vectors::halfvec[]) as k (id, embedding)
		join embedding_models m on m.name = @model
		join postings p on p.id = k.id
		for key share of p
		on conflict (model_id, posting_id) do nothing`, pgx.NamedArgs{"model": name, "ids": ids, "vectors": halves})
	if err != nil {
		return fmt.Errorf("keep vectors of postings: %w", err)
	}
	return nil
}

// KeepResumeVector implements gapanalysis.Backlog.
func (db *DB) KeepResumeVector(ctx context.Context, name string, of gapanalysis.OwnedResume, vector embeddings.Vector) error {
	_, err := db.pool.Exec(ctx, `
		insert into resume_vectors (model_id, resume_id, person_id, embedding)
		select m.id, r.id, r.person_id, @vector from resumes r, embedding_models m
		where m.name = @model and r.id = @resume and r.person_id = @person
		for key share of r
		on conflict (model_id, resume_id) do nothing`, pgx.NamedArgs{"model": name, "resume": of.ID, "person": of.Person, "vector": pgvector.NewHalfVector(vector)})
	if err == nil {
		_, err = db.pool.Exec(ctx, insertSkillVectors+` where c.resume_id = @resume and c.person_id = @person on conflict (model_id, resume_id, skill_id) do nothing`,
			pgx.NamedArgs{"model": name, "resume": of.ID, "person": of.Person})
	}
	if err != nil {
		return fmt.Errorf("keep the vector of a resume: %w", err)
	}
	return nil
}

// insertSkillVectors gives resumes the vectors of their skills, which are the catalogue's own.
const insertSkillVectors = `
	insert into resume_skill_vectors (model_id, resume_id, person_id, skill_id, embedding)
	select v.model_id, c.resume_id, c.person_id, v.skill_id, v.embedding
	from resume_claims c
	join skill_vectors v on v.skill_id = c.skill_id
	join embedding_models m on m.id = v.model_id and m.name = @model`

// Flip implements gapanalysis.Models. Writers of postings and resumes wait for the moment that it takes to see that nothing is missing.
func (db *DB) Flip(ctx context.Context, s gapanalysis.Switch) (missing int64, err error) {
	err = pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `lock table postings, resumes in share mode`); err != nil {
			return fmt.Errorf("hold writers: %w", err)
		}
		err := tx.QueryRow(ctx, `
			with m as (select id from embedding_models where name = $1)
			select (select count(*) from postings p where not exists (select from posting_vectors v where v.model_id = (select id from m) and v.posting_id = p.id))
				+ (select count(*) from resumes r where not exists (select from resume_vectors v where v.model_id = (select id from m) and v.resume_id = r.id))`,
			s.Name).Scan(&missing)
		if err != nil || missing > 0 {
			return err
		}
		if err := activate(ctx, tx, s.Name); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `update embedding_switches set stage = 'done', updated_at = $2 where id = $1 and stage = 'flip'`, s.ID, time.Now().UTC())
		if err == nil && tag.RowsAffected() != 1 {
			err = fault.New(fault.Conflict, "switch-cancelled", "The switch was cancelled.")
		}
		return err
	})
	return missing, err
}

// CachedVectors implements embeddings.Cache.
func (db *DB) CachedVectors(ctx context.Context, name string, hashes []embeddings.TextHash) (map[embeddings.TextHash]embeddings.Vector, error) {
	keys := make([][]byte, len(hashes))
	for i := range hashes {
		keys[i] = hashes[i][:]
	}
	rows, err := db.pool.Query(ctx, `
		update embedding_cache set used_on = current_date where model = @model and text_hash = any(@keys)
		returning text_hash, embedding`, pgx.NamedArgs{"model": name, "keys": keys})
	if err != nil {
		return nil, fmt.Errorf("look for kept vectors: %w", err)
	}
	out := map[embeddings.TextHash]embeddings.Vector{}
	var hash []byte
	var v pgvector.Vector
	_, err = pgx.ForEachRow(rows, []any{&hash, &v}, func() error {
		out[embeddings.TextHash(hash)] = v.Slice()
		return nil
	})
	return out, err
}

// maxCached bounds the cache: 200,000 vectors of 1,536 numbers take 1.2 GB. What was used longest ago goes first.
const maxCached = 200_000

// CacheVectors implements embeddings.Cache.
func (db *DB) CacheVectors(ctx context.Context, name string, vectors map[embeddings.TextHash]embeddings.Vector) error {
	batch := &pgx.Batch{}
	for hash, v := range vectors {
		batch.Queue(`insert into embedding_cache (model, text_hash, embedding, used_on) values ($1, $2, $3, current_date) on conflict do nothing`,
			name, hash[:], pgvector.NewVector(v))
	}
	if err := db.pool.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("keep vectors: %w", err)
	}
	return nil
}

// TrimCache bounds the cache of vectors.
func (db *DB) TrimCache(ctx context.Context) error {
	_, err := db.pool.Exec(ctx, `
		delete from embedding_cache where ctid in (select ctid from embedding_cache order by used_on desc offset $1)`, maxCached)
	return err
}

// CancelSwitch ends the switch that is under way as failed. What it has embedded stays, for another try.
func (db *DB) CancelSwitch(ctx context.Context, now time.Time) error {
	tag, err := db.pool.Exec(ctx, `
		update embedding_switches set stage = 'failed', detail = 'Cancelled.', updated_at = $1 where stage not in ('done', 'failed')`, now.UTC())
	if err == nil && tag.RowsAffected() == 0 {
		err = fault.New(fault.NotFound, "no-switch", "No switch of models is under way.")
	}
	return err
}

// switchLock is held for as long as a process works on a switch; the number has no meaning.
const switchLock = 7_402_113_558

// HoldSwitch runs work while no other process can be in it, on the connection of a lock that ends with the process. It tells whether it
// could; where another process holds it, work is not run.
func (db *DB) HoldSwitch(ctx context.Context, work func(ctx context.Context) error) (held bool, err error) {
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return false, fmt.Errorf("lock the switch: %w", err)
	}
	// Closed and not given back: that frees the lock whatever state the connection is in.
	defer func() { err = errors.Join(err, conn.Hijack().Close(context.WithoutCancel(ctx))) }()
	if err := conn.QueryRow(ctx, `select pg_try_advisory_lock($1)`, int64(switchLock)).Scan(&held); err != nil || !held {
		return false, err
	}
	return true, work(ctx)
}
