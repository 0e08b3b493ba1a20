package posting

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/ident"
	"github.com/gapwise/gapwise/skill"
)

// Embedder makes unit vectors of texts; it is the embeddings room's, which this one does not import.
type Embedder interface {
	Model() string
	Embed(ctx context.Context, texts []string) ([][]float32, error)
}

// Board keeps postings.
type Board interface {
	// Known tells which of the postings are stored already with the same content, under the same versions and with a vector of the model.
	// One that had vanished is not known.
	Known(ctx context.Context, model string, p []Prepared) ([]bool, error)
	// SavePostings stores postings with their vectors; one of the same source and external id is replaced. Those that say the same as an
	// earlier one of another id are marked as its duplicates. The sample postings leave with the first that is none.
	SavePostings(ctx context.Context, model string, p []Prepared, vectors [][]float32) (Saved, error)
	// Many tells that an import has stored so many and goes on: indexes that cost more to keep than to make anew may go until FinishImport.
	Many(ctx context.Context, model string, stored int) error
	// FinishImport takes what has run out by a day, and what has vanished from a full list, out of what is matched, and tells how many
	// postings that were. It makes indexes that are missing.
	FinishImport(ctx context.Context, model string, end Ending) (expired int, err error)
}

// Saved counts what SavePostings did.
type Saved struct{ New, Changed, Duplicates int }

// Ending is what is known at the end of an import.
type Ending struct {
	Today time.Time // what was valid through an earlier day has run out
	Whole string    // the source whose full list was read, or ""
	Seen  []string  // the external ids of that list
	After time.Time // where the list has no more than the latest: the day of its oldest; what is not younger says nothing by its lack
}

// Prepared is a posting that has been read, with what tells whether it changed.
type Prepared struct {
	Posting
	Print
	Hash             [sha256.Size]byte // of the record it came from
	CatalogVersion   string            // of the skills that its requirements name
	ExtractorVersion string
	record           Record // until it is checked
	line             int
	again            bool // another of the same id is on its way in
}

// readerVersion is that of how facts are read of a record, and part of its hash: a change reads everything anew.
const readerVersion = "facts-2"

// Bounds on an import.
const (
	MaxLine        = 256 << 10 // bytes of one posting
	MaxPostings    = 1_000_000 // of one import
	importBatch    = 500
	batchBytes     = 1 << 20 // of descriptions in one batch
	maxDescription = 50_000  // bytes
	minDescription = 20
	maxRaw         = 4 * maxDescription // bytes of a description that is HTML
	manyBatches    = 2                  // after which an import is a large one
)

// Importer reads postings of any source.
type Importer struct {
	finder   Finder
	embedder func() Embedder
	board    Board
	catalog  string // version
	now      func() time.Time
}

// NewImporter makes an importer. e gives the embedder in force, which is asked for once a batch so that vectors and the name of their model
// come from one.
func NewImporter(f Finder, e func() Embedder, b Board, catalogVersion string) *Importer {
	return &Importer{finder: f, embedder: e, board: b, catalog: catalogVersion, now: time.Now}
}

// Versions names everything that a posting is read by: what was read under others is read anew.
func (im *Importer) Versions() string {
	return strings.Join([]string{readerVersion, im.catalog, skill.ExtractorVersion, im.embedder().Model()}, " ")
}

// Summary says what an import did. Read is the sum of Stored, Unchanged and all that was refused.
type Summary struct {
	Read       int       `json:"read"`
	Stored     int       `json:"stored"` // New and Changed
	New        int       `json:"new"`
	Changed    int       `json:"changed"`
	Unchanged  int       `json:"unchanged"`
	Duplicates int       `json:"duplicate"` // of those stored, how many say the same as an earlier one
	Expired    int       `json:"expired"`   // stored ones that have run out, or that the source's full list no longer has
	Refused    []Refusal `json:"refused"`
}

// RefusedCount is how many were refused, also those that are not listed.
func (s Summary) RefusedCount() int { return s.Read - s.Stored - s.Unchanged }

// Refusal is a line that was not stored, and why.
type Refusal struct {
	Line   int    `json:"line"`
	Field  string `json:"field,omitempty"`
	Detail string `json:"detail"`
}

// maxRefusals bounds how many refusals are listed; the rest is only counted by what is missing between Read and Stored.
const maxRefusals = 100

