package main

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gapwise/gapwise/internal/config"
	"github.com/gapwise/gapwise/internal/pgtest"
)

// TestJobs imports from a board, a feed, a page and a file at a time, schedules a source, and sees that the queue's job fetches it and that the
// samples have left for good.
func TestJobs(t *testing.T) {
	database := pgtest.URL(t)
	env := map[string]string{"DATABASE_URL": database}
	fixtures := filepath.Join("..", "..", "posting", "testdata")
	asked := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, ok := map[string]string{"/v0/postings/umbra": "lever.json", "/feed": "rss.xml", "/jobs/9": "page.html"}[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		asked++
		raw, err := os.ReadFile(filepath.Join(fixtures, name))
		if err != nil {
			t.Error(err)
		}
		_, _ = w.Write(raw)
	}))
	t.Cleanup(srv.Close)
	run := func(want string, args ...string) string {
		t.Helper()
		stdout, stderr, code := cli(t, env, "", args...)
		if code != exitDone || !strings.Contains(stdout, want) {
			t.Fatalf("%v: exit %d, stdout %s, stderr %s; want %q", args, code, stdout, stderr, want)
		}
		return stdout
	}
	lever := "lever:" + srv.URL + "/v0/postings/umbra"
	out := run("1 duplicates", "jobs", "import", lever, srv.URL+"/jobs/9", filepath.Join(fixtures, "postings-broken.csv"), writeTwins(t))
	for _, want := range []string{lever + ": 2 postings read: 2 new", "/jobs/9: 1 postings read: 1 new", "3 new, 0 changed, 0 unchanged, 0 duplicates, 0 expired, 3 refused", "line 3", "line 6 title"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
	run("1 unchanged", "jobs", "import", srv.URL+"/jobs/9")
	run("not fetched yet", "jobs", "sources", "add", srv.URL+"/feed")
	asked = 0
	settings := map[string]string{"DATABASE_URL": database, "GAPWISE_DATA": sharedCache(t), "HOME": t.TempDir()}
	cfg, err := config.Load(func(k string) string { return settings[k] }, nil, "none.yaml")
	if err != nil {
		t.Fatal(err)
	}
	h, err := open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	if err := h.collectDue()(t.Context()); err != nil || asked != 1 {
		t.Errorf("%d requests, %v; want one", asked, err)
	}
	n, err := h.db.CountPostings(t.Context())
	if err != nil || n != 2+1+3+2+2 {
		t.Errorf("%d postings, %v; want 10, none of them a sample", n, err)
	}
	run(`"new":2`, "jobs", "sources", "list", "--json")
	run("No source", "jobs", "sources", "remove", srv.URL+"/feed")
	for name, args := range map[string][]string{
		"no place":            {"jobs", "import"},
		"no source":           {"jobs", "sources", "add", "postings.jsonl"},
		"another verb":        {"jobs", "sources", "burn"},
		"a wrong board":       {"jobs", "import", "greenhouse:../x"},
		"a source not there":  {"jobs", "sources", "remove", "lever:umbra"},
		"a board not there":   {"jobs", "import", "lever:" + srv.URL + "/v0/postings/none"},
		"a file not there":    {"jobs", "import", "none.jsonl"},
		"a private elsewhere": {"jobs", "import", strings.Replace(srv.URL, "127.0.0.1", "user:x@127.0.0.1", 1)},
	} {
		if _, _, code := cli(t, env, "", args...); code == exitDone {
			t.Errorf("%s: exit 0", name)
		}
	}
}

// writeTwins is a file of two postings that say the same.
func writeTwins(t *testing.T) string {
	t.Helper()
	const line = `{"source":"twins","external_id":"%","title":"Gardener","company":"Vale","description":"You plant trees along the canals of the town and keep them well in dry summers."}` + "\n"
	name := filepath.Join(t.TempDir(), "twins.jsonl")
	if err := os.WriteFile(name, []byte(strings.Replace(line, "%", "1", 1)+strings.Replace(line, "%", "2", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}
