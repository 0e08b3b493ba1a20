package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/internal/pgtest"
)

// endpointStub is an embeddings endpoint whose vectors are drawn by the words of a text, so that texts that share words are near.
type endpointStub struct {
	*httptest.Server
	texts atomic.Int64 // embedded
	down  atomic.Bool
	slow  time.Duration // a call
}

const (
	stubModel      = "acme-embed-1"
	stubDimensions = 96
)

func newEndpointStub(tb testing.TB, slow time.Duration) *endpointStub {
	tb.Helper()
	s := &endpointStub{slow: slow}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Input []string }
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || r.URL.Path != "/v1/embeddings" {
			http.Error(w, "what is this?", http.StatusBadRequest) // as of a process that was killed while it asked
			return
		}
		if s.down.Load() {
			http.Error(w, "no", http.StatusUnauthorized) // as a key that was taken back; it is not tried again
			return
		}
		if s.slow > 0 {
			timer := time.NewTimer(s.slow)
			<-timer.C
		}
		s.texts.Add(int64(len(in.Input)))
		data := make([]map[string]any, len(in.Input))
		for i, text := range in.Input {
			data[i] = map[string]any{"index": i, "embedding": wordVector(text)}
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"data": data, "usage": map[string]int{"prompt_tokens": 1}})
	}))
	tb.Cleanup(s.Close)
	return s
}

func wordVector(text string) []float32 {
	v := make([]float32, stubDimensions)
	for w := range strings.FieldsSeq(strings.ToLower(text)) {
		h := fnv.New64a()
		_, _ = h.Write([]byte(w))
		draw := rand.New(rand.NewPCG(h.Sum64(), 7))
		for i := range v {
			v[i] += float32(draw.NormFloat64())
		}
	}
	return embeddings.Normalise(v)
}

// settings point a process at the stub.
func (s *endpointStub) settings(database string) map[string]string {
	return map[string]string{
		"DATABASE_URL": database, "EMBEDDINGS_BASE_URL": s.URL + "/v1", "EMBEDDINGS_MODEL": stubModel, "EMBEDDINGS_API_KEY": "k",
		"LLM_PRICE_INPUT": "0", "LLM_PRICE_OUTPUT": "0",
	}
}

// gapwise runs one verb in this process and gives what it printed.
func gapwise(tb testing.TB, env map[string]string, stdin io.Reader, args ...string) (string, error) {
	tb.Helper()
	all := map[string]string{"GAPWISE_DATA": sharedCache(tb), "HOME": tb.TempDir()}
	maps.Copy(all, env)
	var stdout, stderr bytes.Buffer
	err := run(tb.Context(), func(k string) string { return all[k] }, args, stdin, &stdout, &stderr)
	if err != nil {
		err = fmt.Errorf("%w\n%s", err, stderr.String())
	}
	return stdout.String(), err
}

func manyPostings(n int) string {
	var b strings.Builder
	words := strings.Fields("Go Kafka PostgreSQL Kubernetes React TypeScript Python Spark Terraform AWS security testing mobile data platform")
	for i := range n {
		fmt.Fprintf(&b, `{"source":"made","external_id":"%d","title":"Engineer %d","company":"Company %d","location":"Berlin","description":"We look for somebody who knows %s and %s and number %d."}`+"\n",
			i, i, i%50, words[i%len(words)], words[(i/7)%len(words)], i)
	}
	return b.String()
}

// TestSwitchWhileServing: the old model serves until the new one has everything, then the running service follows; nothing is lost
// and the endpoint is paid for each text once.
func TestSwitchWhileServing(t *testing.T) {
	stub := newEndpointStub(t, 0)
	database := pgtest.URL(t)
	builtin := (embeddings.Builtin{}).Model()
	if _, err := gapwise(t, map[string]string{"DATABASE_URL": database}, strings.NewReader(manyPostings(300)), "jobs", "import", "-"); err != nil {
		t.Fatal(err)
	}
	s := start(t, stub.settings(database)) // another model is configured; the one in force stays
	g := s.guest()
	u := walkUpload(t, g)
	if got := embedderOf1(t, g, u.ID); got != builtin {
		t.Errorf("before the switch %s is in force, want %s", got, builtin)
	}
	out, err := gapwise(t, stub.settings(database), nil, "embeddings", "switch", stubModel, "--json")
	if err != nil {
		t.Fatal(err)
	}
	var done struct {
		Name, Stage string
		Recall      *float64
	}
	if err := json.Unmarshal([]byte(out), &done); err != nil || done.Stage != "done" || done.Name != stubModel || done.Recall == nil || *done.Recall < 0.95 {
		t.Errorf("the switch ended as %s (%v)", out, err)
	}
	for range 200 { // the service looks every few seconds
		if embedderOf1(t, g, u.ID) == stubModel {
			break
		}
		timer := time.NewTimer(100 * time.Millisecond)
		<-timer.C
	}
	if got := embedderOf1(t, g, u.ID); got != stubModel {
		t.Errorf("after the switch %s is in force, want %s", got, stubModel)
	}
	walkGaps(t, g, u)
	var jobs struct{ Matches []json.RawMessage }
	if g.json(http.MethodGet, "/api/v1/resumes/"+u.ID+"/jobs", nil, http.StatusOK, &jobs); len(jobs.Matches) == 0 {
		t.Error("no posting matches under the new model")
	}
	before := stub.texts.Load()
	if _, err := gapwise(t, stub.settings(database), nil, "embeddings", "switch", stubModel); err == nil || !strings.Contains(err.Error(), "in force already") {
		t.Errorf("a second switch: %v", err)
	}
	if n := stub.texts.Load() - before; n > 3 {
		t.Errorf("%d texts were embedded again", n)
	}
	if _, err := gapwise(t, stub.settings(database), nil, "embeddings", "drop"); err != nil {
		t.Fatal(err)
	}
	if out, err := gapwise(t, stub.settings(database), nil, "embeddings", "status", "--json"); err != nil || !strings.Contains(out, `"in_force": "`+stubModel+`"`) && !strings.Contains(out, `"in_force":"`+stubModel+`"`) {
		t.Errorf("status: %s %v", out, err)
	}
	// An endpoint that fails is never stood in for in silence.
	stub.down.Store(true)
	if status, body := g.upload("again.pdf", walkResume(t)); status != http.StatusServiceUnavailable {
		t.Errorf("upload while the endpoint is down: %d %s", status, body)
	}
}

