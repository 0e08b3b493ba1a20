package proctable_test

import (
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"

	"github.com/gapwise/gapwise/internal/proctable"
)

// TestChildIsSeen starts a child that works and waits until the table shows it and its time.
func TestChildIsSeen(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("there is no process table here that is read")
	}
	busy := exec.CommandContext(t.Context(), "sh", "-c", "while :; do :; done")
	if err := busy.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = busy.Wait() }() // it is killed
	defer func() { _ = busy.Process.Kill() }()
	for {
		p, ok := proctable.Of(busy.Process.Pid)
		if !ok || p.Parent != os.Getpid() || p.Resident <= 0 || p.Peak < p.Resident {
			t.Fatalf("the child is not as it should be: %+v", p)
		}
		if p.Own > 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	found := false
	for _, c := range proctable.Children(os.Getpid()) {
		found = found || c.PID == busy.Process.Pid && len(c.Args) > 0
	}
	if !found {
		t.Error("the child is not among the children")
	}
	if own, tree := proctable.Self().Own, proctable.Tree(os.Getpid()); tree < own || tree <= 0 {
		t.Errorf("the tree used %v, this process alone %v", tree, own)
	}
	if proctable.Load() < 0 || proctable.Memory() <= 0 {
		t.Error("the machine's load or memory is not known")
	}
}

func TestNobody(t *testing.T) {
	if p, ok := proctable.Of(1 << 30); ok {
		t.Errorf("a process that is not there: %+v", p)
	}
}
