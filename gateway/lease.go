package gateway

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/internal/ident"
)

// Move is what one exchange does to one window.
type Move struct {
	Window
	Spend   Nano // what calls that ended did cost
	Release Nano // of what was drawn: covered by Spend, or given back
	Need    Nano // to draw: less than this is of no use; 0 for nothing
	Want    Nano // to draw, at most
}

// Grant is what an exchange found and drew in one window.
type Grant struct {
	Granted Nano
	Gone    bool // the window is no more, and what was drawn of it neither: its person was erased
	Stand        // after the exchange, with what is drawn by others and by us as reserved
}

// Booking is a call that has ended, for the ledger.
type Booking struct {
	Reservation
	Settlement
	Keys []WindowKey
}

// Slices is where replicas draw parts of budgets from, one transaction at a time. A batch is applied once, whatever is lost on the way: it
// carries a number, and takes effect only where it is the one that the owner's row expects.
type Slices interface {
	// Enter registers a replica and keeps it known as alive until ctx ends. wanted is called when another replica is short in a window.
	Enter(ctx context.Context, owner uuid.UUID, wanted func(WindowKey)) error
	// Exchange books calls and moves money, in the order of moves, which is that of CompareKeys.
	Exchange(ctx context.Context, owner uuid.UUID, seq int64, moves []Move, calls []Booking) ([]Grant, error)
	// Resync waits for an exchange that may be under way, makes sure that no earlier one takes effect any more, and says what the replica
	// holds and the number that was applied last. The next exchange has the number next.
	Resync(ctx context.Context, owner uuid.UUID) (applied, next int64, held map[WindowKey]Nano, err error)
	// Leave gives everything back and forgets the replica.
	Leave(ctx context.Context, owner uuid.UUID) error
	// Recover books the calls of a replica that died and gives back all else that it held. A second time changes nothing.
	Recover(ctx context.Context, owner uuid.UUID, calls []Booking) error
	// Stands are how windows stand; what replicas that are not alive hold counts as spent.
	Stands(ctx context.Context, windows []Window) ([]Stand, error)
}

// LeaseOptions are what a ledger with leases is made of.
type LeaseOptions struct {
	Slices  Slices
	Journal string // directory in which the calls of this process are noted, so that a later one can book them; "" for none
	Now     func() time.Time
	Log     *slog.Logger
}

// How leases behave.
const (
	flushEvery   = 40 * time.Millisecond  // how long a call that has ended may wait to be booked
	flushAt      = 512                    // or how many may
	idleReturn   = 250 * time.Millisecond // how long a slice may lie unused
	exchangeTime = 3 * time.Second
	downPause    = 100 * time.Millisecond
	ahead        = 64                     // calls of the size just asked for that are drawn at once, while there is plenty
	dryPause     = 200 * time.Millisecond // after a draw in advance that found nothing
)

// Leases is a Ledger that draws slices of budgets and reserves within them in memory. Its money is set aside in the database before a call
// is made, as with any other ledger; what it keeps to itself for some milliseconds is which call it was for.
type Leases struct {
	o LeaseOptions

	sending sync.Mutex // held while an exchange is under way, of which the database and this replica know different things; taken before mu

	mu      sync.Mutex
	slices  map[WindowKey]*slice
	open    map[uuid.UUID]*openCall
	pending []Booking
	since   time.Time // of the first pending
	asks    []*ask
	syncs   []chan error
	down    error // of the last exchange
	journal *journal
	owner   uuid.UUID
	seq     int64
	unsure  bool
	lost    *batch // sent, and not known whether it took effect
	started bool
	closed  bool

	kick chan struct{}
	stop context.CancelFunc
	done chan struct{}
}

// slice is what this replica holds of a window.
type slice struct {
	Window
	held     Nano // drawn and not released yet
	reserved Nano // of it, by open calls
	spend    Nano // what ended calls did cost and is not booked yet
	cover    Nano // of held, what that cost takes
	wanted   bool // by another replica
	used     time.Time
	refill   Nano // to draw in advance: the size of the call that left little
	dry      time.Time
	stand    Stand // of the last exchange, without what this replica holds
}

