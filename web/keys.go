package web

import (
	"crypto/sha256"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/account"
)

// keyLife is how long a token's person is remembered for calls of models, so that each of thousands a second does not ask the database. A
// token that is taken back works for that long where it was used just before; its person's budgets hold all the same.
const keyLife = 5 * time.Second

const maxKeys = 10_000

// keys remember whose a token is. Every bearer token is a virtual key: its person's budgets and limits are the key's.
type keys struct {
	now   func() time.Time
	mu    sync.Mutex
	known map[[32]byte]knownKey // by the hash of the header, so that memory holds no token
}

type knownKey struct {
	account.Person
	until time.Time
}

func newKeys(now func() time.Time) *keys { return &keys{now: now, known: map[[32]byte]knownKey{}} }

// keyCaller is caller with a memory.
func (s *server) keyCaller(c *gin.Context) (account.Person, error) {
	header := c.GetHeader("Authorization")
	if header == "" {
		return s.caller(c)
	}
	k, hash, now := s.keys, sha256.Sum256([]byte(header)), s.keys.now()
	k.mu.Lock()
	known, ok := k.known[hash]
	k.mu.Unlock()
	if ok && now.Before(known.until) {
		return known.Person, nil
	}
	p, err := s.caller(c)
	if err != nil {
		return p, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.known) >= maxKeys {
		clear(k.known)
	}
	k.known[hash] = knownKey{p, now.Add(keyLife)}
	return p, nil
}

// forget drops the keys of a person who leaves.
func (k *keys) forget(person uuid.UUID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for hash, known := range k.known {
		if known.ID == person {
			delete(k.known, hash)
		}
	}
}
