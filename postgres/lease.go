package postgres

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/ident"
)

var _ gateway.Slices = (*DB)(nil)

// ownerLocks is the first number of the advisory locks that owners hold; gateway_alive has it too.
const ownerLocks = 7402

// slicesChannel is where gateway_exchange says that a process is short.
const slicesChannel = "gapwise_slices"

// How a process keeps itself known.
const (
	presencePause = 100 * time.Millisecond // before connecting again
	presenceTime  = 5 * time.Second        // for connecting and locking
)

var errOwnerGone = fault.New(fault.NotFound, "owner-gone", "This process is not known to the ledger any more.")

// presence is this process as an owner of reservations that are transactions of their own.
type presence struct {
	mu   sync.Mutex
	id   *uuid.UUID
	stop context.CancelFunc
}

func (p *presence) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stop != nil {
		p.stop()
		p.id, p.stop = nil, nil
	}
}

// owner is the id under which this process reserves, nil while it cannot be registered: then its calls are booked by age alone.
func (db *DB) owner(ctx context.Context) *uuid.UUID {
	p := &db.self
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.id != nil {
		return p.id
	}
	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	id := ident.New()
	if err := db.Enter(run, id, nil); err != nil {
		stop()
		return nil
	}
	p.id, p.stop = &id, stop
	return p.id
}

// Present registers this process as an owner of reservations, which its first one does otherwise.
func (db *DB) Present(ctx context.Context) error {
	if db.owner(ctx) == nil {
		return errOwnerGone
	}
	return nil
}

// Enter implements gateway.Slices.
func (db *DB) Enter(ctx context.Context, owner uuid.UUID, wanted func(gateway.WindowKey)) error {
	var lock int
	err := db.pool.QueryRow(ctx, `
		insert into gateway_owners (id) values (@owner) on conflict (id) do update set seq = gateway_owners.seq returning lock`,
		pgx.NamedArgs{"owner": owner}).Scan(&lock)
	if err != nil {
		return fmt.Errorf("register owner: %w", err)
	}
	conn, err := db.present(ctx, lock)
	if err != nil {
		return err
	}
	go func() {
		for {
			listen(ctx, conn, wanted)
			for conn = nil; conn == nil; {
				select {
				case <-ctx.Done():
					return
				case <-time.After(presencePause):
				}
				conn, _ = db.present(ctx, lock) // the server restarts; tried until it answers
			}
		}
	}()
	return nil
}

// noticeStart notes a start of the server that nobody has noticed yet; gateway_alive counts from it.
const noticeStart = `
	update gateway_ledger set started = pg_postmaster_start_time(), noticed = clock_timestamp() where started is distinct from pg_postmaster_start_time()`

// present opens a connection that holds an owner's lock for as long as it lives.
func (db *DB) present(ctx context.Context, lock int) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, presenceTime)
	defer cancel()
	conn, err := pgx.ConnectConfig(ctx, db.pool.Config().ConnConfig)
	if err != nil {
		return nil, fmt.Errorf("connect as owner: %w", err)
	}
	for _, sql := range []string{fmt.Sprintf(`select pg_advisory_lock(%d, %d)`, ownerLocks, lock), `listen ` + slicesChannel, noticeStart} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return nil, errors.Join(fmt.Errorf("lock as owner: %w", err), conn.Close(context.WithoutCancel(ctx)))
		}
	}
	return conn, nil
}

// listen hands over what others want until the connection ends.
func listen(ctx context.Context, conn *pgx.Conn, wanted func(gateway.WindowKey)) {
	defer func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = conn.Close(closing) // it is gone already, or goes with us
	}()
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return
		}
		scope, rest, _ := strings.Cut(n.Payload, "|")
		day, subject, ok := strings.Cut(rest, "|")
		start, err := time.Parse(time.DateOnly, day)
		if ok && err == nil && wanted != nil {
			wanted(gateway.WindowKey{Scope: gateway.Scope(scope), Subject: subject, Start: start})
		}
	}
}

