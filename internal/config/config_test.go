package config_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/internal/config"
	"github.com/gapwise/gapwise/internal/fault"
)

// inDirectory goes to a directory of its own, with a settings file where one is given.
func inDirectory(t *testing.T, file string) {
	t.Helper()
	t.Chdir(t.TempDir())
	if file == "" {
		return
	}
	if err := os.WriteFile(config.FileName, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
}

func env(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

func setting(tb testing.TB, c *config.Config, name string) config.Setting {
	tb.Helper()
	for _, s := range c.Settings() {
		if s.Name == name {
			return s
		}
	}
	tb.Fatalf("no setting %s", name)
	return config.Setting{}
}

func TestDefaults(t *testing.T) {
	inDirectory(t, "")
	c, err := config.Load(env(map[string]string{"XDG_DATA_HOME": "data"}), nil, config.FileName)
	if err != nil {
		t.Fatal(err)
	}
	want := []config.Setting{
		{Name: "GAPWISE_ADDR", Value: "127.0.0.1:8080", Source: "default"},
		{Name: "GAPWISE_DATA", Value: filepath.Join("data", "gapwise"), Source: "default"},
		{Name: "GAPWISE_CATALOG", Source: "default"},
		{Name: "GAPWISE_PROMPTS", Source: "default"},
		{Name: "DATABASE_URL", Source: "default"},
		{Name: "LLM_BASE_URL", Source: "default"},
		{Name: "LLM_API_KEY", Source: "default"},
		{Name: "LLM_MODEL", Source: "default"},
		{Name: "LLM_PRICE_INPUT", Source: "default"},
		{Name: "LLM_PRICE_OUTPUT", Source: "default"},
		{Name: "EMBEDDINGS_BASE_URL", Source: "default"},
		{Name: "EMBEDDINGS_API_KEY", Source: "default"},
		{Name: "EMBEDDINGS_MODEL", Source: "default"},
		{Name: "EMBEDDINGS_DIMENSIONS", Source: "default"},
		{Name: "EMBEDDINGS_FALLBACK", Source: "default"},
		{Name: "GAPWISE_BUDGET_REQUEST", Value: "0.05", Source: "default"},
		{Name: "GAPWISE_BUDGET_PERSON_DAY", Value: "0.50", Source: "default"},
		{Name: "GAPWISE_BUDGET_INSTANCE_DAY", Value: "5", Source: "default"},
		{Name: "GAPWISE_BUDGET_INSTANCE_MONTH", Value: "50", Source: "default"},
		{Name: "GAPWISE_BUDGET_PERSON_MONTH", Source: "default"},
		{Name: "GAPWISE_BUDGET_GROUP_DAY", Source: "default"},
		{Name: "GAPWISE_BUDGET_GROUP_MONTH", Source: "default"},
		{Name: "GAPWISE_BUDGET_ZONE", Value: "UTC", Source: "default"},
		{Name: "GAPWISE_LEDGER", Value: "leases", Source: "default"},
		{Name: "GAPWISE_CACHE", Value: "off", Source: "default"},
		{Name: "LLM_ROUTES", Source: "default"},
		{Name: "LLM_RETRIES", Value: "1", Source: "default"},
		{Name: "LLM_HEDGE", Source: "default"},
		{Name: "OTEL_EXPORTER_OTLP_ENDPOINT", Source: "default"},
		{Name: "GAPWISE_LOG_PROMPTS", Value: "off", Source: "default"},
	}
	if diff := cmp.Diff(want, c.Settings()); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
	if c.Addr != "127.0.0.1:8080" || c.Data != filepath.Join("data", "gapwise") || c.BudgetMonth != "50" {
		t.Errorf("addr %q, data %q, month %q", c.Addr, c.Data, c.BudgetMonth)
	}
}

func TestDataDirectory(t *testing.T) {
	inDirectory(t, "")
	for name, tt := range map[string]struct {
		env  map[string]string
		want string // end of it
	}{
		"by XDG":         {map[string]string{"XDG_DATA_HOME": "xdg", "HOME": "home"}, filepath.Join("xdg", "gapwise")},
		"by home":        {map[string]string{"HOME": "home"}, "gapwise"},
		"without a home": {nil, "gapwise"},
		"set":            {map[string]string{"GAPWISE_DATA": "here", "XDG_DATA_HOME": "xdg"}, "here"},
	} {
		c, err := config.Load(env(tt.env), nil, config.FileName)
		if err != nil || !strings.HasSuffix(c.Data, tt.want) {
			t.Errorf("%s: %q, %v; want …%s", name, c.Data, err, tt.want)
		}
	}
}

func TestPrecedence(t *testing.T) {
	tests := []struct {
		name  string
		file  string
		env   map[string]string
		flags map[string]string
		want  config.Setting
	}{
		{"default", "", nil, nil, config.Setting{Value: "127.0.0.1:8080", Source: "default"}},
		{"file", "addr: :1\n", nil, nil, config.Setting{Value: ":1", Source: "gapwise.yaml"}},
		{"environment over file", "addr: :1\n", map[string]string{"GAPWISE_ADDR": ":2"}, nil, config.Setting{Value: ":2", Source: "environment"}},
		{"flag over environment", "addr: :1\n", map[string]string{"GAPWISE_ADDR": ":2"}, map[string]string{"GAPWISE_ADDR": ":3"}, config.Setting{Value: ":3", Source: "flag"}},
		{"an empty flag is one", "addr: :1\n", map[string]string{"GAPWISE_ADDR": ":2"}, map[string]string{"GAPWISE_ADDR": ""}, config.Setting{Source: "flag"}},
		{"an empty variable is none", "addr: :1\n", map[string]string{"GAPWISE_ADDR": ""}, nil, config.Setting{Value: ":1", Source: "gapwise.yaml"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inDirectory(t, tt.file)
			c, err := config.Load(env(tt.env), tt.flags, config.FileName)
			if err != nil {
				t.Fatal(err)
			}
			tt.want.Name = "GAPWISE_ADDR"
			if diff := cmp.Diff(tt.want, setting(t, c, "GAPWISE_ADDR")); diff != "" || c.Addr != tt.want.Value {
				t.Errorf("in force %q (-want +got):\n%s", c.Addr, diff)
			}
		})
	}
}

func TestFile(t *testing.T) {
	inDirectory(t, `
# every key is that of the variable, in lower case and without the product's name
addr: ":9"
data: here
catalog: ours
prompts: texts
database_url: postgres://u:hidden@host/db
llm_base_url: http://127.0.0.1:11434/v1
llm_api_key: 0123456
llm_model: 1.10
llm_price_input: 0.00001
llm_price_output: 0.10
embeddings_base_url: http://127.0.0.1:11434/v1
embeddings_api_key: yes
embeddings_model: nomic
embeddings_dimensions: 256
embeddings_fallback: builtin
budget_request: 1
budget_person_day: 2.50
budget_instance_day: 3
budget_instance_month: 4
budget_person_month: 20
budget_group_day: 5
budget_group_month: 6
budget_zone: Europe/Berlin
ledger: durable
cache: exact
llm_routes: routes.json
llm_retries: 2
llm_hedge: 3s
otel_exporter_otlp_endpoint: http://127.0.0.1:4318
log_prompts: 90m
`)
	c, err := config.Load(env(nil), nil, config.FileName)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{
		c.Addr, c.Data, c.Catalog, c.Prompts, string(c.DatabaseURL), c.LLMBaseURL, string(c.LLMKey), c.LLMModel, c.LLMPriceInput, c.LLMPriceOutput,
		c.EmbeddingsBaseURL, string(c.EmbeddingsKey), c.EmbeddingsModel, strconv.Itoa(c.EmbeddingsDimensions), c.EmbeddingsFallback, c.BudgetRequest, c.BudgetPersonDay, c.BudgetDay, c.BudgetMonth,
		c.BudgetPersonMonth, c.BudgetGroupDay, c.BudgetGroupMonth, c.BudgetZone, c.Ledger, c.Cache, c.Routes, c.Retries, c.Hedge, c.OTLPEndpoint, c.LogPrompts.String(),
	}
	want := []string{
		":9", "here", "ours", "texts", "postgres://u:hidden@host/db", "http://127.0.0.1:11434/v1", "0123456", "1.10", "0.00001", "0.10",
		"http://127.0.0.1:11434/v1", "yes", "nomic", "256", "builtin", "1", "2.50", "3", "4",
		"20", "5", "6", "Europe/Berlin", "durable", "exact", "routes.json", "2", "3s", "http://127.0.0.1:4318", "1h30m0s",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("in force (-want +got):\n%s", diff)
	}
	for _, s := range c.Settings() {
		if s.Source != config.FileName {
			t.Errorf("%s is from %s", s.Name, s.Source)
		}
	}
}

func TestBadSettings(t *testing.T) {
	tests := []struct {
		name   string
		file   string
		env    map[string]string
		code   string
		detail string
	}{
		{"unknown keys, sorted", "zebra: 1\naddr: :1\nant: 2\n", nil, "unknown-setting", "do not exist: ant, zebra."},
		{"the variable's name is no key", "GAPWISE_ADDR: :1\n", nil, "unknown-setting", "GAPWISE_ADDR"},
		{"not YAML", "addr: [", nil, "settings-malformed", "YAML"},
		{"a list", "- addr\n", nil, "settings-malformed", "YAML"},
		{"a list for a value", "addr: [1]\n", nil, "settings-malformed", "addr must be a plain value"},
		{"a map for a value", "addr: {a: 1}\n", nil, "settings-malformed", "addr must be a plain value"},
		{"nothing for a value", "addr:\n", nil, "settings-malformed", "addr must be a plain value"},
		{"too large", strings.Repeat("# a comment\n", 6000) + "addr: :1\n", nil, "settings-too-large", "64 KB"},
		{"an endpoint without a model", "", map[string]string{"LLM_BASE_URL": "http://x/v1"}, "incomplete-model", "LLM_MODEL is not"},
		{"a model without an endpoint", "", map[string]string{"LLM_MODEL": "m"}, "incomplete-model", "LLM_BASE_URL is not"},
		{"embeddings without a model", "", map[string]string{"EMBEDDINGS_BASE_URL": "http://x/v1"}, "incomplete-embeddings", "both"},
		{"dimensions that are no number", "", map[string]string{"EMBEDDINGS_DIMENSIONS": "many"}, "invalid-setting", "1 to 4000"},
		{"prompts kept for no time", "", map[string]string{"GAPWISE_LOG_PROMPTS": "yes"}, "invalid-setting", "1m to 720h"},
		{"prompts kept for a year", "", map[string]string{"GAPWISE_LOG_PROMPTS": "8760h"}, "invalid-setting", "1m to 720h"},
		{"a fallback that does not exist", "", map[string]string{"EMBEDDINGS_FALLBACK": "other"}, "invalid-setting", "builtin"},
		{"embeddings without an endpoint", "", map[string]string{"EMBEDDINGS_MODEL": "m"}, "incomplete-embeddings", "both"},
		{"half a price", "", map[string]string{"LLM_PRICE_INPUT": "1"}, "incomplete-price", "both"},
		{"the other half", "", map[string]string{"LLM_PRICE_OUTPUT": "1"}, "incomplete-price", "both"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inDirectory(t, tt.file)
			_, err := config.Load(env(tt.env), nil, config.FileName)
			if !errors.Is(err, fault.Usage) || fault.CodeOf(err) != tt.code || !strings.Contains(fault.DetailOf(err), tt.detail) {
				t.Errorf("%v, want %s with %q", err, tt.code, tt.detail)
			}
		})
	}
}

func TestUnreadableFile(t *testing.T) {
	inDirectory(t, "")
	if err := os.Mkdir(config.FileName, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := config.Load(env(nil), nil, config.FileName); fault.CodeOf(err) != "settings-unreadable" {
		t.Errorf("%v, want settings-unreadable", err)
	}
}

func TestSecretsAreHidden(t *testing.T) {
	inDirectory(t, "embeddings_api_key: hidden-file\n")
	c, err := config.Load(env(map[string]string{"LLM_API_KEY": "hidden-env"}), map[string]string{"DATABASE_URL": "postgres://u:hidden-flag@host/db"}, config.FileName)
	if err != nil {
		t.Fatal(err)
	}
	if c.LLMKey != "hidden-env" || c.EmbeddingsKey != "hidden-file" || c.DatabaseURL != "postgres://u:hidden-flag@host/db" {
		t.Fatal("the secrets are not in force")
	}
	var out bytes.Buffer
	for _, s := range c.Settings() {
		fmt.Fprintln(&out, s)
	}
	for _, name := range []string{"LLM_API_KEY", "EMBEDDINGS_API_KEY", "DATABASE_URL"} {
		if s := setting(t, c, name); s.Value != "(set)" {
			t.Errorf("%s is listed as %q", name, s.Value)
		}
	}
	for _, h := range []slog.Handler{slog.NewJSONHandler(&out, nil), slog.NewTextHandler(&out, nil)} {
		slog.New(h).Info("settings", "key", c.LLMKey, "config", c, "by_value", *c, "list", []config.Secret{c.LLMKey}, "map", map[string]config.Secret{"k": c.LLMKey})
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		fmt.Fprintf(&out, verb+"\n", *c)
		fmt.Fprintf(&out, verb+"\n", c.LLMKey)
	}
	for _, leak := range []string{"hidden", fmt.Sprintf("%x", "hidden")} {
		if i := strings.Index(out.String(), leak); i >= 0 {
			t.Errorf("a secret shows: …%s", out.String()[max(0, i-60):i+20])
		}
	}
	if config.Secret("").String() != "" {
		t.Error("no secret is shown as one")
	}
}

func FuzzFile(f *testing.F) {
	f.Add([]byte("addr: :1\nllm_model: 1.10\n"))
	defaults, err := config.Load(env(nil), nil, filepath.Join(f.TempDir(), config.FileName))
	if err != nil {
		f.Fatal(err)
	}
	all := len(defaults.Settings())
	f.Add([]byte("a: &a [*a]"))
	f.Add([]byte("addr: !!binary aGk=\n---\naddr: 2"))
	f.Fuzz(func(t *testing.T, file []byte) {
		inDirectory(t, string(file))
		c, err := config.Load(env(nil), nil, config.FileName)
		if err != nil && !errors.Is(err, fault.Usage) {
			t.Errorf("%v, want a fault of use", err)
		}
		if err == nil && len(c.Settings()) != all {
			t.Errorf("%d settings, want %d", len(c.Settings()), all)
		}
	})
}

func TestWithoutAFile(t *testing.T) {
	inDirectory(t, "addr: :1\n")
	c, err := config.Load(env(nil), nil, "")
	if err != nil || c.Addr != "127.0.0.1:8080" {
		t.Errorf("addr %q, %v; want the default, for no file was named", c.Addr, err)
	}
}
