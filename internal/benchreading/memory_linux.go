package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gapwise/gapwise/internal/filetext"
)

// childMemory is the resident memory of each child of this process, in bytes: now and at its highest.
func childMemory() (now, peak []uint64) {
	self := strconv.Itoa(os.Getpid())
	stats, _ := filepath.Glob("/proc/[0-9]*/status")
	for _, name := range stats {
		data, err := os.ReadFile(name) //nolint:gosec // G304: of the process table
		if err != nil || field(data, "PPid:") != self {
			continue
		}
		// A process that has just been forked still is this one's copy: only what was started as a reader's child counts.
		line, err := os.ReadFile(filepath.Join(filepath.Dir(name), "cmdline")) //nolint:gosec // G304: of the process table
		args := strings.Split(strings.TrimSuffix(string(line), "\x00"), "\x00")
		if err != nil || !filetext.IsChild(args[1:]) {
			continue
		}
		now = append(now, bytesOf(field(data, "VmRSS:")))
		peak = append(peak, bytesOf(field(data, "VmHWM:")))
	}
	return now, peak
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
