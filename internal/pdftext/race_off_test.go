//go:build !race

package pdftext_test

const raceOn = false
