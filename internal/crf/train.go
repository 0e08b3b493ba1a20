package crf

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Example is a sentence with its tags.
type Example struct {
	Features [][]uint32 // of each token; the first Lexical of them name words
	Lexical  []int
	Tags     []int8
}

// Options of training. Dropout is the share of the words' own features that each pass leaves out, so that the model leans on what it also
// knows of words it has not seen.
type Options struct {
	Bits     int // size of the table of weights, as a power of two
	Epochs   int
	Rate     float64
	L2       float64
	Dropout  float64
	MinCount int // features of fewer tokens are left out
	Prune    float64
	Seeds    []uint64 // one run each; the weights are averaged
}

// trainer holds the weights while they move. Features have numbers of their own, in the order of their first use, so that the weights stay
// close together.
type trainer struct {
	opts    Options
	numbers map[uint32]int32 // lowest bits of a feature to its number
	count   []float32
	weights []float32 // feature × tag
	squares []float32
	sum     []float64 // for the average over the last epochs
	trans   [Tags * Tags]float32
	transSq [Tags * Tags]float32
	transSm [Tags * Tags]float64
	summed  float64
}

// Train fits a model to examples. The same examples and options give the same model, bit for bit.
func Train(examples []Example, o Options) *Model {
	t := &trainer{opts: o}
	t.number(examples)
	data := t.translate(examples)
	for _, seed := range o.Seeds {
		t.run(data, seed)
	}
	return t.model()
}

func (t *trainer) number(examples []Example) {
	mask := uint32(1)<<t.opts.Bits - 1
	counts := map[uint32]int{}
	for _, e := range examples {
		for _, features := range e.Features {
			for _, f := range features {
				counts[f&mask]++
			}
		}
	}
	t.numbers = map[uint32]int32{}
	for _, e := range examples {
		for _, features := range e.Features {
			for _, f := range features {
				f &= mask
				if _, ok := t.numbers[f]; !ok && counts[f] >= t.opts.MinCount {
					t.numbers[f] = int32(len(t.count)) //nolint:gosec // G115: below 2^Bits
					t.count = append(t.count, float32(counts[f]))
				}
			}
		}
	}
	t.sum = make([]float64, len(t.count)*Tags)
}

// numbered is an example in the trainer's own numbers.
type numbered struct {
	features [][]int32
	lexical  []int
	tags     []int8
}

func (t *trainer) translate(examples []Example) []numbered {
	mask := uint32(1)<<t.opts.Bits - 1
	out := make([]numbered, 0, len(examples))
	for _, e := range examples {
		if len(e.Tags) == 0 {
			continue
		}
		n := numbered{tags: e.Tags, features: make([][]int32, len(e.Features)), lexical: make([]int, len(e.Features))}
		for i, features := range e.Features {
			row := make([]int32, 0, len(features))
			for j, f := range features {
				if id, ok := t.numbers[f&mask]; ok {
					row = append(row, id)
					if j < e.Lexical[i] {
						n.lexical[i]++
					}
				}
			}
			n.features[i] = row
		}
		out = append(out, n)
	}
	return out
}

// run fits from nought with one seed and adds the weights of the last half of the epochs to the average.
func (t *trainer) run(data []numbered, seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 0x67617077697365)) //nolint:gosec // G404: the point is that it can be repeated
	t.weights = make([]float32, len(t.count)*Tags)
	t.squares = make([]float32, len(t.count)*Tags)
	t.trans, t.transSq = [Tags * Tags]float32{}, [Tags * Tags]float32{}
	order := make([]int, len(data))
	for i := range order {
		order[i] = i
	}
	for epoch := range t.opts.Epochs {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			t.step(&data[i], rng)
		}
		if epoch >= t.opts.Epochs/2 {
			for i, w := range t.weights {
				t.sum[i] += float64(w)
			}
			for i, w := range t.trans {
				t.transSm[i] += float64(w)
			}
			t.summed++
		}
	}
}

// step moves the weights along the gradient of one sentence's log-likelihood.
func (t *trainer) step(e *numbered, rng *rand.Rand) {
	n := len(e.tags)
	from := make([]int, n) // of each token's features, what is left in
	l := &lattice{n: n, scores: make([]float32, n*Tags), trans: &t.trans}
	for i, features := range e.features {
		if t.opts.Dropout > 0 && rng.Float64() < t.opts.Dropout {
			from[i] = e.lexical[i]
		}
		row := l.scores[i*Tags:][:Tags:Tags]
		for _, f := range features[from[i]:] {
			w := t.weights[int(f)*Tags:][:Tags:Tags]
			for k := range row {
				row[k] += w[k]
			}
		}
	}
	s := l.sums()
	var p [Tags]float64
	for i, features := range e.features {
		s.marginal(i, &p)
		p[e.tags[i]]--
		for _, f := range features[from[i]:] {
			w := t.weights[int(f)*Tags:][:Tags:Tags]
			sq := t.squares[int(f)*Tags:][:Tags:Tags]
			decay := float32(t.opts.L2) / t.count[f]
			for k := range w {
				t.adagrad(&w[k], &sq[k], float32(p[k])+decay*w[k])
			}
		}
	}
	t.stepTransitions(l, s, e.tags)
}

func (t *trainer) adagrad(w, squares *float32, gradient float32) {
	*squares += gradient * gradient
	*w -= float32(t.opts.Rate) * gradient / (float32(math.Sqrt(float64(*squares))) + 1e-3)
}

func (t *trainer) stepTransitions(l *lattice, s *sums, tags []int8) {
	var gradient [Tags * Tags]float64
	for i := 1; i < l.n; i++ {
		var pairs [Tags * Tags]float64
		var total float64
		for from := range Tags {
			for to := range Tags {
				if l.may(i, from, to) {
					v := s.forward[(i-1)*Tags+from] * s.trans[from*Tags+to] * s.weight[i*Tags+to] * s.backward[i*Tags+to]
					pairs[from*Tags+to] = v
					total += v
				}
			}
		}
		for k, v := range pairs {
			gradient[k] += v / total
		}
		gradient[int(tags[i-1])*Tags+int(tags[i])]--
	}
	for k, g := range gradient {
		if g != 0 {
			t.adagrad(&t.trans[k], &t.transSq[k], float32(g))
		}
	}
}

// model averages the weights and rounds them to a byte each.
func (t *trainer) model() *Model {
	m := &Model{bits: t.opts.Bits, rows: make([]int8, Tags<<t.opts.Bits)}
	var all []float64
	for _, w := range t.sum {
		all = append(all, math.Abs(w/t.summed))
	}
	slices.Sort(all)
	// The few largest weights are cut to what a byte holds, for the sake of finer steps of all others.
	top := all[len(all)-1-len(all)/20000]
	m.scale = float32(top / math.MaxInt8)
	for feature, id := range t.numbers {
		row := t.sum[int(id)*Tags:][:Tags]
		keep := false
		for _, w := range row {
			keep = keep || math.Abs(w/t.summed) >= t.opts.Prune
		}
		if !keep {
			continue
		}
		for k, w := range row {
			m.rows[m.row(feature)+k] = int8(max(-math.MaxInt8, min(math.MaxInt8, math.Round(w/t.summed/float64(m.scale)))))
		}
	}
	for k, w := range t.transSm {
		m.trans[k] = float32(w / t.summed)
	}
	return m
}
