package main

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gapwise/gapwise/gateway/tokens"
)

// The stub's model is gpt-4o: it has its price, in whole nano-dollars a token, so that the bill needs no rounding, and its tokeniser, with the
// three tokens around a message and before the answer that its provider documents.
const (
	modelName     = "gpt-4o"
	nanoIn        = 2500
	nanoCached    = 1250
	nanoOut       = 10_000
	templateToken = 3
)

// The long-context model has a tier above 200,000 tokens of prompt, and a tokeniser of bytes.
const (
	longModel   = "claude-sonnet-4-5"
	longAbove   = 200_000
	nanoLongIn  = 6000
	nanoLongOut = 22_500
	nanoBaseIn  = 3000
	nanoBaseOut = 15_000
)

// stub is an endpoint of the OpenAI interface with a bill of its own. What an answer is like stands in the prompt as mode=….
type stub struct {
	url    string
	server *http.Server
	delay  time.Duration // before an answer

	mu     sync.Mutex
	billed int64 // nano-dollars
	most   int64 // of one call
	calls  int64
	byID   map[string]int64 // what calls with an id were billed
}

type stubRequest struct {
	Model    string `json:"model"`
	Messages []struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	} `json:"messages"`
	MaxTokens           int  `json:"max_tokens"`
	MaxCompletionTokens int  `json:"max_completion_tokens"`
	Stream              bool `json:"stream"`
	StreamOptions       struct {
		IncludeUsage bool `json:"include_usage"`
	} `json:"stream_options"`
}

func newStub(ctx context.Context) (*stub, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &stub{url: "http://" + l.Addr().String() + "/v1", byID: map[string]int64{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/chat/completions", s.chat)
	s.server = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.server.Serve(l) }() // ends with the process
	return s, nil
}

// reset forgets the bill and sets how long an answer takes.
func (s *stub) reset(delay time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.billed, s.most, s.calls, s.byID, s.delay = 0, 0, 0, map[string]int64{}, delay
}

// bill is what was billed in all and for the dearest call, and how many calls there were.
func (s *stub) bill() (all, most, calls int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.billed, s.most, s.calls
}

func (s *stub) charge(nano int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.billed += nano
	s.most = max(s.most, nano)
	s.calls++
}

// use is what one call used.
type use struct{ prompt, cached, out, reasoning int }

func (u use) nano(model string) int64 {
	in, out := int64(nanoIn), int64(nanoOut)
	if model == longModel {
		in, out = nanoBaseIn, nanoBaseOut
		if u.prompt > longAbove {
			in, out = nanoLongIn, nanoLongOut
		}
		return int64(u.prompt)*in + int64(u.out)*out
	}
	return int64(u.prompt-u.cached)*in + int64(u.cached)*nanoCached + int64(u.out)*out
}

// tokens are those of a prompt by the stub's own tokeniser.
func (r *stubRequest) tokens() int {
	n := templateToken
	for _, m := range r.Messages {
		n += r.count(m.Role) + r.count(m.Content) + templateToken
	}
	return n
}

// count is how many tokens a text is.
func (r *stubRequest) count(text string) int {
	n, ok := tokens.Count(r.Model, text)
	if !ok {
		return len(text)
	}
	return n
}

// mode reads a word of the last message.
func (r *stubRequest) mode() string {
	_, rest, _ := strings.Cut(r.Messages[len(r.Messages)-1].Content, "mode=")
	word, _, _ := strings.Cut(rest, " ")
	return word
}

func (s *stub) chat(w http.ResponseWriter, r *http.Request) {
	var q stubRequest
	if err := json.NewDecoder(io.LimitReader(r.Body, 4<<20)).Decode(&q); err != nil || len(q.Messages) == 0 {
		http.Error(w, `{"error":{"message":"no JSON"}}`, http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	delay := s.delay
	s.mu.Unlock()
	if delay > 0 {
		select {
		case <-time.After(delay):
		case <-r.Context().Done():
		}
	}
	most := max(q.MaxTokens, q.MaxCompletionTokens)
	if most == 0 {
		most = 4000 // who sends no bound gets a long answer
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(q.Messages[len(q.Messages)-1].Content)) // never fails
	share := 40 + int(h.Sum32()%61)                               // per cent of what it may
	u := use{prompt: q.tokens(), out: max(1, most*share/100)}
	mode := q.mode()
	switch mode {
	case "cached":
		u.cached = u.prompt / 2
	case "reasoning":
		u.reasoning = u.out / 2
	case "short":
		u.out = min(most, 8)
	case "full":
		u.out = most
	}
	if q.Stream {
		s.stream(w, r, &q, u, mode)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	text := "Hello."
	if mode == "silent" { // the text is all there is to go by
		text = strings.Repeat("word ", max(u.out-1, 1)) // the last blank is a token of its own
		u.out = q.count(text)
	}
	s.charge(u.nano(q.Model))
	usage := `,"usage":` + u.json()
	if mode == "silent" {
		usage = ""
	}
	fmt.Fprintf(w, `{"id":"s","object":"chat.completion","created":1,"model":%q,"choices":[{"index":0,"message":{"role":"assistant","content":%q},"finish_reason":"stop"}]%s}`, q.Model, text, usage)
}

func (u use) json() string {
	return fmt.Sprintf(`{"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d,"prompt_tokens_details":{"cached_tokens":%d},"completion_tokens_details":{"reasoning_tokens":%d}}`,
		u.prompt, u.out, u.prompt+u.out, u.cached, u.reasoning)
}

// stream writes an answer in pieces. Modes that cannot say what was used are billed by what was written.
func (s *stub) stream(w http.ResponseWriter, r *http.Request, q *stubRequest, u use, mode string) {
	w.Header().Set("Content-Type", "text/event-stream")
	flush := http.NewResponseController(w)
	piece := func(text string) {
		fmt.Fprintf(w, "data: {\"id\":\"s\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":%q,\"choices\":[{\"index\":0,\"delta\":{\"content\":%q},\"finish_reason\":null}]}\n\n", q.Model, text)
		_ = flush.Flush() // the reader may have gone
	}
	if mode == "slow" || mode == "cut" {
		s.written(r, q, u, mode, piece)
		return
	}
	if mode == "silent" {
		u.out = max(u.out-1, 1) // the last blank is a token of its own
		for range u.out {
			piece("word ")
		}
		u.out = q.count(strings.Repeat("word ", u.out))
	} else {
		for range 4 {
			piece("word ")
		}
	}
	s.charge(u.nano(q.Model))
	fmt.Fprintf(w, "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n")
	if q.StreamOptions.IncludeUsage && mode != "silent" {
		fmt.Fprintf(w, "data: {\"choices\":[],\"usage\":%s}\n\n", u.json())
	}
	fmt.Fprint(w, "data: [DONE]\n\n")
}

// written writes a piece every few milliseconds until the reader leaves or, where the answer is to be cut, the connection is dropped; it
// bills the prompt and what it wrote.
func (s *stub) written(r *http.Request, q *stubRequest, u use, mode string, piece func(string)) {
	n := 0
	var said strings.Builder
	tick := time.NewTicker(3 * time.Millisecond)
	defer tick.Stop()
	defer func() {
		u.out = n
		s.charge(u.nano(q.Model))
		if mode == "cut" {
			panic(http.ErrAbortHandler)
		}
	}()
	for n < u.out {
		select {
		case <-r.Context().Done():
			return
		case <-tick.C:
			piece("word ")
			said.WriteString("word ")
			n = q.count(said.String())
			if mode == "cut" && n >= 10 {
				return
			}
		}
	}
}
