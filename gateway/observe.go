package gateway

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/gapwise/gapwise/internal/fault"
)

// startSpan begins the span of one call by OpenTelemetry's conventions for generative AI. It holds no prompt and no answer.
func (g *Gateway) startSpan(ctx context.Context, operation string, t *target, r Reservation, call *Call, answers int) (context.Context, trace.Span) {
	ctx, span := g.o.Tracer.Start(ctx, operation+" "+t.Model, trace.WithSpanKind(trace.SpanKindClient))
	if !span.IsRecording() {
		return ctx, span
	}
	span.SetAttributes(
		attribute.String("gen_ai.operation.name", operation), attribute.String("gen_ai.provider.name", g.providerName(t)), attribute.String("gen_ai.request.model", t.Model),
		attribute.String("gapwise.purpose", r.Purpose), attribute.String("gapwise.call", r.CallID.String()), attribute.String("gapwise.reserved", r.Amount.String()),
	)
	if call.MaxTokens > 0 {
		span.SetAttributes(attribute.Int("gen_ai.request.max_tokens", call.MaxTokens), attribute.Float64("gen_ai.request.temperature", float64(call.Temperature)))
	}
	if answers > 1 {
		span.SetAttributes(attribute.Int("gen_ai.request.choice.count", answers))
	}
	if call.Format != FormatText {
		span.SetAttributes(attribute.String("gen_ai.output.type", "json"))
	}
	if u, err := url.Parse(t.address); err == nil && u.Hostname() != "" {
		span.SetAttributes(attribute.String("server.address", u.Hostname()))
		if port, err := strconv.Atoi(u.Port()); err == nil {
			span.SetAttributes(attribute.Int("server.port", port))
		}
	}
	return ctx, span
}

// providerName is the conventions' name for whoever serves a model, where the price list says who that is, and the route's own name otherwise.
func (g *Gateway) providerName(t *target) string {
	if Local(t.address) || g.o.Prices == nil {
		return t.Name
	}
	switch by := g.o.Prices.Listing(t.Model).Provider; by {
	case "google":
		return "gcp.gemini"
	case "", configured:
		return t.Name
	default:
		return by
	}
}

func endSpan(span trace.Span, t *target, s Settlement, result Result, err error) {
	defer span.End()
	if !span.IsRecording() {
		return
	}
	span.SetAttributes(attribute.String("gapwise.cost", s.Cost.String()), attribute.String("gapwise.outcome", s.Outcome), attribute.Bool("gapwise.estimated", s.Estimated))
	for _, kind := range []struct {
		key    string
		tokens int
		always bool
	}{
		{"gen_ai.usage.input_tokens", s.Usage.PromptTokens, true},
		{"gen_ai.usage.output_tokens", s.Usage.CompletionTokens, true},
		{"gen_ai.usage.cache_read.input_tokens", s.Usage.CachedTokens, false},
		{"gen_ai.usage.cache_creation.input_tokens", s.Usage.CacheWriteTokens, false},
		{"gen_ai.usage.reasoning.output_tokens", s.Usage.ReasoningTokens, false},
	} {
		if kind.always || kind.tokens > 0 {
			span.SetAttributes(attribute.Int(kind.key, kind.tokens))
		}
	}
	if result.FinishReason != "" {
		span.SetAttributes(attribute.StringSlice("gen_ai.response.finish_reasons", []string{result.FinishReason}), attribute.String("gen_ai.response.model", t.Model))
	}
	if s.FirstToken > 0 {
		span.SetAttributes(attribute.Float64("gen_ai.response.time_to_first_chunk", s.FirstToken.Seconds()))
	}
	if err != nil {
		span.SetAttributes(attribute.String("error.type", fault.CodeOf(err)))
		span.SetStatus(codes.Error, fault.CodeOf(err))
	}
}

// Metrics count calls. Models and outcomes are labels, people are not.
type Metrics struct {
	mu      sync.Mutex
	calls   map[[2]string]int64 // by model and outcome
	tokens  map[[2]string]int64 // by model and kind
	cost    map[string]Nano     // by model
	cached  map[string]int64    // by kind of cache
	shorts  int64
	latency histogram
	first   histogram
}

