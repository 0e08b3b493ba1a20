package main

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/embeddings/model"
)

// What a source weighs: the mass of the co-occurrences that each token of a document gets.
const (
	weightList       = 1.0
	weightSkill      = 1.0
	weightOccupation = 1.0
	weightTechnology = 0.7
	weightTopic      = 4.0
	weightCatalog    = 4.0
	weightRelation   = 2.0
)

// How often something must be there to get a row.
const (
	minList   = 4 // lists that a skill of several words is in
	minTech   = 3 // occupations that use a technology
	minWord   = 2 // documents that a word is in
	maxPhrase = 4 // words of a phrase
)

// term is a token of a document with its weight.
type term struct {
	token  int
	weight float64
}

// document says that its terms go together: all with all, or, where it has others, each with each of those.
type document struct {
	terms, others []term
	mass          float64
}

// corpus is what the vectors are trained on.
type corpus struct {
	ids     map[string]int
	names   []string
	docs    []document
	phrases map[string]bool
	seen    []int    // documents of each token
	keep    []bool   // tokens that get a row however rare they are
	same    [][2]int // tokens that mean the same
}

// newCorpus reads the sources, with or without what the catalogue says of its skills. Its names count as phrases all the same.
func newCorpus(s *sources, c *catalog.Catalog, withCatalog bool) *corpus {
	p := &corpus{ids: map[string]int{}, phrases: map[string]bool{}}
	p.findPhrases(s, c)
	p.addLists(s)
	p.addSkills(s)
	p.addOccupations(s)
	p.addTechnology(s)
	p.addTopics(s)
	if withCatalog {
		p.addCatalog(c)
	}
	return p
}

// phrase is the token of a name, "" for one of more words than a phrase may have.
func phrase(name string) string {
	w := model.Words(nil, name)
	if len(w) > maxPhrase {
		return ""
	}
	return strings.Join(w, " ")
}

// findPhrases collects the names of several words that get rows of their own.
func (p *corpus) findPhrases(s *sources, c *catalog.Catalog) {
	add := func(name string) {
		if w := phrase(name); strings.Contains(w, " ") {
			p.phrases[w] = true
		}
	}
	count := map[string]int{}
	for _, l := range s.lists {
		for _, name := range l {
			if w := phrase(name); w != "" {
				if count[w]++; count[w] == minList {
					add(name)
				}
			}
		}
	}
	used := map[string]int{}
	for _, t := range s.technology {
		for _, x := range t.Tech {
			if used[x[0]]++; used[x[0]] == minTech {
				add(x[0])
			}
		}
	}
	for _, t := range s.topics {
		add(t.Name)
		add(t.Topic)
	}
	for _, k := range c.Skills() {
		add(k.Name)
		for _, a := range k.Aliases {
			add(a)
		}
	}
	for _, k := range s.skills {
		if strings.Count(k.Label, " ") <= 2 {
			add(k.Label)
		}
	}
}

// id is the number of a token.
func (p *corpus) id(token string) int {
	i, ok := p.ids[token]
	if !ok {
		i = len(p.names)
		p.ids[token] = i
		p.names = append(p.names, token)
		p.seen = append(p.seen, 0)
		p.keep = append(p.keep, false)
	}
	return i
}

// bag collects terms.
type bag struct {
	corpus *corpus
	order  []int
	weight map[int]float64
}

func (p *corpus) bag() *bag { return &bag{corpus: p, weight: map[int]float64{}} }

func (b *bag) token(t string, w float64) {
	i := b.corpus.id(t)
	if b.weight[i] == 0 {
		b.order = append(b.order, i)
	}
	b.weight[i] += w
}

// text adds the words of a text and the phrases in it. The words of a phrase count half.
func (b *bag) text(text string, w float64) *bag {
	words := model.Words(nil, text)
	for i := 0; i < len(words); {
		n := min(maxPhrase, len(words)-i)
		for ; n > 1; n-- {
			if t := strings.Join(words[i:i+n], " "); b.corpus.phrases[t] {
				b.token(t, w)
				break
			}
		}
		for _, x := range words[i : i+n] {
			if n > 1 {
				b.token(x, w/2)
			} else {
				b.token(x, w)
			}
		}
		i += n
	}
	return b
}

// terms are what was collected; what came often counts by its logarithm.
func (b *bag) terms() []term {
	out := make([]term, len(b.order))
	for i, t := range b.order {
		w := b.weight[t]
		if w > 1 {
			w = 1 + math.Log(w)
		}
		out[i] = term{t, w}
	}
	return out
}

// add adds a document.
func (p *corpus) add(mass float64, terms, others []term) {
	if len(terms) == 0 {
		return
	}
	p.docs = append(p.docs, document{terms, others, mass})
	for _, t := range terms {
		p.seen[t.token]++
	}
	for _, t := range others {
		p.seen[t.token]++
	}
}

func (p *corpus) addLists(s *sources) {
	for _, l := range s.lists {
		b := p.bag()
		for _, name := range l {
			b.text(name, 1)
		}
		p.add(weightList, b.terms(), nil)
	}
}

func (p *corpus) addSkills(s *sources) {
	for _, k := range s.skills {
		b := p.bag().text(k.Label, 1)
		for _, a := range k.Alts {
			b.text(a, 0.5)
		}
		p.add(weightSkill, b.terms(), nil)
		p.add(weightSkill/2, b.text(k.Desc, 0.5).terms(), nil)
	}
}

