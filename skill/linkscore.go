package skill

import (
	"math"
	"slices"
	"strings"

	"github.com/gapwise/gapwise/embeddings"
)

// The features of a link. All lie in [0, 1] or near it.
const (
	featLabelCover = iota // mass of the name's words that the text has, near one another, as a share of the name's mass
	featFormCover         // the same of the best form
	featLabelBoth         // the geometric mean of that share and of the text's mass that the name explains
	featFormBoth          // the same of the best form
	featMatched           // mass that the best form and the text share, over that of three rare words
	featWhole             // mass of a whole form that stands in the text word by word, likewise
	featBag               // BM25 of the text against name, forms and description, over the text's mass
	featGram              // cosine of character trigrams with the best form; phrases only
	featName              // cosine of the vectors of text and name
	featText              // cosine of the vectors of text and name, forms and description
	featMemory            // what the model's memory says
	featReuse
	featCommon
	featDigital
	featAsked
	featKind    // a text that starts with a verb is a skill, another is knowledge
	featAcronym // initials of a form, either way
	featCore    // a form but for spaces, a version or an affix such as ".js"
	featPrefix  // starts or ends as a form does, by length
	// NumLinkFeatures is how many there are.
	NumLinkFeatures
)

// LinkFeatureNames are the names of the features, in order.
func LinkFeatureNames() []string {
	return []string{
		"label_cover", "form_cover", "label_both", "form_both", "matched", "whole", "bag", "gram", "name_vector", "text_vector", "memory",
		"reuse", "common", "digital", "asked", "kind", "acronym", "core", "prefix",
	}
}

// LinkPrior tells whether a feature is known of a concept before any text is seen.
func LinkPrior(feature int) bool { return feature >= featReuse && feature <= featAsked }

// LinkVector tells whether a feature comes from the built-in embedder.
func LinkVector(feature int) bool { return feature == featName || feature == featText }

// Evidence is what speaks for a link, before it is weighed.
type Evidence struct {
	Concept  int32   // index into the taxonomy
	Exact    bool    // the text is a form of the concept
	Phrase   float64 // 1 for a phrase, 0 for a sentence, between for what is between
	Features [NumLinkFeatures]float64
}

// How many candidates each way of finding them gives, and up to how many words a text is a phrase and from how many a sentence.
const (
	candidatesByForm   = 120
	candidatesByBag    = 60
	candidatesByGram   = 60
	candidatesByVector = 40
	candidatesByMemory = 40
	phraseWords        = 5
	sentenceWords      = 14
	gramWords          = 8
	rareMass           = 3.0
)

// seen is a text as the index sees it.
type seen struct {
	words    []int32 // number of each word in turn; -1 unknown to taxonomy and model
	mass     float32 // of its different words
	hits     []hit
	slot     map[int32]int32 // word of the taxonomy to its hit
	text     string
	joined   string
	phrase   float32
	core     string // of joined
	letters  string // joined without a number at its end
	acronyms []string
	vector   embeddings.Vector
}

// hit is a word of the taxonomy that the text has or stands for, with where and how surely.
type hit struct {
	word   int32
	best   float32
	places []place
}

type place struct {
	at     int32
	weight float32
}

// see reads a text.
func (x *linkIndex) see(text string) *seen {
	s := &seen{text: text, slot: map[int32]int32{}}
	once := map[int32]bool{}
	add := func(word, at int32, weight float32) {
		i, ok := s.slot[word]
		if !ok {
			i = int32(len(s.hits)) //nolint:gosec // G115: at most a few thousand
			s.slot[word] = i
			s.hits = append(s.hits, hit{word: word})
		}
		h := &s.hits[i]
		h.best = max(h.best, weight)
		if n := len(h.places); n > 0 && h.places[n-1].at == at {
			h.places[n-1].weight = max(h.places[n-1].weight, weight)
			return
		}
		h.places = append(h.places, place{at, weight})
	}
	linkWords(text, func(raw []byte) {
		id, ok := x.raw[string(raw)]
		if !ok {
			if id, ok = x.words[stem(string(raw))]; !ok {
				id = -1
			}
		}
		at := int32(len(s.words)) //nolint:gosec // G115: at most linkMaxWords
		s.words = append(s.words, id)
		if id < 0 {
			s.mass += x.maxima
			return
		}
		if !once[id] {
			once[id] = true
			s.mass += x.mass[id]
		}
		add(id, at, 1)
		for _, t := range x.stands[id] {
			add(t.word, at, t.weight)
		}
	})
	x.compounds(text, add)
	s.phrase = min(max(float32(sentenceWords-len(s.words))/(sentenceWords-phraseWords), 0), 1)
	if len(s.words) <= gramWords {
		s.joined, s.acronyms = joinedKey(text), acronyms(text)
		s.core, s.letters = coreKey(s.joined), strings.TrimRight(s.joined, "0123456789")
	}
	s.vector = embedAll([]string{text})[0]
	return s
}