// Exchange implements gateway.Slices.
func (db *DB) Exchange(ctx context.Context, owner uuid.UUID, seq int64, moves []gateway.Move, calls []gateway.Booking) ([]gateway.Grant, error) {
	grants := make([]gateway.Grant, len(moves))
	err := pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		var batch pgx.Batch
		batch.Queue(`update gateway_owners set seq = @seq where id = @owner and seq = @seq - 1 returning seq`, pgx.NamedArgs{"owner": owner, "seq": seq}).
			QueryRow(func(row pgx.Row) error { return row.Scan(&seq) })
		for i, m := range moves {
			args := windowArgs(m.Key())
			args["owner"], args["spend"], args["release"], args["need"], args["want"], args["cap"] = owner, m.Spend, m.Release, m.Need, m.Want, m.Cap
			batch.Queue(`select granted, gone, spent, reserved from gateway_exchange(@owner, @scope, @subject, @start, @spend, @release, @need, @want, @cap)`, args).
				QueryRow(func(row pgx.Row) error {
					g := &grants[i]
					return row.Scan(&g.Granted, &g.Gone, &g.Spent, &g.Reserved)
				})
		}
		if len(calls) > 0 {
			queueCalls(&batch, calls)
		}
		return tx.SendBatch(ctx, &batch).Close()
	})
	if err != nil {
		return nil, fmt.Errorf("exchange: %w", err)
	}
	return grants, nil
}

// callRow is a call as it is written in bulk.
type callRow struct {
	ID        uuid.UUID `json:"id"`
	Person    uuid.UUID `json:"person"`
	Subject   string    `json:"subject"`
	Group     string    `json:"group_name"`
	Scopes    []string  `json:"scopes"`
	Purpose   string    `json:"purpose"`
	Prompt    string    `json:"prompt_version"`
	Provider  string    `json:"provider"`
	Model     string    `json:"model"`
	Reserved  int64     `json:"reserved_nano"`
	Cost      int64     `json:"cost_nano"`
	In        int       `json:"prompt_tokens"`
	Out       int       `json:"completion_tokens"`
	Cached    int       `json:"cached_tokens"`
	Written   int       `json:"cache_write_tokens"`
	Reasoning int       `json:"reasoning_tokens"`
	Estimated bool      `json:"estimated"`
	Outcome   string    `json:"outcome"`
	Cache     string    `json:"cache"`
	Latency   int64     `json:"latency_us"`
	First     int64     `json:"first_token_us"`
	Day       string    `json:"day"`
	Month     string    `json:"month"`
	CreatedAt time.Time `json:"created_at"`
	SettledAt time.Time `json:"settled_at"`
}

func rowsOf(calls []gateway.Booking) []callRow {
	rows := make([]callRow, len(calls))
	for i, c := range calls {
		args := settlementArgs(c.Settlement)
		number := func(name string) int { n, _ := args[name].(int); return n }
		r := callRow{
			ID: c.CallID, Person: c.Person, Subject: subjectOf(c.Person), Group: c.Group, Purpose: c.Purpose, Prompt: c.PromptVersion, Provider: c.Provider, Model: c.Model,
			Reserved: int64(c.Amount), Cost: int64(c.Cost), In: number("prompt"), Out: number("completion"), Cached: number("cached"), Written: number("written"),
			Reasoning: number("reasoning"), Estimated: c.Estimated, Outcome: c.Outcome, Cache: c.Cache, Latency: c.Latency.Microseconds(), First: c.FirstToken.Microseconds(),
			CreatedAt: c.Reservation.At, SettledAt: c.Settlement.At,
		}
		for _, k := range c.Keys {
			r.Scopes = append(r.Scopes, string(k.Scope))
			switch k.Scope {
			case gateway.ScopeInstanceDay:
				r.Day = k.Start.Format(time.DateOnly)
			case gateway.ScopeInstanceMonth:
				r.Month = k.Start.Format(time.DateOnly)
			case gateway.ScopeRequest, gateway.ScopePersonDay, gateway.ScopePersonMonth, gateway.ScopeGroupDay, gateway.ScopeGroupMonth:
			}
		}
		rows[i] = r
	}
	return rows
}

