package model

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"strings"
)

// The file is a line that names the format, then sections: a 32-bit length and that many bytes, in the order of sections. Numbers
// are little-endian. Rows are stored as they are used, so that reading the file copies nothing of them.
const fileFormat = "gapwise-model-1\n"

var errDamaged = errors.New("the file is damaged or of another format")

// Encode writes a model to its file's bytes.
func (m *Model) Encode() []byte {
	out := []byte(fileFormat)
	section := func(b []byte) {
		out = binary.LittleEndian.AppendUint32(out, uint32(len(b))) //nolint:gosec // G115: sections are a few MB
		out = append(out, b...)
	}
	section([]byte(m.ID))
	section(numbers([]float32{m.Tokens.Unit, m.Parts.Unit, m.Unseen}))
	section(numbers(m.Keys))
	section(m.Tokens.Factors)
	section(m.Tokens.Bytes)
	section(m.Parts.Factors)
	section(m.Parts.Bytes)
	section(numbers(m.Next.Keys))
	section(numbers(m.Next.Counts))
	section(numbers(m.Next.Starts))
	section(numbers(m.Next.Items))
	section(m.Next.Weights)
	section(numbers(m.Next.Units))
	titles := make([]string, len(m.Occupations.Titles))
	for i, t := range m.Occupations.Titles {
		titles[i] = strings.Join(t, "\t")
	}
	section(deflated(strings.Join(titles, "\n")))
	section(numbers(m.Occupations.Groups))
	section(numbers(m.Occupations.Skills))
	section(numbers(m.Occupations.Starts))
	section(numbers(m.Occupations.Asks))
	return out
}

// Decode reads a model. The model keeps using data.
func Decode(data []byte) (*Model, error) {
	rest, ok := bytes.CutPrefix(data, []byte(fileFormat))
	if !ok {
		return nil, errDamaged
	}
	var sections [][]byte
	for len(rest) > 0 {
		if len(rest) < 4 {
			return nil, errDamaged
		}
		n := int(binary.LittleEndian.Uint32(rest))
		if n > len(rest)-4 {
			return nil, errDamaged
		}
		sections, rest = append(sections, rest[4:4+n]), rest[4+n:]
	}
	if len(sections) != 18 {
		return nil, errDamaged
	}
	next := func() []byte {
		s := sections[0]
		sections = sections[1:]
		return s
	}
	m := &Model{ID: string(next())}
	units := floats(next())
	if len(units) != 3 {
		return nil, errDamaged
	}
	m.Tokens.Unit, m.Parts.Unit, m.Unseen = units[0], units[1], units[2]
	m.Keys = uint64s(next())
	m.Tokens.Factors, m.Tokens.Bytes = next(), next()
	m.Parts.Factors, m.Parts.Bytes = next(), next()
	m.Next = Pairs{Keys: uint64s(next()), Counts: uint16s(next()), Starts: uint32s(next()), Items: uint16s(next()), Weights: next(), Units: floats(next())}
	titles, err := io.ReadAll(flate.NewReader(bytes.NewReader(next())))
	if err != nil {
		return nil, errDamaged
	}
	o := &m.Occupations
	for line := range strings.SplitSeq(string(titles), "\n") {
		o.Titles = append(o.Titles, strings.Split(line, "\t"))
	}
	o.Groups, o.Skills, o.Starts, o.Asks = uint16s(next()), uint64s(next()), uint32s(next()), uint16s(next())
	if !m.sound() {
		return nil, errDamaged
	}
	m.index()
	return m, nil
}

// sound tells whether the parts of a model fit each other.
func (m *Model) sound() bool {
	p, o := &m.Next, &m.Occupations
	return len(m.Keys) == m.Tokens.Len() && len(m.Tokens.Bytes) == m.Tokens.Len()*Dimensions &&
		m.Parts.Len() > 0 && len(m.Parts.Bytes) == m.Parts.Len()*Dimensions &&
		len(p.Counts) == len(p.Keys) && len(p.Units) == len(p.Keys) && len(p.Starts) == len(p.Keys)+1 && len(p.Weights) == len(p.Items) &&
		ascending(p.Starts, len(p.Items)) && below(p.Items, len(p.Keys)) &&
		len(o.Groups) == len(o.Titles) && len(o.Starts) == 2*len(o.Titles)+1 && ascending(o.Starts, len(o.Asks)) && below(o.Asks, len(o.Skills))
}

func ascending(starts []uint32, end int) bool {
	for i := 1; i < len(starts); i++ {
		if starts[i] < starts[i-1] {
			return false
		}
	}
	return len(starts) > 0 && starts[0] == 0 && int(starts[len(starts)-1]) == end
}

func below(numbers []uint16, n int) bool {
	for _, x := range numbers {
		if int(x) >= n {
			return false
		}
	}
	return true
}

func numbers(values any) []byte {
	var b bytes.Buffer
	_ = binary.Write(&b, binary.LittleEndian, values) // a buffer takes everything, and the types are of fixed size
	return b.Bytes()
}

func deflated(s string) []byte {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression) // the level is a valid one
	_, _ = io.WriteString(w, s)
	_ = w.Close()
	return b.Bytes()
}

func uint64s(b []byte) []uint64 {
	out := make([]uint64, len(b)/8)
	for i := range out {
		out[i] = binary.LittleEndian.Uint64(b[8*i:])
	}
	return out
}

func uint32s(b []byte) []uint32 {
	out := make([]uint32, len(b)/4)
	for i := range out {
		out[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return out
}

func uint16s(b []byte) []uint16 {
	out := make([]uint16, len(b)/2)
	for i := range out {
		out[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	return out
}

func floats(b []byte) []float32 {
	out := make([]float32, len(b)/4)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return out
}
