package web_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/resume"
)

func TestStrictDecoding(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	id := c.resume().String()
	for name, tt := range map[string]struct {
		method, path, body string
		status             int
		code, field        string
	}{
		"unknown field":    {"PATCH", "/api/v1/resumes/" + id + "/skills/go", `{"status":"confirmed","admin":true}`, 400, "unknown-field", "admin"},
		"wrong type":       {"PATCH", "/api/v1/resumes/" + id + "/skills/go", `{"status":"confirmed","level":"four"}`, 400, "invalid-field", "level"},
		"fraction":         {"PATCH", "/api/v1/resumes/" + id + "/skills/go", `{"status":"confirmed","level":3.5}`, 400, "invalid-field", "level"},
		"level too high":   {"PATCH", "/api/v1/resumes/" + id + "/skills/go", `{"status":"confirmed","level":6}`, 400, "invalid-level", "level"},
		"status missing":   {"PATCH", "/api/v1/resumes/" + id + "/skills/go", `{}`, 400, "invalid-status", "status"},
		"note too long":    {"PATCH", "/api/v1/resumes/" + id + "/skills/go", `{"status":"confirmed","note":"` + strings.Repeat("ä", 501) + `"}`, 400, "note-too-long", "note"},
		"unknown skill":    {"PATCH", "/api/v1/resumes/" + id + "/skills/cobol", `{"status":"confirmed"}`, 404, "unknown-claim", "skill"},
		"trailing garbage": {"POST", "/api/v1/tutor/conversations", `{"role":"data-engineer"} {}`, 400, "malformed-json", ""},
		"no json":          {"POST", "/api/v1/tutor/conversations", `role=data-engineer`, 400, "malformed-json", ""},
		"empty":            {"POST", "/api/v1/tutor/conversations", ``, 400, "malformed-json", ""},
		"half":             {"POST", "/api/v1/tutor/conversations", `{"role":`, 400, "malformed-json", ""},
		"a list":           {"POST", "/api/v1/tutor/conversations", `[]`, 400, "invalid-field", ""},
		"no uuid":          {"POST", "/api/v1/tutor/conversations", `{"role":"data-engineer","resume_id":"x"}`, 400, "malformed-json", ""},
		"unknown role":     {"POST", "/api/v1/tutor/conversations", `{"role":"astronaut"}`, 404, "unknown-role", "role"},
		"unknown mode":     {"POST", "/api/v1/tutor/conversations", `{"role":"data-engineer","mode":"shout"}`, 400, "invalid-mode", "mode"},
		"too large":        {"POST", "/api/v1/resumes/" + id + "/compare", `{"text":"` + strings.Repeat("x", 1<<20) + `"}`, 413, "body-too-large", ""},
		"address":          {"POST", "/api/v1/resumes/" + id + "/compare", `{"url":"https://example.org/gone"}`, 422, "url-not-read", "url"},
		"text and address": {"POST", "/api/v1/resumes/" + id + "/compare", `{"url":"https://example.org","text":"Go"}`, 400, "text-and-url", "url"},
		"short text":       {"POST", "/api/v1/resumes/" + id + "/compare", `{"text":"Go"}`, 400, "invalid-text", "text"},
		"nested type":      {"POST", "/v1/chat/completions", `{"messages":[{"role":"user","content":1}]}`, 400, "invalid-field", "messages.content"},
		"sound":            {"POST", "/v1/chat/completions", `{"messages":[],"audio":{}}`, 400, "unknown-field", "audio"},
		"a picture":        {"POST", "/v1/chat/completions", `{"messages":[{"role":"user","content":[{"type":"image_url"}]}]}`, 400, "invalid-field", "messages.content"},
		"a search":         {"POST", "/v1/chat/completions", `{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"web_search"}]}`, 400, "invalid-tool", "tools[0]"},
		"many answers":     {"POST", "/v1/chat/completions", `{"messages":[{"role":"user","content":"x"}],"n":9}`, 400, "invalid-n", "n"},
		"no messages":      {"POST", "/v1/chat/completions", `{}`, 400, "invalid-messages", "messages"},
		"no input":         {"POST", "/v1/embeddings", `{"input":null}`, 400, "invalid-input", "input"},
		"input of numbers": {"POST", "/v1/embeddings", `{"input":[1]}`, 400, "invalid-field", ""},
		"progress url":     {"PUT", "/api/v1/progress/data-engineer/milestones/x", `{"status":"done"}`, 404, "unknown-milestone", "milestone"},
	} {
		t.Run(name, func(t *testing.T) {
			c := &client{t: t, http: c.http, base: c.base}
			a := c.json(tt.method, tt.path, tt.body)
			p := a.problem(t)
			if a.status != tt.status || p.Code != tt.code || tt.field != "" && p.Field != tt.field {
				t.Errorf("got %d %s in %q, want %d %s in %q", a.status, p.Code, p.Field, tt.status, tt.code, tt.field)
			}
		})
	}
}

