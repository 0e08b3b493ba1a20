package gateway_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
)

// The tests of this file are named after what went wrong in the books of other gateways.

// flaky is a ledger that fails some of its settlements.
type flaky struct {
	gateway.Ledger
	fails atomic.Int32 // to come
	done  bool         // the failing ones take effect all the same
}

func (f *flaky) Settle(ctx context.Context, call uuid.UUID, s gateway.Settlement) error {
	if f.fails.Add(-1) >= 0 {
		if f.done {
			_ = f.Ledger.Settle(ctx, call, s)
		}
		return errors.New("the connection was lost")
	}
	return f.Ledger.Settle(ctx, call, s)
}

// reconciled makes a call whose first three settlements fail and checks that its cost is booked once.
func reconciled(t *testing.T, done bool) {
	t.Helper()
	f := &flaky{done: done}
	f.fails.Store(3)
	h := newHouse(t, newModel(t, answers(bills(20, 30))).URL, dear, roomy, func(o *gateway.Options) { f.Ledger = o.Ledger; o.Ledger = f })
	resp, err := h.Complete(t.Context(), gateway.Request{Messages: question(100), MaxTokens: 100})
	if want := dear.Cost(gateway.Usage{PromptTokens: 20, CompletionTokens: 30}); err != nil || resp.Cost != want || h.spent(t) != want || h.ledger.Open() != 0 {
		t.Errorf("%v, booked %s, want %s once", err, h.spent(t), want)
	}
}

func TestFailedReconcileDropsCost(t *testing.T) { reconciled(t, false) }

// TestFailedReconcileIsGoneOnWith has a ledger that is away for longer than a caller can wait: the caller hears so, and the cost is booked all the same.
func TestFailedReconcileIsGoneOnWith(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &flaky{}
		f.fails.Store(100)
		h := newHouse(t, "http://127.0.0.1:1", dear, roomy, func(o *gateway.Options) { f.Ledger, o.Chat = o.Ledger, said{}; o.Ledger = f })
		_, err := h.Complete(t.Context(), gateway.Request{Messages: question(100), MaxTokens: 100})
		if fault.CodeOf(err) != "ledger-unavailable" || h.spent(t) != 0 || h.ledger.Open() != 1 {
			t.Errorf("%v, %s booked, %d open; want an error and a reservation that stands", err, h.spent(t), h.ledger.Open())
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if want := dear.Cost(gateway.Usage{PromptTokens: 1, CompletionTokens: 1}); h.spent(t) != want || h.ledger.Open() != 0 {
			t.Errorf("a minute later %s booked, %d open; want %s once and none", h.spent(t), h.ledger.Open(), want)
		}
	})
}

// TestCounterDoublesUnderLoad has settlements that take effect and seem to fail, of one call and of many at once.
func TestCounterDoublesUnderLoad(t *testing.T) {
	reconciled(t, true)
	var total atomic.Int64
	f := &flaky{done: true}
	f.fails.Store(40)
	h := newHouse(t, newModel(t, billedOf(dear, time.Millisecond, &total)).URL, dear, tight, func(o *gateway.Options) { patient(o); f.Ledger = o.Ledger; o.Ledger = f })
	h.atOnce(t, 100, func(int) gateway.Request { return gateway.Request{Messages: question(100), MaxTokens: 50} })
	h.underCap(t, gateway.Nano(total.Load()))
}

