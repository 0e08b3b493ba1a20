package postgres

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/gapwise/gapwise/gateway"
)

// Every call goes through the row of the instance's day, and a transaction holds that row until its commit is on disk. So the reservations
// and settlements that come while one transaction runs are put together into the next one; each is answered once it is committed.

// How transactions of several steps are made.
const (
	mostSteps  = 256
	tellerTime = 10 * time.Second // of one transaction
	doubtPause = 200 * time.Millisecond
	doubtTries = 3000 // ten minutes; then whoever finds the call books it by its age
)

// step is a reservation or, where it has none, a settlement.
type step struct {
	r    *gateway.Reservation
	call uuid.UUID
	s    gateway.Settlement
	done chan error
}

// teller collects steps and makes transactions of them, one at a time.
type teller struct {
	mu      sync.Mutex
	queue   []*step
	running bool
	open    map[uuid.UUID]gateway.Reservation // made by this process and not settled
}

// do hands a step over and waits for its end.
func (db *DB) do(ctx context.Context, s *step) error {
	s.done = make(chan error, 1)
	t := &db.teller
	t.mu.Lock()
	t.queue = append(t.queue, s)
	if !t.running {
		t.running = true
		go db.tell(context.WithoutCancel(ctx))
	}
	t.mu.Unlock()
	select {
	case err := <-s.done:
		return err
	case <-ctx.Done():
	}
	if s.r != nil { // nobody will make the call
		go func() {
			if err := <-s.done; err == nil {
				db.undo(context.WithoutCancel(ctx), s.r.CallID)
			}
		}()
	}
	return ctx.Err()
}

// tell makes transactions until no step is left.
func (db *DB) tell(ctx context.Context) {
	t := &db.teller
	for {
		t.mu.Lock()
		n := min(len(t.queue), mostSteps)
		steps := t.queue[:n:n]
		t.queue = slices.Clone(t.queue[n:])
		if n == 0 {
			t.running = false
			t.mu.Unlock()
			return
		}
		t.mu.Unlock()
		call, cancel := context.WithTimeout(ctx, tellerTime)
		db.together(call, ctx, steps)
		cancel()
	}
}

// together makes one transaction of steps and answers them. ctx bounds it, after is for what has to follow.
func (db *DB) together(ctx, after context.Context, steps []*step) {
	w := &work{spend: map[gateway.WindowKey]gateway.Nano{}, reserve: map[gateway.WindowKey]gateway.Nano{}, shorts: map[*step]error{}}
	var slow []*step
	db.teller.mu.Lock()
	twice := map[uuid.UUID]bool{}
	for _, s := range steps {
		if s.r != nil {
			w.reserves = append(w.reserves, s)
			continue
		}
		r, ok := db.teller.open[s.call]
		ok = ok && !twice[s.call]
		twice[s.call] = true
		if !ok {
			slow = append(slow, s)
			continue
		}
		w.settles = append(w.settles, s)
		w.of = append(w.of, r)
	}
	db.teller.mu.Unlock()
	var err error
	if len(w.reserves)+len(w.settles) > 0 {
		w.owner = db.owner(ctx)
		err = pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error { return w.run(ctx, tx) })
	}
	db.teller.mu.Lock()
	if db.teller.open == nil {
		db.teller.open = map[uuid.UUID]gateway.Reservation{}
	}
	for _, s := range w.reserves {
		if err == nil && w.shorts[s] == nil {
			db.teller.open[s.r.CallID] = *s.r
		}
	}
	for i, s := range w.settles {
		if err == nil {
			delete(db.teller.open, s.call)
			if !w.found[i] {
				slow = append(slow, s) // it was booked as abandoned
			}
		}
	}
	db.teller.mu.Unlock()
	for _, s := range w.reserves {
		switch {
		case err != nil:
			go db.undo(after, s.r.CallID) // it may have been committed
			s.done <- err
		default:
			s.done <- w.shorts[s]
		}
	}
	for i, s := range w.settles {
		if err != nil || w.found[i] {
			s.done <- err
		}
	}
	for _, s := range slow {
		s.done <- pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error { return settle(ctx, tx, s.call, s.s, false) })
	}
}

