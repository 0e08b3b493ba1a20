package web

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/account"
	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
)

// The OpenAI-compatible face of the gateway. completions.go has what it takes.

// What an answer says in headers, amounts in dollars. A stream's cost comes as a trailer, and with its usage.
const (
	costHeader      = "X-Gapwise-Cost"
	remainingHeader = "X-Gapwise-Budget-Remaining"
	cacheHeader     = "X-Gapwise-Cache"
	clampedHeader   = "X-Gapwise-Max-Tokens" // what max_tokens was cut to, because the budget left no more
	callHeader      = "X-Gapwise-Call"
)

// compatible answers errors in the shape of that interface, beside our own.
func (s *server) compatible(h func(*gin.Context) error) gin.HandlerFunc {
	return s.do(func(c *gin.Context) error {
		c.Set(compatibleKey, true)
		return h(c)
	})
}

func (s *server) chatCompletions(c *gin.Context) error {
	p, err := s.keyCaller(c)
	if err != nil {
		return err
	}
	var body chatRequest
	if err := decode(c, &body); err != nil {
		return err
	}
	r, err := body.request()
	if err != nil {
		return err
	}
	r.Person, r.Purpose = p.ID, "api"
	r.Impersonal = c.GetHeader("X-Gapwise-Impersonal") == "true"
	r.NoCache = c.GetHeader(cacheHeader) == "no"
	if body.Stream {
		return s.streamCompletion(c, r, body.StreamOptions != nil && body.StreamOptions.IncludeUsage)
	}
	resp, err := s.Gateway.Complete(c.Request.Context(), r)
	if err != nil {
		return err
	}
	h := c.Writer.Header()
	h.Set(costHeader, resp.Cost.String())
	h.Set(callHeader, resp.CallID.String())
	if resp.Cache != "" {
		h.Set(cacheHeader, resp.Cache)
	}
	if resp.Clamped > 0 {
		h.Set(clampedHeader, strconv.Itoa(resp.Clamped))
	}
	s.remaining(c, p.ID)
	var choices any = resp.Choices
	if resp.Choices == nil {
		choices = []gin.H{{"index": 0, "finish_reason": resp.FinishReason, "message": gin.H{"role": "assistant", "content": resp.Text}}}
	}
	c.JSON(http.StatusOK, gin.H{
		"id": "chatcmpl-" + resp.CallID.String(), "object": "chat.completion", "created": s.Now().Unix(), "model": resp.Model, "choices": choices, "usage": usageView(resp.Usage),
	})
	return nil
}

// remaining says what is left; a budget that cannot be read now does not spoil the answer.
func (s *server) remaining(c *gin.Context, person uuid.UUID) {
	if left, err := s.Gateway.Remaining(c.Request.Context(), person); err == nil {
		c.Header(remainingHeader, left.String())
	}
}

func usageView(u gateway.Usage) gin.H {
	out := gin.H{"prompt_tokens": u.PromptTokens, "completion_tokens": u.CompletionTokens, "total_tokens": u.PromptTokens + u.CompletionTokens}
	if u.CachedTokens > 0 || u.CacheWriteTokens > 0 {
		out["prompt_tokens_details"] = gin.H{"cached_tokens": u.CachedTokens, "cache_write_tokens": u.CacheWriteTokens}
	}
	if u.ReasoningTokens > 0 {
		out["completion_tokens_details"] = gin.H{"reasoning_tokens": u.ReasoningTokens}
	}
	return out
}

// completionStream writes the chunks of that interface.
type completionStream struct {
	c       *gin.Context
	begun   bool
	id      string
	model   string
	created int64
	clamped int
	buf     bytes.Buffer
}

func (w *completionStream) begin() {
	if w.begun {
		return
	}
	w.begun = true
	h := w.c.Writer.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("Trailer", costHeader)
	h.Set(callHeader, w.id)
	if w.clamped > 0 {
		h.Set(clampedHeader, strconv.Itoa(w.clamped))
	}
	w.c.Writer.WriteHeader(http.StatusOK)
}

// write sends one chunk. The reader's leaving is an error.
func (w *completionStream) write(choices any, extra gin.H) error {
	chunk := gin.H{"id": "chatcmpl-" + w.id, "object": "chat.completion.chunk", "created": w.created, "model": w.model, "choices": choices}
	maps.Copy(chunk, extra)
	w.buf.Reset()
	w.buf.WriteString("data: ")
	if err := json.NewEncoder(&w.buf).Encode(chunk); err != nil {
		return err
	}
	w.buf.WriteByte('\n')
	w.begin()
	if _, err := w.c.Writer.Write(w.buf.Bytes()); err != nil {
		return err
	}
	w.c.Writer.Flush()
	return w.c.Request.Context().Err()
}

