package web_test

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
)

func TestPlanForms(t *testing.T) {
	c := open(t, nil, gateway.DefaultCaps).newClient(t)
	path := "/api/v1/resumes/" + c.resume().String() + "/plan/data-engineer"
	for _, tt := range []struct{ path, accept, kind, begins string }{
		{path, "", "application/json", "{"},
		{path, "*/*", "application/json", "{"},
		{path, "application/json", "application/json", "{"},
		{path, "text/markdown, */*;q=0.1", "text/markdown", "# Plan: Data Engineer"},
		{path + "?hours_per_week=4", "text/markdown", "text/markdown", "# Plan: Data Engineer"},
		{path + ".ics", "", "text/calendar", "BEGIN:VCALENDAR\r\n"},
	} {
		a := c.get(tt.path, "Accept", tt.accept)
		if a.status != 200 || !strings.HasPrefix(a.header.Get("Content-Type"), tt.kind) || !strings.HasPrefix(a.body, tt.begins) {
			t.Errorf("%s as %q: %d %s %.80s", tt.path, tt.accept, a.status, a.header.Get("Content-Type"), a.body)
		}
	}
	var free, off gapanalysis.Plan
	c.get(path).decode(t, &free)
	c.get(path+"?weeks_off=2026-11-23,2026-12-21..2027-01-11").decode(t, &off)
	if off.ReadyOn <= free.ReadyOn || len(off.WeeksOff) != 2 || off.Hours != free.Hours {
		t.Errorf("ready on %s, with weeks off on %s: %v", free.ReadyOn, off.ReadyOn, off.WeeksOff)
	}
	if p := c.get(path + "?weeks_off=soon").problem(t); p.Status != 400 || p.Code != "invalid-weeks-off" || p.Field != "weeks_off" {
		t.Errorf("%+v", p)
	}
}

