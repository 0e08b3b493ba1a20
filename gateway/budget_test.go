package gateway_test

import (
	"errors"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/gateway/ledgertest"
	"github.com/gapwise/gapwise/internal/fault"
)

// TestConcurrentCallsStayWithinTheCaps makes calls of random size at once under random caps, to a model that bills random shares of what
// it may.
func TestConcurrentCallsStayWithinTheCaps(t *testing.T) {
	for seed := range uint64(6) {
		rng := rand.New(rand.NewPCG(seed, 42))
		price := gateway.Price{Input: gateway.Nano(1 + rng.Int64N(int64(20*gateway.Dollar))), Output: gateway.Nano(rng.Int64N(int64(100 * gateway.Dollar)))}
		someCents := func() gateway.Nano { return cent + gateway.Nano(rng.Int64N(int64(40*cent))) }
		caps := gateway.Caps{Request: someCents(), PersonDay: someCents(), InstanceDay: someCents(), InstanceMonth: someCents()}
		var mu sync.Mutex
		var billed gateway.Nano
		draws := rand.New(rand.NewPCG(seed, 43))
		said := answers(func(b body) gateway.Usage {
			mu.Lock()
			defer mu.Unlock()
			u := gateway.Usage{PromptTokens: 1 + draws.IntN(b.promptBytes()), CompletionTokens: draws.IntN(b.MaxTokens + 1)}
			billed += price.Cost(u)
			return u
		})
		m := newModel(t, said)
		h := newHouse(t, m.URL, price, caps, nil)
		people := []uuid.UUID{uuid.New(), uuid.New()}
		var wg sync.WaitGroup
		answered := 0
		for range 60 {
			r := gateway.Request{Person: people[rng.IntN(2)], Messages: question(20 + rng.IntN(2000)), MaxTokens: 1 + rng.IntN(1000), Shrink: shrinking(2000, 50)}
			wg.Go(func() {
				_, err := h.Complete(t.Context(), r)
				if err != nil && !errors.Is(err, fault.BudgetExceeded) {
					t.Errorf("seed %d: %v, want an answer or BudgetExceeded", seed, err)
				}
				if err == nil {
					mu.Lock()
					answered++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		for scope, cap := range map[gateway.Scope]gateway.Nano{
			gateway.ScopePersonDay: caps.PersonDay, gateway.ScopeInstanceDay: caps.InstanceDay, gateway.ScopeInstanceMonth: caps.InstanceMonth,
		} {
			if peak := h.ledger.Peak(scope); peak > cap {
				t.Errorf("seed %d: %s held %s at once, over its cap of %s", seed, scope, peak, cap)
			}
		}
		if h.spent(t) != billed || billed > min(caps.InstanceDay, caps.InstanceMonth) || h.ledger.Open() != 0 {
			t.Errorf("seed %d: the model billed %s, the ledger holds %s with %d open; caps %+v", seed, billed, h.spent(t), h.ledger.Open(), caps)
		}
		if answered == 0 {
			t.Errorf("seed %d: not one of 60 calls was answered under %+v", seed, caps)
		}
	}
}

// TestSequentialCallsUseTheCapUp asks one thing after another until it is refused. What is left then must be less than the least call
// could cost: its smallest prompt, 120 bytes for what stands around messages, and 16 tokens of answer.
func TestSequentialCallsUseTheCapUp(t *testing.T) {
	const most, least, perMessages, leastAnswer = 9000, 600, 120, 16
	tests := []struct {
		name  string
		price gateway.Price
		share func(*rand.Rand, int) int // of what the model may use, what it bills
	}{
		{"all is billed", dear, func(_ *rand.Rand, n int) int { return n }},
		{"a random half", dear, func(r *rand.Rand, n int) int { return n/2 + r.IntN(n/2+1) }},
		{"mostly input", gateway.Price{Input: 5 * gateway.Dollar, Output: gateway.Dollar / 100}, func(r *rand.Rand, n int) int { return n/2 + r.IntN(n/2+1) }},
		{"only input", gateway.Price{Input: 5 * gateway.Dollar}, func(_ *rand.Rand, n int) int { return n }},
		{"only output", gateway.Price{Output: 50 * gateway.Dollar}, func(_ *rand.Rand, n int) int { return n }},
		{"mostly output", gateway.Price{Input: gateway.Dollar / 10, Output: 60 * gateway.Dollar}, func(r *rand.Rand, n int) int { return n/2 + r.IntN(n/2+1) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(1, 2))
			m := newModel(t, answers(func(b body) gateway.Usage {
				return gateway.Usage{PromptTokens: tt.share(rng, b.promptBytes()), CompletionTokens: tt.share(rng, b.MaxTokens)}
			}))
			caps := gateway.Caps{Request: 50 * cent, PersonDay: 10 * cent, InstanceDay: 10 * cent, InstanceMonth: 50 * cent}
			h := newHouse(t, m.URL, tt.price, caps, nil)
			person := uuid.New()
			calls := 0
			for {
				_, err := h.Complete(t.Context(), gateway.Request{Person: person, Messages: question(most), MaxTokens: 1000, Shrink: shrinking(most, least)})
				if errors.Is(err, fault.BudgetExceeded) {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				if calls++; calls > 2000 {
					t.Fatal("2,000 calls did not use ten cents up")
				}
			}
			left := caps.InstanceDay - h.spent(t)
			if cheapest := tt.price.Cost(gateway.Usage{PromptTokens: least + perMessages, CompletionTokens: leastAnswer}); left < 0 || left >= cheapest {
				t.Errorf("%s left after %d calls, want less than %s, which the least call can cost", left, calls, cheapest)
			}
		})
	}
}

// TestInputPricedModelUsesTheLastCent has a model that charges for the prompt alone: every call bills 2,000 tokens of it, a cent.
func TestInputPricedModelUsesTheLastCent(t *testing.T) {
	for _, prompt := range []int{1500, 1900, 2000, 2500, 6000, 12_000} {
		m := newModel(t, answers(bills(2000, 50)))
		caps := gateway.Caps{Request: gateway.Dollar, PersonDay: gateway.Dollar, InstanceDay: 10 * cent, InstanceMonth: gateway.Dollar}
		h := newHouse(t, m.URL, gateway.Price{Input: 5 * gateway.Dollar}, caps, nil)
		answered := 0
		for range 14 {
			_, err := h.Complete(t.Context(), gateway.Request{Person: uuid.New(), Messages: question(prompt), Shrink: shrinking(prompt, 600)})
			if err == nil {
				answered++
			} else if !errors.Is(err, fault.BudgetExceeded) {
				t.Fatal(err)
			}
		}
		if answered != 10 || h.spent(t) != 10*cent || len(m.calls()) != 10 {
			t.Errorf("prompt of %d bytes: %d answers, %s spent, %d calls; want ten, all ten cents", prompt, answered, h.spent(t), len(m.calls()))
		}
	}
}

func TestEmbedTexts(t *testing.T) {
	embeds := func(prompt int) func(http.ResponseWriter, *http.Request, body) {
		return func(w http.ResponseWriter, _ *http.Request, _ body) {
			_, _ = w.Write([]byte(`{"data":[{"index":0,"embedding":[1,0]},{"index":1,"embedding":[0,1]}]`))
			if prompt > 0 {
				_, _ = w.Write([]byte(`,"usage":{"prompt_tokens":7}`))
			}
			_, _ = w.Write([]byte(`}`))
		}
	}
	texts := []string{"Kafka", "Go"}
	whole := dear.Cost(gateway.Usage{PromptTokens: 5 + 2 + 2*16})
	tests := []struct {
		name   string
		script func(http.ResponseWriter, *http.Request, body)
		texts  []string
		model  string
		caps   gateway.Caps
		change func(*gateway.Options)
		kind   fault.Kind
		want   gateway.Nano
		calls  int
	}{
		{name: "usage", script: embeds(7), want: dear.Cost(gateway.Usage{PromptTokens: 7}), calls: 1},
		{name: "no usage", script: embeds(0), want: whole, calls: 1},
		{name: "an error status", script: func(w http.ResponseWriter, _ *http.Request, _ body) { w.WriteHeader(http.StatusBadGateway) }, kind: fault.Unavailable, calls: 1},
		{name: "vectors that cannot be used", script: func(w http.ResponseWriter, _ *http.Request, _ body) {
			_, _ = w.Write([]byte(`{"data":[],"usage":{"prompt_tokens":7}}`))
		}, kind: fault.Unavailable, want: whole, calls: 1},
		{name: "no endpoint", change: func(o *gateway.Options) { o.Embedder = nil }, kind: fault.Unavailable},
		{name: "no price", model: "unheard-of", kind: fault.Invalid},
		{name: "dearer than a request may be", caps: gateway.Caps{Request: whole - 1, PersonDay: gateway.Dollar, InstanceDay: gateway.Dollar, InstanceMonth: gateway.Dollar}, kind: fault.BudgetExceeded},
		{name: "dearer than the person's day", caps: gateway.Caps{Request: gateway.Dollar, PersonDay: whole - 1, InstanceDay: gateway.Dollar, InstanceMonth: gateway.Dollar}, kind: fault.BudgetExceeded},
		{name: "the ledger is down", change: func(o *gateway.Options) { o.Ledger = downLedger{o.Ledger} }, kind: fault.Unavailable},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.script == nil {
				tt.script = embeds(7)
			}
			if tt.caps == (gateway.Caps{}) {
				tt.caps = roomy
			}
			if tt.model == "" {
				tt.model = "stub"
			}
			m := newModel(t, tt.script)
			h := newHouse(t, m.URL, dear, tt.caps, tt.change)
			person := uuid.New()
			vectors, err := h.EmbedTexts(gateway.ForPerson(t.Context(), person), tt.model, texts)
			if tt.kind == "" && (err != nil || len(vectors) != 2 || vectors[1][1] != 1) {
				t.Errorf("vectors %v, %v", vectors, err)
			}
			if tt.kind != "" && !errors.Is(err, tt.kind) {
				t.Errorf("error %v, want %s", err, tt.kind)
			}
			if len(m.calls()) != tt.calls || h.ledger.Open() != 0 {
				t.Errorf("%d calls and %d open, want %d and none", len(m.calls()), h.ledger.Open(), tt.calls)
			}
			list, err := ledgertest.Budgets(t.Context(), h.ledger, person, tt.caps, noon)
			if err != nil {
				t.Fatal(err)
			}
			for _, b := range list {
				if b.Spent != tt.want {
					t.Errorf("%s: spent %s, want %s", b.Scope, b.Spent, tt.want)
				}
			}
		})
	}
}
