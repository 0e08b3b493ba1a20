package web_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"golang.org/x/net/html"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/skill"
)

// parse reads a page.
func parse(t *testing.T, a answer) *html.Node {
	t.Helper()
	if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
		t.Fatalf("%d is no page: %s", a.status, a.body)
	}
	n, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// all are the elements of a name below n; "" is every element.
func all(n *html.Node, name string) []*html.Node {
	var out []*html.Node
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && (name == "" || d.Data == name) {
			out = append(out, d)
		}
	}
	return out
}

func byID(n *html.Node, id string) *html.Node {
	for _, e := range all(n, "") {
		if attr(e, "id") == id {
			return e
		}
	}
	return nil
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// ownScript tells whether an element is a script that stands in the page itself. Data for others to read is none.
func ownScript(e *html.Node) bool {
	return e.Data == "script" && attr(e, "type") != "application/ld+json" && (!strings.HasPrefix(attr(e, "src"), "/assets/") || e.FirstChild != nil)
}

// checkPage holds a page against what every page has to have.
func checkPage(t *testing.T, where string, n *html.Node) {
	t.Helper()
	report := func(format string, args ...any) {
		t.Helper()
		t.Errorf("%s: %s", where, fmt.Sprintf(format, args...))
	}
	ids := map[string]bool{}
	for _, e := range all(n, "") {
		if has(e, "id") {
			if id := attr(e, "id"); id == "" || ids[id] || strings.ContainsAny(id, " \t\n") {
				report("id %q is empty, spaced or there twice", id)
			} else {
				ids[id] = true
			}
		}
		if ownScript(e) || has(e, "style") || slices.ContainsFunc(e.Attr, func(a html.Attribute) bool { return strings.HasPrefix(a.Key, "on") }) {
			report("<%s> has a script or a style of its own", e.Data)
		}
		for _, name := range []string{"src", "action"} {
			if v := attr(e, name); v != "" && (!strings.HasPrefix(v, "/") || strings.HasPrefix(v, "//")) {
				report("%s=%q leads elsewhere", name, v)
			}
		}
	}
	if root := all(n, "html"); !slices.Contains([]string{"en", "de", "es"}, attr(root[0], "lang")) || attr(root[0], "dir") == "" {
		report("no language")
	}
	if title := all(n, "title"); len(title) != 1 || len(strings.TrimSpace(textOf(title[0]))) < 10 {
		report("no title")
	}
	for _, name := range []string{"main", "h1"} {
		if got := len(all(n, name)); got != 1 {
			report("%d <%s>", got, name)
		}
	}
	checkHeadings(n, report)
	checkReferences(n, ids, report)
	checkFields(n, report)
	checkTables(n, report)
}

// checkHeadings finds headings that are empty or skip a level.
func checkHeadings(n *html.Node, report func(string, ...any)) {
	level := 0
	for _, e := range all(all(n, "main")[0], "") {
		if len(e.Data) != 2 || e.Data[0] != 'h' || e.Data[1] < '1' || e.Data[1] > '6' {
			continue
		}
		l := int(e.Data[1] - '0')
		if strings.TrimSpace(textOf(e)) == "" {
			report("an empty <%s>", e.Data)
		}
		// The summary of a problem stands before the h1 of its page, as an h2.
		if attr(e, "id") != "problem-title" {
			if l > level+1 {
				report("<h%d> %q after <h%d>", l, textOf(e), level)
			}
			level = l
		}
	}
}

// checkReferences finds what points at an id of the page that is not there.
func checkReferences(n *html.Node, ids map[string]bool, report func(string, ...any)) {
	for _, e := range all(n, "") {
		for _, name := range []string{"for", "aria-labelledby", "aria-describedby"} {
			for id := range strings.FieldsSeq(attr(e, name)) {
				if !ids[id] {
					report("%s=%q points at nothing", name, id)
				}
			}
		}
		if to, ok := strings.CutPrefix(attr(e, "href"), "#"); ok && !ids[to] {
			report("a link to #%s, which is not there", to)
		}
	}
	if skip := all(n, "a"); len(skip) == 0 || attr(skip[0], "href") != "#main" {
		report("the first link does not skip to the content")
	}
}

// checkFields finds fields without a label and buttons without a name.
func checkFields(n *html.Node, report func(string, ...any)) {
	labels := map[string]string{}
	for _, l := range all(n, "label") {
		labels[attr(l, "for")] = strings.TrimSpace(textOf(l))
	}
	for _, name := range []string{"input", "select", "textarea"} {
		for _, e := range all(n, name) {
			if attr(e, "type") != "hidden" && labels[attr(e, "id")] == "" && attr(e, "aria-label") == "" && (e.Parent.Data != "label" || strings.TrimSpace(textOf(e.Parent)) == "") {
				report("<%s name=%q> has no label", name, attr(e, "name"))
			}
			if has(e, "aria-invalid") && attr(e, "aria-describedby") == "" {
				report("<%s name=%q> does not say what is wrong", name, attr(e, "name"))
			}
		}
	}
	for _, name := range []string{"button", "a", "summary"} {
		for _, e := range all(n, name) {
			if strings.TrimSpace(textOf(e)) == "" {
				report("an empty <%s>", name)
			}
		}
	}
	for _, e := range all(n, "meter") {
		if attr(e, "aria-label") == "" && attr(e, "aria-labelledby") == "" {
			report("a <meter> without a name")
		}
	}
}

// checkTables finds header cells without a scope and tables without a name.
func checkTables(n *html.Node, report func(string, ...any)) {
	for _, e := range all(n, "th") {
		if s := attr(e, "scope"); s != "col" && s != "row" {
			report("<th> %q without a scope", textOf(e))
		}
	}
	for _, e := range all(n, "table") {
		if len(all(e, "caption")) == 0 && attr(e, "aria-labelledby") == "" {
			report("a table without a caption")
		}
	}
}

// walk is everything that a person can open, with a name for each.
func walk(t *testing.T, h *house, c *client) map[string]answer {
	t.Helper()
	const nasty = `<script>alert(1).txt`
	up := c.upload("/resumes", nasty, mayasResume, "Accept", "text/html")
	if up.status != 303 {
		t.Fatalf("upload: %d %s", up.status, up.body)
	}
	own := up.header.Get("Location")
	h.promote()
	c.json("POST", "/api/v1/postings", `{"source":"sample","external_id":"1","title":"Go engineer, <3 pagers & calm","company":"Acme & Sons <3","location":"Bern","remote":"hybrid","posted_on":"2026-11-01","url":"https://example.org/1","description":"We need strong Go, Rust and PostgreSQL. <script>x</script> Airflow is a plus."}
{"source":"board","external_id":"2","title":"Platform engineer","company":"Beta","url":"https://example.org/2","description":"Strong Kubernetes and Terraform, and COBOL."}`)
	id := strings.TrimPrefix(own, "/resumes/")
	pages := map[string]answer{
		"unreadable upload": c.upload("/resumes", nasty, "\x89PNG\r\n\x1a\n", "Accept", "text/html"),
		"bad correction":    c.form(own+"/skills/postgresql", "status", "confirmed", "level", "9"),
		"long note":         c.form(own+"/skills/postgresql", "status", "confirmed", "level", "3", "note", strings.Repeat("x", 501)),
		"unconfirmed":       c.form("/me/delete"),
		"not found":         c.page("/nowhere"),
		"no session":        h.newClient(t).page("/usage"),
	}
	if a := c.form(own+"/skills/go", "status", "confirmed", "level", "5", "note", "<script>alert(2)</script>"); a.status != 303 || a.header.Get("Location") != own+"#skill-go" {
		t.Errorf("correction: %d %s", a.status, a.body)
	}
	if a := c.form(own+"/skills/redis", "status", "rejected", "level", "3", "note", ""); a.status != 303 {
		t.Errorf("rejection: %d %s", a.status, a.body)
	}
	start := c.form("/chat", "role", "senior-backend-engineer", "phase", "system-design-depth", "resume_id", id, "mode", "explain")
	if start.status != 303 {
		t.Fatalf("chat: %d %s", start.status, start.body)
	}
	chat := start.header.Get("Location")
	pages["empty chat"] = c.page(chat)
	if a := c.form(chat, "content", "What about <script>alert(3)</script> PostgreSQL?\r\nAnd next?"); a.status != 303 || !strings.HasPrefix(a.header.Get("Location"), chat+"#m-") {
		t.Fatalf("say: %d %s", a.status, a.body)
	}
	pages["empty message"] = c.form(chat, "content", " ")
	pages["long message"] = c.form(chat, "content", "</textarea><script>alert(4)</script>"+strings.Repeat("x", 4000))
	for name, path := range map[string]string{
		"home": "/", "roles": "/career-paths", "usage": "/usage", "me": "/me", "erase": "/me/delete", "resume": own, "text": own + "/text", "chat": chat,
		"text with a mark": own + "/text?mark=0-12", "bad mark": own + "/text?mark=90-9999999", "gaps": own + "/gaps/senior-backend-engineer",
		"gaps at five hours": own + "/gaps/data-engineer?hours_per_week=5", "bad hours": own + "/gaps/data-engineer?hours_per_week=%3Cb%3E",
		"jobs": own + "/jobs", "market": "/market?resume=" + strings.TrimPrefix(own, "/resumes/"), "market of a role": "/market?role=data-engineer", "no jobs": own + "/jobs?remote=no", "bad jobs": own + "/jobs?remote=%22%3E", "deleted": "/?done=resume-deleted", "chats": "/chat", "start": "/chat?role=data-engineer&mode=quiz", "chats deleted": "/chat?done=deleted", "no memory": "/me/memory", "no reviews": "/me/reviews",
	} {
		pages[name] = c.page(path)
	}
	f, err := ready()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range f.catalog.Roles() {
		pages["role "+r.ID] = c.page("/career-paths/" + r.ID)
	}
	for _, id := range []string{"kafka", "react", "mentorship", "cobol"} {
		pages["skill "+id] = c.page("/skills/" + id)
	}
	return pages
}

func TestPages(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	status := map[string]int{
		"unreadable upload": 415, "bad correction": 400, "long note": 400, "unconfirmed": 400, "not found": 404, "no session": 401,
		"empty message": 400, "long message": 400, "bad hours": 400, "bad jobs": 400,
	}
	for name, a := range walk(t, h, c) {
		t.Run(name, func(t *testing.T) {
			want := status[name]
			if want == 0 {
				want = 200
			}
			if a.status != want {
				t.Errorf("status %d, want %d", a.status, want)
			}
			n := parse(t, a)
			checkPage(t, name, n)
			if strings.Contains(a.body, "<no value>") || strings.Contains(a.body, "%!") || strings.Contains(a.body, "ZgotmplZ") {
				t.Error("a template left something unsaid")
			}
			if want < 400 {
				return
			}
			if name == "not found" || name == "no session" {
				return
			}
			summary := byID(n, "problem-title")
			if summary == nil || attr(summary.Parent, "role") != "alert" || len(all(summary.Parent, "a")) != 1 {
				t.Error("no summary of the problem with a link to its field")
			}
			if !strings.HasPrefix(textOf(all(n, "title")[0]), "Error: ") {
				t.Error("the title does not say that there is a problem")
			}
		})
	}
}

func TestWhatPagesSay(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	pages := walk(t, h, h.newClient(t))
	for name, wants := range map[string][]string{
		"role senior-backend-engineer": {"200,000 USD", "unsourced", "No published source:", "Phase 1: System design depth", "What proves it:", "Consolidation", "Interview themes", "shared", "held", "Ready on"},
		"resume":                       {"<script>alert(1).txt", "Your note: <script>alert(2)</script>", "Not mine", "accepted", "Senior Backend Engineer", "March 2021 – present"},
		"text":                         {"<script>alert(1)</script>", "Größe & Söhne"},
		"skill kafka":                  {"Levels", "level 3", "carries over", "Senior Backend Engineer"},
		"gaps":                         {"What moves readiness most", "points", "at 10 hours a week", "Carries over", "Missing", "Open your plan"},
		"gaps at five hours":           {"at 5 hours a week"},
		"jobs":                         {"Sample, no real company", "Go engineer, <3 pagers & calm", "Acme & Sons <3"},
		"no jobs":                      {"No posting suits"},
		"chat":                         {"What about <script>alert(3)</script> PostgreSQL?\nAnd next?", "What this rests on", "Built-in tutor"},
		"long message":                 {"</textarea><script>alert(4)</script>"},
		"usage":                        {"No language model is configured", "$0.50"},
		"no session":                   {"Upload a resume first"},
		"deleted":                      {"is deleted"},
	} {
		text := textOf(all(parse(t, pages[name]), "main")[0])
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not say %q", name, want)
			}
		}
	}
	for _, a := range all(parse(t, pages["jobs"]), "a") {
		if attr(a, "href") == "https://example.org/1" {
			t.Error("the sample is a link, though its company does not exist")
		}
	}
	notes := parse(t, pages["chat"])
	m := regexp.MustCompile(`href="#((m-[0-9a-f-]{36})-\d+)"`).FindStringSubmatch(pages["chat"].body)
	if m == nil || byID(notes, m[1]) == nil {
		t.Fatal("the answer has no footnote")
	}
	if answer := byID(notes, m[2]); answer == nil || !strings.Contains(textOf(answer), "Tutor") {
		t.Errorf("#%s is not the answer", m[2])
	}
}