// TestMilestoneDemonstrates finishes a milestone with evidence, and sees the report and the plan follow; and the person's rejection above both.
func TestMilestoneDemonstrates(t *testing.T) {
	c := open(t, nil, gateway.DefaultCaps).newClient(t)
	id := c.resume().String()
	const role = "senior-backend-engineer"
	row := func(skill string) gapanalysis.SkillGap {
		t.Helper()
		var r gapanalysis.Report
		c.get("/api/v1/resumes/"+id+"/gaps/"+role).decode(t, &r)
		for _, g := range r.Skills {
			if g.ID == skill {
				return g
			}
		}
		t.Fatalf("no %s in the report", skill)
		return gapanalysis.SkillGap{}
	}
	plan := func() (p gapanalysis.Plan) {
		t.Helper()
		c.get("/api/v1/resumes/"+id+"/plan/"+role).decode(t, &p)
		return p
	}
	put := func(body string) {
		t.Helper()
		if a := c.json("PUT", "/api/v1/progress/"+role+"/milestones/chaos-exercise-measured", body); a.status != 200 {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	before := plan()
	if g := row("chaos-engineering"); g.Status == gapanalysis.Have || g.Claim != "" {
		t.Fatalf("before: %+v", g)
	}
	put(`{"status":"done"}`)
	if g := row("chaos-engineering"); g.Status == gapanalysis.Have {
		t.Errorf("done without evidence: %+v", g)
	}
	word := plan()
	if word.Hours.P50 >= before.Hours.P50 || word.ReadyOn >= before.ReadyOn {
		t.Errorf("done without evidence, %d hours are left of %d, ready on %s", word.Hours.P50, before.Hours.P50, word.ReadyOn)
	}
	put(`{"status":"done","evidence_url":"https://example.org/chaos"}`)
	if g := row("chaos-engineering"); g.Status != gapanalysis.Have || g.Claim != "demonstrated" || !strings.HasSuffix(g.Why, "on 2026-11-24: https://example.org/chaos") {
		t.Errorf("with evidence: %+v", g)
	}
	after := plan()
	m := after.Phases[0].MilestoneDetails[2]
	if m.ID != "chaos-exercise-measured" || m.Status != "done" || m.DoneOn != "2026-11-24" || m.EvidenceURL == "" || m.Due != "" || len(m.Checklist) == 0 || after.ReadyOn > word.ReadyOn {
		t.Errorf("in the plan: %+v", m)
	}
	put(`{"status":"open"}`)
	if again := plan(); again.Hours != before.Hours || again.ReadyOn != before.ReadyOn {
		t.Errorf("open again: %v hours, ready on %s", again.Hours, again.ReadyOn)
	}
}

func TestCalendarFeed(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c, stranger := h.newClient(t), h.newClient(t)
	path := "/api/v1/resumes/" + c.resume().String() + "/plan/data-engineer/calendar"
	subscribe := func() string {
		t.Helper()
		a := c.json("POST", path+"?hours_per_week=5&weeks_off=2026-12-21", "")
		var v struct{ URL string }
		if a.status != 201 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		a.decode(t, &v)
		u, err := url.Parse(v.URL)
		if err != nil || !regexp.MustCompile(`^/calendars/[\w-]{43}\.ics$`).MatchString(u.Path) || !strings.HasPrefix(v.URL, h.server.URL) {
			t.Fatalf("the address is %q, %v", v.URL, err)
		}
		return u.Path
	}
	at := subscribe()
	a := stranger.get(at)
	if a.status != 200 || !strings.HasPrefix(a.header.Get("Content-Type"), "text/calendar") || !strings.Contains(a.body, "METHOD:PUBLISH\r\n") || !strings.Contains(a.body, "BEGIN:VEVENT") {
		t.Fatalf("%d %s %.300s", a.status, a.header.Get("Content-Type"), a.body)
	}
	if a.header.Get("Set-Cookie") != "" || strings.Contains(a.body, "Maya") || strings.Contains(a.body, "example.org") {
		t.Error("the calendar says who it is of, or starts a session")
	}
	for name, tt := range map[string]struct {
		header []string
		status int
	}{
		"its tag":      {[]string{"If-None-Match", a.header.Get("ETag")}, 304},
		"weak":         {[]string{"If-None-Match", `"x", W/` + a.header.Get("ETag")}, 304},
		"another":      {[]string{"If-None-Match", `"x"`, "If-Modified-Since", a.header.Get("Last-Modified")}, 200},
		"its time":     {[]string{"If-Modified-Since", a.header.Get("Last-Modified")}, 304},
		"an older one": {[]string{"If-Modified-Since", "Tue, 24 Nov 2020 09:00:00 GMT"}, 200},
		"no time":      {[]string{"If-Modified-Since", "yesterday"}, 200},
	} {
		if got := stranger.get(at, tt.header...); got.status != tt.status || (got.status == 304) != (got.body == "") {
			t.Errorf("%s: %d, want %d", name, got.status, tt.status)
		}
	}
	next := subscribe()
	if next == at || stranger.get(at).status != 404 || stranger.get(next).status != 200 {
		t.Error("the address before still opens, or the new one does not")
	}
	if strings.Contains(h.log.String(), strings.TrimSuffix(strings.TrimPrefix(next, "/calendars/"), ".ics")) {
		t.Error("the log holds the token")
	}
	other := stranger.resume().String()
	for _, tt := range []struct {
		c            *client
		method, path string
		status       int
	}{
		{stranger, "DELETE", path, 404},
		{stranger, "POST", path, 404},
		{stranger, "DELETE", "/api/v1/resumes/" + other + "/plan/data-engineer/calendar", 404},
		{h.newClient(t), "POST", path, 401},
		{c, "POST", strings.Replace(path, "data-engineer", "astronaut", 1), 404},
		{c, "POST", path + "?hours_per_week=200", 400},
		{c, "POST", path + "?assume=go:5", 400},
		{stranger, "GET", next, 200}, // none of this has touched it
		{c, "DELETE", path, 204},
		{stranger, "GET", next, 404},
		{stranger, "GET", "/calendars/x.ics", 404},
		{stranger, "GET", "/calendars/" + strings.Repeat("A", 43), 404},
		{c, "DELETE", path, 404},
	} {
		if a := tt.c.json(tt.method, tt.path, ""); a.status != tt.status {
			t.Errorf("%s %s: %d %s, want %d", tt.method, tt.path, a.status, a.body, tt.status)
		}
	}
}

func TestAcceptCatalog(t *testing.T) {
	c := open(t, nil, gateway.DefaultCaps).newClient(t)
	d := described(t, c)
	const path = "/api/v1/progress/data-engineer"
	if a := c.json("PUT", path+"/catalog", `{"catalog_version":"1"}`); a.status != 401 {
		t.Errorf("nobody agrees: %d", a.status)
	}
	c.resume()
	var v struct {
		Version string `json:"catalog_version"`
		Seen    string `json:"seen_version"`
	}
	c.get(path).decode(t, &v)
	if v.Version == "" || v.Seen != "" {
		t.Errorf("before anything is noted: %+v", v)
	}
	if p := c.json("PUT", path+"/catalog", `{"catalog_version":"1"}`).problem(t); p.Status != 409 || p.Code != "other-catalog" {
		t.Errorf("%+v", p)
	}
	if p := c.json("PUT", "/api/v1/progress/astronaut/catalog", `{"catalog_version":"1"}`).problem(t); p.Status != 404 {
		t.Errorf("%+v", p)
	}
	a := c.json("PUT", path+"/catalog", `{"catalog_version":"`+v.Version+`"}`)
	var got any
	if err := json.Unmarshal([]byte(a.body), &got); err != nil || a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	d.check("accepted", d.schemaOf("PUT", "/api/v1/progress/{role}/catalog", 200, "application/json"), got)
	if c.get(path).decode(t, &v); v.Seen != v.Version {
		t.Errorf("agreed, and seen is %q", v.Seen)
	}
	if kind := fault.KindOf(nil); kind == fault.NotFound {
		t.Error("no error is no absence") // Standing relies on it
	}
}
