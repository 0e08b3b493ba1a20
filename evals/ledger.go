package evals

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/gapwise/gapwise/gateway"
)

// settleWait is how long reservations may stay open after the last answer: a call whose reader has left is booked in the background.
const settleWait = 15 * time.Second

// budget is one budget as /api/v1/usage tells it.
type budget struct {
	scope                  string
	limit, spent, reserved gateway.Nano
}

// ledger holds what the service says it spent for the case's people against what the stub billed.
func (r *caseRun) ledger(ctx context.Context) []string {
	var spent gateway.Nano
	var all []budget
	for _, name := range slices.Sorted(maps.Keys(r.people.tokens)) {
		budgets, err := r.settled(ctx, name)
		if err != nil {
			return []string{"ledger: " + err.Error()}
		}
		for _, b := range budgets {
			if b.scope == string(gateway.ScopePersonDay) {
				spent += b.spent
			}
		}
		all = append(all, budgets...)
	}
	return gradeLedger(r.c.Ledger, spent, r.stub.Billed(), all)
}

// gradeLedger is the rule of every ledger mode.
func gradeLedger(mode Ledger, spent, billed gateway.Nano, budgets []budget) []string {
	var bad []string
	switch {
	case mode == LedgerAtLeast && spent < billed:
		bad = append(bad, fmt.Sprintf("ledger: expected at least the $%s that the model billed; the service booked $%s", billed, spent))
	case mode != LedgerAtLeast && spent != billed:
		bad = append(bad, fmt.Sprintf("ledger: expected exactly the $%s that the model billed; the service booked $%s", billed, spent))
	}
	for _, b := range budgets {
		if b.reserved != 0 {
			bad = append(bad, fmt.Sprintf("ledger: expected nothing reserved once all answers are there; %s has $%s", b.scope, b.reserved))
		}
		if b.spent > b.limit && mode != LedgerOver {
			bad = append(bad, fmt.Sprintf("ledger: expected %s to stay within its $%s; $%s is spent", b.scope, b.limit, b.spent))
		}
	}
	return bad
}

// settled reads the budgets of a person once nothing is reserved any more, or as they stand after settleWait.
func (r *caseRun) settled(ctx context.Context, name string) ([]budget, error) {
	for begun := time.Now(); ; {
		budgets, err := r.budgets(ctx, name)
		if err != nil {
			return nil, err
		}
		open := slices.ContainsFunc(budgets, func(b budget) bool { return b.reserved != 0 })
		if !open || time.Since(begun) > settleWait {
			return budgets, nil
		}
		wait(ctx, 20*time.Millisecond)
	}
}

func (r *caseRun) budgets(ctx context.Context, name string) ([]budget, error) {
	req, err := r.people.prepare(ctx, Step{Call: "GET /api/v1/usage", As: name}, nil)
	if err != nil {
		return nil, err
	}
	a, err := r.people.do(ctx, req)
	if err != nil {
		return nil, err
	}
	m, _ := a.doc.(map[string]any)
	list, ok := m["budgets"].([]any)
	if a.status != http.StatusOK || !ok {
		return nil, fmt.Errorf("expected budgets of GET /api/v1/usage; came %d %s", a.status, show(a.doc))
	}
	out := make([]budget, len(list))
	for i, e := range list {
		fields, _ := e.(map[string]any)
		out[i].scope = plain(fields["scope"])
		for _, part := range []struct {
			field string
			into  *gateway.Nano
		}{{"limit", &out[i].limit}, {"spent", &out[i].spent}, {"reserved", &out[i].reserved}} {
			text, _ := fields[part.field].(string)
			if *part.into, err = gateway.ParseDollars(text); err != nil {
				return nil, fmt.Errorf("expected %s of a budget as a decimal string; came %s", part.field, show(fields[part.field]))
			}
		}
	}
	return out, nil
}
