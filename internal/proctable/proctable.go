// Package proctable is what benchmarks ask the kernel's process table: the time that processes have used and the memory that they hold. Where
// there is no /proc, all of it is unknown: zero, and a load under zero.
package proctable

import (
	"os"
	"slices"
	"time"

	"github.com/prometheus/procfs"
)

// Process is what the kernel says of a process.
type Process struct {
	PID, Parent int
	Args        []string
	Own         time.Duration // used so far in user and kernel mode, to a hundredth of a second
	Ended       time.Duration // used by its children that have ended and were waited for
	Resident    int64         // bytes of memory now
	Peak        int64         // bytes of memory at its highest
}

const tick = 10 * time.Millisecond // the unit of the table

// Of is one process, and whether it is there.
func Of(pid int) (Process, bool) {
	p, err := procfs.NewProc(pid)
	if err != nil {
		return Process{}, false
	}
	return of(p)
}

// Self is this process.
func Self() Process {
	p, _ := Of(os.Getpid())
	return p
}

func of(p procfs.Proc) (Process, bool) {
	stat, err := p.Stat()
	if err != nil {
		return Process{}, false // ended meanwhile
	}
	out := Process{
		PID: p.PID, Parent: stat.PPID, Own: time.Duration(stat.UTime+stat.STime) * tick, Ended: time.Duration(stat.CUTime+stat.CSTime) * tick, //nolint:gosec // G115: no process runs for ages
	}
	if status, err := p.NewStatus(); err == nil {
		out.Resident, out.Peak = int64(status.VmRSS), int64(status.VmHWM) //nolint:gosec // G115: bytes of a machine's memory
	}
	out.Args, _ = p.CmdLine() // a kernel's thread has none
	return out, true
}

// Children are the processes that one has started and that live.
func Children(pid int) []Process {
	return slices.DeleteFunc(all(), func(p Process) bool { return p.Parent != pid })
}

func all() []Process {
	procs, err := procfs.AllProcs()
	if err != nil {
		return nil
	}
	out := make([]Process, 0, len(procs))
	for _, p := range procs {
		if known, ok := of(p); ok {
			out = append(out, known)
		}
	}
	return out
}

// Tree is the time that processes have used together with everything that they started, also what has ended and was waited for.
func Tree(roots ...int) time.Duration {
	processes := all()
	parent := make(map[int]int, len(processes))
	for _, p := range processes {
		parent[p.PID] = p.Parent
	}
	var sum time.Duration
	for _, p := range processes {
		for at := p.PID; at > 1; at = parent[at] {
			if slices.Contains(roots, at) {
				sum += p.Own + p.Ended
				break
			}
		}
	}
	return sum
}

// Load is the number of processes that want to run, as a mean over the last minute.
func Load() float64 {
	fs, err := procfs.NewDefaultFS()
	if err != nil {
		return -1
	}
	load, err := fs.LoadAvg()
	if err != nil {
		return -1
	}
	return load.Load1
}

// Memory is the machine's memory in bytes.
func Memory() int64 {
	fs, err := procfs.NewDefaultFS()
	if err != nil {
		return 0
	}
	info, err := fs.Meminfo()
	if err != nil || info.MemTotalBytes == nil {
		return 0
	}
	return int64(*info.MemTotalBytes) //nolint:gosec // G115: bytes of a machine's memory
}
