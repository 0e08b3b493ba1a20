package evals

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/gapwise/gapwise/gateway"
)

// Track is one recorded completion with the request that it answers.
type Track struct {
	Key     string            `yaml:"key"`              // of the request; see keyOf
	Case    string            `yaml:"case"`             // that asked first
	Prompt  string            `yaml:"prompt,omitempty"` // id and version of the template
	Model   string            `yaml:"model"`            // that was asked for
	From    string            `yaml:"from"`             // the model that answered, or "script" for the case's own replies
	Request []gateway.Message `yaml:"request"`          // what was asked, to be read; what changes from run to run is a word in angle brackets
	Answer  string            `yaml:"answer"`
	Usage   *Usage            `yaml:"usage,omitempty"`
}

// Cassette is what a suite's models have said. It is safe for concurrent use.
type Cassette struct {
	suite   string
	records bool
	drop    bool // what nobody asked for: the whole suite is being recorded
	mu      sync.Mutex
	tracks  map[string]Track
	asked   map[string]bool
}

// LoadCassette reads cassettes/SUITE.yaml of a directory; one that does not exist is empty.
func LoadCassette(files fs.FS, suite string) (*Cassette, error) {
	c := &Cassette{suite: suite, tracks: map[string]Track{}, asked: map[string]bool{}}
	name := "cassettes/" + suite + ".yaml"
	data, err := fs.ReadFile(files, name)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read a cassette: %w", err)
	}
	var tracks []Track
	if err := yaml.Load(data, &tracks, yaml.WithKnownFields()); err != nil {
		return nil, inFile(name, err)
	}
	for _, t := range tracks {
		c.tracks[t.Key] = t
	}
	return c, nil
}

// Bytes is the cassette as a file, in the order of cases.
func (c *Cassette) Bytes() ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var tracks []Track
	for _, t := range c.tracks {
		if !c.drop || c.asked[t.Key] {
			tracks = append(tracks, t)
		}
	}
	slices.SortFunc(tracks, func(a, b Track) int {
		if a.Case != b.Case {
			return strings.Compare(a.Case, b.Case)
		}
		return strings.Compare(a.Key, b.Key)
	})
	var out bytes.Buffer
	out.WriteString("# Recorded by `gapwise evals -record`; see docs/evals.md.\n")
	b, err := yaml.Dump(tracks, yaml.WithIndent(2))
	if err != nil {
		return nil, fmt.Errorf("write a cassette: %w", err)
	}
	out.Write(b)
	return out.Bytes(), nil
}

// Unasked is how many tracks nobody has asked for.
func (c *Cassette) Unasked() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.tracks) - len(c.asked)
}

func (c *Cassette) recording() bool { return c.records }

