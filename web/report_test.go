package web_test

import (
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"mime"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/filetext"
	"github.com/gapwise/gapwise/skill"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestMain lets this test binary be the child process that reads PDFs, as the real binary is.
func TestMain(m *testing.M) {
	if args := os.Args[1:]; filetext.IsChild(args) {
		os.Exit(filetext.ChildMain(args, os.Stdin, os.Stdout))
	}
	flag.Parse()
	os.Exit(m.Run())
}

// job is a job description as a body of compare.
const job = `{"text":"We look for strong Go and PostgreSQL, and some Kafka and Rust."}`

// report reads a report.
func (a answer) report(tb testing.TB) gapanalysis.Report {
	tb.Helper()
	if a.status != http.StatusOK {
		tb.Fatalf("%d %s", a.status, a.body)
	}
	var r gapanalysis.Report
	a.decode(tb, &r)
	return r
}

// run is a kept run as the API tells it, with the report's bytes as they came.
type run struct {
	ID     uuid.UUID          `json:"id"`
	Role   string             `json:"role"`
	Inputs gapanalysis.Inputs `json:"inputs"`
	Report json.RawMessage    `json:"report"`
}

func TestFormIsNegotiated(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	id := c.resume()
	path := "/api/v1/resumes/" + id.String() + "/gaps/data-engineer"
	kept := "/api/v1/gap-runs/" + c.get(path).report(t).Run
	const page, asJSON, markdown, table, paper = "text/html; charset=utf-8", "application/json; charset=utf-8", "text/markdown; charset=utf-8", "text/csv; charset=utf-8", "application/pdf"
	for _, tt := range []struct{ accept, query, want string }{
		{"", "", asJSON},
		{"*/*", "", asJSON},
		{"application/json", "", asJSON},
		{"image/png", "", asJSON},
		{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "", page},
		{"text/markdown", "", markdown},
		{"TEXT/CSV", "", table},
		{"application/pdf, application/json;q=0.5", "", paper},
		{"application/json;q=0.4, text/csv;q=0.5", "", table},
		{"application/json;q=0, */*;q=0.1", "", page},
		{"text/*", "", page},
		{"text/*, text/html;q=0", "", markdown},
		{"text/csv;q=2, text/markdown;q=nan", "", asJSON},
		{";;, /, text/markdown", "", markdown},
		{"text/html", "pdf", paper},
		{"", "md", markdown},
		{"application/pdf", "json", asJSON},
		{"", "csv", table},
		{"", "html", page},
	} {
		t.Run(tt.accept+" "+tt.query, func(t *testing.T) {
			query := ""
			if tt.query != "" {
				query = "?format=" + tt.query
			}
			for name, a := range map[string]answer{
				"gaps":    c.get(path+query, "Accept", tt.accept),
				"run":     c.get(kept+query, "Accept", tt.accept),
				"compare": c.do("POST", "/api/v1/resumes/"+id.String()+"/compare"+query, strings.NewReader(job), "Content-Type", "application/json", "Accept", tt.accept),
			} {
				if a.status != 200 || a.header.Get("Content-Type") != tt.want || a.header.Get("Vary") != "Accept" {
					t.Errorf("%s: %d %q varying by %q, want %q: %.200s", name, a.status, a.header.Get("Content-Type"), a.header.Get("Vary"), tt.want, a.body)
				}
				if kind, params, _ := mime.ParseMediaType(a.header.Get("Content-Disposition")); (tt.want == asJSON || tt.want == page) != (kind == "") ||
					kind != "" && (kind != "attachment" || !strings.HasPrefix(params["filename"], "gaps-") || !strings.Contains(params["filename"], "-2026-11-24.")) {
					t.Errorf("%s: saved as %s %v", name, kind, params)
				}
				if tt.want == page {
					checkPage(t, name, parse(t, a))
				}
			}
		})
	}
	for _, query := range []string{"?format=docx", "?format=PDF"} {
		if p := c.get(path + query).problem(t); p.Status != 400 || p.Field != "format" {
			t.Errorf("%s: %+v", query, p)
		}
	}
	if p := h.newClient(t).get(path, "Accept", "application/pdf").problem(t); p.Status != 401 {
		t.Errorf("nobody gets %+v", p)
	}
}

// One comparison is one run, whose report comes back to the byte.
func TestRuns(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	own := "/api/v1/resumes/" + c.resume().String()
	path := own + "/gaps/data-engineer"
	first, again := c.get(path), c.get(path)
	if first.body != again.body {
		t.Errorf("two answers to one question:\n%s\n%s", first.body, again.body)
	}
	r := first.report(t)
	if r.Run == "" || r.Actions == nil {
		t.Fatalf("run %q, actions %v", r.Run, r.Actions)
	}
	var kept run
	c.get("/api/v1/gap-runs/"+r.Run).decode(t, &kept)
	if want := strings.Replace(first.body, `,"run":"`+r.Run+`"`, "", 1); string(kept.Report) != want {
		t.Errorf("the run has another report (-given +kept):\n%s", cmp.Diff(want, string(kept.Report)))
	}
	if kept.ID.String() != r.Run || kept.Role != "data-engineer" || kept.Inputs.HoursPerWeek != 10 || kept.Inputs.AsOf != "2026-11-24" || kept.Inputs.Profile == "" {
		t.Errorf("run %+v", kept)
	}
	if pace := c.get(path + "?hours_per_week=5").report(t); pace.Run == r.Run || pace.Readiness != r.Readiness {
		t.Errorf("five hours a week: run %s with %g", pace.Run, pace.Readiness)
	}
	text := c.json("POST", own+"/compare", job).report(t)
	c.get("/api/v1/gap-runs/"+text.Run).decode(t, &kept)
	if kept.Role != "posting" {
		t.Errorf("a job description is kept as %q", kept.Role)
	}
	other := h.newClient(t)
	other.resume()
	for _, path := range []string{
		"/api/v1/gap-runs/" + r.Run, "/api/v1/gap-runs/" + r.Run + "?format=pdf", "/api/v1/gap-runs/" + r.Run + "/diff/" + text.Run, "/api/v1/gap-runs/nothing",
		"/gap-runs/" + r.Run, strings.TrimPrefix(path, "/api/v1") + "/changes",
	} {
		if a := other.get(path); a.status != 404 || strings.Contains(a.body, "Fernström") {
			t.Errorf("somebody else gets %d from %s", a.status, path)
		}
	}
	if a := c.get("/api/v1/gap-runs/" + r.Run + "/diff/nothing"); a.status != 404 {
		t.Errorf("a difference from nothing: %d", a.status)
	}
}

// Runs, differences and every form of a report are as the description says.
func TestRunsAreAsDescribed(t *testing.T) {
	c := open(t, nil, gateway.DefaultCaps).newClient(t)
	d := described(t, c)
	own := "/api/v1/resumes/" + c.resume().String()
	first := c.get(own + "/gaps/data-engineer").report(t).Run
	second := c.get(own + "/gaps/data-engineer?hours_per_week=3").report(t).Run
	for path, real := range map[string]string{
		"/api/v1/gap-runs/{id}": "/api/v1/gap-runs/" + first, "/api/v1/gap-runs/{id}/diff/{other}": "/api/v1/gap-runs/" + first + "/diff/" + second,
		"/api/v1/resumes/{id}/gaps/{role}": own + "/gaps/data-engineer?assume=dbt:4",
	} {
		var v any
		c.get(real).decode(t, &v)
		d.check(real, d.schemaOf("GET", path, 200, "application/json"), v)
	}
	for _, kind := range []string{"text/html", "text/markdown", "text/csv", "application/pdf"} {
		for _, path := range []string{"/api/v1/gap-runs/{id}", "/api/v1/resumes/{id}/gaps/{role}"} {
			d.follow(d.schemaOf("GET", path, 200, kind))
		}
		d.follow(d.schemaOf("POST", "/api/v1/resumes/{id}/compare", 200, kind))
	}
}

// A correction makes another run, and the difference says so.
func TestDiffNamesTheCause(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	own := "/resumes/" + c.resume().String()
	path := "/api/v1" + own + "/gaps/data-engineer"
	if a := c.page(own + "/gaps/data-engineer/changes"); a.status != 200 || !strings.Contains(a.body, "Nothing to compare yet") {
		t.Errorf("changes without a report: %d", a.status)
	}
	before := c.get(path).report(t)
	n := parse(t, c.page(own+"/gaps/data-engineer/changes"))
	checkPage(t, "one report", n)
	if !strings.Contains(textOf(n), "There are not two reports") {
		t.Error("it does not say that there is nothing to compare with")
	}
	if a := c.json("PATCH", "/api/v1"+own+"/skills/sql", `{"level":5,"status":"confirmed"}`); a.status != 200 {
		t.Fatal(a.body)
	}
	after := c.get(path).report(t)
	if after.Run == before.Run || after.Readiness <= before.Readiness {
		t.Fatalf("run %s with %g after run %s with %g", after.Run, after.Readiness, before.Run, before.Readiness)
	}
	var d gapanalysis.Diff
	c.get("/api/v1/gap-runs/"+before.Run+"/diff/"+after.Run).decode(t, &d)
	if !slices.Equal(d.Causes, []string{gapanalysis.CauseResume}) || !d.Comparable || d.Readiness != [2]float64{before.Readiness, after.Readiness} {
		t.Errorf("difference %+v", d)
	}
	i := slices.IndexFunc(d.Skills, func(k gapanalysis.SkillChange) bool { return k.ID == "sql" })
	if i < 0 || d.Skills[i].Evidenced[1] != 5 || d.Skills[i].Why == "" {
		t.Errorf("SQL is not among %+v", d.Skills)
	}
	n = parse(t, c.page(own+"/gaps/data-engineer/changes"))
	checkPage(t, "changes", n)
	for _, want := range []string{"you said something of a skill", "SQL", d.Skills[i].Why, "The report before"} {
		if !strings.Contains(textOf(n), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	old := c.page("/gap-runs/" + before.Run)
	checkPage(t, "run", parse(t, old))
	if old.status != 200 || !strings.Contains(old.body, before.Run) || !strings.Contains(old.body, fmt.Sprintf("%.0f%%", before.Readiness*100)) {
		t.Errorf("the page of the run: %d", old.status)
	}
}

func TestWhatIf(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	own := "/resumes/" + c.resume().String() + "/gaps/data-engineer"
	as := c.get("/api/v1" + own).report(t)
	if as.Assumed != nil {
		t.Errorf("assumed %v", as.Assumed)
	}
	a := c.get("/api/v1" + own + "?assume=apache-airflow:4,%20apache-spark:4")
	r := a.report(t)
	if r.Run != "" || strings.Contains(a.body, `"run"`) || !cmp.Equal(r.Assumed, map[string]int{"apache-airflow": 4, "apache-spark": 4}) || r.Readiness <= as.Readiness {
		t.Errorf("run %q, assumed %v, readiness %g after %g", r.Run, r.Assumed, r.Readiness, as.Readiness)
	}
	if kept := h.kept(); kept != 1 {
		t.Errorf("%d runs are kept, want the one without a what-if", kept)
	}
	for _, form := range []string{"md", "pdf", "html"} {
		if a := c.get("/api/v1" + own + "?assume=apache-airflow:4&format=" + form); a.status != 200 {
			t.Errorf("%s: %d", form, a.status)
		} else if form != "pdf" && !strings.Contains(a.body, "Apache Airflow at level 4") {
			t.Errorf("%s does not say what it takes for granted", form)
		}
	}
	var asked []string
	for _, g := range as.Skills { // more than a what-if takes
		asked = append(asked, g.ID+":1")
	}
	many := strings.Join(asked, ",")
	for _, assume := range []string{"kafka", "kafka:6", "kafka:-1", "kafka:x", "cobolscript:3", ":3", "kafka:3:3", many} {
		if p := c.get("/api/v1" + own + "?assume=" + assume).problem(t); p.Status != 400 || p.Field != "assume" {
			t.Errorf("%s: %+v", assume, p)
		}
		page := c.page(own + "?assume=" + assume)
		n := parse(t, page)
		checkPage(t, assume, n)
		if field := byID(n, "assume"); page.status != 400 || field == nil || attr(field, "value") != assume || !has(field, "aria-invalid") {
			t.Errorf("%s: the form does not show what is wrong with it: %d", assume, page.status)
		}
	}
}

// The page shows every number of the report, and its links lead to the words and to the report in each form.
func TestPageShowsTheWholeReport(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	h.promote()
	own := "/resumes/" + c.resume().String()
	c.json("POST", "/api/v1/postings", `{"source":"sample","external_id":"1","title":"Engineer","company":"Acme","posted_on":"2026-11-01","description":"We need strong Go and strong Rust."}`)
	r := c.get("/api/v1" + own + "/gaps/senior-backend-engineer").report(t)
	n := parse(t, c.page(own+"/gaps/senior-backend-engineer"))
	text := strings.Join(strings.Fields(textOf(n)), " ")
	sum := 0.0
	for _, g := range r.Skills {
		row := byID(n, "skill-"+g.ID)
		if row == nil || len(all(row, "details")) == 0 {
			t.Fatalf("%s has no row that can be opened", g.ID)
		}
		words := strings.Join(strings.Fields(textOf(row)), " ")
		wants := []string{g.Name, fmt.Sprintf("Weight%v", g.Weight), fmt.Sprintf("Credit%v", g.Credit), fmt.Sprintf("credit%v", g.Points)}
		if g.Hours.P50 > 0 {
			wants = append(wants, fmt.Sprintf("%d h (%d to %d)", g.Hours.P50, g.Hours.P25, g.Hours.P75))
		}
		if g.Transfer != nil {
			wants = append(wants, fmt.Sprintf("credit %v", g.Transfer.Credit))
		}
		if g.Claim != "" {
			wants = append(wants, "The level rests on")
		}
		for _, need := range g.Needs {
			wants = append(wants, fmt.Sprintf("at level %d (", need.Level))
		}
		for _, want := range wants {
			if !strings.Contains(strings.ReplaceAll(words, " ", ""), strings.ReplaceAll(want, " ", "")) {
				t.Errorf("%s does not say %q: %s", g.ID, want, words)
			}
		}
		var links []string
		for _, a := range all(row, "a") {
			links = append(links, attr(a, "href"))
		}
		for _, m := range g.Evidence {
			if at := fmt.Sprintf("%s/text?mark=%d-%d#at-%d", own, m.Start, m.End, m.Start); !slices.Contains(links, at) {
				t.Errorf("%s does not lead to %s", g.ID, at)
			} else if mark := byID(parse(t, c.page(at)), fmt.Sprintf("at-%d", m.Start)); mark == nil || textOf(mark) != m.Text {
				t.Errorf("%s does not mark %q", at, m.Text)
			}
		}
		sum += g.Points
	}
	if math.Abs(sum-r.Readiness) > 1e-9 {
		t.Errorf("the points add up to %v, not to %v", sum, r.Readiness)
	}
	beyond := textOf(parse(t, c.page(own+"/gaps/senior-backend-engineer?show=extra")))
	for _, x := range r.Extra {
		if !strings.Contains(beyond, x.Name) {
			t.Errorf("the page of what is beyond lacks %s", x.Name)
		}
	}
	for _, a := range r.Actions {
		if !strings.Contains(text, fmt.Sprintf("to level %d, about %d hour", a.To, a.Hours)) && a.Hours > 0 {
			t.Errorf("the page lacks %q", a.Text)
		}
	}
	forms := 0
	for _, a := range all(n, "a") {
		if at := attr(a, "href"); strings.Contains(at, "format=") {
			forms++
			if got := c.get(at); got.status != 200 {
				t.Errorf("%s: %d", at, got.status)
			}
		} else if strings.Contains(at, "assume=") && c.page(at).status != 200 {
			t.Errorf("%s is no report", at)
		}
	}
	if forms != 4 {
		t.Errorf("%d links to other forms, want 4", forms)
	}
}

// A next step says of how many postings it is all that is missing, in every form.
func TestNextStepsOpenPostings(t *testing.T) {
	first := open(t, nil, gateway.DefaultCaps).newClient(t)
	next := first.get("/api/v1/resumes/" + first.resume().String() + "/gaps/senior-backend-engineer").report(t).Next
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	own := "/resumes/" + c.resume().String() + "/gaps/senior-backend-engineer"
	h.promote()
	for i, words := range []string{"Go and %s", "Go, COBOL and %s", "%s and Go"} {
		line := fmt.Sprintf(`{"source":"sample","external_id":"%d","title":"Engineer","company":"Acme","description":"Requirements: experience with %s."}`, i, fmt.Sprintf(words, next[0].Skill))
		if a := c.json("POST", "/api/v1/postings", strings.ReplaceAll(line, next[0].Skill, first.skillName(next[0].Skill))); a.status != 200 {
			t.Fatal(a.body)
		}
	}
	r := c.get("/api/v1" + own).report(t)
	if r.Next[0].Skill != next[0].Skill || r.Next[0].Postings != 2 {
		t.Fatalf("first %+v, want %s with two postings", r.Next[0], next[0].Skill)
	}
	for want, a := range map[string]answer{
		"Of all that you lack, 2 postings ask for this alone":   c.page(own),
		"all that is missing of what 2 postings here must have": c.get("/api/v1" + own + "?format=md"),
	} {
		if !strings.Contains(a.body, want) {
			t.Errorf("%s does not say %q", a.header.Get("Content-Type"), want)
		}
	}
}

// skillName is a skill's name in the catalogue.
func (c *client) skillName(id string) string {
	c.t.Helper()
	var s struct {
		Name string `json:"name"`
	}
	c.get("/api/v1/skills/"+id).decode(c.t, &s)
	return s.Name
}

func TestReportAsATable(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	path := "/api/v1/resumes/" + c.resume().String() + "/gaps/senior-backend-engineer"
	for i := range h.oneUpload().Profile.Claims {
		claim := &h.oneUpload().Profile.Claims[i]
		for j := range claim.Mentions {
			claim.Mentions[j].Text = []string{"=1+1", "+1", "-1", "@x", "\t=1", "a \"b\",\r\nc; ü"}[(i+j)%6]
		}
		claim.Why = "=cmd|'/c calc'!A1"
	}
	r := c.get(path).report(t)
	a := c.get(path, "Accept", "text/csv")
	if !strings.Contains(a.body, "\r\n") || strings.Contains(strings.ReplaceAll(a.body, "\r\n", ""), "\n") {
		t.Error("lines do not end with CR LF")
	}
	rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
	if err != nil || len(rows) != len(r.Skills)+1 {
		t.Fatalf("%d rows of %d skills, %v", len(rows), len(r.Skills), err)
	}
	guarded := 0
	for i, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
				t.Errorf("%q is a formula", cell)
			}
			if strings.HasPrefix(cell, "'=") {
				guarded++
			}
		}
		if i > 0 && (row[0] != r.Skills[i-1].ID || row[9] != fmt.Sprint(r.Skills[i-1].Points)) {
			t.Errorf("row %d is %v", i, row)
		}
	}
	if guarded == 0 {
		t.Error("nothing was there to guard")
	}
	for _, want := range []string{"'=1+1 (", "'+1 (", "'-1 (", "'@x ("} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the table lacks %q", want)
		}
	}
}

