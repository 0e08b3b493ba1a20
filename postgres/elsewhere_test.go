package postgres_test

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/gateway/ledgertest"
	"github.com/gapwise/gapwise/internal/ident"
	"github.com/gapwise/gapwise/internal/pgtest"
	"github.com/gapwise/gapwise/postgres"
)

// The tests of this file are named after what went wrong in other gateways, with one database and several replicas.

const cent = gateway.Dollar / 100

// stands gives what one budget of the instance's day holds, by the database alone.
func stands(t *testing.T, db *postgres.DB, caps gateway.Caps) gateway.Budget {
	t.Helper()
	list, err := ledgertest.Budgets(t.Context(), db, uuid.Nil, caps, noon)
	if err != nil {
		t.Fatal(err)
	}
	return list[0]
}

// quiet waits until nothing is set aside any more.
func quiet(t *testing.T, db *postgres.DB, caps gateway.Caps) gateway.Budget {
	t.Helper()
	for began := time.Now(); ; {
		b := stands(t, db, caps)
		if b.Reserved == 0 || time.Since(began) > 10*time.Second {
			return b
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// spendOn makes calls until the ledger refuses several in a row, as replicas do, and adds up what they cost.
func spendOn(t *testing.T, l gateway.Ledger, person uuid.UUID, caps gateway.Caps, seed uint64, billed *atomic.Int64) {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 1))
	for refused := 0; refused < 40; {
		r := gateway.Reservation{CallID: ident.New(), Person: person, Purpose: "test", Model: "m", Amount: cent / 2, Caps: caps, At: noon}
		err := l.Reserve(t.Context(), r)
		if _, short := errors.AsType[*gateway.Shortfall](err); short {
			refused++
			time.Sleep(5 * time.Millisecond)
			continue
		}
		if err != nil {
			t.Error(err)
			return
		}
		refused = 0
		cost := gateway.Nano(rng.Int64N(int64(r.Amount) + 1))
		billed.Add(int64(cost))
		if err := l.Settle(t.Context(), r.CallID, gateway.Settlement{Cost: cost, At: noon, Record: gateway.Record{Outcome: "ok"}}); err != nil {
			t.Error(err)
			return
		}
	}
}

// TestNReplicas has three replicas with leases, and a durable one beside them, spend one budget at once.
func TestNReplicas(t *testing.T) {
	db := pgtest.Open(t)
	person := newPerson(t, db)
	caps := gateway.Caps{PersonDay: gateway.Dollar, InstanceDay: gateway.Dollar, InstanceMonth: gateway.Dollar}
	ledgers := []gateway.Ledger{db}
	for range 3 {
		ledgers = append(ledgers, newLeases(t, db, t.TempDir()))
	}
	var billed atomic.Int64
	var wg sync.WaitGroup
	for i, l := range ledgers {
		for j := range 4 {
			wg.Go(func() { spendOn(t, l, person, caps, uint64(10*i+j), &billed) })
		}
	}
	wg.Wait()
	b := quiet(t, db, caps)
	if total := gateway.Nano(billed.Load()); b.Spent != total || b.Reserved != 0 || total > gateway.Dollar || total < gateway.Dollar*95/100 {
		t.Errorf("%s billed, %s spent and %s reserved; want equal, nothing reserved, and 95 %% of a dollar or more", total, b.Spent, b.Reserved)
	}
	rows, err := db.UsageBy(t.Context(), "model", noon.Add(-time.Hour))
	if err != nil || len(rows) != 1 || rows[0].Cost != b.Spent { // row silently dropped
		t.Errorf("the ledger's rows come to %v, %v; want %s", rows, err, b.Spent)
	}
}

// TestStalePerProcessValue has one replica draw all that there is; another is refused, and served once the first gives back.
func TestStalePerProcessValue(t *testing.T) {
	db := pgtest.Open(t)
	caps := gateway.Caps{PersonDay: gateway.Dollar, InstanceDay: 10 * cent, InstanceMonth: gateway.Dollar}
	a, b := newLeases(t, db, ""), newLeases(t, db, "")
	all := gateway.Reservation{CallID: ident.New(), Model: "m", Amount: 10 * cent, Caps: caps, At: noon}
	if err := a.Reserve(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	one := all
	one.CallID, one.Amount = ident.New(), cent
	short, ok := errors.AsType[*gateway.Shortfall](b.Reserve(t.Context(), one))
	if !ok || !short.Open || short.Left != 0 || short.Unspent != 10*cent {
		t.Fatalf("%+v, want a shortfall that may pass", short)
	}
	if err := a.Settle(t.Context(), all.CallID, gateway.Settlement{Cost: 3 * cent, At: noon}); err != nil {
		t.Fatal(err)
	}
	var err error
	for range 100 {
		if err = b.Reserve(t.Context(), one); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if err != nil {
		t.Fatalf("after the other replica has given back: %v", err)
	}
	if err := b.Settle(t.Context(), one.CallID, gateway.Settlement{Cost: cent, At: noon}); err != nil {
		t.Fatal(err)
	}
	if got := quiet(t, db, caps); got.Spent != 4*cent || got.Reserved != 0 {
		t.Errorf("%s spent, %s reserved; want 0.04 and nothing", got.Spent, got.Reserved)
	}
}

// TestCacheOfCountersDisagreesWithTheDatabase has one ledger keep counters in memory while another writes to the same budgets: what is said, what is
// let through and what the rows of the calls add up to stay the same.
func TestCacheOfCountersDisagreesWithTheDatabase(t *testing.T) {
	db := pgtest.Open(t)
	caps := gateway.Caps{PersonDay: gateway.Dollar, InstanceDay: 10 * cent, InstanceMonth: gateway.Dollar}
	l := newLeases(t, db, "")
	spend := func(on gateway.Ledger, amount gateway.Nano) error {
		r := gateway.Reservation{CallID: ident.New(), Purpose: "test", Model: "m", Amount: amount, Caps: caps, At: noon}
		if err := on.Reserve(t.Context(), r); err != nil {
			return err
		}
		return on.Settle(t.Context(), r.CallID, gateway.Settlement{Cost: amount, At: noon, Record: gateway.Record{Outcome: "ok"}})
	}
	agree := func(spent gateway.Nano) {
		t.Helper()
		said, err := ledgertest.Budgets(t.Context(), l, uuid.Nil, caps, noon)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := db.UsageBy(t.Context(), "outcome", noon.AddDate(0, 0, -1))
		if err != nil || len(rows) != 1 {
			t.Fatalf("%v, %v", rows, err)
		}
		if kept := stands(t, db, caps); said[0].Spent != spent || kept.Spent != spent || rows[0].Cost != spent {
			t.Errorf("memory says %s, the database %s and its calls %s; want %s", said[0].Spent, kept.Spent, rows[0].Cost, spent)
		}
	}
	for _, step := range []struct {
		on     gateway.Ledger
		amount gateway.Nano
		spent  gateway.Nano
	}{{l, cent, cent}, {db, 4 * cent, 5 * cent}, {l, cent, 6 * cent}, {db, cent, 7 * cent}, {l, 3 * cent, 10 * cent}} {
		var err error
		for range 100 { // what one ledger has drawn in advance, it gives back to the other
			if err = spend(step.on, step.amount); err == nil {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		if err != nil {
			t.Fatalf("%s: %v", step.amount, err)
		}
		agree(step.spent)
	}
	for _, on := range []gateway.Ledger{l, db} {
		if _, short := errors.AsType[*gateway.Shortfall](spend(on, 1)); !short {
			t.Error("a nano-dollar more was let through")
		}
	}
	agree(10 * cent)
}

// TestAdditiveReseed opens and closes a replica again and again: what is spent stays what it is.
func TestAdditiveReseed(t *testing.T) {
	db := pgtest.Open(t)
	caps := gateway.Caps{PersonDay: gateway.Dollar, InstanceDay: gateway.Dollar, InstanceMonth: gateway.Dollar}
	for i := range 5 {
		l := newLeases(t, db, t.TempDir())
		r := gateway.Reservation{CallID: ident.New(), Model: "m", Amount: 2 * cent, Caps: caps, At: noon}
		if err := errors.Join(l.Reserve(t.Context(), r), l.Settle(t.Context(), r.CallID, gateway.Settlement{Cost: cent, At: noon}), l.Close()); err != nil {
			t.Fatal(err)
		}
		if got := stands(t, db, caps); got.Spent != gateway.Nano(i+1)*cent || got.Reserved != 0 {
			t.Errorf("after %d: %s spent, %s reserved", i+1, got.Spent, got.Reserved)
		}
	}
}

// unsure is Slices whose exchanges fail for whoever makes them, some after they took effect.
type unsure struct {
	gateway.Slices
	mu  sync.Mutex
	rng *rand.Rand
}

func (u *unsure) Exchange(ctx context.Context, owner uuid.UUID, seq int64, moves []gateway.Move, calls []gateway.Booking) ([]gateway.Grant, error) {
	u.mu.Lock()
	fate := u.rng.IntN(6)
	u.mu.Unlock()
	if fate == 0 {
		return nil, errors.New("the connection was lost before")
	}
	grants, err := u.Slices.Exchange(ctx, owner, seq, moves, calls)
	if fate == 1 {
		return nil, errors.New("the connection was lost after")
	}
	return grants, err
}

// TestSpendPoppedThenCommitFails loses the connection around commits, before and after them.
func TestSpendPoppedThenCommitFails(t *testing.T) {
	db := pgtest.Open(t)
	caps := gateway.Caps{PersonDay: gateway.Dollar, InstanceDay: 20 * cent, InstanceMonth: gateway.Dollar}
	l := gateway.NewLeases(gateway.LeaseOptions{
		Slices: &unsure{Slices: db, rng: rand.New(rand.NewPCG(1, 2))}, Journal: t.TempDir(), Now: time.Now, Log: slog.New(slog.DiscardHandler),
	})
	var billed atomic.Int64
	var wg sync.WaitGroup
	for j := range 6 {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(j), 3))
			for range 60 {
				r := gateway.Reservation{CallID: ident.New(), Model: "m", Amount: cent / 4, Caps: caps, At: noon}
				if l.Reserve(t.Context(), r) != nil {
					time.Sleep(5 * time.Millisecond)
					continue
				}
				cost := gateway.Nano(rng.Int64N(int64(r.Amount) + 1))
				billed.Add(int64(cost))
				if err := l.Settle(t.Context(), r.CallID, gateway.Settlement{Cost: cost, At: noon}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	b := quiet(t, db, caps)
	if total := gateway.Nano(billed.Load()); total == 0 || b.Spent != total || b.Reserved != 0 || total > caps.InstanceDay {
		t.Errorf("%s billed, %s spent, %s reserved of %s; want equal and nothing reserved", total, b.Spent, b.Reserved, caps.InstanceDay)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
}

// TestDeadReplica leaves a journal as a killed process does: with a call that ended, one that was under way and half a line.
func TestDeadReplica(t *testing.T) {
	db := pgtest.Open(t)
	caps := gateway.Caps{PersonDay: gateway.Dollar, InstanceDay: gateway.Dollar, InstanceMonth: gateway.Dollar}
	dir, copied := t.TempDir(), t.TempDir()
	life, die := context.WithCancel(t.Context())
	l := gateway.NewLeases(gateway.LeaseOptions{Slices: mortal{db, life}, Journal: dir, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	ended := gateway.Reservation{CallID: ident.New(), Model: "m", Amount: 5 * cent, Caps: caps, At: noon}
	open := ended
	open.CallID = ident.New()
	if err := errors.Join(l.Reserve(t.Context(), ended), l.Reserve(t.Context(), open)); err != nil {
		t.Fatal(err)
	}
	die() // from now on it says nothing to the database, and its lock is gone
	if err := l.Settle(t.Context(), ended.CallID, gateway.Settlement{Cost: 2 * cent, At: noon}); err != nil {
		t.Fatal(err)
	}
	if n, err := gateway.RecoverJournals(t.Context(), dir, db, noon); n != 0 || err != nil {
		t.Errorf("%d journals of living processes recovered, %v", n, err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.journal"))
	if err != nil || len(names) != 1 {
		t.Fatalf("%v, %v", names, err)
	}
	b, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(copied, filepath.Base(names[0])), append(b, `{"c":"`...), 0o600); err != nil {
		t.Fatal(err)
	}
	for began := time.Now(); stands(t, db, caps).Reserved != 0 && time.Since(began) < 20*time.Second; {
		time.Sleep(10 * time.Millisecond) // until its lock is known to be gone
	}
	if got := stands(t, db, caps); got.Spent < 10*cent || got.Reserved != 0 {
		t.Errorf("before its calls are known: %s spent, %s reserved; want all that it held as spent", got.Spent, got.Reserved)
	}
	for range 2 {
		if _, err := gateway.RecoverJournals(t.Context(), copied, db, noon); err != nil {
			t.Fatal(err)
		}
		if got := stands(t, db, caps); got.Spent != 7*cent || got.Reserved != 0 {
			t.Errorf("%s spent, %s reserved; want 0.02 of the call that ended, 0.05 of the one under way, and nothing", got.Spent, got.Reserved)
		}
	}
	rows, err := db.UsageBy(t.Context(), "outcome", noon.Add(-time.Hour))
	if err != nil || len(rows) != 2 || rows[0].Key != "abandoned" || rows[0].Cost != 5*cent {
		t.Errorf("%v, %v; want the call that was under way as abandoned", rows, err)
	}
}

// mortal is Slices that answer for as long as life lasts.
type mortal struct {
	*postgres.DB
	life context.Context //nolint:containedctx // it is what the type is about
}

func (m mortal) Enter(_ context.Context, owner uuid.UUID, wanted func(gateway.WindowKey)) error {
	return m.DB.Enter(m.life, owner, wanted)
}

func (m mortal) Exchange(ctx context.Context, owner uuid.UUID, seq int64, moves []gateway.Move, calls []gateway.Booking) ([]gateway.Grant, error) {
	if err := m.life.Err(); err != nil {
		return nil, err
	}
	return m.DB.Exchange(ctx, owner, seq, moves, calls)
}

func (m mortal) Resync(ctx context.Context, owner uuid.UUID) (applied, next int64, held map[gateway.WindowKey]gateway.Nano, err error) {
	if err := m.life.Err(); err != nil {
		return 0, 0, nil, err
	}
	return m.DB.Resync(ctx, owner)
}

// TestDeadOwnerSettlesAtTheReservedAmount closes a durable process in the middle of a call; its own settlement still corrects the books.
func TestDeadOwnerSettlesAtTheReservedAmount(t *testing.T) {
	url := pgtest.URL(t)
	var dbs [2]*postgres.DB
	for i := range dbs {
		var err error
		if dbs[i], err = postgres.Open(t.Context(), url); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(dbs[i].Close)
	}
	caps := gateway.Caps{PersonDay: gateway.Dollar, InstanceDay: gateway.Dollar, InstanceMonth: gateway.Dollar}
	r := gateway.Reservation{CallID: ident.New(), Model: "m", Amount: 5 * cent, Caps: caps, At: noon}
	if err := dbs[0].Reserve(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	long := noon.Add(-time.Hour)
	if n, err := dbs[1].SettleAbandoned(t.Context(), long, noon); n != 0 || err != nil {
		t.Errorf("%d booked while the owner lives, %v", n, err)
	}
	dbs[0].Close()
	n := 0
	for began := time.Now(); n == 0 && time.Since(began) < 20*time.Second; time.Sleep(10 * time.Millisecond) {
		var err error
		if n, err = dbs[1].SettleAbandoned(t.Context(), long, noon); err != nil {
			t.Fatal(err)
		}
	}
	if got := stands(t, dbs[1], caps); n != 1 || got.Spent != 5*cent || got.Reserved != 0 {
		t.Errorf("%d booked, %s spent, %s reserved; want the whole reservation", n, got.Spent, got.Reserved)
	}
	for range 2 { // it was alive after all, as after a restart of the database
		if err := dbs[1].Settle(t.Context(), r.CallID, gateway.Settlement{Cost: cent, At: noon}); err != nil {
			t.Fatal(err)
		}
		if got := stands(t, dbs[1], caps); got.Spent != cent || got.Reserved != 0 {
			t.Errorf("%s spent, %s reserved; want what it did cost", got.Spent, got.Reserved)
		}
	}
}

// TestNobodyIsDeadWhileTheServerStarts: processes need a while to take their locks again, from when one of them notices that the server is there.
func TestNobodyIsDeadWhileTheServerStarts(t *testing.T) {
	url := pgtest.URL(t)
	db, err := postgres.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	raw, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = raw.Close(context.WithoutCancel(t.Context())) })
	do := func(sql string) {
		t.Helper()
		if _, err := raw.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	dead := func() bool {
		t.Helper()
		var alive bool
		if err := raw.QueryRow(t.Context(), `select gateway_alive(gen_random_uuid())`).Scan(&alive); err != nil {
			t.Fatal(err)
		}
		return !alive
	}
	do(`update gateway_ledger set started = pg_postmaster_start_time(), noticed = now() - interval '1 minute'`)
	if !dead() {
		t.Error("a process that holds no lock counts as alive")
	}
	do(`update gateway_ledger set started = started - interval '1 day'`) // the server has been started since
	if dead() {
		t.Error("somebody is dead before anybody has noticed the start")
	}
	if _, err := db.SettleAbandoned(t.Context(), noon, noon); err != nil || dead() {
		t.Errorf("%v; somebody is dead just after it was noticed", err)
	}
	do(`update gateway_ledger set noticed = noticed - interval '4 seconds'`)
	if !dead() {
		t.Error("seconds later everybody still counts as alive")
	}
	if _, err := db.SettleAbandoned(t.Context(), noon, noon); err != nil || !dead() {
		t.Errorf("%v; the start was noticed a second time", err)
	}
}

// TestDatabaseDown refuses at once what cannot be counted.
func TestDatabaseDown(t *testing.T) {
	db := pgtest.Open(t)
	caps := gateway.Caps{PersonDay: gateway.Dollar, InstanceDay: gateway.Dollar, InstanceMonth: gateway.Dollar}
	life, die := context.WithCancel(t.Context())
	l := gateway.NewLeases(gateway.LeaseOptions{Slices: mortal{db, life}, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	reserve := func() error {
		r := gateway.Reservation{CallID: ident.New(), Model: "m", Amount: cent, Caps: caps, At: noon}
		err := l.Reserve(t.Context(), r)
		if err == nil {
			err = l.Settle(t.Context(), r.CallID, gateway.Settlement{Cost: cent, At: noon})
		}
		return err
	}
	if err := reserve(); err != nil {
		t.Fatal(err)
	}
	die()
	var err error
	for range 50 {
		if err = reserve(); err != nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if _, short := errors.AsType[*gateway.Shortfall](err); err == nil || short {
		t.Errorf("%v, want calls refused within a second of the last answer of the database", err)
	}
}

func TestSimilarAnswers(t *testing.T) {
	db := pgtest.Open(t)
	family, other := make([]byte, 32), make([]byte, 32)
	other[0] = 1
	a := gateway.Answer{Text: "By appending.", FinishReason: "stop", Model: "m"}
	if err := db.Keep(t.Context(), family, "How does a log work?", []float32{1, 0}, a, noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	q, got, cosine, ok, err := db.Nearest(t.Context(), family, []float32{0.8, 0.6}, noon)
	if err != nil || !ok || q != "How does a log work?" || got.Text != a.Text || cosine < 0.79 || cosine > 0.81 {
		t.Errorf("%q, %+v, %f, %t, %v", q, got, cosine, ok, err)
	}
	for name, find := range map[string]func() (string, gateway.Answer, float64, bool, error){
		"another family": func() (string, gateway.Answer, float64, bool, error) {
			return db.Nearest(t.Context(), other, []float32{1, 0}, noon)
		},
		"another model": func() (string, gateway.Answer, float64, bool, error) {
			return db.Nearest(t.Context(), family, []float32{1, 0, 0}, noon)
		},
		"its time is up": func() (string, gateway.Answer, float64, bool, error) {
			return db.Nearest(t.Context(), family, []float32{1, 0}, noon.Add(2*time.Hour))
		},
	} {
		if _, _, _, ok, err := find(); ok || err != nil {
			t.Errorf("%s: found, %v", name, err)
		}
	}
}
