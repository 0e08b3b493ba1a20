package evals

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/gapwise/gapwise/gateway"
)

// Categories are the categories of cases, in the order in which a report shows them.
var Categories = []string{"reading", "skills", "gaps", "matches", "tutor", "budgets", "errors"}

// Case is one thing that the product must do.
type Case struct {
	ID       string   `yaml:"id"` // lower-case slug, unique over all files
	Category string   `yaml:"category"`
	About    string   `yaml:"about"` // one sentence: what must hold
	Settings Settings `yaml:"settings"`
	Fresh    bool     `yaml:"fresh"`  // a service of its own, because it spends an instance's budget or looks at all of a database
	Resume   *File    `yaml:"resume"` // uploaded before the steps, and saved as "resume"
	Gold     *Gold    `yaml:"gold"`   // of Resume; for the metrics, never for pass or fail
	Model    []Reply  `yaml:"model"`  // what the stub answers, the first rule that fits; see Stub
	Ledger   Ledger   `yaml:"ledger"` // how the books are held against the stub's at the end; "" for exact
	Steps    []Step   `yaml:"steps"`
	Ranking  *Ranking `yaml:"ranking"` // for the metrics, never for pass or fail
}

// File is a file to upload: exactly one of its contents is set.
type File struct {
	Name  string `yaml:"name"` // "" for resume.txt or resume.pdf
	Text  string `yaml:"text"`
	PDF   *PDF   `yaml:"pdf"`
	Bytes string `yaml:"bytes"` // name of a generator; see Generators
}

// Gold is what a careful reader finds in a resume. A claim above level 1 counts as found.
type Gold struct {
	Skills []string `yaml:"skills"` // every skill that the person can be said to have
	Maybe  []string `yaml:"maybe"`  // what careful readers differ about: neither a hit nor a miss
}

// Ledger says how the service's books must stand to what the stub billed.
type Ledger string

// The ways to hold the ledger against the stub.
const (
	LedgerExact   Ledger = "exact"    // equal to a nano-dollar, nothing reserved, no cap passed
	LedgerAtLeast Ledger = "at_least" // the model did not say what it used, so the service books its upper bound; no cap passed
	LedgerOver    Ledger = "over"     // exact, but a lying model may have taken the books over a cap
	LedgerSkip    Ledger = "skip"     // nobody is left to ask
)

// Step is one call, or many of the same call, and what must come back.
type Step struct {
	Call     string `yaml:"call"`   // "METHOD /path?query"; {name} is the id of what was saved as name, {name.path} any value of it
	Body     any    `yaml:"body"`   // sent as JSON, with the same placeholders where a whole string is one
	Raw      string `yaml:"raw"`    // sent as it stands, as JSON by its type
	File     *File  `yaml:"file"`   // sent as the part "file" of a form
	Accept   string `yaml:"accept"` // "" for any
	As       string `yaml:"as"`     // which person; "" for the case's own, "nobody" for no token
	Save     string `yaml:"save"`   // name under which later steps find the answer
	Times    int    `yaml:"times"`  // how often; over 1, the answer is a tally, see tally
	AtOnce   bool   `yaml:"at_once"`
	LeaveAt  string `yaml:"leave_at"`  // hang up after the first event of this name
	WithinMS int    `yaml:"within_ms"` // the answer's first byte must come within so many milliseconds
	Expect   Expect `yaml:"expect"`
}

// Expect is what must come back.
type Expect struct {
	Status int      `yaml:"status"` // 0 for any 2xx
	Code   string   `yaml:"code"`   // of a problem
	Field  string   `yaml:"field"`  // of a problem
	Check  []string `yaml:"check"`  // assertions on the answer; see Assertion
}

// Ranking names the postings that suit a case's person best, for the mean reciprocal rank.
type Ranking struct {
	In        string   `yaml:"in"`        // name under which the answer with "matches" was saved
	Companies []string `yaml:"companies"` // any of these is right
}

