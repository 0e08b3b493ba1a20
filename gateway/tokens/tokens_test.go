package tokens_test

import (
	"strings"
	"testing"

	"github.com/gapwise/gapwise/gateway/tokens"
)

func TestCount(t *testing.T) {
	for _, tt := range []struct {
		model, text string
		want        int
		ok          bool
	}{
		{"gpt-4o", "", 0, true},
		{"gpt-4o-mini", "hello world", 2, true},
		{"gpt-5-nano", strings.Repeat("word ", 10), 11, true}, // the last blank is one of its own
		{"o3", "Ünïcödé 😀", 0, true},
		{"llama3.2", "hello", 0, false},
		{"stub", "hello", 0, false},
		{"gpt-4o", strings.Repeat("x", 300<<10), 0, false},
	} {
		n, ok := tokens.Count(tt.model, tt.text)
		if ok != tt.ok || tt.want > 0 && n != tt.want || n > len(tt.text) {
			t.Errorf("%s, %.20q: %d, %t; want %d, %t, and never more than its bytes", tt.model, tt.text, n, ok, tt.want, tt.ok)
		}
	}
}

func FuzzCount(f *testing.F) {
	f.Add("hello")
	f.Add("\xff\xfe\x00")
	f.Fuzz(func(t *testing.T, text string) {
		if n, ok := tokens.Count("gpt-4o", text); ok && n > len(text)+3*strings.Count(strings.ToValidUTF8(text, "\uFFFD"), "\uFFFD") {
			t.Errorf("%d tokens in %d bytes", n, len(text))
		}
	})
}
