//go:build unix

package pgcluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/gapwise/gapwise/internal/fault"
)

// How long things may take. Recovery after a crash replays at most max_wal_size, which is seconds on any disk; a fast
// shutdown writes a checkpoint.
const (
	startWait   = 3 * time.Minute
	stopFast    = 30 * time.Second
	stopAtOnce  = 10 * time.Second
	orphansWait = 2 * time.Second
	tick        = 10 * time.Millisecond
)

// Cluster is this process's share in a running private cluster.
type Cluster struct {
	home    *home
	log     *slog.Logger
	url     string
	users   *os.File // holds the shared lock
	child   *child   // the server if this process started it
	closing atomic.Bool
	close   func() error
}

// URL is a connection string for pgx and libpq: the database Database as its superuser, over the Unix socket.
func (c *Cluster) URL() string { return c.url }

// Close gives up this process's share. Whoever leaves last shuts the server down, which ends the connections that are still
// open. Closing again does nothing and returns the same error.
func (c *Cluster) Close() error { return c.close() }

// Start makes the cluster if there is none, starts its server if it does not run, and returns a share in it. It waits while
// another process starts or stops the server. Faults are of kind Unavailable: those of [Find], data-unwritable, disk-full,
// data-foreign, postgres-version, postgres-as-root, socket-path-unfit and postgres-failed.
func Start(ctx context.Context, o Options) (*Cluster, error) {
	h, err := openHome(o.DataDir)
	if err != nil {
		return nil, err
	}
	starting, err := h.openLock(filepath.Join(h.base, "start.lock"))
	if err != nil {
		return nil, unwritable(o.DataDir, err)
	}
	defer starting.Close() // which unlocks it
	if err := waitLock(ctx, starting, o.log()); err != nil {
		return nil, fmt.Errorf("waiting for the database's lock: %w", err)
	}
	users, err := h.openLock(filepath.Join(h.base, "users.lock"))
	if err != nil {
		return nil, unwritable(o.DataDir, err)
	}
	c := &Cluster{home: h, log: o.log(), users: users}
	c.close = sync.OnceValue(c.leave)
	// The exclusive form is only ever held under the start lock, so this cannot be refused.
	ok, err := tryLock(users, syscall.LOCK_SH)
	if err == nil && !ok {
		err = fmt.Errorf("%s is locked by a stranger", users.Name())
	}
	var socketDir string
	if err == nil {
		socketDir, err = c.ensure(ctx, o)
	}
	if err != nil {
		_ = users.Close()
		return nil, err
	}
	c.url = connectionURL(socketDir)
	if c.child != nil {
		go c.watch()
	}
	return c, nil
}

// connectionURL escapes the directory fully: libpq does not read + as a space.
func connectionURL(socketDir string) string {
	return "postgres:///" + Database + "?host=" + strings.ReplaceAll(url.QueryEscape(socketDir), "+", "%20") + "&port=5432&user=" + Role
}

// ensure brings the server to where it accepts connections and returns its socket's directory. The caller holds the start lock.
func (c *Cluster) ensure(ctx context.Context, o Options) (string, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, startWait, fault.Newf(fault.Timeout, "postgres-slow",
		"The database did not become ready within %s. Its log is %s.", startWait, c.home.logFile()))
	defer cancel()
	// A server that is starting or stopping without anyone holding the lock lost its owner on the way.
	if s, found, err := c.await(ctx, nil); err != nil || found {
		return s.socketDir, err
	}
	major, err := c.home.dataMajor()
	if err != nil {
		return "", err
	}
	bin, err := best(installed(), major)
	if err != nil {
		return "", err
	}
	if major == 0 {
		c.log.Info("setting up the database, once", "dir", c.home.data(), "postgres", bin.Version)
		if err := c.home.create(ctx, bin, o.FastUnsafe); err != nil {
			return "", err
		}
	}
	socketDir, err := c.home.socketDir()
	if err != nil {
		return "", err
	}
	return socketDir, c.boot(ctx, bin, socketDir, o.FastUnsafe)
}

