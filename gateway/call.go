package gateway

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/sony/gobreaker/v2"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/mutant"
)

// maxPause is the longest Retry-After that is waited for; an endpoint that asks for more is down for whoever waits.
const maxPause = 2 * time.Second

// Relay is Stream with the events of the provider: it hands over text, and the choices as they came where the request has a Body.
func (g *Gateway) Relay(ctx context.Context, r Request, emit func(Piece) error) (*Response, error) {
	begun := false
	watched := emit
	if emit != nil {
		watched = func(p Piece) error { begun = true; return emit(p) }
	}
	resp, err := g.relay(ctx, r, watched)
	if err != nil && !begun && ctx.Err() == nil {
		err = g.ended(r, err)
	}
	return resp, err
}

func (g *Gateway) relay(ctx context.Context, r Request, emit func(Piece) error) (*Response, error) {
	if !g.Enabled() {
		return nil, errNotConfigured
	}
	who, err := g.account(ctx, r.Person)
	if err != nil {
		return nil, err
	}
	call := Call{Messages: r.Messages, MaxTokens: r.MaxTokens, Temperature: r.Temperature, Body: r.Body, Schema: r.Schema, PromptVersion: r.PromptVersion}
	if promptBound(r.Messages) > maxPromptBytes || len(r.Body) > 4*maxPromptBytes {
		return nil, fault.Newf(fault.TooLarge, "prompt-too-large", "The conversation is over %d KB. Start a new one.", maxPromptBytes>>10)
	}
	if call.MaxTokens <= 0 {
		call.MaxTokens = DefaultMaxTokens
	}
	call.MaxTokens = min(call.MaxTokens, MaxMaxTokens)
	list := g.targets.of(r)
	if len(list) == 0 {
		return nil, errNoModel
	}
	if list, err = able(list, r); err != nil {
		return nil, err
	}
	if resp, err := g.cached(ctx, r, who, list, emit); resp != nil || err != nil {
		return resp, err
	}
	tokens := call.bound() + call.MaxTokens*max(r.Answers, 1)
	if err := g.limits.take(ctx, r.Person, who, tokens); err != nil {
		return nil, err
	}
	resp, err := g.route(ctx, r, who, call, list, emit)
	used := 0
	if resp != nil {
		if used = resp.Usage.PromptTokens + resp.Usage.CompletionTokens; used == 0 && resp.Cost > 0 {
			used = tokens // nobody knows
		}
	}
	g.limits.correct(r.Person, who, tokens, used)
	if err == nil {
		g.keep(ctx, r, resp)
	}
	return resp, err
}

// route tries the targets one after another until one has begun to answer.
func (g *Gateway) route(ctx context.Context, r Request, who Account, call Call, list []*target, emit func(Piece) error) (*Response, error) {
	var resp *Response
	var first error
	for i, t := range list {
		gate := &gate{emit: emit}
		var err error
		if g.o.Hedge > 0 && i+1 < len(list) {
			resp, err = g.hedged(ctx, r, who, call, t, list[i+1], gate)
		} else {
			resp, err = g.try(ctx, r, who, call, t, gate.of(0))
		}
		if err == nil || gate.passed() || !another(ctx, err) {
			return resp, err
		}
		if first == nil || fault.KindOf(first) != fault.BudgetExceeded {
			first = err
		}
	}
	return resp, first
}

// another tells whether the next target may succeed where this one did not.
func another(ctx context.Context, err error) bool {
	return ctx.Err() == nil && (errors.Is(err, fault.Unavailable) || errors.Is(err, fault.Timeout) || errors.Is(err, fault.BudgetExceeded) || errors.Is(err, fault.TooLarge)) &&
		fault.CodeOf(err) != "ledger-unavailable"
}

// gate lets through the pieces of the one call that was first to have any.
type gate struct {
	emit func(Piece) error
	won  atomic.Int32 // the number of the call plus one
}

