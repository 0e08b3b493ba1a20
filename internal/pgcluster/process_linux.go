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
