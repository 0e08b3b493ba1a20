package gapanalysis

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/ident"
	"github.com/gapwise/gapwise/posting"
	"github.com/gapwise/gapwise/skill"
)

// Stage is how far a switch of models is.
type Stage string

// The stages of a switch, in order, and the two in which it ends.
const (
	StageCatalogue Stage = "catalogue" // the catalogue's texts are embedded
	StagePostings  Stage = "postings"  // the postings'
	StageResumes   Stage = "resumes"   // the resumes'
	StageIndex     Stage = "index"     // the model's indexes are built, beside those in use
	StageCheck     Stage = "check"     // what the index finds is compared with exact search
	StageFlip      Stage = "flip"      // the model is put in force, in one transaction
	StageDone      Stage = "done"
	StageFailed    Stage = "failed"
)

// Switch is a change from the model in force to another.
type Switch struct {
	ID        uuid.UUID `json:"id"`
	Name      string    `json:"name"` // of the model
	Stage     Stage     `json:"stage"`
	Done      int64     `json:"done"`     // texts embedded of the stage
	Total     int64     `json:"total"`    // texts of the stage, as counted when it began
	Rate      int       `json:"rate"`     // texts a second at most; 0 for no bound
	DropOld   bool      `json:"drop_old"` // the vectors of the model before go when it is done
	Recall    *float64  `json:"recall"`   // at RecallDepth; nil until it is measured, and where there was too little to measure
	Detail    string    `json:"detail"`   // why it failed
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// Ended tells whether nothing more will happen.
func (s Switch) Ended() bool { return s.Stage == StageDone || s.Stage == StageFailed }

// SwitchBook keeps switches, of which one at most is under way.
type SwitchBook interface {
	// BeginSwitch records a switch. One that is under way is fault.Conflict, unless it is to the same model: then that is given back.
	BeginSwitch(ctx context.Context, s Switch) (Switch, error)
	// LatestSwitch is the one that began last, or fault.NotFound.
	LatestSwitch(ctx context.Context) (Switch, error)
	SaveSwitch(ctx context.Context, s Switch) error
}

// OwnedResume is a resume and whose it is.
type OwnedResume struct{ Person, ID uuid.UUID }

// Backlog is what has no vector under a model yet. Lists are in order of id and begin after one.
type Backlog interface {
	CountBacklog(ctx context.Context, model string) (postings, resumes int64, err error)
	PostingsWithout(ctx context.Context, model string, after uuid.UUID, limit int) ([]posting.Posting, error)
	ResumesWithout(ctx context.Context, model string, after uuid.UUID, limit int) ([]OwnedResume, error)
	// KeepPostingVectors stores vectors; postings that are gone, or have one, are passed over.
	KeepPostingVectors(ctx context.Context, model string, ids []uuid.UUID, vectors []embeddings.Vector) error
	KeepResumeVector(ctx context.Context, model string, of OwnedResume, vector embeddings.Vector) error
}

// Models is what the database does with models.
type Models interface {
	VectorIndex
	// ActiveModel is the model in force, "" in a new database.
	ActiveModel(ctx context.Context) (string, error)
	// BuildIndexes builds what is missing of a model's indexes without keeping anybody from reading or writing.
	BuildIndexes(ctx context.Context, model string) error
	// MeasureRecall is the share of the exact nearest postings that the index finds too, over queries drawn from the postings; measured is
	// how many queries there were, 0 where there are too few postings.
	MeasureRecall(ctx context.Context, model string, queries, depth int) (recall float64, measured int, err error)
	// Flip puts the model of a switch in force and the switch to done, in one transaction, unless some text lacks a vector still; then it
	// tells how many and changes nothing.
	Flip(ctx context.Context, s Switch) (missing int64, err error)
	// DropModels removes the vectors and indexes of all models but one.
	DropModels(ctx context.Context, keep string) error
}

// Uploads gives stored resumes.
type Uploads interface {
	Upload(ctx context.Context, person, id uuid.UUID) (*skill.Upload, error)
}

// What a new index must find before it goes into force.
const (
	RecallDepth   = 20
	RecallFloor   = 0.95
	recallQueries = 50
)

// Bounds on a switch.
const (
	switchBatch = 256 // texts between two looks at the rate and two saves of the progress
	maxRounds   = 20  // of catching up with what came in meanwhile
)

// Switcher changes the model whose vectors are in force while the one before serves. Whatever it has done is in the database: after a kill
// at any point it goes on from there.
type Switcher struct {
	Catalog  *catalog.Catalog
	Book     SwitchBook
	Backlog  Backlog
	Models   Models
	Uploads  Uploads
	Embedder func(ctx context.Context, name string) (embeddings.Embedder, error) // of a model, by its name
	// Impersonal is an embedder of the same model for texts that are nobody's, which may keep what it paid for.
	Impersonal func(embeddings.Embedder) embeddings.Embedder
	Now        func() time.Time
}

// Begin records a switch, which Run then does. Errors are fault.Conflict for one that is under way or changes nothing, and those of the
// model's endpoint.
func (sw *Switcher) Begin(ctx context.Context, name string, rate int, dropOld bool) (Switch, error) {
	e, err := sw.Embedder(ctx, name)
	if err != nil {
		return Switch{}, err
	}
	active, err := sw.Models.ActiveModel(ctx)
	if err != nil {
		return Switch{}, err
	}
	if active == e.Model() {
		return Switch{}, fault.Newf(fault.Conflict, "model-in-force", "%s is in force already.", active)
	}
	now := sw.Now().UTC()
	return sw.Book.BeginSwitch(ctx, Switch{
		ID: ident.New(), Name: e.Model(), Stage: StageCatalogue, Rate: rate, DropOld: dropOld, CreatedAt: now, UpdatedAt: now,
	})
}

// Run does what is left of a switch, from whatever stage it is at, and tells progress after every batch. A fault of the switch itself, such
// as an index that finds too little, ends it as failed; any other error leaves it as it is, to be run again.
func (sw *Switcher) Run(ctx context.Context, s Switch, progress func(Switch)) (Switch, error) {
	if progress == nil {
		progress = func(Switch) {}
	}
	e, err := sw.Embedder(ctx, s.Name)
	if err != nil {
		return s, err
	}
	rounds := 0
	for !s.Ended() {
		before := s.Stage
		if s, err = sw.step(ctx, s, e, progress); err != nil {
			return s, err
		}
		if before == StageFlip && s.Stage == StagePostings {
			if rounds++; rounds == maxRounds {
				return s, fmt.Errorf("switch to %s: texts came in faster than they were embedded", s.Name)
			}
		}
		s.UpdatedAt = sw.Now().UTC()
		if err := sw.Book.SaveSwitch(ctx, s); err != nil {
			return s, err
		}
		progress(s)
	}
	if s.Stage == StageDone && s.DropOld {
		return s, sw.Models.DropModels(ctx, s.Name)
	}
	return s, nil
}

// step does one stage.
func (sw *Switcher) step(ctx context.Context, s Switch, e embeddings.Embedder, progress func(Switch)) (Switch, error) {
	switch s.Stage {
	case StageCatalogue:
		if _, err := IndexCatalog(ctx, sw.Catalog, sw.Impersonal(e), sw.Models); err != nil {
			return s, err
		}
		s.Stage = StagePostings
	case StagePostings:
		s, err := sw.postings(ctx, s, e, progress)
		if err == nil {
			s.Stage = StageResumes
		}
		return s, err
	case StageResumes:
		s, err := sw.resumes(ctx, s, e, progress)
		if err == nil {
			s.Stage = StageIndex
		}
		return s, err
	case StageIndex:
		if err := sw.Models.BuildIndexes(ctx, s.Name); err != nil {
			return s, err
		}
		s.Stage = StageCheck
	case StageCheck:
		recall, measured, err := sw.Models.MeasureRecall(ctx, s.Name, recallQueries, RecallDepth)
		if err != nil {
			return s, err
		}
		s.Stage = StageFlip
		if measured > 0 {
			if s.Recall = &recall; recall < RecallFloor {
				s.Stage = StageFailed
				s.Detail = fmt.Sprintf("The new index finds %.3f of the %d nearest postings; %.2f is the least. The model before stays in force.", recall, RecallDepth, RecallFloor)
			}
		}
	case StageFlip:
		missing, err := sw.Models.Flip(ctx, s)
		if err != nil {
			return s, err
		}
		s.Stage = StageDone
		if missing > 0 { // came in under the model before
			s.Stage = StagePostings
		}
	case StageDone, StageFailed:
	}
	return s, nil
}

// Backfill embeds what has no vector under the model in force, which is what came in from a process that had not heard of a switch yet, or
// through the fallback. It tells how many texts that were.
func (sw *Switcher) Backfill(ctx context.Context, e embeddings.Embedder) (int64, error) {
	postings, resumes, err := sw.Backlog.CountBacklog(ctx, e.Model())
	if err != nil || postings+resumes == 0 {
		return 0, err
	}
	s, err := sw.postings(ctx, Switch{Name: e.Model()}, e, func(Switch) {})
	if err != nil {
		return 0, err
	}
	embedded := s.Done
	if s, err = sw.resumes(ctx, s, e, func(Switch) {}); err != nil {
		return embedded, err
	}
	return embedded + s.Done, sw.Models.BuildIndexes(ctx, e.Model())
}

func (sw *Switcher) postings(ctx context.Context, s Switch, e embeddings.Embedder, progress func(Switch)) (Switch, error) {
	return sw.embedAll(ctx, s, progress, func(left *int64) (err error) {
		*left, _, err = sw.Backlog.CountBacklog(ctx, s.Name)
		return err
	}, func(after uuid.UUID) (uuid.UUID, int, error) {
		batch, err := sw.Backlog.PostingsWithout(ctx, s.Name, after, switchBatch)
		if err != nil || len(batch) == 0 {
			return after, 0, err
		}
		texts, ids := make([]string, len(batch)), make([]uuid.UUID, len(batch))
		for i := range batch {
			texts[i], ids[i] = batch[i].Text(), batch[i].ID
		}
		vectors, err := sw.Impersonal(e).Embed(ctx, texts)
		if err != nil {
			return after, 0, err
		}
		return ids[len(ids)-1], len(ids), sw.Backlog.KeepPostingVectors(ctx, s.Name, ids, vectors)
	})
}

func (sw *Switcher) resumes(ctx context.Context, s Switch, e embeddings.Embedder, progress func(Switch)) (Switch, error) {
	return sw.embedAll(ctx, s, progress, func(left *int64) (err error) {
		_, *left, err = sw.Backlog.CountBacklog(ctx, s.Name)
		return err
	}, func(after uuid.UUID) (uuid.UUID, int, error) {
		batch, err := sw.Backlog.ResumesWithout(ctx, s.Name, after, switchBatch)
		if err != nil {
			return after, 0, err
		}
		for _, of := range batch {
			u, err := sw.Uploads.Upload(ctx, of.Person, of.ID)
			if errors.Is(err, fault.NotFound) {
				continue // deleted meanwhile
			}
			if err != nil {
				return after, 0, err
			}
			vectors, err := e.Embed(ctx, []string{skill.Gist(u)})
			if err != nil {
				return after, 0, err
			}
			if err := sw.Backlog.KeepResumeVector(ctx, s.Name, of, vectors[0]); err != nil {
				return after, 0, err
			}
			after = of.ID
		}
		return after, len(batch), nil
	})
}

// embedAll runs batches until none is left, no faster than the switch's rate, and keeps its progress.
func (sw *Switcher) embedAll(ctx context.Context, s Switch, progress func(Switch), count func(left *int64) error, batch func(after uuid.UUID) (uuid.UUID, int, error)) (Switch, error) {
	s.Done, s.Total = 0, 0
	if err := count(&s.Total); err != nil {
		return s, err
	}
	after := uuid.Nil
	for {
		began := sw.Now()
		last, n, err := batch(after)
		if err != nil {
			return s, err
		}
		after = last
		if n == 0 {
			return s, nil
		}
		s.Done += int64(n)
		s.UpdatedAt = sw.Now().UTC()
		if s.ID != uuid.Nil {
			if err := sw.Book.SaveSwitch(ctx, s); err != nil {
				return s, err
			}
		}
		progress(s)
		if s.Rate > 0 {
			if err := pause(ctx, time.Duration(n)*time.Second/time.Duration(s.Rate)-sw.Now().Sub(began)); err != nil {
				return s, err
			}
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Progress is one line about a switch, for people.
func (s Switch) Progress() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", s.Name, s.Stage)
	if s.Stage == StagePostings || s.Stage == StageResumes {
		fmt.Fprintf(&b, " %d of %d", s.Done, max(s.Done, s.Total))
	}
	if s.Recall != nil {
		fmt.Fprintf(&b, ", recall@%d %.3f", RecallDepth, *s.Recall)
	}
	if s.Detail != "" {
		b.WriteString(": " + s.Detail)
	}
	return b.String()
}
