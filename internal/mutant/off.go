//go:build !mutants

package mutant

// On is false: this binary has no mistakes in it but our own.
func On(string) bool { return false }
