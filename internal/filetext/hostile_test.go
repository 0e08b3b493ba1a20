package filetext_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/gapwise/gapwise/internal/filetext"
	"github.com/gapwise/gapwise/internal/pagetext"
)

// TestHostile reads files that crash, hang or exhaust a parser, four at a time. Each has to end in time with text or a reason, and
// this process must not grow. The files are not ours to keep: the test wants them beside the repository.
func TestHostile(t *testing.T) {
	files, err := filepath.Glob("../../../shared/hostile/*.pdf")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("no hostile files beside the repository")
	}
	if raceOn {
		t.Skip("limits of memory and time")
	}
	e := newExtractor(t, filetext.Options{Children: 4})
	if err := e.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	t.Run("files", func(t *testing.T) {
		slots := make(chan struct{}, 4)
		for _, file := range files {
			t.Run(filepath.Base(file), func(t *testing.T) {
				t.Parallel()
				slots <- struct{}{}
				defer func() { <-slots }()
				data, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				doc, err := e.Extract(t.Context(), pagetext.PDF, data, limits)
				if took := time.Since(start); took > 10*time.Second {
					t.Errorf("it took %v", took)
				}
				if r := pagetext.ReasonOf(err); err != nil && (r == "" || r == pagetext.Unstarted || r == pagetext.Busy) {
					t.Errorf("no reason: %v", err)
				}
				t.Logf("%v: %d words, %s", time.Since(start).Round(time.Millisecond), doc.Words(), pagetext.ReasonOf(err))
			})
		}
	})
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 32<<20 {
		t.Errorf("the process grew by %d bytes", grown)
	}
}
