//go:build unix

package pgcluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/gapwise/gapwise/internal/fault"
)

// program prepares one of PostgreSQL's programs to work on a directory of the cluster, and gives the path by which it will
// know the directory. The program gets a session of its own, so that a terminal's Ctrl-C ends gapwise and not, at the same
// moment, the server that gapwise still needs; and an environment of its own, as PGDATA and the like would be obeyed.
func (h *home) program(ctx context.Context, bin Binaries, name, dir string) (cmd *exec.Cmd, path string, done func(), err error) {
	cmd = exec.CommandContext(ctx, filepath.Join(bin.Dir, name)) //nolint:gosec // G204: a program of the installation that Find chose
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"}
	cmd.Dir = "/"
	cmd.WaitDelay = 2 * time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	path, done = dir, func() {}
	if !h.switches {
		return cmd, path, done, nil
	}
	cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(h.server.uid), Gid: uint32(h.server.gid)} //nolint:gosec // ids come from stat or the user database
	if inherited == "" {
		return cmd, path, done, nil
	}
	f, err := os.Open(dir) //nolint:gosec // G304: the cluster's own directory
	if err != nil {
		return nil, "", nil, err
	}
	cmd.ExtraFiles = []*os.File{f}
	return cmd, inherited, func() { _ = f.Close() }, nil
}

// settings are given on the command line and not in the data directory, so that they are always this version's.
func (h *home) settings(socketDir string, fast bool) []string {
	if h.switches && socketDir == filepath.Join(h.base, "run") {
		socketDir = "../run" // from the data directory, where the server works: the directories above may be closed to it
	}
	memory := machineMemory()
	set := map[string]string{
		"listen_addresses":        "",
		"port":                    "5432",
		"unix_socket_directories": `"` + strings.ReplaceAll(socketDir, `"`, `""`) + `"`,
		"unix_socket_permissions": "0700",
		"cluster_name":            h.id,
		"shared_buffers":          megabytes(bufferSize(memory)),
		"effective_cache_size":    megabytes(cacheSize(memory)),
		"maintenance_work_mem":    megabytes(maintenanceSize(memory)),
		"max_connections":         "120", // several processes may share it, each with a pool
		"max_wal_size":            "512MB",
		"timezone":                "UTC",
		"log_timezone":            "UTC",
		"log_destination":         "stderr",
		"logging_collector":       "off",
		// Compiling a plan costs more than our short queries do.
		"jit": "off",
		// pgvector before 0.8.2, which Debian ships, writes out of bounds when it builds an HNSW index in parallel (CVE-2026-3172).
		"max_parallel_maintenance_workers": "0",
	}
	if fast {
		set["fsync"], set["synchronous_commit"], set["full_page_writes"] = "off", "off", "off"
		set["shared_buffers"] = megabytes(leastBuffers) // tests' databases are small, and dropping one looks through all of it
	}
	var args []string
	for name, value := range set {
		args = append(args, "-c", name+"="+value)
	}
	return args
}

// server is the state of the postmaster as its pid file tells it.
type server struct {
	pid       int
	ready     bool
	socketDir string
}

// running reads the pid file and says whether the server that it names lives. A file left by a crash names a process that is
// gone, or one that only got the same number.
func (h *home) running() (server, bool) {
	s, ok := h.readPIDFile()
	return s, ok && h.isServer(s.pid)
}

// The pid file's lines: pid, data directory, start time, port, socket directory, listen address, shared memory, status.
func (h *home) readPIDFile() (server, bool) {
	raw, err := os.ReadFile(filepath.Join(h.data(), "postmaster.pid"))
	if err != nil {
		return server{}, false
	}
	lines := append(strings.Split(string(raw), "\n"), make([]string, 8)...)
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil || pid <= 1 {
		return server{}, false
	}
	dir := strings.TrimSpace(lines[4])
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(h.base, "run")
	}
	return server{pid: pid, ready: strings.TrimSpace(lines[7]) == "ready", socketDir: dir}, true
}

// isServer says whether the process is this cluster's postmaster. Its arguments are the one thing about it that every user
// may read, in a container without privileges too.
func (h *home) isServer(pid int) bool {
	return strings.Contains(commandLine(pid)+" ", " cluster_name="+h.id+" ")
}