func (s *slice) idle() Nano { return s.held - s.reserved - s.cover }

type openCall struct {
	Reservation
	slices []*slice
}

// ask is a call that waits for a draw.
type ask struct {
	r       Reservation
	windows []Window
	gone    bool
	done    chan error
}

var errClosed = errors.New("the ledger is closed")

// NewLeases makes a ledger with leases. It touches the database when it is first used.
func NewLeases(o LeaseOptions) *Leases {
	return &Leases{o: o, slices: map[WindowKey]*slice{}, open: map[uuid.UUID]*openCall{}, owner: ident.New(), seq: 1, kick: make(chan struct{}, 1), done: make(chan struct{})}
}

// Start registers the replica, which its first reservation does otherwise.
func (l *Leases) Start(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.start(ctx)
}

// start registers the replica and begins to exchange. The caller holds mu.
func (l *Leases) start(ctx context.Context) error {
	if l.closed {
		return errClosed
	}
	if l.started {
		return nil
	}
	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	if err := l.o.Slices.Enter(run, l.owner, l.wanted); err != nil {
		stop()
		return err
	}
	if l.o.Journal != "" {
		j, err := openJournal(l.o.Journal, l.owner)
		if err != nil && !errors.Is(err, errors.ErrUnsupported) {
			stop()
			return err
		}
		l.journal = j
	}
	l.started, l.stop = true, stop
	go l.run(run)
	return nil
}

func (l *Leases) wanted(key WindowKey) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s := l.slices[key]; s != nil && s.idle() > 0 {
		s.wanted = true
		l.wake()
	}
}

func (l *Leases) wake() {
	select {
	case l.kick <- struct{}{}:
	default:
	}
}

// Reserve implements Ledger.
func (l *Leases) Reserve(ctx context.Context, r Reservation) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	windows := r.Windows()
	l.mu.Lock()
	if err := l.start(ctx); err != nil {
		l.mu.Unlock()
		return err
	}
	if l.down != nil {
		defer l.mu.Unlock()
		return l.down
	}
	if len(l.asks) == 0 && l.fits(windows, r.Amount) {
		defer l.mu.Unlock()
		return l.hold(r, windows)
	}
	a := &ask{r: r, windows: windows, done: make(chan error, 1)}
	l.asks = append(l.asks, a)
	l.wake()
	l.mu.Unlock()
	select {
	case err := <-a.done:
		return err
	case <-ctx.Done():
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	a.gone = true
	select {
	case err := <-a.done:
		if err == nil {
			l.release(r.CallID)
		}
	default:
	}
	return ctx.Err()
}

// fits tells whether slices have an amount idle that is still under the caps, which may have become lower, and below what is spent, since it
// was drawn.
func (l *Leases) fits(windows []Window, amount Nano) bool {
	for _, w := range windows {
		s := l.slices[w.Key()]
		if s == nil || amount > 0 && (s.idle() < amount || s.stand.Spent+s.stand.Reserved+s.spend+s.reserved+amount > w.Cap) {
			return false
		}
	}
	return true
}

// hold sets an amount aside in slices that have it.
func (l *Leases) hold(r Reservation, windows []Window) error {
	if l.journal != nil {
		if err := l.journal.reserved(r, windows); err != nil {
			return err
		}
	}
	c := &openCall{Reservation: r, slices: make([]*slice, len(windows))}
	now := time.Now()
	for i, w := range windows {
		s := l.slices[w.Key()]
		s.reserved += r.Amount
		s.used = now
		c.slices[i] = s
		if r.Amount > 0 && s.idle() < ahead/2*r.Amount && now.Sub(s.dry) > dryPause && s.refill == 0 {
			s.refill = r.Amount
			l.wake()
		}
	}
	l.open[r.CallID] = c
	return nil
}