var errLost = errors.New("another call was faster")

func (g *gate) passed() bool { return g.won.Load() != 0 }

func (g *gate) of(number int32) func(Piece) error {
	if g.emit == nil {
		return nil
	}
	return func(p Piece) error {
		if !g.won.CompareAndSwap(0, number+1) && g.won.Load() != number+1 {
			return errLost
		}
		return g.emit(p)
	}
}

// hedged asks a second target when the first has not begun to answer in time. Each has a reservation of its own; the slower one is ended and
// pays for what it has produced.
func (g *Gateway) hedged(ctx context.Context, r Request, who Account, call Call, a, b *target, gate *gate) (*Response, error) {
	type outcome struct {
		resp *Response
		err  error
		by   int32
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan outcome, 2)
	var wg sync.WaitGroup
	begin := func(t *target, by int32) {
		wg.Go(func() {
			resp, err := g.try(ctx, r, who, call, t, gate.of(by))
			done <- outcome{resp, err, by}
		})
	}
	defer wg.Wait() // both are booked before the answer ends
	defer cancel()
	begin(a, 0)
	later := time.NewTimer(g.o.Hedge)
	defer later.Stop()
	running := 1
	for {
		select {
		case <-later.C:
			if !gate.passed() {
				begin(b, 1)
				running++
			}
		case o := <-done:
			running--
			if o.err == nil || running == 0 || gate.passed() && gate.won.Load() == o.by+1 {
				return o.resp, o.err
			}
		}
	}
}

// try makes a call and makes it again, with a reservation of its own, where that may help and nothing was handed over yet.
func (g *Gateway) try(ctx context.Context, r Request, who Account, call Call, t *target, emit func(Piece) error) (*Response, error) {
	price, err := g.o.Prices.Of(t.Model)
	if err != nil {
		return nil, err
	}
	if t.Context > 0 && len(call.Messages) > 0 && call.bound()/8 > t.Context { // eight bytes a token: certainly too long
		return nil, fault.New(fault.TooLarge, "prompt-too-large", "The conversation is longer than the model reads. Start a new one.")
	}
	for tries := 0; ; tries++ {
		call.Model, call.Format = t.Model, g.formats.of(t, r)
		begun := false
		one := emit
		if emit != nil {
			one = func(p Piece) error { begun = true; return emit(p) }
		}
		resp, err := g.once(ctx, r, who, &attempt{target: t, price: price, call: call, answers: min(max(r.Answers, 1), maxAnswers)}, one)
		if err == nil && r.JSON {
			text, ok := jsonOf(resp.Text)
			if ok {
				resp.Text = text
				return resp, nil
			}
			err = errNoJSON
		}
		if err == nil || begun || ctx.Err() != nil {
			return resp, err
		}
		switch wait := fault.RetryAfter(err); {
		case (errors.Is(err, errNoJSON) || fault.CodeOf(err) == "model-refused-request") && g.formats.weaker(t, call.Format):
			tries-- // the format was at fault
		case tries >= g.o.Retries || !sick(err) || wait > maxPause:
			return resp, err
		default:
			pause(ctx, wait+time.Duration(rand.Int64N(int64(50*time.Millisecond)))) //nolint:gosec // G404: jitter
		}
	}
}

var errOpen = fault.New(fault.Unavailable, "model-resting", "The language model has failed several times in a row and is left alone for some seconds. Try again soon.").After(breakerOpen)

