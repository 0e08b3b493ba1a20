package gateway

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/internal/fault"
)

// Rate is an amount of requests and of tokens.
type Rate struct{ Requests, Tokens int }

// MinuteDraw asks for a part of a person's minute.
type MinuteDraw struct {
	Back  Rate // first, of what was drawn before and not used; below 0 for what was used beyond it
	Need  Rate // less than this is of no use; 0 for nothing
	Want  Rate // at most
	Limit Rate // 0 for none
}

// Minutes count what people use within a minute that slides: what the minute before used counts by the share of it that is still within
// sixty seconds. Replicas share them, so that N of them let through no more than one does.
type Minutes interface {
	// DrawMinute takes between Need and Want of what Limit leaves, or nothing where Need does not fit: then fits is false and wait says when the
	// minute is over.
	DrawMinute(ctx context.Context, person uuid.UUID, d MinuteDraw) (got Rate, fits bool, wait time.Duration, err error)
}

// How limits behave.
const (
	sliceOfMinute = 50                     // a process draws at most a part of so many of a limit in advance
	minuteReturn  = 100 * time.Millisecond // after which it gives back what it has not used
	minuteTime    = 3 * time.Second        // for a draw
	minuteRefused = 50 * time.Millisecond  // for which a refusal stands without another look
)

// limits hold people to their requests and tokens a minute. A process draws a little of a person's minute in advance and lets calls in out of
// that, so that a busy key costs some exchanges a second and not one a call; where a limit is below sliceOfMinute nothing is drawn in advance.
type limits struct {
	from Minutes
	now  func() time.Time
	mu   sync.Mutex
	left map[uuid.UUID]*allowance
}

// allowance is what this process has drawn of a person's minute and not used.
type allowance struct {
	mu      sync.Mutex // also held while more is drawn, so that those who come meanwhile find it
	left    Rate
	armed   bool // what is left will be given back
	short   Rate // what did not fit when it was asked for last
	shortAt time.Time
	until   time.Time // the end of the minute then
	down    error     // of the last draw
	downAt  time.Time
}

func newLimits(from Minutes, now func() time.Time) *limits {
	if from == nil {
		from = NewMinutes(now)
	}
	return &limits{from: from, now: now, left: map[uuid.UUID]*allowance{}}
}

func (l *limits) of(person uuid.UUID) *allowance {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.left[person]
	if a == nil {
		a = &allowance{}
		l.left[person] = a
	}
	return a
}

// take counts a request and its tokens, or says when to come back.
func (l *limits) take(ctx context.Context, person uuid.UUID, who Account, tokens int) error {
	limit := Rate{who.RequestsMinute, who.TokensMinute}
	if limit.Requests <= 0 && limit.Tokens <= 0 {
		return nil
	}
	if limit.Tokens > 0 && tokens > limit.Tokens {
		return fault.Newf(fault.RateLimited, "rate-limited", "This could use %d tokens, and this key may use %d a minute. Ask for a shorter answer.", tokens, limit.Tokens)
	}
	use := Rate{}
	if limit.Requests > 0 {
		use.Requests = 1
	}
	if limit.Tokens > 0 {
		use.Tokens = tokens
	}
	a := l.of(person)
	a.mu.Lock()
	defer a.mu.Unlock()
	if need := (Rate{max(use.Requests-a.left.Requests, 0), max(use.Tokens-a.left.Tokens, 0)}); need != (Rate{}) {
		if err := l.draw(ctx, person, a, need, limit); err != nil {
			return err
		}
	}
	a.left.Requests -= use.Requests
	a.left.Tokens -= use.Tokens
	l.arm(person, a, minuteReturn)
	return nil
}

// draw gets what is needed and a little more. The caller holds the allowance.
func (l *limits) draw(ctx context.Context, person uuid.UUID, a *allowance, need, limit Rate) error {
	now := l.now()
	if a.down != nil && time.Since(a.downAt) < downPause { // whoever waited for the lock does not try for as long again
		return a.down
	}
	if now.Sub(a.shortAt) < minuteRefused && need.Requests >= a.short.Requests && need.Tokens >= a.short.Tokens {
		return overLimit(limit, a.until.Sub(now))
	}
	ctx, cancel := context.WithTimeout(ctx, minuteTime)
	defer cancel()
	want := Rate{need.Requests + limit.Requests/sliceOfMinute, need.Tokens + limit.Tokens/sliceOfMinute}
	got, fits, wait, err := l.from.DrawMinute(ctx, person, MinuteDraw{Need: need, Want: want, Limit: limit})
	if err != nil {
		a.down, a.downAt = unreadable(err), time.Now()
		return a.down
	}
	a.down = nil
	if !fits {
		a.short, a.shortAt, a.until = need, now, now.Add(wait)
		return overLimit(limit, wait)
	}
	a.left.Requests += got.Requests
	a.left.Tokens += got.Tokens
	return nil
}

