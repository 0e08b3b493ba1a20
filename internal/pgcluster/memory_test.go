//go:build unix

package pgcluster_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/internal/pgcluster"
)

func TestMemorySettings(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		machine int64
		want    [3]string
	}{
		{"unknown", 0, [3]string{"128MB", "512MB", "64MB"}},
		{"a small server", 1 << 30, [3]string{"256MB", "512MB", "64MB"}},
		{"a laptop", 8 << 30, [3]string{"1024MB", "4096MB", "256MB"}},
		{"a large machine", 256 << 30, [3]string{"1024MB", "131072MB", "256MB"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, pgcluster.MemorySettings(tt.machine)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if n := pgcluster.MachineMemory(); n < 64<<20 || n > 1<<50 {
		t.Errorf("this machine has %d bytes", n)
	}
}
