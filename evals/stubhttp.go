package evals

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"net/http"
	"strings"

	"github.com/gapwise/gapwise/gateway"
)

// chat answers /v1/chat/completions.
func (s *Stub) chat(w http.ResponseWriter, r *http.Request) {
	a, options, err := readAsked(r)
	if err != nil {
		writeError(w, http.StatusBadRequest, "the body is not JSON")
		return
	}
	reply, err := s.reply(r.Context(), a)
	if err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return
	}
	switch reply.Fault {
	case FaultStatus500:
		writeError(w, http.StatusInternalServerError, "scripted failure")
		return
	case FaultStatus429:
		writeError(w, http.StatusTooManyRequests, "scripted rate limit")
		return
	case FaultSlow:
		wait(r.Context(), slowFirstByte)
	}
	u := s.usage(reply, a)
	s.bill(a.Model, u)
	if a.Stream {
		s.stream(w, r, reply, u, options.IncludeUsage)
		return
	}
	s.whole(w, reply, u)
}

// promptHeader says which template a request was made from.
const promptHeader = "X-Gapwise-Prompt"

type streamOptions struct {
	IncludeUsage bool `json:"include_usage"`
}

// readAsked reads a request, and keeps what it does not know for the key of the cassette.
func readAsked(r *http.Request) (Asked, streamOptions, error) {
	var body struct {
		Model               string            `json:"model"`
		Messages            []gateway.Message `json:"messages"`
		MaxTokens           int               `json:"max_tokens"`
		MaxCompletionTokens int               `json:"max_completion_tokens"`
		Stream              bool              `json:"stream"`
		StreamOptions       streamOptions     `json:"stream_options"`
		ResponseFormat      json.RawMessage   `json:"response_format"`
	}
	a := Asked{Prompt: r.Header.Get(promptHeader), rest: map[string]json.RawMessage{}}
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxRequest))
	if err == nil {
		err = errors.Join(json.Unmarshal(raw, &body), json.Unmarshal(raw, &a.rest))
	}
	for _, known := range []string{"model", "messages", "max_tokens", "max_completion_tokens", "stream", "stream_options"} {
		delete(a.rest, known)
	}
	a.raw, a.Model, a.Messages, a.MaxTokens = raw, body.Model, body.Messages, max(body.MaxTokens, body.MaxCompletionTokens)
	a.Stream, a.Format = body.Stream, body.ResponseFormat
	return a, body.StreamOptions, err
}

// whole answers without a stream.
func (s *Stub) whole(w http.ResponseWriter, reply Reply, u gateway.Usage) {
	w.Header().Set("Content-Type", "application/json")
	out := map[string]any{
		"id": "chatcmpl-stub", "object": "chat.completion", "created": 1, "model": ModelName,
		"choices": []any{map[string]any{"index": 0, "finish_reason": "stop", "message": map[string]any{"role": "assistant", "content": reply.Say}}},
	}
	if reply.Fault != FaultNoUsage {
		out["usage"] = usageJSON(u)
	}
	b, _ := json.Marshal(out) // strings and numbers always encode
	if reply.Fault == FaultMalformed || reply.Fault == FaultCut {
		b = b[:len(b)/2]
	}
	_, _ = w.Write(b) // the service may have gone
}

// stream answers piece by piece, the usage last.
func (s *Stub) stream(w http.ResponseWriter, r *http.Request, reply Reply, u gateway.Usage, withUsage bool) {
	w.Header().Set("Content-Type", "text/event-stream")
	flush := http.NewResponseController(w)
	send := func(choices []any, usage any) {
		chunk := map[string]any{"id": "chatcmpl-stub", "object": "chat.completion.chunk", "created": 1, "model": ModelName, "choices": choices}
		if usage != nil {
			chunk["usage"] = usage
		}
		b, _ := json.Marshal(chunk) // as above
		_, _ = fmt.Fprintf(w, "data: %s\n\n", b)
		_ = flush.Flush()
	}
	said := pieces(reply.Say)
	for i := 0; reply.Fault == FaultRunaway && i < maxRunaway && r.Context().Err() == nil; i++ {
		send([]any{map[string]any{"index": 0, "delta": map[string]any{"content": said[i%len(said)]}, "finish_reason": nil}}, nil)
	}
	for i, piece := range said {
		if reply.Fault == FaultTrickle {
			wait(r.Context(), trickleEvery)
		}
		switch {
		case reply.Fault == FaultMalformed && i == len(said)/2:
			_, _ = fmt.Fprint(w, "data: {\"choices\": [{\"delta\"\n\n")
			return
		case reply.Fault == FaultCut && i >= max(1, len(said)/2):
			_ = flush.Flush()
			panic(http.ErrAbortHandler) // ends the connection without an end of the body, as a vendor's crash does
		}
		send([]any{map[string]any{"index": 0, "delta": map[string]any{"content": piece}, "finish_reason": nil}}, nil)
	}
	send([]any{map[string]any{"index": 0, "delta": map[string]any{}, "finish_reason": "stop"}}, nil)
	if withUsage && reply.Fault != FaultNoUsage {
		send([]any{}, usageJSON(u))
	}
	_, _ = fmt.Fprint(w, "data: [DONE]\n\n")
}

// maxRunaway bounds how many pieces an answer without an end has after all.
const maxRunaway = 20_000

// pieces cuts an answer after every second blank, so that names and citations are spread over several chunks.
func pieces(text string) []string {
	var out []string
	blanks, from := 0, 0
	for i, r := range text {
		if r == ' ' {
			if blanks++; blanks%2 == 0 {
				out = append(out, text[from:i+1])
				from = i + 1
			}
		}
	}
	if from < len(text) {
		out = append(out, text[from:])
	}
	return out
}

func usageJSON(u gateway.Usage) map[string]any {
	return map[string]any{"prompt_tokens": u.PromptTokens, "completion_tokens": u.CompletionTokens, "total_tokens": u.PromptTokens + u.CompletionTokens}
}

// stubDimensions is the length of the stub's vectors.
const stubDimensions = 64

// embed answers /v1/embeddings with unit vectors of hashed words: equal texts have equal vectors, and texts that share words are near.
func (s *Stub) embed(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Model string   `json:"model"`
		Input []string `json:"input"`
	}
	if err := decodeRequest(r, &body); err != nil {
		writeError(w, http.StatusBadRequest, "the body is not JSON with a list of texts as input")
		return
	}
	u := gateway.Usage{}
	data := make([]any, len(body.Input))
	for i, text := range body.Input {
		u.PromptTokens += len(text)/4 + 1
		data[i] = map[string]any{"object": "embedding", "index": i, "embedding": hashed(text)}
	}
	s.bill(body.Model, u)
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"object": "list", "model": body.Model, "data": data, "usage": usageJSON(u)}) // the service may have gone
}

func hashed(text string) []float64 {
	v := make([]float64, stubDimensions)
	for word := range strings.FieldsSeq(strings.ToLower(text)) {
		h := fnv.New32a()
		_, _ = h.Write([]byte(word)) // a hash never fails
		v[h.Sum32()%stubDimensions]++
	}
	var sum float64
	for _, x := range v {
		sum += x * x
	}
	if sum == 0 {
		v[0], sum = 1, 1
	}
	for i := range v {
		v[i] /= math.Sqrt(sum)
	}
	return v
}

func writeError(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{"message": message, "type": "stub"}}) // the service may have gone
}
