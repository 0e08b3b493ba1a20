package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/account"
	"github.com/gapwise/gapwise/gateway"
)

// personal are calls that need somebody.
var personal = []struct{ method, path, body string }{
	{"GET", "/api/v1/resumes", ""},
	{"GET", "/api/v1/resumes/ID", ""},
	{"DELETE", "/api/v1/resumes/ID", ""},
	{"GET", "/api/v1/resumes/ID/text", ""},
	{"GET", "/api/v1/resumes/ID/file", ""},
	{"GET", "/api/v1/resumes/ID/jsonresume", ""},
	{"PATCH", "/api/v1/resumes/ID/skills/go", `{"status":"confirmed"}`},
	{"GET", "/api/v1/resumes/ID/gaps/data-engineer", ""},
	{"POST", "/api/v1/resumes/ID/compare", `{"text":"We look for somebody with strong Go and PostgreSQL, and some Kafka."}`},
	{"GET", "/api/v1/resumes/ID/roles", ""},
	{"GET", "/api/v1/resumes/ID/jobs", ""},
	{"PUT", "/api/v1/resumes/ID/jobs/0197f8f0-0000-7000-8000-000000000001/saved", ""},
	{"POST", "/api/v1/resumes/ID/jobs/feed", ""},
	{"DELETE", "/api/v1/resumes/ID/jobs/feed", ""},
	{"GET", "/api/v1/saved-jobs", ""},
	{"DELETE", "/api/v1/saved-jobs/0197f8f0-0000-7000-8000-000000000001", ""},
	{"GET", "/api/v1/hidden-companies", ""},
	{"PUT", "/api/v1/hidden-companies", `{"company":"Acme"}`},
	{"DELETE", "/api/v1/hidden-companies?company=Acme", ""},
	{"GET", "/api/v1/resumes/ID/plan/data-engineer", ""},
	{"GET", "/api/v1/resumes/ID/plan/data-engineer.ics", ""},
	{"GET", "/api/v1/progress/data-engineer", ""},
	{"POST", "/api/v1/postings", ""},
	{"GET", "/api/v1/tutor/conversations/ID/messages", ""},
	{"POST", "/api/v1/tutor/conversations/ID/messages", `{"content":"Hello"}`},
	{"POST", "/api/v1/tutor/conversations/ID/retry", ""},
	{"GET", "/api/v1/tutor/conversations/ID/messages/ID/events", ""},
	{"DELETE", "/api/v1/tutor/conversations/ID/messages/ID", ""},
	{"DELETE", "/api/v1/tutor/conversations/ID", ""},
	{"GET", "/api/v1/usage", ""},
	{"GET", "/api/v1/me/export", ""},
	{"DELETE", "/api/v1/me", ""},
	{"POST", "/v1/chat/completions", `{"messages":[{"role":"user","content":"Hello"}]}`},
	{"POST", "/v1/embeddings", `{"input":"Go"}`},
}

func TestWithoutASession(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	id := h.newClient(t).resume().String()
	c := h.newClient(t)
	for _, tt := range personal {
		a := c.json(tt.method, strings.ReplaceAll(tt.path, "ID", id), tt.body)
		if p := a.problem(t); a.status != 401 || p.Code != "no-session" {
			t.Errorf("%s %s: %d %s", tt.method, tt.path, a.status, p.Code)
		}
	}
	for _, path := range []string{"/usage", "/me/delete", "/resumes/" + id, "/chat/" + id} {
		a := c.page(path)
		if a.status != 401 || !strings.Contains(a.body, "Upload a resume first") || !strings.Contains(a.body, `href="/#upload"`) {
			t.Errorf("%s: %d without the way to a session", path, a.status)
		}
	}
	if len(h.people) != 1 {
		t.Errorf("%d people, want the one who uploaded", len(h.people))
	}
}

