package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/pgtest"
)

// replicas are processes of `gapwise gateway` over one database, with a directory of data of their own.
type replicas struct {
	t    *testing.T
	env  map[string]string
	urls []string
	raw  *pgx.Conn

	mu   sync.Mutex
	logs bytes.Buffer // of all of them
}

// startReplicas starts n of them and stops them when the test ends.
func startReplicas(t *testing.T, n int, env map[string]string) *replicas {
	t.Helper()
	r := &replicas{t: t, env: map[string]string{
		"GAPWISE_ADDR": "127.0.0.1:0", "GAPWISE_DATA": t.TempDir(), "DATABASE_URL": pgtest.URL(t), "HOME": t.TempDir(), "LLM_RETRIES": "0",
		"GAPWISE_BUDGET_REQUEST": "10", "GAPWISE_BUDGET_PERSON_DAY": "100", "GAPWISE_BUDGET_INSTANCE_DAY": "100", "GAPWISE_BUDGET_INSTANCE_MONTH": "100",
	}}
	maps.Copy(r.env, env)
	var err error
	if r.raw, err = pgx.Connect(t.Context(), r.env["DATABASE_URL"]); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.raw.Close(context.WithoutCancel(t.Context())) })
	for range n {
		r.urls = append(r.urls, r.launch())
	}
	return r
}

func (r *replicas) launch() string {
	r.t.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(r.t.Context()), os.Args[0], "gateway")
	cmd.Env = []string{asGapwise + "=1", "PATH=" + os.Getenv("PATH")}
	for k, v := range r.env {
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		r.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	url, read := make(chan string, 1), make(chan struct{})
	go func() {
		defer close(read)
		defer close(url)
		for lines := bufio.NewScanner(stderr); lines.Scan(); {
			r.mu.Lock()
			r.logs.WriteString(lines.Text() + "\n")
			r.mu.Unlock()
			if m := servingAt.FindStringSubmatch(lines.Text()); m != nil {
				url <- strings.Replace(m[1], "localhost", "127.0.0.1", 1)
			}
		}
	}()
	r.t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGKILL) // a graceful end is not what these tests are about, and takes longer
		<-read
		_ = cmd.Wait()
	})
	at, ok := <-url
	if !ok {
		r.t.Fatalf("gateway did not start:\n%s", r.log())
	}
	return at
}

func (r *replicas) log() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.logs.String()
}

// key makes a token with the command line.
func (r *replicas) key(args ...string) string {
	r.t.Helper()
	out, err := gapwise(r.t, r.env, strings.NewReader(""), append([]string{"token"}, args...)...)
	if err != nil {
		r.t.Fatal(err)
	}
	return strings.TrimSpace(out)
}

// reply is what came back.
type reply struct {
	status int
	header http.Header
	body   string
}

// ask makes one request of a replica.
func (r *replicas) ask(replica int, token, text string, stream bool) reply {
	r.t.Helper()
	body, err := json.Marshal(map[string]any{"messages": []map[string]string{{"role": "user", "content": text}}, "max_tokens": 50, "stream": stream})
	if err != nil {
		r.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.urls[replica]+"/v1/chat/completions", bytes.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Error(err)
		return reply{}
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Error(err)
	}
	return reply{resp.StatusCode, resp.Header, string(b)}
}

// row is a line of the ledger.
type row struct {
	Provider, Outcome, Cache string
	Reserved, Cost           gateway.Nano
	Estimated                bool
}

// rows are all lines of the ledger in the order of the calls, once there are so many.
func (r *replicas) rows(n int) []row {
	r.t.Helper()
	for range 400 {
		found, err := r.raw.Query(r.t.Context(), `select provider, outcome, cache, reserved_nano as reserved, cost_nano as cost, estimated from gateway_calls where state = 'settled' order by created_at, id`)
		if err != nil {
			r.t.Fatal(err)
		}
		list, err := pgx.CollectRows(found, pgx.RowToStructByName[row])
		if err != nil {
			r.t.Fatal(err)
		}
		if len(list) >= n {
			return list
		}
		time.Sleep(10 * time.Millisecond)
	}
	r.t.Fatalf("there are no %d rows in the ledger", n)
	return nil
}

// plainModel answers everything with "Hello, world." and counts its calls.
func plainModel(t *testing.T) (url string, calls func() int) {
	t.Helper()
	var mu sync.Mutex
	n := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		n++
		mu.Unlock()
		fmt.Fprint(w, `{"choices":[{"message":{"content":"Hello, world."},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":5}}`)
	}))
	t.Cleanup(s.Close)
	return s.URL + "/v1", func() int {
		mu.Lock()
		defer mu.Unlock()
		return n
	}
}

