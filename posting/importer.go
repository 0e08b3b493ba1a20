package posting

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
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
	Known(ctx context.Context, model string, p []Prepared) ([]bool, error)
	// SavePostings stores postings with their vectors; one of the same source and external id is replaced.
	SavePostings(ctx context.Context, model string, p []Prepared, vectors [][]float32) error
}

// Prepared is a posting that has been read, with what tells whether it changed.
type Prepared struct {
	Posting
	Hash             [sha256.Size]byte // of the line it came from
	CatalogVersion   string            // of the skills that its requirements name
	ExtractorVersion string
}

// Bounds on an import.
const (
	MaxLine        = 256 << 10 // bytes of one posting
	MaxPostings    = 20_000    // of one import
	importBatch    = 100
	maxDescription = 50_000 // bytes
	minDescription = 20
)

// Importer reads postings as JSON Lines.
type Importer struct {
	finder   Finder
	embedder func() Embedder
	board    Board
	catalog  string // version
}

// NewImporter makes an importer. e gives the embedder in force, which is asked for once a batch so that vectors and the name of their model
// come from one.
func NewImporter(f Finder, e func() Embedder, b Board, catalogVersion string) *Importer {
	return &Importer{finder: f, embedder: e, board: b, catalog: catalogVersion}
}

// Summary says what an import did.
type Summary struct {
	Read      int       `json:"read"`
	Stored    int       `json:"stored"`
	Unchanged int       `json:"unchanged"`
	Refused   []Refusal `json:"refused"`
}

// Refusal is a line that was not stored, and why.
type Refusal struct {
	Line   int    `json:"line"`
	Field  string `json:"field,omitempty"`
	Detail string `json:"detail"`
}

// maxRefusals bounds how many refusals are listed; the rest is only counted by what is missing between Read and Stored.
const maxRefusals = 100

// record is one line of an import.
type record struct {
	Source      string `json:"source"`
	ExternalID  string `json:"external_id"`
	Title       string `json:"title"`
	Company     string `json:"company"`
	Location    string `json:"location"`
	Remote      string `json:"remote"`
	Seniority   string `json:"seniority"`
	PostedOn    string `json:"posted_on"`
	URL         string `json:"url"`
	Salary      string `json:"salary"`
	Description string `json:"description"`
}

// Import reads JSON Lines and stores them in batches. A bad line is refused by itself and named; the others go in.
func (im *Importer) Import(ctx context.Context, r io.Reader, progress func(Summary)) (Summary, error) {
	s := Summary{Refused: []Refusal{}}
	lines := bufio.NewReaderSize(r, MaxLine)
	var batch []Prepared
	flush := func() error {
		stored, err := im.store(ctx, batch)
		if err != nil {
			return err
		}
		s.Stored += stored
		s.Unchanged += len(batch) - stored
		batch = batch[:0]
		if progress != nil {
			progress(s)
		}
		return nil
	}
	for line, last := 1, false; !last; line++ {
		raw, tooLong, err := nextLine(lines)
		if last = errors.Is(err, io.EOF); err != nil && !last {
			return s, fmt.Errorf("read postings: %w", err)
		}
		if raw = bytes.TrimSpace(raw); len(raw) == 0 && !tooLong {
			continue
		}
		if s.Read++; s.Read > MaxPostings {
			return s, fault.Newf(fault.TooLarge, "too-many-postings", "One import takes at most %d postings. Split it.", MaxPostings)
		}
		p, refusal := im.parse(raw, tooLong)
		if refusal != nil {
			if refusal.Line = line; len(s.Refused) < maxRefusals {
				s.Refused = append(s.Refused, *refusal)
			}
			continue
		}
		if batch = append(batch, *p); len(batch) == importBatch {
			if err := flush(); err != nil {
				return s, err
			}
		}
	}
	return s, flush()
}

