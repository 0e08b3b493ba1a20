package gateway

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"
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
