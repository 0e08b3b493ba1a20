package markup

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxLinked bounds how many pieces of linked data a page may have.
const maxLinked = 32

// LinkedData are the JSON-LD documents that a page carries for machines (W3C, "JSON-LD 1.1", section 7), as they stand. r gives UTF-8.
func LinkedData(r io.Reader) ([]string, error) {
	z := html.NewTokenizer(r)
	z.SetMaxBuf(maxToken)
	var out []string
	inside := false
	for len(out) < maxLinked {
		switch z.Next() {
		case html.ErrorToken:
			if err := z.Err(); !errors.Is(err, io.EOF) {
				return out, fmt.Errorf("read the page: %w", err)
			}
			return out, nil
		case html.StartTagToken:
			name, more := z.TagName()
			inside = atom.Lookup(name) == atom.Script && isLinked(z, more)
		case html.TextToken:
			if inside {
				out = append(out, string(z.Text()))
			}
		case html.EndTagToken:
			inside = false
		case html.SelfClosingTagToken, html.CommentToken, html.DoctypeToken:
		}
	}
	return out, nil
}

// isLinked tells whether the tag's type is that of JSON-LD.
func isLinked(z *html.Tokenizer, more bool) bool {
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		if string(key) == "type" {
			kind, _, _ := strings.Cut(string(value), ";")
			return strings.EqualFold(strings.TrimSpace(kind), "application/ld+json")
		}
	}
	return false
}
