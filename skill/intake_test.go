package skill_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
)

// reader is a DocumentReader that takes a file for its text.
type reader struct{ err error }

func (r reader) Read(_ context.Context, _ string, data []byte) (*resume.Document, error) {
	if r.err != nil {
		return nil, r.err
	}
	return &resume.Document{Outcome: resume.OutcomeOK, Text: string(data)}, nil
}

// shelf is a Shelf and a Corrector that remember what they were given.
type shelf struct {
	skill.Shelf

	person      uuid.UUID
	saved       *skill.Upload
	model       string
	vector      embeddings.Vector
	added       []skill.Claim
	corrections []skill.Correction
	err         error
}

func (s *shelf) SaveUpload(_ context.Context, person uuid.UUID, u *skill.Upload, model string, vector embeddings.Vector) error {
	s.person, s.saved, s.model, s.vector = person, u, model, vector
	return s.err
}

func (s *shelf) Correct(_ context.Context, _, _ uuid.UUID, c skill.Correction) (skill.Claim, error) {
	s.corrections = append(s.corrections, c)
	return skill.Claim{Name: c.Skill, Status: c.Status}, s.err
}

func (s *shelf) AddClaim(_ context.Context, _, _ uuid.UUID, c skill.Claim) error {
	s.added = append(s.added, c)
	return nil
}

// TestVouch: a word on a skill that the resume does not name is a claim of its own, and nothing else is.
func TestVouch(t *testing.T) {
	t.Parallel()
	level := 4
	unknown := fault.New(fault.NotFound, "unknown-claim", "No such claim.")
	for name, tt := range map[string]struct {
		c     skill.Correction
		err   error
		added int
		kind  error
	}{
		"a claim that is there":   {skill.Correction{Skill: "kafka", Status: skill.StatusConfirmed, Level: &level, Note: "n"}, nil, 0, nil},
		"one that is not":         {skill.Correction{Skill: "kafka", Status: skill.StatusConfirmed, Level: &level, Note: "n"}, unknown, 1, nil},
		"rejected":                {skill.Correction{Skill: "kafka", Status: skill.StatusRejected, Level: &level}, unknown, 0, fault.NotFound},
		"without a level":         {skill.Correction{Skill: "kafka", Status: skill.StatusConfirmed}, unknown, 0, fault.NotFound},
		"no skill":                {skill.Correction{Skill: "sleep", Status: skill.StatusConfirmed, Level: &level}, unknown, 0, fault.NotFound},
		"where the shelf is down": {skill.Correction{Skill: "kafka", Status: skill.StatusConfirmed, Level: &level}, fault.New(fault.Unavailable, "down", "Down."), 0, fault.Unavailable},
	} {
		s := &shelf{err: tt.err}
		claim, err := newIntake(t, reader{}, s).Vouch(t.Context(), uuid.New(), uuid.New(), tt.c)
		if len(s.added) != tt.added || (tt.kind == nil) != (err == nil) || tt.kind != nil && !errors.Is(err, tt.kind) {
			t.Errorf("%s: added %v, %v", name, s.added, err)
		}
		if tt.added == 1 && (*claim.ID != "kafka" || claim.Level != 4 || claim.Note != "n" || claim.Status != skill.StatusConfirmed || claim.Mentions == nil || claim.Why == "") {
			t.Errorf("%s: %+v", name, claim)
		}
	}
}

func newIntake(tb testing.TB, r reader, s *shelf) *skill.Intake {
	tb.Helper()
	local := time.FixedZone("somewhere", 5*3600)
	return skill.NewIntake(r, newFinder(tb), embeddings.Builtin{}, s, s, func() time.Time { return asOf.In(local) })
}

