package evals

import (
	"encoding/json"
	"fmt"
	"math/big"
	"regexp"
	"strings"
)

// Assertion is one line of a case's checks: [all|any] PATH OPERATOR [VALUE].
//
//	skills[id=postgresql].level >= 3      ==, !=, <, <=, >, >=; amounts of dollars compare as numbers, dates as dates
//	readiness > @weak.readiness           a value with @ is a path
//	days(ready_on) ~ 0.5*days(@slow.ready_on)   within 2, for days and hours that were rounded
//	text contains "Kafka"                 of a text or a list; also not contains
//	text matches "[Rr]etrieval"           a regular expression; also not matches
//	remote in yes|hybrid
//	matches[0].reasons not empty          also is empty
//	skills[id=go] absent                  also present
//	all matches[*].remote == yes          every element, of which there must be one; any is for at least one
type Assertion struct {
	text       string
	quantifier string // "", all or any
	left       *Path
	op         string
	right      string // as written
	rightPath  *Path  // where the value is a path
	value      any    // where it is a literal
	pattern    *regexp.Regexp
}

// String is the assertion as it was written.
func (a *Assertion) String() string { return a.text }

// The operators, a longer one before what it begins with.
var operators = []string{"not contains", "not matches", "not empty", "is empty", "contains", "matches", "present", "absent", "in", "==", "!=", "<=", ">=", "<", ">", "~"}

// ParseAssertion reads an assertion.
func ParseAssertion(text string) (*Assertion, error) {
	a := &Assertion{text: text}
	rest := strings.TrimSpace(text)
	for _, q := range []string{"all", "any"} {
		if after, ok := strings.CutPrefix(rest, q+" "); ok {
			a.quantifier, rest = q, strings.TrimSpace(after)
		}
	}
	end := pathEnd(rest)
	var err error
	if a.left, err = ParsePath(rest[:end]); err != nil {
		return nil, fmt.Errorf("check %q: %w", text, err)
	}
	rest = strings.TrimSpace(rest[end:])
	for _, op := range operators {
		after, ok := strings.CutPrefix(rest, op)
		if ok && (after == "" || after[0] == ' ') {
			a.op, a.right = op, strings.TrimSpace(after)
			break
		}
	}
	if a.op == "" {
		return nil, fmt.Errorf("check %q: no operator after %s", text, a.left)
	}
	if err := a.parseValue(); err != nil {
		return nil, fmt.Errorf("check %q: %w", text, err)
	}
	return a, nil
}

// pathEnd is where a path ends: at the first blank outside brackets.
func pathEnd(s string) int {
	depth := 0
	for i, r := range s {
		switch r {
		case '[', '(':
			depth++
		case ']', ')':
			depth--
		case ' ':
			if depth == 0 {
				return i
			}
		}
	}
	return len(s)
}

func (a *Assertion) parseValue() error {
	needs := true
	switch a.op {
	case "is empty", "not empty", "present", "absent":
		needs = false
	}
	switch {
	case needs && a.right == "":
		return fmt.Errorf("%s needs a value", a.op)
	case !needs && a.right != "":
		return fmt.Errorf("%s takes no value", a.op)
	case !needs:
		return nil
	}
	var err error
	if strings.Contains(a.right, "@") && !strings.HasPrefix(a.right, `"`) {
		a.rightPath, err = ParsePath(a.right)
		return err
	}
	if strings.HasSuffix(a.op, "matches") {
		// Not as JSON: the backslashes are the expression's own.
		a.pattern, err = regexp.Compile(strings.TrimSuffix(strings.TrimPrefix(a.right, `"`), `"`))
		return err
	}
	a.value = literal(a.right)
	if text, isText := a.value.(string); isText && text == a.right && strings.HasPrefix(text, `"`) {
		return fmt.Errorf("%s is not a JSON string", text)
	}
	return nil
}

// literal reads JSON, or takes the words as they stand.
func literal(s string) any {
	dec := json.NewDecoder(strings.NewReader(s))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err == nil && !dec.More() {
		return v
	}
	return s
}

// Check is "" where the assertion holds, else what was expected and what came.
func (a *Assertion) Check(s Scope) string {
	left, why := a.left.Find(s)
	switch {
	case a.op == "absent" && why != "":
		return ""
	case a.op == "absent":
		return fmt.Sprintf("expected %s; came %s", a.text, show(left))
	case why != "":
		return fmt.Sprintf("expected %s; %s", a.text, why)
	}
	right := a.value
	if a.rightPath != nil {
		if right, why = a.rightPath.Find(s); why != "" {
			return fmt.Sprintf("expected %s; %s", a.text, why)
		}
	}
	if a.quantifier == "" {
		if a.holds(left, right) {
			return ""
		}
		return a.complain(left, right)
	}
	list, ok := left.([]any)
	if !ok || len(list) == 0 {
		return fmt.Sprintf("expected %s; there is nothing to look at: %s", a.text, show(left))
	}
	for _, v := range list {
		held := a.holds(v, right)
		if a.quantifier == "any" && held {
			return ""
		}
		if a.quantifier == "all" && !held {
			return a.complain(v, right)
		}
	}
	if a.quantifier == "any" {
		return a.complain(left, right)
	}
	return ""
}

func (a *Assertion) complain(left, right any) string {
	against := ""
	if a.rightPath != nil {
		against = fmt.Sprintf(" (%s is %s)", a.rightPath, show(right))
	}
	return fmt.Sprintf("expected %s%s; came %s", a.text, against, show(left))
}

func (a *Assertion) holds(left, right any) bool {
	switch a.op {
	case "present":
		return true
	case "is empty", "not empty":
		return isEmpty(left) == (a.op == "is empty")
	case "contains", "not contains":
		return contains(left, plain(right)) == (a.op == "contains")
	case "matches", "not matches":
		text, isText := left.(string)
		return isText && a.pattern.MatchString(text) == (a.op == "matches")
	case "in":
		for word := range strings.SplitSeq(plain(right), "|") {
			if plain(left) == strings.TrimSpace(word) {
				return true
			}
		}
		return false
	}
	return a.ordered(left, right)
}

// near is how far apart two numbers may be for ~: the days or hours that rounding up costs.
var near = big.NewRat(2, 1)

func (a *Assertion) ordered(left, right any) bool {
	var order int
	x, xOK := number(left)
	y, yOK := number(right)
	switch {
	case xOK && yOK:
		if a.op == "~" {
			d := new(big.Rat).Sub(x, y)
			return d.Abs(d).Cmp(near) <= 0
		}
		order = x.Cmp(y)
	case a.op == "==" || a.op == "!=":
		return (plain(left) == plain(right)) == (a.op == "==")
	default:
		l, lOK := left.(string)
		r, rOK := right.(string)
		if !lOK || !rOK {
			return false
		}
		order = strings.Compare(l, r)
	}
	switch a.op {
	case "==":
		return order == 0
	case "!=":
		return order != 0
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	case ">=":
		return order >= 0
	}
	return false
}

func isEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// contains looks in a text, or for an element of a list.
func contains(v any, want string) bool {
	switch v := v.(type) {
	case string:
		return strings.Contains(v, want)
	case []any:
		for _, e := range v {
			if plain(e) == want {
				return true
			}
		}
	case map[string]any:
		_, ok := v[want]
		return ok
	}
	return false
}
