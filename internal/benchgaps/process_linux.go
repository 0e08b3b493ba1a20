package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// cpuTime is the time that this process has used, in user and kernel mode.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// load is the number of processes that want to run, as a mean over the last minute, and is under 0 where that is unknown.
func load() float64 {
	data, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return -1
	}
	first, _, _ := strings.Cut(string(data), " ")
	v, err := strconv.ParseFloat(first, 64)
	if err != nil {
		return -1
	}
	return v
}

// treeCPU is what processes and all that they started have used, with what ended and was waited for: fields 14 to 17 of each one's stat.
func treeCPU(roots ...int) time.Duration {
	type process struct {
		parent int
		ticks  int
	}
	all := map[int]process{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is right
	for _, path := range stats {
		stat, err := os.ReadFile(path) //nolint:gosec // G304: of the kernel
		if err != nil {
			continue // ended meanwhile
		}
		var pid int
		_, _ = fmt.Sscanf(string(stat), "%d", &pid)
		_, rest, _ := strings.Cut(string(stat), ") ") // behind the name, which may have spaces
		f := strings.Fields(rest)
		if len(f) < 15 {
			continue
		}
		p := process{}
		p.parent, _ = strconv.Atoi(f[1])
		for _, field := range f[11:15] {
			n, _ := strconv.Atoi(field)
			p.ticks += n
		}
		all[pid] = p
	}
	ticks := 0
	for pid := range all {
		for at := pid; at > 1; at = all[at].parent {
			if at == roots[0] || len(roots) > 1 && at == roots[1] {
				ticks += all[pid].ticks
				break
			}
		}
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}
