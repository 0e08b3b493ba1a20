package account_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/account"
	"github.com/gapwise/gapwise/internal/fault"
)

// now is a moment in a zone that is not UTC, to see that what is stored is.
var now = time.Date(2026, 11, 24, 1, 0, 0, 0, time.FixedZone("east", 9*3600))

func clock() time.Time { return now }

// directory keeps people in memory.
type directory struct {
	people map[uuid.UUID]account.Person
	tokens map[[sha256.Size]byte]account.Token
	asked  int
	fail   error
}

func newDirectory() *directory {
	return &directory{people: map[uuid.UUID]account.Person{}, tokens: map[[sha256.Size]byte]account.Token{}}
}

func (d *directory) Add(_ context.Context, p account.Person, t account.Token) error {
	if d.fail != nil {
		return d.fail
	}
	d.people[p.ID], d.tokens[t.Hash] = p, t
	return nil
}

func (d *directory) ByToken(_ context.Context, hash [sha256.Size]byte, at time.Time) (account.Person, error) {
	d.asked++
	if d.fail != nil {
		return account.Person{}, d.fail
	}
	t, ok := d.tokens[hash]
	if !ok || !t.ExpiresAt.After(at) {
		return account.Person{}, fault.New(fault.NotFound, "unknown-token", "There is none.")
	}
	return d.people[t.Person], nil
}

func (d *directory) LocalPerson(_ context.Context, fresh account.Person) (account.Person, error) {
	for _, p := range d.people {
		if p.Kind == account.Local {
			return p, nil
		}
	}
	d.people[fresh.ID] = fresh
	return fresh, d.fail
}

// estate says what it was asked.
type estate struct{ erased uuid.UUID }

func (*estate) Export(_ context.Context, person uuid.UUID) (json.RawMessage, error) {
	return json.RawMessage(`{"person":"` + person.String() + `"}`), nil
}

func (e *estate) Erase(_ context.Context, person uuid.UUID) error {
	e.erased = person
	return nil
}

func TestAdmit(t *testing.T) {
	d := newDirectory()
	s := account.New(d, &estate{}, clock)
	seen := map[string]bool{}
	for _, kind := range []account.Kind{account.Guest, account.Member, account.Operator} {
		p, secret, err := s.Admit(t.Context(), kind, "Ada", account.Bearer)
		if err != nil {
			t.Fatal(err)
		}
		want := account.Person{ID: p.ID, Kind: kind, Name: "Ada", CreatedAt: now.UTC()}
		if diff := cmp.Diff(want, p); diff != "" || p.ID.Version() != 7 || p.CreatedAt.Location() != time.UTC {
			t.Errorf("person (-want +got):\n%s", diff)
		}
		raw, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(secret, "gw_"))
		if err != nil || !strings.HasPrefix(secret, "gw_") || len(raw) != 32 || seen[secret] {
			t.Errorf("secret %q, want gw_ and 256 bits that were not there before", secret)
		}
		seen[secret] = true
		wantToken := account.Token{
			Hash: sha256.Sum256([]byte(secret)), Person: p.ID, Kind: account.Bearer, CreatedAt: now.UTC(), ExpiresAt: now.UTC().Add(180 * 24 * time.Hour),
		}
		if diff := cmp.Diff(wantToken, d.tokens[wantToken.Hash]); diff != "" {
			t.Errorf("token (-want +got):\n%s", diff)
		}
		if kept := fmt.Sprintf("%+v %s", d.tokens, d.people); strings.Contains(kept, secret) || strings.Contains(kept, string(raw)) {
			t.Error("the secret itself is kept")
		}
	}
}

func TestAdmitFails(t *testing.T) {
	d := newDirectory()
	d.fail = errors.New("down")
	p, secret, err := account.New(d, &estate{}, clock).Admit(t.Context(), account.Guest, "", account.Session)
	if !errors.Is(err, d.fail) || secret != "" || p != (account.Person{}) {
		t.Errorf("%+v, %q, %v; want the error alone", p, secret, err)
	}
}

func TestAuthenticate(t *testing.T) {
	d := newDirectory()
	at := now
	s := account.New(d, &estate{}, func() time.Time { return at })
	p, secret, err := s.Admit(t.Context(), account.Guest, "", account.Session)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		secret string
		after  time.Duration
		fail   error
		want   error
		asked  int
	}{
		{"known", secret, 0, nil, nil, 1},
		{"on its last second", secret, account.TokenLife - time.Second, nil, nil, 1},
		{"expired", secret, account.TokenLife, nil, fault.Unauthenticated, 1},
		{"unknown", "gw_" + strings.Repeat("A", 43), 0, nil, fault.Unauthenticated, 1},
		{"empty", "", 0, nil, fault.Unauthenticated, 0},
		{"only the prefix", "gw_", 0, nil, fault.Unauthenticated, 1},
		{"not one of ours", strings.TrimPrefix(secret, "gw_"), 0, nil, fault.Unauthenticated, 0},
		{"far too long", "gw_" + strings.Repeat("A", 1<<20), 0, nil, fault.Unauthenticated, 0},
		{"the directory is down", secret, 0, fault.New(fault.Unavailable, "down", "Down."), fault.Unavailable, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			at, d.asked, d.fail = now.Add(tt.after), 0, tt.fail
			got, err := s.Authenticate(t.Context(), tt.secret)
			if !errors.Is(err, tt.want) || (err == nil) != (tt.want == nil) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
			if err == nil && got != p || err != nil && got != (account.Person{}) {
				t.Errorf("person %+v, want %+v", got, p)
			}
			if d.asked != tt.asked {
				t.Errorf("the directory was asked %d times, want %d", d.asked, tt.asked)
			}
		})
	}
}

func TestLocal(t *testing.T) {
	s := account.New(newDirectory(), &estate{}, clock)
	first, err := s.Local(t.Context())
	if err != nil || first.Kind != account.Local || first.ID == uuid.Nil || !first.CreatedAt.Equal(now) {
		t.Fatalf("%+v, %v", first, err)
	}
	if again, err := s.Local(t.Context()); err != nil || again != first {
		t.Errorf("%+v, %v; want the same person again", again, err)
	}
}

func TestExportAndErase(t *testing.T) {
	e := &estate{}
	s := account.New(newDirectory(), e, clock)
	person := uuid.New()
	if doc, err := s.Export(t.Context(), person); err != nil || string(doc) != `{"person":"`+person.String()+`"}` {
		t.Errorf("export %s, %v", doc, err)
	}
	if err := s.Erase(t.Context(), person); err != nil || e.erased != person {
		t.Errorf("erased %s, %v; want %s", e.erased, err, person)
	}
}
