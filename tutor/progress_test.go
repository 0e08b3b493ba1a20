package tutor_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/tutor"
)

// book keeps the progress of one person.
type book struct {
	kept map[string]tutor.MilestoneProgress
	seen *tutor.Seen
	fail error
}

func (b *book) SaveProgress(_ context.Context, _ uuid.UUID, p tutor.MilestoneProgress) error {
	b.kept[p.Milestone] = p
	return b.fail
}

func (b *book) ProgressOn(context.Context, uuid.UUID, string) ([]tutor.MilestoneProgress, error) {
	var out []tutor.MilestoneProgress
	for _, p := range b.kept {
		out = append(out, p)
	}
	return out, b.fail
}

func (b *book) SeeShape(_ context.Context, _ uuid.UUID, s tutor.Seen, replace bool) error {
	if b.seen == nil || replace {
		b.seen = &s
	}
	return b.fail
}

func (b *book) SeenShape(context.Context, uuid.UUID, string) (*tutor.Seen, error) {
	if b.seen == nil {
		return nil, fault.New(fault.NotFound, "nothing-seen", "Nothing.")
	}
	return b.seen, b.fail
}

func newProgress(tb testing.TB) (*tutor.Progress, *book, *time.Time, *catalog.Catalog) {
	tb.Helper()
	c, err := catalog.Load()
	if err != nil {
		tb.Fatal(err)
	}
	b, now := &book{kept: map[string]tutor.MilestoneProgress{}}, today
	return tutor.NewProgress(c, b, func() time.Time { return now }), b, &now, c
}

