package postgres_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/internal/ident"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
)

// correct stores a person's word.
func (d *tiny) correct(t *testing.T, person, id uuid.UUID, of string, status skill.Status, level int, note string) {
	t.Helper()
	if _, err := d.Correct(t.Context(), person, id, skill.Correction{Skill: of, Level: &level, Status: status, Note: note}); err != nil {
		t.Fatal(err)
	}
}

// told are the claims of a stored resume as the tests compare them, with the levels that were read.
func (d *tiny) told(t *testing.T, person, id uuid.UUID) []string {
	t.Helper()
	u, err := d.Upload(t.Context(), person, id)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for i, c := range u.Profile.Claims {
		read := d.count(t, `select read_level from resume_claims where resume_id = $1 and position = $2`, id, i)
		out = append(out, fmt.Sprintf("%s %d (read %d) %s %q %d", c.Name, c.Level, read, c.Status, c.Note, len(c.Mentions)))
	}
	return out
}

// reading is rust() with another id and other claims, as a later version of the rules might read it.
func reading(claims ...skill.Claim) *skill.Upload {
	u := rust()
	u.ID = ident.New()
	u.Profile.ExtractorVersion = "rules-y"
	u.Profile.Claims = claims
	return u
}

func claimOf(id string, level int) skill.Claim {
	return skill.Claim{
		ID: &id, Name: id, Kind: "language", Level: level, Why: "Read.", Status: skill.StatusRead,
		Mentions: []skill.Mention{{SkillID: id, Start: 7, End: 11, Text: "Rust", Page: 1, Section: resume.SectionSkills}},
	}
}

func TestRereadingKeepsWhatThePersonSaid(t *testing.T) {
	d := newTiny(t)
	person := newPerson(t, d.DB)
	u := d.keep(t, person)
	d.correct(t, person, u.ID, "rust", skill.StatusConfirmed, 5, "mine")
	d.correct(t, person, u.ID, "cooking", skill.StatusRejected, 2, "")

	again := func(claims ...skill.Claim) {
		t.Helper()
		r := reading(claims...)
		r.ID = u.ID
		if err := d.SaveReading(t.Context(), person, r, "tiny", embeddings.Vector{0, 1, 0}); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []struct {
		name   string
		claims []skill.Claim
		want   []string
	}{
		{"other levels", []skill.Claim{claimOf("go", 3), claimOf("rust", 2), claimOf("cooking", 3)}, []string{`go 3 (read 3) read "" 1`, `rust 5 (read 2) confirmed "mine" 1`, `cooking 2 (read 3) rejected "" 1`}},
		{"found no more", []skill.Claim{claimOf("go", 2)}, []string{`go 2 (read 2) read "" 1`, `rust 5 (read 0) confirmed "mine" 1`, `cooking 2 (read 0) rejected "" 1`}},
		{"found again", []skill.Claim{claimOf("cooking", 4), claimOf("rust", 3)}, []string{`cooking 2 (read 4) rejected "" 1`, `rust 5 (read 3) confirmed "mine" 1`}},
	} {
		again(step.claims...)
		if diff := cmp.Diff(step.want, d.told(t, person, u.ID)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
	}
	back, err := d.Upload(t.Context(), person, u.ID)
	if err != nil || back.Profile.ExtractorVersion != "rules-y" || string(back.File) != string(u.File) || !back.CreatedAt.Equal(u.CreatedAt) {
		t.Errorf("the resume after it: %+v, %v", back, err)
	}
	if n := d.count(t, `select count(*) from resume_vectors where resume_id = $1`, u.ID); n != 1 {
		t.Errorf("%d vectors of the resume, want one", n)
	}
}

func TestCorrectionsFollowTheResume(t *testing.T) {
	d := newTiny(t)
	owner, stranger := newPerson(t, d.DB), newPerson(t, d.DB)
	named := func(u *skill.Upload, file, name, mail string) *skill.Upload {
		u.File = []byte(file)
		for kind, text := range map[resume.PersonalKind]string{resume.PersonalName: name, resume.PersonalEmail: mail} {
			if text != "" {
				u.Document.Personal = append(u.Document.Personal, resume.Personal{Kind: kind, Text: text})
			}
		}
		return u
	}
	save := func(person uuid.UUID, u *skill.Upload) {
		t.Helper()
		if err := d.SaveUpload(t.Context(), person, u, "tiny", embeddings.Vector{1, 0, 0}); err != nil {
			t.Fatal(err)
		}
	}
	first := named(reading(claimOf("rust", 3), claimOf("go", 3)), "one", "Jo Doe", "jo@example.org")
	save(owner, first)
	d.correct(t, owner, first.ID, "rust", skill.StatusRejected, 3, "no")
	d.correct(t, owner, first.ID, "go", skill.StatusConfirmed, 5, "yes")

	fresh := []string{`rust 2 (read 2) read "" 1`, `sql 2 (read 2) read "" 1`}
	carried := []string{`rust 3 (read 2) rejected "no" 1`, `sql 2 (read 2) read "" 1`}
	for _, tt := range []struct {
		name   string
		person uuid.UUID
		file   string
		who    [2]string
		want   []string
	}{
		{"the same file", owner, "one", [2]string{}, carried},
		{"a later version by its address", owner, "two", [2]string{"Joanna Doe", "JO@example.org"}, carried},
		{"a later version by its name", owner, "three", [2]string{"Jo  Doe", ""}, carried},
		{"of the same name at another address", owner, "four", [2]string{"Jo Doe", "jo@example.com"}, fresh},
		{"of somebody else", owner, "five", [2]string{"Max Roe", ""}, fresh},
		{"of nobody named", owner, "six", [2]string{}, fresh},
		{"the same file of another account", stranger, "one", [2]string{"Jo Doe", "jo@example.org"}, fresh},
	} {
		u := named(reading(claimOf("rust", 2), claimOf("sql", 2)), tt.file, tt.who[0], tt.who[1])
		save(tt.person, u)
		if diff := cmp.Diff(tt.want, d.told(t, tt.person, u.ID)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if u.Profile.Claims[0].Status != skill.StatusRead != (tt.want[0] == carried[0]) {
			t.Errorf("%s: the upload itself says %s", tt.name, u.Profile.Claims[0].Status)
		}
		if err := d.DeleteUpload(t.Context(), tt.person, u.ID); err != nil { // so that only the first has corrections
			t.Fatal(err)
		}
	}
}
