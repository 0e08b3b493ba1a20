package gateway

import (
	"container/list"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/internal/ident"
	"github.com/gapwise/gapwise/internal/mutant"
)

// Kinds of cache hits.
const (
	CacheExact    = "exact"
	CacheSemantic = "semantic"
)

// Answer is a kept answer.
type Answer struct {
	Text         string          `json:"text"`
	FinishReason string          `json:"finish_reason"`
	Model        string          `json:"model"`
	Choices      json.RawMessage `json:"choices,omitempty"`
}

// Similar keeps answers to impersonal questions by their meaning.
type Similar interface {
	// Nearest is the kept question of a family that is nearest, with its answer and the cosine of the two; ok is false where none is kept.
	Nearest(ctx context.Context, family []byte, vector []float32, now time.Time) (question string, answer Answer, cosine float64, ok bool, err error)
	Keep(ctx context.Context, family []byte, question string, vector []float32, answer Answer, until time.Time) error
}

// Kept keeps answers to exact requests for all replicas. It is given a key and an answer from which nothing can be read without the request.
type Kept interface {
	// KeptAnswer is what is kept under a key until a time; ok is false where nothing is.
	KeptAnswer(ctx context.Context, key []byte, now time.Time) (answer []byte, until time.Time, ok bool, err error)
	// KeepAnswer keeps an answer of a person's, or of nobody's for the zero id.
	KeepAnswer(ctx context.Context, key []byte, person uuid.UUID, answer []byte, until time.Time) error
}

// Cache keeps answers, so that the same question costs nothing the second time. The exact one is a person's own unless the prompt is impersonal; it is
// in memory and, where it is shared, in the database for other replicas. The semantic one is for impersonal prompts alone.
type Cache struct {
	Life      time.Duration
	MaxBytes  int                                                       // of memory
	Shared    Kept                                                      // nil for memory alone
	Similar   Similar                                                   // nil for no semantic cache
	Embed     func(ctx context.Context, text string) ([]float32, error) // a unit vector
	Threshold float64                                                   // cosine from which two questions may be the same

	mu    sync.Mutex
	bytes int
	order *list.List // of *kept, the latest used first
	byKey map[[32]byte]*list.Element
}

type kept struct {
	key   [32]byte
	a     Answer
	until time.Time
	size  int
}

// cacheKey names a question. Only what is asked counts, and whose it is.
func cacheKey(r Request, models string) [32]byte {
	person := r.Person
	if r.Impersonal || mutant.On(mutant.CacheShared) {
		person = uuid.Nil
	}
	b, _ := json.Marshal([]any{person, r.Impersonal, r.Purpose, models, r.Messages, r.MaxTokens, r.Temperature, r.Body, r.JSON, r.Schema}) // always encodes
	return sha256.Sum256(b)
}

func modelsOf(list []*target) string {
	names := make([]string, len(list))
	for i, t := range list {
		names[i] = t.Name + "/" + t.Model
	}
	return strings.Join(names, ",")
}

// cached answers from the cache, and writes a line of the ledger that says so. Both results are nil where the model has to be asked.
func (g *Gateway) cached(ctx context.Context, r Request, who Account, list []*target, emit func(Piece) error) (*Response, error) {
	c := g.o.Cache
	if c == nil || r.NoCache {
		return nil, nil //nolint:nilnil // nothing kept and nothing wrong
	}
	began := g.o.Now()
	kind := CacheExact
	a, ok := g.exact(ctx, cacheKey(r, modelsOf(list)), began)
	if !ok {
		if a, ok = c.similar(ctx, r, modelsOf(list), began); !ok {
			return nil, nil //nolint:nilnil // as above
		}
		kind = CacheSemantic
	}
	if err := g.limits.take(ctx, r.Person, who, 0); err != nil {
		return nil, err
	}
	id := ident.New()
	res := g.reservation(r, who, Target{Name: "cache", Model: a.Model}, 0)
	res.CallID = id
	if err := g.o.Ledger.Reserve(ctx, res); err != nil {
		return nil, unreadable(err)
	}
	if err := g.book(ctx, res, Settlement{Record: Record{Outcome: "cached", Cache: kind, Latency: g.o.Now().Sub(began)}}); err != nil {
		return nil, err
	}
	g.metrics.hit(kind)
	g.transcribe(ctx, res, &Call{Messages: r.Messages, Body: r.Body}, "cached", a.Text, a.Choices)
	resp := &Response{CallID: id, Model: a.Model, Text: a.Text, FinishReason: a.FinishReason, Cache: kind, Choices: a.Choices}
	if emit != nil {
		return resp, emit(Piece{Text: a.Text})
	}
	return resp, nil
}

