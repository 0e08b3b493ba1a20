package gateway

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/gapwise/gapwise/internal/fault"
)

// Price is what a model costs, in nano-dollars for a million tokens.
type Price struct {
	Input  Nano
	Output Nano
}

const million = 1_000_000

// Cost is what usage costs, rounded up to a nano-dollar.
func (p Price) Cost(u Usage) Nano {
	return ceilDiv(p.Input, u.PromptTokens) + ceilDiv(p.Output, u.CompletionTokens)
}

// mostCost is the dearest that one side of a call can be: a peer may claim a quintillion tokens, and the sum of many such calls must
// still fit in a budget.
const mostCost Nano = math.MaxInt64 >> 10

func ceilDiv(perMillion Nano, tokens int) Nano {
	if tokens <= 0 || perMillion <= 0 {
		return 0
	}
	if int64(tokens) > (math.MaxInt64-million)/int64(perMillion) {
		return mostCost
	}
	return min(Nano((int64(perMillion)*int64(tokens)+million-1)/million), mostCost)
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

// Prices are the prices of models on a date.
type Prices struct {
	AsOf   string // the day on which the list was last compared with what the vendors publish
	models map[string]Price
}

//go:embed prices.json
var pricesJSON []byte

// LoadPrices reads the price file that ships in the binary.
func LoadPrices() (*Prices, error) {
	var file struct {
		AsOf   string `json:"as_of"`
		Note   string `json:"note"`
		Models map[string]struct {
			Input  string `json:"input"`
			Output string `json:"output"`
		} `json:"models"`
	}
	if err := json.Unmarshal(pricesJSON, &file); err != nil {
		return nil, fmt.Errorf("read prices.json: %w", err)
	}
	p := &Prices{AsOf: file.AsOf, models: map[string]Price{}}
	for name, m := range file.Models {
		in, err := ParseDollars(m.Input)
		if err != nil {
			return nil, fmt.Errorf("prices.json: %s: %w", name, err)
		}
		out, err := ParseDollars(m.Output)
		if err != nil {
			return nil, fmt.Errorf("prices.json: %s: %w", name, err)
		}
		p.models[name] = Price{in, out}
	}
	return p, nil
}

// With returns the prices with one more model, for one that the file lacks. A price of the file stands: who could lower it by
// configuration could pass the cap.
func (p *Prices) With(model string, price Price) *Prices {
	if _, known := p.models[model]; known || model == "" {
		return p
	}
	out := &Prices{AsOf: p.AsOf, models: map[string]Price{model: price}}
	maps.Copy(out.models, p.models)
	return out
}

// Of is the price of a model. A model without a price is refused, for its cost could not be capped.
func (p *Prices) Of(model string) (Price, error) {
	if price, ok := p.models[model]; ok {
		return price, nil
	}
	return Price{}, fault.Newf(fault.Invalid, "model-unpriced",
		"The model %.80q has no price, so its cost cannot be capped. Set LLM_PRICE_INPUT and LLM_PRICE_OUTPUT (dollars a million tokens), or use a model of the price file.", model).In("model")
}

// Models are the names of the priced models, sorted.
func (p *Prices) Models() []string {
	names := make([]string, 0, len(p.models))
	for name := range p.models {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
