//go:build !unix

package gateway

import (
	"errors"
	"os"
)

// lockFile fails where there are no locks that end with a process: then there is no journal, and what a killed process held counts as spent.
func lockFile(*os.File) (bool, error) { return false, errors.ErrUnsupported }
