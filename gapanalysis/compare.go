package gapanalysis

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/mutant"
	"github.com/gapwise/gapwise/skill"
)

// Weights of the comparison. docs/readiness.md explains them; all are editorial, none is fitted.
const (
	alternativeCredit = 0.85 // a skill that the market takes in place of the one asked for
	impliedCredit     = 0.85 // what a skill that is there cannot be worked with without, up to the level that it needs
	impliedUnder      = 2    // or up to so many levels below it: nobody is an expert at something and a beginner at what it stands on
	partCredit        = 0.5  // a part of the skill asked for, such as one service of a cloud
	minTransfer       = 0.2  // below this share nothing is said to carry over
	nearLow           = 0.3  // credit of a skill that is just near enough by its vector
	nearHigh          = 0.6  // credit of one whose vector is the same
	mustBoost         = 3.0  // how much sooner a must-have is worth closing
	maxNext           = 5
	maxEvidence       = 5
	maxExtra          = 50
	maxExtraRoles     = 5
	maxActions        = 3
)

// How far off a credit may be, by what it rests on, as a share of the row's weight.
const (
	spreadShown   = 0.06 // demonstrated by a milestone with evidence
	spreadDated   = 0.08 // named in a dated position
	spreadAnswers = 0.12 // demonstrated by right answers: knowing is not yet doing
	spreadListed  = 0.20 // only listed
	spreadCarried = 0.20 // carried over from another skill
	spreadAbsent  = 0.05 // not found; a resume leaves things out
)

// Near is the skill of a person that is nearest to a required one.
type Near struct {
	From       string
	Similarity float64 // cosine
}

// Nearness is what vectors say about a profile and a target: for each required skill the skills held that are near, nearest first, and the
// nearest of all though it is not; and from where on near is near for the model that made the vectors.
type Nearness struct {
	Model     string
	Threshold float64
	BySkill   map[string][]Near
}

// Options are the person's side of a comparison.
type Options struct {
	HoursPerWeek int
	Today        time.Time
	Assume       map[string]int // what-if: levels of skills that are taken for granted
	Market       *Market        // the postings that gaps are counted over; nil for none
	rowsOnly     bool           // leaves out actions and extras, where many targets are compared for a ranking
}

// DefaultHoursPerWeek is how much time a person is assumed to have.
const DefaultHoursPerWeek = 10

// RoleTarget is a role of the catalogue as a target.
func RoleTarget(r *catalog.Role) Target {
	t := Target{ID: r.ID, Name: r.Name, Requirements: make([]Requirement, len(r.Skills))}
	for i, q := range r.Skills {
		t.Requirements[i] = Requirement(q)
	}
	return t
}

// dayAfter is the day on which so many hours of study are done. A day is rounded up in whole numbers, so that no fraction of a float makes one.
func (o Options) dayAfter(hours int) string {
	return o.Today.UTC().AddDate(0, 0, (hours*7+o.HoursPerWeek-1)/o.HoursPerWeek).Format(time.DateOnly)
}

// Compare says how far a profile is from a target. Equal inputs give an equal report.
func Compare(c *catalog.Catalog, p *skill.Profile, t Target, near Nearness, o Options) *Report {
	if o.HoursPerWeek < 1 {
		o.HoursPerWeek = DefaultHoursPerWeek
	}
	r := &Report{
		Role: t.ID, CatalogVersion: c.Version(), ExtractorVersion: p.ExtractorVersion, Embedder: near.Model,
		Skills: make([]SkillGap, 0, len(t.Requirements)), Extra: []Extra{}, Next: []Next{}, Assumed: o.Assume,
	}
	h := newHeld(c, p)
	for id, level := range o.Assume {
		h.assume(id, level)
	}
	for _, q := range t.Requirements {
		g, spread := h.gap(q, near)
		r.Skills = append(r.Skills, g)
		r.Uncertainty += g.Weight * spread
		r.Hours = r.Hours.Add(g.Hours)
	}
	r.Readiness, r.Uncertainty = apportion(r.Skills), round(r.Uncertainty, 3)
	r.Band = band(r.Readiness)
	r.ReadyOn = o.dayAfter(r.Hours.P50)
	prioritise(c, r)
	if o.Market != nil {
		opens := o.Market.opens(h, r.Skills)
		for i := range r.Next {
			r.Next[i].Postings = opens[r.Next[i].Skill]
		}
	}
	if r.Actions = []Action{}; !o.rowsOnly {
		r.Actions = h.actions(t, near, r)
		r.Extra = h.extra(t)
	}
	return r
}

