package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/pgcluster"
	"github.com/gapwise/gapwise/postgres"
)

// bench is everything that a measure needs.
type bench struct {
	o       options
	stub    *stub
	client  *http.Client
	cluster *pgcluster.Cluster
	dir     string
	log     io.Writer
}

// house is one or more processes of the gateway over one fresh database.
type house struct {
	b     *bench
	env   []string
	drop  func(context.Context) error
	procs []*proc
	token string
}

// proc is one process.
type proc struct {
	url string
	cmd *exec.Cmd
}

// start brings up n processes over a database of their own.
func (b *bench) start(ctx context.Context, n int, settings map[string]string) (*house, error) {
	address, drop, err := postgres.Scratch(ctx, b.cluster.URL(), "template1")
	if err != nil {
		return nil, err
	}
	h := &house{b: b, drop: drop}
	all := map[string]string{
		"DATABASE_URL": address, "GAPWISE_DATA": filepath.Join(b.dir, "data"), "LLM_BASE_URL": b.stub.url, "LLM_API_KEY": "k", "LLM_MODEL": modelName,
		"GAPWISE_BUDGET_REQUEST": "100", "GAPWISE_BUDGET_PERSON_DAY": "100000", "GAPWISE_BUDGET_INSTANCE_DAY": "100000", "GAPWISE_BUDGET_INSTANCE_MONTH": "100000",
		"PATH": os.Getenv("PATH"), "HOME": b.dir, "GOMAXPROCS": "2", "LLM_RETRIES": "0",
		"GAPWISE_BUDGET_ZONE": morning(time.Now()),
	}
	maps.Copy(all, settings)
	for k, v := range all {
		h.env = append(h.env, k+"="+v)
	}
	for range n {
		p, err := h.launch(ctx)
		if err != nil {
			return nil, errors.Join(err, h.close(ctx))
		}
		h.procs = append(h.procs, p)
	}
	h.token, err = h.guest(ctx)
	if err != nil {
		return nil, errors.Join(err, h.close(ctx))
	}
	return h, nil
}

// morning is a time zone in which it is between three and four in the morning, so that no day and no month ends under a measure.
func morning(now time.Time) string {
	west := now.UTC().Hour() - 3
	if west > 12 { // there is no zone further west
		west -= 24
	}
	return fmt.Sprintf("Etc/GMT%+d", west) // by the sign of POSIX: + is west
}

// launch starts one more process and waits until it is ready.
func (h *house) launch(ctx context.Context) (*proc, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, h.b.o.binary, h.b.o.verb, "--addr", addr)
	cmd.Env = h.env
	log, err := os.OpenFile(filepath.Join(h.b.dir, "gapwise.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }() // the child has its own
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &proc{url: "http://" + addr, cmd: cmd}
	for range 600 {
		if resp, err := h.b.get(ctx, p.url+"/readyz", ""); err == nil && resp == "ready\n" {
			return p, nil
		}
		wait(ctx, 50*time.Millisecond)
	}
	return nil, fmt.Errorf("%s is not ready; see %s", addr, filepath.Join(h.b.dir, "gapwise.log"))
}

func (b *bench) get(ctx context.Context, url, token string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := b.client.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %d %.200s", url, resp.StatusCode, body)
	}
	return string(body), err
}

// guest makes a person and gives their token.
func (h *house) guest(ctx context.Context) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.procs[0].url+"/api/v1/guests", nil)
	if err != nil {
		return "", err
	}
	resp, err := h.b.client.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	var out struct{ Token string }
	return out.Token, errors.Join(json.NewDecoder(resp.Body).Decode(&out), func() error {
		if out.Token == "" {
			return errors.New("no token")
		}
		return nil
	}())
}

// key makes a token with the CLI.
func (h *house) key(ctx context.Context, args ...string) (string, error) {
	out, err := h.cli(ctx, append([]string{"token", "--json"}, args...)...)
	if err != nil {
		return "", err
	}
	var v struct{ Token string }
	return v.Token, json.Unmarshal(out, &v)
}

func (h *house) cli(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, h.b.o.binary, args...)
	cmd.Env = h.env
	return cmd.Output()
}

// booked is what budgets hold, by scope.
type booked map[string]struct{ Limit, Spent, Reserved gateway.Nano }

// usage is what the caller's budgets hold, once nothing is reserved any more or after a wait.
func (h *house) usage(ctx context.Context, token string) (booked, time.Duration, error) {
	began := time.Now()
	for {
		out := booked{}
		body, err := h.b.get(ctx, h.procs[0].url+"/api/v1/usage", token)
		if err == nil {
			var v struct {
				Budgets []struct {
					Scope                  string
					Limit, Spent, Reserved gateway.Nano
				}
			}
			err = json.Unmarshal([]byte(body), &v)
			open := false
			for _, b := range v.Budgets {
				out[b.Scope] = struct{ Limit, Spent, Reserved gateway.Nano }{b.Limit, b.Spent, b.Reserved}
				open = open || b.Reserved != 0
			}
			if err == nil && !open {
				return out, time.Since(began), nil
			}
		}
		if time.Since(began) > patience {
			return out, time.Since(began), err
		}
		wait(ctx, 20*time.Millisecond)
	}
}

// kill ends a process as a crash does.
func (p *proc) kill() {
	_ = p.cmd.Process.Signal(syscall.SIGKILL)
	_ = p.cmd.Wait() // it was killed
}

func (h *house) close(ctx context.Context) error {
	for _, p := range h.procs {
		_ = p.cmd.Process.Signal(syscall.SIGTERM)
	}
	for _, p := range h.procs {
		_ = p.cmd.Wait() // killed ones have been waited for
	}
	return h.drop(context.WithoutCancel(ctx))
}

// resident is a process's memory in bytes.
func (p *proc) resident() int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.SplitSeq(string(b), "\n") {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			return kb << 10
		}
	}
	return 0
}

// restartDatabase ends the server as a crash does, or as an operator, and starts it again.
func (b *bench) restartDatabase(ctx context.Context, hard bool) error {
	pidFile := filepath.Join(b.dir, "pg", "postgres", "data", "postmaster.pid")
	text, err := os.ReadFile(pidFile)
	if err != nil {
		return err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil {
		return err
	}
	sig := syscall.SIGINT
	if hard {
		sig = syscall.SIGQUIT
	}
	if err := syscall.Kill(pid, sig); err != nil {
		return err
	}
	for range 500 {
		if syscall.Kill(pid, 0) != nil {
			break
		}
		wait(ctx, 10*time.Millisecond)
	}
	old := b.cluster
	if b.cluster, err = pgcluster.Start(ctx, pgcluster.Options{DataDir: filepath.Join(b.dir, "pg")}); err != nil {
		return err
	}
	_ = old.Close() // its server is gone
	return nil
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
