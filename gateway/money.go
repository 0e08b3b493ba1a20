package gateway

import (
	"fmt"
	"math"
	"math/big"
	"strings"
)

// Nano is an amount of money in nano-dollars (1e-9 USD). Costs are rounded up to it and never computed in floating point.
type Nano int64

// Dollar is one US dollar.
const Dollar Nano = 1e9

// String writes the amount in dollars as a decimal without an exponent and without needless zeros: "0.10", "12.34", "0.000045".
func (n Nano) String() string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	frac := strings.TrimRight(fmt.Sprintf("%09d", int64(n%Dollar)), "0")
	for len(frac) < 2 {
		frac += "0"
	}
	return fmt.Sprintf("%s%d.%s", sign, int64(n/Dollar), frac)
}

// MarshalText writes the amount as String does, so that it is a decimal string in JSON.
func (n Nano) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// ParseDollars reads a decimal amount of dollars, such as "0.10" or "25". Less than a nano-dollar is rounded up.
func ParseDollars(s string) (Nano, error) {
	s = strings.TrimSpace(s)
	r, ok := new(big.Rat).SetString(s)
	if !ok || strings.Trim(s, "0123456789.") != "" { // a Rat also reads signs, fractions, exponents and other bases
		return 0, fmt.Errorf("%q is not an amount of dollars like 0.10", s)
	}
	r.Mul(r, new(big.Rat).SetInt64(int64(Dollar)))
	n := new(big.Int).Add(r.Num(), new(big.Int).Sub(r.Denom(), big.NewInt(1)))
	n.Quo(n, r.Denom())
	if !n.IsInt64() || n.Int64() > math.MaxInt64/4 {
		return 0, fmt.Errorf("%q is more dollars than there are", s)
	}
	return Nano(n.Int64()), nil
}

// UnmarshalText reads what MarshalText writes.
func (n *Nano) UnmarshalText(b []byte) error {
	v, err := ParseDollars(string(b))
	*n = v
	return err
}
