// Package gateway is the one way to any language model: it knows prices, budgets and a ledger, and no SDK.
//
// Before a call it reserves an upper bound of its cost over every budget at once; after it, it settles to what the model says it used. A
// call whose bound does not fit is cut to what is left when nothing else is under way, and refused otherwise, so a cap is never passed and
// can still be used to the last cent. docs/budgets.md has the argument.
package gateway

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/internal/fault"
)

// Message is one turn of a prompt.
type Message struct {
	Role    string `json:"role"` // system, user or assistant
	Content string `json:"content"`
}

// Request asks a model for an answer.
type Request struct {
	Person        uuid.UUID // whose budget it is; the zero id for the instance itself
	Purpose       string    // what it is for, such as "tutor": a word of the ledger
	PromptVersion string    // which template made Messages
	Model         string    // "" for the configured one
	Messages      []Message
	MaxTokens     int // of the answer; 0 for DefaultMaxTokens, never above MaxMaxTokens
	Temperature   float32
	// Shrink, where given, makes a smaller prompt of at most so many bytes of content when the whole one is dearer than what is left.
	// It returns nil when that is too little to ask anything.
	Shrink func(maxBytes int) []Message
}

// Usage is what a model says it used.
type Usage struct {
	PromptTokens     int `json:"prompt_tokens"`
	CompletionTokens int `json:"completion_tokens"`
}

// Response is a model's answer and what it cost.
type Response struct {
	CallID       uuid.UUID
	Model        string
	Text         string
	FinishReason string // stop, length, content_filter, …
	Usage        Usage
	Cost         Nano
	Estimated    bool // the model did not say what it used, so the whole reservation was booked
}

// Call is what a provider is asked to do: a Request with everything decided.
type Call struct {
	Model       string
	Messages    []Message
	MaxTokens   int
	Temperature float32
}

// Result is what a provider got.
type Result struct {
	Text         string
	FinishReason string
	Usage        *Usage // nil where the model did not say
	// Unbilled is set with an error when the model cannot have worked: the connection was refused, or it answered with an error status.
	Unbilled bool
}

// Provider talks to a model. emit, where not nil, is called with each piece of the answer as it comes; its error ends the call.
type Provider interface {
	Chat(ctx context.Context, call Call, emit func(text string) error) (Result, error)
	Embed(ctx context.Context, model string, texts []string) ([][]float32, Result, error)
}

// Bounds on a call.
const (
	DefaultMaxTokens = 1024
	MaxMaxTokens     = 4096
	minMaxTokens     = 16 // an answer shorter than this helps nobody
	maxPromptBytes   = 256 << 10
	callTimeout      = 2 * time.Minute
	settleTimeout    = 10 * time.Second
	// AbandonedAfter is the age at which a reservation that nobody settled is booked in full: its process is gone, its cost may be real.
	AbandonedAfter = 10 * time.Minute
)

// Options are what a gateway is made of.
type Options struct {
	Ledger   Ledger
	Chat     Provider // nil where no model is configured
	Embedder Provider // nil where no embeddings endpoint is configured
	Prices   *Prices
	Caps     Caps
	Model    string // the configured model
	Now      func() time.Time
	Log      *slog.Logger
}

// Gateway makes calls within budgets. It is safe for concurrent use.
type Gateway struct{ o Options }

// New makes a gateway.
func New(o Options) *Gateway { return &Gateway{o} }

// Enabled tells whether a chat model is configured.
func (g *Gateway) Enabled() bool { return g.o.Chat != nil }

// Model is the configured chat model, "" where there is none.
func (g *Gateway) Model() string { return g.o.Model }

// Models are the models that may be asked for.
func (g *Gateway) Models() []string {
	if !g.Enabled() {
		return []string{}
	}
	return []string{g.o.Model}
}

var errNotConfigured = fault.New(fault.Unavailable, "model-not-configured",
	"No language model is configured. Whoever runs this service sets LLM_BASE_URL, LLM_API_KEY and LLM_MODEL.")

