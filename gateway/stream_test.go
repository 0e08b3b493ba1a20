package gateway_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/gateway/ledgertest"
	"github.com/gapwise/gapwise/internal/fault"
)

func TestStreamReservesThenCallsThenSettles(t *testing.T) {
	var mu sync.Mutex
	var events []string
	note := func(s string) {
		mu.Lock()
		defer mu.Unlock()
		events = append(events, s)
	}
	said := answers(bills(20, 30))
	m := newModel(t, func(w http.ResponseWriter, r *http.Request, b body) { note("call"); said(w, r, b) })
	h := newHouse(t, m.URL, dear, roomy, func(o *gateway.Options) { o.Ledger = spy{o.Ledger, note} })
	person := uuid.New()
	resp, err := h.Stream(t.Context(), gateway.Request{Person: person, Purpose: "test", PromptVersion: "v1", Messages: question(50), MaxTokens: 99}, func(text string) error {
		note("emit " + text)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"reserve", "call", "emit Hel", "emit lo.", "settle"}, events); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	usage := gateway.Usage{PromptTokens: 20, CompletionTokens: 30}
	want := &gateway.Response{CallID: resp.CallID, Model: "stub", Text: "Hello.", FinishReason: "stop", Usage: usage, Cost: dear.Cost(usage)}
	if diff := cmp.Diff(want, resp); diff != "" {
		t.Errorf("response (-want +got):\n%s", diff)
	}
	got := m.calls()[0]
	if got.MaxTokens != 99 || got.Model != "stub" || !got.Stream || len(got.Messages) != 2 {
		t.Errorf("the model was asked %+v", got)
	}
	budgets, err := h.Budgets(t.Context(), person)
	if err != nil {
		t.Fatal(err)
	}
	if len(budgets) != 3 {
		t.Errorf("%d budgets, want 3", len(budgets))
	}
	for _, b := range budgets {
		if b.Spent != resp.Cost || b.Reserved != 0 {
			t.Errorf("%s: spent %s, reserved %s; want %s and 0", b.Scope, b.Spent, b.Reserved, resp.Cost)
		}
	}
}

func TestMaxTokens(t *testing.T) {
	for asked, want := range map[int]int{0: gateway.DefaultMaxTokens, -3: gateway.DefaultMaxTokens, 7: 7, 1 << 30: gateway.MaxMaxTokens} {
		t.Run(strconv.Itoa(asked), func(t *testing.T) {
			m := newModel(t, answers(bills(1, 1)))
			h := newHouse(t, m.URL, dear, roomy, nil)
			if _, err := h.Complete(t.Context(), gateway.Request{Messages: question(10), MaxTokens: asked}); err != nil {
				t.Fatal(err)
			}
			if got := m.calls()[0].MaxTokens; got != want {
				t.Errorf("asked for %d tokens, the model for %d, want %d", asked, got, want)
			}
		})
	}
}

// downLedger is a ledger whose database does not answer.
type downLedger struct{ gateway.Ledger }

func (downLedger) Reserve(context.Context, gateway.Reservation) error {
	return errors.New("connection refused by 10.0.0.1")
}

