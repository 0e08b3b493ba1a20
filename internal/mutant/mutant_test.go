package mutant_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/gapwise/gapwise/internal/mutant"
)

func TestOffWithoutTheTag(t *testing.T) {
	t.Setenv("GAPWISE_MUTANT", mutant.LevelsOffByOne)
	if mutant.On(mutant.LevelsOffByOne) {
		t.Error("a mistake can be switched on in a binary without the tag")
	}
}

// TestNothingShips builds a program that asks for a mistake, with the tag and without it, and looks for the mistake's name and for the
// variable in the file.
func TestNothingShips(t *testing.T) {
	dir := t.TempDir()
	source := filepath.Join(dir, "main.go")
	if err := os.WriteFile(source, []byte(`package main

import "github.com/gapwise/gapwise/internal/mutant"

func main() {
	if mutant.On(mutant.LevelsOffByOne) {
		panic("this is only in a mutant")
	}
}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	for tag, want := range map[string]bool{"none": false, "mutants": true} {
		binary := filepath.Join(dir, tag)
		build := exec.Command("go", "build", "-tags", tag, "-o", binary, source) //nolint:noctx // a test
		build.Dir, _ = filepath.Abs("../..")
		// A file outside the module cannot import what is internal, so it is laid over one inside.
		overlay := filepath.Join(dir, "overlay.json")
		inside := filepath.Join(build.Dir, "internal", "mutant", "zz_probe", "main.go")
		if err := os.WriteFile(overlay, []byte(`{"Replace": {"`+inside+`": "`+source+`"}}`), 0o600); err != nil {
			t.Fatal(err)
		}
		build.Args = []string{"go", "build", "-overlay", overlay, "-tags", tag, "-o", binary, "./internal/mutant/zz_probe"}
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("build: %v\n%s", err, out)
		}
		data, err := os.ReadFile(binary)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{mutant.LevelsOffByOne, "GAPWISE_MUTANT", "this is only in a mutant"} {
			if got := bytes.Contains(data, []byte(word)); got != want {
				t.Errorf("with the tag %s the binary has %q: %t, want %t", tag, word, got, want)
			}
		}
	}
}