// Import reads JSON Lines and stores them in batches. A bad line is refused by itself and named; the others go in.
func (im *Importer) Import(ctx context.Context, r io.Reader, progress func(Summary)) (Summary, error) {
	return im.From(ctx, JSONLines(r), progress)
}

// batch is what goes through the pipeline at a time, in the order of the source.
type batch struct {
	prepared []Prepared
	read     int // up to its end
	refused  []Refusal
	done     chan struct{}

	model     string // from here on by a worker
	fresh     []Prepared
	vectors   [][]float32
	unchanged int
	err       error
}

// From reads a source and stores its postings in batches: one goroutine reads, as many as there are processors check, extract and embed, and
// batches are stored in the order of the source, each in one transaction. So what an import that was killed leaves is a first part of what
// it would have left, and importing again goes on from there. Memory holds some batches, whatever the source's length.
func (im *Importer) From(ctx context.Context, src Source, progress func(Summary)) (Summary, error) {
	ctx, cancel := context.WithCancel(ctx)
	workers := max(2, runtime.GOMAXPROCS(0))
	whole := src.Whole()
	if whole == "" {
		whole = latestOf(src)
	}
	r := &reading{im: im, src: src, whole: whole, ctx: ctx, work: make(chan *batch), order: make(chan *batch, workers), inFlight: workers + 3}
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	wg.Go(r.run)
	for range workers {
		wg.Go(func() {
			for b := range r.work {
				b.err = im.extract(ctx, b)
				close(b.done)
			}
		})
	}
	s := Summary{Refused: []Refusal{}}
	batches := 0
	for b := range r.order {
		<-b.done
		if err := im.keep(ctx, b, &s); err != nil {
			return s, err
		}
		if batches++; batches >= manyBatches && batches&(batches-1) == 0 && s.Stored > 0 { // 2, 4, 8 and so on
			if err := im.board.Many(ctx, b.model, s.Stored); err != nil {
				return s, err
			}
		}
		if progress != nil {
			progress(s)
		}
	}
	end := Ending{Today: im.now().UTC()}
	if r.err == nil && !r.blind {
		end.Whole, end.Seen = src.Whole(), r.seen
		if name := latestOf(src); name != "" && !r.undated && r.oldest != "" {
			end.Whole = name
			end.After, _ = time.Parse(time.DateOnly, r.oldest) // as take has seen that it can
		}
	}
	if errors.Is(r.err, ErrUnchanged) {
		r.err = nil
	}
	if ctx.Err() != nil {
		return s, errors.Join(r.err, ctx.Err())
	}
	expired, err := im.board.FinishImport(ctx, im.embedder().Model(), end)
	s.Expired += expired
	return s, errors.Join(r.err, err)
}

// latestOf is the name of the place whose latest postings a source has, "" for one that has others.
func latestOf(src Source) string {
	if l, ok := src.(latest); ok {
		return l.Latest()
	}
	return ""
}

// keep stores what a worker has made of a batch, and counts it.
func (im *Importer) keep(ctx context.Context, b *batch, s *Summary) error {
	if b.err != nil {
		return b.err
	}
	if len(b.fresh) > 0 {
		saved, err := im.board.SavePostings(ctx, b.model, b.fresh, b.vectors)
		if err != nil {
			return err
		}
		s.New += saved.New
		s.Changed += saved.Changed
		s.Duplicates += saved.Duplicates
		s.Stored += len(b.fresh)
	}
	s.Read, s.Unchanged = b.read, s.Unchanged+b.unchanged
	for _, r := range b.refused {
		if len(s.Refused) < maxRefusals {
			s.Refused = append(s.Refused, r)
		}
	}
	return nil
}

// reading reads a source into batches.
type reading struct {
	im       *Importer
	src      Source
	ctx      context.Context //nolint:containedctx // that of one call of From
	work     chan *batch
	order    chan *batch
	inFlight int

	next    *batch
	bytes   int
	read    int
	recent  []map[[2]string]bool // ids of the batches that may not be stored yet
	whole   string
	seen    []string
	blind   bool   // an item came without its id, so that nobody can say what the list lacks
	undated bool   // one came without its day
	oldest  string // day
	err     error
}

var errTooMany = fault.Newf(fault.TooLarge, "too-many-postings", "One import takes at most %d postings. Split it.", MaxPostings)

