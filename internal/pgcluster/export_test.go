//go:build unix

package pgcluster

// FindUnder is Find with the directory of another server first, and with the usual places looked for under root.
func FindUnder(root string, first ...string) (Binaries, error) {
	return best(installations(append(first, usual(root)...)), 0)
}

// Alive says whether the process runs; one that has ended and that nobody has waited for does not.
func Alive(pid int) bool { return commandLine(pid) != "" }

// MemorySettings are shared_buffers, effective_cache_size and maintenance_work_mem on a machine with so many bytes.
func MemorySettings(machine int64) [3]string {
	return [3]string{megabytes(bufferSize(machine)), megabytes(cacheSize(machine)), megabytes(maintenanceSize(machine))}
}

// MachineMemory is what the settings are made for here.
func MachineMemory() int64 { return machineMemory() }
