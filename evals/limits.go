package evals

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Limits are what each suite must reach.
type Limits map[string]Limit

// Limit is what a suite must reach.
type Limit struct {
	About   string             `yaml:"about"`
	Pass    float64            `yaml:"pass"`    // share of the cases; 0 for all
	Metrics map[string]float64 `yaml:"metrics"` // precision, recall, ndcg, mrr, recall_at_k
}

// metricNames are the figures of a suite that can have a limit.
var metricNames = []string{"precision", "recall", "ndcg", "mrr", "recall_at_k"} //nolint:gochecknoglobals // a constant list

// LoadLimits reads suites.yaml; without it every case must pass.
func LoadLimits(files fs.FS) (Limits, error) {
	const name = "suites.yaml"
	data, err := fs.ReadFile(files, name)
	if errors.Is(err, fs.ErrNotExist) {
		return Limits{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read limits: %w", err)
	}
	var doc yaml.Node
	if err := yaml.Load(data, &doc); err != nil || len(doc.Content) != 1 {
		return nil, inFile(name, errors.Join(err, &Mistake{Line: 1, What: "expected suites with their limits"}))
	}
	fields, err := mapping(doc.Content[0], Suites...)
	if err != nil {
		return nil, inFile(name, err)
	}
	out := Limits{}
	for suite, n := range fields {
		var l Limit
		if err := n.Load(&l, yaml.WithKnownFields()); err != nil {
			return nil, inFile(name, mistakeAt(n, err))
		}
		for metric := range l.Metrics {
			if !slices.Contains(metricNames, metric) {
				return nil, &Mistake{File: name, Line: n.Line, What: fmt.Sprintf("there is no metric %q; there are %s", metric, strings.Join(metricNames, ", "))}
			}
		}
		out[suite] = l
	}
	return out, nil
}

// broken says which limits a suite does not reach. Figures over a whole suite only count where the whole suite was run.
func (l Limits) broken(s SuiteReport, cases []Result, whole bool) []string {
	limit := l[s.Suite]
	if limit.Pass == 0 {
		limit.Pass = 1
	}
	var out []string
	if s.Rate < limit.Pass-1e-9 {
		var names []string
		for i := range cases {
			if cases[i].Suite == s.Suite && !cases[i].Passed {
				names = append(names, cases[i].ID)
			}
		}
		out = append(out, fmt.Sprintf("%s: %d of %d cases pass, which is under %.0f %%: %s", s.Suite, s.Passed, s.Cases, 100*limit.Pass, strings.Join(names, ", ")))
	}
	if !whole {
		return out
	}
	for _, name := range slices.Sorted(maps.Keys(limit.Metrics)) {
		if least := limit.Metrics[name]; s.Metrics[name] < least-1e-9 {
			out = append(out, fmt.Sprintf("%s: %s is %.3f, which is under %.3f", s.Suite, name, s.Metrics[name], least))
		}
	}
	return out
}