func model(url string) map[string]string {
	return map[string]string{"LLM_BASE_URL": url, "LLM_MODEL": "gpt-4o", "LLM_API_KEY": "k"}
}

// TestReplicasShareAMinute sends three processes more requests at once, of a key and of a key's tokens, than the key may make of all of them.
func TestReplicasShareAMinute(t *testing.T) {
	url, calls := plainModel(t)
	r := startReplicas(t, 3, model(url))
	for name, tc := range map[string]struct {
		flags []string
		want  int // of 90
		text  string
	}{
		"requests":                        {[]string{"--rpm", "30"}, 30, "Hello?"},
		"many requests, drawn in advance": {[]string{"--rpm", "60"}, 60, "Hello?"},
		"no limit":                        {nil, 90, "Hello?"},
	} {
		t.Run(name, func(t *testing.T) {
			key := r.key(tc.flags...)
			before, began := calls(), time.Now()
			var mu sync.Mutex
			var wg sync.WaitGroup
			ok := 0
			shoot := func(n int) {
				for i := range n {
					wg.Go(func() {
						got := r.ask(i%3, key, tc.text, false)
						mu.Lock()
						defer mu.Unlock()
						switch {
						case got.status == http.StatusOK:
							ok++
						case got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") == "":
							t.Errorf("%d %s", got.status, got.body)
						}
					})
				}
				wg.Wait()
			}
			shoot(90)
			if time.Since(began) > time.Minute { // a second minute has begun
				return
			}
			if ok > tc.want || ok < tc.want*95/100 || calls()-before != ok {
				t.Errorf("%d were let in and %d reached the model, want %d", ok, calls()-before, tc.want)
			}
			time.Sleep(300 * time.Millisecond) // what was drawn in advance comes back
			if shoot(90); ok != tc.want && tc.flags != nil && time.Since(began) < time.Minute {
				t.Errorf("%d were let in in the end, want all of %d", ok, tc.want)
			}
		})
	}
	t.Run("tokens", func(t *testing.T) {
		// Each call is let in at its bound and corrected to the ten tokens that it used, for whichever process comes next.
		const limit, each, bound = 400, 10, (4 + 6 + 3*16) + 50
		key, began := r.key("--tpm", strconv.Itoa(limit)), time.Now()
		let := 0
		for i := range 150 {
			if got := r.ask(i%3, key, "Hello?", false); got.status == http.StatusOK {
				let++
			} else {
				time.Sleep(20 * time.Millisecond)
			}
		}
		if (let > limit/each || let < (limit-bound)/each) && time.Since(began) < time.Minute {
			t.Errorf("%d calls of ten tokens were let in, want %d to %d", let, (limit-bound)/each, limit/each)
		}
	})
}

// TestReplicasShareTheCache asks one process what another has answered.
func TestReplicasShareTheCache(t *testing.T) {
	url, calls := plainModel(t)
	env := model(url)
	env["GAPWISE_CACHE"] = "exact"
	r := startReplicas(t, 2, env)
	ada, grace := r.key(), r.key()
	const question = "What is the secret of Kafka?"
	for i, step := range []struct {
		replica int
		key     string
		stream  bool
		cache   string
		calls   int
	}{
		{0, ada, false, "", 1},
		{1, ada, false, "exact", 1},
		{1, ada, false, "exact", 1}, // from memory now
		{1, grace, false, "", 2},    // somebody else's question is their own
		{0, grace, false, "exact", 2},
	} {
		got := r.ask(step.replica, step.key, question, step.stream)
		if got.status != http.StatusOK || got.header.Get("X-Gapwise-Cache") != step.cache || !strings.Contains(got.body, "Hello, world.") || calls() != step.calls {
			t.Errorf("step %d: %d, cache %q, %d calls, %s; want %q and %d calls", i, got.status, got.header.Get("X-Gapwise-Cache"), calls(), got.body, step.cache, step.calls)
		}
		if step.cache != "" && got.header.Get("X-Gapwise-Cost") != "0.00" {
			t.Errorf("step %d: a hit cost %s", i, got.header.Get("X-Gapwise-Cost"))
		}
	}
	hits := 0
	for _, row := range r.rows(5) {
		if row.Cache == gateway.CacheExact && row.Cost == 0 && row.Outcome == "cached" {
			hits++
		}
	}
	if hits != 3 {
		t.Errorf("%d hits in the ledger, want 3", hits)
	}
	if where := r.find("Hello, world."); len(where) > 0 {
		t.Errorf("the answer can be read in %v", where)
	}
}

