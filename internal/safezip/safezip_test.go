package safezip_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/internal/pagetext"
	"github.com/gapwise/gapwise/internal/safezip"
)

func archive(t *testing.T, parts ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := 0; i+1 < len(parts); i += 2 {
		f, err := w.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestArchive(t *testing.T) {
	t.Parallel()
	data := archive(t, `Word\Document.XML`, "first", "word/document.xml", "second", "/top.txt", "x")
	if !safezip.Is(data) || !safezip.Is(append([]byte("junk"), data...)) || safezip.Is([]byte("text")) {
		t.Error("what an archive is, is told wrongly")
	}
	a, err := safezip.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Word/Document.XML", "top.txt"}, a.Names()); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	if got, err := a.Read("WORD/document.xml"); string(got) != "first" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := a.Read("none"); pagetext.ReasonOf(err) != pagetext.Broken {
		t.Errorf("an absent entry: %v", err)
	}
}

// TestTotal reads parts that are each within the bound until all together are not.
func TestTotal(t *testing.T) {
	t.Parallel()
	part := strings.Repeat("a", safezip.MaxPart)
	a, err := safezip.Open(archive(t, "1", part, "2", part, "3", part, "4", "b", "5", part+"a"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Read("5"); pagetext.ReasonOf(err) != pagetext.TooLarge {
		t.Errorf("a part that is too large: %v", err)
	}
	for _, name := range []string{"1", "2", "3"} {
		if _, err := a.Read(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := a.Read("4"); pagetext.ReasonOf(err) != pagetext.TooLarge {
		t.Errorf("a byte over the total: %v", err)
	}
}
