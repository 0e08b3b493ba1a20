package model

import "slices"

// Pairs is a sparse table of which item goes with which, from lists of items. Given some items, those that sum up the most weight are the
// ones that are likely missing.
type Pairs struct {
	Keys    []uint64 // hash of the folded name of each item, ascending
	Counts  []uint16 // lists that each item stood in, at most 65535
	Starts  []uint32 // where the neighbours of each item start, and one more for the end
	Items   []uint16 // the neighbours
	Weights []byte   // their weights: unit * (byte - 128)
	Units   []float32
}

// Find is the number of the item of a folded name, -1 where there is none.
func (p *Pairs) Find(name string) int {
	if i, ok := slices.BinarySearch(p.Keys, Hash(name)); ok {
		return i
	}
	return -1
}

// Around calls visit for each neighbour of an item, with its weight.
func (p *Pairs) Around(item int, visit func(neighbour int, weight float64)) {
	for k := p.Starts[item]; k < p.Starts[item+1]; k++ {
		visit(int(p.Items[k]), float64(p.Units[item])*float64(int(p.Weights[k])-rowMiddle))
	}
}

// Occupations are the titles of occupations and the skills that most of them ask for. ESCO occupations come with or without skills: those
// without have titles and a place in the classification all the same.
type Occupations struct {
	Titles [][]string // of each occupation: its label, then other names
	Groups []uint16   // ISCO-08 unit group, four digits
	// Skills are hashes of the folded labels of skills, ascending.
	Skills []uint64
	// Starts has, for each occupation, where its essential skills and where its optional ones start in Asks, and one more for the end.
	Starts []uint32
	Asks   []uint16 // numbers of Skills
}

// Essential are the numbers of the skills that an occupation needs.
func (o *Occupations) Essential(i int) []uint16 { return o.Asks[o.Starts[2*i]:o.Starts[2*i+1]] }

// Optional are the numbers of the skills that help.
func (o *Occupations) Optional(i int) []uint16 { return o.Asks[o.Starts[2*i+1]:o.Starts[2*i+2]] }

// Find is the number of the skill of a folded label, -1 where there is none.
func (o *Occupations) Find(label string) int {
	if i, ok := slices.BinarySearch(o.Skills, Hash(label)); ok {
		return i
	}
	return -1
}
