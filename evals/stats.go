package evals

import (
	"math"
	"math/rand/v2"
	"slices"
)

// z is the quantile of the normal distribution for an interval of 95 %.
const z = 1.959964

// wilson is Wilson's score interval of 95 % for a share (Wilson 1927), which is right for few cases and for shares near 0 and 1.
func wilson(passed, of int) (low, high float64) {
	if of == 0 {
		return 0, 1
	}
	n, p := float64(of), float64(passed)/float64(of)
	middle := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return max(0, middle-half), min(1, middle+half)
}

// How a difference is tested: resamples of the pairs, from a fixed seed.
const (
	resamples = 10_000
	seed      = 7_402_113
)

// bootstrap is the interval of 95 % of the mean of paired differences, by resampling the pairs (Efron 1979).
func bootstrap(differences []float64) (low, high float64) {
	if len(differences) == 0 {
		return 0, 0
	}
	random := rand.New(rand.NewPCG(seed, uint64(len(differences)))) //nolint:gosec // G404: a resample is no secret, and must be the same each time
	means := make([]float64, resamples)
	for i := range means {
		sum := 0.0
		for range differences {
			sum += differences[random.IntN(len(differences))]
		}
		means[i] = sum / float64(len(differences))
	}
	slices.Sort(means)
	return means[resamples*25/1000], means[resamples*975/1000-1]
}

// signTest is the probability that so many of the pairs that differ went down, or more, if up and down were alike.
func signTest(down, up int) float64 {
	n := down + up
	if n == 0 {
		return 1
	}
	p := 0.0
	for k := down; k <= n; k++ {
		p += math.Exp(logChoose(n, k) - float64(n)*math.Ln2)
	}
	return min(p, 1)
}

func logChoose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}
