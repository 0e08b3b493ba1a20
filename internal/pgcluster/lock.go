//go:build unix

package pgcluster

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"syscall"
	"time"
)

// openLock opens a lock file, which is made once and never removed: a lock on a removed file excludes nobody. The descriptor
// is closed on exec, so the server cannot keep the lock of a process that is gone.
func (h *home) openLock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600) //nolint:gosec // G304: a fixed name in the cluster's own directory
	if err != nil {
		return nil, err
	}
	return f, h.keep(f)
}

// tryLock takes the lock, shared or exclusive, or says at once that it cannot be had.
func tryLock(f *os.File, how int) (bool, error) {
	for {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		switch {
		case err == nil:
			return true, nil
		case errors.Is(err, syscall.EWOULDBLOCK):
			return false, nil
		case !errors.Is(err, syscall.EINTR):
			return false, &os.PathError{Op: "lock", Path: f.Name(), Err: err}
		}
	}
}

// waitLock polls, because a blocked flock call cannot be cancelled.
func waitLock(ctx context.Context, f *os.File, log *slog.Logger) error {
	patience := time.NewTimer(2 * time.Second)
	defer patience.Stop()
	for {
		ok, err := tryLock(f, syscall.LOCK_EX)
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-patience.C:
			log.Info("waiting for another gapwise process that is starting or stopping the database")
		case <-time.After(20 * time.Millisecond):
		}
	}
}
