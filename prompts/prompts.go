// Package prompts holds the versioned templates from which every prompt to a language model is made.
//
// A template is a file under templates: a front matter with id, version and description, then one section for each message. Any change of
// a text is a new version, because the ledger and the evals name the version that an answer came from.
//
// Text that somebody else wrote (a resume, a message, a posting) only enters a prompt through the function data, which fences it and
// breaks every fence inside it. That is hygiene and no proof: a model may still be talked into something, so nothing that a model says
// ever sets a score, and the tutor shows only citations of sources that exist.
package prompts

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"go.yaml.in/yaml/v4"

	"github.com/gapwise/gapwise/internal/fault"
)

//go:embed templates/*.tmpl
var embedded embed.FS

// Message is one turn of a prompt.
type Message struct {
	Role    string // system, user or assistant
	Content string
}

// Prompt is a rendered template.
type Prompt struct {
	ID       string
	Version  string
	Messages []Message
}

// Bytes is the size of all contents together, which bounds the tokens from above.
func (p Prompt) Bytes() int {
	n := 0
	for _, m := range p.Messages {
		n += len(m.Content)
	}
	return n
}

// Info is what a template says of itself.
type Info struct {
	ID          string `yaml:"id"`
	Version     string `yaml:"version"` // the id, a dash and a number
	Description string `yaml:"description"`
}

// Library is every template. It is immutable and safe for concurrent use.
type Library struct{ byID map[string]*entry }

type entry struct {
	info     Info
	messages []section
}

type section struct {
	role string
	body *template.Template
}

// Load reads the templates that are embedded in the binary.
func Load() (*Library, error) {
	sub, err := fs.Sub(embedded, "templates")
	if err != nil {
		return nil, fmt.Errorf("open the embedded templates: %w", err)
	}
	return LoadFS(sub)
}

// LoadFS reads the *.tmpl files of a directory. The error names the file.
func LoadFS(fsys fs.FS) (*Library, error) {
	names, err := fs.Glob(fsys, "*.tmpl")
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	l := &Library{byID: map[string]*entry{}}
	for _, name := range names {
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("read template %s: %w", name, err)
		}
		e, err := parse(string(b))
		if err != nil {
			return nil, fmt.Errorf("template %s: %w", name, err)
		}
		if l.byID[e.info.ID] != nil {
			return nil, fmt.Errorf("template %s: the id %q is used twice", name, e.info.ID)
		}
		l.byID[e.info.ID] = e
	}
	return l, nil
}

// Infos are the templates by id.
func (l *Library) Infos() []Info {
	out := make([]Info, 0, len(l.byID))
	for _, e := range l.byID {
		out = append(out, e.info)
	}
	slices.SortFunc(out, func(a, b Info) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// Render fills a template in. A template that does not exist is fault.NotFound; data that does not fit it is our own mistake.
func (l *Library) Render(id string, data any) (Prompt, error) {
	e, ok := l.byID[id]
	if !ok {
		return Prompt{}, fault.Newf(fault.NotFound, "unknown-prompt", "There is no prompt template %q.", id)
	}
	p := Prompt{ID: e.info.ID, Version: e.info.Version}
	for _, s := range e.messages {
		var b bytes.Buffer
		if err := s.body.Execute(&b, data); err != nil {
			return Prompt{}, fmt.Errorf("render prompt %s: %w", e.info.Version, err)
		}
		p.Messages = append(p.Messages, Message{Role: s.role, Content: strings.TrimSpace(b.String())})
	}
	return p, nil
}

// heading starts the section of one message.
var heading = regexp.MustCompile(`(?m)^=== (system|user|assistant)$`)

func parse(text string) (*entry, error) {
	rest, ok := strings.CutPrefix(text, "---\n")
	front, body, found := strings.Cut(rest, "\n---\n")
	if !ok || !found {
		return nil, errors.New("has no front matter between two lines of ---")
	}
	e := &entry{}
	dec := yaml.NewDecoder(strings.NewReader(front))
	dec.KnownFields(true)
	if err := dec.Decode(&e.info); err != nil {
		return nil, fmt.Errorf("front matter: %w", err)
	}
	number, ok := strings.CutPrefix(e.info.Version, e.info.ID+"-")
	if e.info.ID == "" || !ok || number == "" || e.info.Description == "" {
		return nil, fmt.Errorf("front matter needs an id, a version like %s-1 and a description", e.info.ID)
	}
	at := heading.FindAllStringSubmatchIndex(body, -1)
	if len(at) == 0 || strings.TrimSpace(body[:at[0][0]]) != "" {
		return nil, errors.New("the front matter must be followed by === system, === user or === assistant")
	}
	for i, m := range at {
		end := len(body)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		role := body[m[2]:m[3]]
		t, err := template.New(e.info.Version + "/" + role).Option("missingkey=error").Funcs(functions).Parse(body[m[1]:end])
		if err != nil {
			return nil, fmt.Errorf("parse: %w", err)
		}
		e.messages = append(e.messages, section{role: role, body: t})
	}
	return e, nil
}
