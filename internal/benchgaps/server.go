package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/gapwise/gapwise/internal/proctable"
	"github.com/gapwise/gapwise/internal/served"
)

// server is a running `gapwise serve` with a private cluster of its own.
type server struct {
	*served.Server

	http *http.Client
}

// startServer runs the binary, and returns when it serves.
func startServer(ctx context.Context, binary string) (*server, error) {
	running, err := served.Start(ctx, binary)
	if err != nil {
		return nil, err
	}
	return &server{Server: running, http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 512}, Timeout: time.Minute}}, nil
}

// cpu is what the server, its readers and its database have used.
func (s *server) cpu() time.Duration {
	roots := []int{s.PID}
	found, _ := filepath.Glob(filepath.Join(s.Data, "*", "*", "postmaster.pid"))
	more, _ := filepath.Glob(filepath.Join(s.Data, "*", "postmaster.pid"))
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
	req, err := http.NewRequestWithContext(ctx, method, s.URL+path, body)
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
