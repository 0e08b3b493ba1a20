package openai_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/gateway/openai"
	"github.com/gapwise/gapwise/internal/fault"
)

// server runs a script for every request, and keeps the last one's header and body.
type server struct {
	*httptest.Server
	path   string
	header http.Header
	body   map[string]any
}

func newServer(tb testing.TB, script http.HandlerFunc) *server {
	tb.Helper()
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.path, s.header, s.body = r.URL.Path, r.Header, map[string]any{}
		if err := json.NewDecoder(r.Body).Decode(&s.body); err != nil {
			tb.Errorf("the endpoint was sent something else than JSON: %v", err)
		}
		script(w, r)
	}))
	tb.Cleanup(s.Close)
	return s
}

func (s *server) client() *openai.Client { return openai.New(s.URL+"/v1/", "secret") }

// says writes a body and, where the script is that of a stream, its events.
func says(parts ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for _, p := range parts {
			fmt.Fprint(w, p)
			if f, ok := w.(http.Flusher); ok {
				f.Flush()
			}
		}
	}
}

func events(list ...string) http.HandlerFunc {
	return says(strings.Split("data: "+strings.Join(list, "\n\n§data: ")+"\n\n", "§")...)
}

func status(code int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		fmt.Fprint(w, body)
	}
}

func busy(retryAfter string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", retryAfter)
		w.WriteHeader(http.StatusTooManyRequests)
	}
}

func cut(first http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		first(w, r)
		panic(http.ErrAbortHandler)
	}
}

var call = gateway.Call{
	Model: "m", MaxTokens: 50, Temperature: 0.3,
	Messages: []gateway.Message{{Role: "system", Content: "Be short."}, {Role: "user", Content: "What is a ledger?"}},
}

const hello = `{"choices":[{"index":0,"delta":{"role":"assistant","content":"Hello"}}]}`

