package evals_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/joshdk/go-junit"
	"golang.org/x/net/html"

	"github.com/gapwise/gapwise/evals"
	"github.com/gapwise/gapwise/gateway"
)

const mixed = `
- id: good
  about: It is <b>fine</b> & "right".
  steps: [{call: POST /api/v1/echo, body: {said: "<script>alert(1)</script> \u0001"}, expect: {check: [said contains script]}}]
- id: bad
  about: It is not.
  steps: [{call: POST /api/v1/echo, body: {list: [a, x]}, expect: {check: [{set: {of: list, gold: [a, b], f1: 0.9}}, list contains a]}}]
`

func mixedReport(t *testing.T) *evals.Report {
	t.Helper()
	return run(t, evals.Options{Files: filesOf(map[string]string{"skills": mixed, "gaps": strings.ReplaceAll(mixed, "f1: 0.9", "f1: 0.1")}), Launch: launchFake(t, "0")})
}

func TestPrint(t *testing.T) {
	r := mixedReport(t)
	var b strings.Builder
	if err := r.Print(&b, false); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"FAIL skills/bad (cases/skills/x.yaml:7)", "expected F1 of at least 0.900; came 0.500; missed b; extra x", "0.50 (0.09–0.91)", "precision 0.500, recall 0.500",
		"RED skills: 1 of 2 cases pass, which is under 100 %: bad", "red: 3 passed, 1 failed", evals.Note,
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("Print() lacks %q:\n%s", want, b.String())
		}
	}
	if strings.Contains(b.String(), "\x1b[") {
		t.Error("there is colour where nobody asked for it")
	}
	b.Reset()
	if err := r.Print(&b, true); err != nil || !strings.Contains(b.String(), "\x1b[31;1mFAIL") {
		t.Errorf("there is no colour: %v", err)
	}
}

