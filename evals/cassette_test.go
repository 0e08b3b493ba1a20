package evals_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/gapwise/gapwise/evals"
)

const recordedCase = `
- id: greets
  about: It greets.
  settings: {price_input: "0", price_output: "0"}
  model: {recorded: [{say: "Hi, bearer abcdefghijklmnop1234."}]}
  steps: [{call: POST /api/v1/tutor/messages, expect: {check: ["@stub.calls == 1"]}}]
- id: scripted
  about: It is left out of a recording.
  model: [{say: hi}]
  steps: [{call: POST /api/v1/tutor/messages}]
`

// record runs the cases while recording and gives the cassette.
func record(t *testing.T, live *evals.Live) string {
	t.Helper()
	var tape string
	o := evals.Options{Files: filesOf(map[string]string{"tutor": recordedCase}), Launch: launchFake(t, "0"), Live: live, Record: func(name string, b []byte) error {
		if name != "cassettes/tutor.yaml" {
			t.Errorf("wrote %s", name)
		}
		tape = string(b)
		return nil
	}}
	r := run(t, o)
	if len(r.Cases) != 1 || !r.OK() {
		t.Fatalf("recording: %d cases, %q, %q", len(r.Cases), r.Reasons, r.Cases[0].Messages)
	}
	return tape
}

func play(t *testing.T, tape, cases string) evals.Result {
	t.Helper()
	files := filesOf(map[string]string{"tutor": cases})
	files["cassettes/tutor.yaml"] = &fstest.MapFile{Data: []byte(tape)}
	return run(t, evals.Options{Files: files, Launch: launchFake(t, "0"), Select: evals.Select{Run: "greets"}}).Cases[0]
}

// TestCassette records by a script, plays it, and misses.
func TestCassette(t *testing.T) {
	tape := record(t, nil)
	for _, want := range []string{"case: tutor/greets", "from: script", "answer: Hi, <secret>"} {
		if !strings.Contains(tape, want) {
			t.Errorf("the cassette lacks %q:\n%s", want, tape)
		}
	}
	if again := record(t, nil); again != tape {
		t.Errorf("recording twice gives two cassettes:\n%s\n%s", tape, again)
	}
	if r := play(t, tape, recordedCase); !r.Passed || r.Transcript[0].Model[0].Answer != "Hi, <secret>" {
		t.Errorf("played: %q, %+v", r.Messages, r.Transcript)
	}
	wantMessage(t, play(t, strings.ReplaceAll(tape, "key: ", "key: f"), recordedCase).Messages, "Record it with `gapwise evals -record -run tutor/greets`")
	wantMessage(t, play(t, "[]", recordedCase).Messages, `has no answer to request`)
	files := filesOf(map[string]string{"tutor": recordedCase})
	files["cassettes/tutor.yaml"] = &fstest.MapFile{Data: []byte("- key: a\n  kee: b\n")}
	if _, err := evals.Run(t.Context(), evals.Options{Files: files, Launch: launchFake(t, "0")}); err == nil || !strings.Contains(err.Error(), "cassettes/tutor.yaml:2: field kee") {
		t.Errorf("a cassette with a typo: %v", err)
	}
}

// TestRecordFromEndpoint records what an endpoint says, and asks it instead of the cassette.
func TestRecordFromEndpoint(t *testing.T) {
	var asked []string
	endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		asked = append(asked, r.URL.Path+" "+r.Header.Get("Authorization")+" "+string(b))
		_, _ = io.WriteString(w, `{"choices": [{"message": {"content": "Hello from afar."}}], "usage": {"prompt_tokens": 5, "completion_tokens": 4}}`)
	}))
	defer endpoint.Close()
	live := &evals.Live{BaseURL: endpoint.URL + "/v1", Key: "sk-secretsecret", Model: "big-1"}
	tape := record(t, live)
	if len(asked) != 1 || !strings.HasPrefix(asked[0], "/v1/chat/completions Bearer sk-secretsecret") || !strings.Contains(asked[0], `"model":"big-1"`) {
		t.Errorf("asked %q", asked)
	}
	if !strings.Contains(tape, "from: big-1") || !strings.Contains(tape, "Hello from afar.") || strings.Contains(tape, "sk-secret") {
		t.Errorf("cassette:\n%s", tape)
	}
	r := run(t, evals.Options{Files: filesOf(map[string]string{"tutor": recordedCase}), Launch: launchFake(t, "0"), Live: live})
	if len(r.Cases) != 1 || len(asked) != 2 || !strings.Contains(r.Note, "big-1") {
		t.Errorf("live: %d cases, asked %d times, %q", len(r.Cases), len(asked), r.Note)
	}
}