// compoundWeight is what half a compound is worth: "teamwork" is nearly "team" and "work".
const compoundWeight = 0.8

// compounds adds the halves of words that are two words of the taxonomy written as one, and the whole of two that are written apart.
func (x *linkIndex) compounds(text string, add func(word, at int32, weight float32)) {
	at := int32(0)
	before := ""
	linkWords(text, func(raw []byte) {
		for cut := minHalf; cut+minHalf <= len(raw); cut++ {
			left, ok := x.raw[string(raw[:cut])]
			right, also := x.raw[string(raw[cut:])]
			if ok && also && len(raw) >= 2*minHalf+1 {
				add(left, at, compoundWeight)
				add(right, at, compoundWeight)
			}
		}
		if whole, ok := x.raw[before+string(raw)]; ok && before != "" {
			add(whole, at, compoundWeight)
		}
		before = string(raw)
		at++
	})
}

// minHalf is the length of half a compound.
const minHalf = 4

// Evidence is what speaks for each concept that a text may mean, in no order of worth.
func (l *Linker) Evidence(text string) []Evidence {
	x := l.linkIndex
	s := x.see(text)
	key := foldKey(text)
	exact := x.exact[key]
	if key == "" || len(s.words) == 0 && len(exact) == 0 || len(x.concepts) == 0 {
		return nil
	}
	x.embedded.Do(x.embed)
	b := x.boards.Get().(*board)
	defer x.boards.Put(b)
	defer b.clear()
	candidates := x.candidates(s, exact, b)
	out := make([]Evidence, 0, len(candidates))
	for _, c := range candidates {
		e := Evidence{Concept: c, Exact: slices.Contains(exact, c), Phrase: float64(s.phrase)}
		x.measure(&e, s, b)
		if e.shares() {
			out = append(out, e)
		}
	}
	return out
}

// shares tells whether anything but what is known beforehand speaks for the link.
func (e *Evidence) shares() bool {
	if e.Exact || e.Features[featName] >= nearAlone {
		return true
	}
	for _, i := range []int{featFormCover, featBag, featGram, featMemory, featAcronym, featCore} {
		if e.Features[i] > 0 {
			return true
		}
	}
	return false
}

// nearAlone is how near a vector must be where nothing else is shared.
const nearAlone = 0.3

// candidates are the concepts worth a look, sorted. The board keeps the sums that they were found by.
func (x *linkIndex) candidates(s *seen, exact []int32, b *board) []int32 {
	for _, h := range s.hits {
		for _, f := range x.wordForms.at(h.word) {
			b.forms.add(f, h.best*x.mass[h.word])
		}
		if h.best == 1 {
			for i, c := range x.memory.at(h.word) {
				b.memory.add(c, x.memory.weights[int(x.memory.start[h.word])+i])
			}
		}
		for i, c := range x.bag.at(h.word) {
			b.bag.add(c, h.best*x.bag.weights[int(x.bag.start[h.word])+i])
		}
	}
	for _, f := range b.forms.touched {
		mass := b.forms.sums[f]
		b.byForm.raise(x.formOwner[f], mass/x.formMass[f]*float32(math.Sqrt(float64(mass))))
	}
	out := slices.Clone(exact)
	out = b.byForm.best(candidatesByForm, out)
	out = b.bag.best(candidatesByBag, out)
	out = b.memory.best(candidatesByMemory, out)
	if s.joined != "" {
		x.gramCosines(s, &b.grams)
		for _, f := range b.grams.touched {
			b.byGram.raise(x.formOwner[f], b.grams.sums[f])
		}
		out = b.byGram.best(candidatesByGram, out)
		for _, f := range slices.Concat(x.acronyms[s.letters], x.cores[s.core]) {
			out = append(out, x.formOwner[f])
		}
		for _, a := range s.acronyms {
			for _, f := range x.cores[coreKey(a)] {
				out = append(out, x.formOwner[f])
			}
		}
	}
	for c, v := range x.vectors {
		b.byVector.raise(int32(c), dot(s.vector, v))
	}
	out = b.byVector.best(candidatesByVector, out)
	slices.Sort(out)
	return slices.Compact(out)
}

// gramCosines compares the trigrams of a phrase with those of every form that shares one.
func (x *linkIndex) gramCosines(s *seen, into *linkTally) {
	var norm float32
	for _, g := range grams(s.text, nil) {
		m := x.gramMass[g] * x.gramMass[g]
		norm += m
		for _, f := range x.gramForms.at(g) {
			into.add(f, m)
		}
	}
	norm = float32(math.Sqrt(float64(norm)))
	for _, f := range into.touched {
		into.sums[f] /= norm * x.gramNorm[f]
	}
}

