package tutor

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
)

// metrics counts what was caught since the process began.
type metrics struct {
	mu     sync.Mutex
	caught map[string]int64
}

func (m *metrics) catch(reason string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.caught == nil {
		m.caught = map[string]int64{}
	}
	m.caught[reason]++
}

// WriteMetrics writes the counts in the text format of Prometheus.
func (s *Service) WriteMetrics(w io.Writer) {
	s.metrics.mu.Lock()
	counts := maps.Clone(s.metrics.caught)
	s.metrics.mu.Unlock()
	fmt.Fprintln(w, "# HELP gapwise_tutor_caught_total Sentences of models that were removed, marked or withheld, by reason.")
	fmt.Fprintln(w, "# TYPE gapwise_tutor_caught_total counter")
	for _, reason := range slices.Concat(reasons(), []string{reasonUnsourced, reasonWithheld, reasonRunaway}) {
		fmt.Fprintf(w, "gapwise_tutor_caught_total{reason=%q} %d\n", reason, counts[reason])
	}
}