// keep remembers a whole answer. One that was cut short for lack of money, or with tools in it that were streamed, is not kept.
func (g *Gateway) keep(ctx context.Context, r Request, resp *Response) {
	c := g.o.Cache
	if c == nil || r.NoCache || resp.Cache != "" || resp.Clamped > 0 || resp.FinishReason != "stop" || resp.Text == "" {
		return
	}
	models := modelsOf(g.targets.of(r))
	a := Answer{Text: resp.Text, FinishReason: resp.FinishReason, Model: resp.Model, Choices: resp.Choices}
	until := g.o.Now().Add(c.Life)
	g.keepExact(ctx, r, cacheKey(r, models), a, until)
	question, family, ok := c.question(r, models)
	if !ok {
		return
	}
	vector, err := c.Embed(ctx, question)
	if err == nil {
		err = c.Similar.Keep(ctx, family, question, vector, a, until)
	}
	if err != nil && ctx.Err() == nil {
		g.o.Log.WarnContext(ctx, "an answer was not kept", "error", err)
	}
}

func (c *Cache) exact(key [32]byte, now time.Time) (Answer, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.byKey[key]
	if e == nil {
		return Answer{}, false
	}
	k := e.Value.(*kept)
	if now.After(k.until) {
		c.drop(e, k)
		return Answer{}, false
	}
	c.order.MoveToFront(e)
	return k.a, true
}

func (c *Cache) drop(e *list.Element, k *kept) {
	c.order.Remove(e)
	delete(c.byKey, k.key)
	c.bytes -= k.size
}

func (c *Cache) put(key [32]byte, a Answer, until time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.order == nil {
		c.order, c.byKey = list.New(), map[[32]byte]*list.Element{}
	}
	if e := c.byKey[key]; e != nil {
		c.drop(e, e.Value.(*kept))
	}
	k := &kept{key, a, until, len(a.Text) + len(a.Choices) + 200}
	c.byKey[key] = c.order.PushFront(k)
	c.bytes += k.size
	for c.bytes > c.MaxBytes && c.order.Len() > 0 {
		e := c.order.Back()
		c.drop(e, e.Value.(*kept))
	}
}

// question is the last thing that an impersonal prompt asks, and the family of prompts that it may share answers with: the same models,
// bounds and everything before the question.
func (c *Cache) question(r Request, models string) (question string, family []byte, ok bool) {
	if c.Similar == nil || c.Embed == nil || !r.Impersonal || len(r.Messages) == 0 || r.Body != nil {
		return "", nil, false
	}
	last := r.Messages[len(r.Messages)-1]
	if last.Role != "user" || last.Content == "" {
		return "", nil, false
	}
	r.Messages = r.Messages[:len(r.Messages)-1]
	key := cacheKey(r, models)
	return last.Content, key[:], true
}

func (c *Cache) similar(ctx context.Context, r Request, models string, now time.Time) (Answer, bool) {
	question, family, ok := c.question(r, models)
	if !ok {
		return Answer{}, false
	}
	vector, err := c.Embed(ctx, question)
	if err != nil {
		return Answer{}, false // the model is asked; a cache is never in the way
	}
	other, a, cosine, ok, err := c.Similar.Nearest(ctx, family, vector, now)
	if err != nil || !ok || cosine < c.Threshold || !sameWords(question, other) {
		return Answer{}, false
	}
	return a, true
}

// filler are English words that a question may have more or fewer of without asking something else. Negations, numbers and names are not
// among them: "learn Kafka" and "learn Spark" are near each other in any vector space, and so are "with" and "without".
var filler = map[string]bool{
	"a": true, "an": true, "the": true, "is": true, "are": true, "was": true, "be": true, "do": true, "does": true, "did": true, "can": true, "could": true,
	"would": true, "should": true, "i": true, "me": true, "my": true, "you": true, "we": true, "it": true, "to": true, "of": true, "for": true, "in": true,
	"on": true, "at": true, "please": true, "tell": true, "explain": true, "what": true, "how": true, "which": true, "there": true, "that": true, "this": true,
	"and": true, "about": true, "s": true, "re": true, "m": true, "some": true, "any": true, "just": true, "hi": true, "hello": true, "thanks": true,
}

// sameWords is the test for near misses: two questions are the same only if they have the same words beyond filler, in their order, whatever their plural.
func sameWords(a, b string) bool {
	return strings.Join(words(a), " ") == strings.Join(words(b), " ") && maps.Equal(asks(a), asks(b))
}

func words(s string) []string {
	var out []string
	for w := range strings.FieldsFuncSeq(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !strings.ContainsRune("+#.-", r)
	}) {
		w = strings.Trim(w, ".-")
		if w == "" || filler[w] {
			continue
		}
		if len(w) > 3 && !strings.HasSuffix(w, "ss") {
			w = strings.TrimSuffix(w, "s")
		}
		out = append(out, w)
	}
	return out
}

// asks are the words that say what kind of answer is wanted: "what is X" and "how do I use X" differ in nothing else.
func asks(s string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(strings.ToLower(s)) {
		switch w = strings.Trim(w, "?!.,'"); w {
		case "who", "when", "where", "why", "how", "which":
			out[w] = true
		}
	}
	return out
}

// String says what kind of cache it is, for the settings.
func (c *Cache) String() string {
	if c == nil {
		return "off"
	}
	if c.Similar != nil {
		return fmt.Sprintf("exact and semantic from %.2f", c.Threshold)
	}
	return CacheExact
}
