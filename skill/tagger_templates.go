package skill

import "github.com/gapwise/gapwise/internal/crf"

// featureSize is about how many features a token has.
const featureSize = 115

// emit writes the features of every token. Those that name words come first: training leaves some of them out at random.
func (x *tagText) emit(h wordHashes, domain uint32) {
	n := len(x.tokens)
	x.flat = make([]uint32, 0, n*featureSize)
	x.features = make([][]uint32, n)
	x.lexical = make([]int, n)
	few, listed, upper := x.running(h)
	lastCue, cueAt, heading := uint32(0), 0, uint32(0)
	depth := uint32(0)
	for i := range x.tokens {
		from := len(x.flat)
		x.words(i)
		x.lexical[i] = len(x.flat) - from
		x.forms(i)
		x.known(i)
		x.clusters(i)
		a, b := max(0, i-windowReach), min(n, i+windowReach+1)
		size := b - a
		share := func(sums []int) uint32 { return uint32((sums[b] - sums[a]) * 8 / size) } //nolint:gosec // G115: 0-8
		x.place(i, placeFeatures{
			few: share(few), listed: share(listed), upper: share(upper), cue: lastCue, distance: bucket(i - cueAt), heading: heading,
			depth: depth, size: bucket(n), domain: domain,
		})
		t := &x.tokens[i]
		if c := h.cues[t.word]; c != 0 {
			lastCue, cueAt = c, i
		}
		if t.after == ':' {
			heading = t.word
		}
		depth = bracketDepth(depth, t)
		x.features[i] = x.flat[from:len(x.flat):len(x.flat)]
	}
}

func bracketDepth(depth uint32, t *tagToken) uint32 {
	switch {
	case len(t.core) > 0 && t.core[0] == '(' || t.before == '(':
		depth = 1
	}
	if len(t.core) > 0 && t.core[0] == ')' || t.after == ')' {
		depth = 0
	}
	return depth
}

// running are sums up to each token, of words of sentences, of tokens that some list of skills names, and of capitals.
func (x *tagText) running(h wordHashes) (few, listed, upper []int) {
	n := len(x.tokens)
	all := make([]int, 3*(n+1))
	few, listed, upper = all[:n+1], all[n+1:2*(n+1)], all[2*(n+1):]
	for i := range x.tokens {
		t := &x.tokens[i]
		few[i+1], listed[i+1], upper[i+1] = few[i], listed[i], upper[i]
		if h.few[t.word] != 0 {
			few[i+1]++
		}
		if t.namedAny {
			listed[i+1]++
		}
		if t.first {
			upper[i+1]++
		}
	}
	return few, listed, upper
}

// bucket is a small number for a distance or length.
func bucket(n int) uint32 {
	switch {
	case n <= 4:
		return uint32(max(0, n))
	case n <= 7:
		return 5
	case n <= 12:
		return 6
	case n <= 20:
		return 7
	case n <= 40:
		return 8
	}
	return 9
}

func (x *tagText) add(template, value uint32) { x.flat = append(x.flat, crf.Hash(template, value)) }

// Values beyond either end of a text.
const (
	beforeStart = 0x5eed0001
	afterEnd    = 0x5eed0002
)

func (x *tagText) word(i int) uint32 {
	switch {
	case i < 0:
		return beforeStart
	case i >= len(x.tokens):
		return afterEnd
	}
	return x.tokens[i].word
}

func (x *tagText) shape(i int) uint32 {
	if i < 0 || i >= len(x.tokens) {
		return 0
	}
	return x.tokens[i].shape
}

func pair(a, b uint32) uint32 { return crf.Hash(a, b) }

// words are the features that name words: the token, its neighbours, and pairs.
func (x *tagText) words(i int) {
	w, p, q := x.word(i), x.word(i-1), x.word(i+1)
	x.add(1, w)
	x.add(4, pair(p, w))
	x.add(5, pair(w, q))
	x.add(7, pair(w, x.tokens[i].shape))
	x.add(6, pair(p, q))
	x.add(2, p)
	x.add(3, q)
	x.add(8, x.word(i-2))
	x.add(9, x.word(i+2))
	x.add(10, pair(x.word(i-2), p))
	x.add(11, pair(q, x.word(i+2)))
}

// forms are the features of how a token and its neighbours are written.
func (x *tagText) forms(i int) {
	t := &x.tokens[i]
	for n := 1; n <= 4; n++ {
		if len(t.core) >= n {
			x.add(20+uint32(n), hashBytes(t.core[:n]))
			x.add(25+uint32(n), hashBytes(t.core[len(t.core)-n:]))
		}
	}
	if i > 0 && len(x.tokens[i-1].core) >= 3 {
		p := x.tokens[i-1].core
		x.add(30, hashBytes(p[len(p)-3:]))
	}
	if i+1 < len(x.tokens) && len(x.tokens[i+1].core) >= 3 {
		q := x.tokens[i+1].core
		x.add(31, hashBytes(q[len(q)-3:]))
	}
	x.add(32, t.shape)
	x.add(33, x.shape(i-1))
	x.add(34, x.shape(i+1))
	x.add(35, pair(x.shape(i-1), t.shape))
	x.add(36, pair(t.shape, x.shape(i+1)))
	x.add(37, pair(pair(x.shape(i-1), t.shape), x.shape(i+1)))
	x.add(38, uint32(t.before)<<8|uint32(t.after))
	x.add(39, t.marks)
	x.add(40, bucket(len(t.core)))
	if i > 0 {
		x.add(41, uint32(x.tokens[i-1].before)<<8|uint32(x.tokens[i-1].after))
	}
	if i+1 < len(x.tokens) {
		x.add(42, uint32(x.tokens[i+1].before)<<8|uint32(x.tokens[i+1].after))
	}
}

