package evals_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gapwise/gapwise/evals"
	"github.com/gapwise/gapwise/gateway"
)

// graderScope is what every test of a grader looks at.
func graderScope(t *testing.T) evals.Scope {
	t.Helper()
	return evals.Scope{
		Answer: decode(t, `{"n": 3, "text": "Learn Kafka [1], then Go [2].", "citations": [
				{"index": 1, "kind": "report", "text": "Kafka"}, {"index": 2, "kind": "catalogue", "title": "Go"}],
			"loose": {"text": "See [1] and [9].", "citations": [{"index": 1, "kind": "report", "text": "", "title": ""}, {"index": 3, "kind": "report", "text": "x"}]},
			"skills": [{"id": "go", "level": 4}, {"id": "kafka", "level": 1}, {"id": "sql", "level": 2}, {"id": "git", "level": 2}, {"id": null, "level": 2}],
			"list": ["c", "a", "x", "b", "a"], "json": "{\"level\": 7}", "who": "Jo  Berg, jo@example.org, +49 170 1234567"}`),
		Saved: map[string]any{
			"stub":  decode(t, `{"prompts": "You tutor. ⟦NAME-1⟧ knows Go since 2019-03-01 and wrote 1,234,567 lines; see https://example.org/a"}`),
			"leaky": decode(t, `{"text": "linkedin.com/in/jo-berg (212) 555-0100"}`),
		},
		Today: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC), FirstByte: 80 * time.Millisecond, Whole: 300 * time.Millisecond, Billed: gateway.Dollar / 100,
		Judge: func(text string, lines []string) ([]bool, error) {
			if text == "3" {
				return nil, errors.New("the judge is away")
			}
			met := make([]bool, len(lines))
			for i, l := range lines {
				met[i] = strings.Contains(text, l)
			}
			return met, nil
		},
	}
}

func TestGraders(t *testing.T) {
	files := fstest.MapFS{"inputs/s.json": {Data: []byte(`{"type": "object", "required": ["level"], "properties": {"level": {"maximum": 5}}}`)}}
	tests := []struct {
		name, check string
		score       float64
		want        string // "" where it passes, else part of why it does not
	}{
		{"exact", `n == 3`, 1, ""},
		{"exact, wrong", `n == 4`, 0, "expected n == 4; came 3"},
		{"contains", `text contains "Kafka"`, 1, ""},
		{"regular expression", `text matches "Kafka \[\d\]"`, 1, ""},
		{"bounds", `all: [n >= 3, n <= 3]`, 1, ""},
		{"bounds, wrong", `n > 3`, 0, "came 3"},
		{"all, half", `all: [n == 3, n == 4]`, 0.5, "expected n == 4"},
		{"all, by weight", `all: [{that: n == 3, weight: 3}, n == 4]`, 0.75, "expected n == 4"},
		{"any", `any: [n == 4, n == 3]`, 1, ""},
		{"any, none", `any: [n == 4, n == 5]`, 0, "none of these held: expected n == 4; came 3; expected n == 5"},
		{"any within all", `all: [{any: [n == 4, n == 3]}, text contains Go]`, 1, ""},
		{"set, exact", `set: {of: "skills[level>=2].id", gold: [go, sql], maybe: [git], f1: 1}`, 1, ""},
		{"set, measured only", `set: {of: "skills[*].id", gold: [go, rust]}`, 2 * 0.25 * 0.5 / 0.75, ""},
		{"set, low precision", `set: {of: "skills[*].id", gold: [go, rust], precision: 0.5}`, 2 * 0.25 * 0.5 / 0.75, "expected precision of at least 0.500; came 0.250; missed rust; extra kafka, sql, git"},
		{"set, low recall", `set: {of: "skills[*].id", gold: [go, rust], recall: 0.6}`, 2 * 0.25 * 0.5 / 0.75, "recall of at least 0.600; came 0.500"},
		{"set, low F1", `set: {of: "skills[*].id", gold: [rust], f1: 0.1}`, 0, "F1 of at least"},
		{"set of nothing", `set: {of: "skills[level>9].id", gold: []}`, 1, ""},
		{"set of no list", `set: {of: n, gold: [a]}`, 0, "3 is not a list"},
		{"ranking, second is first", `ranking: {of: list, relevant: [a], mrr: 0.5}`, 0.5, ""},
		{"ranking, too late", `ranking: {of: list, relevant: [b], mrr: 0.5}`, 0.25, "reciprocal rank of at least 0.500; came 0.250; the list is c, a, x, b, a"},
		{"ranking, nDCG", `ranking: {of: list, relevant: {c: 3, a: 2, b: 1}, ndcg: 0.9}`, (3 + 2/math.Log2(3) + 1/math.Log2(5)) / (3 + 2/math.Log2(3) + 1.0/2), ""},
		{"ranking, recall at two", `ranking: {of: list, relevant: [a, b], k: 2, recall: 1}`, (1 / math.Log2(3)) / (1 + 1/math.Log2(3)), "recall of at least 1.000; came 0.500"},
		{"ranking, twice the same counts once", `ranking: {of: list, relevant: [a], recall: 1}`, 1 / math.Log2(3), ""},
		{"ranking of nothing", `ranking: {of: "skills[level>9].id", relevant: [a], ndcg: 0.1}`, 0, "came 0.000"},
		{"schema", `schema: {of: "citations[0]", schema: {required: [index]}}`, 1, ""},
		{"schema, wrong", `schema: {schema: {properties: {n: {type: string}}}}`, 0, "expected the schema to hold"},
		{"schema of a text in a file", `schema: {of: json, file: inputs/s.json}`, 0, "maximum"},
		{"citations", `citations: {least: 2, kinds: [catalogue]}`, 1, ""},
		{"citations, too few", `citations: {least: 3}`, 0, "at least 3 citations; came 2"},
		{"citations, kind", `citations: {kinds: [resume]}`, 0, "of kind resume"},
		{"citations, invented", `citations: {of: loose}`, 0, "citation 1 has no words; the text cites [9], which is no citation; the text does not use citation 3"},
		{"citations of no answer", `citations: {of: n}`, 0, "expected text and citations"},
		{"private", `private: {values: [Jo Berg]}`, 1, ""},
		{"private, known", `private: {of: who, values: [jo berg], allow: [jo@example.org, +49 170 1234567]}`, 0, `there is "jo berg"`},
		{"private, patterns", `private: {of: who}`, 0, `a telephone number "+49 170 1234567", an e-mail address "jo@example.org"`},
		{"private, profile", `private: {of: "@leaky.text"}`, 0, `a profile's link "linkedin.com/in/jo-berg", a telephone number "(212) 555-0100"`},
		{"cost", `cost: {least: 0.01, most: "0.01"}`, 1, ""},
		{"cost, too dear", `cost: {most: 0.009}`, 0, "expected a cost at most $0.009; the model billed $0.01"},
		{"cost, too cheap", `cost: {least: 0.02}`, 0, "at least $0.02"},
		{"latency", `latency: {first_ms: 80, whole_ms: 300}`, 1, ""},
		{"latency, first byte", `latency: {first_ms: 79}`, 0, "first byte within 79 ms; it took 80 ms"},
		{"latency, whole", `latency: {whole_ms: 299}`, 0, "whole answer within 299 ms"},
		{"rubric", `rubric: {of: text, lines: [Kafka, Go]}`, 1, ""},
		{"rubric, most is enough", `rubric: {of: text, lines: [Kafka, Rust], least: 0.5}`, 0.5, ""},
		{"rubric, most is not", `rubric: {of: text, lines: [Kafka, Rust]}`, 0.5, "not met: Rust"},
		{"rubric, no judge", `rubric: {of: n, lines: [Kafka]}`, 0, "the judge is away"},
		{"nothing there", `rubric: {of: gone, lines: [Kafka]}`, 0, "no field gone"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, err := evals.ParseCheck(test.check, files)
			if err != nil {
				t.Fatal(err)
			}
			g := c.Grade(graderScope(t))
			if g.Passed != (test.want == "") || !strings.Contains(g.Why, test.want) || g.Passed && g.Why != "" {
				t.Errorf("passed %t, why %q; want %q", g.Passed, g.Why, test.want)
			}
			if math.Abs(g.Score-test.score) > 1e-9 {
				t.Errorf("score %.4f, want %.4f", g.Score, test.score)
			}
			if c.Text == "" {
				t.Error("the check has no text for reports")
			}
		})
	}
}

