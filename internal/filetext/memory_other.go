//go:build !linux

package filetext

// region is a slice that grows.
type region struct{ buf []byte }

func (r *region) grow(size, limit uint64) []byte {
	if size > limit {
		return nil
	}
	if size > uint64(cap(r.buf)) {
		buf := make([]byte, size, min(limit, 2*size))
		copy(buf, r.buf)
		r.buf = buf
	}
	r.buf = r.buf[:size]
	return r.buf
}

func (r *region) wipe() { r.buf = nil }
