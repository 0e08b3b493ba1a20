package skill

import (
	"bufio"
	"cmp"
	"encoding/json"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/fault"
)

// Concept is one entry of a taxonomy: the catalogue's skills, or somebody else's.
type Concept struct {
	ID    string
	Name  string
	Forms []string // other ways of writing the name
	Text  string   // what it is
}

// Link is a concept that a phrase may mean.
type Link struct {
	ID    string  `json:"id"`
	Name  string  `json:"name"`
	Score float64 `json:"score"` // 1 for a form of the concept itself, else below 1
}

// Linker finds what a phrase means in a taxonomy. It is immutable and safe for concurrent use.
//
// A phrase that is a form of a concept is that concept. Any other is compared with every form by the cosine of their words and character
// trigrams under TF-IDF weights (Manning, Raghavan and Schütze, "Introduction to Information Retrieval", 2008, chapter 6), and with
// the descriptions at a discount.
type Linker struct {
	concepts []Concept
	exact    map[string][]int32 // folded form to concepts
	postings map[string][]weighted
	idf      map[string]float64
	owner    []int32 // document to concept
	discount []float32
	absent   float64 // idf of a feature that no document has
}

// weighted is one document that has a feature, with its normalised weight.
type weighted struct {
	doc    int32
	weight float32
}

// Weights of the linker.
const (
	linkWord      = 1.0
	linkGram      = 0.35
	linkText      = 0.6  // of a description against a name
	linkMaxScore  = 0.97 // of what is no form itself
	linkMaxTokens = 60
)

// CatalogConcepts are the skills of a catalogue as a taxonomy.
func CatalogConcepts(c *catalog.Catalog) []Concept {
	out := make([]Concept, len(c.Skills()))
	for i, s := range c.Skills() {
		out[i] = Concept{ID: s.ID, Name: s.Name, Forms: s.Aliases, Text: s.Description}
	}
	return out
}

// maxTaxonomyLine and maxConcepts bound a taxonomy.
const (
	maxTaxonomyLine = 1 << 20
	maxConcepts     = 200_000
)

// ReadTaxonomy reads a taxonomy of JSON Lines with uri, label, alts and desc.
func ReadTaxonomy(r io.Reader) ([]Concept, error) {
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 0, 64<<10), maxTaxonomyLine)
	var out []Concept
	for line := 1; in.Scan(); line++ {
		if strings.TrimSpace(in.Text()) == "" {
			continue
		}
		var row struct {
			URI   string   `json:"uri"`
			Label string   `json:"label"`
			Alts  []string `json:"alts"`
			Desc  string   `json:"desc"`
		}
		if err := json.Unmarshal(in.Bytes(), &row); err != nil || row.URI == "" || row.Label == "" {
			return nil, fault.Newf(fault.Usage, "bad-taxonomy", "Line %d of the taxonomy is not JSON with uri and label.", line).Because(err)
		}
		if out = append(out, Concept{ID: row.URI, Name: row.Label, Forms: row.Alts, Text: row.Desc}); len(out) > maxConcepts {
			return nil, fault.Newf(fault.TooLarge, "taxonomy-too-large", "A taxonomy has at most %d concepts.", maxConcepts)
		}
	}
	if err := in.Err(); err != nil {
		return nil, fault.New(fault.Usage, "bad-taxonomy", "The taxonomy cannot be read: a line is too long.").Because(err)
	}
	return out, nil
}

