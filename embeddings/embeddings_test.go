package embeddings_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/embeddings/embedtest"
	"github.com/gapwise/gapwise/internal/fault"
)

func TestConform(t *testing.T) {
	t.Parallel()
	t.Run("builtin", func(t *testing.T) {
		t.Parallel()
		embedtest.Conform(t, embeddings.Builtin{})
	})
	t.Run("remote", func(t *testing.T) {
		t.Parallel()
		embedtest.Conform(t, newRemote(t, &endpoint{}))
	})
}

// endpoint is a Caller that answers with made-up vectors, which are not of unit length, unless answer says otherwise.
type endpoint struct {
	answer func(texts []string) ([][]float32, error)
	batch  func(model string, texts []string)
}

const (
	endpointModel      = "acme-embed-3"
	endpointDimensions = 8
)

// EmbedTexts implements embeddings.Caller. Like real endpoints it refuses a call that holds an empty text.
func (e *endpoint) EmbedTexts(ctx context.Context, model string, texts []string) ([][]float32, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if e.batch != nil {
		e.batch(model, texts)
	}
	if e.answer != nil {
		return e.answer(texts)
	}
	return vectorsOf(texts)
}

func vectorsOf(texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	for i, text := range texts {
		if strings.TrimSpace(text) == "" {
			return nil, errors.New("400 input cannot be an empty string")
		}
		out[i] = make([]float32, endpointDimensions)
		for j, r := range []rune(text) {
			out[i][(int(r)+j)%endpointDimensions] += float32(r)
		}
	}
	return out, nil
}

// newRemote is a remote embedder that has learnt its length from e. It changes nothing of what e answers afterwards.
func newRemote(tb testing.TB, e *endpoint) *embeddings.Remote {
	tb.Helper()
	answer := e.answer
	e.answer = nil
	r, err := embeddings.NewRemote(tb.Context(), e, endpointModel)
	if err != nil {
		tb.Fatalf("NewRemote: %v", err)
	}
	e.answer = answer
	return r
}

func TestRemoteAnswers(t *testing.T) {
	t.Parallel()
	refused := fault.New(fault.BudgetExceeded, "budget", "No money left today.")
	spoil := func(v float32) func([]string) ([][]float32, error) {
		return func(texts []string) ([][]float32, error) {
			out, err := vectorsOf(texts)
			out[len(out)-1][3] = v
			return out, err
		}
	}
	tests := []struct {
		name   string
		answer func(texts []string) ([][]float32, error)
		want   error // nil: it is used
	}{
		{"good", vectorsOf, nil},
		{"none", func([]string) ([][]float32, error) { return nil, nil }, fault.Unavailable},
		{"one too few", func(texts []string) ([][]float32, error) { return vectorsOf(texts[1:]) }, fault.Unavailable},
		{"one too many", func(texts []string) ([][]float32, error) { return vectorsOf(append([]string{"more"}, texts...)) }, fault.Unavailable},
		{"another dimension", func(texts []string) ([][]float32, error) {
			out, err := vectorsOf(texts)
			out[1] = out[1][:endpointDimensions-1]
			return out, err
		}, fault.Unavailable},
		{"empty vector", func(texts []string) ([][]float32, error) {
			out, err := vectorsOf(texts)
			out[0] = nil
			return out, err
		}, fault.Unavailable},
		{"not a number", spoil(float32(math.NaN())), fault.Unavailable},
		{"infinite", spoil(float32(math.Inf(-1))), fault.Unavailable},
		{"the call fails", func([]string) ([][]float32, error) { return nil, refused }, fault.BudgetExceeded},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRemote(t, &endpoint{answer: tt.answer})
			got, err := r.Embed(t.Context(), []string{"Go", "Rust", "Kafka"})
			if !errors.Is(err, tt.want) {
				t.Fatalf("error %v, want kind %v", err, tt.want)
			}
			if tt.want == nil {
				if len(got) != 3 {
					t.Errorf("%d vectors, want 3", len(got))
				}
				return
			}
			if got != nil {
				t.Errorf("vectors came with the error: %v", got)
			}
			if code := fault.CodeOf(err); code != strings.ToLower(code) {
				t.Errorf("code %q is not lower-kebab-case", code)
			}
		})
	}
}

func TestRemoteBatches(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex // batches go side by side
	var sizes []int
	var models []string
	e := &endpoint{batch: func(model string, texts []string) {
		mu.Lock()
		defer mu.Unlock()
		sizes = append(sizes, len(texts))
		models = append(models, model)
	}}
	r := newRemote(t, e)
	texts := make([]string, 0, 132)
	for range 130 {
		texts = append(texts, "Redis")
	}
	texts = append(texts, "", "   ") // not sent
	if _, err := r.Embed(t.Context(), texts); err != nil {
		t.Fatal(err)
	}
	slices.Sort(sizes)
	if diff := cmp.Diff([]int{1, 2, 32, 32, 32, 32}, sizes); diff != "" {
		t.Errorf("texts a call, smallest first (-want +got):\n%s", diff)
	}
	if slices.ContainsFunc(models, func(m string) bool { return m != endpointModel }) {
		t.Errorf("models asked for: %v", models)
	}
	if r.Model() != endpointModel || r.Dimensions() != endpointDimensions {
		t.Errorf("Model() = %q, Dimensions() = %d", r.Model(), r.Dimensions())
	}
}

