//go:build browser

package browsertest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// person is somebody with a resume, a report and a conversation, made over HTTP so that a test of one page does not wait for the others.
type person struct {
	cookies map[string]string
	resume  string
	pdf     string // a resume that has pages to draw
	chat    string // address of the conversation
}

var onlyPerson struct {
	sync.Mutex
	p *person
}

// newPerson gives the person that tests share: they look, and change nothing.
func newPerson(t *testing.T) *person {
	t.Helper()
	onlyPerson.Lock()
	defer onlyPerson.Unlock()
	if onlyPerson.p == nil {
		onlyPerson.p = makePerson(t)
	}
	return onlyPerson.p
}

func makePerson(t *testing.T) *person {
	t.Helper()
	p := &person{cookies: map[string]string{}}
	pdf, err := os.ReadFile(pdfFile)
	if err != nil {
		t.Fatal(err)
	}
	p.pdf = p.upload(t, "resume.pdf", string(pdf))
	p.resume = p.upload(t, "maya.txt", resumeText)
	for _, query := range []string{"", "?hours_per_week=5"} { // two reports, so that there is a difference to see
		p.get(t, "/resumes/"+p.resume+"/gaps/senior-backend-engineer"+query, false)
	}
	const form = "application/x-www-form-urlencoded"
	start := url.Values{"role": {"senior-backend-engineer"}, "resume_id": {p.resume}, "mode": {"coach"}}
	a := p.do(t, http.MethodPost, "/chat", form, strings.NewReader(start.Encode()))
	if p.chat = a.header.Get("Location"); p.chat == "" {
		t.Fatalf("chat: %d", a.status)
	}
	p.do(t, http.MethodPost, p.chat, form, strings.NewReader(url.Values{"content": {"What should I do next?"}}.Encode()))
	return p
}

// pdfFile is a resume of two pages.
const pdfFile = root + "/resume/testdata/fixtures/backend-one-column/resume.pdf"

// upload sends a file and gives the id of what was read of it.
func (p *person) upload(t *testing.T, name, content string) string {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(part, content) // a buffer takes all
	_ = w.Close()
	a := p.do(t, http.MethodPost, "/api/v1/resumes", w.FormDataContentType(), &b)
	var up struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal([]byte(a.body), &up); err != nil || up.ID == "" {
		t.Fatalf("upload of %s: %d %v", name, a.status, err)
	}
	return up.ID
}

// answer is a response that was read.
type answer struct {
	status int
	header http.Header
	body   string
}

// do sends a request as the person, follows no redirect, and keeps what cookies come back.
func (p *person) do(t *testing.T, method, path, kind string, body io.Reader) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, theStage.base+path, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html")
	if strings.HasPrefix(path, "/api/") {
		r.Header.Set("Accept", "application/json")
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for name, value := range p.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }() // it was read
	for _, c := range resp.Cookies() {
		p.cookies[c.Name] = c.Value
	}
	return answer{resp.StatusCode, resp.Header, readAll(resp.Body)}
}

// get is the body of a page.
func (p *person) get(t *testing.T, path string, guest bool) string {
	t.Helper()
	who := p
	if guest {
		who = &person{cookies: map[string]string{}}
	}
	return who.do(t, http.MethodGet, path, "", nil).body
}

// file is a file of the person's on disk, for a file field.
func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const resumeText = `Maya Fernström
maya@example.org

Summary
Backend engineer with seven years of Go and PostgreSQL in payments.

Experience
Senior Backend Engineer, Northwind Ferries
March 2021 - present
- Designed and led the move of the booking service to Go, PostgreSQL and Kafka on Kubernetes; cut p99 latency from 900 ms to 120 ms.
- Ran Terraform for AWS accounts, with Prometheus and Grafana for observability.
Backend Developer, Größe & Söhne GmbH
June 2017 - February 2021
- Built REST APIs in Python and Django with Redis caches and RabbitMQ queues.

Education
BSc Computer Science, University of Bergen, 2017

Skills
Go, Python, SQL, PostgreSQL, Redis, Kafka, Docker, Kubernetes, Terraform, AWS, Git, Linux, gRPC
`
