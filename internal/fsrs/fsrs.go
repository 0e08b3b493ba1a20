// Package fsrs tells how well something is still remembered and when to ask for it again: version 6 of the Free Spaced Repetition Scheduler,
// with the parameters that its authors fitted to some hundred million reviews. The formulas are those of
// https://github.com/open-spaced-repetition/awesome-fsrs/wiki/The-Algorithm; the test holds them against the authors' own implementation.
//
// Steps of minutes within a first day are left out, as nothing here is learned by repeating it at once: every interval is of whole days.
package fsrs

import (
	"math"
	"time"
)

// Grade is how a review went.
type Grade int

// The grades.
const (
	Again Grade = iota + 1 // not remembered
	Hard                   // remembered in part
	Good
	Easy
)

// Bounds on what is computed.
const (
	Retention     = 0.9 // the chance of remembering at which something is due
	MaxInterval   = 365 // days; what is needed at work should be seen once a year
	minStability  = 0.001
	minDifficulty = 1.0
	maxDifficulty = 10.0
)

const day = 24 * time.Hour

// weights are the parameters w0 to w20.
var weights = [21]float64{
	0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
}

// Memory is what is known of one thing that somebody learns. The zero value is something never asked for.
type Memory struct {
	Stability  float64 // days until the chance of remembering is Retention
	Difficulty float64 // 1 to 10
	Reviewed   time.Time
}

// Review is the memory after a review. One that is said to be before the last counts as of its time.
func (m Memory) Review(g Grade, at time.Time) Memory {
	g = min(max(g, Again), Easy)
	if m.Stability == 0 {
		return Memory{Stability: max(weights[g-1], minStability), Difficulty: firstDifficulty(g), Reviewed: at}
	}
	if at.Before(m.Reviewed) {
		at = m.Reviewed
	}
	next := Memory{Difficulty: m.nextDifficulty(g), Reviewed: at}
	switch {
	case days(m.Reviewed, at) == 0:
		next.Stability = m.sameDay(g)
	case g == Again:
		next.Stability = m.forgotten(m.Retrievability(at))
	default:
		next.Stability = m.recalled(g, m.Retrievability(at))
	}
	next.Stability = max(next.Stability, minStability)
	return next
}

// Retrievability is the chance that it is remembered at a time, 0 to 1. It is counted in whole days.
func (m Memory) Retrievability(at time.Time) float64 {
	if m.Stability == 0 {
		return 0
	}
	return After(m.Stability, days(m.Reviewed, at))
}

// After is the chance that something of a stability is remembered after so many days without a review.
func After(stability float64, days int) float64 {
	if stability <= 0 {
		return 0
	}
	return math.Pow(1+factor()*float64(max(days, 0))/stability, -weights[20])
}

// Due is when it should be asked for again.
func (m Memory) Due() time.Time {
	if m.Stability == 0 {
		return m.Reviewed
	}
	interval := m.Stability / factor() * (math.Pow(Retention, -1/weights[20]) - 1)
	return m.Reviewed.AddDate(0, 0, min(max(int(math.RoundToEven(interval)), 1), MaxInterval))
}

// factor makes the chance of remembering after Stability days .9.
func factor() float64 { return math.Pow(0.9, -1/weights[20]) - 1 }

func days(from, to time.Time) int { return max(int(to.Sub(from)/day), 0) }

func firstDifficulty(g Grade) float64 { return clampDifficulty(easeOf(g)) }

func easeOf(g Grade) float64 { return weights[4] - math.Exp(weights[5]*float64(g-1)) + 1 }

// nextDifficulty moves by the grade, less the nearer it is to its end, and is drawn a little to that of something easy.
func (m Memory) nextDifficulty(g Grade) float64 {
	moved := m.Difficulty - weights[6]*float64(g-Good)*(maxDifficulty-m.Difficulty)/9
	return clampDifficulty(weights[7]*easeOf(Easy) + (1-weights[7])*moved)
}

func clampDifficulty(d float64) float64 { return min(max(d, minDifficulty), maxDifficulty) }

func (m Memory) sameDay(g Grade) float64 {
	grown := math.Exp(weights[17]*(float64(g-Good)+weights[18])) * math.Pow(m.Stability, -weights[19])
	if g >= Hard {
		grown = max(grown, 1)
	}
	return m.Stability * grown
}

func (m Memory) recalled(g Grade, r float64) float64 {
	by := 1.0
	switch g {
	case Hard:
		by = weights[15]
	case Easy:
		by = weights[16]
	case Again, Good:
	}
	return m.Stability * (1 + math.Exp(weights[8])*(11-m.Difficulty)*math.Pow(m.Stability, -weights[9])*(math.Exp((1-r)*weights[10])-1)*by)
}

func (m Memory) forgotten(r float64) float64 {
	long := weights[11] * math.Pow(m.Difficulty, -weights[12]) * (math.Pow(m.Stability+1, weights[13]) - 1) * math.Exp((1-r)*weights[14])
	return min(long, m.Stability/math.Exp(weights[17]*weights[18]))
}
