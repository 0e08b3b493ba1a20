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
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
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
	renamed    map[string]string           // "skill old" and "role old" to the id of today
	requires   map[string][]Prerequisite   // by the skill that needs
	requiredBy map[string][]Prerequisite   // by the skill that is needed
	asking     map[string][]string         // ids of roles by the skill that they ask for, where it weighs most first
	transferTo map[string][]Transfer       // by the skill that receives, dearest credit first
	steps      map[string][]Hours          // written study time to each level, by skill
	learning   func() map[string]*Learning // by skill
	samples    []byte

	origins map[string]string // the file in which each entry was written, for lint
}

func newCatalog() *Catalog {
	none := map[string]*Learning{}
	return &Catalog{
		skillByID: map[string]*Skill{}, roleByID: map[string]*Role{}, renamed: map[string]string{},
		requires: map[string][]Prerequisite{}, transferTo: map[string][]Transfer{}, steps: map[string][]Hours{},
		learning: func() map[string]*Learning { return none }, origins: map[string]string{},
	}
}

// samplesFile is where a catalogue keeps its sample postings.
const samplesFile = "postings/samples.jsonl"

// relationsFile is the shape of a file of data/relations.
type relationsFile struct {
	Requires  []Prerequisite `yaml:"requires"`
	Transfers []Transfer     `yaml:"transfers"`
}

// manifestFile is the shape of data/catalog.yaml.
type manifestFile struct {
	Version string `yaml:"version"`
}

// Load gives the catalogue of the binary. Its rules were checked when it was compiled.
func Load() (*Catalog, error) {
	c, err := decompile(compiledCore, compiledLearning)
	if err != nil {
		return nil, err
	}
	c.samples, err = embedded.ReadFile("data/" + samplesFile)
	return c, err
}

// LoadWith gives the catalogue of the binary with an operator's directory laid over it: roles and skills of the same id are replaced,
// others added. The whole is checked; the error joins every problem found, each naming file, line and field.
func LoadWith(overlay fs.FS) (*Catalog, error) {
	c, problems, err := readOver(overlay)
	if err != nil {
		return nil, err
	}
	return c.checked(overlay, problems)
}

// LoadFS reads a catalogue from a directory laid out like data and checks it, as LoadWith does.
func LoadFS(fsys fs.FS) (*Catalog, error) {
	c, problems, err := read(newCatalog(), fsys)
	if err != nil {
		return nil, err
	}
	return c.checked(fsys, problems)
}

func (c *Catalog) checked(fsys fs.FS, problems []Problem) (*Catalog, error) {
	if problems = c.check(problems); len(problems) == 0 {
		return c, nil
	}
	errs := make([]error, len(problems))
	for i, p := range withLines(fsys, problems) {
		errs[i] = p
	}
	return nil, fault.Newf(fault.Invalid, "catalog", "The catalogue has %d problem(s). Run `gapwise catalog lint`.", len(problems)).Because(errors.Join(errs...))
}

// Lint reads the catalogue in fsys and returns everything that is wrong with it, in the order of the files.
func Lint(fsys fs.FS) ([]Problem, error) {
	c, problems, err := read(newCatalog(), fsys)
	if err != nil {
		return nil, err
	}
	return withLines(fsys, c.check(problems)), nil
}

// LintWith is Lint over the catalogue of the binary with an operator's directory laid over it.
func LintWith(overlay fs.FS) ([]Problem, error) {
	c, problems, err := readOver(overlay)
	if err != nil {
		return nil, err
	}
	return withLines(overlay, c.check(problems)), nil
}

// Source is the catalogue of the binary as it was written: the YAML, to check or to start one's own from.
func Source() (fs.FS, error) {
	sub, err := fs.Sub(embedded, "data")
	if err != nil {
		return nil, fmt.Errorf("open the embedded catalogue: %w", err)
	}
	return sub, nil
}

// LintEmbedded is Lint over the catalogue in the binary.
func LintEmbedded() ([]Problem, error) {
	sub, err := Source()
	if err != nil {
		return nil, err
	}
	return Lint(sub)
}

// readOver parses an overlay into the catalogue of the binary.
func readOver(overlay fs.FS) (*Catalog, []Problem, error) {
	base, err := Load()
	if err != nil {
		return nil, nil, err
	}
	written := base.learning()
	base.learning = func() map[string]*Learning { return written }
	return read(base, overlay)
}

// reading is a catalogue while its files are parsed.
type reading struct {
	fsys     fs.FS
	catalog  *Catalog
	seen     map[string]bool // entries of this directory: one of a directory below may be replaced, one of its own is there twice
	problems []Problem
	sum      hash.Hash // over the names and bytes of all files, in order
}

