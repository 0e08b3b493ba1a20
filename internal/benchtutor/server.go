package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/gapwise/gapwise/tutor"
)

// server is a running `gapwise serve` with a private cluster of its own and no language model.
type server struct {
	url     string
	command *exec.Cmd
	http    *http.Client
	data    string
	token   string
}

var servingAt = regexp.MustCompile(`msg=serving url=(\S+)`)

// startServer runs the binary on a port of its own, and returns when it serves.
func startServer(ctx context.Context, binary string) (*server, error) {
	dir, err := os.MkdirTemp("", "gapwise-tutor")
	if err != nil {
		return nil, err
	}
	s := &server{data: dir, http: &http.Client{Timeout: time.Minute}}
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
	rows := bufio.NewScanner(logs)
	for rows.Scan() {
		if m := servingAt.FindStringSubmatch(rows.Text()); m != nil {
			s.url = strings.Replace(m[1], "localhost", "127.0.0.1", 1)
			go func() { _, _ = io.Copy(io.Discard, logs) }()
			return s, nil
		}
		said.WriteString(rows.Text() + "\n")
	}
	return nil, errors.Join(fmt.Errorf("%s did not serve: %s", binary, said.String()), s.Close())
}

// Close stops it, and its cluster with it.
func (s *server) Close() error {
	_ = s.command.Process.Signal(syscall.SIGTERM)
	_ = s.command.Wait()
	return os.RemoveAll(s.data)
}

// post sends JSON and gives the answer, whose body is the caller's to close.
func (s *server) post(ctx context.Context, path, accept string, body any) (*http.Response, error) {
	b, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+path, bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", accept)
	if s.token != "" {
		req.Header.Set("Authorization", "Bearer "+s.token)
	}
	resp, err := s.http.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= http.StatusBadRequest {
		said, _ := io.ReadAll(io.LimitReader(resp.Body, 500))
		_ = resp.Body.Close()
		return nil, fmt.Errorf("%s: %s %s", path, resp.Status, said)
	}
	return resp, nil
}

// made posts and reads the answer's JSON.
func (s *server) made(ctx context.Context, path string, body, out any) error {
	resp, err := s.post(ctx, path, "application/json", body)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return json.NewDecoder(resp.Body).Decode(out)
}

// firstTokens asks every question of a list in a conversation of its own, and gives how long each first piece of text took. Each guest asks
// perGuest questions.
func (s *server) firstTokens(ctx context.Context, list []asked) ([]time.Duration, error) {
	var out []time.Duration
	for i, a := range list {
		if i%perGuest == 0 {
			var guest struct {
				Token string `json:"token"`
			}
			s.token = ""
			if err := s.made(ctx, "/api/v1/guests", struct{}{}, &guest); err != nil {
				return nil, err
			}
			s.token = guest.Token
		}
		var conversation struct {
			ID string `json:"id"`
		}
		open := struct {
			Role  string     `json:"role"`
			Phase string     `json:"phase,omitempty"`
			Mode  tutor.Mode `json:"mode"`
		}{a.Role, a.Phase, a.Mode}
		if err := s.made(ctx, "/api/v1/tutor/conversations", open, &conversation); err != nil {
			return nil, err
		}
		took, err := s.firstToken(ctx, conversation.ID, a.Question)
		if err != nil {
			return nil, err
		}
		out = append(out, took)
	}
	return out, nil
}

// perGuest stays below what one person may say in a minute.
const perGuest = 5

// firstToken is how long it takes from sending a message to the first piece of text.
func (s *server) firstToken(ctx context.Context, conversation, question string) (time.Duration, error) {
	begun := time.Now()
	resp, err := s.post(ctx, "/api/v1/tutor/conversations/"+conversation+"/messages", "text/event-stream", map[string]string{"content": question})
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	took := time.Duration(0)
	rows := bufio.NewScanner(resp.Body)
	rows.Buffer(nil, 1<<20)
	for rows.Scan() {
		if took == 0 && rows.Text() == "event: delta" {
			took = time.Since(begun)
		}
	}
	if took == 0 {
		return 0, fmt.Errorf("no text came for %q: %w", question, rows.Err())
	}
	return took, nil
}
