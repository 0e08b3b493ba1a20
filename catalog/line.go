package catalog

import (
	"io/fs"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// withLines fills the line of every problem that has none, by looking its field up in its file.
func withLines(fsys fs.FS, problems []Problem) []Problem {
	files := map[string]*yaml.Node{}
	for i := range problems {
		p := &problems[i]
		if p.Line != 0 || p.File == "" {
			continue
		}
		root, read := files[p.File]
		if !read {
			root = &yaml.Node{}
			data, err := fs.ReadFile(fsys, p.File)
			if err != nil || yaml.Unmarshal(data, root) != nil {
				root = nil
			}
			files[p.File] = root
		}
		if root != nil && len(root.Content) > 0 {
			p.Line = lineOf(root.Content[0], p.Field)
		}
	}
	return problems
}

// fieldPart is a step of a field's path: a key or an id, an index, or one of the skills that a relation is between.
var fieldPart = regexp.MustCompile(`\[(\d+)\]|[^.\[\]\s→]+`)

// lineOf is the line of the deepest part of a field that stands in the file: of "skills[3] kafka" that of the fourth skill, of
// "projects.ledger.phase" that of the project's phase. It is 1 where no part of the path is there, such as for a field that is missing.
func lineOf(n *yaml.Node, field string) int {
	line := 1
	for _, part := range fieldPart.FindAllStringSubmatch(field, -1) {
		next := step(n, part[0], part[1])
		if next == nil {
			continue
		}
		n, line = next, next.Line
	}
	return line
}

func step(n *yaml.Node, name, index string) *yaml.Node {
	switch n.Kind {
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(index); err == nil && i < len(n.Content) {
			return n.Content[i]
		}
		for _, item := range n.Content {
			for _, key := range []string{"id", "skill", "from"} {
				if v := valueOf(item, key); v != nil && v.Value == strings.Trim(name, `"`) {
					return item
				}
			}
		}
	case yaml.MappingNode:
		return valueOf(n, name)
	default:
	}
	return nil
}

// valueOf is the value of a key of a mapping, nil where it has none.
func valueOf(n *yaml.Node, key string) *yaml.Node {
	if n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == key {
				return n.Content[i+1]
			}
		}
	}
	return nil
}
