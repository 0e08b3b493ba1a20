package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/account"
	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/pagetext"
	"github.com/gapwise/gapwise/internal/webfetch"
	"github.com/gapwise/gapwise/posting"
	"github.com/gapwise/gapwise/prompts"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
	"github.com/gapwise/gapwise/tutor"
	"github.com/gapwise/gapwise/web"
)

// today is the time in every test.
var today = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

// ready are the parts that are slow to make and never change.
var ready = sync.OnceValues(func() (*fixed, error) {
	c, err := catalog.Load()
	if err != nil {
		return nil, err
	}
	templates, err := prompts.Load()
	if err != nil {
		return nil, err
	}
	prices, err := gateway.LoadPrices()
	return &fixed{c, skill.NewFinder(c), templates, prices.With("stub", gateway.Price{Input: gateway.Dollar, Output: 2 * gateway.Dollar})}, err
})

type fixed struct {
	catalog *catalog.Catalog
	finder  *skill.Finder
	prompts *prompts.Library
	prices  *gateway.Prices
}

// noPDF stands for the reader of PDFs, which has tests of its own.
type noPDF struct{}

func (noPDF) Extract(context.Context, pagetext.Format, []byte, pagetext.Limits) (pagetext.Document, error) {
	return pagetext.Document{}, io.ErrUnexpectedEOF
}

// onePage is a web of one job description.
type onePage struct{}

func (onePage) Page(_ context.Context, address string) (webfetch.Page, error) {
	if address != "https://example.org/job" {
		return webfetch.Page{}, fault.New(fault.Unprocessable, "url-not-read", "The page could not be read.").In("url")
	}
	return webfetch.Page{HTML: true, Body: "<nav>Jobs</nav><p>We look for strong Go and PostgreSQL, and some Kafka and Rust."}, nil
}

// house is the edge over rooms that are real and a store that is memory.
type house struct {
	*memory
	books   *books
	handler http.Handler
	server  *httptest.Server
	log     *logBook
}

// logBook can be read while requests write to it.
type logBook struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// open starts a house. With a nil model the tutor answers by retrieval.
func open(tb testing.TB, chat *model, caps gateway.Caps) *house {
	tb.Helper()
	f, err := ready()
	if err != nil {
		tb.Fatal(err)
	}
	h := &house{memory: newMemory(), log: &logBook{}}
	log := slog.New(slog.NewTextHandler(h.log, nil))
	now := func() time.Time { return today }
	o := gateway.Options{Ledger: h.memory, Prices: f.prices, Caps: caps, Now: now, Log: log}
	if chat != nil {
		o.Chat, o.Model = chat, "stub"
	}
	g := gateway.New(o)
	embedder := embeddings.Builtin{}
	proofs := gapanalysis.NewProofs(f.catalog, f.finder)
	profiles := gapanalysis.Remembering(f.catalog, proofs.Over(h.memory, h.memory), h.memory, now)
	gaps := gapanalysis.NewService(f.catalog, profiles, h.memory, f.finder, embedder.Model, now).Counting(h.memory).Keeping(h.memory).Viewing(h.memory)
	jobs := newJobMemory(h.memory)
	h.handler, err = web.Handler(web.Rooms{
		Catalog: f.catalog, Accounts: account.New(h.memory, h.memory, now), Gaps: gaps, Plans: gapanalysis.NewPlanner(gaps, proofs, h.memory, h.memory).Ordering(h.memory), Jobs: gapanalysis.NewJobBook(gaps, jobs, jobs, jobs), Gateway: g, Embedder: embedder, Now: now, Log: log,
		Intake:   skill.NewIntake(resume.NewReader(noPDF{}), f.finder, embedder, h.memory, h.memory, now),
		Postings: posting.NewImporter(f.finder, func() posting.Embedder { return embedder }, h.memory, f.catalog.Version()),
		Tutor: tutor.New(tutor.Options{
			Catalog: f.catalog, Prompts: f.prompts, Conversations: h.memory, Messages: h.memory, Reports: gaps, Model: g, Budgets: g, Now: now,
		}),
		Progress: tutor.NewProgress(f.catalog, h.memory, now),
		Mastery:  tutor.NewMastery(f.catalog, h.memory, now),
		Pages:    onePage{},
		Running:  h.running(f.prompts.Infos),
		Ready:    func(context.Context) error { return nil },
	})
	if err != nil {
		tb.Fatal(err)
	}
	h.server = httptest.NewServer(h.handler)
	tb.Cleanup(h.server.Close)
	return h
}

