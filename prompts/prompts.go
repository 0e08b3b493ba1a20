// Package prompts holds the versioned templates from which every prompt to a language model is made.
//
// A template is a file under templates: a front matter that says what it is for, then one section for each message, and a JSON Schema
// where the answer has to be a document. Any change of a text is a new version, because the ledger and the evals name the version that an
// answer came from; versions.lock holds what each version says. Each template is filled from one Go type, and the front matter lists the
// fields it uses, so that a template and its input cannot drift apart. An operator can lay a directory of templates over these.
//
// Text that somebody else wrote (a resume, a message, a posting) only enters a prompt through the function data, which fences it and
// breaks every fence inside it, and never into the system's part. That is hygiene and no proof: a model may still be talked into
// something, so nothing that a model says ever sets a score, and the tutor shows only what its check lets through.
package prompts

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/mutant"
)

//go:embed templates/*.tmpl
var embedded embed.FS

// Message is one turn of a prompt.
type Message struct {
	Role    string `json:"role"` // system, user or assistant
	Content string `json:"content"`
}

// Prompt is a rendered template.
type Prompt struct {
	ID          string
	Version     string  // of the template, such as tutor-explain-1; with "+" and a hash where an operator's text is in force
	Purpose     string  // what the ledger calls it, and the route it takes: chat, quiz, review or judge
	MaxTokens   int     // of the answer
	Temperature float32 // of the answer
	Messages    []Message
	Schema      json.RawMessage // of the answer, nil where it is text
}

// Bytes is the size of all contents together, which bounds the tokens from above.
func (p Prompt) Bytes() int {
	n := 0
	for _, m := range p.Messages {
		n += len(m.Content)
	}
	return n
}

// Purposes are what a template can be for. Each is a route of the gateway.
var Purposes = []string{"chat", "quiz", "review", "judge"}

// Info is what a template says of itself.
type Info struct {
	ID          string   `yaml:"id" json:"id"`
	Version     int      `yaml:"version" json:"version"` // counts from 1; a changed text is a new one
	Purpose     string   `yaml:"purpose" json:"purpose"`
	MaxTokens   int      `yaml:"max_tokens" json:"max_tokens"`
	Temperature float32  `yaml:"temperature" json:"temperature"`
	Description string   `yaml:"description" json:"description"`
	Variables   []string `yaml:"variables" json:"variables"` // the fields of the input that it uses, in the order of the input's type
	Changelog   []Change `yaml:"changelog" json:"changelog"` // the latest first
	// Name is the version as the ledger has it.
	Name string `yaml:"-" json:"name"`
	// From is the file of an operator's template, "" for the binary's own.
	From string `yaml:"-" json:"from,omitempty"`
}

// Change is what a version brought.
type Change struct {
	Version int    `yaml:"version" json:"version"`
	Date    string `yaml:"date" json:"date"` // 2006-01-02
	What    string `yaml:"what" json:"what"`
}

// Library is every template. It is immutable and safe for concurrent use.
type Library struct {
	byID  map[string]*entry
	parts string // the text that templates share
}

// Load reads the templates that are embedded in the binary.
func Load() (*Library, error) {
	sub, err := fs.Sub(embedded, "templates")
	if err != nil {
		return nil, fmt.Errorf("open the embedded templates: %w", err)
	}
	return LoadFS(sub)
}

// LoadFS reads the *.tmpl files of a directory; those whose names begin with "_" hold what the others share. The error names the file.
func LoadFS(fsys fs.FS) (*Library, error) {
	l := &Library{byID: map[string]*entry{}}
	texts, err := l.read(fsys)
	if err != nil {
		return nil, err
	}
	for _, f := range texts {
		e, err := parseTemplate(f.text, l.parts)
		if err != nil {
			return nil, fmt.Errorf("template %s: %w", f.name, err)
		}
		if l.byID[e.info.ID] != nil {
			return nil, fmt.Errorf("template %s: the id %q is used twice", f.name, e.info.ID)
		}
		l.byID[e.info.ID] = e
	}
	return l, nil
}

