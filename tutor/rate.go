package tutor

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/internal/fault"
)

// DefaultPerMinute is how many messages a person may send a minute.
const DefaultPerMinute = 30

// rate counts the messages of the last minute, a person at a time. It knows those of this process.
type rate struct {
	most int
	mu   sync.Mutex
	sent map[uuid.UUID][]time.Time
	last time.Time // when everybody was looked at
}

func newRate(most int) *rate {
	if most == 0 {
		most = DefaultPerMinute
	}
	return &rate{most: most, sent: map[uuid.UUID][]time.Time{}}
}

func (r *rate) take(person uuid.UUID, now time.Time) error {
	if r.most < 0 {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	old := now.Add(-time.Minute)
	if r.last.Before(old) {
		r.last = now
		for id, sent := range r.sent {
			if !sent[len(sent)-1].After(old) {
				delete(r.sent, id)
			}
		}
	}
	sent := r.sent[person]
	for len(sent) > 0 && !sent[0].After(old) {
		sent = sent[1:]
	}
	if len(sent) >= r.most {
		r.sent[person] = sent
		return fault.Newf(fault.RateLimited, "too-many-messages", "You may send %d messages a minute. Wait a little.", r.most).After(sent[0].Sub(old))
	}
	r.sent[person] = append(sent, now)
	return nil
}

// talking lets one answer at a time go on in a conversation; the others wait.
type talking struct {
	mu    sync.Mutex
	turns map[uuid.UUID]*talk
}

type talk struct {
	busy    chan struct{}
	waiting int
}

func newTalking() *talking { return &talking{turns: map[uuid.UUID]*talk{}} }

// enter waits until nobody else answers in the conversation.
func (t *talking) enter(ctx context.Context, conversation uuid.UUID) (leave func(), err error) {
	t.mu.Lock()
	k := t.turns[conversation]
	if k == nil {
		k = &talk{busy: make(chan struct{}, 1)}
		t.turns[conversation] = k
	}
	k.waiting++
	t.mu.Unlock()
	out := func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if k.waiting--; k.waiting == 0 {
			delete(t.turns, conversation)
		}
	}
	select {
	case k.busy <- struct{}{}:
		return func() { <-k.busy; out() }, nil
	case <-ctx.Done():
		out()
		return nil, context.Cause(ctx)
	}
}
