package web_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/account"
	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/posting"
	"github.com/gapwise/gapwise/skill"
	"github.com/gapwise/gapwise/tutor"
)

// memory keeps what the rooms have kept, owner by owner, and is every small interface that they declare for it.
type memory struct {
	mu            sync.Mutex
	people        map[uuid.UUID]account.Person
	tokens        map[[sha256.Size]byte]account.Token
	uploads       map[uuid.UUID]owned[*skill.Upload]
	conversations map[uuid.UUID]owned[tutor.Conversation]
	messages      map[uuid.UUID][]tutor.Message
	progress      map[uuid.UUID][]tutor.MilestoneProgress
	shapes        map[string]tutor.Seen // by person and role
	feeds         map[[sha256.Size]byte]gapanalysis.Feed
	orders        map[string][]string // by person and role
	postings      []posting.Prepared
	runs          []owned[gapanalysis.Run]
	reserved      map[uuid.UUID]gateway.Nano
	spent         gateway.Nano
	// broken, where set, is what reading a resume ends with: an error to give, or anything else to panic with.
	broken any
	*itemMemory
}

type owned[T any] struct {
	person uuid.UUID
	thing  T
}

func newMemory() *memory {
	return &memory{
		itemMemory: &itemMemory{items: map[uuid.UUID]owned[tutor.Item]{}}, people: map[uuid.UUID]account.Person{}, tokens: map[[sha256.Size]byte]account.Token{}, uploads: map[uuid.UUID]owned[*skill.Upload]{},
		conversations: map[uuid.UUID]owned[tutor.Conversation]{}, messages: map[uuid.UUID][]tutor.Message{},
		progress: map[uuid.UUID][]tutor.MilestoneProgress{}, shapes: map[string]tutor.Seen{}, feeds: map[[sha256.Size]byte]gapanalysis.Feed{}, reserved: map[uuid.UUID]gateway.Nano{},
	}
}

var errNotYours = fault.New(fault.NotFound, "unknown-id", "There is nothing of yours with this id.")

func (m *memory) Add(_ context.Context, p account.Person, t account.Token) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.people[p.ID], m.tokens[t.Hash] = p, t
	return nil
}

func (m *memory) ByToken(_ context.Context, hash [sha256.Size]byte, now time.Time) (account.Person, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t, ok := m.tokens[hash]
	if !ok || !now.Before(t.ExpiresAt) {
		return account.Person{}, errNotYours
	}
	return m.people[t.Person], nil
}

func (m *memory) LocalPerson(_ context.Context, fresh account.Person) (account.Person, error) {
	return fresh, nil
}

func (m *memory) Export(_ context.Context, person uuid.UUID) (json.RawMessage, error) {
	return json.Marshal(map[string]any{"person": person})
}

func (m *memory) Erase(_ context.Context, person uuid.UUID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.people, person)
	for hash, t := range m.tokens {
		if t.Person == person {
			delete(m.tokens, hash)
		}
	}
	for id, u := range m.uploads {
		if u.person == person {
			delete(m.uploads, id)
		}
	}
	return nil
}

func (m *memory) SaveUpload(_ context.Context, person uuid.UUID, u *skill.Upload, _ string, _ embeddings.Vector) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.uploads[u.ID] = owned[*skill.Upload]{person, u}
	return nil
}

func (m *memory) SaveReading(ctx context.Context, person uuid.UUID, u *skill.Upload, model string, v embeddings.Vector) error {
	old, err := m.Upload(ctx, person, u.ID)
	if err != nil {
		return err
	}
	u.Profile.HeedAll(old.Profile.Claims, u.Document.Text)
	return m.SaveUpload(ctx, person, u, model, v)
}

func (m *memory) Upload(_ context.Context, person, id uuid.UUID) (*skill.Upload, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch broken := m.broken.(type) {
	case nil:
	case error:
		return nil, broken
	default:
		panic(broken)
	}
	if u, ok := m.uploads[id]; ok && u.person == person {
		return u.thing, nil
	}
	return nil, errNotYours
}

