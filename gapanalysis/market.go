package gapanalysis

import (
	"context"
	"sync"
	"time"
)

// Market is what postings of this instance must have, for counting over all of them at once. It is immutable.
type Market struct {
	postings [][]Asked
	hash     string
}

// Asked is one skill that a posting must have.
type Asked struct {
	Skill string
	Level int
}

// NewMarket makes one of the musts of each posting. A posting that names none is left out: anybody qualifies for it.
func NewMarket(postings [][]Asked) *Market {
	m := &Market{}
	for _, p := range postings {
		if len(p) > 0 {
			m.postings = append(m.postings, p)
		}
	}
	m.hash = hashOf(m.postings)
	return m
}

// Size is how many postings it counts over.
func (m *Market) Size() int { return len(m.postings) }

// opens counts, for each gap, the postings of whose musts it is the only one that is not met, and that closing it would meet.
func (m *Market) opens(h *held, rows []SkillGap) map[string]int {
	after := map[string]int{}
	for _, g := range rows {
		if g.Status != Have {
			after[g.ID] = g.Required
		}
	}
	out := map[string]int{}
	for _, musts := range m.postings {
		var only Asked
		unmet := 0
		for _, a := range musts {
			if h.claims[a.Skill].Level < a.Level {
				only = a
				if unmet++; unmet > 1 {
					break
				}
			}
		}
		if unmet == 1 && after[only.Skill] >= only.Level {
			out[only.Skill]++
		}
	}
	return out
}

// MarketSource reads the musts of the latest postings.
type MarketSource interface {
	Musts(ctx context.Context, limit int) ([][]Asked, error)
}

// Bounds on the market that is kept in memory: 20,000 postings of some six musts take 4 MB, and counting over them a millisecond.
const (
	marketPostings = 20_000
	marketFresh    = time.Minute
)

// marketCache reads the market once a minute, whoever asks.
type marketCache struct {
	mu     sync.Mutex
	source MarketSource
	now    func() time.Time
	market *Market
	at     time.Time
}

// get is the market of at most a minute ago. Where it cannot be read anew, the one before goes on.
func (c *marketCache) get(ctx context.Context) (*Market, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.market != nil && c.now().Sub(c.at) < marketFresh {
		return c.market, nil
	}
	musts, err := c.source.Musts(ctx, marketPostings)
	if err != nil && c.market == nil {
		return nil, err
	}
	if err == nil {
		c.market = NewMarket(musts)
	}
	c.at = c.now()
	return c.market, nil
}
