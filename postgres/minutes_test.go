package postgres_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/gateway/ledgertest"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/ident"
	"github.com/gapwise/gapwise/internal/pgtest"
	"github.com/gapwise/gapwise/postgres"
)

// drawn takes some of a person's minute.
func drawn(tb testing.TB, db *postgres.DB, person uuid.UUID) error {
	tb.Helper()
	_, _, _, err := db.DrawMinute(tb.Context(), person, gateway.MinuteDraw{Need: gateway.Rate{Requests: 1}, Limit: gateway.Rate{Requests: 5}})
	return err
}

// keyOf is a key of 32 bytes.
func keyOf(id uuid.UUID) []byte { return append(id[:], id[:]...) }

func someTranscript(person uuid.UUID) gateway.Transcript {
	return gateway.Transcript{Call: ident.New(), Person: person, Purpose: "chat", Model: "m", Outcome: "ok", Prompt: marker, Answer: marker, At: noon, Until: noon.Add(time.Hour)}
}

// minutes are those of the database, with a way to make time pass: what has begun is moved into the past.
type minutes struct {
	*postgres.DB
	raw *pgx.Conn
}

func (m minutes) Pass(tb testing.TB, d time.Duration) {
	tb.Helper()
	if _, err := m.raw.Exec(tb.Context(), `update gateway_minutes set start = start - $1::interval`, d); err != nil {
		tb.Fatal(err)
	}
}

func TestMinutesConform(t *testing.T) {
	ledgertest.ConformMinutes(t, func(tb testing.TB) (m ledgertest.Passing, person func() uuid.UUID) {
		tb.Helper()
		tt, ok := tb.(*testing.T)
		if !ok {
			tb.Fatal("no test")
		}
		url := pgtest.URL(tb)
		db, err := postgres.Open(tb.Context(), url)
		if err != nil {
			tb.Fatal(err)
		}
		tb.Cleanup(db.Close)
		raw, err := pgx.Connect(tb.Context(), url)
		if err != nil {
			tb.Fatal(err)
		}
		tb.Cleanup(func() { _ = raw.Close(context.WithoutCancel(tb.Context())) })
		return minutes{db, raw}, func() uuid.UUID { return newPerson(tt, db) }
	})
}

func TestMinuteOfSomebodyWhoHasLeft(t *testing.T) {
	db := pgtest.Open(t)
	if err := drawn(t, db, uuid.New()); !errors.Is(err, fault.NotFound) {
		t.Errorf("%v, want NotFound", err)
	}
}

// TestMinutesInParallel draws from many connections at once.
func TestMinutesInParallel(t *testing.T) {
	db := pgtest.Open(t)
	person := newPerson(t, db)
	began := time.Now()
	var mu sync.Mutex
	var wg sync.WaitGroup
	got := 0
	for range 90 {
		wg.Go(func() {
			r, fits, _, err := db.DrawMinute(t.Context(), person, gateway.MinuteDraw{Need: gateway.Rate{Requests: 1}, Want: gateway.Rate{Requests: 3}, Limit: gateway.Rate{Requests: 40}})
			mu.Lock()
			defer mu.Unlock()
			if err != nil || fits != (r.Requests > 0) {
				t.Errorf("%+v, %t, %v", r, fits, err)
			}
			got += r.Requests
		})
	}
	wg.Wait()
	if got != 40 && time.Since(began) < time.Minute {
		t.Errorf("%d were let in, want 40", got)
	}
}

func TestKeptAnswersEnd(t *testing.T) {
	db := pgtest.Open(t)
	person, key := newPerson(t, db), keyOf(ident.New())
	if err := db.KeepAnswer(t.Context(), key, person, []byte("sealed"), noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	at := func(now time.Time) bool {
		t.Helper()
		b, until, ok, err := db.KeptAnswer(t.Context(), key, now)
		if err != nil || ok && (string(b) != "sealed" || !until.Equal(noon.Add(time.Hour))) {
			t.Errorf("%q until %s, %v", b, until, err)
		}
		return ok
	}
	if !at(noon) || at(noon.Add(time.Hour)) {
		t.Error("an answer is found for an hour and no longer")
	}
	if err := db.DropExpired(t.Context(), noon.Add(time.Minute)); err != nil || !at(noon) {
		t.Errorf("dropped too early, %v", err)
	}
	if err := db.DropExpired(t.Context(), noon.Add(time.Hour)); err != nil || at(noon) {
		t.Errorf("not dropped, %v", err)
	}
	if err := db.KeepAnswer(t.Context(), key, uuid.New(), []byte("x"), noon.Add(time.Hour)); err != nil || at(noon) {
		t.Errorf("an answer of somebody who has left was kept, %v", err)
	}
	if err := db.KeepAnswer(t.Context(), key, uuid.Nil, []byte("sealed"), noon.Add(time.Hour)); err != nil || !at(noon) {
		t.Errorf("nobody's answer was not kept, %v", err)
	}
}

func TestTranscriptsEnd(t *testing.T) {
	db := pgtest.Open(t)
	ada, grace := newPerson(t, db), newPerson(t, db)
	for _, p := range []uuid.UUID{ada, grace, uuid.Nil, uuid.New()} { // the last one has left
		if err := db.KeepTranscript(t.Context(), someTranscript(p)); err != nil {
			t.Fatal(err)
		}
	}
	count := func(person uuid.UUID, now time.Time) int {
		t.Helper()
		list, err := db.Transcripts(t.Context(), person, 10, now)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range list {
			if person != uuid.Nil && one.Person != person || one.Prompt != marker || one.Answer != marker {
				t.Errorf("%+v", one)
			}
		}
		return len(list)
	}
	if count(uuid.Nil, noon) != 3 || count(ada, noon) != 1 || count(ada, noon.Add(time.Hour)) != 0 {
		t.Error("want those of people who are there, until their time is over")
	}
	if err := db.DropExpired(t.Context(), noon.Add(time.Hour)); err != nil || count(uuid.Nil, noon) != 0 {
		t.Errorf("not dropped, %v", err)
	}
}
