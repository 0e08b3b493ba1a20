//go:build unix

package pgcluster_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/pgcluster"
)

// helperDir makes the test binary a second process that uses the cluster in this directory until its stdin ends.
const helperDir = "GAPWISE_PGCLUSTER_HELPER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(helperDir); dir != "" {
		if err := help(dir); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func help(dir string) error {
	c, err := pgcluster.Start(context.Background(), pgcluster.Options{DataDir: dir, FastUnsafe: true})
	if err != nil {
		return err
	}
	fmt.Println("url", c.URL())
	_, _ = io.Copy(io.Discard, os.Stdin) // until the parent closes it or dies
	return c.Close()
}

type helper struct {
	t   *testing.T
	cmd *exec.Cmd
	in  io.Closer
	out *bufio.Reader
}

func startHelper(t *testing.T, dir string) *helper {
	t.Helper()
	cmd := exec.CommandContext(context.Background(), os.Args[0]) // the cleanup ends it, after what uses it
	cmd.Env = append(os.Environ(), helperDir+"="+dir)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	h := &helper{t, cmd, in, bufio.NewReader(out)}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return h
}

// url waits until the helper has its cluster.
func (h *helper) url() string {
	h.t.Helper()
	line, err := h.out.ReadString('\n')
	u, ok := strings.CutPrefix(strings.TrimSpace(line), "url ")
	if err != nil || !ok {
		h.t.Fatalf("the second process said %q (%v)", line, err)
	}
	return u
}

func (h *helper) close() {
	h.t.Helper()
	_ = h.in.Close()
	if err := h.cmd.Wait(); err != nil {
		h.t.Errorf("the second process: %v", err)
	}
}

func (h *helper) kill() {
	_ = h.cmd.Process.Kill()
	_ = h.cmd.Wait()
}

func start(t *testing.T, dir string) *pgcluster.Cluster {
	t.Helper()
	c, err := pgcluster.Start(t.Context(), pgcluster.Options{DataDir: dir, FastUnsafe: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, c) })
	return c
}

func stop(t *testing.T, c *pgcluster.Cluster) {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

// query runs SQL through psql, the one client that comes with every server.
func query(t *testing.T, url, sql string) string {
	t.Helper()
	out, err := psql(t, url, sql).CombinedOutput()
	if err != nil {
		t.Fatalf("psql %q: %v\n%s", sql, err, out)
	}
	return strings.TrimSpace(string(out))
}

func psql(t *testing.T, url, sql string) *exec.Cmd {
	t.Helper()
	b, err := pgcluster.Find()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), filepath.Join(b.Dir, "psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql, url)
	cmd.Dir = "/"
	return cmd
}

// serverPID is 0 if there is no pid file.
func serverPID(t *testing.T, dir string) int {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, "postgres/data/postmaster.pid"))
	if errors.Is(err, os.ErrNotExist) {
		return 0
	}
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(raw), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func socketDir(t *testing.T, raw string) string {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("host")
}

func TestStartAndStop(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "with space, comma and ü", "data")
	c := start(t, dir)
	for sql, want := range map[string]string{
		"select current_user || ' ' || current_database()": "gapwise gapwise",
		"show listen_addresses":                            "",
		"show server_encoding":                             "UTF8",
		"show max_connections":                             "120",
		"show shared_buffers":                              "128MB",
		"show fsync":                                       "off",
		"show timezone":                                    "UTC",
		"select lower('ÄÉ')":                               "äé",
		"create table kept (n int); insert into kept values (7); create extension vector": "",
	} {
		if got := query(t, c.URL(), sql); got != want {
			t.Errorf("%s = %q, want %q", sql, got, want)
		}
	}
	pid := serverPID(t, dir)
	mine := syscall.Getpgrp()
	server, err := syscall.Getpgid(pid)
	if err != nil || server == mine {
		t.Errorf("the server is in process group %d (%v), this process in %d: Ctrl-C would reach both", server, err, mine)
	}
	stop(t, c)
	if serverPID(t, dir) != 0 || pgcluster.Alive(pid) {
		t.Errorf("the server %d is there after Close", pid)
	}
	if _, err := os.Stat(filepath.Join(socketDir(t, c.URL()), ".s.PGSQL.5432")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the socket is there after Close: %v", err)
	}
	stop(t, c) // a second Close is harmless
	if got := query(t, start(t, dir).URL(), "select n from kept"); got != "7" {
		t.Errorf("after the restart: %q", got)
	}
}