func TestRefusedBeforeTheModelIsAsked(t *testing.T) {
	person := uuid.New()
	tests := []struct {
		name    string
		request gateway.Request
		caps    gateway.Caps
		change  func(*gateway.Options)
		used    gateway.Nano
		kind    fault.Kind
		code    string
		field   string
		detail  string // part of it
	}{
		{name: "no model", change: func(o *gateway.Options) { o.Chat = nil }, kind: fault.Unavailable, code: "model-not-configured"},
		{name: "no price", request: gateway.Request{Model: "unheard-of"}, kind: fault.Invalid, code: "model-unpriced", field: "model"},
		{name: "prompt too large", request: gateway.Request{Messages: question(257 << 10)}, kind: fault.TooLarge, code: "prompt-too-large"},
		{
			name: "dearer than a request may be", request: gateway.Request{Messages: question(2000)}, caps: gateway.Caps{Request: cent, PersonDay: gateway.Dollar, InstanceDay: gateway.Dollar, InstanceMonth: gateway.Dollar},
			kind: fault.BudgetExceeded, code: "budget-exceeded", detail: "Ask something shorter.",
		},
		{
			name: "the person's day is used up", used: 5 * cent, caps: gateway.Caps{Request: gateway.Dollar, PersonDay: 5 * cent, InstanceDay: gateway.Dollar, InstanceMonth: gateway.Dollar},
			kind: fault.BudgetExceeded, code: "budget-exceeded", detail: "of yours for today has $0.00 left of $0.05",
		},
		{
			name: "the instance's day is used up", used: 5 * cent, caps: gateway.Caps{Request: gateway.Dollar, PersonDay: gateway.Dollar, InstanceDay: 5 * cent, InstanceMonth: gateway.Dollar},
			kind: fault.BudgetExceeded, code: "budget-exceeded", detail: "opens again at 2026-11-25T00:00:00Z",
		},
		{
			name: "the instance's month is used up", used: 5 * cent, caps: gateway.Caps{Request: gateway.Dollar, PersonDay: gateway.Dollar, InstanceDay: gateway.Dollar, InstanceMonth: 5 * cent},
			kind: fault.BudgetExceeded, code: "budget-exceeded", detail: "opens again at 2026-12-01T00:00:00Z",
		},
		{name: "the ledger is down", change: func(o *gateway.Options) { o.Ledger = downLedger{o.Ledger} }, kind: fault.Unavailable, code: "ledger-unavailable"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := newModel(t, answers(bills(1, 1)))
			if tt.caps == (gateway.Caps{}) {
				tt.caps = roomy
			}
			h := newHouse(t, m.URL, dear, tt.caps, tt.change)
			if tt.used > 0 {
				h.use(t, person, tt.used)
			}
			if tt.request.Messages == nil {
				tt.request.Messages = question(100)
			}
			tt.request.Person = person
			resp, err := h.Stream(t.Context(), tt.request, func(string) error { t.Error("something was emitted"); return nil })
			if resp != nil || !errors.Is(err, tt.kind) || fault.CodeOf(err) != tt.code || fault.FieldOf(err) != tt.field {
				t.Errorf("%v, %v in %q; want %s %s in %q", resp, err, fault.FieldOf(err), tt.kind, tt.code, tt.field)
			}
			if d := fault.DetailOf(err); !strings.Contains(d, tt.detail) || strings.Contains(d, "10.0.0.1") {
				t.Errorf("detail %q, want %q in it and nothing of the inside", d, tt.detail)
			}
			if n := len(m.calls()); n != 0 {
				t.Errorf("the model was asked %d times, want never", n)
			}
			if h.ledger.Open() != 0 || h.spent(t) != tt.used {
				t.Errorf("open %d, spent %s; want none and %s", h.ledger.Open(), h.spent(t), tt.used)
			}
		})
	}
}

