package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// dropStartPages gives up the pages of the binary that were only needed to start: tables that the runtime and packages read once. What is
// needed again is mapped again from the page cache, at a microsecond a fault. A failure costs memory and nothing else.
func dropStartPages() {
	self, err := os.Executable()
	if err != nil {
		return
	}
	f, err := os.Open("/proc/self/maps")
	if err != nil {
		return
	}
	defer func() { _ = f.Close() }() // read only
	for in := bufio.NewScanner(f); in.Scan(); {
		line := in.Text()
		var from, to uintptr
		var mode string
		if !strings.HasSuffix(line, self) {
			continue
		}
		if n, err := fmt.Sscanf(line, "%x-%x %s", &from, &to, &mode); n != 3 || err != nil || mode[1] == 'w' {
			continue // pages that may have been written are not the file's any more
		}
		_, _, _ = unix.Syscall(unix.SYS_MADVISE, from, to-from, unix.MADV_DONTNEED)
	}
}
