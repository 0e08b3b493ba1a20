//go:build browser

package browsertest_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// slowModel speaks the API of OpenAI, one sentence at a time, each when it is told to.
type slowModel struct {
	next chan struct{}
	mu   sync.Mutex
	gone bool // somebody hung up
}

func (m *slowModel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body) // what is asked does not matter
	w.Header().Set("Content-Type", "text/event-stream")
	for i := 1; ; i++ {
		select {
		case <-m.next:
		case <-r.Context().Done():
			m.mu.Lock()
			m.gone = true
			m.mu.Unlock()
			return
		}
		if _, err := fmt.Fprintf(w, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"This is **sentence** number %d of many. \"}}]}\n\n", i); err != nil {
			return
		}
		if f, ok := w.(http.Flusher); ok {
			f.Flush()
		}
	}
}

// withModel starts a server of its own that asks a model, and gives its address and its model.
func withModel(t *testing.T) (string, *slowModel) {
	t.Helper()
	m := &slowModel{next: make(chan struct{})}
	fake := httptest.NewServer(m)
	t.Cleanup(fake.Close)
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close() // it was only to find a free port
	data := t.TempDir()
	for dir := data; dir != os.TempDir() && len(dir) > 1; dir = filepath.Dir(dir) { // the private database may run as another user
		if err := os.Chmod(dir, 0o755); err != nil {
			break
		}
	}
	cmd := exec.Command(filepath.Join(root, "bin/gapwise"), "serve", "--addr", addr) //nolint:noctx // it is told to end below
	cmd.Env = append(os.Environ(), "GAPWISE_DATA="+data, "DATABASE_URL=", "LLM_BASE_URL="+fake.URL+"/v1", "LLM_API_KEY=", "LLM_MODEL=slow", "LLM_PRICE_INPUT=1", "LLM_PRICE_OUTPUT=2", "EMBEDDINGS_BASE_URL=")
	var log strings.Builder
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("the server says:\n%.3000s", log.String())
		}
	})
	for range 600 {
		if status, _, err := get(t.Context(), "http://"+addr+"/readyz"); err == nil && status == http.StatusOK {
			return "http://" + addr, m
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal("the server does not answer")
	return "", nil
}

// TestStreamedAnswer sees sentences appear one by one, go on after the connection was lost, and stop when the person says so.
func TestStreamedAnswer(t *testing.T) {
	base, m := withModel(t)
	b := newTab(t, 1280, true)
	b.base = base
	b.scheme("light")
	b.open("/chat?role=data-engineer&mode=explain")
	b.click("#chats-start form[method=post] button")
	wait := func(what string) {
		b.Helper()
		if !eval[bool](b, `new Promise((done) => { const until = Date.now() + 25000; const look = () => `+what+` ? done(true) : Date.now() > until ? done(false) : setTimeout(look, 20); look(); })`) {
			b.screen("failed-stream")
			b.Fatalf("it never came to %s: %.1000s", what, b.text("main"))
		}
	}
	b.run(chromedp.SendKeys(chromedp.CSS("#content"), "What does a data engineer do?"), chromedp.Click(chromedp.CSS("#send")))
	say := func() {
		b.Helper()
		select {
		case m.next <- struct{}{}:
		case <-time.After(patience):
			b.Fatal("nobody asks the model")
		}
	}
	say()
	say()
	wait(`document.querySelector("#live-text strong")`)
	b.screen("stream-under-way")
	b.axe("under way", wcag)
	say()
	wait(`document.querySelectorAll("#live-text strong").length >= 2`)
	was := eval[int](b, `document.querySelectorAll("#live-text strong").length`)

	// The line is cut: the page asks again from the last event.
	eval[bool](b, `(() => { document.querySelector("#live")._htmx.sse.reader.cancel(); return true; })()`)
	say()
	say()
	wait(fmt.Sprintf(`document.querySelectorAll("#live-text strong").length > %d`, was))

	b.run(chromedp.Click(chromedp.CSS("#stop")))
	wait(`!document.querySelector("#live") && document.querySelector("#messages .answer-foot")`)
	if got := b.text("#messages"); !strings.Contains(got, "Stopped before the end") || !strings.Contains(got, "sentence number 1") {
		b.Errorf("after stopping: %s", got)
	}
	if got := b.text("#voice"); strings.Count(got, "sentence number 1 of") != 1 || !strings.Contains(got, "number 2 of") {
		b.Errorf("read out: %q", got)
	}
	if got := b.text("#budget"); !strings.Contains(got, "left") {
		b.Errorf("the budget: %q", got)
	}
	b.screen("stream-stopped")
	b.quiet("/favicon")
}
