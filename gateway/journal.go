package gateway

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
)

// journal is the file in which a replica notes its calls, so that another process can book them when this one is killed. A line is in the
// kernel's hands when the call is made; after a crash of the whole machine the slice counts as spent instead. The file is locked for as long
// as its process lives.
type journal struct {
	dir   string
	owner uuid.UUID
	file  *os.File
	size  int64
}

// longJournal is the size at which a journal is written anew with what is still open.
const longJournal = 4 << 20

// entry is one line: a reservation with its windows, or a settlement.
type entry struct {
	Call    uuid.UUID    `json:"c"`
	Reserve *reserveNote `json:"r,omitempty"`
	Settle  *Settlement  `json:"s,omitempty"`
}

// reserveNote is a Reservation without its caps.
type reserveNote struct {
	Person        uuid.UUID   `json:"p"`
	Group         string      `json:"g,omitempty"`
	Purpose       string      `json:"u,omitempty"`
	PromptVersion string      `json:"v,omitempty"`
	Model         string      `json:"m"`
	Provider      string      `json:"o,omitempty"`
	Nano          int64       `json:"a"`
	At            time.Time   `json:"t"`
	Keys          []WindowKey `json:"k"`
}

func journalName(dir string, owner uuid.UUID) string {
	return filepath.Join(dir, owner.String()+".journal")
}

func openJournal(dir string, owner uuid.UUID) (*journal, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the journal's directory: %w", err)
	}
	j := &journal{dir: dir, owner: owner}
	f, err := j.fresh(journalName(dir, owner))
	if err != nil {
		return nil, err
	}
	j.file = f
	return j, nil
}

// fresh makes an empty file and locks it.
func (j *journal) fresh(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY|os.O_APPEND, 0o600) //nolint:gosec // G304: our own directory
	if err != nil {
		return nil, fmt.Errorf("make the journal: %w", err)
	}
	if ok, err := lockFile(f); err != nil || !ok {
		return nil, errors.Join(fmt.Errorf("lock the journal: %w", err), f.Close())
	}
	return f, nil
}

func (j *journal) write(e entry) error {
	b, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	n, err := j.file.Write(append(b, '\n'))
	j.size += int64(n)
	if err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	return nil
}

func noteOf(r Reservation, keys []WindowKey) *reserveNote {
	return &reserveNote{
		Person: r.Person, Group: r.Group, Purpose: r.Purpose, PromptVersion: r.PromptVersion, Model: r.Model, Provider: r.Provider, Nano: int64(r.Amount), At: r.At, Keys: keys,
	}
}

func (j *journal) reserved(r Reservation, windows []Window) error {
	keys := make([]WindowKey, len(windows))
	for i, w := range windows {
		keys[i] = w.Key()
	}
	return j.write(entry{Call: r.CallID, Reserve: noteOf(r, keys)})
}

func (j *journal) settled(call uuid.UUID, s Settlement) error {
	return j.write(entry{Call: call, Settle: &s})
}

func (j *journal) long() bool { return j != nil && j.size > longJournal }

// checkpoint writes the journal anew with what the database does not know yet.
func (j *journal) checkpoint(open map[uuid.UUID]*openCall, pending []Booking) error {
	name := journalName(j.dir, j.owner)
	f, err := j.fresh(name + ".new")
	if err != nil {
		return err
	}
	next := &journal{dir: j.dir, owner: j.owner, file: f}
	for id, c := range open {
		keys := make([]WindowKey, len(c.slices))
		for i, s := range c.slices {
			keys[i] = s.Key()
		}
		err = errors.Join(err, next.write(entry{Call: id, Reserve: noteOf(c.Reservation, keys)}))
	}
	for _, b := range pending {
		err = errors.Join(err, next.write(entry{Call: b.CallID, Reserve: noteOf(b.Reservation, b.Keys), Settle: &b.Settlement}))
	}
	if err == nil {
		err = os.Rename(name+".new", name)
	}
	if err != nil {
		return errors.Join(err, f.Close())
	}
	err = j.file.Close()
	j.file, j.size = f, next.size
	return err
}

// clear empties the journal.
func (j *journal) clear() error {
	if err := j.file.Truncate(0); err != nil {
		return fmt.Errorf("empty the journal: %w", err)
	}
	j.size = 0
	return nil
}

// close gives the file up, and removes it where everything in it is booked.
func (j *journal) close(booked bool) error {
	if j == nil {
		return nil
	}
	var err error
	if booked {
		err = os.Remove(j.file.Name())
		if errors.Is(err, fs.ErrNotExist) { // it was renamed
			err = os.Remove(journalName(j.dir, j.owner))
		}
	}
	return errors.Join(err, j.file.Close())
}

// RecoverJournals books the calls of processes that died from the journals that they have left, and returns how many journals there were. A
// call that was under way is booked at its whole reservation.
func RecoverJournals(ctx context.Context, dir string, to Slices, now time.Time) (int, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.journal"))
	if err != nil {
		return 0, err
	}
	done := 0
	for _, name := range names {
		ok, err := recoverJournal(ctx, name, to, now)
		if err != nil {
			return done, err
		}
		if ok {
			done++
		}
	}
	return done, nil
}

func recoverJournal(ctx context.Context, name string, to Slices, now time.Time) (bool, error) {
	owner, err := uuid.Parse(strings.TrimSuffix(filepath.Base(name), ".journal"))
	if err != nil {
		return false, nil // somebody else's file
	}
	f, err := os.Open(name) //nolint:gosec // G304: found in our own directory
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("open a journal: %w", err)
	}
	defer func() { _ = f.Close() }() // gives the lock up
	if ok, err := lockFile(f); err != nil || !ok {
		return false, err // its process lives
	}
	mine, err := f.Stat()
	if err != nil {
		return false, fmt.Errorf("read a journal: %w", err)
	}
	if there, err := os.Stat(name); err != nil || !os.SameFile(mine, there) {
		return false, nil // its process lives and has written it anew, or another has recovered it
	}
	calls, err := readJournal(f, now)
	if err != nil {
		return false, err
	}
	if err := to.Recover(ctx, owner, calls); err != nil {
		return false, err
	}
	_ = os.Remove(name + ".new") // half-written, or never there
	return true, os.Remove(name)
}

// readJournal gives every call of a journal as ended. The last line may be half-written.
func readJournal(f *os.File, now time.Time) ([]Booking, error) {
	byID := map[uuid.UUID]*Booking{}
	var order []uuid.UUID
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		var e entry
		if json.Unmarshal(in.Bytes(), &e) != nil {
			break
		}
		if r := e.Reserve; r != nil {
			amount := Nano(r.Nano)
			byID[e.Call] = &Booking{
				Reservation: Reservation{
					CallID: e.Call, Person: r.Person, Group: r.Group, Purpose: r.Purpose, PromptVersion: r.PromptVersion, Model: r.Model, Provider: r.Provider, Amount: amount, At: r.At,
				},
				Settlement: Settlement{Cost: amount, Estimated: true, At: now, Record: Record{Outcome: "abandoned"}},
				Keys:       r.Keys,
			}
			order = append(order, e.Call)
		}
		if b := byID[e.Call]; b != nil && e.Settle != nil {
			b.Settlement = *e.Settle
		}
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("read a journal: %w", err)
	}
	out := make([]Booking, len(order))
	for i, id := range order {
		out[i] = *byID[id]
	}
	return out, nil
}
