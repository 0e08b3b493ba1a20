//go:build !linux

package main

import "time"

// serverCPU is not known here.
func serverCPU(string) time.Duration { return 0 }

// load is not known here.
func load() string { return "unknown" }
