package gapanalysis

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/posting"
	"github.com/gapwise/gapwise/skill"
)

// MarketPosting is what the market view looks at of one posting.
type MarketPosting struct {
	Title    string
	PostedOn time.Time // zero when unknown
	Sample   bool
	Asks     []posting.Requirement // without words
}

// MarketPostings reads the latest postings that are matched.
type MarketPostings interface {
	MarketPostings(ctx context.Context, limit int) ([]MarketPosting, error)
}

// MarketView is what this instance's postings ask for, beside what the catalogue says.
type MarketView struct {
	Role     string        `json:"role"` // "" for all postings
	Postings int           `json:"postings"`
	Samples  int           `json:"samples"` // of them, that ship with Gapwise
	Months   []MarketMonth `json:"months"`  // the postings by the month of their day, the earliest first
	Skills   []MarketSkill `json:"skills"`  // most asked first, then what the catalogue requires and no posting asks for
	// Opens are the skills each of which alone would open most postings to the person. Without a resume it is empty.
	Opens     []MarketOpen `json:"opens"`
	Qualified int          `json:"qualified"` // postings of whose musts enough are met, in levels
}

// MarketMonth is how many postings are of a month.
type MarketMonth struct {
	Month    string `json:"month"` // 2026-11
	Postings int    `json:"postings"`
}

// MarketSkill is the demand for one skill.
type MarketSkill struct {
	ID        string        `json:"id"`
	Name      string        `json:"name"`
	Catalogue float64       `json:"catalogue"` // weight in the role, the heaviest 1; 0 where the catalogue does not ask for it, or no role is given
	Asking    int           `json:"asking"`    // postings that name it
	Share     float64       `json:"share"`     // of the postings
	Must      float64       `json:"must"`      // share of the postings that cannot do without it
	Months    []DemandMonth `json:"months"`
	Since     string        `json:"since"`  // first month that is compared; "" where there is nothing to compare
	Change    int           `json:"change"` // percentage points from that month to the last
	Text      string        `json:"text"`
}

// DemandMonth is the demand of one month.
type DemandMonth struct {
	Month  string  `json:"month"`
	Asking int     `json:"asking"`
	Share  float64 `json:"share"` // of the month's postings
}

// MarketOpen is a skill that opens postings to a person.
type MarketOpen struct {
	Skill    string `json:"skill"`
	Name     string `json:"name"`
	To       int    `json:"to"`       // the level that opens them all
	Postings int    `json:"postings"` // of which it alone makes enough of the musts met
	Hours    int    `json:"hours"`    // median from where the person is
}

// Bounds on a view.
const (
	maxMarketSkills = 40
	maxMarketMonths = 12
	maxMarketOpens  = 10
	// marketRoleFit is how well a title has to name a role for its posting to be of the role.
	marketRoleFit = 0.55
	// marketMonthLeast is how many postings a month has at least to be compared: shares of fewer say nothing.
	marketMonthLeast = 5
)

// viewCache reads the postings of the view once a minute, whoever asks.
type viewCache struct {
	mu       sync.Mutex
	source   MarketPostings
	now      func() time.Time
	postings []MarketPosting
	at       time.Time
}

func (c *viewCache) get(ctx context.Context) ([]MarketPosting, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.at.IsZero() && c.now().Sub(c.at) < marketFresh {
		return c.postings, nil
	}
	list, err := c.source.MarketPostings(ctx, marketPostings)
	if err != nil {
		return nil, err
	}
	c.postings, c.at = list, c.now()
	return list, nil
}

// Viewing lets the market be looked at.
func (s *Service) Viewing(m MarketPostings) *Service {
	s.view = &viewCache{source: m, now: s.now}
	return s
}

// Market is the view of all postings, or of a role's. With a resume it says what would open most postings to the person.
func (s *Service) Market(ctx context.Context, person, resume uuid.UUID, role string) (*MarketView, error) {
	var r *catalog.Role
	var p *skill.Profile
	var err error
	if role != "" {
		if r, err = s.catalog.Role(role); err != nil {
			return nil, err
		}
	}
	if resume != uuid.Nil {
		if p, err = s.profiles.Profile(ctx, person, resume); err != nil {
			return nil, err
		}
	}
	if s.view == nil {
		return ViewMarket(s.catalog, s.bridge, nil, r, p), nil
	}
	list, err := s.view.get(ctx)
	if err != nil {
		return nil, err
	}
	return ViewMarket(s.catalog, s.bridge, list, r, p), nil
}

// ViewMarket counts what postings ask for: all of them, or those whose titles name a role. p may be nil.
func ViewMarket(c *catalog.Catalog, b *TitleBridge, postings []MarketPosting, r *catalog.Role, p *skill.Profile) *MarketView {
	v := &MarketView{Months: []MarketMonth{}, Skills: []MarketSkill{}, Opens: []MarketOpen{}}
	if r != nil {
		v.Role = r.ID
		postings = slices.DeleteFunc(slices.Clone(postings), func(p MarketPosting) bool { return !b.names(p.Title, r.ID) })
	}
	v.Postings = len(postings)
	byMonth := map[string]int{}
	for _, p := range postings {
		if p.Sample {
			v.Samples++
		}
		if !p.PostedOn.IsZero() {
			byMonth[monthOf(p.PostedOn)]++
		}
	}
	for m, n := range byMonth {
		v.Months = append(v.Months, MarketMonth{m, n})
	}
	slices.SortFunc(v.Months, func(a, b MarketMonth) int { return strings.Compare(a.Month, b.Month) })
	v.Months = v.Months[max(0, len(v.Months)-maxMarketMonths):]
	v.Skills = demand(c, postings, v.Months, r)
	if p != nil {
		v.opens(c, b, postings, p)
	}
	return v
}

