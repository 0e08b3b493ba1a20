package evals_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/gapwise/gapwise/evals"
	"github.com/gapwise/gapwise/gateway"
)

var cheap = gateway.Price{Input: gateway.Dollar, Output: 10 * gateway.Dollar}

func newStub(t *testing.T, rules ...evals.Reply) *evals.Stub {
	t.Helper()
	s, err := evals.NewStub(t.Context(), map[string]gateway.Price{evals.ModelName: cheap})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	s.Script("tutor/x", evals.Model{Replies: rules}, nil)
	return s
}

// ask posts a chat request and gives the status and what could be read of the answer.
func ask(t *testing.T, s *evals.Stub, question string, maxTokens int, stream bool) (status int, body string, err error) {
	t.Helper()
	b, err := json.Marshal(map[string]any{
		"model": evals.ModelName, "max_tokens": maxTokens, "stream": stream, "stream_options": map[string]any{"include_usage": true},
		"messages": []any{
			map[string]any{"role": "system", "content": "Rules.\n<data name=\"source 1\">\nSecret\n</data>"},
			map[string]any{"role": "user", "content": question},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return post(t, s.URL()+"/chat/completions", b)
}

func post(t *testing.T, url string, body []byte) (int, string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	out, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(out), err
}

func TestStubAnswersByRule(t *testing.T) {
	s := newStub(t,
		evals.Reply{When: "kafka", Say: "Learn partitions first [1].", Usage: &evals.Usage{Prompt: 20, Completion: 50}},
		evals.Reply{When: "once", Say: "Only once.", Once: true},
		evals.Reply{Say: "Anything else."},
	)
	status, body, err := ask(t, s, "What of Kafka?", 40, true)
	if err != nil || status != http.StatusOK {
		t.Fatalf("status %d, %v", status, err)
	}
	for _, want := range []string{`"content":"Learn partitions "`, `"completion_tokens":40`, "data: [DONE]"} { // 50 tokens are cut to max_tokens
		if !strings.Contains(body, want) {
			t.Errorf("the stream lacks %s:\n%s", want, body)
		}
	}
	if got, want := s.Billed(), cheap.Cost(gateway.Usage{PromptTokens: 20, CompletionTokens: 40}); got != want {
		t.Errorf("billed %s, want %s", got, want)
	}
	doc := decode(t, mustJSON(t, s.Document())).(map[string]any)["last"].(map[string]any)
	if !strings.Contains(doc["inside"].(string), "Secret") || strings.Contains(doc["outside"].(string), "Secret") {
		t.Errorf("inside %q, outside %q", doc["inside"], doc["outside"])
	}
	for _, want := range []string{"Only once.", "Anything else."} {
		if _, body, _ := ask(t, s, "And once more?", 100, false); !strings.Contains(body, want) {
			t.Errorf("answer %s, want %q", body, want)
		}
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestStubFaults(t *testing.T) {
	tests := []struct {
		fault  evals.Fault
		stream bool
		status int
		broken bool
		has    string
		lacks  string
		billed bool
	}{
		{evals.FaultStatus500, true, 500, false, "scripted failure", "choices", false},
		{evals.FaultStatus429, false, 429, false, "rate limit", "choices", false},
		{evals.FaultCut, true, 200, true, "one two", "[DONE]", true},
		{evals.FaultNoUsage, true, 200, false, "[DONE]", "usage", true},
		{evals.FaultNoUsage, false, 200, false, "one two three", "usage", true},
		{evals.FaultOveruse, false, 200, false, `"completion_tokens":21`, "none", true},
		{evals.FaultMalformed, true, 200, false, "{\"choices\": [{\"delta\"\n", "[DONE]", true},
		{evals.FaultTrickle, true, 200, false, "[DONE]", "none", true},
	}
	for _, test := range tests {
		t.Run(string(test.fault), func(t *testing.T) {
			s := newStub(t, evals.Reply{Say: "one two three four five", Fault: test.fault})
			status, body, err := ask(t, s, "?", 10, test.stream)
			if status != test.status || (err != nil) != test.broken {
				t.Fatalf("status %d, error %v", status, err)
			}
			if !strings.Contains(body, test.has) || strings.Contains(body, test.lacks) {
				t.Errorf("body lacks %q or has %q:\n%s", test.has, test.lacks, body)
			}
			if (s.Billed() > 0) != test.billed {
				t.Errorf("billed %s", s.Billed())
			}
		})
	}
}

func TestStubFlatBill(t *testing.T) {
	s := newStub(t, evals.Reply{Say: "Four.", Bill: "0.01"})
	for range 3 {
		if _, _, err := ask(t, s, "?", 5, false); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.Billed(); got != 3*gateway.Dollar/100 {
		t.Errorf("billed %s, want 0.03", got)
	}
}

func TestStubEmbeddings(t *testing.T) {
	s := newStub(t)
	status, body, err := post(t, s.URL()+"/embeddings", []byte(`{"model": "e", "input": ["Go and Kafka", "Kafka and Go", ""]}`))
	if err != nil || status != http.StatusOK {
		t.Fatalf("status %d, %v", status, err)
	}
	var out struct {
		Data []struct {
			Index     int       `json:"index"`
			Embedding []float64 `json:"embedding"`
		} `json:"data"`
	}
	if err := json.Unmarshal([]byte(body), &out); err != nil {
		t.Fatal(err)
	}
	if len(out.Data) != 3 || out.Data[2].Index != 2 {
		t.Fatalf("data = %+v", out.Data)
	}
	var dot float64
	for i := range out.Data[0].Embedding {
		dot += out.Data[0].Embedding[i] * out.Data[1].Embedding[i]
	}
	if dot < 0.999 || dot > 1.001 {
		t.Errorf("the same words are %.3f near, want 1", dot)
	}
}
