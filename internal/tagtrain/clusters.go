package tagtrain

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

// Word vectors after Mikolov et al., "Distributed representations of words and phrases and their compositionality", 2013: skip-gram with
// negative sampling, on one core and with a fixed seed, so that they can be made again.
const (
	dimensions   = 48
	minWordCount = 5
	vectorEpochs = 3
	window       = 4
	negatives    = 5
	vectorRate   = 0.05
	subsample    = 1e-3
	treeDepth    = 11 // bits of a cluster's number
)

// vocabulary numbers words, the most frequent first.
type vocabulary struct {
	words  []string
	counts []int
	ids    map[string]int32
}

func newVocabulary(texts [][]string) *vocabulary {
	counts := map[string]int{}
	for _, t := range texts {
		for _, w := range t {
			counts[strings.ToLower(w)]++
		}
	}
	v := &vocabulary{ids: map[string]int32{}}
	for w, n := range counts {
		if n >= minWordCount {
			v.words = append(v.words, w)
		}
	}
	slices.SortFunc(v.words, func(a, b string) int { return cmp.Or(counts[b]-counts[a], strings.Compare(a, b)) })
	for i, w := range v.words {
		v.ids[w] = int32(i)
		v.counts = append(v.counts, counts[w])
	}
	return v
}

// clusters numbers the words of a vocabulary by their leaves in a binary tree: words of one prefix stand near the same words. The number has
// treeDepth bits.
func (v *vocabulary) clusters(texts [][]string) []int {
	vectors := v.train(texts)
	out := make([]int, len(v.words))
	all := make([]int32, len(v.words))
	for i := range all {
		all[i] = int32(i)
	}
	rng := rand.New(rand.NewPCG(7, 11)) //nolint:gosec // G404: the point is that it can be repeated
	var split func(members []int32, bits, number int)
	split = func(members []int32, bits, number int) {
		if bits == treeDepth || len(members) < 2 {
			for _, m := range members {
				out[m] = number << (treeDepth - bits)
			}
			return
		}
		left, right := halve(vectors, members, rng)
		split(left, bits+1, number<<1)
		split(right, bits+1, number<<1|1)
	}
	split(all, 0, 0)
	return out
}

// sampler draws words in proportion to their count to the power of 3/4.
type sampler struct{ table []int32 }

func newSampler(counts []int) sampler {
	const size = 1 << 20
	var total float64
	for _, c := range counts {
		total += math.Pow(float64(c), 0.75)
	}
	s := sampler{make([]int32, 0, size)}
	var sum float64
	for i, c := range counts {
		sum += math.Pow(float64(c), 0.75)
		for len(s.table) < int(sum/total*size) {
			s.table = append(s.table, int32(i))
		}
	}
	return s
}

func (v *vocabulary) train(texts [][]string) []float32 {
	rng := rand.New(rand.NewPCG(3, 5)) //nolint:gosec // G404: the point is that it can be repeated
	in := make([]float32, len(v.words)*dimensions)
	out := make([]float32, len(v.words)*dimensions)
	for i := range in {
		in[i] = (rng.Float32() - 0.5) / dimensions
	}
	total := 0
	for _, c := range v.counts {
		total += c
	}
	keep := make([]float32, len(v.counts))
	for i, c := range v.counts {
		f := float64(c) / float64(total)
		keep[i] = float32(math.Sqrt(subsample/f) + subsample/f)
	}
	s := newSampler(v.counts)
	var line []int32
	for epoch := range vectorEpochs {
		for n, t := range texts {
			line = line[:0]
			for _, w := range t {
				if id, ok := v.ids[strings.ToLower(w)]; ok && (keep[id] >= 1 || rng.Float32() < keep[id]) {
					line = append(line, id)
				}
			}
			done := (float64(epoch) + float64(n)/float64(len(texts))) / vectorEpochs
			rate := float32(vectorRate * max(0.02, 1-done))
			for i, w := range line {
				reach := 1 + rng.IntN(window)
				for j := max(0, i-reach); j < min(len(line), i+reach+1); j++ {
					if j != i {
						skipgram(in[int(line[j])*dimensions:][:dimensions:dimensions], out, w, &s, rng, rate)
					}
				}
			}
		}
	}
	for i := range v.words {
		normalise(in[i*dimensions:][:dimensions])
	}
	return in
}

// skipgram moves a word's vector towards what stands near it and away from words drawn at random.
func skipgram(x, out []float32, word int32, s *sampler, rng *rand.Rand, rate float32) {
	var move [dimensions]float32
	for k := range negatives + 1 {
		target, label := word, float32(1)
		if k > 0 {
			target, label = s.table[rng.IntN(len(s.table))], 0
			if target == word {
				continue
			}
		}
		y := out[int(target)*dimensions:][:dimensions:dimensions]
		var dot float32
		for i, v := range x {
			dot += v * y[i]
		}
		g := rate * (label - sigmoid(dot))
		for i := range y {
			move[i] += g * y[i]
			y[i] += g * x[i]
		}
	}
	for i := range x {
		x[i] += move[i]
	}
}

func sigmoid(x float32) float32 { return float32(1 / (1 + math.Exp(-float64(x)))) }

func normalise(x []float32) {
	var sum float64
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	if sum == 0 {
		return
	}
	f := float32(1 / math.Sqrt(sum))
	for i := range x {
		x[i] *= f
	}
}

// halve splits words in two clusters by k-means.
func halve(vectors []float32, members []int32, rng *rand.Rand) (left, right []int32) {
	row := func(m int32) []float32 { return vectors[int(m)*dimensions:][:dimensions] }
	centres := [2][]float32{slices.Clone(row(members[rng.IntN(len(members))])), slices.Clone(row(members[rng.IntN(len(members))]))}
	side := make([]bool, len(members))
	for range 12 {
		var sums [2][dimensions]float32
		for i, m := range members {
			x := row(m)
			var a, b float32
			for k, v := range x {
				a += v * centres[0][k]
				b += v * centres[1][k]
			}
			side[i] = b > a
			c := 0
			if side[i] {
				c = 1
			}
			for k, v := range x {
				sums[c][k] += v
			}
		}
		for c := range sums {
			copy(centres[c], sums[c][:])
			normalise(centres[c])
		}
	}
	for i, m := range members {
		if side[i] {
			right = append(right, m)
		} else {
			left = append(left, m)
		}
	}
	return left, right
}
