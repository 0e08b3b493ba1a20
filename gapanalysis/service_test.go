package gapanalysis_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/skill"
)

// shelf holds one resume of one person, and keeps what it was asked.
type shelf struct {
	person, resume uuid.UUID
	profile        *skill.Profile
	near           gapanalysis.Nearness
	candidates     []gapanalysis.Candidate
	filter         gapanalysis.Filter
	skills         []string
	fail           error
	marks          []gapanalysis.Mark
	recalls        []gapanalysis.Recall
}

func (s *shelf) Profile(_ context.Context, person, resume uuid.UUID) (*skill.Profile, error) {
	if person != s.person || resume != s.resume {
		return nil, fault.New(fault.NotFound, "unknown-resume", "There is no such resume of yours.")
	}
	return s.profile, nil
}

func (s *shelf) Read(ctx context.Context, person uuid.UUID, q gapanalysis.Query) (gapanalysis.Reading, error) {
	s.skills = q.Skills
	p, err := s.Profile(ctx, person, q.Resume)
	return gapanalysis.Reading{Profile: p, Near: s.near, Marks: s.marks, Recalls: s.recalls}, errors.Join(err, s.fail)
}

func (s *shelf) Marks(context.Context, uuid.UUID) ([]gapanalysis.Mark, error) { return s.marks, s.fail }

func (s *shelf) NearestToSkills(_ context.Context, _ string, _, _ uuid.UUID, skills []string) (gapanalysis.Nearness, error) {
	s.skills = skills
	return s.near, s.fail
}

func (s *shelf) NearestPostings(_ context.Context, _ string, _, _ uuid.UUID, f gapanalysis.Filter) ([]gapanalysis.Candidate, error) {
	s.filter = f
	return s.candidates, s.fail
}

func newService(tb testing.TB, claims ...skill.Claim) (*gapanalysis.Service, *shelf) {
	tb.Helper()
	c := load(tb)
	s := &shelf{person: uuid.New(), resume: uuid.New(), profile: profile(claims...), near: nothingNear}
	return gapanalysis.NewService(c, s, s, skill.NewFinder(c), func() string { return "test" }, func() time.Time { return today }), s
}

const advert = "We are looking for somebody with strong Kafka and Docker. Terraform is a plus."

