package postgres_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/fsrs"
	"github.com/gapwise/gapwise/internal/ident"
	"github.com/gapwise/gapwise/tutor"
)

// someItem is an item that was not kept yet, with one right answer.
func someItem() tutor.Item {
	m := fsrs.Memory{}.Review(fsrs.Good, noon)
	return tutor.Item{
		ID: ident.New(), Skill: "kafka", Concept: "skill/kafka/question/2", Note: marker, Memory: m, ReviewedAt: noon, DueAt: m.Due(), Shown: []tutor.Shown{{
			ID: ident.New(), Skill: "kafka", Concept: "skill/kafka/question/2", Kind: tutor.ShownQuiz, Judge: tutor.JudgeRule, Outcome: tutor.OutcomeRight, Level: 3, Mistake: "none " + marker,
			Evidence: "I said " + marker, Conversation: ident.New(), Message: ident.New(), At: noon,
		}},
	}
}

func TestItemsAreKept(t *testing.T) {
	d := newTiny(t)
	ctx, person := t.Context(), newPerson(t, d.DB)
	it := someItem()
	if err := d.SaveItem(ctx, person, it, 10); err != nil {
		t.Fatal(err)
	}
	it.Version = 1
	got, err := d.Item(ctx, person, it.ID)
	if diff := cmp.Diff(it, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	it.Note, it.Shown[0].Corrected = "mine", &tutor.Said{Outcome: tutor.OutcomePartly, Level: 2, At: noon}
	if err := d.SaveItem(ctx, person, it, 10); err != nil {
		t.Fatal(err)
	}
	it.Version = 2
	if got, err = d.Item(ctx, person, it.ID); err != nil || cmp.Diff(it, got) != "" {
		t.Errorf("%v (-want +got):\n%s", err, cmp.Diff(it, got))
	}
	it.Version = 1
	if err := d.SaveItem(ctx, person, it, 10); fault.CodeOf(err) != tutor.CodeItemChanged || !errors.Is(err, fault.Conflict) {
		t.Errorf("an item of before is stored over a later one: %v", err)
	}
	if err := d.DropItem(ctx, person, it.ID, 1); fault.CodeOf(err) != tutor.CodeItemChanged {
		t.Errorf("an item that was changed since is dropped: %v", err)
	}
	if err := d.DropItem(ctx, person, it.ID, 2); err != nil {
		t.Error(err)
	}
	if err := d.DropItem(ctx, person, it.ID, 0); !errors.Is(err, fault.NotFound) {
		t.Errorf("what is gone is dropped: %v", err)
	}
	if _, err := d.Item(ctx, person, it.ID); !errors.Is(err, fault.NotFound) {
		t.Errorf("what is gone is read: %v", err)
	}
	if err := d.SaveItem(ctx, uuid.New(), someItem(), 10); !errors.Is(err, fault.NotFound) {
		t.Errorf("an item of nobody: %v", err)
	}
}

func TestItemsAreFiltered(t *testing.T) {
	d := newTiny(t)
	ctx, person := t.Context(), newPerson(t, d.DB)
	for i, key := range []string{"kafka a", "kafka b", "redis a", "rust c"} {
		it := someItem()
		it.Skill, it.Concept, _ = strings.Cut(key, " ")
		it.DueAt = noon.AddDate(0, 0, 4-i)
		if err := d.SaveItem(ctx, person, it, 4); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.SaveItem(ctx, person, someItem(), 4); fault.CodeOf(err) != "too-many-items" {
		t.Errorf("one more than the most: %v", err)
	}
	tests := []struct {
		name   string
		filter tutor.ItemFilter
		want   []string
	}{
		{"all", tutor.ItemFilter{Limit: 9}, []string{"rust c", "redis a", "kafka b", "kafka a"}},
		{"limit", tutor.ItemFilter{Limit: 2}, []string{"rust c", "redis a"}},
		{"a skill", tutor.ItemFilter{Skills: []string{"kafka"}, Limit: 9}, []string{"kafka b", "kafka a"}},
		{"two skills", tutor.ItemFilter{Skills: []string{"kafka", "rust"}, Limit: 9}, []string{"rust c", "kafka b", "kafka a"}},
		{"a concept", tutor.ItemFilter{Skills: []string{"kafka"}, Concept: "a", Limit: 9}, []string{"kafka a"}},
		{"due", tutor.ItemFilter{DueBy: noon.AddDate(0, 0, 2), Limit: 9}, []string{"rust c", "redis a"}},
		{"due in a skill", tutor.ItemFilter{Skills: []string{"redis", "kafka"}, DueBy: noon.AddDate(0, 0, 2), Limit: 9}, []string{"redis a"}},
	}
	for _, tt := range tests {
		list, err := d.Items(ctx, person, tt.filter)
		got := make([]string, len(list))
		for i, it := range list {
			got[i] = it.Skill + " " + it.Concept
		}
		if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", tt.name, err, diff)
		}
	}
}

// TestRecallsAreRead: what a gap report reads is what an item counts, also in the one round trip of a comparison.
func TestRecallsAreRead(t *testing.T) {
	d := newTiny(t)
	ctx, person := t.Context(), newPerson(t, d.DB)
	it := someItem()
	wrong := someItem()
	wrong.Concept, wrong.Shown[0].Outcome = "x", tutor.OutcomeWrong
	if err := errors.Join(d.SaveItem(ctx, person, it, 9), d.SaveItem(ctx, person, wrong, 9)); err != nil {
		t.Fatal(err)
	}
	want := []gapanalysis.Recall{{
		Item: it.ID, Skill: it.Skill, Concept: it.Concept, Stability: it.Memory.Stability, Reviewed: noon,
		Right: []gapanalysis.RightAnswer{{Kind: "quiz", Level: 3, At: noon}},
	}}
	got, err := d.Recalls(ctx, person)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	read, err := d.Read(ctx, person, gapanalysis.Query{Model: "tiny", Resume: d.keep(t, person).ID, Role: "gopher"})
	if diff := cmp.Diff(want, read.Recalls); err != nil || diff != "" {
		t.Errorf("in a comparison: %v (-want +got):\n%s", err, diff)
	}
}

func TestItemsFollowRenames(t *testing.T) {
	d := newTiny(t)
	ctx, person := t.Context(), newPerson(t, d.DB)
	items := map[string]tutor.Item{}
	for i, key := range []string{"old skill/old/question/1", "new skill/new/question/1", "old skill/old/question/2", "old offsets", "other skill/older/question/1"} {
		it := someItem()
		it.Skill, it.Concept, _ = strings.Cut(key, " ")
		it.ReviewedAt = noon.AddDate(0, 0, i)
		items[key] = it
		if err := d.SaveItem(ctx, person, it, 9); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.FollowRenames(ctx, []catalog.Renamed{{Kind: catalog.RenamedSkill, From: "old", To: "new"}}); err != nil {
		t.Fatal(err)
	}
	want := map[string]uuid.UUID{ // of the two about one question, the one that was answered later
		"new skill/new/question/1": items["new skill/new/question/1"].ID, "new skill/new/question/2": items["old skill/old/question/2"].ID,
		"new offsets": items["old offsets"].ID, "other skill/older/question/1": items["other skill/older/question/1"].ID,
	}
	list, err := d.Items(ctx, person, tutor.ItemFilter{Limit: 9})
	got := map[string]uuid.UUID{}
	for _, it := range list {
		got[it.Skill+" "+it.Concept] = it.ID
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// TestAnswersAtOnceAreAllKept: many answers to one question at the same time, the first of all among them, are all there in the end.
func TestAnswersAtOnceAreAllKept(t *testing.T) {
	d := newTiny(t)
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	person := newPerson(t, d.DB)
	m := tutor.NewMastery(c, d.DB, time.Now)
	const each, rounds = 4, 3
	for range rounds {
		var wg sync.WaitGroup
		for range each {
			wg.Go(func() {
				if err := m.Note(t.Context(), person, []tutor.Shown{{
					Skill: "kafka", Concept: "offsets", Kind: tutor.ShownQuiz, Outcome: tutor.OutcomeRight, Level: 2, Message: uuid.New(),
				}}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	items, err := m.For(t.Context(), person, nil, 0)
	if err != nil || len(items) != 1 || len(items[0].Shown) != each*rounds || items[0].Version != each*rounds {
		t.Fatalf("%+v, %v; want one item with %d answers", items, err, each*rounds)
	}
	seen := map[uuid.UUID]bool{}
	for _, s := range items[0].Shown {
		seen[s.Message] = true
	}
	if len(seen) != each*rounds || !slices.IsSortedFunc(items[0].Shown, func(a, b tutor.Shown) int { return a.At.Compare(b.At) }) {
		t.Errorf("%d different answers, in the order %v", len(seen), items[0].Shown)
	}
	// Answers, a correction and a deletion at the same time: the item ends without the deleted answer and with the rest.
	victim, corrected := items[0].Shown[0].ID, items[0].Shown[1].ID
	outcome := tutor.OutcomeWrong
	var wg sync.WaitGroup
	for _, f := range []func() error{
		func() error { return m.Delete(t.Context(), person, items[0].ID, victim) },
		func() error {
			_, err := m.Correct(t.Context(), person, items[0].ID, tutor.Correction{Shown: corrected, Outcome: &outcome})
			return err
		},
		func() error {
			return m.Note(t.Context(), person, []tutor.Shown{{Skill: "kafka", Concept: "offsets", Kind: tutor.ShownQuiz, Outcome: tutor.OutcomeRight, Level: 2}})
		},
	} {
		wg.Go(func() {
			if err := f(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	got, err := m.Item(t.Context(), person, items[0].ID)
	if err != nil || len(got.Shown) != each*rounds {
		t.Fatalf("%d answers, %v", len(got.Shown), err)
	}
	i := slices.IndexFunc(got.Shown, func(s tutor.Shown) bool { return s.ID == corrected })
	if i < 0 || got.Shown[i].Corrected == nil || slices.ContainsFunc(got.Shown, func(s tutor.Shown) bool { return s.ID == victim }) {
		t.Errorf("the correction or the deletion is lost: %+v", got.Shown)
	}
	if stored, err := d.Item(t.Context(), person, got.ID); err != nil || cmp.Diff(got, stored, cmpopts.IgnoreFields(tutor.Item{}, "Title", "Outcome", "Level", "Mistake", "Due", "Retrievability")) != "" {
		t.Errorf("what is kept is not what is shown, %v", err)
	}
}

// TestWordsGoWithTheirConversation: who deletes a conversation deletes what was quoted of it, and not how the answers were.
func TestWordsGoWithTheirConversation(t *testing.T) {
	d := newTiny(t)
	ctx, person := t.Context(), newPerson(t, d.DB)
	gone := tutor.Conversation{ID: ident.New(), Person: person, Role: "gopher", Mode: tutor.Quiz, CreatedAt: noon}
	kept := gone
	kept.ID = ident.New()
	it := someItem()
	it.Shown[0].Conversation = gone.ID
	it.Shown = append(it.Shown, it.Shown[0])
	it.Shown[1].ID, it.Shown[1].Conversation, it.Shown[1].Evidence = ident.New(), kept.ID, "other words"
	other := someItem()
	other.Concept = "other"
	if err := errors.Join(d.Start(ctx, person, gone), d.Start(ctx, person, kept), d.SaveItem(ctx, person, it, 9), d.SaveItem(ctx, person, other, 9)); err != nil {
		t.Fatal(err)
	}
	if err := d.DropConversation(ctx, newPerson(t, d.DB), gone.ID); !errors.Is(err, fault.NotFound) {
		t.Errorf("a stranger: %v", err)
	}
	if err := d.DropConversation(ctx, person, gone.ID); err != nil {
		t.Fatal(err)
	}
	it.Version, other.Version = 2, 1
	it.Shown[0].Evidence, it.Shown[0].Conversation, it.Shown[0].Message = "", uuid.Nil, uuid.Nil
	for _, want := range []tutor.Item{it, other} {
		want.Shown = slices.Clone(want.Shown)
		for i := range want.Shown {
			want.Shown[i].Skill, want.Shown[i].Concept = want.Skill, want.Concept
		}
		if got, err := d.Item(ctx, person, want.ID); err != nil || cmp.Diff(want, got) != "" {
			t.Errorf("%v (-want +got):\n%s", err, cmp.Diff(want, got))
		}
	}
}
