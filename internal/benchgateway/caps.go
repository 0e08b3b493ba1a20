package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/gapwise/gapwise/gateway"
)

// patience is how long reservations may stay open after the last answer before a measure gives up waiting for them.
const patience = 20 * time.Second

// stubDelay is how long the stub takes under a burst, so that calls are under way at once.
const stubDelay = 15 * time.Millisecond

// overspend fires a burst at every kind of cap, with and without a stream, with and without max_tokens, at one process and at three.
func overspend(ctx context.Context, b *bench) ([]figure, error) {
	var out []figure
	for _, mode := range []string{"leases", "durable"} {
		for _, n := range []int{1, 3} {
			for _, scope := range []string{"request", "person", "group", "instance"} {
				var worst gateway.Nano
				least := 1.0
				for _, stream := range []bool{false, true} {
					for _, max := range []int{0, 1000} {
						over, used, err := b.overspendOnce(ctx, mode, n, scope, stream, max)
						if err != nil {
							return nil, err
						}
						worst, least = maxOf(worst, over), min(least, used)
					}
				}
				out = append(out, figure{
					name:  fmt.Sprintf("overspend, %s, %d process(es), cap of %s, %d at once, stream and not, max_tokens and none", mode, n, scope, b.o.burst),
					value: fmt.Sprintf("$%s over, %.1f %% used", worst, 100*least), must: "$0.00 over, ≥ 95 % used", ok: worst == 0 && least >= 0.95,
				})
			}
		}
	}
	return out, nil
}

func maxOf(a, b gateway.Nano) gateway.Nano { return max(a, b) }

// overspendOnce is one burst against a cap of a dollar, or of half a cent for a request. It gives what was billed beyond the cap, and the share of
// it that was used; for a request, by the dearest call.
func (b *bench) overspendOnce(ctx context.Context, mode string, n int, scope string, stream bool, maxTokens int) (over gateway.Nano, used float64, err error) {
	limit := gateway.Dollar
	settings := map[string]string{"GAPWISE_LEDGER": mode}
	switch scope {
	case "request":
		limit = gateway.Dollar / 200
		settings["GAPWISE_BUDGET_REQUEST"] = limit.String()
	case "person":
		settings["GAPWISE_BUDGET_PERSON_DAY"] = limit.String()
	case "group":
		settings["GAPWISE_BUDGET_GROUP_DAY"] = limit.String()
	case "instance":
		settings["GAPWISE_BUDGET_INSTANCE_DAY"] = limit.String()
	}
	h, err := b.start(ctx, n, settings)
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = h.close(ctx) }()
	tokens := []string{h.token}
	for range 3 {
		token := h.token // one person for the cap of a person, several for the others
		switch scope {
		case "group":
			token, err = h.key(ctx, "--group", "class")
		case "instance", "request":
			token, err = h.guest(ctx)
		}
		if err != nil {
			return 0, 0, err
		}
		tokens = append(tokens, token)
	}
	if scope == "group" {
		tokens = tokens[1:]
	}
	b.stub.reset(stubDelay)
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	shots := make([]shot, b.o.burst)
	for i := range shots {
		mode := "any"
		if scope == "request" {
			mode = "full"
		}
		shots[i] = shot{url: h.procs[i%n].url + "/v1", token: tokens[i%len(tokens)], mode: mode, text: someText(rng), max: maxTokens, stream: stream}
	}
	done := burst(ctx, b.client, shots)
	billed, most, calls := b.stub.bill()
	if scope == "request" {
		billed = most
	}
	if _, _, err := h.usage(ctx, tokens[0]); err != nil {
		return 0, 0, err
	}
	fmt.Fprintf(b.log, "  %s, %d, %s, stream %t, max %d: %v; $%s billed in %d calls\n", mode, n, scope, stream, maxTokens, counts(done), gateway.Nano(billed), calls)
	return max(gateway.Nano(billed)-limit, 0), float64(billed) / float64(limit), nil
}