// apportion gives every row its points in whole thousandths so that they add up to the readiness, which it returns: each row gets the whole
// thousandths of its weight times its credit, and those with the largest remainders one more (the method of Hare and Niemeyer).
func apportion(rows []SkillGap) float64 {
	var total float64
	exact := make([]float64, len(rows))
	order := make([]int, len(rows))
	points := make([]int, len(rows))
	left := 0
	for i, g := range rows {
		exact[i] = g.Weight * g.Credit * 1000
		total += exact[i]
		points[i] = int(math.Floor(exact[i] + 1e-9)) // a product that misses a whole thousandth by a float's error is one
		left -= points[i]
		order[i] = i
	}
	readiness := min(int(math.Round(total)), 1000)
	left += readiness
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(exact[b]-float64(points[b]), exact[a]-float64(points[a]))
	})
	for _, i := range order[:min(max(left, 0), len(order))] {
		points[i]++
	}
	for i := range rows {
		rows[i].Points = float64(points[i]) / 1000
	}
	return float64(readiness) / 1000
}

// band puts a readiness into words.
func band(readiness float64) string {
	switch {
	case readiness < 0.25:
		return "starting out"
	case readiness < 0.50:
		return "building"
	case readiness < 0.70:
		return "getting close"
	case readiness < 0.85:
		return "nearly ready"
	}
	return "ready"
}

// held is a profile indexed by skill.
type held struct {
	catalog  *catalog.Catalog
	claims   map[string]skill.Claim
	parts    map[string][]string // ids of skills held, by the broader skill they belong to
	rejected map[string]bool     // skills of which the person says that they have them not
	profile  *skill.Profile
	trade    string // the language that speaks for what goes without saying, "" for none
}

func newHeld(c *catalog.Catalog, p *skill.Profile) *held {
	h := &held{catalog: c, claims: map[string]skill.Claim{}, parts: map[string][]string{}, profile: p, rejected: map[string]bool{}}
	for _, claim := range p.Claims {
		if claim.ID != nil && claim.Status == skill.StatusRejected {
			h.rejected[*claim.ID] = true
		}
		if claim.ID == nil || claim.Status == skill.StatusRejected && !mutant.On(mutant.WordIgnored) || claim.Level < catalog.LevelAwareness {
			continue
		}
		h.claims[*claim.ID] = claim
		if s, err := c.Skill(*claim.ID); err == nil && s.Parent != "" {
			h.addPart(s.Parent, s.ID)
		}
	}
	h.trade = h.tradeOf()
	return h
}

// addPart keeps the parts of a skill by their ids, so that of two that carry over alike the same one counts in whatever order they were read.
func (h *held) addPart(of, id string) {
	if i, there := slices.BinarySearch(h.parts[of], id); !there {
		h.parts[of] = slices.Insert(h.parts[of], i, id)
	}
}

// gap is one row of the report and how far off its credit may be.
func (h *held) gap(q Requirement, near Nearness) (SkillGap, float64) {
	g := SkillGap{
		ID: q.Skill, Name: h.name(q.Skill), Phase: q.Phase, Required: q.Level, Weight: q.Weight, Must: q.Must, Status: Missing,
		Evidence: []skill.Mention{}, Needs: h.needs(q.Skill),
	}
	spread := spreadAbsent
	if claim, ok := h.claims[q.Skill]; ok {
		g.Evidenced, g.Claim, g.Shown = claim.Level, claim.Status, claim.Shown
		g.Evidence = append(g.Evidence, claim.Mentions[:min(len(claim.Mentions), maxEvidence)]...) // a list also where there are none
		spread = spreadListed
		switch {
		case len(claim.Shown) > 0:
			spread = spreadAnswers
		case claim.Status == skill.StatusDemonstrated:
			spread = spreadShown
		case claim.Years > 0 || claim.Status == skill.StatusConfirmed:
			spread = spreadDated
		}
		g.Why = fmt.Sprintf("Level %d of %d asked. %s", claim.Level, q.Level, claim.Why)
	}
	if h.rejected[q.Skill] && g.Claim == "" {
		g.Claim = skill.StatusRejected
	}
	own := min(1, float64(g.Evidenced)/float64(q.Level))
	switch {
	case own >= 1:
		g.Status, g.Credit = Have, 1
		return g, spread
	case g.Evidenced > 0:
		g.Status, g.Credit = Partial, round(own, 2)
	}
	t := h.transfer(q, near)
	if t != nil && t.Credit > own && !mutant.On(mutant.NothingCarries) {
		g.Transfer, g.Credit, spread = t, t.Credit, spreadCarried
		if g.Status == Missing {
			g.Status = Transferable
			g.Why = fmt.Sprintf("Not named in the resume, but %s carries over: %s", h.name(t.From), t.Why)
			g.Evidence = append(g.Evidence, h.claims[t.From].Mentions[:min(len(h.claims[t.From].Mentions), maxEvidence)]...)
		}
	}
	if g.Status == Missing {
		g.Why = "Not found in the resume. " + q.Why
	}
	g.Hours = h.hoursLeft(q, g.Evidenced, t)
	return g, spread
}

