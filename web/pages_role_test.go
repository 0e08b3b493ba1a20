package web_test

import (
	"encoding/json"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gateway"
)

const seniorPath = "/career-paths/senior-backend-engineer"

// dates are the days that elements below a node name, in order.
func dates(n *html.Node) []string {
	var out []string
	for _, e := range all(n, "time") {
		out = append(out, attr(e, "datetime"))
	}
	return out
}

func TestRoleAtAPace(t *testing.T) {
	c := open(t, nil, gateway.DefaultCaps).newClient(t)
	for name, tt := range map[string]struct{ query, ready, text string }{
		// The catalogue says 24 months at 10 hours a week; today is 24 November 2026.
		"stated": {"", "2028-11-24", "24 months at 10 hours a week"},
		"half":   {"?hours_per_week=5", "2030-11-24", "48 months at 5 hours a week"},
		"double": {"?hours_per_week=20", "2027-11-24", "12 months at 20 hours a week"},
		"one":    {"?hours_per_week=1", "2046-11-24", "240 months at 1 hour a week"},
	} {
		t.Run(name, func(t *testing.T) {
			n := parse(t, c.page(seniorPath+tt.query))
			pace := byID(n, "pace")
			if got := dates(pace); got[0] != tt.ready {
				t.Errorf("ready on %s, want %s", got[0], tt.ready)
			}
			if !strings.Contains(textOf(pace), tt.text) {
				t.Errorf("it says %q", textOf(pace))
			}
			first, last := dates(byID(n, "when-phase-system-design-depth")), dates(byID(n, "when-consolidation"))
			if first[0] != "2026-11-24" || last[1] != tt.ready {
				t.Errorf("the path goes from %s to %s", first[0], last[1])
			}
		})
	}
	for _, query := range []string{"0", "169", "-1", "x", "1e9", "99999999999999999999"} {
		a := c.page(seniorPath + "?hours_per_week=" + query)
		n := parse(t, a)
		checkPage(t, query, n)
		if a.status != 400 || !has(byID(n, "hours_per_week"), "aria-invalid") || !strings.Contains(textOf(byID(n, "problem-title").Parent), "from 1 to 168") {
			t.Errorf("%s: %d", query, a.status)
		}
	}
}

// htmx gets the dates alone: those of the box, and those of the phases for their own places.
func TestRoleForHTMX(t *testing.T) {
	c := open(t, nil, gateway.DefaultCaps).newClient(t)
	part := c.get(seniorPath+"?hours_per_week=20", "Accept", "text/html", "HX-Request", "true", "HX-Request-Type", "partial")
	if part.status != 200 || strings.Contains(part.body, "<html") || !strings.Contains(strings.Join(part.header.Values("Vary"), ","), "HX-Request") {
		t.Fatalf("%d %v %.200s", part.status, part.header, part.body)
	}
	n := parse(t, part)
	whole := parse(t, c.page(seniorPath+"?hours_per_week=20"))
	for _, id := range []string{"pace", "when-phase-system-design-depth", "when-phase-leadership", "when-consolidation"} {
		got, want := byID(n, id), byID(whole, id)
		if got == nil || textOf(got) != textOf(want) {
			t.Errorf("%s differs from the page's", id)
		} else if id != "pace" && attr(got, "hx-swap-oob") != "true" {
			t.Errorf("%s does not go to its own place", id)
		}
	}
	for name, header := range map[string][]string{"boosted": {"HX-Boosted", "true"}, "full": {"HX-Request-Type", "full"}} {
		if a := c.get(seniorPath, append(header, "Accept", "text/html", "HX-Request", "true")...); !strings.Contains(a.body, "<html") {
			t.Errorf("%s: only a part", name)
		}
	}
	bad := c.get(seniorPath+"?hours_per_week=x", "Accept", "text/html", "HX-Request", "true")
	if bad.status != 400 || strings.Contains(bad.body, "<html") || !strings.Contains(bad.body, "from 1 to 168") {
		t.Errorf("%d %.200s", bad.status, bad.body)
	}
}

func TestRoleMarksWhatIsHeld(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	held := func() (rows int) {
		t.Helper()
		for _, e := range all(parse(t, c.page(seniorPath)), "tr") {
			if strings.Contains(attr(e, "class"), "held") {
				rows++
			}
		}
		return rows
	}
	if got := held(); got != 0 {
		t.Errorf("%d skills are held by nobody", got)
	}
	own := c.upload("/resumes", "maya.txt", mayasResume, "Accept", "text/html").header.Get("Location")
	before := held()
	if before == 0 {
		t.Fatal("none is marked")
	}
	row := byID(parse(t, c.page(seniorPath)), "skill-go")
	if row == nil {
		row = byID(parse(t, c.page(seniorPath)), "skill-kubernetes")
	}
	name := strings.TrimPrefix(attr(row, "id"), "skill-")
	c.form(own+"/skills/"+name, "status", "rejected", "level", "3", "note", "")
	if got := held(); got != before-1 {
		t.Errorf("%d are marked after %s is rejected, %d before", got, name, before)
	}
	c.do("PUT", "/api/v1/progress/senior-backend-engineer/milestones/p0-retrospective", strings.NewReader(`{"status":"done","evidence_url":"https://example.org/x"}`), "Content-Type", "application/json")
	milestone := byID(parse(t, c.page(seniorPath)), "milestone-p0-retrospective")
	if !strings.Contains(textOf(milestone), "done") || !strings.Contains(attr(all(milestone, "li")[0], "class"), "done") {
		t.Error("the milestone that is done is not shown so")
	}
}