// once reserves, calls and settles.
func (g *Gateway) once(ctx context.Context, r Request, who Account, a *attempt, emit func(Piece) error) (*Response, error) {
	if a.target.breaker.State() == gobreaker.StateOpen {
		return nil, errOpen
	}
	price := a.price
	if emit != nil && mutant.On(mutant.CapIgnoresStreams) {
		a.price = Price{}
	}
	if err := g.reserve(ctx, r, who, a); err != nil {
		return nil, err
	}
	a.price = price
	report, err := a.target.breaker.Allow()
	if err != nil {
		return nil, errors.Join(errOpen, g.book(ctx, a.reservation, Settlement{Record: Record{Outcome: "refused"}}))
	}
	began := time.Now()
	ctx, span := g.startSpan(ctx, "chat", a.target, a.reservation, &a.call, a.answers)
	if r.Started != nil {
		r.Started(Start{CallID: a.reservation.CallID, Model: a.target.Model, Reserved: a.reservation.Amount, Clamped: a.clamped})
	}
	callCtx, cancel := context.WithTimeoutCause(ctx, a.target.Whole, fault.Timeout)
	defer cancel()
	var firstToken time.Duration
	if emit != nil {
		next := emit
		slow := time.AfterFunc(a.target.FirstByte, cancel)
		defer slow.Stop()
		emit = func(p Piece) error {
			if firstToken == 0 {
				firstToken = time.Since(began)
				slow.Stop()
			}
			return next(p)
		}
	}
	result, err := a.target.Provider.Chat(callCtx, a.call, emit)
	if err != nil && firstToken == 0 && ctx.Err() == nil && errors.Is(callCtx.Err(), context.Canceled) {
		err = errSlow.Because(err)
	}
	report(err)
	s := g.settle(a.reservation, a.target, a.price, &a.call, a.answers, result, err)
	s.Record = Record{Outcome: outcomeOf(ctx, result, err), Latency: time.Since(began), FirstToken: firstToken}
	if mutant.On(mutant.HalfBooked) {
		s.Cost /= 2
	}
	if s.Outcome == "aborted" && mutant.On(mutant.LeavingIsFree) {
		s.Cost = 0
	}
	endSpan(span, a.target, s, result, err)
	resp := &Response{
		CallID: a.reservation.CallID, Model: a.target.Model, Text: result.Text, FinishReason: result.FinishReason, Choices: result.Choices,
		Cost: s.Cost, Estimated: s.Estimated, Usage: s.Usage, Clamped: a.clamped,
	}
	if bookErr := g.book(ctx, a.reservation, s); bookErr != nil {
		return nil, errors.Join(err, bookErr)
	}
	g.transcribe(ctx, a.reservation, &a.call, s.Outcome, result.Text, result.Choices)
	return resp, err
}

var errSlow = fault.New(fault.Timeout, "model-timeout", "The language model took too long to begin. Try again.")

// outcomeOf is the ledger's word for how a call ended.
func outcomeOf(ctx context.Context, result Result, err error) string {
	switch {
	case err == nil:
		return "ok"
	case result.Unbilled:
		return "refused"
	case ctx.Err() != nil || errors.Is(err, errLost):
		return "aborted"
	case result.Begun:
		return "cut"
	}
	return "failed"
}

// EmbedTexts asks the embeddings endpoint for vectors, on the account of the person in ctx (see ForPerson) or the instance.
func (g *Gateway) EmbedTexts(ctx context.Context, model string, texts []string) ([][]float32, error) {
	vectors, _, err := g.Embed(ctx, model, texts)
	return vectors, err
}

