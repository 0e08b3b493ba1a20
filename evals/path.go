package evals

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gapwise/gapwise/gateway"
)

// Scope is what paths are looked up in.
type Scope struct {
	Answer any            // the answer at hand, which a path without @ begins at
	Saved  map[string]any // earlier answers by name; "stub" is what the model was asked and billed
	Today  time.Time      // for days()
	// Of the call at hand, and what the model has billed in the case so far.
	FirstByte time.Duration
	Whole     time.Duration
	Billed    gateway.Nano
	// Judge says which lines of a rubric a text meets; nil where there is no judge.
	Judge func(text string, lines []string) ([]bool, error)
}

// Path is where a value is in a JSON document:
//
//	readiness                      a field; a.b.c goes on
//	skills[id=kafka].status        the first element whose field has that value
//	matches[0].title, matches[-1]  an element by place, from the end where negative
//	skills[*].weight               that of all elements, as a list
//	skills[level>=2].id            that of all elements whose field compares so: >=, <=, >, <, !=
//	@strong.readiness              in an answer saved as strong; @.readiness is in the answer at hand
//	len(skills)                    how many elements, or code points of a text
//	sum(skills[*].weight)          of numbers
//	days(ready_on)                 from today to a date
//	0.5*days(@slow.ready_on)       any of these times a number
type Path struct {
	text   string
	factor *big.Rat
	fn     string
	saved  bool
	name   string
	steps  []pathStep
}

type pathStep struct {
	field string // where not ""
	key   string // [key=value]
	value string
	index int
	all   bool
	op    string // of [key op value], which selects all that compare so; "" otherwise
}

// String is the path as it was written.
func (p *Path) String() string { return p.text }

var pathFunctions = []string{"len", "sum", "days"}

// ParsePath reads a path.
func ParsePath(text string) (*Path, error) {
	p := &Path{text: text}
	rest := text
	if factor, after, ok := strings.Cut(rest, "*"); ok && !strings.ContainsAny(factor, "[(") {
		r, isNumber := number(strings.TrimSpace(factor))
		if !isNumber {
			return nil, fmt.Errorf("path %q: %q is not a number", text, factor)
		}
		p.factor, rest = r, strings.TrimSpace(after)
	}
	if name, inner, ok := strings.Cut(rest, "("); ok && !strings.Contains(name, "[") {
		if !slices.Contains(pathFunctions, name) || !strings.HasSuffix(inner, ")") {
			return nil, fmt.Errorf("path %q: there is no function %q", text, name)
		}
		p.fn, rest = name, strings.TrimSuffix(inner, ")")
	}
	if after, ok := strings.CutPrefix(rest, "@"); ok {
		p.saved = true
		end := strings.IndexAny(after, ".[")
		if end < 0 {
			end = len(after)
		}
		p.name, rest = after[:end], strings.TrimPrefix(after[end:], ".")
	}
	var err error
	p.steps, err = parseSteps(rest)
	if err != nil {
		return nil, fmt.Errorf("path %q: %w", text, err)
	}
	if len(p.steps) == 0 && !p.saved && p.fn == "" {
		return nil, fmt.Errorf("path %q is empty", text)
	}
	return p, nil
}

func parseSteps(rest string) ([]pathStep, error) {
	var out []pathStep
	for rest != "" {
		if rest[0] == '[' {
			end := strings.IndexByte(rest, ']')
			if end < 0 {
				return nil, errors.New("a bracket is not closed")
			}
			step, err := parseSelector(rest[1:end])
			if err != nil {
				return nil, err
			}
			out = append(out, step)
			rest = strings.TrimPrefix(rest[end+1:], ".")
			continue
		}
		end := strings.IndexAny(rest, ".[")
		if end < 0 {
			end = len(rest)
		}
		if end == 0 {
			return nil, errors.New("a field has no name")
		}
		out = append(out, pathStep{field: rest[:end]})
		rest = strings.TrimPrefix(rest[end:], ".")
	}
	return out, nil
}

func parseSelector(s string) (pathStep, error) {
	if s == "*" {
		return pathStep{all: true}, nil
	}
	for _, op := range []string{">=", "<=", "!=", ">", "<"} {
		if key, value, ok := strings.Cut(s, op); ok && key != "" && !strings.Contains(key, "=") {
			return pathStep{key: key, op: op, value: value, all: true}, nil
		}
	}
	if key, value, ok := strings.Cut(s, "="); ok {
		return pathStep{key: key, value: value}, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return pathStep{}, fmt.Errorf("[%s] is neither a place, nor *, nor field=value", s)
	}
	return pathStep{index: n}, nil
}

// Find looks a path up. Where there is nothing, why says how far it got.
func (p *Path) Find(s Scope) (value any, why string) {
	root := s.Answer
	if p.saved && p.name != "" {
		var ok bool
		if root, ok = s.Saved[p.name]; !ok {
			return nil, fmt.Sprintf("nothing was saved as %q", p.name)
		}
	}
	value, why = walk(root, p.steps, "")
	if why != "" {
		return nil, why
	}
	if value, why = p.apply(value, s.Today); why != "" || p.factor == nil {
		return value, why
	}
	n, ok := number(value)
	if !ok {
		return nil, show(value) + " is not a number"
	}
	return json.Number(decimal(n.Mul(n, p.factor))), ""
}

