package evals

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gapwise/gapwise/gateway"
)

// Fault is what goes wrong with an answer of the stub.
type Fault string

// The faults.
const (
	FaultNone      Fault = ""
	FaultStatus500 Fault = "status_500" // the vendor fails and bills nothing
	FaultStatus429 Fault = "status_429" // the vendor has no room and bills nothing
	FaultCut       Fault = "cut"        // the connection ends in the middle of the answer; what was said is billed
	FaultNoUsage   Fault = "no_usage"   // the answer is whole, and what it used is not said
	FaultSlow      Fault = "slow"       // the first byte takes slowFirstByte
	FaultOveruse   Fault = "overuse"    // more tokens are billed than max_tokens allows
	FaultMalformed Fault = "malformed"  // JSON that is none
	FaultTrickle   Fault = "trickle"    // a piece every trickleEvery, so that a reader can leave in the middle
	FaultNonsense  Fault = "nonsense"   // words without sense, with numbers of sources that do not exist
	FaultRunaway   Fault = "runaway"    // the answer over and over, until nobody reads any more
)

// faults are all there are.
var faults = []Fault{ //nolint:gochecknoglobals // a constant list
	FaultNone, FaultStatus500, FaultStatus429, FaultCut, FaultNoUsage, FaultSlow, FaultOveruse, FaultMalformed, FaultTrickle, FaultNonsense, FaultRunaway,
}

// How slow the slow faults are.
const (
	slowFirstByte = 1500 * time.Millisecond
	trickleEvery  = 100 * time.Millisecond
)

// Reply is one rule of what the stub answers.
type Reply struct {
	When  string `yaml:"when"`  // in the last user message, whatever its case; "" for any
	Model string `yaml:"model"` // asked for; "" for any
	Say   string `yaml:"say"`   // the answer
	Usage *Usage `yaml:"usage"` // what it uses, never more than max_tokens or a token a byte of prompt; nil for an estimate from the texts
	Bill  string `yaml:"bill"`  // dollars that this call costs, whatever was asked for: tokens of output are made up to come to it
	Fault Fault  `yaml:"fault"`
	Once  bool   `yaml:"once"` // only for the first message that fits
}

// Usage is a number of tokens.
type Usage struct {
	Prompt     int `yaml:"prompt"`
	Completion int `yaml:"completion"`
}

func (r *Reply) check() error {
	if !slices.Contains(faults, r.Fault) {
		return fmt.Errorf("there is no fault %q", r.Fault)
	}
	if r.Bill == "" {
		return nil
	}
	if r.Usage != nil {
		return errors.New("give usage or bill, not both")
	}
	_, err := gateway.ParseDollars(r.Bill)
	return err
}

// Asked is one request that reached the stub.
type Asked struct {
	Prompt    string // id and version of the template, "" where the request does not say
	Model     string
	Messages  []gateway.Message
	MaxTokens int
	Stream    bool
	Format    json.RawMessage // response_format, nil for text
	rest      map[string]json.RawMessage
	raw       []byte
	Answer    string // what the stub said, "" for nothing
}

// Stub is an OpenAI-compatible endpoint on the loopback that answers by a script, from a cassette or by obeying, and counts what it bills.
// It is safe for concurrent use.
type Stub struct {
	prices map[string]gateway.Price
	server *http.Server
	url    string
	live   *Live // where requests go on to, nil for nowhere

	mu     sync.Mutex
	name   string // of the case
	model  Model
	tape   *Cassette
	used   []bool
	asked  []Asked
	billed gateway.Nano
	missed []string // what the cassette has no answer to
}

// maxAsked bounds how many requests are remembered.
const maxAsked = 200

// NewStub starts a stub whose tokens have a price by model. It answers until Close, also when ctx has ended.
func NewStub(ctx context.Context, prices map[string]gateway.Price) (*Stub, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("evals: start the stub: %w", err)
	}
	s := &Stub{prices: prices, url: "http://" + l.Addr().String() + "/v1"}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/chat/completions", s.chat)
	mux.HandleFunc("POST /v1/embeddings", s.embed)
	s.server = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.server.Serve(l) }() // always ends with ErrServerClosed, by Close
	return s, nil
}

// URL is the address up to and including the version.
func (s *Stub) URL() string { return s.url }

// Close stops the stub and drops answers under way.
func (s *Stub) Close() { _ = s.server.Close() }

// Script sets what is answered to a case from now on and forgets what was asked and billed. tape may be nil where the model is not recorded.
func (s *Stub) Script(name string, m Model, tape *Cassette) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.name, s.model, s.tape, s.used, s.asked, s.billed, s.missed = name, m, tape, make([]bool, len(m.Replies)), nil, 0, nil
}

// Billed is the sum of what the calls since the last Script cost.
func (s *Stub) Billed() gateway.Nano {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.billed
}

// Missed says which requests since the last Script the cassette had no answer to.
func (s *Stub) Missed() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.missed)
}

// Asked are the requests since the last Script, the latest maxAsked of them.
func (s *Stub) Asked() []Asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// dataBlock is a fence of the prompts, with what is in it.
var dataBlock = regexp.MustCompile(`(?s)<data\b[^>]*>.*?</data>`)

