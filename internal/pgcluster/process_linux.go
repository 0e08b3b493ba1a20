package pgcluster

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// inherited names the first inherited descriptor as a path. A server that runs as another user reaches its directory this
// way even if a directory above it is closed to that user, as root's home is: the link leads to the directory, not along its path.
const inherited = "/proc/self/fd/3"

// commandLine is the arguments of a process, separated by spaces; empty for one that is gone or a zombie.
func commandLine(pid int) string {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return ""
	}
	return string(bytes.ReplaceAll(raw, []byte{0}, []byte{' '}))
}

// commandLines is commandLine for every process that can be seen.
func commandLines() map[int]string {
	all := map[int]string{}
	dirs, _ := filepath.Glob("/proc/[0-9]*") // the only error is a bad pattern
	for _, dir := range dirs {
		if pid, err := strconv.Atoi(filepath.Base(dir)); err == nil {
			all[pid] = commandLine(pid)
		}
	}
	return all
}

// machineMemory is the memory that this process and the server may take, in bytes: the machine's or, where that is less, the container's. It is 0
// where that is unknown.
func machineMemory() int64 {
	var memory int64
	raw, _ := os.ReadFile("/proc/meminfo") // what cannot be read is unknown
	if _, rest, ok := bytes.Cut(raw, []byte("MemTotal:")); ok {
		_, _ = fmt.Sscanf(string(rest), "%d kB", &memory)
		memory <<= 10
	}
	for _, limit := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		raw, _ := os.ReadFile(limit) //nolint:gosec // G304: two fixed names
		if n, err := strconv.ParseInt(string(bytes.TrimSpace(raw)), 10, 64); err == nil && n > 0 && (memory == 0 || n < memory) {
			memory = n
		}
	}
	return memory
}
