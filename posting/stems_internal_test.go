package posting

import (
	"testing"

	"github.com/gapwise/gapwise/catalog"
)

// TestStemsLoseNothing: over every line of the sample postings a clause is read as it would be without looking for stems first.
func TestStemsLoseNothing(t *testing.T) {
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	clauses := splitLines([]rune(string(c.SamplePostings())))
	runes := []rune(string(c.SamplePostings()))
	levels := map[int]int{}
	for _, l := range clauses {
		for from := l.start; from < l.end; from += 150 {
			clause := string(runes[from:min(l.end, from+150)])
			want := says{nice: niceInline.MatchString(clause), level: levelPlain}
			switch {
			case basicWords.MatchString(clause):
				want.level = levelBasic
			case expertWords.MatchString(clause):
				want.level = levelHigh
			}
			if got := readClause(clause); got != want {
				t.Errorf("%q: %+v, want %+v", clause, got, want)
			}
			levels[want.level]++
		}
	}
	if levels[levelBasic] == 0 || levels[levelHigh] == 0 {
		t.Error("no clause of the samples tries the patterns")
	}
}
