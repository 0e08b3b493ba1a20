package gateway

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/gapwise/gapwise/internal/fault"
)

// batch is one exchange as it was sent.
type batch struct {
	moves []Move
	calls int // how many of pending
	asks  []*ask
	syncs []chan error
	seq   int64
	out   map[*slice]batchOf
}

type batchOf struct{ spend, cover, back Nano }

// exchange does one transaction, where there is reason to, and tells whether there is reason for another at once.
func (l *Leases) exchange(ctx context.Context) bool {
	l.sending.Lock()
	defer l.sending.Unlock()
	l.mu.Lock()
	if l.unsure {
		l.mu.Unlock()
		if err := l.resync(ctx); err != nil {
			l.fail(&batch{}, err)
			return false
		}
		l.mu.Lock()
	}
	b := l.collect(time.Now())
	calls := l.pending[:b.calls:b.calls]
	l.mu.Unlock()
	if len(b.moves) == 0 && b.calls == 0 {
		l.finish(b, nil)
		l.tidy()
		return false
	}
	call, cancel := context.WithTimeout(ctx, exchangeTime)
	grants, err := l.o.Slices.Exchange(call, l.owner, b.seq, b.moves, calls)
	cancel()
	if err != nil {
		l.fail(b, err)
		return false
	}
	l.apply(b, grants)
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.asks) > 0 || len(l.pending) >= flushAt
}

// collect makes the next batch of everything there is: calls to book, slices to give back, draws that are asked for.
func (l *Leases) collect(now time.Time) *batch {
	b := &batch{seq: l.seq, out: map[*slice]batchOf{}, asks: slices.DeleteFunc(l.asks, func(a *ask) bool { return a.gone }), syncs: l.syncs}
	l.asks, l.syncs = nil, nil
	if len(l.pending) > 0 && (len(b.asks) > 0 || len(b.syncs) > 0 || l.closed || len(l.pending) >= flushAt || now.Sub(l.since) >= flushEvery) {
		b.calls = len(l.pending)
	}
	moves := map[WindowKey]*Move{}
	move := func(w Window) *Move {
		m := moves[w.Key()]
		if m == nil {
			m = &Move{Window: w}
			moves[w.Key()] = m
		}
		return m
	}
	for _, a := range b.asks {
		for _, w := range a.windows {
			if l.slices[w.Key()] == nil {
				l.slices[w.Key()] = &slice{Window: w, used: now}
			}
			m := move(w)
			m.Cap = w.Cap // the latest caps in force
			if m.Need == 0 {
				m.Need = a.r.Amount
				m.Want = a.r.Amount * ahead
			}
			m.Want += max(a.r.Amount, 1) // at least 1, which has the window made where there is none
		}
	}
	for key, s := range l.slices {
		m := moves[key]
		if m == nil && s.refill > 0 && !l.closed {
			m = move(s.Window)
			m.Need, m.Want = s.refill, s.refill*ahead
			s.wanted = false
		} else if m != nil { // somebody asks: what is idle here counts towards it
			m.Need, m.Want = max(m.Need-s.idle(), 0), max(m.Want-s.idle(), 0)
			s.wanted = false
		}
		s.refill = 0
		var part batchOf
		if b.calls > 0 {
			part.spend, part.cover = s.spend, s.cover
		}
		if m == nil && s.idle() > 0 && (s.wanted || l.closed || now.Sub(s.used) >= idleReturn) {
			part.back = s.idle()
			s.wanted = false
		}
		if part == (batchOf{}) {
			if m == nil && s.held == 0 && s.reserved == 0 && s.spend == 0 && now.Sub(s.used) > time.Minute {
				delete(l.slices, key)
			}
			continue
		}
		if m == nil {
			m = move(s.Window)
		}
		m.Spend, m.Release = part.spend, part.cover+part.back
		b.out[s] = part
		s.held -= part.back // nobody reserves in it while it is on its way
	}
	for _, m := range moves {
		b.moves = append(b.moves, *m)
	}
	slices.SortFunc(b.moves, func(a, b Move) int { return CompareKeys(a.Key(), b.Key()) })
	return b
}

