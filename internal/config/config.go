// Package config reads the settings once: flags over environment over gapwise.yaml over defaults. Everything else gets values.
package config

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/gapwise/gapwise/internal/fault"
)

// Secret is a value that no log and no listing shows.
type Secret string

// LogValue implements slog.LogValuer.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// String tells only whether there is one.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "(set)"
}

// MarshalText implements encoding.TextMarshaler, for a secret inside of something that is written as JSON.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// GoString implements fmt.GoStringer.
func (s Secret) GoString() string { return s.String() }

// Config is what is in force.
type Config struct {
	Addr                 string
	Data                 string // directory
	Catalog              string // directory of an operator's own roles and skills, "" for none
	Prompts              string // directory of an operator's own templates of prompts, "" for none
	DatabaseURL          Secret // an address can hold a password
	LLMBaseURL           string
	LLMKey               Secret
	LLMModel             string
	LLMPriceInput        string // dollars a million tokens
	LLMPriceOutput       string
	EmbeddingsBaseURL    string
	EmbeddingsKey        Secret
	EmbeddingsModel      string
	EmbeddingsFallback   string // "" or builtin
	EmbeddingsDimensions int    // asked of the model; 0 for its own
	BudgetRequest        string // dollars
	BudgetPersonDay      string
	BudgetDay            string
	BudgetMonth          string
	BudgetPersonMonth    string        // "" for no such cap
	BudgetGroupDay       string        // "" for no such cap
	BudgetGroupMonth     string        // "" for no such cap
	BudgetZone           string        // whose days and months they are, such as Europe/Berlin
	Ledger               string        // leases or durable
	Cache                string        // off, exact or semantic
	Routes               string        // a JSON file of models by purpose, "" for none
	Retries              string        // of a call that failed before its first piece
	Hedge                string        // a duration after which the next model is asked as well, "" for never
	OTLPEndpoint         string        // where spans are sent, "" for nowhere
	LogPrompts           time.Duration // how long prompts and answers are kept; 0 for not at all

	embeddingsDimensions string
	logPrompts           string
	settings             []Setting
}

// Setting is one value in force and where it comes from.
type Setting struct {
	Name   string `json:"name"` // of the environment variable
	Value  string `json:"value"`
	Source string `json:"source"` // flag, environment, the file's name, or default
}

// Settings are all values in force, secrets hidden, in the order of the documentation.
func (c *Config) Settings() []Setting { return c.settings }

// entry ties an environment variable to its field. The key in the file and the flag follow from the variable's name.
type entry struct {
	env    string
	set    func(string)
	secret bool
	def    string
}

// key is the entry's name in gapwise.yaml: lower case, without the product's name.
func (e entry) key() string { return strings.ToLower(strings.TrimPrefix(e.env, "GAPWISE_")) }

