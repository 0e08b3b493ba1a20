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
)

// How slow the slow faults are.
const (
	slowFirstByte = 1500 * time.Millisecond
	trickleEvery  = 100 * time.Millisecond
)

// Reply is one rule of what the stub answers.
type Reply struct {
	When  string `yaml:"when"`  // in the last user message, whatever its case; "" for any
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
	switch r.Fault {
	case FaultNone, FaultStatus500, FaultStatus429, FaultCut, FaultNoUsage, FaultSlow, FaultOveruse, FaultMalformed, FaultTrickle:
	default:
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
	Model     string
	Messages  []gateway.Message
	MaxTokens int
	Stream    bool
}

// Stub is an OpenAI-compatible endpoint on the loopback that answers by a script and counts what it bills. It is safe for concurrent use.
type Stub struct {
	price  gateway.Price
	server *http.Server
	url    string

	mu     sync.Mutex
	script []Reply
	used   []bool
	asked  []Asked
	billed gateway.Nano
}

// maxAsked bounds how many requests are remembered.
const maxAsked = 200

// NewStub starts a stub whose tokens have a price. It answers until Close, also when ctx has ended.
func NewStub(ctx context.Context, price gateway.Price) (*Stub, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("evals: start the stub: %w", err)
	}
	s := &Stub{price: price, url: "http://" + l.Addr().String() + "/v1"}
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

// Script sets what is answered from now on and forgets what was asked and billed.
func (s *Stub) Script(rules []Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script, s.used, s.asked, s.billed = rules, make([]bool, len(rules)), nil, 0
}

// Billed is the sum of what the calls since the last Script cost.
func (s *Stub) Billed() gateway.Nano {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.billed
}

// dataBlock is a fence of the prompts, with what is in it.
var dataBlock = regexp.MustCompile(`(?s)<data\b[^>]*>.*?</data>`)

// Document is what was asked and billed, for paths that begin with @stub: calls, billed (dollars), and of the last request model,
// max_tokens, stream, prompt (all messages), system, user (the last message), inside (what stands between <data> and </data>) and outside.
func (s *Stub) Document() map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]any{"calls": json.Number(strconv.Itoa(len(s.asked))), "billed": s.billed.String()}
	if len(s.asked) == 0 {
		return out
	}
	last := s.asked[len(s.asked)-1]
	var all, system []string
	for _, m := range last.Messages {
		all = append(all, m.Content)
		if m.Role == "system" {
			system = append(system, m.Content)
		}
	}
	prompt := strings.Join(all, "\n\n")
	out["last"] = map[string]any{
		"model": last.Model, "max_tokens": json.Number(strconv.Itoa(last.MaxTokens)), "stream": last.Stream, "messages": json.Number(strconv.Itoa(len(last.Messages))),
		"prompt": prompt, "system": strings.Join(system, "\n\n"), "user": lastOfUser(last.Messages),
		"inside": strings.Join(dataBlock.FindAllString(prompt, -1), "\n"), "outside": dataBlock.ReplaceAllString(prompt, ""),
	}
	return out
}

func lastOfUser(messages []gateway.Message) string {
	for _, message := range slices.Backward(messages) {
		if message.Role == "user" {
			return message.Content
		}
	}
	return ""
}

// reply finds the rule for a request and remembers it.
func (s *Stub) reply(a Asked) Reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.asked) == maxAsked {
		s.asked = s.asked[1:]
	}
	s.asked = append(s.asked, a)
	question := strings.ToLower(lastOfUser(a.Messages))
	for i, r := range s.script {
		if r.Once && s.used[i] || !strings.Contains(question, strings.ToLower(r.When)) {
			continue
		}
		s.used[i] = true
		return r
	}
	return Reply{Say: "Start with the first source [1]."}
}

// bill counts a call and gives the usage that it tells.
func (s *Stub) bill(u gateway.Usage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.billed += s.price.Cost(u)
}

// usage is what a reply uses.
func (s *Stub) usage(r Reply, a Asked) gateway.Usage {
	bytes := 0
	for _, m := range a.Messages {
		bytes += len(m.Content)
	}
	if r.Bill != "" {
		dollars, _ := gateway.ParseDollars(r.Bill) // was checked with the case
		return gateway.Usage{PromptTokens: 0, CompletionTokens: tokensFor(dollars, s.price.Output)}
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
