// Package safezip opens ZIP archives that strangers sent: it bounds entries and bytes, whatever the archive says of itself.
package safezip

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/gapwise/gapwise/internal/pagetext"
)

// Bounds on an archive.
const (
	MaxEntries = 4096     // of the directory: a document with very many pictures has some hundred
	MaxPart    = 16 << 20 // bytes of one entry, unpacked
	MaxTotal   = 48 << 20 // bytes unpacked of one archive
)

// Signatures of the format (APPNOTE.TXT, 4.3).
const (
	localSignature     = "PK\x03\x04"
	directorySignature = "PK\x01\x02"
	emptySignature     = "PK\x05\x06"
)

// junk is how much may stand before the first entry.
const junk = 4096

// Archive is an opened archive. It is not safe for concurrent use.
type Archive struct {
	files map[string]*zip.File // by lower-case name with forward slashes
	names []string             // as they are written, in the order of the directory
	left  int64                // bytes that may still be unpacked
}

// Is is true for bytes that begin as an archive, perhaps behind some rubbish.
func Is(data []byte) bool {
	return bytes.HasPrefix(data, []byte(localSignature)) || bytes.HasPrefix(data, []byte(emptySignature)) ||
		bytes.Contains(data[:min(len(data), junk)], []byte(localSignature)) && bytes.Contains(data, []byte(emptySignature))
}

// Open reads the directory of an archive. Errors wrap a [pagetext.Reason].
func Open(data []byte) (*Archive, error) {
	// Counted before the directory is read: what the directory says of its own length binds no reader.
	if bytes.Count(data, []byte(directorySignature)) > MaxEntries {
		return nil, fmt.Errorf("%w: over %d entries", pagetext.TooLarge, MaxEntries)
	}
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", pagetext.Broken, err)
	}
	a := &Archive{files: make(map[string]*zip.File, len(r.File)), left: MaxTotal}
	for _, f := range r.File {
		name := fold(f.Name)
		if _, ok := a.files[name]; !ok { // of two with one name the first counts
			a.files[name] = f
			a.names = append(a.names, strings.TrimLeft(strings.ReplaceAll(f.Name, `\`, "/"), "/"))
		}
	}
	return a, nil
}

func fold(name string) string {
	return strings.ToLower(strings.TrimLeft(strings.ReplaceAll(name, `\`, "/"), "/"))
}

// Names are the names of the entries, with forward slashes.
func (a *Archive) Names() []string { return a.names }

// Has tells whether there is an entry of that name, in any case.
func (a *Archive) Has(name string) bool {
	_, ok := a.files[fold(name)]
	return ok
}

// Read unpacks an entry. An absent one is an error that wraps [pagetext.Broken].
func (a *Archive) Read(name string) ([]byte, error) {
	f, ok := a.files[fold(name)]
	switch {
	case !ok:
		return nil, fmt.Errorf("%w: no entry %.80q", pagetext.Broken, name)
	case f.Flags&1 != 0:
		return nil, fmt.Errorf("%w: entry %.80q is encrypted", pagetext.Password, name)
	case f.UncompressedSize64 > MaxPart:
		return nil, fmt.Errorf("%w: entry %.80q says that it has %d bytes", pagetext.TooLarge, name, f.UncompressedSize64)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: entry %.80q: %w", pagetext.Broken, name, err)
	}
	defer func() { _ = r.Close() }()
	bound := min(MaxPart, a.left)
	var out bytes.Buffer
	n, err := io.Copy(&out, io.LimitReader(r, bound+1))
	a.left -= n
	switch {
	case n > bound:
		return nil, fmt.Errorf("%w: entry %.80q", pagetext.TooLarge, name)
	case errors.Is(err, zip.ErrChecksum):
		return out.Bytes(), nil // word processors open these too, and what is left is checked as it is read
	case err != nil:
		return nil, fmt.Errorf("%w: entry %.80q: %w", pagetext.Broken, name, err)
	}
	return out.Bytes(), nil
}
