package postgres_test

import (
	"crypto/sha256"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/tutor"
)

// tokenOf is the hash of a token that a test can make again.
func tokenOf(id uuid.UUID) [sha256.Size]byte { return sha256.Sum256(id[:]) }

func someFeed(person, resume uuid.UUID) gapanalysis.Feed {
	return gapanalysis.Feed{
		Person: person, Resume: resume, Role: "gopher", HoursPerWeek: 10, WeeksOff: []gapanalysis.DateRange{{From: "2026-12-21", To: "2026-12-27"}}, CreatedAt: noon,
		Body: []byte{}, Content: []byte{},
	}
}

func someShape() tutor.Seen {
	return tutor.Seen{
		Role: "gopher", CatalogVersion: "1", SeenAt: noon,
		Shape: tutor.Shape{
			Phases: []tutor.ShapePhase{{ID: "dig", Name: "Dig", Milestones: []tutor.ShapeMilestone{{ID: "first", Name: "First"}}}},
			Skills: []tutor.ShapeSkill{{ID: "go", Level: 3, Must: true, Phase: "dig"}},
		},
	}
}

func TestMarks(t *testing.T) {
	d := newTiny(t)
	person := newPerson(t, d.DB)
	first := noon.Add(-time.Hour)
	for _, p := range []tutor.MilestoneProgress{
		{Role: "gopher", Milestone: "b", Status: tutor.MilestoneDone, EvidenceURL: "https://example.org", Note: "n", UpdatedAt: noon, DoneAt: &first},
		{Role: "gopher", Milestone: "a", Status: tutor.MilestoneStarted, UpdatedAt: noon},
		{Role: "gopher", Milestone: "c", Status: tutor.MilestoneOpen, UpdatedAt: noon},
		{Role: "baker", Milestone: "b", Status: tutor.MilestoneDone, UpdatedAt: noon, DoneAt: &first},
		{Role: "baker", Milestone: "z", Status: tutor.MilestoneDone, UpdatedAt: noon, DoneAt: &first},
		{Role: "baker", Milestone: "z", Status: tutor.MilestoneStarted, UpdatedAt: noon},
	} {
		if err := d.SaveProgress(t.Context(), person, p); err != nil {
			t.Fatal(err)
		}
	}
	want := []gapanalysis.Mark{
		{Role: "baker", Milestone: "b", Status: "done", DoneAt: first},
		{Role: "baker", Milestone: "z", Status: "started"},
		{Role: "gopher", Milestone: "a", Status: "started"},
		{Role: "gopher", Milestone: "b", Status: "done", EvidenceURL: "https://example.org", Note: "n", DoneAt: first},
	}
	got, err := d.Marks(t.Context(), person)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("marks: %v (-want +got):\n%s", err, diff)
	}
	u := d.keep(t, person)
	read, err := d.Read(t.Context(), person, gapanalysis.Query{Model: "tiny", Resume: u.ID, Role: "gopher"})
	if diff := cmp.Diff(want, read.Marks); err != nil || diff != "" {
		t.Errorf("with the profile: %v (-want +got):\n%s", err, diff)
	}
}

func TestFeeds(t *testing.T) {
	d := newTiny(t)
	ctx := t.Context()
	person := newPerson(t, d.DB)
	u := d.keep(t, person)
	hash, f := tokenOf(u.ID), someFeed(person, u.ID)
	if err := d.SaveFeed(ctx, person, hash, f); err != nil {
		t.Fatal(err)
	}
	got, err := d.Feed(ctx, hash)
	if diff := cmp.Diff(f, got); err != nil || diff != "" {
		t.Errorf("as it was saved: %v (-want +got):\n%s", err, diff)
	}
	f.Body, f.MadeAt, f.Content, f.ModifiedAt = []byte("BEGIN"), noon, []byte{1}, noon.Add(-time.Hour)
	if err := d.KeepFeedBody(ctx, person, hash, f); err != nil {
		t.Fatal(err)
	}
	if got, err := d.Feed(ctx, hash); err != nil || !cmp.Equal(f, got) {
		t.Errorf("with a body: %v (-want +got):\n%s", err, cmp.Diff(f, got))
	}
	// Another token for the same plan: the one before opens nothing, and the file is made anew, with the time at which it last changed.
	next := tokenOf(person)
	again := someFeed(person, u.ID)
	again.HoursPerWeek, again.WeeksOff = 20, nil
	if err := d.SaveFeed(ctx, person, next, again); err != nil {
		t.Fatal(err)
	}
	if err := second(d.Feed(ctx, hash)); !errors.Is(err, fault.NotFound) {
		t.Errorf("the token before: %v", err)
	}
	if got, err := d.Feed(ctx, next); err != nil || got.HoursPerWeek != 20 || len(got.WeeksOff) != 0 || len(got.Body) != 0 || !got.MadeAt.IsZero() || !got.ModifiedAt.Equal(f.ModifiedAt) {
		t.Errorf("the new one: %+v, %v", got, err)
	}
	if n := d.count(t, `select count(*) from calendar_feeds`); n != 1 {
		t.Errorf("%d calendars of one plan", n)
	}
	if err := d.DropFeed(ctx, person, u.ID, "gopher"); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{"dropped": second(d.Feed(ctx, next)), "dropped again": d.DropFeed(ctx, person, u.ID, "gopher")} {
		if !errors.Is(err, fault.NotFound) {
			t.Errorf("%s: %v, want NotFound", name, err)
		}
	}
	if err := errors.Join(d.SaveFeed(ctx, person, hash, f), d.DeleteUpload(ctx, person, u.ID)); err != nil {
		t.Fatal(err)
	}
	if err := second(d.Feed(ctx, hash)); !errors.Is(err, fault.NotFound) {
		t.Errorf("of a resume that is gone: %v", err)
	}
}

