package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
)

var _ gateway.Minutes = (*DB)(nil)

const foreignKeyViolation = "23503"

// DrawMinute implements gateway.Minutes. It waits for the row of one person alone, and not for the disk.
func (db *DB) DrawMinute(ctx context.Context, person uuid.UUID, d gateway.MinuteDraw) (got gateway.Rate, fits bool, wait time.Duration, err error) {
	err = db.pool.QueryRow(ctx, `
		select requests, tokens, fits, wait
		from gateway_minute(@person, @need_requests, @need_tokens, @want_requests, @want_tokens, @back_requests, @back_tokens, @limit_requests, @limit_tokens)`,
		pgx.NamedArgs{
			"person": person, "need_requests": d.Need.Requests, "need_tokens": d.Need.Tokens, "want_requests": d.Want.Requests, "want_tokens": d.Want.Tokens,
			"back_requests": d.Back.Requests, "back_tokens": d.Back.Tokens, "limit_requests": d.Limit.Requests, "limit_tokens": d.Limit.Tokens,
		}).Scan(&got.Requests, &got.Tokens, &fits, &wait)
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && e.Code == foreignKeyViolation {
		return got, false, 0, fault.New(fault.NotFound, "unknown-person", "This account is gone.").Because(err)
	}
	if err != nil {
		return got, false, 0, fmt.Errorf("draw of a minute: %w", err)
	}
	return got, fits, wait, nil
}
