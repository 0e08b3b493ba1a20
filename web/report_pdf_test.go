package web_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/filetext"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
)

// TestReportOnPaper reads the report back with one reader, which takes some seconds to compile.
func TestReportOnPaper(t *testing.T) {
	x := filetext.New(filetext.Options{CacheDir: t.TempDir(), QueueWait: 5 * time.Minute, Start: 5 * time.Minute, Limit: time.Minute, Memory: 16 << 30})
	t.Cleanup(x.Close)
	reader := resume.NewReader(x)
	t.Run("of a role", func(t *testing.T) { paperOfARole(t, reader) })
	t.Run("of anything", func(t *testing.T) { paperOfAnything(t, reader) })
}

// paperText reads a PDF as a resume is read, and counts its pages.
func paperText(t *testing.T, reader *resume.Reader, data string) (text string, pages int) {
	t.Helper()
	d, err := reader.Read(t.Context(), "report.pdf", []byte(data))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(d.Text), " "), d.Pages
}

func paperOfARole(t *testing.T, reader *resume.Reader) {
	t.Helper()
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	path := "/api/v1/resumes/" + c.resume().String() + "/gaps/senior-backend-engineer"
	r := c.get(path).report(t)
	a := c.get(path, "Accept", "application/pdf")
	for name, other := range map[string]answer{
		"asked again": c.get(path + "?format=pdf"), "of the run": c.get("/api/v1/gap-runs/" + r.Run + "?format=pdf"),
	} {
		if a.status != 200 || other.body != a.body {
			t.Errorf("%s: %d, %d bytes and %d that differ", name, other.status, len(a.body), len(other.body))
		}
	}
	text, pages := paperText(t, reader, a.body)
	wants := []string{
		"Gap report: Senior Backend Engineer", fmt.Sprintf("Readiness %.1f of 100: %s", r.Readiness*100, r.Band), fmt.Sprintf("give or take %.1f points", r.Uncertainty*100),
		r.Run, r.CatalogVersion, r.ExtractorVersion, r.Embedder, fmt.Sprintf("Page 1 of %d", pages), fmt.Sprintf("Page %d of %d", pages, pages), "at 10 hours a week from 24 November 2026",
		"What moves readiness most", "What to do first", "Skills beyond what is asked for", "Missing (", "Have it (", "“PostgreSQL”",
	}
	for _, g := range r.Skills {
		wants = append(wants, strings.Fields(g.Name)...)
	}
	for _, x := range r.Actions {
		wants = append(wants, strings.Fields(x.Text)...)
	}
	for _, x := range r.Next {
		wants = append(wants, strings.Fields(x.Why)...)
	}
	for _, x := range r.Extra {
		wants = append(wants, x.Name+", level "+strconv.Itoa(x.Level))
		for _, id := range x.Roles {
			wants = append(wants, strings.Fields(h.roleName(t, id))...)
		}
	}
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("the paper lacks %q", want)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

// paperOfAnything has sixty rows, words longer than a line and characters that no typeface has all together: everything is on the paper, or a box for it.
func paperOfAnything(t *testing.T, reader *resume.Reader) {
	t.Helper()
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	r := c.get("/api/v1/resumes/" + c.resume().String() + "/gaps/data-engineer").report(t)
	long := strings.Repeat("Zweckverbandsabwasserbeseitigung", 12)
	odd := []string{"plain", long, "数据工程", "بيانات", "🚢 👩‍👩‍👧", "Größe Žižek Łódź Ωμέγα Дом", "a\u0000b\x01\xff(\\)", strings.Repeat("x ", 3000), "", " \t\n"}
	proto := r.Skills[0]
	r.Run, r.Skills = "", nil
	for i := range 60 {
		g := proto
		g.ID, g.Name, g.Priority = fmt.Sprintf("skill-%d", i), fmt.Sprintf("Row%d %s", i, odd[i%len(odd)]), i
		g.Status = []gapanalysis.Status{gapanalysis.Have, gapanalysis.Partial, gapanalysis.Transferable, gapanalysis.Missing}[i%4]
		g.Why = fmt.Sprintf("Why%d %s", i, odd[(i+3)%len(odd)])
		g.Evidence = []skill.Mention{{Start: 1, End: 2, Text: odd[(i+5)%len(odd)], Page: 1}}
		r.Skills = append(r.Skills, g)
	}
	for i, s := range odd {
		r.Extra = append(r.Extra, gapanalysis.Extra{Name: fmt.Sprintf("Extra%d %s", i, s), Level: 2})
		r.Actions = append(r.Actions, gapanalysis.Action{Skill: "go", Text: fmt.Sprintf("Action%d %s", i, s)})
		r.Next = append(r.Next, gapanalysis.Next{Skill: "go", Why: fmt.Sprintf("Next%d %s", i, s)})
	}
	id := h.rewriteRun(t, r)
	a := c.get("/api/v1/gap-runs/" + id + "?format=pdf")
	if a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	for range 5 {
		if again := c.get("/api/v1/gap-runs/" + id + "?format=pdf"); again.body != a.body {
			t.Fatal("another time the bytes are others")
		}
	}
	text, pages := paperText(t, reader, a.body)
	wants := []string{"□", "Größe", "Žižek", "Łódź", "Ωμέγα", "Дом", "(\\)", "continued", fmt.Sprintf("Page %d of %d", pages, pages)}
	for i := range 60 {
		wants = append(wants, fmt.Sprintf("Row%d ", i), fmt.Sprintf("Why%d ", i))
	}
	for i := range odd {
		wants = append(wants, fmt.Sprintf("Extra%d", i), fmt.Sprintf("Action%d", i), fmt.Sprintf("Next%d", i))
	}
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("the paper lacks %q", want)
		}
	}
	joined := strings.ReplaceAll(text, " ", "")
	if n := strings.Count(joined, "Zweckverband"); n < 12*3 {
		t.Errorf("%d of the long word's parts", n)
	}
	for _, form := range []string{"md", "csv", "html"} {
		if a := c.get("/api/v1/gap-runs/" + id + "?format=" + form); a.status != 200 {
			t.Errorf("%s: %d", form, a.status)
		}
	}
}

// TestEveryCharacterOnPaper: no character makes the paper fail, of all that a resume may have.
func TestEveryCharacterOnPaper(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	r := c.get("/api/v1/resumes/" + c.resume().String() + "/gaps/data-engineer").report(t)
	proto := r.Skills[0]
	r.Run, r.Skills = "", nil
	for block := rune(0); block < 0x20000; block += 0x800 {
		var b strings.Builder
		for c := block; c < block+0x800; c++ {
			b.WriteRune(c)
		}
		g := proto
		g.Name, g.Why = fmt.Sprintf("Block %x", block), b.String()
		r.Skills = append(r.Skills, g)
	}
	a := c.get("/api/v1/gap-runs/" + h.rewriteRun(t, r) + "?format=pdf")
	if a.status != 200 || !strings.HasPrefix(a.body, "%PDF-") {
		t.Errorf("%d %.200s", a.status, a.body)
	}
}
