package skill

import (
	"unicode"
	"unicode/utf8"
)

// folded is a text made ready for matching: lower case, with runs of spaces and hyphens as one space, and for every byte the code
// point of the original that it came from.
type folded struct {
	bytes  []byte
	origin []int32 // index in code points of the original; one more entry than bytes, so that an end can be looked up
}

// paragraphBreak stands for an empty line: no skill's name goes across one.
const paragraphBreak = 0x01

// fold prepares text. It keeps one entry per byte rather than per rune, because the automaton runs on bytes.
func fold(text []rune) folded {
	f := folded{bytes: make([]byte, 0, len(text)+len(text)/8), origin: make([]int32, 0, len(text)+len(text)/8)}
	var buf [utf8.UTFMax]byte
	newlines := 0
	for i, r := range text {
		if isGap(r) {
			if r == '\n' {
				newlines++
			}
			if n := len(f.bytes); n > 0 && (f.bytes[n-1] == ' ' || f.bytes[n-1] == paragraphBreak) {
				if newlines > 1 {
					f.bytes[n-1] = paragraphBreak
				}
				continue
			}
			f.bytes = append(f.bytes, ' ')
			f.origin = append(f.origin, int32(i))
			continue
		}
		newlines = 0
		switch {
		case r < utf8.RuneSelf:
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
			f.bytes = append(f.bytes, byte(r)) //nolint:gosec // G115: r is ASCII here
			f.origin = append(f.origin, int32(i))
		default:
			n := utf8.EncodeRune(buf[:], unicode.ToLower(r))
			for _, b := range buf[:n] {
				f.bytes = append(f.bytes, b)
				f.origin = append(f.origin, int32(i))
			}
		}
	}
	f.origin = append(f.origin, int32(len(text))) //nolint:gosec // G115: as above
	return f
}

// isGap tells whether r separates the words of a name: white space, hyphens and underscores, which people use for one another.
func isGap(r rune) bool {
	switch r {
	case ' ', '\n', '\t', '\r', '-', '_', '\u2010', '\u2011', '\u00a0':
		return true
	}
	return r > utf8.RuneSelf && unicode.IsSpace(r)
}

// automaton is an Aho–Corasick automaton with a full transition table over byte classes: one table look-up a byte, no failure links
// at run time. (Aho and Corasick, "Efficient string matching: an aid to bibliographic search", 1975.)
//
// It is ours because the Go libraries at hand report byte offsets only and neither word boundaries nor folded gaps.
type automaton struct {
	class [256]uint8
	width int     // number of classes
	next  []int32 // state × class → state
	out   []int32 // state → first pattern ending here, or -1
	link  []int32 // state → next state on the failure chain with an output, or 0
	size  []int32 // pattern → length in bytes
}

// newAutomaton builds the automaton of patterns, which are folded and not empty. Pattern i is reported as i; of two equal patterns
// the first is.
func newAutomaton(patterns [][]byte) *automaton {
	a := &automaton{}
	a.width = 1 // class 0 is every byte that no pattern has
	for _, p := range patterns {
		for _, b := range p {
			if a.class[b] == 0 {
				a.class[b] = uint8(a.width) //nolint:gosec // G115: at most 255 classes, one byte is never in a pattern
				a.width++
			}
		}
	}
	size := 1
	for _, p := range patterns {
		size += len(p)
	}
	a.next = make([]int32, 0, size*a.width) // at most; names share prefixes
	newState := func() int32 {
		a.next = append(a.next, make([]int32, a.width)...)
		a.out = append(a.out, -1)
		a.link = append(a.link, 0)
		return int32(len(a.out) - 1) //nolint:gosec // G115: the sum of all pattern lengths is far below 2^31
	}
	newState()
	for i, p := range patterns {
		s := int32(0)
		for _, b := range p {
			at := int(s)*a.width + int(a.class[b])
			if a.next[at] == 0 {
				t := newState()
				a.next[at] = t
			}
			s = a.next[at]
		}
		if a.out[s] < 0 {
			a.out[s] = int32(i)
		}
		a.size = append(a.size, int32(len(p))) //nolint:gosec // G115: as above
	}
	// Breadth first, so that a state's failure state is complete before its own row is filled from it.
	fail := make([]int32, len(a.out))
	queue := make([]int32, 0, len(a.out))
	for c := range a.width {
		if t := a.next[c]; t != 0 {
			queue = append(queue, t)
		}
	}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		for c := range a.width {
			at := int(s)*a.width + c
			via := a.next[int(fail[s])*a.width+c]
			if t := a.next[at]; t != 0 {
				fail[t] = via
				if a.out[via] >= 0 {
					a.link[t] = via
				} else {
					a.link[t] = a.link[via]
				}
				queue = append(queue, t)
			} else {
				a.next[at] = via
			}
		}
	}
	return a
}

// each calls found for every occurrence of every pattern: its index and its half-open byte range. Longer patterns come first
// where several end at one place.
func (a *automaton) each(text []byte, found func(pattern, start, end int)) {
	s := int32(0)
	for i, b := range text {
		s = a.next[int(s)*a.width+int(a.class[b])]
		t := s
		if a.out[t] < 0 {
			t = a.link[t]
		}
		for t != 0 {
			p := a.out[t]
			found(int(p), i+1-int(a.size[p]), i+1)
			t = a.link[t]
		}
	}
}
