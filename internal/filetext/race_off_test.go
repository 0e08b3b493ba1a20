//go:build !race

package filetext_test

const raceOn = false
