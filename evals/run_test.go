package evals_test

import (
	"context"
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

// launchFake starts the fake in the place of a service.
func launchFake(t *testing.T, spent string) evals.Launch {
	t.Helper()
	return func(_ context.Context, _ evals.Settings, llm string) (string, func() error, error) {
		return fakeService(t, spent, llm).URL, func() error { return nil }, nil
	}
}

// filesOf are files with one file of cases for each suite.
func filesOf(suites map[string]string) fstest.MapFS {
	out := fstest.MapFS{}
	for suite, cases := range suites {
		out["cases/"+suite+"/x.yaml"] = &fstest.MapFile{Data: []byte("about: Cases.\ncases:\n" + cases)}
	}
	return out
}

func run(t *testing.T, o evals.Options) *evals.Report {
	t.Helper()
	report, err := evals.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// runCases runs cases against the fake and gives the messages of each by id.
func runCases(t *testing.T, spent string, suites map[string]string) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, c := range run(t, evals.Options{Files: filesOf(suites), Launch: launchFake(t, spent)}).Cases {
		out[c.ID] = c.Messages
	}
	return out
}

func TestRun(t *testing.T) {
	got := runCases(t, "0.0001", map[string]string{"reading": `
- id: passes
  about: All of it holds.
  resume: {text: "I write Go."}
  steps:
    - {call: POST /api/v1/echo, save: said, body: {to: "{resume}", words: "keep {this} as it is", n: 2}, expect: {check: [to == r1, 'words contains "{this}"', n == 2]}}
    - {call: POST /api/v1/resumes, as: second, file: {text: "I write Go."}, expect: {status: 201, check: [owner != @resume.owner]}}
    - {call: GET /api/v1/gone, expect: {status: 404, code: gone, field: id}}
    - {call: GET /api/v1/gone, times: 3, at_once: true, expect: {check: [ok == 0, other == 3]}}
- id: span-wrong
  about: The words are elsewhere.
  resume: {text: "Go is what I write."}
- id: most-is-enough
  about: Three of four by weight.
  pass: 0.75
  steps: [{call: POST /api/v1/echo, body: {n: 2}, expect: {check: [{that: n == 2, weight: 3}, n == 3]}}]
- id: most-is-not
  about: Three of four by weight.
  pass: 0.8
  steps: [{call: POST /api/v1/echo, body: {n: 2}, expect: {check: [{that: n == 2, weight: 3}, n == 3]}}]
`, "errors": `
- id: status-wrong
  about: Another status ends the case.
  steps:
    - {call: GET /api/v1/gone}
    - {call: GET /api/v1/never}
- id: code-wrong
  about: Another code.
  steps:
    - {call: GET /api/v1/gone, expect: {status: 404, code: lost}}
`, "gateway": `
- id: billed-right
  about: Ten tokens of output at ten dollars a million.
  settings: {price_input: "0", price_output: "10"}
  model: [{say: "Hi.", bill: "0.0001"}]
  steps: [{call: POST /api/v1/tutor/messages, expect: {check: ["@stub.calls == 1", 'text == "Hi."', cost: {most: "0.0001"}]}}]
- id: billed-wrong
  about: The service books something else.
  settings: {price_input: "0", price_output: "10"}
  model: [{say: "Hi.", bill: "0.0002"}]
  steps: [{call: POST /api/v1/tutor/messages}]
`})
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
		Files: filesOf(map[string]string{"errors": "- {id: a, about: A., steps: [{call: GET /}]}"}),
		Launch: func(context.Context, evals.Settings, string) (string, func() error, error) {
			return "", nil, errors.New("no room")
		},
	}
	report := run(t, o)
	wantMessage(t, report.Cases[0].Messages, "no room")
	if report.OK() {
		t.Error("a service that does not start is green")
	}
	o.Select.Run = "nothing-like-it"
	if _, err := evals.Run(t.Context(), o); err == nil {
		t.Error("a selection of nothing was taken")
	}
}

func TestServiceThatDoesNotStop(t *testing.T) {
	launch := launchFake(t, "0")
	report := run(t, evals.Options{
		Files: filesOf(map[string]string{"errors": "- {id: a, about: A., steps: [{call: GET /api/v1/usage}]}\n- {id: b, about: B., steps: [{call: GET /api/v1/usage}]}"}),
		Launch: func(ctx context.Context, s evals.Settings, llm string) (string, func() error, error) {
			base, _, err := launch(ctx, s, llm)
			return base, func() error { return errors.New("it hangs") }, err
		},
	})
	wantMessage(t, report.Cases[0].Messages, "")
	wantMessage(t, report.Cases[1].Messages, "did not stop cleanly: it hangs")
}

func TestLanes(t *testing.T) {
	priced := evals.Settings{Model: true}
	got := evals.LanesOf([]evals.Case{{}, {Settings: priced}, {}, {Fresh: true}, {Settings: priced}, {Settings: priced, Fresh: true}})
	if diff := cmp.Diff([]int{2, 1, 2, 1}, got); diff != "" {
		t.Errorf("lanes (-want +got):\n%s", diff)
	}
	if got := evals.LanesOf(make([]evals.Case, 50)); !cmp.Equal([]int{24, 24, 2}, got) {
		t.Errorf("fifty cases have lanes of %v", got)
	}
}

// TestSameTwice runs the same cases twice and holds the reports against each other.
func TestSameTwice(t *testing.T) {
	files := filesOf(map[string]string{"reading": `
- id: echo
  about: The case ${id}.
  matrix: {word: [a, b, c, d, e, f], other: [a, b, c, d, e, f]}
  steps: [{call: POST /api/v1/echo, body: {n: "${other}", at: "${word}"}, expect: {check: ["at == ${word}", n == a]}}]
`})
	var reports [2]string
	for i := range reports {
		r := run(t, evals.Options{Files: files, Launch: launchFake(t, "0"), Workers: 3, Samples: 2})
		for j := range r.Cases {
			r.Cases[j].MS, r.Cases[j].FirstMS = 0, 0
		}
		for j := range r.Suites {
			r.Suites[j].MS = 0
		}
		b, err := r.JSON()
		if err != nil {
			t.Fatal(err)
		}
		reports[i] = string(b)
	}
	if diff := cmp.Diff(reports[0], reports[1]); diff != "" {
		t.Errorf("two runs differ:\n%s", diff)
	}
	if !strings.Contains(reports[0], `"passed": 6,`) || !strings.Contains(reports[0], `"failed": 30,`) {
		t.Errorf("expected 6 of 36 to pass: %.200s", reports[0])
	}
}
