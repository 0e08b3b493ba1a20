//go:build unix

package pgcluster

// FindUnder is Find with the directory of another server first, and with the usual places looked for under root.
func FindUnder(root string, first ...string) (Binaries, error) {
	return best(installations(append(first, usual(root)...)), 0)
}

// Alive says whether the process runs; one that has ended and that nobody has waited for does not.
func Alive(pid int) bool { return commandLine(pid) != "" }
