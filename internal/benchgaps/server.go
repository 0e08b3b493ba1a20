package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/gapwise/gapwise/internal/proctable"
)

// server is a running `gapwise serve` with a private cluster of its own.
type server struct {
	url     string
	command *exec.Cmd
	http    *http.Client
	data    string
}

var servingAt = regexp.MustCompile(`msg=serving url=(\S+)`)

// startServer runs the binary on a port of its own, and returns when it serves.
func startServer(ctx context.Context, binary string) (*server, error) {
	dir, err := os.MkdirTemp("", "gapwise-serve")
	if err != nil {
		return nil, err
	}
	s := &server{data: dir, http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 512}, Timeout: time.Minute}}
	s.command = exec.CommandContext(ctx, binary, "serve")
	s.command.Cancel = func() error { return s.command.Process.Signal(syscall.SIGTERM) }
	s.command.Env = []string{"GAPWISE_ADDR=127.0.0.1:0", "GAPWISE_DATA=" + dir, "HOME=" + dir, "PATH=" + os.Getenv("PATH")} //nolint:forbidigo // passed on
	logs, err := s.command.StderrPipe()
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := s.command.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start %s: %w (make build makes it)", binary, err), os.RemoveAll(dir))
	}
	var said bytes.Buffer
	lines := bufio.NewScanner(logs)
	for lines.Scan() {
		if m := servingAt.FindStringSubmatch(lines.Text()); m != nil {
			s.url = strings.Replace(m[1], "localhost", "127.0.0.1", 1)
			go func() { _, _ = io.Copy(io.Discard, logs) }()
			return s, nil
		}
		said.WriteString(lines.Text() + "\n")
	}
	return nil, errors.Join(fmt.Errorf("%s did not serve: %s", binary, said.String()), s.Close())
}

// Close stops it, and its cluster with it.
func (s *server) Close() error {
	_ = s.command.Process.Signal(syscall.SIGTERM)
	_ = s.command.Wait()
	return os.RemoveAll(s.data)
}

// cpu is what the server, its readers and its database have used.
func (s *server) cpu() time.Duration {
	roots := []int{s.command.Process.Pid}
	found, _ := filepath.Glob(filepath.Join(s.data, "*", "*", "postmaster.pid"))
	more, _ := filepath.Glob(filepath.Join(s.data, "*", "postmaster.pid"))
	for _, path := range append(found, more...) {
		if text, err := os.ReadFile(path); err == nil { //nolint:gosec // G304: of the directory made here
			first, _, _ := strings.Cut(string(text), "\n")
			if pid, err := strconv.Atoi(first); err == nil {
				roots = append(roots, pid)
			}
		}
	}
	return proctable.Tree(roots...)
}

// guest makes a person, and gives the token that they carry.
func (s *server) guest(ctx context.Context) (string, error) {
	var answer struct{ Token string }
	return answer.Token, s.call(ctx, http.MethodPost, "/api/v1/guests", "", "", nil, http.StatusCreated, &answer)
}

// uploaded is what matters here of the answer to an upload.
type uploaded struct {
	ID    string `json:"id"`
	Pages int    `json:"pages"`
}

// upload sends a file as a browser does.
func (s *server) upload(ctx context.Context, token, name string, data []byte) (u uploaded, err error) {
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		return u, err
	}
	_, _ = part.Write(data) // a buffer takes everything
	if err := w.Close(); err != nil {
		return u, err
	}
	return u, s.call(ctx, http.MethodPost, "/api/v1/resumes", token, w.FormDataContentType(), &form, http.StatusCreated, &u)
}

// gaps asks for a report, and reads all of it.
func (s *server) gaps(ctx context.Context, token, resume, role string) error {
	var answer struct {
		Skills []json.RawMessage `json:"skills"`
	}
	err := s.call(ctx, http.MethodGet, "/api/v1/resumes/"+resume+"/gaps/"+role, token, "", nil, http.StatusOK, &answer)
	if err == nil && len(answer.Skills) == 0 {
		return errors.New("a report without skills")
	}
	return err
}

func (s *server) call(ctx context.Context, method, path, token, contentType string, body io.Reader, want int, into any) error {
	req, err := http.NewRequestWithContext(ctx, method, s.url+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/json")
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := s.http.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != want {
		return fmt.Errorf("%s %s: status %d: %.200s", method, path, resp.StatusCode, b)
	}
	return json.Unmarshal(b, into)
}
