package tutor

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
)

// scope is where passages are looked for.
type scope struct {
	role    *catalog.Role
	phase   string   // id; passages of it come before those of others
	mode    Mode     // what the conversation is for
	skills  []string // ids that the conversation is about
	report  *gapanalysis.Report
	spans   []Span
	earlier string   // the person's message before this one, for "and how long does that take?"
	without []string // ids that are left out, such as the question that waits for an answer
	limit   int      // 0 for defaultLimit
}

// Weights of what is found. Editorial; chosen on the development half of testdata/retrieval.
const (
	defaultLimit = 10
	boostPhase   = 1.3  // it belongs to the phase that the conversation is about
	boostNamed   = 1.5  // it is about a skill that the question names
	boostSubject = 1.25 // it is about a skill that the conversation is about
	weightGloss  = 0.8  // of a word that stands for the person's
	weightTypo   = 0.7  // of the nearest word there is
	weightBefore = 0.4  // of the words of the message before
	fewTerms     = 3    // a question of fewer words leans on the message before
	weightFound  = 0.2  // of being the first that the database finds, against the best score in memory
	sureShare    = 0.75 // of a question's words in the first passage, from which the database is not asked
	poolFound    = 12   // passages that the database is asked for
)

// retrieve finds the passages that a question is best answered from, the best first: of the catalogue by meaning and by words, of the report,
// and of the resume. Where the database fails, the index in memory answers alone.
func (b *builtin) retrieve(ctx context.Context, question string, s scope) []*passage {
	named := b.names.in(question)
	if len(named) == 0 && s.earlier != "" && leans(question) {
		named = b.names.in(s.earlier)
	}
	corpus := b.corpusOf(s.role, s.report, s.spans, append(slices.Clone(named), s.skills...))
	return b.search(ctx, corpus, question, named, s)
}

// search is retrieve in a corpus that is there already.
func (b *builtin) search(ctx context.Context, corpus *corpus, question string, named []string, s scope) []*passage {
	q := read(question, s, corpus.index)
	hits := corpus.index.score(q.terms)
	most := 0.0
	for i := range hits {
		p := hits[i].p
		hits[i].score *= q.boost(p.matter)
		if s.phase != "" && p.phase == s.phase {
			hits[i].score *= boostPhase
		}
		switch {
		case p.skill == "":
		case slices.Contains(named, p.skill):
			hits[i].score *= boostNamed
		case slices.Contains(s.skills, p.skill):
			hits[i].score *= boostSubject
		}
		most = max(most, hits[i].score)
	}
	if q.unsure(hits) {
		hits = b.fuse(ctx, hits, most, corpus, question, named, s, q)
	}
	hits = slices.DeleteFunc(hits, func(h hit) bool { return slices.Contains(s.without, h.p.id) })
	list := best(hits)
	limit := cmp.Or(s.limit, defaultLimit)
	return list[:min(len(list), limit)]
}

// fuse adds what the database finds, by its place there.
func (b *builtin) fuse(ctx context.Context, hits []hit, most float64, corpus *corpus, question string, named []string, s scope, q query) []hit {
	if b.passages == nil {
		return hits
	}
	skills := append(slices.Clone(named), s.skills...)
	for _, r := range s.role.Skills {
		skills = append(skills, r.Skill)
	}
	found, err := b.passages.FindPassages(ctx, q.text(question), skills, s.role.ID, poolFound)
	if err != nil {
		return hits
	}
	at := map[*passage]int{}
	for i, h := range hits {
		at[h.p] = i
	}
	if most == 0 {
		most = 1
	}
	for place, f := range found {
		p := corpus.get(local(f.ID))
		if p == nil || p.hidden {
			continue
		}
		gain := weightFound * most * q.boost(p.matter) / float64(place+1)
		if i, ok := at[p]; ok {
			hits[i].score += gain
		} else {
			hits = append(hits, hit{p, gain})
		}
	}
	return hits
}

// local is the id of a passage of the database in a corpus of one role.
func local(id string) string {
	rest, ok := strings.CutPrefix(id, "role/")
	if !ok {
		return id
	}
	if !strings.Contains(rest, "/") {
		return rest + "/summary"
	}
	return rest
}

