package web

import (
	"bytes"
	"html/template"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// answers reads the Markdown of answers. What it writes is a short list of elements, each written here: markup in an answer stays the text that
// it is, pictures are their words, and a link leads to http or https or is its words alone.
var answers = goldmark.New(
	goldmark.WithParserOptions(parser.WithInlineParsers(util.Prioritized(citationParser{}, beforeLinks))),
	goldmark.WithRenderer(renderer.NewRenderer(renderer.WithNodeRenderers(util.Prioritized(answerRenderer{}, 1)))),
)

// beforeLinks is a priority higher than that of goldmark's parser of links, which has 200.
const beforeLinks = 150

// notesKey is where the parser finds the anchors of an answer's footnotes.
var notesKey = parser.NewContextKey()

// markdown writes an answer as HTML. anchors are the ids of its footnotes by their numbers; a number without one stays text.
func markdown(source string, anchors map[int]string) (template.HTML, error) {
	ctx := parser.NewContext()
	ctx.Set(notesKey, anchors)
	var b bytes.Buffer
	if err := answers.Convert([]byte(apart(source)), &b, parser.WithContext(ctx)); err != nil {
		return "", err
	}
	return template.HTML(b.String()), nil //nolint:gosec // G203: answerRenderer escapes everything that it does not write itself
}

var entryMark = regexp.MustCompile(`^\s*(?:[-*+]|\d{1,9}[.)]) `)

// apart puts an empty line before each line that is a sentence of its own, as answers are written line by line. Markdown would take it for more
// of the paragraph or the entry before.
func apart(source string) string {
	var b strings.Builder
	inCode := false
	for line := range strings.Lines(source) {
		switch {
		case strings.HasPrefix(strings.TrimSpace(line), "```"):
			inCode = !inCode
		case inCode || entryMark.MatchString(line) || strings.HasPrefix(line, "  ") || strings.HasPrefix(line, "\t") || strings.HasPrefix(line, ">"):
		case strings.Trim(line, "=- \t\r\n") != "":
			b.WriteString("\n")
		}
		b.WriteString(line)
	}
	return b.String()
}

var notSpoken = regexp.MustCompile("\\s*\\[\\d{1,3}\\]|[*_`#>]+")

// spoken is a piece of an answer as it is read out: without the numbers of citations and the signs of Markdown.
func spoken(piece string) string { return notSpoken.ReplaceAllString(piece, "") }

// kindCitation is a reference to a footnote, such as [2].
var kindCitation = ast.NewNodeKind("Citation")

type citationNode struct {
	ast.BaseInline

	number int
	anchor string
}

func (*citationNode) Kind() ast.NodeKind { return kindCitation }

func (n *citationNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

type citationParser struct{}

func (citationParser) Trigger() []byte { return []byte{'['} }

var citationMark = regexp.MustCompile(`^\[(\d{1,3})\]`)

func (citationParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, _ := block.PeekLine()
	m := citationMark.FindSubmatch(line)
	if m == nil {
		return nil
	}
	if rest := line[len(m[0]):]; len(rest) > 0 && rest[0] == '(' {
		return nil // the text of a link
	}
	number, _ := strconv.Atoi(string(m[1])) // at most three digits
	anchors, _ := pc.Get(notesKey).(map[int]string)
	anchor, ok := anchors[number]
	if !ok {
		return nil
	}
	block.Advance(len(m[0]))
	return &citationNode{number: number, anchor: anchor}
}

// answerRenderer writes every kind of node that the parser knows.
type answerRenderer struct{}

// RegisterFuncs is for goldmark.
func (r answerRenderer) RegisterFuncs(to renderer.NodeRendererFuncRegisterer) {
	around := func(open, shut string) renderer.NodeRendererFunc {
		return func(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
			tag := shut
			if entering {
				tag = open
			}
			_, err := w.WriteString(tag)
			return ast.WalkContinue, err
		}
	}
	to.Register(ast.KindDocument, around("", ""))
	to.Register(ast.KindTextBlock, around("", ""))
	to.Register(ast.KindLinkReferenceDefinition, around("", ""))
	to.Register(ast.KindImage, around("", ""))               // its words
	to.Register(ast.KindHeading, around("<h3>", "</h3>\n"))  // below the heading of the message, whatever the model says
	to.Register(ast.KindParagraph, around("<p>", "</p>\n"))  //
	to.Register(ast.KindListItem, around("<li>", "</li>\n")) //
	to.Register(ast.KindBlockquote, around("<blockquote>\n", "</blockquote>\n"))
	to.Register(ast.KindThematicBreak, around("<hr>\n", ""))
	to.Register(ast.KindList, r.list)
	to.Register(ast.KindCodeBlock, r.code)
	to.Register(ast.KindFencedCodeBlock, r.code)
	to.Register(ast.KindHTMLBlock, r.markup)
	to.Register(ast.KindRawHTML, r.rawMarkup)
	to.Register(ast.KindText, r.text)
	to.Register(ast.KindString, r.plain)
	to.Register(ast.KindCodeSpan, r.codeSpan)
	to.Register(ast.KindEmphasis, r.emphasis)
	to.Register(ast.KindLink, r.link)
	to.Register(ast.KindAutoLink, r.autoLink)
	to.Register(kindCitation, r.citation)
}

func (answerRenderer) list(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	list, _ := node.(*ast.List)
	tag := "<ul>\n"
	switch {
	case list.IsOrdered() && entering && list.Start != 1:
		tag = `<ol start="` + strconv.Itoa(list.Start) + "\">\n"
	case list.IsOrdered() && entering:
		tag = "<ol>\n"
	case list.IsOrdered():
		tag = "</ol>\n"
	case !entering:
		tag = "</ul>\n"
	}
	_, err := w.WriteString(tag)
	return ast.WalkContinue, err
}

func (answerRenderer) code(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		_, err := w.WriteString("</code></pre>\n")
		return ast.WalkContinue, err
	}
	_, err := w.WriteString("<pre><code>")
	writeLines(w, source, node)
	return ast.WalkContinue, err
}

// markup is a block of HTML, which stays text.
func (answerRenderer) markup(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		_, err := w.WriteString("</p>\n")
		return ast.WalkContinue, err
	}
	_, err := w.WriteString("<p>")
	writeLines(w, source, node)
	if block, ok := node.(*ast.HTMLBlock); ok && block.HasClosure() {
		html.DefaultWriter.RawWrite(w, block.ClosureLine.Value(source))
	}
	return ast.WalkContinue, err
}

