//go:build race

package filetext_test

// raceOn: the detector makes the child many times slower and multiplies its memory, so limits of either are not tested with it.
const raceOn = true