// roleName is a role's name.
func (h *house) roleName(tb testing.TB, id string) string {
	tb.Helper()
	f, err := ready()
	if err != nil {
		tb.Fatal(err)
	}
	r, err := f.catalog.Role(id)
	if err != nil {
		tb.Fatal(err)
	}
	return r.Name
}

// client is one browser or program.
type client struct {
	t    testing.TB
	http *http.Client
	base string
}

// answer is a response that was read.
type answer struct {
	status int
	header http.Header
	body   string
}

// newClient makes a client with cookies of its own. It follows no redirect, so that tests see them.
func (h *house) newClient(tb testing.TB) *client {
	tb.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		tb.Fatal(err)
	}
	return &client{t: tb, base: h.server.URL, http: &http.Client{
		Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// do sends a request; header has pairs of names and values.
func (c *client) do(method, path string, body io.Reader, header ...string) answer {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.base+path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := c.http.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }() // it was read
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(b)}
}

func (c *client) get(path string, header ...string) answer {
	c.t.Helper()
	return c.do(http.MethodGet, path, nil, header...)
}

// page gets a page as a browser does.
func (c *client) page(path string) answer {
	c.t.Helper()
	return c.get(path, "Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
}

func (c *client) json(method, path, body string) answer {
	c.t.Helper()
	return c.do(method, path, strings.NewReader(body), "Content-Type", "application/json", "Accept", "application/json")
}

// form sends a form as a browser does.
func (c *client) form(path string, fields ...string) answer {
	c.t.Helper()
	values := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		values.Set(fields[i], fields[i+1])
	}
	return c.do(http.MethodPost, path, strings.NewReader(values.Encode()), "Content-Type", "application/x-www-form-urlencoded", "Accept", "text/html")
}

// upload sends a file as a form and gives back the answer.
func (c *client) upload(path, name, text string, header ...string) answer {
	c.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		c.t.Fatal(err)
	}
	_, _ = part.Write([]byte(text)) // a buffer takes all
	_ = w.Close()
	return c.do(http.MethodPost, path, &b, append([]string{"Content-Type", w.FormDataContentType()}, header...)...)
}

// resume uploads the resume of the tests and gives its id.
func (c *client) resume() uuid.UUID {
	c.t.Helper()
	a := c.upload("/api/v1/resumes", "maya.txt", mayasResume)
	if a.status != http.StatusCreated {
		c.t.Fatalf("upload: %d %s", a.status, a.body)
	}
	var v struct {
		ID uuid.UUID `json:"id"`
	}
	a.decode(c.t, &v)
	return v.ID
}

func (a answer) decode(tb testing.TB, v any) {
	tb.Helper()
	if err := json.Unmarshal([]byte(a.body), v); err != nil {
		tb.Fatalf("not JSON: %v: %.200s", err, a.body)
	}
}

// problem reads a problem, and checks that it is one.
func (a answer) problem(tb testing.TB) web.Problem {
	tb.Helper()
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		tb.Fatalf("content type %q, status %d, body %.300s", got, a.status, a.body)
	}
	var p web.Problem
	a.decode(tb, &p)
	if p.Status != a.status || p.Code == "" || p.Detail == "" || p.Title == "" || p.Type != "urn:gapwise:problem:"+p.Code || p.RequestID != a.header.Get("X-Request-Id") {
		tb.Errorf("incomplete problem %+v", p)
	}
	return p
}

const mayasResume = `Maya Fernström <script>alert(1)</script>
maya@example.org

Summary
Backend engineer 🚢 with seven years of Go and PostgreSQL in payments.

Experience
Senior Backend Engineer, Northwind Ferries
March 2021 - present
- Designed and led the move of the booking service to Go, PostgreSQL and Kafka on Kubernetes; cut p99 latency from 900 ms to 120 ms.
- Ran Terraform for AWS accounts, with Prometheus and Grafana for observability.
Backend Developer, Größe & Söhne GmbH
June 2017 - February 2021
- Built REST APIs in Python and Django with Redis caches and RabbitMQ queues.

Skills
Go, Python, SQL, PostgreSQL, Redis, Kafka, Docker, Kubernetes, Terraform, AWS, Git, Linux, gRPC
`
