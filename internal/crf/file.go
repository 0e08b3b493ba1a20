package crf

import (
	"encoding/binary"
	"errors"
	"math"
)

// errBroken is a file that holds no model.
var errBroken = errors.New("crf: the model's file is broken")

// maxBits bounds the table of weights that a file may ask for.
const maxBits = 22

// AppendTo writes a model: the size of its table, the scale, the transitions, and the rows that are not nought.
func (m *Model) AppendTo(out []byte) []byte {
	out = append(out, byte(m.bits)) //nolint:gosec // G115: at most maxBits
	out = binary.LittleEndian.AppendUint32(out, math.Float32bits(m.scale))
	for _, w := range m.trans {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(w))
	}
	var places, weights []byte
	last := 0
	for i := range 1 << m.bits {
		row := m.rows[i*Tags:][:Tags]
		if [Tags]int8(row) == [Tags]int8{} {
			continue
		}
		places = binary.AppendUvarint(places, uint64(i-last)) //nolint:gosec // G115: not negative
		last = i
		for _, w := range row {
			weights = append(weights, byte(w)) //nolint:gosec // G115: the bits are kept
		}
	}
	out = binary.AppendUvarint(out, uint64(len(weights)/Tags))
	out = append(out, places...)
	n := len(weights) / Tags
	for k := range Tags { // tag by tag, which packs better
		for i := range n {
			out = append(out, weights[i*Tags+k])
		}
	}
	return out
}

// Read is the reverse of AppendTo.
func Read(data []byte) (*Model, error) {
	const head = 1 + 4 + 4*Tags*Tags
	if len(data) < head || data[0] > maxBits {
		return nil, errBroken
	}
	m := &Model{bits: int(data[0]), scale: math.Float32frombits(binary.LittleEndian.Uint32(data[1:]))}
	for k := range m.trans {
		m.trans[k] = math.Float32frombits(binary.LittleEndian.Uint32(data[5+4*k:]))
	}
	data = data[head:]
	count, size := binary.Uvarint(data)
	if size <= 0 || count > uint64(len(data)) {
		return nil, errBroken
	}
	data = data[size:]
	n := int(count) //nolint:gosec // G115: bounded by the length of data
	m.rows = make([]int8, Tags<<m.bits)
	places := make([]int, n)
	at := 0
	for i := range places {
		d, size := binary.Uvarint(data)
		if size <= 0 || d >= 1<<m.bits {
			return nil, errBroken
		}
		at += int(d) //nolint:gosec // G115: bounded
		places[i], data = at, data[size:]
	}
	if len(data) != n*Tags || at >= 1<<m.bits {
		return nil, errBroken
	}
	for k := range Tags {
		for i, p := range places {
			m.rows[p*Tags+k] = int8(data[k*n+i]) //nolint:gosec // G115: the bits are kept
		}
	}
	return m, nil
}
