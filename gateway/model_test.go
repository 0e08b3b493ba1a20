package gateway_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/gateway/ledgertest"
	"github.com/gapwise/gapwise/gateway/openai"
)

const cent = gateway.Dollar / 100

var noon = time.Date(2026, time.November, 24, 12, 0, 0, 0, time.UTC)

// body is what the model was asked.
type body struct {
	Model               string
	Messages            []gateway.Message
	Input               []string
	MaxTokens           int `json:"max_tokens"`
	MaxCompletionTokens int `json:"max_completion_tokens"`
	Stream              bool
}

// promptBytes is how much content the model was sent.
func (b body) promptBytes() int {
	n := 0
	for _, m := range b.Messages {
		n += len(m.Content)
	}
	return n
}

// model is a scripted model behind HTTP.
type model struct {
	*httptest.Server
	mu    sync.Mutex
	asked []body
}

// newModel answers every call with a script, which may write what it likes.
func newModel(tb testing.TB, script func(http.ResponseWriter, *http.Request, body)) *model {
	tb.Helper()
	m := &model{}
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var b body
		if err := json.NewDecoder(r.Body).Decode(&b); err != nil {
			tb.Errorf("the model was sent something else than JSON: %v", err)
		}
		m.mu.Lock()
		m.asked = append(m.asked, b)
		m.mu.Unlock()
		script(w, r, b)
	}))
	tb.Cleanup(m.Close)
	return m
}

// calls are what the model was asked so far.
func (m *model) calls() []body {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]body(nil), m.asked...)
}

// chunk writes one event of a stream.
func chunk(w http.ResponseWriter, format string, args ...any) {
	fmt.Fprintf(w, "data: "+format+"\n\n", args...)
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
}

func piece(w http.ResponseWriter, text string) {
	chunk(w, `{"choices":[{"index":0,"delta":{"content":%q}}]}`, text)
}

func finish(w http.ResponseWriter) {
	chunk(w, `{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`)
}

func usage(w http.ResponseWriter, prompt, completion int) {
	chunk(w, `{"choices":[],"usage":{"prompt_tokens":%d,"completion_tokens":%d}}`, prompt, completion)
}

// answers is a script that says something and bills what bill gives for a call.
func answers(bill func(body) gateway.Usage) func(http.ResponseWriter, *http.Request, body) {
	return func(w http.ResponseWriter, _ *http.Request, b body) {
		u := bill(b)
		if !b.Stream {
			fmt.Fprintf(w, `{"choices":[{"message":{"content":"Hello."},"finish_reason":"stop"}],"usage":{"prompt_tokens":%d,"completion_tokens":%d}}`, u.PromptTokens, u.CompletionTokens)
			return
		}
		piece(w, "Hel")
		piece(w, "lo.")
		finish(w)
		usage(w, u.PromptTokens, u.CompletionTokens)
		chunk(w, "[DONE]")
	}
}

func bills(prompt, completion int) func(body) gateway.Usage {
	return func(body) gateway.Usage { return gateway.Usage{PromptTokens: prompt, CompletionTokens: completion} }
}

// house is a gateway with everything around it that a test looks at.
type house struct {
	*gateway.Gateway
	ledger *ledgertest.Memory
	price  gateway.Price
	caps   gateway.Caps
	log    *bytes.Buffer
}

// roomy are caps that a test which is about something else does not reach.
var roomy = gateway.Caps{Request: gateway.Dollar, PersonDay: 10 * gateway.Dollar, InstanceDay: 10 * gateway.Dollar, InstanceMonth: 10 * gateway.Dollar}

// dear is a price at which a thousand tokens of prompt cost a cent and so do a hundred of an answer.
var dear = gateway.Price{Input: 10 * gateway.Dollar, Output: 100 * gateway.Dollar}

func newHouse(tb testing.TB, address string, price gateway.Price, caps gateway.Caps, change func(*gateway.Options)) *house {
	tb.Helper()
	h := &house{ledger: ledgertest.NewMemory(), price: price, caps: caps, log: &bytes.Buffer{}}
	client := openai.New(address+"/v1", "key")
	o := gateway.Options{
		Ledger: h.ledger, Chat: client, Embedder: client, Prices: prices(tb).With("stub", price), Caps: caps, Model: "stub",
		Wait: 100 * time.Millisecond, Now: func() time.Time { return noon }, Log: slog.New(slog.NewJSONHandler(h.log, nil)),
	}
	if change != nil {
		change(&o)
	}
	h.Gateway = gateway.New(o)
	return h
}

// spent is what the instance has spent on the day.
func (h *house) spent(tb testing.TB) gateway.Nano {
	tb.Helper()
	list, err := ledgertest.Budgets(tb.Context(), h.ledger, uuid.Nil, h.caps, noon)
	if err != nil {
		tb.Fatal(err)
	}
	return list[0].Spent
}

// use reserves and books an amount as if a call had been made, so that so much less is left of the person's and the instance's day.
func (h *house) use(tb testing.TB, person uuid.UUID, amount gateway.Nano) {
	tb.Helper()
	if err := h.ledger.Settle(tb.Context(), h.hold(tb, person, amount), gateway.Settlement{Cost: amount, At: noon}); err != nil {
		tb.Fatal(err)
	}
}

// hold reserves an amount for a call that stays under way.
func (h *house) hold(tb testing.TB, person uuid.UUID, amount gateway.Nano) uuid.UUID {
	tb.Helper()
	id := uuid.New()
	if err := h.ledger.Reserve(tb.Context(), gateway.Reservation{CallID: id, Person: person, Model: "stub", Amount: amount, Caps: h.caps, At: noon}); err != nil {
		tb.Fatal(err)
	}
	return id
}

// question is a prompt of about so many bytes.
func question(bytes int) []gateway.Message {
	return []gateway.Message{{Role: "system", Content: "Answer."}, {Role: "user", Content: strings.Repeat("x", max(bytes-7, 0))}}
}

// bound is the upper bound of a call's cost: one token a byte of prompt, 16 around each message, and the whole answer (docs/budgets.md).
func bound(price gateway.Price, messages []gateway.Message, maxTokens int) gateway.Nano {
	n := 16
	for _, m := range messages {
		n += len(m.Role) + len(m.Content) + 16
	}
	return price.Cost(gateway.Usage{PromptTokens: n, CompletionTokens: maxTokens})
}

// spy is a ledger that writes down what is asked of it.
type spy struct {
	gateway.Ledger
	note func(string)
}

func (s spy) Reserve(ctx context.Context, r gateway.Reservation) error {
	s.note("reserve")
	return s.Ledger.Reserve(ctx, r)
}

func (s spy) Settle(ctx context.Context, call uuid.UUID, st gateway.Settlement) error {
	s.note("settle")
	return s.Ledger.Settle(ctx, call, st)
}
