//go:build browser

package browsertest_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Everything that the tests leave behind lies here: screenshots, the HTML of each page, and what was measured.
const artefacts = "artefacts"

// root is where the module begins, seen from this package.
const root = "../.."

// stage is what all tests stand on: one server with a private database, and one browser.
type stage struct {
	base    string          // address of the server
	data    string          // directory of the server's database
	browser context.Context //nolint:containedctx // chromedp keeps a browser in a context
}

var theStage stage // set by TestMain alone: a test has no other way to what it made

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "browsertest:", err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (code int, err error) {
	if err := os.RemoveAll(artefacts); err != nil {
		return 0, err
	}
	for _, dir := range []string{"html", "screens"} {
		if err := os.MkdirAll(filepath.Join(artefacts, dir), 0o755); err != nil {
			return 0, err
		}
	}
	data, err := os.MkdirTemp("", "gapwise-browser-*")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(data)) }()
	if err := os.Chmod(data, 0o755); err != nil { // the private database may run as another user
		return 0, err
	}
	base, stop, err := serve(context.Background(), data)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	ctx, cancel, err := openBrowser()
	if err != nil {
		return 0, err
	}
	defer cancel()
	theStage = stage{base: base, data: data, browser: ctx}
	code = m.Run()
	return code, noReports(context.Background(), base)
}

// serve starts the built binary and waits until it answers.
func serve(ctx context.Context, data string) (base string, stop func() error, err error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		return "", nil, err
	}
	log, err := os.Create(filepath.Join(artefacts, "server.log"))
	if err != nil {
		return "", nil, err
	}
	cmd := exec.CommandContext(ctx, filepath.Join(root, "bin/gapwise"), "serve", "--addr", addr)
	cmd.Env = append(os.Environ(), "GAPWISE_DATA="+data, "DATABASE_URL=", "LLM_BASE_URL=", "LLM_API_KEY=", "LLM_MODEL=", "EMBEDDINGS_BASE_URL=")
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return "", nil, fmt.Errorf("start the server (make build makes it): %w", err)
	}
	stop = func() error {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		err := cmd.Wait()
		return errors.Join(err, log.Close())
	}
	base = "http://" + addr
	for range 600 {
		if status, _, err := get(ctx, base+"/readyz"); err == nil && status == http.StatusOK {
			return base, stop, nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return "", nil, errors.Join(fmt.Errorf("the server does not answer; see %s/server.log", artefacts), stop())
}

func openBrowser() (context.Context, context.CancelFunc, error) {
	path := os.Getenv("CHROMIUM")
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); path == "" && err == nil {
			path = found
		}
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("lang", "en-GB"), chromedp.Flag("hide-scrollbars", true))
	alloc, cancelAlloc := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(alloc)
	both := func() { cancel(); cancelAlloc() }
	if err := chromedp.Do(ctx); err != nil {
		both()
		return nil, nil, fmt.Errorf("start the browser: %w", err)
	}
	return ctx, both, nil
}

// noReports asks the server whether a browser told it of something that the policy stopped.
func noReports(ctx context.Context, base string) error {
	_, text, err := get(ctx, base+"/metrics")
	if err != nil {
		return err
	}
	if line := regexp.MustCompile(`(?m)^gapwise_csp_reports_total .*$`).FindString(text); line != "gapwise_csp_reports_total 0" {
		return fmt.Errorf("reports of the content security policy: %q; server.log has what they say", line)
	}
	return nil
}

// get reads what is at an address.
func get(ctx context.Context, address string) (status int, body string, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, "", err
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = resp.Body.Close() }() // it was read
	return resp.StatusCode, readAll(resp.Body), nil
}
