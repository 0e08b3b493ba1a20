package catalog_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/gapwise/gapwise/catalog"
)

// TestCompiledIsCurrent compiles the YAML again and expects what is in the tree.
func TestCompiledIsCurrent(t *testing.T) {
	t.Parallel()
	source, err := catalog.Source()
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.LoadFS(source)
	if err != nil {
		t.Fatal(err)
	}
	var core, learning bytes.Buffer
	if err := c.Compile(&core, &learning); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]byte{"catalog.gob": core.Bytes(), "learning.gob": learning.Bytes()} {
		if got, err := os.ReadFile("compiled/" + name); err != nil || !bytes.Equal(got, want) {
			t.Errorf("compiled/%s is not what the YAML gives (%v). Run `make catalog`.", name, err)
		}
	}
	loaded, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := loaded.Stats(), c.Stats(); got != want {
		t.Errorf("the compiled catalogue holds %+v, the YAML %+v", got, want)
	}
}