func TestServiceGaps(t *testing.T) {
	s, sh := newService(t, claim(t, "kafka", 4))
	got, err := s.Gaps(t.Context(), sh.person, sh.resume, "data-engineer", gapanalysis.Ask{HoursPerWeek: 20})
	if err != nil {
		t.Fatal(err)
	}
	want := gapanalysis.Compare(load(t), sh.profile, gapanalysis.RoleTarget(role(t, "data-engineer")), sh.near, gapanalysis.Options{Today: today, HoursPerWeek: 20})
	want.ResumeID = sh.resume.String()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

func TestServiceCompareText(t *testing.T) {
	s, sh := newService(t, claim(t, "kafka", 4))
	got, err := s.CompareText(t.Context(), sh.person, sh.resume, advert, gapanalysis.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Role != "posting" || got.ResumeID != sh.resume.String() || len(got.Skills) != 3 || !cmp.Equal(sh.skills, []string{"kafka", "docker", "terraform"}) {
		t.Errorf("%d skills of %q, vectors asked for %q", len(got.Skills), got.Role, sh.skills)
	}
	if g := got.Skills[2]; g.Must || g.Status != gapanalysis.Missing || !strings.Contains(g.Why, "“Terraform is a plus”") {
		t.Errorf("Terraform: %+v, want it nice to have, in the posting's own words", g)
	}
}

func TestServiceRoles(t *testing.T) {
	s, sh := newService(t, roleProfile(t, role(t, "data-engineer")).Claims...)
	got, err := s.Roles(t.Context(), sh.person, sh.resume)
	if err != nil {
		t.Fatal(err)
	}
	checkRanking(t, got)
	if got[0].ID != "data-engineer" {
		t.Errorf("first is %s", got[0].ID)
	}
}

func TestServiceJobs(t *testing.T) {
	s, sh := newService(t, claim(t, "kafka", 4))
	for id := range byte(30) {
		sh.candidates = append(sh.candidates, gapanalysis.Candidate{Posting: job(t, id+1, "Engineer", "", must("kafka", 4), nice("docker", 3)), Similarity: 0.5})
	}
	for limit, want := range map[int]int{0: 20, 1: 1, 100: 30} {
		got, err := s.Jobs(t.Context(), sh.person, sh.resume, gapanalysis.Filter{Limit: limit, Remote: "yes", Location: "Berlin"})
		if err != nil || len(got) != want {
			t.Errorf("limit %d: %d matches, %v; want %d", limit, len(got), err, want)
		}
		if diff := cmp.Diff(gapanalysis.Filter{Remote: "yes", Location: "Berlin", Limit: 300}, sh.filter); diff != "" {
			t.Errorf("the database was asked for (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"kafka", "docker"}, sh.skills); diff != "" {
			t.Errorf("vectors asked for (-want +got):\n%s", diff)
		}
	}
}

func TestServiceRefuses(t *testing.T) {
	s, sh := newService(t, claim(t, "kafka", 4))
	ctx := t.Context()
	gaps := func(person, resume uuid.UUID, role string, hours int) error {
		_, err := s.Gaps(ctx, person, resume, role, gapanalysis.Ask{HoursPerWeek: hours})
		return err
	}
	text := func(text string, hours int) error {
		_, err := s.CompareText(ctx, sh.person, sh.resume, text, gapanalysis.Ask{HoursPerWeek: hours})
		return err
	}
	jobs := func(f gapanalysis.Filter) error {
		_, err := s.Jobs(ctx, sh.person, sh.resume, f)
		return err
	}
	stranger := uuid.New()
	tests := []struct {
		name  string
		err   error
		kind  fault.Kind
		field string
	}{
		{"gaps: somebody else's resume", gaps(stranger, sh.resume, "data-engineer", 0), fault.NotFound, ""},
		{"gaps: unknown resume", gaps(sh.person, stranger, "data-engineer", 0), fault.NotFound, ""},
		{"gaps: unknown role", gaps(sh.person, sh.resume, "astronaut", 0), fault.NotFound, "role"},
		{"gaps: hours below nothing", gaps(sh.person, sh.resume, "data-engineer", -1), fault.Invalid, "hours_per_week"},
		{"gaps: more hours than a week has", gaps(sh.person, sh.resume, "data-engineer", 169), fault.Invalid, "hours_per_week"},
		{"text: too short", text("We need Kafka."+strings.Repeat(" ", 50), 0), fault.Invalid, "text"},
		{"text: too long", text(strings.Repeat("Kafka ", 20_000), 0), fault.Invalid, "text"},
		{"text: hours", text(advert, 169), fault.Invalid, "hours_per_week"},
		{"text: no skill in it", text("Somebody kind who can cook for forty people every day.", 0), fault.Unprocessable, "text"},
		{"jobs: limit below one", jobs(gapanalysis.Filter{Limit: -1}), fault.Invalid, "limit"},
		{"jobs: limit too high", jobs(gapanalysis.Filter{Limit: 101}), fault.Invalid, "limit"},
		{"jobs: remote", jobs(gapanalysis.Filter{Remote: "maybe"}), fault.Invalid, "remote"},
		{"jobs: long location", jobs(gapanalysis.Filter{Location: strings.Repeat("x", 101)}), fault.Invalid, "location"},
		{"jobs: a NUL in the location", jobs(gapanalysis.Filter{Location: "Ber\x00lin"}), fault.Invalid, "location"},
		{"jobs: a location that is no text", jobs(gapanalysis.Filter{Location: "\xff"}), fault.Invalid, "location"},
		{"text: somebody else's resume", second(s.CompareText(ctx, stranger, sh.resume, advert, gapanalysis.Ask{})), fault.NotFound, ""},
		{"roles: somebody else's resume", second(s.Roles(ctx, stranger, sh.resume)), fault.NotFound, ""},
		{"jobs: somebody else's resume", second(s.Jobs(ctx, stranger, sh.resume, gapanalysis.Filter{})), fault.NotFound, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if !errors.Is(tt.err, tt.kind) || fault.FieldOf(tt.err) != tt.field {
				t.Errorf("%v in %q, want %s in %q", tt.err, fault.FieldOf(tt.err), tt.kind, tt.field)
			}
		})
	}
}

func second[T any](_ T, err error) error { return err }

func TestServiceWithoutVectors(t *testing.T) {
	s, sh := newService(t, claim(t, "kafka", 4))
	sh.fail = errDown
	for name, err := range map[string]error{
		"gaps":  second(s.Gaps(t.Context(), sh.person, sh.resume, "data-engineer", gapanalysis.Ask{})),
		"text":  second(s.CompareText(t.Context(), sh.person, sh.resume, advert, gapanalysis.Ask{})),
		"roles": second(s.Roles(t.Context(), sh.person, sh.resume)),
		"jobs":  second(s.Jobs(t.Context(), sh.person, sh.resume, gapanalysis.Filter{})),
	} {
		if !errors.Is(err, errDown) {
			t.Errorf("%s: %v, want the database's error", name, err)
		}
	}
}