func TestChat(t *testing.T) {
	used := &gateway.Usage{PromptTokens: 9, CompletionTokens: 4}
	tests := []struct {
		name     string
		script   http.HandlerFunc
		stream   bool
		want     gateway.Result
		code     string // of the error; "" for none
		retry    time.Duration
		streamed string
	}{
		{
			name: "whole", script: says(`{"choices":[{"message":{"content":"Hello."},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":4}}`),
			want: gateway.Result{Text: "Hello.", FinishReason: "stop", Usage: used},
		},
		{
			name: "whole, cut by its length", script: says(`{"choices":[{"message":{"content":"Hel"},"finish_reason":"length"}],"usage":{"prompt_tokens":9,"completion_tokens":4}}`),
			want: gateway.Result{Text: "Hel", FinishReason: "length", Usage: used},
		},
		{
			name: "whole, no usage", script: says(`{"choices":[{"message":{"content":"Hello."},"finish_reason":"stop"}]}`),
			want: gateway.Result{Text: "Hello.", FinishReason: "stop"},
		},
		{name: "whole, no choices", script: says(`{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4}}`), want: gateway.Result{Usage: used}, code: "model-malformed"},
		{name: "whole, malformed", script: says(`{"choices":[`), code: "model-unreachable", retry: time.Second},
		{name: "whole, not JSON", script: says(`<html>`), code: "model-unreachable", retry: time.Second},
		{name: "whole, cut off", script: cut(says(`{"choices":[{"message":`)), code: "model-unreachable", retry: time.Second},
		{name: "whole, huge", script: says(`{"choices":[{"message":{"content":"`, strings.Repeat("x", 33<<20), `"}}]}`), code: "model-unreachable", retry: time.Second},

		{
			name: "stream", stream: true, script: events(hello, `{"choices":[{"index":0,"delta":{"content":" you."}}]}`, `{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`,
				`{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4}}`, "[DONE]"),
			want: gateway.Result{Text: "Hello you.", FinishReason: "stop", Usage: used}, streamed: "Hello| you.",
		},
		{
			name: "stream, usage beside the finish", stream: true, script: events(hello, `{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":4}}`, "[DONE]"),
			want: gateway.Result{Text: "Hello", FinishReason: "stop", Usage: used}, streamed: "Hello",
		},
		{
			name: "stream, the last of running usages", stream: true, script: events(
				`{"choices":[{"index":0,"delta":{"content":"Hello"}}],"usage":{"prompt_tokens":9,"completion_tokens":1}}`,
				`{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":4}}`, "[DONE]"),
			want: gateway.Result{Text: "Hello", FinishReason: "stop", Usage: used}, streamed: "Hello",
		},
		{
			name: "stream, no usage", stream: true, script: events(hello, `{"choices":[{"index":0,"delta":{},"finish_reason":"length"}]}`, "[DONE]"),
			want: gateway.Result{Text: "Hello", FinishReason: "length"}, streamed: "Hello",
		},
		{
			name: "stream, nothing after the finish", stream: true, script: events(hello, `{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`),
			want: gateway.Result{Text: "Hello", FinishReason: "stop"}, streamed: "Hello",
		},
		{
			name: "stream, keep-alives", stream: true, script: says(": ping\n\n", ": ping\n\n", "data: "+hello+"\n\n", "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n", "data: [DONE]\n\n"),
			want: gateway.Result{Text: "Hello", FinishReason: "stop"}, streamed: "Hello",
		},
		{name: "stream, no finish", stream: true, script: events(hello, "[DONE]"), want: gateway.Result{Text: "Hello"}, code: "model-cut-off", streamed: "Hello"},
		{name: "stream, empty", stream: true, script: says(""), code: "model-cut-off"},
		{name: "stream, cut off", stream: true, script: cut(events(hello)), want: gateway.Result{Text: "Hello"}, code: "model-unreachable", retry: time.Second, streamed: "Hello"},
		{name: "stream, malformed", stream: true, script: events(hello, `{"choices":[`), want: gateway.Result{Text: "Hello"}, code: "model-unreachable", retry: time.Second, streamed: "Hello"},
		{name: "stream, an error inside", stream: true, script: events(hello, `{"error":{"message":"overloaded","code":529}}`), want: gateway.Result{Text: "Hello"}, code: "model-unreachable", retry: time.Second, streamed: "Hello"},
		{
			name: "stream, over a megabyte", stream: true, script: events(hello, `{"choices":[{"index":0,"delta":{"content":"`+strings.Repeat("x", 1<<20)+`"}}]}`),
			want: gateway.Result{Text: "Hello"}, code: "model-malformed", streamed: "Hello",
		},

		{name: "401", script: status(401, `{"error":{"message":"bad key sk-123"}}`), want: gateway.Result{Unbilled: true}, code: "model-refused-key"},
		{name: "403", script: status(403, `no`), want: gateway.Result{Unbilled: true}, code: "model-refused-key"},
		{name: "429", script: status(429, `{"error":{"message":"slow down"}}`), want: gateway.Result{Unbilled: true}, code: "model-busy", retry: 10 * time.Second},
		{name: "400", script: status(400, `{"error":{"message":"no such model"}}`), want: gateway.Result{Unbilled: true}, code: "model-refused-request"},
		{name: "429 that says when", script: busy("7"), want: gateway.Result{Unbilled: true}, code: "model-busy", retry: 7 * time.Second},
		{name: "429 that says at once", script: busy("0"), want: gateway.Result{Unbilled: true}, code: "model-busy", retry: time.Millisecond},
		{name: "429 that asks for a day", script: busy("86400"), want: gateway.Result{Unbilled: true}, code: "model-busy", retry: time.Hour},
		{name: "429 that says nonsense", script: busy("soon"), want: gateway.Result{Unbilled: true}, code: "model-busy", retry: 10 * time.Second},
		{name: "500", script: status(500, ``), want: gateway.Result{Unbilled: true}, code: "model-failed", retry: time.Second},
		{name: "stream, 401", stream: true, script: status(401, `{"error":{"message":"bad key"}}`), want: gateway.Result{Unbilled: true}, code: "model-refused-key"},
		{name: "stream, 429", stream: true, script: status(429, `busy`), want: gateway.Result{Unbilled: true}, code: "model-busy", retry: 10 * time.Second},
		{name: "stream, 500", stream: true, script: status(500, `<html>`), want: gateway.Result{Unbilled: true}, code: "model-failed", retry: time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newServer(t, tt.script)
			var pieces []string
			var emit func(gateway.Piece) error
			if tt.stream {
				emit = func(p gateway.Piece) error { pieces = append(pieces, p.Text); return nil }
			}
			got, err := s.client().Chat(t.Context(), call, emit)
			got.Begun, got.Unreported = false, "" // TestWhatIsKnownOfACall
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}
			if tt.code == "" && err != nil || tt.code != "" && (fault.CodeOf(err) != tt.code || !errors.Is(err, fault.Unavailable)) {
				t.Errorf("error %v, want %q", err, tt.code)
			}
			if got := fault.RetryAfter(err); got != tt.retry {
				t.Errorf("try again after %s, want %s", got, tt.retry)
			}
			if d := fault.DetailOf(err); err != nil && strings.Contains(d, "sk-123") {
				t.Errorf("the detail %q says what the endpoint said", d)
			}
			if got := strings.Join(pieces, "|"); got != tt.streamed {
				t.Errorf("streamed %q, want %q", got, tt.streamed)
			}
		})
	}
}