func TestRecord(t *testing.T) {
	p, b, now, c := newProgress(t)
	put := func(status tutor.MilestoneStatus, note string) tutor.MilestoneProgress {
		t.Helper()
		*now = now.Add(time.Hour)
		m, err := p.Record(t.Context(), uuid.New(), tutor.MilestoneProgress{Role: role, Milestone: "chaos-exercise-measured", Status: status, Note: note})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	if m := put(tutor.MilestoneStarted, ""); m.DoneAt != nil || !m.UpdatedAt.Equal(*now) {
		t.Errorf("started: %+v", m)
	}
	first := *now
	if m := put(tutor.MilestoneDone, ""); m.DoneAt == nil || !m.DoneAt.Equal(first.Add(time.Hour)) {
		t.Errorf("done: %+v", m)
	}
	if m := put(tutor.MilestoneDone, "more"); m.DoneAt == nil || !m.DoneAt.Equal(first.Add(time.Hour)) || !m.UpdatedAt.Equal(first.Add(2*time.Hour)) {
		t.Errorf("more noted on what is done: %+v", m)
	}
	if m := put(tutor.MilestoneOpen, ""); m.DoneAt != nil {
		t.Errorf("open again: %+v", m)
	}
	if m := put(tutor.MilestoneDone, ""); m.DoneAt == nil || !m.DoneAt.Equal(*now) {
		t.Errorf("done again: %+v", m)
	}
	if b.seen == nil || b.seen.CatalogVersion != c.Version() || !b.seen.SeenAt.Equal(today.Add(time.Hour)) {
		t.Errorf("what was first seen: %+v", b.seen)
	}
	for name, m := range map[string]tutor.MilestoneProgress{
		"unknown-role":         {Role: "astronaut", Milestone: "x", Status: tutor.MilestoneDone},
		"unknown-milestone":    {Role: role, Milestone: "x", Status: tutor.MilestoneDone},
		"invalid-status":       {Role: role, Milestone: "chaos-exercise-measured", Status: "maybe"},
		"invalid-evidence-url": {Role: role, Milestone: "chaos-exercise-measured", Status: tutor.MilestoneDone, EvidenceURL: "javascript:alert(1)"},
		"note-too-long":        {Role: role, Milestone: "chaos-exercise-measured", Status: tutor.MilestoneDone, Note: string(make([]byte, 2001))},
	} {
		if _, err := p.Record(t.Context(), uuid.New(), m); fault.CodeOf(err) != name {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestUpgradeIsADifference changes what was seen, so that today's role differs from it in every way there is.
func TestUpgradeIsADifference(t *testing.T) {
	p, b, _, c := newProgress(t)
	ctx, person := t.Context(), uuid.New()
	r, err := c.Role(role)
	if err != nil {
		t.Fatal(err)
	}
	s, err := p.Standing(ctx, person, role)
	if err != nil || s.Upgrade != nil || s.SeenVersion != "" || len(s.Milestones) == 0 {
		t.Fatalf("before anything: %+v, %v", s, err)
	}
	if _, err := p.Record(ctx, person, tutor.MilestoneProgress{Role: role, Milestone: "two-design-interviews", Status: tutor.MilestoneDone}); err != nil {
		t.Fatal(err)
	}
	shape := tutor.ShapeOf(r)
	if s, err := p.Standing(ctx, person, role); err != nil || s.Upgrade != nil || s.SeenVersion != c.Version() {
		t.Errorf("the same catalogue: %+v, %v", s, err)
	}
	b.seen.CatalogVersion = "before"
	if s, err := p.Standing(ctx, person, role); err != nil || s.Upgrade != nil {
		t.Errorf("another catalogue with the same role: %+v, %v", s.Upgrade, err)
	}
	first, second := &shape.Phases[0], &shape.Phases[1]
	first.Name = "Depth"
	first.Milestones[0].Name = "Two interviews"
	gone := tutor.ShapeMilestone{ID: "once-asked", Name: "Once asked"}
	moved := second.Milestones[0]
	second.Milestones = append([]tutor.ShapeMilestone{gone}, second.Milestones[2:]...) // the second one is new today
	first.Milestones = append(first.Milestones, moved)
	lastPhase := shape.Phases[2]
	shape.Phases = append(shape.Phases[:2:2], tutor.ShapePhase{ID: "no-more", Name: "No more", Milestones: lastPhase.Milestones})
	dropped := shape.Skills[0]
	harder := &shape.Skills[1]
	harder.Level, harder.Must = harder.Level-1, !harder.Must
	shape.Skills = append(shape.Skills[1:], tutor.ShapeSkill{ID: "cobol-of-yore", Level: 2, Phase: "no-more"})
	b.seen.Shape = shape
	b.kept["once-asked"] = tutor.MilestoneProgress{Role: role, Milestone: "once-asked", Status: tutor.MilestoneStarted}
	s, err = p.Standing(ctx, person, role)
	if err != nil || s.Upgrade == nil || s.Upgrade.From != "before" || s.Upgrade.To != c.Version() {
		t.Fatalf("%+v, %v", s, err)
	}
	got := map[string]string{}
	for _, x := range s.Upgrade.Changes {
		if x.Text == "" {
			t.Errorf("%+v says nothing", x)
		}
		got[x.What+" "+x.Change+" "+x.ID] = x.Status
	}
	want := map[string]string{
		"phase renamed " + first.ID: "", "phase removed no-more": "", "phase added " + lastPhase.ID: "",
		"milestone renamed two-design-interviews": "done", "milestone removed once-asked": "started", "milestone moved " + moved.ID: "open",
		"milestone added " + r.Phases[1].Milestones[1].ID: "open",
		"skill added " + dropped.ID:                       "", "skill changed " + harder.ID: "", "skill removed cobol-of-yore": "",
	}
	for _, m := range lastPhase.Milestones {
		want["milestone moved "+m.ID] = "open"
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if _, err := p.Accept(ctx, person, role, "before"); !errors.Is(err, fault.Conflict) {
		t.Errorf("agreed to another: %v", err)
	}
	if s, err := p.Accept(ctx, person, role, c.Version()); err != nil || s.Upgrade != nil || s.SeenVersion != c.Version() {
		t.Errorf("agreed: %+v, %v", s, err)
	}
	if _, ok := b.kept["once-asked"]; !ok {
		t.Error("what was noted on a milestone that is gone is lost")
	}
	b.fail = errors.New("down")
	if _, err := p.Standing(ctx, person, role); !errors.Is(err, b.fail) {
		t.Errorf("the book is down: %v", err)
	}
}