func newMetrics() *Metrics {
	return &Metrics{calls: map[[2]string]int64{}, tokens: map[[2]string]int64{}, cost: map[string]Nano{}, cached: map[string]int64{}}
}

// bounds of the histograms, in seconds.
var bounds = [...]float64{.005, .025, .1, .25, .5, 1, 2.5, 5, 10, 30, 120}

type histogram struct {
	counts [len(bounds) + 1]int64
	sum    float64
}

func (h *histogram) add(d time.Duration) {
	i, _ := slices.BinarySearch(bounds[:], d.Seconds())
	h.counts[i]++
	h.sum += d.Seconds()
}

func (m *Metrics) short() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.shorts++
}

func (m *Metrics) hit(kind string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.cached[kind]++
}

func (m *Metrics) settled(r Reservation, s Settlement) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls[[2]string{r.Model, s.Outcome}]++
	for kind, n := range map[string]int{
		"input": s.Usage.PromptTokens, "output": s.Usage.CompletionTokens, "cached": s.Usage.CachedTokens, "cache_write": s.Usage.CacheWriteTokens, "reasoning": s.Usage.ReasoningTokens,
	} {
		if n > 0 {
			m.tokens[[2]string{r.Model, kind}] += int64(n)
		}
	}
	m.cost[r.Model] += s.Cost
	m.latency.add(s.Latency)
	if s.FirstToken > 0 {
		m.first.add(s.FirstToken)
	}
}

// WriteMetrics writes the counts in the text format of Prometheus.
func (g *Gateway) WriteMetrics(w io.Writer) {
	m := g.metrics
	m.mu.Lock()
	defer m.mu.Unlock()
	head := func(name, kind, help string) { fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind) }
	byPair := func(a, b [2]string) int { return strings.Compare(a[0]+"\x00"+a[1], b[0]+"\x00"+b[1]) }
	head("gapwise_model_calls_total", "counter", "Calls of models, by model and outcome.")
	for _, k := range slices.SortedFunc(maps.Keys(m.calls), byPair) {
		fmt.Fprintf(w, "gapwise_model_calls_total{model=%q,outcome=%q} %d\n", k[0], k[1], m.calls[k])
	}
	head("gapwise_model_tokens_total", "counter", "Tokens that models used, by model and kind; cached, cache_write and reasoning are within input and output.")
	for _, k := range slices.SortedFunc(maps.Keys(m.tokens), byPair) {
		fmt.Fprintf(w, "gapwise_model_tokens_total{model=%q,kind=%q} %d\n", k[0], k[1], m.tokens[k])
	}
	head("gapwise_model_cost_dollars_total", "counter", "What calls were booked at.")
	for _, k := range slices.Sorted(maps.Keys(m.cost)) {
		fmt.Fprintf(w, "gapwise_model_cost_dollars_total{model=%q} %s\n", k, m.cost[k])
	}
	head("gapwise_model_cache_hits_total", "counter", "Answers that were there already.")
	for _, k := range slices.Sorted(maps.Keys(m.cached)) {
		fmt.Fprintf(w, "gapwise_model_cache_hits_total{kind=%q} %d\n", k, m.cached[k])
	}
	head("gapwise_budget_short_total", "counter", "Reservations that did not fit when they were first asked for.")
	fmt.Fprintf(w, "gapwise_budget_short_total %d\n", m.shorts)
	head("gapwise_budget_waiting", "gauge", "Calls that wait for their turn at a budget.")
	fmt.Fprintf(w, "gapwise_budget_waiting %d\n", g.turns.waiting())
	m.latency.write(w, "gapwise_model_seconds", "Time from the request to the end of an answer.")
	m.first.write(w, "gapwise_model_first_piece_seconds", "Time from the request to the first piece of an answer.")
}

func (h *histogram) write(w io.Writer, name, help string) {
	fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s histogram\n", name, help, name)
	total := int64(0)
	for i, b := range bounds {
		total += h.counts[i]
		fmt.Fprintf(w, "%s_bucket{le=\"%g\"} %d\n", name, b, total)
	}
	total += h.counts[len(bounds)]
	fmt.Fprintf(w, "%s_bucket{le=\"+Inf\"} %d\n%s_sum %g\n%s_count %d\n", name, total, name, h.sum, name, total)
}
