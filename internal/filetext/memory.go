package filetext

import "github.com/tetratelabs/wazero/experimental"

// linearMemory is the memory of the one instance of PDFium that there is at a time: how the module gets it, how this side reads and
// writes it, and how much was taken. Between two instances every byte is made zero, so that one document's are not in the next.
type linearMemory struct {
	region region
	limit  uint64
	bytes  []byte
	taken  bool
}

// Allocate implements experimental.MemoryAllocator.
func (m *linearMemory) Allocate(_, limit uint64) experimental.LinearMemory {
	if m.taken {
		return refused{} // growing it fails, which the module sees
	}
	m.taken, m.limit = true, limit
	return m
}

// Reallocate implements experimental.LinearMemory. nil means that there is no more.
func (m *linearMemory) Reallocate(size uint64) []byte {
	b := m.region.grow(size, m.limit)
	if b != nil {
		m.bytes = b
	}
	return b
}

// Free implements experimental.LinearMemory.
func (m *linearMemory) Free() {
	m.region.wipe()
	m.bytes, m.taken = nil, false
}

// at is a part of the memory, which holds until the next call into the module. What PDFium says of places is not to be believed:
// a part that does not lie within its memory reads as zeros.
func (m *linearMemory) at(offset uint32, size int) []byte {
	end := uint64(offset) + uint64(size) //nolint:gosec // G115: sizes of ours
	if end > uint64(len(m.bytes)) {
		return make([]byte, size)
	}
	return m.bytes[offset:end]
}

// nearlyFull is true when more than half of what the memory may grow to is taken: PDFium asks for its next block in steps that can be large.
func (m *linearMemory) nearlyFull() bool { return len(m.bytes) > wasmPages<<16/2 }

// refused is the memory of an instance that should not be there.
type refused struct{}

func (refused) Reallocate(uint64) []byte { return nil }
func (refused) Free()                    {}
