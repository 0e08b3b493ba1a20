//go:build unix && !linux

package pgcluster_test

import "testing"

func smallDisk(t *testing.T, _ string) {
	t.Helper()
	t.Skip("a small disk is only made on Linux")
}