// TestCutToWhatIsLeft has five cents a day, of which some are used already.
func TestCutToWhatIsLeft(t *testing.T) {
	caps := gateway.Caps{Request: gateway.Dollar, PersonDay: gateway.Dollar, InstanceDay: 5 * cent, InstanceMonth: gateway.Dollar}
	// At the price of dear: 1,000 bytes of prompt cost a cent and a thousand tokens of answer ten.
	tests := []struct {
		name       string
		caps       gateway.Caps
		used, held gateway.Nano
		prompt     int
		least      int // bytes that Shrink can go down to; 0 for no Shrink
		maxTokens  int
		refused    bool
		wantTokens func(left, promptCost gateway.Nano) int
		wantPrompt func(int) bool
	}{
		{
			name: "all fits", prompt: 500, least: 100, maxTokens: 100,
			wantTokens: func(_, _ gateway.Nano) int { return 100 }, wantPrompt: func(n int) bool { return n == 500 },
		},
		{
			name: "the answer is cut first", prompt: 500, least: 100, maxTokens: 1000,
			wantTokens: func(left, prompt gateway.Nano) int { return int((left - prompt) / 100_000) }, wantPrompt: func(n int) bool { return n == 500 },
		},
		{
			name: "then the prompt, when the answer would fall under 256 tokens", used: 2 * cent, prompt: 2500, least: 100, maxTokens: 1000,
			wantTokens: func(left, prompt gateway.Nano) int { return int((left - prompt) / 100_000) }, wantPrompt: func(n int) bool { return n < 2500 && n > 1000 },
		},
		{
			name: "without Shrink the answer goes on down to 16 tokens", used: 2 * cent, prompt: 2500, maxTokens: 1000,
			wantTokens: func(left, prompt gateway.Nano) int { return int((left - prompt) / 100_000) }, wantPrompt: func(n int) bool { return n == 2500 },
		},
		{name: "without Shrink a prompt that is too dear is refused", used: 3 * cent, prompt: 2500, maxTokens: 1000, refused: true},
		{name: "with a Shrink that cannot go far enough, too", used: 5*cent - cent/2, prompt: 2500, least: 600, maxTokens: 1000, refused: true},
		{
			name: "the least answer leaves more for the prompt", used: 4 * cent, prompt: 2500, least: 700, maxTokens: 1000,
			wantTokens: func(left, prompt gateway.Nano) int { return int((left - prompt) / 100_000) }, wantPrompt: func(n int) bool { return n >= 700 && n < 900 },
		},
		{
			name: "an answer that was to be short is not too short", used: 4 * cent, prompt: 2500, least: 100, maxTokens: 4,
			wantTokens: func(_, _ gateway.Nano) int { return 4 }, wantPrompt: func(n int) bool { return n > 800 && n < 900 },
		},
		{
			name: "what is under way is waited for, and then what it leaves has to do", held: cent, prompt: 500, least: 100, maxTokens: 1000,
			wantTokens: func(left, prompt gateway.Nano) int { return int((left - cent - prompt) / 100_000) }, wantPrompt: func(n int) bool { return n == 500 },
		},
		{
			name: "the cap of a request cuts as well", caps: gateway.Caps{Request: cent, PersonDay: gateway.Dollar, InstanceDay: gateway.Dollar, InstanceMonth: gateway.Dollar}, held: cent, prompt: 2500, least: 100, maxTokens: 1000,
			wantTokens: func(_, prompt gateway.Nano) int { return int((cent - prompt) / 100_000) }, wantPrompt: func(n int) bool { return n < 500 && n >= 100 },
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := newModel(t, answers(bills(10, 10)))
			if tt.caps == (gateway.Caps{}) {
				tt.caps = caps
			}
			h := newHouse(t, m.URL, dear, tt.caps, nil)
			if tt.used > 0 {
				h.use(t, uuid.New(), tt.used)
			}
			if tt.held > 0 {
				h.hold(t, uuid.New(), tt.held)
			}
			r := gateway.Request{Person: uuid.New(), Messages: question(tt.prompt), MaxTokens: tt.maxTokens}
			if tt.least > 0 {
				r.Shrink = shrinking(tt.prompt-1, tt.least) // never the whole prompt, so that it shows whether Shrink was asked
			}
			resp, err := h.Complete(t.Context(), r)
			if tt.refused {
				if !errors.Is(err, fault.BudgetExceeded) || len(m.calls()) != 0 {
					t.Fatalf("%v, %v after %d calls; want BudgetExceeded before any", resp, err, len(m.calls()))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got := m.calls()[0]
			left := tt.caps.InstanceDay - tt.used
			want := min(tt.maxTokens, tt.wantTokens(left, bound(dear, got.Messages, 0)))
			if clamped := resp.Clamped; want < tt.maxTokens && clamped != want || want == tt.maxTokens && clamped != 0 {
				t.Errorf("the answer says that it was cut to %d tokens, want %d of %d", clamped, want, tt.maxTokens)
			}
			if got.MaxTokens != want || !tt.wantPrompt(got.promptBytes()) {
				t.Errorf("asked with %d bytes for %d tokens, want %d tokens", got.promptBytes(), got.MaxTokens, want)
			}
			if b := bound(dear, got.Messages, got.MaxTokens); b > min(left, tt.caps.Request) {
				t.Errorf("the call could cost %s with %s left", b, min(left, tt.caps.Request))
			}
		})
	}
}

// shrinking makes prompts of exactly as many bytes as there is room for, from the least to the most.
func shrinking(most, least int) func(int) []gateway.Message {
	return func(room int) []gateway.Message {
		if room < least {
			return nil
		}
		return question(min(room, most))
	}
}

func TestSettlement(t *testing.T) {
	refused := func(tb testing.TB) string { // an address at which nobody listens
		tb.Helper()
		l, err := (&net.ListenConfig{}).Listen(tb.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			tb.Fatal(err)
		}
		defer func() { _ = l.Close() }()
		return "http://" + l.Addr().String()
	}
	status := func(code int) func(http.ResponseWriter, *http.Request, body) {
		return func(w http.ResponseWriter, _ *http.Request, _ body) {
			w.WriteHeader(code)
			fmt.Fprint(w, `{"error":{"message":"no"}}`)
		}
	}
	stop := errors.New("the reader has gone")
	exact := dear.Cost(gateway.Usage{PromptTokens: 20, CompletionTokens: 30})
	const whole = -1                                                                               // the whole reservation
	counted := func(answer string) gateway.Nano { return bound(dear, question(300), len(answer)) } // the prompt's bound and the text that came
	tests := []struct {
		name      string
		script    func(http.ResponseWriter, *http.Request, body)
		emit      error // of the first piece
		want      gateway.Nano
		estimated bool
		err       error
		emitted   string
	}{
		{name: "usage in the last chunk", script: answers(bills(20, 30)), want: exact, emitted: "Hello."},
		{
			name: "no usage", script: func(w http.ResponseWriter, _ *http.Request, _ body) { piece(w, "Hi"); finish(w); chunk(w, "[DONE]") },
			want: counted("Hi"), estimated: true, emitted: "Hi",
		},
		{name: "usage of nothing is no usage", script: answers(bills(0, 0)), want: counted("Hello."), estimated: true, emitted: "Hello."},
		{name: "negative usage is no usage", script: answers(bills(-5, 3)), want: whole, estimated: true, emitted: "Hello."},
		{name: "more than the bound is booked as billed", script: answers(bills(20, 5000)), want: dear.Cost(gateway.Usage{PromptTokens: 20, CompletionTokens: 5000}), emitted: "Hello."},
		{name: "an error status costs nothing", script: status(http.StatusInternalServerError), err: fault.Unavailable},
		{name: "a refused key costs nothing", script: status(http.StatusUnauthorized), err: fault.Unavailable},
		{name: "a busy model costs nothing", script: status(http.StatusTooManyRequests), err: fault.Unavailable},
		{name: "a refused connection costs nothing", err: fault.Unavailable},
		{
			name: "cut off after the first piece", script: func(w http.ResponseWriter, _ *http.Request, _ body) { piece(w, "Hi"); panic(http.ErrAbortHandler) },
			want: counted("Hi"), estimated: true, err: fault.Unavailable, emitted: "Hi",
		},
		{
			name: "ended without a finish reason", script: func(w http.ResponseWriter, _ *http.Request, _ body) { piece(w, "Hi"); chunk(w, "[DONE]") },
			want: counted("Hi"), estimated: true, err: fault.Unavailable, emitted: "Hi",
		},
		{name: "cut off with the usage so far", script: func(w http.ResponseWriter, _ *http.Request, _ body) {
			chunk(w, `{"choices":[{"index":0,"delta":{"content":"Hi"}}],"usage":{"prompt_tokens":5,"completion_tokens":1}}`)
			panic(http.ErrAbortHandler)
		}, want: dear.Cost(gateway.Usage{PromptTokens: 5, CompletionTokens: 1}), estimated: true, err: fault.Unavailable, emitted: "Hi"},
		{name: "the reader goes after the first piece", script: answers(bills(20, 30)), emit: stop, want: exact, err: stop, emitted: "Hel"},
		{name: "an error inside the stream", script: func(w http.ResponseWriter, _ *http.Request, _ body) {
			piece(w, "Hi")
			chunk(w, `{"error":{"message":"overloaded"}}`)
		}, want: counted("Hi"), estimated: true, err: fault.Unavailable, emitted: "Hi"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var address string
			if tt.script == nil {
				address = refused(t)
			} else {
				address = newModel(t, tt.script).URL
			}
			h := newHouse(t, address, dear, roomy, nil)
			messages := question(300)
			if tt.want == whole {
				tt.want = bound(dear, messages, 200)
			}
			var emitted strings.Builder
			resp, err := h.Stream(t.Context(), gateway.Request{Messages: messages, MaxTokens: 200}, func(text string) error {
				emitted.WriteString(text)
				return tt.emit
			})
			if !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) {
				t.Errorf("error %v, want %v", err, tt.err)
			}
			if emitted.String() != tt.emitted {
				t.Errorf("emitted %q, want %q", emitted.String(), tt.emitted)
			}
			if h.spent(t) != tt.want || h.ledger.Open() != 0 {
				t.Errorf("booked %s with %d open, want %s and none", h.spent(t), h.ledger.Open(), tt.want)
			}
			if resp == nil || resp.Cost != tt.want || resp.Estimated != tt.estimated {
				t.Errorf("response %+v, want cost %s, estimated %t", resp, tt.want, tt.estimated)
			}
		})
	}
}