// find are the tables that have a text in any column, in clear or as bytes.
func (r *replicas) find(text string) (tables []string) {
	r.t.Helper()
	found, err := r.raw.Query(r.t.Context(), `select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`)
	if err != nil {
		r.t.Fatal(err)
	}
	names, err := pgx.CollectRows(found, pgx.RowTo[string])
	if err != nil {
		r.t.Fatal(err)
	}
	for _, name := range names {
		n := 0
		err := r.raw.QueryRow(r.t.Context(), `select count(*) from `+pgx.Identifier{name}.Sanitize()+
			` t where to_jsonb(t)::text like '%' || $1 || '%' or to_jsonb(t)::text like '%' || encode(convert_to($1, 'UTF8'), 'hex') || '%'`, text).Scan(&n)
		if err != nil {
			r.t.Fatal(err)
		}
		if n > 0 {
			tables = append(tables, name)
		}
	}
	return tables
}

// TestPromptsAreNotWrittenDown looks for what was asked and answered in the database, the log and the data directory.
func TestPromptsAreNotWrittenDown(t *testing.T) {
	url, _ := plainModel(t)
	const asked = "My salary is a marker of 71234, my key is sk-proj-abcdefghijklmnop1234"
	for name, tc := range map[string]struct {
		life    string
		written bool
	}{"off": {"", false}, "for an hour": {"1h", true}} {
		t.Run(name, func(t *testing.T) {
			env := model(url)
			env["GAPWISE_LOG_PROMPTS"] = tc.life
			r := startReplicas(t, 1, env)
			key := r.key()
			for _, stream := range []bool{false, true} {
				r.ask(0, key, asked, stream)
			}
			r.rows(2)
			var want []string
			if tc.written {
				want = []string{"gateway_transcripts"}
			}
			for _, text := range []string{"marker of 71234", "Hello, world."} {
				if got := r.find(text); fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("%q stands in the tables %v, want %v", text, got, want)
				}
				if strings.Contains(r.log(), text) {
					t.Errorf("the log has %q", text)
				}
				if where := r.inFiles(text); len(where) > 0 {
					t.Errorf("%q stands in %v", text, where)
				}
			}
			if got := r.find("abcdefghijklmnop1234"); len(got) > 0 {
				t.Errorf("the key that somebody sent stands in %v", got)
			}
			if warned := strings.Contains(r.log(), "GAPWISE_LOG_PROMPTS"); warned != tc.written {
				t.Errorf("warned at the start: %t", warned)
			}
			out, err := gapwise(t, r.env, strings.NewReader(""), "doctor")
			if err != nil || strings.Contains(out, "WRITTEN to the database and kept for 1h") != tc.written {
				t.Errorf("doctor, %v:\n%s", err, out)
			}
			out, err = gapwise(t, r.env, strings.NewReader(""), "usage", "--prompts", "5")
			if err != nil || strings.Contains(out, "marker of 71234") != tc.written || strings.Contains(out, "abcdefghijklmnop1234") || strings.Contains(out, "[key]") != tc.written {
				t.Errorf("usage, %v:\n%s", err, out)
			}
		})
	}
}

// inFiles are the files below the data directory that have a text.
func (r *replicas) inFiles(text string) (names []string) {
	r.t.Helper()
	err := filepath.WalkDir(r.env["GAPWISE_DATA"], func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		if bytes.Contains(b, []byte(text)) {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return names
}

// TestPricesCheck names what is stale with its date and source, as text and as JSON.
func TestPricesCheck(t *testing.T) {
	text, err := gapwise(t, nil, strings.NewReader(""), "prices", "check", "--days", "30")
	if err != nil || !strings.Contains(text, "gpt-4o ") || !strings.Contains(text, "2025-12-01") || !strings.Contains(text, "https://") {
		t.Errorf("%v\n%s", err, text)
	}
	out, err := gapwise(t, nil, strings.NewReader(""), "prices", "check", "--days", "30", "--json")
	var doc struct {
		Models int
		Stale  []gateway.Stale
	}
	if err != nil || json.Unmarshal([]byte(out), &doc) != nil || doc.Models < 20 || len(doc.Stale) == 0 {
		t.Errorf("%v\n%s", err, out)
	}
	if text, err := gapwise(t, nil, strings.NewReader(""), "prices", "check", "--days", "100000"); err != nil || text != "" {
		t.Errorf("%v; nothing is as old as that:\n%s", err, text)
	}
}