// undo gives a reservation back whose call is not made, as soon as the database answers. One that is not there changes nothing.
func (db *DB) undo(ctx context.Context, call uuid.UUID) {
	s := gateway.Settlement{At: time.Now().UTC(), Record: gateway.Record{Outcome: "refused"}}
	for range doubtTries {
		try, cancel := context.WithTimeout(ctx, tellerTime)
		err := pgx.BeginFunc(try, db.pool, func(tx pgx.Tx) error { return settle(try, tx, call, s, false) })
		cancel()
		if err == nil {
			break
		}
		<-time.After(doubtPause)
	}
	db.teller.mu.Lock()
	defer db.teller.mu.Unlock()
	delete(db.teller.open, call)
}

// work is one transaction.
type work struct {
	owner    *uuid.UUID
	reserves []*step
	settles  []*step
	of       []gateway.Reservation // of the settles
	found    []bool                // of the settles: it was open
	spend    map[gateway.WindowKey]gateway.Nano
	reserve  map[gateway.WindowKey]gateway.Nano
	shorts   map[*step]error
}

func (w *work) run(ctx context.Context, tx pgx.Tx) error {
	if err := w.settleCalls(ctx, tx); err != nil {
		return err
	}
	stands, err := w.lock(ctx, tx)
	if err != nil {
		return err
	}
	for _, s := range w.reserves {
		windows := s.r.Windows()
		list := make([]gateway.Stand, len(windows))
		for i, win := range windows {
			at := stands[win.Key()]
			list[i] = gateway.Stand{Spent: at.Spent + w.spend[win.Key()], Reserved: at.Reserved + w.reserve[win.Key()]}
		}
		if short := gateway.ShortOf(s.r.Amount, windows, list); short != nil {
			w.shorts[s] = short
			continue
		}
		for _, win := range windows {
			w.reserve[win.Key()] += s.r.Amount
		}
	}
	return w.write(ctx, tx)
}

// settleCalls closes the calls and adds up what that changes.
func (w *work) settleCalls(ctx context.Context, tx pgx.Tx) error {
	w.found = make([]bool, len(w.settles))
	if len(w.settles) == 0 {
		return nil
	}
	bookings := make([]gateway.Booking, len(w.settles))
	for i, s := range w.settles {
		bookings[i] = gateway.Booking{Reservation: w.of[i], Settlement: s.s}
	}
	rows, err := tx.Query(ctx, `
		update gateway_calls c set state = 'settled', cost_nano = r.cost_nano, prompt_tokens = r.prompt_tokens, completion_tokens = r.completion_tokens,
			cached_tokens = r.cached_tokens, cache_write_tokens = r.cache_write_tokens, reasoning_tokens = r.reasoning_tokens, estimated = r.estimated, outcome = r.outcome,
			cache = r.cache, latency_us = r.latency_us, first_token_us = r.first_token_us, settled_at = r.settled_at
		from jsonb_to_recordset(@rows) as r (id uuid, cost_nano bigint, prompt_tokens int, completion_tokens int, cached_tokens int, cache_write_tokens int,
			reasoning_tokens int, estimated boolean, outcome text, cache text, latency_us bigint, first_token_us bigint, settled_at timestamptz)
		where c.id = r.id and c.state = 'reserved' returning c.id, c.subject`, pgx.NamedArgs{"rows": rowsOf(bookings)})
	if err != nil {
		return fmt.Errorf("settle calls: %w", err)
	}
	type closedCall struct {
		ID      uuid.UUID
		Subject string
	}
	closed, err := pgx.CollectRows(rows, pgx.RowToStructByPos[closedCall])
	if err != nil {
		return fmt.Errorf("settle calls: %w", err)
	}
	subject := make(map[uuid.UUID]string, len(closed))
	for _, c := range closed {
		subject[c.ID] = c.Subject
	}
	for i, s := range w.settles {
		of, ok := subject[s.call]
		if w.found[i] = ok; !ok {
			continue
		}
		for _, win := range w.of[i].Windows() {
			if of == "" && (win.Scope == gateway.ScopePersonDay || win.Scope == gateway.ScopePersonMonth) {
				continue // erased since
			}
			w.spend[win.Key()] += s.s.Cost
			w.reserve[win.Key()] -= w.of[i].Amount
		}
	}
	return nil
}

