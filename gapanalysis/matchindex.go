package gapanalysis

import (
	"context"
	"fmt"
	"sync"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
)

// IndexSource reads what an index of postings in memory is made of and kept current by.
type IndexSource interface {
	// IndexState tells how things stand, and whether postings were touched that the mark before did not show.
	IndexState(ctx context.Context, model string, before IndexMark) (IndexState, error)
	// IndexedPostings gives the postings that are matched and have an id above after, in order of id, at most so many, and tells how many.
	IndexedPostings(ctx context.Context, model string, after uuid.UUID, most int) ([]IndexedPosting, error)
	// TouchedPostings gives at most so many of those that were touched and that a mark did not show, also what is matched no more.
	TouchedPostings(ctx context.Context, model string, before IndexMark, most int) ([]IndexedPosting, error)
}

// IndexMark names a moment of the database; it is the database's own and says nothing here. "" is before everything.
type IndexMark string

// IndexState is how things stand.
type IndexState struct {
	Mark       IndexMark
	Touched    bool
	Gone       string    // changes whenever postings are deleted, which leaves nothing behind that could be read
	Total      int       // postings, about
	Dimensions int       // of the model; 0 where it is unknown
	First      uuid.UUID // an index begins behind it: where there are more than MostIndexed, the latest are in it
}

// Anchors gives what of a person postings are looked for by.
type Anchors interface {
	MatchAnchor(ctx context.Context, model string, person, resume uuid.UUID) (Anchor, error)
}

// Anchor is what of a person postings are looked for by, beside the profile. Of somebody else's resume there is nothing in it.
type Anchor struct {
	Vector   []float32 // nil where the resume has none under the model
	Language string    // of the resume; "" where it was not told
	Hidden   []string  // companies that the person wants no postings of
}

// Indexing lets postings be found from an index of all of them in memory.
func (s *Service) Indexing(a Anchors, src IndexSource) *Service {
	s.anchors, s.index = a, &matchIndex{catalog: s.catalog, bridge: s.bridge, source: src}
	return s
}

// MostIndexed is how many postings the index holds at most, the latest by id: some 250 MB.
const MostIndexed = 2_000_000

// Bounds on the upkeep of the index.
const (
	indexAtOnce    = 20_000 // postings up to which the first page waits for the index
	syncedAtOnce   = 1_000  // touched postings up to which a page waits for them
	caughtUpAtOnce = 20_000 // up to which they are taken in one by one
	takenAtOnce    = 1_000  // for which searches wait
	indexPage      = 5_000  // rows that are read at a time
)

// matchIndex is the postings of the instance in memory, so that candidates come from all of them. Each process has its own: before a search it
// asks the database what was touched since, and takes in a few at once, or many while searches go on. Whatever it finds the database passes
// through the filter once more, so that nothing is shown that has gone meanwhile.
type matchIndex struct {
	catalog *catalog.Catalog
	bridge  *TitleBridge
	source  IndexSource

	mu    sync.RWMutex // over rows, which searches read
	rows  *matchRows   // nil until there are any
	model string       // whose vectors the rows have
	gone  string

	turn   sync.Mutex // of the one that brings it up to date
	mark   IndexMark
	busy   bool  // with work that goes on behind searches
	failed error // what that work ended with
}

// Indexed is how many postings the index in memory holds; 0 where there is none yet.
func (s *Service) Indexed() int {
	if s.index == nil {
		return 0
	}
	s.index.mu.RLock()
	defer s.index.mu.RUnlock()
	if s.index.rows == nil {
		return 0
	}
	return s.index.rows.live
}

// search gives the ids of the best rows, best first. ok is false where there is no index yet.
func (x *matchIndex) search(ctx context.Context, model string, m *Matcher, a Anchor, f Filter, most int) (ids []uuid.UUID, ok bool, err error) {
	if err := x.follow(ctx, model); err != nil {
		return nil, false, err
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.rows == nil || x.model != model {
		return nil, false, nil
	}
	return x.rows.best(m, a, f, most), true, nil
}

// follow brings the index up to date where that takes little, and else sees to it that somebody does.
func (x *matchIndex) follow(ctx context.Context, model string) error {
	x.turn.Lock()
	defer x.turn.Unlock()
	if x.busy {
		return nil
	}
	if err := x.failed; err != nil {
		x.failed = nil
		return err
	}
	now, err := x.source.IndexState(ctx, model, x.mark)
	if err != nil {
		return err
	}
	switch {
	case now.Dimensions == 0:
		return nil
	case x.rows == nil || x.model != model || x.gone != now.Gone || x.rows.wasteful():
		if now.Total <= indexAtOnce {
			return x.build(ctx, model)
		}
		x.behind(ctx, func(ctx context.Context) error { return x.build(ctx, model) })
	case now.Touched:
		list, err := x.source.TouchedPostings(ctx, x.model, x.mark, syncedAtOnce+1)
		if err != nil {
			return err
		}
		if len(list) > syncedAtOnce {
			x.behind(ctx, func(ctx context.Context) error { return x.catchUp(ctx, now) })
			return nil
		}
		x.take(list)
		x.mark = now.Mark
	default:
		x.mark = now.Mark
	}
	return nil
}

// behind does work that searches do not wait for. Where it fails the next search says so, and the one after it tries again.
func (x *matchIndex) behind(ctx context.Context, work func(context.Context) error) {
	x.busy = true
	ctx = context.WithoutCancel(ctx) // the page that found it needed does not end it
	go func() {
		err := work(ctx)
		x.turn.Lock()
		defer x.turn.Unlock()
		x.busy, x.failed = false, err
	}()
}

// build reads everything anew. The rows before serve until it is there.
func (x *matchIndex) build(ctx context.Context, model string) error {
	now, err := x.source.IndexState(ctx, model, "")
	if err != nil {
		return err
	}
	rows := newMatchRows(x.catalog, x.bridge, now.Dimensions)
	for after := now.First; ; {
		list, err := x.source.IndexedPostings(ctx, model, after, indexPage)
		if err != nil {
			return fmt.Errorf("read postings for the index: %w", err)
		}
		rows.put(list)
		if len(list) < indexPage || rows.live >= MostIndexed {
			break
		}
		after = list[len(list)-1].ID
	}
	x.mu.Lock()
	x.rows, x.model, x.gone, x.mark = rows, model, now.Gone, now.Mark
	x.mu.Unlock()
	return nil
}

// catchUp takes in what was touched, or reads everything anew where that is too much to hold at a time.
func (x *matchIndex) catchUp(ctx context.Context, now IndexState) error {
	list, err := x.source.TouchedPostings(ctx, x.model, x.mark, caughtUpAtOnce)
	if err != nil {
		return fmt.Errorf("read what was touched: %w", err)
	}
	if len(list) == caughtUpAtOnce {
		return x.build(ctx, x.model)
	}
	for len(list) > 0 {
		n := min(len(list), takenAtOnce)
		x.take(list[:n])
		list = list[n:]
	}
	x.mark = now.Mark
	return nil
}

// take takes rows in while nobody searches.
func (x *matchIndex) take(list []IndexedPosting) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.rows.put(list)
}
