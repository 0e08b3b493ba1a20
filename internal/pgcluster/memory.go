//go:build unix

package pgcluster

import "strconv"

// How much memory the server takes for what it has read of its files: a quarter of the machine's, as PostgreSQL's manual advises for a
// server of its own, but no more than holds the index over a million vectors of 256 dimensions, which a search reads some thousand pages of:
// with 128 MB it takes the server twice the time (docs/vectors.md).
// The kernel gives the memory only as it is touched: a small database never takes it.
const (
	leastBuffers = 128 << 20
	mostBuffers  = 1 << 30
)

// bufferSize is shared_buffers on a machine with so many bytes, 0 where that is unknown.
func bufferSize(machine int64) int64 { return max(leastBuffers, min(machine/4, mostBuffers)) }

// cacheSize is effective_cache_size, which takes nothing: it tells the planner what of the files is likely to be in memory, also the kernel's.
func cacheSize(machine int64) int64 { return max(4*leastBuffers, machine/2) }

// maintenanceSize is maintenance_work_mem, which the making of an index may take once.
func maintenanceSize(machine int64) int64 { return max(64<<20, min(machine/32, 256<<20)) }

// megabytes writes a size as settings have it.
func megabytes(n int64) string { return strconv.FormatInt(n>>20, 10) + "MB" }
