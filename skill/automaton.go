package skill

import (
	"bytes"
	"slices"
)

// automaton is an Aho–Corasick automaton over folded bytes: it reports every occurrence of every pattern that does not begin inside a word, in
// one walk over a text. (Aho and Corasick, "Efficient string matching: an aid to bibliographic search", 1975.)
//
// Its trie is a double array (Aoe, "An efficient digital search algorithm by using a double-array structure", 1989): the child of state
// s by byte class c is the cell base[s]+c, if that cell says that s is its parent. A full table of transitions would take states × classes
// cells, for the catalogue's 30,000 forms nearly a hundred times as much. Since no name begins inside a word, a failure link leads to a
// suffix that begins between words; where there is none the rest of the word is passed over, which is most of a text.
//
// It is ours because the Go libraries at hand keep a full table or a map for each state, report byte offsets only, and know neither
// word boundaries nor folded gaps.
type automaton struct {
	class [256]uint8 // 0 is every byte that no pattern has
	root  [256]int32 // byte → state from the root: a child, or else inWord after a letter and the root after any other byte
	width int32      // number of classes
	cells []cell     // the double array; a state is the index of its cell, and the root is 0
	out   []int32    // pattern → next pattern that ends with it, or -1
	size  []uint16   // pattern → length in bytes
}

// cell is one state. The four words are used together and share a cache line.
type cell struct {
	base  int32 // children are at base+class
	check int32 // the parent, or -1 for a free cell
	fail  int32 // where to go on when no child fits
	out   int32 // the longest pattern that ends here, or -1
}

// inWord is the state in which nothing is matched and nothing can begin before the word's end.
const inWord = -1

// plain tells whether a byte is a letter or digit of ASCII: no pattern begins between two of them. Letters outside ASCII are not counted, because
// names stand right behind those of some scripts.
var plain = func() (set [256]bool) {
	for _, b := range "abcdefghijklmnopqrstuvwxyz0123456789" {
		set[b] = true
	}
	return set
}()

// newAutomaton builds the automaton of patterns, which are folded and of 1 to 65,535 bytes; the catalogue's longest has some sixty. Pattern i is reported as i; of two equal
// patterns the first is.
func newAutomaton(patterns [][]byte) *automaton {
	a := &automaton{width: 1, out: make([]int32, len(patterns)), size: make([]uint16, len(patterns))}
	total := 1
	for i, p := range patterns {
		a.size[i], a.out[i] = uint16(len(p)), -1 //nolint:gosec // G115: as is said above
		total += len(p)
		for _, b := range p {
			if a.class[b] == 0 {
				a.class[b] = uint8(a.width) //nolint:gosec // G115: at most 255 classes, one byte is never in a pattern
				a.width++
			}
		}
	}
	t := newTrie(a, patterns, total)
	a.place(t)
	a.link(t)
	return a
}

// trie is the trie while it is built: states in breadth-first order, each with its children as one run of the next states.
type trie struct {
	first   []int32 // state → its first child; one more entry than states, so that the end of the last run can be looked up
	class   []uint8 // state → the class that leads to it
	pattern []int32 // state → the first pattern that it spells, or -1
	parent  []int32
	cell    []int32 // state → where it was placed
}

// newTrie sorts the patterns, in which those under one state stand together, and splits them level by level.
func newTrie(a *automaton, patterns [][]byte, total int) *trie {
	order := make([]int32, len(patterns))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(x, y int32) int { return bytes.Compare(patterns[x], patterns[y]) })
	total = total/2 + 2 // names share prefixes
	t := &trie{first: make([]int32, 0, total), class: make([]uint8, 0, total), pattern: make([]int32, 0, total), parent: make([]int32, 0, total)}
	type run struct{ from, to int32 } // of order
	runs := make([]run, 0, total)
	add := func(from, to int32, class uint8, parent int32) {
		runs = append(runs, run{from, to})
		t.class, t.pattern, t.parent = append(t.class, class), append(t.pattern, -1), append(t.parent, parent)
	}
	add(0, int32(len(order)), 0, 0) //nolint:gosec // G115: as above
	depth, levelEnd := 0, 1
	for s := 0; s < len(runs); s++ { //nolint:intrange // the list grows under the loop
		if s == levelEnd {
			depth, levelEnd = depth+1, len(runs)
		}
		t.first = append(t.first, int32(len(runs))) //nolint:gosec // G115: the sum of all lengths is far below 2^31
		r := runs[s]
		for r.from < r.to && len(patterns[order[r.from]]) == depth { // the shortest sorts first
			if t.pattern[s] < 0 {
				t.pattern[s] = order[r.from]
			}
			r.from++
		}
		for r.from < r.to {
			b := patterns[order[r.from]][depth]
			to := r.from + 1
			for to < r.to && patterns[order[to]][depth] == b {
				to++
			}
			add(r.from, to, a.class[b], int32(s))
			r.from = to
		}
	}
	t.first = append(t.first, int32(len(runs))) //nolint:gosec // G115: as above
	t.cell = make([]int32, len(runs))
	return t
}

