// Package ledgertest holds every gateway.Ledger to one behaviour, and has a ledger in memory for tests that need no database.
package ledgertest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/ident"
)

const cent = gateway.Dollar / 100

// at is a Tuesday, in the last but one hour of its day in UTC and already the next day further east.
var at = time.Date(2026, time.November, 24, 22, 30, 0, 0, time.UTC)

// roomy are caps that nothing in the suite reaches.
var roomy = gateway.Caps{Request: 100 * gateway.Dollar, PersonDay: 100 * gateway.Dollar, InstanceDay: 100 * gateway.Dollar, InstanceMonth: 100 * gateway.Dollar}

// suite is one ledger under test, with the ways to speak to it that fail the test when they fail.
type suite struct {
	ledger gateway.Ledger
}

// Conform runs the suite. newLedger gives an empty ledger, one for each case.
func Conform(t *testing.T, newLedger func(tb testing.TB) gateway.Ledger) {
	t.Helper()
	for _, c := range []struct {
		name string
		run  func(*suite, *testing.T)
	}{
		{"a reservation is set aside in every budget", (*suite).reserves},
		{"the instance itself has no budget of a person", (*suite).instance},
		{"a cap is exact to the nano-dollar", (*suite).exact},
		{"the shortfall names the budget with least left", (*suite).shortfall},
		{"a refusal sets nothing aside", (*suite).refusal},
		{"open is said only while something is under way", (*suite).openness},
		{"settling books the cost and gives the reservation back", (*suite).settles},
		{"settling twice changes nothing", (*suite).settlesOnce},
		{"settling what was never reserved changes nothing", (*suite).settlesUnknown},
		{"a cost above the reservation is booked as billed", (*suite).overrun},
		{"a cost of nothing gives all back", (*suite).unbilled},
		{"absurd usage is booked", (*suite).absurd},
		{"people have budgets of their own and share the instance's", (*suite).people},
		{"the cost stays in the windows of the reservation", (*suite).midnight},
		{"days and months are those of UTC", (*suite).zones},
		{"a new day and a new month begin at nothing", (*suite).windows},
		{"concurrent calls never pass a cap", (*suite).concurrent},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(&suite{newLedger(t)}, t) })
	}
}

// Budgets are a person's budgets as a ledger has them, the instance's day first.
func Budgets(ctx context.Context, l gateway.Ledger, person uuid.UUID, caps gateway.Caps, now time.Time) ([]gateway.Budget, error) {
	windows := caps.Windows(now, person, "")
	stands, err := l.Budgets(ctx, windows)
	if err != nil {
		return nil, err
	}
	out := make([]gateway.Budget, len(windows))
	for i, w := range windows {
		out[len(out)-1-i] = gateway.Budget{Scope: w.Scope, Limit: w.Cap, Spent: stands[i].Spent, Reserved: stands[i].Reserved, ResetsAt: w.ResetsAt}
	}
	return out, nil
}

func reservation(person uuid.UUID, amount gateway.Nano, caps gateway.Caps, when time.Time) gateway.Reservation {
	return gateway.Reservation{
		CallID: ident.New(), Person: person, Purpose: "test", PromptVersion: "test-1", Model: "m", Amount: amount, Caps: caps, At: when,
	}
}

func (s *suite) reserve(tb testing.TB, r gateway.Reservation) uuid.UUID {
	tb.Helper()
	if err := s.ledger.Reserve(tb.Context(), r); err != nil {
		tb.Fatalf("Reserve %s: %v", r.Amount, err)
	}
	return r.CallID
}

func (s *suite) refuse(tb testing.TB, r gateway.Reservation) *gateway.Shortfall {
	tb.Helper()
	err := s.ledger.Reserve(tb.Context(), r)
	short, ok := errors.AsType[*gateway.Shortfall](err)
	if !ok {
		tb.Fatalf("Reserve %s: %v, want a shortfall", r.Amount, err)
	}
	return short
}