// read parses every file into c. A file that does not parse is a problem, not an error, so that one run names them all.
func read(c *Catalog, fsys fs.FS) (*Catalog, []Problem, error) {
	r := &reading{fsys: fsys, catalog: c, seen: map[string]bool{}, sum: sha256.New()}
	base := c.version
	manifest := manifestFile{Version: base}
	if _, err := fs.Stat(fsys, "catalog.yaml"); base == "" || err == nil {
		r.parse("catalog.yaml", &manifest)
	}
	if err := errors.Join(r.readSkills(), r.readLearning(), r.readRoles(), r.readRelations()); err != nil {
		return nil, nil, err
	}
	if b, err := fs.ReadFile(fsys, samplesFile); err == nil {
		c.samples = b
		r.sum.Write(b)
	}
	slices.SortFunc(c.skills, func(a, b *Skill) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(c.roles, func(a, b *Role) int { return strings.Compare(a.ID, b.ID) })
	for _, list := range c.transferTo {
		slices.SortStableFunc(list, func(a, b Transfer) int {
			return cmp.Or(cmp.Compare(b.Credit, a.Credit), strings.Compare(a.From, b.From))
		})
	}
	mark := "+"
	if base != "" {
		mark = "+local." // what an operator adds shows in every report
	}
	c.version = manifest.Version + mark + hex.EncodeToString(r.sum.Sum(nil))[:8]
	c.index()
	return c, r.problems, nil
}

// index makes what is computed from the entries.
func (c *Catalog) index() {
	clear(c.renamed)
	for _, s := range c.skills {
		c.skillByID[s.ID] = s
		for _, old := range s.FormerIDs {
			c.renamed["skill "+old] = s.ID
		}
	}
	for _, r := range c.roles {
		c.roleByID[r.ID] = r
		for _, old := range r.FormerIDs {
			c.renamed["role "+old] = r.ID
		}
	}
	c.requiredBy = map[string][]Prerequisite{}
	for _, s := range c.skills { // in the order of ids
		for _, q := range c.requires[s.ID] {
			c.requiredBy[q.Needs] = append(c.requiredBy[q.Needs], q)
		}
	}
	c.asking = map[string][]string{}
	weight := map[[2]string]float64{}
	for _, r := range c.roles {
		for _, q := range r.Skills {
			c.asking[q.Skill] = append(c.asking[q.Skill], r.ID)
			weight[[2]string{q.Skill, r.ID}] = q.Weight
		}
	}
	for id, list := range c.asking {
		slices.SortFunc(list, func(a, b string) int {
			return cmp.Or(cmp.Compare(weight[[2]string{id, b}], weight[[2]string{id, a}]), strings.Compare(a, b))
		})
	}
	for to, list := range c.transferTo {
		for i := range list {
			if list[i].HoursSaved == 0 || list[i].computed {
				list[i].computed = true
				list[i].HoursSaved = int(list[i].Credit*float64(c.Hours(to, LevelNone, LevelIntermediate).P50) + 0.5)
			}
		}
	}
}

func (r *reading) add(file, field, format string, args ...any) {
	r.problems = append(r.problems, Problem{File: file, Field: field, Message: fmt.Sprintf(format, args...)})
}

// yamlLine is how the YAML parser names a line.
var yamlLine = regexp.MustCompile(`line (\d+)`)

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
		p := Problem{File: name, Message: strings.Join(strings.Fields(err.Error()), " ")}
		if m := yamlLine.FindStringSubmatch(p.Message); m != nil {
			p.Line, _ = strconv.Atoi(m[1]) // digits
		}
		r.problems = append(r.problems, p)
		return false
	}
	return true
}

// files lists the YAML of a directory.
func (r *reading) files(dir string) ([]string, error) {
	files, err := fs.Glob(r.fsys, dir+"/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", dir, err)
	}
	return files, nil
}

func (r *reading) readSkills() error {
	files, err := r.files("skills")
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
			if r.seen["skill "+s.ID] {
				r.add(name, s.ID, "this id is used twice")
				continue
			}
			s.Description = strings.TrimSpace(s.Description)
			r.catalog.skills = put(r.catalog.skills, r.catalog.skillByID, s.ID, s)
			r.seen["skill "+s.ID] = true
			r.catalog.origins["skill "+s.ID] = name
		}
	}
	return err
}

// put adds an entry, or puts it in the place of one of the same id.
func put[T any](list []*T, byID map[string]*T, id string, entry *T) []*T {
	if old := byID[id]; old != nil {
		*old = *entry
		return list
	}
	byID[id] = entry
	return append(list, entry)
}

func (r *reading) readLearning() error {
	files, err := r.files("learning")
	byID := map[string]*Learning{}
	maps.Copy(byID, r.catalog.learning())
	for _, name := range files {
		l := &Learning{}
		if !r.parse(name, l) {
			continue
		}
		if want := strings.TrimSuffix(path.Base(name), ".yaml"); l.Skill != want {
			r.add(name, "skill", "is %q; the file's name says %q", l.Skill, want)
			continue
		}
		if r.catalog.skillByID[l.Skill] == nil {
			r.add(name, "skill", "no skill %q", l.Skill)
			continue
		}
		byID[l.Skill] = l
		delete(r.catalog.steps, l.Skill) // those of the entry that this one replaces
		if l.Hours != nil {
			r.catalog.steps[l.Skill] = l.Hours.Levels
		}
		r.catalog.origins["learning "+l.Skill] = name
	}
	r.catalog.learning = func() map[string]*Learning { return byID }
	return err
}

func (r *reading) readRoles() error {
	files, err := r.files("roles")
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
		r.catalog.roles = put(r.catalog.roles, r.catalog.roleByID, role.ID, role)
		r.catalog.origins["role "+role.ID] = name
	}
	return err
}

func (r *reading) readRelations() error {
	files, err := r.files("relations")
	for _, name := range files {
		var rel relationsFile
		r.parse(name, &rel)
		for _, p := range rel.Requires {
			key := "requires " + p.Skill + " " + p.Needs
			r.catalog.requires[p.Skill] = relate(r, r.catalog.requires[p.Skill], p, key, name, func(o Prerequisite) bool { return o.Needs == p.Needs })
		}
		for _, t := range rel.Transfers {
			key := "transfers " + t.From + " " + t.To
			r.catalog.transferTo[t.To] = relate(r, r.catalog.transferTo[t.To], t, key, name, func(o Transfer) bool { return o.From == t.From })
		}
	}
	return err
}

// relate adds a relation, in the place of the same one of a directory below.
func relate[T any](r *reading, list []T, x T, key, file string, same func(T) bool) []T {
	if !r.seen[key] {
		list = slices.DeleteFunc(list, same)
	}
	r.seen[key] = true
	r.catalog.origins[key] = file
	return append(list, x)
}
