package gateway

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sony/gobreaker/v2"

	"github.com/gapwise/gapwise/internal/fault"
)

// Target is one model of one provider.
type Target struct {
	Name      string // of the provider, for the ledger
	Model     string
	Provider  Provider
	FirstByte time.Duration // until the first piece of a stream; 0 for the usual minute
	Whole     time.Duration // until the end; 0 for the usual two minutes
	Context   int           // tokens of prompt and answer together; 0 where it is not known
	NoTools   bool          // cannot be given tools; a request that has any skips it
}

// Local tells whether an address is on this machine or the network around it, where models are one's own: they cost nothing and take long.
func Local(baseURL string) bool {
	u, err := url.Parse(baseURL)
	if err != nil {
		return false
	}
	host := u.Hostname()
	return host == "localhost" || host == "::1" || strings.HasPrefix(host, "127.") || host == "host.docker.internal" || strings.HasSuffix(host, ".local")
}

// LocalTimeouts are the target's with the patience that a model on one's own machine needs.
func (t Target) LocalTimeouts() Target {
	t.FirstByte, t.Whole = localTimeout, localTimeout
	return t
}

// target is a Target with what the gateway keeps of it.
type target struct {
	Target
	address string // of the endpoint, for spans; "" where the provider does not say
	reasons bool
	breaker *gobreaker.TwoStepCircuitBreaker[struct{}]
}

// A breaker opens after so many failures in a row and lets one call through after a while.
const (
	breakerFailures = 5
	breakerOpen     = 10 * time.Second
)

// targets are all that can be asked.
type targets struct {
	o      Options
	routes map[string][]*target
	any    bool // there is a model in one of them
	mu     sync.Mutex
	named  map[string]*target // models that were asked for by name and are in no route
}

func newTargets(o Options) *targets {
	t := &targets{o: o, routes: map[string][]*target{}, named: map[string]*target{}}
	for purpose, list := range o.Routes {
		t.routes[purpose] = []*target{} // a route without models asks none
		for _, one := range list {
			t.routes[purpose] = append(t.routes[purpose], t.made(one))
		}
	}
	if _, said := t.routes[""]; !said && o.Chat != nil {
		t.routes[""] = []*target{t.made(Target{Name: "default", Model: o.Model, Provider: o.Chat})}
	}
	t.any = len(t.names()) > 0
	return t
}

func addressOf(p any) string {
	if known, ok := p.(interface{ Address() string }); ok {
		return known.Address()
	}
	return ""
}

func (t *targets) made(one Target) *target {
	if one.FirstByte == 0 {
		one.FirstByte = firstByteTimeout
	}
	if one.Whole == 0 {
		one.Whole = callTimeout
	}
	out := &target{Target: one, address: addressOf(one.Provider)}
	if t.o.Prices != nil {
		l := t.o.Prices.Listing(one.Model)
		out.reasons = l.Reasons || l.Reasoning > 0
		if one.Context == 0 {
			out.Context = l.Context
		}
	}
	out.breaker = gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
		Name: one.Name, MaxRequests: 1, Timeout: breakerOpen,
		ReadyToTrip:  func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= breakerFailures },
		IsSuccessful: func(err error) bool { return !sick(err) },
	})
	return out
}

// sick tells whether an error says that the provider is not well, rather than that the request or the caller is at fault.
func sick(err error) bool {
	if err == nil {
		return false
	}
	switch fault.CodeOf(err) {
	case "model-failed", "model-unreachable", "model-timeout", "model-cut-off", "model-busy":
		return true
	}
	return errors.Is(err, fault.Timeout)
}

func (t *targets) purposes() []string {
	out := make([]string, 0, len(t.routes))
	for p := range t.routes {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

// names are the models of all routes, the usual route's first.
func (t *targets) names() []string {
	out := []string{}
	for _, purpose := range t.purposes() {
		for _, one := range t.routes[purpose] {
			if !slices.Contains(out, one.Model) {
				out = append(out, one.Model)
			}
		}
	}
	return out
}
