package embeddings

import (
	"context"
	"hash/fnv"
	"math"
	"strings"
	"unicode"
)

// The built-in model: signed feature hashing over words and the character n-grams of words (Weinberger et al., "Feature Hashing for
// Large Scale Multitask Learning", 2009; the subword part after Bojanowski et al., "Enriching Word Vectors with Subword
// Information", 2017). It has no trained weights: nearness is shared words and word parts, which is what its users may expect.
const (
	builtinModel      = "builtin-hash-1"
	builtinDimensions = 256
	builtinMinGram    = 3
	builtinMaxGram    = 5
	builtinWordWeight = 1.0
	builtinGramWeight = 0.7 // of a whole word's weight, shared by its n-grams
	builtinMaxWords   = 4000
)

// Builtin is the embedder that needs neither a network nor a key. The zero value is ready to use; it is deterministic.
type Builtin struct{}

// Model implements Embedder.
func (Builtin) Model() string { return builtinModel }

// Dimensions implements Embedder.
func (Builtin) Dimensions() int { return builtinDimensions }

// Embed implements Embedder. It stops between texts when ctx ends.
func (Builtin) Embed(ctx context.Context, texts []string) ([]Vector, error) {
	out := make([]Vector, len(texts))
	for i, text := range texts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out[i] = hashed(text)
	}
	return out, nil
}

// hashed is the vector of one text. A word's weight grows with the logarithm of its count, so that a long advert is not its most
// frequent word.
func hashed(text string) Vector {
	counts := map[string]int{}
	var order []string // a map's order is random and sums of floats are not associative
	for _, w := range words(text) {
		if counts[w] == 0 {
			order = append(order, w)
		}
		counts[w]++
	}
	v := make(Vector, builtinDimensions)
	for _, w := range order {
		weight := 1 + math.Log(float64(counts[w]))
		addFeature(v, "w "+w, builtinWordWeight*weight)
		grams := ngrams("<" + w + ">")
		for _, g := range grams {
			addFeature(v, "g "+g, builtinGramWeight*weight/math.Sqrt(float64(len(grams))))
		}
	}
	return Normalise(v)
}

// addFeature adds a feature at the place and with the sign that its hash gives.
func addFeature(v Vector, feature string, weight float64) {
	h := fnv.New64a()
	_, _ = h.Write([]byte(feature)) // a hash never fails to write
	sum := h.Sum64()
	sum ^= sum >> 29 // FNV's low bits are weak for short keys
	sum *= 0xbf58476d1ce4e5b9
	sum ^= sum >> 32
	if sum&1 == 1 {
		weight = -weight
	}
	v[(sum>>1)%uint64(len(v))] += float32(weight)
}

// ngrams are the character n-grams of a word that is marked at both ends.
func ngrams(word string) []string {
	r := []rune(word)
	var out []string
	for n := builtinMinGram; n <= builtinMaxGram; n++ {
		for i := 0; i+n <= len(r); i++ {
			out = append(out, string(r[i:i+n]))
		}
	}
	return out
}

// words are the content words of a text, lower-cased, at most builtinMaxWords of them. Signs that belong to names of technologies
// (C++, C#, .NET) stay.
func words(text string) []string {
	fields := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '+' && r != '#' && r != '.'
	})
	out := fields[:0]
	for _, f := range fields {
		f = strings.TrimRight(f, ".")
		if f == "" || stopWords[f] {
			continue
		}
		if out = append(out, singular(f)); len(out) == builtinMaxWords {
			break
		}
	}
	return out
}

// singular takes off an English plural, roughly; n-grams carry the rest.
func singular(w string) string {
	switch {
	case len(w) > 4 && strings.HasSuffix(w, "ies"):
		return w[:len(w)-3] + "y"
	case len(w) > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && !strings.HasSuffix(w, "is") && !strings.HasSuffix(w, "us"):
		return w[:len(w)-1]
	}
	return w
}

// stopWords say nothing about what a text is about.
var stopWords = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`a about above after all also an and any are as at be been before being between both but by can could did do does
		during each few for from further had has have having he her here his how i if in into is it its itself just may me more most must my no nor not of
		off on once one only or other our out over own same she should so some such than that the their them then there these they this those through to
		too under until up us very was we were what when where which while who whom why will with within without would you your
		using used use uses work working works worked experience experienced years year strong good great new well etc e.g i.e ability able including
		und oder der die das ein eine mit für von im in den dem des zu auf als wir sie ihr bei sowie
		et ou le la les un une des avec pour dans du de au aux en sur nous vous
		y o el los las una con para por del al en se su`) {
		m[w] = true
	}
	return m
}()