// The text view shows exactly the text, and marks exactly the words that were read, whatever claims overlap or lie outside.
func TestTextWithMarks(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	id := c.resume()
	u := h.oneUpload()
	check := func(t *testing.T, query string) *html.Node {
		t.Helper()
		n := parse(t, c.page("/resumes/"+id.String()+"/text"+query))
		checkPage(t, "text", n)
		pre := all(n, "pre")[0]
		if got := textOf(pre); got != strings.TrimPrefix(u.Document.Text, "\n") {
			t.Errorf("the page shows another text:\n%q\n%q", got, u.Document.Text)
		}
		return pre
	}
	t.Run("as read", func(t *testing.T) {
		pre := check(t, "")
		for _, claim := range u.Profile.Claims {
			for _, m := range claim.Mentions {
				mark := byID(pre, fmt.Sprintf("at-%d", m.Start))
				if mark == nil || textOf(mark) != m.Text {
					t.Errorf("%q at %d is not marked", m.Text, m.Start)
				} else if links := all(mark, "a"); len(links) != 1 || attr(links[0], "href") != "/resumes/"+id.String()+"#skill-"+*claim.ID {
					t.Errorf("%q does not lead to its skill", m.Text)
				}
			}
		}
	})
	t.Run("overlap and outside", func(t *testing.T) {
		name := "other"
		end := len([]rune(u.Document.Text))
		at := func(start, end int) skill.Mention { return skill.Mention{Start: start, End: end, Text: "x"} }
		u.Profile.Claims = append(u.Profile.Claims, skill.Claim{Name: "nameless", Mentions: []skill.Mention{at(0, 10), at(5, 20), at(5, 7), at(0, 3), at(end-1, end)}},
			skill.Claim{ID: &name, Name: name, Mentions: []skill.Mention{at(-1, 4), at(3, 3), at(9, 2), at(end, end+1), at(0, 10)}})
		pre := check(t, "?mark=2-6")
		if mark := byID(pre, "at-0"); mark == nil || textOf(mark) != string([]rune(u.Document.Text)[:20]) {
			t.Error("what overlaps is not one mark")
		}
		for _, id := range []string{"at-5", "at-2", fmt.Sprintf("at-%d", end-1)} {
			if byID(pre, id) == nil {
				t.Errorf("no anchor %s", id)
			}
		}
		for _, path := range []string{"", "/gaps/data-engineer"} {
			if a := c.page("/resumes/" + id.String() + path); a.status != 200 {
				t.Errorf("%s: %d", path, a.status)
			}
		}
	})
	for _, query := range []string{"?mark=-5-3", "?mark=x", "?mark=5", "?mark=99999999999999999999-1", "?mark=9-3", "?mark=0-1"} {
		t.Run(query, func(t *testing.T) { check(t, query) })
	}
}

