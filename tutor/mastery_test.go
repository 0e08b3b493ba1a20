package tutor_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/skill"
	"github.com/gapwise/gapwise/tutor"
)

// itemBook keeps items in memory, as JSON, so that nothing of what is kept is shared with what is read.
type itemBook struct {
	mu     sync.Mutex
	owner  map[uuid.UUID]uuid.UUID
	items  map[uuid.UUID]tutor.Item
	before func() // called before each store
	fail   error
}

func newItemBook() *itemBook {
	return &itemBook{owner: map[uuid.UUID]uuid.UUID{}, items: map[uuid.UUID]tutor.Item{}}
}

var (
	errUnknownItem = fault.New(fault.NotFound, "unknown-item", "None.")
	errChangedItem = fault.New(fault.Conflict, tutor.CodeItemChanged, "Changed.")
)

func (b *itemBook) Items(_ context.Context, person uuid.UUID, f tutor.ItemFilter) ([]tutor.Item, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []tutor.Item
	for _, it := range b.items {
		if b.owner[it.ID] == person && (len(f.Skills) == 0 || slices.Contains(f.Skills, it.Skill)) && (f.Concept == "" || it.Concept == f.Concept) &&
			(f.DueBy.IsZero() || !it.DueAt.After(f.DueBy)) {
			list = append(list, it)
		}
	}
	slices.SortFunc(list, func(x, y tutor.Item) int {
		return cmp.Or(x.DueAt.Compare(y.DueAt), strings.Compare(x.ID.String(), y.ID.String()))
	})
	list = list[:min(len(list), f.Limit)]
	for i := range list {
		list[i].Shown = slices.Clone(list[i].Shown)
	}
	return list, b.fail
}

func (b *itemBook) Item(_ context.Context, person, id uuid.UUID) (tutor.Item, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	it, ok := b.items[id]
	if !ok || b.owner[id] != person {
		return it, errUnknownItem
	}
	it.Shown = slices.Clone(it.Shown)
	return it, b.fail
}

func (b *itemBook) SaveItem(_ context.Context, person uuid.UUID, it tutor.Item, most int) error {
	if b.before != nil {
		b.before()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.items[it.ID].Version != it.Version {
		return errChangedItem
	}
	if it.Version == 0 {
		for id, o := range b.items {
			if b.owner[id] == person && o.Skill == it.Skill && o.Concept == it.Concept {
				return errChangedItem
			}
		}
		if len(b.items) >= most {
			return fault.New(fault.Conflict, "too-many-items", "Too many.")
		}
	}
	it.Version++
	it.Shown = slices.Clone(it.Shown)
	b.items[it.ID], b.owner[it.ID] = it, person
	return b.fail
}

func (b *itemBook) DropItem(_ context.Context, person, id uuid.UUID, version int) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	it, ok := b.items[id]
	switch {
	case version > 0 && it.Version != version:
		return errChangedItem
	case !ok || b.owner[id] != person:
		return errUnknownItem
	}
	delete(b.items, id)
	return b.fail
}

var masteryCatalog = sync.OnceValues(catalog.Load)

const kafka = "kafka"

// question is the id of a check question of the catalogue about kafka.
func question(n int) string { return fmt.Sprintf("skill/%s/question/%d", kafka, n) }

type memoryOf struct {
	*tutor.Mastery
	book    *itemBook
	catalog *catalog.Catalog
	person  uuid.UUID
}

func newMastery(tb testing.TB, now func() time.Time) memoryOf {
	tb.Helper()
	c, err := masteryCatalog()
	if err != nil {
		tb.Fatal(err)
	}
	b := newItemBook()
	return memoryOf{Mastery: tutor.NewMastery(c, b, now), book: b, catalog: c, person: uuid.New()}
}