func TestQueries(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	id := c.resume().String()
	for path, code := range map[string]string{
		"/api/v1/skills?limit=x":                                                        "invalid-limit",
		"/api/v1/skills?limit=0":                                                        "invalid-limit",
		"/api/v1/skills?limit=-1":                                                       "invalid-limit",
		"/api/v1/skills?limit=100000":                                                   "invalid-limit",
		"/api/v1/skills?q=" + strings.Repeat("x", 101):                                  "invalid-q",
		"/api/v1/resumes/" + id + "/gaps/data-engineer?hours_per_week=169":              "invalid-hours-per-week",
		"/api/v1/resumes/" + id + "/gaps/data-engineer?hours_per_week=1e3":              "invalid-hours-per-week",
		"/api/v1/resumes/" + id + "/plan/data-engineer.ics?hours_per_week=-5":           "invalid-hours-per-week",
		"/api/v1/resumes/" + id + "/jobs?limit=101":                                     "invalid-limit",
		"/api/v1/resumes/" + id + "/jobs?remote=maybe":                                  "invalid-remote",
		"/api/v1/resumes/" + id + "/jobs?location=" + strings.Repeat("x", 101):          "invalid-location",
		"/api/v1/resumes/" + id + "/gaps/data-engineer?hours_per_week=9999999999999999": "invalid-hours-per-week",
	} {
		if a := c.get(path); a.status != 400 || a.problem(t).Code != code {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
}

// aForm writes a form; parts are pairs of a field's name and its content, a name with a colon is a file's.
func aForm(tb testing.TB, parts ...string) (body []byte, kind string) {
	tb.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i+1 < len(parts); i += 2 {
		var part io.Writer
		var err error
		if name, file, ok := strings.Cut(parts[i], ":"); ok {
			part, err = w.CreateFormFile(name, file)
		} else {
			part, err = w.CreateFormField(parts[i])
		}
		if err != nil {
			tb.Fatal(err)
		}
		_, _ = part.Write([]byte(parts[i+1])) // a buffer takes all
	}
	_ = w.Close()
	return b.Bytes(), w.FormDataContentType()
}

func TestUpload(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	whole, kind := aForm(t, "file:a.txt", mayasResume)
	noFile, noFileKind := aForm(t, "other:a.txt", mayasResume)
	second, secondKind := aForm(t, "note", "hello", "other:b.txt", "x", "file:a.txt", mayasResume)
	var many []string
	for i := range 10 {
		many = append(many, fmt.Sprintf("n%d", i), "x")
	}
	late, lateKind := aForm(t, append(many, "file:a.txt", mayasResume)...)
	just, justKind := aForm(t, "file:a.txt", strings.Repeat("a ", resume.MaxBytes/2))
	over, overKind := aForm(t, "file:a.txt", strings.Repeat("a", resume.MaxBytes+1))
	far, farKind := aForm(t, "file:a.txt", strings.Repeat("a", 2*resume.MaxBytes))
	image, imageKind := aForm(t, "file:a.png", "\x89PNG\r\n\x1a\n0000000000000000")
	empty, emptyKind := aForm(t, "file:", "")
	for name, tt := range map[string]struct {
		kind   string
		body   []byte
		status int
		code   string
	}{
		"a resume":            {kind, whole, 201, ""},
		"among other fields":  {secondKind, second, 201, ""},
		"no form":             {"application/json", []byte(`{}`), 415, "not-a-form"},
		"no kind":             {"", whole, 415, "not-a-form"},
		"no boundary":         {"multipart/form-data", whole, 415, "not-a-form"},
		"other boundary":      {"multipart/form-data; boundary=x", whole, 400, ""},
		"no file field":       {noFileKind, noFile, 400, "missing-file"},
		"after too many":      {lateKind, late, 400, "missing-file"},
		"broken off":          {kind, whole[:len(whole)-200], 400, "malformed-form"},
		"broken in a header":  {kind, whole[:70], 400, "malformed-form"},
		"nothing":             {kind, nil, 400, ""},
		"one byte too large":  {overKind, over, 413, "too-large"},
		"far too large":       {farKind, far, 413, "too-large"},
		"as large as allowed": {justKind, just, 413, "too-large"}, // not for its bytes: no resume has five million words
		"an image":            {imageKind, image, 415, "unsupported"},
		"no file chosen":      {emptyKind, empty, 422, "empty"},
	} {
		t.Run(name, func(t *testing.T) {
			c := h.newClient(t)
			a := c.do(http.MethodPost, "/api/v1/resumes", bytes.NewReader(tt.body), "Content-Type", tt.kind)
			if a.status != tt.status {
				t.Fatalf("status %d, want %d: %.200s", a.status, tt.status, a.body)
			}
			if tt.status == 201 {
				if got := a.header.Get("Location"); c.get(got).status != 200 {
					t.Errorf("nothing at %s", got)
				}
				return
			}
			if p := a.problem(t); tt.code != "" && p.Code != tt.code {
				t.Errorf("code %s, want %s", p.Code, tt.code)
			}
			page := c.do(http.MethodPost, "/resumes", bytes.NewReader(tt.body), "Content-Type", tt.kind, "Accept", "text/html")
			if page.status != tt.status || !strings.Contains(page.body, `role="alert"`) || !strings.Contains(page.body, `href="#file"`) {
				t.Errorf("page: %d, or without its summary", page.status)
			}
		})
	}
}

func TestFileComesBackAsADownload(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	a := c.upload("/api/v1/resumes", "../../naïve \"<b>.txt", mayasResume)
	var v struct{ ID, FileName string }
	a.decode(t, &v)
	file := c.get("/api/v1/resumes/" + v.ID + "/file")
	if got := file.header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") || strings.ContainsAny(got, "\r\n") || strings.Contains(got, "/") {
		t.Errorf("disposition %q", got)
	}
	if file.body != mayasResume || !strings.HasPrefix(file.header.Get("Content-Type"), "text/plain") {
		t.Errorf("%s, %d bytes", file.header.Get("Content-Type"), len(file.body))
	}
}