func TestChatKeepsWhatWasNotTaken(t *testing.T) {
	c := open(t, &model{pieces: []string{"Never"}}, gateway.DefaultCaps).newClient(t)
	chat := c.form("/chat", "role", "data-engineer").header.Get("Location")
	a := c.form(chat, "content", "A long\r\nquestion"+strings.Repeat("?", 4000))
	if a.status != 400 {
		t.Fatalf("status %d", a.status)
	}
	n := parse(t, a)
	checkPage(t, "400", n)
	if got := textOf(byID(n, "content")); !strings.HasPrefix(got, "A long\nquestion?") {
		t.Errorf("the field has %q", got)
	}
	if !strings.Contains(textOf(byID(n, "problem-title").Parent), "4000") {
		t.Error("it does not say how long a message may be")
	}
}

func TestFormsAreCheckedAgain(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	own := "/resumes/" + c.resume().String()
	for name, tt := range map[string]struct {
		a      answer
		status int
	}{
		"unknown role":        {c.form("/chat", "role", "astronaut"), 404},
		"unknown phase":       {c.form("/chat", "role", "data-engineer", "phase", "x"), 404},
		"unknown mode":        {c.form("/chat", "role", "data-engineer", "mode", "x"), 400},
		"foreign resume":      {c.form("/chat", "role", "data-engineer", "resume_id", uuid.NewString()), 404},
		"no id":               {c.form("/chat", "role", "data-engineer", "resume_id", "x"), 404},
		"unknown field":       {c.form("/chat", "role", "data-engineer", "admin", "1"), 400},
		"twice":               {c.do("POST", "/chat", strings.NewReader("role=data-engineer&role=x"), "Content-Type", "application/x-www-form-urlencoded"), 400},
		"json":                {c.json("POST", "/chat", `{"role":"data-engineer"}`), 415},
		"broken":              {c.do("POST", "/chat", strings.NewReader("role=%zz"), "Content-Type", "application/x-www-form-urlencoded"), 400},
		"huge":                {c.form("/chat", "role", strings.Repeat("x", 200_000)), 413},
		"level of no number":  {c.form(own+"/skills/go", "status", "confirmed", "level", "x"), 400},
		"status":              {c.form(own+"/skills/go", "status", "great", "level", "3"), 400},
		"skill":               {c.form(own+"/skills/cobol", "status", "confirmed", "level", "3"), 404},
		"choose unknown role": {c.page(own + "/gaps?role=astronaut"), 404},
		"choose":              {c.page(own + "/gaps?role=data-engineer&hours_per_week=7"), 303},
		"delete":              {c.form(own + "/delete"), 303},
		"delete again":        {c.form(own + "/delete"), 404},
	} {
		if tt.a.status != tt.status {
			t.Errorf("%s: %d, want %d: %.300s", name, tt.a.status, tt.status, tt.a.body)
		}
		if tt.status == 303 && name == "choose" && tt.a.header.Get("Location") != own+"/gaps/data-engineer?hours_per_week=7" {
			t.Errorf("choose leads to %s", tt.a.header.Get("Location"))
		}
	}
}

func TestAssets(t *testing.T) {
	c := open(t, nil, gateway.DefaultCaps).newClient(t)
	home := c.page("/").body
	for _, m := range regexp.MustCompile(`/assets/[^"]+`).FindAllString(home, -1) {
		if a := c.get(m); a.status != 200 || !strings.Contains(a.header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %s", m, a.status, a.header.Get("Cache-Control"))
		}
		plain, _, _ := strings.Cut(m, "?")
		if a := c.get(plain); a.status != 200 || a.header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %d %s", plain, a.status, a.header.Get("Cache-Control"))
		}
	}
	if a := c.get("/assets/style.css"); !strings.HasPrefix(a.header.Get("Content-Type"), "text/css") || strings.Contains(a.body, "url(") || strings.Contains(a.body, "@import") {
		t.Errorf("the sheet is %s or loads something", a.header.Get("Content-Type"))
	}
	for _, path := range []string{"/assets/nothing", "/assets/openapi.yaml", "/assets/..%2fopenapi.yaml"} {
		if a := c.get(path); a.status != 404 {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}