// note notes one showing and gives its item.
func (m memoryOf) note(tb testing.TB, s tutor.Shown) tutor.Item {
	tb.Helper()
	if err := m.Note(tb.Context(), m.person, []tutor.Shown{s}); err != nil {
		tb.Fatal(err)
	}
	items, err := m.book.Items(tb.Context(), m.person, tutor.ItemFilter{Skills: []string{s.Skill}, Concept: s.Concept, Limit: 1})
	if err != nil || len(items) != 1 {
		tb.Fatalf("%q is not kept, %v", s.Concept, err)
	}
	it, err := m.Item(tb.Context(), m.person, items[0].ID)
	if err != nil {
		tb.Fatal(err)
	}
	return it
}

func answered(concept string, o tutor.Outcome) tutor.Shown {
	return tutor.Shown{Skill: kafka, Concept: concept, Kind: tutor.ShownQuiz, Judge: tutor.JudgeRule, Outcome: o, Level: 3, Evidence: "my words"}
}

// TestMonthsOfReview follows one concept over simulated months in which it is asked for whenever it is due.
func TestMonthsOfReview(t *testing.T) {
	tests := []struct {
		name     string
		outcomes []tutor.Outcome
		days     []int // from each answer to the next time
	}{
		{"always right", []tutor.Outcome{"right", "right", "right", "right", "right"}, []int{2, 11, 46, 163, 365}},
		{"in part", []tutor.Outcome{"partly", "partly", "right"}, []int{1, 3, 9}},
		{"a lapse after two months", []tutor.Outcome{"right", "right", "right", "wrong", "right"}, []int{2, 11, 46, 3, 8}},
		{"wrong at first", []tutor.Outcome{"wrong", "wrong", "right", "right"}, []int{1, 1, 1, 2}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newMastery(t, time.Now)
				for i, o := range tt.outcomes {
					it := m.note(t, answered("offsets", o))
					if days := int(time.Until(it.DueAt) / (24 * time.Hour)); days != tt.days[i] || it.Due || it.Retrievability != 1 || it.Outcome != o || !it.ReviewedAt.Equal(time.Now()) {
						t.Errorf("answer %d: %d days to the next, want %d; %+v", i, days, tt.days[i], it)
					}
					time.Sleep(time.Until(it.DueAt) - time.Second)
					if due, err := m.Due(t.Context(), m.person, time.Now(), 5); err != nil || len(due) != 0 {
						t.Errorf("answer %d: due before its time: %v, %v", i, due, err)
					}
					time.Sleep(time.Second)
					due, err := m.Due(t.Context(), m.person, time.Now(), 5)
					if err != nil || len(due) != 1 || !due[0].Due || due[0].Retrievability > .95 || due[0].Retrievability < .5 {
						t.Errorf("answer %d: %+v, %v", i, due, err)
					}
				}
			})
		})
	}
}

func TestNote(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMastery(t, time.Now)
		message, conversation := uuid.New(), uuid.New()
		s := tutor.Shown{
			Skill: kafka, Concept: "  consumer\u202e  groups\n", Kind: tutor.ShownInterview, Outcome: tutor.OutcomeWrong, Level: 4, Mistake: "that a group is\u0000 a copy",
			Evidence: strings.Repeat("ü", 600), Conversation: conversation, Message: message, At: time.Now().Add(time.Hour),
		}
		for range 3 { // a retry counts once
			if err := m.Note(t.Context(), m.person, []tutor.Shown{s}); err != nil {
				t.Fatal(err)
			}
		}
		items, err := m.For(t.Context(), m.person, nil, 0)
		if err != nil || len(items) != 1 || len(items[0].Shown) != 1 {
			t.Fatalf("%+v, %v", items, err)
		}
		it, got := items[0], items[0].Shown[0]
		if it.Concept != "consumer groups" || it.Title != it.Concept || it.Mistake != "that a group is a copy" || it.Level != 4 || it.Outcome != "wrong" || got.Kind != "interview" {
			t.Errorf("%+v", it)
		}
		if got.Message != message || got.Conversation != conversation || !got.At.Equal(time.Now()) || got.Evidence != strings.Repeat("ü", 499)+"…" {
			t.Errorf("%+v", got)
		}
		// A question of the catalogue is known by its text, and never counts above its own level.
		q := m.catalog.Learning(kafka).Questions[1]
		s.Concept, s.Level, s.Message = question(2), 5, uuid.New()
		if it := m.note(t, s); it.Title != q.Question || it.Level != q.Level {
			t.Errorf("%s at level %d, want %s at %d", it.Title, it.Level, q.Question, q.Level)
		}
		if list, err := m.For(t.Context(), uuid.New(), nil, 0); err != nil || len(list) != 0 {
			t.Errorf("a stranger sees %v, %v", list, err)
		}
	})
}