func (s *suite) settle(tb testing.TB, call uuid.UUID, st gateway.Settlement) {
	tb.Helper()
	if err := s.ledger.Settle(tb.Context(), call, st); err != nil {
		tb.Fatalf("Settle %s: %v", st.Cost, err)
	}
}

func (s *suite) budgets(tb testing.TB, person uuid.UUID, caps gateway.Caps, now time.Time) map[gateway.Scope]gateway.Budget {
	tb.Helper()
	list, err := Budgets(tb.Context(), s.ledger, person, caps, now)
	if err != nil {
		tb.Fatalf("Budgets: %v", err)
	}
	out := map[gateway.Scope]gateway.Budget{}
	for _, b := range list {
		if _, twice := out[b.Scope]; twice {
			tb.Errorf("two budgets of scope %s", b.Scope)
		}
		out[b.Scope] = b
	}
	return out
}

// expect compares what every budget of a person holds.
func (s *suite) expect(tb testing.TB, person uuid.UUID, now time.Time, spent, reserved gateway.Nano) {
	tb.Helper()
	for scope, b := range s.budgets(tb, person, roomy, now) {
		if b.Spent != spent || b.Reserved != reserved {
			tb.Errorf("%s: spent %s, reserved %s; want %s and %s", scope, b.Spent, b.Reserved, spent, reserved)
		}
	}
}

func (s *suite) reserves(t *testing.T) {
	person := ident.New()
	caps := gateway.Caps{PersonDay: 3 * cent, InstanceDay: 4 * cent, InstanceMonth: 5 * cent}
	s.reserve(t, reservation(person, cent, caps, at))
	s.reserve(t, reservation(person, cent, caps, at))
	s.expect(t, person, at, 0, 2*cent)
	want := map[gateway.Scope]struct {
		limit  gateway.Nano
		resets time.Time
	}{
		gateway.ScopePersonDay:     {3 * cent, time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)},
		gateway.ScopeInstanceDay:   {4 * cent, time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)},
		gateway.ScopeInstanceMonth: {5 * cent, time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)},
	}
	got := s.budgets(t, person, caps, at)
	if len(got) != len(want) {
		t.Errorf("%d budgets, want %d", len(got), len(want))
	}
	for scope, w := range want {
		if b := got[scope]; b.Limit != w.limit || !b.ResetsAt.Equal(w.resets) {
			t.Errorf("%s: limit %s until %s, want %s until %s", scope, b.Limit, b.ResetsAt, w.limit, w.resets)
		}
	}
}

func (s *suite) instance(t *testing.T) {
	s.reserve(t, reservation(uuid.Nil, cent, gateway.Caps{PersonDay: 0, InstanceDay: cent, InstanceMonth: cent}, at))
	got := s.budgets(t, uuid.Nil, roomy, at)
	if _, has := got[gateway.ScopePersonDay]; has || len(got) != 2 {
		t.Errorf("budgets %v, want the day and the month of the instance", got)
	}
	s.expect(t, uuid.Nil, at, 0, cent)
}

func (s *suite) exact(t *testing.T) {
	caps := gateway.Caps{PersonDay: cent, InstanceDay: gateway.Dollar, InstanceMonth: gateway.Dollar}
	person := ident.New()
	s.reserve(t, reservation(person, cent-1, caps, at))
	if short := s.refuse(t, reservation(person, 2, caps, at)); short.Left != 1 {
		t.Errorf("left %d, want 1 nano-dollar", short.Left)
	}
	s.reserve(t, reservation(person, 1, caps, at))
	if short := s.refuse(t, reservation(person, 1, caps, at)); short.Left != 0 {
		t.Errorf("left %d, want nothing", short.Left)
	}
}

