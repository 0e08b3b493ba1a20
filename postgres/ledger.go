package postgres

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/gapwise/gapwise/gateway"
)

// The ledger of the model gateway in which each reservation and each settlement is a transaction. lease.go has the one in which replicas
// draw slices. Both keep their sums in gateway_budgets and can be used at once.

var _ gateway.Ledger = (*DB)(nil)

func subjectOf(person uuid.UUID) string {
	if person == uuid.Nil {
		return ""
	}
	return person.String()
}

// windowArgs are a window's key as arguments.
func windowArgs(k gateway.WindowKey) pgx.NamedArgs {
	return pgx.NamedArgs{"scope": string(k.Scope), "subject": k.Subject, "start": k.Start}
}

// Reserve implements gateway.Ledger. The rows of the budgets stay locked from the look at what is left to the end of the transaction; they
// are locked in one order by everybody, the instance's last.
func (db *DB) Reserve(ctx context.Context, r gateway.Reservation) error {
	return db.do(ctx, &step{r: &r})
}

// Settle implements gateway.Ledger.
func (db *DB) Settle(ctx context.Context, call uuid.UUID, s gateway.Settlement) error {
	return db.do(ctx, &step{call: call, s: s})
}

// reservedCall is what a settlement has to know of a call.
type reservedCall struct {
	Reserved  gateway.Nano
	Subject   string
	GroupName string
	Scopes    []string
	Day       time.Time
	Month     time.Time
	Before    gateway.Nano // what it was booked at when it seemed abandoned
}

// keys are the windows in which a call was reserved, in the order of locks.
func (c reservedCall) keys() []gateway.WindowKey {
	out := make([]gateway.WindowKey, 0, len(c.Scopes))
	for _, name := range c.Scopes {
		k := gateway.WindowKey{Scope: gateway.Scope(name), Start: c.Month}
		switch k.Scope {
		case gateway.ScopePersonDay, gateway.ScopePersonMonth:
			k.Subject = c.Subject
			if k.Subject == "" {
				continue // erased since
			}
		case gateway.ScopeGroupDay, gateway.ScopeGroupMonth:
			k.Subject = c.GroupName
		case gateway.ScopeRequest, gateway.ScopeInstanceDay, gateway.ScopeInstanceMonth:
		}
		switch k.Scope {
		case gateway.ScopePersonDay, gateway.ScopeGroupDay, gateway.ScopeInstanceDay:
			k.Start = c.Day
		case gateway.ScopeRequest, gateway.ScopePersonMonth, gateway.ScopeGroupMonth, gateway.ScopeInstanceMonth:
		}
		out = append(out, k)
	}
	slices.SortFunc(out, gateway.CompareKeys)
	return out
}

// settle books a call. One that was booked in full because its process seemed dead is booked again at what it did cost.
func settle(ctx context.Context, tx pgx.Tx, call uuid.UUID, s gateway.Settlement, abandoned bool) error {
	args := settlementArgs(s)
	args["id"], args["abandoned"] = call, abandoned
	rows, err := tx.Query(ctx, `
		with before as (select id, state, reserved_nano, coalesce(cost_nano, 0) as cost from gateway_calls
			where id = @id and (state = 'reserved' or abandoned and not @abandoned) for update)
		update gateway_calls c set state = 'settled', cost_nano = @cost, prompt_tokens = @prompt, completion_tokens = @completion, cached_tokens = @cached,
			cache_write_tokens = @written, reasoning_tokens = @reasoning, estimated = @estimated, outcome = @outcome, cache = @cache, latency_us = @latency,
			first_token_us = @first, settled_at = @at, abandoned = @abandoned
		from before b where c.id = b.id
		returning case b.state when 'reserved' then b.reserved_nano else 0 end as reserved, c.subject, c.group_name, c.scopes, c.day, c.month, b.cost as before`, args)
	if err != nil {
		return fmt.Errorf("settle call: %w", err)
	}
	c, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[reservedCall])
	if errors.Is(err, pgx.ErrNoRows) {
		return nil // settled already
	}
	if err != nil {
		return fmt.Errorf("settle call: %w", err)
	}
	var batch pgx.Batch
	for _, k := range c.keys() { // those in which it was reserved, also when the day has changed since
		args := windowArgs(k)
		args["reserved"], args["cost"] = c.Reserved, s.Cost-c.Before
		batch.Queue(`
			update gateway_budgets set reserved = reserved - @reserved, spent = spent + @cost
			where scope = @scope and subject = @subject and window_start = @start`, args)
	}
	if err := tx.SendBatch(ctx, &batch).Close(); err != nil {
		return fmt.Errorf("settle budgets: %w", err)
	}
	return nil
}