func TestNoteRefuses(t *testing.T) {
	tests := []struct {
		name   string
		change func(*tutor.Shown)
		kind   fault.Kind
		code   string
	}{
		{"a skill of nobody", func(s *tutor.Shown) { s.Skill = "juggling-knives" }, fault.NotFound, "unknown-skill"},
		{"no concept", func(s *tutor.Shown) { s.Concept = " \u200b\n" }, fault.Invalid, "invalid-concept"},
		{"a question about another skill", func(s *tutor.Shown) { s.Concept = "skill/redis/question/1" }, fault.Invalid, "invalid-concept"},
		{"a kind", func(s *tutor.Shown) { s.Kind = "rumour" }, fault.Invalid, "invalid-kind"},
		{"an outcome", func(s *tutor.Shown) { s.Outcome = "" }, fault.Invalid, "invalid-outcome"},
		{"level 0", func(s *tutor.Shown) { s.Level = 0 }, fault.Invalid, "invalid-level"},
		{"level 6", func(s *tutor.Shown) { s.Level = 6 }, fault.Invalid, "invalid-level"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := newMastery(t, time.Now)
			s := answered("offsets", tutor.OutcomeRight)
			tt.change(&s)
			err := m.Note(t.Context(), m.person, []tutor.Shown{answered("fine", tutor.OutcomeRight), s})
			if fault.KindOf(err) != tt.kind || fault.CodeOf(err) != tt.code {
				t.Errorf("%v, want %s", err, tt.code)
			}
			if len(m.book.items) != 0 {
				t.Error("part of what was refused is kept")
			}
		})
	}
}

func TestBoundsOfMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMastery(t, time.Now)
		for i := range tutor.MaxShown + 5 {
			s := answered("offsets", tutor.OutcomeRight)
			s.Evidence = fmt.Sprint("answer ", i)
			m.note(t, s)
			time.Sleep(time.Hour)
		}
		it := m.note(t, answered("offsets", tutor.OutcomeRight))
		if n := len(it.Shown); n != tutor.MaxShown {
			t.Errorf("%d answers are kept, want %d", n, tutor.MaxShown)
		}
		for i, s := range it.Shown {
			if worded := i >= tutor.MaxShown-tutor.MaxWords; worded != (s.Evidence != "") {
				t.Errorf("answer %d has the words %q", i, s.Evidence)
			}
		}
		for i := len(m.book.items); i < tutor.MaxItems; i++ {
			m.note(t, answered(fmt.Sprint("concept ", i), tutor.OutcomeRight))
		}
		if err := m.Note(t.Context(), m.person, []tutor.Shown{answered("one too many", tutor.OutcomeRight)}); fault.CodeOf(err) != "too-many-items" {
			t.Errorf("one more than %d: %v", tutor.MaxItems, err)
		}
		if list, err := m.For(t.Context(), m.person, nil, 100_000); err != nil || len(list) != tutor.MaxItemsAsked {
			t.Errorf("%d items in one call, %v", len(list), err)
		}
	})
}

