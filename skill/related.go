package skill

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/embeddings/model"
)

// What a relation between two skills of the catalogue is worth. The strongest of those that hold counts.
const (
	relatedParent    = 0.75
	relatedSibling   = 0.55
	relatedRequires  = 0.70
	relatedEcosystem = 0.70
	relatedRole      = 0.65 // for a skill that weighs as much as any in a role that has both
	relatedName      = 0.6  // how sure a loose reading of a name must be
	titleSure        = 0.75
)

// How the parts of a score are weighed against each other. The first two are fitted on lists and occupations that the tables were not made of;
// see the trainer's -eval.
const (
	relatedLists   = 1.0
	relatedVotes   = 1.0
	relatedCosine  = 0.4
	titleCosine    = 0.8
	relatedBeside  = 0.03 // of all but the lists, where names of a list are ranked and the lists know what is given
	relatedCatalog = 1.0
)

// Relater finds what goes with skills or with a job title. It is safe for concurrent use.
//
// Four parts speak: what stands together in lists of skills of job postings, what the occupations ask for whose titles are nearest, the
// relations and roles of the catalogue, and the nearness of vectors, which knows something of every name. Which of them counts depends on
// what is given: lists predict the next skill of a list far better than nearness does, and occupations the skills of a title.
type Relater struct {
	catalog  *catalog.Catalog
	embedder embeddings.Embedder
	tables   *model.Model
	skills   *Linker
	titles   *Linker
	forms    map[string]string // folded name or alias to the id of a skill of the catalogue
	jobs     func() *occupations
}

// NewRelater makes a relater over a catalogue, with the tables of the built-in model.
func NewRelater(c *catalog.Catalog, e embeddings.Embedder) *Relater {
	return NewRelaterOf(c, e, model.Builtin())
}

// NewRelaterOf makes a relater with the tables of another model, for measuring one that has not seen what it is asked.
func NewRelaterOf(c *catalog.Catalog, e embeddings.Embedder, tables *model.Model) *Relater {
	titles := make([]Concept, len(c.Roles()))
	for i, r := range c.Roles() {
		titles[i] = Concept{ID: r.ID, Name: r.Name, Forms: r.Aliases}
	}
	r := &Relater{catalog: c, embedder: e, tables: tables, skills: NewLinker(CatalogConcepts(c)), titles: NewLinker(titles), forms: map[string]string{}}
	for _, s := range c.Skills() {
		for _, f := range append([]string{s.Name}, s.Aliases...) {
			if f = model.Fold(f); r.forms[f] == "" {
				r.forms[f] = s.ID
			}
		}
	}
	r.jobs = sync.OnceValue(func() *occupations { return newOccupations(tables) })
	return r
}

// Candidates are what a relater chooses from, indexed once for many questions.
type Candidates struct {
	names []relatable
	given bool // they are somebody's names, not the catalogue
}

// relatable is one of them, with where the parts of the score know it.
type relatable struct {
	id, name, folded string
	skill            string // of the catalogue, "" for none
	items            []int  // of the lists
	asked            []int  // of the occupations
	vector           embeddings.Vector
}

// Candidates indexes names to choose from. An id is the name.
func (r *Relater) Candidates(ctx context.Context, names []string) (*Candidates, error) {
	out := &Candidates{names: make([]relatable, len(names)), given: true}
	for i, n := range names {
		f := model.Fold(n)
		out.names[i] = relatable{id: n, name: n, folded: f, skill: r.forms[f]}
		r.find(&out.names[i], f)
	}
	return out, r.place(ctx, out, names)
}

// Catalog indexes the skills of the catalogue to choose from.
func (r *Relater) Catalog(ctx context.Context) (*Candidates, error) {
	skills := r.catalog.Skills()
	out := &Candidates{names: make([]relatable, len(skills))}
	texts := make([]string, len(skills))
	for i, s := range skills {
		texts[i] = s.Name
		c := &out.names[i]
		*c = relatable{id: s.ID, name: s.Name, folded: model.Fold(s.Name), skill: s.ID}
		for _, f := range append([]string{s.Name}, s.Aliases...) {
			r.find(c, model.Fold(f))
		}
	}
	return out, r.place(ctx, out, texts)
}

// find notes where the tables know a folded name.
func (r *Relater) find(c *relatable, folded string) {
	if i := r.tables.Next.Find(folded); i >= 0 && !slices.Contains(c.items, i) {
		c.items = append(c.items, i)
	}
	if i := r.tables.Occupations.Find(folded); i >= 0 && !slices.Contains(c.asked, i) {
		c.asked = append(c.asked, i)
	}
}

