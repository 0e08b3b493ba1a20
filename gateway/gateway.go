// Package gateway is the one way to any language model: it knows prices, budgets and a ledger, and no SDK.
//
// Before a call it reserves an upper bound of its cost over every budget at once; after it, it settles to what the provider says it used, or
// to what the text that came shows. A call that fits beside what is spent waits until what others have reserved makes room; one that does
// not is cut to what is left, and refused where too little is. docs/budgets.md has the argument.
package gateway

import (
	"context"
	"encoding/json"
	"log/slog"
	"regexp"
	"time"

	"github.com/google/uuid"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

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
	Purpose       string    // what it is for, such as PurposeChat: a word of the ledger, and the name of a route
	Within        string    // the wider purpose, whose route serves where Purpose has none; "" for none
	PromptVersion string    // which template made Messages
	Model         string    // "" for the first of the route
	Messages      []Message
	MaxTokens     int // of one answer; 0 for DefaultMaxTokens, never above MaxMaxTokens
	Temperature   float32
	// Shrink, where given, makes a smaller prompt of at most so many bytes of content when the whole one is dearer than what is left.
	// It returns nil when that is too little to ask anything.
	Shrink func(maxBytes int) []Message
	// Body is a whole request of the OpenAI interface, for what Messages cannot say: tools, formats, several answers. It is sent as it is but
	// for the model, the bounds and the settings of the stream. Messages are still read for their size where there are any.
	Body json.RawMessage
	// Answers is how many answers Body asks for (n); 0 for one.
	Answers int
	// Impersonal says that nothing of a person is in the prompt, so that anybody may get a cached answer to it.
	Impersonal bool
	// NoCache asks the model itself.
	NoCache bool
	// JSON asks for an answer that is one JSON document, after Schema where that is given.
	JSON   bool
	Schema json.RawMessage
	// Started, where given, is told when the money for a call is set aside and the call is about to be made; for each try anew.
	Started func(Start)
}

// Start is a call that is about to be made.
type Start struct {
	CallID   uuid.UUID
	Model    string
	Reserved Nano
	Clamped  int // as in Response
}

// Usage is what a provider says it used, in tokens.
type Usage struct {
	PromptTokens     int `json:"prompt_tokens"`                // the whole prompt, also what was cached
	CompletionTokens int `json:"completion_tokens"`            // all answers, also what is not shown
	CachedTokens     int `json:"cached_tokens,omitempty"`      // of the prompt, read from the provider's cache
	CacheWriteTokens int `json:"cache_write_tokens,omitempty"` // of the prompt, written to it
	ReasoningTokens  int `json:"reasoning_tokens,omitempty"`   // of the answers, not shown
}

// sane is the usage with no count below zero and no part above its whole.
func (u Usage) sane() Usage {
	u.PromptTokens, u.CompletionTokens = max(u.PromptTokens, 0), max(u.CompletionTokens, 0)
	u.CachedTokens = min(max(u.CachedTokens, 0), u.PromptTokens)
	u.CacheWriteTokens = min(max(u.CacheWriteTokens, 0), u.PromptTokens-u.CachedTokens)
	u.ReasoningTokens = min(max(u.ReasoningTokens, 0), u.CompletionTokens)
	return u
}

// Response is a model's answer and what it cost.
type Response struct {
	CallID       uuid.UUID
	Model        string
	Text         string
	FinishReason string // stop, length, content_filter, …
	Usage        Usage
	Cost         Nano
	Estimated    bool            // the provider did not say all that it used, so some of it was counted or is the upper bound
	Cache        string          // "", exact or semantic: the answer was there and cost nothing
	Clamped      int             // tokens that one answer was cut to, because the budget left no more; 0 where nothing was cut
	Choices      json.RawMessage // of an answer to Body that was not streamed
}

// Piece is a part of an answer.
type Piece struct {
	Text    string
	Choices json.RawMessage // of an answer to Body: the choices of this event as the provider sent them
}

// Call is what a provider is asked to do: a Request with everything decided.
type Call struct {
	Model       string
	Messages    []Message
	MaxTokens   int
	Temperature float32
	Body        json.RawMessage
	Format      Format
	Schema      json.RawMessage
	// PromptVersion is told to the endpoint beside the call, so that its log, or a stub, can tell prompts apart. It holds nothing of anybody.
	PromptVersion string

	counted int // tokens of the prompt at most, where its own tokeniser was asked
}

// Result is what a provider got.
type Result struct {
	Text         string
	FinishReason string
	Usage        *Usage // the last report; nil where there was none
	// Unreported is what came after the last report, or all that came where there was none: text, reasoning, arguments of tools.
	Unreported string
	// Begun is set once the provider has begun to answer, so that nothing is produced that Unreported or Usage does not show.
	Begun bool
	// Unbilled is set with an error when the model cannot have worked: the connection was refused, or it answered with an error status.
	Unbilled bool
	Choices  json.RawMessage
}