func TestShapes(t *testing.T) {
	d := newTiny(t)
	ctx := t.Context()
	person := newPerson(t, d.DB)
	if err := second(d.SeenShape(ctx, person, "gopher")); !errors.Is(err, fault.NotFound) {
		t.Errorf("before anything: %v", err)
	}
	first, later := someShape(), someShape()
	later.CatalogVersion, later.SeenAt = "2", noon.Add(time.Hour)
	steps := []struct {
		seen    tutor.Seen
		replace bool
		want    tutor.Seen
	}{{first, false, first}, {later, false, first}, {later, true, later}}
	for i, s := range steps {
		if err := d.SeeShape(ctx, person, s.seen, s.replace); err != nil {
			t.Fatal(err)
		}
		got, err := d.SeenShape(ctx, person, "gopher")
		if err != nil || !cmp.Equal(&s.want, got) {
			t.Errorf("step %d: %v (-want +got):\n%s", i, err, cmp.Diff(&s.want, got))
		}
	}
}

// TestRenamesTakePlansAlong: what is kept under a role's earlier id is found under today's, the later one of two.
func TestRenamesTakePlansAlong(t *testing.T) {
	d := newTiny(t)
	ctx := t.Context()
	person := newPerson(t, d.DB)
	other := newPerson(t, d.DB)
	u := d.keep(t, person)
	old, f := someShape(), someFeed(person, u.ID)
	old.Role, f.Role = "digger", "digger"
	later := someShape()
	later.SeenAt = noon.Add(time.Hour)
	if err := errors.Join(
		d.SeeShape(ctx, person, old, false), d.SeeShape(ctx, person, later, false), d.SaveFeed(ctx, person, tokenOf(u.ID), f),
		d.SaveOrder(ctx, person, "digger", []string{"dig"}), d.SaveOrder(ctx, other, "digger", []string{"dig"}), d.SaveOrder(ctx, person, "gopher", []string{"go"}),
		d.SaveProgress(ctx, person, tutor.MilestoneProgress{Role: "digger", Milestone: "hole", Status: tutor.MilestoneDone, EvidenceURL: "https://example.org", UpdatedAt: noon, DoneAt: &old.SeenAt}),
	); err != nil {
		t.Fatal(err)
	}
	if _, err := d.FollowRenames(ctx, []catalog.Renamed{
		{Kind: catalog.RenamedRole, From: "digger", To: "gopher"}, {Kind: catalog.RenamedMilestone, Role: "gopher", From: "hole", To: "burrow"},
	}); err != nil {
		t.Fatal(err)
	}
	if got, err := d.SeenShape(ctx, person, "gopher"); err != nil || !got.SeenAt.Equal(later.SeenAt) {
		t.Errorf("the shape: %+v, %v", got, err)
	}
	if got, err := d.Feed(ctx, tokenOf(u.ID)); err != nil || got.Role != "gopher" {
		t.Errorf("the calendar: %+v, %v", got, err)
	}
	if got, err := d.Marks(ctx, person); err != nil || len(got) != 1 || got[0].Role != "gopher" || got[0].Milestone != "burrow" || !got[0].DoneAt.Equal(noon) {
		t.Errorf("the marks: %+v, %v", got, err)
	}
	if n := d.count(t, `select count(*) from progress_shapes`); n != 1 {
		t.Errorf("%d shapes are left", n)
	}
	for who, want := range map[uuid.UUID]string{person: "go", other: "dig"} { // the order under today's id stands above that of before
		if got, err := d.Order(ctx, who, "gopher"); err != nil || !cmp.Equal(got, []string{want}) {
			t.Errorf("the order: %v, %v, want %s", got, err, want)
		}
	}
}

// TestOrders: the order of a role is one, and goes with an empty one.
func TestOrders(t *testing.T) {
	d := newTiny(t)
	ctx := t.Context()
	person := newPerson(t, d.DB)
	for _, want := range [][]string{nil, {"go", "rust"}, {"rust"}, nil} {
		if err := d.SaveOrder(ctx, person, "gopher", want); err != nil {
			t.Fatal(err)
		}
		if got, err := d.Order(ctx, person, "gopher"); err != nil || !cmp.Equal(want, got) {
			t.Errorf("%v, %v, want %v", got, err, want)
		}
	}
	if err := d.SaveOrder(ctx, person, "baker", []string{"salt"}); err != nil {
		t.Fatal(err)
	}
	if got, err := d.Order(ctx, newPerson(t, d.DB), "baker"); err != nil || len(got) != 0 {
		t.Errorf("somebody else's: %v, %v", got, err)
	}
}
