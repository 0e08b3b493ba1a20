//go:build !race

package gapanalysis_test

// raceEnabled is set under the race detector, which makes everything some ten times slower.
const raceEnabled = false