// bookedAsBilled makes calls that end in every way and compares the books with the bill, to the nano-dollar.
func bookedAsBilled(ctx context.Context, b *bench) ([]figure, error) {
	var out []figure
	for _, mode := range []string{"leases", "durable"} {
		h, err := b.start(ctx, 1, map[string]string{"GAPWISE_LEDGER": mode, "GAPWISE_CACHE": "exact"})
		if err != nil {
			return nil, err
		}
		for _, k := range []struct {
			name  string
			mode  string
			model string
			text  int // bytes more of prompt
			leave int
			both  bool // also without a stream
			again bool // a second time, from the cache
		}{
			{name: "complete", mode: "any", both: true},
			{name: "client abort", mode: "slow", leave: 12},
			{name: "no usage", mode: "silent", both: true},
			{name: "cached tokens", mode: "cached", both: true},
			{name: "reasoning tokens", mode: "reasoning", both: true},
			{name: "long-context tier", mode: "short", model: longModel, text: longAbove, both: true},
			{name: "answered from the cache", mode: "any", again: true, both: true},
			{name: "provider cut", mode: "cut"}, // last, for a provider that does so is left alone for a while
		} {
			for _, stream := range []bool{true, false} {
				if !stream && !k.both {
					continue
				}
				f, err := b.compare(ctx, h, k.mode, k.model, k.text, k.leave, stream, k.again)
				if err != nil {
					return nil, err
				}
				f.name = fmt.Sprintf("booked against billed, %s, %s, stream %t", mode, k.name, stream)
				out = append(out, f)
			}
		}
		if err := h.close(ctx); err != nil {
			return nil, err
		}
	}
	return out, nil
}

const comparedCalls = 40

func (b *bench) compare(ctx context.Context, h *house, mode, model string, more, leave int, stream, again bool) (f figure, err error) {
	token, err := h.guest(ctx)
	if err != nil {
		return f, err
	}
	n := comparedCalls
	if more > 0 {
		n = 6
	}
	b.stub.reset(0)
	rng := rand.New(rand.NewPCG(3, 4))
	shots := make([]shot, n)
	for i := range shots {
		text := someText(rng) + strings.Repeat("z", more)
		shots[i] = shot{url: h.procs[0].url + "/v1", token: token, model: model, mode: mode, text: text, max: 300, stream: stream, leave: leave}
	}
	outcomes := closed(ctx, b.client, 8, n, func(i int) shot { return shots[i] })
	if again {
		outcomes = append(outcomes, closed(ctx, b.client, 8, n, func(i int) shot { return shots[i] })...)
	}
	wait(ctx, 200*time.Millisecond) // for those whose client has left
	u, _, err := h.usage(ctx, token)
	billed, _, calls := b.stub.bill()
	spent := u["person-day"].Spent
	if calls < 5 || mode != "cut" && calls != int64(n) {
		return f, fmt.Errorf("%s: %d calls reached the stub, want %d: %v", mode, calls, n, counts(outcomes))
	}
	return figure{value: fmt.Sprintf("$%s booked, $%s billed", spent, gateway.Nano(billed)), must: "equal", ok: spent == gateway.Nano(billed)}, err
}

// falseRefusals makes mixed calls far under the cap, closed and open, and counts those that are refused.
func falseRefusals(ctx context.Context, b *bench) ([]figure, error) {
	h, err := b.start(ctx, 3, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = h.close(ctx) }()
	tokens := []string{h.token}
	for range 9 {
		token, err := h.guest(ctx)
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, token)
	}
	b.stub.reset(0)
	rng := rand.New(rand.NewPCG(5, 6))
	shots := make([]shot, b.o.mixed)
	for i := range shots {
		shots[i] = shot{
			url: h.procs[i%3].url + "/v1", token: tokens[rng.IntN(len(tokens))], mode: []string{"any", "cached", "short", "reasoning"}[rng.IntN(4)], text: someText(rng),
			max: []int{0, 50, 1000}[rng.IntN(3)], stream: rng.IntN(2) == 0,
		}
	}
	half := len(shots) / 2
	done := closed(ctx, b.client, 32, half, func(i int) shot { return shots[i] })
	done = append(done, paced(ctx, b.client, time.Millisecond, len(shots)-half, func(i int) shot { return shots[half+i] })...)
	refused := 0
	for _, o := range done {
		if o.status != 200 || o.code != "" {
			refused++
		}
	}
	total := gateway.Nano(0)
	for _, token := range tokens {
		u, _, err := h.usage(ctx, token)
		if err != nil {
			return nil, err
		}
		total += u["person-day"].Spent
	}
	billed, _, _ := b.stub.bill()
	return []figure{
		{fmt.Sprintf("false refusals in %d mixed calls, three processes", len(done)), fmt.Sprint(refused, " ", counts(done)), "0", refused == 0},
		{"booked against billed over them", fmt.Sprintf("$%s booked, $%s billed", total, gateway.Nano(billed)), "equal", total == gateway.Nano(billed)},
	}, nil
}
