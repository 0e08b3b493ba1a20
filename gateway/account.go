package gateway

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/internal/fault"
)

// Account is what an operator has laid down for a person, and with it for the person's key: every bearer token is a virtual key.
type Account struct {
	Group          string
	DayCap         Nano // 0 for the usual one
	MonthCap       Nano // 0 for the usual one
	RequestsMinute int  // 0 for no limit
	TokensMinute   int  // 0 for no limit
}

// caps are the usual ones with the account's own in their place.
func (a Account) caps(c Caps) Caps {
	if a.DayCap > 0 {
		c.PersonDay = a.DayCap
	}
	if a.MonthCap > 0 {
		c.PersonMonth = a.MonthCap
	}
	return c
}

// Accounts finds accounts; the zero Account for a person without one.
type Accounts interface {
	Account(ctx context.Context, person uuid.UUID) (Account, error)
}

// accountLife is how long an account is remembered, and so how long a change takes to be in force everywhere.
const accountLife = 10 * time.Second

const maxAccounts = 10_000 // remembered

// accountCache remembers accounts for a while, so that the database is not asked for each call.
type accountCache struct {
	from  Accounts
	now   func() time.Time
	mu    sync.Mutex
	known map[uuid.UUID]knownAccount
}

type knownAccount struct {
	Account
	until time.Time
}

func newAccountCache(from Accounts, now func() time.Time) *accountCache {
	return &accountCache{from: from, now: now, known: map[uuid.UUID]knownAccount{}}
}

// account is what is laid down for a person.
func (g *Gateway) account(ctx context.Context, person uuid.UUID) (Account, error) {
	c := g.accounts
	if c.from == nil || person == uuid.Nil {
		return Account{}, nil
	}
	now := c.now()
	c.mu.Lock()
	k, ok := c.known[person]
	c.mu.Unlock()
	if ok && now.Before(k.until) {
		return k.Account, nil
	}
	a, err := c.from.Account(ctx, person)
	if err != nil {
		return a, unreadable(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.known) >= maxAccounts {
		clear(c.known)
	}
	c.known[person] = knownAccount{a, now.Add(accountLife)}
	return a, nil
}

// limits hold people to their requests and tokens a minute, over a window that slides: what was left of the last minute counts by the share
// of it that is still within sixty seconds. They are this process's own; N replicas let through N times as many.
type limits struct {
	now  func() time.Time
	mu   sync.Mutex
	used map[uuid.UUID]*minute
}

type minute struct {
	start            time.Time
	requests, tokens int // of this minute
	before           [2]int
}

func newLimits(now func() time.Time) *limits {
	return &limits{now: now, used: map[uuid.UUID]*minute{}}
}

// take counts a request and its tokens, or says when to come back.
func (l *limits) take(person uuid.UUID, a Account, tokens int) error {
	if a.RequestsMinute <= 0 && a.TokensMinute <= 0 {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	m := l.minute(person)
	elapsed := l.now().Sub(m.start)
	share := 1 - float64(elapsed)/float64(time.Minute)
	requests, spent := float64(m.requests)+share*float64(m.before[0]), float64(m.tokens)+share*float64(m.before[1])
	over := func(what string, limit int) error {
		return fault.Newf(fault.RateLimited, "rate-limited", "This key may make %d %s a minute. Try again in a moment.", limit, what).After(max(time.Minute-elapsed, time.Second))
	}
	switch {
	case a.RequestsMinute > 0 && requests+1 > float64(a.RequestsMinute):
		return over("requests", a.RequestsMinute)
	case a.TokensMinute > 0 && spent+float64(tokens) > float64(a.TokensMinute):
		return over("tokens", a.TokensMinute)
	}
	m.requests++
	m.tokens += tokens
	return nil
}

// correct replaces the bound that a call was let in with by what it used.
func (l *limits) correct(person uuid.UUID, a Account, bound, used int) {
	if a.TokensMinute <= 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	m := l.minute(person)
	m.tokens = max(m.tokens-bound+used, 0)
}

func (l *limits) minute(person uuid.UUID) *minute {
	now := l.now()
	m := l.used[person]
	switch {
	case m == nil || now.Sub(m.start) >= 2*time.Minute:
		if len(l.used) >= maxAccounts {
			clear(l.used)
		}
		m = &minute{start: now}
		l.used[person] = m
	case now.Sub(m.start) >= time.Minute:
		m.start, m.before = m.start.Add(time.Minute), [2]int{m.requests, m.tokens}
		m.requests, m.tokens = 0, 0
	}
	return m
}