// TestCorrect: the schedule follows the person's word, and a report counts the lower of what was judged and what they say.
func TestCorrect(t *testing.T) {
	outcome := func(o tutor.Outcome) *tutor.Outcome { return &o }
	level := func(l int) *int { return &l }
	note := func(n string) *string { return &n }
	tests := []struct {
		name     string
		outcomes []tutor.Outcome
		at       int // place of the corrected answer; -1 for the latest by no id
		c        tutor.Correction
		same     []tutor.Outcome // outcomes that give the same schedule
		counting []int           // levels of the answers that count
	}{
		{"a right one was wrong", []tutor.Outcome{"right", "right"}, -1, tutor.Correction{Outcome: outcome("wrong")}, []tutor.Outcome{"right", "wrong"}, nil},
		{"an earlier one was wrong", []tutor.Outcome{"right", "right"}, 0, tutor.Correction{Outcome: outcome("wrong")}, []tutor.Outcome{"wrong", "right"}, []int{3}},
		{"a wrong one was right, and counts for nothing", []tutor.Outcome{"right", "wrong"}, -1, tutor.Correction{Outcome: outcome("right")}, []tutor.Outcome{"right", "right"}, nil},
		{"in part", []tutor.Outcome{"right", "right"}, -1, tutor.Correction{Outcome: outcome("partly")}, []tutor.Outcome{"right", "partly"}, []int{3}},
		{"a lower level", []tutor.Outcome{"right", "right"}, -1, tutor.Correction{Level: level(2)}, []tutor.Outcome{"right", "right"}, []int{3, 2}},
		{"a higher level counts for nothing", []tutor.Outcome{"right", "right"}, 1, tutor.Correction{Level: level(5)}, []tutor.Outcome{"right", "right"}, []int{3, 3}},
		{"a note", []tutor.Outcome{"right"}, -1, tutor.Correction{Note: note("I looked it up.")}, []tutor.Outcome{"right"}, []int{3}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newMastery(t, time.Now)
				var it tutor.Item
				for i, o := range tt.outcomes {
					it = m.note(t, answered("offsets", o))
					m.note(t, answered("what it should be", tt.same[i]))
					time.Sleep(72 * time.Hour)
				}
				if tt.at >= 0 {
					tt.c.Shown = it.Shown[tt.at].ID
				}
				got, err := m.Correct(t.Context(), m.person, it.ID, tt.c)
				if err != nil {
					t.Fatal(err)
				}
				like := m.note(t, answered("again", "right"))
				for _, o := range m.book.items {
					if o.Concept == "what it should be" {
						like = o
					}
				}
				if got.Memory != like.Memory || !got.DueAt.Equal(like.DueAt) {
					t.Errorf("the schedule is %+v, want %+v", got.Memory, like.Memory)
				}
				var counting []int
				for _, a := range got.Counting().Right {
					counting = append(counting, a.Level)
				}
				if diff := gocmp.Diff(tt.counting, counting); diff != "" {
					t.Errorf("what counts (-want +got):\n%s", diff)
				}
				for i, s := range got.Shown {
					if s.Outcome != tt.outcomes[i] || s.Level != 3 {
						t.Errorf("what was judged is lost: %+v", s)
					}
				}
				if tt.c.Note != nil && got.Note != *tt.c.Note {
					t.Errorf("the note is %q", got.Note)
				}
				if kept, err := m.Item(t.Context(), m.person, it.ID); err != nil || gocmp.Diff(got, kept) != "" {
					t.Errorf("what is kept differs from what was given, %v:\n%s", err, gocmp.Diff(got, kept))
				}
			})
		})
	}
}

func TestCorrectRefuses(t *testing.T) {
	m := newMastery(t, time.Now)
	it := m.note(t, answered("offsets", "right"))
	bad, six, long, nul := tutor.Outcome("fine"), 6, strings.Repeat("n", tutor.MaxItemNote+1), "\x00"
	ok := "ok"
	for name, tt := range map[string]struct {
		person, id uuid.UUID
		c          tutor.Correction
		code       string
	}{
		"nothing":    {m.person, it.ID, tutor.Correction{}, "nothing-to-change"},
		"an outcome": {m.person, it.ID, tutor.Correction{Outcome: &bad}, "invalid-outcome"},
		"a level":    {m.person, it.ID, tutor.Correction{Level: &six}, "invalid-level"},
		"a note":     {m.person, it.ID, tutor.Correction{Note: &long}, "invalid-note"},
		"a zero":     {m.person, it.ID, tutor.Correction{Note: &nul}, "invalid-note"},
		"an answer":  {m.person, it.ID, tutor.Correction{Note: &ok, Shown: uuid.New()}, "unknown-answer"},
		"a stranger": {uuid.New(), it.ID, tutor.Correction{Note: &ok}, "unknown-item"},
		"an item":    {m.person, uuid.New(), tutor.Correction{Note: &ok}, "unknown-item"},
	} {
		if _, err := m.Correct(t.Context(), tt.person, tt.id, tt.c); fault.CodeOf(err) != tt.code {
			t.Errorf("%s: %v, want %s", name, err, tt.code)
		}
	}
	if kept, err := m.Item(t.Context(), m.person, it.ID); err != nil || kept.Version != 1 {
		t.Errorf("%+v, %v", kept, err)
	}
}

