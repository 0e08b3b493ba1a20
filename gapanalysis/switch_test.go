package gapanalysis_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/posting"
	"github.com/gapwise/gapwise/skill"
)

// stock is a database of postings for a switch: which have a vector of the new model, what is in force, and how the switch stands.
type stock struct {
	active   string
	latest   gapanalysis.Switch
	postings []uuid.UUID
	embedded map[uuid.UUID]bool
	late     int // postings that come in while the index is built
	recall   float64
	measured int
	dropped  bool
	hash     []byte
}

func newStock(n int) *stock {
	s := &stock{active: "old", embedded: map[uuid.UUID]bool{}, recall: 0.99, measured: 50}
	for range n {
		s.postings = append(s.postings, uuid.Must(uuid.NewV7()))
	}
	return s
}

func (s *stock) BeginSwitch(_ context.Context, w gapanalysis.Switch) (gapanalysis.Switch, error) {
	s.latest = w
	return w, nil
}
func (s *stock) LatestSwitch(context.Context) (gapanalysis.Switch, error) { return s.latest, nil }
func (s *stock) SaveSwitch(_ context.Context, w gapanalysis.Switch) error {
	if s.latest.Stage == gapanalysis.StageFailed {
		return fault.New(fault.Conflict, "switch-cancelled", "The switch was cancelled.")
	}
	s.latest = w
	return nil
}

func (s *stock) left() []uuid.UUID {
	return slices.DeleteFunc(slices.Clone(s.postings), func(id uuid.UUID) bool { return s.embedded[id] })
}

func (s *stock) CountBacklog(context.Context, string) (postings, resumes int64, err error) {
	return int64(len(s.left())), 0, nil
}

func (s *stock) PostingsWithout(_ context.Context, _ string, after uuid.UUID, limit int) ([]posting.Posting, error) {
	var out []posting.Posting
	for _, id := range s.left() {
		if strings.Compare(id.String(), after.String()) > 0 && len(out) < limit {
			out = append(out, posting.Posting{ID: id, Title: "Engineer", Description: "Go and Kafka."})
		}
	}
	return out, nil
}

func (*stock) ResumesWithout(context.Context, string, uuid.UUID, int) ([]gapanalysis.OwnedResume, error) {
	return nil, nil
}

func (s *stock) KeepPostingVectors(_ context.Context, _ string, ids []uuid.UUID, _ []embeddings.Vector) error {
	for _, id := range ids {
		s.embedded[id] = true
	}
	return nil
}

func (*stock) KeepResumeVector(context.Context, string, gapanalysis.OwnedResume, embeddings.Vector) error {
	return nil
}
func (s *stock) IndexedHash(context.Context, string) ([]byte, error) { return s.hash, nil }
func (s *stock) SaveIndex(_ context.Context, ix gapanalysis.Index) error {
	s.hash = ix.Hash
	return nil
}
func (s *stock) ActiveModel(context.Context) (string, error) { return s.active, nil }
func (s *stock) BuildIndexes(context.Context, string) error {
	for range s.late {
		s.postings = append(s.postings, uuid.Must(uuid.NewV7()))
	}
	s.late = 0
	return nil
}

func (s *stock) MeasureRecall(context.Context, string, int, int) (float64, int, error) {
	return s.recall, s.measured, nil
}

func (s *stock) Flip(_ context.Context, w gapanalysis.Switch) (int64, error) {
	if n := len(s.left()); n > 0 {
		return int64(n), nil
	}
	s.active = w.Name
	return 0, nil
}

func (s *stock) DropModels(context.Context, string) error {
	s.dropped = true
	return nil
}

func (*stock) Upload(context.Context, uuid.UUID, uuid.UUID) (*skill.Upload, error) {
	return nil, fault.New(fault.NotFound, "unknown-resume", "There is no such resume.")
}

