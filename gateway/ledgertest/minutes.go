package ledgertest

import (
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/gateway"
)

// Passing are minutes that a test can make pass.
type Passing interface {
	gateway.Minutes
	Pass(tb testing.TB, d time.Duration)
}

// ConformMinutes checks what gateway.Minutes promise. newMinutes also gives people whose minutes there are.
func ConformMinutes(t *testing.T, newMinutes func(tb testing.TB) (m Passing, person func() uuid.UUID)) {
	t.Helper()
	requests := func(n int) gateway.Rate { return gateway.Rate{Requests: n} }
	draw := func(t *testing.T, m Passing, p uuid.UUID, d gateway.MinuteDraw) (gateway.Rate, bool, time.Duration) {
		t.Helper()
		got, fits, wait, err := m.DrawMinute(t.Context(), p, d)
		if err != nil || !fits && got != (gateway.Rate{}) {
			t.Fatalf("%+v, %t, %v", got, fits, err)
		}
		return got, fits, wait
	}
	for name, check := range map[string]func(*testing.T, Passing, func() uuid.UUID){
		"up to the limit, and no further": func(t *testing.T, m Passing, person func() uuid.UUID) {
			p := person()
			for i := range 5 {
				if got, fits, _ := draw(t, m, p, gateway.MinuteDraw{Need: requests(1), Want: requests(1), Limit: requests(5)}); !fits || got.Requests != 1 {
					t.Fatalf("%d of five: %+v", i+1, got)
				}
			}
			if _, fits, wait := draw(t, m, p, gateway.MinuteDraw{Need: requests(1), Limit: requests(5)}); fits || wait <= 0 || wait > time.Minute {
				t.Errorf("a sixth was let in, or may come back after %s", wait)
			}
			if _, fits, _ := draw(t, m, person(), gateway.MinuteDraw{Need: requests(1), Limit: requests(5)}); !fits {
				t.Error("somebody else was not let in")
			}
		},
		"both or neither": func(t *testing.T, m Passing, person func() uuid.UUID) {
			p, limit := person(), gateway.Rate{Requests: 5, Tokens: 100}
			if _, fits, _ := draw(t, m, p, gateway.MinuteDraw{Need: gateway.Rate{Requests: 1, Tokens: 101}, Limit: limit}); fits {
				t.Error("more tokens than there are")
			}
			if got, fits, _ := draw(t, m, p, gateway.MinuteDraw{Need: gateway.Rate{Requests: 5, Tokens: 100}, Limit: limit}); !fits || got != limit {
				t.Errorf("%+v: what was refused took something", got)
			}
		},
		"no more in advance than a quarter of what is left": func(t *testing.T, m Passing, person func() uuid.UUID) {
			p := person()
			if got, _, _ := draw(t, m, p, gateway.MinuteDraw{Need: requests(1), Want: requests(1000), Limit: requests(100)}); got.Requests != 25 {
				t.Errorf("%d, want 25", got.Requests)
			}
			if got, _, _ := draw(t, m, p, gateway.MinuteDraw{Need: requests(70), Want: requests(1000), Limit: requests(100)}); got.Requests != 70 {
				t.Errorf("%d, want 70", got.Requests)
			}
		},
		"what comes back can be taken again": func(t *testing.T, m Passing, person func() uuid.UUID) {
			p := person()
			draw(t, m, p, gateway.MinuteDraw{Need: requests(10), Limit: requests(10)})
			if got, fits, _ := draw(t, m, p, gateway.MinuteDraw{Back: requests(4), Need: requests(4), Limit: requests(10)}); !fits || got.Requests != 4 {
				t.Errorf("%+v, want the four", got)
			}
			draw(t, m, p, gateway.MinuteDraw{Back: requests(1000)})
			if _, fits, _ := draw(t, m, p, gateway.MinuteDraw{Need: requests(11), Limit: requests(10)}); fits {
				t.Error("more came back than there ever was")
			}
		},
		"what was used beyond": func(t *testing.T, m Passing, person func() uuid.UUID) {
			p := person()
			draw(t, m, p, gateway.MinuteDraw{Back: gateway.Rate{Tokens: -90}})
			if _, fits, _ := draw(t, m, p, gateway.MinuteDraw{Need: gateway.Rate{Tokens: 11}, Limit: gateway.Rate{Tokens: 100}}); fits {
				t.Error("tokens that were used are not counted")
			}
		},
		"the minute before counts by its share": func(t *testing.T, m Passing, person func() uuid.UUID) {
			p, limit := person(), requests(1000)
			draw(t, m, p, gateway.MinuteDraw{Need: limit, Limit: limit})
			m.Pass(t, 90*time.Second) // half of it is still within the last minute
			if _, fits, _ := draw(t, m, p, gateway.MinuteDraw{Need: requests(750), Limit: limit}); fits {
				t.Error("750 were let in on top of half of a thousand")
			}
			if _, fits, _ := draw(t, m, p, gateway.MinuteDraw{Need: requests(490), Limit: limit}); !fits {
				t.Error("490 were not")
			}
			m.Pass(t, 2*time.Minute)
			if _, fits, _ := draw(t, m, p, gateway.MinuteDraw{Need: limit, Limit: limit}); !fits {
				t.Error("two minutes later not all is there again")
			}
		},
		"what was drawn before comes off the minute before": func(t *testing.T, m Passing, person func() uuid.UUID) {
			p, limit := person(), requests(1000)
			draw(t, m, p, gateway.MinuteDraw{Need: limit, Limit: limit})
			m.Pass(t, 61*time.Second)
			if _, fits, _ := draw(t, m, p, gateway.MinuteDraw{Back: limit, Need: limit, Limit: limit}); !fits {
				t.Error("what was given back is still counted")
			}
		},
		"no limit": func(t *testing.T, m Passing, person func() uuid.UUID) {
			if got, fits, _ := draw(t, m, person(), gateway.MinuteDraw{Need: gateway.Rate{Requests: 1, Tokens: 1_000_000}, Limit: requests(5)}); !fits || got.Tokens != 0 {
				t.Errorf("%+v, %t; without a limit on tokens none are counted", got, fits)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			m, person := newMinutes(t)
			check(t, m, person)
		})
	}
}

// OwnMinutes are those of one process, under a clock that stands still.
type OwnMinutes struct {
	gateway.Minutes
	mu  sync.Mutex
	now time.Time
}

// NewOwnMinutes makes some at a time.
func NewOwnMinutes(at time.Time) *OwnMinutes {
	o := &OwnMinutes{now: at}
	o.Minutes = gateway.NewMinutes(func() time.Time {
		o.mu.Lock()
		defer o.mu.Unlock()
		return o.now
	})
	return o
}

// Pass implements Passing.
func (o *OwnMinutes) Pass(_ testing.TB, d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = o.now.Add(d)
}