func TestNewRemote(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		answer func([]string) ([][]float32, error)
		want   error
	}{
		{"no vector", func([]string) ([][]float32, error) { return nil, nil }, fault.Unavailable},
		{"an empty vector", func([]string) ([][]float32, error) { return [][]float32{{}}, nil }, fault.Unavailable},
		{"two vectors", func([]string) ([][]float32, error) { return [][]float32{{1}, {1}}, nil }, fault.Unavailable},
		{"the call fails", func([]string) ([][]float32, error) { return nil, fault.New(fault.Timeout, "slow", "Too slow.") }, fault.Timeout},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, err := embeddings.NewRemote(t.Context(), &endpoint{answer: tt.answer}, endpointModel)
			if !errors.Is(err, tt.want) || r != nil {
				t.Errorf("NewRemote = %v, %v; want nil and kind %v", r, err, tt.want)
			}
		})
	}
}

// TestBuiltinNearness holds the built-in model to what it promises: shared words and word parts are near, in several languages.
func TestBuiltinNearness(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, near, far string }{
		{"same words", "relational database administration", "administration of relational databases", "public speaking and negotiation"},
		{"word parts", "containerization with Docker", "containerised Docker workloads", "quarterly sales forecasting"},
		{"plural", "distributed system", "distributed systems", "graphic design"},
		{"singular in y", "technology strategy", "technologies and strategies", "painting walls"},
		{"signs of names", "C++ programming", "programmer of C++", "bread baking"},
		{"case", "KUBERNETES CLUSTER", "kubernetes cluster", "marketing campaign"},
		{"German", "Softwareentwicklung mit Java", "Entwicklung von Java-Software", "Buchhaltung und Steuern"},
		{"French", "développement web", "développeur web", "gestion des stocks"},
		{"a long text about it", "Apache Kafka", strings.Repeat("Kafka topics, partitions and consumer groups on Apache Kafka. ", 20), strings.Repeat("Dental hygiene and patient care. ", 20)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v, err := embeddings.Builtin{}.Embed(t.Context(), []string{tt.text, tt.near, tt.far})
			if err != nil {
				t.Fatal(err)
			}
			near, far := embeddings.Cosine(v[0], v[1]), embeddings.Cosine(v[0], v[2])
			if near < far+0.2 {
				t.Errorf("%q: %.3f to %q, %.3f to %q; want at least 0.2 between", tt.text, near, tt.near, far, tt.far)
			}
		})
	}
}

func TestBuiltinIsDeterministic(t *testing.T) {
	t.Parallel()
	texts := []string{"Go, PostgreSQL und Kafka; 数据库. " + strings.Repeat("observability tracing metrics ", 50)}
	first, err := embeddings.Builtin{}.Embed(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		again, err := embeddings.Builtin{}.Embed(t.Context(), texts)
		if err != nil {
			t.Fatal(err)
		}
		if !cmp.Equal(first, again) { // to the bit: vectors are compared with stored ones
			t.Fatal("the same text gave two vectors")
		}
	}
}

func TestCosineAndNormalise(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		a, b embeddings.Vector
		want float64
	}{
		{"same way", embeddings.Vector{3, 4}, embeddings.Vector{6, 8}, 1},
		{"opposite", embeddings.Vector{3, 4}, embeddings.Vector{-3, -4}, -1},
		{"square", embeddings.Vector{0, 2}, embeddings.Vector{5, 0}, 0},
		{"zero vector", embeddings.Vector{0, 0}, embeddings.Vector{1, 0}, 0},
		{"very small", embeddings.Vector{1e-12, 0}, embeddings.Vector{1, 0}, 1},
		{"no vector", nil, embeddings.Vector{1, 0}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := embeddings.Cosine(embeddings.Normalise(tt.a), embeddings.Normalise(tt.b)); math.Abs(got-tt.want) > 1e-6 {
				t.Errorf("cosine %.6f, want %.6f", got, tt.want)
			}
		})
	}
}

func FuzzBuiltin(f *testing.F) {
	for _, s := range []string{"", "C++ and C#", "\xff\xfe", "İstanbul ŞŞŞ", strings.Repeat("a ", 5000), "😀 emoji 数据库"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := embeddings.Builtin{}.Embed(t.Context(), []string{text})
		if err != nil {
			t.Fatal(err)
		}
		n := embeddings.Cosine(v[0], v[0])
		if len(v[0]) != (embeddings.Builtin{}).Dimensions() || n != 0 && math.Abs(n-1) > 1e-4 {
			t.Errorf("%q: %d dimensions, squared length %g", text, len(v[0]), n)
		}
	})
}

func BenchmarkBuiltin(b *testing.B) {
	for _, size := range []struct {
		name  string
		words int
	}{{"phrase", 4}, {"resume", 600}} {
		b.Run(size.name, func(b *testing.B) {
			texts := []string{strings.Repeat("PostgreSQL query planning ", size.words/3+1)}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := (embeddings.Builtin{}).Embed(b.Context(), texts); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
