package gateway

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/gapwise/gapwise/internal/fault"
)

var errNoTools = fault.New(fault.Invalid, "model-without-tools",
	"No model that could answer this takes tools. Send the request without tools, or ask for another model.").In("tools")

var errNoModel = fault.New(fault.Unavailable, "model-not-routed", "No language model is asked for this here. Whoever runs this service sets LLM_ROUTES.")

// able are the targets that can be given what a request asks for, in their order. The error is fault.Invalid where there is none.
func able(list []*target, r Request) ([]*target, error) {
	if !slices.ContainsFunc(list, func(t *target) bool { return t.NoTools }) || !r.tools() {
		return list, nil
	}
	out := slices.DeleteFunc(slices.Clone(list), func(t *target) bool { return t.NoTools }) // the list is the route itself
	if len(out) == 0 {
		return nil, errNoTools
	}
	return out, nil
}

// tools tells whether a request has tools, or goes on from a call of one: templates of models without tools know neither.
func (r Request) tools() bool {
	if len(r.Body) == 0 {
		return false
	}
	var body struct {
		Tools    json.RawMessage `json:"tools"`
		Messages []struct {
			Role      string          `json:"role"`
			ToolCalls json.RawMessage `json:"tool_calls"`
		} `json:"messages"`
	}
	if json.Unmarshal(r.Body, &body) != nil {
		return false // the provider says what is wrong with it
	}
	if some(body.Tools) {
		return true
	}
	for _, m := range body.Messages {
		if m.Role == "tool" || some(m.ToolCalls) {
			return true
		}
	}
	return false
}

// some tells whether a list in JSON has anything in it.
func some(list json.RawMessage) bool {
	var compact bytes.Buffer
	if len(list) == 0 || json.Compact(&compact, list) != nil {
		return false
	}
	return compact.String() != "null" && compact.String() != "[]"
}

// of are the targets of a request, in the order in which to try them.
func (t *targets) of(r Request) []*target {
	route := t.usual(r)
	if r.Model == "" || len(route) == 0 {
		return route
	}
	var named *target
	for _, purpose := range append([]string{r.Purpose, r.Within, ""}, t.purposes()...) {
		for _, one := range t.routes[purpose] {
			if one.Model != r.Model {
				continue
			}
			if !one.NoTools || !r.tools() {
				return []*target{one}
			}
			named = one // another provider may have the same model with tools
		}
	}
	if named != nil {
		return []*target{named} // refused for its tools
	}
	if _, err := t.o.Prices.Of(r.Model); err != nil {
		return []*target{{Target: Target{Model: r.Model}}} // refused for its price
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.named[r.Model] == nil {
		same := route[0].Target
		same.Model, same.Context, same.NoTools = r.Model, 0, false // what the other model can do is not known
		t.named[r.Model] = t.made(same)
	}
	return []*target{t.named[r.Model]}
}

// usual is the route of a request that names no model: that of its purpose, of the wider one, of "", or the first by name that has a model.
func (t *targets) usual(r Request) []*target {
	for _, purpose := range []string{r.Purpose, r.Within, ""} {
		if route, said := t.routes[purpose]; said {
			return route
		}
	}
	for _, purpose := range t.purposes() {
		if route := t.routes[purpose]; len(route) > 0 {
			return route
		}
	}
	return nil
}