func TestDelete(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMastery(t, time.Now)
		m.note(t, answered("offsets", "right"))
		time.Sleep(48 * time.Hour)
		it := m.note(t, answered("offsets", "wrong"))
		if err := m.Delete(t.Context(), uuid.New(), it.ID, uuid.Nil); fault.CodeOf(err) != "unknown-item" {
			t.Errorf("a stranger: %v", err)
		}
		if err := m.Delete(t.Context(), m.person, it.ID, uuid.New()); fault.CodeOf(err) != "unknown-answer" {
			t.Errorf("no answer of it: %v", err)
		}
		if err := m.Delete(t.Context(), m.person, it.ID, it.Shown[1].ID); err != nil {
			t.Fatal(err)
		}
		got, err := m.Item(t.Context(), m.person, it.ID)
		if err != nil || len(got.Shown) != 1 || got.Outcome != "right" || !got.ReviewedAt.Equal(got.Shown[0].At) || len(got.Counting().Right) != 1 {
			t.Errorf("after the deletion of the wrong answer: %+v, %v", got, err)
		}
		if err := m.Delete(t.Context(), m.person, it.ID, it.Shown[0].ID); err != nil {
			t.Fatal(err)
		}
		if _, err := m.Item(t.Context(), m.person, it.ID); fault.CodeOf(err) != "unknown-item" {
			t.Errorf("an item without answers: %v", err)
		}
		it = m.note(t, answered("offsets", "wrong"))
		if err := m.Delete(t.Context(), m.person, it.ID, uuid.Nil); err != nil || len(m.book.items) != 0 {
			t.Errorf("%v", err)
		}
	})
}

// TestChangedMeanwhile: what another change comes before is done on top of it, and one that never gets through is refused.
func TestChangedMeanwhile(t *testing.T) {
	m := newMastery(t, time.Now)
	it := m.note(t, answered("offsets", "right"))
	other := func() { // the same item, changed by somebody else
		m.book.mu.Lock()
		defer m.book.mu.Unlock()
		o := m.book.items[it.ID]
		o.Version, o.Note = o.Version+1, "theirs"
		m.book.items[it.ID] = o
	}
	once := sync.OnceFunc(other)
	m.book.before = once
	if got := m.note(t, answered("offsets", "wrong")); got.Note != "theirs" || len(got.Shown) != 2 {
		t.Errorf("%+v", got)
	}
	m.book.before = other
	if err := m.Note(t.Context(), m.person, []tutor.Shown{answered("offsets", "wrong")}); fault.CodeOf(err) != tutor.CodeItemChanged {
		t.Errorf("one that never gets through: %v", err)
	}
	if err := m.Delete(t.Context(), m.person, it.ID, m.book.items[it.ID].Shown[0].ID); fault.CodeOf(err) != tutor.CodeItemChanged {
		t.Errorf("a deletion that never gets through: %v", err)
	}
	m.book.before, m.book.fail = nil, fault.New(fault.Unavailable, "down", "Down.")
	if err := m.Note(t.Context(), m.person, []tutor.Shown{answered("offsets", "wrong")}); !errors.Is(err, fault.Unavailable) {
		t.Errorf("a book that is down: %v", err)
	}
}