func TestCancelledCallerIsStillBooked(t *testing.T) {
	gone := make(chan struct{})
	m := newModel(t, func(w http.ResponseWriter, r *http.Request, _ body) {
		piece(w, "Hi")
		<-r.Context().Done() // until the gateway hangs up
		close(gone)
	})
	h := newHouse(t, m.URL, dear, roomy, nil)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	messages := question(300)
	_, err := h.Stream(ctx, gateway.Request{Messages: messages, MaxTokens: 200}, func(string) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of the cancelled context", err)
	}
	<-gone
	if want := bound(dear, messages, len("Hi")); h.spent(t) != want || h.ledger.Open() != 0 {
		t.Errorf("booked %s with %d open, want %s and none", h.spent(t), h.ledger.Open(), want)
	}
}

func TestOverrunIsLoggedWithoutTheText(t *testing.T) {
	m := newModel(t, answers(bills(20, 5000)))
	h := newHouse(t, m.URL, dear, roomy, nil)
	messages := []gateway.Message{{Role: "user", Content: "My resume: Ada Lovelace, Analytical Engines"}}
	if _, err := h.Complete(t.Context(), gateway.Request{Messages: messages, MaxTokens: 50}); err != nil {
		t.Fatal(err)
	}
	log := h.log.String()
	if !strings.Contains(log, `"model":"stub"`) || !strings.Contains(log, `"cost":"0.5002"`) {
		t.Errorf("log %s, want the model and its cost", log)
	}
	if strings.Contains(log, "Ada") || strings.Contains(log, "Hello.") {
		t.Errorf("log %s holds the prompt or the answer", log)
	}
}