func (s *suite) shortfall(t *testing.T) {
	for _, c := range []struct {
		name string
		caps gateway.Caps
		want gateway.Shortfall
	}{
		{"person", gateway.Caps{PersonDay: 2 * cent, InstanceDay: 4 * cent, InstanceMonth: 50 * cent}, gateway.Shortfall{
			Scope: gateway.ScopePersonDay, Cap: 2 * cent, Left: 2 * cent, ResetsAt: time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC),
		}},
		{"instance, though the person's is too little as well", gateway.Caps{PersonDay: 4 * cent, InstanceDay: 3 * cent, InstanceMonth: 50 * cent}, gateway.Shortfall{
			Scope: gateway.ScopeInstanceDay, Cap: 3 * cent, Left: 3 * cent, ResetsAt: time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC),
		}},
		{"month", gateway.Caps{PersonDay: 4 * cent, InstanceDay: 3 * cent, InstanceMonth: cent}, gateway.Shortfall{
			Scope: gateway.ScopeInstanceMonth, Cap: cent, Left: cent, ResetsAt: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC),
		}},
	} {
		got := s.refuse(t, reservation(ident.New(), 5*cent, c.caps, at))
		if got.Scope != c.want.Scope || got.Cap != c.want.Cap || got.Left != c.want.Left || got.Open || !got.ResetsAt.Equal(c.want.ResetsAt) {
			t.Errorf("%s: %+v, want %+v", c.name, *got, c.want)
		}
	}
}

func (s *suite) refusal(t *testing.T) {
	person := ident.New()
	caps := gateway.Caps{PersonDay: gateway.Dollar, InstanceDay: gateway.Dollar, InstanceMonth: cent}
	r := reservation(person, 2*cent, caps, at)
	s.refuse(t, r)
	s.expect(t, person, at, 0, 0)
	s.settle(t, r.CallID, gateway.Settlement{Cost: 2 * cent, At: at}) // it was never reserved
	s.expect(t, person, at, 0, 0)
}

func (s *suite) openness(t *testing.T) {
	caps := gateway.Caps{PersonDay: gateway.Dollar, InstanceDay: 2 * cent, InstanceMonth: gateway.Dollar}
	a, b := ident.New(), ident.New()
	call := s.reserve(t, reservation(a, cent, caps, at))
	if short := s.refuse(t, reservation(b, 2*cent, caps, at)); !short.Open || short.Left != cent {
		t.Errorf("while another call is under way: %+v, want it open with one cent left", *short)
	}
	s.settle(t, call, gateway.Settlement{Cost: cent, At: at})
	if short := s.refuse(t, reservation(b, 2*cent, caps, at)); short.Open || short.Left != cent {
		t.Errorf("when all is settled: %+v, want it not open with one cent left", *short)
	}
	// Another person's call does not hold anything of a budget that is only b's.
	s.reserve(t, reservation(a, cent/2, caps, at))
	caps.PersonDay = cent / 4
	if short := s.refuse(t, reservation(b, cent/2, caps, at)); short.Open || short.Scope != gateway.ScopePersonDay {
		t.Errorf("another person's call: %+v, want b's own budget, not open", *short)
	}
}

func (s *suite) settles(t *testing.T) {
	person := ident.New()
	call := s.reserve(t, reservation(person, 5*cent, roomy, at))
	s.settle(t, call, gateway.Settlement{Cost: 2 * cent, Usage: gateway.Usage{PromptTokens: 10, CompletionTokens: 5}, At: at.Add(time.Minute)})
	s.expect(t, person, at, 2*cent, 0)
}

func (s *suite) settlesOnce(t *testing.T) {
	person := ident.New()
	call := s.reserve(t, reservation(person, 5*cent, roomy, at))
	other := s.reserve(t, reservation(person, 3*cent, roomy, at))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if err := s.ledger.Settle(t.Context(), call, gateway.Settlement{Cost: 2 * cent, At: at}); err != nil {
				t.Errorf("Settle: %v", err)
			}
		})
	}
	wg.Wait()
	s.expect(t, person, at, 2*cent, 3*cent)
	s.settle(t, other, gateway.Settlement{Cost: cent, At: at})
	s.settle(t, call, gateway.Settlement{Cost: 9 * cent, At: at})
	s.expect(t, person, at, 3*cent, 0)
}