// Embed is EmbedTexts with what the call used and cost.
func (g *Gateway) Embed(ctx context.Context, model string, texts []string) ([][]float32, *Response, error) {
	if g.o.Embedder == nil {
		return nil, nil, errNotConfigured
	}
	price, err := g.o.Prices.Of(model)
	if err != nil {
		return nil, nil, err
	}
	person := personFrom(ctx)
	who, err := g.account(ctx, person)
	if err != nil {
		return nil, nil, err
	}
	bound := 0
	for _, t := range texts {
		bound += len(t) + perMessage
	}
	t := &target{Target: Target{Name: "embeddings", Model: model}, address: addressOf(g.o.Embedder)}
	r := g.reservation(Request{Person: person, Purpose: "embed"}, who, t.Target, price.Most(bound, 0))
	if r.Amount > r.Caps.Request {
		return nil, nil, refusal(&Shortfall{Scope: ScopeRequest, Cap: r.Caps.Request, Left: r.Caps.Request}, r.Amount)
	}
	if err := g.limits.take(ctx, person, who, bound); err != nil {
		return nil, nil, err
	}
	used := 0
	defer func() { g.limits.correct(person, who, bound, used) }()
	if err := g.take(ctx, r); err != nil {
		return nil, nil, err
	}
	began := time.Now()
	ctx, span := g.startSpan(ctx, "embeddings", t, r, &Call{}, 1)
	callCtx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	vectors, result, err := g.o.Embedder.Embed(callCtx, model, texts)
	s := g.settle(r, t, price, &Call{}, 1, result, err)
	s.Record = Record{Outcome: outcomeOf(ctx, result, err), Latency: time.Since(began)}
	endSpan(span, t, s, result, err)
	if bookErr := g.book(ctx, r, s); bookErr != nil {
		return nil, nil, errors.Join(err, bookErr)
	}
	if used = s.Usage.PromptTokens; used == 0 && s.Cost > 0 {
		used = bound
	}
	receiptFrom(ctx).add(s)
	return vectors, &Response{CallID: r.CallID, Model: model, Usage: s.Usage, Cost: s.Cost, Estimated: s.Estimated}, err
}

// Receipt adds up what the calls of a context came to.
type Receipt struct {
	mu    sync.Mutex
	usage Usage
	cost  Nano
}

func (r *Receipt) add(s Settlement) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.usage.PromptTokens += s.Usage.PromptTokens
	r.cost += s.Cost
}

// Total is what the calls came to so far.
func (r *Receipt) Total() (Usage, Nano) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.usage, r.cost
}

type receiptKey struct{}

// WithReceipt has calls for embeddings that are made with the context added up.
func WithReceipt(ctx context.Context) (context.Context, *Receipt) {
	r := &Receipt{}
	return context.WithValue(ctx, receiptKey{}, r), r
}

func receiptFrom(ctx context.Context) *Receipt {
	r, _ := ctx.Value(receiptKey{}).(*Receipt)
	return r
}

// Remaining is what the person may still spend by the tightest of their budgets, at this moment and as far as is known here.
func (g *Gateway) Remaining(ctx context.Context, person uuid.UUID) (Nano, error) {
	who, err := g.account(ctx, person)
	if err != nil {
		return 0, err
	}
	windows := who.caps(g.o.Caps).Windows(g.o.Now(), person, who.Group)
	if l, ok := g.o.Ledger.(interface {
		Remaining(windows []Window) (Nano, bool)
	}); ok {
		if left, ok := l.Remaining(windows); ok {
			return left, nil
		}
	}
	stands, err := g.o.Ledger.Budgets(ctx, windows)
	if err != nil {
		return 0, unreadable(err)
	}
	left := Nano(math.MaxInt64)
	for i, w := range windows {
		left = min(left, max(w.Cap-stands[i].Spent-stands[i].Reserved, 0))
	}
	return left, nil
}

// take reserves an amount that cannot be cut, and waits for its turn.
func (g *Gateway) take(ctx context.Context, r Reservation) error {
	waitCtx, cancel := context.WithTimeout(ctx, max(g.o.Wait, 0))
	defer cancel()
	var mine *place
	defer func() { g.turns.leave(mine) }()
	for {
		err := g.o.Ledger.Reserve(ctx, r)
		short, isShort := errors.AsType[*Shortfall](err)
		if !isShort {
			return unreadable(err)
		}
		if !short.Open || g.o.Wait <= 0 || r.Amount > short.Unspent {
			return refusal(short, r.Amount)
		}
		if mine, err = g.requeue(mine, short, r); err != nil || mine == nil || g.turns.await(waitCtx, mine, true) != nil {
			return refusal(short, r.Amount)
		}
	}
}
