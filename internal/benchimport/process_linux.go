package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// serverCPU is the time that the private cluster of a data directory has used: its first process, the processes of it that live, and all that
// have ended.
func serverCPU(dir string) time.Duration {
	files, _ := filepath.Glob(filepath.Join(dir, "*", "postmaster.pid"))
	deeper, _ := filepath.Glob(filepath.Join(dir, "*", "*", "postmaster.pid"))
	var sum time.Duration
	for _, f := range append(files, deeper...) {
		data, err := os.ReadFile(f) //nolint:gosec // G304: found above
		if err != nil {
			continue
		}
		pid, _, _ := strings.Cut(string(data), "\n")
		own, ended, _ := times(pid)
		sum += own + ended
		all, _ := filepath.Glob("/proc/[0-9]*")
		for _, p := range all {
			if used, _, parent := times(filepath.Base(p)); parent == pid {
				sum += used
			}
		}
	}
	return sum
}

// times are the CPU times of a process and of its children that have ended, and its parent: fields 14 to 17 and 4 of its stat, in hundredths of
// a second.
func times(pid string) (own, ended time.Duration, parent string) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%s/stat", pid)) //nolint:gosec // G304, G703: the number of a process
	if err != nil {
		return 0, 0, ""
	}
	_, rest, _ := strings.Cut(string(stat), ") ") // behind the name, which may have spaces
	f := strings.Fields(rest)
	if len(f) < 15 {
		return 0, 0, ""
	}
	ticks := func(from int) time.Duration {
		a, _ := strconv.Atoi(f[from])
		b, _ := strconv.Atoi(f[from+1])
		return time.Duration(a+b) * 10 * time.Millisecond
	}
	return ticks(11), ticks(13), f[1]
}

// load is how many processes wanted to run, as a mean over the last minute.
func load() string {
	data, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	first, _, _ := strings.Cut(string(data), " ")
	return first
}