func (s *suite) settlesUnknown(t *testing.T) {
	person := ident.New()
	s.settle(t, ident.New(), gateway.Settlement{Cost: cent, At: at})
	s.expect(t, person, at, 0, 0)
}

func (s *suite) overrun(t *testing.T) {
	person := ident.New()
	caps := gateway.Caps{PersonDay: 2 * cent, InstanceDay: gateway.Dollar, InstanceMonth: gateway.Dollar}
	s.settle(t, s.reserve(t, reservation(person, cent, caps, at)), gateway.Settlement{Cost: 7 * cent, At: at})
	s.expect(t, person, at, 7*cent, 0)
	if short := s.refuse(t, reservation(person, 1, caps, at)); short.Left != 0 || short.Scope != gateway.ScopePersonDay {
		t.Errorf("past the cap: %+v, want nothing left, never less", *short)
	}
}

func (s *suite) unbilled(t *testing.T) {
	person := ident.New()
	s.settle(t, s.reserve(t, reservation(person, cent, roomy, at)), gateway.Settlement{At: at})
	s.expect(t, person, at, 0, 0)
}

// absurd is what a broken endpoint may say that it used. The call must not stay open for it.
func (s *suite) absurd(t *testing.T) {
	person := ident.New()
	price := gateway.Price{Input: 100 * gateway.Dollar, Output: 100 * gateway.Dollar}
	usage := gateway.Usage{PromptTokens: 1 << 62, CompletionTokens: 1 << 62}
	for range 20 {
		s.settle(t, s.reserve(t, reservation(person, 0, gateway.Caps{PersonDay: 1 << 60, InstanceDay: 1 << 60, InstanceMonth: 1 << 60}, at)),
			gateway.Settlement{Cost: price.Cost(usage), Usage: usage, At: at})
	}
	s.expect(t, person, at, 20*price.Cost(usage), 0)
	s.refuse(t, reservation(person, 1, roomy, at))
}

func (s *suite) people(t *testing.T) {
	a, b := ident.New(), ident.New()
	caps := gateway.Caps{PersonDay: 2 * cent, InstanceDay: 3 * cent, InstanceMonth: gateway.Dollar}
	s.settle(t, s.reserve(t, reservation(a, 2*cent, caps, at)), gateway.Settlement{Cost: 2 * cent, At: at})
	if short := s.refuse(t, reservation(a, cent, caps, at)); short.Scope != gateway.ScopePersonDay {
		t.Errorf("a: %+v, want the person's day", *short)
	}
	s.settle(t, s.reserve(t, reservation(b, cent, caps, at)), gateway.Settlement{Cost: cent, At: at})
	if short := s.refuse(t, reservation(b, cent, caps, at)); short.Scope != gateway.ScopeInstanceDay {
		t.Errorf("b: %+v, want the instance's day", *short)
	}
	for person, spent := range map[uuid.UUID]gateway.Nano{a: 2 * cent, b: cent} {
		got := s.budgets(t, person, caps, at)
		if got[gateway.ScopePersonDay].Spent != spent || got[gateway.ScopeInstanceDay].Spent != 3*cent || got[gateway.ScopeInstanceMonth].Spent != 3*cent {
			t.Errorf("budgets %v, want %s of the person and 0.03 of the instance", got, spent)
		}
	}
}

func (s *suite) midnight(t *testing.T) {
	person := ident.New()
	last := time.Date(2026, 11, 30, 23, 59, 59, 0, time.UTC)
	call := s.reserve(t, reservation(person, 2*cent, roomy, last))
	s.settle(t, call, gateway.Settlement{Cost: cent, At: last.Add(time.Minute)})
	s.expect(t, person, last, cent, 0)
	s.expect(t, person, last.Add(time.Minute), 0, 0)
}