// hoursLeft is the shorter of two ways to a level: up from the level that is there, and the whole way less the share that carries over. What
// carries over still does once some of the skill itself is there, else a first level in it would make the way longer.
func (h *held) hoursLeft(q Requirement, evidenced int, t *Transfer) catalog.Hours {
	left := float64(h.catalog.Hours(q.Skill, evidenced, q.Level).P50)
	if t != nil {
		left = min(left, float64(h.catalog.Hours(q.Skill, 0, q.Level).P50)*(1-t.Credit))
	}
	return catalog.Spread(left)
}

// transfer finds what carries over best to a required skill: what the market takes in its place, what the catalogue says carries over,
// a part of it, or, where none of these applies, the skill whose vector is nearest.
func (h *held) transfer(q Requirement, near Nearness) *Transfer {
	var best *Transfer
	// The catalogue's word on a pair of skills stands. Where nothing is near nobody asks for it, and a map is dear.
	var known map[string]bool
	if n := near.BySkill[q.Skill]; len(n) > 0 && n[0].Similarity >= near.Threshold {
		known = map[string]bool{}
	}
	consider := func(from string, share float64, most int, why func() string) { // the words are made for the best alone
		if known != nil {
			known[from] = true
		}
		claim, ok := h.claims[from]
		if !ok || from == q.Skill {
			return
		}
		credit := round(share*min(1, float64(min(claim.Level, most))/float64(q.Level)), 2)
		if credit < minTransfer || best != nil && credit <= best.Credit {
			return
		}
		best = &Transfer{From: from, Credit: credit, Why: why()}
	}
	for _, id := range q.Alternatives {
		consider(id, alternativeCredit, catalog.LevelExpert, func() string {
			return fmt.Sprintf("employers who ask for %s take %s as well.", h.name(q.Skill), h.name(id))
		})
	}
	for _, t := range h.catalog.TransfersTo(q.Skill) {
		consider(t.From, t.Credit, catalog.LevelExpert, func() string { return sentence(t.Note) })
	}
	for _, id := range h.parts[q.Skill] {
		consider(id, partCredit, catalog.LevelExpert, func() string { return fmt.Sprintf("it is a part of %s.", h.name(q.Skill)) })
	}
	for _, d := range h.catalog.RequiredBy(q.Skill) {
		if claim, ok := h.claims[d.Skill]; ok {
			consider(d.Skill, impliedCredit, max(d.Level, claim.Level-impliedUnder), func() string {
				return fmt.Sprintf("who works with it knows %s, which resumes often leave out.", h.name(q.Skill))
			})
		}
		if known != nil {
			known[d.Skill] = true
		}
	}
	h.unsaid(q, consider)
	// Where it says nothing of a pair the vectors do; and of all that is held what gives most counts, else a skill more could give less.
	for _, n := range near.BySkill[q.Skill] {
		if !known[n.From] && n.Similarity >= near.Threshold && near.Threshold < 1 && h.alike(n.From, q.Skill) {
			share := nearLow + (nearHigh-nearLow)*(n.Similarity-near.Threshold)/(1-near.Threshold)
			consider(n.From, share, catalog.LevelExpert, func() string { return "the two are described in near the same words." })
		}
	}
	if best != nil {
		for _, n := range near.BySkill[q.Skill] {
			if n.From == best.From {
				best.Similarity = n.Similarity
			}
		}
	}
	return best
}

// needs are the prerequisites of a skill, and whether they are there.
func (h *held) needs(id string) []Need {
	out := []Need{}
	for _, q := range h.catalog.Requires(id) {
		out = append(out, Need{Skill: q.Needs, Level: q.Level, Met: h.claims[q.Needs].Level >= q.Level})
	}
	return out
}

// assume puts a skill at a level, as if the person had confirmed it.
func (h *held) assume(id string, level int) {
	s, err := h.catalog.Skill(id)
	if err != nil {
		return
	}
	defer func() { h.trade = h.tradeOf() }()
	delete(h.rejected, id)
	if level < catalog.LevelAwareness { // not there, as such a claim would not be
		delete(h.claims, id)
		h.parts[s.Parent] = slices.DeleteFunc(slices.Clone(h.parts[s.Parent]), func(part string) bool { return part == id })
		return
	}
	if s.Parent != "" {
		h.addPart(s.Parent, id)
	}
	claim := h.claims[id]
	claim.ID, claim.Name, claim.Level, claim.Status, claim.Why = &s.ID, s.Name, level, skill.StatusConfirmed, "Taken for granted."
	claim.Shown = nil
	h.claims[id] = claim
}

