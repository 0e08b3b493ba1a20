// Command compile checks the catalogue under data and writes it in the form in which the binary loads it: `make catalog` runs it.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gapwise/gapwise/catalog"
)

func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run compiles the catalogue of a directory that is laid out like the package's own.
func run(dir string) error {
	c, err := catalog.LoadFS(os.DirFS(filepath.Join(dir, "data")))
	if err != nil {
		return err
	}
	var core, learning bytes.Buffer
	if err := c.Compile(&core, &learning); err != nil {
		return err
	}
	for name, data := range map[string]*bytes.Buffer{"catalog.gob": &core, "learning.gob": &learning} {
		if err := os.WriteFile(filepath.Join(dir, "compiled", name), data.Bytes(), 0o644); err != nil { //nolint:gosec // part of the source
			return fmt.Errorf("write the compiled catalogue: %w", err)
		}
	}
	return nil
}
