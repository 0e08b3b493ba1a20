package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
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

// TestCapHolds sends tutor messages against a cap of ten cents for the instance, to a model that bills one cent each. Every message is
// answered: by the model as long as there is money, then by the built-in tutor, which says so.
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
			})
			const people = 10 // a person may send thirty messages a minute
			guests, paths := make([]*guest, people), make([]string, people)
			for i := range guests {
				var conversation struct{ ID string }
				guests[i] = g.guest()
				guests[i].json(http.MethodPost, "/api/v1/tutor/conversations", map[string]any{"role": "senior-backend-engineer", "phase": "system-design-depth"}, http.StatusCreated, &conversation)
				paths[i] = "/api/v1/tutor/conversations/" + conversation.ID + "/messages"
			}
			byModel := make([]bool, tt.messages)
			send := func(i int) {
				status, _, b := guests[i%people].do(http.MethodPost, paths[i%people], "application/json", jsonBody(`{"content":"What first?"}`), nil)
				byModel[i] = strings.Contains(string(b), `"engine":"stub"`)
				if status != http.StatusOK || !byModel[i] && !strings.Contains(string(b), `"reason":"budget-exceeded"`) {
					t.Errorf("a message is answered with %d %s", status, b)
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
			for _, m := range byModel {
				if m {
					answered++
				} else {
					refused++
				}
			}
			billed := stub.billed.Load()
			var usage struct {
				Budgets []struct{ Scope, Spent, Reserved string }
			}
			guests[0].json(http.MethodGet, "/api/v1/usage", nil, http.StatusOK, &usage)
			t.Logf("%d messages: %d answered by the model, %d by the built-in tutor; the stub billed %d times $%s; ledger %+v", tt.messages, answered, refused, billed, cent, usage.Budgets)
			if billed > 10 || int(billed) != answered || answered == 0 {
				t.Errorf("the stub billed %d cents for %d answers, want at most 10 and one each", billed, answered)
			}
			if tt.wantAll && answered != 10 {
				t.Errorf("%d answers one after another, want all ten cents used", answered)
			}
			for _, b := range usage.Budgets {
				if b.Scope == "person-day" {
					continue // of one of ten
				}
				if want := fmt.Sprintf("0.%02d", billed); b.Spent != want || b.Reserved != "0.00" {
					t.Errorf("ledger %s: spent %s, reserved %s; want %s and 0.00", b.Scope, b.Spent, b.Reserved, want)
				}
			}
		})
	}
}
