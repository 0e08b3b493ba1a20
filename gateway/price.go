package gateway

import (
	"math"
	"math/bits"
)

// Price is what a model costs, in nano-dollars for a million tokens. A rate that a list does not name is the one that covers it: zero for
// CachedInput and CacheWrite means Input, zero for Reasoning means Output. All zero is free, which a model on one's own machine is.
type Price struct {
	Input       Nano // prompt tokens
	CachedInput Nano // prompt tokens that the provider had in its cache
	CacheWrite  Nano // prompt tokens that the provider wrote to its cache
	Output      Nano // answer tokens
	Reasoning   Nano // answer tokens that are not shown
	Tiers       []Tier
}

// Tier are the rates of a whole call whose prompt is longer than Above tokens; of several, the one with the highest Above below the prompt.
type Tier struct {
	Above int
	Price
}

// Free tells whether no call can cost anything.
func (p Price) Free() bool {
	for _, t := range p.Tiers {
		if !t.Free() {
			return false
		}
	}
	return p.Input <= 0 && p.CachedInput <= 0 && p.CacheWrite <= 0 && p.Output <= 0 && p.Reasoning <= 0
}

const million = 1_000_000

// at are the rates for a prompt of so many tokens, with every rate filled in.
func (p Price) at(prompt int) Price {
	best, out := -1, p
	for _, t := range p.Tiers {
		if prompt > t.Above && t.Above > best {
			best, out = t.Above, t.Price
		}
	}
	return out.filled()
}

func (p Price) filled() Price {
	if p.CachedInput == 0 {
		p.CachedInput = p.Input
	}
	if p.CacheWrite == 0 {
		p.CacheWrite = p.Input
	}
	if p.Reasoning == 0 {
		p.Reasoning = p.Output
	}
	return p
}

// dearest are the highest rates that a call with a prompt of at most so many tokens can be billed at: any tier that it can reach, and each
// prompt token plain, read from a cache or written to one.
func (p Price) dearest(prompt int) (input, output Nano) {
	most := func(r Price) {
		r = r.filled()
		input = max(input, r.Input, r.CachedInput, r.CacheWrite)
		output = max(output, r.Output, r.Reasoning)
	}
	most(p)
	for _, t := range p.Tiers {
		if prompt > t.Above {
			most(t.Price)
		}
	}
	return input, output
}

// Most is an upper bound of what a call can cost whose prompt and answers have at most so many tokens.
func (p Price) Most(prompt, completion int) Nano {
	input, output := p.dearest(prompt)
	return side(part{input, prompt}) + side(part{output, completion})
}

// Cost is what usage costs. The prompt's cost and the answer's are each rounded up to a nano-dollar. A count below zero counts as nothing,
// and a part that is larger than its whole as the whole.
func (p Price) Cost(u Usage) Nano {
	u = u.sane()
	r := p.at(u.PromptTokens)
	return side(part{r.Input, u.PromptTokens - u.CachedTokens - u.CacheWriteTokens}, part{r.CachedInput, u.CachedTokens}, part{r.CacheWrite, u.CacheWriteTokens}) +
		side(part{r.Output, u.CompletionTokens - u.ReasoningTokens}, part{r.Reasoning, u.ReasoningTokens})
}

// part is a number of tokens at one rate.
type part struct {
	perMillion Nano
	tokens     int
}

// mostCost is the dearest that one side of a call can be: a peer may claim a quintillion tokens, and the sum of many such calls must
// still fit in a budget.
const mostCost Nano = math.MaxInt64 >> 10

// side is the cost of parts together, rounded up once, in 128 bits.
func side(parts ...part) Nano {
	var high, low, carry uint64
	for _, p := range parts {
		if p.perMillion <= 0 || p.tokens <= 0 {
			continue
		}
		h, l := bits.Mul64(uint64(p.perMillion), uint64(p.tokens))
		low, carry = bits.Add64(low, l, 0)
		high += h + carry
	}
	low, carry = bits.Add64(low, million-1, 0)
	if high += carry; high >= million { // the quotient would not fit
		return mostCost
	}
	quotient, _ := bits.Div64(high, low, million)
	return Nano(min(quotient, uint64(mostCost)))
}

// tokensFor is how many tokens at a price fit in an amount.
func tokensFor(amount, perMillion Nano) int {
	if amount < 0 {
		return 0
	}
	if perMillion <= 0 || int64(amount) > math.MaxInt64/million {
		return math.MaxInt32
	}
	return int(min(int64(amount)*million/int64(perMillion), math.MaxInt32))
}
