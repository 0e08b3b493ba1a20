package embeddings_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/embeddings/embedtest"
	"github.com/gapwise/gapwise/gateway/openai"
	"github.com/gapwise/gapwise/internal/fault"
)

// wire is a Caller over a real client, as the gateway is one, without its budgets.
type wire struct{ client *openai.Client }

func (w wire) EmbedTexts(ctx context.Context, model string, texts []string) ([][]float32, error) {
	vectors, _, err := w.client.Embed(ctx, model, texts)
	return vectors, err
}

// misbehaviour answers one request in place of the server.
type misbehaviour func(w http.ResponseWriter, good string)

func refuses(status int) misbehaviour {
	return func(w http.ResponseWriter, _ string) {
		w.Header().Set("Retry-After", "0")
		w.WriteHeader(status)
	}
}

func answers(edit func(good string) string) misbehaviour {
	return func(w http.ResponseWriter, good string) { fmt.Fprint(w, edit(good)) }
}

// openaiServer embeds like endpoint, over HTTP, except that each request may be misbehaved on.
func openaiServer(tb testing.TB, bad func(request int) misbehaviour) embeddings.Caller {
	tb.Helper()
	var requests atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := int(requests.Add(1))
		var in struct {
			Input []string `json:"input"`
		}
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || r.URL.Path != "/base/v9/embeddings" {
			tb.Errorf("asked %s with %v", r.URL.Path, err)
		}
		vectors, err := vectorsOf(in.Input)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		type row struct {
			Index     int       `json:"index"`
			Embedding []float32 `json:"embedding"`
		}
		rows := make([]row, len(vectors))
		for i, v := range vectors {
			rows[i] = row{i, v}
		}
		slices.Reverse(rows) // an answer may come in any order
		good, err := json.Marshal(map[string]any{"data": rows, "usage": map[string]int{"prompt_tokens": len(in.Input)}})
		if err != nil {
			tb.Error(err)
		}
		if b := bad(n); b != nil {
			b(w, string(good))
			return
		}
		_, _ = w.Write(good)
	}))
	tb.Cleanup(s.Close)
	return wire{openai.New(s.URL+"/base/v9", "key")}
}

// TestEndpointMisbehaves runs the conformance suite against a server that fails every third request in a way that passes.
func TestEndpointMisbehaves(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]misbehaviour{
		"429": refuses(http.StatusTooManyRequests),
		"500": refuses(http.StatusInternalServerError),
		"503": refuses(http.StatusServiceUnavailable),
		"hangs up": func(http.ResponseWriter, string) {
			panic(http.ErrAbortHandler)
		},
		"slow": func(w http.ResponseWriter, good string) {
			_ = http.NewResponseController(w).Flush()
			_, _ = io.WriteString(w, good[:len(good)/2])
			_ = http.NewResponseController(w).Flush()
			timer := time.NewTimer(20 * time.Millisecond)
			<-timer.C
			_, _ = io.WriteString(w, good[len(good)/2:])
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := embeddings.NewRemote(t.Context(), openaiServer(t, func(request int) misbehaviour {
				if request%3 == 2 {
					return bad
				}
				return nil
			}), endpointModel)
			if err != nil {
				t.Fatal(err)
			}
			embedtest.Conform(t, r)
		})
	}
}

// TestEndpointSpoils: an answer that cannot be used is Unavailable and gives no vector at all, whatever is wrong with it.
func TestEndpointSpoils(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		bad  misbehaviour
	}{
		{"no vectors", answers(func(string) string { return `{"data":[]}` })},
		{"one too few", answers(func(good string) string { return strings.Replace(good, `{"index":2,`, `{"index":1,`, 1) })},
		{"an index beyond", answers(func(good string) string { return strings.Replace(good, `{"index":2,`, `{"index":7,`, 1) })},
		{"no number", answers(func(good string) string { return strings.Replace(good, `"embedding":[`, `"embedding":["NaN",`, 1) })},
		{"beyond every number", answers(func(good string) string { return strings.Replace(good, `"embedding":[`, `"embedding":[1e99,`, 1) })},
		{"another length", answers(func(good string) string { return strings.Replace(good, `"embedding":[`, `"embedding":[1,`, 1) })},
		{"truncated", answers(func(good string) string { return good[:len(good)-20] })},
		{"not JSON", answers(func(string) string { return "<html>busy</html>" })},
		{"refuses the model", refuses(http.StatusBadRequest)},
		{"refuses the key", refuses(http.StatusUnauthorized)},
		{"always busy", refuses(http.StatusTooManyRequests)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, err := embeddings.NewRemote(t.Context(), openaiServer(t, func(request int) misbehaviour {
				if request == 1 { // the probe
					return nil
				}
				return tt.bad
			}), endpointModel)
			if err != nil {
				t.Fatal(err)
			}
			got, err := r.Embed(t.Context(), []string{"Go", "Rust", "Kafka"})
			if !errors.Is(err, fault.Unavailable) || got != nil {
				t.Errorf("%v, %v; want Unavailable alone", got, err)
			}
		})
	}
}