// run reads to the end. What was read before an error is stored.
func (r *reading) run() {
	defer close(r.order)
	defer close(r.work)
	r.begin()
	r.err = r.src.Each(r.ctx, r.take)
	if err := r.send(); err != nil && r.err == nil {
		r.err = err
	}
}

func (r *reading) begin() {
	r.next, r.bytes = &batch{done: make(chan struct{})}, 0
	r.recent = append(r.recent, map[[2]string]bool{})
	if len(r.recent) > r.inFlight {
		r.recent = r.recent[1:]
	}
}

func (r *reading) take(item Item) error {
	r.read++
	if r.read > MaxPostings {
		return errTooMany
	}
	id := [2]string{item.Record.Source, item.Record.ExternalID}
	if r.whole != "" {
		r.seen = append(r.seen, id[1])
		r.blind = r.blind || id[1] == ""
		day := item.Record.PostedOn
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			r.undated = true
		} else if r.oldest == "" || day < r.oldest {
			r.oldest = day
		}
	}
	r.next.read = r.read
	if item.Refusal != nil {
		item.Refusal.Line = item.Line
		r.next.refused = append(r.next.refused, *item.Refusal)
	} else {
		p := Prepared{record: item.Record, line: item.Line, Posting: Posting{ID: ident.New()}}
		for _, ids := range r.recent {
			p.again = p.again || ids[id]
		}
		r.recent[len(r.recent)-1][id] = true
		r.next.prepared = append(r.next.prepared, p)
		r.bytes += len(item.Record.Description)
	}
	if len(r.next.prepared) >= importBatch || r.bytes >= batchBytes || len(r.next.refused) >= importBatch {
		return r.send()
	}
	return nil
}

// send passes the batch on. It fails only when the import has ended.
func (r *reading) send() error {
	if r.next.read == 0 {
		return nil
	}
	b := r.next
	r.begin()
	select {
	case r.order <- b:
	case <-r.ctx.Done():
		return r.ctx.Err()
	}
	select {
	case r.work <- b:
		return nil
	case <-r.ctx.Done():
		b.err = r.ctx.Err()
		close(b.done)
		return b.err
	}
}