func TestIntakeReadAndKeep(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	in := newIntake(t, reader{}, s)
	u, err := in.Read(t.Context(), "cv.txt", []byte("Skills: Kafka, Docker"))
	if err != nil {
		t.Fatal(err)
	}
	if s.saved != nil {
		t.Error("Read stored something")
	}
	if u.FileName != "cv.txt" || u.ID == uuid.Nil || len(u.Profile.Claims) != 2 || !u.CreatedAt.Equal(asOf) || u.CreatedAt.Location() != time.UTC {
		t.Errorf("upload %+v", u)
	}
	person := uuid.New()
	if err := in.Keep(t.Context(), person, u); err != nil {
		t.Fatal(err)
	}
	if s.person != person || s.saved != u || s.model != (embeddings.Builtin{}).Model() || len(s.vector) != (embeddings.Builtin{}).Dimensions() {
		t.Errorf("kept %v of %v with a vector of %d by %q", s.saved, s.person, len(s.vector), s.model)
	}

	s.err = fault.New(fault.Unavailable, "down", "Down.")
	if err := in.Keep(t.Context(), person, u); !errors.Is(err, fault.Unavailable) {
		t.Errorf("Keep gave %v, want the shelf's error", err)
	}
	if _, err := newIntake(t, reader{err: fault.New(fault.Unprocessable, "no-text", "A scan.")}, s).Read(t.Context(), "a", nil); !errors.Is(err, fault.Unprocessable) {
		t.Errorf("Read gave %v, want the reader's error", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s.saved = nil
	if err := in.Keep(ctx, person, u); !errors.Is(err, context.Canceled) || s.saved != nil {
		t.Errorf("Keep without a vector gave %v and stored %v", err, s.saved)
	}
}

// TestGistFollowsTheSkills: the vector of a resume is nearer to what its person does than to what they do not.
func TestGistFollowsTheSkills(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	in := newIntake(t, reader{}, s)
	u, err := in.Read(t.Context(), "cv.txt", []byte(strings.Repeat("Ran Kubernetes clusters and Terraform on AWS. ", 3)))
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Keep(t.Context(), uuid.New(), u); err != nil {
		t.Fatal(err)
	}
	v, err := embeddings.Builtin{}.Embed(t.Context(), []string{"Kubernetes, Terraform and AWS engineer", "pastry cook for weddings"})
	if err != nil {
		t.Fatal(err)
	}
	if near, far := embeddings.Cosine(s.vector, v[0]), embeddings.Cosine(s.vector, v[1]); near < far+0.2 {
		t.Errorf("%.3f to the same work, %.3f to other work", near, far)
	}
}

func TestFileNames(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, file, want string }{
		{"plain", "cv.pdf", "cv.pdf"},
		{"umlaut and space", "Lebenslauf Jürgen.pdf", "Lebenslauf Jürgen.pdf"},
		{"path", "/etc/passwd", "passwd"},
		{"path upwards", "../../cv.pdf", "cv.pdf"},
		{"path of Windows", `C:\Users\ada\cv.pdf`, "cv.pdf"},
		{"line break", "cv\r\nSet-Cookie: a=b.pdf", "cvSet-Cookie: a=b.pdf"},
		{"quotation mark", `cv".pdf`, "cv.pdf"},
		{"nothing", "", "resume"},
		{"a directory", "/", "resume"},
		{"this directory", ".", "resume"},
		{"the directory above", "..", "resume"},
		{"only control characters", "\x00\x01", "resume"},
		{"long", strings.Repeat("ü", 200) + ".pdf", strings.Repeat("ü", 116) + ".pdf"},
	}
	in := newIntake(t, reader{}, &shelf{})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			u, err := in.Read(t.Context(), tt.file, []byte("Kafka"))
			if err != nil {
				t.Fatal(err)
			}
			if u.FileName != tt.want {
				t.Errorf("file %q is kept as %q, want %q", tt.file, u.FileName, tt.want)
			}
		})
	}
}

func TestMediaTypes(t *testing.T) {
	t.Parallel()
	in := newIntake(t, reader{}, &shelf{})
	for _, tt := range []struct{ name, data, want string }{
		{"PDF", "%PDF-1.7\n", "application/pdf"},
		{"PDF after a few bytes", "\ufeff\n%PDF-1.4", "application/pdf"},
		{"text", "Skills: Kafka", "text/plain; charset=utf-8"},
		{"empty", "", "text/plain; charset=utf-8"},
	} {
		u, err := in.Read(t.Context(), "cv", []byte(tt.data))
		if err != nil || u.MediaType != tt.want {
			t.Errorf("%s: %q and %v, want %q", tt.name, u.MediaType, err, tt.want)
		}
	}
}

func TestCorrect(t *testing.T) {
	t.Parallel()
	level := func(l int) *int { return &l }
	tests := []struct {
		name  string
		c     skill.Correction
		field string // of the error; "" where it is stored
	}{
		{"confirmed", skill.Correction{Skill: "kafka", Status: skill.StatusConfirmed}, ""},
		{"confirmed with a level", skill.Correction{Skill: "kafka", Level: level(5), Status: skill.StatusConfirmed, Note: "Ten years."}, ""},
		{"no skill at all", skill.Correction{Skill: "kafka", Level: level(0), Status: skill.StatusConfirmed}, ""},
		{"rejected", skill.Correction{Skill: "kafka", Status: skill.StatusRejected}, ""},
		{"longest note", skill.Correction{Skill: "kafka", Status: skill.StatusRejected, Note: strings.Repeat("ü", 500)}, ""},
		{"level above the scale", skill.Correction{Skill: "kafka", Level: level(6), Status: skill.StatusConfirmed}, "level"},
		{"level below the scale", skill.Correction{Skill: "kafka", Level: level(-1), Status: skill.StatusConfirmed}, "level"},
		{"no status", skill.Correction{Skill: "kafka"}, "status"},
		{"a status that is not a person's", skill.Correction{Skill: "kafka", Status: skill.StatusRead}, "status"},
		{"a status nobody knows", skill.Correction{Skill: "kafka", Status: "maybe"}, "status"},
		{"note too long", skill.Correction{Skill: "kafka", Status: skill.StatusConfirmed, Note: strings.Repeat("ü", 501)}, "note"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := &shelf{}
			got, err := newIntake(t, reader{}, s).Correct(t.Context(), uuid.New(), uuid.New(), tt.c)
			if tt.field == "" {
				if err != nil || got.Status != tt.c.Status {
					t.Fatalf("%+v and %v", got, err)
				}
				if diff := cmp.Diff([]skill.Correction{tt.c}, s.corrections); diff != "" {
					t.Errorf("stored (-want +got):\n%s", diff)
				}
				return
			}
			if !errors.Is(err, fault.Invalid) || fault.FieldOf(err) != tt.field || len(s.corrections) != 0 {
				t.Errorf("%v in field %q with %d stored, want invalid in %q", err, fault.FieldOf(err), len(s.corrections), tt.field)
			}
		})
	}
	t.Run("absent", func(t *testing.T) {
		t.Parallel()
		s := &shelf{err: fault.New(fault.NotFound, "unknown-resume", "No such resume.")}
		if _, err := newIntake(t, reader{}, s).Correct(t.Context(), uuid.New(), uuid.New(), tests[0].c); !errors.Is(err, fault.NotFound) {
			t.Errorf("error %v, want the corrector's", err)
		}
	})
}
