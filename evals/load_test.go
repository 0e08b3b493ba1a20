package evals_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/evals"
)

// loadOne loads one file of cases, with what lies beside it.
func loadOne(text string, beside map[string]string) ([]evals.Case, error) {
	files := fstest.MapFS{"cases/gaps/x.yaml": {Data: []byte(text)}}
	for name, data := range beside {
		files["cases/gaps/"+name] = &fstest.MapFile{Data: []byte(data)}
	}
	return evals.LoadCases(files)
}

// TestMistakesNameTheirPlace breaks a good file in one place at a time.
func TestMistakesNameTheirPlace(t *testing.T) {
	const good = `about: Cases.
let: {word: x}
cases:
- id: a
  about: A.
  steps:
    - call: GET /a
      expect:
        check:
          - n == 1
          - set: {of: list, gold: [a]}
    - call: GET /b
- id: b
  about: B.
  steps:
    - call: GET /b
`
	if _, err := loadOne(good, nil); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, old, with, want string }{
		{"a field of a file", "let:", "lets:", `x.yaml:2: there is no field "lets"`},
		{"a field of a case", "about: A.", "abuot: A.", `x.yaml:5: field abuot not found`},
		{"a field of a step", "    - call: GET /b\n- id", "    - call: GET /b\n      bdoy: 1\n- id", `x.yaml:13: field bdoy not found`},
		{"a field of expect", "check:", "chekc:", `x.yaml:9: field chekc not found`},
		{"an unknown grader", "set:", "sett:", `x.yaml:11: there is no field "sett"; there are all, any, citations`},
		{"a field of a grader", "gold:", "glod:", `x.yaml:11: field glod not found`},
		{"an operator", "n == 1", "n = 1", `x.yaml:10: check "n = 1": no operator`},
		{"a path", "of: list", "of: 'list['", `x.yaml:11: path "list["`},
		{"two graders", "gold: [a]}", "gold: [a]}\n            cost: {most: 1}", `x.yaml:11: a check names exactly one grader`},
		{"a weight", "gold: [a]}", "gold: [a]}\n            weight: -1", `x.yaml:12: weight is a number over 0`},
		{"a call", "call: GET /a", "call: FETCH /a", `x.yaml:7: case "a": step 1: call "FETCH /a"`},
		{"an id", "id: b", "id: B b", `x.yaml:13: case "B b": the id`},
		{"the same id", "id: b", "id: a", `x.yaml:13: the case gaps/a is also at cases/gaps/x.yaml:4`},
		{"nothing to do", "  steps:\n    - call: GET /b\n", "", ""},
		{"a value that is not there", "GET /b\n- id", "GET /${wrod}\n- id", `x.yaml:12: there is no value ${wrod}; there are word`},
		{"a value that contains itself", "word: x", `word: "a${word}"`, ""},
		{"a bracket that is not closed", "about: B.", `about: "B ${word."`, `x.yaml:14: a ${ is not closed`},
		{"a file that is not there", "about: B.", `about: "${file:inputs/no.txt}"`, `x.yaml:14: the file cases/gaps/inputs/no.txt cannot be read`},
		{"a file elsewhere", "about: B.", `about: "${file:../../secret}"`, `x.yaml:14: "../../secret" is no path`},
		{"rows without an id", "about: B.", "about: B.\n  each: [{x: 1}]", `x.yaml:15: a row needs an id`},
		{"each and matrix", "about: B.", "about: B.\n  each: [x]\n  matrix: {y: [z]}", `x.yaml:16: give each or matrix`},
		{"a fault", "about: B.", "about: B.\n  model: [{fault: fire}]", `there is no fault "fire"`},
		{"a model", "about: B.", "about: B.\n  model: tame", `x.yaml:15: a model is a list of replies`},
		{"a price", "about: B.", "about: B.\n  settings: {price_input: much}", `x.yaml:13: case "b": price`},
		{"a ledger", "about: B.", "about: B.\n  ledger: loose", `there is no ledger mode "loose"`},
		{"a share", "about: B.", "about: B.\n  pass: 2", `pass is a share`},
		{"two contents", "about: B.", "about: B.\n  resume: {text: a, bytes: empty}", `give exactly one of`},
		{"a generator", "about: B.", "about: B.\n  resume: {bytes: twelve}", `there is no generator "twelve"`},
		{"a schema", "set: {of: list, gold: [a]}", "schema: {of: list, schema: {type: nonsense}}", `x.yaml:11: schema`},
		{"a list that is none", "- n == 1", "- any: []", `x.yaml:10: expected a list of checks`},
		{"YAML that is none", "about: B.", "about: 'B.", `x.yaml:`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			at := strings.LastIndex(good, test.old)
			if test.old == "let:" || test.old == "check:" || at < 0 {
				at = strings.Index(good, test.old)
			}
			if at < 0 {
				t.Fatalf("%q is not in the file", test.old)
			}
			_, err := loadOne(good[:at]+test.with+good[at+len(test.old):], nil)
			if test.name == "a value that contains itself" {
				err = errOf(loadOne(strings.Replace(good[:at]+test.with+good[at+len(test.old):], "about: B.", `about: "${word}"`, 1), nil))
				test.want = "x.yaml:2: values are nested too deeply"
			}
			if test.name == "nothing to do" {
				test.want = `x.yaml:13: case "b": there is nothing to do`
			}
			var m *evals.Mistake
			if !errors.As(err, &m) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}

func errOf[T any](_ T, err error) error { return err }

func TestStrayAndUnknownSuites(t *testing.T) {
	for name, want := range map[string]string{"cases/x.yaml": "belong in the directory", "cases/other/x.yaml": `no suite "other"`} {
		files := fstest.MapFS{name: {Data: []byte("about: A.\ncases: []")}, "cases/gaps/y.yaml": {Data: []byte("about: A.\ncases: []")}}
		if _, err := evals.LoadCases(files); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
}

func TestRows(t *testing.T) {
	cases, err := loadOne(`about: Cases.
let:
  body: {n: 2, said: "${word} and $${word}"}
  word: hello
  people: [{id: ann, age: 3}, {id: bob, age: 4}]
defaults: {fresh: true, ledger: skip}
cases:
- id: one
  about: ${id} says ${text}.
  ledger: over
  each: ${file:inputs/rows.yaml}
  steps: [{call: POST /a, body: "${body}", raw: "${file:inputs/text.txt}"}]
- id: two
  about: ${who} in ${place} is ${who.age}.
  matrix: {place: [here, there], who: "${people}"}
  steps: [{call: POST /a, times: "${who.age}"}]
`, map[string]string{"inputs/rows.yaml": "- {id: first, text: Hi}\n- {id: second, text: '${word}'}\n", "inputs/text.txt": "It says ${text}."})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range cases {
		got = append(got, c.ID+": "+c.About)
	}
	want := []string{
		"one-first: first says Hi.", "one-second: second says hello.",
		"two-here-ann: ann in here is 3.", "two-here-bob: bob in here is 4.", "two-there-ann: ann in there is 3.", "two-there-bob: bob in there is 4.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cases (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]any{"n": 2, "said": "hello and ${word}"}, cases[0].Steps[0].Body); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	if got := cases[1].Steps[0].Raw; got != "It says hello." {
		t.Errorf("the file's text is %q", got)
	}
	if cases[3].Steps[0].Times != 4 || !cases[3].Fresh || cases[0].Ledger != evals.LedgerOver || cases[2].Ledger != evals.LedgerSkip {
		t.Errorf("numbers or defaults are lost: %+v", cases[3])
	}
	if got := cases[2].Place(); got != "cases/gaps/x.yaml:13" {
		t.Errorf("place %s", got)
	}
}

func FuzzLoadCases(f *testing.F) {
	f.Add("about: A.\ncases: [{id: a, about: A., each: [{id: b, x: '${x}'}], steps: [{call: GET /}]}]")
	f.Add("about: &a A.\nlet: {x: *a}\ncases: [{id: a, <<: *a}]")
	f.Fuzz(func(t *testing.T, text string) {
		_, err := loadOne(text, nil)
		if err != nil && !strings.Contains(err.Error(), "x.yaml") && !strings.Contains(err.Error(), "no cases") {
			t.Errorf("an error without a place: %v", err)
		}
	})
}