// NewLinker indexes a taxonomy.
func NewLinker(concepts []Concept) *Linker {
	l := &Linker{concepts: concepts, exact: map[string][]int32{}, postings: map[string][]weighted{}, idf: map[string]float64{}}
	type document struct {
		features map[string]float64
		order    []string
	}
	var docs []document
	add := func(concept int, text string, discount float32) {
		f, order := linkFeatures(text)
		if len(order) == 0 {
			return
		}
		docs = append(docs, document{f, order})
		l.owner = append(l.owner, int32(concept)) //nolint:gosec // G115: at most maxConcepts
		l.discount = append(l.discount, discount)
		for _, k := range order {
			l.idf[k]++
		}
	}
	for i, c := range concepts {
		for _, form := range append([]string{c.Name}, c.Forms...) {
			key := foldKey(form)
			if key != "" && !slices.Contains(l.exact[key], int32(i)) {
				l.exact[key] = append(l.exact[key], int32(i))
			}
			add(i, form, linkMaxScore)
		}
		add(i, c.Text, linkText)
	}
	for k, df := range l.idf {
		l.idf[k] = math.Log(1 + float64(len(docs))/df)
	}
	l.absent = math.Log(1 + float64(len(docs)))
	for d, doc := range docs {
		norm := l.norm(doc.features, doc.order)
		for _, k := range doc.order {
			l.postings[k] = append(l.postings[k], weighted{int32(d), float32(doc.features[k] * l.idf[k] / norm)})
		}
	}
	return l
}

// norm is the length of a document's weighted vector. A feature that the taxonomy lacks counts fully: it is what the phrase says and no concept does.
func (l *Linker) norm(features map[string]float64, order []string) float64 {
	var sum float64
	for _, k := range order {
		w := features[k] * l.weight(k)
		sum += w * w
	}
	return math.Sqrt(sum)
}

func (l *Linker) weight(feature string) float64 {
	if w, ok := l.idf[feature]; ok {
		return w
	}
	return l.absent
}

// Link is the k most likely concepts of a phrase, best first, ties by id.
func (l *Linker) Link(phrase string, k int) []Link {
	features, order := linkFeatures(phrase)
	scores := map[int32]float32{}
	if len(order) > 0 {
		norm := l.norm(features, order)
		byDoc := map[int32]float32{}
		for _, f := range order {
			w := float32(features[f] * l.weight(f) / norm)
			for _, p := range l.postings[f] {
				byDoc[p.doc] += w * p.weight
			}
		}
		for d, s := range byDoc {
			c := l.owner[d]
			scores[c] = max(scores[c], min(s, 1)*l.discount[d])
		}
	}
	for _, c := range l.exact[foldKey(phrase)] {
		scores[c] = 1
	}
	out := make([]Link, 0, len(scores))
	for c, s := range scores {
		out = append(out, Link{ID: l.concepts[c].ID, Name: l.concepts[c].Name, Score: math.Round(float64(s)*1e4) / 1e4})
	}
	slices.SortFunc(out, func(a, b Link) int { return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.ID, b.ID)) })
	return out[:min(len(out), max(k, 0))]
}

// foldKey is a form without what people write differently.
func foldKey(s string) string {
	return strings.Trim(string(fold([]rune(s)).bytes), " ")
}

// linkFeatures are the words and word trigrams of a text with their weights, and the order in which they came: sums of floats are only
// the same in the same order.
func linkFeatures(text string) (map[string]float64, []string) {
	weights := map[string]float64{}
	var order []string
	add := func(k string, w float64) {
		if weights[k] == 0 {
			order = append(order, k)
			weights[k] = w
		}
	}
	for i, w := range strings.FieldsFunc(string(fold([]rune(text)).bytes), func(r rune) bool { return strings.ContainsRune(" ,;:()[]\"'/\x01", r) }) {
		if i == linkMaxTokens {
			break
		}
		w = strings.TrimRight(w, ".!?")
		if w == "" || linkStop[w] {
			continue
		}
		add("w"+stem(w), linkWord)
		marked := []rune("<" + w + ">")
		for i := 0; i+3 <= len(marked); i++ {
			add("g"+string(marked[i:i+3]), linkGram)
		}
	}
	return weights, order
}

// stem takes common English endings off, so that "develop", "developing" and "development" meet.
func stem(w string) string {
	for _, suffix := range []string{"ations", "ation", "ments", "ment", "ings", "ing", "ies", "ers", "er", "ed", "es", "s", "e"} {
		if base, ok := strings.CutSuffix(w, suffix); ok && len(base) >= 4 {
			return base
		}
	}
	return w
}

var linkStop = map[string]bool{"a": true, "an": true, "and": true, "the": true, "of": true, "in": true, "with": true, "for": true, "to": true, "on": true, "or": true, "as": true, "at": true, "by": true, "is": true, "are": true, "etc": true}