// place gives every state its cell: for each parent the first base at which all its children's cells are free. Free cells are chained, so
// that crowded parts are not searched again; a parent that finds no place among the last tries moves the search on.
func (a *automaton) place(t *trie) {
	const tries = 24
	free := cell{check: -1, out: -1}
	grow := func(to int) {
		for len(a.cells) < to {
			a.cells = append(a.cells, free)
		}
	}
	a.cells = make([]cell, 0, len(t.class)+len(t.class)/8+512)
	grow(1)
	a.cells[0].check = 0
	from := 1 // cells below are taken, or were passed over too often
	for s := range t.class {
		children := t.class[t.first[s]:t.first[s+1]] // class of each
		at := t.cell[s]
		if len(children) == 0 {
			a.cells[at].base = 0 // its children's cells belong to the root
			continue
		}
		var base, missed int
		for probe := from; ; probe++ {
			grow(probe + int(a.width) + 1)
			if a.cells[probe].check >= 0 {
				if probe == from {
					from++
				}
				continue
			}
			base = probe - int(children[0])
			if base > 0 && a.fits(base, children) {
				break
			}
			if missed++; missed > tries && probe-from > int(a.width) {
				from = probe - int(a.width)
			}
		}
		a.cells[at].base = int32(base) //nolint:gosec // G115: some hundred thousand cells
		for i, c := range children {
			to := base + int(c)
			a.cells[to].check = at
			t.cell[int(t.first[s])+i] = int32(to) //nolint:gosec // G115: as above
		}
	}
	grow(len(a.cells) + int(a.width)) // so that base+class needs no bound
	a.cells = slices.Clip(a.cells)
}

func (a *automaton) fits(base int, children []uint8) bool {
	for _, c := range children {
		if a.cells[base+int(c)].check >= 0 {
			return false
		}
	}
	return true
}

// link computes the failure links and the chains of outputs, breadth first, so that what a state needs of shorter ones is there.
func (a *automaton) link(t *trie) {
	var bytesOf [256]byte // class → a byte of it; every class but 0 has one
	for b, c := range a.class {
		bytesOf[c] = byte(b)
		a.root[b] = a.child(0, c)
		if a.root[b] == 0 && plain[b] {
			a.root[b] = inWord
		}
	}
	a.cells[0].out = -1
	for s := 1; s < len(t.class); s++ {
		c := &a.cells[t.cell[s]]
		b := bytesOf[t.class[s]]
		c.fail = a.failure(t, s, b)
		c.out = -1
		if c.fail > 0 {
			c.out = a.cells[c.fail].out
		}
		if p := t.pattern[s]; p >= 0 {
			a.out[p] = c.out
			c.out = p
		}
	}
}

// failure is the state of the longest shorter suffix of what state s spells that a pattern can begin with, where b is its last byte.
func (a *automaton) failure(t *trie, s int, b byte) int32 {
	for f := a.cells[t.cell[t.parent[s]]].fail; t.parent[s] != 0; f = a.cells[f].fail {
		switch {
		case f == inWord && plain[b]:
			return inWord
		case f <= 0: // between words, or b itself is
			return a.root[b]
		}
		if to := a.child(f, t.class[s]); to != 0 {
			return to
		}
	}
	if plain[b] {
		return inWord
	}
	return 0
}

// child is the child of a state by a class, or 0.
func (a *automaton) child(s int32, class uint8) int32 {
	if to := a.cells[s].base + int32(class); a.cells[to].check == s && to != 0 {
		return to
	}
	return 0
}

// each calls found for every occurrence of every pattern that does not begin between two letters or digits of ASCII: its index and its
// half-open byte range. Longer patterns come first where several end at one place.
func (a *automaton) each(text []byte, found func(pattern, start, end int)) {
	cells := a.cells
	s := int32(0)
	for i := 0; i < len(text); i++ {
		if s == inWord {
			for i < len(text) && plain[text[i]] {
				i++
			}
			if i == len(text) {
				return
			}
		}
		s = a.step(s, text[i])
		if s <= 0 {
			continue
		}
		for p := cells[s].out; p >= 0; p = a.out[p] {
			found(int(p), i+1-int(a.size[p]), i+1)
		}
	}
}

// step is the state after one more byte.
func (a *automaton) step(s int32, b byte) int32 {
	for s > 0 {
		from := &a.cells[s]
		if to := from.base + int32(a.class[b]); a.cells[to].check == s {
			return to
		}
		s = from.fail
	}
	if s == inWord && plain[b] {
		return inWord
	}
	return a.root[b]
}
