package web_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/gateway"
)

// inSteps are the headers of a page that shows an upload step by step.
func inSteps(more ...string) []string {
	return append([]string{"Accept", "text/html, text/event-stream", "HX-Request", "true"}, more...)
}

// told is what a stream of a page said, by event; those that are drawn have no name.
func told(t *testing.T, a answer) map[string][]string {
	t.Helper()
	if got := a.header.Get("Content-Type"); a.status != 200 || got != "text/event-stream" {
		t.Fatalf("%d %s: %.300s", a.status, got, a.body)
	}
	out := map[string][]string{}
	for block := range strings.SplitSeq(strings.TrimSuffix(a.body, "\n\n"), "\n\n") {
		name, data := "", []string{}
		for line := range strings.SplitSeq(block, "\n") {
			if n, ok := strings.CutPrefix(line, "event: "); ok {
				name = n
			}
			if d, ok := strings.CutPrefix(line, "data: "); ok {
				data = append(data, d)
			}
		}
		out[name] = append(out[name], strings.Join(data, "\n"))
	}
	return out
}

// An upload tells of each step, and ends where what was read is shown.
func TestUploadInSteps(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	said := told(t, c.upload("/resumes", "maya.txt", mayasResume, inSteps()...))
	want := []string{"Receive the file: done", "Open it: done", "Read its text: done", "Find sections and positions: done", "Find skills: done", "Keep it for you: done"}
	if diff := cmp.Diff(want, said["gapwise:step"]); diff != "" {
		t.Errorf("said aloud (-want +got):\n%s", diff)
	}
	for i, drawn := range said[""] {
		if got := strings.Count(drawn, `class="done"`); got != i+1 {
			t.Errorf("drawing %d shows %d steps as done", i, got)
		}
	}
	if len(said[""]) != len(want) || len(said["gapwise:go"]) != 1 {
		t.Fatalf("%d drawings, and goes to %q", len(said[""]), said["gapwise:go"])
	}
	if a := c.page(said["gapwise:go"][0]); a.status != 200 || !strings.Contains(a.body, "PostgreSQL") {
		t.Errorf("where it leads: %d", a.status)
	}
	again := told(t, c.upload("/resumes", "maya.txt", mayasResume, inSteps("Accept-Language", "de")...))
	if got := again["gapwise:step"][0]; got != "Datei annehmen: fertig" {
		t.Errorf("in German: %q", got)
	}
}

// A refusal shows at which step, and what to do.
func TestUploadInStepsIsRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		content  string
		language string
		done     int
		want     string
	}{
		"a picture":           {"\x89PNG\r\n\x1a\n", "en", 1, "Save or export the resume as PDF"},
		"a picture in German": {"\x89PNG\r\n\x1a\n", "de", 1, "exportieren Sie den Lebenslauf als PDF"},
		"nothing in Spanish":  {"", "es", 1, "Elíjalo otra vez"},
		"no text":             {" \n\t\n", "en", 1, "There is no text in the file"},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, nil, gateway.DefaultCaps)
			a := h.newClient(t).upload("/resumes", "a", tt.content, inSteps("Accept-Language", tt.language)...)
			said := told(t, a)
			last := said[""][len(said[""])-1]
			if !strings.Contains(last, tt.want) || !strings.Contains(last, `role="alert"`) || strings.Count(last, `class="failed"`) != 1 || strings.Count(last, `class="done"`) != tt.done {
				t.Errorf("the last drawing: %s", last)
			}
			if len(said["gapwise:go"]) != 0 {
				t.Error("it leads on")
			}
		})
	}
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	large := c.upload("/resumes", "a.txt", strings.Repeat("x", 10<<20+1), inSteps()...)
	if large.status != 413 || !strings.Contains(large.body, "The file is too large") || strings.Contains(large.body, "<html") || !strings.Contains(large.body, `class="failed"`) {
		t.Errorf("too large: %d %.300s", large.status, large.body)
	}
	if a := c.page("/usage"); a.status != 401 {
		t.Errorf("who sent too much has a session: %d", a.status)
	}
}

// Who set answers to come at once gets no stream, and no page that would ask for one.
func TestUploadAtOnce(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	c.form("/settings", "streaming", "no", "to", "/")
	if a := c.upload("/resumes", "maya.txt", mayasResume, inSteps()...); a.status != 303 || !strings.HasPrefix(a.header.Get("Location"), "/resumes/") {
		t.Errorf("upload: %d", a.status)
	}
	if strings.Contains(c.page("/").body, "hx-post") {
		t.Error("the form asks for a stream")
	}
}

