package gateway

import "unicode/utf8"

// perMessage is an upper bound of the tokens that a chat template puts around one message.
const perMessage = 16

// promptBound is an upper bound of a prompt's tokens: tokenisers in use fall back to single bytes, so none makes more tokens than there
// are bytes.
func promptBound(messages []Message) int {
	n := perMessage
	for _, m := range messages {
		n += size(m.Role) + size(m.Content) + perMessage
	}
	return n
}

// size is the bytes of a text as it is sent: in JSON each byte that is no UTF-8 becomes a replacement of three.
func size(text string) int {
	if utf8.ValidString(text) {
		return len(text)
	}
	return 3 * len(text)
}

// The tokens that the chat format of models with a known tokeniser puts around a message, and before the answer.
const (
	knownPerMessage = 3
	knownBefore     = 3
)

// known counts a prompt's tokens by the model's own tokeniser; ok is false where that is not known, or the prompt is more than text.
func (g *Gateway) known(c *Call) (n int, ok bool) {
	if g.o.Tokens == nil || c.Body != nil || len(c.Schema) > 0 {
		return 0, false
	}
	for _, m := range c.Messages {
		for _, text := range []string{m.Role, m.Content} {
			more, ok := g.o.Tokens(c.Model, text)
			if !ok {
				return 0, false
			}
			n += more
		}
	}
	return n, true
}

// recount bounds a prompt by the model's own tokeniser, which takes longer than bytes and is asked where bytes do not fit. It tells whether
// the bound became lower.
func (g *Gateway) recount(c *Call) bool {
	n, ok := g.known(c)
	n += perMessage * (len(c.Messages) + 1)
	if !ok || n >= c.bound() {
		return false
	}
	c.counted = n
	return true
}

// bound is an upper bound of the tokens of a call's prompt. JSON is never shorter than the text in it, and a body of so many bytes has at
// most so many messages or tools as it has braces.
func (c *Call) bound() int {
	if c.counted > 0 {
		return c.counted
	}
	if c.Body == nil {
		return promptBound(c.Messages) + len(c.Schema)
	}
	braces := 1
	for _, b := range c.Body {
		if b == '{' {
			braces++
		}
	}
	return len(c.Body) + braces*perMessage
}

// fit cuts a call to an amount: first its answer, down to 256 tokens; then its prompt; then its answer to the least that helps. It tells
// whether the call fits now.
func fit(call *Call, shrink func(int) []Message, price Price, answers int, left Nano) bool {
	if price.Most(call.bound(), call.MaxTokens*answers) <= left {
		return true
	}
	_, output := price.dearest(call.bound())
	answer := func() int {
		return tokensFor(left-price.Most(call.bound(), 0), output) / answers
	}
	wanted := min(call.MaxTokens, 256)
	if tokens := answer(); tokens >= wanted {
		call.MaxTokens = min(call.MaxTokens, tokens)
		return true
	}
	if shrink != nil {
		// Room for the answer first, up to half of the money, or for the least that helps; the rest buys the prompt, less what stands around
		// messages.
		input, _ := price.dearest(call.bound())
		least := price.Most(0, min(wanted, minMaxTokens))
		for _, answering := range []Nano{max(least, min(price.Most(0, wanted), left/2)), least} {
			room := tokensFor(left-answering, input) - shrinkOverhead
			if smaller := shrinkTo(shrink, room); smaller != nil {
				call.Messages, call.counted = smaller, 0
				break
			}
		}
	}
	if tokens := answer(); tokens >= min(wanted, minMaxTokens) {
		call.MaxTokens = min(call.MaxTokens, tokens)
		return true
	}
	return false
}

// shrinkTo asks for a prompt of at most so many bytes of content.
func shrinkTo(shrink func(int) []Message, maxBytes int) []Message {
	if maxBytes <= 0 {
		return nil
	}
	return shrink(maxBytes)
}

// shrinkOverhead is what promptBound adds to the bytes of a short prompt of four messages.
const shrinkOverhead = 5*perMessage + 40

// count is how many tokens a text has: by the model's own tokeniser or, where that is not known, its bytes at most.
func (g *Gateway) count(model, text string) int {
	if g.o.Tokens != nil {
		if n, ok := g.o.Tokens(model, text); ok {
			return n
		}
	}
	return len(text)
}

// prompt is how many tokens a call's prompt has: as the model's own tokeniser and chat format count, or its bound.
func (g *Gateway) prompt(c *Call) int {
	if n, ok := g.known(c); ok {
		return n + knownPerMessage*len(c.Messages) + knownBefore
	}
	return c.bound()
}

// settle decides what to book for a call that has ended: the provider's report where it covers all that came; the report and what came after
// it; the prompt's bound and what came; and the whole reservation where nothing says what was produced.
func (g *Gateway) settle(r Reservation, t *target, price Price, call *Call, answers int, result Result, err error) Settlement {
	most := call.MaxTokens * answers
	switch u := result.Usage; {
	case err != nil && result.Unbilled:
		return Settlement{}
	case u != nil && u.PromptTokens >= 0 && u.CompletionTokens >= 0 && result.Unreported == "" && (err == nil || result.FinishReason != ""):
		return Settlement{Cost: price.Cost(*u), Usage: u.sane()}
	case u != nil && u.PromptTokens >= 0 && u.CompletionTokens >= 0 && result.Begun && !t.reasons:
		used := u.sane()
		used.CompletionTokens = max(used.CompletionTokens, min(used.CompletionTokens+g.count(t.Model, result.Unreported), most))
		return Settlement{Cost: price.Cost(used), Usage: used, Estimated: true}
	case result.Begun && !t.reasons && (u == nil || u.PromptTokens >= 0 && u.CompletionTokens >= 0):
		used := Usage{PromptTokens: g.prompt(call), CompletionTokens: min(g.count(t.Model, result.Unreported), most)}
		return Settlement{Cost: min(price.Most(used.PromptTokens, used.CompletionTokens), r.Amount), Usage: used, Estimated: true}
	case u != nil:
		return Settlement{Cost: max(r.Amount, price.Cost(*u)), Usage: u.sane(), Estimated: true}
	}
	return Settlement{Cost: r.Amount, Estimated: true}
}
