package evals_test

import (
	"bytes"
	"context"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/gapwise/gapwise/evals"
)

var object = regexp.MustCompile(`(?m)^(\d+) 0 obj$`)

// offsets holds a file's cross-reference table against where its objects are.
func offsets(t *testing.T, pdf []byte) {
	t.Helper()
	at := bytes.LastIndex(pdf, []byte("\nxref\n"))
	if at < 0 {
		t.Fatal("no xref")
	}
	rows := strings.Split(string(pdf[at+1:]), "\n")[3:]
	for i, m := range object.FindAllSubmatchIndex(pdf, -1) {
		want, err := strconv.Atoi(rows[i][:10])
		if err != nil || want != m[0] {
			t.Errorf("object %d is at %d, the table says %q", i+1, m[0], rows[i])
		}
	}
	tail := strings.Fields(string(pdf))
	if got := tail[len(tail)-2]; got != strconv.Itoa(at+1) {
		t.Errorf("startxref = %s, want %d", got, at+1)
	}
}

func TestRender(t *testing.T) {
	p := &evals.PDF{Header: "Élodie (Data)", Columns: []string{strings.Repeat("left side\n", 60), "right – side"}, Rows: true}
	pdf, err := p.Render()
	if err != nil {
		t.Fatal(err)
	}
	again, _ := p.Render()
	if !bytes.Equal(pdf, again) {
		t.Error("the same PDF gave other bytes")
	}
	offsets(t, pdf)
	for _, want := range []string{"/Count 2", `(\311lodie \(Data\)) Tj`, `(right \226 side) Tj`} {
		if !bytes.Contains(pdf, []byte(want)) {
			t.Errorf("the file lacks %q", want)
		}
	}
	if first, second := bytes.Index(pdf, []byte("(right")), bytes.LastIndex(pdf, []byte("(left")); first > second {
		t.Error("the columns are not drawn by rows")
	}
	if _, err := (&evals.PDF{Columns: []string{"🚀"}}).Render(); err == nil {
		t.Error("a character that the font lacks was taken")
	}
}

func TestGenerators(t *testing.T) {
	for _, name := range evals.Generators() {
		_, data, err := evals.FileContent(&evals.File{Bytes: name})
		if err != nil {
			t.Fatal(err)
		}
		if (len(data) == 0) != (name == "empty") {
			t.Errorf("%s has %d bytes", name, len(data))
		}
		if strings.HasSuffix(name, "-pages") || name == "encrypted-header" || name == "scan" {
			offsets(t, data)
		}
	}
}

func TestRunRefuses(t *testing.T) {
	if _, err := evals.Run(context.Background(), evals.Options{}); err == nil {
		t.Error("a run without a launch was taken")
	}
}
