package gateway

import (
	"context"
	"errors"
	"time"

	"github.com/gapwise/gapwise/internal/fault"
)

// attempt is one call to one target, with the money for it.
type attempt struct {
	target      *target
	price       Price
	call        Call
	answers     int
	reservation Reservation
	clamped     int
}

// reserve sets aside the upper bound of a call's cost. A call that fits beside what is spent, and not beside what others have reserved, waits
// for its turn. One that would not fit either way is cut to what is left once nothing else is under way, for that could give some back.
func (g *Gateway) reserve(ctx context.Context, r Request, who Account, a *attempt) error {
	caps := who.caps(g.o.Caps)
	counted := a.most() > caps.Request && g.recount(&a.call)
	whole := a.call
	if !fit(&a.call, r.Shrink, a.price, a.answers, caps.Request) {
		need := a.most()
		return refusal(&Shortfall{Scope: ScopeRequest, Cap: caps.Request, Left: caps.Request}, need)
	}
	ofRequest := a.call
	waitCtx, cancel := context.WithTimeout(ctx, max(g.o.Wait, 0))
	defer cancel()
	var mine *place
	defer func() { g.turns.leave(mine) }()
	for tried := false; ; tried = true {
		a.reservation = g.reservation(r, who, a.target.Target, a.most())
		if mine == nil {
			if key, busy := g.turns.behind(a.reservation.Windows()); busy && g.o.Wait > 0 {
				mine, _ = g.turns.join(key) // a full queue is found again below
			}
		}
		last := false
		if mine != nil {
			switch err := g.turns.await(waitCtx, mine, tried); {
			case ctx.Err() != nil:
				return ctx.Err()
			case err != nil:
				last = true // one more look, then the answer is no
			}
		}
		err := g.o.Ledger.Reserve(ctx, a.reservation)
		short, isShort := errors.AsType[*Shortfall](err)
		if !isShort {
			if err == nil && a.call.MaxTokens < whole.MaxTokens {
				a.clamped = a.call.MaxTokens
			}
			return unreadable(err)
		}
		g.metrics.short()
		if !counted && a.call.counted == 0 {
			if counted = true; g.recount(&a.call) {
				ofRequest = a.call
				continue
			}
		}
		if short.Open && !last && g.o.Wait > 0 {
			if mine, err = g.requeue(mine, short, a.reservation); err == nil {
				continue
			}
		}
		// Nothing more will be given back, or it takes too long: what is left has to do.
		if short.Open && g.o.Wait <= 0 {
			return refusal(short, a.reservation.Amount)
		}
		need := a.reservation.Amount
		a.call = ofRequest
		if !fit(&a.call, r.Shrink, a.price, a.answers, short.Left) {
			return refusal(short, need)
		}
		if last {
			a.reservation = g.reservation(r, who, a.target.Target, a.most())
			return g.lastTry(ctx, a, whole)
		}
	}
}

// lastTry reserves without waiting any more.
func (g *Gateway) lastTry(ctx context.Context, a *attempt, whole Call) error {
	err := g.o.Ledger.Reserve(ctx, a.reservation)
	if short, ok := errors.AsType[*Shortfall](err); ok {
		return refusal(short, a.reservation.Amount)
	}
	if err == nil && a.call.MaxTokens < whole.MaxTokens {
		a.clamped = a.call.MaxTokens
	}
	return unreadable(err)
}

func (a *attempt) most() Nano { return a.price.Most(a.call.bound(), a.call.MaxTokens*a.answers) }

// requeue is the place in the queue of the budget that is short.
func (g *Gateway) requeue(mine *place, short *Shortfall, r Reservation) (*place, error) {
	for _, w := range r.Windows() {
		if w.Scope != short.Scope || w.Subject != short.Subject {
			continue
		}
		if mine != nil && mine.key == w.Key() {
			return mine, nil
		}
		next, err := g.turns.join(w.Key())
		if err != nil {
			return mine, err
		}
		g.turns.leave(mine)
		return next, nil
	}
	return mine, nil
}

// book writes the settlement, also when the caller has gone: the money is spent either way.
func (g *Gateway) book(ctx context.Context, r Reservation, s Settlement) error {
	s.At = g.o.Now().UTC()
	if s.Cost > r.Amount {
		g.o.Log.WarnContext(ctx, "model used more than its upper bound", "model", r.Model, "reserved", r.Amount.String(), "cost", s.Cost.String())
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	var err error
	for try := range settleTries {
		if err = g.o.Ledger.Settle(ctx, r.CallID, s); err == nil || ctx.Err() != nil {
			break
		}
		pause(ctx, settlePause<<try)
	}
	g.turns.settled()
	g.metrics.settled(r, s)
	if err != nil {
		go g.bookLater(context.WithoutCancel(ctx), r, s)
		return fault.New(fault.Unavailable, "ledger-unavailable", "The cost of this answer could not be booked. Try again later.").Because(err)
	}
	return nil
}

// Settling is tried again for as long as a caller can wait, and then behind their back until whoever finds the call would book it in full by its age.
const (
	settleTries = 7
	settlePause = 50 * time.Millisecond
	laterPause  = 250 * time.Millisecond
)

// bookLater goes on with a settlement when its caller has been told that it failed, so that a database that was away for long does not leave a
// reservation behind that nobody gives back.
func (g *Gateway) bookLater(ctx context.Context, r Reservation, s Settlement) {
	for began := time.Now(); time.Since(began) < AbandonedAfter; pause(ctx, laterPause) {
		try, cancel := context.WithTimeout(ctx, settleTimeout)
		err := g.o.Ledger.Settle(try, r.CallID, s)
		cancel()
		if err == nil {
			g.turns.settled()
			return
		}
	}
	g.o.Log.ErrorContext(ctx, "a call could not be booked; it will be at its whole reservation", "call", r.CallID)
}

// pause waits, or returns early when ctx ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
