package postgres

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/gapwise/gapwise/gateway"
)

var _ gateway.Ledger = (*DB)(nil)

// window is one row of gateway_budgets with its cap.
type window struct {
	scope   gateway.Scope
	subject string
	start   time.Time
	cap     gateway.Nano
}

// resets is when the next window of the same budget begins.
func (w window) resets() time.Time {
	if w.scope == gateway.ScopeInstanceMonth {
		return w.start.AddDate(0, 1, 0)
	}
	return w.start.AddDate(0, 0, 1)
}

// windowsAt are the budgets that a call at a time falls under, always in this order, so that two calls never wait for each other in a circle.
func windowsAt(at time.Time, subject string, caps gateway.Caps) []window {
	day, month := gateway.DayOf(at), gateway.MonthOf(at)
	out := []window{
		{gateway.ScopeInstanceDay, "", day, caps.InstanceDay},
		{gateway.ScopeInstanceMonth, "", month, caps.InstanceMonth},
	}
	if subject != "" {
		out = append(out, window{gateway.ScopePersonDay, subject, day, caps.PersonDay})
	}
	return out
}

func subjectOf(person uuid.UUID) string {
	if person == uuid.Nil {
		return ""
	}
	return person.String()
}

// Reserve implements gateway.Ledger. The rows of the budgets stay locked from the look at what is left to the end of the transaction.
func (db *DB) Reserve(ctx context.Context, r gateway.Reservation) error {
	subject := subjectOf(r.Person)
	windows := windowsAt(r.At, subject, r.Caps)
	return pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		var short *gateway.Shortfall
		for _, w := range windows {
			spent, reserved, err := addReserved(ctx, tx, w, r.Amount)
			if err != nil {
				return err
			}
			if left := w.cap - spent - reserved; r.Amount > left {
				open := reserved > 0
				if short == nil || left < short.Left {
					short = &gateway.Shortfall{Scope: w.scope, Cap: w.cap, Left: max(left, 0), Open: open || short != nil && short.Open, ResetsAt: w.resets()}
				} else {
					short.Open = short.Open || open
				}
			}
		}
		if short != nil {
			return short // rolls the additions back
		}
		_, err := tx.Exec(ctx, `
			insert into gateway_calls (id, person_id, subject, purpose, prompt_version, model, state, reserved_nano, day, month, created_at)
			values (@id, (select id from people where id = @person), @subject, @purpose, @prompt, @model, 'reserved', @amount, @day, @month, @at)`, pgx.NamedArgs{
			"id": r.CallID, "person": r.Person, "subject": subject, "purpose": r.Purpose, "prompt": r.PromptVersion, "model": r.Model,
			"amount": r.Amount, "day": gateway.DayOf(r.At), "month": gateway.MonthOf(r.At), "at": r.At,
		})
		if err != nil {
			return fmt.Errorf("insert call: %w", err)
		}
		return nil
	})
}

// addReserved sets an amount aside in one window and returns what was spent and reserved before. It locks the row.
func addReserved(ctx context.Context, tx pgx.Tx, w window, amount gateway.Nano) (spent, reserved gateway.Nano, err error) {
	err = tx.QueryRow(ctx, `
		insert into gateway_budgets as b (scope, subject, window_start, reserved) values (@scope, @subject, @start, @amount)
		on conflict (scope, subject, window_start) do update set reserved = b.reserved + excluded.reserved
		returning spent, reserved`, pgx.NamedArgs{"scope": string(w.scope), "subject": w.subject, "start": w.start, "amount": amount}).Scan(&spent, &reserved)
	if err != nil {
		return 0, 0, fmt.Errorf("reserve: %w", err)
	}
	return spent, reserved - amount, nil
}

// Settle implements gateway.Ledger.
func (db *DB) Settle(ctx context.Context, call uuid.UUID, s gateway.Settlement) error {
	return pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error { return settle(ctx, tx, call, s) })
}

func settle(ctx context.Context, tx pgx.Tx, call uuid.UUID, s gateway.Settlement) error {
	var reserved gateway.Nano
	var subject string
	var created time.Time
	err := tx.QueryRow(ctx, `
		update gateway_calls set state = 'settled', cost_nano = @cost, prompt_tokens = @prompt, completion_tokens = @completion,
			estimated = @estimated, settled_at = @at
		where id = @id and state = 'reserved'
		returning reserved_nano, subject, created_at`, pgx.NamedArgs{
		// A broken endpoint may claim more tokens than the columns hold; its call must be settled all the same.
		"id": call, "cost": s.Cost, "prompt": min(s.Usage.PromptTokens, math.MaxInt32), "completion": min(s.Usage.CompletionTokens, math.MaxInt32),
		"estimated": s.Estimated, "at": s.At,
	}).Scan(&reserved, &subject, &created)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil // settled already
	}
	if err != nil {
		return fmt.Errorf("settle call: %w", err)
	}
	// The cost belongs to the windows in which it was reserved, also when the day has changed since.
	for _, w := range windowsAt(created, subject, gateway.Caps{}) {
		_, err := tx.Exec(ctx, `
			update gateway_budgets set reserved = reserved - @reserved, spent = spent + @cost
			where scope = @scope and subject = @subject and window_start = @start`, pgx.NamedArgs{
			"reserved": reserved, "cost": s.Cost, "scope": string(w.scope), "subject": w.subject, "start": w.start,
		})
		if err != nil {
			return fmt.Errorf("settle budget: %w", err)
		}
	}
	return nil
}

// SettleAbandoned books in full every reservation made before a time, whose process must have died, and returns how many there were.
func (db *DB) SettleAbandoned(ctx context.Context, before, now time.Time) (int, error) {
	type openCall struct {
		ID           uuid.UUID
		ReservedNano gateway.Nano
	}
	calls, err := all[openCall](ctx, db.pool, `select id, reserved_nano from gateway_calls where state = 'reserved' and created_at < @before order by id`, pgx.NamedArgs{"before": before})
	if err != nil {
		return 0, fmt.Errorf("find abandoned calls: %w", err)
	}
	for _, c := range calls {
		if err := db.Settle(ctx, c.ID, gateway.Settlement{Cost: c.ReservedNano, Estimated: true, At: now}); err != nil {
			return 0, err
		}
	}
	return len(calls), nil
}

// Budgets implements gateway.Ledger.
func (db *DB) Budgets(ctx context.Context, person uuid.UUID, caps gateway.Caps, now time.Time) ([]gateway.Budget, error) {
	out := []gateway.Budget{}
	for _, w := range windowsAt(now, subjectOf(person), caps) {
		b := gateway.Budget{Scope: w.scope, Limit: w.cap, ResetsAt: w.resets()}
		err := db.pool.QueryRow(ctx, `select spent, reserved from gateway_budgets where scope = @scope and subject = @subject and window_start = @start`,
			pgx.NamedArgs{"scope": string(w.scope), "subject": w.subject, "start": w.start}).Scan(&b.Spent, &b.Reserved)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return nil, fmt.Errorf("read budget: %w", err)
		}
		out = append(out, b)
	}
	return out, nil
}
