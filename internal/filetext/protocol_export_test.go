package filetext

import (
	"bytes"
	"io"
	"time"

	"github.com/gapwise/gapwise/internal/pagetext"
)

// RequestFrame is a request as the pool writes it.
func RequestFrame(number uint64, format pagetext.Format, data []byte, limits pagetext.Limits, clock time.Duration) []byte {
	var b bytes.Buffer
	_ = writeRequest(&b, &request{number: number, clock: clock, limits: limits, format: format, data: data})
	return b.Bytes()
}

// Serve is a child without PDFium within this process.
func Serve(r io.Reader, w io.Writer) error { return (&server{}).serve(r, w, nil) }

// Converse is the pool's side: the answer to the first request in what a child says.
func Converse(stream []byte, limits pagetext.Limits) (pagetext.Document, error) {
	return AnswerTo(stream, 1, limits)
}

// AnswerTo looks for the answer to a request in what a child says.
func AnswerTo(stream []byte, number uint64, limits pagetext.Limits) (pagetext.Document, error) {
	r := bytes.NewReader(stream)
	p := &process{}
	q := &request{number: number, limits: limits}
	taken := false
	for {
		f, err := readFrame(r)
		if err != nil {
			return pagetext.Document{}, err
		}
		if f.kind == kindHello || checkNumber(f, number) != nil {
			continue
		}
		a, err := p.take(f, q, &taken)
		if err != nil {
			return pagetext.Document{}, err
		}
		if f.kind == kindAnswer {
			if a.Reason != "" {
				return a.Document, a.Reason
			}
			return a.Document, nil
		}
	}
}