func (m *memory) DeleteUpload(_ context.Context, person, id uuid.UUID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if u, ok := m.uploads[id]; !ok || u.person != person {
		return errNotYours
	}
	delete(m.uploads, id)
	return nil
}

func (m *memory) Resumes(_ context.Context, person uuid.UUID) ([]skill.Summary, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	list := []skill.Summary{}
	for id, u := range m.uploads {
		if u.person == person {
			list = append(list, skill.Summary{ID: id, FileName: u.thing.FileName, CreatedAt: u.thing.CreatedAt, Skills: len(u.thing.Profile.Claims)})
		}
	}
	return list, nil
}

func (m *memory) Correct(ctx context.Context, person, id uuid.UUID, c skill.Correction) (skill.Claim, error) {
	u, err := m.Upload(ctx, person, id)
	if err != nil {
		return skill.Claim{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range u.Profile.Claims {
		if claim := &u.Profile.Claims[i]; claim.ID != nil && *claim.ID == c.Skill {
			if c.Level != nil {
				claim.Level = *c.Level
			}
			claim.Status, claim.Note = c.Status, c.Note
			return *claim, nil
		}
	}
	return skill.Claim{}, fault.New(fault.NotFound, "unknown-claim", "The resume does not name this skill.").In("skill")
}

func (m *memory) AddClaim(ctx context.Context, person, id uuid.UUID, c skill.Claim) error {
	u, err := m.Upload(ctx, person, id)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	u.Profile.Claims = append(u.Profile.Claims, c)
	return nil
}

func (m *memory) Profile(ctx context.Context, person, id uuid.UUID) (*skill.Profile, error) {
	u, err := m.Upload(ctx, person, id)
	if err != nil {
		return nil, err
	}
	return &u.Profile, nil
}

func (m *memory) Read(ctx context.Context, person uuid.UUID, q gapanalysis.Query) (gapanalysis.Reading, error) {
	p, err := m.Profile(ctx, person, q.Resume)
	if err != nil {
		return gapanalysis.Reading{}, err
	}
	marks, err := m.Marks(ctx, person)
	return gapanalysis.Reading{Profile: p, Near: gapanalysis.Nearness{Model: q.Model, Threshold: 1}, Marks: marks, Recalls: m.recalls(person)}, err
}

func (m *memory) NearestToSkills(_ context.Context, model string, _, _ uuid.UUID, _ []string) (gapanalysis.Nearness, error) {
	return gapanalysis.Nearness{Model: model, Threshold: 1}, nil
}

func (m *memory) NearestPostings(_ context.Context, _ string, _, _ uuid.UUID, f gapanalysis.Filter) ([]gapanalysis.Candidate, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []gapanalysis.Candidate
	for i := range m.postings {
		if f.Remote == "" || f.Remote == m.postings[i].Remote {
			out = append(out, gapanalysis.Candidate{Posting: &m.postings[i].Posting, Similarity: 0.5})
		}
	}
	return out, nil
}

func (m *memory) Known(_ context.Context, _ string, p []posting.Prepared) ([]bool, error) {
	return make([]bool, len(p)), nil
}

func (m *memory) SavePostings(_ context.Context, _ string, p []posting.Prepared, _ [][]float32) (posting.Saved, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.postings = append(m.postings, p...)
	return posting.Saved{New: len(p)}, nil
}

func (m *memory) Many(context.Context, string, int) error { return nil }

func (m *memory) FinishImport(context.Context, string, posting.Ending) (int, error) { return 0, nil }

func (m *memory) KeepRun(ctx context.Context, person uuid.UUID, r gapanalysis.Run) (uuid.UUID, error) {
	if _, err := m.Upload(ctx, person, r.ResumeID); err != nil {
		return uuid.Nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, o := range m.runs {
		if o.person == person && o.thing.ResumeID == r.ResumeID && o.thing.Inputs.Digest() == r.Inputs.Digest() {
			return o.thing.ID, nil
		}
	}
	m.runs = append(m.runs, owned[gapanalysis.Run]{person, r})
	return r.ID, nil
}

func (m *memory) Run(_ context.Context, person, id uuid.UUID) (gapanalysis.Run, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, o := range m.runs {
		if o.person == person && o.thing.ID == id {
			return o.thing, nil
		}
	}
	return gapanalysis.Run{}, errNotYours
}

func (m *memory) Runs(_ context.Context, person, id uuid.UUID, role string, limit int) ([]gapanalysis.Run, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []gapanalysis.Run
	for _, o := range slices.Backward(m.runs) {
		if len(out) < limit && o.person == person && o.thing.ResumeID == id && o.thing.Role == role {
			out = append(out, o.thing)
		}
	}
	return out, nil
}

func (m *memory) Musts(_ context.Context, limit int) ([][]gapanalysis.Asked, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out [][]gapanalysis.Asked
	for _, p := range m.postings[:min(limit, len(m.postings))] {
		var musts []gapanalysis.Asked
		for _, q := range p.Requirements {
			if q.Must {
				musts = append(musts, gapanalysis.Asked{Skill: q.Skill, Level: q.Level})
			}
		}
		out = append(out, musts)
	}
	return out, nil
}

func (m *memory) Start(_ context.Context, person uuid.UUID, c tutor.Conversation) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.conversations[c.ID] = owned[tutor.Conversation]{person, c}
	return nil
}

func (m *memory) Conversation(_ context.Context, person, id uuid.UUID) (tutor.Conversation, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if c, ok := m.conversations[id]; ok && c.person == person {
		return c.thing, nil
	}
	return tutor.Conversation{}, errNotYours
}

func (m *memory) Append(_ context.Context, _, conversation uuid.UUID, t tutor.Turn) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.conversations[conversation]
	c.thing.Kept, c.thing.UpdatedAt = t.Kept, t.At
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
	out := []tutor.Conversation{}
	for _, c := range m.conversations {
		if c.person == person {
			out = append(out, c.thing)
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
	return append([]tutor.Message{}, all[max(0, len(all)-limit):]...), nil
}

func (m *memory) SaveProgress(_ context.Context, person uuid.UUID, p tutor.MilestoneProgress) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.progress[person] = append(slices.DeleteFunc(m.progress[person], func(o tutor.MilestoneProgress) bool {
		return o.Role == p.Role && o.Milestone == p.Milestone
	}), p)
	return nil
}

func (m *memory) ProgressOn(_ context.Context, person uuid.UUID, role string) ([]tutor.MilestoneProgress, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(m.progress[person]), func(p tutor.MilestoneProgress) bool { return p.Role != role }), nil
}

func (m *memory) Marks(_ context.Context, person uuid.UUID) ([]gapanalysis.Mark, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []gapanalysis.Mark
	for _, p := range m.progress[person] {
		mark := gapanalysis.Mark{Role: p.Role, Milestone: p.Milestone, Status: string(p.Status), EvidenceURL: p.EvidenceURL, Note: p.Note}
		if p.DoneAt != nil {
			mark.DoneAt = *p.DoneAt
		}
		out = append(out, mark)
	}
	return out, nil
}

func (m *memory) SeeShape(_ context.Context, person uuid.UUID, s tutor.Seen, replace bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.shapes[person.String()+s.Role]; !ok || replace {
		m.shapes[person.String()+s.Role] = s
	}
	return nil
}

func (m *memory) SeenShape(_ context.Context, person uuid.UUID, role string) (*tutor.Seen, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.shapes[person.String()+role]
	if !ok {
		return nil, errNotYours
	}
	return &s, nil
}

func (m *memory) SaveOrder(_ context.Context, person uuid.UUID, role string, skills []string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.orders == nil {
		m.orders = map[string][]string{}
	}
	m.orders[person.String()+role] = skills
	return nil
}

func (m *memory) Order(_ context.Context, person uuid.UUID, role string) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.orders[person.String()+role], nil
}