// LoadCases reads and checks every case of a file system: *.yaml at its root or under cases/.
func LoadCases(files fs.FS) ([]Case, error) {
	var names []string
	for _, pattern := range []string{"*.yaml", "cases/*.yaml"} {
		found, err := fs.Glob(files, pattern)
		if err != nil {
			return nil, fmt.Errorf("evals: list cases: %w", err)
		}
		names = append(names, found...)
	}
	if len(names) == 0 {
		return nil, errors.New("evals: no *.yaml files with cases")
	}
	slices.Sort(names)
	var out []Case
	seen := map[string]string{}
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("evals: read cases: %w", err)
		}
		var list []Case
		if err := yaml.Load(data, &list, yaml.WithKnownFields()); err != nil {
			return nil, fmt.Errorf("evals: %s: %w", path.Base(name), err)
		}
		for _, c := range list {
			if err := c.check(); err != nil {
				return nil, fmt.Errorf("evals: %s: case %q: %w", path.Base(name), c.ID, err)
			}
			if other, ok := seen[c.ID]; ok {
				return nil, fmt.Errorf("evals: %s: case %q is also in %s", path.Base(name), c.ID, other)
			}
			seen[c.ID] = path.Base(name)
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b Case) int {
		return slices.Index(Categories, a.Category) - slices.Index(Categories, b.Category)
	})
	return out, nil
}

func filtered(cases []Case, filter string) []Case {
	return slices.DeleteFunc(cases, func(c Case) bool {
		return !strings.Contains(c.ID, filter) && !strings.Contains(c.Category, filter)
	})
}

var (
	slug = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	call = regexp.MustCompile(`^(GET|POST|PUT|PATCH|DELETE) /\S*$`)
)

// check finds what is wrong with a case before anything runs: a mistyped assertion must not pass for a failure of the product.
func (c *Case) check() error {
	switch {
	case !slug.MatchString(c.ID):
		return errors.New("the id is not a lower-case slug")
	case !slices.Contains(Categories, c.Category):
		return fmt.Errorf("there is no category %q", c.Category)
	case c.About == "":
		return errors.New("about is missing")
	case c.Resume == nil && len(c.Steps) == 0:
		return errors.New("there is nothing to do")
	case len(c.Model) > 0 && !c.Settings.Model:
		return errors.New("it scripts a model and its settings have none")
	case c.Gold != nil && c.Resume == nil:
		return errors.New("gold is about the case's resume, and there is none")
	}
	if !slices.Contains([]Ledger{"", LedgerExact, LedgerAtLeast, LedgerOver, LedgerSkip}, c.Ledger) {
		return fmt.Errorf("there is no ledger mode %q", c.Ledger)
	}
	if _, err := c.Settings.price(); err != nil {
		return err
	}
	if c.Resume != nil {
		if err := c.Resume.check(); err != nil {
			return fmt.Errorf("resume: %w", err)
		}
	}
	for i := range c.Model {
		if err := c.Model[i].check(); err != nil {
			return fmt.Errorf("model reply %d: %w", i+1, err)
		}
	}
	for i := range c.Steps {
		if err := c.Steps[i].check(); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return nil
}

func (f *File) check() error {
	set := 0
	for _, is := range []bool{f.Text != "", f.PDF != nil, f.Bytes != ""} {
		if is {
			set++
		}
	}
	if set != 1 {
		return errors.New("give exactly one of text, pdf and bytes")
	}
	_, _, err := f.content()
	return err
}

func (s *Step) check() error {
	if !call.MatchString(s.Call) {
		return fmt.Errorf("call %q is not METHOD /path", s.Call)
	}
	if s.LeaveAt != "" && s.Times > 1 {
		return errors.New("leave_at is for one call")
	}
	if s.File != nil {
		if err := s.File.check(); err != nil {
			return fmt.Errorf("file: %w", err)
		}
	}
	for _, text := range s.Expect.Check {
		if _, err := ParseAssertion(text); err != nil {
			return err
		}
	}
	return nil
}

// price is what the stub's tokens cost; zero where the settings name none.
func (s Settings) price() (gateway.Price, error) {
	var p gateway.Price
	for _, part := range []struct {
		text string
		into *gateway.Nano
	}{{s.PriceInput, &p.Input}, {s.PriceOutput, &p.Output}} {
		if part.text == "" {
			continue
		}
		n, err := gateway.ParseDollars(part.text)
		if err != nil {
			return p, fmt.Errorf("evals: price: %w", err)
		}
		*part.into = n
	}
	return p, nil
}
