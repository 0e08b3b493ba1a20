//go:build unix

package pgcluster

// FindUnder is Find with another PATH and with the usual places looked for under root.
func FindUnder(path, root string) (Binaries, error) {
	return best(installations(searchPath(path, root)), 0)
}

// Alive says whether the process runs; one that has ended and that nobody has waited for does not.
func Alive(pid int) bool { return commandLine(pid) != "" }
