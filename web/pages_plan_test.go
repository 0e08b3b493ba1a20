package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/gapwise/gapwise/gateway"
)

const roleOfPlan = "/plan/senior-backend-engineer"

// datesOf are all dates of an element, in order.
func datesOf(n *html.Node) []string {
	var out []string
	for _, e := range all(n, "time") {
		out = append(out, attr(e, "datetime"))
	}
	return out
}

// TestPlanPage: every phase has its dates, weeks off move them, and a link takes each back.
func TestPlanPage(t *testing.T) {
	c := open(t, nil, gateway.DefaultCaps).newClient(t)
	own := "/resumes/" + c.resume().String() + roleOfPlan
	see := func(path string) *html.Node {
		t.Helper()
		a := c.page(path)
		if a.status != 200 {
			t.Fatalf("%s: %d", path, a.status)
		}
		n := parse(t, a)
		checkPage(t, path, n)
		return n
	}
	plain := see(own)
	if got := len(all(byID(plain, "plan"), "ol")); got != 1 || len(datesOf(byID(plain, "plan"))) < 10 {
		t.Errorf("%d paths with %d dates", got, len(datesOf(byID(plain, "plan"))))
	}
	ready := func(n *html.Node) string { return datesOf(byID(n, "plan"))[0] }
	faster, off := see(own+"?hours_per_week=30"), see(own+"?weeks_off=2027-01-04,2027-01-11&off_from=2027-02-01&off_to=2027-02-14")
	if ready(faster) >= ready(plain) || ready(off) <= ready(plain) {
		t.Errorf("ready on %s, at 30 hours %s, with four weeks off %s", ready(plain), ready(faster), ready(off))
	}
	var without string
	for _, a := range all(off, "a") {
		if strings.HasPrefix(textOf(a), "Remove") && without == "" {
			without = attr(a, "href")
		}
	}
	if got := ready(see(without)); got <= ready(plain) || got >= ready(off) {
		t.Errorf("without the first: %s", got)
	}
	for query, field := range map[string]string{"?hours_per_week=0x": "hours_per_week", "?hours_per_week=999": "hours_per_week", "?weeks_off=soon": "weeks_off", "?off_to=2027-01-01": "weeks_off"} {
		a := c.page(own + query)
		n := parse(t, a)
		checkPage(t, query, n)
		if a.status != http.StatusBadRequest || attr(byID(n, field), "aria-invalid") != "true" {
			t.Errorf("%s: %d", query, a.status)
		}
	}
	if a := c.get(own, "Accept", "text/html", "HX-Request", "true"); strings.Contains(a.body, "<main") || !strings.Contains(a.body, `id="plan"`) {
		t.Errorf("part: %.200s", a.body)
	}
	for _, path := range []string{"/resumes/" + c.resume().String() + "/plan/astronaut", "/resumes/nothing" + roleOfPlan} {
		if a := c.page(path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}

// TestMilestoneForm: a milestone is done by word or with evidence, and says which.
func TestMilestoneForm(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	own := "/resumes/" + c.resume().String() + roleOfPlan
	var id string
	for _, d := range all(parse(t, c.page(own)), "details") {
		if m, ok := strings.CutPrefix(attr(d, "id"), "milestone-"); ok && id == "" {
			id = m
		}
	}
	to := own + "/milestones/" + id
	said := func() string {
		t.Helper()
		n := parse(t, c.page(own))
		checkPage(t, "plan", n)
		return textOf(all(byID(n, "milestone-"+id), "summary")[0])
	}
	for _, tt := range []struct {
		status, url, note, want string
	}{
		{"started", "", "", "Under way"},
		{"done", "", "", "done, by your word"},
		{"done", "https://example.org/x", "", "done, with evidence"},
		{"done", "", "a talk", "done, with evidence"},
		{"open", "", "", "Not begun"},
	} {
		a := c.form(to+"?hours_per_week=7", "status", tt.status, "evidence_url", tt.url, "note", tt.note)
		if want := own + "?hours_per_week=7&done=milestone#milestone-" + id; a.status != http.StatusSeeOther || a.header.Get("Location") != want {
			t.Fatalf("%d to %s, want %s", a.status, a.header.Get("Location"), want)
		}
		if got := said(); !strings.Contains(got, tt.want) {
			t.Errorf("%s %s%s: %q, want %q", tt.status, tt.url, tt.note, got, tt.want)
		}
	}
	a := c.form(to, "status", "done", "evidence_url", "javascript:alert(1)", "note", "")
	n := parse(t, a)
	checkPage(t, "bad address", n)
	if a.status != http.StatusBadRequest || attr(byID(n, "evidence_url-"+id), "aria-invalid") != "true" {
		t.Errorf("a bad address: %d", a.status)
	}
	for name, tt := range map[string]struct {
		a      answer
		status int
	}{
		"no milestone": {c.form(own+"/milestones/x", "status", "done"), 404},
		"a stranger":   {h.newClient(t).form(to, "status", "done"), 401},
		"status":       {c.form(to, "status", "great"), 400},
		"field":        {c.form(to, "status", "done", "x", "y"), 400},
	} {
		if tt.a.status != tt.status {
			t.Errorf("%s: %d, want %d", name, tt.a.status, tt.status)
		}
	}
}

// TestCalendarForms: an address is shown once, opens the plan, and can be ended.
func TestCalendarForms(t *testing.T) {
	c := open(t, nil, gateway.DefaultCaps).newClient(t)
	own := "/resumes/" + c.resume().String() + roleOfPlan
	a := c.form(own + "/calendar?hours_per_week=7")
	n := parse(t, a)
	checkPage(t, "calendar", n)
	at := byID(n, "calendar-address")
	if a.status != 200 || at == nil {
		t.Fatalf("%d", a.status)
	}
	_, path, _ := strings.Cut(textOf(at), "/calendars/")
	if got := c.get("/calendars/" + path); got.status != 200 || !strings.HasPrefix(got.body, "BEGIN:VCALENDAR") {
		t.Errorf("the calendar: %d", got.status)
	}
	if byID(parse(t, c.page(own)), "calendar-address") != nil {
		t.Error("the address is shown again")
	}
	for _, want := range []string{"calendar-ended", "no-calendar"} {
		if a := c.form(own + "/calendar/end"); a.status != http.StatusSeeOther || !strings.Contains(a.header.Get("Location"), want) {
			t.Errorf("ended: %d to %s", a.status, a.header.Get("Location"))
		}
	}
	if got := c.get("/calendars/" + path); got.status != http.StatusNotFound {
		t.Errorf("afterwards: %d", got.status)
	}
}

// TestOrderForm: a button moves a skill, the page says so, another refuses, and one goes back.
func TestOrderForm(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	own := "/resumes/" + c.resume().String() + roleOfPlan
	order := func() (ids []string) {
		t.Helper()
		n := parse(t, c.page(own))
		checkPage(t, "plan", n)
		for _, row := range all(n, "tr") {
			if id, ok := strings.CutPrefix(attr(row, "id"), "skill-"); ok {
				ids = append(ids, id)
			}
		}
		return ids
	}
	first := order()
	var moving, stuck string
	for _, b := range all(parse(t, c.page(own)), "button") {
		id, ok := strings.CutPrefix(attr(b, "id"), "down-")
		if !ok {
			continue
		}
		if disabled := slices.ContainsFunc(b.Attr, func(a html.Attribute) bool { return a.Key == "disabled" }); !disabled && moving == "" {
			moving = id
		} else if disabled && stuck == "" {
			stuck = id
		}
	}
	a := c.form(own+"/order?hours_per_week=7", "skill", moving, "move", "down")
	if want := own + "?hours_per_week=7&done=moved#skill-" + moving; a.status != http.StatusSeeOther || a.header.Get("Location") != want {
		t.Fatalf("%d to %s, want %s", a.status, a.header.Get("Location"), want)
	}
	at := slices.Index(first, moving)
	want := slices.Clone(first)
	want[at], want[at+1] = want[at+1], want[at]
	if got := order(); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	bad := c.form(own+"/order", "skill", stuck, "move", "down")
	checkPage(t, "stuck", parse(t, bad))
	for name, tt := range map[string]struct {
		a      answer
		status int
	}{
		"stuck": {bad, 409}, "no move": {c.form(own+"/order", "skill", moving, "move", "x"), 400}, "no skill": {c.form(own+"/order", "skill", "sleep", "move", "up"), 404},
		"a stranger": {h.newClient(t).form(own+"/order", "skill", moving, "move", "up"), 401}, "back": {c.form(own+"/order", "move", "reset"), 303},
	} {
		if tt.a.status != tt.status {
			t.Errorf("%s: %d, want %d", name, tt.a.status, tt.status)
		}
	}
	if got := order(); !slices.Equal(got, first) {
		t.Errorf("afterwards %v", got)
	}
}
