package evals_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/evals"
)

// fakeService is the least of the API that the runner itself needs. It asks the stub once a message and books what fake says.
func fakeService(t *testing.T, spent, llm string) *httptest.Server {
	t.Helper()
	var guests atomic.Int32
	mux := http.NewServeMux()
	reply := func(w http.ResponseWriter, status int, body string) {
		w.Header().Set("Content-Type", "application/json")
		if status >= 400 {
			w.Header().Set("Content-Type", "application/problem+json")
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
	mux.HandleFunc("POST /api/v1/guests", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, 201, fmt.Sprintf(`{"token": "t%d"}`, guests.Add(1)))
	})
	mux.HandleFunc("POST /api/v1/resumes", func(w http.ResponseWriter, r *http.Request) {
		f, _, err := r.FormFile("file")
		if err != nil {
			reply(w, 400, `{}`)
			return
		}
		data, _ := io.ReadAll(f)
		at := strings.Index(string(data), "Go")
		reply(w, 201, fmt.Sprintf(`{"id": "r1", "owner": %q, "sections": [], "positions": [], "skills": [{"id": "go", "name": "Go", "level": 3, "mentions": [{"start": %d, "end": %d, "text": "Go"}]}]}`,
			r.Header.Get("Authorization"), at, at+2))
	})
	mux.HandleFunc("GET /api/v1/resumes/r1/text", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, 200, `{"text": "I write Go.", "lines": [{"start": 0, "end": 11}]}`)
	})
	mux.HandleFunc("POST /api/v1/echo", func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		reply(w, 200, string(b))
	})
	mux.HandleFunc("POST /api/v1/tutor/messages", func(w http.ResponseWriter, r *http.Request) {
		resp, err := http.Post(llm+"/chat/completions", "application/json", strings.NewReader(`{"model": "stub-1", "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]}`)) //nolint:noctx // a fake
		if err != nil {
			reply(w, 503, `{}`)
			return
		}
		_ = resp.Body.Close()
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "event: delta\ndata: {\"text\": \"Hi.\"}\n\nevent: usage\ndata: {}\n\nevent: done\ndata: {}\n\n")
	})
	mux.HandleFunc("GET /api/v1/usage", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, 200, fmt.Sprintf(`{"budgets": [{"scope": "person-day", "limit": "0.5", "spent": %q, "reserved": "0.00"}]}`, spent))
	})
	mux.HandleFunc("GET /api/v1/gone", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, 404, `{"type": "t", "title": "Not Found", "detail": "Gone.", "status": 404, "code": "gone", "field": "id"}`)
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

// runCases runs cases against the fake and gives the messages of each by id.
func runCases(t *testing.T, spent, cases string) map[string][]string {
	t.Helper()
	o := evals.Options{
		Cases: fstest.MapFS{"cases/x.yaml": {Data: []byte(cases)}},
		Launch: func(_ context.Context, _ evals.Settings, llm string) (string, func() error, error) {
			return fakeService(t, spent, llm).URL, func() error { return nil }, nil
		},
	}
	report, err := evals.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := json.Marshal(report); err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, c := range report.Cases {
		out[c.ID] = c.Messages
	}
	return out
}