func (r *Relater) place(ctx context.Context, c *Candidates, texts []string) error {
	vectors, err := r.embedder.Embed(ctx, texts)
	if err != nil {
		return err
	}
	for i, v := range vectors {
		c.names[i].vector = v
	}
	return nil
}

// Related is the k candidates that go best with what is given: tab-separated names of skills, or one job title.
func (r *Relater) Related(ctx context.Context, given string, from *Candidates, k int) ([]Link, error) {
	q, err := r.question(ctx, given)
	if err != nil {
		return nil, err
	}
	q.beside, q.relations = 1, relatedCatalog
	switch {
	case from.given && q.votes != nil: // the catalogue's roles are not the occupations of somebody else's skills
		q.relations *= relatedBeside
	case from.given && len(q.lists) > 0:
		q.beside = relatedBeside
	}
	out := make([]Link, 0, len(from.names))
	for i := range from.names {
		c := &from.names[i]
		if q.folded[c.folded] {
			continue // what is given goes without saying
		}
		if s := q.score(c); s > 0 {
			out = append(out, Link{ID: c.id, Name: c.name, Score: math.Round((1-math.Exp(-s))*1e6) / 1e6})
		}
	}
	slices.SortFunc(out, func(a, b Link) int { return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.ID, b.ID)) })
	return out[:min(len(out), max(k, 0))], nil
}

// question is what is given, as each part of the score sees it.
type question struct {
	folded  map[string]bool
	lists   map[int]float64    // by item
	votes   []float64          // by skill of occupations, nil for none
	catalog map[string]float64 // by id
	vector  embeddings.Vector
	cosine  float64 // its weight
	beside  float64 // the weight of all that is not the lists
	// relations is the weight of the catalogue.
	relations float64
}

func (r *Relater) question(ctx context.Context, given string) (*question, error) {
	q := &question{folded: map[string]bool{}, lists: map[int]float64{}, cosine: relatedCosine}
	var names []string
	for n := range strings.SplitSeq(given, "\t") {
		if n = strings.TrimSpace(n); n != "" {
			names = append(names, n)
			q.folded[model.Fold(n)] = true
		}
	}
	job, title := r.title(names)
	q.catalog = r.fromCatalog(names)
	text := strings.Join(names, ". ")
	if title {
		q.votes, q.cosine = r.jobs().votes(job, text), titleCosine
	}
	if !title || r.forms[model.Fold(names[0])] != "" {
		r.fromLists(q, names)
	}
	v, err := r.embedder.Embed(ctx, []string{text})
	if err != nil {
		return nil, err
	}
	q.vector = v[0]
	if job >= 0 {
		q.vector = r.jobs().centroids[job]
	}
	return q, nil
}

// title tells whether what is given is a job title, and which occupation has it, -1 for none: a title of an occupation or of a role, or a
// single name that no table of skills knows.
func (r *Relater) title(names []string) (job int, title bool) {
	if len(names) != 1 {
		return -1, false
	}
	f := model.Fold(names[0])
	if job = r.jobs().find(f); job >= 0 {
		return job, true
	}
	return -1, r.forms[f] == "" && r.tables.Next.Find(f) < 0
}

// fromLists adds up what the given names say about the others in lists of skills.
func (r *Relater) fromLists(q *question, names []string) {
	for _, n := range names {
		f := model.Fold(n)
		i := r.tables.Next.Find(f)
		if i < 0 && r.forms[f] != "" { // another name of the same skill may be in the lists
			if s, err := r.catalog.Skill(r.forms[f]); err == nil {
				for _, a := range append([]string{s.Name}, s.Aliases...) {
					if i = r.tables.Next.Find(model.Fold(a)); i >= 0 {
						break
					}
				}
			}
		}
		if i >= 0 {
			r.tables.Next.Around(i, func(j int, w float64) { q.lists[j] += w / float64(len(names)) })
		}
	}
}

// score is how well a candidate goes with what is given, 0 and up.
func (q *question) score(c *relatable) float64 {
	s := q.beside * (q.cosine*max(0, embeddings.Cosine(q.vector, c.vector)) + q.relations*q.catalog[c.skill])
	best := 0.0
	for _, i := range c.items {
		best = max(best, q.lists[i])
	}
	s += relatedLists * best
	best = 0
	if q.votes != nil {
		for _, i := range c.asked {
			best = max(best, q.votes[i])
		}
	}
	return s + relatedVotes*best
}
