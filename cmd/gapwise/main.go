// Command gapwise is the whole service in one binary: `gapwise help` lists what it does.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/gapwise/gapwise/internal/filetext"
)

func main() {
	if filetext.IsChild(os.Args[1:]) {
		os.Exit(filetext.ChildMain(os.Args[1:], os.Stdin, os.Stdout))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Getenv, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(exitCode(err))
}
