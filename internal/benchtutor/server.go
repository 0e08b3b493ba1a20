package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/gapwise/gapwise/internal/served"
	"github.com/gapwise/gapwise/tutor"
)

// server is a running `gapwise serve` with a private cluster of its own and no language model.
type server struct {
	*served.Server

	http  *http.Client
	token string
}

// startServer runs the binary, and returns when it serves.
func startServer(ctx context.Context, binary string) (*server, error) {
	running, err := served.Start(ctx, binary)
	if err != nil {
		return nil, err
	}
	return &server{Server: running, http: &http.Client{Timeout: time.Minute}}, nil
}

// post sends JSON and gives the answer, whose body is the caller's to close.
func (s *server) post(ctx context.Context, path, accept string, body any) (*http.Response, error) {
	b, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+path, bytes.NewReader(b))
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
