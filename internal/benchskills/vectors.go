package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/gapwise/gapwise/embeddings"
)

// vectors measures the built-in embedding by what it has not been trained on: the area under the ROC curve of the cosine over pairs of topics
// that curators call related or, matched by how often each is named, do not. The baseline is the cosine of the bags of their parts of
// words, which knows nothing of meaning. What the model has seen, occupations and lists of skills, is measured by the trainer instead, which
// holds parts of them out: `go run ./embeddings/train -eval occupations,groups,next`. Speed is of texts of ten words, on one core.
func vectors(ctx context.Context, b *bench) ([]figure, error) {
	const name = "dev_topic_related.jsonl"
	data, err := os.ReadFile(filepath.Join(b.data, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", errMissing, name)
	}
	if err != nil {
		return nil, err
	}
	var ours, plain [2][]float64 // by whether the pair is related
	for line := range strings.Lines(string(data)) {
		var p struct {
			A, B    string
			Related int
		}
		if err := json.Unmarshal([]byte(line), &p); err != nil || p.Related < 0 || p.Related > 1 {
			return nil, fmt.Errorf("%s holds a line that is no pair: %w", name, err)
		}
		v, err := embeddings.Builtin{}.Embed(ctx, []string{p.A, p.B})
		if err != nil {
			return nil, err
		}
		ours[p.Related] = append(ours[p.Related], embeddings.Cosine(v[0], v[1]))
		plain[p.Related] = append(plain[p.Related], sharedParts(p.A, p.B))
		if b.verbose {
			fmt.Fprintf(b.stderr, "%d %.3f %s, %s\n", p.Related, embeddings.Cosine(v[0], v[1]), p.A, p.B)
		}
	}
	speed, err := textsPerSecond(ctx)
	if err != nil {
		return nil, err
	}
	return []figure{
		{name: "related topics, ROC AUC", naive: fmt.Sprintf("%.3f", area(plain, 0.5)), got: area(ours, 0), must: 0.76, precision: 3},
		{name: "texts of ten words embedded a second, one core", got: speed, must: 100_000},
	}, nil
}

// area is the share of pairs of a related and an unrelated case in which the related one has the higher score. A tie counts as tie says: 0 for
// what is measured, a half for a baseline, which is not to look worse than it is.
func area(scores [2][]float64, tie float64) float64 {
	wins := 0.0
	for _, x := range scores[1] {
		for _, y := range scores[0] {
			switch {
			case x > y:
				wins++
			case x == y:
				wins += tie
			}
		}
	}
	return wins / float64(max(1, len(scores[0])*len(scores[1])))
}

// sharedParts is the cosine of the trigrams of two names.
func sharedParts(a, b string) float64 {
	x, y := trigrams(a), trigrams(b)
	both := 0
	for g := range x {
		if y[g] {
			both++
		}
	}
	return float64(both) / math.Sqrt(float64(len(x)*len(y)))
}

func trigrams(s string) map[string]bool {
	s = "<" + s + ">"
	out := map[string]bool{}
	for i := 0; i+3 <= len(s); i++ {
		out[s[i:i+3]] = true
	}
	return out
}

// textsPerSecond embeds texts for a second.
func textsPerSecond(ctx context.Context) (float64, error) {
	texts := []string{
		"build and operate Go services on Kubernetes with PostgreSQL and Kafka",
		"lead a team of nurses and keep the records of patients",
		"develop responsive web pages in React with TypeScript and modern CSS",
		"prepare quarterly accounts and advise clients on taxes and audit questions",
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	n := 0
	start := time.Now()
	for ; time.Since(start) < time.Second; n += len(texts) {
		if _, err := (embeddings.Builtin{}).Embed(ctx, texts); err != nil {
			return 0, err
		}
	}
	return float64(n) / time.Since(start).Seconds(), nil
}
