package web_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/gapwise/gapwise/gateway"
)

// speaker is a conversation with one answer, which can be made another.
type speaker struct {
	*house
	*client

	chat string
}

func newSpeaker(t *testing.T) *speaker {
	t.Helper()
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	chat := c.form("/chat", "role", "data-engineer").header.Get("Location")
	c.form(chat, "content", "Hello")
	return &speaker{h, c, chat}
}

// answer is what the page makes of an answer.
func (s *speaker) answer(t *testing.T, said string) *html.Node {
	t.Helper()
	s.mu.Lock()
	for id, list := range s.messages {
		list[len(list)-1].Content = said
		s.messages[id] = list
	}
	s.mu.Unlock()
	for _, e := range all(parse(t, s.page(s.chat)), "div") {
		if attr(e, "class") == "answer" {
			return e
		}
	}
	t.Fatal("there is no answer")
	return nil
}

func inside(t *testing.T, n *html.Node) string {
	t.Helper()
	var b strings.Builder
	for child := range n.ChildNodes() {
		if err := html.Render(&b, child); err != nil {
			t.Fatal(err)
		}
	}
	return strings.TrimSpace(b.String())
}

func TestMarkdown(t *testing.T) {
	s := newSpeaker(t)
	for name, tt := range map[string]struct{ said, want string }{
		"paragraphs":          {"One.\n\nTwo.", "<p>One.</p>\n<p>Two.</p>"},
		"lines":               {"One.\nTwo.", "<p>One.</p>\n<p>Two.</p>"},
		"a list":              {"- one\n- **two**", "<ul>\n<li>one</li>\n<li><strong>two</strong></li>\n</ul>"},
		"a list that goes on": {"3. one\n4. two\nAfter it.", "<ol start=\"3\">\n<li>one</li>\n<li>two</li>\n</ol>\n<p>After it.</p>"},
		"code":                {"```go\nif a < b {\n- no list\n```", "<pre><code>if a &lt; b {\n- no list\n</code></pre>"},
		"code in a line":      {"Use `<b>` *now*.", "<p>Use <code>&lt;b&gt;</code> <em>now</em>.</p>"},
		"headings":            {"# Big\n\nText", "<h3>Big</h3>\n<p>Text</p>"},
		"a link":              {"[here](https://example.org/a?b=1&c=2)", `<p><a href="https://example.org/a?b=1&amp;c=2" rel="noopener nofollow">here</a></p>`},
		"an address":          {"<https://example.org>", `<p><a href="https://example.org" rel="noopener nofollow">https://example.org</a></p>`},
		"a script's link":     {"[here](javascript:alert(1))", "<p>here</p>"},
		"a data link":         {"[here](data:text/html,x)", "<p>here</p>"},
		"a link of ours":      {"[here](/me/delete)", "<p>here</p>"},
		"a link with a name":  {"[here](https://bank.example@evil.example/)", "<p>here</p>"},
		"a picture":           {"![a cat](https://example.org/cat.png)", "<p>a cat</p>"},
		"markup":              {"<b onclick=\"x()\">bold</b>", "<p>&lt;b onclick=&#34;x()&#34;&gt;bold&lt;/b&gt;</p>"},
		"a block of markup":   {"<script>\nalert(1)\n</script>", "<p>&lt;script&gt;\n\nalert(1)\n\n&lt;/script&gt;</p>"},
		"a comment":           {"<!-- hidden -->", "<p>&lt;!-- hidden --&gt;</p>"},
		"no footnote":         {"See [9].", "<p>See [9].</p>"},
		"an entity":           {"a &amp; b &lt;i&gt;", "<p>a &amp; b &lt;i&gt;</p>"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := inside(t, s.answer(t, tt.said)); got != tt.want {
				t.Errorf("%q gives\n%s\nwant\n%s", tt.said, got, tt.want)
			}
		})
	}
}

// hostile are beginnings of what somebody might have a model say.
var hostile = []string{
	"<script>alert(1)</script>", "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](&#106;avascript:alert(1))", "[x](java\nscript:alert(1))", "![x](x\" onerror=alert(1))",
	"<img src=x onerror=alert(1)>", "[x](<https://e.org/\" onclick=\"x>)", "[x]: javascript:alert(1)\n\n[x]", "<https://e.org/\"onclick=x>", "```\n</code></pre><script>x</script>\n```",
	"`</code><b>`", "&lt;script&gt;", "<hx-partial hx-target=\"#main\">x</hx-partial>", "[1](https://e.org)", "> <svg/onload=x>", "1. <a href=\"javascript:x\">", "<div\nhx-get=\"/me/delete\">", "\\<b>", "\x00<b>",
}

// TestNoMarkupOfModels has answers full of markup, and finds no element and no attribute that the page does not write itself.
func TestNoMarkupOfModels(t *testing.T) {
	s := newSpeaker(t)
	allowed := []string{"p", "br", "h3", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong", "a", "hr", "sup"}
	address := regexp.MustCompile(`^https?://[^"\s]+$`)
	for _, said := range append(slices.Clone(hostile), strings.Join(hostile, "\n"), strings.Join(hostile, " ")) {
		for _, e := range all(s.answer(t, said), "") {
			if !slices.Contains(allowed, e.Data) {
				t.Errorf("%q gives <%s>", said, e.Data)
			}
			for _, a := range e.Attr {
				switch {
				case e.Data == "a" && a.Key == "href" && address.MatchString(a.Val):
				case e.Data == "a" && a.Key == "rel" && a.Val == "noopener nofollow":
				case e.Data == "ol" && a.Key == "start":
				default:
					t.Errorf("%q gives <%s %s=%q>", said, e.Data, a.Key, a.Val)
				}
			}
		}
	}
}
