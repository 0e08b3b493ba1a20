package filetext

import (
	"container/list"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/gapwise/gapwise/internal/pagetext"
)

// Bounds of what a shelf keeps: a few megabytes at most, of uploads that are often tried again.
const (
	maxShelved      = 64
	maxShelvedRunes = 2_000_000
)

// key is what a reading is known by: the SHA-256 of the bytes, the format and the limits.
type key [sha256.Size]byte

func keyOf(format pagetext.Format, data []byte, limits pagetext.Limits) key {
	h := sha256.New()
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(limits.Pages))) //nolint:gosec // G115: only to tell them apart
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(limits.Runes))) //nolint:gosec // G115: the same
	h.Write([]byte(format))
	h.Write([]byte{0})
	h.Write(data)
	return key(h.Sum(nil))
}

// shelf keeps what was read for a time, and has those that want the same at the same time wait for one reading. It gives copies:
// what one caller does to a document no other sees.
type shelf struct {
	keep time.Duration

	mu      sync.Mutex
	order   *list.List // of *shelved, the one used last in front
	kept    map[key]*list.Element
	runes   int
	flights map[key]*flight
}

type shelved struct {
	key   key
	doc   pagetext.Document
	err   error
	runes int
	timer *time.Timer
}

// flight is a reading that goes on. It ends when nobody waits for it any more.
type flight struct {
	waiters int
	cancel  context.CancelFunc
	done    chan struct{} // closed once doc and err are set
	doc     pagetext.Document
	err     error
}

func newShelf(keep time.Duration) *shelf {
	return &shelf{keep: keep, order: list.New(), kept: map[key]*list.Element{}, flights: map[key]*flight{}}
}

// get gives what is kept for k, or what read gives.
func (s *shelf) get(ctx context.Context, k key, read func(context.Context) (pagetext.Document, error)) (pagetext.Document, error) {
	s.mu.Lock()
	if at, ok := s.kept[k]; ok {
		s.order.MoveToFront(at)
		had := at.Value.(*shelved) //nolint:forcetypeassert // the list holds nothing else
		s.mu.Unlock()
		return clone(&had.doc), had.err
	}
	f, ok := s.flights[k]
	if !ok {
		f = s.launch(ctx, k, read)
	}
	f.waiters++
	s.mu.Unlock()
	select {
	case <-f.done:
		return clone(&f.doc), f.err
	case <-ctx.Done():
		s.leave(k, f)
		return pagetext.Document{}, ctx.Err()
	}
}

// launch starts a reading that does not end with the caller that it is started for.
func (s *shelf) launch(ctx context.Context, k key, read func(context.Context) (pagetext.Document, error)) *flight {
	life, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f := &flight{cancel: cancel, done: make(chan struct{})}
	s.flights[k] = f
	go func() {
		defer cancel()
		f.doc, f.err = read(life)
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.flights[k] == f {
			delete(s.flights, k)
			s.put(k, f)
		}
		close(f.done)
	}()
	return f
}

// leave counts a caller that went away. The last one ends the reading, and whoever comes after that starts another.
func (s *shelf) leave(k key, f *flight) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.waiters--; f.waiters > 0 {
		return
	}
	if s.flights[k] == f {
		delete(s.flights, k)
	}
	f.cancel()
}

// put keeps what was read if it would be the same the next time, and lets go of what was not used for longest.
func (s *shelf) put(k key, f *flight) {
	n := runesOf(&f.doc)
	if s.keep <= 0 || !lasting(f.err) || n > maxShelvedRunes {
		return
	}
	entry := &shelved{key: k, doc: f.doc, err: f.err, runes: n}
	entry.timer = time.AfterFunc(s.keep, func() { s.drop(entry) })
	s.kept[k] = s.order.PushFront(entry)
	s.runes += n
	for s.order.Len() > maxShelved || s.runes > maxShelvedRunes {
		s.remove(s.order.Back().Value.(*shelved)) //nolint:forcetypeassert // the list holds nothing else
	}
}

func (s *shelf) drop(entry *shelved) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(entry)
}

func (s *shelf) remove(entry *shelved) {
	at, ok := s.kept[entry.key]
	if !ok || at.Value != entry {
		return
	}
	entry.timer.Stop()
	s.order.Remove(at)
	delete(s.kept, entry.key)
	s.runes -= entry.runes
}

// lasting is true for an outcome that is the file's own. How busy the machine was, or how a process died, may be otherwise the next time.
func lasting(err error) bool {
	switch pagetext.ReasonOf(err) {
	case pagetext.Password, pagetext.Broken, pagetext.TooManyPages, pagetext.TooLarge:
		return !errors.Is(err, errChild)
	default:
		return err == nil
	}
}

func runesOf(doc *pagetext.Document) int {
	counted := budget{}
	for i := range doc.Pages {
		_ = counted.spend(doc.Pages[i].Lines)
	}
	return -counted.left
}

// clone copies all of a document that a caller could change.
func clone(doc *pagetext.Document) pagetext.Document {
	c := *doc
	c.Pages = slices.Clone(doc.Pages)
	for i := range c.Pages {
		lines := slices.Clone(c.Pages[i].Lines)
		for j := range lines {
			lines[j].Cells = slices.Clone(lines[j].Cells)
		}
		c.Pages[i].Lines = lines
	}
	return c
}