// streamed makes a streamed call of a purpose, with and without a report of its usage.
func streamed(t *testing.T, check func(h *house, resp *gateway.Response)) {
	t.Helper()
	for _, script := range []func(http.ResponseWriter, *http.Request, body){
		answers(bills(20, 30)),
		func(w http.ResponseWriter, _ *http.Request, _ body) { piece(w, "Hi"); finish(w); chunk(w, "[DONE]") },
	} {
		h := newHouse(t, newModel(t, script).URL, dear, roomy, nil)
		resp, err := h.Stream(t.Context(), gateway.Request{Messages: question(100), MaxTokens: 100, Purpose: "chat"}, func(string) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		check(h, resp)
	}
}

func TestStreamedCallBookedAtZero(t *testing.T) {
	streamed(t, func(h *house, resp *gateway.Response) {
		if calls := h.ledger.Calls(); resp.Cost == 0 || len(calls) != 1 || calls[0].Cost != resp.Cost {
			t.Errorf("the answer says %s, the ledger %+v", resp.Cost, calls)
		}
	})
}

func TestCostRightButSpendZero(t *testing.T) {
	streamed(t, func(h *house, resp *gateway.Response) {
		if h.spent(t) != resp.Cost || resp.Cost == 0 {
			t.Errorf("the answer says %s, the budget %s", resp.Cost, h.spent(t))
		}
	})
}

func TestRowSilentlyDropped(t *testing.T) {
	streamed(t, func(h *house, resp *gateway.Response) {
		calls := h.ledger.Calls()
		if len(calls) != 1 || calls[0].CallID != resp.CallID || calls[0].Purpose != "chat" || calls[0].FirstToken <= 0 || calls[0].Latency < calls[0].FirstToken {
			t.Errorf("ledger %+v, want one row with its times", calls)
		}
	})
	// A call that fails has a row as well.
	h := newHouse(t, newModel(t, func(w http.ResponseWriter, _ *http.Request, _ body) { w.WriteHeader(http.StatusBadGateway) }).URL, dear, roomy, nil)
	if _, err := h.Complete(t.Context(), gateway.Request{Messages: question(100)}); err == nil || len(h.ledger.Calls()) != 1 || h.ledger.Calls()[0].Outcome != "refused" {
		t.Errorf("%v; ledger %+v, want a row that says refused", err, h.ledger.Calls())
	}
}

// talker writes a word every two milliseconds until its reader leaves, and says then how many bytes that were. Without a stream it says nothing.
func talker(t *testing.T) (m *model, produced chan int) {
	t.Helper()
	produced = make(chan int, 1)
	return newModel(t, func(w http.ResponseWriter, r *http.Request, b body) {
		if !b.Stream {
			<-r.Context().Done()
			return
		}
		for n := 0; ; n++ {
			select {
			case <-r.Context().Done():
				produced <- n * len("word ")
				return
			case <-time.After(2 * time.Millisecond):
				piece(w, "word ")
			}
		}
	}), produced
}

// leave streams, leaves after ten pieces, and gives what was produced by then.
func (h *house) leave(t *testing.T, produced chan int) int {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	seen := 0
	_, err := h.Stream(ctx, gateway.Request{Messages: question(100), MaxTokens: 1000}, func(string) error {
		if seen++; seen == 10 {
			cancel()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want the caller's own leaving", err)
	}
	return <-produced
}

func TestDisconnectedClientPaysNothingOrEverything(t *testing.T) {
	m, produced := talker(t)
	h := newHouse(t, m.URL, dear, roomy, nil)
	bytes := h.leave(t, produced)
	if want := bound(dear, question(100), bytes); h.spent(t) != want {
		t.Errorf("booked %s, want %s: neither nothing nor everything", h.spent(t), want)
	}
}

// TestNonStreamDisconnect: nothing shows what was produced, so the whole reservation stays booked.
func TestNonStreamDisconnect(t *testing.T) {
	m, _ := talker(t)
	h := newHouse(t, m.URL, dear, roomy, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if _, err := h.Complete(ctx, gateway.Request{Messages: question(100), MaxTokens: 50}); err == nil {
		t.Error("an answer came")
	}
	if want := bound(dear, question(100), 50); h.spent(t) != want || h.ledger.Open() != 0 {
		t.Errorf("booked %s with %d open, want %s", h.spent(t), h.ledger.Open(), want)
	}
}

// TestRefundOnDisconnect leaves again and again: each time costs, and what has been booked is not given back.
func TestRefundOnDisconnect(t *testing.T) {
	m, produced := talker(t)
	h := newHouse(t, m.URL, dear, roomy, nil)
	for range 3 {
		before := h.spent(t)
		if bytes := h.leave(t, produced); h.spent(t)-before != bound(dear, question(100), bytes) {
			t.Errorf("%s booked for %d bytes, want %s more", h.spent(t)-before, bytes, bound(dear, question(100), bytes))
		}
	}
	for _, c := range h.ledger.Calls() {
		if c.Outcome != "aborted" || c.Cost <= 0 {
			t.Errorf("%+v, want what was produced, as aborted", c)
		}
	}
}

func TestDoubleBill(t *testing.T) {
	h := newHouse(t, newModel(t, answers(bills(20, 30))).URL, dear, roomy, nil)
	resp, err := h.Complete(t.Context(), gateway.Request{Messages: question(100), MaxTokens: 100})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := h.ledger.Settle(t.Context(), resp.CallID, gateway.Settlement{Cost: resp.Cost, At: noon}); err != nil {
			t.Fatal(err)
		}
	}
	if h.spent(t) != resp.Cost {
		t.Errorf("%s booked, want %s", h.spent(t), resp.Cost)
	}
}

// kinds have a price for each kind of tokens, in nano-dollars a token: 1, .1, 2, 10 and 20.
var kinds = gateway.Price{Input: 1_000_000, CachedInput: 100_000, CacheWrite: 2_000_000, Output: 10_000_000, Reasoning: 20_000_000}

// reported has a provider report a usage, streamed and not, and checks what is booked: by the price and by the whole way through.
func reported(t *testing.T, price gateway.Price, u gateway.Usage, want gateway.Nano) {
	t.Helper()
	if got := price.Cost(u); got != want {
		t.Errorf("%+v costs %d, want %d", u, got, want)
	}
	usage := fmt.Sprintf(`{"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d,"prompt_tokens_details":{"cached_tokens":%d,"cache_write_tokens":%d},"completion_tokens_details":{"reasoning_tokens":%d}}`,
		u.PromptTokens, u.CompletionTokens, u.PromptTokens+u.CompletionTokens, u.CachedTokens, u.CacheWriteTokens, u.ReasoningTokens)
	h := newHouse(t, newModel(t, func(w http.ResponseWriter, _ *http.Request, b body) {
		if b.Stream {
			piece(w, "Hi")
			finish(w)
			chunk(w, `{"choices":[],"usage":%s}`, usage)
			chunk(w, "[DONE]")
			return
		}
		fmt.Fprintf(w, `{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}],"usage":%s}`, usage)
	}).URL, price, roomy, nil)
	for _, stream := range []bool{true, false} {
		var emit func(string) error
		if stream {
			emit = func(string) error { return nil }
		}
		before := h.spent(t)
		if _, err := h.Stream(t.Context(), gateway.Request{Messages: question(200), MaxTokens: 100}, emit); err != nil || h.spent(t)-before != want {
			t.Errorf("%v; %d booked for %s, want %d", err, h.spent(t)-before, usage, want)
		}
	}
}

func TestCachedTokensAtDoubleOrFullPrice(t *testing.T) {
	reported(t, kinds, gateway.Usage{PromptTokens: 100, CachedTokens: 80}, 20+8)
	reported(t, gateway.Price{Input: 1_000_000, Output: 1_000_000}, gateway.Usage{PromptTokens: 100, CachedTokens: 80, CompletionTokens: 50}, 150) // no rate of its own
	if got := kinds.Cost(gateway.Usage{PromptTokens: 100, CachedTokens: 500}); got != 10 {
		t.Errorf("more cached than there are: %d, want 10", got)
	}
	if got := kinds.Cost(gateway.Usage{PromptTokens: 3, CachedTokens: 2}); got != 2 {
		t.Errorf("1.2 nano-dollars are %d, want 2: rounded up once a side", got)
	}
}

func TestCacheWritesIgnored(t *testing.T) {
	reported(t, kinds, gateway.Usage{PromptTokens: 100, CacheWriteTokens: 50}, 50+100)
	reported(t, kinds, gateway.Usage{PromptTokens: 100, CachedTokens: 40, CacheWriteTokens: 30, CompletionTokens: 10, ReasoningTokens: 5}, 30+4+60+50+100)
}

func TestReasoningTokensMissedOrTwice(t *testing.T) {
	reported(t, kinds, gateway.Usage{PromptTokens: 10, CompletionTokens: 50, ReasoningTokens: 30}, 10+20*10+30*20)
	reported(t, gateway.Price{Input: 1_000_000, Output: 1_000_000}, gateway.Usage{PromptTokens: 10, CompletionTokens: 50, ReasoningTokens: 50}, 60)
}

// TestNegativeInputTokens: a report that is not possible gives nothing back; the whole reservation is booked.
func TestNegativeInputTokens(t *testing.T) {
	if got := kinds.Cost(gateway.Usage{PromptTokens: -1000, CompletionTokens: 5}); got != 50 {
		t.Errorf("%d, want 50", got)
	}
	h := newHouse(t, newModel(t, answers(bills(-1_000_000, 5))).URL, kinds, roomy, nil)
	if _, err := h.Complete(t.Context(), gateway.Request{Messages: question(200), MaxTokens: 100}); err != nil {
		t.Fatal(err)
	}
	if c := h.ledger.Calls()[0]; c.Cost != c.Amount || h.spent(t) != c.Amount {
		t.Errorf("%s booked of %s reserved, want all", c.Cost, c.Amount)
	}
}
