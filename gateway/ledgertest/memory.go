package ledgertest

import (
	"context"
	"sync"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/gateway"
)

// Memory is a ledger in memory, the plainest that conforms. It remembers the most that each window ever held.
type Memory struct {
	mu      sync.Mutex
	windows map[gateway.WindowKey]*sums
	open    map[uuid.UUID]gateway.Reservation
	settled []Settled
}

type sums struct{ spent, reserved, peak gateway.Nano }

// NewMemory is an empty ledger.
func NewMemory() *Memory {
	return &Memory{windows: map[gateway.WindowKey]*sums{}, open: map[uuid.UUID]gateway.Reservation{}}
}

var _ gateway.Ledger = (*Memory)(nil)

func (m *Memory) sums(w gateway.WindowKey) *sums {
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
	windows := r.Windows()
	stands := make([]gateway.Stand, len(windows))
	for i, w := range windows {
		s := m.sums(w.Key())
		stands[i] = gateway.Stand{Spent: s.spent, Reserved: s.reserved}
	}
	if short := gateway.ShortOf(r.Amount, windows, stands); short != nil {
		return short
	}
	for _, w := range windows {
		s := m.sums(w.Key())
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
	m.settled = append(m.settled, Settled{r, st})
	for _, w := range r.Windows() {
		s := m.sums(w.Key())
		s.reserved -= r.Amount
		s.spent += st.Cost
		s.peak = max(s.peak, s.spent+s.reserved)
	}
	return nil
}

// Budgets implements gateway.Ledger.
func (m *Memory) Budgets(_ context.Context, windows []gateway.Window) ([]gateway.Stand, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := make([]gateway.Stand, len(windows))
	for i, w := range windows {
		s := m.sums(w.Key())
		out[i] = gateway.Stand{Spent: s.spent, Reserved: s.reserved}
	}
	return out, nil
}

// Settled is a call that has ended.
type Settled struct {
	gateway.Reservation
	gateway.Settlement
}

// Calls are the calls that have ended, in the order in which they did.
func (m *Memory) Calls() []Settled {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]Settled(nil), m.settled...)
}

// Peak is the most that was ever spent and reserved at once in a window of a scope, whoever's it is.
func (m *Memory) Peak(scope gateway.Scope) gateway.Nano {
	m.mu.Lock()
	defer m.mu.Unlock()
	var most gateway.Nano
	for w, s := range m.windows {
		if w.Scope == scope {
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