// What is for programs: an occupation of schema.org, whose pay has a source.
func TestRoleAsOccupation(t *testing.T) {
	c := open(t, nil, gateway.DefaultCaps).newClient(t)
	for _, e := range all(parse(t, c.page(seniorPath)), "script") {
		if attr(e, "type") != "application/ld+json" {
			continue
		}
		var o map[string]any
		if err := json.Unmarshal([]byte(textOf(e)), &o); err != nil {
			t.Fatalf("%v: %s", err, textOf(e))
		}
		if o["@type"] != "Occupation" || o["name"] != "Senior Backend Engineer" || o["description"] == "" || o["skills"] == "" {
			t.Errorf("%v", o)
		}
		if _, ok := o["estimatedSalary"]; ok {
			t.Error("pay without a source is given as if it had one")
		}
		return
	}
	t.Error("there is none")
}

func TestSearchOfRoles(t *testing.T) {
	c := open(t, nil, gateway.DefaultCaps).newClient(t)
	for query, want := range map[string]string{"golang": "Backend Engineer", "BACKEND+lead": "Staff Backend Engineer", "penetration": "Penetration Tester", "devops": "DevOps Engineer"} {
		n := parse(t, c.page("/career-paths?q="+query))
		checkPage(t, query, n)
		if text := textOf(byID(n, "roles-list")); !strings.Contains(text, want) || strings.Contains(text, "Game Engineer") {
			t.Errorf("%s finds %q", query, text)
		}
	}
	n := parse(t, c.page("/career-paths?q=astronaut%22%3E%3Cscript%3E"))
	checkPage(t, "none", n)
	if has(byID(n, "roles-none"), "hidden") || len(all(byID(n, "roles-list"), "li")) != 0 || attr(byID(n, "q"), "value") != `astronaut"><script>` {
		t.Error("a search that finds nothing does not say so")
	}
}

// Every page that is converted is whole in every language.
func TestPagesInEveryLanguage(t *testing.T) {
	c := open(t, nil, gateway.DefaultCaps).newClient(t)
	for language, words := range map[string][]string{
		"de": {"Wie weit ist es", "Karrierewege", "Zeit bis zum Ziel", "200.000 USD", "ohne Quelle"},
		"es": {"¿A qué distancia", "Trayectorias", "Tiempo hasta estar listo", "200.000 USD", "sin fuente"},
	} {
		var said strings.Builder
		for _, path := range []string{"/", "/career-paths", seniorPath, "/skills/kafka", "/nowhere", "/usage"} {
			a := c.get(path, "Accept", "text/html", "Accept-Language", language)
			n := parse(t, a)
			checkPage(t, language+path, n)
			if strings.ContainsAny(a.body, "⟦⟧") || strings.Contains(a.body, "%!") {
				t.Errorf("%s%s leaves something unsaid", language, path)
			}
			said.WriteString(textOf(n))
		}
		for _, want := range words {
			if !strings.Contains(said.String(), want) {
				t.Errorf("%s does not say %q", language, want)
			}
		}
	}
}

// A role that was taken from elsewhere says from where, as its licence asks.
func TestImportedRoleNamesItsSource(t *testing.T) {
	f, err := ready()
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.catalog.Role("data-analyst")
	if err != nil {
		t.Fatal(err)
	}
	was := *r
	t.Cleanup(func() { *r = was }) // the catalogue of all tests
	r.Import = &catalog.Import{From: "ESCO", Attribution: "ESCO, European Commission"}
	c := open(t, nil, gateway.DefaultCaps).newClient(t)
	for name, change := range map[string]func(){
		"with phases": func() {},
		"without":     func() { r.Phases, r.Projects, r.Consolidation, r.InterviewThemes, r.Salary = nil, nil, nil, nil, nil },
	} {
		change()
		n := parse(t, c.page("/career-paths/data-analyst"))
		checkPage(t, name, n)
		if text := textOf(all(n, "main")[0]); !strings.Contains(text, "ESCO, European Commission.") || !strings.Contains(text, "SQL") {
			t.Errorf("%s: the source or a skill is missing", name)
		}
	}
}
