package web

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
)

// chatRequest is the part of the interface that is taken. The rest is refused by name, for a field that is silently ignored could cost or mean
// something: images and sound are billed by other rules than text, and so are service tiers, searches and predictions.
type chatRequest struct {
	Model               string        `json:"model,omitempty"`
	Messages            []chatMessage `json:"messages"`
	MaxTokens           *int          `json:"max_tokens,omitempty"`
	MaxCompletionTokens *int          `json:"max_completion_tokens,omitempty"`
	Temperature         *float32      `json:"temperature,omitempty"`
	Stream              bool          `json:"stream,omitempty"`
	StreamOptions       *struct {
		IncludeUsage bool `json:"include_usage"`
	} `json:"stream_options,omitempty"`
	User string `json:"user,omitempty"`
	extras
}

// extras are what a text conversation does without. They are handed on as they are.
type extras struct {
	TopP              *float32        `json:"top_p,omitempty"`
	N                 *int            `json:"n,omitempty"`
	Stop              inputs          `json:"stop,omitempty"`
	PresencePenalty   *float32        `json:"presence_penalty,omitempty"`
	FrequencyPenalty  *float32        `json:"frequency_penalty,omitempty"`
	Seed              *int            `json:"seed,omitempty"`
	LogitBias         map[string]int  `json:"logit_bias,omitempty"`
	Logprobs          *bool           `json:"logprobs,omitempty"`
	TopLogprobs       *int            `json:"top_logprobs,omitempty"`
	ResponseFormat    json.RawMessage `json:"response_format,omitempty"`
	Tools             []chatTool      `json:"tools,omitempty"`
	ToolChoice        json.RawMessage `json:"tool_choice,omitempty"`
	ParallelToolCalls *bool           `json:"parallel_tool_calls,omitempty"`
	ReasoningEffort   string          `json:"reasoning_effort,omitempty"`
}

type chatMessage struct {
	Role       string          `json:"role"`
	Content    content         `json:"content"`
	Name       string          `json:"name,omitempty"`
	ToolCallID string          `json:"tool_call_id,omitempty"`
	ToolCalls  json.RawMessage `json:"tool_calls,omitempty"`
	Refusal    *string         `json:"refusal,omitempty"`
}

type chatTool struct {
	Type     string          `json:"type"`
	Function json.RawMessage `json:"function"`
}

// content is a text, or a list of parts that are text.
type content string

// UnmarshalJSON implements json.Unmarshaler.
func (t *content) UnmarshalJSON(b []byte) error {
	if string(b) == "null" { // of an assistant that called tools
		return nil
	}
	var text string
	if err := json.Unmarshal(b, &text); err == nil {
		*t = content(text)
		return nil
	}
	var parts []struct {
		Type string `json:"type"`
		Text string `json:"text"`
	}
	if err := json.Unmarshal(b, &parts); err != nil {
		return err
	}
	for _, p := range parts {
		if p.Type != "text" {
			return &json.UnmarshalTypeError{Value: "part of type " + p.Type}
		}
		*t += content(p.Text)
	}
	return nil
}

// roles that a message may have; the first three are all that a plain conversation needs.
var chatRoles = []string{"system", "user", "assistant", "developer", "tool"}

const plainRoles = 3

// check finds what a request may not say.
func (r *chatRequest) check() error {
	if len(r.Messages) == 0 || len(r.Messages) > 200 {
		return fault.New(fault.Invalid, "invalid-messages", "Send 1 to 200 messages.").In("messages")
	}
	for i, m := range r.Messages {
		if !slices.Contains(chatRoles, m.Role) {
			return fault.New(fault.Invalid, "invalid-role", "A message's role is system, developer, user, assistant or tool.").In(fmt.Sprintf("messages[%d].role", i))
		}
	}
	most := r.maxTokens()
	if valueOf(r.MaxTokens) < 0 || valueOf(r.MaxCompletionTokens) < 0 || most > gateway.MaxMaxTokens {
		return fault.Newf(fault.Invalid, "invalid-max-tokens", "max_tokens is a number from 1 to %d.", gateway.MaxMaxTokens).In("max_tokens")
	}
	if t := valueOf(r.Temperature); t < 0 || t > 2 {
		return fault.New(fault.Invalid, "invalid-temperature", "temperature is a number from 0 to 2.").In("temperature")
	}
	if r.N != nil && (*r.N < 1 || *r.N > maxAnswers) {
		return fault.Newf(fault.Invalid, "invalid-n", "n is a number from 1 to %d.", maxAnswers).In("n")
	}
	for i, t := range r.Tools {
		if t.Type != "function" || len(t.Function) == 0 {
			return fault.New(fault.Invalid, "invalid-tool", "A tool is a function; others are billed by rules of their own.").In(fmt.Sprintf("tools[%d]", i))
		}
	}
	return nil
}

const maxAnswers = 8 // n

func valueOf[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

func (r *chatRequest) maxTokens() int {
	return max(valueOf(r.MaxTokens), valueOf(r.MaxCompletionTokens))
}

// plain tells whether the request is a conversation in text and nothing more.
func (r *chatRequest) plain() bool {
	e := r.extras
	if len(e.Tools)+len(e.ToolChoice)+len(e.ResponseFormat)+len(e.Stop)+len(e.LogitBias)+len(e.ReasoningEffort) > 0 || e.TopP != nil || e.N != nil ||
		e.PresencePenalty != nil || e.FrequencyPenalty != nil || e.Seed != nil || e.Logprobs != nil || e.TopLogprobs != nil || e.ParallelToolCalls != nil {
		return false
	}
	for _, m := range r.Messages {
		if !slices.Contains(chatRoles[:plainRoles], m.Role) || m.Name != "" || m.ToolCallID != "" || len(m.ToolCalls) > 0 || m.Refusal != nil {
			return false
		}
	}
	return true
}

// request is what the gateway is asked.
func (r *chatRequest) request() (gateway.Request, error) {
	if err := r.check(); err != nil {
		return gateway.Request{}, err
	}
	out := gateway.Request{Model: r.Model, MaxTokens: r.maxTokens(), Temperature: valueOf(r.Temperature), Answers: valueOf(r.N), Messages: make([]gateway.Message, len(r.Messages))}
	for i, m := range r.Messages {
		out.Messages[i] = gateway.Message{Role: m.Role, Content: string(m.Content)}
	}
	if r.plain() {
		return out, nil
	}
	rest := *r
	rest.User = "" // the caller is the token's
	b, err := json.Marshal(rest)
	if err != nil {
		return out, fault.New(fault.Invalid, "malformed-json", "The request cannot be handed on.").Because(err)
	}
	out.Body = b
	return out, nil
}
