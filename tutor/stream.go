package tutor

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/internal/fault"
)

// Bounds on what is kept of answers under way. One event is a sentence or a passage, and an answer is cut at maxAnswer, so that one stream
// stays below some hundred KB.
const (
	// DefaultGrace is how long an answer that nobody reads any more goes on, for a dropped connection to come back.
	DefaultGrace = 15 * time.Second
	keptFor      = 5 * time.Minute // that a stream can still be read after its end
	maxKept      = 512             // streams that are over
)

// Why an answer ended before it was through.
var (
	errStopped = errors.New("stopped by the person")
	errDropped = errors.New("nobody reads it")
	errDeleted = errors.New("the conversation is deleted")
	errClosing = errors.New("the service ends")
)

// streams are the answers under way, and those that were over a short while ago. They live in this process: a replica knows its own.
type streams struct {
	mu     sync.Mutex
	under  map[*stream]bool      // that go on, also those that wait for their turn
	byID   map[uuid.UUID]*stream // of the answer
	over   []*stream             // the oldest first
	grace  time.Duration
	wg     sync.WaitGroup
	closed bool
}

func newStreams(grace time.Duration) *streams {
	if grace == 0 {
		grace = DefaultGrace
	}
	return &streams{under: map[*stream]bool{}, byID: map[uuid.UUID]*stream{}, grace: grace}
}

// stream is one answer with its events. It goes on without whoever asked for it, so that they can come back.
type stream struct {
	message, conversation, person uuid.UUID

	grace  time.Duration
	cancel context.CancelCauseFunc

	mu      sync.Mutex
	events  []Event
	news    chan struct{} // closed with the next event, and at the end
	readers int
	alone   *time.Timer // runs while nobody reads
	done    bool
	answer  *Answer
	err     error
}

var errShutdown = fault.New(fault.Unavailable, "shutting-down", "The service is being restarted. Send the message again.")

// start runs an answer. The context of make outlives the caller's and ends with a cause.
func (x *streams) start(ctx context.Context, st *stream, answer func(ctx context.Context, emit func(Event) error) (*Answer, error)) error {
	ctx, st.cancel = context.WithCancelCause(context.WithoutCancel(ctx))
	st.grace, st.news = x.grace, make(chan struct{})
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		st.cancel(errClosing)
		return errShutdown
	}
	x.under[st] = true
	x.wg.Go(func() {
		a, err := answer(ctx, st.add)
		st.cancel(nil)
		st.end(a, err)
		x.keep(st)
	})
	return nil
}

// behind runs work that an answer leaves behind; closing waits for it.
func (x *streams) behind(work func()) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.closed {
		x.wg.Go(work)
	}
}

// name gives an answer its id, by which it can be found from then on.
func (x *streams) name(st *stream, id uuid.UUID) {
	x.mu.Lock()
	defer x.mu.Unlock()
	st.message = id
	x.byID[id] = st
}

// keep lets a stream that is over be read for a while.
func (x *streams) keep(st *stream) {
	x.mu.Lock()
	defer x.mu.Unlock()
	delete(x.under, st)
	if x.byID[st.message] != st { // it never had its turn, or its conversation is deleted
		return
	}
	x.over = append(x.over, st)
	for len(x.over) > maxKept {
		delete(x.byID, x.over[0].message)
		x.over = x.over[1:]
	}
	if x.closed {
		return
	}
	time.AfterFunc(keptFor, func() {
		x.mu.Lock()
		defer x.mu.Unlock()
		delete(x.byID, st.message)
		for i, o := range x.over {
			if o == st {
				x.over = append(x.over[:i:i], x.over[i+1:]...)
				return
			}
		}
	})
}

var errNoStream = fault.New(fault.NotFound, "unknown-stream",
	"There are no events of this answer any more, or they are another replica's. What was said is in the conversation's messages.").In("message")

// find gives an answer of a person's conversation.
func (x *streams) find(person, conversation, message uuid.UUID) (*stream, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	st, ok := x.byID[message]
	if !ok || st.person != person || st.conversation != conversation {
		return nil, errNoStream
	}
	return st, nil
}

