//go:build browser

package browsertest_test

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// page is one page that the tests look at: at every width, light and dark, with and without scripts.
type pageUnderTest struct {
	name   string
	path   func(p *person) string
	status int      // 0 for 200
	guest  bool     // seen by somebody without a session
	budget int      // gzipped bytes of scripts; 0 for those of an ordinary page
	wait   string   // what has to be there before one looks, where there are scripts
	allow  []string // errors of the console that are meant, by a word
}

// at is a path that is the same for everybody.
func at(path string) func(*person) string { return func(*person) string { return path } }

// pages are all of them. A page joins with a line here.
var pages = []pageUnderTest{
	{name: "home-guest", path: at("/"), guest: true},
	{name: "home", path: at("/")},
	{name: "roles", path: at("/career-paths"), guest: true},
	{name: "role-guest", path: at("/career-paths/senior-backend-engineer"), guest: true},
	{name: "role", path: at("/career-paths/senior-backend-engineer")},
	{name: "skill", path: at("/skills/kafka"), guest: true},
	{name: "market", path: at("/market"), guest: true},
	{name: "market-role", path: func(p *person) string { return "/market?role=senior-backend-engineer&resume=" + p.resume }},
	{name: "resume", path: func(p *person) string { return "/resumes/" + p.resume }},
	{name: "resume-pdf", path: func(p *person) string { return "/resumes/" + p.pdf + "?show=read" }},
	{name: "text", path: func(p *person) string { return "/resumes/" + p.resume + "/text?mark=100-120" }},
	{name: "evidence", path: func(p *person) string { return "/resumes/" + p.pdf + "/text?mark=300-330" }, budget: drawing, wait: "[data-drawn]"},
	{name: "gaps", path: func(p *person) string { return "/resumes/" + p.resume + "/gaps/senior-backend-engineer" }},
	{name: "gaps-missing", path: func(p *person) string {
		return "/resumes/" + p.resume + "/gaps/senior-backend-engineer?show=missing&sort=weight&level-kafka=5"
	}},
	{name: "plan", path: func(p *person) string {
		return "/resumes/" + p.resume + "/plan/senior-backend-engineer?weeks_off=2026-12-21"
	}},
	{name: "changes", path: func(p *person) string { return "/resumes/" + p.resume + "/gaps/senior-backend-engineer/changes" }},
	{name: "jobs", path: func(p *person) string { return "/resumes/" + p.resume + "/jobs" }},
	{name: "jobs-none", path: func(p *person) string { return "/resumes/" + p.resume + "/jobs?location=Atlantis&pay=60000" }},
	{name: "jobs-wrong", path: func(p *person) string { return "/resumes/" + p.resume + "/jobs?currency=euros" }, status: http.StatusBadRequest, allow: []string{"400"}},
	{name: "jobs-saved", path: func(p *person) string { return "/resumes/" + p.resume + "/jobs?tab=saved" }},
	{name: "chat", path: func(p *person) string { return p.chat }},
	{name: "chats", path: at("/chat")},
	{name: "chats-guest", path: at("/chat"), guest: true},
	{name: "memory-guest", path: at("/me/memory"), guest: true},
	{name: "reviews", path: at("/me/reviews")},
	{name: "me", path: at("/me")},
	{name: "usage", path: at("/usage")},
	{name: "erase", path: at("/me/delete")},
	{name: "problem", path: at("/nowhere"), guest: true, status: http.StatusNotFound, allow: []string{"404"}},
}

// The bounds of the project's plan.
const (
	scriptBytes = 20 << 10  // of an ordinary page, gzipped
	drawing     = 700 << 10 // of the page that draws a PDF
	pageBytes   = 100 << 10 // of a page with all that it loads, before images
	paint       = 300       // ms to the first contentful paint of a warm page
)

// TestPages looks at every page.
func TestPages(t *testing.T) {
	p := newPerson(t)
	for _, u := range pages {
		t.Run(u.name, func(t *testing.T) {
			if u.status == 0 {
				u.status = http.StatusOK
			}
			for _, width := range []int{1280, 360} {
				for _, scripts := range []bool{true, false} {
					look(t, u, p, width, scripts)
				}
			}
		})
	}
}