// Stream asks a model and hands over the answer piece by piece. Every error before the first piece leaves emit uncalled.
// Errors are fault.BudgetExceeded, fault.Invalid for a model without a price, fault.TooLarge for a prompt, fault.Unavailable or
// fault.Timeout for the model.
func (g *Gateway) Stream(ctx context.Context, r Request, emit func(text string) error) (*Response, error) {
	if !g.Enabled() {
		return nil, errNotConfigured
	}
	if r.Model == "" {
		r.Model = g.o.Model
	}
	price, err := g.o.Prices.Of(r.Model)
	if err != nil {
		return nil, err
	}
	if promptBound(r.Messages) > maxPromptBytes {
		return nil, fault.Newf(fault.TooLarge, "prompt-too-large", "The conversation is over %d KB. Start a new one.", maxPromptBytes>>10)
	}
	call := Call{Model: r.Model, Messages: r.Messages, MaxTokens: r.MaxTokens, Temperature: r.Temperature}
	if call.MaxTokens <= 0 {
		call.MaxTokens = DefaultMaxTokens
	}
	call.MaxTokens = min(call.MaxTokens, MaxMaxTokens)

	reservation, err := g.reserve(ctx, r, &call, price)
	if err != nil {
		return nil, err
	}
	callCtx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	result, err := g.o.Chat.Chat(callCtx, call, emit)
	resp := &Response{CallID: reservation.CallID, Model: r.Model, Text: result.Text, FinishReason: result.FinishReason}
	settlement := settle(reservation, price, result, err)
	resp.Cost, resp.Estimated, resp.Usage = settlement.Cost, settlement.Estimated, settlement.Usage
	if bookErr := g.book(ctx, reservation, settlement); bookErr != nil {
		return nil, errors.Join(err, bookErr)
	}
	return resp, err
}

// Complete asks a model and waits for the whole answer.
func (g *Gateway) Complete(ctx context.Context, r Request) (*Response, error) {
	return g.Stream(ctx, r, nil)
}

// EmbedTexts asks the embeddings endpoint for vectors, on the account of the person in ctx (see ForPerson) or the instance.
func (g *Gateway) EmbedTexts(ctx context.Context, model string, texts []string) ([][]float32, error) {
	if g.o.Embedder == nil {
		return nil, errNotConfigured
	}
	price, err := g.o.Prices.Of(model)
	if err != nil {
		return nil, err
	}
	bound := 0
	for _, t := range texts {
		bound += len(t) + perMessage
	}
	reservation := g.reservation(Request{Person: personFrom(ctx), Purpose: "embed", Model: model}, price.Cost(Usage{PromptTokens: bound}))
	if reservation.Amount > g.o.Caps.Request {
		return nil, g.overRequest(reservation.Amount)
	}
	if err := g.take(ctx, reservation); err != nil {
		return nil, err
	}
	callCtx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	vectors, result, err := g.o.Embedder.Embed(callCtx, model, texts)
	if bookErr := g.book(ctx, reservation, settle(reservation, price, result, err)); bookErr != nil {
		return nil, errors.Join(err, bookErr)
	}
	return vectors, err
}

// perMessage is an upper bound of the tokens that a chat template puts around one message.
const perMessage = 16

// promptBound is an upper bound of a prompt's tokens: tokenisers in use fall back to single bytes, so none makes more tokens than there
// are bytes.
func promptBound(messages []Message) int {
	n := perMessage
	for _, m := range messages {
		n += len(m.Role) + len(m.Content) + perMessage
	}
	return n
}