func TestJUnit(t *testing.T) {
	b, err := mixedReport(t).JUnit()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Name     string `xml:"name,attr"`
		Tests    int    `xml:"tests,attr"`
		Failures int    `xml:"failures,attr"`
		Suites   []struct {
			Name  string `xml:"name,attr"`
			Cases []struct {
				Name    string `xml:"name,attr"`
				Failure string `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Tests != 5 || doc.Failures != 2 || len(doc.Suites) != 3 || !strings.Contains(doc.Name, evals.Note) {
		t.Errorf("read as %+v", doc)
	}
	if c := doc.Suites[0].Cases[1]; c.Name != "bad" || !strings.Contains(c.Failure, "missed b") {
		t.Errorf("case read as %+v", c)
	}
	suites, err := junit.Ingest(b)
	if err != nil {
		t.Fatalf("a stock parser does not read it: %v", err)
	}
	got := map[string][]junit.Status{}
	for _, s := range suites {
		for _, c := range s.Tests {
			got[s.Name+"/"+c.Name] = append(got[s.Name+"/"+c.Name], c.Status)
		}
	}
	want := map[string][]junit.Status{
		"skills/good": {junit.StatusPassed}, "skills/bad": {junit.StatusFailed}, "gaps/good": {junit.StatusPassed}, "gaps/bad": {junit.StatusPassed},
		"limits/limit-1": {junit.StatusFailed},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("a stock parser reads (-want +got):\n%s", diff)
	}
}

// TestHTML reads the page with a parser and looks for what it must not need.
func TestHTML(t *testing.T) {
	r := mixedReport(t)
	r.Hold(&evals.Baseline{Cases: map[string]evals.Known{"skills/bad": {Passed: true, Score: 1, Cost: "0"}}}, true)
	b, err := r.HTML()
	if err != nil {
		t.Fatal(err)
	}
	page := string(b)
	for _, want := range []string{"<!DOCTYPE html>", evals.Note, "It is &lt;b&gt;fine&lt;/b&gt; &amp; &#34;right&#34;.", "score 1.000 → 0.750", "&lt;script&gt;alert(1)", "Red"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	z := html.NewTokenizer(strings.NewReader(page))
	var open []string
	for z.Next() != html.ErrorToken {
		token := z.Token()
		switch token.Type {
		case html.StartTagToken:
			if token.Data == "script" || token.Data == "img" || token.Data == "link" || token.Data == "iframe" {
				t.Errorf("the page has a %s", token.Data)
			}
			if token.Data != "meta" {
				open = append(open, token.Data)
			}
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != token.Data {
				t.Fatalf("</%s> closes none of %v", token.Data, open)
			}
			open = open[:len(open)-1]
		}
	}
	if !errors.Is(z.Err(), io.EOF) || len(open) > 0 {
		t.Errorf("the page ends with %v, open %v", z.Err(), open)
	}
}

// TestPageIsCut holds that of a long text a case that passed has the beginning on the page, and one that failed all of it.
func TestPageIsCut(t *testing.T) {
	long := strings.Repeat("word ", 200) + "end"
	exchange := []evals.Exchange{{Call: "GET /x", Came: long, Model: []evals.Question{{
		Messages: []gateway.Message{{Role: "system", Content: "rules"}, {Role: "user", Content: long}}, Answer: long,
	}}}}
	for name, test := range map[string]struct {
		passed      bool
		rules, ends int
	}{"passed": {true, 0, 1}, "failed": {false, 1, 3}} {
		r := &evals.Report{Suites: []evals.SuiteReport{{Suite: "skills"}}, Cases: []evals.Result{{Suite: "skills", ID: "a", Passed: test.passed, Transcript: exchange}}}
		b, err := r.HTML()
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(string(b), ">rules<"); got != test.rules {
			t.Errorf("%s: the system's part is there %d times, want %d", name, got, test.rules)
		}
		if got := strings.Count(string(b), "end<"); got != test.ends { // the message's own end is what a cut one keeps
			t.Errorf("%s: %d texts are there to their end, want %d", name, got, test.ends)
		}
	}
}

func TestLimits(t *testing.T) {
	files := filesOf(map[string]string{"skills": mixed})
	for name, test := range map[string]struct {
		suites string
		want   []string
	}{
		"half is enough":   {"skills: {pass: 0.5}", nil},
		"half is not":      {"skills: {pass: 0.6}", []string{"skills: 1 of 2 cases pass, which is under 60 %: bad"}},
		"a metric too low": {"skills: {pass: 0.5, metrics: {precision: 0.6, recall: 0.5}}", []string{"skills: precision is 0.500, which is under 0.600"}},
	} {
		files["suites.yaml"] = &fstest.MapFile{Data: []byte(test.suites)}
		r := run(t, evals.Options{Files: files, Launch: launchFake(t, "0")})
		if len(test.want) == 0 {
			test.want = []string{}
		}
		if diff := cmp.Diff(test.want, r.Reasons); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for text, want := range map[string]string{"skils: {}": `suites.yaml:1: there is no field "skils"`, "skills: {pas: 1}": "suites.yaml:1: field pas", "skills: {metrics: {prec: 1}}": `no metric "prec"`} {
		files["suites.yaml"] = &fstest.MapFile{Data: []byte(text)}
		if _, err := evals.Run(t.Context(), evals.Options{Files: files, Launch: launchFake(t, "0")}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestCompare(t *testing.T) {
	many := func(score float64) *evals.Baseline {
		b := &evals.Baseline{Cases: map[string]evals.Known{"gaps/other": {Passed: true, Score: 1, Cost: "0.01", Prompts: []string{"a-1"}}}}
		for i := range 20 {
			b.Cases["tutor/"+string(rune('a'+i))] = evals.Known{Passed: true, Score: score, Cost: "0"}
		}
		return b
	}
	was, is := many(1), many(0.9)
	is.Cases["gaps/other"] = evals.Known{Passed: false, Score: 1, Cost: "0.02", Prompts: []string{"a-2"}}
	is.Cases["gaps/new"] = evals.Known{Passed: true, Score: 1}
	was.Cases["gaps/old"] = evals.Known{Passed: true, Score: 1}
	c := evals.Compare(was, is, true)
	if c.Pairs != 21 || !cmp.Equal(c.New, []string{"gaps/new"}) || !cmp.Equal(c.Gone, []string{"gaps/old"}) || !cmp.Equal(c.Broken, []string{"gaps/other"}) || !c.Worse() {
		t.Errorf("compared: %+v", c)
	}
	for _, s := range c.Suites {
		if s.Dropped != (s.Suite == "tutor") {
			t.Errorf("%s: %+v", s.Suite, s)
		}
	}
	var b strings.Builder
	if err := c.Print(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"DROPPED tutor by 0.100", "BROKEN gaps/other", "gaps/other: cost $0.01 → $0.02 prompt a-1 → a-2", "tutor/a: score 1.000 → 0.900"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("Print() lacks %q:\n%s", want, b.String())
		}
	}
	if c := evals.Compare(was, was, true); c.Worse() || len(c.Moved) > 0 {
		t.Errorf("the same run is another: %+v", c)
	}
	if c := evals.Compare(was, many(1), false); len(c.Gone) > 0 {
		t.Errorf("cases that were not run are gone: %v", c.Gone)
	}
}

// TestHold has a case that passes by its own rule and whose score fell for a whole suite: only the baseline tells.
func TestHold(t *testing.T) {
	var cases strings.Builder
	for i := range 12 {
		cases.WriteString(strings.ReplaceAll(`
- id: case-N
  about: It is there.
  steps: [{call: POST /api/v1/echo, body: {list: [a, x]}, expect: {check: [{set: {of: list, gold: [a, b]}}]}}]
`, "N", string(rune('a'+i))))
	}
	r := run(t, evals.Options{Files: filesOf(map[string]string{"skills": cases.String()}), Launch: launchFake(t, "0")})
	if !r.OK() {
		t.Fatalf("red without a baseline: %q", r.Reasons)
	}
	was := r.Baseline(nil)
	r.Hold(was, true)
	if !r.OK() {
		t.Fatalf("red against itself: %q", r.Reasons)
	}
	for name, k := range was.Cases {
		k.Score = 0.6
		was.Cases[name] = k
	}
	r.Hold(was, true)
	wantMessage(t, r.Reasons, "skills: the scores have dropped by 0.100 against the baseline (95 %: -0.100 to -0.100; sign test p = 0.000): skills/case-a (0.500, was 0.600)")
}

func TestBaselineFile(t *testing.T) {
	r := mixedReport(t)
	b, err := r.Baseline(&evals.Baseline{Cases: map[string]evals.Known{"plans/kept": {Passed: true}}}).Bytes()
	if err != nil {
		t.Fatal(err)
	}
	back, err := evals.LoadBaseline(fstest.MapFS{"baseline.json": {Data: b}})
	if err != nil || len(back.Cases) != 5 || back.Cases["skills/bad"].Passed || back.Cases["skills/bad"].Score != 0.75 || !back.Cases["plans/kept"].Passed {
		t.Errorf("read back: %+v, %v", back, err)
	}
	if _, err := evals.LoadBaseline(fstest.MapFS{"baseline.json": {Data: []byte("{")}}); err == nil || !strings.Contains(err.Error(), "baseline.json") {
		t.Errorf("a broken baseline: %v", err)
	}
}
