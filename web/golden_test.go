package web_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/labelled"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
)

// goldens are labelled resumes and the role that each is held against.
var goldens = map[string]string{
	"01-backend-go-senior":       "senior-backend-engineer",
	"04-data-engineer-senior":    "data-engineer",
	"05-frontend-react-mid":      "full-stack-engineer",
	"07-devops-engineer":         "site-reliability-engineer",
	"17-career-changer-chef":     "software-developer",
	"37-ai-application-engineer": "ai-application-engineer",
}

// TestGoldenReports holds whole reports against files, as JSON and as Markdown. The profiles are those that people marked in the resumes, so
// that what changes in a golden comes from the catalogue, the comparison or the form, and not from how resumes are read.
func TestGoldenReports(t *testing.T) {
	f, err := ready()
	if err != nil {
		t.Fatal(err)
	}
	list, err := labelled.Load(os.DirFS("../skill/testdata/resumes"), func(id string) bool { _, err := f.catalog.Skill(id); return err == nil })
	if err != nil {
		t.Fatal(err)
	}
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	h.promote()
	found := 0
	for _, r := range list {
		role, ok := goldens[r.Name]
		if !ok {
			continue
		}
		found++
		t.Run(r.Name, func(t *testing.T) {
			c := &client{t: t, http: c.http, base: c.base}
			id := h.takeIn(t, c, r)
			path := "/api/v1/resumes/" + id + "/gaps/" + role
			a := c.get(path)
			report := a.report(t)
			fixed := strings.NewReplacer(id, uuid.Nil.String(), report.Run, uuid.Max.String(), report.CatalogVersion, "CATALOGUE", report.Embedder, "VECTORS")
			var b bytes.Buffer
			if err := json.Indent(&b, []byte(fixed.Replace(a.body)), "", "  "); err != nil {
				t.Fatal(err)
			}
			b.WriteByte('\n')
			compareGolden(t, r.Name+".json", b.Bytes())
			compareGolden(t, r.Name+".md", []byte(fixed.Replace(c.get(path, "Accept", "text/markdown").body)))
		})
	}
	if found != len(goldens) {
		t.Errorf("%d of %d resumes were found", found, len(goldens))
	}
}

// takeIn uploads a labelled resume and puts what people marked in it in place of what was read.
func (h *house) takeIn(t *testing.T, c *client, r *labelled.Resume) string {
	t.Helper()
	f, err := ready()
	if err != nil {
		t.Fatal(err)
	}
	a := c.upload("/api/v1/resumes", r.Name+".txt", r.Text)
	var up struct {
		ID uuid.UUID `json:"id"`
	}
	if a.decode(t, &up); a.status != 201 {
		t.Fatal(a.body)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	u := h.uploads[up.ID].thing
	if u.Document.Text != r.Text {
		u.Document.Text = r.Text // offsets count in the text that was marked
	}
	u.Profile = skill.Profile{ExtractorVersion: "labelled", CatalogVersion: f.catalog.Version(), Claims: []skill.Claim{}}
	text := []rune(r.Text)
	for key, level := range r.Levels {
		claim := skill.Claim{Name: strings.TrimPrefix(key, labelled.UnlistedPrefix), Kind: "tool", Level: level, Status: skill.StatusRead, Why: "Judged by a person."}
		if s, err := f.catalog.Skill(key); err == nil {
			claim.ID, claim.Name, claim.Kind = &s.ID, s.Name, string(s.Kind)
		}
		for _, m := range r.Mentions {
			if m.Key == key {
				claim.Mentions = append(claim.Mentions, skill.Mention{SkillID: key, Start: m.Start, End: m.End, Text: string(text[m.Start:m.End]), Page: 1, Section: resume.SectionOther})
			}
		}
		u.Profile.Claims = append(u.Profile.Claims, claim)
	}
	slices.SortFunc(u.Profile.Claims, func(a, b skill.Claim) int { return strings.Compare(a.Name, b.Name) })
	return up.ID.String()
}

func compareGolden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", "reports", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; make update writes it", err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
		t.Errorf("%s (-want +got; make update if it is meant):\n%s", name, diff)
	}
}
