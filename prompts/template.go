package prompts

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
	"time"

	"go.yaml.in/yaml/v4"
)

// entry is a template that can be rendered.
type entry struct {
	info     Info
	text     string // as it is written
	hash     string // of the text and of what it shares
	messages []section
	schema   json.RawMessage
}

type section struct {
	role string
	body *template.Template
}

// heading starts the section of one message, or of the schema.
var heading = regexp.MustCompile(`(?m)^=== (system|user|assistant|schema)$`)

func parseFront(text string) (Info, string, error) {
	var info Info
	rest, ok := strings.CutPrefix(text, "---\n")
	front, body, found := strings.Cut(rest, "\n---\n")
	if !ok || !found {
		return info, "", errors.New("has no front matter between two lines of ---")
	}
	dec := yaml.NewDecoder(strings.NewReader(front))
	dec.KnownFields(true)
	if err := dec.Decode(&info); err != nil {
		return info, "", fmt.Errorf("front matter: %w", err)
	}
	return info, body, info.check()
}

// check finds what is wrong with a front matter by itself.
func (i *Info) check() error {
	switch {
	case i.ID == "" || i.Version < 1 || i.Description == "":
		return errors.New("the front matter needs an id, a version from 1 and a description")
	case !slices.Contains(Purposes, i.Purpose):
		return fmt.Errorf("the purpose %q is none of %s", i.Purpose, strings.Join(Purposes, ", "))
	case i.MaxTokens < 1 || i.MaxTokens > 4096:
		return errors.New("max_tokens is between 1 and 4096")
	case i.Temperature < 0 || i.Temperature > 1:
		return errors.New("the temperature is between 0 and 1")
	case len(i.Changelog) == 0 || i.Changelog[0].Version != i.Version:
		return fmt.Errorf("the changelog must begin with version %d", i.Version)
	}
	for n, c := range i.Changelog {
		if _, err := time.Parse(time.DateOnly, c.Date); err != nil || c.What == "" || n > 0 && c.Version >= i.Changelog[n-1].Version {
			return fmt.Errorf("entry %d of the changelog needs a lower version, a date like 2026-01-31 and what was changed", n+1)
		}
	}
	i.Name = fmt.Sprintf("%s-%d", i.ID, i.Version)
	return nil
}

// parseTemplate reads a template. Parts are the definitions that it shares with others.
func parseTemplate(text, parts string) (*entry, error) {
	info, body, err := parseFront(text)
	if err != nil {
		return nil, err
	}
	input := inputOf(info.ID)
	if input == nil {
		return nil, fmt.Errorf("there is no template %q", info.ID)
	}
	e := &entry{info: info, text: text, hash: hashOf(text, parts)}
	at := heading.FindAllStringSubmatchIndex(body, -1)
	if len(at) == 0 || strings.TrimSpace(body[:at[0][0]]) != "" {
		return nil, errors.New("the front matter must be followed by === system, === user or === assistant")
	}
	for n, m := range at {
		end := len(body)
		if n+1 < len(at) {
			end = at[n+1][0]
		}
		role, content := body[m[2]:m[3]], body[m[1]:end]
		if role == "schema" {
			e.schema = json.RawMessage(strings.TrimSpace(content))
			if !json.Valid(e.schema) {
				return nil, errors.New("the schema is not JSON")
			}
			continue
		}
		t, err := template.New(info.Name + "/" + role).Option("missingkey=error").Funcs(functions).Parse(parts)
		if err == nil {
			t, err = t.Parse(content)
		}
		if err != nil {
			return nil, fmt.Errorf("parse: %w", err)
		}
		e.messages = append(e.messages, section{role: role, body: t})
	}
	return e, e.checkVariables(input)
}

// checkVariables holds the fields that the templates use against those that the front matter lists.
func (e *entry) checkVariables(input any) error {
	u := &usage{fields: map[string]bool{}, seen: map[string]bool{}}
	for _, s := range e.messages {
		u.set = s.body
		u.walk(s.body.Root, true)
	}
	var want []string
	for f := range reflect.TypeOf(input).Fields() {
		if u.fields[f.Name] {
			want = append(want, f.Name)
		}
	}
	if !slices.Equal(want, e.info.Variables) {
		return fmt.Errorf("the front matter lists the variables [%s], the text uses [%s]", strings.Join(e.info.Variables, ", "), strings.Join(want, ", "))
	}
	return nil
}

// usage collects the fields of the input that a template uses.
type usage struct {
	set    *template.Template
	fields map[string]bool
	seen   map[string]bool // shared definitions that were walked through
}

// walk visits a node and everything below it. Top tells whether the dot is the input: inside range and with it is something else, and only
// what begins with $ is the input's.
func (u *usage) walk(node parse.Node, top bool) {
	if node == nil || reflect.ValueOf(node).IsNil() {
		return
	}
	branch := func(b parse.BranchNode, inside bool) {
		u.walk(b.Pipe, top)
		u.walk(b.List, inside)
		u.walk(b.ElseList, top)
	}
	switch n := node.(type) {
	case *parse.FieldNode:
		if top {
			u.fields[n.Ident[0]] = true
		}
	case *parse.VariableNode:
		if len(n.Ident) > 1 && n.Ident[0] == "$" {
			u.fields[n.Ident[1]] = true
		}
	case *parse.ListNode:
		for _, c := range n.Nodes {
			u.walk(c, top)
		}
	case *parse.ActionNode:
		u.walk(n.Pipe, top)
	case *parse.PipeNode:
		for _, c := range n.Cmds {
			u.walk(c, top)
		}
	case *parse.CommandNode:
		for _, a := range n.Args {
			u.walk(a, top)
		}
	case *parse.ChainNode:
		u.walk(n.Node, top)
	case *parse.IfNode:
		branch(n.BranchNode, top)
	case *parse.RangeNode:
		branch(n.BranchNode, false)
	case *parse.WithNode:
		branch(n.BranchNode, false)
	case *parse.TemplateNode:
		u.walk(n.Pipe, top)
		if part := u.set.Lookup(n.Name); top && part != nil && part.Tree != nil && !u.seen[n.Name] {
			u.seen[n.Name] = true
			u.walk(part.Root, true)
		}
	}
}
