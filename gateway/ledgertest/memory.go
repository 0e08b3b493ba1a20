package ledgertest

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/gateway"
)

// Memory is a ledger in memory, the plainest that conforms. It remembers the most that each window ever held.
type Memory struct {
	mu      sync.Mutex
	windows map[window]*sums
	open    map[uuid.UUID]gateway.Reservation
}

type window struct {
	scope   gateway.Scope
	subject uuid.UUID
	start   time.Time
}

func (w window) resets() time.Time {
	if w.scope == gateway.ScopeInstanceMonth {
		return w.start.AddDate(0, 1, 0)
	}
	return w.start.AddDate(0, 0, 1)
}

type sums struct{ spent, reserved, peak gateway.Nano }

// NewMemory is an empty ledger.
func NewMemory() *Memory {
	return &Memory{windows: map[window]*sums{}, open: map[uuid.UUID]gateway.Reservation{}}
}

var _ gateway.Ledger = (*Memory)(nil)

type capped struct {
	window
	cap gateway.Nano
}

func windowsOf(at time.Time, person uuid.UUID, caps gateway.Caps) []capped {
	out := []capped{
		{window{gateway.ScopeInstanceDay, uuid.Nil, gateway.DayOf(at)}, caps.InstanceDay},
		{window{gateway.ScopeInstanceMonth, uuid.Nil, gateway.MonthOf(at)}, caps.InstanceMonth},
	}
	if person != uuid.Nil {
		out = append(out, capped{window{gateway.ScopePersonDay, person, gateway.DayOf(at)}, caps.PersonDay})
	}
	return out
}

func (m *Memory) sums(w window) *sums {
	if m.windows[w] == nil {
		m.windows[w] = &sums{}
	}
	return m.windows[w]
}

// Reserve implements gateway.Ledger.
func (m *Memory) Reserve(ctx context.Context, r gateway.Reservation) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	windows := windowsOf(r.At, r.Person, r.Caps)
	var short *gateway.Shortfall
	open := false
	for _, w := range windows {
		s := m.sums(w.window)
		left := w.cap - s.spent - s.reserved
		if r.Amount <= left {
			continue
		}
		open = open || s.reserved > 0
		if short == nil || max(left, 0) < short.Left {
			short = &gateway.Shortfall{Scope: w.scope, Cap: w.cap, Left: max(left, 0), ResetsAt: w.resets()}
		}
	}
	if short != nil {
		short.Open = open
		return short
	}
	for _, w := range windows {
		s := m.sums(w.window)
		s.reserved += r.Amount
		s.peak = max(s.peak, s.spent+s.reserved)
	}
	m.open[r.CallID] = r
	return nil
}

// Settle implements gateway.Ledger.
func (m *Memory) Settle(ctx context.Context, call uuid.UUID, st gateway.Settlement) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.open[call]
	if !ok {
		return nil
	}
	delete(m.open, call)
	for _, w := range windowsOf(r.At, r.Person, r.Caps) {
		s := m.sums(w.window)
		s.reserved -= r.Amount
		s.spent += st.Cost
		s.peak = max(s.peak, s.spent+s.reserved)
	}
	return nil
}

// Budgets implements gateway.Ledger.
func (m *Memory) Budgets(_ context.Context, person uuid.UUID, caps gateway.Caps, now time.Time) ([]gateway.Budget, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []gateway.Budget
	for _, w := range windowsOf(now, person, caps) {
		s := m.sums(w.window)
		out = append(out, gateway.Budget{Scope: w.scope, Limit: w.cap, Spent: s.spent, Reserved: s.reserved, ResetsAt: w.resets()})
	}
	return out, nil
}

// Peak is the most that was ever spent and reserved at once in a window of a scope, whoever's it is.
func (m *Memory) Peak(scope gateway.Scope) gateway.Nano {
	m.mu.Lock()
	defer m.mu.Unlock()
	var most gateway.Nano
	for w, s := range m.windows {
		if w.scope == scope {
			most = max(most, s.peak)
		}
	}
	return most
}

// Open is how many reservations are not settled.
func (m *Memory) Open() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.open)
}