func TestRun(t *testing.T) {
	got := runCases(t, "0.0001", `
- id: passes
  category: reading
  about: All of it holds.
  resume: {text: "I write Go."}
  steps:
    - {call: POST /api/v1/echo, save: said, body: {to: "{resume}", words: "keep {this} as it is", n: 2}, expect: {check: [to == r1, 'words contains "{this}"', n == 2]}}
    - {call: POST /api/v1/resumes, as: second, file: {text: "I write Go."}, expect: {status: 201, check: [owner != @resume.owner]}}
    - {call: GET /api/v1/gone, expect: {status: 404, code: gone, field: id}}
    - {call: GET /api/v1/gone, times: 3, at_once: true, expect: {check: [ok == 0, other == 3]}}
- id: span-wrong
  category: reading
  about: The words are elsewhere.
  resume: {text: "Go is what I write."}
- id: status-wrong
  category: errors
  about: Another status ends the case.
  steps:
    - {call: GET /api/v1/gone}
    - {call: GET /api/v1/never}
- id: code-wrong
  category: errors
  about: Another code.
  steps:
    - {call: GET /api/v1/gone, expect: {status: 404, code: lost}}
- id: billed-right
  category: budgets
  about: Ten tokens of output at ten dollars a million.
  settings: {model: true, price_input: "0", price_output: "10"}
  model: [{say: "Hi.", bill: "0.0001"}]
  steps: [{call: POST /api/v1/tutor/messages, expect: {check: ["@stub.calls == 1", 'text == "Hi."']}}]
- id: billed-wrong
  category: budgets
  about: The service books something else.
  settings: {model: true, price_input: "0", price_output: "10"}
  model: [{say: "Hi.", bill: "0.0002"}]
  steps: [{call: POST /api/v1/tutor/messages}]
`)
	wantMessage(t, got["passes"], "")
	wantMessage(t, got["span-wrong"], `expected the span [0, 2) to be "Go"; the resume has "I "`)
	wantMessage(t, got["status-wrong"], "step 1, GET /api/v1/gone: expected status any 2xx; came 404")
	if n := len(got["status-wrong"]); n != 1 {
		t.Errorf("the case went on after a wrong status: %q", got["status-wrong"])
	}
	wantMessage(t, got["code-wrong"], `expected a problem with code "lost"`)
	wantMessage(t, got["billed-right"], "")
	wantMessage(t, got["billed-wrong"], "expected exactly the $0.0002 that the model billed; the service booked $0.0001")
}

func TestRunWithoutService(t *testing.T) {
	o := evals.Options{
		Cases: fstest.MapFS{"x.yaml": {Data: []byte("[{id: a, category: errors, about: A., steps: [{call: GET /}]}]")}},
		Launch: func(context.Context, evals.Settings, string) (string, func() error, error) {
			return "", nil, errors.New("no room")
		},
	}
	report, err := evals.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	wantMessage(t, report.Cases[0].Messages, "no room")
	o.Filter = "nothing-like-it"
	if _, err := evals.Run(t.Context(), o); err == nil {
		t.Error("a filter without a match was taken")
	}
}

func TestLoadCasesRefuses(t *testing.T) {
	const good = "id: a, category: errors, about: A., "
	for name, text := range map[string]string{
		"unknown field":   "[{" + good + "step: []}]",
		"nothing to do":   "[{" + good + "steps: []}]",
		"bad id":          "[{id: A b, category: errors, about: A., steps: [{call: GET /}]}]",
		"no category":     "[{id: a, category: other, about: A., steps: [{call: GET /}]}]",
		"bad call":        "[{" + good + "steps: [{call: FETCH /}]}]",
		"bad check":       "[{" + good + "steps: [{call: GET /, expect: {check: [a b c]}}]}]",
		"two contents":    "[{" + good + "resume: {text: a, bytes: empty}}]",
		"no generator":    "[{" + good + "resume: {bytes: twelve-megabytes}}]",
		"no model":        "[{" + good + "model: [{say: hi}], steps: [{call: GET /}]}]",
		"bad fault":       "[{" + good + "settings: {model: true}, model: [{fault: fire}], steps: [{call: GET /}]}]",
		"bad price":       "[{" + good + "settings: {model: true, price_input: much}, steps: [{call: GET /}]}]",
		"bad ledger":      "[{" + good + "ledger: loose, steps: [{call: GET /}]}]",
		"the same id":     "[{" + good + "steps: [{call: GET /}]}, {" + good + "steps: [{call: GET /}]}]",
		"gold of nothing": "[{" + good + "gold: {skills: [go]}, steps: [{call: GET /}]}]",
	} {
		if _, err := evals.LoadCases(fstest.MapFS{"x.yaml": {Data: []byte(text)}}); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestGroups(t *testing.T) {
	priced := evals.Settings{Model: true}
	got := evals.GroupsOf([]evals.Case{{}, {Settings: priced}, {}, {Fresh: true}, {Settings: priced}, {Settings: priced, Fresh: true}})
	if diff := cmp.Diff([]int{2, 2, 1, 1}, got); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
}
