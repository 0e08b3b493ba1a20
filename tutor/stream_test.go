package tutor_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/ident"
	"github.com/gapwise/gapwise/prompts"
	"github.com/gapwise/gapwise/tutor"
)

// slow is a model that waits before each piece until it is told to go on.
type slow struct {
	model

	step  chan struct{}
	ended chan error
}

func (m *slow) Enabled() bool { return true }

func (m *slow) Stream(ctx context.Context, r gateway.Request, emit func(string) error) (*gateway.Response, error) {
	if r.Started != nil {
		r.Started(gateway.Start{Model: "slow-1"})
	}
	for _, p := range m.pieces {
		select {
		case <-m.step:
		case <-ctx.Done():
			m.ended <- context.Cause(ctx)
			return &gateway.Response{Model: "slow-1", Cost: 7}, ctx.Err()
		}
		if err := emit(p); err != nil {
			return nil, err
		}
	}
	return &gateway.Response{Model: "slow-1", FinishReason: "stop", Cost: 9}, nil
}

// reader collects the events of one connection.
type reader struct {
	events []tutor.Event
	err    error
	done   chan struct{}
	cancel context.CancelFunc
}

// read runs a call in the background with a connection of its own.
func read(ctx context.Context, call func(ctx context.Context, emit func(tutor.Event) error) error) *reader {
	r := &reader{done: make(chan struct{})}
	ctx, r.cancel = context.WithCancel(ctx)
	go func() {
		defer close(r.done)
		r.err = call(ctx, func(e tutor.Event) error {
			r.events = append(r.events, e)
			return ctx.Err()
		})
	}()
	return r
}

// slowly starts an answer of three sentences by a slow model.
func slowly(t *testing.T, c *catalog.Catalog) (*talk, *slow, *reader) {
	t.Helper()
	m := &slow{model: model{pieces: []string{"One comes first. ", "Two comes next. ", "Three comes last."}}, step: make(chan struct{}), ended: make(chan error, 1)}
	lib, err := prompts.Load()
	if err != nil {
		t.Fatal(err)
	}
	k := &talk{t: t, memory: newMemory(), person: ident.New(), reports: &reports{catalog: c, profile: profile(), resume: ident.New()}}
	k.service = tutor.New(tutor.Options{
		Catalog: c, Prompts: lib, Conversations: k.memory, Messages: k.memory, Reports: k.reports, Model: m, Now: time.Now, Grace: 10 * time.Second,
	})
	k.begin(t, tutor.StartRequest{Role: role}, false)
	r := read(t.Context(), func(ctx context.Context, emit func(tutor.Event) error) error {
		_, err := k.service.Say(ctx, k.person, k.id, "What next?", emit)
		return err
	})
	return k, m, r
}

func text(events []tutor.Event) string {
	var b strings.Builder
	for _, e := range events {
		b.WriteString(e.Text)
	}
	return b.String()
}

func (k *talk) follow(ctx context.Context, message uuid.UUID, after int) *reader {
	return read(ctx, func(ctx context.Context, emit func(tutor.Event) error) error {
		_, err := k.service.Follow(ctx, k.person, k.id, message, after, emit)
		return err
	})
}

// A dropped connection comes back within the grace time, and sees each event once.
func TestStreamResumes(t *testing.T) {
	c := fixture(t) // outside of the bubble, whose clock is before the catalogue
	synctest.Test(t, func(t *testing.T) {
		k, m, first := slowly(t, c)
		m.step <- struct{}{}
		m.step <- struct{}{} // the first sentence is whole once the second begins
		synctest.Wait()
		first.cancel()
		<-first.done
		last := first.events[len(first.events)-1].ID
		message := first.events[0].Context.MessageID
		time.Sleep(9 * time.Second)
		second := k.follow(t.Context(), message, last)
		synctest.Wait()
		m.step <- struct{}{}
		<-second.done
		if second.err != nil || text(first.events)+text(second.events) != "One comes first. Two comes next. Three comes last." {
			t.Errorf("%v: %q then %q", second.err, text(first.events), text(second.events))
		}
		if second.events[0].ID != last+1 {
			t.Errorf("goes on at %d after %d", second.events[0].ID, last)
		}
		// Also when all is over, for a while.
		again := k.follow(t.Context(), message, 0)
		<-again.done
		if diff := cmp.Diff(append(first.events, second.events...), again.events); diff != "" {
			t.Error(diff)
		}
		if other := ident.New(); true {
			if _, err := k.service.Follow(t.Context(), other, k.id, message, 0, nil); !errors.Is(err, fault.NotFound) {
				t.Errorf("somebody else reads it: %v", err)
			}
		}
		time.Sleep(6 * time.Minute)
		if _, err := k.service.Follow(t.Context(), k.person, k.id, message, 0, nil); !errors.Is(err, fault.NotFound) {
			t.Errorf("kept for ever: %v", err)
		}
	})
}