// TestRemoteRetries: what may pass is tried again, at most three times and no sooner than the endpoint asks; nothing else is.
func TestRemoteRetries(t *testing.T) {
	busy := func(after time.Duration) error {
		return fault.New(fault.Unavailable, "model-busy", "Busy.").After(after)
	}
	tests := []struct {
		name     string
		fails    int // calls that fail before one works
		err      error
		calls    int
		atLeast  time.Duration
		embedded bool
	}{
		{"works", 0, nil, 1, 0, true},
		{"busy once", 1, busy(7 * time.Second), 2, 7 * time.Second, true},
		{"busy three times", 3, busy(2 * time.Second), 4, 6 * time.Second, true},
		{"busy for good", 100, busy(2 * time.Second), 4, 6 * time.Second, false},
		{"away for an hour", 100, busy(time.Hour), 1, 0, false},
		{"will never work", 100, fault.New(fault.Unavailable, "model-refused-key", "No."), 1, 0, false},
		{"no money", 100, fault.New(fault.BudgetExceeded, "budget", "No.").After(time.Second), 1, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := &endpoint{}
				r := newRemote(t, e)
				calls := 0
				e.answer = func(texts []string) ([][]float32, error) {
					if calls++; calls <= tt.fails {
						return nil, tt.err
					}
					return vectorsOf(texts)
				}
				start := time.Now()
				got, err := r.Embed(t.Context(), []string{"Go"})
				if (err == nil) != tt.embedded || (len(got) == 1) != tt.embedded {
					t.Errorf("%v, %v", got, err)
				}
				if took := time.Since(start); calls != tt.calls || took < tt.atLeast || took > tt.atLeast+4*time.Second {
					t.Errorf("%d calls over %s; want %d over %s and some jitter", calls, took, tt.calls, tt.atLeast)
				}
			})
		})
	}
}

// TestRemoteBounds: no call is bigger than any endpoint takes, no more than four are under way, and a failure ends the rest.
func TestRemoteBounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &endpoint{}
		r := newRemote(t, e)
		var now, most, calls atomic.Int64
		e.answer = func(texts []string) ([][]float32, error) {
			calls.Add(1)
			n := now.Add(1)
			defer now.Add(-1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			size := 0
			for _, text := range texts {
				size += len(text)
			}
			if size > 64<<10 || len(texts) > 32 {
				t.Errorf("a call of %d texts and %d bytes", len(texts), size)
			}
			timer := time.NewTimer(time.Second)
			<-timer.C
			if calls.Load() > 50 {
				return nil, fault.New(fault.Unavailable, "model-refused-key", "No.")
			}
			return vectorsOf(texts)
		}
		long := strings.Repeat("数据库 ", 10_000) // each is cut to 24 KiB between two runes, so two fit a call
		if _, err := r.Embed(t.Context(), slices.Repeat([]string{long}, 40)); err != nil {
			t.Fatal(err)
		}
		if most.Load() != 4 || calls.Load() != 20 {
			t.Errorf("%d calls, %d at once; want 20, 4", calls.Load(), most.Load())
		}
		if _, err := r.Embed(t.Context(), slices.Repeat([]string{long}, 400)); !errors.Is(err, fault.Unavailable) {
			t.Errorf("error %v, want Unavailable", err)
		}
		if n := calls.Load(); n > 60 {
			t.Errorf("%d calls went on after the first failure", n-50)
		}
	})
}
