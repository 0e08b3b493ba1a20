package openai

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	sdk "github.com/sashabaranov/go-openai"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
)

// Chat implements gateway.Provider.
func (c *Client) Chat(ctx context.Context, call gateway.Call, emit func(gateway.Piece) error) (gateway.Result, error) {
	req, err := request(call)
	if err != nil {
		return gateway.Result{Unbilled: true}, err
	}
	ctx = context.WithValue(ctx, promptKey{}, call.PromptVersion)
	if emit == nil {
		return c.complete(withPause(ctx), req, call.Body != nil)
	}
	return c.stream(ctx, req, call.Body != nil, emit)
}

// request is what the endpoint is sent: always with a bound on the answer.
func request(call gateway.Call) (sdk.ChatCompletionRequest, error) {
	req := sdk.ChatCompletionRequest{Temperature: call.Temperature}
	if call.Body != nil {
		if err := json.Unmarshal(call.Body, &req); err != nil {
			return req, fault.New(fault.Invalid, "malformed-request", "The request has a field of the wrong kind.").Because(err)
		}
	} else {
		req.Messages = make([]sdk.ChatCompletionMessage, len(call.Messages))
		for i, m := range call.Messages {
			req.Messages[i] = sdk.ChatCompletionMessage{Role: m.Role, Content: m.Content}
		}
	}
	req.Model, req.Stream, req.StreamOptions = call.Model, false, nil
	older := call.MaxTokens
	req.MaxCompletionTokens = 0
	if reasons(call.Model) { // these refuse max_tokens and a temperature
		older, req.MaxCompletionTokens, req.Temperature = 0, call.MaxTokens, 0
	}
	req.MaxTokens = older //nolint:staticcheck // SA1019: most compatible endpoints know only max_tokens
	switch call.Format {
	case gateway.FormatSchema:
		req.ResponseFormat = &sdk.ChatCompletionResponseFormat{
			Type: sdk.ChatCompletionResponseFormatTypeJSONSchema, JSONSchema: &sdk.ChatCompletionResponseFormatJSONSchema{Name: "answer", Schema: call.Schema, Strict: true},
		}
	case gateway.FormatObject:
		req.ResponseFormat = &sdk.ChatCompletionResponseFormat{Type: sdk.ChatCompletionResponseFormatTypeJSONObject}
	case gateway.FormatText:
	}
	return req, nil
}

// tapKey is where a call's context keeps a copy of the response, for what the SDK's types leave out: details of usage, and fields of answers.
type tapKey struct{}

func (c *Client) complete(ctx context.Context, req sdk.ChatCompletionRequest, raw bool) (gateway.Result, error) {
	var tap bytes.Buffer
	resp, err := c.sdk.CreateChatCompletion(context.WithValue(ctx, tapKey{}, &tap), req)
	if err != nil {
		return failed(ctx, gateway.Result{}, err)
	}
	var body struct {
		Choices json.RawMessage `json:"choices"`
		Usage   *usage          `json:"usage"`
	}
	if err := json.Unmarshal(tap.Bytes(), &body); err != nil {
		return gateway.Result{}, errMalformed.Because(err)
	}
	result := gateway.Result{Usage: usageOf(body.Usage)}
	if len(resp.Choices) == 0 {
		return result, errMalformed
	}
	result.Begun = true
	result.Text, result.FinishReason = resp.Choices[0].Message.Content, string(resp.Choices[0].FinishReason)
	if raw {
		result.Choices = body.Choices
	}
	if result.Usage == nil {
		var said strings.Builder
		for _, choice := range resp.Choices {
			said.WriteString(choice.Message.Content + choice.Message.ReasoningContent + choice.Message.Refusal)
			for _, t := range choice.Message.ToolCalls {
				said.WriteString(t.Function.Name + t.Function.Arguments)
			}
		}
		result.Unreported = said.String()
	}
	return result, nil
}

// event is one chunk of a stream.
type event struct {
	Choices json.RawMessage `json:"choices"`
	Usage   *usage          `json:"usage"`
	Error   json.RawMessage `json:"error"`
}

// delta is what a choice of a chunk adds.
type delta struct {
	Index int `json:"index"`
	Delta struct {
		Content          string `json:"content"`
		Refusal          string `json:"refusal"`
		Reasoning        string `json:"reasoning"`
		ReasoningContent string `json:"reasoning_content"`
		ToolCalls        []struct {
			Function struct {
				Name      string `json:"name"`
				Arguments string `json:"arguments"`
			} `json:"function"`
		} `json:"tool_calls"`
	} `json:"delta"`
	FinishReason string `json:"finish_reason"`
}

