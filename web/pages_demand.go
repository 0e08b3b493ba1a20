package web

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/gapanalysis"
)

// demandFresh is how long the demand for a role is shown before it is counted again, which takes tens of milliseconds over many postings.
const demandFresh = 5 * time.Minute

// demandBook keeps what postings ask of each role, which is the same for everybody.
type demandBook struct {
	count func(ctx context.Context, role string) (*gapanalysis.MarketView, error)
	now   func() time.Time

	mu   sync.Mutex
	kept map[string]*demandEntry
}

// demandEntry is one role's.
type demandEntry struct {
	view     *gapanalysis.MarketView
	at       time.Time
	counting bool
}

func newDemandBook(r Rooms) *demandBook {
	return &demandBook{now: r.Now, kept: map[string]*demandEntry{}, count: func(ctx context.Context, role string) (*gapanalysis.MarketView, error) {
		return r.Gaps.Market(ctx, uuid.Nil, uuid.Nil, role)
	}}
}

// of gives what is kept. The first who asks for a role waits for the count, and of those who ask when it has grown old one does.
func (d *demandBook) of(ctx context.Context, role string) (*gapanalysis.MarketView, error) {
	d.mu.Lock()
	e := d.kept[role]
	if e != nil && (e.counting || d.now().Sub(e.at) < demandFresh) {
		d.mu.Unlock()
		return e.view, nil
	}
	if e != nil {
		e.counting = true
	}
	d.mu.Unlock()
	view, err := d.count(ctx, role)
	d.mu.Lock()
	defer d.mu.Unlock()
	if err != nil {
		if e != nil {
			e.counting = false
		}
		return nil, err
	}
	d.kept[role] = &demandEntry{view: view, at: d.now()}
	return view, nil
}
