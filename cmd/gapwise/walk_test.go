package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/filetext/pdftest"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
)

// walkResume is the resume of the walk as a PDF, made from the text in testdata.
func walkResume(t *testing.T) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/resume.txt")
	if err != nil {
		t.Fatal(err)
	}
	return pdftest.Build(pdftest.Page{Texts: pdftest.Column(50, 740, strings.Split(strings.TrimSpace(string(text)), "\n")...)})
}

type uploaded struct {
	ID        string            `json:"id"`
	Pages     int               `json:"pages"`
	Words     int               `json:"words"`
	Sections  []resume.Section  `json:"sections"`
	Positions []resume.Position `json:"positions"`
	Skills    []skill.Claim     `json:"skills"`
}

func (u uploaded) skill(id string) (skill.Claim, bool) {
	i := slices.IndexFunc(u.Skills, func(c skill.Claim) bool { return c.ID != nil && *c.ID == id })
	if i < 0 {
		return skill.Claim{}, false
	}
	return u.Skills[i], true
}

// TestWalk goes through every room over HTTP: catalogue, resume, skills, vectors, gaps, matches, tutor, budgets, pages, and out again.
func TestWalk(t *testing.T) {
	s := start(t, nil)
	g := s.guest()

	var roles struct {
		Roles []struct{ ID string }
	}
	g.json(http.MethodGet, "/api/v1/roles", nil, http.StatusOK, &roles)
	if len(roles.Roles) < 8 {
		t.Errorf("%d roles, want at least 8", len(roles.Roles))
	}
	var related struct {
		Related []struct {
			Role   string
			Shared float64
		}
	}
	g.json(http.MethodGet, "/api/v1/roles/senior-backend-engineer/related", nil, http.StatusOK, &related)
	if len(related.Related) == 0 || related.Related[0].Role != "backend-engineer" || related.Related[0].Shared <= 0.4 {
		t.Errorf("related to the senior backend engineer: %+v, want the backend engineer first, over .4", related.Related)
	}

	u := walkUpload(t, g)
	walkGaps(t, g, u)
	walkJobs(t, g, u)
	walkTutor(t, g, u)
	walkOwnership(t, s, g, u)
	walkPages(t, s)
	walkErase(t, g, u)
}

func walkUpload(t *testing.T, g *guest) uploaded {
	t.Helper()
	status, body := g.upload("Ines Albrecht.pdf", walkResume(t))
	if status != http.StatusCreated {
		t.Fatalf("upload: %d %s", status, body)
	}
	var u uploaded
	if err := json.Unmarshal(body, &u); err != nil {
		t.Fatal(err)
	}
	if u.Pages != 1 || len(u.Positions) != 2 {
		t.Errorf("%d pages and %d positions, want 1 and 2: %+v", u.Pages, len(u.Positions), u.Positions)
	}
	for id, level := range map[string]int{"go": 3, "postgresql": 3, "kafka": 3, "java": 2, "spring-boot": 2, "rabbitmq": 2} {
		if c, ok := u.skill(id); !ok || c.Level < level {
			t.Errorf("%s: level %d, want at least %d", id, c.Level, level)
		}
	}
	if c, ok := u.skill("cassandra"); ok {
		t.Errorf("cassandra was found, though the resume denies it: %+v", c.Mentions)
	}
	if c, ok := u.skill("rust"); ok && c.Level > 1 {
		t.Errorf("rust is at level %d, though the resume only wishes for it", c.Level)
	}
	var text struct{ Text string }
	g.json(http.MethodGet, "/api/v1/resumes/"+u.ID+"/text", nil, http.StatusOK, &text)
	runes := []rune(text.Text)
	for _, c := range u.Skills {
		for _, m := range c.Mentions {
			if got := string(runes[m.Start:m.End]); got != m.Text {
				t.Errorf("%s: text[%d:%d] is %q, the mention says %q", c.Name, m.Start, m.End, got, m.Text)
			}
		}
	}
	return u
}