// insertCalls writes calls that have ended, in bulk. A call that is there already stays as it is.
const insertCalls = `
	insert into gateway_calls (id, person_id, subject, group_name, scopes, purpose, prompt_version, provider, model, state, reserved_nano, cost_nano, prompt_tokens,
		completion_tokens, cached_tokens, cache_write_tokens, reasoning_tokens, estimated, outcome, cache, latency_us, first_token_us, day, month, created_at, settled_at)
	select r.id, p.id, case when p.id is null and r.person <> '00000000-0000-0000-0000-000000000000' then '' else r.subject end, r.group_name, r.scopes, r.purpose, r.prompt_version,
		r.provider, r.model, 'settled', r.reserved_nano, r.cost_nano, r.prompt_tokens, r.completion_tokens, r.cached_tokens, r.cache_write_tokens, r.reasoning_tokens, r.estimated,
		r.outcome, r.cache, r.latency_us, r.first_token_us, r.day, r.month, r.created_at, r.settled_at
	from jsonb_to_recordset(@rows) as r (id uuid, person uuid, subject text, group_name text, scopes text[], purpose text, prompt_version text, provider text, model text,
		reserved_nano bigint, cost_nano bigint, prompt_tokens int, completion_tokens int, cached_tokens int, cache_write_tokens int, reasoning_tokens int, estimated boolean,
		outcome text, cache text, latency_us bigint, first_token_us bigint, day date, month date, created_at timestamptz, settled_at timestamptz)
	left join people p on p.id = r.person
	on conflict (id) do nothing`

func queueCalls(batch *pgx.Batch, calls []gateway.Booking) {
	batch.Queue(insertCalls, pgx.NamedArgs{"rows": rowsOf(calls)})
}

// Resync implements gateway.Slices. The row's lock makes it wait for an exchange that may be under way; the number that it moves on keeps
// out one that has not begun.
func (db *DB) Resync(ctx context.Context, owner uuid.UUID) (applied, next int64, held map[gateway.WindowKey]gateway.Nano, err error) {
	held = map[gateway.WindowKey]gateway.Nano{}
	err = pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `select seq from gateway_owners where id = @owner for update`, pgx.NamedArgs{"owner": owner}).Scan(&applied)
		if errors.Is(err, pgx.ErrNoRows) {
			return errOwnerGone
		}
		if err != nil {
			return fmt.Errorf("read owner: %w", err)
		}
		next = applied + 2
		if _, err := tx.Exec(ctx, `update gateway_owners set seq = @seq where id = @owner`, pgx.NamedArgs{"owner": owner, "seq": next - 1}); err != nil {
			return fmt.Errorf("move owner on: %w", err)
		}
		list, err := leasesOf(ctx, tx, owner)
		for _, l := range list {
			held[l.key()] = l.Held
		}
		return err
	})
	return applied, next, held, err
}

// lease is a row of gateway_leases.
type lease struct {
	Scope       string
	Subject     string
	WindowStart time.Time
	Held        gateway.Nano
}

func (l lease) key() gateway.WindowKey {
	return gateway.WindowKey{Scope: gateway.Scope(l.Scope), Subject: l.Subject, Start: l.WindowStart}
}

func leasesOf(ctx context.Context, tx pgx.Tx, owner uuid.UUID) ([]lease, error) {
	list, err := all[lease](ctx, tx, `select scope, subject, window_start, held from gateway_leases where owner = @owner`, pgx.NamedArgs{"owner": owner})
	if err != nil {
		return nil, fmt.Errorf("read leases: %w", err)
	}
	return list, nil
}

// Leave implements gateway.Slices.
func (db *DB) Leave(ctx context.Context, owner uuid.UUID) error {
	return db.Recover(ctx, owner, nil)
}

