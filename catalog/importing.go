package catalog

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"
	"golang.org/x/text/unicode/norm"

	"github.com/gapwise/gapwise/internal/fault"
)

// Imported is what a published classification adds to a catalogue: extra roles and skills, for an operator's own directory.
type Imported struct {
	Name    string // the file name's prefix: "esco" or "onet"
	Skills  []*Skill
	Roles   []*Role
	Linked  int      // skills of the classification that the catalogue has already
	Skipped []string // occupations left out, with the reason

	note Import
}

// Attribution is what the licence of the release asks to be said wherever its entries are shown.
func (im *Imported) Attribution() string { return im.note.Attribution }

// Write puts the entries into an operator's directory: the skills as one file, a file for each role. Files of an earlier import of the same
// classification are replaced, others stay. It is written beside and moved into place, so that a run that is stopped leaves the old or the
// new file of each name.
func (im *Imported) Write(ctx context.Context, dir string) error {
	for _, sub := range []string{"skills", "roles"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o750); err != nil {
			return fault.Newf(fault.Usage, "out-directory", "The directory %s cannot be made.", filepath.Join(dir, sub)).Because(err)
		}
	}
	keep := map[string]bool{}
	head := "# Imported from " + im.note.From + ". " + im.note.Attribution + ".\n"
	put := func(name string, v any) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		data, err := yaml.Marshal(v)
		if err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
		keep[name] = true
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path+".new", append([]byte(head), data...), 0o600); err != nil {
			return fault.Newf(fault.Unavailable, "not-written", "%s cannot be written.", path).Because(err)
		}
		return os.Rename(path+".new", path)
	}
	if err := put(filepath.Join("skills", im.Name+".yaml"), im.Skills); err != nil {
		return err
	}
	for _, r := range im.Roles {
		if err := put(filepath.Join("roles", r.ID+".yaml"), r); err != nil {
			return err
		}
	}
	old, err := filepath.Glob(filepath.Join(dir, "roles", im.Name+"-*.yaml"))
	for _, path := range old {
		if name := filepath.Join("roles", filepath.Base(path)); !keep[name] {
			err = errors.Join(err, os.Remove(path))
		}
	}
	return err
}

// ImportOptions say what to take.
type ImportOptions struct {
	// Only are prefixes of ISCO groups (ESCO) or SOC codes (O*NET); occupations of others are left out. None takes all.
	Only []string
	// Progress is told of steps on the way. It may be nil.
	Progress func(what string, done int)
}

func (o ImportOptions) takes(code string) bool {
	return len(o.Only) == 0 || slices.ContainsFunc(o.Only, func(p string) bool { return strings.HasPrefix(code, p) })
}

func (o ImportOptions) tell(what string, done int) {
	if o.Progress != nil {
		o.Progress(what, done)
	}
}

// asked is a skill that an occupation of a classification asks for.
type asked struct {
	skill string // id
	must  bool
	score float64
}

// importer turns entries of a classification into the catalogue's own.
type importer struct {
	base    *Catalog
	out     *Imported
	note    Import
	byForm  map[string]string // folded name or alias to skill id
	bySkill map[string]string // the classification's key to skill id
	ids     map[string]bool
}

func newImporter(base *Catalog, name string, note Import) *importer {
	im := &importer{
		base: base, out: &Imported{Name: name, note: note}, note: note,
		byForm: map[string]string{}, bySkill: map[string]string{}, ids: map[string]bool{},
	}
	for _, s := range base.skills {
		for _, form := range append([]string{s.Name}, s.Aliases...) {
			im.byForm[foldForm(form)] = s.ID
		}
		if s.ESCO != "" {
			im.bySkill[s.ESCO] = s.ID
		}
		im.ids[s.ID] = true
	}
	return im
}

// foldForm makes spellings that differ in case, accents and space one.
func foldForm(s string) string {
	return strings.Join(strings.Fields(strings.ToLower(norm.NFKC.String(s))), " ")
}

// slugOf makes an id of a name: "C# developer" is "c-developer".
func slugOf(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r):
		default:
			gap = true
		}
		if b.Len() > 60 {
			break
		}
	}
	return b.String()
}

// id makes an id that nothing has yet.
func (im *importer) id(name string) string {
	base := im.out.Name + "-" + cmp.Or(slugOf(name), "entry")
	id := base
	for n := 2; im.ids[id]; n++ {
		id = fmt.Sprintf("%s-%d", base, n)
	}
	im.ids[id] = true
	return id
}

// skill gives the id of a skill of the classification: one that the catalogue has, or a new one. Other names that somebody has already are
// left out, since a form leads to one skill.
func (im *importer) skill(key, name, description string, kind Kind, others []string) string {
	if id := im.bySkill[key]; id != "" {
		return id
	}
	plain, _, _ := strings.Cut(name, " (") // ESCO tells apart what it calls alike: "Python (computer programming)"
	if id := cmp.Or(im.byForm[foldForm(name)], im.byForm[foldForm(plain)]); id != "" {
		im.bySkill[key] = id
		im.out.Linked++
		return id
	}
	note := im.note
	note.URI = key
	s := &Skill{ID: im.id(name), Name: name, Kind: kind, Description: description, Effort: EffortM, Import: &note}
	im.byForm[foldForm(name)] = s.ID
	for _, o := range others {
		form := foldForm(o)
		if form != "" && im.byForm[form] == "" {
			im.byForm[form] = s.ID
			s.Aliases = append(s.Aliases, o)
		}
	}
	im.bySkill[key] = s.ID
	im.out.Skills = append(im.out.Skills, s)
	return s.ID
}

