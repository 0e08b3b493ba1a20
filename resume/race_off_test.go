//go:build !race

package resume_test

const raceOn = false
