package labelled_test

import (
	"testing"

	"github.com/gapwise/gapwise/internal/labelled"
)

func TestSwapWords(t *testing.T) {
	for _, tc := range []struct{ name, text, old, with, want string }{
		{"alone", "Ada", "Ada", "Li", "Li"},
		{"twice", "Ada, Ada.", "Ada", "Li", "Li, Li."},
		{"part of a word", "Adam met Ada", "Ada", "Li", "Adam met Li"},
		{"behind a part", "xAda Ada", "Ada", "Li", "xAda Li"},
		{"next to another", "AdaAda Ada", "Ada", "Li", "AdaAda Li"},
		{"letters of two bytes", "éAda Adaé Ada", "Ada", "Éva", "éAda Adaé Éva"},
		{"not there", "Grace", "Ada", "Li", "Grace"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := labelled.SwapWords(tc.text, tc.old, tc.with); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}