func (s *stock) switcher(tb testing.TB) *gapanalysis.Switcher {
	tb.Helper()
	return &gapanalysis.Switcher{
		Catalog: load(tb), Book: s, Backlog: s, Models: s, Uploads: s, Now: time.Now,
		Impersonal: func(e embeddings.Embedder) embeddings.Embedder { return e },
		Embedder: func(_ context.Context, name string) (embeddings.Embedder, error) {
			if name != (embeddings.Builtin{}).Model() {
				return nil, fault.New(fault.Unavailable, "embeddings-not-configured", "No endpoint.")
			}
			return embeddings.Builtin{}, nil
		},
	}
}

func TestSwitch(t *testing.T) {
	name := (embeddings.Builtin{}).Model()
	tests := []struct {
		name     string
		prepare  func(*stock)
		stage    gapanalysis.Stage
		inForce  string
		embedded int
		detail   string
	}{
		{"all goes well", func(*stock) {}, gapanalysis.StageDone, name, 600, ""},
		{"what comes in meanwhile is caught up with", func(s *stock) { s.late = 7 }, gapanalysis.StageDone, name, 607, ""},
		{"an index that finds too little stays out of force", func(s *stock) { s.recall = 0.9 }, gapanalysis.StageFailed, "old", 600, "0.900 of the 20"},
		{"too little to measure is no reason", func(s *stock) { s.recall, s.measured = 0, 0 }, gapanalysis.StageDone, name, 600, ""},
		{"half of it was done before a kill", func(s *stock) {
			for _, id := range s.postings[:300] {
				s.embedded[id] = true
			}
		}, gapanalysis.StageDone, name, 600, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newStock(600)
			tt.prepare(s)
			sw := s.switcher(t)
			begun, err := sw.Begin(t.Context(), name, 0, true)
			if err != nil {
				t.Fatal(err)
			}
			var told []gapanalysis.Stage
			ended, err := sw.Run(t.Context(), begun, func(w gapanalysis.Switch) { told = append(told, w.Stage) })
			if err != nil {
				t.Fatal(err)
			}
			if ended.Stage != tt.stage || s.active != tt.inForce || len(s.embedded) != tt.embedded || !strings.Contains(ended.Detail, tt.detail) {
				t.Errorf("ended as %s with %s in force and %d embedded: %s", ended.Stage, s.active, len(s.embedded), ended.Detail)
			}
			if s.dropped != (tt.stage == gapanalysis.StageDone) {
				t.Errorf("the old vectors dropped: %v", s.dropped)
			}
			if len(told) < 6 {
				t.Errorf("told %v on the way", told)
			}
		})
	}
}

func TestSwitchRefuses(t *testing.T) {
	s := newStock(1)
	sw := s.switcher(t)
	if _, err := sw.Begin(t.Context(), "unknown", 0, false); !errors.Is(err, fault.Unavailable) {
		t.Errorf("a model without an endpoint: %v", err)
	}
	s.active = (embeddings.Builtin{}).Model()
	if _, err := sw.Begin(t.Context(), s.active, 0, false); fault.CodeOf(err) != "model-in-force" {
		t.Errorf("the model in force: %v", err)
	}
	// Cancelled while it runs: the next save finds that out.
	s = newStock(600)
	sw = s.switcher(t)
	begun, err := sw.Begin(t.Context(), (embeddings.Builtin{}).Model(), 0, false)
	if err != nil {
		t.Fatal(err)
	}
	_, err = sw.Run(t.Context(), begun, func(gapanalysis.Switch) { s.latest.Stage = gapanalysis.StageFailed })
	if fault.CodeOf(err) != "switch-cancelled" || s.active != "old" {
		t.Errorf("cancelled: %v with %s in force", err, s.active)
	}
}

// TestSwitchKeepsToItsRate: at 100 texts a second 600 postings take about six seconds, whatever the model could do.
func TestSwitchKeepsToItsRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStock(600)
		sw := s.switcher(t)
		begun, err := sw.Begin(t.Context(), (embeddings.Builtin{}).Model(), 100, false)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if _, err := sw.Run(t.Context(), begun, nil); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took < 5*time.Second || took > 8*time.Second {
			t.Errorf("600 postings at 100 a second took %s", took)
		}
	})
}
