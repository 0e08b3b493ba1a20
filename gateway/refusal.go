package gateway

import (
	"errors"
	"slices"
	"time"

	"github.com/gapwise/gapwise/internal/fault"
)

// The purposes that requests have, which are the names of routes. A request may have another one; it uses the route of "".
const (
	PurposeChat   = "chat"   // the tutor's conversations
	PurposeQuiz   = "quiz"   // the tutor's questions, and grading what was answered
	PurposeReview = "review" // the tutor's look at a milestone's work
	PurposeJudge  = "judge"  // a model that judges answers, for evaluations
	PurposeAPI    = "api"    // who asks through the OpenAI-compatible interface
)

// Purposes are those that routes are made for.
func Purposes() []string {
	return []string{PurposeChat, PurposeQuiz, PurposeReview, PurposeJudge, PurposeAPI}
}

// Refusal says why no model answered a request, in a form that a caller can act on and show.
type Refusal struct {
	// Reason is the error's stable code: budget-exceeded, rate-limited, ledger-unavailable, model-not-configured, model-resting, model-unreachable, …
	Reason string
	// Budget is the one that is in the way, for budget-exceeded; "" for every other reason.
	Budget Scope
	// ResetsAt is when that budget opens again; the zero time where it never does (a request's own cap) and where it is no budget.
	ResetsAt time.Time
	// Retry is how long to wait where trying again is sensible before that; 0 where it is not known.
	Retry time.Duration
	// Builtin says that the route's last choice is the tutor that needs no model: the caller should go on with it instead of failing.
	Builtin bool
}

// RefusalOf reads why no model answered from an error of Relay, Stream or Complete. ok is false where the answer had begun, where the caller
// left, and where the request itself is at fault (a model without a price, a prompt that is too long): another route would not help then.
func RefusalOf(err error) (r Refusal, ok bool) {
	end, ok := errors.AsType[*endError](err)
	if !ok {
		return r, false
	}
	r = Refusal{Reason: fault.CodeOf(err), Retry: fault.RetryAfter(err), Builtin: end.builtin}
	if short, isShort := errors.AsType[*Shortfall](err); isShort {
		r.Budget, r.ResetsAt = short.Scope, short.ResetsAt
	}
	return r, true
}

// endError is an error of a route whose end was reached before any model had begun to answer.
type endError struct {
	error
	builtin bool
}

// Unwrap implements the interface of package errors.
func (e *endError) Unwrap() error { return e.error }

// refusing are the kinds of errors that speak of models and money and not of the request.
var refusing = []fault.Kind{fault.BudgetExceeded, fault.RateLimited, fault.Unavailable, fault.Timeout}

// ended marks an error with how the request's route ends.
func (g *Gateway) ended(r Request, err error) error {
	if !slices.Contains(refusing, fault.KindOf(err)) {
		return err
	}
	return &endError{err, g.builtinLast(r)}
}

// builtinLast tells whether the built-in tutor is the last of a request's route: where its purpose says so, or the wider one does, or, as
// neither says anything, where the purpose is the tutor's.
func (g *Gateway) builtinLast(r Request) bool {
	for _, purpose := range []string{r.Purpose, r.Within} {
		if last, said := g.o.Builtin[purpose]; said {
			return last
		}
	}
	return slices.Contains([]string{PurposeChat, PurposeQuiz, PurposeReview}, r.Purpose)
}