func (m *memory) SaveFeed(ctx context.Context, person uuid.UUID, hash [sha256.Size]byte, f gapanalysis.Feed) error {
	if _, err := m.Upload(ctx, person, f.Resume); err != nil {
		return err
	}
	_ = m.DropFeed(ctx, person, f.Resume, f.Role) // the one before, if there is one
	m.mu.Lock()
	defer m.mu.Unlock()
	m.feeds[hash] = f
	return nil
}

func (m *memory) DropFeed(_ context.Context, person, resume uuid.UUID, role string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for hash, f := range m.feeds {
		if f.Person == person && f.Resume == resume && f.Role == role {
			delete(m.feeds, hash)
			return nil
		}
	}
	return errNotYours
}

func (m *memory) Feed(_ context.Context, hash [sha256.Size]byte) (gapanalysis.Feed, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, ok := m.feeds[hash]
	if !ok {
		return f, errNotYours
	}
	return f, nil
}

func (m *memory) KeepFeedBody(_ context.Context, _ uuid.UUID, hash [sha256.Size]byte, f gapanalysis.Feed) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.feeds[hash] = f
	return nil
}

func (m *memory) Reserve(_ context.Context, r gateway.Reservation) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if left := r.Caps.PersonDay - m.spent; r.Amount > left {
		return &gateway.Shortfall{Scope: gateway.ScopePersonDay, Cap: r.Caps.PersonDay, Left: left, ResetsAt: r.Windows()[0].ResetsAt}
	}
	m.reserved[r.CallID] = r.Amount
	return nil
}

