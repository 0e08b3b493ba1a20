package tutor

import (
	"context"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/fsrs"
	"github.com/gapwise/gapwise/internal/ident"
)

// ShownKind is how a person came to show something.
type ShownKind string

// The kinds.
const (
	ShownQuiz      ShownKind = gapanalysis.AnsweredQuiz
	ShownInterview ShownKind = gapanalysis.AnsweredInterview
	ShownReview    ShownKind = gapanalysis.AnsweredReview
	ShownExplain   ShownKind = gapanalysis.AnsweredExplain
)

// Outcome is how an answer was.
type Outcome string

// The outcomes.
const (
	OutcomeRight  Outcome = "right"
	OutcomePartly Outcome = "partly"
	OutcomeWrong  Outcome = "wrong"
)

// Judge is who said how an answer was.
type Judge string

// The judges. A level in a gap report never rests on the word of a model, which could be talked into it.
const (
	JudgeRule  Judge = "rule"  // a rule, such as the right one of four choices
	JudgeModel Judge = "model" // a language model; also what is not said to be a rule's
)

// Shown is one thing that a person showed of a skill. Concept is the id of a check question of the catalogue ("skill/kafka/question/2"), or a
// short name of what was asked about.
type Shown struct {
	ID           uuid.UUID `json:"id"`
	Skill        string    `json:"-"` // of the item
	Concept      string    `json:"-"` // of the item
	Kind         ShownKind `json:"kind"`
	Judge        Judge     `json:"judge"`
	Outcome      Outcome   `json:"outcome"`               // as it was judged
	Level        int       `json:"level"`                 // at which was asked, 1 to 5
	Mistake      string    `json:"mistake"`               // the misconception; "" where there was none
	Evidence     string    `json:"evidence"`              // the person's own words; "" for those of long ago
	Conversation uuid.UUID `json:"conversation,omitzero"` // zero for none
	Message      uuid.UUID `json:"message,omitzero"`      // zero for none
	At           time.Time `json:"at"`
	Corrected    *Said     `json:"corrected,omitempty"`
}

// Said is what the person said instead. What is empty stays as it was judged.
type Said struct {
	Outcome Outcome   `json:"outcome,omitempty"`
	Level   int       `json:"level,omitempty"`
	At      time.Time `json:"at"`
}

// Item is what the tutor remembers of one concept of a skill.
type Item struct {
	ID      uuid.UUID `json:"id"`
	Skill   string    `json:"skill"`
	Concept string    `json:"concept"`
	Title   string    `json:"title"`   // of the concept: the catalogue's question, where it is one
	Outcome Outcome   `json:"outcome"` // of the latest, as corrected
	Level   int       `json:"level"`   // of the latest, as corrected
	Mistake string    `json:"mistake"` // of the latest
	Note    string    `json:"note"`    // the person's
	Shown   []Shown   `json:"shown"`   // the oldest first; at least one
	// Retrievability is the chance that the person remembers it now, 0 to 1.
	Retrievability float64     `json:"retrievability"`
	ReviewedAt     time.Time   `json:"reviewed_at"`
	DueAt          time.Time   `json:"due_at"`
	Due            bool        `json:"due"`
	Memory         fsrs.Memory `json:"-"`
	Version        int         `json:"-"` // counts changes; 0 for an item that is not kept yet
}

// ItemFilter narrows items. The zero value is all of them.
type ItemFilter struct {
	Skills  []string
	Concept string
	DueBy   time.Time // zero for any
	Limit   int
}

// MasteryBook keeps items. Somebody else's is fault.NotFound.
type MasteryBook interface {
	// Items gives a person's items, those that are due first the first.
	Items(ctx context.Context, person uuid.UUID, f ItemFilter) ([]Item, error)
	Item(ctx context.Context, person, id uuid.UUID) (Item, error)
	// SaveItem stores an item that was read at its Version, or a new one where that is 0; fault.Conflict with the code CodeItemChanged where it
	// was changed meanwhile, and with another code where the person keeps most already.
	SaveItem(ctx context.Context, person uuid.UUID, it Item, most int) error
	// DropItem forgets an item that was read at a version, else fails as SaveItem does; at any version where that is 0.
	DropItem(ctx context.Context, person, id uuid.UUID, version int) error
}

// CodeItemChanged is the code of a failure to store an item that was changed meanwhile.
const CodeItemChanged = "item-changed"

// Mastery remembers what people showed. It is safe for concurrent use.
type Mastery struct {
	catalog *catalog.Catalog
	book    MasteryBook
	now     func() time.Time
}

// NewMastery makes one.
func NewMastery(c *catalog.Catalog, b MasteryBook, now func() time.Time) *Mastery {
	return &Mastery{catalog: c, book: b, now: now}
}

// Bounds on what is remembered, lengths in code points.
const (
	MaxItems      = 1000 // of a person
	MaxShown      = 100  // of an item; older ones are let go
	MaxWords      = 20   // how many of an item's answers keep the person's words, the latest
	MaxConcept    = 120
	MaxEvidence   = 500
	MaxMistake    = 500
	MaxItemNote   = 1000
	MaxItemsAsked = 200 // in one call
	maxSaves      = 10  // tries to store what others change at the same time
)

