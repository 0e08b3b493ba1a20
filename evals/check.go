package evals

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Check is one thing that must hold of an answer: an assertion on one line, or a grader by its name.
type Check struct {
	Name   string // of the grader
	Text   string // for reports, as short as it is clear
	Weight float64
	grader grader
	node   *yaml.Node
}

// Grade is how a check went.
type Grade struct {
	Passed bool
	Score  float64 // from 0 to 1
	Why    string  // what was expected and what came; "" where it passed
	Tally  *Tally  // of set
	Rank   *Rank   // of ranking
}

// grader is one way to look at an answer. It is pure: everything that it sees is in the scope.
type grader interface{ grade(s Scope) Grade }

// preparer is a grader that has something to read or compile once its case is known.
type preparer interface{ prepare(c *Case) error }

// verdict is a grade of all or nothing: why is empty where it passed.
func verdict(why string) Grade {
	if why != "" {
		return Grade{Why: why}
	}
	return Grade{Passed: true, Score: 1}
}

// graders are all there are, by name.
func graders() map[string]func() grader {
	return map[string]func() grader{
		"that":      func() grader { return new(that) },
		"all":       func() grader { return new(all) },
		"any":       func() grader { return new(anyOf) },
		"set":       func() grader { return new(set) },
		"ranking":   func() grader { return new(ranking) },
		"schema":    func() grader { return new(schema) },
		"citations": func() grader { return new(citations) },
		"private":   func() grader { return new(private) },
		"cost":      func() grader { return new(cost) },
		"latency":   func() grader { return new(latency) },
		"rubric":    func() grader { return new(rubric) },
	}
}

// GraderNames are the names of all graders.
func GraderNames() []string { return slices.Sorted(maps.Keys(graders())) }

// UnmarshalYAML reads a line, or {NAME: how, weight: n}.
func (c *Check) UnmarshalYAML(n *yaml.Node) error {
	c.node, c.Weight = n, 1
	if n.Kind == yaml.ScalarNode {
		c.Name = "that"
		return c.read(n)
	}
	fields, err := mapping(n, append(GraderNames(), "weight")...)
	if err != nil {
		return err
	}
	if w := fields["weight"]; w != nil {
		if err := w.Load(&c.Weight); err != nil || c.Weight <= 0 {
			return &Mistake{Line: w.Line, What: "weight is a number over 0"}
		}
		delete(fields, "weight")
	}
	if len(fields) != 1 {
		return &Mistake{Line: n.Line, What: "a check names exactly one grader"}
	}
	for name, how := range fields {
		c.Name = name
		return c.read(how)
	}
	return nil
}

func (c *Check) read(how *yaml.Node) error {
	c.grader = graders()[c.Name]()
	if err := how.Load(c.grader, yaml.WithKnownFields()); err != nil {
		return mistakeAt(how, err)
	}
	c.Text = c.Name
	if named, ok := c.grader.(fmt.Stringer); ok {
		c.Text = named.String()
	}
	return nil
}

func (c *Check) prepare(of *Case) error {
	if p, ok := c.grader.(preparer); ok {
		if err := p.prepare(of); err != nil {
			return mistakeAt(c.node, err)
		}
	}
	return nil
}

// Grade looks at an answer.
func (c *Check) Grade(s Scope) Grade { return c.grader.grade(s) }

// that is an assertion: see Assertion.
type that struct{ *Assertion }

// UnmarshalYAML implements yaml.Unmarshaler.
func (t *that) UnmarshalYAML(n *yaml.Node) error {
	a, err := ParseAssertion(n.Value)
	if err != nil {
		return &Mistake{Line: n.Line, What: err.Error()}
	}
	t.Assertion = a
	return nil
}

func (t *that) grade(s Scope) Grade { return verdict(t.Check(s)) }

// all holds where every one of its checks does; its score is their mean by weight.
type all []Check

// UnmarshalYAML implements yaml.Unmarshaler.
func (a *all) UnmarshalYAML(n *yaml.Node) error { return listOf(n, (*[]Check)(a)) }

func listOf(n *yaml.Node, into *[]Check) error {
	if err := n.Load(into, yaml.WithKnownFields()); err != nil {
		return mistakeAt(n, err)
	}
	if len(*into) == 0 {
		return &Mistake{Line: n.Line, What: "expected a list of checks"}
	}
	return nil
}

func (a *all) prepare(c *Case) error { return prepareAll(*a, c) }

func prepareAll(checks []Check, c *Case) error {
	for i := range checks {
		if err := checks[i].prepare(c); err != nil {
			return err
		}
	}
	return nil
}

// String is the checks in brackets.
func (a *all) String() string { return "all(" + texts(*a) + ")" }

func texts(checks []Check) string {
	out := make([]string, len(checks))
	for i := range checks {
		out[i] = checks[i].Text
	}
	return strings.Join(out, "; ")
}

func (a *all) grade(s Scope) Grade {
	out := Grade{Passed: true}
	var why []string
	var weights float64
	for i := range *a {
		c := &(*a)[i]
		g := c.Grade(s)
		weights += c.Weight
		out.Score += c.Weight * g.Score
		if !g.Passed {
			out.Passed = false
			why = append(why, g.Why)
		}
	}
	out.Score /= weights
	out.Why = strings.Join(why, "; ")
	return out
}

// anyOf holds where at least one of its checks does; its score is the best.
type anyOf []Check

// UnmarshalYAML implements yaml.Unmarshaler.
func (a *anyOf) UnmarshalYAML(n *yaml.Node) error { return listOf(n, (*[]Check)(a)) }

func (a *anyOf) prepare(c *Case) error { return prepareAll(*a, c) }

// String is the checks in brackets.
func (a *anyOf) String() string { return "any(" + texts(*a) + ")" }

func (a *anyOf) grade(s Scope) Grade {
	var out Grade
	var why []string
	for i := range *a {
		g := (*a)[i].Grade(s)
		if g.Passed && !out.Passed || g.Passed == out.Passed && g.Score > out.Score {
			out.Passed, out.Score = g.Passed, g.Score
		}
		why = append(why, g.Why)
	}
	if !out.Passed {
		out.Why = "none of these held: " + strings.Join(why, "; ")
	}
	return out
}
