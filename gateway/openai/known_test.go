package openai_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/gateway"
)

const (
	tooled = `{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"look","arguments":"{\"q\":1}"}}]}}]}`
	think  = `{"choices":[{"index":0,"delta":{"reasoning_content":"Hmm."}}]}`
	over   = `{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`
)

func TestWhatIsKnownOfACall(t *testing.T) {
	tests := []struct {
		name       string
		script     http.HandlerFunc
		stream     bool
		begun      bool
		unreported string
	}{
		{"whole with usage", says(`{"choices":[{"message":{"content":"Hi"}}],"usage":{"prompt_tokens":9,"completion_tokens":4}}`), false, true, ""},
		{"whole without", says(`{"choices":[{"message":{"content":"Hi"}},{"message":{"content":"Ho"}}]}`), false, true, "HiHo"},
		{"whole, cut", cut(says(`{"choices":[`)), false, false, ""},
		{"refused", status(500, ""), true, false, ""},
		{"stream with usage", events(hello, over, `{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4}}`, "[DONE]"), true, true, ""},
		{"stream without", events(hello, over, "[DONE]"), true, true, "Hello"},
		{"stream, cut after a running report", cut(events(`{"choices":[{"index":0,"delta":{"content":"Hel"}}],"usage":{"prompt_tokens":9,"completion_tokens":1}}`, hello)), true, true, "Hello"},
		{"reasoning and arguments of tools count", events(think, tooled, over, "[DONE]"), true, true, `Hmm.look{"q":1}`},
		{"all answers count", events(hello, `{"choices":[{"index":1,"delta":{"content":"Two"}}]}`, over, "[DONE]"), true, true, "HelloTwo"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var emit func(gateway.Piece) error
			if tt.stream {
				emit = func(gateway.Piece) error { return nil }
			}
			got, _ := newServer(t, tt.script).client().Chat(t.Context(), call, emit)
			if got.Begun != tt.begun || got.Unreported != tt.unreported {
				t.Errorf("begun %t, unreported %q; want %t, %q", got.Begun, got.Unreported, tt.begun, tt.unreported)
			}
		})
	}
}

func TestUsageOfEveryKind(t *testing.T) {
	tests := []struct {
		name, usage string
		want        gateway.Usage
	}{
		{"cached", `{"prompt_tokens":100,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":80}}`, gateway.Usage{PromptTokens: 100, CompletionTokens: 5, CachedTokens: 80}},
		{"cached, DeepSeek", `{"prompt_tokens":100,"completion_tokens":5,"prompt_cache_hit_tokens":64}`, gateway.Usage{PromptTokens: 100, CompletionTokens: 5, CachedTokens: 64}},
		{"written", `{"prompt_tokens":100,"completion_tokens":5,"cache_creation_input_tokens":40,"cache_read_input_tokens":30}`, gateway.Usage{PromptTokens: 100, CompletionTokens: 5, CachedTokens: 30, CacheWriteTokens: 40}},
		{"reasoning within", `{"prompt_tokens":10,"completion_tokens":50,"total_tokens":60,"completion_tokens_details":{"reasoning_tokens":30}}`, gateway.Usage{PromptTokens: 10, CompletionTokens: 50, ReasoningTokens: 30}},
		{"reasoning beside", `{"prompt_tokens":10,"completion_tokens":20,"total_tokens":60,"completion_tokens_details":{"reasoning_tokens":30}}`, gateway.Usage{PromptTokens: 10, CompletionTokens: 50, ReasoningTokens: 30}},
	}
	for _, tt := range tests {
		for _, stream := range []bool{false, true} {
			script := says(`{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}],"usage":` + tt.usage + `}`)
			var emit func(gateway.Piece) error
			if stream {
				script = events(hello, over, `{"choices":[],"usage":`+tt.usage+`}`, "[DONE]")
				emit = func(gateway.Piece) error { return nil }
			}
			got, err := newServer(t, script).client().Chat(t.Context(), call, emit)
			if err != nil || got.Usage == nil || *got.Usage != tt.want {
				t.Errorf("%s, stream %t: %+v, %v; want %+v", tt.name, stream, got.Usage, err, tt.want)
			}
		}
	}
}