// settlementArgs are the columns of a settlement. A broken endpoint may claim more tokens than the columns hold; its call must be booked all
// the same.
func settlementArgs(s gateway.Settlement) pgx.NamedArgs {
	u := s.Usage
	fits := func(n int) int { return min(n, math.MaxInt32) }
	return pgx.NamedArgs{
		"cost": s.Cost, "prompt": fits(u.PromptTokens), "completion": fits(u.CompletionTokens), "cached": fits(u.CachedTokens), "written": fits(u.CacheWriteTokens),
		"reasoning": fits(u.ReasoningTokens), "estimated": s.Estimated, "outcome": s.Outcome, "cache": s.Cache, "latency": s.Latency.Microseconds(),
		"first": s.FirstToken.Microseconds(), "at": s.At,
	}
}

// SettleAbandoned books in full every reservation whose process is dead, and every one made before a time, and returns how many there were.
func (db *DB) SettleAbandoned(ctx context.Context, before, now time.Time) (int, error) {
	type openCall struct {
		ID           uuid.UUID
		ReservedNano gateway.Nano
	}
	calls, err := all[openCall](ctx, db.pool, `
		with started as (`+noticeStart+`), open as materialized (select id, reserved_nano, owner, created_at from gateway_calls where state = 'reserved'),
			dead as materialized (select owner from (select distinct owner from open where owner is not null) o where not gateway_alive(owner))
		select id, reserved_nano from open where created_at < @before or owner in (select owner from dead) order by id`, pgx.NamedArgs{"before": before})
	if err != nil {
		return 0, fmt.Errorf("find abandoned calls: %w", err)
	}
	for _, c := range calls {
		s := gateway.Settlement{Cost: c.ReservedNano, Estimated: true, At: now, Record: gateway.Record{Outcome: "abandoned"}}
		if err := pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error { return settle(ctx, tx, c.ID, s, true) }); err != nil {
			return 0, err
		}
	}
	return len(calls), nil
}

// Budgets implements gateway.Ledger.
func (db *DB) Budgets(ctx context.Context, windows []gateway.Window) ([]gateway.Stand, error) {
	return db.Stands(ctx, windows)
}

// Account implements gateway.Accounts.
func (db *DB) Account(ctx context.Context, person uuid.UUID) (a gateway.Account, err error) {
	err = db.pool.QueryRow(ctx, `
		select group_name, coalesce(day_cap_nano, 0), coalesce(month_cap_nano, 0), requests_minute, tokens_minute from gateway_accounts where person_id = @person`,
		pgx.NamedArgs{"person": person}).Scan(&a.Group, &a.DayCap, &a.MonthCap, &a.RequestsMinute, &a.TokensMinute)
	if errors.Is(err, pgx.ErrNoRows) {
		return gateway.Account{}, nil
	}
	if err != nil {
		return a, fmt.Errorf("read account: %w", err)
	}
	return a, nil
}

// SetAccount lays down what holds for a person. A cap of 0 is the usual one.
func (db *DB) SetAccount(ctx context.Context, person uuid.UUID, a gateway.Account) error {
	_, err := db.pool.Exec(ctx, `
		insert into gateway_accounts (person_id, group_name, day_cap_nano, month_cap_nano, requests_minute, tokens_minute)
		values (@person, @group, nullif(@day::bigint, 0), nullif(@month::bigint, 0), @requests, @tokens)
		on conflict (person_id) do update set group_name = excluded.group_name, day_cap_nano = excluded.day_cap_nano, month_cap_nano = excluded.month_cap_nano,
			requests_minute = excluded.requests_minute, tokens_minute = excluded.tokens_minute`,
		pgx.NamedArgs{"person": person, "group": a.Group, "day": a.DayCap, "month": a.MonthCap, "requests": a.RequestsMinute, "tokens": a.TokensMinute})
	if err != nil {
		return fmt.Errorf("set account: %w", err)
	}
	return nil
}
