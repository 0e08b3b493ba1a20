package web

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/account"
	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
)

// The OpenAI-compatible face of the gateway. It takes the part of the interface that a text conversation needs and refuses the rest by
// name, for a field that is silently ignored could cost or mean something.

type chatRequest struct {
	Model               string            `json:"model"`
	Messages            []gateway.Message `json:"messages"`
	MaxTokens           int               `json:"max_tokens"`
	MaxCompletionTokens int               `json:"max_completion_tokens"`
	Temperature         float32           `json:"temperature"`
	Stream              bool              `json:"stream"`
	StreamOptions       *struct {
		IncludeUsage bool `json:"include_usage"`
	} `json:"stream_options"`
	User string `json:"user"`
}

// check finds what a request may not say.
func (r *chatRequest) check() error {
	if len(r.Messages) == 0 || len(r.Messages) > 200 {
		return fault.New(fault.Invalid, "invalid-messages", "Send 1 to 200 messages.").In("messages")
	}
	for i, m := range r.Messages {
		if m.Role != "system" && m.Role != "user" && m.Role != "assistant" {
			return fault.New(fault.Invalid, "invalid-role", "A message's role is system, user or assistant.").In(fmt.Sprintf("messages[%d].role", i))
		}
	}
	if r.MaxTokens < 0 || r.MaxCompletionTokens < 0 || max(r.MaxTokens, r.MaxCompletionTokens) > gateway.MaxMaxTokens {
		return fault.Newf(fault.Invalid, "invalid-max-tokens", "max_tokens is a number from 1 to %d.", gateway.MaxMaxTokens).In("max_tokens")
	}
	if r.Temperature < 0 || r.Temperature > 2 {
		return fault.New(fault.Invalid, "invalid-temperature", "temperature is a number from 0 to 2.").In("temperature")
	}
	return nil
}

func (s *server) chatCompletions(c *gin.Context) error {
	p, err := s.caller(c)
	if err != nil {
		return err
	}
	var body chatRequest
	if err := decode(c, &body); err != nil {
		return err
	}
	if err := body.check(); err != nil {
		return err
	}
	r := gateway.Request{
		Person: p.ID, Purpose: "api", Model: body.Model, Messages: body.Messages,
		MaxTokens: max(body.MaxTokens, body.MaxCompletionTokens), Temperature: body.Temperature,
	}
	if body.Stream {
		return s.streamCompletion(c, r, body.StreamOptions != nil && body.StreamOptions.IncludeUsage)
	}
	resp, err := s.Gateway.Complete(c.Request.Context(), r)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, gin.H{
		"id": "chatcmpl-" + resp.CallID.String(), "object": "chat.completion", "created": s.Now().Unix(), "model": resp.Model,
		"choices": []gin.H{{"index": 0, "finish_reason": resp.FinishReason, "message": gin.H{"role": "assistant", "content": resp.Text}}},
		"usage":   usageView(resp.Usage),
	})
	return nil
}

func usageView(u gateway.Usage) gin.H {
	return gin.H{"prompt_tokens": u.PromptTokens, "completion_tokens": u.CompletionTokens, "total_tokens": u.PromptTokens + u.CompletionTokens}
}

// streamCompletion answers in the chunks of that interface: data lines, ended by [DONE].
func (s *server) streamCompletion(c *gin.Context, r gateway.Request, withUsage bool) error {
	begun := false
	created := s.Now().Unix()
	model := cmp.Or(r.Model, s.Gateway.Model())
	write := func(choices []gin.H, extra gin.H) error {
		chunk := gin.H{"id": "chatcmpl-" + requestID(c), "object": "chat.completion.chunk", "created": created, "model": model, "choices": choices}
		maps.Copy(chunk, extra)
		b, err := json.Marshal(chunk)
		if err != nil {
			return err
		}
		if !begun {
			begun = true
			c.Header("Content-Type", "text/event-stream")
			c.Header("Cache-Control", "no-store")
			c.Writer.WriteHeader(http.StatusOK)
		}
		if _, err := fmt.Fprintf(c.Writer, "data: %s\n\n", b); err != nil {
			return err
		}
		c.Writer.Flush()
		return c.Request.Context().Err()
	}
	resp, err := s.Gateway.Stream(c.Request.Context(), r, func(text string) error {
		return write([]gin.H{{"index": 0, "delta": gin.H{"role": "assistant", "content": text}, "finish_reason": nil}}, nil)
	})
	if err != nil {
		if begun {
			b, _ := json.Marshal(gin.H{"error": problemOf(err, requestID(c))})
			_, _ = fmt.Fprintf(c.Writer, "data: %s\n\n", b) // the peer may have gone; the error is returned for the log
		}
		return err
	}
	if err := write([]gin.H{{"index": 0, "delta": gin.H{}, "finish_reason": resp.FinishReason}}, nil); err != nil {
		return err
	}
	if withUsage {
		if err := write([]gin.H{}, gin.H{"usage": usageView(resp.Usage)}); err != nil {
			return err
		}
	}
	_, err = fmt.Fprint(c.Writer, "data: [DONE]\n\n")
	return err
}

