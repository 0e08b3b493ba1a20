// Package crf is a linear-chain conditional random field over hashed features that labels spans of tokens.
//
// Spans are written with the five tags of BILOU (Ratinov and Roth, "Design challenges and misconceptions in named entity recognition",
// 2009); a sequence that the scheme forbids has probability nought, in training as in use. The model and its training are those of
// Lafferty, McCallum and Pereira, "Conditional random fields", 2001, with AdaGrad (Duchi, Hazan and Singer, 2011) as the optimiser.
package crf

import (
	"math"
	"math/bits"
)

// The tags. A span of one token is Unit, a longer one First, Inside…, Last.
const (
	Outside = iota
	First
	Inside
	Last
	Unit
	Tags // how many there are
)

// allowed tells which tag may follow which: within a span it must go on.
func allowed(from, to int) bool {
	if from == First || from == Inside {
		return to == Inside || to == Last
	}
	return to == Outside || to == First || to == Unit
}

// Span is a labelled run of tokens, half-open, with the probability that exactly these tokens are a span.
type Span struct {
	Start, End  int
	Probability float64
}

// Model scores the tags of tokens. It is immutable and safe for concurrent use.
type Model struct {
	bits  int     // features are looked up by their lowest bits
	rows  []int8  // feature × tag
	scale float32 // what one step of a row is worth
	trans [Tags * Tags]float32
}

// row is where the weights of a feature begin.
func (m *Model) row(feature uint32) int { return int(feature&(1<<m.bits-1)) * Tags }

// Sentence is what is decoded: the features of each token, and before which tokens a span may not go on.
type Sentence struct {
	Features [][]uint32
	Break    []bool // nil where there is none
}

// Decoded is what a model makes of a sentence: its spans, which do not overlap and stand in order, and of each token how probable it is that
// it belongs to some span.
type Decoded struct {
	Spans  []Span
	Inside []float64
}

// Decode gives the most probable sequence of spans, after bias was taken from the score of every token outside: a bias above 0 gives more
// spans. The probabilities are those after the bias.
func (m *Model) Decode(s Sentence, bias float64) Decoded {
	n := len(s.Features)
	if n == 0 {
		return Decoded{}
	}
	l := m.lattice(s, float32(bias))
	d := Decoded{Spans: l.best(), Inside: make([]float64, n)}
	sums := l.sums()
	var p [Tags]float64
	for i := range d.Inside {
		sums.marginal(i, &p)
		d.Inside[i] = 1 - p[Outside]
	}
	l.probabilities(sums, d.Spans)
	return d
}

// lattice is a sentence with the scores of its tags.
type lattice struct {
	n      int
	scores []float32 // token × tag
	trans  *[Tags * Tags]float32
	breaks []bool
}

func (m *Model) lattice(s Sentence, bias float32) *lattice {
	l := &lattice{n: len(s.Features), scores: make([]float32, len(s.Features)*Tags), trans: &m.trans, breaks: s.Break}
	for i, features := range s.Features {
		var sum [Tags]int32
		for _, f := range features {
			r := m.rows[m.row(f):][:Tags:Tags]
			for k, w := range r {
				sum[k] += int32(w)
			}
		}
		for k, v := range sum {
			l.scores[i*Tags+k] = float32(v) * m.scale
		}
		l.scores[i*Tags+Outside] -= bias
	}
	return l
}

// may tells whether tag to may stand at token i after tag from.
func (l *lattice) may(i, from, to int) bool {
	return allowed(from, to) && (l.breaks == nil || !l.breaks[i] || to != Inside && to != Last)
}

// starts and ends tell which tags may stand at either end of a sentence.
func starts(tag int) bool { return tag != Inside && tag != Last }
func ends(tag int) bool   { return tag != First && tag != Inside }

var minusInf = float32(math.Inf(-1))

// best is Viterbi's algorithm.
func (l *lattice) best() []Span {
	value := make([]float32, l.n*Tags)
	from := make([]int8, l.n*Tags)
	for k := range Tags {
		value[k] = minusInf
		if starts(k) {
			value[k] = l.scores[k]
		}
	}
	for i := 1; i < l.n; i++ {
		for to := range Tags {
			top := minusInf
			for k := range Tags {
				if l.may(i, k, to) {
					if v := value[(i-1)*Tags+k] + l.trans[k*Tags+to]; v > top {
						top = v
						from[i*Tags+to] = int8(k)
					}
				}
			}
			value[i*Tags+to] = top + l.scores[i*Tags+to]
		}
	}
	tag := Outside
	for k := range Tags {
		if ends(k) && value[(l.n-1)*Tags+k] > value[(l.n-1)*Tags+tag] {
			tag = k
		}
	}
	tags := make([]int8, l.n)
	for i := l.n - 1; i >= 0; i-- {
		tags[i] = int8(tag)
		tag = int(from[i*Tags+tag])
	}
	return SpansOf(tags)
}

// SpansOf reads the spans off a sequence of tags.
func SpansOf(tags []int8) []Span {
	var out []Span
	start := 0
	for i, t := range tags {
		switch t {
		case First:
			start = i
		case Unit:
			out = append(out, Span{Start: i, End: i + 1})
		case Last:
			out = append(out, Span{Start: start, End: i + 1})
		}
	}
	return out
}

