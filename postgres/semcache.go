package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pgvector/pgvector-go"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/ident"
)

var _ gateway.Similar = (*DB)(nil)

// maxAnswers is how many answers a family of questions keeps; the ones that end first make room.
const maxAnswers = 500

// Nearest implements gateway.Similar. A family is small, so it is searched exactly; vectors of another length are another model's.
func (db *DB) Nearest(ctx context.Context, family []byte, vector []float32, now time.Time) (question string, a gateway.Answer, cosine float64, ok bool, err error) {
	var doc []byte
	err = db.pool.QueryRow(ctx, `
		select question, answer, 1 - (embedding <=> @vector) from (
			select question, answer, embedding from gateway_answers where family = @family and expires_at > @now and vector_dims(embedding) = @dims offset 0) same
		order by embedding <=> @vector limit 1`,
		pgx.NamedArgs{"family": family, "vector": pgvector.NewVector(vector), "dims": len(vector), "now": now}).Scan(&question, &doc, &cosine)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", a, 0, false, nil
	}
	if err != nil {
		return "", a, 0, false, fmt.Errorf("find a kept answer: %w", err)
	}
	if err := json.Unmarshal(doc, &a); err != nil {
		return "", a, 0, false, fmt.Errorf("read a kept answer: %w", err)
	}
	return question, a, cosine, true, nil
}

// Keep implements gateway.Similar.
func (db *DB) Keep(ctx context.Context, family []byte, question string, vector []float32, a gateway.Answer, until time.Time) error {
	doc, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("keep an answer: %w", err)
	}
	_, err = db.pool.Exec(ctx, `
		with old as (delete from gateway_answers where expires_at < now() or id in (
			select id from gateway_answers where family = @family order by expires_at desc offset @most))
		insert into gateway_answers (id, family, question, embedding, answer, expires_at) values (@id, @family, @question, @vector, @answer, @until)`,
		pgx.NamedArgs{"id": ident.New(), "family": family, "question": question, "vector": pgvector.NewVector(vector), "answer": doc, "until": until, "most": maxAnswers})
	if err != nil {
		return fmt.Errorf("keep an answer: %w", err)
	}
	return nil
}
