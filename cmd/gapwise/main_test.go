package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/gapwise/gapwise/internal/filetext"
	"github.com/gapwise/gapwise/internal/pgtest"
)

// asGapwise set makes this test binary be gapwise itself, for tests that kill it.
const asGapwise = "GAPWISE_TEST_AS_GAPWISE"

// TestMain lets this test binary be the child process that reads PDFs, as the real binary is, and be all of gapwise.
func TestMain(m *testing.M) {
	if os.Getenv(asGapwise) != "" {
		os.Exit(exitCode(run(context.Background(), os.Getenv, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)))
	}
	if filetext.IsChild(os.Args[1:]) {
		os.Exit(filetext.ChildMain(os.Args[1:], os.Stdin, os.Stdout))
	}
	os.Exit(pgtest.Main(m))
}

// service is a running `gapwise serve`: exactly what main starts.
type service struct {
	t    testing.TB
	url  string
	http *http.Client
}

var servingAt = regexp.MustCompile(`msg=serving url=(\S+)`)

// start runs `gapwise serve` on a port of its own with a database of its own, and stops it when the test ends.
func start(tb testing.TB, env map[string]string) *service {
	tb.Helper()
	settings := map[string]string{"GAPWISE_ADDR": "127.0.0.1:0", "GAPWISE_DATA": sharedCache(tb), "DATABASE_URL": pgtest.URL(tb), "HOME": tb.TempDir()}
	maps.Copy(settings, env)
	ctx, cancel := context.WithCancel(context.WithoutCancel(tb.Context()))
	logs, stderr := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := run(ctx, func(k string) string { return settings[k] }, []string{"serve"}, strings.NewReader(""), io.Discard, stderr)
		_ = stderr.CloseWithError(io.EOF) // ends the reader of the logs
		done <- err
	}()
	url := make(chan string, 1)
	go func() {
		defer close(url)
		for lines := bufio.NewScanner(logs); lines.Scan(); {
			if m := servingAt.FindStringSubmatch(lines.Text()); m != nil {
				url <- strings.Replace(m[1], "localhost", "127.0.0.1", 1)
			} else if testing.Verbose() && !strings.Contains(lines.Text(), "msg=request") {
				fmt.Fprintln(os.Stderr, lines.Text())
			}
		}
	}()
	tb.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			tb.Errorf("serve ended with %v", err)
		}
	})
	at, ok := <-url
	if !ok {
		tb.Fatalf("serve did not start")
	}
	return &service{t: tb, url: at, http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}}}
}

// sharedCache is a data directory whose compiled PDF engine all tests use.
func sharedCache(tb testing.TB) string {
	tb.Helper()
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("gapwise-test-cache-%d", os.Getuid()))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		tb.Fatal(err)
	}
	return dir
}

// guest is a person with a bearer token.
type guest struct {
	*service
	token string
}

func (s *service) guest() *guest {
	s.t.Helper()
	g := &guest{service: s}
	var answer struct{ Token string }
	g.json(http.MethodPost, "/api/v1/guests", nil, http.StatusCreated, &answer)
	g.token = answer.Token
	return g
}

// do sends a request and returns the status, the headers and the body.
func (g *guest) do(method, path, contentType string, body io.Reader, header map[string]string) (int, http.Header, []byte) {
	g.t.Helper()
	req, err := http.NewRequestWithContext(g.t.Context(), method, g.url+path, body)
	if err != nil {
		g.t.Fatal(err)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	if g.token != "" {
		req.Header.Set("Authorization", "Bearer "+g.token)
	}
	for k, v := range header {
		req.Header.Set(k, v)
	}
	resp, err := g.http.Do(req)
	if err != nil {
		g.t.Errorf("%s %s: %v", method, path, err)
		return 0, nil, nil
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		g.t.Errorf("%s %s: %v", method, path, err)
	}
	return resp.StatusCode, resp.Header, b
}

// json sends v as JSON, wants a status and decodes the answer.
func (g *guest) json(method, path string, v any, want int, into any) {
	g.t.Helper()
	var body io.Reader
	if v != nil {
		b, err := json.Marshal(v)
		if err != nil {
			g.t.Fatal(err)
		}
		body = bytes.NewReader(b)
	}
	status, _, b := g.do(method, path, "application/json", body, map[string]string{"Accept": "application/json"})
	if status != want {
		g.t.Fatalf("%s %s: status %d, want %d: %s", method, path, status, want, b)
	}
	if into != nil {
		if err := json.Unmarshal(b, into); err != nil {
			g.t.Fatalf("%s %s: %v in %s", method, path, err, b)
		}
	}
}

// upload sends a file as a browser does.
func (g *guest) upload(name string, data []byte) (int, []byte) {
	g.t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		g.t.Fatal(err)
	}
	_, _ = part.Write(data) // a buffer takes everything
	if err := w.Close(); err != nil {
		g.t.Fatal(err)
	}
	status, _, b := g.do(http.MethodPost, "/api/v1/resumes", w.FormDataContentType(), &form, nil)
	return status, b
}

// cli runs a verb of the command line and returns its output and exit code.
func cli(tb testing.TB, env map[string]string, stdin string, args ...string) (stdout, stderr string, code int) {
	tb.Helper()
	settings := map[string]string{"GAPWISE_DATA": sharedCache(tb), "HOME": tb.TempDir()}
	maps.Copy(settings, env)
	var out, errs bytes.Buffer
	err := run(tb.Context(), func(k string) string { return settings[k] }, args, strings.NewReader(stdin), &out, &errs)
	return out.String(), errs.String(), exitCode(err)
}

func jsonBody(s string) io.Reader { return strings.NewReader(s) }
