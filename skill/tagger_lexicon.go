package skill

import (
	"encoding/binary"
	"errors"
	"slices"
)

// Lexicon is what the tagger knows of words and phrases beyond the catalogue: which phrases published taxonomies and lists of skills name, and
// which words are used alike. It holds hashes alone. It is immutable and safe for concurrent use.
type Lexicon struct {
	phrases hashTable // hash of a phrase to its Phrase bits
	words   hashTable // hash of a word to its Word bits
}

// The bits of a phrase: which kinds of source name it, and above them how many lists of skills do, as a bucket of 0 to 7.
const (
	PhraseKnowledge = 1 << iota // a taxonomy's knowledge or an alternative name of it
	PhraseSkill                 // a taxonomy's skill, which is a verb with its object
	PhraseProduct               // a product or kind of product
	PhraseTopic                 // a topic of software
	phraseListShift = 4
)

// WordOf packs what is known of a word: the leaf of the tree of clusters (11 bits) and how often it is written with a capital (0 to 7, where 0 is
// unknown).
func WordOf(cluster, capital int) uint32 {
	return uint32(cluster | capital<<clusterBits) //nolint:gosec // G115: 14 bits
}

// PhraseOf packs what is known of a phrase: its sources and the bucket of how many lists name it.
func PhraseOf(sources, bucket int) uint32 { return uint32(sources | min(bucket, 7)<<phraseListShift) } //nolint:gosec // G115: 7 bits

// clusterBits is the depth of the tree of clusters.
const clusterBits = 11

// NewLexicon builds a lexicon of folded phrases and words. A key that the words have is KeyOf of a word.
func NewLexicon(phrases, words map[uint32]uint32) *Lexicon {
	return &Lexicon{newHashTable(phrases), newHashTable(words)}
}

// KeyOf is the hash under which a lexicon knows a phrase or word: its letters in lower case, with hyphens as spaces and without a plural s.
func KeyOf(phrase string) uint32 {
	s := phraseHash{state: fnvBasis}
	s.add([]byte(foldKey(phrase)))
	return s.key()
}

const (
	fnvBasis = 2166136261
	fnvPrime = 16777619
)

// phraseHash is FNV-1a over the bytes of a phrase, with the state before its last byte, so that a plural s can be left out.
type phraseHash struct {
	state, before uint32
	last, second  byte
	size          int
}

func (h *phraseHash) add(b []byte) {
	for _, c := range b {
		switch {
		case c == '-' || c == '_':
			c = ' '
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		}
		h.before = h.state
		h.state = (h.state ^ uint32(c)) * fnvPrime
		h.second, h.last = h.last, c
		h.size++
	}
}

// key is the hash of what was added.
func (h *phraseHash) key() uint32 {
	if h.last == 's' && h.second != 's' && h.size > 3 {
		return h.before
	}
	return h.state
}

// hashTable is a table with open addressing. Key 0 marks an empty place.
type hashTable struct {
	mask   uint32
	keys   []uint32
	values []uint32
}

func newHashTable(entries map[uint32]uint32) hashTable {
	size := 16
	for size < 2*len(entries) {
		size *= 2
	}
	t := hashTable{mask: uint32(size - 1), keys: make([]uint32, size), values: make([]uint32, size)} //nolint:gosec // G115: some 2^18
	for _, k := range sortedKeys(entries) {
		t.put(k, entries[k])
	}
	return t
}

func sortedKeys(entries map[uint32]uint32) []uint32 {
	keys := make([]uint32, 0, len(entries))
	for k := range entries {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func (t *hashTable) put(key, value uint32) {
	key = max(key, 1)
	i := key * 0x9e3779b1 >> 7 & t.mask
	for t.keys[i] != 0 && t.keys[i] != key {
		i = (i + 1) & t.mask
	}
	t.keys[i], t.values[i] = key, value
}

func (t *hashTable) get(key uint32) (uint32, bool) {
	key = max(key, 1)
	for i := key * 0x9e3779b1 >> 7 & t.mask; t.keys[i] != 0; i = (i + 1) & t.mask {
		if t.keys[i] == key {
			return t.values[i], true
		}
	}
	return 0, false
}

// appendTo writes the table: the number of entries, then of each the difference of its key to the one before and the value.
func (t *hashTable) appendTo(out []byte) []byte {
	entries := map[uint32]uint32{}
	for i, k := range t.keys {
		if k != 0 {
			entries[k] = t.values[i]
		}
	}
	out = binary.AppendUvarint(out, uint64(len(entries)))
	var last uint32
	for _, k := range sortedKeys(entries) {
		out = binary.AppendUvarint(out, uint64(k-last))
		last = k
	}
	for _, k := range sortedKeys(entries) {
		out = binary.AppendUvarint(out, uint64(entries[k]))
	}
	return out
}

// errShortModel is a file that ends too early or holds what no model does.
var errShortModel = errors.New("skill: the tagger's file is broken")

// readHashTable is the reverse of appendTo and returns what follows.
func readHashTable(data []byte) (hashTable, []byte, error) {
	n, size := binary.Uvarint(data)
	if size <= 0 || n > uint64(len(data)) {
		return hashTable{}, nil, errShortModel
	}
	data = data[size:]
	keys := make([]uint32, n)
	var last uint32
	for i := range keys {
		d, size := binary.Uvarint(data)
		if size <= 0 {
			return hashTable{}, nil, errShortModel
		}
		last += uint32(d) //nolint:gosec // G115: the difference of two of 32 bits
		keys[i], data = last, data[size:]
	}
	entries := make(map[uint32]uint32, n)
	for _, k := range keys {
		v, size := binary.Uvarint(data)
		if size <= 0 {
			return hashTable{}, nil, errShortModel
		}
		entries[k], data = uint32(v), data[size:] //nolint:gosec // G115: 14 bits
	}
	return newHashTable(entries), data, nil
}

// Encode is the lexicon alone.
func (l *Lexicon) Encode() []byte { return l.words.appendTo(l.phrases.appendTo(nil)) }

// DecodeLexicon reads what Encode wrote.
func DecodeLexicon(data []byte) (*Lexicon, error) {
	l := &Lexicon{}
	var err error
	if l.phrases, data, err = readHashTable(data); err != nil {
		return nil, err
	}
	l.words, _, err = readHashTable(data)
	return l, err
}
