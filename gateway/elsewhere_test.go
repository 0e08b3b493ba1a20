package gateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/gateway/openai"
	"github.com/gapwise/gapwise/internal/fault"
)

// The tests of this file are named after what went wrong in other gateways. postgres has those that need a database.

// tight are caps of ten cents for the instance's day and nothing else.
var tight = gateway.Caps{Request: gateway.Dollar, PersonDay: gateway.Dollar, InstanceDay: 10 * cent, InstanceMonth: gateway.Dollar}

// patient makes calls wait long enough for all that are under way.
func patient(o *gateway.Options) { o.Wait = 30 * time.Second }

// billedOf adds up what a model bills for answers of up to its bound.
func billedOf(price gateway.Price, slow time.Duration, total *atomic.Int64) func(http.ResponseWriter, *http.Request, body) {
	return func(w http.ResponseWriter, r *http.Request, b body) {
		time.Sleep(slow)
		u := gateway.Usage{PromptTokens: b.promptBytes(), CompletionTokens: max(b.MaxTokens*3/4, 1)}
		total.Add(int64(price.Cost(u)))
		answers(bills(u.PromptTokens, u.CompletionTokens))(w, r, b)
	}
}

// atOnce makes n calls at once and counts the answers and refusals.
func (h *house) atOnce(t *testing.T, n int, r func(i int) gateway.Request) (ok, refused int) {
	t.Helper()
	var mu sync.Mutex
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			var err error
			if i%2 == 0 {
				_, err = h.Complete(t.Context(), r(i))
			} else {
				_, err = h.Stream(t.Context(), r(i), func(string) error { return nil })
			}
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				ok++
			case errors.Is(err, fault.BudgetExceeded):
				refused++
			default:
				t.Errorf("%v, want an answer or BudgetExceeded", err)
			}
		})
	}
	close(start)
	wg.Wait()
	return ok, refused
}

// underCap checks that what was billed is booked, stays under the cap and uses it.
func (h *house) underCap(t *testing.T, billed gateway.Nano) {
	t.Helper()
	if limit := h.caps.InstanceDay; billed > limit || billed < limit*95/100 || h.spent(t) != billed || h.ledger.Open() != 0 {
		t.Errorf("billed %s and booked %s of a cap of %s, with %d open; want 95 %% of it or more, and equal", billed, h.spent(t), limit, h.ledger.Open())
	}
}

func TestCheckThenSpendRace(t *testing.T) {
	var total atomic.Int64
	h := newHouse(t, newModel(t, billedOf(dear, time.Millisecond, &total)).URL, dear, tight, patient)
	person := uuid.New()
	h.atOnce(t, 120, func(int) gateway.Request {
		return gateway.Request{Person: person, Messages: question(100), MaxTokens: 50}
	})
	h.underCap(t, gateway.Nano(total.Load()))
}

func TestUnknownEndUsersFirstRequestsInParallel(t *testing.T) {
	var total atomic.Int64
	caps := gateway.Caps{Request: gateway.Dollar, PersonDay: 10 * cent, InstanceDay: gateway.Dollar, InstanceMonth: gateway.Dollar}
	h := newHouse(t, newModel(t, billedOf(dear, time.Millisecond, &total)).URL, dear, caps, patient)
	person := uuid.New() // nobody has seen them before
	h.atOnce(t, 100, func(int) gateway.Request {
		return gateway.Request{Person: person, Messages: question(100), MaxTokens: 50}
	})
	if billed := gateway.Nano(total.Load()); billed > caps.PersonDay || billed < caps.PersonDay*95/100 {
		t.Errorf("%s billed, want nearly all of %s and no more", billed, caps.PersonDay)
	}
}