// Recover implements gateway.Slices. The owner's row goes with the transaction, so a second time finds nothing to do.
func (db *DB) Recover(ctx context.Context, owner uuid.UUID, calls []gateway.Booking) error {
	return pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `select from gateway_owners where id = @owner for update`, pgx.NamedArgs{"owner": owner})
		if err != nil {
			return fmt.Errorf("read owner: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return nil
		}
		spend := map[gateway.WindowKey]gateway.Nano{}
		fresh, err := freshCalls(ctx, tx, calls)
		if err != nil {
			return err
		}
		for _, c := range fresh {
			for _, k := range c.Keys {
				spend[k] += c.Cost
			}
		}
		release := map[gateway.WindowKey]gateway.Nano{}
		list, err := leasesOf(ctx, tx, owner)
		if err != nil {
			return err
		}
		for _, l := range list {
			release[l.key()] = l.Held
		}
		var batch pgx.Batch
		for _, k := range keysOf(spend, release) {
			args := windowArgs(k)
			args["spend"], args["release"] = spend[k], release[k]
			batch.Queue(`
				update gateway_budgets set spent = spent + @spend, leased = greatest(leased - @release, 0)
				where scope = @scope and subject = @subject and window_start = @start`, args)
		}
		if len(fresh) > 0 {
			queueCalls(&batch, fresh)
		}
		batch.Queue(`delete from gateway_owners where id = @owner`, pgx.NamedArgs{"owner": owner})
		if err := tx.SendBatch(ctx, &batch).Close(); err != nil {
			return fmt.Errorf("recover: %w", err)
		}
		return nil
	})
}

// freshCalls are those that are not booked yet.
func freshCalls(ctx context.Context, tx pgx.Tx, calls []gateway.Booking) ([]gateway.Booking, error) {
	if len(calls) == 0 {
		return nil, nil
	}
	ids := make([]uuid.UUID, len(calls))
	for i, c := range calls {
		ids[i] = c.CallID
	}
	rows, err := tx.Query(ctx, `select id from gateway_calls where id = any(@ids)`, pgx.NamedArgs{"ids": ids})
	if err != nil {
		return nil, fmt.Errorf("read calls: %w", err)
	}
	there, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return nil, fmt.Errorf("read calls: %w", err)
	}
	known := map[uuid.UUID]bool{}
	for _, id := range there {
		known[id] = true
	}
	var out []gateway.Booking
	for _, c := range calls {
		if !known[c.CallID] {
			out = append(out, c)
		}
	}
	return out, nil
}

// Stands implements gateway.Slices.
func (db *DB) Stands(ctx context.Context, windows []gateway.Window) ([]gateway.Stand, error) {
	out := make([]gateway.Stand, len(windows))
	var batch pgx.Batch
	for i, w := range windows {
		batch.Queue(`
			select spent + dead, reserved + leased - dead from gateway_budgets b, lateral (
				select coalesce(sum(l.held), 0)::bigint as dead from gateway_leases l
				where l.scope = b.scope and l.subject = b.subject and l.window_start = b.window_start and l.held > 0 and not gateway_alive(l.owner)) d
			where scope = @scope and subject = @subject and window_start = @start`, windowArgs(w.Key())).QueryRow(func(row pgx.Row) error {
			err := row.Scan(&out[i].Spent, &out[i].Reserved)
			if errors.Is(err, pgx.ErrNoRows) {
				return nil
			}
			return err
		})
	}
	if err := db.pool.SendBatch(ctx, &batch).Close(); err != nil {
		return nil, fmt.Errorf("read budgets: %w", err)
	}
	return out, nil
}

// keysOf are the keys of both, in the order of locks.
func keysOf(a, b map[gateway.WindowKey]gateway.Nano) []gateway.WindowKey {
	out := slices.Collect(maps.Keys(a))
	for k := range b {
		if _, ok := a[k]; !ok {
			out = append(out, k)
		}
	}
	slices.SortFunc(out, gateway.CompareKeys)
	return out
}

// LedgerName is a name for this database's ledger that no other one has, for the directory of its journals.
func (db *DB) LedgerName(ctx context.Context) (name string, err error) {
	err = db.pool.QueryRow(ctx, `select left(encode(sha256(convert_to(id::text || current_database(), 'UTF8')), 'hex'), 16) from gateway_ledger`).Scan(&name)
	if err != nil {
		return "", fmt.Errorf("name the ledger: %w", err)
	}
	return name, nil
}
