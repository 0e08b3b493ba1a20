package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
)

// billingStub is a model that bills one cent a call: a thousand tokens of answer at $10 a million, and no prompt.
type billingStub struct {
	*httptest.Server
	billed atomic.Int64 // calls
}

func newBillingStub(t *testing.T) *billingStub {
	t.Helper()
	s := &billingStub{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.billed.Add(1)
		w.Header().Set("Content-Type", "text/event-stream")
		for _, chunk := range []string{
			`{"id":"x","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":"Start with the log [1]."}}]}`,
			`{"id":"x","object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`,
			`{"id":"x","object":"chat.completion.chunk","choices":[],"usage":{"prompt_tokens":0,"completion_tokens":1000,"total_tokens":1000}}`,
			`[DONE]`,
		} {
			fmt.Fprintf(w, "data: %s\n\n", chunk)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// TestCapHolds sends tutor messages against a cap of ten cents for the instance, to a model that bills one cent each.
func TestCapHolds(t *testing.T) {
	const cent = "0.01"
	tests := []struct {
		name       string
		concurrent bool
		messages   int
		wantAll    bool // the whole cap is used
	}{
		{"two hundred at once", true, 200, false},
		{"one after another", false, 14, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			stub := newBillingStub(t)
			g := start(t, map[string]string{
				"LLM_BASE_URL": stub.URL + "/v1", "LLM_API_KEY": "k", "LLM_MODEL": "stub", "LLM_PRICE_INPUT": "0.5", "LLM_PRICE_OUTPUT": "10",
				"GAPWISE_BUDGET_REQUEST": "1", "GAPWISE_BUDGET_PERSON_DAY": "1", "GAPWISE_BUDGET_INSTANCE_DAY": "0.10",
			}).guest()
			var conversation struct{ ID string }
			g.json(http.MethodPost, "/api/v1/tutor/conversations", map[string]any{"role": "senior-backend-engineer", "phase": "system-design-depth"}, http.StatusCreated, &conversation)
			statuses := make([]int, tt.messages)
			send := func(i int) {
				var p struct{ Code string }
				status, _, b := g.do(http.MethodPost, "/api/v1/tutor/conversations/"+conversation.ID+"/messages", "application/json", jsonBody(`{"content":"What first?"}`), nil)
				if statuses[i] = status; status != http.StatusOK {
					if err := json.Unmarshal(b, &p); err != nil || p.Code != "budget-exceeded" {
						t.Errorf("a refusal is %d %s, want 402 budget-exceeded", status, b)
					}
				}
			}
			if tt.concurrent {
				var wg sync.WaitGroup
				for i := range tt.messages {
					wg.Go(func() { send(i) })
				}
				wg.Wait()
			} else {
				for i := range tt.messages {
					send(i)
				}
			}
			answered, refused := 0, 0
			for _, s := range statuses {
				switch s {
				case http.StatusOK:
					answered++
				case http.StatusPaymentRequired:
					refused++
				default:
					t.Errorf("status %d, want 200 or 402", s)
				}
			}
			billed := stub.billed.Load()
			var usage struct {
				Budgets []struct{ Scope, Spent, Reserved string }
			}
			g.json(http.MethodGet, "/api/v1/usage", nil, http.StatusOK, &usage)
			t.Logf("%d messages: %d answered, %d refused; the stub billed %d times $%s; ledger %+v", tt.messages, answered, refused, billed, cent, usage.Budgets)
			if billed > 10 || int(billed) != answered || answered == 0 {
				t.Errorf("the stub billed %d cents for %d answers, want at most 10 and one each", billed, answered)
			}
			if tt.wantAll && answered != 10 {
				t.Errorf("%d answers one after another, want all ten cents used", answered)
			}
			for _, b := range usage.Budgets {
				if want := fmt.Sprintf("0.%02d", billed); b.Spent != want || b.Reserved != "0.00" {
					t.Errorf("ledger %s: spent %s, reserved %s; want %s and 0.00", b.Scope, b.Spent, b.Reserved, want)
				}
			}
		})
	}
}
