//go:build mutants

package mutant

import "os"

// On tells whether a mistake is to be made: the one that GAPWISE_MUTANT names.
func On(name string) bool { return os.Getenv("GAPWISE_MUTANT") == name }
