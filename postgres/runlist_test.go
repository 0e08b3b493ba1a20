package postgres_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/ident"
)

// TestLatestRuns: those of one person, resume and role, the latest first, no more than were asked for.
func TestLatestRuns(t *testing.T) {
	d := newTiny(t)
	person := newPerson(t, d.DB)
	resume := d.keep(t, person).ID
	var ids []uuid.UUID
	for i, role := range []string{"gopher", "gopher", "crab", "gopher"} {
		id, err := d.KeepRun(t.Context(), person, gapanalysis.Run{
			ID: ident.New(), ResumeID: resume, Role: role, Inputs: gapanalysis.Inputs{Target: role, AsOf: strconv.Itoa(i)}, Report: []byte(`{}`),
			CreatedAt: noon.Add(time.Duration(i/2) * time.Minute), // the first two of one moment
		})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	for name, tt := range map[string]struct {
		person, resume uuid.UUID
		role           string
		limit          int
		want           []uuid.UUID
	}{
		"latest two":      {person, resume, "gopher", 2, []uuid.UUID{ids[3], ids[1]}},
		"all":             {person, resume, "gopher", 9, []uuid.UUID{ids[3], ids[1], ids[0]}},
		"another role":    {person, resume, "crab", 2, []uuid.UUID{ids[2]}},
		"somebody else's": {newPerson(t, d.DB), resume, "gopher", 2, nil},
		"another resume":  {person, d.keep(t, person).ID, "gopher", 2, nil},
	} {
		runs, err := d.Runs(t.Context(), tt.person, tt.resume, tt.role, tt.limit)
		if err != nil || len(runs) != len(tt.want) {
			t.Errorf("%s: %d runs, %v; want %d", name, len(runs), err, len(tt.want))
			continue
		}
		for i, r := range runs {
			if r.ID != tt.want[i] || r.ResumeID != tt.resume || r.Role != tt.role || string(r.Report) != "{}" || r.Inputs.Target != tt.role {
				t.Errorf("%s: run %d is %+v", name, i, r)
			}
		}
	}
}
