package posting

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// stream is a source of which something is read and that is no full list.
type stream struct {
	each func(ctx context.Context, take func(Item) error) error
}

// Each implements Source.
func (s stream) Each(ctx context.Context, take func(Item) error) error { return s.each(ctx, take) }

// Whole implements Source.
func (stream) Whole() string { return "" }

// JSONLines is a source of one Record a line.
func JSONLines(r io.Reader) Source {
	return stream{func(ctx context.Context, take func(Item) error) error {
		lines := bufio.NewReaderSize(r, MaxLine)
		for line, last := 1, false; !last; line++ {
			raw, tooLong, err := nextLine(lines)
			if last = errors.Is(err, io.EOF); err != nil && !last {
				return fmt.Errorf("read postings: %w", err)
			}
			if raw = bytes.TrimSpace(raw); len(raw) == 0 && !tooLong {
				continue
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err := take(jsonLine(line, raw, tooLong)); err != nil {
				return err
			}
		}
		return nil
	}}
}

// nextLine is the next line, which holds until the one after is read. One that is too long is passed over. The last comes with io.EOF.
func nextLine(r *bufio.Reader) (raw []byte, tooLong bool, err error) {
	raw, err = r.ReadSlice('\n')
	for errors.Is(err, bufio.ErrBufferFull) {
		tooLong = true
		raw, err = r.ReadSlice('\n')
	}
	return raw, tooLong, err
}

func jsonLine(line int, raw []byte, tooLong bool) Item {
	if tooLong {
		return refuse(line, fmt.Sprintf("This line is over %d KB. One posting is one line of JSON.", MaxLine>>10))
	}
	item := Item{Line: line}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&item.Record); err != nil {
		return refuse(line, "This is not a posting in JSON: "+err.Error())
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return refuse(line, "There is more than one posting on this line.")
	}
	return item
}
