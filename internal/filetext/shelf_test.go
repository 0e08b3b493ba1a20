package filetext_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gapwise/gapwise/internal/filetext"
	"github.com/gapwise/gapwise/internal/pagetext"
)

// TestShelf counts how often a text is read anew.
func TestShelf(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 900_000)
	tests := []struct {
		name  string
		text  string
		err   error
		asks  []string // by name; "wait" lets the time pass for which texts are kept
		reads int
	}{
		{"kept", "text", nil, []string{"a", "a", "b", "a"}, 2},
		{"kept for a time", "text", nil, []string{"a", "wait", "a"}, 2},
		{"a damaged file is kept", "", pagetext.Broken, []string{"a", "a"}, 1},
		{"a protected file is kept", "", fmt.Errorf("open: %w", pagetext.Password), []string{"a", "a"}, 1},
		{"a timeout is not", "", pagetext.Timeout, []string{"a", "a"}, 2},
		{"a busy reader is not", "", pagetext.Busy, []string{"a", "a"}, 2},
		{"a reader that does not start is not", "", pagetext.Unstarted, []string{"a", "a"}, 2},
		{"a child that died is not", "", filetext.Died(pagetext.Broken), []string{"a", "a"}, 2},
		{"an error without a reason is not", "", errors.New("odd"), []string{"a", "a"}, 2},
		{"no more than so many characters", long, nil, []string{"a", "b", "a", "c", "a", "b"}, 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ask := filetext.NewShelf(time.Minute)
				reads := 0
				for _, name := range tt.asks {
					if name == "wait" {
						time.Sleep(2 * time.Minute)
						synctest.Wait()
						continue
					}
					text, err := ask(t.Context(), name, func(context.Context) (string, error) {
						reads++
						return tt.text, tt.err
					})
					if !errors.Is(err, tt.err) || text != tt.text {
						t.Errorf("%s: %d characters, %v", name, len(text), err)
					}
				}
				if reads != tt.reads {
					t.Errorf("read %d times, want %d", reads, tt.reads)
				}
			})
		})
	}
}

// TestShelfEntries asks for more texts than are kept, and then for the first and the last.
func TestShelfEntries(t *testing.T) {
	t.Parallel()
	ask := filetext.NewShelf(time.Hour)
	reads := 0
	read := func(context.Context) (string, error) {
		reads++
		return "text", nil
	}
	for i := range 100 {
		if _, err := ask(t.Context(), strconv.Itoa(i), read); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"99", "0"} {
		if _, err := ask(t.Context(), name, read); err != nil {
			t.Fatal(err)
		}
	}
	if reads != 101 {
		t.Errorf("read %d times, want 101", reads)
	}
}
