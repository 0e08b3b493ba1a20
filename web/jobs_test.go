package web_test

import (
	"context"
	"crypto/sha256"
	"encoding/xml"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
)

// jobMemory keeps in memory what a person keeps about jobs.
type jobMemory struct {
	*memory
	saved  []owned[gapanalysis.SavedMatch]
	hidden []owned[string]
	feeds  map[[sha256.Size]byte]gapanalysis.MatchFeed
}

func newJobMemory(m *memory) *jobMemory {
	return &jobMemory{memory: m, feeds: map[[sha256.Size]byte]gapanalysis.MatchFeed{}}
}

func (m *jobMemory) SaveMatch(ctx context.Context, person, resume, posting uuid.UUID, at time.Time) error {
	if _, err := m.Upload(ctx, person, resume); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.postings {
		if p := &m.postings[i]; p.ID == posting {
			m.saved = append(m.saved, owned[gapanalysis.SavedMatch]{person, gapanalysis.SavedMatch{
				PostingID: posting, ResumeID: resume, Title: p.Title, Company: p.Company, URL: p.URL, SavedAt: at, Live: true,
			}})
			return nil
		}
	}
	return fault.New(fault.NotFound, "unknown-posting", "There is no such posting.").In("posting")
}

func (m *jobMemory) DropMatch(_ context.Context, person, posting uuid.UUID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := len(m.saved)
	m.saved = slices.DeleteFunc(m.saved, func(o owned[gapanalysis.SavedMatch]) bool { return o.person == person && o.thing.PostingID == posting })
	if len(m.saved) == n {
		return errNotYours
	}
	return nil
}

func (m *jobMemory) SavedMatches(_ context.Context, person uuid.UUID) ([]gapanalysis.SavedMatch, error) {
	return mine(m, m.saved, person), nil
}

// mine is what is a person's of a list.
func mine[T any](m *jobMemory, list []owned[T], person uuid.UUID) []T {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := []T{}
	for _, o := range list {
		if o.person == person {
			out = append(out, o.thing)
		}
	}
	return out
}

func (m *jobMemory) HideCompany(_ context.Context, person uuid.UUID, company string, _ int, _ time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.hidden = append(m.hidden, owned[string]{person, company})
	return nil
}

func (m *jobMemory) ShowCompany(_ context.Context, person uuid.UUID, company string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := len(m.hidden)
	if m.hidden = slices.DeleteFunc(m.hidden, func(o owned[string]) bool { return o == owned[string]{person, company} }); len(m.hidden) == n {
		return fault.New(fault.NotFound, "unknown-hidden-company", "You do not hide this company.").In("company")
	}
	return nil
}

func (m *jobMemory) HiddenCompanies(_ context.Context, person uuid.UUID) ([]string, error) {
	return mine(m, m.hidden, person), nil
}

func (m *jobMemory) SaveMatchFeed(ctx context.Context, person uuid.UUID, hash [sha256.Size]byte, f gapanalysis.MatchFeed) error {
	if _, err := m.Upload(ctx, person, f.Resume); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.feeds[hash] = f
	return nil
}

func (m *jobMemory) DropMatchFeed(_ context.Context, person, resume uuid.UUID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for hash, f := range m.feeds {
		if f.Person == person && f.Resume == resume {
			delete(m.feeds, hash)
			return nil
		}
	}
	return errNotYours
}

func (m *jobMemory) MatchFeed(_ context.Context, hash [sha256.Size]byte) (gapanalysis.MatchFeed, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, ok := m.feeds[hash]
	if !ok {
		return f, fault.New(fault.NotFound, "unknown-feed", "There is no such feed.").In("token")
	}
	return f, nil
}

func (m *memory) EstimatePostings(context.Context) (int, error) { return len(m.postings), nil }

func (m *memory) MarketPostings(_ context.Context, limit int) ([]gapanalysis.MarketPosting, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []gapanalysis.MarketPosting
	for i := range m.postings[:min(limit, len(m.postings))] {
		p := &m.postings[i]
		out = append(out, gapanalysis.MarketPosting{Title: p.Title, PostedOn: p.PostedOn, Sample: p.Sample(), Asks: p.Requirements})
	}
	return out, nil
}

const goJob = `{"source":"board","external_id":"7","title":"Senior Go engineer","company":"Acme","remote":"yes","posted_on":"2026-11-01","url":"https://example.org/7","description":"We need strong Go, Rust and PostgreSQL. Airflow is a plus."}`

