//go:build !linux

package filetext

import "runtime"

func limitResources(uint64) {} // the watch in limitProcess has to do

func renewCPU() {}

// resident is what the Go runtime holds: the best that can be told everywhere.
func resident() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Sys - m.HeapReleased
}