func (p *corpus) addOccupations(s *sources) {
	for _, o := range s.occupations {
		title := p.bag().text(o.Label, 1)
		for _, a := range o.Alts {
			title.text(a, 0.5)
		}
		p.add(weightOccupation, title.terms(), nil)
		asked := p.bag()
		for _, k := range o.essential {
			asked.text(k, 1)
		}
		for _, k := range o.optional {
			asked.text(k, 0.5)
		}
		if len(asked.order) > 0 {
			p.add(weightOccupation*2, title.terms(), asked.terms())
			p.add(weightOccupation, asked.terms(), nil)
		}
	}
}

func (p *corpus) addTechnology(s *sources) {
	for _, t := range s.technology {
		title := p.bag().text(t.Title, 1).terms()
		uses := p.bag()
		for _, x := range t.Tech {
			uses.text(x[0], 1)
		}
		p.add(weightTechnology, title, uses.terms())
		p.add(weightTechnology, uses.terms(), nil)
	}
	seen := map[string]bool{}
	for _, t := range s.technology {
		for _, x := range t.Tech {
			if !seen[x[0]] {
				seen[x[0]] = true
				p.add(weightTechnology, p.bag().text(x[0], 1).text(x[1], 0.5).terms(), nil)
			}
		}
	}
}

// named marks the tokens of a name for keeping and returns its own.
func (p *corpus) named(name string) int {
	w := phrase(name)
	if w == "" {
		return -1
	}
	i := p.id(w)
	p.keep[i] = true
	return i
}

// alike notes that two names mean the same.
func (p *corpus) alike(a, b string) {
	if i, j := p.named(a), p.named(b); i >= 0 && j >= 0 && i != j {
		p.same = append(p.same, [2]int{i, j})
	}
}

func (p *corpus) addTopics(s *sources) {
	for _, t := range s.topics {
		p.alike(t.Topic, t.Name)
		name := p.bag().text(t.Name, 1).text(t.Topic, 1).terms()
		desc := p.bag().text(t.Desc, 1).terms()
		p.add(weightTopic, name, desc)
		p.add(weightTopic/2, p.bag().text(t.Name, 1).text(t.Desc, 1).terms(), nil)
	}
}

func (p *corpus) addCatalog(c *catalog.Catalog) {
	name := func(id string) []term {
		k, err := c.Skill(id)
		if err != nil {
			return nil
		}
		return p.bag().text(k.Name, 1).terms()
	}
	for _, k := range c.Skills() {
		self := p.bag().text(k.Name, 1)
		for _, a := range k.Aliases {
			p.alike(a, k.Name)
			self.text(a, 0.5)
		}
		p.add(weightCatalog, self.terms(), p.bag().text(k.Description, 1).terms())
		for _, o := range append([]string{k.Parent}, k.Ecosystem...) {
			p.add(weightRelation, name(k.ID), name(o))
		}
		for _, t := range c.TransfersTo(k.ID) {
			p.add(weightRelation, name(k.ID), name(t.From))
		}
		for _, q := range c.Requires(k.ID) {
			p.add(weightRelation, name(k.ID), name(q.Needs))
		}
	}
	for _, r := range c.Roles() {
		title := p.bag().text(r.Name, 1)
		for _, a := range r.Aliases {
			title.text(a, 0.5)
		}
		asked := p.bag()
		for _, q := range r.Skills {
			if k, err := c.Skill(q.Skill); err == nil {
				asked.text(k.Name, 1)
			}
		}
		p.add(weightRelation, title.terms(), asked.terms())
		p.add(weightRelation, asked.terms(), nil)
	}
}

// prune drops tokens that are too rare and numbers the others by how many documents have them.
func (p *corpus) prune(limit int) {
	order := make([]int, 0, len(p.names))
	for i, n := range p.names {
		if p.keep[i] || p.seen[i] >= minWord || strings.Contains(n, " ") && p.seen[i] > 0 {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(rank(p.keep[a]), rank(p.keep[b])), cmp.Compare(p.seen[b], p.seen[a]), cmp.Compare(p.names[a], p.names[b]))
	})
	order = order[:min(len(order), limit)]
	to := make([]int, len(p.names))
	for i := range to {
		to[i] = -1
	}
	names, seen := make([]string, len(order)), make([]int, len(order))
	for n, old := range order {
		to[old] = n
		names[n], seen[n] = p.names[old], p.seen[old]
	}
	move := func(ts []term) []term {
		out := ts[:0]
		for _, t := range ts {
			if to[t.token] >= 0 {
				out = append(out, term{to[t.token], t.weight})
			}
		}
		return out
	}
	for i := range p.docs {
		p.docs[i].terms, p.docs[i].others = move(p.docs[i].terms), move(p.docs[i].others)
	}
	same := p.same[:0]
	for _, e := range p.same {
		if to[e[0]] >= 0 && to[e[1]] >= 0 {
			same = append(same, [2]int{to[e[0]], to[e[1]]})
		}
	}
	p.names, p.seen, p.same, p.keep, p.ids = names, seen, same, nil, nil
}

func rank(keep bool) int {
	if keep {
		return 0
	}
	return 1
}
