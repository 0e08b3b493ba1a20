//go:build !linux

package pdftext

func limitResources(uint64) {} // the watch in limitProcess has to do
