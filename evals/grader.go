package evals

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"github.com/gapwise/gapwise/gateway"
)

// where is the path that a grader looks at, "" for the answer as a whole.
type where struct {
	text string
	path *Path
}

// UnmarshalYAML reads a path.
func (w *where) UnmarshalYAML(n *yaml.Node) error {
	p, err := ParsePath(n.Value)
	if err != nil {
		return &Mistake{Line: n.Line, What: err.Error()}
	}
	w.text, w.path = n.Value, p
	return nil
}

func (w *where) find(s Scope) (any, string) {
	if w.path == nil {
		return s.Answer, ""
	}
	return w.path.Find(s)
}

// words are a value as a list of words.
func words(v any, why string) ([]string, string) {
	if why != "" {
		return nil, why
	}
	list, ok := v.([]any)
	if !ok {
		return nil, show(v) + " is not a list"
	}
	out := make([]string, 0, len(list))
	for _, e := range list {
		if e != nil { // a skill that the catalogue does not have
			out = append(out, plain(e))
		}
	}
	return out, ""
}

// atLeast says which of some figures are below what they must be.
func atLeast(figures ...figure) string {
	var out []string
	for _, f := range figures {
		if f.got < f.least-1e-9 {
			out = append(out, fmt.Sprintf("expected %s of at least %.3f; came %.3f", f.name, f.least, f.got))
		}
	}
	return strings.Join(out, "; ")
}

type figure struct {
	name       string
	got, least float64
}

// schema holds a value, or a text that is JSON, against a JSON Schema.
type schema struct {
	Of     where  `yaml:"of"`
	Schema any    `yaml:"schema"`
	File   string `yaml:"file"` // a JSON Schema beside the file of the case
	doc    *jsonschema.Schema
}

