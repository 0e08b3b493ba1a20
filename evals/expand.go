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

// Mistake is what is wrong with a file of cases, and where.
type Mistake struct {
	File string // "" until it is known
	Line int    // 0 where it is the file as a whole
	What string
}

// Error implements error: file:line: what.
func (m *Mistake) Error() string {
	switch {
	case m.File == "":
		return fmt.Sprintf("line %d: %s", m.Line, m.What)
	case m.Line == 0:
		return m.File + ": " + m.What
	}
	return fmt.Sprintf("%s:%d: %s", m.File, m.Line, m.What)
}

// mistakeAt is a mistake at a node, unless the error has a place already.
func mistakeAt(n *yaml.Node, err error) error {
	var m *Mistake
	if err == nil || errors.As(err, &m) {
		return err
	}
	if line, what := lineOf(err); line > 0 {
		return &Mistake{Line: line, What: what}
	}
	return &Mistake{Line: n.Line, What: err.Error()}
}

// lineOf finds the place in an error of the YAML library.
func lineOf(err error) (line int, what string) {
	var many *yaml.LoadErrors
	if errors.As(err, &many) && len(many.Errors) > 0 {
		for _, one := range many.Errors {
			if m, ok := errors.AsType[*Mistake](one); ok {
				return m.Line, m.What
			}
		}
		return many.Errors[0].Mark.Line, many.Errors[0].Message
	}
	if one, ok := errors.AsType[*yaml.LoadError](err); ok {
		return one.Mark.Line, one.Message
	}
	return 0, ""
}

// expander puts values in the place of ${name}.
type expander struct {
	files fs.FS  // for ${file:…}
	dir   string // that those are relative to
	vars  map[string]*yaml.Node
	depth int
}

// maxDepth bounds values within values, so that one that names itself is found.
const maxDepth = 12

// node is a copy with everything filled in, and no aliases. A scalar that is one ${name} and nothing else becomes the value, whatever it is;
// within a text the value must be a scalar. $${ stands for ${ itself.
func (e *expander) node(n *yaml.Node) (*yaml.Node, error) {
	if e.depth++; e.depth > maxDepth*8 {
		return nil, &Mistake{Line: n.Line, What: "values are nested too deeply; does one contain itself?"}
	}
	defer func() { e.depth-- }()
	if n.Kind == yaml.AliasNode {
		return e.node(n.Alias)
	}
	if n.Kind == yaml.ScalarNode {
		return e.scalar(n)
	}
	out := *n
	out.Anchor, out.Content = "", make([]*yaml.Node, len(n.Content))
	for i, c := range n.Content {
		var err error
		if out.Content[i], err = e.node(c); err != nil {
			return nil, err
		}
	}
	return &out, nil
}

func (e *expander) scalar(n *yaml.Node) (*yaml.Node, error) {
	out := *n
	out.Anchor = ""
	if !strings.Contains(n.Value, "${") {
		return &out, nil
	}
	if name, ok := whole(n.Value); ok && !strings.HasPrefix(name, "file:") {
		v, known := e.vars[name]
		if !known {
			return nil, e.unknown(n, name)
		}
		return e.node(v)
	}
	text, err := e.text(n, n.Value)
	if err != nil {
		return nil, err
	}
	out.Value, out.Tag = text, "!!str"
	return &out, nil
}

// whole is the name in a text that is ${name} and nothing else.
func whole(text string) (string, bool) {
	name, ok := strings.CutPrefix(text, "${")
	name, closed := strings.CutSuffix(name, "}")
	return name, ok && closed && !strings.ContainsAny(name, "{}")
}

// text fills a text in.
func (e *expander) text(n *yaml.Node, text string) (string, error) {
	if e.depth++; e.depth > maxDepth*8 {
		return "", &Mistake{Line: n.Line, What: "values are nested too deeply; does one contain itself?"}
	}
	defer func() { e.depth-- }()
	var b strings.Builder
	for {
		at := strings.Index(text, "${")
		if at < 0 {
			b.WriteString(text)
			return b.String(), nil
		}
		if at > 0 && text[at-1] == '$' {
			b.WriteString(text[:at-1] + "${")
			text = text[at+2:]
			continue
		}
		end := strings.IndexByte(text[at:], '}')
		if end < 0 {
			return "", &Mistake{Line: n.Line, What: "a ${ is not closed; write $${ where it is meant as it stands"}
		}
		value, err := e.value(n, text[at+2:at+end])
		if err != nil {
			return "", err
		}
		b.WriteString(text[:at] + value)
		text = text[at+end+1:]
	}
}

// value is what a name within a text stands for.
func (e *expander) value(n *yaml.Node, name string) (string, error) {
	if file, ok := strings.CutPrefix(name, "file:"); ok {
		data, err := readInput(e.files, e.dir, file)
		if err != nil {
			return "", &Mistake{Line: n.Line, What: err.Error()}
		}
		return e.text(n, string(data))
	}
	v, known := e.vars[name]
	if !known {
		return "", e.unknown(n, name)
	}
	for v.Kind == yaml.AliasNode {
		v = v.Alias
	}
	if v.Kind != yaml.ScalarNode {
		return "", &Mistake{Line: n.Line, What: fmt.Sprintf("${%s} is no text, so it must stand alone", name)}
	}
	return e.text(v, v.Value)
}

