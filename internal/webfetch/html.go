package webfetch

import (
	"errors"
	"io"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// textOf is what a person reads of a page: lines for blocks, a dash for items of lists, nothing of scripts, styles and navigation.
func textOf(r io.Reader) (string, error) {
	var b strings.Builder
	var skipping []atom.Atom // open elements whose content is left out
	line := func() {
		if s := b.String(); s != "" && !strings.HasSuffix(s, "\n") {
			b.WriteByte('\n')
		}
	}
	for z := html.NewTokenizer(r); ; {
		switch z.Next() {
		case html.ErrorToken:
			if errors.Is(z.Err(), io.EOF) {
				return strings.TrimSpace(b.String()), nil
			}
			return "", z.Err()
		case html.TextToken:
			if words := strings.Fields(string(z.Text())); len(skipping) == 0 && len(words) > 0 {
				if s := b.String(); s != "" && !strings.HasSuffix(s, "\n") && !strings.HasSuffix(s, " ") {
					b.WriteByte(' ')
				}
				b.WriteString(strings.Join(words, " "))
			}
		case html.StartTagToken:
			name, _ := z.TagName()
			switch tag := atom.Lookup(name); {
			case hidden(tag):
				skipping = append(skipping, tag)
			case tag == atom.Li:
				line()
				b.WriteString("- ")
			case block(tag):
				line()
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			tag := atom.Lookup(name)
			if n := len(skipping); n > 0 && skipping[n-1] == tag {
				skipping = skipping[:n-1]
			} else if block(tag) {
				line()
			}
		case html.SelfClosingTagToken:
			if name, _ := z.TagName(); block(atom.Lookup(name)) {
				line()
			}
		case html.CommentToken, html.DoctypeToken:
		}
	}
}

func hidden(tag atom.Atom) bool {
	switch tag {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Head, atom.Nav, atom.Footer, atom.Svg, atom.Iframe, atom.Button:
		return true
	}
	return false
}

func block(tag atom.Atom) bool {
	switch tag {
	case atom.P, atom.Div, atom.Section, atom.Article, atom.Main, atom.Header, atom.Aside, atom.Ul, atom.Ol, atom.Li, atom.Br, atom.Hr, atom.Tr, atom.Td,
		atom.Table, atom.Dl, atom.Dt, atom.Dd, atom.Blockquote, atom.Pre, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}
