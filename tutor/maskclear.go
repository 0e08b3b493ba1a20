package tutor

import (
	"crypto/sha256"
	"sync"
)

// mostClear bounds the lines that are remembered to hold nobody, at some fifty bytes each.
const mostClear = 8192

// clearLines remembers lines in which patterns have found nobody: instructions, passages of the catalogue, and what a conversation and its
// resume say again with each message. It keeps sums of them alone, so nothing of anybody stays here.
type clearLines struct {
	mu   sync.RWMutex
	sums map[[sha256.Size]byte]struct{}
}

func (c *clearLines) has(sum [sha256.Size]byte) bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	_, ok := c.sums[sum]
	return ok
}

// add forgets all others where there are too many.
func (c *clearLines) add(sum [sha256.Size]byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sums == nil || len(c.sums) >= mostClear {
		c.sums = map[[sha256.Size]byte]struct{}{}
	}
	c.sums[sum] = struct{}{}
}