// apply enters what an exchange did, and answers those who asked.
func (l *Leases) apply(b *batch, grants []Grant) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.down = nil
	l.seq = b.seq + 1
	l.pending = slices.Clone(l.pending[b.calls:])
	l.since = time.Now()
	b.booked()
	stands := make(map[WindowKey]Stand, len(grants))
	for i, m := range b.moves {
		stands[m.Key()] = grants[i].Stand
		if s := l.slices[m.Key()]; s != nil {
			s.held += grants[i].Granted
			if grants[i].Gone {
				s.held = 0
			}
			if m.Need > 0 && grants[i].Granted == 0 {
				s.dry = time.Now()
			}
			s.stand = Stand{grants[i].Spent, grants[i].Reserved - s.held}
		}
	}
	for _, a := range b.asks {
		if a.gone {
			continue
		}
		if l.fits(a.windows, a.r.Amount) {
			a.done <- l.hold(a.r, a.windows)
			continue
		}
		list := make([]Stand, len(a.windows))
		for i, w := range a.windows {
			list[i] = stands[w.Key()]
			if s := l.slices[w.Key()]; s != nil {
				list[i].Spent += s.spend
				list[i].Reserved -= s.idle() + s.cover
			}
		}
		if short := ShortOf(a.r.Amount, a.windows, list); short != nil {
			a.done <- short
			continue
		}
		l.asks = append(l.asks, a) // there is room, but what was drawn has gone to those before
	}
	l.finishLocked(b, nil)
	if l.journal.long() {
		if err := l.journal.checkpoint(l.open, l.pending); err != nil {
			l.o.Log.Error("the journal of calls cannot be shortened", "error", err)
		}
	}
}

// tidy empties the journal while nothing is open, so that it does not keep whose calls there were.
func (l *Leases) tidy() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.journal != nil && l.journal.size > 0 && len(l.open)+len(l.pending) == 0 {
		if err := l.journal.clear(); err != nil {
			l.o.Log.Error("the journal of calls cannot be emptied", "error", err)
		}
	}
}

func (l *Leases) finish(b *batch, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.finishLocked(b, err)
}

func (l *Leases) finishLocked(b *batch, err error) {
	for _, done := range b.syncs {
		done <- err
	}
}

// booked takes what a batch has moved out of the slices.
func (b *batch) booked() {
	for s, part := range b.out {
		s.spend -= part.spend
		s.cover -= part.cover
		s.held -= part.cover
	}
}

// fail refuses everybody who waits, and everybody who comes until an exchange has succeeded. What was sent may have taken effect or not.
func (l *Leases) fail(b *batch, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.down == nil {
		l.o.Log.Error("the ledger cannot be reached; calls are refused", "error", err)
	}
	for _, a := range append(b.asks, l.asks...) {
		a.done <- err
	}
	l.asks = nil
	l.finishLocked(b, err)
	l.down, l.unsure = err, true
	if b.seq != 0 {
		l.lost = b
	}
}

// resync finds out what the last exchange did. A replica that the database no longer knows begins again with nothing.
func (l *Leases) resync(ctx context.Context) error {
	call, cancel := context.WithTimeout(ctx, exchangeTime)
	defer cancel()
	applied, next, held, err := l.o.Slices.Resync(call, l.owner)
	if errors.Is(err, fault.NotFound) {
		if err = l.o.Slices.Enter(ctx, l.owner, l.wanted); err == nil {
			applied, next, held, err = l.o.Slices.Resync(call, l.owner)
		}
	}
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lost != nil && l.lost.seq == applied {
		l.pending = slices.Clone(l.pending[l.lost.calls:])
		l.lost.booked()
	}
	l.lost, l.seq = nil, next
	for key, s := range l.slices {
		s.held = held[key]
		s.cover = min(s.cover, max(s.held-s.reserved, 0))
	}
	l.unsure, l.down = false, nil
	return nil
}