func (s *suite) zones(t *testing.T) {
	person := ident.New()
	east := time.FixedZone("east", 9*3600)
	s.settle(t, s.reserve(t, reservation(person, cent, roomy, at.In(east))), gateway.Settlement{Cost: cent, At: at.In(east)})
	s.expect(t, person, at, cent, 0)
	s.expect(t, person, at.In(east), cent, 0)
}

func (s *suite) windows(t *testing.T) {
	person := ident.New()
	caps := gateway.Caps{PersonDay: cent, InstanceDay: cent, InstanceMonth: 2 * cent}
	spend := func(when time.Time) {
		t.Helper()
		s.settle(t, s.reserve(t, reservation(person, cent, caps, when)), gateway.Settlement{Cost: cent, At: when})
	}
	spend(at)
	s.refuse(t, reservation(person, cent, caps, at.Add(time.Hour)))
	spend(at.Add(2 * time.Hour)) // the next day
	if short := s.refuse(t, reservation(person, cent, caps, at.AddDate(0, 0, 3))); short.Scope != gateway.ScopeInstanceMonth {
		t.Errorf("%+v, want the month", *short)
	}
	spend(at.AddDate(0, 1, 0))
}

// concurrent makes calls of random size and cost at once, and looks at the budgets while they run.
func (s *suite) concurrent(t *testing.T) {
	caps := gateway.Caps{PersonDay: 6 * cent, InstanceDay: 10 * cent, InstanceMonth: 11 * cent}
	people := []uuid.UUID{ident.New(), ident.New(), ident.New()}
	const workers, calls = 12, 12
	var mu sync.Mutex
	billed := map[uuid.UUID]gateway.Nano{}
	var total gateway.Nano
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(w), 7))
			for range calls {
				person := people[rng.IntN(len(people))]
				r := reservation(person, gateway.Nano(1+rng.Int64N(int64(cent))), caps, at)
				err := s.ledger.Reserve(t.Context(), r)
				if _, short := errors.AsType[*gateway.Shortfall](err); short {
					continue
				}
				if err != nil {
					t.Errorf("Reserve: %v", err)
					return
				}
				if err := s.within(t.Context(), person, caps); err != nil {
					t.Error(err)
				}
				cost := gateway.Nano(rng.Int64N(int64(r.Amount) + 1))
				mu.Lock()
				billed[person] += cost
				total += cost
				mu.Unlock()
				if err := s.ledger.Settle(t.Context(), r.CallID, gateway.Settlement{Cost: cost, At: at}); err != nil {
					t.Errorf("Settle: %v", err)
				}
			}
		})
	}
	wg.Wait()
	if total == 0 {
		t.Fatal("no call was let through")
	}
	for _, person := range people {
		got := s.budgets(t, person, caps, at)
		if b := got[gateway.ScopePersonDay]; b.Spent != billed[person] || b.Reserved != 0 {
			t.Errorf("person: spent %s, reserved %s; want %s and 0", b.Spent, b.Reserved, billed[person])
		}
		for _, scope := range []gateway.Scope{gateway.ScopeInstanceDay, gateway.ScopeInstanceMonth} {
			if b := got[scope]; b.Spent != total || b.Reserved != 0 || b.Spent > b.Limit {
				t.Errorf("%s: spent %s, reserved %s; want %s and 0", scope, b.Spent, b.Reserved, total)
			}
		}
	}
}

// within tells whether any budget is past its cap at this moment.
func (s *suite) within(ctx context.Context, person uuid.UUID, caps gateway.Caps) error {
	list, err := Budgets(ctx, s.ledger, person, caps, at)
	if err != nil {
		return err
	}
	for _, b := range list {
		if b.Spent+b.Reserved > b.Limit {
			return fmt.Errorf("%s: spent %s and reserved %s pass the cap of %s", b.Scope, b.Spent, b.Reserved, b.Limit)
		}
	}
	return nil
}
