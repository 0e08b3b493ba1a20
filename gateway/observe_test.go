package gateway_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/gapwise/gapwise/gateway"
)

func TestSpansFollowTheConventions(t *testing.T) {
	spans := tracetest.NewInMemoryExporter()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans))
	m := newModel(t, answers(bills(20, 30)))
	h := newHouse(t, m.URL, dear, roomy, func(o *gateway.Options) { o.Tracer = provider.Tracer("test") })
	messages := []gateway.Message{{Role: "user", Content: "My resume: Ada Lovelace"}}
	if _, err := h.Complete(t.Context(), gateway.Request{Messages: messages, MaxTokens: 100, Purpose: "chat"}); err != nil {
		t.Fatal(err)
	}
	got := spans.GetSpans()
	if len(got) != 1 || got[0].Name != "chat stub" {
		t.Fatalf("%d spans %v, want one for the call", len(got), got)
	}
	have := map[string]string{}
	for _, a := range got[0].Attributes {
		have[string(a.Key)] = a.Value.String()
	}
	for key, want := range map[string]string{
		"gen_ai.operation.name": "chat", "gen_ai.request.model": "stub", "gen_ai.request.max_tokens": "100", "gen_ai.usage.input_tokens": "20",
		"gen_ai.usage.output_tokens": "30", "gen_ai.provider.name": "default", "gen_ai.response.model": "stub", "gen_ai.response.finish_reasons": `["stop"]`, "server.address": "127.0.0.1", "gapwise.cost": "0.0032", "gapwise.outcome": "ok", "gapwise.purpose": "chat",
	} {
		if have[key] != want {
			t.Errorf("%s is %q, want %q", key, have[key], want)
		}
	}
	for key, value := range have {
		if strings.Contains(value, "Ada") || strings.Contains(value, "Hello.") {
			t.Errorf("%s holds the prompt or the answer: %q", key, value)
		}
	}
}

func TestMetrics(t *testing.T) {
	failing := false
	m := newModel(t, func(w http.ResponseWriter, r *http.Request, b body) {
		if failing {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		answers(bills(20, 30))(w, r, b)
	})
	h := newHouse(t, m.URL, dear, roomy, nil)
	ask := func() {
		_, _ = h.Stream(t.Context(), gateway.Request{Person: uuid.New(), Messages: question(100), MaxTokens: 100}, func(string) error { return nil })
	}
	ask()
	failing = true
	ask()
	var b strings.Builder
	h.WriteMetrics(&b)
	for _, want := range []string{
		`gapwise_model_calls_total{model="stub",outcome="ok"} 1`, `gapwise_model_calls_total{model="stub",outcome="refused"} 1`,
		`gapwise_model_tokens_total{model="stub",kind="input"} 20`, `gapwise_model_tokens_total{model="stub",kind="output"} 30`,
		`gapwise_model_cost_dollars_total{model="stub"} 0.0032`, `gapwise_budget_waiting 0`, `gapwise_model_seconds_count 2`, `gapwise_model_first_piece_seconds_count 1`,
	} {
		if !strings.Contains(b.String(), want+"\n") {
			t.Errorf("%s is missing in\n%s", want, b.String())
		}
	}
}

// alike is a store of answers in which every question is as near to every other as can be without being the same.
type alike struct {
	family   string
	question string
	answer   gateway.Answer
}

func (a *alike) Nearest(_ context.Context, family []byte, _ []float32, _ time.Time) (question string, answer gateway.Answer, cosine float64, ok bool, err error) {
	return a.question, a.answer, 0.99, a.question != "" && a.family == string(family), nil
}

func (a *alike) Keep(_ context.Context, family []byte, question string, _ []float32, answer gateway.Answer, _ time.Time) error {
	a.family, a.question, a.answer = string(family), question, answer
	return nil
}

// TestNearMisses asks questions that any vector space has close together and that are not the same.
func TestNearMisses(t *testing.T) {
	first := "How do I learn Kafka in 10 hours?"
	for question, same := range map[string]bool{
		"How can I learn Kafka in 10 hours?":           true,
		"how do i learn kafka in 10 hours":             true,
		"Please tell me how I learn Kafka in 10 hours": true,
		"How do I learn Spark in 10 hours?":            false,
		"How do I learn Kafka in 20 hours?":            false,
		"How do I not learn Kafka in 10 hours?":        false,
		"Why do I learn Kafka in 10 hours?":            false,
		"How do I teach Kafka in 10 hours?":            false,
		"How do I learn Kafka without 10 hours?":       false,
	} {
		store := &alike{}
		m := newModel(t, answers(bills(20, 30)))
		h := newHouse(t, m.URL, dear, roomy, func(o *gateway.Options) {
			o.Cache = &gateway.Cache{Life: time.Hour, MaxBytes: 1 << 20, Similar: store, Threshold: 0.93, Embed: func(context.Context, string) ([]float32, error) {
				return []float32{1}, nil
			}}
		})
		ask := func(text, system string, impersonal bool) string {
			t.Helper()
			resp, err := h.Complete(t.Context(), gateway.Request{
				Person: uuid.New(), Impersonal: impersonal, MaxTokens: 100, Messages: []gateway.Message{{Role: "system", Content: system}, {Role: "user", Content: text}},
			})
			if err != nil {
				t.Fatal(err)
			}
			return resp.Cache
		}
		ask(first, "Be short.", true)
		if got := ask(question, "Be short.", true); (got == gateway.CacheSemantic) != same {
			t.Errorf("%q after %q: cache %q, want a hit %t", question, first, got, same)
		}
		if got := ask(first+" ", "Be long.", true); got != "" {
			t.Errorf("another system prompt: cache %q", got)
		}
		if got := ask(first, "Be short.", false); got != "" {
			t.Errorf("a personal prompt: cache %q", got)
		}
	}
}