// TestToolsPassThrough sends a body with tools and gets the choices as the endpoint sent them.
func TestToolsPassThrough(t *testing.T) {
	body := `{"model":"mine","stream":true,"max_tokens":9999,"messages":[{"role":"user","content":"Look"}],"tools":[{"type":"function","function":{"name":"look","parameters":{"type":"object"}}}],"tool_choice":"auto"}`
	c := gateway.Call{Model: "m", MaxTokens: 50, Body: json.RawMessage(body)}
	s := newServer(t, events(tooled, `{"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}`, "[DONE]"))
	var raw []string
	got, err := s.client().Chat(t.Context(), c, func(p gateway.Piece) error { raw = append(raw, string(p.Choices)); return nil })
	if err != nil || got.FinishReason != "tool_calls" || len(raw) != 2 || !strings.Contains(raw[0], `"name":"look"`) {
		t.Errorf("%+v, %v, %q", got, err, raw)
	}
	if s.body["model"] != "m" || s.body["max_tokens"] != 50.0 || s.body["tools"] == nil || s.body["tool_choice"] != "auto" {
		t.Errorf("asked %v", s.body)
	}
	if diff := cmp.Diff(map[string]any{"include_usage": true}, s.body["stream_options"]); diff != "" {
		t.Error(diff)
	}
}

// TestLeavingIsToldAtOnce has an endpoint that writes until it is told that nobody reads. All that it wrote is known, to the byte, and it is
// told within a tenth of a second.
func TestLeavingIsToldAtOnce(t *testing.T) {
	var wrote atomic.Int64
	told := make(chan time.Time, 1)
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		for tick := time.NewTicker(2 * time.Millisecond); ; {
			select {
			case <-r.Context().Done():
				told <- time.Now()
				return
			case <-tick.C:
				events(`{"choices":[{"index":0,"delta":{"content":"word "}}]}`)(w, r)
				wrote.Add(5)
			}
		}
	})
	for _, how := range []string{"the context ends", "the reader fails"} {
		wrote.Store(0)
		ctx, cancel := context.WithCancel(t.Context())
		var left time.Time
		n := 0
		got, err := s.client().Chat(ctx, call, func(gateway.Piece) error {
			if n++; n < 20 {
				return nil
			}
			left = time.Now()
			if how == "the reader fails" {
				return errors.New("gone")
			}
			cancel()
			return nil
		})
		cancel()
		if err == nil {
			t.Errorf("%s: no error", how)
		}
		if late := (<-told).Sub(left); late > 100*time.Millisecond {
			t.Errorf("%s: the endpoint was told after %s", how, late)
		}
		if int64(len(got.Unreported)) != wrote.Load() {
			t.Errorf("%s: %d bytes are known, %d were written", how, len(got.Unreported), wrote.Load())
		}
	}
}

// TestPromptIsNamed looks for the template's version beside a call, whole and streamed, and for nothing where there is no template.
func TestPromptIsNamed(t *testing.T) {
	for _, version := range []string{"", "tutor-explain-1"} {
		for _, stream := range []bool{false, true} {
			s := newServer(t, says(`{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]}`))
			var emit func(gateway.Piece) error
			if stream {
				s = newServer(t, events(hello, over, "[DONE]"))
				emit = func(gateway.Piece) error { return nil }
			}
			named := call
			named.PromptVersion = version
			if _, err := s.client().Chat(t.Context(), named, emit); err != nil {
				t.Fatal(err)
			}
			if got, sent := s.header.Get("X-Gapwise-Prompt"), s.header["X-Gapwise-Prompt"] != nil; got != version || sent != (version != "") {
				t.Errorf("version %q, stream %t: the header is %q", version, stream, got)
			}
		}
	}
}
