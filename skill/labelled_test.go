package skill_test

import (
	"testing"

	resumes "github.com/gapwise/gapwise/internal/labelled"
)

// Floors of TestLabelledResumes: what must hold over all labelled resumes, and what the rules reached with a little room. A change that falls
// below one of them has made the reader worse.
const (
	floorSkills    = 0.88 // F1 of distinct skills, those that the catalogue lacks too
	floorListed    = 0.90 // F1 of the skills that the catalogue has
	floorWithinOne = 0.90 // share of levels at most one away
	floorExact     = 0.55
)

// TestLabelledResumes goes the product's way from a plain text file to levels over the resumes in which people marked every skill.
// internal/benchskills has the same by half, beside a baseline.
func TestLabelledResumes(t *testing.T) {
	t.Parallel()
	f := newFinder(t)
	var all, listed resumes.Score
	for _, r := range labelledResumes(t) {
		doc, mentions, err := r.Document(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		p := f.Extract(doc, r.AsOf)
		found := resumes.FoundBy(&p)
		all.Add(r.Compare(mentions, found))
		known, marks, kept := r.Listed(mentions, found)
		listed.Add(known.Compare(marks, kept))
	}
	t.Logf("skills: precision %.3f, recall %.3f, F1 %.3f; of the catalogue's F1 %.3f; levels: exact %.3f, within one %.3f, bias %+.2f",
		all.Skills.Precision(), all.Skills.Recall(), all.Skills.F1(), listed.Skills.F1(), all.ExactShare(), all.WithinOneShare(), all.Bias())
	for _, c := range []struct {
		name       string
		got, floor float64
	}{
		{"F1 of skills", all.Skills.F1(), floorSkills},
		{"F1 of the catalogue's skills", listed.Skills.F1(), floorListed},
		{"levels within one", all.WithinOneShare(), floorWithinOne},
		{"exact levels", all.ExactShare(), floorExact},
	} {
		if c.got < c.floor {
			t.Errorf("%s fell to %.3f, below %.2f", c.name, c.got, c.floor)
		}
	}
}