func monthOf(t time.Time) string { return t.Format("2006-01") }

// names tells whether a title names a role better than any other, or as well.
func (b *TitleBridge) names(title, role string) bool {
	best, of := 0.0, 0.0
	for _, f := range b.read(title).roles {
		best = max(best, f.fit)
		if b.roles[f.role].role.ID == role {
			of = f.fit
		}
	}
	return of >= marketRoleFit && of >= best
}

// count is the demand for one skill while it is counted.
type count struct {
	asking, must int
	months       map[string]int
}

func demand(c *catalog.Catalog, postings []MarketPosting, months []MarketMonth, r *catalog.Role) []MarketSkill {
	counts := map[string]*count{}
	of := func(id string) *count {
		if counts[id] == nil {
			counts[id] = &count{months: map[string]int{}}
		}
		return counts[id]
	}
	for _, p := range postings {
		for _, q := range p.Asks {
			n := of(q.Skill)
			n.asking++
			if q.Must {
				n.must++
			}
			if !p.PostedOn.IsZero() {
				n.months[monthOf(p.PostedOn)]++
			}
		}
	}
	weights, heaviest := map[string]float64{}, 0.0
	if r != nil {
		for _, q := range r.Skills {
			weights[q.Skill] = q.Weight
			heaviest = max(heaviest, q.Weight)
			of(q.Skill)
		}
	}
	out := make([]MarketSkill, 0, len(counts))
	for id, n := range counts {
		s := MarketSkill{ID: id, Name: id, Asking: n.asking, Share: share(n.asking, len(postings)), Must: share(n.must, len(postings)), Months: []DemandMonth{}}
		if known, err := c.Skill(id); err == nil {
			s.Name = known.Name
		}
		if heaviest > 0 {
			s.Catalogue = round(weights[id]/heaviest, 2)
		}
		for _, m := range months {
			s.Months = append(s.Months, DemandMonth{m.Month, n.months[m.Month], share(n.months[m.Month], m.Postings)})
		}
		s.compare(months, r != nil)
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b MarketSkill) int {
		return cmp.Or(cmp.Compare(b.Asking, a.Asking), cmp.Compare(b.Catalogue, a.Catalogue), strings.Compare(a.ID, b.ID))
	})
	if len(out) > maxMarketSkills { // what the catalogue requires stays, so that what nobody asks for can be seen
		rest := slices.DeleteFunc(slices.Clone(out[maxMarketSkills:]), func(s MarketSkill) bool { return s.Catalogue == 0 })
		out = append(out[:maxMarketSkills:maxMarketSkills], rest...)
	}
	return out
}

func share(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return round(float64(n)/float64(of), 3)
}

// compare sets the change from the first to the last month that have enough postings, and puts the demand into words.
func (s *MarketSkill) compare(months []MarketMonth, ofRole bool) {
	first, last := -1, -1
	for i, m := range months {
		if m.Postings >= marketMonthLeast {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	s.Text = s.Name + ": "
	if ofRole {
		s.Text += fmt.Sprintf("catalogue %.1f, ", s.Catalogue)
	}
	s.Text += fmt.Sprintf("postings %.0f %%", 100*s.Share)
	if first == last {
		return
	}
	s.Since = months[first].Month
	s.Change = int(math.Round(100*s.Months[last].Share)) - int(math.Round(100*s.Months[first].Share))
	since, err := time.Parse("2006-01", s.Since)
	if err != nil {
		return
	}
	switch {
	case s.Change > 0:
		s.Text += fmt.Sprintf(", up %d since %s", s.Change, since.Month())
	case s.Change < 0:
		s.Text += fmt.Sprintf(", down %d since %s", -s.Change, since.Month())
	default:
		s.Text += fmt.Sprintf(", as in %s", since.Month())
	}
}

// opensFrom is the share of a posting's musts, in levels and by what each weighs, from which a person may well apply. Adverts name a dozen
// musts, all of which hardly anybody has: to count where one skill alone is missing would count next to nothing.
const opensFrom = 0.7

// opens counts the postings that one skill alone would open to a person, by the skill: with it at its level enough of the musts would be
// met, and without it they are not.
func (v *MarketView) opens(c *catalog.Catalog, b *TitleBridge, postings []MarketPosting, p *skill.Profile) {
	m := NewMatcher(c, b, p, Nearness{Threshold: 1}, time.Time{})
	found := map[string]*MarketOpen{}
	for _, post := range postings {
		var got, all float64
		for _, q := range post.Asks {
			if q.Must {
				w := m.weighs(q.Skill)
				got, all = got+w*m.creditOf(q.Skill, q.Level), all+w
			}
		}
		switch {
		case all == 0:
		case got >= opensFrom*all:
			v.Qualified++
		default:
			for _, q := range post.Asks {
				if !q.Must || got+m.weighs(q.Skill)*(1-m.creditOf(q.Skill, q.Level)) < opensFrom*all {
					continue
				}
				o := found[q.Skill]
				if o == nil {
					o = &MarketOpen{Skill: q.Skill, Name: m.held.name(q.Skill)}
					found[q.Skill] = o
				}
				o.To = max(o.To, q.Level)
				o.Postings++
			}
		}
	}
	for _, o := range found {
		o.Hours = c.Hours(o.Skill, m.held.claims[o.Skill].Level, o.To).P50
		v.Opens = append(v.Opens, *o)
	}
	slices.SortFunc(v.Opens, func(a, b MarketOpen) int {
		return cmp.Or(cmp.Compare(b.Postings, a.Postings), cmp.Compare(a.Hours, b.Hours), strings.Compare(a.Skill, b.Skill))
	})
	v.Opens = v.Opens[:min(len(v.Opens), maxMarketOpens)]
}
