// Package served runs `gapwise serve` for benchmarks: a process with a private cluster of its own, on a port of its own.
package served

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
)

// Server is a running process.
type Server struct {
	URL  string
	Data string // its directory
	PID  int

	command *exec.Cmd
}

var servingAt = regexp.MustCompile(`msg=serving url=(\S+)`)

// Start runs the binary and returns when it serves. No language model is set up.
func Start(ctx context.Context, binary string) (*Server, error) {
	dir, err := os.MkdirTemp("", "gapwise-served")
	if err != nil {
		return nil, err
	}
	s := &Server{Data: dir, command: exec.CommandContext(ctx, binary, "serve")}
	s.command.Cancel = func() error { return s.command.Process.Signal(syscall.SIGTERM) }
	s.command.Env = []string{"GAPWISE_ADDR=127.0.0.1:0", "GAPWISE_DATA=" + dir, "HOME=" + dir, "PATH=" + os.Getenv("PATH")} //nolint:forbidigo // passed on
	logs, err := s.command.StderrPipe()
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := s.command.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start %s: %w (make build makes it)", binary, err), os.RemoveAll(dir))
	}
	s.PID = s.command.Process.Pid
	var said bytes.Buffer
	lines := bufio.NewScanner(logs)
	for lines.Scan() {
		if m := servingAt.FindStringSubmatch(lines.Text()); m != nil {
			s.URL = strings.Replace(m[1], "localhost", "127.0.0.1", 1)
			go func() { _, _ = io.Copy(io.Discard, logs) }()
			return s, nil
		}
		said.WriteString(lines.Text() + "\n")
	}
	return nil, errors.Join(fmt.Errorf("%s did not serve: %s", binary, said.String()), s.Close())
}

// Close stops it, and its cluster with it.
func (s *Server) Close() error {
	_ = s.command.Process.Signal(syscall.SIGTERM)
	_ = s.command.Wait()
	return os.RemoveAll(s.Data)
}
