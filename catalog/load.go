package catalog

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/gapwise/gapwise/internal/fault"
)

//go:embed data
var embedded embed.FS

// Catalog is a loaded catalogue. It is immutable and safe for concurrent use; what its methods return must not be changed.
type Catalog struct {
	version string

	skills     []*Skill // by id
	skillByID  map[string]*Skill
	roles      []*Role // by id
	roleByID   map[string]*Role
	requires   map[string][]Prerequisite // by the skill that needs
	transferTo map[string][]Transfer     // by the skill that receives, dearest credit first
	related    map[string][]Related
	samples    []byte

	origins map[string]origin // where each entry was written, for lint
}

// origin is the place an entry was read from.
type origin struct {
	file string
	line int
}

// relationsFile is the shape of a file of data/relations.
type relationsFile struct {
	Requires  []Prerequisite `yaml:"requires"`
	Transfers []Transfer     `yaml:"transfers"`
}

// manifestFile is the shape of data/catalog.yaml.
type manifestFile struct {
	Version string `yaml:"version"`
}

// Load reads the catalogue that is embedded in the binary. It fails when the catalogue breaks a rule of Lint.
func Load() (*Catalog, error) {
	sub, err := fs.Sub(embedded, "data")
	if err != nil {
		return nil, fmt.Errorf("open the embedded catalogue: %w", err)
	}
	return LoadFS(sub)
}

// LoadFS reads a catalogue from a directory laid out like data and checks it. The error joins every problem found, each naming
// file, line and field.
func LoadFS(fsys fs.FS) (*Catalog, error) {
	c, problems, err := read(fsys)
	if err != nil {
		return nil, err
	}
	problems = append(problems, c.check()...)
	if len(problems) > 0 {
		errs := make([]error, len(problems))
		for i, p := range problems {
			errs[i] = p
		}
		return nil, fault.Newf(fault.Invalid, "catalog", "The catalogue has %d problem(s). Run `gapwise catalog lint`.", len(problems)).Because(errors.Join(errs...))
	}
	return c, nil
}

// Lint reads the catalogue in fsys and returns everything that is wrong with it, in the order of the files.
func Lint(fsys fs.FS) ([]Problem, error) {
	c, problems, err := read(fsys)
	if err != nil {
		return nil, err
	}
	return append(problems, c.check()...), nil
}

// LintEmbedded is Lint over the catalogue in the binary.
func LintEmbedded() ([]Problem, error) {
	sub, err := fs.Sub(embedded, "data")
	if err != nil {
		return nil, fmt.Errorf("open the embedded catalogue: %w", err)
	}
	return Lint(sub)
}

// reading is a catalogue while its files are parsed.
type reading struct {
	fsys     fs.FS
	catalog  *Catalog
	problems []Problem
	sum      hash.Hash // over the names and bytes of all files, in order
}

