//go:build unix

package pdftext

import (
	"os/exec"
	"syscall"
)

// ownGroup gives the child a process group, and has the whole group killed when its context ends.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