func dot(a, b []float32) float32 {
	var s0, s1, s2, s3 float32
	n := min(len(a), len(b)) &^ 3
	for i := 0; i < n; i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	return s0 + s1 + s2 + s3
}

// measure fills the features of one concept.
func (x *linkIndex) measure(e *Evidence, s *seen, b *board) {
	f := &e.Features
	for form := x.forms[e.Concept]; form < x.forms[e.Concept+1]; form++ {
		cover, both, mass, whole := x.compare(s, form)
		if x.formLabel[form] {
			f[featLabelCover], f[featLabelBoth] = cover, both
		}
		f[featFormCover] = max(f[featFormCover], cover)
		f[featFormBoth] = max(f[featFormBoth], both)
		f[featMatched] = max(f[featMatched], mass/rareMass)
		if whole {
			f[featWhole] = max(f[featWhole], mass/rareMass)
		}
		f[featGram] = max(f[featGram], float64(b.grams.sums[form]))
		if s.joined != "" && x.joined[form] != "" {
			x.compareNames(f, s, form)
		}
	}
	if s.mass > 0 {
		f[featBag], f[featMemory] = float64(b.bag.sums[e.Concept]/s.mass), float64(b.memory.sums[e.Concept]/s.mass)
	}
	t := x.traits[e.Concept]
	f[featName] = max(0, float64(dot(s.vector, x.vectors[e.Concept])))
	f[featText] = max(0, float64(dot(s.vector, x.texts[e.Concept])))
	f[featReuse], f[featCommon], f[featDigital], f[featAsked] = float64(t.reuse), float64(t.common), float64(t.digital), float64(t.asked)
	if len(s.words) > 0 && s.words[0] >= 0 {
		f[featKind] = float64(t.kind * x.verbs[s.words[0]])
	}
}

// compareNames compares a short text with a form as names.
func (x *linkIndex) compareNames(f *[NumLinkFeatures]float64, s *seen, form int32) {
	joined := x.joined[form]
	if slices.Contains(s.acronyms, joined) || slices.Contains(x.acronyms[s.letters], form) {
		f[featAcronym] = 1
	}
	if core := coreKey(joined); joined == s.joined {
		f[featCore] = 1
	} else if core == s.core {
		worth := 0.8
		if number, own := digitsIn(joined), digitsIn(s.joined); number != "" && own != "" && number != own {
			worth = 0.4 // another version
		}
		f[featCore] = max(f[featCore], worth)
	}
	short, long := joined, s.joined
	if len(short) > len(long) {
		short, long = long, short
	}
	if len(short) >= 3 && (strings.HasPrefix(long, short) || strings.HasSuffix(long, short)) {
		f[featPrefix] = max(f[featPrefix], float64(len(short))/float64(len(long)))
	}
}

// digitsIn are the digits of a name.
func digitsIn(s string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// compare lays a form on the text: the share of its mass that the text covers within a window, the geometric mean of that and the share of the
// text that it explains, the mass that both share, and whether all its words stand there themselves.
func (x *linkIndex) compare(s *seen, form int32) (cover, both, mass float64, whole bool) {
	words := x.formWords.at(form)
	var hits [16]*hit
	n := 0
	for _, w := range words {
		if i, ok := s.slot[w]; ok && n < len(hits) {
			hits[n] = &s.hits[i]
			n++
		}
	}
	if n == 0 {
		return 0, 0, 0, false
	}
	reach := int32(len(words) + 3) //nolint:gosec // G115: a form has few words
	var bestCover, bestText float32
	tight := false
	for _, anchor := range hits[:n] {
		for _, p := range anchor.places {
			var covered, explained float32
			full := n == len(words)
			for _, h := range hits[:n] {
				var w float32
				var at int32
				for _, q := range h.places {
					if q.at >= p.at-reach && q.at <= p.at+reach && q.weight > w {
						w, at = q.weight, q.at
					}
				}
				covered += w * x.mass[h.word]
				if w > 0 {
					explained += w * x.massAt(s, at)
				}
				if w < 1 {
					full = false
				}
			}
			if covered > bestCover {
				bestCover, bestText, tight = covered, explained, full
			}
		}
	}
	if x.formMass[form] == 0 || s.mass == 0 {
		return 0, 0, 0, false
	}
	cover = float64(bestCover / x.formMass[form])
	return cover, math.Sqrt(cover * min(1, float64(bestText/s.mass))), float64(bestCover), tight
}

func (x *linkIndex) massAt(s *seen, at int32) float32 {
	if id := s.words[at]; id >= 0 {
		return x.mass[id]
	}
	return x.maxima
}
