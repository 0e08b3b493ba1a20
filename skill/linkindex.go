package skill

import (
	"context"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/gapwise/gapwise/embeddings"
)

// linkIndex is a taxonomy made ready: its words and trigrams as numbers, and for each the forms and concepts that have it.
type linkIndex struct {
	concepts []Concept
	exact    map[string][]int32 // folded form to concepts
	words    map[string]int32   // stem to its number
	raw      map[string]int32   // word as it is written to the number of its stem
	mass     []float32          // of a word, in (0, 1]: how much it says
	stands   [][]wordWeight     // of a word: the words that it stands for

	formOwner []int32   // form to concept
	formLabel []bool    // form is the concept's name
	formWords lists     // form to words
	formMass  []float32 // of a form's words
	forms     []int32   // concept to its first form; one more entry than concepts
	wordForms lists     // word to forms
	gramForms lists     // trigram to forms
	gramMass  []float32
	gramNorm  []float32 // of a form
	acronyms  map[string][]int32
	cores     map[string][]int32
	joined    []string // form as one run of letters
	bag       weightedLists
	memory    weightedLists
	embedded  sync.Once           // guards the two below: vectors are the slowest part, and not every linker is asked
	vectors   []embeddings.Vector // of the names
	texts     []embeddings.Vector // of names, forms and descriptions together
	traits    []traits
	verbs     []float32 // of a word: how much more often it starts a skill than it is in knowledge, in [-1, 1]
	maxima    float32   // mass of a word that nothing has
	boards    sync.Pool // of *board
}

type wordWeight struct {
	word   int32
	weight float32
}

// traits are what is known of a concept before any text is seen.
type traits struct {
	reuse   float32 // 0 occupation-specific or unknown … 1 transversal
	common  float32 // how common its name's words are in postings, in [0, 1]
	kind    float32 // 1 a skill, -1 knowledge, 0 unknown
	digital float32 // 1 of the digital world
	asked   float32 // how many occupations ask for it, as a logarithm, in [0, 1]
}

// lists are many lists of numbers in one slice.
type lists struct{ start, items []int32 }

func (l *lists) at(i int32) []int32 { return l.items[l.start[i]:l.start[i+1]] }

// invert turns "form to words" into "word to forms".
func (l *lists) invert(n int) lists {
	out := lists{start: make([]int32, n+1), items: make([]int32, len(l.items))}
	for _, w := range l.items {
		out.start[w+1]++
	}
	for i := range n {
		out.start[i+1] += out.start[i]
	}
	next := slices.Clone(out.start)
	for f := range len(l.start) - 1 {
		for _, w := range l.at(int32(f)) {
			out.items[next[w]] = int32(f)
			next[w]++
		}
	}
	return out
}

// weightedLists are, for each word, concepts with weights.
type weightedLists struct {
	lists
	weights []float32
}

// entry is one weight of a word and a concept.
type entry struct {
	word, concept int32
	weight        float32
}

func newWeightedLists(entries []entry, n int) weightedLists {
	out := weightedLists{lists{make([]int32, n+1), make([]int32, len(entries))}, make([]float32, len(entries))}
	for _, e := range entries {
		out.start[e.word+1]++
	}
	for i := range n {
		out.start[i+1] += out.start[i]
	}
	next := slices.Clone(out.start)
	for _, e := range entries {
		out.items[next[e.word]], out.weights[next[e.word]] = e.concept, e.weight
		next[e.word]++
	}
	return out
}

func newLinkIndex(concepts []Concept, m *LinkModel) *linkIndex {
	x := &linkIndex{
		concepts: concepts, exact: make(map[string][]int32, 2*len(concepts)), words: make(map[string]int32, len(m.Words)), raw: map[string]int32{},
		acronyms: map[string][]int32{}, cores: make(map[string][]int32, 2*len(concepts)),
	}
	x.formWords.start = []int32{0}
	formGrams := lists{start: []int32{0}}
	var scratch []int32
	for i, c := range concepts {
		x.forms = append(x.forms, int32(len(x.formOwner))) //nolint:gosec // G115: forms are far below 2^31
		seen := map[string]bool{}
		own := 2 + len(c.Forms)
		for j, form := range slices.Concat([]string{c.Name, bare(c.Name)}, c.Forms, c.Also) {
			key := foldKey(form)
			if key == "" || seen[key] {
				continue
			}
			seen[key] = true
			if j != 1 && j < own {
				x.exact[key] = append(x.exact[key], int32(i))
			}
			x.addForm(int32(i), form, j == 0)
			scratch = grams(form, scratch)
			formGrams.items = append(formGrams.items, scratch...)
			formGrams.start = append(formGrams.start, int32(len(formGrams.items))) //nolint:gosec // G115: as above
		}
	}
	x.forms = append(x.forms, int32(len(x.formOwner))) //nolint:gosec // G115: as above
	x.gramForms = formGrams.invert(gramCount)
	x.weighGrams(&formGrams)
	bag, lengths := x.bags()
	x.weighWords(m, bag)
	x.bag = newWeightedLists(x.weighBag(bag, lengths), len(x.mass))
	x.wordForms = x.formWords.invert(len(x.mass))
	x.formMass = make([]float32, len(x.formOwner))
	for f := range x.formMass {
		for _, w := range x.formWords.at(int32(f)) {
			x.formMass[f] += x.mass[w]
		}
	}
	x.remember(m)
	x.describe(m)
	x.boards.New = func() any { return newBoard(len(x.formOwner), len(x.concepts)) }
	return x
}

