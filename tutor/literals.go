package tutor

import (
	"regexp/syntax"
	"slices"
	"strings"
)

// Bounds on what is made of a form: groups that are larger tell little.
const (
	mostLiterals = 160 // of one group
	mostCrossed  = 48  // strings that two parts make together
	mostOfClass  = 8   // characters of a class
)

// literals are what must stand in a text for a form to match: of each group at least one. They rule nearly all texts out at the price of one
// pass for all forms, where a form costs one of its own. The form must not ignore case.
type literals [][]string

func literalsOf(form string) (literals, error) {
	re, err := syntax.Parse(form, syntax.Perl)
	if err != nil {
		return nil, err
	}
	exact, groups := needsOf(re.Simplify())
	return groups.and(exact), nil
}

// and adds a group, where it rules anything out.
func (l literals) and(group []string) literals {
	if len(group) == 0 || slices.Contains(group, "") {
		return l
	}
	return append(l, group)
}

// needsOf is either all that a part can be, where that is little, or what must stand in it.
func needsOf(re *syntax.Regexp) (exact []string, groups literals) {
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return []string{""}, nil
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase == 0 {
			return []string{string(re.Rune)}, nil
		}
	case syntax.OpCharClass:
		return classOf(re.Rune), nil
	case syntax.OpCapture:
		return needsOf(re.Sub[0])
	case syntax.OpQuest:
		if exact, _ = needsOf(re.Sub[0]); exact != nil {
			return append([]string{""}, exact...), nil
		}
	case syntax.OpPlus:
		exact, groups = needsOf(re.Sub[0])
		return nil, groups.and(exact)
	case syntax.OpConcat:
		return needsOfAll(re.Sub)
	case syntax.OpAlternate:
		return needsOfAny(re.Sub)
	}
	return nil, nil
}

// classOf are the characters of a small class.
func classOf(ranges []rune) []string {
	var out []string
	for i := 0; i+1 < len(ranges); i += 2 {
		if int(ranges[i+1]-ranges[i]) >= mostOfClass-len(out) {
			return nil
		}
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			out = append(out, string(r))
		}
	}
	return out
}

// needsOfAll is for parts that follow each other.
func needsOfAll(parts []*syntax.Regexp) (exact []string, groups literals) {
	exact = []string{""}
	whole := true
	for _, p := range parts {
		e, g := needsOf(p)
		if e != nil && len(e)*len(exact) <= max(mostCrossed, len(e), len(exact)) {
			exact = crossed(exact, e)
			continue
		}
		whole = false
		groups = append(groups.and(exact), g...)
		if exact = e; e == nil {
			exact = []string{""}
		}
	}
	if whole {
		return exact, nil
	}
	return nil, groups.and(exact)
}

func crossed(a, b []string) []string {
	out := make([]string, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			out = append(out, x+y)
		}
	}
	return out
}

// needsOfAny is for parts of which one is there: each gives the group that rules out most.
func needsOfAny(parts []*syntax.Regexp) (exact []string, groups literals) {
	whole := true
	var one []string
	for _, p := range parts {
		e, g := needsOf(p)
		whole = whole && e != nil
		best := e
		if e == nil {
			for _, group := range g {
				if best == nil || shortest(group) > shortest(best) {
					best = group
				}
			}
		}
		if best == nil || len(one)+len(best) > mostLiterals {
			return nil, nil
		}
		one = append(one, best...)
	}
	if whole {
		return one, nil
	}
	return nil, literals{}.and(one)
}

func shortest(group []string) int {
	n := len(group[0])
	for _, s := range group {
		n = min(n, len(s))
	}
	return n
}

// spotter finds which of many strings stand in a text in one pass (Aho and Corasick).
type spotter struct {
	class   [256]uint8 // of a byte; 0 for those of no string
	classes int
	next    []int32    // by state and class
	ends    [][]uint16 // strings that end in a state
	ids     map[string]uint16
}

// newSpotter gives each string a number.
func newSpotter(list []string) *spotter {
	s := &spotter{classes: 1, ids: map[string]uint16{}}
	for _, w := range list {
		for i := range len(w) {
			if s.class[w[i]] == 0 {
				s.class[w[i]] = uint8(s.classes) //nolint:gosec // one of at most 256 bytes
				s.classes++
			}
		}
	}
	s.grow()
	for _, w := range list {
		if _, ok := s.ids[w]; ok {
			continue
		}
		at := 0
		for i := range len(w) {
			step := at*s.classes + int(s.class[w[i]])
			if s.next[step] == 0 {
				s.next[step] = s.grow()
			}
			at = int(s.next[step])
		}
		s.ids[w] = uint16(len(s.ids)) //nolint:gosec // a few thousand strings of our own forms
		s.ends[at] = append(s.ends[at], s.ids[w])
	}
	s.link()
	return s
}

func (s *spotter) grow() int32 {
	s.next = append(s.next, make([]int32, s.classes)...)
	s.ends = append(s.ends, nil)
	return int32(len(s.ends) - 1) //nolint:gosec // the letters of the same
}

// link has each state go on where the longest end of it goes on.
func (s *spotter) link() {
	fail := make([]int32, len(s.ends))
	var queue []int32
	for _, n := range s.next[:s.classes] {
		if n > 0 {
			queue = append(queue, n)
		}
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		s.ends[at] = append(s.ends[at], s.ends[fail[at]]...)
		for c := range s.classes {
			step, other := int(at)*s.classes+c, s.next[int(fail[at])*s.classes+c]
			if n := s.next[step]; n > 0 {
				fail[n] = other
				queue = append(queue, n)
			} else {
				s.next[step] = other
			}
		}
	}
}

// spot tells for each string whether it stands in a text.
func (s *spotter) spot(text string) []bool {
	out := make([]bool, len(s.ids))
	at := int32(0)
	for i := range len(text) {
		at = s.next[int(at)*s.classes+int(s.class[text[i]])]
		for _, id := range s.ends[at] {
			out[id] = true
		}
	}
	return out
}

// numbers are the strings of groups by their numbers.
func (s *spotter) numbers(l literals) [][]uint16 {
	out := make([][]uint16, len(l))
	for i, group := range l {
		for _, w := range group {
			out[i] = append(out[i], s.ids[w])
		}
	}
	return out
}

// allOf is true where of each group one string was spotted.
func allOf(groups [][]uint16, spotted []bool) bool {
	for _, g := range groups {
		if !slices.ContainsFunc(g, func(id uint16) bool { return spotted[id] }) {
			return false
		}
	}
	return true
}

// flat is all strings of groups.
func (l literals) flat() []string { return slices.Concat(l...) }

// isASCII is true for a text of ASCII alone.
func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > 127 }) < 0
}