// TagsOf writes spans, which do not overlap, as tags of n tokens.
func TagsOf(spans [][2]int, n int) []int8 {
	tags := make([]int8, n)
	for _, s := range spans {
		switch {
		case s[0] < 0 || s[1] > n || s[0] >= s[1]:
		case s[1]-s[0] == 1:
			tags[s[0]] = Unit
		default:
			tags[s[0]] = First
			for i := s[0] + 1; i < s[1]-1; i++ {
				tags[i] = Inside
			}
			tags[s[1]-1] = Last
		}
	}
	return tags
}

// sums are the forward and backward sums of a lattice, each token's scaled to the largest so that nothing overflows, with the logarithm of
// what was taken off.
type sums struct {
	forward, backward []float64 // token × tag, forward with the token's own score and backward without
	logForward        []float64 // per token
	logBackward       []float64
	weight            []float64 // exp of the scores, scaled per token
	logWeight         []float64
	trans             [Tags * Tags]float64
}

func (l *lattice) sums() *sums {
	s := &sums{
		forward: make([]float64, l.n*Tags), backward: make([]float64, l.n*Tags), weight: make([]float64, l.n*Tags),
		logForward: make([]float64, l.n), logBackward: make([]float64, l.n), logWeight: make([]float64, l.n),
	}
	for k, v := range l.trans {
		s.trans[k] = math.Exp(float64(v))
	}
	for i := range l.n {
		row := l.scores[i*Tags:][:Tags]
		top := max(row[0], row[1], row[2], row[3], row[4])
		for k, v := range row {
			s.weight[i*Tags+k] = math.Exp(float64(v - top))
		}
		s.logWeight[i] = float64(top)
	}
	for i := range l.n {
		for to := range Tags {
			var sum float64
			switch {
			case i > 0:
				for k := range Tags {
					if l.may(i, k, to) {
						sum += s.forward[(i-1)*Tags+k] * s.trans[k*Tags+to]
					}
				}
			case starts(to):
				sum = 1
			}
			s.forward[i*Tags+to] = sum * s.weight[i*Tags+to]
		}
		s.logForward[i] = rescale(s.forward[i*Tags:][:Tags]) + s.logWeight[i]
		if i > 0 {
			s.logForward[i] += s.logForward[i-1]
		}
	}
	for i := l.n - 1; i >= 0; i-- {
		for k := range Tags {
			var sum float64
			switch {
			case i < l.n-1:
				for to := range Tags {
					if l.may(i+1, k, to) {
						sum += s.trans[k*Tags+to] * s.weight[(i+1)*Tags+to] * s.backward[(i+1)*Tags+to]
					}
				}
			case ends(k):
				sum = 1
			}
			s.backward[i*Tags+k] = sum
		}
		s.logBackward[i] = rescale(s.backward[i*Tags:][:Tags])
		if i < l.n-1 {
			s.logBackward[i] += s.logBackward[i+1] + s.logWeight[i+1]
		}
	}
	return s
}

// rescale divides a row by its sum and returns the logarithm of it.
func rescale(row []float64) float64 {
	var sum float64
	for _, v := range row {
		sum += v
	}
	if sum == 0 {
		return 0
	}
	for k := range row {
		row[k] /= sum
	}
	return math.Log(sum)
}

// logTotal is the logarithm of the sum over all sequences.
func (s *sums) logTotal() float64 {
	n := len(s.logForward)
	var sum float64
	for k := range Tags {
		if ends(k) {
			sum += s.forward[(n-1)*Tags+k]
		}
	}
	return s.logForward[n-1] + math.Log(sum)
}

// marginal writes the probabilities of the tags at token i.
func (s *sums) marginal(i int, p *[Tags]float64) {
	var sum float64
	for k := range Tags {
		p[k] = s.forward[i*Tags+k] * s.backward[i*Tags+k]
		sum += p[k]
	}
	for k := range Tags {
		p[k] /= sum
	}
}

// probabilities sets the probability of each span: what goes through its tags, of what goes through the lattice.
func (l *lattice) probabilities(s *sums, spans []Span) {
	total := s.logTotal()
	for i := range spans {
		sp := &spans[i]
		tag, last := Unit, Unit
		if sp.End-sp.Start > 1 {
			tag, last = First, Last
		}
		x := math.Log(s.forward[sp.Start*Tags+tag]) + s.logForward[sp.Start]
		for j := sp.Start + 1; j < sp.End; j++ {
			next := Inside
			if j == sp.End-1 {
				next = Last
			}
			x += float64(l.trans[tag*Tags+next] + l.scores[j*Tags+next])
			tag = next
		}
		x += math.Log(s.backward[(sp.End-1)*Tags+last]) + s.logBackward[sp.End-1]
		sp.Probability = min(1, math.Exp(x-total))
	}
}

// Hash mixes a feature's number into that of its template: the finaliser of MurmurHash3 (Appleby, public domain).
func Hash(template, value uint32) uint32 {
	h := template*0x9e3779b1 ^ bits.RotateLeft32(value, 15)*0x85ebca6b
	h ^= h >> 16
	h *= 0x85ebca6b
	h ^= h >> 13
	h *= 0xc2b2ae35
	return h ^ h>>16
}