func TestReportAsMarkdown(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	path := "/api/v1/resumes/" + c.resume().String() + "/gaps/senior-backend-engineer"
	name := "<b>|`x`\n# [y](z)"
	u := h.oneUpload()
	u.Profile.Claims = append(u.Profile.Claims, skill.Claim{Name: name, Level: 3, Status: skill.StatusRead})
	r := c.get(path).report(t)
	a := c.get(path, "Accept", "text/markdown")
	if !strings.Contains(a.body, "\\<b\\>\\|\\`x\\` \\# \\[y\\](z), level 3") {
		t.Error("marks of Markdown in a name stay marks")
	}
	rows := 0
	for line := range strings.SplitSeq(a.body, "\n") {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| Skill |") {
			continue
		}
		rows++
		if n := strings.Count(line, "|") - strings.Count(line, `\|`); n != 8 {
			t.Errorf("%d columns: %s", n-1, line)
		}
	}
	if rows != len(r.Skills) {
		t.Errorf("%d rows of %d skills", rows, len(r.Skills))
	}
	for _, want := range []string{"# Gap report: Senior Backend Engineer", r.Run, r.Band, r.Actions[0].Text} {
		if !strings.Contains(a.body, want) {
			t.Errorf("it lacks %q", want)
		}
	}
}

func BenchmarkReport(b *testing.B) {
	h := open(b, nil, gateway.DefaultCaps)
	c := h.newClient(b)
	path := "/api/v1/resumes/" + c.resume().String() + "/gaps/senior-backend-engineer"
	for _, form := range []string{"json", "html", "md", "csv", "pdf"} {
		b.Run(form, func(b *testing.B) {
			c := &client{t: b, http: c.http, base: c.base}
			size := 0
			for b.Loop() {
				size = len(c.get(path + "?format=" + form).body)
			}
			b.ReportMetric(float64(size), "bytes")
		})
	}
}