func (x *tagText) named(i int) uint32 {
	if i < 0 || i >= len(x.tokens) {
		return 1 << 20
	}
	return x.tokens[i].named
}

func (x *tagText) phrase(i int) uint32 {
	if i < 0 || i >= len(x.tokens) {
		return 1 << 20
	}
	return x.tokens[i].phrase
}

// known are the features of what the catalogue and the lexicon name.
func (x *tagText) known(i int) {
	a, b, c := x.named(i-1), x.named(i), x.named(i+1)
	x.add(50, a)
	x.add(51, b)
	x.add(52, c)
	x.add(53, pair(a, b))
	x.add(54, pair(b, c))
	x.add(55, b&7)
	x.add(56, pair(pair(a&7, b&7), c&7))
	x.add(57, pair(b, x.shape(i)))
	x.add(58, pair(b, x.word(i-1)))
	x.add(59, pair(b, x.word(i+1)))
	p, q, r := x.phrase(i-1), x.phrase(i), x.phrase(i+1)
	x.add(60, p)
	x.add(61, q)
	x.add(62, r)
	x.add(63, pair(p&7, q))
	x.add(64, pair(q, r&7))
	x.add(65, q&7)
	x.add(66, pair(pair(p&7, q&7), r&7))
	x.add(67, pair(b, q))
	x.add(68, q>>7) // how many lists
	x.add(69, pair(q>>3&15, q&7))
	x.add(70, pair(q&7|b&7<<3, x.shape(i)))
	x.add(71, pair(q>>7, x.shape(i)))
}

func (x *tagText) cluster(i int) int {
	if i < 0 || i >= len(x.tokens) {
		return -2
	}
	return x.tokens[i].cluster
}

// prefix is the number of a cluster of a coarser level of the tree.
func prefix(cluster, bits int) uint32 {
	if cluster < 0 {
		return uint32(1<<16 - cluster) //nolint:gosec // G115: unknown or beyond the end
	}
	return uint32(cluster >> (clusterBits - bits)) //nolint:gosec // G115: 11 bits
}

// clusters are the features of words that are used alike.
func (x *tagText) clusters(i int) {
	a, b, c := x.cluster(i-1), x.cluster(i), x.cluster(i+1)
	for k, bits := range []int{5, 7, 9, 11} {
		x.add(80+uint32(k), prefix(b, bits))
		x.add(84+uint32(k), prefix(a, bits))
		x.add(88+uint32(k), prefix(c, bits))
	}
	x.add(92, pair(prefix(a, 7), prefix(b, 7)))
	x.add(93, pair(prefix(b, 7), prefix(c, 7)))
	x.add(94, pair(pair(prefix(a, 5), prefix(b, 5)), prefix(c, 5)))
	x.add(95, prefix(x.cluster(i-2), 7))
	x.add(96, prefix(x.cluster(i+2), 7))
	x.add(97, pair(prefix(b, 7), x.shape(i)))
	x.add(98, pair(prefix(b, 7), x.named(i)&7))
	x.add(99, pair(prefix(b, 9), x.word(i-1)))
	x.add(100, pair(prefix(b, 9), x.word(i+1)))
	t := &x.tokens[i]
	x.add(101, pair(uint32(t.capital+1), x.tokens[i].shape)) //nolint:gosec // G115: 0-8
}

// placeFeatures are what is known of the line around a token.
type placeFeatures struct{ few, listed, upper, cue, distance, heading, depth, size, domain uint32 }

// place are the features of where in a line a token stands, and of what line it is.
func (x *tagText) place(i int, p placeFeatures) {
	n := len(x.tokens)
	t := &x.tokens[i]
	x.add(110, 0)
	x.add(111, p.domain)
	x.add(112, p.few)
	x.add(113, p.listed)
	x.add(114, p.upper)
	x.add(115, pair(p.few, p.listed))
	x.add(116, pair(p.few<<4|p.listed, t.named&7))
	x.add(117, pair(p.few<<4|p.upper, t.shape))
	x.add(118, pair(p.few<<4|p.listed, t.phrase&7))
	x.add(119, p.cue)
	x.add(120, pair(p.cue, p.distance))
	x.add(121, pair(p.cue, t.named&7))
	x.add(122, p.heading)
	x.add(123, p.depth<<4|p.size)
	x.add(124, pair(p.depth, t.shape))
	x.add(125, bucket(i)<<4|bucket(n-1-i))
	x.add(126, x.word(0))
	x.add(127, pair(p.domain, t.named))
	x.add(128, pair(p.domain, t.phrase))
	x.add(129, pair(p.domain, t.word))
}
