package gateway

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"
)

// sharedTime is how long the shared cache may take; without it the model is asked.
const sharedTime = 500 * time.Millisecond

// exact looks in memory, and then where replicas share what they keep. A cache is never in the way: what fails counts as not there.
func (g *Gateway) exact(ctx context.Context, key [32]byte, now time.Time) (Answer, bool) {
	c := g.o.Cache
	if a, ok := c.exact(key, now); ok || c.Shared == nil {
		return a, ok
	}
	ctx, cancel := context.WithTimeout(ctx, sharedTime)
	defer cancel()
	sealed, until, ok, err := c.Shared.KeptAnswer(ctx, sharedKey(key), now)
	if err != nil || !ok {
		return Answer{}, false
	}
	a, err := unseal(key, sealed)
	if err != nil {
		return Answer{}, false
	}
	c.put(key, a, until)
	return a, true
}

// keepExact remembers an answer here and for other replicas.
func (g *Gateway) keepExact(ctx context.Context, r Request, key [32]byte, a Answer, until time.Time) {
	c := g.o.Cache
	c.put(key, a, until)
	if c.Shared == nil {
		return
	}
	person := r.Person
	if r.Impersonal {
		person = uuid.Nil
	}
	sealed, err := seal(key, a)
	if err == nil {
		ctx, cancel := context.WithTimeout(ctx, sharedTime)
		defer cancel()
		err = c.Shared.KeepAnswer(ctx, sharedKey(key), person, sealed, until)
	}
	if err != nil && ctx.Err() == nil {
		g.o.Log.WarnContext(ctx, "an answer was not kept for other replicas", "error", err)
	}
}

// sharedKey names a kept answer without giving away what it is encrypted with.
func sharedKey(key [32]byte) []byte {
	sum := sha256.Sum256(append([]byte("gapwise kept answer "), key[:]...))
	return sum[:]
}

// seal encrypts an answer with the hash of its request, so that only who has the request can read it.
func seal(key [32]byte, a Answer) ([]byte, error) {
	text, err := json.Marshal(a)
	if err != nil {
		return nil, err
	}
	box, err := boxOf(key)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, box.NonceSize(), box.NonceSize()+len(text)+box.Overhead())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	return box.Seal(nonce, nonce, text, nil), nil
}

var errUnsealable = errors.New("a kept answer cannot be read")

func unseal(key [32]byte, sealed []byte) (a Answer, err error) {
	box, err := boxOf(key)
	if err != nil {
		return a, err
	}
	if len(sealed) < box.NonceSize() {
		return a, errUnsealable
	}
	text, err := box.Open(nil, sealed[:box.NonceSize()], sealed[box.NonceSize():], nil)
	if err != nil {
		return a, errUnsealable
	}
	return a, json.Unmarshal(text, &a)
}

func boxOf(key [32]byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
