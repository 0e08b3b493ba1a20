package gateway_test

import (
	"encoding/json"
	"errors"
	"maps"
	"testing"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
)

func TestRouteSkipsModelsWithoutTools(t *testing.T) {
	m := newModel(t, answers(bills(5, 5)))
	plain := target("free", m.URL)
	plain.NoTools = true
	twin := target("free", m.URL) // the same model at a provider that gives it tools
	twin.Name = "elsewhere"
	for name, tc := range map[string]struct {
		targets []gateway.Target
		model   string
		body    string
		want    string // the model that answers; "" for a refusal
		by      string // its provider's name
	}{
		"without a body":               {[]gateway.Target{plain, target("cheap", m.URL)}, "", "", "free", "free"},
		"a body without tools":         {[]gateway.Target{plain, target("cheap", m.URL)}, "", `{"messages":[{"role":"user","content":"x"}],"stop":["y"]}`, "free", "free"},
		"no tool in the list":          {[]gateway.Target{plain, target("cheap", m.URL)}, "", `{"messages":[{"role":"user","content":"x"}],"tools":[ ]}`, "free", "free"},
		"tools":                        {[]gateway.Target{plain, target("cheap", m.URL)}, "", `{"messages":[],"tools":[{"type":"function"}]}`, "cheap", "cheap"},
		"a call of a tool":             {[]gateway.Target{plain, target("cheap", m.URL)}, "", `{"messages":[{"role":"assistant","tool_calls":[{"id":"1"}]}]}`, "cheap", "cheap"},
		"a tool's result":              {[]gateway.Target{plain, target("cheap", m.URL)}, "", `{"messages":[{"role":"tool","content":"3"}]}`, "cheap", "cheap"},
		"none is left":                 {[]gateway.Target{plain}, "", `{"messages":[],"tools":[{"type":"function"}]}`, "", ""},
		"the named one takes none":     {[]gateway.Target{plain, target("cheap", m.URL)}, "free", `{"messages":[],"tools":[{"type":"function"}]}`, "", ""},
		"the named one has a twin":     {[]gateway.Target{plain, twin}, "free", `{"messages":[],"tools":[{"type":"function"}]}`, "free", "elsewhere"},
		"a named one of no route":      {[]gateway.Target{plain}, "cheap", `{"messages":[],"tools":[{"type":"function"}]}`, "cheap", "free"},
		"the named one, without tools": {[]gateway.Target{plain, twin}, "free", "", "free", "free"},
	} {
		t.Run(name, func(t *testing.T) {
			h := routed(t, roomy, nil, tc.targets...)
			before := len(m.calls())
			r := gateway.Request{Model: tc.model, Messages: question(20), MaxTokens: 20}
			if tc.body != "" {
				r.Body = json.RawMessage(tc.body)
			}
			resp, err := h.Complete(t.Context(), r)
			if tc.want == "" {
				if !errors.Is(err, fault.Invalid) || fault.CodeOf(err) != "model-without-tools" || fault.FieldOf(err) != "tools" || len(m.calls()) != before || len(h.ledger.Calls()) != 0 {
					t.Errorf("%v after %d calls and %d reservations, want model-without-tools after none", err, len(m.calls())-before, len(h.ledger.Calls()))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			calls := h.ledger.Calls()
			if resp.Model != tc.want || len(calls) != 1 || calls[0].Provider != tc.by {
				t.Errorf("%s answered, by %+v; want %s by %s", resp.Model, calls, tc.want, tc.by)
			}
			// The route is as it was for who asks next.
			next, err := h.Complete(t.Context(), gateway.Request{Messages: question(20), MaxTokens: 20})
			if err != nil || next.Model != "free" {
				t.Errorf("then %+v, %v; want the first of the route", next, err)
			}
		})
	}
}

func TestRouteOfAPurpose(t *testing.T) {
	m := newModel(t, answers(bills(5, 5)))
	all := map[string][]gateway.Target{"": {target("stub", m.URL)}, "tutor": {target("cheap", m.URL)}, "quiz": {target("free", m.URL)}}
	for name, tc := range map[string]struct {
		without         []string
		purpose, within string
		want            string
	}{
		"its own":              {nil, "quiz", "tutor", "free"},
		"the wider one":        {nil, "review", "tutor", "cheap"},
		"the usual one":        {[]string{"tutor"}, "review", "tutor", "stub"},
		"no wider one":         {nil, "judge", "", "stub"},
		"no usual one either":  {[]string{"", "tutor"}, "review", "tutor", "free"},
		"the wider one itself": {nil, "tutor", "tutor", "cheap"},
	} {
		t.Run(name, func(t *testing.T) {
			h := routed(t, roomy, func(o *gateway.Options) {
				o.Routes, o.Chat = maps.Clone(all), nil
				for _, purpose := range tc.without {
					delete(o.Routes, purpose)
				}
			})
			resp, err := h.Complete(t.Context(), gateway.Request{Purpose: tc.purpose, Within: tc.within, Messages: question(20), MaxTokens: 20})
			if err != nil || resp.Model != tc.want {
				t.Errorf("%+v, %v; want %s", resp, err, tc.want)
			}
		})
	}
}
