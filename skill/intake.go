package skill

import (
	"context"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/ident"
	"github.com/gapwise/gapwise/resume"
)

// Upload is a resume that was read: the file, the text and the claims.
type Upload struct {
	ID        uuid.UUID
	FileName  string
	MediaType string
	File      []byte
	Document  *resume.Document
	Profile   Profile
	CreatedAt time.Time
}

// DocumentReader reads the text of a file. Its errors are faults that say what to do.
type DocumentReader interface {
	Read(ctx context.Context, name string, data []byte) (*resume.Document, error)
}

// Shelf keeps resumes. Every method names the owner; somebody else's resume is fault.NotFound.
type Shelf interface {
	// SaveUpload stores everything or nothing. vector is that of the resume as a whole, of the embedder's model; the vectors of its
	// skills are those of the catalogue. What the person said of the claims of an earlier upload of the same resume is put on u's.
	SaveUpload(ctx context.Context, person uuid.UUID, u *Upload, model string, vector embeddings.Vector) error
	// SaveReading stores a new reading of a resume that is there, with what the person said of its claims, which it puts on u's.
	SaveReading(ctx context.Context, person uuid.UUID, u *Upload, model string, vector embeddings.Vector) error
	Upload(ctx context.Context, person, id uuid.UUID) (*Upload, error)
	DeleteUpload(ctx context.Context, person, id uuid.UUID) error
	// Resumes lists a person's resumes, the latest first.
	Resumes(ctx context.Context, person uuid.UUID) ([]Summary, error)
}

// Summary is one resume in a list.
type Summary struct {
	ID        uuid.UUID `json:"id"`
	FileName  string    `json:"file_name"`
	CreatedAt time.Time `json:"created_at"`
	Skills    int       `json:"skills"`
}

// Corrector stores what a person says of a claim.
type Corrector interface {
	Correct(ctx context.Context, person, resume uuid.UUID, c Correction) (Claim, error)
	// AddClaim stores a claim that no reading made, unless there is one of its skill.
	AddClaim(ctx context.Context, person, resume uuid.UUID, c Claim) error
}

// Correction is a person's word on one claim, which stands above the reader's.
type Correction struct {
	Skill  string
	Level  *int // nil keeps what is there
	Status Status
	Note   string
}

// Intake takes resumes in: reads, finds, judges, embeds and stores.
type Intake struct {
	reader    DocumentReader
	finder    *Finder
	embedder  embeddings.Embedder
	shelf     Shelf
	corrector Corrector
	now       func() time.Time
}

// NewIntake makes an intake. shelf and corrector may be nil for one that only reads.
func NewIntake(r DocumentReader, f *Finder, e embeddings.Embedder, s Shelf, c Corrector, now func() time.Time) *Intake {
	return &Intake{reader: r, finder: f, embedder: e, shelf: s, corrector: c, now: now}
}

// Read reads a file and judges its skills, and stores nothing.
func (in *Intake) Read(ctx context.Context, name string, data []byte) (*Upload, error) {
	doc, err := in.reader.Read(ctx, name, data)
	if err != nil {
		return nil, err
	}
	return in.Judge(name, data, doc), nil
}

// Judge judges the skills of a document that was read from a file, and stores nothing.
func (in *Intake) Judge(name string, data []byte, doc *resume.Document) *Upload {
	now := in.now().UTC()
	return &Upload{
		ID: ident.New(), FileName: cleanName(name), MediaType: resume.Sniff(data).MediaType(), File: data, Document: doc,
		Profile: in.finder.Extract(doc, now), CreatedAt: now,
	}
}

// Keep stores all of an upload, or nothing.
func (in *Intake) Keep(ctx context.Context, person uuid.UUID, u *Upload) error {
	model, vectors, err := embeddings.Named(ctx, in.embedder, []string{Gist(u)})
	if err != nil {
		return err
	}
	return in.shelf.SaveUpload(ctx, person, u, model, vectors[0])
}

// Resume is a stored resume of a person.
func (in *Intake) Resume(ctx context.Context, person, id uuid.UUID) (*Upload, error) {
	return in.shelf.Upload(ctx, person, id)
}

// Resumes lists a person's resumes, the latest first.
func (in *Intake) Resumes(ctx context.Context, person uuid.UUID) ([]Summary, error) {
	return in.shelf.Resumes(ctx, person)
}

// Discard deletes a resume and everything computed from it.
func (in *Intake) Discard(ctx context.Context, person, id uuid.UUID) error {
	return in.shelf.DeleteUpload(ctx, person, id)
}

// maxNote bounds a note in code points.
const maxNote = 500

// Correct stores a person's word on one claim. Errors are fault.Invalid with the field named, and fault.NotFound.
func (in *Intake) Correct(ctx context.Context, person, id uuid.UUID, c Correction) (Claim, error) {
	switch {
	case c.Level != nil && (*c.Level < catalog.LevelNone || *c.Level > catalog.LevelExpert):
		return Claim{}, fault.New(fault.Invalid, "invalid-level", "A level is a number from 0 to 5.").In("level")
	case c.Status != StatusConfirmed && c.Status != StatusRejected:
		return Claim{}, fault.New(fault.Invalid, "invalid-status", "The status is confirmed or rejected.").In("status")
	case len([]rune(c.Note)) > maxNote:
		return Claim{}, fault.Newf(fault.Invalid, "note-too-long", "A note has at most %d characters.", maxNote).In("note")
	}
	return in.corrector.Correct(ctx, person, id, c)
}

// vouched is why a level stands that nothing in the resume shows.
const vouched = "You said that you have it. The resume does not name it."

// Vouch is Correct for a skill that the resume may not name: then the person's word, with a level and what proves it, is a claim of its own.
func (in *Intake) Vouch(ctx context.Context, person, id uuid.UUID, c Correction) (Claim, error) {
	claim, err := in.Correct(ctx, person, id, c)
	if fault.KindOf(err) != fault.NotFound || c.Status != StatusConfirmed || c.Level == nil {
		return claim, err
	}
	k, unknown := in.finder.catalog.Skill(c.Skill)
	if unknown != nil {
		return claim, err
	}
	claim = Claim{ID: &k.ID, Name: k.Name, Kind: string(k.Kind), Level: *c.Level, Why: vouched, Status: c.Status, Note: c.Note, Mentions: []Mention{}}
	return claim, in.corrector.AddClaim(ctx, person, id, claim)
}

// maxFileName bounds a file's name in code points.
const maxFileName = 120

// cleanName keeps the last part of a file's name, without what could do harm in a header or a page.
func cleanName(name string) string {
	name = filepath.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '"' {
			return -1
		}
		return r
	}, name)
	if r := []rune(name); len(r) > maxFileName {
		name = string(r[len(r)-maxFileName:])
	}
	if name == "" || name == "." || name == ".." || name == "/" {
		return "resume"
	}
	return name
}
