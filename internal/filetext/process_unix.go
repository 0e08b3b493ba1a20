//go:build unix

package filetext

import (
	"os"
	"os/exec"
	"syscall"
)

// ownGroup gives the child a process group, and has the whole group killed when its context ends.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// lockFile takes a lock that ends with the process at the latest. Where it cannot be had the caller goes on without.
func lockFile(name string) (unlock func()) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // G304: in the cache directory, of a fixed name
	if err != nil {
		return func() {}
	}
	_ = syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
	return func() { _ = f.Close() }
}

// signalled is true for a process that a signal ended other than for its use of the processor, which would be the same a second time.
func signalled(exit *exec.ExitError) bool {
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() != syscall.SIGXCPU
}
