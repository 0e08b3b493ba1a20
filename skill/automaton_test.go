package skill_test

import (
	"bytes"
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/skill"
)

// naive is the automaton's specification: try every pattern at every place that is not inside a word. Of equal patterns the first is reported.
func naive(patterns [][]byte, text []byte) [][3]int {
	var out [][3]int
	for i, p := range patterns {
		if slices.ContainsFunc(patterns[:i], func(q []byte) bool { return bytes.Equal(p, q) }) {
			continue
		}
		for start := range text {
			if inside := start > 0 && alphanumeric(text[start-1]) && alphanumeric(text[start]); !inside && bytes.HasPrefix(text[start:], p) {
				out = append(out, [3]int{i, start, start + len(p)})
			}
		}
	}
	return out
}

func alphanumeric(b byte) bool { return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' }

// ordered sorts matches by end, longer ones first, which is the order that the automaton promises.
func ordered(matches [][3]int) [][3]int {
	slices.SortFunc(matches, func(a, b [3]int) int { return cmp.Or(cmp.Compare(a[2], b[2]), cmp.Compare(a[1], b[1])) })
	return matches
}

func TestAutomatonAgainstNaive(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	word := func(alphabet string, n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = alphabet[random.IntN(len(alphabet))]
		}
		return b
	}
	for _, alphabet := range []string{"a", "ab", "abc d", "ab\x00\xff\x01", "a. ", "ab+.", "é a"} {
		for range 400 {
			patterns := make([][]byte, 1+random.IntN(12))
			for i := range patterns {
				patterns[i] = word(alphabet, 1+random.IntN(5))
			}
			text := word(alphabet, random.IntN(60))
			if diff := gocmp.Diff(ordered(naive(patterns, text)), skill.Matches(patterns, text)); diff != "" {
				t.Fatalf("patterns %q in %q (-naive +automaton):\n%s", patterns, text, diff)
			}
		}
	}
}

func FuzzAutomaton(f *testing.F) {
	f.Add("he\nshe\nhers\nhis", "ushers")
	f.Add("a\naa\naaa\na", "aaaa")
	f.Add("\xff\n\x00", "\x00\xff\xff")
	f.Fuzz(func(t *testing.T, list, text string) {
		var patterns [][]byte
		for p := range strings.SplitSeq(list, "\n") {
			if p != "" && len(patterns) < 50 {
				patterns = append(patterns, []byte(p))
			}
		}
		if len(text) > 2000 {
			t.Skip("a long text adds nothing")
		}
		if diff := gocmp.Diff(ordered(naive(patterns, []byte(text))), skill.Matches(patterns, []byte(text))); diff != "" {
			t.Errorf("patterns %q (-naive +automaton):\n%s", patterns, diff)
		}
	})
}

func BenchmarkAutomaton(b *testing.B) {
	for _, n := range []int{100, 1000} {
		b.Run(fmt.Sprintf("patterns=%d", n), func(b *testing.B) {
			patterns := make([][]byte, n)
			for i := range patterns {
				patterns[i] = fmt.Appendf(nil, "skill number %d", i*7919%n)
			}
			for b.Loop() {
				skill.Matches(patterns, patterns[0])
			}
		})
	}
}
