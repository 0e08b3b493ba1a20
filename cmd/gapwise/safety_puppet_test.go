package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"unicode"

	"go.yaml.in/yaml/v4"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"github.com/gapwise/gapwise/internal/filetext/pdftest"
)

// said is a message of a prompt as a model gets it.
type said struct{ Role, Content string }

// puppet is a model that says what the test makes of a prompt. It keeps every prompt.
type puppet struct {
	*httptest.Server

	mu      sync.Mutex
	prompts [][]said
	speak   func(prompt []said) string
}

func newPuppet(t *testing.T) *puppet {
	t.Helper()
	p := &puppet{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var req struct {
			Messages []said
			Stream   bool
		}
		if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		p.mu.Lock()
		p.prompts = append(p.prompts, req.Messages)
		speak := p.speak
		p.mu.Unlock()
		text := speak(req.Messages)
		if !req.Stream {
			_ = json.NewEncoder(w).Encode(map[string]any{
				"object": "chat.completion", "choices": []any{map[string]any{"message": map[string]string{"role": "assistant", "content": text}, "finish_reason": "stop"}},
				"usage": map[string]int{"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
			})
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		for runes := []rune(text); len(runes) > 0; {
			n := min(17, len(runes)) // pieces end anywhere, also within a placeholder
			fmt.Fprintf(w, "data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":%s}}]}\n\n", mustJSON(t, string(runes[:n])))
			runes = runes[n:]
		}
		fmt.Fprint(w, "data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"+
			"data: {\"object\":\"chat.completion.chunk\",\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}\n\ndata: [DONE]\n\n")
	}))
	t.Cleanup(p.Close)
	return p
}

// play gives the puppet another part, and takes the prompts of the last one away.
func (p *puppet) play(speak func([]said) string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.prompts, p.speak = nil, speak
}

// heard are the prompts of this part.
func (p *puppet) heard() [][]said {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.prompts)
}

// under is the service for a part of a test.
func (s *service) under(t *testing.T) *service {
	t.Helper()
	return &service{t: t, url: s.url, http: s.http}
}

// canaryKey is the key of the model in these tests, which must be nowhere.
const canaryKey = "sk-canary-5b1e77aa"

// withPuppet starts a service that talks through a puppet.
func withPuppet(t *testing.T, p *puppet) *service {
	t.Helper()
	return start(t, map[string]string{
		"LLM_BASE_URL": p.URL + "/v1", "LLM_API_KEY": canaryKey, "LLM_MODEL": "stub", "LLM_PRICE_INPUT": "0.000001", "LLM_PRICE_OUTPUT": "0.000001",
		"GAPWISE_BUDGET_REQUEST": "1", "GAPWISE_BUDGET_PERSON_DAY": "10", "GAPWISE_BUDGET_INSTANCE_DAY": "100",
	})
}

// spoken is an answer of the tutor as JSON.
type spoken struct {
	Text    string
	Engine  string
	Notices []struct{ Kind, Reason string }
}

func (g *guest) converse(body map[string]any) string {
	g.t.Helper()
	var c struct{ ID string }
	g.json(http.MethodPost, "/api/v1/tutor/conversations", body, http.StatusCreated, &c)
	return c.ID
}

func (g *guest) say(conversation, content string) spoken {
	g.t.Helper()
	var a spoken
	g.json(http.MethodPost, "/api/v1/tutor/conversations/"+conversation+"/messages", map[string]string{"content": content}, http.StatusOK, &a)
	return a
}

func readCases(t *testing.T, path string, into any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "tutor", "testdata", path))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// atOnce runs n pieces of work, a few at a time.
func atOnce(n int, work func(i int)) {
	var wg sync.WaitGroup
	var next atomic.Int64
	for range 4 {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				work(i)
			}
		})
	}
	wg.Wait()
}

// letters is a text's letters and digits without case and accents.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, unaccented(s))
}

func unaccented(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(s))
	return strings.NewReplacer("ł", "l", "ø", "o", "æ", "ae", "ß", "ss", "ı", "i").Replace(s)
}

// wrap breaks lines so that they fit a page.
func wrap(text string) []string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		for len(line) > 95 {
			at := strings.LastIndexByte(line[:95], ' ')
			if at < 1 {
				break
			}
			out = append(out, line[:at])
			line = line[at+1:]
		}
		out = append(out, line)
	}
	return out
}

// pdfOf draws lines; the raw operators come after them. ok is false for text that the font has no letters for.
func pdfOf(lines []string, raw string) (pdf []byte, ok bool) {
	var texts []pdftest.Text
	for i, l := range lines {
		b, err := charmap.Windows1252.NewEncoder().String(l)
		if err != nil {
			return nil, false
		}
		if b != "" {
			texts = append(texts, pdftest.Text{X: 50, Y: 760 - 13*float64(i), S: b})
		}
	}
	return pdftest.Build(pdftest.Page{Texts: texts, Raw: raw}), true
}

// drawn are operators that draw lines in a colour and a size.
func drawn(lines []string, colour string, size float64) string {
	var b strings.Builder
	b.WriteString(colour + " rg\n")
	for i, l := range lines {
		enc, err := charmap.Windows1252.NewEncoder().String(l)
		if err != nil {
			return ""
		}
		fmt.Fprintf(&b, "BT /F %g Tf 1 0 0 1 50 %g Tm (%s) Tj ET\n", size, 120-(size+2)*float64(i), strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(enc))
	}
	return b.String() + "0 0 0 rg\n"
}

// withInfo adds a document information dictionary to a PDF, as an update behind its end.
func withInfo(pdf []byte, text string) []byte {
	xref := regexp.MustCompile(`startxref\n(\d+)`).FindSubmatch(pdf)
	size := regexp.MustCompile(`/Size (\d+)`).FindSubmatch(pdf)
	at := len(pdf)
	info := fmt.Sprintf("%s 0 obj\n<< /Title (%[2]s) /Subject (%[2]s) /Keywords (%[2]s) /Author (%[2]s) >>\nendobj\n", size[1], strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(text))
	out := append(slices.Clone(pdf), info...)
	table := len(out)
	var n int
	_, _ = fmt.Sscan(string(size[1]), &n)
	return fmt.Appendf(out, "xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Size %d /Root 1 0 R /Info %d 0 R /Prev %s >>\nstartxref\n%d\n%%%%EOF\n", n, at, n+1, n, xref[1], table)
}

// docxOf is a document of Word with a paragraph for each line.
func docxOf(t *testing.T, lines []string) []byte {
	t.Helper()
	var body, file bytes.Buffer
	for _, l := range lines {
		body.WriteString(`<w:p><w:r><w:t xml:space="preserve">`)
		if err := xml.EscapeText(&body, []byte(l)); err != nil {
			t.Fatal(err)
		}
		body.WriteString(`</w:t></w:r></w:p>`)
	}
	w := zip.NewWriter(&file)
	for name, content := range map[string]string{
		"[Content_Types].xml": `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"_rels/.rels":         `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/document.xml":   `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` + body.String() + `</w:body></w:document>`,
	} {
		part, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(part, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func (g *guest) resume(name string, data []byte) string {
	g.t.Helper()
	status, body := g.upload(name, data)
	var u struct{ ID string }
	if err := json.Unmarshal(body, &u); err != nil || status != http.StatusCreated {
		g.t.Fatalf("upload of %s: %d %s", name, status, body)
	}
	return u.ID
}
