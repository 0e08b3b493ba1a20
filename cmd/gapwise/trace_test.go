package main

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	collectortrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// collector takes spans as an OpenTelemetry collector does: OTLP over HTTP, in protobuf.
type collector struct {
	*httptest.Server
	mu        sync.Mutex
	spans     []*tracepb.Span
	resources map[string]string
	raw       []byte
	wrong     []string // what was sent as no exporter may
}

func newCollector(t *testing.T) *collector {
	t.Helper()
	c := &collector{resources: map[string]string{}}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		var in collectortrace.ExportTraceServiceRequest
		c.mu.Lock()
		defer c.mu.Unlock()
		if r.Method != http.MethodPost || r.URL.Path != "/v1/traces" || r.Header.Get("Content-Type") != "application/x-protobuf" || err != nil || proto.Unmarshal(b, &in) != nil {
			c.wrong = append(c.wrong, r.Method+" "+r.URL.Path+" "+r.Header.Get("Content-Type"))
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		c.raw = append(c.raw, b...)
		for _, rs := range in.GetResourceSpans() {
			maps.Copy(c.resources, attributes(rs.GetResource().GetAttributes()))
			for _, ss := range rs.GetScopeSpans() {
				c.spans = append(c.spans, ss.GetSpans()...)
			}
		}
		out, _ := proto.Marshal(&collectortrace.ExportTraceServiceResponse{}) // an empty message always encodes
		w.Header().Set("Content-Type", "application/x-protobuf")
		_, _ = w.Write(out)
	}))
	t.Cleanup(c.Close)
	return c
}

// attributes are as text; a list is joined by commas.
func attributes(list []*commonpb.KeyValue) map[string]string {
	out := map[string]string{}
	for _, kv := range list {
		out[kv.GetKey()] = valueText(kv.GetValue())
	}
	return out
}

func valueText(v *commonpb.AnyValue) string {
	switch v.GetValue().(type) {
	case *commonpb.AnyValue_StringValue:
		return v.GetStringValue()
	case *commonpb.AnyValue_ArrayValue:
		var parts []string
		for _, one := range v.GetArrayValue().GetValues() {
			parts = append(parts, valueText(one))
		}
		return strings.Join(parts, ",")
	}
	_, text, _ := strings.Cut(strings.ReplaceAll(v.String(), "  ", " "), ":")
	return text
}

// after are the spans, once there are so many.
func (c *collector) after(t *testing.T, n int) []*tracepb.Span {
	t.Helper()
	for range 600 {
		c.mu.Lock()
		list := slices.Clone(c.spans)
		c.mu.Unlock()
		if len(list) >= n {
			slices.SortFunc(list, func(a, b *tracepb.Span) int {
				return int(int64(a.GetStartTimeUnixNano()) - int64(b.GetStartTimeUnixNano()))
			})
			return list
		}
		time.Sleep(20 * time.Millisecond)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	t.Fatalf("%d spans came, want %d; refused: %q", len(c.spans), n, c.wrong)
	return nil
}

// TestSpansReachACollector has the exporter send to a collector what the conventions for generative AI name, and nothing that people said.
func TestSpansReachACollector(t *testing.T) {
	c := newCollector(t)
	up := newUpstream(t)
	routes := filepath.Join(t.TempDir(), "routes.json")
	if err := os.WriteFile(routes, []byte(`{"api": [{"name": "acme", "base_url": "`+up.URL+`/a/v1", "model": "gpt-4o"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	r := startReplicas(t, 1, map[string]string{
		"LLM_ROUTES": routes, "OTEL_EXPORTER_OTLP_ENDPOINT": c.URL, "OTEL_BSP_SCHEDULE_DELAY": "50", "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=test",
	})
	key := r.key()
	for _, mode := range []string{"cached", "ok", "500"} {
		r.ask(0, key, "mode="+mode+" My name is Ada Lovelace", mode == "ok")
	}
	spans := c.after(t, 3)
	host, port, _ := strings.Cut(strings.TrimPrefix(up.URL, "http://"), ":")
	for i, want := range []map[string]string{
		{"gen_ai.usage.input_tokens": "100", "gen_ai.usage.output_tokens": "20", "gen_ai.usage.cache_read.input_tokens": "60", "gen_ai.usage.reasoning.output_tokens": "5", "gen_ai.response.finish_reasons": "stop", "gapwise.outcome": "ok"},
		{"gen_ai.response.finish_reasons": "stop", "gen_ai.response.model": "gpt-4o", "gapwise.outcome": "ok"},
		{"error.type": "model-failed", "gapwise.outcome": "refused", "gen_ai.usage.input_tokens": "0"},
	} {
		got := attributes(spans[i].GetAttributes())
		want["gen_ai.operation.name"], want["gen_ai.provider.name"], want["gen_ai.request.model"] = "chat", "acme", "gpt-4o"
		want["gen_ai.request.max_tokens"], want["server.address"], want["server.port"], want["gapwise.purpose"] = "50", host, port, "api"
		for k, v := range want {
			if got[k] != v {
				t.Errorf("span %d: %s is %q, want %q", i, k, got[k], v)
			}
		}
		if failed := spans[i].GetStatus().GetCode() == tracepb.Status_STATUS_CODE_ERROR; spans[i].GetName() != "chat gpt-4o" || spans[i].GetKind() != tracepb.Span_SPAN_KIND_CLIENT || failed != (want["error.type"] != "") {
			t.Errorf("span %d is %q, of kind %s, failed %t", i, spans[i].GetName(), spans[i].GetKind(), failed)
		}
	}
	if first := attributes(spans[1].GetAttributes())["gen_ai.response.time_to_first_chunk"]; first == "" {
		t.Error("a stream has no time to its first chunk")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.resources["service.name"] != "gapwise" || c.resources["deployment.environment.name"] != "test" {
		t.Errorf("the resource is %v", c.resources)
	}
	for _, said := range []string{"Lovelace", "word "} {
		if strings.Contains(string(c.raw), said) {
			t.Errorf("the spans hold %q", said)
		}
	}
}
