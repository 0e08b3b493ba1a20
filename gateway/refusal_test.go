package gateway_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
)

func TestRefusalSaysWhyAndUntilWhen(t *testing.T) {
	person := uuid.New()
	midnight, first := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC), time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	only := func(change func(*gateway.Caps)) gateway.Caps {
		caps := roomy
		change(&caps)
		return caps
	}
	for name, tc := range map[string]struct {
		caps    gateway.Caps
		change  func(*gateway.Options)
		status  int // of the model's answer; 0 for a good one
		retry   string
		request gateway.Request
		want    gateway.Refusal
	}{
		"the person's day":   {caps: only(func(c *gateway.Caps) { c.PersonDay = 1 }), want: gateway.Refusal{Reason: "budget-exceeded", Budget: gateway.ScopePersonDay, ResetsAt: midnight}},
		"the person's month": {caps: only(func(c *gateway.Caps) { c.PersonMonth = 1 }), want: gateway.Refusal{Reason: "budget-exceeded", Budget: gateway.ScopePersonMonth, ResetsAt: first}},
		"the group's day": {
			caps: only(func(c *gateway.Caps) { c.GroupDay = 1 }), change: func(o *gateway.Options) { o.Accounts = accounts{Group: "class"} },
			want: gateway.Refusal{Reason: "budget-exceeded", Budget: gateway.ScopeGroupDay, ResetsAt: midnight},
		},
		"the instance's month": {caps: only(func(c *gateway.Caps) { c.InstanceMonth = 1 }), want: gateway.Refusal{Reason: "budget-exceeded", Budget: gateway.ScopeInstanceMonth, ResetsAt: first}},
		"the request's own cap": {
			caps: only(func(c *gateway.Caps) { c.Request = 1 }), want: gateway.Refusal{Reason: "budget-exceeded", Budget: gateway.ScopeRequest},
		},
		"the ledger is down": {change: func(o *gateway.Options) { o.Ledger = downLedger{o.Ledger} }, want: gateway.Refusal{Reason: "ledger-unavailable"}},
		"no model":           {change: func(o *gateway.Options) { o.Chat = nil }, want: gateway.Refusal{Reason: "model-not-configured"}},
		"a model that is down": {
			status: http.StatusServiceUnavailable, want: gateway.Refusal{Reason: "model-failed", Retry: time.Second},
		},
		"a model that is busy": {
			status: http.StatusTooManyRequests, retry: "7", want: gateway.Refusal{Reason: "model-busy", Retry: 7 * time.Second},
		},
		"no model for this": {
			change:  func(o *gateway.Options) { o.Routes = map[string][]gateway.Target{"quiz": {}} },
			request: gateway.Request{Purpose: "quiz"}, want: gateway.Refusal{Reason: "model-not-routed", Builtin: true},
		},
		"the tutor's own":   {caps: only(func(c *gateway.Caps) { c.Request = 1 }), request: gateway.Request{Purpose: "chat"}, want: gateway.Refusal{Reason: "budget-exceeded", Budget: gateway.ScopeRequest, Builtin: true}},
		"nobody's tutor":    {caps: only(func(c *gateway.Caps) { c.Request = 1 }), request: gateway.Request{Purpose: "judge"}, want: gateway.Refusal{Reason: "budget-exceeded", Budget: gateway.ScopeRequest}},
		"a route that says": {change: func(o *gateway.Options) { o.Chat, o.Builtin = nil, map[string]bool{"judge": true} }, request: gateway.Request{Purpose: "judge"}, want: gateway.Refusal{Reason: "model-not-configured", Builtin: true}},
		"and one against":   {change: func(o *gateway.Options) { o.Chat, o.Builtin = nil, map[string]bool{"chat": false} }, request: gateway.Request{Purpose: "chat"}, want: gateway.Refusal{Reason: "model-not-configured"}},
		"the wider one's":   {change: func(o *gateway.Options) { o.Chat, o.Builtin = nil, map[string]bool{"chat": true} }, request: gateway.Request{Purpose: "line", Within: "chat"}, want: gateway.Refusal{Reason: "model-not-configured", Builtin: true}},
	} {
		for _, stream := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				m := newModel(t, func(w http.ResponseWriter, r *http.Request, b body) {
					if tc.status == 0 {
						answers(bills(1, 1))(w, r, b)
						return
					}
					w.Header().Set("Retry-After", tc.retry)
					w.WriteHeader(tc.status)
				})
				caps := tc.caps
				if caps == (gateway.Caps{}) {
					caps = roomy
				}
				h := newHouse(t, m.URL, dear, caps, tc.change)
				r := tc.request
				r.Person, r.Messages, r.MaxTokens = person, question(50), 20
				var emit func(string) error
				if stream {
					emit = func(string) error { return nil }
				}
				_, err := h.Stream(t.Context(), r, emit)
				got, ok := gateway.RefusalOf(err)
				got.ResetsAt = got.ResetsAt.UTC()
				tc.want.ResetsAt = tc.want.ResetsAt.UTC()
				if !ok || got != tc.want {
					t.Errorf("%+v, %t of %v; want %+v", got, ok, err, tc.want)
				}
				if fault.CodeOf(err) != tc.want.Reason || fault.DetailOf(err) == "" {
					t.Errorf("the error itself says %s: %s", fault.CodeOf(err), fault.DetailOf(err))
				}
			})
		}
	}
}

// TestNoRefusal has errors that no other way of answering would mend.
func TestNoRefusal(t *testing.T) {
	cut := newModel(t, func(w http.ResponseWriter, _ *http.Request, _ body) {
		piece(w, "Hel")
		panic(http.ErrAbortHandler)
	})
	h := newHouse(t, cut.URL, dear, roomy, nil)
	none := func(what string, err error) {
		t.Helper()
		if r, ok := gateway.RefusalOf(err); err == nil || ok {
			t.Errorf("%s: %v is the refusal %+v", what, err, r)
		}
	}
	emit := func(string) error { return nil }
	_, err := h.Stream(t.Context(), gateway.Request{Messages: question(50), Purpose: "chat"}, emit)
	none("a stream that had begun", err)
	_, err = h.Complete(t.Context(), gateway.Request{Messages: question(50), Model: "never-heard-of", Purpose: "chat"})
	none("a model without a price", err)
	_, err = h.Complete(t.Context(), gateway.Request{Messages: question(300_000), Purpose: "chat"})
	none("a prompt that is too long", err)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = h.Complete(gone, gateway.Request{Messages: question(50), Purpose: "chat"})
	none("a caller who left", err)
	none("any other error", errors.New("x"))
}