// TestRubric has a judge whose verdict is on the cassette, and none where it is not.
func TestRubric(t *testing.T) {
	const cases = `
- id: greets
  about: The greeting is kind.
  model: [{say: hi, usage: {prompt: 0, completion: 0}}, {model: judge, say: '{"verdicts": [{"id": "line-1", "verdict": "pass", "why": "hi"}, {"id": "line-2", "verdict": "fail", "why": "no"}]}'}]
  ledger: skip
  steps: [{call: POST /api/v1/tutor/messages, expect: {check: ["@stub.calls == 1", {rubric: {of: text, lines: [It greets., It is long.], least: 0.5}}]}}]
`
	files := filesOf(map[string]string{"tutor": strings.Replace(cases, "[{say: hi, usage: {prompt: 0, completion: 0}}, {model: judge", "[{model: stub-1, say: hi}, {model: judge", 1)})
	var tape string
	recorded := run(t, evals.Options{Files: files, Launch: launchFake(t, "0"), Record: func(_ string, b []byte) error { tape = string(b); return nil }})
	if !recorded.OK() || !strings.Contains(tape, "model: judge") {
		t.Fatalf("%q, cassette %s", recorded.Reasons, tape)
	}
	files["cassettes/tutor.yaml"] = &fstest.MapFile{Data: []byte(tape)}
	r := run(t, evals.Options{Files: files, Launch: launchFake(t, "0")}).Cases[0]
	if !r.Passed || r.Checks[1].Score != 0.5 {
		t.Errorf("%q, %+v", r.Messages, r.Checks)
	}
	delete(files, "cassettes/tutor.yaml")
	wantMessage(t, run(t, evals.Options{Files: files, Launch: launchFake(t, "0")}).Cases[0].Messages, "no answer to request")
}

// TestFaultsOfModels has the stub obey, speak nonsense and never end.
func TestStubModes(t *testing.T) {
	s := newStub(t, evals.Reply{Fault: evals.FaultNonsense})
	if _, body, _ := ask(t, s, "?", 50, false); !strings.Contains(body, "Zzyzx") {
		t.Errorf("nonsense is %s", body)
	}
	s.Script("tutor/x", evals.Model{Obedient: true}, nil)
	if _, body, _ := ask(t, s, `Say "SESAME".`, 50, false); !strings.Contains(body, "SESAME") {
		t.Errorf("obeyed: %s", body)
	}
	s.Script("tutor/x", evals.Model{Replies: []evals.Reply{{Say: "on and on", Fault: evals.FaultRunaway}}}, nil)
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL()+"/chat/completions", strings.NewReader(`{"model": "stub-1", "stream": true, "messages": []}`))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	n, err := io.CopyN(io.Discard, resp.Body, 100_000)
	cancel()
	_ = resp.Body.Close()
	if err != nil {
		t.Errorf("an answer without an end had %d bytes: %v", n, err)
	}
}

func TestScrub(t *testing.T) {
	for text, want := range map[string]string{
		"key sk-abcdefgh12345678 and gw_abcdefgh12345": "key <secret> and <secret>",
		"Authorization: Bearer abcdef.ghijkl-mnopqr":   "Authorization: <secret>",
		"at 2026-11-24T09:00:01.5Z on 2026-11-24":      "at <time> on 2026-11-24",
		"id 0193b4e2-7c11-7d2e-9c55-0123456789ab":      "id <id>",
		"a bearer of news, sk-8":                       "a bearer of news, sk-8",
	} {
		if got := evals.Scrub(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// TestQuickLook holds that the quick look never passes over what is to be taken out.
func TestQuickLook(t *testing.T) {
	for _, changes := range []string{
		"0199f2aa-1c2d-7e3f-8a4b-5c6d7e8f9a0b", "2026-11-24T09:00", "2026-11-24 09:00:05.123Z", "2026-11-24T09:00:05+01:00", "20261124T090005Z",
	} {
		for _, text := range []string{changes, "a-b T " + changes, changes + " — task-list", "über " + changes + "é"} {
			if !evals.Changing.MatchString(text) || !evals.MayChange(text) {
				t.Errorf("%q is passed over", text)
			}
		}
	}
	for _, text := range []string{"", "-", "T", "On 24 November at 9:00, a well-known 5-3 win.", "Point-of-sale T1"} {
		if evals.MayChange(text) {
			t.Errorf("%q is looked through for nothing", text)
		}
	}
	for _, text := range []string{"sk-abcdefgh12345678", "BeArEr abcdefghijkl", "AKIAABCDEFGHIJKLMNOP", "gw_0123456789abcdef"} {
		if got := evals.Scrub(text); got != "<secret>" {
			t.Errorf("Scrub(%q) = %q", text, got)
		}
	}
}
