package gateway_test

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
)

func prices(tb testing.TB) *gateway.Prices {
	tb.Helper()
	p, err := gateway.LoadPrices()
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func TestLoadPrices(t *testing.T) {
	p := prices(t)
	if _, err := time.Parse(time.DateOnly, p.AsOf); err != nil {
		t.Errorf("as_of: %v", err)
	}
	if len(p.Models()) == 0 || !slices.IsSorted(p.Models()) {
		t.Errorf("models %q, want some, sorted", p.Models())
	}
	for _, m := range p.Models() {
		price, err := p.Of(m)
		if err != nil || price.Input <= 0 || price.Output < 0 || price.Input > 1000*gateway.Dollar || price.Output > 1000*gateway.Dollar {
			t.Errorf("%s costs %+v, %v; want dollars for a million tokens", m, price, err)
		}
	}
	got, err := p.Of("gpt-4o-mini")
	if want := (gateway.Price{Input: 150_000_000, CachedInput: 75_000_000, Output: 600_000_000}); err != nil || !cmp.Equal(got, want) {
		t.Errorf("gpt-4o-mini costs %+v, %v; want %+v", got, err, want)
	}
}

func TestUnpricedModelIsRefused(t *testing.T) {
	for _, model := range []string{"", "no-such-model", "GPT-4o"} {
		_, err := prices(t).Of(model)
		if !errors.Is(err, fault.Invalid) || fault.CodeOf(err) != "model-unpriced" || fault.FieldOf(err) != "model" {
			t.Errorf("Of(%q): %v in %q, want Invalid model-unpriced in model", model, err, fault.FieldOf(err))
		}
	}
}

func TestWith(t *testing.T) {
	p := prices(t)
	cheap := gateway.Price{Input: 1, Output: 1}
	if got := p.With("", cheap); slices.Contains(got.Models(), "") {
		t.Error("a model without a name got a price")
	}
	known, err := p.Of("gpt-4o")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := p.With("gpt-4o", cheap).Of("gpt-4o"); err != nil || !cmp.Equal(got, known) {
		t.Errorf("a known model costs %+v, %v after With; want %+v as before: a lower price could pass the cap", got, err, known)
	}
	if got, err := p.With("mine", cheap).With("mine", gateway.Price{}).Of("mine"); err != nil || !cmp.Equal(got, cheap) {
		t.Errorf("mine costs %+v, %v; want %+v, also after a second With", got, err, cheap)
	}
	if got, err := p.With("mine", cheap).Of("gpt-4o"); err != nil || !cmp.Equal(got, known) {
		t.Errorf("gpt-4o costs %+v, %v beside a new model; want %+v", got, err, known)
	}
	if _, err := p.Of("mine"); err == nil {
		t.Error("With changed the prices that it was called on")
	}
}

func TestCost(t *testing.T) {
	price := gateway.Price{Input: 150_000_000, Output: 600_000_000}
	tests := []struct {
		name  string
		price gateway.Price
		usage gateway.Usage
		want  gateway.Nano
	}{
		{"nothing", price, gateway.Usage{}, 0},
		{"a million of each", price, gateway.Usage{PromptTokens: 1e6, CompletionTokens: 1e6}, 750_000_000},
		{"one token", price, gateway.Usage{PromptTokens: 1}, 150},
		{"rounded up", gateway.Price{Input: 1, Output: 1}, gateway.Usage{PromptTokens: 1, CompletionTokens: 1_000_001}, 3},
		{"negative is nothing", price, gateway.Usage{PromptTokens: -5, CompletionTokens: -5}, 0},
		{"free", gateway.Price{}, gateway.Usage{PromptTokens: math.MaxInt, CompletionTokens: math.MaxInt}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.price.Cost(tt.usage); got != tt.want {
				t.Errorf("costs %d, want %d", got, tt.want)
			}
		})
	}
}

// FuzzCost holds Cost to exact arithmetic where it fits, and to being positive and never falling where it does not.
func FuzzCost(f *testing.F) {
	f.Add(int64(150_000_000), 1234)
	f.Add(int64(1), math.MaxInt)
	f.Add(int64(math.MaxInt64), 1)
	f.Add(int64(math.MaxInt64), math.MaxInt)
	f.Fuzz(func(t *testing.T, perMillion int64, tokens int) {
		if perMillion < 0 || tokens < 0 {
			t.Skip()
		}
		price := gateway.Price{Input: gateway.Nano(perMillion)}
		got := price.Cost(gateway.Usage{PromptTokens: tokens})
		exact := new(big.Int).Mul(big.NewInt(perMillion), big.NewInt(int64(tokens)))
		fits := exact.Cmp(big.NewInt(math.MaxInt64/2)) < 0
		exact.Add(exact, big.NewInt(999_999)).Quo(exact, big.NewInt(1_000_000))
		if fits && exact.Int64() != int64(got) {
			t.Errorf("%d tokens at %d cost %d, want %s", tokens, perMillion, got, exact)
		}
		if got < 0 || exact.Sign() > 0 && got == 0 {
			t.Errorf("%d tokens at %d cost %d", tokens, perMillion, got)
		}
		if less := price.Cost(gateway.Usage{PromptTokens: tokens / 2}); less > got {
			t.Errorf("half of %d tokens at %d costs %d, all of them %d", tokens, perMillion, less, got)
		}
	})
}
