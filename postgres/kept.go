package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/gapwise/gapwise/gateway"
)

var (
	_ gateway.Kept        = (*DB)(nil)
	_ gateway.Transcripts = (*DB)(nil)
)

// maxKept is how many answers are kept of exact requests, of all people together; the ones that end first make room.
const maxKept = 50_000

// KeptAnswer implements gateway.Kept.
func (db *DB) KeptAnswer(ctx context.Context, key []byte, now time.Time) (answer []byte, until time.Time, ok bool, err error) {
	err = db.pool.QueryRow(ctx, `select answer, expires_at from gateway_kept where key = @key and expires_at > @now`, pgx.NamedArgs{"key": key, "now": now}).Scan(&answer, &until)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, until, false, nil
	}
	if err != nil {
		return nil, until, false, fmt.Errorf("find a kept answer: %w", err)
	}
	return answer, until, true, nil
}

// KeepAnswer implements gateway.Kept. A person who has left since keeps nothing.
func (db *DB) KeepAnswer(ctx context.Context, key []byte, person uuid.UUID, answer []byte, until time.Time) error {
	_, err := db.pool.Exec(ctx, `
		insert into gateway_kept (key, person_id, answer, expires_at)
		select @key, nullif(@person, '00000000-0000-0000-0000-000000000000'::uuid), @answer, @until
		where @person = '00000000-0000-0000-0000-000000000000'::uuid or exists (select from people where id = @person)
		on conflict (key) do update set answer = excluded.answer, expires_at = excluded.expires_at`,
		pgx.NamedArgs{"key": key, "person": person, "answer": answer, "until": until})
	if err != nil {
		return fmt.Errorf("keep an answer: %w", err)
	}
	return nil
}

// KeepTranscript implements gateway.Transcripts.
func (db *DB) KeepTranscript(ctx context.Context, t gateway.Transcript) error {
	_, err := db.pool.Exec(ctx, `
		insert into gateway_transcripts (id, person_id, purpose, model, outcome, prompt, answer, created_at, expires_at)
		select @id, nullif(@person, '00000000-0000-0000-0000-000000000000'::uuid), @purpose, @model, @outcome, @prompt, @answer, @at, @until
		where @person = '00000000-0000-0000-0000-000000000000'::uuid or exists (select from people where id = @person)
		on conflict (id) do nothing`,
		pgx.NamedArgs{
			"id": t.Call, "person": t.Person, "purpose": t.Purpose, "model": t.Model, "outcome": t.Outcome, "prompt": t.Prompt, "answer": t.Answer, "at": t.At, "until": t.Until,
		})
	if err != nil {
		return fmt.Errorf("keep a transcript: %w", err)
	}
	return nil
}

// Transcripts are the latest that are kept, the newest first, of one person or, for the zero id, of all.
func (db *DB) Transcripts(ctx context.Context, person uuid.UUID, limit int, now time.Time) ([]gateway.Transcript, error) {
	list, err := all[gateway.Transcript](ctx, db.pool, `
		select id as call, coalesce(person_id, '00000000-0000-0000-0000-000000000000') as person, purpose, model, outcome, prompt, answer, created_at as at, expires_at as until
		from gateway_transcripts where expires_at > @now and (@person = '00000000-0000-0000-0000-000000000000'::uuid or person_id = @person)
		order by created_at desc, id limit @limit`, pgx.NamedArgs{"person": person, "limit": limit, "now": now})
	if err != nil {
		return nil, fmt.Errorf("read transcripts: %w", err)
	}
	return list, nil
}

// DropExpired deletes answers and transcripts whose time is over, and answers beyond what is kept.
func (db *DB) DropExpired(ctx context.Context, now time.Time) error {
	var batch pgx.Batch
	for _, sql := range []string{
		`delete from gateway_transcripts where expires_at <= @now`,
		`delete from gateway_answers where expires_at <= @now`,
		`delete from gateway_kept where expires_at <= @now or key in (select key from gateway_kept order by expires_at desc offset @most)`,
	} {
		batch.Queue(sql, pgx.NamedArgs{"now": now, "most": maxKept})
	}
	if err := db.pool.SendBatch(ctx, &batch).Close(); err != nil {
		return fmt.Errorf("drop what has expired: %w", err)
	}
	return nil
}