func (c *Config) entries(dataDir string) []entry {
	plain := func(env string, field *string, def string) entry {
		return entry{env: env, set: func(v string) { *field = v }, def: def}
	}
	secret := func(env string, field *Secret) entry {
		return entry{env: env, set: func(v string) { *field = Secret(v) }, secret: true}
	}
	return []entry{
		plain("GAPWISE_ADDR", &c.Addr, "127.0.0.1:8080"),
		plain("GAPWISE_DATA", &c.Data, dataDir),
		plain("GAPWISE_CATALOG", &c.Catalog, ""),
		plain("GAPWISE_PROMPTS", &c.Prompts, ""),
		secret("DATABASE_URL", &c.DatabaseURL),
		plain("LLM_BASE_URL", &c.LLMBaseURL, ""),
		secret("LLM_API_KEY", &c.LLMKey),
		plain("LLM_MODEL", &c.LLMModel, ""),
		plain("LLM_PRICE_INPUT", &c.LLMPriceInput, ""),
		plain("LLM_PRICE_OUTPUT", &c.LLMPriceOutput, ""),
		plain("EMBEDDINGS_BASE_URL", &c.EmbeddingsBaseURL, ""),
		secret("EMBEDDINGS_API_KEY", &c.EmbeddingsKey),
		plain("EMBEDDINGS_MODEL", &c.EmbeddingsModel, ""),
		plain("EMBEDDINGS_DIMENSIONS", &c.embeddingsDimensions, ""),
		plain("EMBEDDINGS_FALLBACK", &c.EmbeddingsFallback, ""),
		plain("GAPWISE_BUDGET_REQUEST", &c.BudgetRequest, "0.05"),
		plain("GAPWISE_BUDGET_PERSON_DAY", &c.BudgetPersonDay, "0.50"),
		plain("GAPWISE_BUDGET_INSTANCE_DAY", &c.BudgetDay, "5"),
		plain("GAPWISE_BUDGET_INSTANCE_MONTH", &c.BudgetMonth, "50"),
		plain("GAPWISE_BUDGET_PERSON_MONTH", &c.BudgetPersonMonth, ""),
		plain("GAPWISE_BUDGET_GROUP_DAY", &c.BudgetGroupDay, ""),
		plain("GAPWISE_BUDGET_GROUP_MONTH", &c.BudgetGroupMonth, ""),
		plain("GAPWISE_BUDGET_ZONE", &c.BudgetZone, "UTC"),
		plain("GAPWISE_LEDGER", &c.Ledger, "leases"),
		plain("GAPWISE_CACHE", &c.Cache, "off"),
		plain("LLM_ROUTES", &c.Routes, ""),
		plain("LLM_RETRIES", &c.Retries, "1"),
		plain("LLM_HEDGE", &c.Hedge, ""),
		plain("OTEL_EXPORTER_OTLP_ENDPOINT", &c.OTLPEndpoint, ""),
		plain("GAPWISE_LOG_PROMPTS", &c.logPrompts, "off"),
	}
}

// FileName is the settings file that is looked for in the working directory.
const FileName = "gapwise.yaml"

// maxFile bounds the settings file in bytes.
const maxFile = 64 << 10

// Load reads the settings. flags holds those given on the command line, by the name of the environment variable that they stand above; path
// is the settings file, "" for none.
func Load(getenv func(string) string, flags map[string]string, path string) (*Config, error) {
	file, err := readFile(path)
	if err != nil {
		return nil, err
	}
	c := &Config{}
	entries := c.entries(defaultData(getenv))
	for _, e := range entries {
		s := Setting{Name: e.env, Value: e.def, Source: "default"}
		if v, ok := flags[e.env]; ok {
			s.Value, s.Source = v, "flag"
		} else if v := getenv(e.env); v != "" {
			s.Value, s.Source = v, "environment"
		} else if v, ok := file[e.key()]; ok {
			s.Value, s.Source = v, path
		}
		delete(file, e.key())
		e.set(s.Value)
		if e.secret {
			s.Value = Secret(s.Value).String()
		}
		c.settings = append(c.settings, s)
	}
	if len(file) > 0 {
		names := make([]string, 0, len(file))
		for k := range file {
			names = append(names, k)
		}
		slices.Sort(names)
		return nil, fault.Newf(fault.Usage, "unknown-setting", "%s has settings that do not exist: %s. `gapwise doctor` lists those that do.", path, strings.Join(names, ", "))
	}
	return c, c.check()
}

// The bounds of GAPWISE_LOG_PROMPTS.
const (
	minLogPrompts = time.Minute
	maxLogPrompts = 30 * 24 * time.Hour
)

// maxDimensions is the longest vector that an index takes.
const maxDimensions = 4000