// stuck is a model that never answers.
type stuck struct{}

func (stuck) Chat(ctx context.Context, _ gateway.Call, _ func(gateway.Piece) error) (gateway.Result, error) {
	<-ctx.Done()
	return gateway.Result{}, ctx.Err()
}

func (stuck) Embed(ctx context.Context, _ string, _ []string) ([][]float32, gateway.Result, error) {
	<-ctx.Done()
	return nil, gateway.Result{}, ctx.Err()
}

func TestStuckModelIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, "http://127.0.0.1", dear, roomy, func(o *gateway.Options) { o.Chat = stuck{} })
		began := time.Now()
		messages := question(300)
		if _, err := h.Complete(t.Context(), gateway.Request{Messages: messages, MaxTokens: 200}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v, want that of the deadline", err)
		}
		if d := time.Since(began); d != 2*time.Minute {
			t.Errorf("given up after %s, want 2m", d)
		}
		if want := bound(dear, messages, 200); h.spent(t) != want {
			t.Errorf("booked %s, want %s", h.spent(t), want)
		}
	})
}

// hanging is a ledger whose Settle never ends.
type hanging struct{ gateway.Ledger }

func (hanging) Settle(ctx context.Context, _ uuid.UUID, _ gateway.Settlement) error {
	<-ctx.Done()
	return ctx.Err()
}

// said is a model that has answered.
type said struct{}

func (said) Chat(context.Context, gateway.Call, func(gateway.Piece) error) (gateway.Result, error) {
	return gateway.Result{Text: "Hello.", FinishReason: "stop", Usage: &gateway.Usage{PromptTokens: 1, CompletionTokens: 1}}, nil
}

func (said) Embed(context.Context, string, []string) ([][]float32, gateway.Result, error) {
	return nil, gateway.Result{}, nil
}

func TestLedgerThatHangsWhenSettling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, "http://127.0.0.1", dear, roomy, func(o *gateway.Options) {
			o.Chat, o.Ledger = said{}, hanging{ledgertest.NewMemory()}
		})
		began := time.Now()
		resp, err := h.Complete(t.Context(), gateway.Request{Messages: question(10)})
		if resp != nil || !errors.Is(err, fault.Unavailable) || fault.CodeOf(err) != "ledger-unavailable" {
			t.Errorf("%v, %v; want ledger-unavailable", resp, err)
		}
		if d := time.Since(began); d != 10*time.Second {
			t.Errorf("waited %s for the ledger, want 10s", d)
		}
		time.Sleep(gateway.AbandonedAfter + time.Minute) // behind the caller's back it is tried for as long
		synctest.Wait()
		if !strings.Contains(h.log.String(), "could not be booked") {
			t.Errorf("the log has nothing of a call that was given up on: %s", h.log)
		}
	})
}

func TestModels(t *testing.T) {
	h := newHouse(t, "http://127.0.0.1", dear, roomy, nil)
	if !h.Enabled() || h.Model() != "stub" || !cmp.Equal(h.Models(), []string{"stub"}) {
		t.Errorf("enabled %t, model %q, models %q", h.Enabled(), h.Model(), h.Models())
	}
	h = newHouse(t, "http://127.0.0.1", dear, roomy, func(o *gateway.Options) { o.Chat = nil })
	if h.Enabled() || h.Models() == nil || len(h.Models()) != 0 {
		t.Errorf("without a model: enabled %t, models %#v; want none, and not nil", h.Enabled(), h.Models())
	}
}
