// Package fault is the one vocabulary of failure that every room speaks.
//
// A fault has a kind, which callers test with [errors.Is]; a code, which is stable and machine-readable; a detail, which is
// safe to show to the person and says what to do; and a cause, which is not and only reaches the log.
// Package web turns a kind into a status in one place; cmd turns it into an exit code in one place.
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Kind says what class of failure it is. It implements error so that errors.Is(err, fault.NotFound) holds for every fault of the kind.
type Kind string

// Error makes a Kind usable as the target of errors.Is.
func (k Kind) Error() string { return string(k) }

// The kinds. Each is one HTTP status at the edge.
const (
	NotFound        Kind = "not found"       // 404: absent, or not the caller's
	Invalid         Kind = "invalid"         // 400: the request cannot be understood or a field is wrong
	Unprocessable   Kind = "unprocessable"   // 422: understood, but the content cannot be used
	TooLarge        Kind = "too large"       // 413: over a stated bound
	Unsupported     Kind = "unsupported"     // 415: a type we do not read
	Conflict        Kind = "conflict"        // 409: the state does not allow it
	Unauthenticated Kind = "unauthenticated" // 401: who is asking is not known
	Forbidden       Kind = "forbidden"       // 403: known, and not allowed
	BudgetExceeded  Kind = "budget exceeded" // 402: a spending cap would be passed
	RateLimited     Kind = "rate limited"    // 429: too many, try later
	Unavailable     Kind = "unavailable"     // 503: something we need is down or busy
	Timeout         Kind = "timeout"         // 504: something we need took too long
	Usage           Kind = "wrong use"       // the command line was wrong (exit 2)
	Internal        Kind = "internal"        // 500: our own mistake
)

// Error is a fault with all its parts. Build one with New or Wrap.
type Error struct {
	kind   Kind
	code   string
	detail string
	field  string
	retry  time.Duration
	cause  error
}

// New makes a fault. code is lower-kebab-case and stable; detail is one or two sentences that are safe to show and say what to do.
func New(kind Kind, code, detail string) *Error {
	return &Error{kind: kind, code: code, detail: detail}
}

// Newf is New with a formatted detail.
func Newf(kind Kind, code, format string, args ...any) *Error {
	return &Error{kind: kind, code: code, detail: fmt.Sprintf(format, args...)}
}

// Because attaches the cause, which is logged and never shown. It returns a copy, so package-level faults can be shared.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// In names the field of the request that is wrong, as the client wrote it. It returns a copy.
func (e *Error) In(field string) *Error {
	c := *e
	c.field = field
	return &c
}

// After says when trying again is sensible. It returns a copy.
func (e *Error) After(d time.Duration) *Error {
	c := *e
	c.retry = d
	return &c
}

// Error is for logs: it includes the cause.
func (e *Error) Error() string {
	s := e.code + ": " + e.detail
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Unwrap gives errors.Is and errors.As both the kind and the cause.
func (e *Error) Unwrap() []error {
	if e.cause == nil {
		return []error{e.kind}
	}
	return []error{e.kind, e.cause}
}

// KindOf is the kind of the outermost fault in err's chain, or Internal.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.kind
	}
	if k, ok := errors.AsType[Kind](err); ok {
		return k
	}
	return Internal
}

// CodeOf is the stable code of the outermost fault in err's chain, or "internal".
func CodeOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.code
	}
	return "internal"
}

// DetailOf is what may be shown of err: the detail of its outermost fault, or a sentence that says nothing of the inside.
func DetailOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.detail
	}
	return "Something went wrong on our side. Try again; if it stays, tell whoever runs this service the request id."
}

// CauseOf is what lies behind the outermost fault in err's chain, or nil. It is for logs and for whoever runs the service.
func CauseOf(err error) error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.cause
	}
	return nil
}

// FieldOf is the field named by the outermost fault in err's chain, or "".
func FieldOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.field
	}
	return ""
}

// RetryAfter is how long to wait before trying again, or zero.
func RetryAfter(err error) time.Duration {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.retry
	}
	return 0
}