// bare is a name without what tells it apart in brackets, or nothing where there are none.
func bare(name string) string {
	at := strings.Index(name, " (")
	if at <= 0 || !strings.HasSuffix(name, ")") {
		return ""
	}
	return name[:at]
}

// word is the number of a word's stem.
func (x *linkIndex) word(raw []byte) int32 {
	if id, ok := x.raw[string(raw)]; ok {
		return id
	}
	w := string(raw)
	id := x.intern(stem(w))
	x.raw[w] = id
	return id
}

func (x *linkIndex) intern(s string) int32 {
	id, ok := x.words[s]
	if !ok {
		id = int32(len(x.words)) //nolint:gosec // G115: words are far below 2^31
		x.words[s] = id
	}
	return id
}

func (x *linkIndex) addForm(concept int32, form string, label bool) {
	f := int32(len(x.formOwner)) //nolint:gosec // G115: forms are far below 2^31
	from := len(x.formWords.items)
	linkWords(form, func(w []byte) {
		if id := x.word(w); !slices.Contains(x.formWords.items[from:], id) {
			x.formWords.items = append(x.formWords.items, id)
		}
	})
	x.formWords.start = append(x.formWords.start, int32(len(x.formWords.items))) //nolint:gosec // G115: as above
	x.formOwner, x.formLabel = append(x.formOwner, concept), append(x.formLabel, label)
	joined := ""
	if len(form) <= maxJoined {
		joined = joinedKey(form)
		core := coreKey(joined)
		x.cores[core] = append(x.cores[core], f)
		for _, a := range acronyms(form) {
			x.acronyms[a] = append(x.acronyms[a], f)
		}
	}
	x.joined = append(x.joined, joined)
}

// maxJoined bounds the letters of forms that are compared as names rather than as words, and maxAcronym the words of what is drawn together.
const (
	maxJoined  = 40
	maxAcronym = 6
)

// weighGrams gives each trigram its idf and each form the length of its vector.
func (x *linkIndex) weighGrams(formGrams *lists) {
	x.gramMass = make([]float32, gramCount)
	n := float64(len(x.formOwner))
	absent := float32(math.Log(1 + n))
	for g := range x.gramMass {
		if df := x.gramForms.start[g+1] - x.gramForms.start[g]; df > 0 {
			x.gramMass[g] = float32(math.Log(1 + n/float64(df)))
		} else {
			x.gramMass[g] = absent
		}
	}
	x.gramNorm = make([]float32, len(x.formOwner))
	for f := range x.gramNorm {
		var sum float32
		for _, g := range formGrams.at(int32(f)) {
			sum += x.gramMass[g] * x.gramMass[g]
		}
		x.gramNorm[f] = float32(math.Sqrt(float64(sum)))
	}
}

// bags are the words of each concept with how often it has them, and how many it has.
func (x *linkIndex) bags() ([]entry, []float32) {
	var out []entry
	lengths := make([]float32, len(x.concepts))
	var all []int32
	for i, c := range x.concepts {
		all = append(all[:0], x.formWords.items[x.formWords.start[x.forms[i]]:x.formWords.start[x.forms[i+1]]]...)
		linkWords(c.Text, func(w []byte) { all = append(all, x.word(w)) })
		slices.Sort(all)
		for j := 0; j < len(all); {
			k := j
			for k < len(all) && all[k] == all[j] {
				k++
			}
			out = append(out, entry{all[j], int32(i), float32(k - j)})
			lengths[i]++
			j = k
		}
	}
	return out, lengths
}

// massOfTaxonomy is the share of a word's mass that comes from how rare it is in the taxonomy; the rest comes from how rare it is in
// job postings, where "experience" says nothing.
const massOfTaxonomy = 0.6