// release undoes a hold of a call that was never made.
func (l *Leases) release(call uuid.UUID) {
	c := l.open[call]
	delete(l.open, call)
	for _, s := range c.slices {
		s.reserved -= c.Amount
	}
	if l.journal != nil {
		_ = l.journal.settled(call, Settlement{Record: Record{Outcome: "refused"}}) // at worst it is booked in full later
	}
}

// Settle implements Ledger. The call is booked with the next exchange.
func (l *Leases) Settle(_ context.Context, call uuid.UUID, st Settlement) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.open[call]
	if c == nil {
		return nil
	}
	if l.journal != nil {
		if err := l.journal.settled(call, st); err != nil {
			return err
		}
	}
	delete(l.open, call)
	keys := make([]WindowKey, len(c.slices))
	for i, s := range c.slices {
		s.reserved -= c.Amount
		s.spend += st.Cost
		s.cover += min(st.Cost, max(s.held-s.reserved-s.cover, 0))
		keys[i] = s.Key()
	}
	if len(l.pending) == 0 {
		l.since = time.Now()
	}
	l.pending = append(l.pending, Booking{c.Reservation, st, keys})
	if len(l.pending) >= flushAt || len(l.asks) > 0 {
		l.wake()
	}
	return nil
}

// Budgets implements Ledger. It books first what has ended.
func (l *Leases) Budgets(ctx context.Context, windows []Window) ([]Stand, error) {
	l.mu.Lock()
	if l.started && !l.closed && len(l.pending) > 0 {
		done := make(chan error, 1)
		l.syncs = append(l.syncs, done)
		l.wake()
		l.mu.Unlock()
		select {
		case err := <-done:
			if err != nil {
				return nil, err
			}
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		l.mu.Lock()
	}
	l.mu.Unlock()
	l.sending.Lock()
	defer l.sending.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock() // so that what is idle below is what the database was asked about
	stands, err := l.o.Slices.Stands(ctx, windows)
	if err != nil {
		return nil, err
	}
	for i, w := range windows {
		if s := l.slices[w.Key()]; s != nil {
			stands[i].Spent += s.spend
			stands[i].Reserved -= s.idle() + s.cover
		}
	}
	return stands, nil
}

// Close books what has ended, gives back what is left and forgets the replica.
func (l *Leases) Close() error {
	l.mu.Lock()
	if !l.started || l.closed {
		l.closed = true
		l.mu.Unlock()
		return nil
	}
	l.closed = true
	l.wake()
	l.mu.Unlock()
	<-l.done
	l.stop()
	ctx, cancel := context.WithTimeout(context.Background(), exchangeTime)
	defer cancel()
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.pending) > 0 || len(l.open) > 0 {
		return errors.Join(l.down, l.journal.close(false)) // whoever starts next books it from the journal
	}
	return errors.Join(l.o.Slices.Leave(ctx, l.owner), l.journal.close(true))
}

// run exchanges whenever there is something to exchange, until the ledger is closed and nothing is left to book or it has failed to.
func (l *Leases) run(ctx context.Context) {
	defer close(l.done)
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.kick:
		case <-tick.C:
		}
		for again := true; again; {
			again = l.exchange(ctx)
		}
		l.mu.Lock()
		end := l.closed && (len(l.pending) == 0 || l.down != nil)
		down := l.down != nil
		l.mu.Unlock()
		if end {
			return
		}
		if down {
			pause(ctx, downPause)
		}
	}
}

// Remaining is what is left of windows as far as this replica knows, without asking the database; ok is false where it does not know all.
func (l *Leases) Remaining(windows []Window) (left Nano, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	left = math.MaxInt64
	for _, w := range windows {
		s := l.slices[w.Key()]
		if s == nil || s.stand == (Stand{}) && s.held == 0 {
			return 0, false
		}
		left = min(left, max(w.Cap-s.stand.Spent-s.stand.Reserved-s.reserved-s.spend, 0))
	}
	return left, true
}
