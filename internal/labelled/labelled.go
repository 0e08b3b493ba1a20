// Package labelled reads resumes in which people have marked every skill and judged its level, and says how near a reader of skills
// comes to them. Tests and measures use it; it is no part of the binary.
//
// A labelled resume is a plain text file. It opens with a head between two lines of "---", of lines "name: value"; the lines under "levels:"
// and "unlisted:" are indented and give a level of the NIH scale to each skill of the catalogue, by its id, and to each that the catalogue
// lacks, by its name. A "#" after white space begins a comment. In the text after it every mention of a skill is marked where it stands:
// {{Postgres|postgresql}}, and {{Foo Bar|?}} for one that the catalogue lacks.
package labelled

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Resume is one labelled resume.
type Resume struct {
	Name      string // of the file, without its extension
	Roles     []string
	Seniority string
	Language  string // ISO 639-1
	AsOf      time.Time
	Note      string
	Text      string         // without marks
	Mentions  []Mention      // in order of their place
	Levels    map[string]int // by key
}

// Mention is one marked place. Start and End are code points of the text, half-open.
type Mention struct {
	Key        string
	Start, End int
}

// UnlistedPrefix begins the key of a skill that the catalogue lacks.
const UnlistedPrefix = "?"

// UnlistedKey is the key of a skill that the catalogue lacks: case and runs of white space do not matter.
func UnlistedKey(name string) string {
	return UnlistedPrefix + strings.ToLower(strings.Join(strings.Fields(name), " "))
}

// HeldOut tells whether the rules were never looked at beside this resume: those numbered from 21 on.
func (r *Resume) HeldOut() bool {
	number, _, _ := strings.Cut(r.Name, "-")
	n, err := strconv.Atoi(number)
	return err == nil && n > lastOfDevelopment
}

// lastOfDevelopment is the number of the last resume that the rules may be written beside.
const lastOfDevelopment = 20

// Load reads every labelled resume of a directory, in order of name. Every fault of every file is in the error; what could be read is
// given with it. known tells whether the catalogue has an id.
func Load(fsys fs.FS, known func(id string) bool) ([]*Resume, error) {
	names, err := fs.Glob(fsys, "*.txt")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var out []*Resume
	var faults []error
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		r, err := Parse(strings.TrimSuffix(path.Base(name), ".txt"), string(data), known)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		out = append(out, r)
	}
	return out, errors.Join(faults...)
}

// Parse reads one labelled resume. Everything that is wrong with it is in the error.
func Parse(name, data string, known func(id string) bool) (*Resume, error) {
	r := &Resume{Name: name, Levels: map[string]int{}}
	p := &parser{resume: r, known: known}
	rest, ok := strings.CutPrefix(data, "---\n")
	head, body, found := strings.Cut(rest, "\n---\n")
	if !ok || !found {
		return nil, fmt.Errorf("%s: no head between two lines of ---", name)
	}
	p.head(head)
	p.body(strings.TrimLeft(body, "\n"))
	p.balance()
	if len(p.faults) > 0 {
		return nil, fmt.Errorf("%s: %s", name, strings.Join(p.faults, "; "))
	}
	return r, nil
}

type parser struct {
	resume *Resume
	known  func(string) bool
	faults []string
}

func (p *parser) fault(format string, args ...any) {
	p.faults = append(p.faults, fmt.Sprintf(format, args...))
}

// head reads the lines before the text.
func (p *parser) head(head string) {
	under := ""
	for line := range strings.SplitSeq(head, "\n") {
		indented := strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t")
		if i := strings.Index(line, " #"); i >= 0 && (indented || !strings.HasPrefix(line, "note:")) {
			line = line[:i]
		}
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		i := strings.LastIndex(line, ":")
		if !indented {
			i = strings.Index(line, ":")
		}
		if i < 0 {
			p.fault("no colon in %q", line)
			continue
		}
		key, value := strings.TrimSpace(line[:i]), strings.TrimSpace(line[i+1:])
		if indented {
			p.level(under, key, value)
			continue
		}
		under = key
		p.field(key, value)
	}
}

func (p *parser) field(key, value string) {
	r := p.resume
	switch key {
	case "role":
		for role := range strings.SplitSeq(value, ",") {
			r.Roles = append(r.Roles, strings.TrimSpace(role))
		}
	case "seniority":
		r.Seniority = value
	case "language":
		r.Language = value
	case "as_of":
		day, err := time.Parse(time.DateOnly, value)
		if err != nil {
			p.fault("as_of is no date: %q", value)
		}
		r.AsOf = day
	case "note":
		r.Note = value
	case "levels", "unlisted":
		if value != "" && value != "{}" {
			p.fault("%s has a value on its own line", key)
		}
	default:
		p.fault("unknown field %q", key)
	}
}

func (p *parser) level(under, name, value string) {
	level, err := strconv.Atoi(value)
	if err != nil || level < 1 || level > 5 {
		p.fault("%s: %q is no level", name, value)
	}
	key := name
	switch under {
	case "levels":
		if !p.known(name) {
			p.fault("the catalogue has no %q", name)
		}
	case "unlisted":
		key = UnlistedKey(strings.Trim(name, `"'`))
	default:
		p.fault("an indented line under %q", under)
	}
	if _, twice := p.resume.Levels[key]; twice {
		p.fault("two levels of %s", name)
	}
	p.resume.Levels[key] = level
}

// body takes the marks out of the text.
func (p *parser) body(body string) {
	var text strings.Builder
	at := 0
	write := func(s string) {
		text.WriteString(s)
		at += len([]rune(s))
	}
	for {
		before, rest, found := strings.Cut(body, "{{")
		write(before)
		if !found {
			break
		}
		mark, after, closed := strings.Cut(rest, "}}")
		i := strings.LastIndex(mark, "|")
		if !closed || i <= 0 {
			p.fault("a mark is not closed or has no id: {{%.40s", rest)
			break
		}
		words, id := mark[:i], mark[i+1:]
		key := id
		switch {
		case id == UnlistedPrefix:
			key = UnlistedKey(words)
		case !p.known(id):
			p.fault("the catalogue has no %q", id)
		}
		start := at
		write(words)
		p.resume.Mentions = append(p.resume.Mentions, Mention{Key: key, Start: start, End: at})
		body = after
	}
	p.resume.Text = text.String()
	if strings.Contains(p.resume.Text, "}}") {
		p.fault("a mark that nothing opens")
	}
}

// balance asks for a level of each skill that is marked and for a mark of each that has a level.
func (p *parser) balance() {
	marked := map[string]bool{}
	for _, m := range p.resume.Mentions {
		if marked[m.Key] {
			continue
		}
		marked[m.Key] = true
		if _, ok := p.resume.Levels[m.Key]; !ok {
			p.fault("%s is marked and has no level", m.Key)
		}
	}
	var unmarked []string
	for key := range p.resume.Levels {
		if !marked[key] {
			unmarked = append(unmarked, key)
		}
	}
	slices.SortFunc(unmarked, cmp.Compare[string])
	for _, key := range unmarked {
		p.fault("%s has a level and is not marked", key)
	}
	if p.resume.AsOf.IsZero() {
		p.fault("no as_of")
	}
}