// Skills are chosen by what the person said of them, and a correction leads back to the same choice.
func TestSkillsByStatus(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	own := "/resumes/" + c.resume().String()
	if a := c.form(own+"/skills/go?show=read", "status", "confirmed", "level", "5"); a.header.Get("Location") != own+"?show=read#skill-go" {
		t.Errorf("a correction leads to %s", a.header.Get("Location"))
	}
	c.form(own+"/skills/redis", "status", "rejected", "level", "3")
	shows := func(query string) (in, out bool) {
		n := parse(t, c.page(own+query))
		return byID(n, "skill-go") != nil, byID(n, "skill-redis") != nil
	}
	for query, want := range map[string][2]bool{"": {true, true}, "?show=confirmed": {true, false}, "?show=rejected": {false, true}, "?show=read": {false, false}, "?show=nonsense": {true, true}, "?show=demonstrated": {false, false}} {
		if confirmed, rejected := shows(query); confirmed != want[0] || rejected != want[1] {
			t.Errorf("%q: the accepted one %t, the other %t", query, confirmed, rejected)
		}
	}
	if a := c.page(own + "?show=demonstrated"); !strings.Contains(a.body, "No skill is in this state.") {
		t.Error("an empty choice says nothing")
	}
	part := c.do("GET", own+"?show=read", nil, "Accept", "text/html", "HX-Request", "true")
	if strings.Contains(part.body, "<html") || !strings.HasPrefix(strings.TrimSpace(part.body), `<section id="skills"`) {
		t.Errorf("htmx gets %.80s", part.body)
	}
}

// A level and its years lead to words of the text.
func TestEvidenceOfLevels(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	own := "/resumes/" + c.resume().String()
	card := byID(parse(t, c.page(own)), "skill-postgresql")
	places := 0
	for _, a := range all(card, "a") {
		to := attr(a, "href")
		m := regexp.MustCompile(`/text\?mark=(\d+)-\d+#(at-\d+)$`).FindStringSubmatch(to)
		if m == nil {
			continue
		}
		places++
		n := parse(t, c.page(to))
		if mark := byID(n, m[2]); mark == nil || textOf(mark) == "" {
			t.Errorf("%s: nothing is marked", to)
		}
		if !strings.Contains(textOf(all(n, "h1")[0]), "Where this was read") {
			t.Errorf("%s: not about these words", to)
		}
	}
	if places < 3 { // level, years and a quote
		t.Errorf("%d links to evidence", places)
	}
}

// A resume is compared with a description, and what is refused stays in the form.
func TestCompareForm(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	own := "/resumes/" + c.resume().String()
	a := c.form(own+"/compare", "text", "We look for somebody with strong Go and PostgreSQL, and some Kafka.", "url", "")
	if a.status != 303 || !strings.HasPrefix(a.header.Get("Location"), "/gap-runs/") {
		t.Fatalf("compared: %d to %q", a.status, a.header.Get("Location"))
	}
	if report := c.page(a.header.Get("Location")); report.status != 200 || !strings.Contains(report.body, "Apache Kafka") {
		t.Errorf("the report: %d", report.status)
	}
	for name, tt := range map[string]struct{ text, url, field string }{
		"nothing":    {"", "", "text"},
		"too little": {"Go", "", "text"},
		"no skills":  {strings.Repeat("We are a friendly place to be. ", 5), "", "text"},
		"both":       {"We look for somebody with strong Go.", "https://example.org", "url"},
		"no page":    {"", "https://example.org/gone", "url"},
	} {
		t.Run(name, func(t *testing.T) {
			a := c.form(own+"/compare", "text", tt.text, "url", tt.url)
			n := parse(t, a)
			checkPage(t, name, n)
			field := byID(n, tt.field)
			if a.status < 400 || field == nil || !has(field, "aria-invalid") {
				t.Errorf("%d, and %s is not marked", a.status, tt.field)
			}
			if got := textOf(byID(n, "text")); strings.TrimSpace(got) != strings.TrimSpace(tt.text) || attr(byID(n, "url"), "value") != tt.url {
				t.Errorf("what was sent is gone: %q", got)
			}
		})
	}
	stranger := h.newClient(t)
	stranger.resume()
	if a := stranger.form(own+"/compare", "text", "We look for somebody with strong Go and PostgreSQL, and some Kafka."); a.status != 404 {
		t.Errorf("a stranger: %d", a.status)
	}
}

// A resume in which nothing is found says what to do about it.
func TestResumeWithNothing(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	a := c.upload("/resumes", "a.txt", "Maya Fernström likes long walks.", "Accept", "text/html")
	n := parse(t, c.page(a.header.Get("Location")))
	checkPage(t, "nothing", n)
	text := textOf(all(n, "main")[0])
	for _, want := range []string{"No skill of the catalogue was found", "export the resume again", "No dated position was found"} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q", want)
		}
	}
	if byID(n, "text") == nil || byID(n, "role") == nil {
		t.Error("there is nothing to compare it with")
	}
}

// The text names the addresses of no scripts but those of its own build, and a policy that lets a worker run only where a page is drawn.
func TestTextHasNoWorkerOfItsOwn(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	a := c.page("/resumes/" + c.resume().String() + "/text")
	if strings.Contains(a.header.Get("Content-Security-Policy"), "worker-src") || strings.Contains(a.body, "evidence.mjs") {
		t.Error("a text that has no pages loads what draws them")
	}
}