func TestDurableByDefault(t *testing.T) {
	t.Parallel()
	c, err := pgcluster.Start(t.Context(), pgcluster.Options{DataDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer stop(t, c)
	sql := "select string_agg(setting, ' ' order by name) from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit')"
	if got := query(t, c.URL(), sql); got != "on on on" {
		t.Errorf("fsync, full_page_writes, synchronous_commit = %s", got)
	}
}

func TestOthersCannotConnect(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "pgcluster") //nolint:usetesting // above t.TempDir is a directory that is closed to others
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil { // only the cluster's own permissions shall count
		t.Fatal(err)
	}
	c := start(t, dir)
	run := socketDir(t, c.URL())
	for _, path := range []string{run, filepath.Join(run, ".s.PGSQL.5432"), filepath.Join(dir, "postgres/data")} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o700 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
	}
	if os.Geteuid() != 0 {
		return // only root can become someone else to try
	}
	if st, err := os.Stat(filepath.Join(dir, "postgres/data")); err != nil || st.Sys().(*syscall.Stat_t).Uid == 0 {
		t.Errorf("the data belongs to root (%v)", err)
	}
	cmd := psql(t, c.URL(), "select 1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 4321, Gid: 4321}}
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "Permission denied") {
		t.Errorf("another user got: %v %s", err, out)
	}
}

func TestSecondStartShares(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	one := start(t, dir)
	pid := serverPID(t, dir)
	two := start(t, link)
	if one.URL() != two.URL() || serverPID(t, dir) != pid {
		t.Errorf("not shared: %s and %s", one.URL(), two.URL())
	}
	stop(t, one)
	if got := query(t, two.URL(), "select 1"); got != "1" {
		t.Errorf("after the first left: %q", got)
	}
	stop(t, two)
	if serverPID(t, dir) != 0 {
		t.Error("the server is there after the last left")
	}
}

func TestProcessesRace(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	var helpers []*helper
	for range 4 {
		helpers = append(helpers, startHelper(t, dir))
	}
	for _, h := range helpers {
		u := h.url()
		if got := query(t, u, "select 1"); got != "1" {
			t.Errorf("query: %q", got)
		}
	}
	pid := serverPID(t, dir)
	for _, h := range helpers[1:] {
		h.close()
	}
	if serverPID(t, dir) != pid || !pgcluster.Alive(pid) {
		t.Error("the server went before the last user")
	}
	helpers[0].close()
	if serverPID(t, dir) != 0 || pgcluster.Alive(pid) {
		t.Error("the server is there after the last user")
	}
}

// TestComeAndGo has users join while others, maybe the last, leave.
func TestComeAndGo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	stop(t, start(t, dir))
	done := make(chan error)
	for range 3 {
		go func() {
			for range 4 {
				c, err := pgcluster.Start(context.Background(), pgcluster.Options{DataDir: dir, FastUnsafe: true})
				if err == nil {
					err = c.Close()
				}
				if err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range 3 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if serverPID(t, dir) != 0 {
		t.Error("the server is there after the last user")
	}
}

func TestOwnerKilled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	owner := startHelper(t, dir)
	u := owner.url()
	pid := serverPID(t, dir)
	owner.kill()
	if got := query(t, u, "select 1"); got != "1" {
		t.Fatalf("the server died with its owner: %q", got)
	}
	c := start(t, dir)
	if serverPID(t, dir) != pid {
		t.Error("the running server was not adopted")
	}
	stop(t, c)
	if serverPID(t, dir) != 0 {
		t.Error("the adopted server is there after Close")
	}
}

// TestOwnerKilledAnywhere kills the owner at several points of the first start.
func TestOwnerKilledAnywhere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, after := range []int{30, 300, 700, 1100, 1400} {
		owner := startHelper(t, dir)
		time.Sleep(time.Duration(after) * time.Millisecond)
		owner.kill()
	}
	c := start(t, dir)
	if got := query(t, c.URL(), "select current_database()"); got != pgcluster.Database {
		t.Errorf("database %q", got)
	}
}

func TestServerKilled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	// Durable, or the row would be lost rightly.
	old, err := pgcluster.Start(t.Context(), pgcluster.Options{DataDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, old) })
	query(t, old.URL(), "create table kept (n int); insert into kept values (7)")
	// A busy connection outlives the postmaster and keeps its shared memory.
	busy := psql(t, old.URL(), "select sum(sqrt(n)) from generate_series(1, 2000000000) n")
	if err := busy.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = busy.Process.Kill(); _ = busy.Wait() })
	for query(t, old.URL(), "select count(*) from pg_stat_activity where query like 'select sum%'") != "1" {
		time.Sleep(10 * time.Millisecond)
	}
	pid := serverPID(t, dir)
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	for pgcluster.Alive(pid) { // the signal is sent, and not obeyed at once
		time.Sleep(time.Millisecond)
	}
	c := start(t, dir)
	if got := query(t, c.URL(), "select n from kept"); got != "7" {
		t.Errorf("after recovery: %q", got)
	}
	if old.URL() != c.URL() {
		t.Error("the address changed: the first user cannot connect again")
	}
	stop(t, old)
	if got := query(t, c.URL(), "select 1"); got != "1" {
		t.Errorf("after the first user left: %q", got)
	}
}

func TestStaleFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := start(t, dir)
	stop(t, c)
	// The process id was given out again, to a process of the same user: PostgreSQL alone would refuse to start.
	data := filepath.Join(dir, "postgres/data")
	info, err := os.Stat(data)
	if err != nil {
		t.Fatal(err)
	}
	st := info.Sys().(*syscall.Stat_t)
	stranger := exec.CommandContext(t.Context(), "sleep", "60")
	if os.Geteuid() == 0 {
		stranger.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: st.Uid, Gid: st.Gid}}
		stranger.Dir = "/"
	}
	if err := stranger.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stranger.Process.Kill(); _ = stranger.Wait() })
	run := socketDir(t, c.URL())
	stale := fmt.Sprintf("%d\n%s\n1700000000\n5432\n%s\n\n  1 1\nready   \n", stranger.Process.Pid, data, run)
	for _, path := range []string{filepath.Join(data, "postmaster.pid"), filepath.Join(run, ".s.PGSQL.5432.lock"), filepath.Join(run, ".s.PGSQL.5432")} {
		if err := os.WriteFile(path, []byte(stale), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(path, int(st.Uid), int(st.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	if got := query(t, start(t, dir).URL(), "select 1"); got != "1" {
		t.Errorf("query: %q", got)
	}
	if err := stranger.Process.Signal(syscall.Signal(0)); err != nil {
		t.Errorf("the stranger was harmed: %v", err)
	}
}

func TestUnfinishedSetup(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	left := filepath.Join(dir, "postgres/data.new-123/base")
	if err := os.MkdirAll(left, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "postgres/data"), 0o700); err != nil {
		t.Fatal(err)
	}
	start(t, dir)
	if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what a crash left is still there: %v", err)
	}
}

func TestLongPath(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), strings.Repeat("long/", 25))
	c := start(t, dir)
	other := startHelper(t, dir)
	if other.url() != c.URL() {
		t.Error("two processes disagree about the address")
	}
	run := socketDir(t, c.URL())
	if strings.HasPrefix(run, dir) {
		t.Errorf("the socket's path %s is too long", run)
	}
	if got := query(t, c.URL(), "select 1"); got != "1" {
		t.Errorf("query: %q", got)
	}
	other.close()
	stop(t, c)
	if _, err := os.Stat(run); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the socket's directory is left: %v", err)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	write := func(path, text string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			t.Helper()
			path := filepath.Join(dir, path)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, test := range map[string]struct {
		prepare func(t *testing.T, dir string)
		code    string
	}{
		"data directory is a file": {write("", ""), "data-unwritable"},
		"place is a file":          {write("postgres", ""), "data-unwritable"},
		"not a cluster":            {write("postgres/data/thesis.txt", "x"), "data-foreign"},
		"another version":          {write("postgres/data/PG_VERSION", "12\n"), "postgres-version"},
		"damaged": {func(t *testing.T, dir string) {
			t.Helper()
			b, err := pgcluster.Find()
			if err != nil {
				t.Fatal(err)
			}
			write("postgres/data/PG_VERSION", strconv.Itoa(b.Major)+"\n")(t, dir)
		}, "postgres-failed"},
		"read-only": {func(t *testing.T, dir string) {
			t.Helper()
			if os.Geteuid() == 0 {
				t.Skip("no directory is read-only for root")
			}
			if err := os.Mkdir(dir, 0o500); err != nil {
				t.Fatal(err)
			}
		}, "data-unwritable"},
		"disk full": {smallDisk, "disk-full"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "data")
			test.prepare(t, dir)
			c, err := pgcluster.Start(t.Context(), pgcluster.Options{DataDir: dir, FastUnsafe: true})
			if err == nil {
				stop(t, c)
			}
			if !errors.Is(err, fault.Unavailable) || fault.CodeOf(err) != test.code {
				t.Errorf("Start: %v, want %s", err, test.code)
			}
			if test.code == "postgres-failed" && !strings.Contains(err.Error(), "postgresql.conf") {
				t.Errorf("the cause lacks the server's log: %v", err)
			}
		})
	}
}

func TestStartCanBeCancelled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := start(t, dir)
	stop(t, c)
	f, err := os.Open(filepath.Join(dir, "postgres/start.lock"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := pgcluster.Start(ctx, pgcluster.Options{DataDir: dir}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Start = %v", err)
	}
}
