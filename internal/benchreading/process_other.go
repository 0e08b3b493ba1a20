//go:build !linux

package main

import "time"

// child is what the system says of a child of this process.
type child struct {
	now, peak uint64
	cpu       time.Duration
}

// children are not known here.
func children() []child { return nil }

// load is not known here.
func load() float64 { return -1 }