// nextLine is the next line, which holds until the one after is read. One that is too long is passed over. The last comes with io.EOF.
func nextLine(r *bufio.Reader) (raw []byte, tooLong bool, err error) {
	raw, err = r.ReadSlice('\n')
	for errors.Is(err, bufio.ErrBufferFull) {
		tooLong = true
		raw, err = r.ReadSlice('\n')
	}
	return raw, tooLong, err
}

func (im *Importer) parse(raw []byte, tooLong bool) (*Prepared, *Refusal) {
	if tooLong {
		return nil, &Refusal{Detail: fmt.Sprintf("This line is over %d KB. One posting is one line of JSON.", MaxLine>>10)}
	}
	var rec record
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&rec); err != nil {
		return nil, &Refusal{Detail: "This is not a posting in JSON: " + err.Error()}
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, &Refusal{Detail: "There is more than one posting on this line."}
	}
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
			return nil, &Refusal{Field: f.field, Detail: "There is a NUL in it, which the database does not keep."}
		}
	}
	for _, f := range []struct{ field, value string }{{"source", rec.Source}, {"external_id", rec.ExternalID}, {"title", rec.Title}, {"company", rec.Company}} {
		if v := strings.TrimSpace(f.value); v == "" || len(v) > 300 {
			return nil, &Refusal{Field: f.field, Detail: "This is needed, with at most 300 bytes."}
		}
	}
	if n := len(strings.TrimSpace(rec.Description)); n < minDescription || n > maxDescription {
		return nil, &Refusal{Field: "description", Detail: fmt.Sprintf("A description has %d to %d bytes.", minDescription, maxDescription)}
	}
	if !oneOf(rec.Remote, "", "no", "hybrid", "yes") {
		return nil, &Refusal{Field: "remote", Detail: "remote is no, hybrid, yes or empty."}
	}
	if !oneOf(rec.Seniority, "", "junior", "mid", "senior", "staff", "lead") {
		return nil, &Refusal{Field: "seniority", Detail: "seniority is junior, mid, senior, staff, lead or empty."}
	}
	if rec.URL != "" && !strings.HasPrefix(rec.URL, "https://") && !strings.HasPrefix(rec.URL, "http://") {
		return nil, &Refusal{Field: "url", Detail: "A url begins with https:// or http://."}
	}
	p := &Prepared{Hash: sha256.Sum256(raw), CatalogVersion: im.catalog, ExtractorVersion: skill.ExtractorVersion, Posting: Posting{
		ID: ident.New(), Source: rec.Source, ExternalID: rec.ExternalID, Title: strings.TrimSpace(rec.Title), Company: strings.TrimSpace(rec.Company),
		Location: rec.Location, Remote: rec.Remote, Seniority: rec.Seniority, URL: rec.URL, Description: rec.Description,
	}}
	if rec.PostedOn != "" {
		day, err := time.Parse(time.DateOnly, rec.PostedOn)
		if err != nil {
			return nil, &Refusal{Field: "posted_on", Detail: "A date is written like 2026-11-24."}
		}
		p.PostedOn = day
	}
	return p, nil
}

func oneOf(s string, allowed ...string) bool { return slices.Contains(allowed, s) }

// store reads, embeds and keeps those of a batch that are not known, and tells how many.
func (im *Importer) store(ctx context.Context, batch []Prepared) (int, error) {
	if len(batch) == 0 {
		return 0, nil
	}
	embedder := im.embedder()
	known, err := im.board.Known(ctx, embedder.Model(), batch)
	if err != nil {
		return 0, err
	}
	fresh := make([]Prepared, 0, len(batch))
	texts := make([]string, 0, len(batch))
	for i, p := range batch {
		if known[i] {
			continue
		}
		p.Requirements = Requirements(im.finder, p.Description)
		fresh = append(fresh, p)
		texts = append(texts, p.Text())
	}
	if len(fresh) == 0 {
		return 0, nil
	}
	vectors, err := embedder.Embed(ctx, texts)
	if err != nil {
		return 0, err
	}
	return len(fresh), im.board.SavePostings(ctx, embedder.Model(), fresh, vectors)
}
