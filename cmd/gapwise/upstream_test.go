package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/gateway/tokens"
)

// upstream is two providers, /a and /b, of the model gpt-4o with a bill of their own. What they do stands in the prompt as mode=….
type upstream struct {
	*httptest.Server
	mu    sync.Mutex
	bill  gateway.Nano
	calls map[string]int // of a provider
	tries map[string]int // of a provider and a prompt
}

const (
	upstreamIn     = 2500 // nano-dollars a token
	upstreamCached = 1250
	upstreamOut    = 10_000
)

func newUpstream(t *testing.T) *upstream {
	t.Helper()
	u := &upstream{calls: map[string]int{}, tries: map[string]int{}}
	u.Server = httptest.NewServer(http.HandlerFunc(u.serve))
	t.Cleanup(u.Close)
	return u
}

type upstreamRequest struct {
	Messages []struct{ Role, Content string }
	Stream   bool
}

// prompt is what the provider counts: the text, three around each message and three before the answer.
func (q upstreamRequest) prompt() int {
	n := 3
	for _, m := range q.Messages {
		n += countOf(m.Role) + countOf(m.Content) + 3
	}
	return n
}

func countOf(text string) int {
	n, _ := tokens.Count("gpt-4o", text) // which it knows
	return n
}

func (u *upstream) charge(nano gateway.Nano) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.bill += nano
}

func (u *upstream) state() (bill gateway.Nano, a, b int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.bill, u.calls["a"], u.calls["b"]
}

