package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gapwise/gapwise/internal/pgtest"
)

// evalFiles writes files of cases into a directory.
func evalFiles(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// runEvals runs the verb and gives its exit code and what it wrote. The database is one of the tests' server.
func runEvals(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	env := map[string]string{"GAPWISE_DATA": sharedCache(t), "HOME": t.TempDir(), "GOGC": "100"}
	if !strings.Contains(strings.Join(args, " "), "compare") {
		env["DATABASE_URL"] = pgtest.URL(t)
	}
	// Whatever would leave this machine goes to a proxy that is not there.
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"} {
		t.Setenv(name, "http://127.0.0.1:1")
	}
	var out, log strings.Builder
	err := run(context.Background(), func(k string) string { return env[k] }, append([]string{"evals"}, args...), strings.NewReader(""), &out, &log)
	return exitCode(err), out.String(), log.String()
}

const evalsOfRoles = `about: Roles.
cases:
- id: there
  about: There are roles.
  steps: [{call: GET /api/v1/roles, expect: {check: [len(roles) > 5]}}]
- id: asked
  about: A model is asked.
  settings: {price_input: "1", price_output: "1"}
  model: {recorded: [{say: "Four."}]}
  steps:
    - call: POST /v1/chat/completions
      body: {model: stub-1, max_tokens: 50, messages: [{role: user, content: "Two and two?"}]}
      expect: {check: ['choices[0].message.content == "Four."']}
`

// TestEvalsExitCodes runs cases that record, pass, get worse and cannot be read.
func TestEvalsExitCodes(t *testing.T) {
	dir := evalFiles(t, map[string]string{"cases/gateway/x.yaml": evalsOfRoles})
	code, stdout, stderr := runEvals(t, "-cases", dir)
	if code != exitFailed || !strings.Contains(stdout, "Record it with `gapwise evals -record -run gateway/asked`") {
		t.Errorf("a request that is on no cassette: exit %d\n%s%s", code, stdout, stderr)
	}
	if code, stdout, stderr = runEvals(t, "-cases", dir, "-record"); code != exitDone {
		t.Errorf("recording: exit %d\n%s%s", code, stdout, stderr)
	}
	report := filepath.Join(dir, "report")
	code, stdout, stderr = runEvals(t, "-cases", dir, "-update-baseline", "-out", report)
	if code != exitDone || !strings.Contains(stdout, "green: 2 passed, 0 failed") {
		t.Errorf("what was recorded: exit %d\n%s%s", code, stdout, stderr)
	}
	for _, name := range []string{"report.json", "junit.xml", "report.html"} {
		if info, err := os.Stat(filepath.Join(report, name)); err != nil || info.Size() == 0 {
			t.Errorf("there is no %s: %v", name, err)
		}
	}
	broken := strings.Replace(evalsOfRoles, "len(roles) > 5", "len(roles) > 5000", 1)
	if err := os.WriteFile(filepath.Join(dir, "cases", "gateway", "x.yaml"), []byte(broken), 0o600); err != nil {
		t.Fatal(err)
	}
	worse := filepath.Join(dir, "worse")
	code, stdout, stderr = runEvals(t, "-cases", dir, "-out", worse)
	if code != exitFailed || !strings.Contains(stdout, "RED gateway/there passed in the baseline and fails now") {
		t.Errorf("a case that fails: exit %d\n%s%s", code, stdout, stderr)
	}
	code, stdout, _ = runEvals(t, "compare", filepath.Join(report, "report.json"), filepath.Join(worse, "report.json"))
	if code != exitFailed || !strings.Contains(stdout, "BROKEN gateway/there") {
		t.Errorf("comparing with a worse run: exit %d\n%s", code, stdout)
	}
	if code, stdout, _ = runEvals(t, "compare", filepath.Join(worse, "report.json"), filepath.Join(dir, "baseline.json")); code != exitDone {
		t.Errorf("comparing with a better run: exit %d\n%s", code, stdout)
	}
}

// TestEvalsWrongUse is told before anything is started.
func TestEvalsWrongUse(t *testing.T) {
	typo := evalFiles(t, map[string]string{"cases/gateway/x.yaml": strings.Replace(evalsOfRoles, "check:", "chek:", 1)})
	good := evalFiles(t, map[string]string{"cases/gateway/x.yaml": evalsOfRoles})
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"a typo":             {[]string{"-cases", typo}, "cases/gateway/x.yaml:5: field chek"},
		"no such case":       {[]string{"-cases", good, "-run", "nothing"}, "no case is selected"},
		"a flag":             {[]string{"-nonsense"}, "nonsense"},
		"no samples":         {[]string{"-k", "0"}, "-k is a number"},
		"a model and no way": {[]string{"-cases", good, "-live", "big-1"}, "-live needs LLM_BASE_URL"},
		"both":               {[]string{"-cases", good, "-live", "big-1", "-record"}, "do not go together"},
		"one file":           {[]string{"compare", "a.json"}, "compare OLD.json NEW.json"},
		"no report":          {[]string{"compare", filepath.Join(good, "cases", "gateway", "x.yaml"), "b.json"}, "neither report.json nor baseline.json"},
		"no file":            {[]string{"compare", "a.json", "b.json"}, "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			if code, _, stderr := runEvals(t, test.args...); code != exitWrongUse || !strings.Contains(stderr, test.want) {
				t.Errorf("exit %d, want 2 and %q:\n%s", code, test.want, stderr)
			}
		})
	}
}