// posted imports a posting as an operator and gives its id.
func (h *house) posted(t *testing.T, c *client) string {
	t.Helper()
	h.promote()
	if a := c.json("POST", "/api/v1/postings", goJob); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.postings[len(h.postings)-1].ID.String()
}

func TestSavedJobs(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	own := "/api/v1/resumes/" + c.resume().String()
	posting := h.posted(t, c)
	for _, s := range []struct {
		method, path, body string
		status             int
	}{
		{"PUT", own + "/jobs/" + posting + "/saved", "", 204},
		{"PUT", own + "/jobs/" + uuid.NewString() + "/saved", "", 404},
		{"PUT", own + "/jobs/x/saved", "", 404},
		{"DELETE", "/api/v1/saved-jobs/" + posting, "", 204},
		{"DELETE", "/api/v1/saved-jobs/" + posting, "", 404},
		{"PUT", "/api/v1/hidden-companies", `{"company":" Acme "}`, 204},
		{"PUT", "/api/v1/hidden-companies", `{"company":""}`, 400},
		{"DELETE", "/api/v1/hidden-companies?company=ACME", "", 204},
		{"DELETE", "/api/v1/hidden-companies?company=acme", "", 404},
		{"GET", own + "/jobs?pay=-1", "", 400},
		{"GET", own + "/jobs?pay=50000&currency=eur&exclude=Initech,%20Globex", "", 200},
		{"GET", own + "/jobs?currency=euros", "", 400},
		{"GET", own + "/jobs?exclude=" + strings.Repeat("x", 301), "", 400},
		{"GET", "/api/v1/market?role=nothing", "", 404},
		{"GET", "/api/v1/market?resume=x", "", 404},
	} {
		if a := c.json(s.method, s.path, s.body); a.status != s.status {
			t.Errorf("%s %s: %d %s, want %d", s.method, s.path, a.status, a.body, s.status)
		}
	}
}