// Over is the library with an operator's templates in the place of those with the same id. A template of an id that does not exist is
// refused, as nothing would ever use it. The error is fault.Usage and names the file.
func (l *Library) Over(fsys fs.FS) (*Library, error) {
	out := &Library{byID: map[string]*entry{}, parts: l.parts}
	maps.Copy(out.byID, l.byID)
	texts, err := out.read(fsys)
	if err != nil {
		return nil, fault.Newf(fault.Usage, "prompt-directory", "The directory of prompts cannot be read: %v.", err)
	}
	for _, f := range texts {
		e, err := parseTemplate(f.text, out.parts)
		if err == nil && l.byID[e.info.ID] == nil {
			err = fmt.Errorf("there is no template %q to stand in for; `gapwise prompts list` lists them", e.info.ID)
		}
		if err != nil {
			return nil, fault.Newf(fault.Usage, "invalid-prompt", "The template %s: %v.", f.name, err)
		}
		e.info.From = f.name
		e.info.Name += "+" + e.hash[:8]
		out.byID[e.info.ID] = e
	}
	return out, nil
}

// source is the text of one file.
type source struct{ name, text string }

// read gives the files that are templates, and adds those that are shared to the parts.
func (l *Library) read(fsys fs.FS) ([]source, error) {
	names, err := fs.Glob(fsys, "*.tmpl")
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	var out []source
	for _, name := range names {
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("read template %s: %w", name, err)
		}
		if strings.HasPrefix(name, "_") {
			l.parts += string(b)
			continue
		}
		out = append(out, source{name, string(b)})
	}
	return out, nil
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

// Show is the text of a template as it is written, and what it says of itself. A template that does not exist is fault.NotFound.
func (l *Library) Show(id string) (Info, string, error) {
	e, err := l.entry(id)
	if err != nil {
		return Info{}, "", err
	}
	return e.info, e.text, nil
}

// Render fills a template in. A template that does not exist is fault.NotFound; data of another type than the template's is our own
// mistake.
func (l *Library) Render(id string, data any) (Prompt, error) {
	e, err := l.entry(id)
	if err != nil {
		return Prompt{}, err
	}
	if want := reflect.TypeOf(inputOf(id)); reflect.TypeOf(data) != want {
		return Prompt{}, fmt.Errorf("render prompt %s: the input is a %T and not a %s", e.info.Name, data, want)
	}
	p := Prompt{
		ID: e.info.ID, Version: e.info.Name, Purpose: e.info.Purpose, MaxTokens: e.info.MaxTokens, Temperature: e.info.Temperature, Schema: e.schema,
	}
	for _, s := range e.messages {
		var b bytes.Buffer
		if err := s.body.Execute(&b, data); err != nil {
			return Prompt{}, fmt.Errorf("render prompt %s: %w", e.info.Name, err)
		}
		if s.role == "system" && mutant.On(mutant.GroundingLost) {
			b.Truncate(min(b.Len(), 60))
		}
		p.Messages = append(p.Messages, Message{Role: s.role, Content: strings.TrimSpace(b.String())})
	}
	return p, nil
}

func (l *Library) entry(id string) (*entry, error) {
	if e, ok := l.byID[id]; ok {
		return e, nil
	}
	return nil, fault.Newf(fault.NotFound, "unknown-prompt", "There is no prompt template %q. `gapwise prompts list` lists them.", id)
}

// Lock is what versions.lock must say: each version with the hash of all the text that it is made from.
func (l *Library) Lock() string {
	var b strings.Builder
	for _, i := range l.Infos() {
		fmt.Fprintf(&b, "%s %s\n", i.Name, l.byID[i.ID].hash)
	}
	return b.String()
}

func hashOf(texts ...string) string {
	h := sha256.New()
	for _, t := range texts {
		h.Write([]byte(t))
	}
	return hex.EncodeToString(h.Sum(nil))
}