// serve does what the prompt says at the first provider; the second is always well.
func (u *upstream) serve(w http.ResponseWriter, r *http.Request) {
	var q upstreamRequest
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil || len(q.Messages) == 0 {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	provider := strings.Split(r.URL.Path, "/")[1]
	text := q.Messages[len(q.Messages)-1].Content
	_, mode, _ := strings.Cut(text, "mode=")
	mode, _, _ = strings.Cut(mode, " ")
	u.mu.Lock()
	u.calls[provider]++
	u.tries[provider+text]++
	try := u.tries[provider+text]
	u.mu.Unlock()
	if provider == "b" {
		mode = "ok"
	}
	busy := func(status int, after string) {
		w.Header().Set("Retry-After", after)
		w.WriteHeader(status)
	}
	switch {
	case mode == "429-once" && try == 1:
		busy(http.StatusTooManyRequests, "1")
	case mode == "429-long":
		busy(http.StatusTooManyRequests, "60")
	case mode == "500", mode == "500-once" && try == 1:
		busy(http.StatusInternalServerError, "0")
	case mode == "hang": // not even a status; what it bills for that nobody can know
		<-r.Context().Done()
	case mode == "begin-and-hang":
		w.Header().Set("Content-Type", "text/event-stream")
		w.WriteHeader(http.StatusOK)
		_ = http.NewResponseController(w).Flush()
		u.charge(gateway.Nano(q.prompt()) * upstreamIn)
		<-r.Context().Done()
	case mode == "cut", mode == "cut-before" && try == 1:
		u.cut(w, q, mode == "cut")
	default:
		u.answer(w, q, mode)
	}
}

// cut breaks a stream off, after some of it or before its first piece.
func (u *upstream) cut(w http.ResponseWriter, q upstreamRequest, late bool) {
	said := ""
	w.Header().Set("Content-Type", "text/event-stream")
	w.WriteHeader(http.StatusOK)
	if late {
		said = strings.Repeat("word ", 7)
		for range 7 {
			fmt.Fprint(w, `data: {"choices":[{"index":0,"delta":{"content":"word "}}]}`+"\n\n")
		}
	}
	_ = http.NewResponseController(w).Flush()
	u.charge(gateway.Nano(q.prompt())*upstreamIn + gateway.Nano(countOf(said))*upstreamOut)
	panic(http.ErrAbortHandler)
}

func (u *upstream) answer(w http.ResponseWriter, q upstreamRequest, mode string) {
	in, cached, out, reasoning := q.prompt(), 0, 9, 0
	if mode == "cached" {
		in, cached, out, reasoning = 100, 60, 20, 5
	}
	u.charge(gateway.Nano(in-cached)*upstreamIn + gateway.Nano(cached)*upstreamCached + gateway.Nano(out)*upstreamOut)
	usage := fmt.Sprintf(`{"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d,"prompt_tokens_details":{"cached_tokens":%d},"completion_tokens_details":{"reasoning_tokens":%d}}`,
		in, out, in+out, cached, reasoning)
	if !q.Stream {
		fmt.Fprintf(w, `{"choices":[{"message":{"role":"assistant","content":"word word"},"finish_reason":"stop"}],"usage":%s}`, usage)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	for range 9 {
		fmt.Fprint(w, `data: {"choices":[{"index":0,"delta":{"content":"word "}}]}`+"\n\n")
	}
	fmt.Fprintf(w, `data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`+"\n\n"+`data: {"choices":[],"usage":%s}`+"\n\ndata: [DONE]\n\n", usage)
}

// TestRetriesAndHedgesAreBookedAsBilled drives retries, fallbacks and hedges through HTTP on both sides, and compares the ledger with the
// providers' bill to the nano-dollar.
func TestRetriesAndHedgesAreBookedAsBilled(t *testing.T) {
	refused, ok := row{Outcome: "refused"}, row{Outcome: "ok"}
	of := func(provider string, r row) row { r.Provider = provider; return r }
	for name, set := range map[string]struct {
		env   map[string]string
		first string // how long a may take to begin
		cases []upstreamCase
	}{
		"retries": {map[string]string{"LLM_RETRIES": "1"}, "300ms", []upstreamCase{
			{mode: "ok", both: true, rows: []row{of("a", ok)}},
			{mode: "429-once", both: true, least: time.Second, rows: []row{of("a", refused), of("a", ok)}},
			{mode: "429-long", both: true, most: 10 * time.Second, rows: []row{of("a", refused), of("b", ok)}},
			{mode: "ok", rows: []row{of("a", ok)}},
			{mode: "500-once", both: true, rows: []row{of("a", refused), of("a", ok)}},
			{mode: "500", both: true, rows: []row{of("a", refused), of("a", refused), of("b", ok)}},
			{mode: "ok", rows: []row{of("a", ok)}},
			// Nothing shows what a provider did that did not say a word: its whole reservation is booked, above its bill.
			{mode: "hang", rows: []row{of("a", row{Outcome: "failed", Estimated: true}), of("a", row{Outcome: "failed", Estimated: true}), of("b", ok)}, unknown: 2},
			{mode: "ok", rows: []row{of("a", ok)}},
			{mode: "cut-before", rows: []row{of("a", row{Outcome: "cut", Estimated: true}), of("a", ok)}},
			{mode: "cut", rows: []row{of("a", row{Outcome: "cut", Estimated: true})}, cut: true}, // pieces are out, so nobody is asked again
		}},
		"hedges": {map[string]string{"LLM_HEDGE": "150ms"}, "", []upstreamCase{
			{mode: "ok", both: true, rows: []row{of("a", ok)}},
			{mode: "begin-and-hang", rows: []row{of("a", row{Outcome: "aborted", Estimated: true}), of("b", ok)}},
			{mode: "hang", rows: []row{of("a", row{Outcome: "aborted", Estimated: true}), of("b", ok)}, unknown: 1},
			{mode: "500", both: true, rows: []row{of("a", refused), of("b", ok)}},
			{mode: "cut", rows: []row{of("a", row{Outcome: "cut", Estimated: true})}, cut: true},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			up := newUpstream(t)
			routes := filepath.Join(t.TempDir(), "routes.json")
			text := fmt.Sprintf(`{"api": [{"name": "a", "base_url": "%s/a/v1", "model": "gpt-4o", "first_byte": %q}, {"name": "b", "base_url": "%s/b/v1", "model": "gpt-4o"}]}`, up.URL, set.first, up.URL)
			if err := os.WriteFile(routes, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			set.env["LLM_ROUTES"] = routes
			r := startReplicas(t, 1, set.env)
			key, seen := r.key(), 0
			for i, tc := range set.cases {
				for _, stream := range []bool{true, false} {
					if stream || tc.both {
						seen = tc.run(t, r, up, key, fmt.Sprintf("mode=%s number %d.%t", tc.mode, i, stream), stream, seen)
					}
				}
			}
		})
	}
}

// upstreamCase is one request and what the ledger has of it.
type upstreamCase struct {
	mode        string
	both        bool // also without a stream
	least, most time.Duration
	rows        []row
	unknown     int  // of the rows, of which nobody knows what was billed
	cut         bool // the client sees the answer break off
}

// run makes the request and gives how many rows the ledger has then.
func (tc upstreamCase) run(t *testing.T, r *replicas, up *upstream, key, text string, stream bool, seen int) int {
	t.Helper()
	before, _, _ := up.state()
	began := time.Now()
	got := r.ask(0, key, text, stream)
	took := time.Since(began)
	if got.status != http.StatusOK || strings.Contains(got.body, `"error"`) != tc.cut || stream && strings.Contains(got.body, "[DONE]") == tc.cut {
		t.Errorf("%s: %d %s", text, got.status, got.body)
	}
	if pieces := strings.Count(got.body, `"content":"word `); stream && !tc.cut && pieces != 9 {
		t.Errorf("%s: %d pieces, want nine", text, pieces)
	}
	if took < tc.least || tc.most > 0 && took > tc.most {
		t.Errorf("%s took %s, want %s to %s", text, took, tc.least, tc.most)
	}
	rows := r.rows(seen + len(tc.rows))
	fresh := rows[seen:]
	booked, whole := gateway.Nano(0), 0
	for i, have := range fresh {
		if i < len(tc.rows) {
			want := tc.rows[i]
			if have.Provider != want.Provider || have.Outcome != want.Outcome || have.Estimated != want.Estimated || have.Outcome == "refused" && have.Cost != 0 {
				t.Errorf("%s, row %d: %+v, want %+v", text, i, have, want)
			}
		}
		if have.Estimated && have.Cost == have.Reserved {
			whole++
			continue
		}
		booked += have.Cost
	}
	bill, _, _ := up.state()
	if len(fresh) != len(tc.rows) || booked != bill-before || whole != tc.unknown {
		t.Errorf("%s: %d rows, %s booked and %d whole reservations; want %d, the %s that were billed, and %d", text, len(fresh), booked, whole, len(tc.rows), bill-before, tc.unknown)
	}
	return len(rows)
}