// hidden is what a delta adds beside text.
func (d *delta) hidden() string {
	if len(d.Delta.ToolCalls) == 0 {
		return d.Delta.Refusal + cmp.Or(d.Delta.ReasoningContent, d.Delta.Reasoning)
	}
	var out strings.Builder
	out.WriteString(d.Delta.Refusal + cmp.Or(d.Delta.ReasoningContent, d.Delta.Reasoning))
	for _, t := range d.Delta.ToolCalls {
		out.WriteString(t.Function.Name + t.Function.Arguments)
	}
	return out.String()
}

// reading is a stream under way.
type reading struct {
	ctx        context.Context //nolint:containedctx // of one call, for as long as it runs
	emit       func(gateway.Piece) error
	leave      func()
	raw        bool
	text       strings.Builder
	unreported strings.Builder
	result     gateway.Result
	stopped    error // why nothing is handed over any more
}

// take reads one event. Its error is the endpoint's.
func (r *reading) take(line []byte) error {
	var e event
	if err := json.Unmarshal(line, &e); err != nil {
		return err
	}
	if len(e.Error) > 0 && string(e.Error) != "null" {
		return fmt.Errorf("an error within the stream: %.300s", e.Error)
	}
	var choices []delta
	if len(e.Choices) > 0 {
		if err := json.Unmarshal(e.Choices, &choices); err != nil {
			return err
		}
	}
	piece := gateway.Piece{}
	size := 0
	for i := range choices {
		d := &choices[i]
		if d.FinishReason != "" && (r.result.FinishReason == "" || d.Index == 0) {
			r.result.FinishReason = d.FinishReason
		}
		hidden := d.hidden()
		size += len(d.Delta.Content) + len(hidden)
		if r.unreported.Len()+size > maxAnswer {
			return errMalformed
		}
		r.unreported.WriteString(d.Delta.Content)
		r.unreported.WriteString(hidden)
		if d.Index == 0 {
			piece.Text = d.Delta.Content
			r.text.WriteString(d.Delta.Content)
		}
	}
	if u := usageOf(e.Usage); u != nil {
		r.result.Usage = u
		r.unreported.Reset()
	}
	if r.raw && len(choices) > 0 {
		piece.Choices = e.Choices
	}
	if piece.Text != "" || piece.Choices != nil {
		r.hand(piece)
	}
	return nil
}

// hand gives a piece to the reader, unless the reader has left.
func (r *reading) hand(p gateway.Piece) {
	if r.stopped = cmp.Or(r.stopped, r.ctx.Err()); r.stopped != nil {
		return
	}
	if r.stopped = r.emit(p); r.stopped != nil {
		r.leave()
	}
}

func (r *reading) end() gateway.Result {
	r.result.Text, r.result.Unreported, r.result.Begun = r.text.String(), r.unreported.String(), true
	return r.result
}

// stream relays a stream event by event. When the reader leaves, the endpoint is told so at once by closing our half of the connection;
// what it had sent by then is still read, for a short while, because it is billed.
func (c *Client) stream(ctx context.Context, req sdk.ChatCompletionRequest, raw bool, emit func(gateway.Piece) error) (gateway.Result, error) {
	req.StreamOptions = &sdk.StreamOptions{IncludeUsage: true}
	ctx = withPause(ctx)
	l := follow(ctx)
	defer l.end()
	s, err := c.sdk.CreateChatCompletionStream(l.ctx, req)
	if err != nil {
		return failed(ctx, gateway.Result{}, err)
	}
	defer func() { _ = s.Close() }()
	l.begun.Store(true)
	r := &reading{ctx: ctx, emit: emit, leave: l.leave, raw: raw}
	for {
		line, err := s.RecvRaw()
		if err == nil {
			if err = r.take(line); err == nil {
				continue
			}
		}
		result := r.end()
		switch {
		case ctx.Err() != nil:
			return failed(ctx, result, err)
		case r.stopped != nil:
			return result, r.stopped
		case errors.Is(err, errMalformed):
			return result, errMalformed
		case errors.Is(err, io.EOF) && result.FinishReason == "":
			return result, errCut
		case errors.Is(err, io.EOF):
			return result, nil
		}
		return failed(ctx, result, err)
	}
}