// end ends the answers of a conversation and forgets them.
func (x *streams) end(ctx context.Context, conversation uuid.UUID) error {
	x.mu.Lock()
	var list []*stream
	for st := range x.under {
		if st.conversation == conversation {
			list = append(list, st)
		}
	}
	for id, st := range x.byID {
		if st.conversation == conversation {
			delete(x.byID, id)
		}
	}
	x.mu.Unlock()
	for _, st := range list {
		st.cancel(errDeleted)
		if err := st.wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

// close ends all answers and waits for them.
func (x *streams) close() {
	x.mu.Lock()
	x.closed = true
	for st := range x.under {
		st.cancel(errClosing)
	}
	x.mu.Unlock()
	x.wg.Wait()
}

// add appends an event for whoever reads. It fails once the answer is to end.
func (st *stream) add(e Event) error {
	st.mu.Lock()
	defer st.mu.Unlock()
	e.ID = len(st.events) + 1
	st.events = append(st.events, e)
	close(st.news)
	st.news = make(chan struct{})
	return nil
}

func (st *stream) end(a *Answer, err error) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.done, st.answer, st.err = true, a, err
	if st.alone != nil {
		st.alone.Stop()
	}
	close(st.news)
	st.news = make(chan struct{})
}

// since gives the events after one, and what to wait for where there are none.
func (st *stream) since(after int) (events []Event, news <-chan struct{}, done bool) {
	st.mu.Lock()
	defer st.mu.Unlock()
	if after < len(st.events) {
		events = st.events[max(after, 0):]
	}
	return events, st.news, st.done
}

// wait waits for the end.
func (st *stream) wait(ctx context.Context) error {
	for {
		_, news, done := st.since(0)
		if done {
			return nil
		}
		select {
		case <-news:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// follow hands over the events after one until the answer ends, and gives the answer. Who leaves can come back within the grace time; who
// only waits for the whole, with a nil emit, cannot, so then the answer ends at once.
func (st *stream) follow(ctx context.Context, after int, emit func(Event) error) (*Answer, error) {
	grace := st.grace
	if emit == nil {
		grace, emit = 0, func(Event) error { return nil }
	}
	st.enter()
	defer st.leave(grace)
	for {
		events, news, done := st.since(after)
		for _, e := range events {
			if err := emit(e); err != nil {
				return nil, err
			}
			after = e.ID
		}
		if done && len(events) == 0 {
			st.mu.Lock()
			defer st.mu.Unlock()
			return st.answer, st.err
		}
		if len(events) > 0 {
			continue
		}
		select {
		case <-news:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (st *stream) enter() {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.readers++
	if st.alone != nil {
		st.alone.Stop()
		st.alone = nil
	}
}

func (st *stream) leave(grace time.Duration) {
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.readers--; st.readers > 0 || st.done {
		return
	}
	if grace <= 0 {
		st.cancel(errDropped)
		return
	}
	st.alone = time.AfterFunc(grace, func() {
		st.mu.Lock()
		defer st.mu.Unlock()
		if st.readers == 0 {
			st.cancel(errDropped)
		}
	})
}

// Follow goes on with the events of an answer after the one with the id after; 0 for all. It ends with the answer. Errors are
// fault.NotFound for an answer whose events are not kept any more, and that of the answer itself.
func (s *Service) Follow(ctx context.Context, person, conversation, message uuid.UUID, after int, emit func(Event) error) (*Answer, error) {
	if _, err := s.o.Conversations.Conversation(ctx, person, conversation); err != nil {
		return nil, err
	}
	st, err := s.streams.find(person, conversation, message)
	if err != nil {
		return nil, err
	}
	return st.follow(ctx, after, emit)
}

// Stop ends an answer that is under way and waits until it has ended. What was said until then is kept. One that is over is left as it is.
func (s *Service) Stop(ctx context.Context, person, conversation, message uuid.UUID) error {
	if _, err := s.o.Conversations.Conversation(ctx, person, conversation); err != nil {
		return err
	}
	st, err := s.streams.find(person, conversation, message)
	if err != nil {
		return err
	}
	st.cancel(errStopped)
	return st.wait(ctx)
}

// Close ends what is being answered and waits for it. The service answers nothing afterwards.
func (s *Service) Close() error {
	s.streams.close()
	return nil
}
