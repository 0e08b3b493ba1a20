// Package account knows people, guests and tokens: who is asking, and what happens to what is theirs.
package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/ident"
)

// Kind is what a person may do.
type Kind string

// The kinds of people. An operator may import postings; a local person is whoever uses the command line of the machine.
const (
	Guest    Kind = "guest"
	Member   Kind = "member"
	Operator Kind = "operator"
	Local    Kind = "local"
)

// Person is somebody whose data is theirs alone.
type Person struct {
	ID        uuid.UUID `json:"id"`
	Kind      Kind      `json:"kind"`
	Name      string    `json:"name,omitempty"`
	CreatedAt time.Time `json:"created_at"`
}

// TokenKind says how a token is carried.
type TokenKind string

// The kinds of token.
const (
	Session TokenKind = "session" // in a cookie
	Bearer  TokenKind = "bearer"  // in an Authorization header
)

// TokenLife is how long a token opens anything.
const TokenLife = 180 * 24 * time.Hour

// Token is what is kept of a secret: its SHA-256. The secret has 256 bits of randomness, so the hash needs no salt and a look-up by it
// tells nothing by its timing.
type Token struct {
	Hash      [sha256.Size]byte
	Person    uuid.UUID
	Kind      TokenKind
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Directory keeps people and tokens.
type Directory interface {
	// Add stores a person and their first token in one step.
	Add(ctx context.Context, p Person, t Token) error
	// ByToken finds whose token it is; fault.NotFound where nobody's, or no longer.
	ByToken(ctx context.Context, hash [sha256.Size]byte, now time.Time) (Person, error)
	// LocalPerson is the person of the command line, made when first asked for.
	LocalPerson(ctx context.Context, fresh Person) (Person, error)
}

// Estate is all that belongs to a person.
type Estate interface {
	// Export is everything that is kept about a person, as one JSON document.
	Export(ctx context.Context, person uuid.UUID) (json.RawMessage, error)
	// Erase deletes the person and everything of theirs.
	Erase(ctx context.Context, person uuid.UUID) error
}

// Service admits people.
type Service struct {
	directory Directory
	estate    Estate
	now       func() time.Time
}

// New makes a service.
func New(d Directory, e Estate, now func() time.Time) *Service {
	return &Service{directory: d, estate: e, now: now}
}

// secretPrefix lets a scanner for leaked secrets know one of ours.
const secretPrefix = "gw_"

// Admit makes a person with a token and returns the secret, which is shown once and not kept.
func (s *Service) Admit(ctx context.Context, kind Kind, name string, carried TokenKind) (Person, string, error) {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails: crypto/rand ends the program instead
	secret := secretPrefix + base64.RawURLEncoding.EncodeToString(raw)
	now := s.now().UTC()
	p := Person{ID: ident.New(), Kind: kind, Name: name, CreatedAt: now}
	t := Token{Hash: sha256.Sum256([]byte(secret)), Person: p.ID, Kind: carried, CreatedAt: now, ExpiresAt: now.Add(TokenLife)}
	if err := s.directory.Add(ctx, p, t); err != nil {
		return Person{}, "", err
	}
	return p, secret, nil
}

var errUnknownToken = fault.New(fault.Unauthenticated, "unknown-token",
	"This token is not known or has expired. POST /api/v1/guests gives a new one.")

// Authenticate finds whose secret it is. The error is fault.Unauthenticated.
func (s *Service) Authenticate(ctx context.Context, secret string) (Person, error) {
	if !strings.HasPrefix(secret, secretPrefix) || len(secret) > 100 {
		return Person{}, errUnknownToken
	}
	p, err := s.directory.ByToken(ctx, sha256.Sum256([]byte(secret)), s.now().UTC())
	if fault.KindOf(err) == fault.NotFound {
		return Person{}, errUnknownToken
	}
	return p, err
}

// Local is the person of the command line.
func (s *Service) Local(ctx context.Context) (Person, error) {
	return s.directory.LocalPerson(ctx, Person{ID: ident.New(), Kind: Local, CreatedAt: s.now().UTC()})
}

// Export is everything of a person.
func (s *Service) Export(ctx context.Context, person uuid.UUID) (json.RawMessage, error) {
	return s.estate.Export(ctx, person)
}

// Erase deletes everything of a person.
func (s *Service) Erase(ctx context.Context, person uuid.UUID) error {
	return s.estate.Erase(ctx, person)
}
