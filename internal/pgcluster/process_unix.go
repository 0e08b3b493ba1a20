//go:build unix && !linux

package pgcluster

import (
	"strconv"
	"strings"
)

// inherited is empty: without /proc a server that runs as another user must be able to walk to its directory.
const inherited = ""

// commandLine is the arguments of a process, separated by spaces; empty for one that is gone.
func commandLine(pid int) string {
	return strings.TrimSpace(output("/bin/ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)))
}

// commandLines is commandLine for every process that can be seen.
func commandLines() map[int]string {
	all := map[int]string{}
	for line := range strings.Lines(output("/bin/ps", "-axww", "-o", "pid=,command=")) {
		id, command, _ := strings.Cut(strings.TrimSpace(line), " ")
		if pid, err := strconv.Atoi(id); err == nil {
			all[pid] = strings.TrimSpace(command)
		}
	}
	return all
}

// machineMemory is the machine's memory in bytes, 0 where that is unknown.
func machineMemory() int64 {
	for _, name := range []string{"hw.memsize", "hw.physmem"} { // macOS, the BSDs
		if n, err := strconv.ParseInt(strings.TrimSpace(output("/usr/sbin/sysctl", "-n", name)), 10, 64); err == nil && n > 0 {
			return n
		}
	}
	return 0
}
