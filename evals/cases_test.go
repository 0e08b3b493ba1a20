package evals_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"github.com/gapwise/gapwise/evals"
)

// TestEmbeddedCases loads every case that ships, and holds the files against the schema that editors use and its header.
func TestEmbeddedCases(t *testing.T) {
	cases, err := evals.LoadCases(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, c := range cases {
		count[c.Suite]++
	}
	for _, suite := range evals.Suites {
		if count[suite] == 0 {
			t.Errorf("the suite %s has no case", suite)
		}
	}
	t.Logf("%d cases: %v", len(cases), count)
	names, err := filepath.Glob("cases/*/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	schema := caseSchema(t)
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(data), "# yaml-language-server: $schema=../../case.schema.json\n") {
			t.Errorf("%s does not begin with the line that names its schema", name)
		}
		if err := schema.Validate(asJSON(t, data)); err != nil {
			t.Errorf("%s does not hold the schema: %v", name, err)
		}
	}
}

func caseSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	schema, err := compiler.Compile("case.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func asJSON(t *testing.T, data []byte) any {
	t.Helper()
	var v any
	if err := yaml.Load(data, &v); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, string(b))
}

// TestSchemaKnowsEveryGrader holds the schema against the graders that there are, and the page against both.
func TestSchemaKnowsEveryGrader(t *testing.T) {
	var schema struct {
		Defs struct {
			Check struct {
				AnyOf []struct {
					Properties map[string]any `json:"properties"`
				} `json:"anyOf"`
			} `json:"check"`
		} `json:"$defs"`
	}
	data, err := os.ReadFile("case.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../docs/evals.md")
	if err != nil {
		t.Fatal(err)
	}
	known := schema.Defs.Check.AnyOf[1].Properties
	for _, name := range evals.GraderNames() {
		if known[name] == nil {
			t.Errorf("the schema lacks the grader %s", name)
		}
		if !strings.Contains(string(page), "`"+name+": ") {
			t.Errorf("docs/evals.md lacks the grader %s", name)
		}
	}
	if want := len(evals.GraderNames()) + 1; len(known) != want {
		t.Errorf("the schema has %d fields of a check, want %d", len(known), want)
	}
}