func (e *expander) unknown(n *yaml.Node, name string) error {
	names := make([]string, 0, len(e.vars))
	for k := range e.vars {
		names = append(names, k)
	}
	slices.Sort(names)
	return &Mistake{Line: n.Line, What: fmt.Sprintf("there is no value ${%s}; there are %s, and ${file:inputs/…}", name, strings.Join(names, ", "))}
}

// readInput reads a file beside the cases.
func readInput(files fs.FS, dir, name string) ([]byte, error) {
	full := path.Join(dir, name)
	if !fs.ValidPath(name) || !fs.ValidPath(full) {
		return nil, fmt.Errorf("%q is no path below the directory of the cases", name)
	}
	data, err := fs.ReadFile(files, full)
	if err != nil {
		return nil, fmt.Errorf("the file %s cannot be read: %w", full, err)
	}
	return data, nil
}

// fields of a mapping in their order, checked against the names that it may have.
func mapping(n *yaml.Node, allowed ...string) (map[string]*yaml.Node, error) {
	if n.Kind != yaml.MappingNode {
		return nil, &Mistake{Line: n.Line, What: "expected fields with values"}
	}
	out := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if len(allowed) > 0 && !slices.Contains(allowed, key.Value) {
			return nil, &Mistake{Line: key.Line, What: fmt.Sprintf("there is no field %q; there are %s", key.Value, strings.Join(allowed, ", "))}
		}
		if out[key.Value] != nil {
			return nil, &Mistake{Line: key.Line, What: fmt.Sprintf("the field %q is there twice", key.Value)}
		}
		out[key.Value] = n.Content[i+1]
	}
	return out, nil
}

// row is one set of values that a case is made with.
type row struct {
	id   string
	vars map[string]*yaml.Node
}

// rowsOf are the rows of each (a list, or the name of a file with one) or of a matrix (a list for each axis, every combination).
func (e *expander) rowsOf(each, matrix *yaml.Node) ([]row, error) {
	switch {
	case each != nil && matrix != nil:
		return nil, &Mistake{Line: matrix.Line, What: "give each or matrix, not both"}
	case each != nil:
		return e.list(each)
	case matrix != nil:
		return e.combined(matrix)
	}
	return []row{{}}, nil
}

// list reads rows: mappings with an id, or plain ids.
func (e *expander) list(n *yaml.Node) ([]row, error) {
	n, err := e.listed(n)
	if err != nil {
		return nil, err
	}
	out := make([]row, 0, len(n.Content))
	for _, c := range n.Content {
		for c.Kind == yaml.AliasNode {
			c = c.Alias
		}
		if c.Kind == yaml.ScalarNode {
			out = append(out, row{id: c.Value, vars: map[string]*yaml.Node{"id": c}})
			continue
		}
		vars, err := mapping(c)
		if err != nil {
			return nil, err
		}
		if vars["id"] == nil || !slug.MatchString(vars["id"].Value) {
			return nil, &Mistake{Line: c.Line, What: "a row needs an id that is a lower-case slug"}
		}
		out = append(out, row{id: vars["id"].Value, vars: vars})
	}
	if len(out) == 0 {
		return nil, &Mistake{Line: n.Line, What: "there are no rows"}
	}
	return out, nil
}

// listed is a list, which may be in a file, or be a value of the file by its name.
func (e *expander) listed(n *yaml.Node) (*yaml.Node, error) {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	name, isName := whole(n.Value)
	file, isFile := strings.CutPrefix(name, "file:")
	switch {
	case n.Kind == yaml.SequenceNode:
		return n, nil
	case n.Kind == yaml.ScalarNode && isName && isFile:
		data, err := readInput(e.files, e.dir, file)
		if err != nil {
			return nil, &Mistake{Line: n.Line, What: err.Error()}
		}
		var doc yaml.Node
		if err := yaml.Load(data, &doc); err != nil || len(doc.Content) != 1 || doc.Content[0].Kind != yaml.SequenceNode {
			return nil, &Mistake{Line: n.Line, What: file + " is no list of rows in YAML"}
		}
		return doc.Content[0], nil
	case n.Kind == yaml.ScalarNode && isName && e.vars[name] != nil:
		return e.listed(e.vars[name])
	}
	return nil, &Mistake{Line: n.Line, What: "expected a list of rows, or ${file:inputs/….yaml} for a file with one, or ${name} of one under let"}
}

// combined makes a row of every combination of the axes' rows. A value of an axis is ${axis.name}, its id ${axis}.
func (e *expander) combined(n *yaml.Node) ([]row, error) {
	if n.Kind != yaml.MappingNode {
		return nil, &Mistake{Line: n.Line, What: "a matrix has a list for each axis"}
	}
	out := []row{{vars: map[string]*yaml.Node{}}}
	for i := 0; i+1 < len(n.Content); i += 2 {
		axis := n.Content[i].Value
		rows, err := e.list(n.Content[i+1])
		if err != nil {
			return nil, err
		}
		var next []row
		for _, so := range out {
			for _, r := range rows {
				vars := map[string]*yaml.Node{}
				maps.Copy(vars, so.vars)
				for k, v := range r.vars {
					vars[axis+"."+k] = v
				}
				vars[axis] = r.vars["id"]
				next = append(next, row{id: strings.TrimPrefix(so.id+"-"+r.id, "-"), vars: vars})
			}
		}
		out = next
	}
	for i := range out {
		out[i].vars["id"] = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: out[i].id, Line: n.Line}
	}
	return out, nil
}
