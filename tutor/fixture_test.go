package tutor_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/ident"
	"github.com/gapwise/gapwise/prompts"
	"github.com/gapwise/gapwise/skill"
	"github.com/gapwise/gapwise/tutor"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const (
	role  = "senior-backend-engineer"
	depth = "system-design-depth"
	prod  = "production-excellence"
)

var today = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// memory keeps conversations and messages.
type memory struct {
	mu            sync.Mutex
	conversations map[uuid.UUID]tutor.Conversation
	messages      map[uuid.UUID][]tutor.Message
	appendErr     error
}

func newMemory() *memory {
	return &memory{conversations: map[uuid.UUID]tutor.Conversation{}, messages: map[uuid.UUID][]tutor.Message{}}
}

func (m *memory) Start(_ context.Context, _ uuid.UUID, c tutor.Conversation) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.conversations[c.ID] = c
	return nil
}

func (m *memory) Conversation(_ context.Context, person, id uuid.UUID) (tutor.Conversation, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.conversations[id]
	if !ok || c.Person != person {
		return c, fault.New(fault.NotFound, "unknown-conversation", "There is no such conversation.")
	}
	return c, nil
}

func (m *memory) Append(_ context.Context, _, conversation uuid.UUID, t tutor.Turn) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.appendErr != nil {
		return m.appendErr
	}
	c := m.conversations[conversation]
	c.Kept, c.UpdatedAt = t.Kept, t.At
	m.conversations[conversation] = c
	if t.Instead != nil {
		m.messages[conversation] = slices.DeleteFunc(m.messages[conversation], func(o tutor.Message) bool { return o.ID == *t.Instead })
	}
	m.messages[conversation] = append(m.messages[conversation], t.Messages...)
	return nil
}

func (m *memory) Conversations(_ context.Context, person uuid.UUID, _ int) ([]tutor.Conversation, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []tutor.Conversation
	for _, c := range m.conversations {
		if c.Person == person {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b tutor.Conversation) int { return b.UpdatedAt.Compare(a.UpdatedAt) })
	return out, nil
}

func (m *memory) DropConversation(_ context.Context, _, id uuid.UUID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.conversations, id)
	delete(m.messages, id)
	return nil
}

func (m *memory) History(_ context.Context, _, conversation uuid.UUID, limit int) ([]tutor.Message, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := m.messages[conversation]
	return slices.Clone(all[max(0, len(all)-limit):]), nil
}

// reports compares the same profile with any role.
type reports struct {
	catalog *catalog.Catalog
	profile *skill.Profile
	resume  uuid.UUID
	gone    bool
}

func (r *reports) Gaps(_ context.Context, _, resume uuid.UUID, roleID string, a gapanalysis.Ask) (*gapanalysis.Report, error) {
	if resume != r.resume || r.gone {
		return nil, fault.New(fault.NotFound, "unknown-resume", "There is no such resume.")
	}
	target, err := r.catalog.Role(roleID)
	if err != nil {
		return nil, err
	}
	report := gapanalysis.Compare(r.catalog, r.profile, gapanalysis.RoleTarget(target), gapanalysis.Nearness{Model: "test"}, gapanalysis.Options{HoursPerWeek: a.HoursPerWeek, Today: today})
	report.ResumeID = resume.String()
	return report, nil
}

func claim(id, name string, level int, why string, mentions ...skill.Mention) skill.Claim {
	return skill.Claim{ID: &id, Name: name, Level: level, Years: float64(level), Why: why, Status: skill.StatusRead, Mentions: mentions}
}

func profile() *skill.Profile {
	return &skill.Profile{ExtractorVersion: "test", Claims: []skill.Claim{
		claim("go", "Go", 4, "Used in two dated positions, with ownership.", skill.Mention{SkillID: "go", Start: 10, End: 12, Text: "Go", Page: 1, Section: "experience"}),
		claim("postgresql", "PostgreSQL", 3, "Used in dated positions for 3 years.",
			skill.Mention{SkillID: "postgresql", Start: 40, End: 48, Text: "Postgres", Page: 1, Section: "experience"},
			skill.Mention{SkillID: "postgresql", Start: 300, End: 310, Text: "PostgreSQL", Page: 2, Section: "skills"}),
		claim("rabbitmq", "RabbitMQ", 3, "Used in a dated position.", skill.Mention{SkillID: "rabbitmq", Start: 80, End: 88, Text: "RabbitMQ", Page: 1, Section: "experience"}),
		claim("distributed-systems", "Distributed systems", 2, "Only listed.", skill.Mention{SkillID: "distributed-systems", Start: 320, End: 339, Text: "distributed systems", Page: 2, Section: "skills"}),
		claim("react", "React", 3, "Used in a dated position.", skill.Mention{SkillID: "react", Start: 500, End: 505, Text: "React", Page: 2, Section: "projects"}),
	}}
}

