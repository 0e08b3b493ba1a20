package filetext

import "golang.org/x/sys/unix"

// keepTouched is how much of its memory a region keeps from one document to the next: what most need. Keeping it spares a page fault
// for each 4 KiB that a document touches, a quarter of the time of a short one.
const keepTouched = 24 << 20

// region is a range of addresses. All of it is mapped at once and the kernel fills in what is touched, so that growing neither copies nor
// leaves garbage: a slice that grows doubles the peak.
type region struct {
	buf     []byte
	touched uint64 // from the start, in bytes
}

// grow gives the first size bytes. nil means that there are not so many.
func (r *region) grow(size, limit uint64) []byte {
	if r.buf == nil {
		buf, err := unix.Mmap(-1, 0, int(limit), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON|unix.MAP_NORESERVE) //nolint:gosec // at most 256 MiB
		if err != nil {
			return nil
		}
		r.buf = buf
	}
	if size > uint64(len(r.buf)) {
		return nil
	}
	r.touched = max(r.touched, size)
	return r.buf[:size:size]
}

// wipe makes every byte zero and gives back what is over keepTouched.
func (r *region) wipe() {
	kept := min(r.touched, keepTouched)
	clear(r.buf[:kept])
	if r.touched > kept && unix.Madvise(r.buf[kept:], unix.MADV_DONTNEED) != nil {
		clear(r.buf[kept:r.touched])
	}
	r.touched = kept
}
