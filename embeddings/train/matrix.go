package main

import (
	"math"
	"slices"
	"sync"
)

// sparse is a symmetric matrix by rows.
type sparse struct {
	starts []int
	cols   []int32
	values []float32
}

// smoothing is the exponent of the context distribution (Levy, Goldberg and Dagan, "Improving Distributional Similarity with Lessons Learned
// from Word Embeddings", 2015).
const smoothing = 0.75

// ppmi counts what stands with what, and weighs it by positive pointwise mutual information. It returns the mass of each token too.
func (p *corpus) ppmi() (sparse, []float64) {
	n := len(p.names)
	rows := make([]map[int32]float32, n)
	for i := range rows {
		rows[i] = map[int32]float32{}
	}
	both := func(a, b term, scale float64) {
		if a.token != b.token {
			w := float32(scale * a.weight * b.weight)
			rows[a.token][int32(b.token)] += w //nolint:gosec // G115: fewer tokens
			rows[b.token][int32(a.token)] += w //nolint:gosec // G115: fewer tokens
		}
	}
	for _, d := range p.docs {
		if d.others != nil {
			scale := d.mass / math.Sqrt(total(d.terms)*total(d.others))
			for _, a := range d.terms {
				for _, b := range d.others {
					both(a, b, scale)
				}
			}
			continue
		}
		scale := d.mass / max(1, total(d.terms)-1)
		for i, a := range d.terms {
			for _, b := range d.terms[i+1:] {
				both(a, b, scale)
			}
		}
	}
	m := sparse{starts: make([]int, n+1)}
	mass := make([]float64, n)
	for i, r := range rows {
		cols := make([]int32, 0, len(r))
		for c := range r {
			cols = append(cols, c)
		}
		slices.Sort(cols)
		for _, c := range cols {
			m.cols = append(m.cols, c)
			m.values = append(m.values, r[c])
			mass[i] += float64(r[c])
		}
		m.starts[i+1] = len(m.cols)
		rows[i] = nil
	}
	m.weigh(mass)
	return m, mass
}

func total(ts []term) float64 {
	s := 0.0
	for _, t := range ts {
		s += t.weight
	}
	return s
}

// weigh turns counts into positive pointwise mutual information, smoothed on both sides so that the matrix stays symmetric.
func (m *sparse) weigh(mass []float64) {
	all, smooth := 0.0, 0.0
	for _, x := range mass {
		all += x
		smooth += math.Pow(x, smoothing)
	}
	at := 0
	for i := range mass {
		start := at
		for k := m.starts[i]; k < m.starts[i+1]; k++ {
			j := m.cols[k]
			x := float64(m.values[k])
			left := math.Log(x * smooth / (mass[i] * math.Pow(mass[j], smoothing)))
			right := math.Log(x * smooth / (mass[j] * math.Pow(mass[i], smoothing)))
			if v := (left + right) / 2; v > 0 {
				m.cols[at], m.values[at] = j, float32(v)
				at++
			}
		}
		m.starts[i] = start
	}
	m.starts[len(mass)] = at
	m.cols, m.values = m.cols[:at], m.values[:at]
}

// times is the product with a dense matrix of width columns. Each row is summed in one order, whoever does it.
func (m *sparse) times(q []float32, width, workers int) []float32 {
	n := len(m.starts) - 1
	out := make([]float32, len(q))
	parallel(n, workers, func(i int) {
		row := out[i*width:][:width]
		for k := m.starts[i]; k < m.starts[i+1]; k++ {
			axpy(row, m.values[k], q[int(m.cols[k])*width:][:width])
		}
	})
	return out
}

// axpy adds a times x to y. The product is rounded before it is added on every processor, so that all give the same sum.
func axpy(y []float32, a float32, x []float32) {
	x = x[:len(y)]
	for i := range y {
		y[i] += float32(a * x[i])
	}
}

// parallel calls do for 0 to n-1, in any order, by some workers.
func parallel(n, workers int, do func(i int)) {
	var wg sync.WaitGroup
	const block = 64
	next := make(chan int)
	for range workers {
		wg.Go(func() {
			for start := range next {
				for i := start; i < min(start+block, n); i++ {
					do(i)
				}
			}
		})
	}
	for start := 0; start < n; start += block {
		next <- start
	}
	close(next)
	wg.Wait()
}