// Note keeps what a person showed. An answer that is noted twice under one message counts once, so that a retry is safe. Errors are
// fault.NotFound for a skill and fault.Invalid for what is no showing; fault.Conflict where the person keeps most already.
func (m *Mastery) Note(ctx context.Context, person uuid.UUID, shown []Shown) error {
	clean := make([]Shown, len(shown))
	for i, s := range shown {
		var err error
		if clean[i], err = m.clean(s); err != nil {
			return err
		}
	}
	for _, s := range clean {
		if _, err := m.note(ctx, person, s); err != nil {
			return err
		}
	}
	return nil
}

// note adds one showing to its item, which it makes if need be.
func (m *Mastery) note(ctx context.Context, person uuid.UUID, s Shown) (Item, error) {
	return m.change(ctx, person, func() (Item, error) {
		kept, err := m.book.Items(ctx, person, ItemFilter{Skills: []string{s.Skill}, Concept: s.Concept, Limit: 1})
		if err != nil || len(kept) > 0 {
			return first(kept), err
		}
		return Item{ID: ident.New(), Skill: s.Skill, Concept: s.Concept}, nil
	}, func(it *Item) (bool, error) {
		if s.Message != uuid.Nil && slices.ContainsFunc(it.Shown, func(o Shown) bool { return o.Message == s.Message }) {
			return false, nil
		}
		it.add(s)
		return true, nil
	})
}

func first(items []Item) Item {
	if len(items) == 0 {
		return Item{}
	}
	return items[0]
}

// change reads an item, changes it and stores it, anew as long as others change it meanwhile. The change tells whether there was one.
func (m *Mastery) change(ctx context.Context, person uuid.UUID, read func() (Item, error), change func(*Item) (bool, error)) (Item, error) {
	for try := 1; ; try++ {
		it, err := read()
		if err != nil {
			return Item{}, err
		}
		changed, err := change(&it)
		if err != nil || !changed {
			return m.seen(it), err
		}
		it.fold()
		err = m.book.SaveItem(ctx, person, it, MaxItems)
		if err == nil {
			it.Version++
			return m.seen(it), nil
		}
		if fault.CodeOf(err) != CodeItemChanged || try == maxSaves {
			return Item{}, err
		}
	}
}

// clean checks a showing and brings it to the form in which it is kept.
func (m *Mastery) clean(s Shown) (Shown, error) {
	k, err := m.catalog.Skill(s.Skill)
	if err != nil {
		return s, err
	}
	s.Skill = k.ID
	if s.Concept = short(s.Concept, MaxConcept); s.Concept == "" {
		return s, fault.New(fault.Invalid, "invalid-concept", "What was asked about has no name.").In("concept")
	}
	if q, of, ok := m.question(s.Concept); ok {
		if of.skill != k.ID {
			return s, fault.New(fault.Invalid, "invalid-concept", "This question is about another skill.").In("concept")
		}
		s.Concept, s.Level = of.id(), min(s.Level, q.Level)
	}
	if !slices.Contains([]ShownKind{ShownQuiz, ShownInterview, ShownReview, ShownExplain}, s.Kind) {
		return s, fault.New(fault.Invalid, "invalid-kind", "The kind is quiz, interview, review or explain.").In("kind")
	}
	if err := checkOutcome(s.Outcome); err != nil {
		return s, err
	}
	if err := checkLevel(s.Level); err != nil {
		return s, err
	}
	s.Evidence, s.Mistake = short(s.Evidence, MaxEvidence), short(s.Mistake, MaxMistake)
	now := m.now().UTC()
	if s.At = s.At.UTC().Truncate(time.Microsecond); s.At.IsZero() || s.At.After(now) { // what is to come was not shown yet
		s.At = now.Truncate(time.Microsecond)
	}
	if s.ID == uuid.Nil {
		s.ID = ident.New()
	}
	if s.Judge != JudgeRule {
		s.Judge = JudgeModel
	}
	s.Corrected = nil
	return s, nil
}

func checkOutcome(o Outcome) error {
	if !slices.Contains([]Outcome{OutcomeRight, OutcomePartly, OutcomeWrong}, o) {
		return fault.New(fault.Invalid, "invalid-outcome", "The outcome is right, partly or wrong.").In("outcome")
	}
	return nil
}

func checkLevel(level int) error {
	if level < catalog.LevelAwareness || level > catalog.LevelExpert {
		return fault.New(fault.Invalid, "invalid-level", "The level is a number from 1 to 5.").In("level")
	}
	return nil
}

// short is a text on one line, without characters that do not show, cut to a length.
func short(text string, most int) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if r == utf8.RuneError || !unicode.IsGraphic(r) {
			return -1
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > most {
		return strings.TrimSpace(string(r[:most-1])) + "…"
	}
	return text
}

// For gives what is remembered of some skills, of all where none is named, those that are due first the first.
func (m *Mastery) For(ctx context.Context, person uuid.UUID, skills []string, limit int) ([]Item, error) {
	return m.items(ctx, person, ItemFilter{Skills: skills, Limit: limit})
}

