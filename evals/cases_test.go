package evals_test

import (
	"os"
	"testing"

	"github.com/gapwise/gapwise/evals"
)

// minCases is how many cases of each category there must at least be.
const minCases = 6

func TestEmbeddedCases(t *testing.T) {
	cases, err := evals.LoadCases(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, c := range cases {
		count[c.Category]++
	}
	for _, category := range evals.Categories {
		if count[category] < minCases {
			t.Errorf("%s has %d cases, want at least %d", category, count[category], minCases)
		}
	}
	t.Logf("%d cases: %v", len(cases), count)
}