// read parses every file. A file that does not parse is a problem, not an error, so that one run names them all.
func read(fsys fs.FS) (*Catalog, []Problem, error) {
	c := &Catalog{
		skillByID: map[string]*Skill{}, roleByID: map[string]*Role{},
		requires: map[string][]Prerequisite{}, transferTo: map[string][]Transfer{}, origins: map[string]origin{},
	}
	r := &reading{fsys: fsys, catalog: c, sum: sha256.New()}
	var manifest manifestFile
	r.parse("catalog.yaml", &manifest)
	if err := errors.Join(r.skills(), r.learning(), r.roles(), r.relations()); err != nil {
		return nil, nil, err
	}
	if b, err := fs.ReadFile(fsys, "postings/samples.jsonl"); err == nil {
		c.samples = b
		r.sum.Write(b)
	}
	slices.SortFunc(c.skills, func(a, b *Skill) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(c.roles, func(a, b *Role) int { return strings.Compare(a.ID, b.ID) })
	c.version = manifest.Version + "+" + hex.EncodeToString(r.sum.Sum(nil))[:8]
	c.related = relateAll(c)
	c.locate(fsys)
	return c, r.problems, nil
}

func (r *reading) add(file, field, format string, args ...any) {
	r.problems = append(r.problems, Problem{File: file, Field: field, Message: fmt.Sprintf(format, args...)})
}

// parse reads one file strictly and tells whether it could.
func (r *reading) parse(name string, into any) bool {
	b, err := fs.ReadFile(r.fsys, name)
	if err != nil {
		r.add(name, "", "%v", err)
		return false
	}
	fmt.Fprintf(r.sum, "%s %d\n", name, len(b))
	r.sum.Write(b)
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	if err := dec.Decode(into); err != nil && !errors.Is(err, io.EOF) {
		r.add(name, "", "%s", strings.TrimSpace(strings.ReplaceAll(err.Error(), "\n", " ")))
		return false
	}
	return true
}

func (r *reading) skills() error {
	files, err := fs.Glob(r.fsys, "skills/*.yaml")
	if err != nil {
		return fmt.Errorf("list skills: %w", err)
	}
	for _, name := range files {
		var list []*Skill
		if !r.parse(name, &list) {
			continue
		}
		for i, s := range list {
			if s == nil {
				r.add(name, fmt.Sprintf("[%d]", i), "the entry is empty")
				continue
			}
			if _, dup := r.catalog.skillByID[s.ID]; dup {
				r.add(name, s.ID, "this id is used twice")
				continue
			}
			s.Description = strings.TrimSpace(s.Description)
			r.catalog.skillByID[s.ID] = s
			r.catalog.skills = append(r.catalog.skills, s)
			r.catalog.origins["skill "+s.ID] = origin{file: name}
		}
	}
	return nil
}

func (r *reading) roles() error {
	files, err := fs.Glob(r.fsys, "roles/*.yaml")
	if err != nil {
		return fmt.Errorf("list roles: %w", err)
	}
	for _, name := range files {
		role := &Role{}
		if !r.parse(name, role) {
			continue
		}
		if want := strings.TrimSuffix(path.Base(name), ".yaml"); role.ID != want {
			r.add(name, "id", "is %q; the file's name says %q", role.ID, want)
			continue
		}
		role.Summary, role.WhyNow = strings.TrimSpace(role.Summary), strings.TrimSpace(role.WhyNow)
		r.catalog.roleByID[role.ID] = role
		r.catalog.roles = append(r.catalog.roles, role)
		r.catalog.origins["role "+role.ID] = origin{file: name}
	}
	return nil
}

// learning reads what is written of how skills are learned, a file a skill.
func (r *reading) learning() error {
	files, err := fs.Glob(r.fsys, "learning/*.yaml")
	if err != nil {
		return fmt.Errorf("list learning: %w", err)
	}
	for _, name := range files {
		l := &Learning{}
		if !r.parse(name, l) {
			continue
		}
		if want := strings.TrimSuffix(path.Base(name), ".yaml"); l.Skill != want {
			r.add(name, "skill", "is %q; the file's name says %q", l.Skill, want)
			continue
		}
		s := r.catalog.skillByID[l.Skill]
		if s == nil {
			r.add(name, "skill", "no skill %q", l.Skill)
			continue
		}
		s.Learning, s.Rubric = l, l.Rubric
		r.catalog.origins["learning "+s.ID] = origin{file: name}
	}
	return nil
}

func (r *reading) relations() error {
	files, err := fs.Glob(r.fsys, "relations/*.yaml")
	if err != nil {
		return fmt.Errorf("list relations: %w", err)
	}
	for _, name := range files {
		var rel relationsFile
		r.parse(name, &rel)
		for _, p := range rel.Requires {
			r.catalog.requires[p.Skill] = append(r.catalog.requires[p.Skill], p)
			r.catalog.origins["requires "+p.Skill+" "+p.Needs] = origin{file: name}
		}
		for _, t := range rel.Transfers {
			r.catalog.transferTo[t.To] = append(r.catalog.transferTo[t.To], t)
			r.catalog.origins["transfers "+t.From+" "+t.To] = origin{file: name}
		}
	}
	for _, list := range r.catalog.transferTo {
		slices.SortStableFunc(list, func(a, b Transfer) int {
			return cmp.Or(cmp.Compare(b.Credit, a.Credit), strings.Compare(a.From, b.From))
		})
	}
	return nil
}

// locate fills the line of each skill's entry. Only lint shows lines, and a scan for "- id:" is enough for files that parse.
func (c *Catalog) locate(fsys fs.FS) {
	lines := map[string]map[string]int{}
	for key, o := range c.origins {
		id, isSkill := strings.CutPrefix(key, "skill ")
		if !isSkill {
			continue
		}
		byID, ok := lines[o.file]
		if !ok {
			byID = map[string]int{}
			b, err := fs.ReadFile(fsys, o.file)
			if err == nil {
				for i, l := range strings.Split(string(b), "\n") {
					if rest, found := strings.CutPrefix(l, "- id:"); found {
						byID[strings.Trim(strings.TrimSpace(rest), `"'`)] = i + 1
					}
				}
			}
			lines[o.file] = byID
		}
		o.line = byID[id]
		c.origins[key] = o
	}
}