// streamCompletion answers in chunks, ended by [DONE].
func (s *server) streamCompletion(c *gin.Context, r gateway.Request, withUsage bool) error {
	w := &completionStream{c: c, created: s.Now().Unix(), model: cmp.Or(r.Model, s.Gateway.Model()), id: requestID(c)}
	r.Started = func(st gateway.Start) {
		if !w.begun {
			w.id, w.model, w.clamped = st.CallID.String(), st.Model, st.Clamped
		}
	}
	s.remaining(c, r.Person)
	resp, err := s.Gateway.Relay(c.Request.Context(), r, func(p gateway.Piece) error {
		if p.Choices != nil {
			return w.write(p.Choices, nil)
		}
		return w.write([]gin.H{{"index": 0, "delta": gin.H{"role": "assistant", "content": p.Text}, "finish_reason": nil}}, nil)
	})
	if err != nil {
		if w.begun {
			b, _ := json.Marshal(gin.H{"error": errorView(problemOf(err, requestID(c)))})
			_, _ = fmt.Fprintf(c.Writer, "data: %s\n\n", b) // the peer may have gone; the error is returned for the log
		}
		return err
	}
	if r.Body == nil || resp.Cache != "" { // otherwise the provider's own last event had the reason
		if err := w.write([]gin.H{{"index": 0, "delta": gin.H{}, "finish_reason": resp.FinishReason}}, nil); err != nil {
			return err
		}
	}
	if withUsage {
		if err := w.write([]gin.H{}, gin.H{"usage": usageView(resp.Usage), "gapwise": gin.H{"cost": resp.Cost, "cache": resp.Cache, "estimated": resp.Estimated}}); err != nil {
			return err
		}
	}
	_, err = fmt.Fprint(c.Writer, "data: [DONE]\n\n")
	c.Writer.Header().Set(costHeader, resp.Cost.String())
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

// embeddingsRequest is the part of that interface that is taken.
type embeddingsRequest struct {
	Model          string `json:"model"`
	Input          inputs `json:"input"`
	EncodingFormat string `json:"encoding_format"`
	User           string `json:"user"`
}

// check finds what a request may not say, and counts the bytes of its texts.
func (r *embeddingsRequest) check(model string) (size int, err error) {
	switch {
	case r.Model != "" && r.Model != model:
		return 0, fault.Newf(fault.Invalid, "unknown-model", "This service embeds with %s.", model).In("model")
	case r.EncodingFormat != "" && r.EncodingFormat != "float" && r.EncodingFormat != "base64":
		return 0, fault.New(fault.Invalid, "invalid-encoding-format", "encoding_format is float or base64.").In("encoding_format")
	case len(r.Input) == 0 || len(r.Input) > maxInputs:
		return 0, fault.Newf(fault.Invalid, "invalid-input", "Send 1 to %d texts.", maxInputs).In("input")
	}
	for i, t := range r.Input {
		if len(t) > maxInputBytes {
			return 0, fault.Newf(fault.TooLarge, "input-too-large", "A text has at most %d bytes.", maxInputBytes).In(fmt.Sprintf("input[%d]", i))
		}
		size += len(t)
	}
	return size, nil
}

func (s *server) createEmbeddings(c *gin.Context) error {
	p, err := s.keyCaller(c)
	if err != nil {
		return err
	}
	var body embeddingsRequest
	if err := decode(c, &body); err != nil {
		return err
	}
	tokens, err := body.check(s.Embedder.Model())
	if err != nil {
		return err
	}
	ctx, receipt := gateway.WithReceipt(gateway.ForPerson(c.Request.Context(), p.ID))
	vectors, err := s.Embedder.Embed(ctx, body.Input)
	if err != nil {
		return err
	}
	data := make([]gin.H, len(vectors))
	for i, v := range vectors {
		data[i] = gin.H{"object": "embedding", "index": i, "embedding": encoded(v, body.EncodingFormat)}
	}
	used, cost := receipt.Total()
	if used.PromptTokens > 0 {
		tokens = used.PromptTokens // the built-in model counts none; then it is an upper bound, bytes
	}
	c.Header(costHeader, cost.String())
	s.remaining(c, p.ID)
	c.JSON(http.StatusOK, gin.H{"object": "list", "model": s.Embedder.Model(), "data": data, "usage": gin.H{"prompt_tokens": tokens, "total_tokens": tokens}})
	return nil
}

// encoded is a vector as a list, or as the base64 of its little-endian floats, which clients ask for by themselves because it is shorter.
func encoded(v []float32, format string) any {
	if format != "base64" {
		return v
	}
	b := make([]byte, 0, 4*len(v))
	for _, x := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	return base64.StdEncoding.EncodeToString(b)
}

func (s *server) listModels(c *gin.Context) error {
	data := []gin.H{}
	for _, m := range append(s.Gateway.Models(), s.Embedder.Model()) {
		data = append(data, gin.H{"id": m, "object": "model", "owned_by": "gapwise", "created": 0})
	}
	c.JSON(http.StatusOK, gin.H{"object": "list", "data": data})
	return nil
}

var errNotOperator = fault.New(fault.Forbidden, "operator-only", "Only an operator may do this. `gapwise token --operator` makes a token for one.")

// operator refuses everybody who does not run this service.
func (s *server) operator(c *gin.Context) error {
	p, err := s.caller(c)
	if err == nil && p.Kind != account.Operator {
		err = errNotOperator
	}
	return err
}

// importTimeout bounds an import: twenty thousand postings take some minutes on two cores.
const importTimeout = 10 * time.Minute

// importPostings takes JSON Lines of postings from an operator.
func (s *server) importPostings(c *gin.Context) error {
	if err := s.operator(c); err != nil {
		return err
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