// alike tells whether two skills are of kinds between which nearness of description means nearness of work: two technologies, or two of
// one kind. A platform and a practice that share words share no work.
func (h *held) alike(a, b string) bool {
	x, errX := h.catalog.Skill(a)
	y, errY := h.catalog.Skill(b)
	return errX == nil && errY == nil && (x.Kind == y.Kind || technology(x.Kind) && technology(y.Kind))
}

func technology(k catalog.Kind) bool {
	switch k {
	case catalog.Language, catalog.Framework, catalog.Library, catalog.Tool, catalog.Database, catalog.Cloud, catalog.Platform:
		return true
	case catalog.Practice, catalog.Concept, catalog.Domain, catalog.Soft:
	}
	return false
}

// extra are the skills of a person that a target does not ask for, strongest first.
func (h *held) extra(t Target) []Extra {
	asked := map[string]bool{}
	for _, q := range t.Requirements {
		asked[q.Skill] = true
	}
	out := []Extra{}
	for _, c := range h.profile.Claims {
		if c.ID != nil && asked[*c.ID] || c.Status == skill.StatusRejected || c.Level <= catalog.LevelAwareness {
			continue
		}
		e := Extra{ID: c.ID, Name: c.Name, Level: c.Level, Roles: []string{}}
		if c.ID != nil {
			e.Roles = append(e.Roles, h.catalog.RolesAsking(*c.ID, maxExtraRoles)...)
		}
		out = append(out, e)
	}
	slices.SortStableFunc(out, func(a, b Extra) int { return cmp.Or(cmp.Compare(b.Level, a.Level), strings.Compare(a.Name, b.Name)) })
	return out[:min(len(out), maxExtra)]
}

// prioritise orders the gaps by readiness gained for an hour, must-haves sooner, and nothing before what it needs.
func prioritise(c *catalog.Catalog, r *Report) {
	gain := func(g *SkillGap) float64 { return g.Weight * (1 - g.Credit) }
	worth := func(g *SkillGap) float64 {
		w := gain(g) / float64(max(g.Hours.P50, 1))
		if g.Must {
			w *= mustBoost
		}
		return w
	}
	open := map[string]*SkillGap{}
	var order []*SkillGap
	for i := range r.Skills {
		if g := &r.Skills[i]; g.Status != Have {
			open[g.ID] = g
			order = append(order, g)
		}
	}
	slices.SortStableFunc(order, func(a, b *SkillGap) int { return cmp.Or(cmp.Compare(worth(b), worth(a)), strings.Compare(a.ID, b.ID)) })
	n := 0
	var place func(*SkillGap)
	place = func(g *SkillGap) {
		if open[g.ID] == nil {
			return
		}
		delete(open, g.ID) // before its needs: the catalogue has no cycles, and one would end here
		for _, need := range c.Requires(g.ID) {
			if before := open[need.Needs]; before != nil && before.Evidenced < need.Level {
				place(before)
			}
		}
		n++
		g.Priority = n
		if len(r.Next) < maxNext {
			r.Next = append(r.Next, Next{Skill: g.ID, Gain: round(gain(g), 3), Hours: g.Hours.P50, Why: nextWhy(g)})
		}
	}
	for _, g := range order {
		place(g)
	}
}

func nextWhy(g *SkillGap) string {
	need := "would be welcome"
	if g.Must {
		need = "is a must"
	}
	switch g.Status {
	case Partial:
		return fmt.Sprintf("%s %s at level %d; the resume shows level %d.", g.Name, need, g.Required, g.Evidenced)
	case Transferable:
		return fmt.Sprintf("%s %s, and part of the way is done already.", g.Name, need)
	case Have, Missing:
	}
	return fmt.Sprintf("%s %s at level %d; the resume does not show it.", g.Name, need, g.Required)
}

func (h *held) name(id string) string {
	if s, err := h.catalog.Skill(id); err == nil {
		return s.Name
	}
	return id
}

// sentence makes a note end like a sentence.
func sentence(s string) string {
	if s = strings.TrimSpace(s); s != "" && !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}

func round(x float64, digits int) float64 {
	k := math.Pow(10, float64(digits))
	return math.Round(x*k) / k
}
