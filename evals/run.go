package evals

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// caseRun is one case under way.
type caseRun struct {
	c        Case
	people   *people
	stub     *Stub
	today    func() time.Time
	saved    map[string]any
	texts    map[string][]rune // of resumes, by id
	resume   string            // id of the resume uploaded last
	bad      []string          // what must never be, whatever the checks say
	checks   []CheckResult
	exchange []Exchange
	modelled int // requests to the model that are in an exchange already
	first    time.Duration
}

// runCase runs one case against a service.
func runCase(ctx context.Context, c Case, base string, stub *Stub, tape *Cassette, today func() time.Time) Result {
	begun := time.Now()
	model := Model{}
	if c.Model != nil {
		model = *c.Model
	}
	stub.Script(c.Name(), model, tape)
	r := &caseRun{c: c, people: newPeople(base), stub: stub, today: today, saved: map[string]any{}, texts: map[string][]rune{}}
	defer r.people.close()
	steps := c.Steps
	if c.Resume != nil {
		upload := Step{Call: "POST /api/v1/resumes", File: c.Resume, Save: "resume", Expect: Expect{Status: http.StatusCreated}}
		steps = slices.Concat([]Step{upload}, steps)
	}
	whole := true
	for i, s := range steps {
		if whole = r.step(ctx, s, i+1); !whole {
			break // what follows rests on it
		}
	}
	if whole && c.Settings.Model && c.Ledger != LedgerSkip {
		r.bad = append(r.bad, r.ledger(ctx)...)
	}
	r.bad = append(r.bad, stub.Missed()...)
	return r.result(time.Since(begun))
}

// step makes a step's calls and grades what came. It is false where the answer was not of the kind that later steps need.
func (r *caseRun) step(ctx context.Context, s Step, number int) bool {
	fail := func(format string, args ...any) {
		r.bad = append(r.bad, fmt.Sprintf("step %d, %s: ", number, s.Call)+fmt.Sprintf(format, args...))
	}
	req, err := r.people.prepare(ctx, s, r.saved)
	if err != nil {
		fail("%v", err)
		return false
	}
	a, err := r.call(ctx, s, req)
	r.remember(s, req, a, err)
	if err != nil {
		fail("%v", err)
		return false
	}
	if s.Save != "" {
		r.saved[s.Save] = a.doc
	}
	if s.Times <= 1 {
		wrong := gradeStatus(s.Expect, a)
		for _, m := range wrong {
			fail("%s", m)
		}
		if len(wrong) > 0 {
			return false
		}
		for _, m := range r.always(ctx, s, a) {
			fail("%s", m)
		}
	}
	r.first = max(r.first, a.firstByte)
	scope := r.scope(ctx, a)
	for i := range s.Expect.Check {
		c := &s.Expect.Check[i]
		g := c.Grade(scope)
		r.checks = append(r.checks, CheckResult{Step: number, Text: c.Text, Weight: c.Weight, Passed: g.Passed, Score: g.Score, Why: g.Why, Tally: g.Tally, Rank: g.Rank})
	}
	return true
}

// scope is what a step's checks can see. "stub" and "http" are ours.
func (r *caseRun) scope(ctx context.Context, a *answer) Scope {
	saved := maps.Clone(r.saved)
	saved["stub"] = r.stub.Document()
	saved["http"] = map[string]any{"status": json.Number(strconv.Itoa(a.status)), "headers": a.headers}
	return Scope{
		Answer: a.doc, Saved: saved, Today: r.today(), FirstByte: a.firstByte, Whole: a.whole, Billed: r.stub.Billed(),
		Judge: func(text string, lines []string) ([]bool, error) { return judge(ctx, r.stub, text, lines) },
	}
}

// call makes one call, or as many as the step says.
func (r *caseRun) call(ctx context.Context, s Step, req prepared) (*answer, error) {
	if s.Times <= 1 {
		a, err := r.people.do(ctx, req)
		if err == nil && s.WithinMS > 0 && a.firstByte > time.Duration(s.WithinMS)*time.Millisecond {
			return nil, fmt.Errorf("expected the answer to begin within %d ms; it took %d ms", s.WithinMS, a.firstByte.Milliseconds())
		}
		return a, err
	}
	answers := make([]*answer, s.Times)
	errs := make([]error, s.Times)
	if !s.AtOnce {
		for i := range answers {
			answers[i], errs[i] = r.people.do(ctx, req)
		}
		return tally(answers, errs), nil
	}
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range answers {
		all.Go(func() {
			<-start
			answers[i], errs[i] = r.people.do(ctx, req)
		})
	}
	close(start)
	all.Wait()
	return tally(answers, errs), nil
}