// look opens a page in one way and holds it against everything that holds for all.
func look(t *testing.T, u pageUnderTest, p *person, width int, scripts bool) {
	t.Helper()
	b := newTab(t, width, scripts)
	if !u.guest {
		b.visit(p)
	}
	where := strconv.Itoa(width)
	if !scripts {
		where += "-noscript"
	}
	if got := b.open(u.path(p)); got != u.status {
		t.Fatalf("%s: status %d, want %d", where, got, u.status)
	}
	if scripts && u.wait != "" {
		b.run(chromedp.WaitReady(chromedp.CSS(u.wait)))
	}
	b.scheme("light")
	b.screen(u.name + "-" + where + "-light")
	if scripts {
		b.axe(where, wcag)
		b.scheme("dark")
		b.screen(u.name + "-" + where + "-dark")
		b.axe(where+"-dark", `["color-contrast", "link-in-text-block"]`) // all else is the same in the dark
	}
	b.fits(where)
	if width < 600 {
		b.resize(320)
		b.fits("320")
	}
	b.quiet(append(u.allow, "/favicon")...)
}

// TestHTML holds the markup of every page against html-validate.
func TestHTML(t *testing.T) {
	p := newPerson(t)
	for _, u := range pages {
		body := p.get(t, u.path(p), u.guest)
		if err := os.WriteFile(filepath.Join(artefacts, "html", u.name+".html"), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "node_modules/.bin/html-validate", "--config", ".htmlvalidate.json", "--formatter", "stylish")
	for _, u := range pages {
		cmd.Args = append(cmd.Args, filepath.Join("internal/browsertest", artefacts, "html", u.name+".html"))
	}
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// measured is what a page cost.
type measured struct {
	Page    string `json:"page"`
	Paint   int    `json:"first_contentful_paint_ms"` // the median of five, warm
	HTML    int    `json:"html_bytes"`                // gzipped, as the others
	Scripts int    `json:"script_bytes"`
	Total   int    `json:"total_bytes"`
}

// TestWeight measures what pages cost, and keeps the figures.
func TestWeight(t *testing.T) {
	p := newPerson(t)
	var all []measured
	for _, u := range pages {
		if u.status >= 400 {
			continue
		}
		b := newTab(t, 1280, true)
		if !u.guest {
			b.visit(p)
		}
		m := measured{Page: u.name}
		b.open(u.path(p)) // with an empty cache, so that every byte is seen
		type entry struct {
			Type string `json:"type"`
			Name string `json:"name"`
			Size int    `json:"size"`
		}
		for _, e := range eval[[]entry](b, `[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].map((e) => ({type: e.initiatorType, name: e.name, size: e.encodedBodySize}))`) {
			switch {
			case e.Type == "navigation":
				m.HTML += e.Size
			case e.Type == "script" || strings.Contains(e.Name, ".js?") || strings.Contains(e.Name, ".mjs"):
				m.Scripts += e.Size
			case strings.Contains(e.Name, ".svg") || e.Type == "img":
				continue
			}
			m.Total += e.Size
		}
		var times []int
		for range 5 {
			b.open(u.path(p))
			times = append(times, eval[int](b, `new Promise((done) => { const look = () => { const e = performance.getEntriesByName("first-contentful-paint")[0]; if (e) done(Math.round(e.startTime)); else setTimeout(look, 20); }; look(); })`))
		}
		slices.Sort(times)
		m.Paint = times[len(times)/2]
		all = append(all, m)
		budget := u.budget
		if budget == 0 {
			budget = scriptBytes
		}
		if m.Scripts > budget || m.Total-m.Scripts+min(m.Scripts, scriptBytes) > pageBytes {
			t.Errorf("%s is too heavy: %+v", u.name, m)
		}
		if m.Paint > paint {
			t.Logf("%s: %d ms to the first paint, over the %d that are wanted of a quiet machine", u.name, m.Paint, paint)
		}
	}
	b, err := json.MarshalIndent(all, "", "  ")
	if err == nil {
		err = os.WriteFile(filepath.Join(artefacts, "weight.json"), append(b, '\n'), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		t.Logf("%-12s paint %3d ms, HTML %6d, scripts %6d, all %6d bytes", m.Page, m.Paint, m.HTML, m.Scripts, m.Total)
	}
}
