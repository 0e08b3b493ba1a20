package gateway

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/internal/fault"
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
