package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/gapwise/gapwise/gateway"
)

// crashBurst is how many calls are under way when something dies.
const crashBurst = 120

// round fires a burst at all processes, does something in the middle of it, and waits for the last answer.
func (h *house) round(ctx context.Context, rng *rand.Rand, middle func()) {
	shots := make([]shot, crashBurst)
	for i := range shots {
		shots[i] = shot{url: h.procs[i%len(h.procs)].url + "/v1", token: h.token, mode: "any", text: someText(rng), max: 200, stream: i%2 == 0}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		burst(ctx, h.b.client, shots)
	}()
	wait(ctx, time.Duration(20+rng.IntN(40))*time.Millisecond)
	middle()
	<-done
}

// books are the ledger's sums: of the instance's day, of all calls, and how many calls there are.
type books struct {
	spent, reserved, ofCalls gateway.Nano
	calls                    int64
}

func (h *house) books(ctx context.Context) (k books, quiet time.Duration, err error) {
	u, quiet, err := h.usage(ctx, h.token)
	if err != nil {
		return k, quiet, err
	}
	k.spent, k.reserved = u["instance-day"].Spent, u["instance-day"].Reserved
	out, err := h.cli(ctx, "usage", "--by", "outcome", "--json")
	if err != nil {
		return k, quiet, err
	}
	var v struct {
		Usage []struct {
			Calls int64
			Cost  gateway.Nano
		}
	}
	err = json.Unmarshal(out, &v)
	for _, row := range v.Usage {
		k.calls += row.Calls
		k.ofCalls += row.Cost
	}
	return k, quiet, err
}

// crashed compares the books with the bill after a number of crashes. What was under way is booked in full, so the books hold at least the
// bill; they hold no call twice, and their sums agree.
func (b *bench) crashed(ctx context.Context, h *house, what string, limit gateway.Nano, slowest time.Duration) ([]figure, error) {
	k, _, err := h.books(ctx)
	if err != nil {
		return nil, err
	}
	billed, _, calls := b.stub.bill()
	lost := max(gateway.Nano(billed)-k.spent, 0)
	return []figure{
		{what + ": lost", fmt.Sprintf("$%s of $%s billed in %d calls; $%s booked", lost, gateway.Nano(billed), calls, k.spent), "$0.00", lost == 0},
		{what + ": twice", fmt.Sprintf("$%s in the budget, $%s in the ledger's %d calls", k.spent, k.ofCalls, k.calls), "equal", k.spent == k.ofCalls},
		{what + ": over the cap", max(k.spent-limit, gateway.Nano(billed)-limit, 0).String(), "$0.00", k.spent <= limit && gateway.Nano(billed) <= limit},
		{what + ": reserved once quiet", fmt.Sprintf("$%s, at most %s after the last answer", k.reserved, slowest.Round(time.Millisecond)), "$0.00 within 1 s", k.reserved == 0 && slowest <= time.Second},
	}, nil
}

// kills ends a process in mid-burst, again and again, and starts another in its place.
func kills(ctx context.Context, b *bench) ([]figure, error) {
	var out []figure
	for _, mode := range []string{"leases", "durable"} {
		limit := 40 * gateway.Dollar
		h, err := b.start(ctx, 3, map[string]string{"GAPWISE_LEDGER": mode, "GAPWISE_BUDGET_INSTANCE_DAY": limit.String()})
		if err != nil {
			return nil, err
		}
		b.stub.reset(30 * time.Millisecond)
		rng := rand.New(rand.NewPCG(7, 8))
		var slowest time.Duration
		for i := range b.o.kills {
			victim := 1 + i%2
			h.round(ctx, rng, h.procs[victim].kill)
			_, quiet, err := h.usage(ctx, h.token)
			if err != nil {
				return nil, err
			}
			slowest = max(slowest, quiet)
			if h.procs[victim], err = h.launch(ctx); err != nil {
				return nil, err
			}
		}
		figures, err := b.crashed(ctx, h, fmt.Sprintf("%s, SIGKILL in mid-burst, %d times", mode, b.o.kills), limit, slowest)
		if err != nil {
			return nil, err
		}
		out = append(out, figures...)
		if err := h.close(ctx); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// restarts ends PostgreSQL in mid-burst, in turns as an operator does and as a crash does, and starts it again.
func restarts(ctx context.Context, b *bench) ([]figure, error) {
	var out []figure
	for _, mode := range []string{"leases", "durable"} {
		limit := 40 * gateway.Dollar
		h, err := b.start(ctx, 2, map[string]string{"GAPWISE_LEDGER": mode, "GAPWISE_BUDGET_INSTANCE_DAY": limit.String()})
		if err != nil {
			return nil, err
		}
		b.stub.reset(30 * time.Millisecond)
		rng := rand.New(rand.NewPCG(9, 10))
		var slowest time.Duration
		for i := range b.o.restarts {
			var failed error
			h.round(ctx, rng, func() { failed = b.restartDatabase(ctx, i%2 == 1) })
			if failed != nil {
				return nil, failed
			}
			_, quiet, err := h.usage(ctx, h.token)
			if err != nil {
				return nil, err
			}
			slowest = max(slowest, quiet)
		}
		figures, err := b.crashed(ctx, h, fmt.Sprintf("%s, PostgreSQL restarted in mid-burst, %d times", mode, b.o.restarts), limit, slowest)
		if err != nil {
			return nil, err
		}
		out = append(out, figures...)
		if err := h.close(ctx); err != nil {
			return nil, err
		}
	}
	return out, nil
}
