package filetext

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/gapwise/gapwise/internal/pagetext"
)

// The protocol between the pool and a child, on the child's stdin and stdout. Every message is a frame: two letters that tell it from
// what a stray library prints, the version, the kind, the length of what follows, and that. The child says hello once it can read; from then
// on the pool sends a request and the child answers it, with the request's number in all that belongs to it: taken, when it has the
// whole file; perhaps a first answer, which stands if the child does not live to give a better one; and the answer.
//
// Neither side believes the other's lengths: a frame longer than its kind may be ends the connection, and memory is taken as bytes come.
const (
	frameMagic   = "gw"
	frameVersion = 2
	frameHeader  = 8

	kindHello   = 'H'
	kindRequest = 'Q'
	kindTaken   = 'T'
	kindFirst   = 'F'
	kindAnswer  = 'A'
)

const (
	maxInput  = 64 << 20 // of a file: above what any caller lets through
	maxAnswer = 64 << 20 // of what a child says, which may have been taken over by what it reads
	maxSmall  = 8        // of hello and taken
)

// frame is one message.
type frame struct {
	kind byte
	body []byte
}

// errFrame is what does not keep to the protocol.
var errFrame = errors.New("not a frame of the protocol")

// errFrameSize is a frame over the length of its kind.
var errFrameSize = errors.New("a frame that is too long")

func frameLimit(kind byte) int {
	switch kind {
	case kindRequest:
		return maxInput + requestHeader + math.MaxUint8
	case kindFirst, kindAnswer:
		return maxAnswer
	default:
		return maxSmall
	}
}

func writeFrame(w io.Writer, kind byte, parts ...[]byte) error {
	size := 0
	for _, p := range parts {
		size += len(p)
	}
	if size > frameLimit(kind) {
		return errFrameSize
	}
	header := append(make([]byte, 0, frameHeader), frameMagic...)
	header = append(header, frameVersion, kind)
	header = binary.BigEndian.AppendUint32(header, uint32(size))
	for _, p := range append([][]byte{header}, parts...) {
		if _, err := w.Write(p); err != nil {
			return err
		}
	}
	return nil
}

// readFrame reads one frame. At the end of the stream, between two frames, the error is io.EOF.
func readFrame(r io.Reader) (frame, error) {
	var header [frameHeader]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return frame{}, err
	}
	if string(header[:2]) != frameMagic || header[2] != frameVersion {
		return frame{}, fmt.Errorf("%w: it begins with %q", errFrame, header[:4])
	}
	f := frame{kind: header[3]}
	size := binary.BigEndian.Uint32(header[4:])
	if uint64(size) > uint64(frameLimit(f.kind)) { //nolint:gosec // G115: a constant
		return frame{}, errFrameSize
	}
	var body bytes.Buffer
	body.Grow(int(min(size, 1<<20)))
	if _, err := io.CopyN(&body, r, int64(size)); err != nil {
		return frame{}, fmt.Errorf("%w: %w", errFrame, io.ErrUnexpectedEOF)
	}
	f.body = body.Bytes()
	return f, nil
}

// request is a file to read.
type request struct {
	number uint64
	clock  time.Duration // that the child has
	limits pagetext.Limits
	format pagetext.Format
	data   []byte
}

// requestHeader is what stands before the format and the data: the number, the clock in milliseconds, the limits, the format's length.
const requestHeader = 8 + 4 + 4 + 4 + 1

func writeRequest(w io.Writer, q *request) error {
	if len(q.format) > math.MaxUint8 {
		return errFrameSize
	}
	head := binary.BigEndian.AppendUint64(nil, q.number)
	head = binary.BigEndian.AppendUint32(head, clamp(q.clock.Milliseconds()))
	head = binary.BigEndian.AppendUint32(head, clamp(int64(q.limits.Pages)))
	head = binary.BigEndian.AppendUint32(head, clamp(int64(q.limits.Runes)))
	head = append(head, byte(len(q.format))) //nolint:gosec // G115: bounded at the top
	return writeFrame(w, kindRequest, append(head, q.format...), q.data)
}

func clamp(v int64) uint32 { return uint32(min(max(v, 0), math.MaxInt32)) }

func parseRequest(f frame) (*request, error) {
	if f.kind != kindRequest || len(f.body) < requestHeader {
		return nil, fmt.Errorf("%w: no request", errFrame)
	}
	b := f.body
	q := &request{
		number: binary.BigEndian.Uint64(b),
		clock:  time.Duration(binary.BigEndian.Uint32(b[8:])) * time.Millisecond,
		limits: pagetext.Limits{Pages: int(binary.BigEndian.Uint32(b[12:])), Runes: int(binary.BigEndian.Uint32(b[16:]))},
	}
	rest := b[requestHeader:]
	n := int(b[requestHeader-1])
	if n > len(rest) {
		return nil, fmt.Errorf("%w: a request that ends early", errFrame)
	}
	q.format, q.data = pagetext.Format(rest[:n]), rest[n:]
	return q, nil
}

// answer is what a child says of a file.
type answer struct {
	Document pagetext.Document `json:"document"`
	Reason   pagetext.Reason   `json:"reason,omitempty"`
	Cause    string            `json:"cause,omitempty"`
	Retire   bool              `json:"retire,omitempty"` // the child ends now: something fell over in it, or it has served for long
}

func writeAnswer(w io.Writer, kind byte, number uint64, a *answer) error {
	body, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return writeFrame(w, kind, binary.BigEndian.AppendUint64(nil, number), body)
}

// parseAnswer takes an answer to the request of a number, with no more pages and text than were asked for.
func parseAnswer(f frame, number uint64, limits pagetext.Limits) (*answer, error) {
	if err := checkNumber(f, number); err != nil {
		return nil, err
	}
	var a answer
	if err := json.Unmarshal(f.body[8:], &a); err != nil {
		return nil, fmt.Errorf("%w: %w", errFrame, err)
	}
	if len(a.Document.Pages) > limits.Pages {
		return nil, fmt.Errorf("%w: more pages than asked for", errFrame)
	}
	left := budget{limits.Runes}
	for i := range a.Document.Pages {
		if err := left.spend(a.Document.Pages[i].Lines); err != nil && a.Reason == "" {
			return nil, fmt.Errorf("%w: more text than asked for", errFrame)
		}
	}
	return &a, nil
}

func checkNumber(f frame, number uint64) error {
	if len(f.body) < 8 || binary.BigEndian.Uint64(f.body) != number {
		return fmt.Errorf("%w: of another request", errFrame)
	}
	return nil
}
