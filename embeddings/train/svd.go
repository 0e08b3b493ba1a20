package main

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// The truncated eigendecomposition of a symmetric matrix by subspace iteration from a random start (Halko, Martinsson and Tropp, "Finding
// Structure with Randomness", 2011).
const (
	oversampling = 32
	iterations   = 6
)

// eigen returns the k leading eigenvectors with positive eigenvalues, a row of k a row of the matrix, each column scaled by its eigenvalue to
// the power.
func (m *sparse) eigen(k int, power float64, seed uint64, workers int) []float32 {
	n, width := len(m.starts)-1, k+oversampling
	rng := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // G404: reproducible, not secret
	q := make([]float32, n*width)
	for i := range q {
		q[i] = float32(rng.NormFloat64())
	}
	q = orthonormal(q, n, width, workers)
	for range iterations {
		q = orthonormal(m.times(q, width, workers), n, width, workers)
	}
	b := gram(q, m.times(q, width, workers), n, width, workers)
	values, vectors := jacobi(b, width)
	order := make([]int, width)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(values[b], values[a]) })
	out := make([]float32, n*k)
	parallel(n, workers, func(i int) {
		for c := range k {
			o := order[c]
			s := 0.0
			for j := range width {
				s += float64(float64(q[i*width+j]) * vectors[j*width+o])
			}
			out[i*k+c] = float32(s * math.Pow(max(0, values[o]), power))
		}
	})
	return out
}

// gram is the product of the transpose of a with b, both of width columns, summed in blocks of rows so that workers do not matter.
func gram(a, b []float32, n, width, workers int) []float64 {
	out := make([]float64, width*width)
	parallelEach(width, workers, func(i int) {
		row := out[i*width:][:width]
		for r := range n {
			x := float64(a[r*width+i])
			y := b[r*width:][:width]
			for j := range row {
				row[j] += float64(x * float64(y[j]))
			}
		}
	})
	return out
}

func parallelEach(n, workers int, do func(i int)) {
	parallel((n+7)/8*64, workers, func(k int) { // a block of work is 64 numbers; eight of ours make one
		if i := k / 64 * 8; k%64 < 8 && i+k%64 < n {
			do(i + k%64)
		}
	})
}

// orthonormal makes the columns of q orthonormal: twice by the Cholesky factor of their Gram matrix (Yamamoto et al., "Roundoff error
// analysis of the CholeskyQR2 algorithm", 2015).
func orthonormal(q []float32, n, width, workers int) []float32 {
	for range 2 {
		g := gram(q, q, n, width, workers)
		trace := 0.0
		for i := range width {
			trace += g[i*width+i]
		}
		for i := range width {
			g[i*width+i] += trace * 1e-10
		}
		l := cholesky(g, width)
		out := make([]float32, len(q))
		parallel(n, workers, func(r int) {
			x := make([]float64, width)
			for i := range width { // solve L x = q for each row of q
				s := float64(q[r*width+i])
				for j := range i {
					s -= float64(l[i*width+j] * x[j])
				}
				x[i] = s / l[i*width+i]
				out[r*width+i] = float32(x[i])
			}
		})
		q = out
	}
	return q
}

// cholesky is the lower factor of a positive definite matrix.
func cholesky(a []float64, n int) []float64 {
	l := make([]float64, n*n)
	for i := range n {
		for j := range i + 1 {
			s := a[i*n+j]
			for k := range j {
				s -= float64(l[i*n+k] * l[j*n+k])
			}
			if i == j {
				l[i*n+i] = math.Sqrt(max(s, 1e-30))
			} else {
				l[i*n+j] = s / l[j*n+j]
			}
		}
	}
	return l
}

// jacobi is the eigendecomposition of a small symmetric matrix by cyclic rotations: the values, and the vectors as columns.
func jacobi(a []float64, n int) (values, vectors []float64) {
	v := make([]float64, n*n)
	for i := range n {
		v[i*n+i] = 1
	}
	for range 12 {
		for p := range n {
			for q := p + 1; q < n; q++ {
				if math.Abs(a[p*n+q]) < 1e-12 {
					continue
				}
				theta := (a[q*n+q] - a[p*n+p]) / (2 * a[p*n+q])
				t := 1 / (math.Abs(theta) + math.Sqrt(float64(theta*theta)+1))
				if theta < 0 {
					t = -t
				}
				c := 1 / math.Sqrt(float64(t*t)+1)
				rotate(a, v, n, p, q, c, t*c)
			}
		}
	}
	values = make([]float64, n)
	for i := range n {
		values[i] = a[i*n+i]
	}
	return values, v
}

func rotate(a, v []float64, n, p, q int, c, s float64) {
	turn := func(m []float64, i, j int) {
		x, y := m[i], m[j]
		m[i], m[j] = float64(c*x)-float64(s*y), float64(s*x)+float64(c*y)
	}
	for k := range n {
		turn(a, k*n+p, k*n+q)
		turn(v, k*n+p, k*n+q)
	}
	for k := range n {
		turn(a, p*n+k, q*n+k)
	}
}