func walkGaps(t *testing.T, g *guest, u uploaded) {
	t.Helper()
	path := "/api/v1/resumes/" + u.ID + "/gaps/senior-backend-engineer"
	var report, again, faster gapanalysis.Report
	g.json(http.MethodGet, path, nil, http.StatusOK, &report)
	g.json(http.MethodGet, path, nil, http.StatusOK, &again)
	g.json(http.MethodGet, path+"?hours_per_week=20", nil, http.StatusOK, &faster)
	sum := 0.0
	for _, s := range report.Skills {
		sum += s.Weight * s.Credit
	}
	if d := sum - report.Readiness; d > 0.001 || d < -0.001 {
		t.Errorf("readiness %.3f is not the sum of weight times credit, %.3f", report.Readiness, sum)
	}
	if report.Readiness < 0.2 || report.Readiness > 0.95 || len(report.Next) == 0 || report.Embedder == "" {
		t.Errorf("readiness %.2f, %d next steps, embedder %q", report.Readiness, len(report.Next), report.Embedder)
	}
	if a, b := mustJSON(t, report), mustJSON(t, again); !bytes.Equal(a, b) {
		t.Errorf("the same report twice differs:\n%s\n%s", a, b)
	}
	if faster.ReadyOn >= report.ReadyOn {
		t.Errorf("ready on %s at 20 h a week, %s at 10", faster.ReadyOn, report.ReadyOn)
	}
	// A person's word stands above what was read.
	g.json(http.MethodPatch, "/api/v1/resumes/"+u.ID+"/skills/kafka", map[string]any{"status": "rejected", "note": "only read about it"}, http.StatusOK, nil)
	var rejected gapanalysis.Report
	g.json(http.MethodGet, path, nil, http.StatusOK, &rejected)
	if rejected.Readiness >= report.Readiness {
		t.Errorf("readiness %.3f after Kafka was rejected, %.3f before", rejected.Readiness, report.Readiness)
	}
	g.json(http.MethodPatch, "/api/v1/resumes/"+u.ID+"/skills/kafka", map[string]any{"status": "confirmed", "level": 4}, http.StatusOK, nil)
	status, _, ics := g.do(http.MethodGet, "/api/v1/resumes/"+u.ID+"/plan/senior-backend-engineer.ics", "", nil, nil)
	if status != http.StatusOK || !bytes.HasPrefix(ics, []byte("BEGIN:VCALENDAR\r\n")) || bytes.Count(ics, []byte("BEGIN:VEVENT")) != 3 {
		t.Errorf("the calendar: %d %s", status, ics)
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func walkJobs(t *testing.T, g *guest, u uploaded) {
	t.Helper()
	var ranked struct{ Roles []gapanalysis.RoleScore }
	g.json(http.MethodGet, "/api/v1/resumes/"+u.ID+"/roles", nil, http.StatusOK, &ranked)
	if len(ranked.Roles) < 8 || !strings.Contains(ranked.Roles[0].ID, "backend") || len(ranked.Roles[0].Reasons) == 0 {
		t.Errorf("the first role for a backend engineer is %+v", ranked.Roles[:1])
	}
	var jobs struct{ Matches []gapanalysis.Match }
	g.json(http.MethodGet, "/api/v1/resumes/"+u.ID+"/jobs?limit=10", nil, http.StatusOK, &jobs)
	if len(jobs.Matches) != 10 {
		t.Fatalf("%d matches, want 10", len(jobs.Matches))
	}
	for i, m := range jobs.Matches {
		if len(m.Reasons) == 0 || !m.Sample {
			t.Errorf("match %d has %d reasons, sample %v", i, len(m.Reasons), m.Sample)
		}
		if i > 0 && m.Score > jobs.Matches[i-1].Score {
			t.Errorf("match %d scores above the one before", i)
		}
	}
	g.json(http.MethodGet, "/api/v1/resumes/"+u.ID+"/jobs?remote=yes", nil, http.StatusOK, &jobs)
	for _, m := range jobs.Matches {
		if m.Remote != "yes" {
			t.Errorf("%s is %q remote, want yes", m.Title, m.Remote)
		}
	}
}

func walkTutor(t *testing.T, g *guest, u uploaded) {
	t.Helper()
	var conversation struct{ ID string }
	g.json(http.MethodPost, "/api/v1/tutor/conversations",
		map[string]any{"role": "senior-backend-engineer", "phase": "system-design-depth", "resume_id": u.ID}, http.StatusCreated, &conversation)
	status, header, body := g.do(http.MethodPost, "/api/v1/tutor/conversations/"+conversation.ID+"/messages", "application/json",
		jsonBody(`{"content":"What should I do first?"}`), nil)
	if status != http.StatusOK || header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("the tutor: %d %s %s", status, header.Get("Content-Type"), body)
	}
	var events []string
	var said strings.Builder
	for lines := bufio.NewScanner(bytes.NewReader(body)); lines.Scan(); {
		if e, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			events = append(events, e)
		}
		if d, ok := strings.CutPrefix(lines.Text(), "data: "); ok && events[len(events)-1] == "delta" {
			var delta struct{ Text string }
			if err := json.Unmarshal([]byte(d), &delta); err != nil {
				t.Errorf("a delta is no JSON: %s", d)
			}
			said.WriteString(delta.Text)
		}
	}
	if !slices.Contains(events, "citation") || len(events) < 4 || events[len(events)-1] != "done" || events[len(events)-2] != "usage" {
		t.Errorf("events %v, want citations and deltas, then usage, then done", events)
	}
	if !strings.Contains(strings.ToLower(said.String()), "no language model") {
		t.Errorf("the tutor without a model does not say so: %s", said.String())
	}
	var usage struct {
		Budgets []struct{ Spent string }
	}
	g.json(http.MethodGet, "/api/v1/usage", nil, http.StatusOK, &usage)
	for _, b := range usage.Budgets {
		if b.Spent != "0.00" {
			t.Errorf("retrieval cost %s", b.Spent)
		}
	}
	g.json(http.MethodPut, "/api/v1/progress/senior-backend-engineer/milestones/nothing-like-it", map[string]any{"status": "done"}, http.StatusNotFound, nil)
}