// lock takes the rows of all windows, in their order, and gives how they stand.
func (w *work) lock(ctx context.Context, tx pgx.Tx) (map[gateway.WindowKey]gateway.Stand, error) {
	keys := map[gateway.WindowKey]bool{}
	for k := range w.reserve {
		keys[k] = false
	}
	for _, s := range w.reserves {
		for _, win := range s.r.Windows() {
			keys[win.Key()] = true
		}
	}
	out := make(map[gateway.WindowKey]gateway.Stand, len(keys))
	var batch pgx.Batch
	for _, k := range slices.SortedFunc(maps.Keys(keys), gateway.CompareKeys) {
		if keys[k] {
			batch.Queue(`insert into gateway_budgets (scope, subject, window_start) values (@scope, @subject, @start) on conflict do nothing`, windowArgs(k))
		}
		batch.Queue(`select spent, reserved + leased as reserved from gateway_budgets where scope = @scope and subject = @subject and window_start = @start for update`, windowArgs(k)).
			Query(func(rows pgx.Rows) error {
				list, err := pgx.CollectRows(rows, pgx.RowToStructByName[gateway.Stand])
				if len(list) == 1 {
					out[k] = list[0]
				}
				return err
			})
	}
	if err := tx.SendBatch(ctx, &batch).Close(); err != nil {
		return nil, fmt.Errorf("lock budgets: %w", err)
	}
	return out, nil
}

// write enters what has changed.
func (w *work) write(ctx context.Context, tx pgx.Tx) error {
	var batch pgx.Batch
	for _, k := range slices.SortedFunc(maps.Keys(w.reserve), gateway.CompareKeys) {
		args := windowArgs(k)
		args["spend"], args["reserve"] = w.spend[k], w.reserve[k]
		batch.Queue(`
			update gateway_budgets set spent = spent + @spend, reserved = reserved + @reserve
			where scope = @scope and subject = @subject and window_start = @start`, args)
	}
	var fresh []gateway.Booking
	for _, s := range w.reserves {
		if w.shorts[s] != nil {
			continue
		}
		b := gateway.Booking{Reservation: *s.r}
		for _, win := range s.r.Windows() {
			b.Keys = append(b.Keys, win.Key())
		}
		fresh = append(fresh, b)
	}
	if len(fresh) > 0 {
		batch.Queue(`
			insert into gateway_calls (id, person_id, subject, group_name, scopes, owner, purpose, prompt_version, provider, model, state, reserved_nano, day, month, created_at)
			select r.id, p.id, r.subject, r.group_name, r.scopes, @owner, r.purpose, r.prompt_version, r.provider, r.model, 'reserved', r.reserved_nano, r.day, r.month, r.created_at
			from jsonb_to_recordset(@rows) as r (id uuid, person uuid, subject text, group_name text, scopes text[], purpose text, prompt_version text, provider text, model text,
				reserved_nano bigint, day date, month date, created_at timestamptz)
			left join people p on p.id = r.person`, pgx.NamedArgs{"rows": rowsOf(fresh), "owner": w.owner})
	}
	if batch.Len() == 0 {
		return nil
	}
	if err := tx.SendBatch(ctx, &batch).Close(); err != nil {
		return fmt.Errorf("book: %w", err)
	}
	return nil
}
