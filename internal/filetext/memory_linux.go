package filetext

import (
	"context"

	"github.com/tetratelabs/wazero/experimental"
	"golang.org/x/sys/unix"
)

// peak gives PDFium its linear memory and remembers how much it took. The whole range is mapped at once and the kernel fills in what is
// touched, so that growing neither copies nor leaves garbage: wazero's own way doubles the peak.
type peak struct{ bytes uint64 }

func (p *peak) watch(ctx context.Context) context.Context {
	return experimental.WithMemoryAllocator(ctx, experimental.MemoryAllocatorFunc(func(_, limit uint64) experimental.LinearMemory {
		buf, err := unix.Mmap(-1, 0, int(limit), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON|unix.MAP_NORESERVE) //nolint:gosec // at most 256 MiB
		if err != nil {
			return &mapped{peak: p} // growing it fails, which the module sees
		}
		return &mapped{peak: p, buf: buf}
	}))
}

// high is true when more than half of what the memory may grow to was taken: PDFium asks for its next block in steps that can be large.
func (p *peak) high() bool { return p.bytes > wasmPages<<16/2 }

type mapped struct {
	peak *peak
	buf  []byte
}

// Reallocate implements experimental.LinearMemory.
func (m *mapped) Reallocate(size uint64) []byte {
	if size > uint64(len(m.buf)) {
		return nil
	}
	m.peak.bytes = max(m.peak.bytes, size)
	return m.buf[:size:size]
}

// Free implements experimental.LinearMemory.
func (m *mapped) Free() {
	if m.buf != nil {
		_ = unix.Munmap(m.buf)
		m.buf = nil
	}
}