// Due gives what is due for review at a time, the longest due first.
func (m *Mastery) Due(ctx context.Context, person uuid.UUID, at time.Time, limit int) ([]Item, error) {
	return m.items(ctx, person, ItemFilter{DueBy: at, Limit: limit})
}

// DueOf is Due for some skills.
func (m *Mastery) DueOf(ctx context.Context, person uuid.UUID, skills []string, at time.Time, limit int) ([]Item, error) {
	return m.items(ctx, person, ItemFilter{Skills: skills, DueBy: at, Limit: limit})
}

func (m *Mastery) items(ctx context.Context, person uuid.UUID, f ItemFilter) ([]Item, error) {
	if f.Limit < 1 || f.Limit > MaxItemsAsked {
		f.Limit = MaxItemsAsked
	}
	f.Skills = slices.Clone(f.Skills)
	for i, id := range f.Skills {
		k, err := m.catalog.Skill(id)
		if err != nil {
			return nil, err
		}
		f.Skills[i] = k.ID
	}
	items, err := m.book.Items(ctx, person, f)
	if err != nil {
		return nil, err
	}
	for i := range items {
		items[i] = m.seen(items[i])
	}
	return items, nil
}

// Item is one item of a person.
func (m *Mastery) Item(ctx context.Context, person, id uuid.UUID) (Item, error) {
	it, err := m.book.Item(ctx, person, id)
	if err != nil {
		return Item{}, err
	}
	return m.seen(it), nil
}

// seen is an item as a person sees it now.
func (m *Mastery) seen(it Item) Item {
	now := m.now().UTC()
	it.Title = it.Concept
	if q, _, ok := m.question(it.Concept); ok {
		it.Title = q.Question
	}
	if n := len(it.Shown); n > 0 {
		last := it.Shown[n-1]
		it.Outcome, it.Level, it.Mistake = last.outcome(), last.level(), last.Mistake
	}
	it.Retrievability = math.Round(it.Memory.Retrievability(now)*1000) / 1000
	it.Due = !it.DueAt.After(now)
	return it
}

// Correction is what a person changes. What is nil stays.
type Correction struct {
	Shown   uuid.UUID // which answer; zero for the latest
	Outcome *Outcome
	Level   *int
	Note    *string // on the item
}

// Correct changes an item by the person's word: how an answer was and at which level, and a note. What was judged is kept beside it. The
// schedule follows the correction; a gap report counts an answer by the lower of the two.
func (m *Mastery) Correct(ctx context.Context, person, id uuid.UUID, c Correction) (Item, error) {
	if c.Outcome == nil && c.Level == nil && c.Note == nil {
		return Item{}, fault.New(fault.Invalid, "nothing-to-change", "Send an outcome, a level or a note.")
	}
	if c.Outcome != nil {
		if err := checkOutcome(*c.Outcome); err != nil {
			return Item{}, err
		}
	}
	if c.Level != nil {
		if err := checkLevel(*c.Level); err != nil {
			return Item{}, err
		}
	}
	if c.Note != nil && (utf8.RuneCountInString(*c.Note) > MaxItemNote || !utf8.ValidString(*c.Note) || strings.ContainsRune(*c.Note, 0)) {
		return Item{}, fault.Newf(fault.Invalid, "invalid-note", "A note is text of at most %d characters.", MaxItemNote).In("note")
	}
	return m.change(ctx, person, func() (Item, error) { return m.book.Item(ctx, person, id) }, func(it *Item) (bool, error) {
		i, err := it.find(c.Shown)
		if err != nil {
			return false, err
		}
		if c.Note != nil {
			it.Note = *c.Note
		}
		if c.Outcome == nil && c.Level == nil {
			return true, nil
		}
		said := Said{At: m.now().UTC().Truncate(time.Microsecond)}
		if old := it.Shown[i].Corrected; old != nil {
			said.Outcome, said.Level = old.Outcome, old.Level
		}
		if c.Outcome != nil {
			said.Outcome = *c.Outcome
		}
		if c.Level != nil {
			said.Level = *c.Level
		}
		it.Shown[i].Corrected = &said
		return true, nil
	})
}

// Delete forgets an item, or one of its answers where that is not zero; with the last answer goes the item.
func (m *Mastery) Delete(ctx context.Context, person, id, shown uuid.UUID) error {
	if shown == uuid.Nil {
		return m.book.DropItem(ctx, person, id, 0)
	}
	for try := 1; ; try++ {
		it, err := m.book.Item(ctx, person, id)
		if err != nil {
			return err
		}
		i, err := it.find(shown)
		if err != nil {
			return err
		}
		if it.Shown = slices.Delete(it.Shown, i, i+1); len(it.Shown) == 0 {
			err = m.book.DropItem(ctx, person, id, it.Version)
		} else {
			it.fold()
			err = m.book.SaveItem(ctx, person, it, MaxItems)
		}
		if fault.CodeOf(err) != CodeItemChanged || try == maxSaves {
			return err
		}
	}
}
