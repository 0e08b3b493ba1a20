package tutor

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// Parameters of BM25, the values that S. Robertson and H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", Foundations
// and Trends in Information Retrieval 3(4), 2009, report as good on most collections: k1 in 1.2 to 2, b in 0.5 to 0.8.
const (
	k1 = 1.2 // how soon more of the same word stops counting
	b  = 0.75
)

// Boosts of a passage's score. Editorial.
const (
	boostPhase = 1.3 // it belongs to the phase that the conversation is about
	boostSkill = 1.6 // it is about a skill that the question names
)

// index is a BM25 index over passages.
type index struct {
	passages []*passage
	counts   []map[string]int
	lengths  []int
	mean     float64
	holders  map[string]int // number of passages that hold a token
}

func newIndex(passages []*passage, known *counter) *index {
	x := &index{holders: map[string]int{}}
	total := 0
	for _, p := range passages {
		if p.hidden {
			continue
		}
		counts, n := known.of(p), 0
		for t, times := range counts {
			x.holders[t]++
			n += times
		}
		x.passages, x.counts, x.lengths = append(x.passages, p), append(x.counts, counts), append(x.lengths, n)
		total += n
	}
	x.mean = float64(max(total, 1)) / float64(max(len(x.passages), 1))
	return x
}

// counter counts the tokens of passages, and remembers those of the catalogue: they never change, and there are only so many.
type counter struct{ kept sync.Map }

func (k *counter) of(p *passage) map[string]int {
	text := p.title + " " + p.text + " " + p.keys
	if kept, ok := k.kept.Load(text); ok {
		return kept.(map[string]int)
	}
	counts := map[string]int{}
	for _, t := range tokens(text) {
		counts[t]++
	}
	if p.kind == FromCatalogue { // what is known of a person stays with their turn
		k.kept.Store(text, counts)
	}
	return counts
}

// rank gives the passages that share a word with the query, best first; equal ones in the order of the corpus.
func (x *index) rank(query, phase string, skills []string) []*passage {
	type hit struct {
		p     *passage
		score float64
	}
	var hits []hit
	terms := tokens(query)
	slices.Sort(terms) // sums of floats depend on their order
	terms = slices.Compact(terms)
	for i, p := range x.passages {
		score := 0.0
		for _, t := range terms {
			tf := float64(x.counts[i][t])
			if tf == 0 {
				continue
			}
			df := float64(x.holders[t])
			idf := math.Log(1 + (float64(len(x.passages))-df+0.5)/(df+0.5)) // the 1 keeps common words from counting against a passage
			score += idf * tf * (k1 + 1) / (tf + k1*(1-b+b*float64(x.lengths[i])/x.mean))
		}
		if score == 0 {
			continue
		}
		if phase != "" && p.phase == phase {
			score *= boostPhase
		}
		if p.skill != "" && slices.Contains(skills, p.skill) {
			score *= boostSkill
		}
		hits = append(hits, hit{p, score})
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(b.score, a.score) })
	out := make([]*passage, len(hits))
	for i, h := range hits {
		out[i] = h.p
	}
	return out
}

// stop are words that say nothing of a question's subject.
var stop = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`a about am an and any are as at be been being but by can could did do does doing for from get give had has have
		having help how i if in into is it its just know let like make many may me might more most much must my need no not of on one or our
		please really say shall should so some something tell than that the their them then there these they thing this those to too up us very
		want was we were what when where which who why will with would yet you your`) {
		m[w] = true
	}
	return m
}()

// tokens are a text's words as they are compared: folded, without stop words, without the commonest endings.
func tokens(text string) []string {
	var out []string
	for _, w := range words(text) {
		if w = strings.ToLower(w); !stop[w] {
			out = append(out, stem(w))
		}
	}
	return out
}

// words splits a text. Plus, hash and an inner dot are parts of a word, because of C++, C# and Node.js.
func words(text string) []string {
	var out []string
	for _, f := range strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("+#.", r)
	}) {
		if f = strings.Trim(f, "."); strings.ContainsFunc(f, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			out = append(out, f)
		}
	}
	return out
}

// stem takes off the endings -s, -ing, -ed and -e. It is coarse: it only has to be the same on both sides.
func stem(w string) string {
	w = singular(w)
	for _, end := range []string{"ing", "ed"} {
		if rest, ok := strings.CutSuffix(w, end); ok && len(rest) >= 4 {
			w = rest
			break
		}
	}
	if rest, ok := strings.CutSuffix(w, "e"); ok && len(rest) >= 3 {
		w = rest
	}
	return w
}

// singular takes off the ending of a plural, after D. Harman, "How effective is suffixing?", JASIS 42(1), 1991.
func singular(w string) string {
	switch {
	case len(w) <= 3 || strings.HasSuffix(w, "ss") || strings.HasSuffix(w, "us"):
		return w
	case strings.HasSuffix(w, "ies") && !strings.HasSuffix(w, "eies") && !strings.HasSuffix(w, "aies"):
		return w[:len(w)-3] + "y"
	case strings.HasSuffix(w, "s"):
		return w[:len(w)-1]
	}
	return w
}