func (p *Path) apply(value any, today time.Time) (any, string) {
	switch p.fn {
	case "len":
		switch v := value.(type) {
		case []any:
			return json.Number(strconv.Itoa(len(v))), ""
		case map[string]any:
			return json.Number(strconv.Itoa(len(v))), ""
		case string:
			return json.Number(strconv.Itoa(len([]rune(v)))), ""
		}
		return nil, show(value) + " has no length"
	case "sum":
		list, _ := value.([]any)
		total := new(big.Rat)
		for _, v := range list {
			n, ok := number(v)
			if !ok {
				return nil, show(v) + " is not a number"
			}
			total.Add(total, n)
		}
		return json.Number(decimal(total)), ""
	case "days":
		text, _ := value.(string)
		day, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return nil, show(value) + " is not a date"
		}
		from := today.UTC().Truncate(24 * time.Hour)
		return json.Number(strconv.Itoa(int(day.Sub(from).Hours() / 24))), ""
	}
	return value, ""
}

// walk goes along steps. at is the way so far, for messages.
func walk(v any, steps []pathStep, at string) (any, string) {
	for i, s := range steps {
		switch {
		case s.field != "":
			m, ok := v.(map[string]any)
			if !ok {
				return nil, fmt.Sprintf("%s is %s, which has no field %s", place(at), show(v), s.field)
			}
			next, ok := m[s.field]
			if !ok {
				return nil, fmt.Sprintf("%s has no field %s; it has %s", place(at), s.field, strings.Join(fields(m), ", "))
			}
			v, at = next, strings.TrimPrefix(at+"."+s.field, ".")
		case s.all:
			list, ok := v.([]any)
			if !ok {
				return nil, fmt.Sprintf("%s is %s, not a list", place(at), show(v))
			}
			out := make([]any, 0, len(list))
			for j, e := range list {
				if !s.selects(e) {
					continue
				}
				found, why := walk(e, steps[i+1:], fmt.Sprintf("%s[%d]", at, j))
				if why != "" {
					return nil, why
				}
				out = append(out, found)
			}
			return out, ""
		default:
			next, why := s.pick(v, at)
			if why != "" {
				return nil, why
			}
			v, at = next, at+s.String()
		}
	}
	return v, ""
}

// selects tells whether a selector of many takes an element.
func (s pathStep) selects(e any) bool {
	if s.op == "" {
		return true
	}
	m, _ := e.(map[string]any)
	a := Assertion{op: s.op}
	return m[s.key] != nil && a.ordered(m[s.key], literal(s.value))
}

// String writes a selector as in a path.
func (s pathStep) String() string {
	if s.key != "" {
		return "[" + s.key + "=" + s.value + "]"
	}
	return "[" + strconv.Itoa(s.index) + "]"
}

// pick selects one element of a list.
func (s pathStep) pick(v any, at string) (any, string) {
	list, ok := v.([]any)
	if !ok {
		return nil, fmt.Sprintf("%s is %s, not a list", place(at), show(v))
	}
	if s.key == "" {
		i := s.index
		if i < 0 {
			i += len(list)
		}
		if i < 0 || i >= len(list) {
			return nil, fmt.Sprintf("%s has %d elements, so there is no %s", place(at), len(list), s)
		}
		return list[i], ""
	}
	var others []string
	for _, e := range list {
		m, _ := e.(map[string]any)
		text := plain(m[s.key])
		if text == s.value {
			return e, ""
		}
		others = append(others, text)
	}
	return nil, fmt.Sprintf("%s has no %s; its %ss are %s", place(at), s, s.key, clip(strings.Join(others, ", "), 400))
}

func place(at string) string {
	if at == "" {
		return "the answer"
	}
	return at
}

func fields(m map[string]any) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// plain is a value as a bare word.
func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	b, err := json.Marshal(v) // whole, so that two lists are equal only if all of them is
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}

// maxShown is how much of a value stands in a message, in code points.
const maxShown = 600

// show is a value for a message: JSON, not long.
func show(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return clip(string(b), maxShown)
}

func clip(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// numeral is a decimal number whose exponent cannot blow up its exact value.
var numeral = regexp.MustCompile(`^[+-]?\d+(\.\d+)?([eE][+-]?\d{1,3})?$`)

// number reads a JSON number, or a decimal string such as an amount of dollars.
func number(v any) (*big.Rat, bool) {
	var text string
	switch v := v.(type) {
	case json.Number:
		text = v.String()
	case string:
		text = v
	default:
		return nil, false
	}
	if !numeral.MatchString(text) {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

// decimal writes a number without needless zeros.
func decimal(r *big.Rat) string {
	s := r.FloatString(9)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}