func TestGradersRefuse(t *testing.T) {
	for _, text := range []string{
		`cost: {}`, `cost: {most: much}`, `latency: {}`, `rubric: {of: text}`, `rubric: {lines: [a], least: 2}`, `ranking: {of: list}`, `schema: {of: n}`,
		`schema: {schema: {}, file: inputs/s.json}`, `schema: {file: inputs/none.json}`, `all: n`, `weight: 2`, `{n == 3: 1}`, `set: {of: "a[", gold: [a]}`,
	} {
		if _, err := evals.ParseCheck(text, fstest.MapFS{}); err == nil {
			t.Errorf("%s was taken", text)
		}
	}
}

func TestWilson(t *testing.T) {
	for _, test := range []struct {
		passed, of int
		low, high  float64 // by the formula in another program
	}{{10, 10, 0.7225, 1}, {0, 10, 0, 0.2775}, {81, 100, 0.7222, 0.8749}, {1, 1, 0.2065, 1}, {0, 0, 0, 1}} {
		low, high := evals.Wilson(test.passed, test.of)
		if math.Abs(low-test.low) > 1e-4 || math.Abs(high-test.high) > 1e-4 {
			t.Errorf("%d of %d: %.4f to %.4f, want %.4f to %.4f", test.passed, test.of, low, high, test.low, test.high)
		}
	}
}

func TestSignificance(t *testing.T) {
	drop := make([]float64, 100)
	if low, high := evals.Bootstrap(drop); low != 0 || high != 0 {
		t.Errorf("no difference is %f to %f", low, high)
	}
	drop[0] = -1
	if _, high := evals.Bootstrap(drop); high < 0 {
		t.Error("one case of a hundred is a significant drop")
	}
	for i := range 10 {
		drop[i] = -1
	}
	low, high := evals.Bootstrap(drop)
	if high >= 0 || low > -0.1 {
		t.Errorf("ten of a hundred: %f to %f", low, high)
	}
	if a, b := evals.Bootstrap(drop); a != low || b != high {
		t.Error("the same differences gave another interval")
	}
	for _, test := range []struct {
		down, up int
		p        float64
	}{{0, 0, 1}, {5, 0, 1.0 / 32}, {4, 1, 6.0 / 32}, {0, 3, 1}} {
		if p := evals.SignTest(test.down, test.up); math.Abs(p-test.p) > 1e-9 {
			t.Errorf("%d down, %d up: %f, want %f", test.down, test.up, p, test.p)
		}
	}
}
