package evals

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Suites are the suites of cases, each a directory of cases, in the order in which a report shows them.
var Suites = []string{"reading", "skills", "levels", "gaps", "plans", "matching", "retrieval", "tutor", "injection", "masking", "gateway", "errors"} //nolint:gochecknoglobals // a constant list

// LoadCases reads and checks every case of a file system: cases/SUITE/*.yaml, or SUITE/*.yaml where there is no directory cases. The error
// is a *Mistake wherever it is about a file.
func LoadCases(files fs.FS) ([]Case, error) {
	root := "cases"
	if info, err := fs.Stat(files, root); err != nil || !info.IsDir() {
		root = "."
	}
	names, err := fs.Glob(files, path.Join(root, "*", "*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("list cases: %w", err)
	}
	stray, err := fs.Glob(files, path.Join(root, "*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("list cases: %w", err)
	}
	if len(stray) > 0 {
		return nil, &Mistake{File: stray[0], What: "cases belong in the directory of their suite: " + strings.Join(Suites, ", ")}
	}
	if len(names) == 0 {
		return nil, errors.New("there are no cases: expected SUITE/*.yaml")
	}
	var out []Case
	seen := map[string]string{}
	for _, name := range names {
		cases, err := loadFile(files, name)
		if err != nil {
			return nil, inFile(name, err)
		}
		for _, c := range cases {
			if other, ok := seen[c.Name()]; ok {
				return nil, &Mistake{File: name, Line: c.line, What: fmt.Sprintf("the case %s is also at %s", c.Name(), other)}
			}
			seen[c.Name()] = fmt.Sprintf("%s:%d", name, c.line)
		}
		out = append(out, cases...)
	}
	slices.SortStableFunc(out, func(a, b Case) int { return slices.Index(Suites, a.Suite) - slices.Index(Suites, b.Suite) })
	return out, nil
}

func inFile(name string, err error) error {
	if m, ok := errors.AsType[*Mistake](err); ok {
		if m.File == "" {
			m.File = name
		}
		return m
	}
	line, what := lineOf(err)
	if what == "" {
		what = err.Error()
	}
	return &Mistake{File: name, Line: line, What: what}
}

// The fields of a file, and those of a case in it that make many of one.
var fileFields = []string{"about", "let", "defaults", "cases"} //nolint:gochecknoglobals // a constant list

func loadFile(files fs.FS, name string) ([]Case, error) {
	suite := path.Base(path.Dir(name))
	if !slices.Contains(Suites, suite) {
		return nil, &Mistake{What: fmt.Sprintf("there is no suite %q; there are %s", suite, strings.Join(Suites, ", "))}
	}
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, fmt.Errorf("read cases: %w", err)
	}
	var doc yaml.Node
	if err := yaml.Load(data, &doc); err != nil {
		return nil, err
	}
	if len(doc.Content) != 1 {
		return nil, &Mistake{Line: 1, What: "the file is empty"}
	}
	top, err := mapping(doc.Content[0], fileFields...)
	if err != nil {
		return nil, err
	}
	if top["about"] == nil || top["cases"] == nil || top["cases"].Kind != yaml.SequenceNode {
		return nil, &Mistake{Line: 1, What: "a file needs about (a sentence) and cases (a list)"}
	}
	e := &expander{files: files, dir: path.Dir(name), vars: map[string]*yaml.Node{}}
	if top["let"] != nil {
		if e.vars, err = mapping(top["let"]); err != nil {
			return nil, err
		}
	}
	var out []Case
	for _, n := range top["cases"].Content {
		cases, err := e.cases(n, top["defaults"])
		if err != nil {
			return nil, err
		}
		for _, c := range cases {
			c.Suite, c.file, c.dir, c.files = suite, name, path.Dir(name), files
			if err := c.check(); err != nil {
				return nil, mistakeAt(&yaml.Node{Line: c.line}, fmt.Errorf("case %q: %w", c.ID, err))
			}
			out = append(out, c)
		}
	}
	return out, nil
}

// cases are the cases that one node of a file stands for: one, or one a row.
func (e *expander) cases(n, defaults *yaml.Node) ([]Case, error) {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	n, each, matrix, err := takeRows(withDefaults(n, defaults))
	if err != nil {
		return nil, err
	}
	rows, err := e.rowsOf(each, matrix)
	if err != nil {
		return nil, err
	}
	out := make([]Case, 0, len(rows))
	for _, r := range rows {
		vars := maps.Clone(e.vars)
		maps.Copy(vars, r.vars)
		one := &expander{files: e.files, dir: e.dir, vars: vars}
		filled, err := one.node(n)
		if err != nil {
			return nil, err
		}
		var c Case
		if err := filled.Load(&c, yaml.WithKnownFields()); err != nil {
			return nil, mistakeAt(n, err)
		}
		if c.line = n.Line; r.id != "" {
			c.ID += "-" + r.id
		}
		out = append(out, c)
	}
	return out, nil
}

// withDefaults is a case with the fields that it has not given itself.
func withDefaults(n, defaults *yaml.Node) *yaml.Node {
	if defaults == nil || n.Kind != yaml.MappingNode || defaults.Kind != yaml.MappingNode {
		return n
	}
	out := *n
	out.Content = slices.Clone(n.Content)
	for i := 0; i+1 < len(defaults.Content); i += 2 {
		key := defaults.Content[i].Value
		given := false
		for j := 0; j+1 < len(n.Content); j += 2 {
			given = given || n.Content[j].Value == key
		}
		if !given {
			out.Content = append(out.Content, defaults.Content[i], defaults.Content[i+1])
		}
	}
	return &out
}

// takeRows takes each and matrix out of a case.
func takeRows(n *yaml.Node) (rest, each, matrix *yaml.Node, err error) {
	if n.Kind != yaml.MappingNode {
		return nil, nil, nil, &Mistake{Line: n.Line, What: "a case has fields"}
	}
	out := *n
	out.Content = nil
	for i := 0; i+1 < len(n.Content); i += 2 {
		switch key, value := n.Content[i], n.Content[i+1]; key.Value {
		case "each":
			each = value
		case "matrix":
			matrix = value
		default:
			out.Content = append(out.Content, key, value)
		}
	}
	return &out, each, matrix, nil
}

// Select is which cases to run.
type Select struct {
	Run    string   // in a case's name, SUITE/ID; "" for all
	Suites []string // nil for all
}

// of keeps the cases that are selected, in their order.
func (s Select) of(cases []Case) []Case {
	var out []Case
	for _, c := range cases {
		if (len(s.Suites) == 0 || slices.Contains(s.Suites, c.Suite)) && strings.Contains(c.Name(), s.Run) {
			out = append(out, c)
		}
	}
	return out
}