func TestEstimateFailsSoReservationSkipped(t *testing.T) {
	m := newModel(t, answers(bills(5, 5)))
	h := newHouse(t, m.URL, dear, roomy, nil)
	for name, r := range map[string]gateway.Request{
		"an empty message": {Messages: []gateway.Message{{Role: "user"}}},
		"no known script":  {Messages: []gateway.Message{{Role: "user", Content: "\xff\xfe\x00 \u202e😀"}}},
		"a body":           {Body: json.RawMessage(`{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f"}}]}`)},
	} {
		if _, err := h.Complete(t.Context(), r); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, c := range h.ledger.Calls() {
		if c.Amount <= dear.Cost(gateway.Usage{PromptTokens: 5, CompletionTokens: 5}) {
			t.Errorf("%s was reserved, want more than a call can cost", c.Amount)
		}
	}
}

// routed is a house whose calls go to several models.
func routed(t *testing.T, caps gateway.Caps, change func(*gateway.Options), targets ...gateway.Target) *house {
	t.Helper()
	return newHouse(t, "http://127.0.0.1:1", dear, caps, func(o *gateway.Options) {
		o.Routes = map[string][]gateway.Target{"": targets}
		o.Prices = o.Prices.With("free", gateway.Price{}).With("cheap", gateway.Price{Input: dear.Input / 10, Output: dear.Output / 10})
		if change != nil {
			change(o)
		}
	})
}

func target(model, address string) gateway.Target {
	return gateway.Target{Name: model, Model: model, Provider: openai.New(address+"/v1", "key")}
}

func TestFreeModelWithPaidFallback(t *testing.T) {
	failing := newModel(t, func(w http.ResponseWriter, _ *http.Request, _ body) { w.WriteHeader(http.StatusBadGateway) })
	paid := newModel(t, answers(bills(20, 30)))
	h := routed(t, roomy, nil, target("free", failing.URL), target("stub", paid.URL))
	resp, err := h.Complete(t.Context(), gateway.Request{Messages: question(100), MaxTokens: 100})
	want := dear.Cost(gateway.Usage{PromptTokens: 20, CompletionTokens: 30})
	if err != nil || resp.Model != "stub" || resp.Cost != want || h.spent(t) != want {
		t.Errorf("%+v, %v, %s booked; want %s of the paid model", resp, err, h.spent(t), want)
	}
	calls := h.ledger.Calls()
	if len(calls) != 2 || calls[0].Amount != 0 || calls[1].Amount < want {
		t.Errorf("reservations %v, want none for the free model and the bound for the paid one", calls)
	}
	// And where the paid one does not fit, it is not asked.
	h = routed(t, gateway.Caps{Request: gateway.Dollar, PersonDay: 1, InstanceDay: 1, InstanceMonth: 1}, nil, target("free", failing.URL), target("stub", paid.URL))
	before := len(paid.calls())
	if _, err := h.Complete(t.Context(), gateway.Request{Messages: question(100)}); !errors.Is(err, fault.BudgetExceeded) || len(paid.calls()) != before {
		t.Errorf("%v after %d calls of the paid model, want BudgetExceeded after none", err, len(paid.calls())-before)
	}
}

func TestDearFirstChoiceThenACheaperOne(t *testing.T) {
	m := newModel(t, answers(bills(20, 5)))
	caps := gateway.Caps{Request: dear.Most(400, 2), PersonDay: gateway.Dollar, InstanceDay: gateway.Dollar, InstanceMonth: gateway.Dollar}
	h := routed(t, caps, nil, target("stub", m.URL), target("cheap", m.URL))
	resp, err := h.Complete(t.Context(), gateway.Request{Messages: question(300), MaxTokens: 100})
	if err != nil || resp.Model != "cheap" {
		t.Errorf("%+v, %v; want an answer of the model that the cap of a request affords", resp, err)
	}
}

func TestLongContextTierAtHalfPrice(t *testing.T) {
	tiered := gateway.Price{Input: gateway.Dollar, Output: 2 * gateway.Dollar, Tiers: []gateway.Tier{{Above: 1000, Price: gateway.Price{Input: 2 * gateway.Dollar, Output: 3 * gateway.Dollar}}}}
	for used, want := range map[int]gateway.Nano{1000: 1000*1000 + 100*2000, 1001: 1001*2000 + 100*3000} {
		if got := tiered.Cost(gateway.Usage{PromptTokens: used, CompletionTokens: 100}); got != want {
			t.Errorf("a prompt of %d costs %s, want %s", used, got, want)
		}
	}
	if got, want := tiered.Most(1001, 100), tiered.Cost(gateway.Usage{PromptTokens: 1001, CompletionTokens: 100}); got != want {
		t.Errorf("%s is reserved for a prompt that can reach the tier, want %s", got, want)
	}
	m := newModel(t, answers(bills(1500, 10)))
	h := newHouse(t, m.URL, tiered, roomy, nil)
	if _, err := h.Complete(t.Context(), gateway.Request{Messages: question(2000), MaxTokens: 50}); err != nil {
		t.Fatal(err)
	}
	if c := h.ledger.Calls()[0]; c.Cost != 1500*2000+10*3000 || c.Amount < c.Cost {
		t.Errorf("reserved %s, booked %s; want the tier's price and no less reserved", c.Amount, c.Cost)
	}
}

func TestPassthroughRoute(t *testing.T) {
	var total atomic.Int64
	h := newHouse(t, newModel(t, billedOf(dear, time.Millisecond, &total)).URL, dear, tight, patient)
	request := json.RawMessage(`{"messages":[{"role":"user","content":"x"}],"max_tokens":100000,"tools":[{"type":"function","function":{"name":"f"}}]}`)
	h.atOnce(t, 100, func(int) gateway.Request { return gateway.Request{Body: request, MaxTokens: 50} })
	h.underCap(t, gateway.Nano(total.Load()))
}

func TestLongStreamPastTheBalance(t *testing.T) {
	m := newModel(t, answers(bills(1, 1)))
	h := newHouse(t, m.URL, dear, tight, nil)
	for _, maxTokens := range []int{0, 4096} {
		resp, err := h.Stream(t.Context(), gateway.Request{Messages: question(100), MaxTokens: maxTokens}, func(string) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		asked := m.calls()[len(m.calls())-1]
		if b := bound(dear, asked.Messages, asked.MaxTokens); asked.MaxTokens == 0 || b > tight.InstanceDay || resp.Clamped != asked.MaxTokens {
			t.Errorf("asked for %d tokens, which can cost %s of %s; the answer says %d", asked.MaxTokens, b, tight.InstanceDay, resp.Clamped)
		}
	}
}

func TestCachedContextMissedByAByteEstimate(t *testing.T) {
	written := gateway.Price{Input: gateway.Dollar, CachedInput: gateway.Dollar / 10, CacheWrite: 2 * gateway.Dollar, Output: gateway.Dollar}
	body := json.RawMessage(`{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f","description":"` + strings.Repeat("long ", 500) + `"}}]}`)
	m := newModel(t, answers(bills(2000, 1)))
	h := newHouse(t, m.URL, written, roomy, nil)
	if _, err := h.Complete(t.Context(), gateway.Request{Body: body, MaxTokens: 10}); err != nil {
		t.Fatal(err)
	}
	if c := h.ledger.Calls()[0]; c.Amount < written.Cost(gateway.Usage{PromptTokens: len(body), CacheWriteTokens: len(body), CompletionTokens: 10}) {
		t.Errorf("%s reserved; tools are part of the prompt, and all of it may be written to the provider's cache", c.Amount)
	}
}

func TestNoMaxTokensReservesEverything(t *testing.T) {
	m := newModel(t, answers(bills(1, 1)))
	h := newHouse(t, m.URL, dear, roomy, nil)
	if _, err := h.Complete(t.Context(), gateway.Request{Messages: question(100)}); err != nil {
		t.Fatal(err)
	}
	if c := h.ledger.Calls()[0]; c.Amount != bound(dear, question(100), gateway.DefaultMaxTokens) || m.calls()[0].MaxTokens != gateway.DefaultMaxTokens {
		t.Errorf("%s reserved and %d tokens asked for, want the bound of %d", c.Amount, m.calls()[0].MaxTokens, gateway.DefaultMaxTokens)
	}
}

func TestWorstCaseReservesFillACapAtNothingSpent(t *testing.T) {
	slow := func(w http.ResponseWriter, r *http.Request, b body) {
		time.Sleep(20 * time.Millisecond)
		answers(bills(10, 10))(w, r, b)
	}
	h := newHouse(t, newModel(t, slow).URL, dear, tight, patient) // a call reserves 5 cents and costs a tenth of one
	ok, refused := h.atOnce(t, 20, func(int) gateway.Request { return gateway.Request{Messages: question(100), MaxTokens: 450} })
	if ok != 20 || refused != 0 {
		t.Errorf("%d answered, %d refused; all of them fit beside what is spent", ok, refused)
	}
}

func TestTurnsAreFirstInFirstOut(t *testing.T) {
	var mu sync.Mutex
	var order []string
	script := func(w http.ResponseWriter, r *http.Request, b body) {
		mu.Lock()
		order = append(order, b.Messages[0].Content)
		mu.Unlock()
		time.Sleep(5 * time.Millisecond)
		answers(bills(1, 1))(w, r, b)
	}
	h := newHouse(t, newModel(t, script).URL, dear, tight, patient)
	held := h.hold(t, uuid.New(), 9*cent)
	var wg sync.WaitGroup
	var want []string
	for i := range 8 {
		want = append(want, strconv.Itoa(i))
		wg.Go(func() {
			if _, err := h.Complete(t.Context(), gateway.Request{Messages: []gateway.Message{{Role: "user", Content: strconv.Itoa(i)}}, MaxTokens: 600}); err != nil {
				t.Error(err)
			}
		})
		time.Sleep(10 * time.Millisecond)
	}
	if err := h.ledger.Settle(t.Context(), held, gateway.Settlement{At: noon}); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	if !slices.Equal(order, want) {
		t.Errorf("answered in the order %v, want %v", order, want)
	}
}

func TestEveryTryIsACallOfItsOwn(t *testing.T) {
	var n atomic.Int32
	m := newModel(t, func(w http.ResponseWriter, r *http.Request, b body) {
		if n.Add(1) == 1 {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		answers(bills(20, 30))(w, r, b)
	})
	h := newHouse(t, m.URL, dear, roomy, func(o *gateway.Options) { o.Retries = 1 })
	if _, err := h.Complete(t.Context(), gateway.Request{Messages: question(100), MaxTokens: 100}); err != nil {
		t.Fatal(err)
	}
	calls := h.ledger.Calls()
	if len(calls) != 2 || calls[0].CallID == calls[1].CallID || calls[0].Cost != 0 || calls[0].Outcome != "refused" || calls[1].Outcome != "ok" {
		t.Errorf("%d calls in the ledger: %+v; want one that cost nothing and one that did", len(calls), calls)
	}
}

func TestHedgedCallsBothPay(t *testing.T) {
	var late atomic.Int64
	slow := newModel(t, func(w http.ResponseWriter, r *http.Request, b body) {
		w.WriteHeader(http.StatusOK)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
		late.Add(1)
	})
	fast := newModel(t, answers(bills(20, 30)))
	h := routed(t, roomy, func(o *gateway.Options) { o.Hedge = 20 * time.Millisecond }, target("stub", slow.URL), target("cheap", fast.URL))
	var text strings.Builder
	resp, err := h.Stream(t.Context(), gateway.Request{Messages: question(100), MaxTokens: 100}, func(s string) error { text.WriteString(s); return nil })
	if err != nil || resp.Model != "cheap" || text.String() != "Hello." {
		t.Fatalf("%+v, %v, %q; want the answer of the one that was faster, once", resp, err, text.String())
	}
	calls := h.ledger.Calls()
	if len(calls) != 2 || h.ledger.Open() != 0 || calls[0].Cost == 0 && calls[1].Cost == 0 {
		t.Errorf("%+v with %d open; want both booked: the slower one at its prompt", calls, h.ledger.Open())
	}
	if late.Load() != 1 {
		t.Error("the slower one was not told to stop")
	}
}

func TestUnknownModelFree(t *testing.T) {
	m := newModel(t, answers(bills(1, 1)))
	h := newHouse(t, m.URL, dear, roomy, nil)
	if _, err := h.Complete(t.Context(), gateway.Request{Model: "never-heard-of", Messages: question(10)}); fault.CodeOf(err) != "model-unpriced" || len(m.calls()) != 0 {
		t.Errorf("%v after %d calls, want model-unpriced before any", err, len(m.calls()))
	}
}

func TestCacheHitAccounting(t *testing.T) {
	m := newModel(t, answers(bills(20, 30)))
	h := newHouse(t, m.URL, dear, roomy, func(o *gateway.Options) { o.Cache = &gateway.Cache{Life: time.Hour, MaxBytes: 1 << 20} })
	ada, grace := uuid.New(), uuid.New()
	ask := func(person uuid.UUID, impersonal bool) *gateway.Response {
		t.Helper()
		resp, err := h.Complete(t.Context(), gateway.Request{Person: person, Messages: question(100), MaxTokens: 100, Impersonal: impersonal})
		if err != nil {
			t.Fatal(err)
		}
		return resp
	}
	first, second, other := ask(ada, false), ask(ada, false), ask(grace, false)
	if first.Cache != "" || second.Cache != gateway.CacheExact || second.Cost != 0 || second.Text != first.Text || other.Cache != "" {
		t.Errorf("%+v, %+v, %+v; want the second from the cache at no cost, and another person's not", first, second, other)
	}
	ask(ada, true)
	if shared := ask(grace, true); shared.Cache != gateway.CacheExact {
		t.Errorf("%+v; what is impersonal is anybody's", shared)
	}
	if want := 3 * first.Cost; h.spent(t) != want || len(m.calls()) != 3 {
		t.Errorf("%s booked for %d calls, want %s for three", h.spent(t), len(m.calls()), want)
	}
	rows := 0
	for _, c := range h.ledger.Calls() {
		if c.Cache == gateway.CacheExact && c.Cost == 0 && c.Outcome == "cached" {
			rows++
		}
	}
	if rows != 2 {
		t.Errorf("%d rows of hits in the ledger, want 2", rows)
	}
}

func TestResetAtTheWrongHour(t *testing.T) {
	zone := func(name string) *time.Location {
		l, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	for _, tt := range []struct {
		name, zone, at     string
		day, month         string
		dayEnds, monthEnds string // in UTC
	}{
		{"UTC", "UTC", "2026-11-24T22:30:00Z", "2026-11-24", "2026-11-01", "2026-11-25T00:00:00Z", "2026-12-01T00:00:00Z"},
		{"already tomorrow in the east", "Asia/Tokyo", "2026-11-30T22:30:00Z", "2026-12-01", "2026-12-01", "2026-12-01T15:00:00Z", "2026-12-31T15:00:00Z"},
		{"still yesterday in the west", "America/Los_Angeles", "2026-12-01T03:00:00Z", "2026-11-30", "2026-11-01", "2026-12-01T08:00:00Z", "2026-12-01T08:00:00Z"},
		{"a day of 23 hours", "Europe/Berlin", "2026-03-29T00:30:00Z", "2026-03-29", "2026-03-01", "2026-03-29T22:00:00Z", "2026-03-31T22:00:00Z"},
		{"a day of 25 hours", "Europe/Berlin", "2026-10-25T22:30:00Z", "2026-10-25", "2026-10-01", "2026-10-25T23:00:00Z", "2026-10-31T23:00:00Z"},
		{"a day that begins at one", "Africa/Cairo", "2026-04-23T12:00:00Z", "2026-04-23", "2026-04-01", "2026-04-23T22:00:00Z", "2026-04-30T21:00:00Z"},
	} {
		at, err := time.Parse(time.RFC3339, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		caps := roomy
		caps.Zone = zone(tt.zone)
		for _, w := range caps.Windows(at, uuid.Nil, "") {
			start, ends := tt.day, tt.dayEnds
			if w.Scope == gateway.ScopeInstanceMonth {
				start, ends = tt.month, tt.monthEnds
			}
			if got := w.Start.Format(time.DateOnly); got != start {
				t.Errorf("%s: %s begins on %s, want %s", tt.name, w.Scope, got, start)
			}
			if got := w.ResetsAt.UTC().Format(time.RFC3339); got != ends {
				t.Errorf("%s: %s ends at %s, want %s", tt.name, w.Scope, got, ends)
			}
		}
	}
}

func TestProviderThatFailsIsLeftAlone(t *testing.T) {
	m := newModel(t, func(w http.ResponseWriter, _ *http.Request, _ body) { w.WriteHeader(http.StatusInternalServerError) })
	h := newHouse(t, m.URL, dear, roomy, nil)
	var last error
	for range 8 {
		_, last = h.Complete(t.Context(), gateway.Request{Messages: question(10)})
	}
	if len(m.calls()) != 5 || fault.CodeOf(last) != "model-resting" || fault.RetryAfter(last) <= 0 || h.ledger.Open() != 0 {
		t.Errorf("%d calls, %v; want five and then none for a while", len(m.calls()), last)
	}
}

func TestLimitsOfAMinute(t *testing.T) {
	now := noon
	m := newModel(t, answers(bills(5, 5)))
	who := accounts{RequestsMinute: 3}
	h := newHouse(t, m.URL, dear, roomy, func(o *gateway.Options) { o.Accounts, o.Now = who, func() time.Time { return now } })
	person := uuid.New()
	ask := func() error {
		_, err := h.Complete(t.Context(), gateway.Request{Person: person, Messages: question(10), MaxTokens: 10})
		return err
	}
	for range 3 {
		if err := ask(); err != nil {
			t.Fatal(err)
		}
	}
	if err := ask(); !errors.Is(err, fault.RateLimited) || fault.RetryAfter(err) <= 0 || len(m.calls()) != 3 {
		t.Errorf("%v, want RateLimited and a time to come back", err)
	}
	now = now.Add(2 * time.Minute)
	if err := ask(); err != nil {
		t.Errorf("two minutes later: %v", err)
	}
}

// accounts are alike for everybody.
type accounts gateway.Account

func (a accounts) Account(context.Context, uuid.UUID) (gateway.Account, error) {
	return gateway.Account(a), nil
}

func TestGroupsAndMonths(t *testing.T) {
	m := newModel(t, answers(bills(0, 100))) // a cent
	caps := roomy
	caps.GroupDay, caps.PersonMonth = 5*cent, 3*cent
	h := newHouse(t, m.URL, dear, caps, func(o *gateway.Options) { o.Accounts = accounts{Group: "class"} })
	counts := map[uuid.UUID]int{}
	people := []uuid.UUID{uuid.New(), uuid.New()}
	for i := range 20 {
		if _, err := h.Complete(t.Context(), gateway.Request{Person: people[i%2], Messages: question(10), MaxTokens: 100, Shrink: nil}); err == nil {
			counts[people[i%2]]++
		}
	}
	if total := counts[people[0]] + counts[people[1]]; counts[people[0]] > 3 || counts[people[1]] > 3 || total > 5 || total < 4 {
		t.Errorf("answers %v, want at most three each and five together", counts)
	}
	list, err := h.Budgets(t.Context(), people[0])
	if err != nil || len(list) != 5 || list[0].Scope != gateway.ScopeInstanceDay {
		t.Errorf("%v, %v; want the instance's two, the group's day, the person's day and month", list, err)
	}
}

func TestStructuredOutputRemembersWhatAModelCanDo(t *testing.T) {
	var formats []string
	m := newModel(t, nil)
	m.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var b struct {
			Format struct{ Type string } `json:"response_format"`
		}
		_ = json.NewDecoder(r.Body).Decode(&b)
		formats = append(formats, b.Format.Type)
		if b.Format.Type == "json_schema" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		fmt.Fprint(w, `{"choices":[{"message":{"content":"`+"```json\\n{\\\"a\\\":1}\\n```"+`"},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":5}}`)
	})
	h := newHouse(t, m.URL, dear, roomy, nil)
	for range 2 {
		resp, err := h.Complete(t.Context(), gateway.Request{Messages: question(10), MaxTokens: 50, JSON: true, Schema: json.RawMessage(`{"type":"object"}`)})
		if err != nil || resp.Text != `{"a":1}` {
			t.Fatalf("%+v, %v", resp, err)
		}
	}
	if want := []string{"json_schema", "json_object", "json_object"}; !slices.Equal(formats, want) {
		t.Errorf("asked with %q, want %q", formats, want)
	}
}

// TestTokeniserIsAskedWhereBytesDoNotFit has a tokeniser that makes a token of ten bytes.
func TestTokeniserIsAskedWhereBytesDoNotFit(t *testing.T) {
	asked := 0
	tokens := func(model, text string) (int, bool) {
		asked++
		return (len(text) + 9) / 10, model == "stub"
	}
	m := newModel(t, func(w http.ResponseWriter, r *http.Request, b body) {
		if b.MaxTokens == 99 {
			piece(w, "twenty bytes of text")
			panic(http.ErrAbortHandler)
		}
		answers(bills(20, 30))(w, r, b)
	})
	caps := gateway.Caps{Request: gateway.Dollar, PersonDay: gateway.Dollar, InstanceDay: 2 * cent, InstanceMonth: gateway.Dollar}
	h := newHouse(t, m.URL, dear, caps, func(o *gateway.Options) { o.Tokens = tokens })
	ask := func(bytes, maxTokens int) (*gateway.Response, error) {
		return h.Stream(t.Context(), gateway.Request{Messages: question(bytes), MaxTokens: maxTokens}, func(string) error { return nil })
	}
	if _, err := ask(100, 50); err != nil || asked != 0 {
		t.Errorf("%v, and the tokeniser was asked %d times where bytes fit", err, asked)
	}
	if resp, err := ask(5000, 50); err != nil || resp.Clamped != 0 { // 5,000 bytes would be 5 cents, 500 tokens are half a cent
		t.Errorf("%+v, %v; want an answer of all that was asked for", resp, err)
	}
	// What is counted from the text is counted by the tokeniser: roles, contents, three around each of two messages and before the answer.
	h = newHouse(t, m.URL, dear, roomy, func(o *gateway.Options) { o.Tokens = tokens })
	if _, err := ask(107, 99); err == nil {
		t.Error("the stream was not cut")
	}
	if want := dear.Cost(gateway.Usage{PromptTokens: 1 + 1 + 1 + 10 + 3*2 + 3, CompletionTokens: 2}); h.spent(t) != want {
		t.Errorf("%s booked, want %s", h.spent(t), want)
	}
}

func TestPricesAreChecked(t *testing.T) {
	p := prices(t)
	if stale := p.Check(time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC), 90*24*time.Hour); len(stale) == 0 || stale[0].AsOf == "" || stale[0].Source == "" {
		t.Errorf("%v, want the prices of 2025 with their date and source", stale)
	}
	if stale := p.Check(time.Date(2026, 10, 2, 0, 0, 0, 0, time.UTC), 400*24*time.Hour); len(stale) != 0 {
		t.Errorf("%v, want none", stale)
	}
	day := func(text string) bool { _, err := time.Parse(time.DateOnly, text); return err == nil }
	for _, name := range p.Models() {
		l := p.Listing(name)
		if l.Provider == "" || l.Source == "" || !day(l.AsOf) {
			t.Errorf("%s has no provider, source or date", name)
		}
		if c := l.Confirmed; c != (gateway.Confirmation{}) && (!strings.HasPrefix(c.By, "https://") || !day(c.Dated) || !strings.Contains(c.Rates, "input")) {
			t.Errorf("%s is confirmed by %+v", name, c)
		}
	}
	// A list that has the same on a later day makes a price fresh; without one it is stale.
	stale := map[string]string{}
	for _, s := range p.Check(time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC), 60*24*time.Hour) {
		stale[s.Model] = s.Why
	}
	if stale["gpt-4o"] != "" || !strings.Contains(stale["o4-mini"], "found on no other list") || !strings.Contains(stale["gemini-2.5-pro"], "the same (input") {
		t.Errorf("%v; want gpt-4o fresh, o4-mini unconfirmed and gemini-2.5-pro confirmed too long ago", stale)
	}
}

// TestLongContextTiersOfTheFile has models whose providers publish twice the price above a length of prompt.
func TestLongContextTiersOfTheFile(t *testing.T) {
	p := prices(t)
	for name, above := range map[string]int{"gpt-5.4": 272_000, "gpt-5.5": 272_000, "claude-sonnet-4-5": 200_000, "gemini-2.5-pro": 200_000} {
		price, err := p.Of(name)
		if err != nil {
			t.Fatal(err)
		}
		short, long := price.Cost(gateway.Usage{PromptTokens: above}), price.Cost(gateway.Usage{PromptTokens: above + 1})
		if want := 2*short + 2*price.Input/1_000_000; long != want {
			t.Errorf("%s: %s at %d tokens and %s at one more, want %s", name, short, above, long, want)
		}
	}
}
