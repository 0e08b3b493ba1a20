// Command makefixtures makes those fixture resumes that no word processor and no browser makes for us: archives of the parts that lie
// in a fixture's directory source, and a PDF whose two columns are drawn row by row.
//
// The same parts give the same bytes.
package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gapwise/gapwise/internal/filetext/pdftest"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: makefixtures DIRECTORY")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run makes the file of every fixture in dir that has the parts for one.
func run(dir string) error {
	truths, err := filepath.Glob(filepath.Join(dir, "*", "truth.json"))
	if err != nil {
		return err
	}
	if len(truths) == 0 {
		return fmt.Errorf("no fixtures in %s", dir)
	}
	for _, name := range truths {
		if err := makeFixture(name); err != nil {
			return fmt.Errorf("%s: %w", filepath.Dir(name), err)
		}
	}
	return nil
}

func makeFixture(truth string) error {
	data, err := os.ReadFile(truth) //nolint:gosec // G304: of the directory that was named
	if err != nil {
		return err
	}
	var named struct {
		File string `json:"file"`
	}
	if err := json.Unmarshal(data, &named); err != nil {
		return err
	}
	dir := filepath.Dir(truth)
	made, err := pack(filepath.Join(dir, "source"))
	if errors.Is(err, fs.ErrNotExist) {
		made, err = drawColumns(filepath.Join(dir, "left.txt"), filepath.Join(dir, "right.txt"))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil // made elsewhere
	}
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, named.File), made, 0o644) //nolint:gosec // G306: for everybody to read
}

// pack makes an archive of a directory, with the parts in the order of their names.
func pack(dir string) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	err := filepath.WalkDir(dir, //nolint:gosec // G703: the directory of a fixture in the tree
		func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			name, err := filepath.Rel(dir, path)
			if err != nil {
				return err
			}
			data, err := os.ReadFile(path) //nolint:gosec // G304: of the directory that was named
			if err != nil {
				return err
			}
			part, err := w.CreateHeader(&zip.FileHeader{
				Name: filepath.ToSlash(name), Method: zip.Deflate, Modified: time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC),
			})
			if err != nil {
				return err
			}
			_, err = part.Write(data)
			return err
		})
	if err != nil {
		return nil, err
	}
	err = w.Close()
	return b.Bytes(), err
}

// drawColumns draws two columns of lines side by side, each row from left to right before the next, as some writers of PDF do with tables.
func drawColumns(left, right string) ([]byte, error) {
	l, err := os.ReadFile(left) //nolint:gosec // G304: of the directory that was named
	if err != nil {
		return nil, err
	}
	r, err := os.ReadFile(right) //nolint:gosec // G304: the same
	if err != nil {
		return nil, err
	}
	texts := []pdftest.Text{
		{X: 54, Y: 735, Size: 20, S: "Marlowe Entwistle"},
		{X: 54, Y: 716, S: "Firmware engineer - Keswick - marlowe@example.org"},
	}
	columns := [2][]pdftest.Text{
		pdftest.Column(54, 680, strings.Split(string(l), "\n")...),
		pdftest.Column(390, 680, strings.Split(string(r), "\n")...),
	}
	for len(columns[0])+len(columns[1]) > 0 {
		side := 0
		if len(columns[0]) == 0 || len(columns[1]) > 0 && columns[1][0].Y > columns[0][0].Y {
			side = 1
		}
		texts = append(texts, columns[side][0])
		columns[side] = columns[side][1:]
	}
	return pdftest.Build(pdftest.Page{Texts: texts}), nil
}
