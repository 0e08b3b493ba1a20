package tutor

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
)

// Parameters of BM25, the values that S. Robertson and H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", Foundations
// and Trends in Information Retrieval 3(4), 2009, report as good on most collections: k1 in 1.2 to 2, b in 0.5 to 0.8.
const (
	k1 = 1.2 // how soon more of the same word stops counting
	b  = 0.75
)

// coordination is how much of a score hangs on the share of the question that a passage holds: one that shares a word many times comes behind one
// that shares several words. Editorial.
const coordination = 0.5

// titleTimes is how often a word of a passage's title counts. Editorial.
const titleTimes = 2

// index is a BM25 index over passages. One over the passages of a person stands on the one of their role, which is made once.
type index struct {
	base     *index // nil for none
	passages []*passage
	counts   []map[string]int
	lengths  []int
	total    int
	holders  map[string]int // number of passages that hold a token
}

func newIndex(base *index, passages []*passage) *index {
	x := &index{base: base, holders: map[string]int{}}
	for _, p := range passages {
		if p.hidden {
			continue
		}
		counts, n := p.counts(), 0
		for t, times := range counts {
			x.holders[t]++
			n += times
		}
		x.passages, x.counts, x.lengths = append(x.passages, p), append(x.counts, counts), append(x.lengths, n)
		x.total += n
	}
	return x
}

// counts counts a passage's tokens.
func (p *passage) counts() map[string]int {
	counts := map[string]int{}
	for _, t := range tokens(p.title) {
		counts[t] += titleTimes
	}
	for _, t := range tokens(p.text + " " + p.keys) {
		counts[t]++
	}
	return counts
}

// holds tells whether any passage has a token.
func (x *index) holds(token string) bool {
	return x.holders[token] > 0 || x.base != nil && x.base.holds(token)
}

// term is a token that is looked for, and how much it counts.
type term struct {
	token  string
	weight float64
}

// score gives every passage that shares a term its BM25 score, in the order of the passages.
func (x *index) score(terms []term) []hit {
	n, total := len(x.passages), x.total
	if x.base != nil {
		n, total = n+len(x.base.passages), total+x.base.total
	}
	mean := float64(max(total, 1)) / float64(max(n, 1))
	idf := make([]float64, len(terms))
	for i, t := range terms {
		df := x.holders[t.token]
		if x.base != nil {
			df += x.base.holders[t.token]
		}
		idf[i] = t.weight * math.Log(1+(float64(n-df)+0.5)/(float64(df)+0.5)) // the 1 keeps common words from counting against a passage
	}
	var hits []hit
	for _, part := range []*index{x.base, x} {
		if part != nil {
			hits = part.scored(hits, terms, idf, mean)
		}
	}
	return hits
}

func (x *index) scored(hits []hit, terms []term, idf []float64, mean float64) []hit {
	all := 0.0
	for _, w := range idf {
		all += w
	}
	for i, p := range x.passages {
		score, met := 0.0, 0.0
		for j, t := range terms {
			if tf := float64(x.counts[i][t.token]); tf > 0 {
				score += idf[j] * tf * (k1 + 1) / (tf + k1*(1-b+b*float64(x.lengths[i])/mean))
				met += idf[j]
			}
		}
		if score > 0 {
			hits = append(hits, hit{p, score * (1 - coordination + coordination*met/all)})
		}
	}
	return hits
}

// hit is a passage with how well it fits.
type hit struct {
	p     *passage
	score float64
}

// best sorts hits, the best first; equal ones keep the order of the corpus.
func best(hits []hit) []*passage {
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

// stem takes off common endings. It is coarse: it only has to be the same on both sides.
func stem(w string) string {
	if base, ok := irregular[w]; ok {
		w = base
	}
	w = singular(w)
	for _, end := range []string{"ing", "ed", "ly", "ment"} {
		if rest, ok := strings.CutSuffix(w, end); ok && len(rest) >= 3 && strings.ContainsAny(rest, "aeiouy") {
			w = undouble(rest)
			break
		}
	}
	if rest, ok := strings.CutSuffix(w, "ion"); ok && len(rest) >= 4 && strings.HasSuffix(rest, "t") {
		w = rest // migration, migrated and migrate meet
	}
	if rest, ok := strings.CutSuffix(w, "e"); ok && len(rest) >= 3 {
		w = rest
	}
	return w
}

// irregular are forms that no ending tells.
var irregular = map[string]string{
	"kept": "keep", "sent": "send", "lost": "lose", "broke": "break", "broken": "break", "built": "build", "ran": "run", "took": "take", "taken": "take", "chose": "choose",
	"chosen": "choose", "held": "hold", "led": "lead", "wrote": "write", "written": "write", "fell": "fall", "fallen": "fall", "bought": "buy", "taught": "teach", "told": "tell",
	"paid": "pay", "spoke": "speak", "spoken": "speak", "hidden": "hide", "stolen": "steal", "drew": "draw", "drawn": "draw", "grew": "grow", "grown": "grow", "won": "win",
}

// undouble turns "stopp" into "stop".
func undouble(w string) string {
	if n := len(w); n >= 4 && w[n-1] == w[n-2] && !strings.ContainsRune("lsz", rune(w[n-1])) {
		return w[:n-1]
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