// extract checks a batch, and reads and embeds those that are not known.
func (im *Importer) extract(ctx context.Context, b *batch) error {
	embedder := im.embedder()
	b.model = embedder.Model()
	checked := make([]Prepared, 0, len(b.prepared))
	place := map[[2]string]int{}
	for i := range b.prepared {
		p := &b.prepared[i]
		if refusal := im.check(p); refusal != nil {
			refusal.Line = p.line
			b.refused = append(b.refused, *refusal)
			continue
		}
		id := [2]string{p.Source, p.ExternalID}
		if at, twice := place[id]; twice { // the later one counts
			checked[at] = *p
			b.unchanged++
			continue
		}
		place[id] = len(checked)
		checked = append(checked, *p)
	}
	b.prepared = nil
	slices.SortStableFunc(b.refused, func(x, y Refusal) int { return x.Line - y.Line })
	if len(checked) == 0 {
		return nil
	}
	known, err := im.board.Known(ctx, b.model, checked)
	if err != nil {
		return err
	}
	var texts []string
	for i := range checked {
		p := &checked[i]
		if known[i] && !p.again {
			b.unchanged++
			continue
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		im.read(p)
		b.fresh = append(b.fresh, *p)
		texts = append(texts, p.Text())
	}
	if len(b.fresh) == 0 {
		return nil
	}
	b.vectors, err = embedder.Embed(ctx, texts)
	return err
}

// check makes a posting of the record, with what fields say.
func (im *Importer) check(p *Prepared) *Refusal {
	rec := &p.record
	for _, f := range []struct{ field, value string }{
		{"source", rec.Source},
		{"external_id", rec.ExternalID},
		{"title", rec.Title},
		{"company", rec.Company},
		{"location", rec.Location},
		{"url", rec.URL},
		{"description", rec.Description},
	} {
		if strings.ContainsRune(f.value, 0) {
			return &Refusal{Field: f.field, Detail: "There is a NUL in it, which the database does not keep."}
		}
	}
	p.Hash = rec.hash()
	rec.Title, rec.Company, rec.Location = oneLine(rec.Title), oneLine(rec.Company), oneLine(rec.Location)
	for _, f := range []struct{ field, value string }{{"source", rec.Source}, {"external_id", rec.ExternalID}, {"title", rec.Title}, {"company", rec.Company}} {
		if v := strings.TrimSpace(f.value); v == "" || len(v) > 300 {
			return &Refusal{Field: f.field, Detail: "This is needed, with at most 300 bytes."}
		}
	}
	if len(rec.Description) <= maxRaw {
		rec.Description = Clean(rec.Description)
	}
	if n := len(strings.TrimSpace(rec.Description)); n < minDescription || n > maxDescription || strings.ContainsRune(rec.Description, 0) {
		return &Refusal{Field: "description", Detail: fmt.Sprintf("A description has %d to %d bytes.", minDescription, maxDescription)}
	}
	if !oneOf(rec.Remote, "", "no", "hybrid", "yes") {
		return &Refusal{Field: "remote", Detail: "remote is no, hybrid, yes or empty."}
	}
	if !oneOf(rec.Seniority, "", "junior", "mid", "senior", "staff", "lead") {
		return &Refusal{Field: "seniority", Detail: "seniority is junior, mid, senior, staff, lead or empty."}
	}
	if rec.URL != "" && !strings.HasPrefix(rec.URL, "https://") && !strings.HasPrefix(rec.URL, "http://") {
		return &Refusal{Field: "url", Detail: "A url begins with https:// or http://."}
	}
	if rec.Language != "" && (len(rec.Language) != 2 || strings.Trim(rec.Language, "abcdefghijklmnopqrstuvwxyz") != "") {
		return &Refusal{Field: "language", Detail: "A language is two small letters, like en."}
	}
	if rec.Pay != (Pay{}) && (len(rec.Pay.Currency) != 3 || rec.Pay.Min < 0 || rec.Pay.Max < rec.Pay.Min || rec.Pay.Max > 1e12 || !oneOf(rec.Pay.Period, "hour", "day", "week", "month", "year")) {
		return &Refusal{Field: "pay", Detail: "Pay has a currency of three letters, min and max in its hundredths, and a period: hour, day, week, month or year."}
	}
	var refusal *Refusal
	day := func(field, s string) (t time.Time) {
		var err error
		if s != "" {
			if t, err = time.Parse(time.DateOnly, s); err != nil {
				refusal = &Refusal{Field: field, Detail: "A date is written like 2026-11-24."}
			}
		}
		return t
	}
	p.Posting = Posting{
		ID: p.ID, Source: rec.Source, ExternalID: rec.ExternalID, Title: rec.Title, Company: rec.Company, Location: rec.Location, Remote: rec.Remote,
		Seniority: rec.Seniority, URL: rec.URL, Description: rec.Description, Language: rec.Language, Pay: rec.Pay,
		PostedOn: day("posted_on", rec.PostedOn), ValidThrough: day("valid_through", rec.ValidThrough),
	}
	p.CatalogVersion, p.ExtractorVersion = im.catalog, skill.ExtractorVersion
	return refusal
}

// hash is that of everything a record says, and of the way it is read.
func (rec *Record) hash() [sha256.Size]byte {
	b, err := json.Marshal(rec)
	if err != nil { // a struct of texts and numbers always can
		b = []byte(rec.Title)
	}
	return sha256.Sum256(append(b, readerVersion...))
}

// read fills in what the text says and the fields do not.
func (im *Importer) read(p *Prepared) {
	salary := p.record.Salary
	p.record = Record{}
	if p.Seniority == "" {
		p.Seniority = Seniority(p.Title, p.Description)
	}
	if p.Location == "" {
		p.Location = Location(p.Description)
	}
	if p.Remote == "" {
		p.Remote = Remote(p.Title, p.Location, p.Description)
	}
	if p.Pay == (Pay{}) && salary != "" {
		p.Pay = ReadPay("Salary: " + salary)
	}
	if p.Pay == (Pay{}) {
		p.Pay = ReadPay(p.Description)
	}
	if p.Language == "" {
		p.Language = Language(p.Description)
	}
	p.Speaks = Speaks(p.Description)
	p.Requirements = Requirements(im.finder, p.Description)
	p.Print = PrintOf(&p.Posting)
}

func oneOf(s string, allowed ...string) bool { return slices.Contains(allowed, s) }
