package gateway_test

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"github.com/gapwise/gapwise/gateway"
)

func TestParseDollars(t *testing.T) {
	tests := []struct {
		in   string
		want gateway.Nano
		ok   bool
	}{
		{"0", 0, true},
		{"0.10", gateway.Dollar / 10, true},
		{"25", 25 * gateway.Dollar, true},
		{" 5 ", 5 * gateway.Dollar, true},
		{".5", gateway.Dollar / 2, true},
		{"010", 10 * gateway.Dollar, true},
		{"0.000000001", 1, true},
		{"0.0000000001", 1, true}, // rounded up, never down to nothing
		{"0.0000000011", 2, true},
		{"0.1000000000000000000001", gateway.Dollar/10 + 1, true},
		{"2305843009.213693951", 2305843009213693951, true}, // the most, a quarter of what an int64 holds
		{"2305843009.213693952", 0, false},
		{"99999999999999999999999", 0, false},
		{"", 0, false},
		{"-1", 0, false},
		{"+1", 0, false},
		{"1e3", 0, false},
		{"1p3", 0, false},
		{"1p999999999", 0, false},
		{"0x10", 0, false},
		{"0b11", 0, false},
		{"0o17", 0, false},
		{"1/3", 0, false},
		{"1_000", 0, false},
		{"1,50", 0, false},
		{"$1", 0, false},
		{"1.2.3", 0, false},
		{".", 0, false},
		{"NaN", 0, false},
		{"Inf", 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			got, err := gateway.ParseDollars(tt.in)
			if got != tt.want || (err == nil) != tt.ok {
				t.Errorf("ParseDollars(%q) = %d, %v; want %d, ok %t", tt.in, got, err, tt.want, tt.ok)
			}
		})
	}
}

func TestNanoString(t *testing.T) {
	tests := []struct {
		in   gateway.Nano
		want string
	}{
		{0, "0.00"},
		{1, "0.000000001"},
		{45_000, "0.000045"},
		{gateway.Dollar / 10, "0.10"},
		{gateway.Dollar, "1.00"},
		{12_340_000_000, "12.34"},
		{12_345_600_000, "12.3456"},
		{-1, "-0.000000001"},
		{-12_340_000_000, "-12.34"},
	}
	for _, tt := range tests {
		t.Run(tt.want, func(t *testing.T) {
			if got := tt.in.String(); got != tt.want {
				t.Errorf("%d is written %q, want %q", int64(tt.in), got, tt.want)
			}
			b, err := json.Marshal(map[string]gateway.Nano{"cost": tt.in})
			if err != nil || string(b) != `{"cost":"`+tt.want+`"}` {
				t.Errorf("in JSON %s, %v; want a decimal string", b, err)
			}
		})
	}
}

// FuzzParseDollars holds ParseDollars to exact arithmetic: never less than what was written, never a nano-dollar more, and what String
// writes is read back as it was.
func FuzzParseDollars(f *testing.F) {
	for _, s := range []string{"0", "0.10", "25", "0.0000000001", "1p9", "0b1", "007", "1e9", "2305843009.213693951", "٣"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := gateway.ParseDollars(s)
		if err != nil {
			if n != 0 {
				t.Errorf("ParseDollars(%q) = %d with an error", s, n)
			}
			return
		}
		if n < 0 {
			t.Errorf("ParseDollars(%q) = %d, below nothing", s, n)
		}
		back, err := gateway.ParseDollars(n.String())
		if err != nil || back != n {
			t.Errorf("ParseDollars(%q) = %d, written %s, read back as %d, %v", s, n, n, back, err)
		}
		exact, ok := new(big.Rat).SetString(strings.TrimSpace(s))
		if !ok {
			t.Fatalf("ParseDollars(%q) = %d, want a refusal", s, n)
		}
		over := new(big.Rat).SetInt64(int64(n))
		over.Sub(over, exact.Mul(exact, new(big.Rat).SetInt64(int64(gateway.Dollar))))
		if over.Sign() < 0 || over.Cmp(big.NewRat(1, 1)) >= 0 {
			t.Errorf("ParseDollars(%q) = %d nano-dollars, off by %s", s, n, over.FloatString(3))
		}
	})
}
