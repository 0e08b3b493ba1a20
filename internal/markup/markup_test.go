package markup_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/internal/markup"
	"github.com/gapwise/gapwise/internal/pagetext"
	"github.com/gapwise/gapwise/internal/pagetext/pagetexttest"
)

var limits = pagetext.Limits{Pages: 100, Runes: 1_000_000}

// outline is a document as lines that can be compared: the level of headings, cells parted by a bar, an empty line where a line stands
// apart.
func outline(doc *pagetext.Document) []string {
	var out []string
	for i := range doc.Pages {
		for j, l := range doc.Pages[i].Lines {
			if l.Apart && j > 0 {
				out = append(out, "")
			}
			out = append(out, strings.Repeat("#", l.Heading)+strings.Join(l.Cells, "|"))
		}
	}
	return out
}

const page = `<!doctype html><html><head><title>CV of Jane</title><style>p{color:red}</style></head><body>
<header><h1>Jane <em>Doe</em></h1><p>jane@example.org<br>Berlin</p></header><nav><a href="/">Home</a></nav>
<section><h2>Experience</h2><h3>Engineer <span class="date">2019 – 2021</span></h3><ul><li>Go<li><p>Kafka</p></ul></section>
<table><tr><th>Languages</th><td>Go, Rust</td></tr></table></body></html>`

func TestRead(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		want     []string
	}{
		{"a page", page, []string{"#Jane Doe", "jane@example.org", "Berlin", "", "##Experience", "", "###Engineer|2019 – 2021", "• Go", "• Kafka", "", "Languages|Go, Rust"}},
		{"white space", "<p>a\n  b\t<b>c</b> <i> d</i>&nbsp;e", []string{"a b c d e"}},
		{"inline elements do not part words", "<p>Post<b>gre</b>SQL", []string{"PostgreSQL"}},
		{"entities", "<p>R&amp;D &lt;b&gt; caf&eacute; &#8211; &#x1F680;", []string{"R&D <b> café – 🚀"}},
		{"what nobody sees", `<p>a</p><script>b<p>c</script><style>d</style><template><p>e</template><noscript>f</noscript><div hidden><div>g</div>h</div><span style="display: NONE">i</span>` +
			`<i aria-hidden="true">j</i><svg><text>k</text></svg><!-- l --><p style="visibility:hidden">m<p>n`, []string{"a", "n"}},
		{"a hidden item without an end", "<ul><li hidden>a<li>b</ul><ul><li hidden>c</ul><p>d", []string{"• b", "d"}},
		{"hidden elements without an end", "<p>a</p><div hidden>b<img><br>", []string{"a"}},
		{"ends without a beginning", "</div></p></table></li></h2></svg><p>a</td>b", []string{"a", "b"}},
		{"pre", "<pre>a\n  b   c\r\nd</pre>e", []string{"a", "b|c", "d", "e"}},
		{
			"links", `<p><a href="https://github.com/jane">GitHub</a>, <a href="mailto:j@example.org?subject=x">mail</a>, <a href="/about">about</a> <a href="#x">x</a> <a href="https://www.example.org/">example.org</a>`,
			[]string{"GitHub (https://github.com/jane), mail (j@example.org), about x example.org"},
		},
		{"a link around blocks", `<a href="https://a.org"><h2>Site</h2><p>words</p></a>`, []string{"##Site", "words"}},
		{"a layout table", `<table><tr><td><h2>Skills</h2><p>Go<p>Rust<td><h2>Work</h2><p>Acme<p>2019</table>`, []string{"##Skills", "Go", "Rust", "", "##Work", "Acme", "2019"}},
		{"headings side by side", `<table><tr><th><h2>Skills</h2><th><h2>Work</h2><tr><td>Go<br>Rust<td>Acme<br>2019</table>`, []string{"##Skills", "", "Go", "Rust", "", "##Work", "", "Acme", "2019"}},
		{"tables in tables", `<table><tr><td><table><tr><td>a<td>b</table>c<td>d</table>e`, []string{"a|b", "c", "d", "e"}},
		{"floats", `<p><b>Acme</b><span style="float:right">2019</span></p>`, []string{"Acme|2019"}},
		{"times", `<p>Acme<time>2019</time>–<time>2020</time></p>`, []string{"Acme 2019 – 2020"}},
		{"definitions", "<dl><dt>Go<dd>5 years<dt>Rust<dd>1 year</dl>", []string{"Go", "5 years", "Rust", "1 year"}},
		{"a rule parts", "a<hr>b", []string{"a", "", "b"}},
		{"latin-1 by its own word", "<meta charset=iso-8859-1><p>M\xfcnchen", []string{"München"}},
		{"utf-16", "\xff\xfe<\x00p\x00>\x00\xfc\x00", []string{"ü"}},
		{"shift_jis", `<meta http-equiv=content-type content="text/html; charset=shift_jis"><p>` + "\x93\xfa\x96\x7b", []string{"日本"}},
		{"utf-8 without a word", "<p>Übung", []string{"Übung"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc, err := markup.Read([]byte(tt.in), limits)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, outline(&doc)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	got, err := markup.Text(strings.NewReader(`<p>We want <a href="https://go.dev">Go</a></p><ul><li>Kafka</ul><button>Apply</button><footer>Imprint</footer>`))
	if want := "We want Go\n- Kafka"; got != want || err != nil {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in string
		want     pagetext.Reason
	}{
		{"elements within elements", strings.Repeat("<div>", 500_000) + "x", ""},
		{"tables within tables", strings.Repeat("<table><tr><td>", 200_000) + "x", ""},
		{"hidden within hidden", strings.Repeat("<svg>", 500_000) + "x", ""},
		{"much text", "<p>" + strings.Repeat("a ", 600_000), pagetext.TooLarge},
		{"a tag without an end", "<p " + strings.Repeat("a", 5<<20), pagetext.TooLarge},
		{"very many attributes", "<p " + strings.Repeat("a=b ", 500_000) + ">x", ""},
		{"rows of headings", "<table>" + strings.Repeat("<tr><td>ABCD<td>EFGH", 40_000), ""},
		{"links without an end", strings.Repeat(`<a href="https://a.org">x`, 30_000), ""},
		{"comments", strings.Repeat("<!--", 500_000), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := markup.Read([]byte(tt.in), limits); pagetext.ReasonOf(err) != tt.want || tt.want == "" && err != nil {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}

func FuzzHTML(f *testing.F) {
	small := pagetext.Limits{Pages: 5, Runes: 5000}
	for _, s := range []string{page, "<p>Go<li>x</p><script>", "<svg><svg></svg>text</svg>", "<table><tr><td>a<td hidden>b<tr></table>c<pre>\nd", "<a href=https://x.org><h1>x</a>"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if text, err := markup.Text(strings.NewReader(string(data))); err != nil && pagetext.ReasonOf(err) == "" || !utf8.ValidString(text) {
			t.Fatalf("%q, %v", text, err)
		}
		doc, err := markup.Read(data, small)
		pagetexttest.Check(t, &doc, err, small)
	})
}

func BenchmarkHTML(b *testing.B) {
	data := []byte(strings.Replace(page, "<table>", strings.Repeat("<p>Built an <b>API</b> in Go &amp; SQL.</p><ul><li>one<li>two</ul>", 100)+"<table>", 1))
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := markup.Read(data, limits); err != nil {
			b.Fatal(err)
		}
	}
}
