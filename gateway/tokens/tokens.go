// Package tokens counts tokens by a model's own tokeniser, where it is known. The vocabulary is in the binary and is loaded when it is first
// asked for: counting takes half a millisecond a kilobyte and some twenty megabytes, so the gateway asks only where a bound in bytes is not
// good enough.
package tokens

import (
	"strings"
	"sync"

	"github.com/tiktoken-go/tokenizer"
)

// o200k is the vocabulary of OpenAI's models since gpt-4o.
var o200k = sync.OnceValues(func() (tokenizer.Codec, error) { return tokenizer.Get(tokenizer.O200kBase) })

// families are the beginnings of the names of models that have it, as the provider's own library maps them.
var families = []string{"gpt-4o", "gpt-4.1", "gpt-5", "o1", "o3", "o4-mini"}

// maxText bounds a text that is counted, in bytes; a longer one keeps its bound in bytes.
const maxText = 256 << 10

// Count is how many tokens a text is for a model; ok is false where its tokeniser is not known or the text is too long to count.
func Count(model, text string) (n int, ok bool) {
	known := false
	for _, f := range families {
		known = known || strings.HasPrefix(model, f)
	}
	if !known || len(text) > maxText {
		return 0, false
	}
	codec, err := o200k()
	if err != nil {
		return 0, false
	}
	n, err = codec.Count(text)
	return n, err == nil
}
