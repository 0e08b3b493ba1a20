package skill_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
)

// Upload gives back what was saved.
func (s *shelf) Upload(_ context.Context, person, id uuid.UUID) (*skill.Upload, error) {
	if s.saved == nil || s.saved.ID != id || s.person != person {
		return nil, fault.New(fault.NotFound, "unknown-resume", "There is no such resume.")
	}
	return s.saved, nil
}

func (s *shelf) SaveReading(ctx context.Context, person uuid.UUID, u *skill.Upload, model string, vector embeddings.Vector) error {
	return s.SaveUpload(ctx, person, u, model, vector)
}

func TestReread(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	in := newIntake(t, reader{}, s)
	u, err := in.Read(t.Context(), "cv.txt", []byte("Skills: Kafka, Docker"))
	if err != nil {
		t.Fatal(err)
	}
	person := uuid.New()
	if err := in.Keep(t.Context(), person, u); err != nil {
		t.Fatal(err)
	}
	fresh := *u
	u.Profile = skill.Profile{ExtractorVersion: "rules-0"}
	u.CreatedAt = asOf.AddDate(-1, 0, 0)
	fresh.CreatedAt = u.CreatedAt
	got, err := in.Reread(t.Context(), person, u.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&fresh, got); diff != "" || s.saved != got {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := in.Reread(t.Context(), uuid.New(), u.ID); !errors.Is(err, fault.NotFound) {
		t.Errorf("a stranger: %v", err)
	}
}

func TestHeed(t *testing.T) {
	t.Parallel()
	claim := func(id string, level int, status skill.Status, note string, mentions ...skill.Mention) skill.Claim {
		return skill.Claim{ID: &id, Name: id, Level: level, Status: status, Note: note, Mentions: append([]skill.Mention{}, mentions...)}
	}
	here, gone := skill.Mention{Start: 0, End: 2, Text: "Go"}, skill.Mention{Start: 3, End: 7, Text: "Rust"}
	unlisted := skill.Claim{Name: "Foo", Level: 2, Status: skill.StatusConfirmed}
	earlier := []skill.Claim{
		claim("go", 5, skill.StatusConfirmed, "yes"), claim("go", 1, skill.StatusRejected, "older"), claim("sql", 4, skill.StatusRead, ""),
		unlisted, claim("rust", 3, skill.StatusRejected, "", here, gone),
	}
	read := func() *skill.Profile {
		return &skill.Profile{Claims: []skill.Claim{claim("go", 2, skill.StatusRead, ""), claim("sql", 2, skill.StatusRead, ""), {Name: "Foo", Level: 1, Status: skill.StatusRead}}}
	}
	want := []skill.Claim{claim("go", 5, skill.StatusConfirmed, "yes"), claim("sql", 2, skill.StatusRead, ""), {Name: "Foo", Level: 1, Status: skill.StatusRead}}
	p := read()
	p.Heed(earlier)
	if diff := cmp.Diff(want, p.Claims); diff != "" {
		t.Errorf("Heed (-want +got):\n%s", diff)
	}
	p = read()
	p.HeedAll(earlier, "Go Java")
	if diff := cmp.Diff(append(want, claim("rust", 3, skill.StatusRejected, "", here)), p.Claims); diff != "" {
		t.Errorf("HeedAll (-want +got):\n%s", diff)
	}
}

func TestSamePerson(t *testing.T) {
	t.Parallel()
	who := func(name, mail string) []resume.Personal {
		return []resume.Personal{{Kind: resume.PersonalPhone, Text: "1"}, {Kind: resume.PersonalName, Text: name}, {Kind: resume.PersonalEmail, Text: mail}}
	}
	for _, tt := range []struct {
		name string
		a, b []resume.Personal
		want bool
	}{
		{"one address", who("Jo Doe", "jo@example.org"), who("Joanna Doe", "Jo@Example.org"), true},
		{"two addresses", who("Jo Doe", "jo@example.org"), who("Jo Doe", "doe@example.org"), false},
		{"one name, an address missing", who("Jo Doe", ""), who("jo  doe", "jo@example.org"), true},
		{"two names, no address", who("Jo Doe", ""), who("Max Roe", ""), false},
		{"nothing known", nil, nil, false},
		{"nothing in common", who("", "jo@example.org"), who("Jo Doe", ""), false},
	} {
		if got := skill.SamePerson(tt.a, tt.b); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}