// changing is what differs between two runs of the same case: ids, and times to the second. Days do not, as the clock of the service is set.
var changing = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?|\b\d{8}T\d{6}Z`)

// isTime tells the two kinds of changing apart.
func isTime(found string) bool { return strings.ContainsAny(found, "T ") }

// secret is what must never be written down: keys and tokens.
var secret = regexp.MustCompile(`\b(?:sk|gw|ghp|xox[bp]|AKIA|AIza)[-_][A-Za-z0-9_-]{8,}|\b(?:AKIA|AIza)[A-Za-z0-9_-]{12,}|(?i:bearer)\s+[A-Za-z0-9._~+/-]{12,}=*`)

// withoutSecrets takes keys and tokens out. Most texts have no word of one, which is seen at once; to look for the forms takes long.
func withoutSecrets(text string) string {
	if !containsAny(text, "sk-", "sk_", "gw-", "gw_", "ghp", "xox", "AKIA", "AIza") && !containsAny(strings.ToLower(text), "bearer") {
		return text
	}
	return secret.ReplaceAllString(text, "<secret>")
}

func containsAny(text string, words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}

// mayChange is false only where nothing of changing is in a text: no hyphen, nor a T, between what such have on both sides.
func mayChange(text string) bool {
	digit := func(i int) bool { return i >= 0 && i < len(text) && text[i] >= '0' && text[i] <= '9' }
	hex := func(i int) bool { return digit(i) || i >= 0 && i < len(text) && text[i] >= 'a' && text[i] <= 'f' }
	for i := range len(text) {
		switch {
		case text[i] == '-' && hex(i-1) && hex(i+1) && (i+3 < len(text) && text[i+3] == '-' || i+5 < len(text) && text[i+5] == '-'):
			return true
		case text[i] == 'T' && digit(i-1) && digit(i+1):
			return true
		}
	}
	return false
}

// scrub takes out what must not be in a file, and what would make each run's file another.
func scrub(text string) string {
	text = withoutSecrets(text)
	if !mayChange(text) {
		return text
	}
	return changing.ReplaceAllStringFunc(text, func(found string) string {
		if isTime(found) {
			return "<time>"
		}
		return "<id>"
	})
}

// keyOf is a hash of what matters in a request: the prompt's version, the messages, the model and the parameters. Whether the answer is
// streamed does not matter, nor ids and times.
func keyOf(a *Asked) string {
	messages := make([]gateway.Message, len(a.Messages))
	for i, m := range a.Messages {
		messages[i] = gateway.Message{Role: m.Role, Content: scrub(m.Content)}
	}
	b, err := json.Marshal(map[string]any{"prompt": a.Prompt, "model": a.Model, "messages": messages, "max_tokens": a.MaxTokens, "rest": a.rest})
	if err != nil {
		b = a.raw // what was JSON encodes
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}

func (c *Cassette) play(a *Asked) (Reply, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := keyOf(a)
	t, ok := c.tracks[key]
	if !ok || c.records && !c.asked[key] {
		return Reply{}, false
	}
	c.asked[key] = true
	return Reply{Say: t.Answer, Usage: t.Usage}, true
}

// miss says what to do about a request without an answer.
func (c *Cassette) miss(name string, a *Asked) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	near := ""
	for _, key := range slices.Sorted(maps.Keys(c.tracks)) {
		if t := c.tracks[key]; t.Case == name {
			near = "; for this case it holds " + t.Key + " of prompt " + t.Prompt + " (" + firstChange(t.Request, a.Messages) + ")"
		}
	}
	return fmt.Sprintf("cassettes/%s.yaml has no answer to request %s of prompt %q%s. Record it with `gapwise evals -record -run %s` (LLM_BASE_URL names a real endpoint; without one the case's own replies are taken), or script the model in the case.",
		c.suite, keyOf(a), a.Prompt, near, name)
}

// firstChange says where a request first differs from a recorded one.
func firstChange(was, is []gateway.Message) string {
	for i, m := range is {
		if i >= len(was) {
			return fmt.Sprintf("message %d is new", i+1)
		}
		old, now := []rune(was[i].Content), []rune(scrub(m.Content))
		for j := range now {
			if j >= len(old) || old[j] != now[j] {
				from := max(0, j-20)
				return fmt.Sprintf("message %d differs at %q, which was %q", i+1, string(now[from:min(len(now), j+40)]), string(old[min(len(old), from):min(len(old), j+40)]))
			}
		}
	}
	return "only parameters differ"
}

func (c *Cassette) record(name string, a *Asked, r Reply, from string) error {
	if r.Fault != FaultNone || r.Bill != "" {
		return errors.New("a reply with a fault or a bill cannot be recorded")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	t := Track{Key: keyOf(a), Case: name, Prompt: a.Prompt, Model: a.Model, From: from, Answer: scrub(r.Say), Usage: r.Usage}
	for _, m := range a.Messages {
		t.Request = append(t.Request, gateway.Message{Role: m.Role, Content: scrub(m.Content)})
	}
	c.tracks[t.Key], c.asked[t.Key] = t, true
	return nil
}

// Live is a real endpoint.
type Live struct {
	BaseURL string // up to and including the version
	Key     string
	Model   string
	Client  *http.Client
}

// liveTimeout bounds one answer of a real endpoint.
const liveTimeout = 90 * time.Second

// ask sends a request on as it is but for the model, and takes the whole answer at once.
func (l *Live) ask(ctx context.Context, a *Asked) (Reply, error) {
	ctx, cancel := context.WithTimeout(ctx, liveTimeout)
	defer cancel()
	body := map[string]any{"model": l.Model, "messages": a.Messages, "max_tokens": a.MaxTokens}
	for k, v := range a.rest {
		body[k] = v
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return Reply{}, fmt.Errorf("ask a real endpoint: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimRight(l.BaseURL, "/")+"/chat/completions", bytes.NewReader(raw))
	if err != nil {
		return Reply{}, fmt.Errorf("ask a real endpoint: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	if l.Key != "" {
		req.Header.Set("Authorization", "Bearer "+l.Key)
	}
	client := l.Client
	if client == nil {
		client = http.DefaultClient
	}
	resp, err := client.Do(req)
	if err != nil {
		return Reply{}, fmt.Errorf("ask a real endpoint: %w", err)
	}
	defer func() { _ = resp.Body.Close() }() // only read
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxRequest))
	var out struct {
		Choices []struct {
			Message struct {
				Content string `json:"content"`
			} `json:"message"`
		} `json:"choices"`
		Usage struct {
			Prompt     int `json:"prompt_tokens"`
			Completion int `json:"completion_tokens"`
		} `json:"usage"`
	}
	if err == nil {
		err = json.Unmarshal(answer, &out)
	}
	if err != nil || resp.StatusCode != http.StatusOK || len(out.Choices) == 0 {
		return Reply{}, fmt.Errorf("the real endpoint answered %d %s", resp.StatusCode, scrub(clip(string(answer), 300)))
	}
	return Reply{Say: out.Choices[0].Message.Content, Usage: &Usage{Prompt: out.Usage.Prompt, Completion: out.Usage.Completion}}, nil
}
