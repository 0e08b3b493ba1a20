// Package embedtest is what every embedder must keep, as a test that each of them runs.
package embedtest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"testing"

	"github.com/gapwise/gapwise/embeddings"
)

// sameText is the cosine from which two vectors count as those of one text: endpoints compute in half precision and in batches.
const sameText = 0.999

// Conform fails tb where e breaks the contract of embeddings.Embedder. It embeds about 200 short texts.
func Conform(tb testing.TB, e embeddings.Embedder) {
	tb.Helper()
	if name := e.Model(); name == "" || e.Model() != name {
		tb.Errorf("Model() = %q; vectors need a name that stays", name)
	}
	if e.Dimensions() < 1 {
		tb.Fatalf("Dimensions() = %d", e.Dimensions())
	}
	empty(tb, e)
	batch(tb, e)
	wordless(tb, e)
	cancelled(tb, e)
	concurrent(tb, e)
}

// embed is one vector for each text, of the right length and finite, or the test ends.
func embed(tb testing.TB, e embeddings.Embedder, texts []string) []embeddings.Vector {
	tb.Helper()
	vectors, err := e.Embed(tb.Context(), texts)
	if err != nil {
		tb.Fatalf("Embed(%d texts): %v", len(texts), err)
	}
	if len(vectors) != len(texts) {
		tb.Fatalf("Embed(%d texts) gave %d vectors", len(texts), len(vectors))
	}
	for i, v := range vectors {
		if len(v) != e.Dimensions() {
			tb.Fatalf("the vector of %q has %d dimensions, Dimensions() says %d", texts[i], len(v), e.Dimensions())
		}
		if n := length(v); math.IsNaN(n) || math.IsInf(n, 0) {
			tb.Fatalf("the vector of %q is not finite", texts[i])
		}
	}
	return vectors
}

func length(v embeddings.Vector) float64 { return math.Sqrt(embeddings.Cosine(v, v)) }

func empty(tb testing.TB, e embeddings.Embedder) {
	tb.Helper()
	embed(tb, e, nil)
	embed(tb, e, []string{})
}

// batch checks unit length and that the vectors come in the order of the texts, over more texts than a call takes.
func batch(tb testing.TB, e embeddings.Embedder) {
	tb.Helper()
	subjects := []string{"PostgreSQL", "Kubernetes", "mentoring", "React", "Kafka", "négociation", "Führung", "数据库"}
	texts := make([]string, 150)
	for i := range texts {
		texts[i] = fmt.Sprintf("%s, lesson %d", subjects[i%len(subjects)], i)
	}
	together := embed(tb, e, texts)
	for i, v := range together {
		if n := length(v); math.Abs(n-1) > 1e-3 {
			tb.Errorf("the vector of %q has length %.4f, not 1", texts[i], n)
		}
	}
	for _, i := range []int{0, 1, 63, 64, 65, 127, 128, 149} {
		alone := embed(tb, e, texts[i:i+1])
		if got := embeddings.Cosine(alone[0], together[i]); got < sameText {
			tb.Errorf("text %d alone and among others: cosine %.4f; vectors are out of order or depend on their neighbours", i, got)
		}
	}
	before := append(embeddings.Vector(nil), together[1]...)
	clear(together[0])
	if got := embeddings.Cosine(before, together[1]); got < sameText {
		tb.Error("two vectors of one call share memory")
	}
	if again := embed(tb, e, texts[:1]); length(again[0]) < 0.5 {
		tb.Error("writing to a vector changed what a later call gives")
	}
}

// wordless checks that texts without any word give the zero vector, alone and between others.
func wordless(tb testing.TB, e embeddings.Embedder) {
	tb.Helper()
	texts := []string{"", "Redis", " \n\t", "… — !", "Redis"}
	vectors := embed(tb, e, texts)
	for _, i := range []int{0, 2, 3} {
		if length(vectors[i]) != 0 {
			tb.Errorf("%q has no word and no zero vector", texts[i])
		}
	}
	if got := embeddings.Cosine(vectors[1], vectors[4]); got < sameText {
		tb.Errorf("the same text twice in a call with wordless ones: cosine %.4f", got)
	}
	embed(tb, e, []string{""})
}

func cancelled(tb testing.TB, e embeddings.Embedder) {
	tb.Helper()
	ctx, cancel := context.WithCancel(tb.Context())
	cancel()
	if _, err := e.Embed(ctx, []string{"Redis"}); !errors.Is(err, context.Canceled) {
		tb.Errorf("Embed after cancel: error %v, want one that is context.Canceled", err)
	}
}

func concurrent(tb testing.TB, e embeddings.Embedder) {
	tb.Helper()
	want := embed(tb, e, []string{"stream processing"})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			got, err := e.Embed(tb.Context(), []string{"stream processing"})
			if err != nil || len(got) != 1 || embeddings.Cosine(got[0], want[0]) < sameText {
				tb.Errorf("Embed from several goroutines gave another answer: %v", err)
			}
		})
	}
	wg.Wait()
}
