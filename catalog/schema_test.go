package catalog_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"github.com/gapwise/gapwise/catalog"
)

// schemas are the JSON Schemas by the directory of data that they describe, with the type that it is read into.
var schemas = map[string]struct {
	file string
	of   reflect.Type
}{
	"roles":    {"role.schema.json", reflect.TypeFor[catalog.Role]()},
	"skills":   {"skills.schema.json", reflect.TypeFor[[]catalog.Skill]()},
	"learning": {"learning.schema.json", reflect.TypeFor[catalog.Learning]()},
	"relations": {"relations.schema.json", reflect.TypeFor[struct {
		Requires  []catalog.Prerequisite `yaml:"requires,omitempty"`
		Transfers []catalog.Transfer     `yaml:"transfers,omitempty"`
	}]()},
}

// TestSchemasDescribeTheFiles validates every file of the catalogue, so that an editor that checks by the schema agrees with the loader.
func TestSchemasDescribeTheFiles(t *testing.T) {
	t.Parallel()
	source, err := catalog.Source()
	if err != nil {
		t.Fatal(err)
	}
	for dir, s := range schemas {
		schema, err := jsonschema.NewCompiler().Compile("schema/" + s.file)
		if err != nil {
			t.Fatal(err)
		}
		files, err := fs.Glob(source, dir+"/*.yaml")
		if err != nil || len(files) == 0 {
			t.Fatalf("no files in %s: %v", dir, err)
		}
		for _, name := range files {
			data, err := fs.ReadFile(source, name)
			if err != nil {
				t.Fatal(err)
			}
			var v any
			if err := yaml.Unmarshal(data, &v); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			b, err := json.Marshal(v)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(b)))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(doc); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			head := "# yaml-language-server: $schema=../../schema/" + s.file + "\n"
			if !strings.HasPrefix(string(data), head) {
				t.Errorf("%s does not begin with %q, by which editors find the schema", name, head)
			}
		}
	}
}

// TestSchemasKnowEveryField holds the fields of each schema to those that are read.
func TestSchemasKnowEveryField(t *testing.T) {
	t.Parallel()
	for _, s := range schemas {
		data, err := os.ReadFile(path.Join("schema", s.file))
		if err != nil {
			t.Fatal(err)
		}
		var node map[string]any
		if err := json.Unmarshal(data, &node); err != nil {
			t.Fatal(err)
		}
		sameFields(t, s.file, node, s.of)
	}
}

func sameFields(t *testing.T, where string, node map[string]any, of reflect.Type) {
	t.Helper()
	switch of.Kind() {
	case reflect.Pointer:
		sameFields(t, where, node, of.Elem())
	case reflect.Slice:
		if items, ok := node["items"].(map[string]any); ok {
			sameFields(t, where+"[]", items, of.Elem())
		} else {
			t.Errorf("%s has no items", where)
		}
	case reflect.Struct:
		properties, _ := node["properties"].(map[string]any)
		var fields []string
		for field := range of.Fields() {
			if !field.IsExported() {
				continue // no file has it
			}
			name, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
			fields = append(fields, name)
			property, ok := properties[name].(map[string]any)
			if !ok {
				t.Errorf("%s does not describe %s", where, name)
				continue
			}
			sameFields(t, where+"."+name, property, field.Type)
		}
		for name := range properties {
			if !slices.Contains(fields, name) {
				t.Errorf("%s describes %s, which nothing reads", where, name)
			}
		}
	default:
	}
}
