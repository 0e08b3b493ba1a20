package postgres_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/internal/ident"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
)

// TestPersonalIsOfAllResumes: what any resume of a person says of who they are is known, each text once.
func TestPersonalIsOfAllResumes(t *testing.T) {
	d := newTiny(t)
	person := newPerson(t, d.DB)
	if list, err := d.Personal(t.Context(), person); err != nil || len(list) != 0 {
		t.Errorf("without a resume there is %v, %v", list, err)
	}
	name := resume.Personal{Kind: resume.PersonalName, Text: "Ada Muster", Span: [2]int{0, 10}}
	for _, doc := range []*resume.Document{
		{Personal: []resume.Personal{name, {Kind: resume.PersonalEmail, Text: "ada@mailbox.example", Span: [2]int{11, 30}}}},
		{Personal: []resume.Personal{name, {Kind: resume.PersonalPhone, Text: "+49 30 5550147", Span: [2]int{11, 25}}}},
		{}, // as readers before personal data left it
	} {
		u := &skill.Upload{ID: ident.New(), FileName: "r.txt", MediaType: "text/plain", File: []byte("x"), Document: doc, CreatedAt: noon}
		if err := d.SaveUpload(t.Context(), person, u, "tiny", embeddings.Vector{1, 0, 0}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := d.Personal(t.Context(), person)
	if err != nil {
		t.Fatal(err)
	}
	want := []resume.Personal{{Kind: "email", Text: "ada@mailbox.example"}, {Kind: "name", Text: "Ada Muster"}, {Kind: "phone", Text: "+49 30 5550147"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
