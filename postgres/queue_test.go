package postgres_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The jobs are counted by their state.
func TestBacklog(t *testing.T) {
	d := newTiny(t)
	if got, err := d.Backlog(t.Context()); err != nil || len(got) > 0 {
		t.Errorf("without a job: %v, %v", got, err)
	}
	for _, state := range []string{"retryable", "retryable", "available"} {
		if _, err := d.raw.Exec(t.Context(), `insert into river_job (kind, args, max_attempts, state) values ('gapwise', '{}', 3, $1::river_job_state)`, state); err != nil {
			t.Fatal(err)
		}
	}
	got, err := d.Backlog(t.Context())
	if diff := cmp.Diff(map[string]int{"retryable": 2, "available": 1}, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
