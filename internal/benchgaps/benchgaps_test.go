package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gapwise/gapwise/internal/calibration"
)

// TestRun keeps the whole of it alive, too briefly for the figures to mean anything: only what does not depend on time has to hold.
func TestRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	binary, out := filepath.Join(dir, "gapwise"), filepath.Join(dir, "figures.json")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "../../cmd/gapwise")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, said)
	}
	var printed, progress strings.Builder
	root := filepath.Join("..", "..")
	args := []string{
		"-quick", "-v", "-binary", binary, "-json", out, "-dir", "", "-labelled", filepath.Join(root, "skill", "testdata", "resumes"),
		"-fixtures", filepath.Join(root, "resume", "testdata", "fixtures"),
	}
	if err := run(t.Context(), args, &printed, &progress); err != nil {
		t.Fatalf("%v\n%s", err, progress.String())
	}
	raw, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var rep report
	if err := json.Unmarshal(raw, &rep); err != nil {
		t.Fatal(err)
	}
	if c := rep.Compared; c.Trips != 2 || c.RankTrips != 1 || c.Count == 0 || c.Ranked < 46 {
		t.Errorf("comparisons: %+v", c)
	}
	if len(rep.Musts) != 7 || rep.Uploads == nil || len(rep.Uploads.Paces) == 0 {
		t.Fatalf("%s", raw)
	}
	for _, p := range rep.Uploads.Paces {
		if p.Count == p.Failed || p.P50 <= 0 || p.P99 < p.P50 || p.Upload > p.P99 {
			t.Errorf("uploads: %+v", p)
		}
	}
	for _, m := range rep.Musts {
		if !strings.Contains(printed.String(), m.Name) {
			t.Errorf("%q is not printed", m.Name)
		}
	}
}

func TestWrongUse(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-rounds", "0"}, {"more"}, {"-each", "1ms"}, {"-no-such"}} {
		if err := run(t.Context(), args, &strings.Builder{}, &strings.Builder{}); err == nil {
			t.Errorf("%v is taken", args)
		}
	}
}

func TestMisses(t *testing.T) {
	t.Parallel()
	rep := report{
		Compared: compared{CPU: 2.1, Trips: 3, RankCPU: 16, Ranked: 53}, Calibration: calibrated{Senior: calibration.Pairs{Pairs: 10, Ordered: 9}},
		Uploads: &uploads{Best: 30, Paces: []pace{{Pace: 10, P50: 61, P99: 251}}},
	}
	if rep.Musts = rep.musts(); len(rep.missed()) != len(rep.Musts) {
		t.Errorf("of %d figures that miss %v are said to", len(rep.Musts), rep.missed())
	}
}
