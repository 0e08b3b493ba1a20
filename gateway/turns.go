package gateway

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"
)

// DefaultWait is how long a call waits for its turn at a budget that is reserved but not spent.
const DefaultWait = 15 * time.Second

const (
	maxWaiting = 4096                  // calls of one budget that wait at once
	turnPoll   = 25 * time.Millisecond // how often the first looks whether another replica has given something back
)

// turns are the queues of calls that wait for room in a budget: first in, first out, a queue for each budget that is short.
type turns struct {
	mu     sync.Mutex
	queues map[WindowKey][]*place
}

// place is a call's in a queue. wake holds a token whenever looking again may help.
type place struct {
	key  WindowKey
	wake chan struct{}
}

func newTurns() *turns { return &turns{queues: map[WindowKey][]*place{}} }

func (p *place) call() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

var errQueueFull = errors.New("too many calls wait for this budget")

// join takes the last place of a queue.
func (t *turns) join(key WindowKey) (*place, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.queues[key]) >= maxWaiting {
		return nil, errQueueFull
	}
	p := &place{key: key, wake: make(chan struct{}, 1)}
	t.queues[key] = append(t.queues[key], p)
	return p, nil
}

// leave gives a place up and calls whoever is first then.
func (t *turns) leave(p *place) {
	if p == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	q := t.queues[p.key]
	for i, other := range q {
		if other == p {
			q = append(q[:i:i], q[i+1:]...)
			break
		}
	}
	if len(q) == 0 {
		delete(t.queues, p.key)
		return
	}
	t.queues[p.key] = q
	q[0].call()
}

// behind is the queue that a newcomer over these windows has to join, if there is one.
func (t *turns) behind(windows []Window) (WindowKey, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.queues) == 0 {
		return WindowKey{}, false
	}
	for _, w := range windows {
		if len(t.queues[w.Key()]) > 0 {
			return w.Key(), true
		}
	}
	return WindowKey{}, false
}

func (t *turns) first(p *place) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.queues[p.key][0] == p
}

// settled calls the first of every queue: money has been given back.
func (t *turns) settled() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, q := range t.queues {
		q[0].call()
	}
}

// waiting is how many calls wait.
func (t *turns) waiting() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := 0
	for _, q := range t.queues {
		n += len(q)
	}
	return n
}

// await returns when the place is first and looking again may help, or with the error of ctx.
func (t *turns) await(ctx context.Context, p *place, fresh bool) error {
	var poll <-chan time.Time
	if t.first(p) {
		if !fresh {
			return ctx.Err()
		}
		timer := time.NewTimer(turnPoll + time.Duration(rand.Int64N(int64(turnPoll)))) //nolint:gosec // G404: so that replicas do not ask in step
		defer timer.Stop()
		poll = timer.C
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-poll:
			return nil
		case <-p.wake:
			if t.first(p) {
				return nil
			}
		}
	}
}