func (g *schema) prepare(c *Case) error {
	raw, err := json.Marshal(g.Schema)
	if err != nil {
		return fmt.Errorf("schema: %w", err)
	}
	if (g.Schema == nil) == (g.File == "") {
		return errors.New("schema needs exactly one of schema and file")
	}
	if g.File != "" {
		if raw, err = readInput(c.files, c.dir, g.File); err != nil {
			return err
		}
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return fmt.Errorf("schema: %w", err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("mem:///schema.json", doc); err != nil {
		return fmt.Errorf("schema: %w", err)
	}
	if g.doc, err = compiler.Compile("mem:///schema.json"); err != nil {
		return fmt.Errorf("schema: %w", err)
	}
	return nil
}

// String names the path.
func (g *schema) String() string { return strings.TrimSpace("schema of " + g.Of.text) }

func (g *schema) grade(s Scope) Grade {
	v, why := g.Of.find(s)
	if why != "" {
		return verdict(why)
	}
	if text, isText := v.(string); isText {
		if decoded, err := decodeJSON([]byte(text)); err == nil {
			v = decoded
		}
	}
	if err := g.doc.Validate(v); err != nil {
		return verdict(fmt.Sprintf("expected the schema to hold: %s; came %s", strings.ReplaceAll(err.Error(), "\n", " "), show(v)))
	}
	return verdict("")
}

// citations holds the numbers of a text against the citations beside it: each number has one, each one has a number and words of its own.
type citations struct {
	Of    where    `yaml:"of"`    // the object with text and citations
	Least int      `yaml:"least"` // how many there must be
	Kinds []string `yaml:"kinds"` // a citation of at least one of these
}

// String is the name and the bounds.
func (g *citations) String() string {
	out := "citations exist"
	if g.Least > 0 {
		out += fmt.Sprintf(", at least %d", g.Least)
	}
	if len(g.Kinds) > 0 {
		out += " of " + strings.Join(g.Kinds, " or ")
	}
	return out
}

func (g *citations) grade(s Scope) Grade {
	v, why := g.Of.find(s)
	if why != "" {
		return verdict(why)
	}
	m, _ := v.(map[string]any)
	text, isText := m["text"].(string)
	list, isList := m["citations"].([]any)
	if !isText || !isList {
		return verdict("expected text and citations; came " + show(v))
	}
	var bad, given []string
	kind := len(g.Kinds) == 0
	for _, e := range list {
		c, _ := e.(map[string]any)
		given = append(given, plain(c["index"]))
		if isEmpty(c["text"]) && isEmpty(c["title"]) {
			bad = append(bad, "citation "+plain(c["index"])+" has no words")
		}
		kind = kind || slices.Contains(g.Kinds, plain(c["kind"]))
	}
	used := marks(text)
	for _, n := range used {
		if !slices.Contains(given, n) {
			bad = append(bad, "the text cites ["+n+"], which is no citation")
		}
	}
	for _, n := range given {
		if !slices.Contains(used, n) {
			bad = append(bad, "the text does not use citation "+n)
		}
	}
	if len(list) < g.Least {
		bad = append(bad, fmt.Sprintf("expected at least %d citations; came %d", g.Least, len(list)))
	}
	if !kind {
		bad = append(bad, "expected a citation of kind "+strings.Join(g.Kinds, " or "))
	}
	return verdict(strings.Join(bad, "; "))
}

// private holds that nothing of a person is in a text: by default in all that the model was asked.
type private struct {
	Of     where    `yaml:"of"`
	Values []string `yaml:"values"` // what must not be there, whatever its case and its blanks
	Allow  []string `yaml:"allow"`  // what looks like personal data and is none
}

// personal is what personal data looks like.
var personal = map[string]*regexp.Regexp{ //nolint:gochecknoglobals // a constant table
	"an e-mail address":  regexp.MustCompile(`[\pL\d._%+-]+@[\pL\d-]+(\.[\pL\d-]+)*\.\pL{2,}`),
	"a telephone number": regexp.MustCompile(`\+\d{1,3}[\s()./-]*\d(?:[\s()./-]*\d){6,12}|\(\d{3}\)\s*\d{3}[-.\s]\d{4}`),
	"a profile's link":   regexp.MustCompile(`(?i)(?:linkedin\.com/in|github\.com|gitlab\.com|xing\.com/profile)/[\w-]+`),
}

// String is the name and where it looks.
func (g *private) String() string {
	if g.Of.text == "" {
		return "no personal data reaches the model"
	}
	return "no personal data in " + g.Of.text
}

func (g *private) grade(s Scope) Grade {
	text, why := g.text(s)
	if why != "" {
		return verdict(why)
	}
	var bad []string
	low := blanks.ReplaceAllString(strings.ToLower(text), " ")
	for _, v := range g.Values {
		if v != "" && strings.Contains(low, blanks.ReplaceAllString(strings.ToLower(v), " ")) {
			bad = append(bad, strconv.Quote(v))
		}
	}
	for what, pattern := range personal {
		for _, found := range pattern.FindAllString(text, -1) {
			if !slices.Contains(g.Allow, found) {
				bad = append(bad, what+" "+strconv.Quote(found))
			}
		}
	}
	if len(bad) > 0 {
		slices.Sort(bad)
		return verdict("expected nothing of the person; there is " + strings.Join(slices.Compact(bad), ", "))
	}
	return verdict("")
}

func (g *private) text(s Scope) (text, why string) {
	if g.Of.path == nil {
		stub, _ := s.Saved["stub"].(map[string]any)
		return plain(stub["prompts"]), ""
	}
	v, why := g.Of.find(s)
	return plain(v), why
}

var blanks = regexp.MustCompile(`\s+`)

// cost bounds what the model has billed in the case so far, in dollars.
type cost struct {
	Most  string `yaml:"most"`
	Least string `yaml:"least"`
}

func (g *cost) prepare(*Case) error {
	if g.Most == "" && g.Least == "" {
		return errors.New("cost needs most or least")
	}
	for _, text := range []string{g.Most, g.Least} {
		if text == "" {
			continue
		}
		if _, err := gateway.ParseDollars(text); err != nil {
			return fmt.Errorf("cost: %w", err)
		}
	}
	return nil
}

// String is the bounds.
func (g *cost) String() string { return "cost " + bounds(g.Least, g.Most, "$") }

func bounds(least, most, unit string) string {
	switch {
	case least == "":
		return "at most " + unit + most
	case most == "":
		return "at least " + unit + least
	}
	return "from " + unit + least + " to " + unit + most
}

func (g *cost) grade(s Scope) Grade {
	least, most := gateway.Nano(0), gateway.Nano(math.MaxInt64)
	if g.Least != "" {
		least, _ = gateway.ParseDollars(g.Least) // was checked with the case
	}
	if g.Most != "" {
		most, _ = gateway.ParseDollars(g.Most) // as above
	}
	if s.Billed < least || s.Billed > most {
		return verdict(fmt.Sprintf("expected a %s; the model billed $%s", g, s.Billed))
	}
	return verdict("")
}

// latency bounds how long the answer took, in milliseconds. It depends on the machine, so its bounds are generous.
type latency struct {
	FirstMS int `yaml:"first_ms"` // until the first byte
	WholeMS int `yaml:"whole_ms"`
}

func (g *latency) prepare(*Case) error {
	if g.FirstMS <= 0 && g.WholeMS <= 0 {
		return errors.New("latency needs first_ms or whole_ms")
	}
	return nil
}

func (g *latency) grade(s Scope) Grade {
	for _, b := range []struct {
		name string
		most int
		took time.Duration
	}{{"first byte", g.FirstMS, s.FirstByte}, {"whole answer", g.WholeMS, s.Whole}} {
		if b.most > 0 && b.took > time.Duration(b.most)*time.Millisecond {
			return verdict(fmt.Sprintf("expected the %s within %d ms; it took %d ms", b.name, b.most, b.took.Milliseconds()))
		}
	}
	return verdict("")
}

// rubric has a judge, who is a language model, say which lines of a rubric a text meets. What the judge said is recorded in the cassette.
type rubric struct {
	Of    where    `yaml:"of"`
	Lines []string `yaml:"lines"`
	Least float64  `yaml:"least"` // share of the lines that must be met; 0 for all
}

func (g *rubric) prepare(*Case) error {
	if len(g.Lines) == 0 || g.Least < 0 || g.Least > 1 {
		return errors.New("rubric needs lines, and least is a share")
	}
	return nil
}

func (g *rubric) grade(s Scope) Grade {
	v, why := g.Of.find(s)
	if why != "" {
		return verdict(why)
	}
	if s.Judge == nil {
		return verdict("there is no judge here")
	}
	met, err := s.Judge(plain(v), g.Lines)
	if err != nil {
		return verdict(err.Error())
	}
	var not []string
	for i, line := range g.Lines {
		if i >= len(met) || !met[i] {
			not = append(not, line)
		}
	}
	score := float64(len(g.Lines)-len(not)) / float64(len(g.Lines))
	least := g.Least
	if least == 0 {
		least = 1
	}
	if score < least-1e-9 {
		return Grade{Score: score, Why: fmt.Sprintf("expected %.0f %% of the rubric to be met; the judge finds not met: %s", 100*least, strings.Join(not, "; "))}
	}
	return Grade{Passed: true, Score: score}
}