// Document is what was asked and billed, for paths that begin with @stub: calls, billed (dollars), prompts (all that was asked, in one
// text), requests (each of them), and last, the last of them, with prompt_version, model, max_tokens, stream, prompt (all messages), system,
// user (the last message), inside (what stands between <data> and </data>) and outside.
func (s *Stub) Document() map[string]any {
	asked := s.Asked()
	out := map[string]any{"calls": json.Number(strconv.Itoa(len(asked))), "billed": s.Billed().String()}
	requests := make([]any, len(asked))
	var prompts []string
	for i, a := range asked {
		doc := a.document()
		requests[i] = doc
		prompts = append(prompts, plain(doc["prompt"]))
		out["last"] = doc
	}
	out["requests"], out["prompts"] = requests, strings.Join(prompts, "\n\n")
	return out
}

func (a *Asked) document() map[string]any {
	var all, system []string
	for _, m := range a.Messages {
		all = append(all, m.Content)
		if m.Role == "system" {
			system = append(system, m.Content)
		}
	}
	prompt := strings.Join(all, "\n\n")
	return map[string]any{
		"prompt_version": a.Prompt, "model": a.Model, "max_tokens": json.Number(strconv.Itoa(a.MaxTokens)), "stream": a.Stream,
		"messages": json.Number(strconv.Itoa(len(a.Messages))), "answer": a.Answer,
		"prompt": prompt, "system": strings.Join(system, "\n\n"), "user": lastOfUser(a.Messages),
		"inside": strings.Join(dataBlock.FindAllString(prompt, -1), "\n"), "outside": dataBlock.ReplaceAllString(prompt, ""),
	}
}

func lastOfUser(messages []gateway.Message) string {
	for _, message := range slices.Backward(messages) {
		if message.Role == "user" {
			return message.Content
		}
	}
	return ""
}

// errMissed is what a request gets to which the cassette has no answer.
var errMissed = errors.New("the cassette has no answer to this request")

// reply finds the answer to a request and remembers both.
func (s *Stub) reply(ctx context.Context, a Asked) (Reply, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var r Reply
	var err error
	if a.Model == judgeModel {
		return s.recorded(ctx, &a)
	}
	switch {
	case s.model.Recorded:
		r, err = s.recorded(ctx, &a)
	case s.model.Obedient:
		r = Reply{Say: obey(&a)}
	default:
		r = s.scripted(&a)
	}
	if r.Fault == FaultNonsense {
		r.Say = nonsense
	}
	a.Answer = r.Say
	if len(s.asked) == maxAsked {
		s.asked = s.asked[1:]
	}
	s.asked = append(s.asked, a)
	return r, err
}

// nonsense is an answer that says nothing and cites what is not there.
const nonsense = "Lorem quartz [97] the of of level 9 at Zzyzx Corp [0], visit http://nonsense.example/[1]. {\"level\": 9}} \u0000 ⟦NAME-99⟧ und und [1"

func (s *Stub) scripted(a *Asked) Reply {
	question := strings.ToLower(lastOfUser(a.Messages))
	for i, r := range s.model.Replies {
		if r.Once && s.used[i] || r.Model != "" && r.Model != a.Model || !strings.Contains(question, strings.ToLower(r.When)) {
			continue
		}
		s.used[i] = true
		return r
	}
	return Reply{Say: "Start with the first source [1]."}
}

// recorded answers from the cassette, and records where that is wanted.
func (s *Stub) recorded(ctx context.Context, a *Asked) (Reply, error) {
	if r, ok := s.tape.play(a); ok {
		return r, nil
	}
	if !s.tape.recording() {
		s.missed = append(s.missed, s.tape.miss(s.name, a))
		return Reply{}, errMissed
	}
	if s.live == nil {
		r := s.scripted(a)
		if a.Model == judgeModel && r.Model != judgeModel {
			return r, errors.New("a judge is a real model: set LLM_BASE_URL, or give the case a reply with model: judge")
		}
		return r, s.tape.record(s.name, a, r, "script")
	}
	r, err := s.live.ask(ctx, a)
	if err != nil {
		return Reply{}, err
	}
	return r, s.tape.record(s.name, a, r, s.live.Model)
}

// bill counts a call and gives the usage that it tells.
func (s *Stub) bill(model string, u gateway.Usage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.billed += s.prices[model].Cost(u)
}

// usage is what a reply uses.
func (s *Stub) usage(r Reply, a Asked) gateway.Usage {
	bytes := 0
	for _, m := range a.Messages {
		bytes += len(m.Content)
	}
	if r.Bill != "" {
		dollars, _ := gateway.ParseDollars(r.Bill) // was checked with the case
		return gateway.Usage{PromptTokens: 0, CompletionTokens: tokensFor(dollars, s.prices[a.Model].Output)}
	}
	u := gateway.Usage{PromptTokens: bytes/4 + 1, CompletionTokens: len(r.Say)/4 + 1}
	if r.Usage != nil {
		u = gateway.Usage{PromptTokens: min(r.Usage.Prompt, bytes), CompletionTokens: r.Usage.Completion}
	}
	if r.Fault == FaultOveruse {
		u.CompletionTokens = 2*a.MaxTokens + 1
	} else if a.MaxTokens > 0 {
		u.CompletionTokens = min(u.CompletionTokens, a.MaxTokens)
	}
	return u
}

// tokensFor is how many tokens come to an amount, rounded down.
func tokensFor(amount, perMillion gateway.Nano) int {
	if perMillion <= 0 {
		return 0
	}
	n := new(big.Int).Mul(big.NewInt(int64(amount)), big.NewInt(1_000_000))
	return int(n.Quo(n, big.NewInt(int64(perMillion))).Int64())
}

// wait is a pause that ends with the request.
func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// maxRequest bounds the body of a request to the stub.
const maxRequest = 4 << 20

func decodeRequest(r *http.Request, v any) error {
	return json.NewDecoder(io.LimitReader(r.Body, maxRequest)).Decode(v)
}