// embedderOf1 is the model that a gap report names.
func embedderOf1(t *testing.T, g *guest, resume string) string {
	t.Helper()
	var report struct{ Embedder string }
	g.json(http.MethodGet, "/api/v1/resumes/"+resume+"/gaps/senior-backend-engineer", nil, http.StatusOK, &report)
	return report.Embedder
}

// TestFallback: where the operator chose it, an upload while the endpoint is down is kept under the built-in model's own name.
func TestFallback(t *testing.T) {
	stub := newEndpointStub(t, 0)
	database := pgtest.URL(t)
	env := stub.settings(database)
	env["EMBEDDINGS_FALLBACK"] = "builtin"
	g := start(t, env).guest()
	stub.down.Store(true)
	walkUpload(t, g)
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	var name string
	if err := conn.QueryRow(t.Context(), `select m.name from resume_vectors v join embedding_models m on m.id = v.model_id`).Scan(&name); err != nil || name != (embeddings.Builtin{}).Model() {
		t.Errorf("the vector is of %q, %v", name, err)
	}
}

// TestSwitchSurvivesKills kills the process that switches at random moments and starts it again until the switch is done. Until then the
// model before is in force with all its vectors; afterwards the new one is, with all of its own.
func TestSwitchSurvivesKills(t *testing.T) {
	const postings = 1500
	stub := newEndpointStub(t, 4*time.Millisecond)
	database := pgtest.URL(t)
	if _, err := gapwise(t, map[string]string{"DATABASE_URL": database}, strings.NewReader(manyPostings(postings)), "jobs", "import", "-"); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	state := func() (inForce string, missing int) {
		t.Helper()
		err := conn.QueryRow(t.Context(), `
			select m.name, (select count(*) from postings p where not exists (select from posting_vectors v where v.model_id = m.id and v.posting_id = p.id))
			from embedding_models m where m.active`).Scan(&inForce, &missing)
		if err != nil {
			t.Fatal(err)
		}
		return inForce, missing
	}
	draw := rand.New(rand.NewPCG(1, 2))
	kills := 0
	for range 60 {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "embeddings", "switch", stubModel, "--drop-old")
		cmd.Env = append(os.Environ(), asGapwise+"=1", "GAPWISE_DATA="+sharedCache(t), "HOME="+t.TempDir())
		for k, v := range stub.settings(database) {
			cmd.Env = append(cmd.Env, k+"="+v)
		}
		var said bytes.Buffer
		cmd.Stderr = &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		// Each time a little later, so that every stage is killed in and the last comes, on a slow machine too.
		timer := time.NewTimer(300*time.Millisecond + time.Duration(draw.Int64N(int64(time.Second))) + time.Duration(kills)*150*time.Millisecond)
		select {
		case err := <-ended:
			timer.Stop()
			if inForce, _ := state(); err != nil && inForce != stubModel {
				t.Fatalf("the switch failed: %v\n%s", err, said.String())
			}
		case <-timer.C:
			kills++
			_ = cmd.Process.Kill()
			if err := <-ended; err == nil {
				t.Log("it was done before it could be killed")
			}
		}
		inForce, missing := state()
		if missing != 0 {
			t.Fatalf("%d postings lack a vector of %s, which is in force", missing, inForce)
		}
		if inForce == stubModel {
			break
		}
	}
	inForce, _ := state()
	var invalid, unfinished int
	if err := conn.QueryRow(t.Context(), `
		select (select count(*) from pg_index i join pg_class c on c.oid = i.indexrelid where c.relname like '%_hnsw_%' and not i.indisvalid),
			(select count(*) from embedding_switches where stage <> 'done')`).Scan(&invalid, &unfinished); err != nil {
		t.Fatal(err)
	}
	if inForce != stubModel || invalid != 0 || unfinished != 0 || kills < 2 {
		t.Errorf("after %d kills %s is in force, %d indexes are not valid, %d switches not done", kills, inForce, invalid, unfinished)
	}
	t.Logf("%d kills; %d texts embedded for %d postings and the catalogue", kills, stub.texts.Load(), postings)
}