// hoursPerWeek is the pace at which an imported role's months are told.
const hoursPerWeek = 10

// role adds an occupation. Essential skills are musts at level 3 in a first phase, the others are wishes at level 2 in a second.
func (im *importer) role(key, name, summary string, others []string, codes Codes, skills []asked) {
	if len(skills) == 0 {
		im.out.Skipped = append(im.out.Skipped, name+": the release names no skill for it")
		return
	}
	note := im.note
	note.URI = key
	r := &Role{
		ID: im.id(name), Name: strings.ToUpper(name[:1]) + name[1:], Family: im.note.From, Aliases: others, Summary: summary, Codes: codes, Import: &note,
		TimeToReady: TimeToReady{HoursPerWeek: hoursPerWeek, From: "Somebody with none of its skills"},
	}
	slices.SortStableFunc(skills, func(a, b asked) int {
		switch {
		case a.must != b.must && a.must:
			return -1
		case a.must != b.must:
			return 1
		}
		return cmp.Or(cmp.Compare(b.score, a.score), strings.Compare(a.skill, b.skill))
	})
	seen := map[string]bool{}
	hours := map[bool]int{}
	for _, a := range skills {
		if seen[a.skill] {
			continue
		}
		seen[a.skill] = true
		q := Requirement{Skill: a.skill, Level: LevelNovice, Weight: 1, Phase: "further", Why: im.note.From + " lists it as optional for this occupation."}
		if a.must {
			q.Level, q.Weight, q.Must, q.Phase = LevelIntermediate, 2, true, "essential"
			q.Why = im.note.From + " lists it as essential for this occupation."
		}
		hours[a.must] += max(im.base.Hours(a.skill, LevelNone, q.Level).P50, tableHours(EffortM, q.Level))
		r.Skills = append(r.Skills, q)
	}
	shareOut(r.Skills)
	for _, p := range []struct {
		must     bool
		id, name string
	}{{true, "essential", "What the occupation is built on"}, {false, "further", "What widens it"}} {
		if hours[p.must] == 0 {
			continue
		}
		months := int(math.Ceil(float64(hours[p.must]) / (hoursPerWeek * 52.0 / 12)))
		r.Phases = append(r.Phases, Phase{ID: p.id, Name: p.name, Months: months, Milestones: []Milestone{}})
		r.TimeToReady.Months += months
	}
	im.out.Roles = append(im.out.Roles, r)
}

// shareOut makes weights of shares: they sum to 1.
func shareOut(qs []Requirement) {
	sum := 0.0
	for _, q := range qs {
		sum += q.Weight
	}
	left := 1.0
	for i := range qs {
		qs[i].Weight = math.Round(qs[i].Weight/sum*1e6) / 1e6
		left -= qs[i].Weight
	}
	qs[0].Weight = math.Round((qs[0].Weight+left)*1e6) / 1e6
}

// table reads a delimited file row by row, as the columns that its header names.
type table struct {
	name    string
	columns map[string]int
	rows    *csv.Reader
	file    io.Closer
}

// openTable finds a file of a release by one of its names and holds its header to the columns that are needed.
func openTable(fsys fs.FS, names []string, comma rune, needs ...string) (*table, error) {
	for _, name := range names {
		f, err := fsys.Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fault.Newf(fault.Usage, "release-unreadable", "%s cannot be opened.", name).Because(err)
		}
		t := &table{name: name, columns: map[string]int{}, rows: csv.NewReader(f), file: f}
		t.rows.Comma, t.rows.LazyQuotes, t.rows.FieldsPerRecord, t.rows.ReuseRecord = comma, true, -1, true
		header, err := t.rows.Read()
		if err != nil {
			_ = f.Close()
			return nil, fault.Newf(fault.Unprocessable, "release-empty", "%s has no header line.", name).Because(err)
		}
		for i, c := range header {
			t.columns[strings.TrimSpace(strings.TrimPrefix(c, "\ufeff"))] = i
		}
		for _, need := range needs {
			if _, ok := t.columns[need]; !ok {
				_ = f.Close()
				return nil, fault.Newf(fault.Unprocessable, "release-columns", "%s has no column %q. Give the published release, unpacked.", name, need)
			}
		}
		return t, nil
	}
	return nil, fault.Newf(fault.Usage, "release-missing", "There is no file %s in the directory. Give the published release, unpacked.", names[0])
}

// each calls f with every row. A row that breaks off is an error that names its line.
func (t *table) each(f func(get func(column string) string)) error {
	defer func() { _ = t.file.Close() }()
	for {
		row, err := t.rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fault.Newf(fault.Unprocessable, "release-broken", "%s cannot be read: %v.", t.name, err)
		}
		f(func(column string) string {
			if i, ok := t.columns[column]; ok && i < len(row) {
				return strings.TrimSpace(row[i])
			}
			return ""
		})
	}
}
