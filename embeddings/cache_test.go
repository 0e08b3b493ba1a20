package embeddings_test

import (
	"context"
	"errors"
	"maps"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/embeddings/embedtest"
)

// shelf is a Cache in memory that may be broken.
type shelf struct {
	mu     sync.Mutex
	broken bool
	kept   map[string]map[embeddings.TextHash]embeddings.Vector
}

var errBroken = errors.New("broken")

func (s *shelf) CachedVectors(_ context.Context, model string, hashes []embeddings.TextHash) (map[embeddings.TextHash]embeddings.Vector, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken {
		return nil, errBroken
	}
	out := map[embeddings.TextHash]embeddings.Vector{}
	for _, h := range hashes {
		if v, ok := s.kept[model][h]; ok {
			out[h] = v
		}
	}
	return out, nil
}

func (s *shelf) CacheVectors(_ context.Context, model string, vectors map[embeddings.TextHash]embeddings.Vector) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken {
		return errBroken
	}
	if s.kept == nil {
		s.kept = map[string]map[embeddings.TextHash]embeddings.Vector{}
	}
	if s.kept[model] == nil {
		s.kept[model] = map[embeddings.TextHash]embeddings.Vector{}
	}
	maps.Copy(s.kept[model], vectors)
	return nil
}

func TestCached(t *testing.T) {
	t.Parallel()
	t.Run("conforms", func(t *testing.T) {
		t.Parallel()
		embedtest.Conform(t, embeddings.NewCached(newRemote(t, &endpoint{}), &shelf{}))
	})
	t.Run("conforms while the cache is broken", func(t *testing.T) {
		t.Parallel()
		embedtest.Conform(t, embeddings.NewCached(newRemote(t, &endpoint{}), &shelf{broken: true}))
	})
	t.Run("pays for a text once", func(t *testing.T) {
		t.Parallel()
		var asked []string
		e := &endpoint{}
		r := newRemote(t, e)
		e.batch = func(_ string, texts []string) { asked = append(asked, texts...) }
		kept := &shelf{}
		c := embeddings.NewCached(r, kept)
		first, err := c.Embed(t.Context(), []string{"Go", "Rust", "Go"})
		if err != nil {
			t.Fatal(err)
		}
		second, err := c.Embed(t.Context(), []string{"Kafka", "Rust", "Go"})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"Go", "Rust", "Kafka"}, asked); diff != "" {
			t.Errorf("texts that were paid for (-want +got):\n%s", diff)
		}
		if !cmp.Equal(first[1], second[1]) || !cmp.Equal(first[0], second[2]) || !cmp.Equal(first[0], first[2]) {
			t.Error("a kept vector is another than the one that was paid for")
		}
	})
}

// TestActive: whoever pins an embedder keeps its model and its vectors together, whatever is put in force meanwhile.
func TestActive(t *testing.T) {
	t.Parallel()
	remote := newRemote(t, &endpoint{})
	active := embeddings.NewActive(embeddings.Builtin{})
	embedtest.Conform(t, active)
	var wg sync.WaitGroup
	done := make(chan struct{})
	wg.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				active.Use(remote)
				active.Use(embeddings.Builtin{})
			}
		}
	})
	for range 200 {
		e := embeddings.Pin(active)
		v, err := e.Embed(t.Context(), []string{"Go"})
		if err != nil {
			t.Fatal(err)
		}
		if want := map[string]int{endpointModel: endpointDimensions}[e.Model()]; want != 0 && len(v[0]) != want || len(v[0]) != e.Dimensions() {
			t.Fatalf("%s gave %d dimensions", e.Model(), len(v[0]))
		}
	}
	close(done)
	wg.Wait()
	if e := embeddings.Pin(remote); e != embeddings.Embedder(remote) {
		t.Error("pinning a plain embedder gives another")
	}
}