// reserve sets aside the upper bound of a call's cost. Where that is more than a budget has left, and nothing else is under way that
// could give some back, it cuts the answer, then the prompt, to what is left.
func (g *Gateway) reserve(ctx context.Context, r Request, call *Call, price Price) (Reservation, error) {
	bound := func() Nano {
		return price.Cost(Usage{PromptTokens: promptBound(call.Messages), CompletionTokens: call.MaxTokens})
	}
	if !fit(call, r.Shrink, price, g.o.Caps.Request, bound()) {
		return Reservation{}, g.overRequest(bound())
	}
	reservation := g.reservation(r, bound())
	err := g.take(ctx, reservation)
	short, isShort := errors.AsType[*Shortfall](err)
	if !isShort || short.Open {
		return reservation, err
	}
	if !fit(call, r.Shrink, price, short.Left, reservation.Amount) {
		return Reservation{}, err
	}
	reservation = g.reservation(r, bound())
	return reservation, g.take(ctx, reservation)
}

// overRequest refuses a call that is dearer than one request may be.
func (g *Gateway) overRequest(need Nano) error {
	return refusal(&Shortfall{Scope: ScopeRequest, Cap: g.o.Caps.Request, Left: g.o.Caps.Request}, need)
}

// fit cuts a call to an amount: first its answer, down to 256 tokens; then its prompt; then its answer to the least that
// helps. It tells whether the call fits now.
func fit(call *Call, shrink func(int) []Message, price Price, left, bound Nano) bool {
	if bound <= left {
		return true
	}
	answer := func() int {
		return tokensFor(left-price.Cost(Usage{PromptTokens: promptBound(call.Messages)}), price.Output)
	}
	wanted := min(call.MaxTokens, 256)
	if tokens := answer(); tokens >= wanted {
		call.MaxTokens = min(call.MaxTokens, tokens)
		return true
	}
	if shrink != nil {
		// Room for the answer first, up to half of the money, or for the least that helps; the rest buys the prompt, less what stands around
		// messages.
		least := price.Cost(Usage{CompletionTokens: min(wanted, minMaxTokens)})
		for _, answering := range []Nano{max(least, min(price.Cost(Usage{CompletionTokens: wanted}), left/2)), least} {
			room := tokensFor(left-answering, price.Input) - shrinkOverhead
			if smaller := shrinkTo(shrink, room); smaller != nil {
				call.Messages = smaller
				break
			}
		}
	}
	if tokens := answer(); tokens >= min(wanted, minMaxTokens) {
		call.MaxTokens = min(call.MaxTokens, tokens)
		return true
	}
	return false
}

// shrinkTo asks for a prompt of at most so many bytes of content.
func shrinkTo(shrink func(int) []Message, maxBytes int) []Message {
	if maxBytes <= 0 {
		return nil
	}
	return shrink(maxBytes)
}

// shrinkOverhead is what promptBound adds to the bytes of a short prompt of four messages.
const shrinkOverhead = 5*perMessage + 40

// settle decides what to book for a call that has ended.
func settle(r Reservation, price Price, result Result, err error) Settlement {
	switch {
	case err != nil && result.Unbilled:
		return Settlement{}
	case result.Usage == nil || result.Usage.PromptTokens < 0 || result.Usage.CompletionTokens < 0:
		return Settlement{Cost: r.Amount, Estimated: true}
	case err != nil && result.FinishReason == "": // endpoints may send the usage so far with every piece; the model went on after it
		return Settlement{Cost: max(r.Amount, price.Cost(*result.Usage)), Usage: *result.Usage, Estimated: true}
	}
	return Settlement{Cost: price.Cost(*result.Usage), Usage: *result.Usage}
}

// book writes the settlement, also when the caller has gone: the money is spent either way.
func (g *Gateway) book(ctx context.Context, r Reservation, s Settlement) error {
	s.At = g.o.Now().UTC()
	if s.Cost > r.Amount {
		g.o.Log.WarnContext(ctx, "model used more than its upper bound", "model", r.Model, "reserved", r.Amount.String(), "cost", s.Cost.String())
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	if err := g.o.Ledger.Settle(ctx, r.CallID, s); err != nil {
		return fault.New(fault.Unavailable, "ledger-unavailable", "The cost of this answer could not be booked. Try again later.").Because(err)
	}
	return nil
}