func TestWhatIsSomebodyElsesIsNotThere(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	owner, other := h.newClient(t), h.newClient(t)
	id := owner.resume().String()
	var conversation struct {
		ID uuid.UUID `json:"id"`
	}
	owner.json("POST", "/api/v1/tutor/conversations", `{"role":"data-engineer"}`).decode(t, &conversation)
	other.resume()
	for _, tt := range personal {
		if !strings.Contains(tt.path, "ID") {
			continue
		}
		foreign := id
		if strings.Contains(tt.path, "conversations") {
			foreign = conversation.ID.String()
		}
		for name, id := range map[string]string{"foreign": foreign, "unknown": uuid.NewString(), "no id": "1;drop"} {
			a := other.json(tt.method, strings.ReplaceAll(tt.path, "ID", id), tt.body)
			if p := a.problem(t); a.status != 404 || p.Code != "unknown-id" {
				t.Errorf("%s %s with a %s one: %d %s", tt.method, tt.path, name, a.status, p.Code)
			}
		}
	}
	if a := other.json("POST", "/api/v1/tutor/conversations", `{"role":"data-engineer","resume_id":"`+id+`"}`); a.status != 404 {
		t.Errorf("a conversation about a foreign resume: %d", a.status)
	}
	for _, path := range []string{"/resumes/" + id, "/resumes/" + id + "/text", "/resumes/" + id + "/jobs", "/resumes/" + id + "/gaps/data-engineer", "/chat/" + conversation.ID.String()} {
		if a := other.page(path); a.status != 404 {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	for _, path := range []string{"/resumes/" + id + "/delete", "/resumes/" + id + "/skills/go", "/chat/" + conversation.ID.String()} {
		if a := other.form(path, "status", "confirmed"); a.status != 404 && a.status != 400 {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	if a := owner.get("/api/v1/resumes/" + id); a.status != 200 {
		t.Errorf("the owner: %d", a.status)
	}
}

func TestCookieOfANewGuest(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	for name, tt := range map[string]struct {
		header []string
		secure bool
	}{
		"plain": {nil, false}, "behind TLS": {[]string{"X-Forwarded-Proto", "https"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			a := h.newClient(t).upload("/resumes", "a.txt", mayasResume, tt.header...)
			cookies := (&http.Response{Header: a.header}).Cookies()
			if a.status != 303 || len(cookies) != 1 {
				t.Fatalf("status %d, cookies %v", a.status, cookies)
			}
			k := cookies[0]
			if k.Name != "gapwise_session" || !k.HttpOnly || k.SameSite != http.SameSiteLaxMode || k.Path != "/" || k.Domain != "" ||
				k.Secure != tt.secure || k.MaxAge != int(account.TokenLife.Seconds()) || !strings.HasPrefix(k.Value, "gw_") {
				t.Errorf("cookie %+v", k)
			}
		})
	}
}

func TestNoCookieWithoutSomethingToKeep(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	for name, a := range map[string]answer{
		"start page": c.page("/"), "unreadable file": c.upload("/resumes", "a.docx", "PK\x03\x04 nothing"),
		"unknown role": c.page("/career-paths/nobody"), "unknown field": c.form("/chat", "role", "data-engineer", "admin", "1"),
	} {
		if got := a.header.Values("Set-Cookie"); len(got) > 0 {
			t.Errorf("%s sets %v", name, got)
		}
	}
	if len(h.people) > 0 {
		t.Errorf("%d people", len(h.people))
	}
}

func TestBearerTokens(t *testing.T) {
	c := open(t, nil, gateway.DefaultCaps).newClient(t)
	a := c.do("POST", "/api/v1/guests", nil)
	var guest struct {
		Token string `json:"token"`
	}
	a.decode(t, &guest)
	if a.status != 201 || len(a.header.Values("Set-Cookie")) > 0 || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("guest: %d %v", a.status, a.header)
	}
	if a := c.get("/api/v1/usage", "Authorization", "Bearer "+guest.Token); a.status != 200 {
		t.Errorf("with the token: %d %s", a.status, a.body)
	}
	for name, header := range map[string]string{"unknown": "Bearer gw_x", "empty": "Bearer ", "other scheme": "Basic Z3c6eA==", "long": "Bearer gw_" + strings.Repeat("x", 5000)} {
		if a := c.get("/api/v1/usage", "Authorization", header); a.status != 401 {
			t.Errorf("%s: %d", name, a.status)
		}
		// A wrong token is an error, also where a guest would be made: the caller thinks that they are somebody.
		if a := c.upload("/api/v1/resumes", "a.txt", mayasResume, "Authorization", header); a.status != 401 {
			t.Errorf("%s upload: %d", name, a.status)
		}
	}
}

func TestRequestsThatAnotherSiteMakes(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	id := c.resume().String()
	for name, header := range map[string][]string{
		"fetch metadata": {"Sec-Fetch-Site", "cross-site"}, "same site": {"Sec-Fetch-Site", "same-site"}, "origin": {"Origin", "https://evil.example"},
	} {
		for _, tt := range []struct{ method, path string }{
			{"POST", "/resumes/" + id + "/delete"}, {"DELETE", "/api/v1/me"}, {"POST", "/me/delete"}, {"POST", "/api/v1/resumes"},
		} {
			a := c.do(tt.method, tt.path, nil, header...)
			if p := a.problem(t); a.status != 403 || p.Code != "cross-origin" {
				t.Errorf("%s: %s %s: %d %s", name, tt.method, tt.path, a.status, p.Code)
			}
			if a.header.Get("Content-Security-Policy") == "" {
				t.Errorf("%s: the refusal lacks the headers of everything", name)
			}
		}
		if a := c.do("GET", "/resumes/"+id, nil, header...); a.status != 200 {
			t.Errorf("%s: reading is %d", name, a.status)
		}
	}
	if a := c.do("POST", "/resumes/"+id+"/delete", nil, "Origin", c.base, "Sec-Fetch-Site", "same-origin"); a.status != 303 {
		t.Errorf("our own page: %d", a.status)
	}
}

func TestErase(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	id := c.resume().String()
	if a := c.form("/me/delete"); a.status != 400 || !strings.Contains(a.body, `href="#confirm"`) {
		t.Errorf("unconfirmed: %d", a.status)
	}
	a := c.form("/me/delete", "confirm", "yes")
	cookies := (&http.Response{Header: a.header}).Cookies()
	if a.status != 303 || len(cookies) != 1 || cookies[0].MaxAge >= 0 || cookies[0].Value != "" {
		t.Errorf("erase: %d %v", a.status, cookies)
	}
	if len(h.people)+len(h.tokens)+len(h.uploads) > 0 {
		t.Error("something is left")
	}
	if a := c.get("/api/v1/resumes/" + id); a.status != 401 {
		t.Errorf("afterwards: %d", a.status)
	}
	if a := c.page(a.header.Get("Location")); a.status != 200 || !strings.Contains(a.body, `role="status"`) {
		t.Errorf("the page after it: %d", a.status)
	}
}

func TestPostingsAreTheOperators(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	c.resume()
	line := `{"source":"board","external_id":"1","title":"Go engineer","company":"Acme","description":"We need strong Go and PostgreSQL."}` + "\nnot json\n"
	if a := c.json("POST", "/api/v1/postings", line); a.status != 403 || a.problem(t).Code != "operator-only" {
		t.Errorf("guest: %d", a.status)
	}
	h.promote()
	a := c.json("POST", "/api/v1/postings", line)
	var s struct{ Read, Stored int }
	a.decode(t, &s)
	if a.status != 200 || s.Read != 2 || s.Stored != 1 {
		t.Errorf("operator: %d %s", a.status, a.body)
	}
}
