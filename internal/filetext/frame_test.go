package filetext_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/gapwise/gapwise/internal/filetext"
	"github.com/gapwise/gapwise/internal/pagetext"
)

// FuzzChildProtocol gives both sides what the other would not say: a child the stream of a pool, and the pool that of a child. Neither may
// fall over, take more memory than the bytes are worth or wait for more; what the pool believes keeps to what it asked for.
func FuzzChildProtocol(f *testing.F) {
	html := filetext.RequestFrame(7, pagetext.HTML, []byte("<p>Jane Doe"), limits, time.Second)
	var answers bytes.Buffer
	filetext.WriteHello(&answers)
	filetext.WriteAnswer(&answers, 1, "the first text", true)
	filetext.WriteAnswer(&answers, 1, "the text", false)
	f.Add(html)
	f.Add(append(html, html...))
	f.Add(html[:len(html)-1])
	f.Add(filetext.RequestFrame(7, pagetext.PDF, nil, limits, 0))
	f.Add(answers.Bytes())
	f.Add([]byte("gw\x02H\x00\x00\x00\x00gw\x02A\xff\xff\xff\xff"))
	f.Add([]byte("gw\x01Q\x00\x00\x00\x00"))
	small := pagetext.Limits{Pages: 2, Runes: 100}
	f.Fuzz(func(t *testing.T, stream []byte) {
		var out bytes.Buffer
		if err := filetext.Serve(bytes.NewReader(stream), &out); err == nil && out.Len() == 0 {
			t.Error("a child that never said hello")
		}
		doc, err := filetext.Converse(stream, small)
		if err != nil {
			return
		}
		runes := 0
		for i := range doc.Pages {
			for j := range doc.Pages[i].Lines {
				for _, c := range doc.Pages[i].Lines[j].Cells {
					runes += len([]rune(c))
				}
			}
		}
		if len(doc.Pages) > small.Pages || runes > small.Runes {
			t.Errorf("%d pages, %d characters", len(doc.Pages), runes)
		}
	})
}

// TestChildSide talks to a child's side of the protocol within this process.
func TestChildSide(t *testing.T) {
	t.Parallel()
	request := func(number uint64, format pagetext.Format, data string, limits pagetext.Limits) []byte {
		return filetext.RequestFrame(number, format, []byte(data), limits, time.Second)
	}
	var in, out bytes.Buffer
	in.Write(request(1, pagetext.HTML, "<p>Jane Doe", limits))
	in.Write(request(2, pagetext.HTML, "<p>John Roe", limits))
	in.Write(request(3, pagetext.HTML, "<p>John Roe", pagetext.Limits{Pages: 1, Runes: 2}))
	in.Write(request(4, "sculpture", "", limits))
	if err := filetext.Serve(&in, &out); err != nil {
		t.Fatal(err)
	}
	for number, want := range map[uint64]struct {
		text   string
		reason pagetext.Reason
	}{1: {"Jane Doe\n", ""}, 2: {"John Roe\n", ""}, 3: {"", pagetext.TooLarge}, 4: {"", pagetext.Unstarted}} {
		doc, err := filetext.AnswerTo(out.Bytes(), number, limits)
		if textOf(&doc) != want.text || pagetext.ReasonOf(err) != want.reason {
			t.Errorf("%d: %q, %v", number, textOf(&doc), err)
		}
	}
}
