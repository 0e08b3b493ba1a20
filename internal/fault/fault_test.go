package fault_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/gapwise/gapwise/internal/fault"
)

func TestParts(t *testing.T) {
	shared := fault.New(fault.NotFound, "unknown-thing", "There is no such thing.")
	full := shared.Because(io.ErrUnexpectedEOF).In("thing").After(time.Minute)
	tests := []struct {
		name   string
		err    error
		kind   fault.Kind
		code   string
		detail string
		field  string
		retry  time.Duration
	}{
		{"all parts", full, fault.NotFound, "unknown-thing", "There is no such thing.", "thing", time.Minute},
		{"the one it was made from is as it was", shared, fault.NotFound, "unknown-thing", "There is no such thing.", "", 0},
		{"wrapped", fmt.Errorf("look it up: %w", full), fault.NotFound, "unknown-thing", "There is no such thing.", "thing", time.Minute},
		{"joined", errors.Join(io.EOF, full), fault.NotFound, "unknown-thing", "There is no such thing.", "thing", time.Minute},
		{"the outermost counts", fault.New(fault.Unavailable, "down", "It is down.").Because(full), fault.Unavailable, "down", "It is down.", "", 0},
		{"formatted", fault.Newf(fault.TooLarge, "too-large", "Over %d KB.", 5), fault.TooLarge, "too-large", "Over 5 KB.", "", 0},
		{"a bare kind", fmt.Errorf("x: %w", fault.Conflict), fault.Conflict, "internal", "", "", 0},
		{"an unknown error", errors.New("dial 10.0.0.1: password"), fault.Internal, "internal", "", "", 0},
		{"nothing", nil, fault.Internal, "internal", "", "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := fault.KindOf(tt.err); got != tt.kind {
				t.Errorf("kind %q, want %q", got, tt.kind)
			}
			if got := fault.CodeOf(tt.err); got != tt.code {
				t.Errorf("code %q, want %q", got, tt.code)
			}
			got := fault.DetailOf(tt.err)
			if tt.detail != "" && got != tt.detail {
				t.Errorf("detail %q, want %q", got, tt.detail)
			}
			if tt.detail == "" && (got == "" || strings.Contains(got, "10.0.0.1")) {
				t.Errorf("detail %q, want a sentence that says nothing of the inside", got)
			}
			if got := fault.FieldOf(tt.err); got != tt.field {
				t.Errorf("field %q, want %q", got, tt.field)
			}
			if got := fault.RetryAfter(tt.err); got != tt.retry {
				t.Errorf("retry after %s, want %s", got, tt.retry)
			}
		})
	}
}

func TestIs(t *testing.T) {
	err := fmt.Errorf("save: %w", fault.New(fault.Unavailable, "down", "It is down.").Because(fmt.Errorf("dial: %w", io.EOF)))
	for _, target := range []error{fault.Unavailable, io.EOF} {
		if !errors.Is(err, target) {
			t.Errorf("%v is not %v", err, target)
		}
	}
	for _, target := range []error{fault.NotFound, fault.Internal, io.ErrUnexpectedEOF} {
		if errors.Is(err, target) {
			t.Errorf("%v is %v", err, target)
		}
	}
	if f, ok := errors.AsType[*fault.Error](err); !ok || fault.CodeOf(f) != "down" {
		t.Errorf("no fault in %v", err)
	}
}

func TestErrorIsForTheLog(t *testing.T) {
	err := fault.New(fault.Unavailable, "down", "It is down.")
	if got := err.Error(); got != "down: It is down." {
		t.Errorf("%q without a cause", got)
	}
	if got := err.Because(io.EOF).Error(); got != "down: It is down.: EOF" {
		t.Errorf("%q with a cause", got)
	}
	if got := fault.DetailOf(err.Because(errors.New("secret"))); strings.Contains(got, "secret") {
		t.Errorf("the detail %q says the cause", got)
	}
}

// TestKindsAreApart keeps two kinds from sharing a name: errors.Is compares by it.
func TestKindsAreApart(t *testing.T) {
	kinds := []fault.Kind{
		fault.NotFound, fault.Invalid, fault.Unprocessable, fault.TooLarge, fault.Unsupported, fault.Conflict, fault.Unauthenticated,
		fault.Forbidden, fault.BudgetExceeded, fault.RateLimited, fault.Unavailable, fault.Timeout, fault.Usage, fault.Internal,
	}
	for i, a := range kinds {
		for j, b := range kinds {
			if errors.Is(fault.New(a, "x", "X."), b) != (i == j) {
				t.Errorf("%q and %q", a, b)
			}
		}
	}
}
