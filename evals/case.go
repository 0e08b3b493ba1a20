package evals

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/gapwise/gapwise/gateway"
)

// Case is one thing that the product must do. docs/evals.md says how to write one.
type Case struct {
	Suite    string   `yaml:"-"`
	ID       string   `yaml:"id"`    // lower-case slug, unique in its suite; a row's id is added to it
	About    string   `yaml:"about"` // one sentence: what must hold
	Settings Settings `yaml:"settings"`
	Fresh    bool     `yaml:"fresh"`  // a service of its own, because it spends an instance's budget or looks at all of a database
	Resume   *File    `yaml:"resume"` // uploaded before the steps, and saved as "resume"
	Model    *Model   `yaml:"model"`  // what the language model answers; nil for none
	Ledger   Ledger   `yaml:"ledger"` // how the books are held against the stub's at the end; "" for exact
	Steps    []Step   `yaml:"steps"`
	Pass     float64  `yaml:"pass"` // share of the checks, by weight, that must hold; 0 for all of them

	file  string
	line  int
	dir   string
	files fs.FS
}

// Name is the case's name in reports: SUITE/ID.
func (c *Case) Name() string { return c.Suite + "/" + c.ID }

// Place is where the case is written: file:line.
func (c *Case) Place() string { return fmt.Sprintf("%s:%d", c.file, c.line) }

// File is a file to upload: exactly one of its contents is set.
type File struct {
	Name  string `yaml:"name"` // "" for that of file, or resume with the ending that suits the content
	Text  string `yaml:"text"`
	PDF   *PDF   `yaml:"pdf"`
	Bytes string `yaml:"bytes"` // name of a generator; see Generators
	File  string `yaml:"file"`  // beside the file of the case

	data []byte // of File
}

// Model is what the language model does in a case.
type Model struct {
	Replies  []Reply // by a script: the first rule that fits answers
	Recorded bool    // from the suite's cassette; Replies are then what -record takes where there is no endpoint
	Obedient bool    // it follows whatever it reads; see obey
}

// UnmarshalYAML reads a script (a list), the word recorded or obedient, or {recorded: script}.
func (m *Model) UnmarshalYAML(n *yaml.Node) error {
	switch {
	case n.Kind == yaml.SequenceNode:
		return n.Load(&m.Replies, yaml.WithKnownFields())
	case n.Kind == yaml.ScalarNode && n.Value == "recorded":
		m.Recorded = true
		return nil
	case n.Kind == yaml.ScalarNode && n.Value == "obedient":
		m.Obedient = true
		return nil
	case n.Kind == yaml.MappingNode:
		fields, err := mapping(n, "recorded")
		if err != nil {
			return err
		}
		m.Recorded = true
		return fields["recorded"].Load(&m.Replies, yaml.WithKnownFields())
	}
	return &Mistake{Line: n.Line, What: "a model is a list of replies, or recorded, or obedient, or {recorded: replies}"}
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

	line int
}

// UnmarshalYAML keeps the line.
func (s *Step) UnmarshalYAML(n *yaml.Node) error {
	type bare Step
	if err := n.Load((*bare)(s), yaml.WithKnownFields()); err != nil {
		return mistakeAt(n, err)
	}
	s.line = n.Line
	return nil
}

// Expect is what must come back.
type Expect struct {
	Status int     `yaml:"status"` // 0 for any 2xx
	Code   string  `yaml:"code"`   // of a problem
	Field  string  `yaml:"field"`  // of a problem
	Check  []Check `yaml:"check"`  // what must hold of the answer
}

var (
	slug = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	call = regexp.MustCompile(`^(GET|POST|PUT|PATCH|DELETE) /\S*$`)
)

// check finds what is wrong with a case before anything runs: a mistyped check must not pass for a failure of the product.
func (c *Case) check() error {
	if c.Model != nil {
		c.Settings.Model = true
	}
	switch {
	case !slug.MatchString(c.ID):
		return errors.New("the id is not a lower-case slug")
	case c.About == "":
		return errors.New("about is missing")
	case c.Resume == nil && len(c.Steps) == 0:
		return errors.New("there is nothing to do")
	case c.Pass < 0 || c.Pass > 1:
		return errors.New("pass is a share between 0 and 1")
	}
	if !slices.Contains([]Ledger{"", LedgerExact, LedgerAtLeast, LedgerOver, LedgerSkip}, c.Ledger) {
		return fmt.Errorf("there is no ledger mode %q", c.Ledger)
	}
	if err := c.Settings.check(); err != nil {
		return err
	}
	if c.Resume != nil {
		if err := c.Resume.check(c); err != nil {
			return fmt.Errorf("resume: %w", err)
		}
	}
	if c.Model != nil {
		for i := range c.Model.Replies {
			if err := c.Model.Replies[i].check(); err != nil {
				return fmt.Errorf("model reply %d: %w", i+1, err)
			}
		}
	}
	for i := range c.Steps {
		if err := c.Steps[i].check(c); err != nil {
			return mistakeAt(&yaml.Node{Line: c.Steps[i].line}, fmt.Errorf("case %q: step %d: %w", c.ID, i+1, err))
		}
	}
	return nil
}

