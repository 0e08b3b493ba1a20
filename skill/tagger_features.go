package skill

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/gapwise/gapwise/internal/crf"
)

// taggerFeatures is the version of the features below. A model that was trained with another is refused.
const taggerFeatures = 1

// tagToken is a run of characters between spaces, as the tagger sees it.
type tagToken struct {
	start, end         int    // in code points of the text
	coreStart, coreEnd int    // without the punctuation around it
	core               []byte // in lower case
	word               uint32 // hash of core
	shape              uint32
	before, after      byte // the punctuation that touches the core, or 0
	first              bool // a capital first
	upper              bool // capitals alone
	marks              uint32
	cluster            int // leaf of the tree of clusters, or -1
	capital            int // how often the word is written with a capital, 0-7, or -1
	phrase             uint32
	named              uint32 // how the catalogue names it
	namedAny           bool
	listed             bool
	lineStart          bool
}

// tagText is a text ready for the tagger.
type tagText struct {
	tokens   []tagToken
	features [][]uint32
	lexical  []int
	flat     []uint32
}

// tokenise cuts text at white space.
func (x *tagText) tokenise(text []rune) {
	buf := make([]byte, 0, len(text)+len(text)/4+16)
	x.tokens = make([]tagToken, 0, len(text)/5+1)
	newline := true
	for i := 0; i < len(text); {
		if unicode.IsSpace(text[i]) {
			newline = newline || text[i] == '\n'
			i++
			continue
		}
		t := tagToken{start: i, lineStart: newline, cluster: -1, capital: -1}
		newline = false
		for i < len(text) && !unicode.IsSpace(text[i]) {
			i++
		}
		t.end = i
		buf = t.fill(text, buf)
		x.tokens = append(x.tokens, t)
	}
}

// corePart tells whether a rune at an edge belongs to the word: letters, digits, and what names of technologies end or begin with.
func corePart(r rune, atStart bool) bool {
	if unicode.IsLetter(r) || unicode.IsDigit(r) {
		return true
	}
	return !atStart && (r == '+' || r == '#')
}

// fill finds the core of a token and its shape, and appends its lower case to buf.
func (t *tagToken) fill(text []rune, buf []byte) []byte {
	s, e := t.start, t.end
	for s < e && !corePart(text[s], true) && (text[s] != '.' || s+1 >= e || !unicode.IsLetter(text[s+1])) {
		s++
	}
	for e > s && !corePart(text[e-1], false) {
		e--
	}
	if s == e { // punctuation alone
		s, e = t.start, t.end
	} else {
		if s > t.start {
			t.before = byte(min(text[s-1], 127)) //nolint:gosec // G115: bounded
		}
		if e < t.end {
			t.after = byte(min(text[e], 127)) //nolint:gosec // G115: bounded
		}
	}
	t.coreStart, t.coreEnd = s, e
	from := len(buf)
	shape, last, upper, lower := uint32(fnvBasis), byte(0), 0, 0
	for i := s; i < e; i++ {
		r := text[i]
		var c byte
		switch {
		case unicode.IsUpper(r):
			c = 'A'
			upper++
		case unicode.IsLower(r):
			c = 'a'
			lower++
		case unicode.IsDigit(r):
			c = '0'
			t.marks |= 1
		case r < utf8.RuneSelf:
			c = byte(r) //nolint:gosec // G115: ASCII
			t.marks |= markBit(r)
		default:
			c = '?'
			t.marks |= 1 << 7
		}
		if c != last {
			shape = (shape ^ uint32(c)) * fnvPrime
		}
		last = c
		if r < utf8.RuneSelf {
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
			buf = append(buf, byte(r)) //nolint:gosec // G115: ASCII
		} else {
			buf = utf8.AppendRune(buf, unicode.ToLower(r))
		}
	}
	t.core = buf[from:len(buf):len(buf)]
	t.shape = shape
	t.first = unicode.IsUpper(text[s])
	t.upper = upper > 0 && lower == 0
	t.word = hashBytes(t.core)
	return buf
}

func markBit(r rune) uint32 {
	switch r {
	case '.':
		return 1 << 1
	case '-':
		return 1 << 2
	case '/':
		return 1 << 3
	case '+', '#':
		return 1 << 4
	case '&':
		return 1 << 5
	}
	return 1 << 6
}

func hashBytes(b []byte) uint32 {
	h := uint32(fnvBasis)
	for _, c := range b {
		h = (h ^ uint32(c)) * fnvPrime
	}
	return h
}