// Bounds on a request for embeddings.
const (
	maxInputs     = 64
	maxInputBytes = 20_000
)

// inputs reads a string or a list of strings, as that interface allows both.
type inputs []string

// UnmarshalJSON implements json.Unmarshaler.
func (in *inputs) UnmarshalJSON(b []byte) error {
	var one *string
	if json.Unmarshal(b, &one) == nil {
		if one != nil { // null is no text
			*in = inputs{*one}
		}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(in))
}

func (s *server) createEmbeddings(c *gin.Context) error {
	p, err := s.caller(c)
	if err != nil {
		return err
	}
	var body struct {
		Model          string `json:"model"`
		Input          inputs `json:"input"`
		EncodingFormat string `json:"encoding_format"`
		User           string `json:"user"`
	}
	if err := decode(c, &body); err != nil {
		return err
	}
	switch {
	case body.Model != "" && body.Model != s.Embedder.Model():
		return fault.Newf(fault.Invalid, "unknown-model", "This service embeds with %s.", s.Embedder.Model()).In("model")
	case body.EncodingFormat != "" && body.EncodingFormat != "float":
		return fault.New(fault.Invalid, "invalid-encoding-format", "encoding_format is float.").In("encoding_format")
	case len(body.Input) == 0 || len(body.Input) > maxInputs:
		return fault.Newf(fault.Invalid, "invalid-input", "Send 1 to %d texts.", maxInputs).In("input")
	}
	bytes := 0
	for i, t := range body.Input {
		if len(t) > maxInputBytes {
			return fault.Newf(fault.TooLarge, "input-too-large", "A text has at most %d bytes.", maxInputBytes).In(fmt.Sprintf("input[%d]", i))
		}
		bytes += len(t)
	}
	vectors, err := s.Embedder.Embed(gateway.ForPerson(c.Request.Context(), p.ID), body.Input)
	if err != nil {
		return err
	}
	data := make([]gin.H, len(vectors))
	for i, v := range vectors {
		data[i] = gin.H{"object": "embedding", "index": i, "embedding": v}
	}
	// What it used is an upper bound, bytes: the endpoint's own count went to the ledger.
	c.JSON(http.StatusOK, gin.H{"object": "list", "model": s.Embedder.Model(), "data": data, "usage": gin.H{"prompt_tokens": bytes, "total_tokens": bytes}})
	return nil
}

func (s *server) listModels(c *gin.Context) error {
	data := []gin.H{}
	for _, m := range append(s.Gateway.Models(), s.Embedder.Model()) {
		data = append(data, gin.H{"id": m, "object": "model", "owned_by": "gapwise"})
	}
	c.JSON(http.StatusOK, gin.H{"object": "list", "data": data})
	return nil
}

var errNotOperator = fault.New(fault.Forbidden, "operator-only", "Only an operator may do this. `gapwise token --operator` makes a token for one.")

// importTimeout bounds an import: twenty thousand postings take some minutes on two cores.
const importTimeout = 10 * time.Minute

// importPostings takes JSON Lines of postings from an operator.
func (s *server) importPostings(c *gin.Context) error {
	p, err := s.caller(c)
	if err != nil {
		return err
	}
	if p.Kind != account.Operator {
		return errNotOperator
	}
	deadlines := http.NewResponseController(c.Writer)
	until := time.Now().Add(importTimeout) // the connection's clock, whatever ours says
	_ = deadlines.SetReadDeadline(until)   // without it the server's own, shorter, bound holds
	_ = deadlines.SetWriteDeadline(until)
	summary, err := s.Postings.Import(c.Request.Context(), http.MaxBytesReader(c.Writer, c.Request.Body, maxImportBody), nil)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, summary)
	return nil
}