// standWorth is what a word that another stands for is worth, by the chance that it does. Fitted; 1 is worse by .025 RP@5 on sentences.
const standWorth = 2

// weighWords gives each word its mass, and what it stands for.
func (x *linkIndex) weighWords(m *LinkModel, bag []entry) {
	for s := range m.Words {
		x.intern(s)
	}
	df := make([]float64, len(x.words))
	for _, e := range bag {
		df[e.word]++
	}
	x.mass = make([]float32, len(x.words))
	x.stands = make([][]wordWeight, len(x.words))
	n, p := float64(max(len(x.concepts), 2)), float64(max(m.Postings, 2))
	for s, id := range x.words {
		w := m.Words[s]
		x.mass[id] = float32(massOfTaxonomy*math.Log(1+n/max(df[id], 1))/math.Log(1+n) + (1-massOfTaxonomy)*math.Log(1+p/float64(w.Postings+1))/math.Log(1+p))
		for _, t := range w.Stands {
			if to, ok := x.words[t.Stem]; ok && df[to] > 0 {
				x.stands[id] = append(x.stands[id], wordWeight{to, float32(min(1, standWorth*t.Weight))})
			}
		}
	}
	x.maxima = 1
}

// Constants of BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009).
const (
	bm25K = 1.2
	bm25B = 0.5
)

// weighBag turns counts into BM25's weights.
func (x *linkIndex) weighBag(bag []entry, lengths []float32) []entry {
	var sum float32
	for _, n := range lengths {
		sum += n
	}
	mean := sum / float32(max(len(lengths), 1))
	for i, e := range bag {
		bag[i].weight = x.mass[e.word] * e.weight * (bm25K + 1) / (e.weight + bm25K*(1-bm25B+bm25B*lengths[e.concept]/mean))
	}
	return bag
}

// remember takes over what the model has learned of concepts that the taxonomy has.
func (x *linkIndex) remember(m *LinkModel) {
	var entries []entry
	for i, c := range x.concepts {
		for _, s := range m.Memory[c.ID] {
			if w, ok := x.words[s.Stem]; ok {
				entries = append(entries, entry{w, int32(i), float32(s.Weight)})
			}
		}
	}
	x.memory = newWeightedLists(entries, len(x.mass))
}

// manyOccupations is how many occupations ask for what is asked for everywhere.
const manyOccupations = 300

// describe sets the traits of the concepts and what first words say.
func (x *linkIndex) describe(m *LinkModel) {
	stems := make([]string, len(x.words))
	for s, id := range x.words {
		stems[id] = s
	}
	first, within := make([]float32, len(x.words)), make([]float32, len(x.words))
	x.traits = make([]traits, len(x.concepts))
	top := math.Log(1 + float64(m.Postings))
	for i, c := range x.concepts {
		t := &x.traits[i]
		t.reuse = map[string]float32{"transversal": 1, "cross-sector": 0.67, "sector-specific": 0.33}[c.Reuse]
		t.asked = float32(min(math.Log(1+float64(m.Occupations[c.ID]))/math.Log(1+manyOccupations), 1))
		if c.Digital {
			t.digital = 1
		}
		switch {
		case c.Kind == "knowledge":
			t.kind = -1
		case c.Kind != "":
			t.kind = 1
		}
		if x.forms[i] == x.forms[i+1] {
			continue
		}
		words := x.formWords.at(x.forms[i])
		for j, w := range words {
			t.common += float32(math.Log(1+float64(m.Words[stems[w]].Postings))/top) / float32(len(words))
			switch {
			case t.kind > 0 && j == 0:
				first[w]++
			case t.kind < 0:
				within[w]++
			}
		}
	}
	x.verbs = make([]float32, len(x.words))
	for w := range x.verbs {
		x.verbs[w] = (first[w] - within[w]) / (first[w] + within[w] + 2)
	}
}

// embed computes the vectors of the concepts.
func (x *linkIndex) embed() {
	names, texts := make([]string, len(x.concepts)), make([]string, len(x.concepts))
	for i, c := range x.concepts {
		names[i] = c.Name
		texts[i] = c.Name + ". " + strings.Join(c.Forms[:min(len(c.Forms), maxEmbeddedForms)], ", ") + ". " + c.Text
	}
	x.vectors = embedAll(names)
	x.texts = embedAll(texts)
}

const maxEmbeddedForms = 8

// embedAll is the built-in model's vectors. It needs no network, so nothing can fail or be waited for.
func embedAll(texts []string) []embeddings.Vector {
	vectors, err := embeddings.Builtin{}.Embed(context.Background(), texts)
	if err != nil {
		return make([]embeddings.Vector, len(texts))
	}
	return vectors
}
