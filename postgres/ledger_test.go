package postgres_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/account"
	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/gateway/ledgertest"
	"github.com/gapwise/gapwise/internal/ident"
	"github.com/gapwise/gapwise/internal/pgtest"
	"github.com/gapwise/gapwise/postgres"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func newPerson(t *testing.T, db *postgres.DB) uuid.UUID {
	t.Helper()
	p, _, err := account.New(db, db, func() time.Time { return noon }).Admit(t.Context(), account.Guest, "", account.Bearer)
	if err != nil {
		t.Fatal(err)
	}
	return p.ID
}

func reservation(person uuid.UUID, amount gateway.Nano, caps gateway.Caps) gateway.Reservation {
	return gateway.Reservation{CallID: ident.New(), Person: person, Purpose: "test", Model: "m", Amount: amount, Caps: caps, At: noon}
}

func TestReserveNeverPassesACap(t *testing.T) {
	cents := gateway.Dollar / 100
	tests := []struct {
		name  string
		caps  gateway.Caps
		scope gateway.Scope
	}{
		{"day of the instance", gateway.Caps{PersonDay: 99 * cents, InstanceDay: 10 * cents, InstanceMonth: 99 * cents}, gateway.ScopeInstanceDay},
		{"month of the instance", gateway.Caps{PersonDay: 99 * cents, InstanceDay: 99 * cents, InstanceMonth: 10 * cents}, gateway.ScopeInstanceMonth},
		{"day of the person", gateway.Caps{PersonDay: 10 * cents, InstanceDay: 99 * cents, InstanceMonth: 99 * cents}, gateway.ScopePersonDay},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			db := pgtest.Open(t)
			person := newPerson(t, db)
			const calls = 60
			errs := make([]error, calls)
			var wg sync.WaitGroup
			for i := range calls {
				wg.Go(func() { errs[i] = db.Reserve(t.Context(), reservation(person, cents, tt.caps)) })
			}
			wg.Wait()
			granted := 0
			for _, err := range errs {
				short, refused := errors.AsType[*gateway.Shortfall](err)
				switch {
				case err == nil:
					granted++
				case !refused:
					t.Errorf("Reserve: %v, want a shortfall", err)
				case short.Scope != tt.scope || !short.Open || short.Left != 0:
					t.Errorf("shortfall %+v, want scope %s, open, nothing left", short, tt.scope)
				}
			}
			if granted != 10 {
				t.Errorf("%d of %d reservations of 1 cent granted under a cap of 10 cents, want 10", granted, calls)
			}
			for _, b := range budgets(t, db, person, tt.caps) {
				if b.Reserved != 10*cents || b.Spent != 0 {
					t.Errorf("%s: reserved %s, spent %s; want 0.10 and 0: a refusal must set nothing aside", b.Scope, b.Reserved, b.Spent)
				}
			}
		})
	}
}

func budgets(t *testing.T, db *postgres.DB, person uuid.UUID, caps gateway.Caps) []gateway.Budget {
	t.Helper()
	list, err := ledgertest.Budgets(t.Context(), db, person, caps, noon)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 3 {
		t.Fatalf("%d budgets, want 3", len(list))
	}
	return list
}

func TestSettleBooksOnceAndInTheWindowOfTheReservation(t *testing.T) {
	db := pgtest.Open(t)
	person := newPerson(t, db)
	caps := gateway.Caps{PersonDay: gateway.Dollar, InstanceDay: gateway.Dollar, InstanceMonth: gateway.Dollar}
	r := reservation(person, 500, caps)
	if err := db.Reserve(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	for range 3 { // a retry, and one more
		s := gateway.Settlement{Cost: 200, Usage: gateway.Usage{PromptTokens: 7, CompletionTokens: 3}, At: noon.Add(13 * time.Hour)}
		if err := db.Settle(t.Context(), r.CallID, s); err != nil {
			t.Fatal(err)
		}
	}
	for _, b := range budgets(t, db, person, caps) {
		if b.Spent != 200 || b.Reserved != 0 {
			t.Errorf("%s: spent %d, reserved %d; want 200 and 0", b.Scope, b.Spent, b.Reserved)
		}
	}
}

func TestSettleAbandonedBooksInFull(t *testing.T) {
	db := pgtest.Open(t)
	person := newPerson(t, db)
	caps := gateway.Caps{PersonDay: gateway.Dollar, InstanceDay: gateway.Dollar, InstanceMonth: gateway.Dollar}
	if err := db.Reserve(t.Context(), reservation(person, 500, caps)); err != nil {
		t.Fatal(err)
	}
	if n, err := db.SettleAbandoned(t.Context(), noon.Add(-time.Minute), noon); err != nil || n != 0 {
		t.Fatalf("a young call: booked %d, %v; want none", n, err)
	}
	if n, err := db.SettleAbandoned(t.Context(), noon.Add(time.Minute), noon.Add(time.Minute)); err != nil || n != 1 {
		t.Fatalf("an old call: booked %d, %v; want 1", n, err)
	}
	for _, b := range budgets(t, db, person, caps) {
		if b.Spent != 500 || b.Reserved != 0 {
			t.Errorf("%s: spent %d, reserved %d; want 500 and 0", b.Scope, b.Spent, b.Reserved)
		}
	}
}

func TestEraseLeavesTheInstancesSums(t *testing.T) {
	db := pgtest.Open(t)
	person := newPerson(t, db)
	caps := gateway.Caps{PersonDay: gateway.Dollar, InstanceDay: gateway.Dollar, InstanceMonth: gateway.Dollar}
	r := reservation(person, 500, caps)
	if err := db.Reserve(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if err := db.Erase(t.Context(), person); err != nil {
		t.Fatal(err)
	}
	// The answer was under way when its person left.
	if err := db.Settle(context.WithoutCancel(t.Context()), r.CallID, gateway.Settlement{Cost: 200, At: noon}); err != nil {
		t.Fatal(err)
	}
	for _, b := range budgets(t, db, person, caps) {
		want := gateway.Nano(200)
		if b.Scope == gateway.ScopePersonDay {
			want = 0
		}
		if b.Spent != want || b.Reserved != 0 {
			t.Errorf("%s: spent %d, reserved %d; want %d and 0", b.Scope, b.Spent, b.Reserved, want)
		}
	}
}