func overLimit(limit Rate, wait time.Duration) error {
	var parts []string
	if limit.Requests > 0 {
		parts = append(parts, fmt.Sprintf("%d requests", limit.Requests))
	}
	if limit.Tokens > 0 {
		parts = append(parts, fmt.Sprintf("%d tokens", limit.Tokens))
	}
	return fault.Newf(fault.RateLimited, "rate-limited", "This key may use %s a minute. Try again in a moment.", strings.Join(parts, " and ")).After(max(wait, time.Second))
}

// correct replaces the bound that a call was let in with by what it used.
func (l *limits) correct(person uuid.UUID, who Account, bound, used int) {
	if who.TokensMinute <= 0 || bound == used {
		return
	}
	a := l.of(person)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.left.Tokens += bound - used
	a.shortAt = time.Time{}
	if a.left.Tokens > 2*who.TokensMinute/sliceOfMinute { // others may be short of it
		a.armed = false
		l.arm(person, a, 0)
		return
	}
	l.arm(person, a, minuteReturn)
}

// arm has what is left given back after a while. The caller holds the allowance.
func (l *limits) arm(person uuid.UUID, a *allowance, after time.Duration) {
	if a.armed || a.left == (Rate{}) {
		return
	}
	a.armed = true
	time.AfterFunc(after, func() { l.giveBack(person, a) })
}

// giveBack returns what is left, for other replicas to use. What cannot be returned stays for this one.
func (l *limits) giveBack(person uuid.UUID, a *allowance) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.armed = false
	if a.left == (Rate{}) {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), minuteTime)
	defer cancel()
	if _, _, _, err := l.from.DrawMinute(ctx, person, MinuteDraw{Back: a.left}); err != nil {
		if fault.KindOf(err) != fault.NotFound { // the person has left
			l.arm(person, a, minuteReturn)
		}
		return
	}
	a.left = Rate{}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.left[person] == a {
		delete(l.left, person) // who holds it still can use it; nothing is in it
	}
}

// ownMinutes are Minutes of one process.
type ownMinutes struct {
	now  func() time.Time
	mu   sync.Mutex
	used map[uuid.UUID]*minute
}

type minute struct {
	start        time.Time
	used, before Rate
}

// NewMinutes are Minutes of one process alone.
func NewMinutes(now func() time.Time) Minutes {
	return &ownMinutes{now: now, used: map[uuid.UUID]*minute{}}
}

// DrawMinute implements Minutes.
func (o *ownMinutes) DrawMinute(_ context.Context, person uuid.UUID, d MinuteDraw) (got Rate, fits bool, wait time.Duration, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	m := o.minute(person)
	elapsed := o.now().Sub(m.start)
	share := 1 - float64(elapsed)/float64(time.Minute)
	back := func(used, before *int, n int) {
		*before = max(*before-max(n-*used, 0), 0)
		*used = max(*used-n, 0)
	}
	back(&m.used.Requests, &m.before.Requests, d.Back.Requests)
	back(&m.used.Tokens, &m.before.Tokens, d.Back.Tokens)
	part := func(limit, used, before, need, want int) (n int, ok bool) {
		if limit <= 0 {
			return 0, true
		}
		room := limit - used - int(share*float64(before)+0.999999)
		return max(need, min(want, room/4)), need <= 0 || need <= room
	}
	requests, some := part(d.Limit.Requests, m.used.Requests, m.before.Requests, d.Need.Requests, d.Want.Requests)
	tokens, all := part(d.Limit.Tokens, m.used.Tokens, m.before.Tokens, d.Need.Tokens, d.Want.Tokens)
	if fits = some && all; fits {
		got = Rate{max(requests, 0), max(tokens, 0)}
	}
	m.used.Requests += got.Requests
	m.used.Tokens += got.Tokens
	return got, fits, max(time.Minute-elapsed, time.Second), nil
}

func (o *ownMinutes) minute(person uuid.UUID) *minute {
	now := o.now()
	m := o.used[person]
	switch {
	case m == nil || now.Sub(m.start) >= 2*time.Minute:
		if len(o.used) >= maxAccounts {
			clear(o.used)
		}
		m = &minute{start: now}
		o.used[person] = m
	case now.Sub(m.start) >= time.Minute:
		m.start, m.before, m.used = m.start.Add(time.Minute), m.used, Rate{}
	}
	return m
}