// TestReviewRound answers what is due, without a conversation.
func TestReviewRound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMastery(t, time.Now)
		q := m.catalog.Learning(kafka).Questions[1]
		closed := m.note(t, answered(question(2), "right"))
		open := m.note(t, answered("what rebalancing costs", "right"))
		if list, err := m.Reviews(t.Context(), m.person, nil, 0); err != nil || len(list) != 0 {
			t.Fatalf("due at once: %v, %v", list, err)
		}
		time.Sleep(3 * 24 * time.Hour)
		list, err := m.Reviews(t.Context(), m.person, []string{kafka}, 0)
		if err != nil || len(list) != 2 {
			t.Fatalf("%v, %v", list, err)
		}
		for _, r := range list {
			if r.SkillName == "" || r.SkillName == kafka || r.Level == 0 || r.Retrievability == 0 || r.Choices == nil {
				t.Errorf("%+v", r)
			}
			want := append([]string{q.Answer}, q.Wrong...)
			if r.Item == open.ID {
				want = []string{}
			} else if r.Question != q.Question || r.Concept != question(2) {
				t.Errorf("%+v", r)
			}
			got := slices.Clone(r.Choices)
			if slices.Sort(got); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
				t.Errorf("the choices are %q, want %q", r.Choices, want)
			}
		}
		if again, err := m.Reviews(t.Context(), m.person, nil, 0); err != nil || gocmp.Diff(list, again) != "" {
			t.Errorf("asked again, it is another round: %v\n%s", err, gocmp.Diff(list, again))
		}
		if _, err := m.Answer(t.Context(), m.person, open.ID, "much"); !errors.Is(err, fault.Unprocessable) {
			t.Errorf("an item without choices: %v", err)
		}
		if _, err := m.Answer(t.Context(), m.person, closed.ID, "something else"); fault.CodeOf(err) != "unknown-choice" {
			t.Errorf("no choice of it: %v", err)
		}
		if _, err := m.Answer(t.Context(), uuid.New(), closed.ID, q.Answer); !errors.Is(err, fault.NotFound) {
			t.Errorf("a stranger: %v", err)
		}
		g, err := m.Answer(t.Context(), m.person, closed.ID, " "+strings.ToUpper(q.Answer))
		if err != nil || g.Outcome != "right" || g.Answer != q.Answer || g.Because != q.Because || g.Misconception != "" || g.Item.Due || len(g.Item.Shown) != 2 {
			t.Errorf("%+v, %v", g, err)
		}
		time.Sleep(30 * 24 * time.Hour)
		g, err = m.Answer(t.Context(), m.person, closed.ID, q.Wrong[0])
		last := g.Item.Shown[len(g.Item.Shown)-1]
		if err != nil || g.Outcome != "wrong" || g.Misconception != q.Misconception || g.Item.Mistake != q.Misconception || last.Evidence != q.Wrong[0] || last.Kind != "quiz" || last.Level != q.Level {
			t.Errorf("%+v, %v", g, err)
		}
	})
}

// TestOrderOfChoicesChanges: over many rounds the right answer stands in every place.
func TestOrderOfChoicesChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMastery(t, time.Now)
		q := m.catalog.Learning(kafka).Questions[0]
		places := map[int]int{}
		m.note(t, answered(question(1), "wrong"))
		for range 60 {
			time.Sleep(25 * time.Hour)
			list, err := m.Reviews(t.Context(), m.person, nil, 0)
			if err != nil || len(list) != 1 {
				t.Fatalf("%v, %v", list, err)
			}
			places[slices.Index(list[0].Choices, q.Answer)]++
			m.note(t, answered(question(1), "wrong"))
		}
		for place := range 4 {
			if places[place] < 3 {
				t.Errorf("the right answer stands in the places %v of 60 rounds", places)
			}
		}
	})
}

