package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/gapwise/gapwise/internal/filetext"
)

// child is what the kernel says of a child of this process.
type child struct {
	now, peak uint64        // resident memory in bytes, now and at its highest
	cpu       time.Duration // used so far, to a hundredth of a second
}

// children looks at the readers' children of this process.
func children() []child {
	self := strconv.Itoa(os.Getpid())
	stats, _ := filepath.Glob("/proc/[0-9]*/status")
	var out []child
	for _, name := range stats {
		data, err := os.ReadFile(name) //nolint:gosec // G304: of the process table
		if err != nil || field(data, "PPid:") != self {
			continue
		}
		// A process that has just been forked still is this one's copy: only what was started as a reader's child counts.
		line, err := os.ReadFile(filepath.Join(filepath.Dir(name), "cmdline"))
		args := strings.Split(strings.TrimSuffix(string(line), "\x00"), "\x00")
		if err != nil || !filetext.IsChild(args[1:]) {
			continue
		}
		stat, err := os.ReadFile(filepath.Join(filepath.Dir(name), "stat"))
		if err != nil {
			continue
		}
		out = append(out, child{now: bytesOf(field(data, "VmRSS:")), peak: bytesOf(field(data, "VmHWM:")), cpu: cpuOf(string(stat))})
	}
	return out
}

// cpuOf is the time in user and kernel mode, fields 14 and 15 of a process's stat, which counts in hundredths of a second.
func cpuOf(stat string) time.Duration {
	_, rest, _ := strings.Cut(stat, ") ") // behind the name, which may have spaces
	f := strings.Fields(rest)
	if len(f) < 13 {
		return 0
	}
	user, errUser := strconv.Atoi(f[11])
	system, errSystem := strconv.Atoi(f[12])
	if errUser != nil || errSystem != nil {
		return 0
	}
	return time.Duration(user+system) * 10 * time.Millisecond
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

func field(status []byte, name string) string {
	_, rest, ok := bytes.Cut(status, []byte(name))
	if !ok {
		return ""
	}
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	return strings.TrimSpace(string(line))
}

func bytesOf(s string) uint64 {
	var kib uint64
	_, _ = fmt.Sscanf(s, "%d kB", &kib)
	return kib << 10
}
