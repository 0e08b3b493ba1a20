package gateway

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/mutant"
)

// Listing is a model's price with where it was read and when.
type Listing struct {
	Price
	Provider string
	Source   string // the page that lists it, or the kind of list
	AsOf     string // YYYY-MM-DD
	Context  int    // tokens of prompt and answer together; 0 where the list does not say
	Reasons  bool   // bills answer tokens that it does not show

	Confirmed Confirmation
}

// Confirmation is another public list that has the same rates; the zero value where none was found.
type Confirmation struct {
	By    string `json:"by"`    // its address
	Dated string `json:"dated"` // YYYY-MM-DD
	Rates string `json:"rates"` // which of them, such as "input, output"
}

// Prices are the prices of models on a date.
type Prices struct {
	AsOf   string // the oldest day on which a price of the list was compared with what its provider publishes
	models map[string]Listing
}

//go:embed prices.json
var pricesJSON []byte

// configured is the provider of a price that no list but the configuration gives.
const configured = "configured"

// rates are those of one model or tier in the file: dollars for a million tokens, as decimal strings; "" for what the list does not name.
type rates struct {
	Above       int    `json:"above"` // of a tier: prompt tokens
	Input       string `json:"input"`
	CachedInput string `json:"cached_input"`
	CacheWrite  string `json:"cache_write"`
	Output      string `json:"output"`
	Reasoning   string `json:"reasoning"`
}

func (r rates) price() (p Price, err error) {
	for _, f := range []struct {
		text string
		into *Nano
	}{{r.Input, &p.Input}, {r.CachedInput, &p.CachedInput}, {r.CacheWrite, &p.CacheWrite}, {r.Output, &p.Output}, {r.Reasoning, &p.Reasoning}} {
		if f.text == "" {
			continue
		}
		if *f.into, err = ParseDollars(f.text); err != nil {
			return p, err
		}
	}
	return p, nil
}

// priceFile is prices.json.
type priceFile struct {
	AsOf   string `json:"as_of"`
	Note   string `json:"note"`
	Models map[string]struct {
		rates
		Tiers    []rates `json:"tiers"`
		Provider string  `json:"provider"`
		Source   string  `json:"source"`
		AsOf     string  `json:"as_of"`
		Context  int     `json:"context"`
		Reasons  bool    `json:"reasons"`

		Confirmed Confirmation `json:"confirmed"`
	} `json:"models"`
}

// LoadPrices reads the price file that ships in the binary.
func LoadPrices() (*Prices, error) {
	var file priceFile
	if err := json.Unmarshal(pricesJSON, &file); err != nil {
		return nil, fmt.Errorf("read prices.json: %w", err)
	}
	p := &Prices{AsOf: file.AsOf, models: map[string]Listing{}}
	for name, m := range file.Models {
		price, err := m.price()
		for _, t := range m.Tiers {
			tier, tierErr := t.price()
			if tierErr != nil {
				err = tierErr
			}
			price.Tiers = append(price.Tiers, Tier{t.Above, tier})
		}
		if err != nil {
			return nil, fmt.Errorf("prices.json: %s: %w", name, err)
		}
		p.models[name] = Listing{Price: price, Provider: m.Provider, Source: m.Source, AsOf: m.AsOf, Context: m.Context, Reasons: m.Reasons, Confirmed: m.Confirmed}
	}
	return p, nil
}

// With returns the prices with one more model, for one that the file lacks. A price of the file stands: who could lower it by
// configuration could pass the cap.
func (p *Prices) With(model string, price Price) *Prices {
	if _, known := p.models[model]; known || model == "" {
		return p
	}
	out := &Prices{AsOf: p.AsOf, models: map[string]Listing{model: {Price: price, Provider: configured}}}
	maps.Copy(out.models, p.models)
	return out
}

// Of is the price of a model. A model without a price is refused, for its cost could not be capped.
func (p *Prices) Of(model string) (Price, error) {
	if l, ok := p.models[model]; ok {
		return l.Price, nil
	}
	if mutant.On(mutant.UnpricedIsFree) {
		return Price{}, nil
	}
	return Price{}, fault.Newf(fault.Invalid, "model-unpriced",
		"The model %.80q has no price, so its cost cannot be capped. Set LLM_PRICE_INPUT and LLM_PRICE_OUTPUT (dollars a million tokens), or use a model of the price file.", model).In("model")
}

// Listing is what is known of a model; the zero Listing of one that is not.
func (p *Prices) Listing(model string) Listing { return p.models[model] }

// Models are the names of the priced models, sorted.
func (p *Prices) Models() []string { return slices.Sorted(maps.Keys(p.models)) }

// PriceDays is how many days a price is good for.
const PriceDays = 90

// Stale is a price that should be looked up again.
type Stale struct {
	Model  string `json:"model"`
	Why    string `json:"why"`
	AsOf   string `json:"as_of"`
	Source string `json:"source"`
	Later  string `json:"confirmed"` // the day of another list that has the same; "" for none
}

// StalePrices are those of the gateway's prices that should be looked up again.
func (g *Gateway) StalePrices(now time.Time) []Stale {
	return g.o.Prices.Check(now, PriceDays*24*time.Hour)
}

// Check names the prices that were looked up, and confirmed by another list, longer ago than maxAge, have no date or source, or contradict themselves.
func (p *Prices) Check(now time.Time, maxAge time.Duration) []Stale {
	out := []Stale{}
	for _, name := range p.Models() {
		l := p.models[name]
		if l.Provider == configured {
			continue
		}
		for _, why := range l.doubts(now, maxAge) {
			out = append(out, Stale{Model: name, Why: why, AsOf: l.AsOf, Source: l.Source, Later: l.Confirmed.Dated})
		}
	}
	return out
}

func (l Listing) doubts(now time.Time, maxAge time.Duration) (why []string) {
	days := func(at time.Time) int { return int(now.Sub(at).Hours() / 24) }
	later, unconfirmed := time.Parse(time.DateOnly, l.Confirmed.Dated)
	switch at, err := time.Parse(time.DateOnly, l.AsOf); {
	case err != nil:
		why = append(why, "has no date")
	case now.Sub(at) > maxAge && unconfirmed != nil:
		why = append(why, fmt.Sprintf("was looked up %d days ago and found on no other list", days(at)))
	case now.Sub(at) > maxAge && now.Sub(later) > maxAge:
		why = append(why, fmt.Sprintf("was looked up %d days ago, and was the same (%s) on a list of %d days ago", days(at), l.Confirmed.Rates, days(later)))
	case at.After(now.AddDate(0, 0, 1)):
		why = append(why, "has a date to come")
	}
	if l.Source == "" {
		why = append(why, "has no source")
	}
	if l.CachedInput > l.Input {
		why = append(why, "costs more from the cache than without")
	}
	for _, t := range l.Tiers {
		if t.Above <= 0 || t.Input < l.Input || t.Output < l.Output {
			why = append(why, "has a long-context tier that is cheaper than the short one")
		}
	}
	return why
}