// maxPhrase is the longest phrase of the lexicon that is looked for, in tokens.
const maxPhrase = 6

// look sets what the lexicon knows of each token and of the longest phrase that it is part of.
func (x *tagText) look(lex *Lexicon) {
	for i := range x.tokens {
		t := &x.tokens[i]
		h := phraseHash{state: fnvBasis}
		h.add(t.core)
		if w, ok := lex.words.get(h.key()); ok {
			t.cluster, t.capital = int(w&(1<<clusterBits-1)), int(w>>clusterBits)
		}
	}
	sizes := make([]int, len(x.tokens)) // length of the phrase that a token was marked by
	for i := range x.tokens {
		h := phraseHash{state: fnvBasis}
		for n := 1; n <= maxPhrase && i+n <= len(x.tokens); n++ {
			t := &x.tokens[i+n-1]
			if n > 1 {
				h.add([]byte{' '})
			}
			h.add(t.core)
			if v, ok := lex.phrases.get(h.key()); ok {
				x.markPhrase(i, n, v, sizes)
			}
			if t.after != 0 {
				break
			}
		}
	}
}

// markPhrase marks the tokens of a phrase with their place in it, unless a longer one marked them.
func (x *tagText) markPhrase(i, n int, v uint32, sizes []int) {
	for j := range n {
		if sizes[i+j] >= n {
			return
		}
	}
	for j := range n {
		x.tokens[i+j].phrase = 1 + placeIn(j, n) + v<<3
		x.tokens[i+j].listed = true
		sizes[i+j] = n
	}
}

// placeIn is First, Inside, Last or Unit of the jth of n.
func placeIn(j, n int) uint32 {
	switch {
	case n == 1:
		return crf.Unit
	case j == 0:
		return crf.First
	case j == n-1:
		return crf.Last
	}
	return crf.Inside
}

// kinds are the numbers of the catalogue's kinds in features.
var kinds = []string{"", "language", "framework", "library", "tool", "database", "cloud", "platform", "practice", "concept", "domain", "soft"}

// name sets how the catalogue names each token: the kind, the place in the name, whether the word needs context and whether it got it.
func (x *tagText) name(f *Finder, found []judged) {
	at := 0
	for _, j := range found {
		fm := f.forms[j.candidate.form]
		for at < len(x.tokens) && x.tokens[at].end <= j.mention.Start {
			at++
		}
		last := at
		for last < len(x.tokens) && x.tokens[last].start < j.mention.End {
			last++
		}
		for i := at; i < last; i++ {
			t := &x.tokens[i]
			v := 1 + placeIn(i-at, last-at)
			v |= uint32(max(0, slices.Index(kinds, string(fm.skill.Kind)))) << 3 //nolint:gosec // G115: an index
			if fm.ambiguous {
				v |= 1 << 7
				if j.mention.Confidence < acceptance {
					v |= 1 << 8
				}
			}
			if j.mention.Start > t.coreStart || j.mention.End < t.coreEnd && i == last-1 {
				v |= 1 << 9 // a part of the token only
			}
			t.named, t.namedAny = v, true
		}
	}
}

// fewWords are the words that sentences have and lists have not, in lower case.
var fewWords = []string{"the", "a", "an", "to", "of", "and", "in", "with", "for", "is", "are", "you", "we", "our", "your", "will", "be", "have", "on", "as", "or", "that", "this", "at", "by", "from", "it", "us", "who", "can"}

// cueWords are words by which postings introduce what they ask for.
var cueWords = []string{"experience", "knowledge", "understanding", "skills", "proficient", "proficiency", "familiar", "familiarity", "expertise", "background", "degree", "using", "technologies", "tools", "frameworks", "languages", "stack", "industry", "requirements", "such", "including", "like", "e.g", "develop", "development", "team", "company", "work", "working", "strong", "ability", "fluent"}

func hashAll(words []string) map[uint32]uint32 {
	out := make(map[uint32]uint32, len(words))
	for i, w := range words {
		out[hashBytes([]byte(w))] = uint32(i + 1)
	}
	return out
}

// wordHashes are the lists above by hash.
type wordHashes struct{ few, cues map[uint32]uint32 }

func newWordHashes() wordHashes { return wordHashes{hashAll(fewWords), hashAll(cueWords)} }

// Where text comes from, as a feature: postings of technology, other postings.
const (
	DomainTech  = 1
	DomainHouse = 2
)

// windowReach is how far around a token the nature of a line is judged, in tokens: a whole posting may stand on one line.
const windowReach = 12