func writeLines(w util.BufWriter, source []byte, node ast.Node) {
	lines := node.Lines()
	for i := range lines.Len() {
		line := lines.At(i)
		html.DefaultWriter.RawWrite(w, line.Value(source))
	}
}

func (answerRenderer) rawMarkup(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if raw, ok := node.(*ast.RawHTML); ok && entering {
		for i := range raw.Segments.Len() {
			segment := raw.Segments.At(i)
			html.DefaultWriter.RawWrite(w, segment.Value(source))
		}
	}
	return ast.WalkSkipChildren, nil
}

// text is words of a line. A line of an answer is a line of the page.
func (answerRenderer) text(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	words, ok := node.(*ast.Text)
	if !ok || !entering {
		return ast.WalkContinue, nil
	}
	if words.IsRaw() {
		html.DefaultWriter.RawWrite(w, words.Segment.Value(source))
	} else {
		html.DefaultWriter.Write(w, words.Segment.Value(source))
	}
	var err error
	if words.SoftLineBreak() || words.HardLineBreak() {
		_, err = w.WriteString("<br>\n")
	}
	return ast.WalkContinue, err
}

func (answerRenderer) plain(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if words, ok := node.(*ast.String); ok && entering {
		html.DefaultWriter.RawWrite(w, words.Value)
	}
	return ast.WalkContinue, nil
}

func (answerRenderer) codeSpan(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		_, err := w.WriteString("</code>")
		return ast.WalkContinue, err
	}
	_, err := w.WriteString("<code>")
	for child := node.FirstChild(); child != nil; child = child.NextSibling() {
		if words, ok := child.(*ast.Text); ok {
			html.DefaultWriter.RawWrite(w, bytes.ReplaceAll(words.Segment.Value(source), []byte("\n"), []byte(" ")))
		}
	}
	return ast.WalkSkipChildren, err
}

func (answerRenderer) emphasis(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	e, _ := node.(*ast.Emphasis)
	tag := "em>"
	if e.Level == 2 {
		tag = "strong>"
	}
	if entering {
		tag = "<" + tag
	} else {
		tag = "</" + tag
	}
	_, err := w.WriteString(tag)
	return ast.WalkContinue, err
}

// elsewhere opens a link to a page that is not ours, "" for an address that no link may have.
func elsewhere(address string) string {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.User != nil || strings.ContainsAny(address, "\\\n\r\t ") {
		return ""
	}
	return `<a href="` + template.HTMLEscapeString(u.String()) + `" rel="noopener nofollow">`
}

func (answerRenderer) link(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	link, ok := node.(*ast.Link)
	if !ok {
		return ast.WalkContinue, nil
	}
	tag := elsewhere(string(link.Destination))
	if tag != "" && !entering {
		tag = "</a>"
	}
	_, err := w.WriteString(tag)
	return ast.WalkContinue, err
}

func (answerRenderer) autoLink(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	link, ok := node.(*ast.AutoLink)
	if !ok || !entering {
		return ast.WalkContinue, nil
	}
	words := template.HTMLEscapeString(string(link.Label(source)))
	if tag := elsewhere(string(link.URL(source))); tag != "" {
		words = tag + words + "</a>"
	}
	_, err := w.WriteString(words)
	return ast.WalkContinue, err
}

func (answerRenderer) citation(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	c, ok := node.(*citationNode)
	if !ok || !entering {
		return ast.WalkContinue, nil
	}
	_, err := w.WriteString(`<sup><a href="#` + template.HTMLEscapeString(c.anchor) + `">[` + strconv.Itoa(c.number) + `]</a></sup>`)
	return ast.WalkContinue, err
}