func TestChatRequest(t *testing.T) {
	answer := says(`{"choices":[{"message":{"content":"Hello."},"finish_reason":"stop"}]}`)
	tests := []struct {
		model  string
		newer  bool // takes max_completion_tokens, and no temperature
		stream bool
	}{
		{"gpt-4o", false, false},
		{"gpt-4.1-mini", false, true},
		{"llama3.2", false, false},
		{"olmo-2", false, false},
		{"o1", true, false},
		{"o3-mini", true, false},
		{"o4-mini", true, true},
		{"gpt-5-nano", true, false},
	}
	for _, tt := range tests {
		t.Run(tt.model, func(t *testing.T) {
			script := answer
			c := call
			c.Model = tt.model
			var emit func(gateway.Piece) error
			if tt.stream {
				script = events(hello, `{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`, "[DONE]")
				emit = func(gateway.Piece) error { return nil }
			}
			s := newServer(t, script)
			if _, err := s.client().Chat(t.Context(), c, emit); err != nil {
				t.Fatal(err)
			}
			if s.path != "/v1/chat/completions" || s.header.Get("Authorization") != "Bearer secret" {
				t.Errorf("asked at %s with %q", s.path, s.header.Get("Authorization"))
			}
			want := map[string]any{
				"model": tt.model, "stream": tt.stream,
				"messages": []any{map[string]any{"role": "system", "content": "Be short."}, map[string]any{"role": "user", "content": "What is a ledger?"}},
			}
			if tt.newer {
				want["max_completion_tokens"] = 50.0
			} else {
				want["max_tokens"], want["temperature"] = 50.0, 0.3
			}
			if tt.stream {
				want["stream_options"] = map[string]any{"include_usage": true}
			}
			if diff := cmp.Diff(want, s.body); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
		})
	}
}

func TestChatStopsWhenTheReaderDoes(t *testing.T) {
	stop := errors.New("gone")
	s := newServer(t, events(hello, hello, hello))
	n := 0
	got, err := s.client().Chat(t.Context(), call, func(gateway.Piece) error { n++; return stop })
	if !errors.Is(err, stop) || n != 1 || !strings.HasPrefix(got.Text, "Hello") || got.Unbilled || got.Usage != nil {
		t.Errorf("%+v, %v after %d pieces; want the reader's own error after one, and no word on the cost", got, err, n)
	}
}

// waiting answers nothing until the client has gone.
func waiting(first http.HandlerFunc, asked chan<- struct{}) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		first(w, r)
		close(asked)
		<-r.Context().Done()
	}
}

func TestContextEnds(t *testing.T) {
	nothing := func(http.ResponseWriter, *http.Request) {}
	tests := []struct {
		name   string
		first  http.HandlerFunc
		stream bool
		cause  error
		want   error
	}{
		{"cancelled before the header", nothing, false, nil, context.Canceled},
		{"cancelled before the stream's header", nothing, true, nil, context.Canceled},
		{"cancelled within the stream", events(hello), true, nil, context.Canceled},
		{"out of time before the header", nothing, false, context.DeadlineExceeded, fault.Timeout},
		{"out of time within the stream", events(hello), true, context.DeadlineExceeded, fault.Timeout},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			asked := make(chan struct{})
			s := newServer(t, waiting(tt.first, asked))
			ctx := &ending{Context: t.Context(), done: make(chan struct{}), err: context.Canceled}
			if tt.cause != nil {
				ctx.err = tt.cause
			}
			go func() { <-asked; close(ctx.done) }()
			var emit func(gateway.Piece) error
			if tt.stream {
				emit = func(gateway.Piece) error { return nil }
			}
			got, err := s.client().Chat(ctx, call, emit)
			if !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
			if got.Unbilled {
				t.Error("a call that was sent counts as one that cost nothing")
			}
		})
	}
}

