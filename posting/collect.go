package posting

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/gapwise/gapwise/internal/fault"
)

// Visit is what is kept of a place that postings were fetched from.
type Visit struct {
	Name      string
	Scheduled bool // else an operator has imported it by hand
	Validators
	Versions  string // of what read the answer: another reads it anew
	Failures  int    // in a row
	Error     string
	Summary   json.RawMessage // of the last import
	FetchedAt *time.Time
	NextAt    time.Time // not before
}

// Visits keeps them.
type Visits interface {
	// Visit is what is known of a place; fault.NotFound where it was never visited.
	Visit(ctx context.Context, name string) (Visit, error)
	// SaveVisit keeps what is known. Whether it is scheduled is set by Schedule alone.
	SaveVisit(ctx context.Context, v Visit) error
	// Scheduled are the places that are fetched from time to time, by their names.
	Scheduled(ctx context.Context) ([]Visit, error)
	// Schedule adds a place, or takes it out, and tells whether that changed anything.
	Schedule(ctx context.Context, name string, on bool, now time.Time) (bool, error)
}

// How often a scheduled place is fetched, and how long one is left alone that failed: twice as long each time.
const (
	visitEvery  = 6 * time.Hour
	failedPause = 30 * time.Minute
	mostPause   = 24 * time.Hour
)

// Collector fetches places and imports what they give.
type Collector struct {
	Importer *Importer
	Fetcher  *Fetcher
	Visits   Visits
	Now      func() time.Time
	Log      *slog.Logger
}

// Collect imports from a place. What has not changed since it was read in the same way costs one request. A failure is kept with the place.
func (c *Collector) Collect(ctx context.Context, p Place, progress func(Summary)) (Summary, error) {
	v, err := c.Visits.Visit(ctx, p.Name)
	if errors.Is(err, fault.NotFound) {
		v, err = Visit{Name: p.Name}, nil
	}
	if err != nil {
		return Summary{}, err
	}
	versions := c.Importer.Versions()
	src := &fetched{place: p, fetcher: c.Fetcher}
	if v.Versions == versions {
		src.known = v.Validators
	}
	var source Source = src
	s, err := c.Importer.From(ctx, source, progress)
	if errors.Is(err, fault.NotFound) && !p.published() { // a page that is gone: its posting is as well
		s, err = c.Importer.From(ctx, nothing(p.Name), progress)
	}
	now := c.Now().UTC()
	v.FetchedAt = &now
	if err != nil {
		v.Failures, v.Error, v.NextAt = v.Failures+1, failureText(err), now.Add(c.patience(v.Failures, err))
		if ctx.Err() == nil {
			err = errors.Join(err, c.Visits.SaveVisit(ctx, v))
		}
		return s, err
	}
	if src.inner != nil {
		v.Validators, v.Versions = src.got, versions
	}
	v.Failures, v.Error, v.NextAt = 0, "", now.Add(visitEvery)
	if v.Summary, err = json.Marshal(s); err != nil {
		return s, err
	}
	return s, c.Visits.SaveVisit(ctx, v)
}

func failureText(err error) string {
	if fault.KindOf(err) == fault.Internal {
		return "It failed; the log says why."
	}
	return fault.DetailOf(err)
}

// patience is how long a place that has failed n times before is left alone.
func (c *Collector) patience(n int, err error) time.Duration {
	d := min(failedPause<<min(n, 10), mostPause)
	return max(d, fault.RetryAfter(err))
}

// nothing is the empty list of a source.
type nothing string

// Each implements Source.
func (nothing) Each(context.Context, func(Item) error) error { return nil }

// Whole implements Source.
func (n nothing) Whole() string { return string(n) }

// Due imports from every scheduled place whose time has come, one after the other, and takes out what has run out. The failure of one keeps no
// other from its turn; failures are logged and kept with the place.
func (c *Collector) Due(ctx context.Context) error {
	list, err := c.Visits.Scheduled(ctx)
	if err != nil {
		return err
	}
	for _, v := range list {
		if v.NextAt.After(c.Now()) {
			continue
		}
		p, ok, err := ParsePlace(v.Name)
		if err != nil || !ok {
			continue
		}
		s, err := c.Collect(ctx, p, nil)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			c.Log.WarnContext(ctx, "postings were not fetched", "source", v.Name, "error", err)
			continue
		}
		c.Log.InfoContext(ctx, "fetched postings", "source", v.Name, "new", s.New, "changed", s.Changed, "duplicate", s.Duplicates, "expired", s.Expired, "refused", s.RefusedCount())
	}
	_, err = c.Importer.From(ctx, JSONLines(io.MultiReader()), nil) // an import of nothing takes out what has run out
	if err != nil {
		return fmt.Errorf("take out what has run out: %w", err)
	}
	return nil
}
