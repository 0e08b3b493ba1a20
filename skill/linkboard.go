package skill

import "slices"

// linkTally is a sum for each of many numbers, most of them zero, that is used again for the next text.
type linkTally struct {
	sums    []float32
	touched []int32
}

func (t *linkTally) add(i int32, x float32) {
	if t.sums[i] == 0 {
		t.touched = append(t.touched, i)
	}
	t.sums[i] += x
}

func (t *linkTally) raise(i int32, x float32) {
	if x <= t.sums[i] {
		return
	}
	if t.sums[i] == 0 {
		t.touched = append(t.touched, i)
	}
	t.sums[i] = x
}

func (t *linkTally) clear() {
	for _, i := range t.touched {
		t.sums[i] = 0
	}
	t.touched = t.touched[:0]
}

// best appends the n numbers with the highest sums, of equal ones the lower, in no order.
func (t *linkTally) best(n int, out []int32) []int32 {
	if len(t.touched) <= n {
		return append(out, t.touched...)
	}
	worse := func(a, b int32) bool { return t.sums[a] < t.sums[b] || t.sums[a] == t.sums[b] && a > b }
	heap := slices.Clone(t.touched[:n]) // the worst of the best on top
	down := func(i int) {
		for {
			c := 2*i + 1
			if c >= n {
				return
			}
			if c+1 < n && worse(heap[c+1], heap[c]) {
				c++
			}
			if !worse(heap[c], heap[i]) {
				return
			}
			heap[c], heap[i] = heap[i], heap[c]
			i = c
		}
	}
	for i := n/2 - 1; i >= 0; i-- {
		down(i)
	}
	for _, x := range t.touched[n:] {
		if worse(heap[0], x) {
			heap[0] = x
			down(0)
		}
	}
	return append(out, heap...)
}

// board is what one text is summed up on.
type board struct {
	forms, grams                          linkTally // by form
	byForm, byGram, bag, memory, byVector linkTally // by concept
}

func newBoard(forms, concepts int) *board {
	b := &board{}
	b.forms.sums, b.grams.sums = make([]float32, forms), make([]float32, forms)
	for _, t := range []*linkTally{&b.byForm, &b.byGram, &b.bag, &b.memory, &b.byVector} {
		t.sums = make([]float32, concepts)
	}
	return b
}

func (b *board) clear() {
	for _, t := range []*linkTally{&b.forms, &b.grams, &b.byForm, &b.byGram, &b.bag, &b.memory, &b.byVector} {
		t.clear()
	}
}