// check finds settings that only make sense together, and those that are no numbers.
func (c *Config) check() error {
	if c.embeddingsDimensions != "" {
		n, err := strconv.Atoi(c.embeddingsDimensions)
		if err != nil || n < 1 || n > maxDimensions {
			return fault.Newf(fault.Usage, "invalid-setting", "EMBEDDINGS_DIMENSIONS is a number from 1 to %d.", maxDimensions)
		}
		c.EmbeddingsDimensions = n
	}
	if c.logPrompts != "off" {
		d, err := time.ParseDuration(c.logPrompts)
		if err != nil || d < minLogPrompts || d > maxLogPrompts {
			return fault.New(fault.Usage, "invalid-setting", "GAPWISE_LOG_PROMPTS is off, or how long prompts and answers are kept: from 1m to 720h.")
		}
		c.LogPrompts = d
	}
	switch {
	case c.LLMBaseURL != "" && c.LLMModel == "":
		return fault.New(fault.Usage, "incomplete-model", "LLM_BASE_URL is set and LLM_MODEL is not. Name the model to ask.")
	case c.LLMBaseURL == "" && c.LLMModel != "":
		return fault.New(fault.Usage, "incomplete-model", "LLM_MODEL is set and LLM_BASE_URL is not. Give the endpoint's address up to /v1.")
	case (c.EmbeddingsBaseURL == "") != (c.EmbeddingsModel == ""):
		return fault.New(fault.Usage, "incomplete-embeddings", "Set both EMBEDDINGS_BASE_URL and EMBEDDINGS_MODEL, or neither.")
	case c.EmbeddingsFallback != "" && c.EmbeddingsFallback != "builtin":
		return fault.New(fault.Usage, "invalid-setting", "EMBEDDINGS_FALLBACK is builtin or nothing.")
	case c.Ledger != "leases" && c.Ledger != "durable":
		return fault.New(fault.Usage, "invalid-setting", "GAPWISE_LEDGER is leases or durable.")
	case c.Cache != "off" && c.Cache != "exact" && c.Cache != "semantic":
		return fault.New(fault.Usage, "invalid-setting", "GAPWISE_CACHE is off, exact or semantic.")
	case (c.LLMPriceInput == "") != (c.LLMPriceOutput == ""):
		return fault.New(fault.Usage, "incomplete-price", "Set both LLM_PRICE_INPUT and LLM_PRICE_OUTPUT, or neither.")
	}
	return nil
}

// readFile reads a flat file of settings; a file that is not there has none.
func readFile(name string) (map[string]string, error) {
	if name == "" {
		return map[string]string{}, nil
	}
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]string{}, nil
	}
	if err != nil {
		return nil, fault.Newf(fault.Usage, "settings-unreadable", "%s cannot be read.", name).Because(err)
	}
	defer func() { _ = f.Close() }()
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fault.Newf(fault.Usage, "settings-unreadable", "%s cannot be read.", name).Because(err)
	}
	if len(b) > maxFile {
		return nil, fault.Newf(fault.Usage, "settings-too-large", "%s is over %d KB.", name, maxFile>>10)
	}
	raw := map[string]yaml.Node{} // not values: a model named 1.10 is not the number 1.1
	if err := yaml.NewDecoder(bytes.NewReader(b)).Decode(&raw); err != nil && !errors.Is(err, io.EOF) {
		return nil, fault.Newf(fault.Usage, "settings-malformed", "%s is not YAML of the form `key: value`.", name).Because(err)
	}
	out := make(map[string]string, len(raw))
	for k, v := range raw {
		if v.Kind != yaml.ScalarNode || v.Tag == "!!null" {
			return nil, fault.Newf(fault.Usage, "settings-malformed", "%s: %s must be a plain value.", name, k)
		}
		out[k] = v.Value
	}
	return out, nil
}

// defaultData is the user's data directory by the customs of the system.
func defaultData(getenv func(string) string) string {
	home := getenv("HOME")
	switch {
	case getenv("XDG_DATA_HOME") != "":
		return filepath.Join(getenv("XDG_DATA_HOME"), "gapwise")
	case home == "":
		return filepath.Join(os.TempDir(), "gapwise")
	case runtime.GOOS == "darwin":
		return filepath.Join(home, "Library", "Application Support", "gapwise")
	}
	return filepath.Join(home, ".local", "share", "gapwise")
}
