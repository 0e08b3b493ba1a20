package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// cpuOf is the time that a process has used, in user and kernel mode: fields 14 and 15 of its stat, which counts in hundredths of a second.
func cpuOf(pid int) time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(stat), ") ") // behind the name, which may have spaces
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

// peakMemory is the most resident memory, in bytes, that this process has had.
func peakMemory() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := bytes.Cut(status, []byte("VmHWM:"))
	var kib int64
	_, _ = fmt.Sscanf(string(rest), "%d kB", &kib)
	return kib << 10
}

// machineMemory is the machine's memory in bytes.
func machineMemory() int64 {
	info, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0
	}
	_, rest, _ := bytes.Cut(info, []byte("MemTotal:"))
	var kib int64
	_, _ = fmt.Sscanf(string(rest), "%d kB", &kib)
	return kib << 10
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
