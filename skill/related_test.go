package skill_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/skill"
)

func newRelater(tb testing.TB) *skill.Relater {
	tb.Helper()
	return skill.NewRelater(newCatalog(tb), embeddings.Builtin{})
}

// choose indexes candidates, or the catalogue where there are none to choose from.
func choose(tb testing.TB, r *skill.Relater, candidates []string) *skill.Candidates {
	tb.Helper()
	index := r.Catalog
	if candidates != nil {
		index = func(ctx context.Context) (*skill.Candidates, error) { return r.Candidates(ctx, candidates) }
	}
	from, err := index(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	return from
}

func TestRelated(t *testing.T) {
	t.Parallel()
	r := newRelater(t)
	tests := []struct {
		name, given string
		candidates  []string
		want        []string // all among the first of the answer
		first       int
		not         []string
	}{
		{"a skill", "React", nil, []string{"javascript", "redux", "nextjs"}, 30, []string{"react"}},
		{"by alias", "k8s", nil, []string{"helm"}, 15, []string{"kubernetes"}},
		{"several", "Kafka\tPostgreSQL\tGo", nil, []string{"distributed-systems"}, 25, []string{"kafka", "postgresql", "go"}},
		{"a job title", "Senior Backend Engineer", nil, []string{"postgresql", "system-design", "distributed-systems"}, 10, nil},
		{"another job title", "Data Engineer", nil, []string{"sql", "data-pipelines"}, 10, nil},
		{"candidates by name", "Docker", []string{"Public speaking", "Kubernetes", "Bread baking"}, []string{"Kubernetes"}, 1, nil},
		{"candidates hold what is given", "Docker", []string{"docker", "Kubernetes"}, []string{"Kubernetes"}, 1, []string{"docker"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			from := choose(t, r, tt.candidates)
			got, err := r.Related(t.Context(), tt.given, from, 500)
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for i, x := range got {
				ids = append(ids, x.ID)
				if x.Score <= 0 || x.Score > 1 || x.Name == "" {
					t.Errorf("related %+v", x)
				}
				if i > 0 && x.Score > got[i-1].Score {
					t.Errorf("%+v stands after %+v", x, got[i-1])
				}
			}
			for _, want := range tt.want {
				if !slices.Contains(ids[:min(len(ids), tt.first)], want) {
					t.Errorf("%s is not among the first %d: %v", want, tt.first, ids[:min(len(ids), tt.first+5)])
				}
			}
			for _, not := range tt.not {
				if i := slices.Index(ids, not); i >= 0 && i < 30 {
					t.Errorf("%s, which was given, is number %d", not, i+1)
				}
			}
			again, err := r.Related(t.Context(), tt.given, from, 500)
			if err != nil || !cmp.Equal(got, again) {
				t.Errorf("a second time another answer: %v", err)
			}
		})
	}
}

func TestRelatedLimits(t *testing.T) {
	t.Parallel()
	r := newRelater(t)
	for _, tt := range []struct {
		name, given string
		candidates  []string
		k, want     int
	}{
		{"k", "React", nil, 3, 3},
		{"none asked for", "React", nil, 0, 0},
		{"no candidates", "React", []string{}, 5, 0},
		{"nothing given", "", []string{"Kubernetes"}, 5, 0},
		{"unknown words", "qqqq zzzz", []string{"Kubernetes"}, 5, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := r.Related(t.Context(), tt.given, choose(t, r, tt.candidates), tt.k)
			if err != nil || len(got) != tt.want {
				t.Errorf("%d related (%+v) and %v, want %d", len(got), got, err, tt.want)
			}
		})
	}
}

func TestRelatedPassesErrors(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := newRelater(t)
	if _, err := r.Related(ctx, "React", choose(t, r, nil), 3); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the embedder's", err)
	}
	if _, err := r.Candidates(ctx, []string{"React"}); !errors.Is(err, context.Canceled) {
		t.Errorf("indexing candidates: error %v, want the embedder's", err)
	}
}

func BenchmarkRelated(b *testing.B) {
	r := newRelater(b)
	from := choose(b, r, nil)
	for b.Loop() {
		if _, err := r.Related(b.Context(), "Kafka\tPostgreSQL", from, 10); err != nil {
			b.Fatal(err)
		}
	}
}