// model is a scripted language model; without pieces or an error none is configured.
type model struct {
	pieces   []string
	byPrompt map[string]string // instead of pieces, by the version of the template
	before   error             // instead of an answer
	after    error             // after the pieces
	shrink   int               // bytes to ask a smaller prompt for; 0 for none
	request  gateway.Request

	settle  sync.Once
	enabled bool
}

// Enabled is settled when it is first asked for: summaries ask behind answers, while a test may be changing what is said next.
func (m *model) Enabled() bool {
	m.settle.Do(func() { m.enabled = m.pieces != nil || m.before != nil })
	return m.enabled
}

func (m *model) Model() string { return "scripted-1" }

func (m *model) Stream(_ context.Context, r gateway.Request, emit func(string) error) (*gateway.Response, error) {
	if m.shrink > 0 {
		r.Messages = r.Shrink(m.shrink)
	}
	if r.PromptVersion == "summary-1" {
		return &gateway.Response{Model: "scripted-1", Text: "Yes."}, nil // it runs behind the answers
	}
	m.request = r
	if m.before != nil {
		return nil, m.before
	}
	if text, ok := m.byPrompt[r.PromptVersion]; ok {
		return &gateway.Response{Model: "scripted-1", FinishReason: "stop", Text: text, Cost: 1_234_000}, nil
	}
	if emit == nil {
		return &gateway.Response{Model: "scripted-1", FinishReason: "stop", Text: strings.Join(m.pieces, ""), Cost: 1_234_000}, m.after
	}
	for _, p := range m.pieces {
		if err := emit(p); err != nil {
			return nil, err
		}
	}
	if m.after != nil {
		return nil, m.after
	}
	return &gateway.Response{
		Model: "scripted-1", FinishReason: "stop", Usage: gateway.Usage{PromptTokens: 900, CompletionTokens: 80}, Cost: 1_234_000,
	}, nil
}

// talk is a started conversation.
type talk struct {
	t       *testing.T
	service *tutor.Service
	memory  *memory
	reports *reports
	model   *model
	person  uuid.UUID
	id      uuid.UUID
	events  []tutor.Event
}

func fixture(t *testing.T) *catalog.Catalog {
	t.Helper()
	c, err := catalog.LoadFS(os.DirFS(filepath.Join("testdata", "catalog")))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// open makes a service without a conversation.
func open(t *testing.T, c *catalog.Catalog, m *model) *talk {
	t.Helper()
	lib, err := prompts.Load()
	if err != nil {
		t.Fatal(err)
	}
	k := &talk{t: t, memory: newMemory(), model: m, person: ident.New(), reports: &reports{catalog: c, profile: profile(), resume: ident.New()}}
	k.service = tutor.New(tutor.Options{
		Catalog: c, Prompts: lib, Conversations: k.memory, Messages: k.memory, Reports: k.reports, Model: m, PerMinute: -1,
		Now: func() time.Time { return today },
	})
	return k
}

// start opens a conversation, with the resume or without.
func start(t *testing.T, c *catalog.Catalog, m *model, r tutor.StartRequest, withResume bool) *talk {
	t.Helper()
	k := open(t, c, m)
	k.begin(t, r, withResume)
	return k
}

// begin opens another conversation.
func (k *talk) begin(t *testing.T, r tutor.StartRequest, withResume bool) {
	t.Helper()
	k.t = t
	if withResume {
		r.ResumeID = &k.reports.resume
	}
	conversation, err := k.service.Start(t.Context(), k.person, r)
	if err != nil {
		t.Fatal(err)
	}
	k.id = conversation.ID
}

// try says something and collects the events.
func (k *talk) try(content string) (*tutor.Answer, error) {
	k.events = nil
	return k.service.Say(k.t.Context(), k.person, k.id, content, func(e tutor.Event) error {
		k.events = append(k.events, e)
		return nil
	})
}

func (k *talk) say(content string) *tutor.Answer {
	k.t.Helper()
	a, err := k.try(content)
	if err != nil {
		k.t.Fatal(err)
	}
	return a
}

// shown is an answer for a golden file: the text and what is cited.
func shown(a *tutor.Answer) string {
	var b strings.Builder
	b.WriteString(a.Text + "\n\n")
	for _, c := range a.Citations {
		fmt.Fprintf(&b, "[%d] %s %s", c.Index, c.Kind, c.ID)
		if c.Start != nil {
			fmt.Fprintf(&b, " %d-%d", *c.Start, *c.End)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("answer changed (-want +got):\n%s", diff)
	}
}