func TestJobFeed(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	own := "/api/v1/resumes/" + c.resume().String() + "/jobs/feed"
	h.posted(t, c)
	var made struct{ URL string }
	c.json("POST", own+"?remote=yes", "").decode(t, &made)
	path := strings.TrimPrefix(made.URL, h.server.URL)
	anybody := h.newClient(t)
	a := anybody.get(path)
	var feed struct {
		Entries []struct {
			Title string `xml:"title"`
			Link  struct {
				Href string `xml:"href,attr"`
			} `xml:"link"`
			Content string `xml:"content"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(a.body), &feed); err != nil || a.status != 200 || !strings.HasPrefix(a.header.Get("Content-Type"), "application/atom+xml") {
		t.Fatalf("%d %v:\n%s", a.status, err, a.body)
	}
	if len(feed.Entries) != 1 || feed.Entries[0].Link.Href != "https://example.org/7" || !strings.Contains(feed.Entries[0].Title, "Senior Go engineer, Acme") {
		t.Errorf("entries %+v", feed.Entries)
	}
	if again := anybody.get(path, "If-None-Match", a.header.Get("ETag")); again.status != http.StatusNotModified {
		t.Errorf("the same again: %d", again.status)
	}
	if strings.Contains(a.body, "maya") || strings.Contains(strings.ToLower(a.body), "resume:") {
		t.Error("the feed holds words of the resume")
	}
	for _, wrong := range []string{"/feeds/x.atom", strings.TrimSuffix(path, ".atom"), path[:20] + "AAAA" + path[24:]} {
		if a := anybody.get(wrong); a.status != 404 {
			t.Errorf("%s: %d", wrong, a.status)
		}
	}
	if a := c.json("DELETE", own, ""); a.status != 204 {
		t.Errorf("revoke: %d", a.status)
	}
	if a := anybody.get(path); a.status != 404 {
		t.Errorf("a revoked address: %d", a.status)
	}
}

func TestJobButtons(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	own := "/resumes/" + c.resume().String() + "/jobs"
	posting := h.posted(t, c)
	for _, s := range []struct {
		fields []string
		status int
		to     string
		tab    string
		says   string
	}{
		{[]string{"do", "save", "posting", posting, "company", "Acme"}, 303, "#job-" + posting, "?tab=saved", "Senior Go engineer"},
		{[]string{"do", "hide", "posting", posting, "company", "Acme"}, 303, "", "?tab=hidden", "acme"},
		{[]string{"do", "show", "company", "acme"}, 303, "", "?tab=hidden", "You hide no company"},
		{[]string{"do", "unsave", "posting", posting}, 303, "", "?tab=saved", "You have saved nothing yet"},
		{[]string{"do", "dance"}, 400, "", "", "Jobs that suit"},
	} {
		a := c.form(own+"?remote=yes", s.fields...)
		if a.status != s.status || s.status == 303 && a.header.Get("Location") != own+"?remote=yes"+s.to {
			t.Errorf("%v: %d to %s", s.fields, a.status, a.header.Get("Location"))
		}
		page := c.page(own + s.tab)
		checkPage(t, s.tab, parse(t, page))
		if list := byID(parse(t, page), "jobs"); page.status != 200 || list == nil || s.tab != "" && !strings.Contains(textOf(list), s.says) {
			t.Errorf("after %v the page does not say %q (%d)", s.fields, s.says, page.status)
		}
	}
	if a := c.form(own, "do", "feed"); a.status != 200 || !strings.Contains(a.body, "/feeds/") {
		t.Errorf("a feed: %d", a.status)
	}
	if a := h.newClient(t).get("/api/v1/market?resume=" + strings.Split(own, "/")[2]); a.status != 401 {
		t.Errorf("the market of a resume without a session: %d", a.status)
	}
	market := c.page("/market?role=senior-backend-engineer&resume=" + strings.Split(own, "/")[2])
	checkPage(t, "market", parse(t, market))
	if market.status != 200 || !strings.Contains(market.body, "Demand by skill") {
		t.Errorf("market: %d", market.status)
	}
}

// A card says why a posting suits in the words of both sides, in the page's language, and what it pays.
func TestJobCard(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	id := c.resume().String()
	h.promote()
	job := strings.Replace(goJob, `"description":"We need strong Go, Rust`, `"pay":{"currency":"EUR","min":7000000,"max":8500050,"period":"year"},"description":"We need strong Go, COBOL`, 1)
	c.json("POST", "/api/v1/postings", job)
	for language, wants := range map[string][]string{
		"en": {"match", "70,000 to 85,001 EUR a year", "Source: the posting itself (board)", "Why it suits", "The posting:", "Your resume:", "In the way", "COBOL is a must at level", "Adds 1 skill to your plan: COBOL", "days ago"},
		"de": {"70.000 bis 85.001 EUR im Jahr", "Was im Weg steht", "COBOL ist ein Muss auf Stufe", "Bringt 1 Fähigkeit in Ihren Plan:", "vor 2"},
		"es": {"de 70.000 a 85.001 EUR al año", "Qué lo impide", "COBOL es imprescindible en el nivel", "Añade 1 habilidad a su plan:"},
	} {
		a := c.get("/resumes/"+id+"/jobs", "Accept", "text/html", "Accept-Language", language)
		n := parse(t, a)
		checkPage(t, language, n)
		text := strings.Join(strings.Fields(textOf(byID(n, "jobs"))), " ")
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the card does not say %q: %s", language, want, text)
			}
		}
		if strings.Contains(text, "%!") {
			t.Errorf("%s: something is left unsaid: %s", language, text)
		}
	}
	part := c.get("/resumes/"+id+"/jobs?remote=no", "Accept", "text/html", "HX-Request", "true")
	if strings.Contains(part.body, "<html") || !strings.Contains(part.body, "No posting suits this resume with this filter") {
		t.Errorf("htmx gets %.300s", part.body)
	}
}

// TestNoRouteRanksPeople holds the service to its word: postings and roles are ranked for a person, and people for nobody. Every route that
// begins at a posting, a company or a role, and every one that lists, is looked at for people or resumes that it could rank.
func TestNoRouteRanksPeople(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	engine, ok := h.handler.(*gin.Engine)
	if !ok {
		t.Fatal("no engine")
	}
	for _, r := range engine.Routes() {
		segments := strings.Split(strings.Trim(r.Path, "/"), "/")
		for i, s := range segments {
			for _, word := range []string{"candidate", "applicant", "people", "person", "talent", "shortlist", "employer", "recruit"} {
				if strings.Contains(s, word) {
					t.Errorf("%s %s names people", r.Method, r.Path)
				}
			}
			under := slices.ContainsFunc(segments[:i], func(before string) bool {
				return before == "postings" || before == "jobs" || before == "market" || before == "roles" || before == "career-paths"
			})
			if s == "resumes" && under {
				t.Errorf("%s %s leads from a posting or role to resumes", r.Method, r.Path)
			}
		}
	}
	// What lists resumes lists the caller's own, in order of their day and without a score.
	c := h.newClient(t)
	c.resume()
	other := h.newClient(t)
	other.resume()
	a := c.get("/api/v1/resumes")
	if n := strings.Count(a.body, `"file_name"`); n != 1 || strings.Contains(a.body, "score") {
		t.Errorf("%d resumes in the list, want the caller's: %s", n, a.body)
	}
}