// ending is a context that ends for a reason when the test says so, and not by the clock.
type ending struct {
	context.Context //nolint:containedctx // it is one
	done            chan struct{}
	err             error
}

func (e *ending) Done() <-chan struct{} { return e.done }

func (e *ending) Err() error {
	select {
	case <-e.done:
		return e.err
	default:
		return nil
	}
}

func TestConnectionRefused(t *testing.T) {
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + l.Addr().String() + "/v1"
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	c := openai.New(address, "secret")
	got, err := c.Chat(t.Context(), call, nil)
	if !got.Unbilled || fault.CodeOf(err) != "model-unreachable" {
		t.Errorf("Chat: %+v, %v; want unbilled, model-unreachable", got, err)
	}
	got, err = c.Chat(t.Context(), call, func(gateway.Piece) error { return nil })
	if !got.Unbilled || fault.CodeOf(err) != "model-unreachable" {
		t.Errorf("Chat, streamed: %+v, %v; want unbilled, model-unreachable", got, err)
	}
	_, got, err = c.Embed(t.Context(), "m", []string{"Go"})
	if !got.Unbilled || fault.CodeOf(err) != "model-unreachable" {
		t.Errorf("Embed: %+v, %v; want unbilled, model-unreachable", got, err)
	}
}

func TestEmbed(t *testing.T) {
	used := &gateway.Usage{PromptTokens: 6}
	tests := []struct {
		name   string
		script http.HandlerFunc
		want   [][]float32
		result gateway.Result
		code   string
	}{
		{"in order", says(`{"data":[{"index":0,"embedding":[1,0]},{"index":1,"embedding":[0,1]}],"usage":{"prompt_tokens":6}}`), [][]float32{{1, 0}, {0, 1}}, gateway.Result{Usage: used}, ""},
		{"out of order", says(`{"data":[{"index":1,"embedding":[0,1]},{"index":0,"embedding":[1,0]}]}`), [][]float32{{1, 0}, {0, 1}}, gateway.Result{}, ""},
		{"an index twice", says(`{"data":[{"index":0,"embedding":[1,0]},{"index":0,"embedding":[0,1]}],"usage":{"prompt_tokens":6}}`), nil, gateway.Result{Usage: used}, "model-malformed"},
		{"an index missing", says(`{"data":[{"index":1,"embedding":[1,0]}]}`), nil, gateway.Result{}, "model-malformed"},
		{"an index too high", says(`{"data":[{"index":0,"embedding":[1,0]},{"index":2,"embedding":[0,1]}]}`), nil, gateway.Result{}, "model-malformed"},
		{"an index below nothing", says(`{"data":[{"index":-1,"embedding":[1,0]},{"index":1,"embedding":[0,1]}]}`), nil, gateway.Result{}, "model-malformed"},
		{"one too many", says(`{"data":[{"index":0,"embedding":[1,0]},{"index":1,"embedding":[0,1]},{"index":1,"embedding":[0,1]}]}`), nil, gateway.Result{}, "model-malformed"},
		{"a vector missing", says(`{"data":[{"index":0,"embedding":[1,0]},{"index":1}]}`), nil, gateway.Result{}, "model-malformed"},
		{"malformed", says(`{"data":`), nil, gateway.Result{}, "model-unreachable"},
		{"429", status(429, ""), nil, gateway.Result{Unbilled: true}, "model-busy"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newServer(t, tt.script)
			got, result, err := s.client().Embed(t.Context(), "m", []string{"Go", "Kafka"})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("vectors (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.result, result); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}
			if tt.code == "" && err != nil || tt.code != "" && fault.CodeOf(err) != tt.code {
				t.Errorf("error %v, want %q", err, tt.code)
			}
			if diff := cmp.Diff([]any{"Go", "Kafka"}, s.body["input"]); diff != "" || s.path != "/v1/embeddings" {
				t.Errorf("asked at %s (-want +got):\n%s", s.path, diff)
			}
		})
	}
}