// query is a question as it is looked for.
type query struct {
	terms   []term
	unknown int // words that nothing holds
	wants   map[matter]float64
}

func (q query) boost(m matter) float64 {
	if w, ok := q.wants[m]; ok {
		return w
	}
	return 1
}

// unsure tells whether the words of a question alone leave open what it is about: no passage that comes first by them holds most of them.
func (q query) unsure(hits []hit) bool {
	if len(hits) == 0 {
		return true
	}
	first := slices.MaxFunc(hits, func(a, b hit) int { return cmp.Compare(a.score, b.score) })
	held, all := 0.0, float64(q.unknown)
	counts := first.p.counts()
	for _, t := range q.terms {
		all += t.weight
		if counts[t.token] > 0 {
			held += t.weight
		}
	}
	return held < sureShare*all
}

// text is the question with the words that stand for the person's, for the database.
func (q query) text(question string) string {
	var out strings.Builder
	out.WriteString(question)
	for _, t := range q.terms {
		if t.weight < 1 {
			out.WriteString(" " + t.token)
		}
	}
	return out.String()
}

// leaning begin a question that goes on from the one before.
var leaning = regexp.MustCompile(`(?i)^(and|und|y|e|what about|was ist mit|how about|also|but|then|there|so|aber|pero|entonces)\b`)

// leans tells whether a question needs the one before to be understood.
func leans(question string) bool {
	return leaning.MatchString(strings.TrimSpace(question)) || len(tokens(question)) < fewTerms
}

// read turns a question into what is looked for.
func read(question string, s scope, x *index) query {
	q := query{wants: wanted(question, s.mode)}
	weights := map[string]float64{}
	add := func(text string, share float64) {
		language := languageOf(text, "")
		for _, w := range words(strings.ToLower(text)) {
			for _, t := range meant(w, language, x) {
				weights[t.token] = max(weights[t.token], t.weight*share)
			}
		}
	}
	add(question, 1)
	q.unknown = unknownWords(question, x)
	if s.earlier != "" && leans(question) {
		add(s.earlier, weightBefore)
	}
	for token, weight := range weights {
		q.terms = append(q.terms, term{token, weight})
	}
	slices.SortFunc(q.terms, func(a, b term) int { return cmp.Compare(a.token, b.token) }) // sums of floats depend on their order
	return q
}

// meant are the tokens that one word of a question is looked for by.
func meant(word, language string, x *index) []term {
	folded := accents.Replace(word)
	if stop[word] || language != english && languageMarks()[folded] == language {
		return nil
	}
	token := stem(word)
	held := x.holds(token)
	var out []term
	if held {
		out = append(out, term{token, 1})
	}
	for _, l := range []string{english, german, spanish} {
		if l != english && l != language && held {
			continue // a word of the catalogue that is also one of another language
		}
		for _, t := range glossary()[l][folded] {
			out = append(out, term{t, weightGloss})
		}
	}
	if len(out) > 0 {
		return out
	}
	if language == german {
		if parts := compound(folded, x); len(parts) > 0 {
			return parts
		}
	}
	if near := x.nearest(token); near != "" {
		return []term{{near, weightTypo}}
	}
	return nil
}

// leastPart is the length of the shortest part of a compound that is looked at.
const leastPart = 4

// compound reads a German compound as two words of which both are known.
func compound(word string, x *index) []term {
	words := glossary()[german]
	tokensOf := func(part string) []string {
		for _, p := range []string{part, strings.TrimSuffix(part, "s")} {
			if list := words[p]; len(list) > 0 {
				return list
			}
		}
		if t := stem(part); x.holds(t) {
			return []string{t}
		}
		return nil
	}
	for cut := len(word) - leastPart; cut >= leastPart; cut-- {
		head, tail := tokensOf(word[:cut]), tokensOf(word[cut:])
		if len(head) == 0 || len(tail) == 0 {
			continue
		}
		var out []term
		for _, t := range append(slices.Clone(head), tail...) {
			out = append(out, term{t, weightGloss})
		}
		return out
	}
	return nil
}