// An answer that nobody reads ends after the grace time, and what was said is kept as stopped.
func TestNobodyReads(t *testing.T) {
	c := fixture(t) // outside of the bubble, whose clock is before the catalogue
	synctest.Test(t, func(t *testing.T) {
		k, m, r := slowly(t, c)
		m.step <- struct{}{}
		m.step <- struct{}{}
		synctest.Wait()
		r.cancel()
		<-r.done
		time.Sleep(9 * time.Second)
		synctest.Wait()
		if len(m.ended) != 0 {
			t.Fatal("ended before the grace time was over")
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if len(m.ended) != 1 {
			t.Fatal("goes on though nobody reads")
		}
		kept := k.memory.messages[k.id]
		if len(kept) != 2 || !kept[1].Stopped || kept[1].Content != "One comes first." || kept[1].Spending.Cost != 7 {
			t.Errorf("kept %+v", kept)
		}
	})
}

// Who waits for the whole and leaves ends the answer at once: nobody could come back for it.
func TestNobodyWaits(t *testing.T) {
	c := fixture(t) // outside of the bubble, whose clock is before the catalogue
	synctest.Test(t, func(t *testing.T) {
		k, m, r := slowly(t, c)
		r.cancel()
		<-r.done
		time.Sleep(11 * time.Second)
		synctest.Wait()
		if err := <-m.ended; err == nil {
			t.Error("the first answer ended without a cause")
		}
		whole := read(t.Context(), func(ctx context.Context, _ func(tutor.Event) error) error {
			_, err := k.service.Say(ctx, k.person, k.id, "What next?", nil)
			return err
		})
		synctest.Wait()
		whole.cancel()
		synctest.Wait()
		if len(m.ended) != 1 {
			t.Error("the model goes on")
		}
	})
}

func TestStop(t *testing.T) {
	c := fixture(t) // outside of the bubble, whose clock is before the catalogue
	synctest.Test(t, func(t *testing.T) {
		k, m, r := slowly(t, c)
		m.step <- struct{}{}
		m.step <- struct{}{}
		synctest.Wait()
		message := r.events[0].Context.MessageID
		if err := k.service.Stop(t.Context(), ident.New(), k.id, message); !errors.Is(err, fault.NotFound) {
			t.Errorf("somebody else stops it: %v", err)
		}
		if err := k.service.Stop(t.Context(), k.person, k.id, message); err != nil {
			t.Fatal(err)
		}
		<-r.done
		last := r.events[len(r.events)-1]
		if r.err != nil || last.Kind != tutor.EventDone || !last.Done.Stopped || text(r.events) != "One comes first." {
			t.Errorf("%v, %v", r.err, order(r.events))
		}
		if kept := k.memory.messages[k.id]; len(kept) != 2 || !kept[1].Stopped {
			t.Errorf("kept %+v", kept)
		}
		if err := k.service.Stop(t.Context(), k.person, k.id, message); err != nil {
			t.Errorf("stopping what is over: %v", err)
		}
	})
}

func TestStopBeforeAnything(t *testing.T) {
	c := fixture(t) // outside of the bubble, whose clock is before the catalogue
	synctest.Test(t, func(t *testing.T) {
		k, _, r := slowly(t, c)
		synctest.Wait()
		if err := k.service.Stop(t.Context(), k.person, k.id, r.events[0].Context.MessageID); err != nil {
			t.Fatal(err)
		}
		<-r.done
		if fault.CodeOf(r.err) != "stopped" || len(k.memory.messages[k.id]) != 0 {
			t.Errorf("%v, %d messages", r.err, len(k.memory.messages[k.id]))
		}
		if got := k.memory.conversations[k.id].Kept.Unanswered; got != "What next?" {
			t.Errorf("kept to be tried again: %q", got)
		}
	})
}

func TestDeleteEndsAnswers(t *testing.T) {
	c := fixture(t) // outside of the bubble, whose clock is before the catalogue
	synctest.Test(t, func(t *testing.T) {
		k, m, r := slowly(t, c)
		synctest.Wait()
		if err := k.service.Delete(t.Context(), ident.New(), k.id); !errors.Is(err, fault.NotFound) {
			t.Errorf("somebody else deletes it: %v", err)
		}
		if err := k.service.Delete(t.Context(), k.person, k.id); err != nil {
			t.Fatal(err)
		}
		<-r.done
		if len(m.ended) != 1 || !errors.Is(r.err, fault.NotFound) || len(k.memory.conversations) != 0 || len(k.memory.messages[k.id]) != 0 {
			t.Errorf("%v; %d conversations", r.err, len(k.memory.conversations))
		}
	})
}

func TestCloseEndsAnswers(t *testing.T) {
	c := fixture(t) // outside of the bubble, whose clock is before the catalogue
	synctest.Test(t, func(t *testing.T) {
		k, m, r := slowly(t, c)
		synctest.Wait()
		if err := k.service.Close(); err != nil {
			t.Fatal(err)
		}
		<-r.done
		if len(m.ended) != 1 || fault.CodeOf(r.err) != "shutting-down" {
			t.Errorf("%v", r.err)
		}
		if _, err := k.service.Say(t.Context(), k.person, k.id, "Again?", nil); fault.CodeOf(err) != "shutting-down" {
			t.Errorf("afterwards: %v", err)
		}
	})
}

// A conversation has one answer at a time; the second message is answered with the first in its history.
func TestOneAnswerAtATime(t *testing.T) {
	c := fixture(t) // outside of the bubble, whose clock is before the catalogue
	synctest.Test(t, func(t *testing.T) {
		k, m, first := slowly(t, c)
		synctest.Wait()
		second := read(t.Context(), func(ctx context.Context, emit func(tutor.Event) error) error {
			_, err := k.service.Say(ctx, k.person, k.id, "And then?", emit)
			return err
		})
		synctest.Wait()
		if len(second.events) != 0 {
			t.Errorf("both at once: %v", order(second.events))
		}
		for range 3 {
			m.step <- struct{}{}
		}
		<-first.done
		for range 3 {
			m.step <- struct{}{}
		}
		<-second.done
		kept := k.memory.messages[k.id]
		if len(kept) != 4 || kept[2].Content != "And then?" {
			t.Fatalf("kept %+v", kept)
		}
		for i := range 3 {
			if strings.Compare(kept[i].ID.String(), kept[i+1].ID.String()) >= 0 {
				t.Error("the ids are not in order of time")
			}
		}
	})
}

func TestMessagesAMinute(t *testing.T) {
	lib, err := prompts.Load()
	if err != nil {
		t.Fatal(err)
	}
	c := fixture(t)
	now := today
	k := &talk{t: t, memory: newMemory(), person: ident.New(), reports: &reports{catalog: c}}
	k.service = tutor.New(tutor.Options{
		Catalog: c, Prompts: lib, Conversations: k.memory, Messages: k.memory, Reports: k.reports, Model: &model{}, PerMinute: 2, Now: func() time.Time { return now },
	})
	k.begin(t, tutor.StartRequest{Role: role}, false)
	k.say("Hello")
	now = now.Add(20 * time.Second)
	k.say("Hello")
	_, err = k.try("Hello")
	if !errors.Is(err, fault.RateLimited) || fault.RetryAfter(err) != 40*time.Second {
		t.Errorf("got %v, after %s", err, fault.RetryAfter(err))
	}
	now = now.Add(41 * time.Second)
	k.say("Hello")
}