func (f *File) check(c *Case) error {
	set := 0
	for _, is := range []bool{f.Text != "", f.PDF != nil, f.Bytes != "", f.File != ""} {
		if is {
			set++
		}
	}
	if set != 1 {
		return errors.New("give exactly one of text, pdf, bytes and file")
	}
	if f.File != "" {
		var err error
		if f.data, err = readInput(c.files, c.dir, f.File); err != nil {
			return err
		}
	}
	_, _, err := f.content()
	return err
}

func (s *Step) check(c *Case) error {
	if !call.MatchString(s.Call) {
		return fmt.Errorf("call %q is not METHOD /path", s.Call)
	}
	if s.LeaveAt != "" && s.Times > 1 {
		return errors.New("leave_at is for one call")
	}
	if s.File != nil {
		if err := s.File.check(c); err != nil {
			return fmt.Errorf("file: %w", err)
		}
	}
	for i := range s.Expect.Check {
		if err := s.Expect.Check[i].prepare(c); err != nil {
			return err
		}
	}
	return nil
}

// Caps are spending caps in dollars as decimal strings. An empty one leaves the service's default in force.
type Caps struct {
	Request       string `yaml:"request" json:",omitempty"`
	PersonDay     string `yaml:"person_day" json:",omitempty"`
	PersonMonth   string `yaml:"person_month" json:",omitempty"`
	InstanceDay   string `yaml:"instance_day" json:",omitempty"`
	InstanceMonth string `yaml:"instance_month" json:",omitempty"`
}

// Settings are what a service is started with. Cases with equal settings share services unless they ask for a fresh one.
type Settings struct {
	Model       bool               `yaml:"model" json:",omitempty"` // a language model is configured: the stub, as ModelName; a case with a model has it anyway
	Caps        Caps               `yaml:"caps"`
	PriceInput  string             `yaml:"price_input" json:",omitempty"` // dollars a million tokens of ModelName; "" for a model without a price
	PriceOutput string             `yaml:"price_output" json:",omitempty"`
	Cache       string             `yaml:"cache" json:",omitempty"`   // GAPWISE_CACHE
	Ledger      string             `yaml:"ledger" json:",omitempty"`  // GAPWISE_LEDGER
	Retries     string             `yaml:"retries" json:",omitempty"` // LLM_RETRIES
	Hedge       string             `yaml:"hedge" json:",omitempty"`   // LLM_HEDGE
	Routes      map[string][]Route `yaml:"routes" json:",omitempty"`  // LLM_ROUTES by purpose; every model is the stub
}

// Route is one model of a route. Its address is the stub's.
type Route struct {
	Name        string `yaml:"name" json:"name"`
	Model       string `yaml:"model" json:"model"`
	PriceInput  string `yaml:"price_input" json:"price_input,omitempty"`
	PriceOutput string `yaml:"price_output" json:"price_output,omitempty"`
	Context     int    `yaml:"context" json:"context,omitempty"`
	FirstByte   string `yaml:"first_byte" json:"first_byte,omitempty"`
	Whole       string `yaml:"whole" json:"whole,omitempty"`
	NoTools     bool   `yaml:"no_tools" json:"no_tools,omitempty"`
}

// key is the same for equal settings.
func (s Settings) key() string {
	b, err := json.Marshal(s)
	if err != nil {
		return err.Error() // strings, numbers and maps of them always encode
	}
	return string(b)
}

func (s Settings) check() error {
	_, err := s.prices()
	return err
}

// prices are what a token of each model costs; a model that is not there costs nothing.
func (s Settings) prices() (map[string]gateway.Price, error) {
	out := map[string]gateway.Price{}
	add := func(model, in, answer string) error {
		var p gateway.Price
		for _, part := range []struct {
			text string
			into *gateway.Nano
		}{{in, &p.Input}, {answer, &p.Output}} {
			if part.text == "" {
				continue
			}
			n, err := gateway.ParseDollars(part.text)
			if err != nil {
				return fmt.Errorf("price: %w", err)
			}
			*part.into = n
		}
		out[model] = p
		return nil
	}
	if err := add(ModelName, s.PriceInput, s.PriceOutput); err != nil {
		return nil, err
	}
	for _, route := range s.Routes {
		for _, r := range route {
			if _, known := out[r.Model]; r.PriceInput == "" && known {
				continue
			}
			if err := add(r.Model, r.PriceInput, r.PriceOutput); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}
