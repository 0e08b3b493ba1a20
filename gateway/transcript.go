package gateway

import (
	"cmp"
	"context"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// Transcript is what was asked and answered, for an operator who looks for a fault. Keys are masked in it.
type Transcript struct {
	Call    uuid.UUID `json:"call"`
	Person  uuid.UUID `json:"person"` // the zero id for the instance itself
	Purpose string    `json:"purpose"`
	Model   string    `json:"model"`
	Outcome string    `json:"outcome"`
	Prompt  string    `json:"prompt"` // JSON: messages, or the whole body
	Answer  string    `json:"answer"`
	At      time.Time `json:"at"`
	Until   time.Time `json:"until"` // when it is deleted
}

// Transcripts keep them until their time is over.
type Transcripts interface {
	KeepTranscript(ctx context.Context, t Transcript) error
}

// Transcribe says where prompts and answers are written down, and for how long. The zero value writes none, which is what holds unless an operator
// has said otherwise.
type Transcribe struct {
	To   Transcripts
	Life time.Duration
}

func (t Transcribe) on() bool { return t.To != nil && t.Life > 0 }

const (
	maxTranscript  = 64 << 10 // of a prompt or an answer, in bytes
	transcriptTime = 2 * time.Second
)

// transcribe writes a call down where that is switched on. It is never in the way of an answer.
func (g *Gateway) transcribe(ctx context.Context, r Reservation, call *Call, outcome, text string, choices json.RawMessage) {
	if !g.o.Transcribe.on() {
		return
	}
	prompt := []byte(call.Body)
	if prompt == nil {
		prompt, _ = json.Marshal(call.Messages) // always encodes
	}
	at := g.o.Now().UTC()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), transcriptTime)
	defer cancel()
	err := g.o.Transcribe.To.KeepTranscript(ctx, Transcript{
		Call: r.CallID, Person: r.Person, Purpose: r.Purpose, Model: r.Model, Outcome: outcome, At: at, Until: at.Add(g.o.Transcribe.Life),
		Prompt: g.withoutKeys(string(prompt)), Answer: g.withoutKeys(cmp.Or(text, string(choices))),
	})
	if err != nil {
		g.o.Log.WarnContext(ctx, "a prompt was not written down", "error", err)
	}
}

// keyPatterns find what opens something: keys of providers of models and clouds, tokens of code forges and chats, our own tokens, bearer headers, JSON web
// tokens, private keys, passwords in addresses and in assignments.
const keyPatterns = `(?i:\b(?:sk|pk|rk|gsk|xai|hf|glpat|ghp|gho|ghu|ghs|ghr|github_pat|npm|pypi|dop_v1|shpat|sq0atp|gw)[-_][a-z0-9_-]{16,})` +
	`|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[A-Za-z0-9_-]{30,}|\bxox[abposr]-[A-Za-z0-9-]{10,}|\bya29\.[A-Za-z0-9_-]{20,}` +
	`|\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*` +
	`|-----BEGIN [A-Z ]*PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z ]*PRIVATE KEY-----|$)` +
	`|(?i:\bbearer\s+[a-z0-9._~+/=-]{16,})` +
	`|(?i:\b[a-z][a-z0-9+.-]*://[^\s/:@"\\]*:[^\s/@"\\]+@)` +
	`|(?i:\b(?:api[_-]?key|secret|token|password|passwd|pwd|access[_-]?key)(?:\\?["'])?\s*[:=]\s*(?:\\?["'])?[^\s"'\\,;}]{6,})`

// masked stands in the place of a key.
const masked = "[key]"

// withoutKeys is a text without what opens something, cut to a bound.
func (g *Gateway) withoutKeys(text string) string {
	text = g.keys.ReplaceAllString(text, masked)
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
	if len(text) <= maxTranscript {
		return text
	}
	cut := maxTranscript
	for !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}