// orphans are server processes that outlived their postmaster. They end by themselves once their query does; until then no
// new server can have the shared memory.
func (h *home) orphans() []int {
	var pids []int
	for pid, line := range commandLines() {
		if strings.HasPrefix(line, "postgres: "+h.id+": ") {
			pids = append(pids, pid)
		}
	}
	return pids
}

// dial takes no context: the kernel accepts or refuses on a Unix socket at once.
func dial(socketDir string) (net.Conn, error) {
	return net.DialUnix("unix", nil, &net.UnixAddr{Name: filepath.Join(socketDir, socketName), Net: "unix"})
}

// listens says whether someone holds the socket open.
func listens(socketDir string) bool {
	conn, err := dial(socketDir)
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}

// answers says whether a server works behind the socket: the kernel alone accepts connections for one that hangs. The
// question is PostgreSQL's SSLRequest, the one message that it answers, in a byte, without a login.
func answers(socketDir string) bool {
	conn, err := dial(socketDir)
	if err != nil {
		return false
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(time.Second)) // fails on a closed connection only, as the next call does
	if _, err := conn.Write([]byte{0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f}); err != nil {
		return false
	}
	_, err = io.ReadFull(conn, make([]byte, 1))
	return err == nil
}

// child is a server that this process started.
type child struct {
	pid  int
	done chan struct{} // closed once it has ended and err is set
	err  error
}

func (c *child) ended() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

// launch starts the postmaster without waiting for it to be ready. The caller holds the start lock and knows that none runs.
func (h *home) launch(bin Binaries, socketDir string, fast bool) (*child, error) {
	// What a crash left would stop PostgreSQL if the process ids in it have been given out again.
	for _, stale := range []string{
		filepath.Join(h.data(), "postmaster.pid"),
		filepath.Join(socketDir, socketName),
		filepath.Join(socketDir, socketName+".lock"),
	} {
		if err := os.Remove(stale); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	out, err := h.openLog()
	if err != nil {
		return nil, err
	}
	defer out.Close()
	// The server outlives the context of the start, and maybe this process.
	cmd, path, done, err := h.program(context.Background(), bin, "postgres", h.data())
	if err != nil {
		return nil, err
	}
	defer done()
	cmd.Args = append(append(cmd.Args, "-D", path), h.settings(socketDir, fast)...)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	c := &child{pid: cmd.Process.Pid, done: make(chan struct{})}
	go func() {
		c.err = cmd.Wait()
		close(c.done)
	}()
	return c, nil
}

// maxLog is where the log is put aside at the next start: one older log is kept.
const maxLog = 8 << 20

func (h *home) openLog() (*os.File, error) {
	if info, err := os.Lstat(h.logFile()); err == nil && info.Size() > maxLog {
		if err := os.Rename(h.logFile(), h.logFile()+".1"); err != nil {
			return nil, err
		}
	}
	f, err := os.OpenFile(h.logFile(), os.O_WRONLY|os.O_CREATE|os.O_APPEND|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, err
	}
	if err := h.keep(f); err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// logSize and logSince bracket what one start wrote.
func (h *home) logSize() int64 {
	info, err := os.Stat(h.logFile())
	if err != nil || info.Size() > maxLog {
		return 0
	}
	return info.Size()
}

func (h *home) logSince(from int64) string {
	f, err := os.Open(h.logFile())
	if err != nil {
		return ""
	}
	defer f.Close()
	if _, err := f.Seek(from, io.SeekStart); err != nil {
		return ""
	}
	raw, _ := io.ReadAll(io.LimitReader(f, maxLog)) // what could be read is what there is to show
	return tail(string(raw))
}

// tail keeps the last lines, which is where the reason stands.
func tail(text string) string {
	const keep = 2000
	text = strings.TrimSpace(text)
	if len(text) > keep {
		text = "…" + strings.ToValidUTF8(text[len(text)-keep:], "")
	}
	return text
}

// failed turns a server or initdb that gave up into a fault.
func (h *home) failed(what, log string, err error) error {
	cause := fmt.Errorf("%w: %s", err, log)
	if full(log) {
		return diskFull(filepath.Dir(h.base), cause)
	}
	return fault.Newf(fault.Unavailable, "postgres-failed", "%s. The reason is in %s; `gapwise doctor` checks what PostgreSQL needs.",
		what, h.logFile()).Because(cause)
}