// Provider talks to a model. emit, where not nil, is called with each piece of the answer as it comes; its error ends the call.
type Provider interface {
	Chat(ctx context.Context, call Call, emit func(Piece) error) (Result, error)
	Embed(ctx context.Context, model string, texts []string) ([][]float32, Result, error)
}

// Bounds on a call.
const (
	DefaultMaxTokens = 1024
	MaxMaxTokens     = 4096
	maxAnswers       = 8
	minMaxTokens     = 16 // an answer shorter than this helps nobody
	maxPromptBytes   = 256 << 10
	callTimeout      = 2 * time.Minute
	firstByteTimeout = time.Minute
	localTimeout     = 10 * time.Minute // of a model on one's own machine, which may have to be loaded first
	settleTimeout    = 10 * time.Second
	// AbandonedAfter is the age at which a reservation that nobody settled is booked in full: its process is gone, its cost may be real.
	AbandonedAfter = 10 * time.Minute
)

// Options are what a gateway is made of.
type Options struct {
	Ledger     Ledger
	Chat       Provider // nil where no model is configured
	Embedder   Provider // nil where no embeddings endpoint is configured
	Prices     *Prices
	Tokens     func(model, text string) (n int, ok bool) // a model's own tokeniser, nil for none; ok is false where it is not known
	Caps       Caps
	Model      string              // the configured model
	Routes     map[string][]Target // by purpose, in the order in which to try; a purpose without a route uses that of "", or Chat and Model
	Builtin    map[string]bool     // by purpose: whether the built-in tutor is the route's last choice; see Refusal for purposes that are not in it
	Accounts   Accounts            // nil where everybody is alike
	Minutes    Minutes             // nil where no other process lets calls in
	Cache      *Cache              // nil for none
	Transcribe Transcribe          // whether prompts and answers are written down, which they are not by default
	Wait       time.Duration       // how long a call waits for its turn at a budget; 0 for DefaultWait, below 0 for not at all
	Retries    int                 // of a call that failed before its first piece, beyond the first try
	Hedge      time.Duration       // how long the first piece may take before the next target is asked as well; 0 for never
	Tracer     trace.Tracer        // nil for none
	Now        func() time.Time
	Log        *slog.Logger
}

// Gateway makes calls within budgets. It is safe for concurrent use.
type Gateway struct {
	o        Options
	turns    *turns
	limits   *limits
	accounts *accountCache
	targets  *targets
	formats  *formats
	metrics  *Metrics
	keys     *regexp.Regexp // nil where nothing is written down
}

// New makes a gateway.
func New(o Options) *Gateway {
	if o.Wait == 0 {
		o.Wait = DefaultWait
	}
	if o.Tracer == nil {
		o.Tracer = noop.NewTracerProvider().Tracer("gateway")
	}
	g := &Gateway{
		o: o, turns: newTurns(), limits: newLimits(o.Minutes, o.Now), accounts: newAccountCache(o.Accounts, o.Now), targets: newTargets(o), formats: newFormats(), metrics: newMetrics(),
	}
	if o.Transcribe.on() {
		g.keys = regexp.MustCompile(keyPatterns)
	}
	return g
}

// Enabled tells whether a chat model is configured.
func (g *Gateway) Enabled() bool { return g.targets.any }

// Model is the configured chat model, "" where there is none.
func (g *Gateway) Model() string {
	if g.o.Model == "" && g.Enabled() {
		return g.targets.names()[0]
	}
	return g.o.Model
}

// Models are the models that may be asked for.
func (g *Gateway) Models() []string {
	if !g.Enabled() {
		return []string{}
	}
	return g.targets.names()
}

// Metrics are the counts of calls since the process began.
func (g *Gateway) Metrics() *Metrics { return g.metrics }

var errNotConfigured = fault.New(fault.Unavailable, "model-not-configured",
	"No language model is configured. Whoever runs this service sets LLM_BASE_URL, LLM_API_KEY and LLM_MODEL.")

// Stream asks a model and hands over the answer piece by piece. Every error before the first piece leaves emit uncalled.
// Errors are fault.BudgetExceeded, fault.RateLimited, fault.Invalid for a model without a price or tools that none takes, fault.TooLarge for a prompt,
// fault.Unavailable or fault.Timeout for the model. RefusalOf says of them why no model answered and until when.
func (g *Gateway) Stream(ctx context.Context, r Request, emit func(text string) error) (*Response, error) {
	if emit == nil {
		return g.Relay(ctx, r, nil)
	}
	return g.Relay(ctx, r, func(p Piece) error {
		if p.Text == "" {
			return nil
		}
		return emit(p.Text)
	})
}

// Complete asks a model and waits for the whole answer.
func (g *Gateway) Complete(ctx context.Context, r Request) (*Response, error) {
	return g.Relay(ctx, r, nil)
}