// walkOwnership tries everything of one person as another, and as nobody.
func walkOwnership(t *testing.T, s *service, g *guest, u uploaded) {
	t.Helper()
	other, nobody := s.guest(), &guest{service: s}
	for _, path := range []string{"", "/text", "/file", "/roles", "/jobs", "/gaps/backend-engineer", "/plan/backend-engineer"} {
		other.json(http.MethodGet, "/api/v1/resumes/"+u.ID+path, nil, http.StatusNotFound, nil)
		nobody.json(http.MethodGet, "/api/v1/resumes/"+u.ID+path, nil, http.StatusUnauthorized, nil)
	}
	other.json(http.MethodDelete, "/api/v1/resumes/"+u.ID, nil, http.StatusNotFound, nil)
	other.json(http.MethodPost, "/api/v1/tutor/conversations", map[string]any{"role": "backend-engineer", "resume_id": u.ID}, http.StatusNotFound, nil)
	other.json(http.MethodPost, "/api/v1/postings", nil, http.StatusForbidden, nil)
	g.json(http.MethodGet, "/api/v1/resumes/"+u.ID+"/gaps/astronaut", nil, http.StatusNotFound, nil)
	var problem struct{ Code, Field string }
	g.json(http.MethodPost, "/api/v1/tutor/conversations", map[string]any{"role": "backend-engineer", "mood": "good"}, http.StatusBadRequest, &problem)
	if problem.Code != "unknown-field" || problem.Field != "mood" {
		t.Errorf("an unknown field: %+v", problem)
	}
}

// inlineScript is a script that stands in a page: only files of ours and data are allowed to.
var inlineScript = regexp.MustCompile(`<script(?: type="module")?>|<script [^>]*src="(?:https?:)?//|\son[a-z]+="`)

func walkPages(t *testing.T, s *service) {
	t.Helper()
	nobody := &guest{service: s}
	for _, path := range []string{"/", "/career-paths", "/career-paths/senior-backend-engineer"} {
		status, header, body := nobody.do(http.MethodGet, path, "", nil, map[string]string{"Accept": "text/html"})
		if status != http.StatusOK || !strings.HasPrefix(header.Get("Content-Type"), "text/html") || !bytes.Contains(body, []byte("<h1")) || inlineScript.Match(body) {
			t.Errorf("%s: %d %s, %d bytes; want a page with a heading and no script of its own", path, status, header.Get("Content-Type"), len(body))
		}
	}
}

func walkErase(t *testing.T, g *guest, u uploaded) {
	t.Helper()
	var export struct {
		Resumes []struct{ ID string }
	}
	g.json(http.MethodGet, "/api/v1/me/export", nil, http.StatusOK, &export)
	if len(export.Resumes) != 1 || export.Resumes[0].ID != u.ID {
		t.Errorf("the export has %+v", export.Resumes)
	}
	if status, _, b := g.do(http.MethodDelete, "/api/v1/me", "", nil, nil); status != http.StatusNoContent {
		t.Errorf("DELETE /me: %d %s", status, b)
	}
	g.json(http.MethodGet, "/api/v1/resumes/"+u.ID, nil, http.StatusUnauthorized, nil)
}

// TestBadUploads sends what no report may be made from.
func TestBadUploads(t *testing.T) {
	g := start(t, nil).guest()
	pages := make([]pdftest.Page, 101)
	for i := range pages {
		pages[i].Texts = pdftest.Column(50, 740, "Engineer")
	}
	tests := []struct {
		name   string
		data   []byte
		status int
		code   string
	}{
		{"empty", nil, http.StatusUnprocessableEntity, "empty"},
		{"over 10 MB", bytes.Repeat([]byte("resume "), 1_500_001), http.StatusRequestEntityTooLarge, "too-large"},
		{"a picture", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01"), http.StatusUnsupportedMediaType, "unsupported"},
		{"broken", []byte("%PDF-1.7\nnothing that a parser could open"), http.StatusUnprocessableEntity, "broken"},
		{"no text", pdftest.Build(pdftest.Page{}), http.StatusUnprocessableEntity, "no-text"},
		{"over 100 pages", pdftest.Build(pages...), http.StatusUnprocessableEntity, "too-many-pages"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, body := g.upload("resume.pdf", tt.data)
			var p struct{ Code, Detail string }
			if err := json.Unmarshal(body, &p); err != nil {
				t.Fatalf("%d %s", status, body)
			}
			if status != tt.status || p.Code != tt.code || p.Detail == "" {
				t.Errorf("%d %+v, want %d %s", status, p, tt.status, tt.code)
			}
		})
	}
	var list struct{ Resumes []json.RawMessage }
	g.json(http.MethodGet, "/api/v1/resumes", nil, http.StatusOK, &list)
	if len(list.Resumes) != 0 {
		t.Errorf("%d resumes are kept of files that were refused", len(list.Resumes))
	}
}
