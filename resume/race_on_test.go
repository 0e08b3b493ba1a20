//go:build race

package resume_test

// raceOn: what only reads much, in one goroutine or in children, is many times slower with the detector and shows it nothing. `make test` runs
// those tests once without it.
const raceOn = true
