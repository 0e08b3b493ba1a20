package filetext_test

import (
	"testing"

	"github.com/gapwise/gapwise/internal/filetext"
)

func TestTurned(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in, want string
		lefts          []float64 // of the letters, in the order of the text
	}{
		{"as it is read", "בנק", "בנק", []float64{20, 10, 0}},
		{"as it is drawn", "קנב", "בנק", []float64{0, 10, 20}},
		{"with a mark behind it", "קנב,", "בנק,", []float64{0, 10, 20, -5}},
		{"one glyph of two letters", "ةلاه", "هلاة", []float64{0, 10, 10, 20}},
		{"letters of both directions", "Xקב", "Xבק", []float64{0, 10, 20}},
		{"letters of both directions in turn", "קXב", "קXב", []float64{0, 10, 20}},
		{"from left to right", "abc", "abc", []float64{0, 10, 20}},
		{"one letter", "ק", "ק", []float64{0}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := filetext.Turned(tt.in, tt.lefts); got != tt.want {
				t.Errorf("turned(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}
