package filetext

import (
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// maxCPU is a child's processor time in seconds for one file, over all threads: what ends one that nobody else does.
const maxCPU = 60

// limitResources tells the kernel. RLIMIT_DATA counts private writable memory and not what is merely reserved, of which
// WebAssembly and the Go runtime take gigabytes: RLIMIT_AS would refuse them. A child that had to compile PDFium itself already holds
// most of memory, freed but still mapped, and gets half of it on top.
func limitResources(memory uint64) {
	memory = max(memory, mappedData()+memory/2)
	for resource, limit := range map[int]uint64{unix.RLIMIT_DATA: memory, unix.RLIMIT_CORE: 0} {
		_ = unix.Setrlimit(resource, &unix.Rlimit{Cur: limit, Max: limit}) // the watch in limitProcess remains
	}
}

// mappedData is how much of what RLIMIT_DATA counts the process has, 0 where it cannot be told.
func mappedData() uint64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(status), "\nVmData:")
	line, _, _ := strings.Cut(after, "\n")
	kib, err := strconv.ParseUint(strings.TrimSuffix(strings.TrimSpace(line), " kB"), 10, 64)
	if err != nil {
		return 0
	}
	return kib << 10
}

// renewCPU gives the process maxCPU from now on.
func renewCPU() {
	var used unix.Rusage
	var limit unix.Rlimit
	if unix.Getrusage(unix.RUSAGE_SELF, &used) != nil || unix.Getrlimit(unix.RLIMIT_CPU, &limit) != nil {
		return
	}
	seconds := uint64(used.Utime.Sec + used.Stime.Sec) //nolint:gosec // G115: a time that has passed
	limit.Cur = min(limit.Max, seconds+maxCPU)
	_ = unix.Setrlimit(unix.RLIMIT_CPU, &limit)
}

// resident is how much memory of the machine the process holds, 0 where it cannot be told.
func resident() uint64 {
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(statm))
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseUint(fields[1], 10, 64)
	return pages * uint64(os.Getpagesize()) //nolint:gosec // G115: some KiB
}