func (m *memory) Settle(_ context.Context, call uuid.UUID, s gateway.Settlement) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.reserved, call)
	m.spent += s.Cost
	return nil
}

func (m *memory) Budgets(_ context.Context, windows []gateway.Window) ([]gateway.Stand, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := make([]gateway.Stand, len(windows))
	for i, w := range windows {
		if w.Scope == gateway.ScopePersonDay {
			out[i].Spent = m.spent
		}
	}
	return out, nil
}

// kept is how many runs are kept.
func (m *memory) kept() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.runs)
}

// rewriteRun puts another report in the only run that is kept, and gives its id.
func (m *memory) rewriteRun(tb testing.TB, r gapanalysis.Report) string {
	tb.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	b, err := json.Marshal(r)
	if err != nil || len(m.runs) != 1 {
		tb.Fatalf("%d runs, %v", len(m.runs), err)
	}
	m.runs[0].thing.Report = b
	return m.runs[0].thing.ID.String()
}

// breakWith has every reading of a resume end so; nil mends it.
func (m *memory) breakWith(how any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.broken = how
}

// oneUpload is the only resume that is kept.
func (m *memory) oneUpload() *skill.Upload {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, u := range m.uploads {
		return u.thing
	}
	return nil
}

// promote makes everybody an operator.
func (m *memory) promote() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, p := range m.people {
		p.Kind = account.Operator
		m.people[id] = p
	}
}

// model is a scripted language model.
type model struct {
	pieces []string
	err    error // after the pieces
}

func (s *model) Chat(_ context.Context, _ gateway.Call, emit func(gateway.Piece) error) (gateway.Result, error) {
	var text bytes.Buffer
	for _, p := range s.pieces {
		text.WriteString(p)
		if emit != nil {
			if err := emit(gateway.Piece{Text: p}); err != nil {
				return gateway.Result{Text: text.String()}, err
			}
		}
	}
	return gateway.Result{Text: text.String(), FinishReason: "stop", Usage: &gateway.Usage{PromptTokens: 100, CompletionTokens: 20}}, s.err
}

func (s *model) Embed(context.Context, string, []string) ([][]float32, gateway.Result, error) {
	return nil, gateway.Result{}, s.err
}