// tally sums many answers up: ok, how many were whole; refused, how many were 402 with code budget-exceeded; other, how many were
// anything else; others, what the first few of those were.
func tally(answers []*answer, errs []error) *answer {
	ok, refused, other := 0, 0, 0
	others := []any{}
	note := func(what string) {
		if other++; len(others) < 5 {
			others = append(others, what)
		}
	}
	for i, a := range answers {
		switch {
		case errs[i] != nil:
			note(errs[i].Error())
		case a.status == http.StatusPaymentRequired && codeOf(a.doc) == "budget-exceeded":
			refused++
		case a.status >= 300 || a.streamBad != nil:
			note(fmt.Sprintf("%d %s", a.status, show(a.doc)))
		case a.events != nil && a.events[len(a.events)-1].Name != "done":
			note("a stream that ends with " + a.events[len(a.events)-1].Name)
		default:
			ok++
		}
	}
	count := func(n int) json.Number { return json.Number(strconv.Itoa(n)) }
	return &answer{headers: map[string]any{}, doc: map[string]any{"ok": count(ok), "refused": count(refused), "other": count(other), "others": others}}
}

func codeOf(doc any) string {
	m, _ := doc.(map[string]any)
	code, _ := m["code"].(string)
	return code
}

// always holds an answer against what holds for every answer: spans point at the words that they claim, streams have their order.
func (r *caseRun) always(ctx context.Context, s Step, a *answer) []string {
	var bad []string
	if a.events != nil && s.LeaveAt == "" && strings.HasPrefix(s.Call, "POST /api/v1/tutor/") {
		bad = GradeStream(a.events)
	}
	if a.streamBad != nil && s.LeaveAt == "" && !strings.HasPrefix(s.Call, "POST /v1/") {
		bad = append(bad, a.streamBad.Error())
	}
	m, isMap := a.doc.(map[string]any)
	if a.status >= 300 || !isMap {
		return bad
	}
	uploaded := a.status == http.StatusCreated && strings.HasPrefix(s.Call, "POST /api/v1/resumes")
	if uploaded {
		r.resume, _ = m["id"].(string)
	}
	id, ok := m["resume_id"].(string)
	if !ok {
		id = r.resume
	}
	if id == "" || strings.HasPrefix(s.Call, "DELETE") {
		return bad
	}
	text, err := r.text(ctx, id, s.As)
	if err != nil {
		return append(bad, err.Error())
	}
	_, wrong := GradeSpans(a.doc, text)
	bad = append(bad, wrong...)
	if uploaded {
		bad = append(bad, gradeUpload(m, text)...)
	}
	return bad
}

// text is a resume's text, and holds its lines against it when it is first read.
func (r *caseRun) text(ctx context.Context, id, as string) ([]rune, error) {
	if t, ok := r.texts[id]; ok {
		return t, nil
	}
	req, err := r.people.prepare(ctx, Step{Call: "GET /api/v1/resumes/" + id + "/text", As: as}, nil)
	if err != nil {
		return nil, err
	}
	a, err := r.people.do(ctx, req)
	if err != nil {
		return nil, err
	}
	m, _ := a.doc.(map[string]any)
	text, ok := m["text"].(string)
	if a.status != http.StatusOK || !ok {
		return nil, fmt.Errorf("expected the resume's text of GET /api/v1/resumes/{resume}/text; came %d %s", a.status, show(a.doc))
	}
	runes := []rune(text)
	r.texts[id] = runes
	if wrong := gradeRanges("lines", m["lines"], runes); len(wrong) > 0 {
		return runes, fmt.Errorf("%s", strings.Join(wrong, "; "))
	}
	return runes, nil
}

// gradeUpload holds what was read of a resume against its text. No span, no claim.
func gradeUpload(m map[string]any, text []rune) []string {
	bad := slices.Concat(gradeRanges("sections", m["sections"], text), gradeRanges("positions", m["positions"], text))
	skills, _ := m["skills"].([]any)
	for _, s := range skills {
		claim, _ := s.(map[string]any)
		if isEmpty(claim["mentions"]) {
			bad = append(bad, fmt.Sprintf("expected every skill to have words that prove it; %s has none", plain(claim["name"])))
		}
	}
	return bad
}

// gradeStatus holds an answer's status, and a problem's code and field, against what was expected.
func gradeStatus(e Expect, a *answer) []string {
	if e.Status == 0 && a.status >= 200 && a.status < 300 {
		return nil
	}
	if a.status != e.Status {
		want := strconv.Itoa(e.Status)
		if e.Status == 0 {
			want = "any 2xx"
		}
		return []string{fmt.Sprintf("expected status %s; came %d %s", want, a.status, show(a.doc))}
	}
	if a.status < 400 {
		return nil
	}
	var bad []string
	m, _ := a.doc.(map[string]any)
	for _, want := range []struct{ field, value string }{{"code", e.Code}, {"field", e.Field}, {"status", strconv.Itoa(a.status)}} {
		if got := plain(m[want.field]); want.value != "" && got != want.value {
			bad = append(bad, fmt.Sprintf("expected a problem with %s %q; came %s", want.field, want.value, show(a.doc)))
		}
	}
	if a.kind != "application/problem+json" {
		bad = append(bad, "expected application/problem+json; came "+a.kind)
	}
	if isEmpty(m["detail"]) || isEmpty(m["title"]) || isEmpty(m["type"]) {
		bad = append(bad, "expected a problem with type, title and detail; came "+show(a.doc))
	}
	return bad
}