// boot starts the server and waits for it. It tries again while something of the last one is still there.
func (c *Cluster) boot(ctx context.Context, bin Binaries, socketDir string, fast bool) error {
	begun := time.Now()
	for {
		from := c.home.logSize()
		server, err := c.home.launch(bin, socketDir, fast)
		if err != nil {
			return unwritable(filepath.Dir(c.home.base), err)
		}
		_, found, err := c.await(ctx, server)
		if err != nil {
			c.home.stop(server.pid, server, c.log)
			return err
		}
		if found {
			if !server.ended() {
				c.child = server
			}
			c.log.Info("the database runs", "postgres", bin.Version, "pid", server.pid, "took", time.Since(begun).Round(time.Millisecond))
			return nil
		}
		said := c.home.logSince(from)
		if !strings.Contains(said, "pre-existing shared memory block") && !strings.Contains(said, `lock file "postmaster.pid"`) {
			return c.home.failed("PostgreSQL did not start", said, server.err)
		}
		if time.Since(begun) > orphansWait {
			for _, pid := range c.home.orphans() {
				c.log.Warn("ending a server process that outlived a crash", "pid", pid)
				_ = syscall.Kill(pid, syscall.SIGQUIT) // it may have gone by itself
			}
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// await waits until the server accepts connections. found is false if there is no server, or own has ended, or the one that
// was stopping has stopped.
//
// A server that answers is found even if its process cannot be seen: it runs in another container with the same volume, and a
// second one on the same files would destroy them. For the same reason a socket that someone still holds open is waited for;
// a process that is just dying does so for a moment after its arguments are gone.
func (c *Cluster) await(ctx context.Context, own *child) (s server, found bool, err error) {
	slow := time.NewTicker(10 * time.Second)
	defer slow.Stop()
	for {
		s, known := c.home.readPIDFile()
		if known && s.ready && answers(s.socketDir) {
			return s, true, nil
		}
		held := known && (c.home.isServer(s.pid) || listens(s.socketDir))
		if !held && (own == nil || own.ended()) {
			return server{}, false, nil
		}
		select {
		case <-ctx.Done():
			return server{}, false, context.Cause(ctx)
		case <-slow.C:
			c.log.Info("still waiting for the database", "log", c.home.logFile())
		case <-time.After(tick):
		}
	}
}

// watch tells of a server that ended under its users; the next Start mends it.
func (c *Cluster) watch() {
	<-c.child.done
	if !c.closing.Load() {
		c.log.Error("the database server ended unexpectedly", "err", c.child.err, "log", c.home.logFile())
	}
}

// leave is Close, once.
func (c *Cluster) leave() error {
	c.closing.Store(true)
	defer c.users.Close()
	starting, err := c.home.openLock(filepath.Join(c.home.base, "start.lock"))
	if errors.Is(err, os.ErrNotExist) {
		// The data directory was removed under us, the locks with it. The server must not stay behind without files.
		if c.child != nil {
			c.home.stop(c.child.pid, c.child, c.log)
		}
		return nil
	}
	if err != nil {
		return fmt.Errorf("stopping the database: %w", err)
	}
	defer starting.Close()
	ctx, cancel := context.WithTimeout(context.Background(), startWait)
	defer cancel()
	if err := waitLock(ctx, starting, c.log); err != nil {
		return fmt.Errorf("stopping the database: %w", err)
	}
	// Nobody can join under the start lock, so whoever gets the exclusive lock now is alone.
	last, err := tryLock(c.users, syscall.LOCK_EX)
	if err != nil {
		return fmt.Errorf("stopping the database: %w", err)
	}
	if s, alive := c.home.running(); last && alive {
		own := c.child
		if own != nil && own.pid != s.pid {
			own = nil
		}
		if !c.home.stop(s.pid, own, c.log) {
			return fault.Newf(fault.Unavailable, "postgres-stays", "The database server (process %d) did not stop. Its log is %s.", s.pid, c.home.logFile())
		}
		if s.socketDir != filepath.Join(c.home.base, "run") {
			_ = os.Remove(s.socketDir) // a short-named directory would only be litter; the next start makes it again
		}
	}
	return nil
}

// stop asks for a fast shutdown, then for an immediate one, then ends the process; it says whether the server is gone. own is
// the server's handle if it is a child of this process, which has to see it end: a child that has ended still has a pid.
func (h *home) stop(pid int, own *child, log *slog.Logger) bool {
	gone := func() bool {
		if own != nil {
			return own.ended()
		}
		return !h.isServer(pid)
	}
	for _, try := range []struct {
		signal syscall.Signal
		wait   time.Duration
	}{{syscall.SIGINT, stopFast}, {syscall.SIGQUIT, stopAtOnce}, {syscall.SIGKILL, stopAtOnce}} {
		if gone() {
			return true
		}
		if try.signal != syscall.SIGINT {
			log.Warn("the database server does not stop, trying harder", "pid", pid, "signal", try.signal.String())
		}
		if err := syscall.Kill(pid, try.signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			log.Error("cannot stop the database server", "pid", pid, "err", err)
			return false
		}
		for until := time.Now().Add(try.wait); time.Now().Before(until); {
			if gone() {
				return true
			}
			<-time.After(tick)
		}
	}
	return gone()
}