// TestMemoryProperties: over random lives the order in which answers are noted does not matter, an item keeps what JSON keeps, and what counts is
// never more than what was judged right.
func TestMemoryProperties(t *testing.T) {
	for seed := range uint64(500) {
		rng := rand.New(rand.NewPCG(seed, 9))
		now := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
		list := make([]tutor.Shown, 1+rng.IntN(12))
		right := 0
		for i := range list {
			list[i] = answered("offsets", []tutor.Outcome{"right", "partly", "wrong"}[rng.IntN(3)])
			list[i].ID, list[i].Message = uuid.New(), uuid.New()
			list[i].At = now.Add(-time.Duration(rng.IntN(400*24*60)*60+i) * time.Second) // no two at once
			if list[i].Outcome == "right" {
				right++
			}
		}
		a, b := newMastery(t, func() time.Time { return now }), newMastery(t, func() time.Time { return now })
		x := a.noteAll(t, list)
		rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		y := b.noteAll(t, list)
		y.ID = x.ID
		if diff := gocmp.Diff(x, y); diff != "" {
			t.Fatalf("seed %d: in another order (-one +other):\n%s", seed, diff)
		}
		if n := len(x.Counting().Right); n > right || x.Outcome == "wrong" && n > 0 {
			t.Fatalf("seed %d: %d answers count, %d were right, the last was %s", seed, n, right, x.Outcome)
		}
		raw, err := json.Marshal(x)
		if err != nil || strings.Contains(string(raw), "00000000-0000") {
			t.Fatalf("seed %d: %s, %v", seed, raw, err)
		}
	}
}

func (m memoryOf) noteAll(tb testing.TB, list []tutor.Shown) (it tutor.Item) {
	tb.Helper()
	for _, s := range list {
		it = m.note(tb, s)
	}
	return it
}

// TestModelSetsNoLevel: whatever a model says of answers, before, between and after those that a rule judged, a report counts the same.
func TestModelSetsNoLevel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		without, with := newMastery(t, time.Now), newMastery(t, time.Now)
		for seed := range uint64(40) {
			rng := rand.New(rand.NewPCG(seed, 4))
			for range 3 {
				s := answered("offsets", []tutor.Outcome{"right", "partly", "wrong"}[rng.IntN(3)])
				s.ID = uuid.New()
				a := without.note(t, s)
				b := with.note(t, s)
				for range rng.IntN(3) {
					m := answered("offsets", []tutor.Outcome{"right", "partly", "wrong"}[rng.IntN(3)])
					m.Judge, m.Level, m.Kind = []tutor.Judge{"", "model", "somebody"}[rng.IntN(3)], 5, tutor.ShownInterview
					b = with.note(t, m)
				}
				x, y := a.Counting(), b.Counting()
				if x.Item = y.Item; gocmp.Diff(x, y) != "" {
					t.Fatalf("seed %d: a model's word counts (-without +with):\n%s", seed, gocmp.Diff(x, y))
				}
				time.Sleep(time.Duration(1+rng.IntN(300)) * time.Hour)
			}
			for _, m := range []memoryOf{without, with} { // a new life
				for id := range m.book.items {
					if err := m.Delete(t.Context(), m.person, id, uuid.Nil); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	})
}

// TestAnswersReachTheReport goes from noted answers to the level that a report counts.
func TestAnswersReachTheReport(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMastery(t, time.Now)
		for i := range 4 {
			m.note(t, answered([]string{question(3), question(4)}[i%2], "right"))
			time.Sleep(3 * 24 * time.Hour)
		}
		var recalls []gapanalysis.Recall
		for _, it := range m.book.items {
			recalls = append(recalls, it.Counting())
		}
		p := m.catalog
		if q := p.Learning(kafka).Questions; q[2].Level != 3 || q[3].Level != 3 {
			t.Fatalf("the questions are at levels %d and %d", q[2].Level, q[3].Level)
		}
		if c, ok := gapanalysis.Recalled(p, emptyProfile(), recalls, time.Now()).Claim(kafka); !ok || c.Level != 3 || len(c.Shown) != 4 {
			t.Errorf("%+v", c)
		}
	})
}

func emptyProfile() *skill.Profile { return &skill.Profile{} }
