//go:build !linux

package main

import "time"

// These are not known here.

func cpuOf(int) time.Duration { return 0 }
func peakMemory() int64       { return 0 }
func machineMemory() int64    { return 0 }
func load() float64           { return -1 }
