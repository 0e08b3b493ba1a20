package gapanalysis

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/posting"
	"github.com/gapwise/gapwise/skill"
)

// Candidates finds the postings that are worth scoring.
type Candidates interface {
	// MatchCandidates are those that vectors, skills, titles and words find, fused, the likeliest first. Their requirements have no words of the
	// posting.
	MatchCandidates(ctx context.Context, model string, person, resume uuid.UUID, f Filter, by SearchBy) ([]Candidate, error)
	// PostingRequirements are the requirements of some postings, with their words.
	PostingRequirements(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID][]posting.Requirement, error)
	// Saved tells which of some postings a person has marked.
	Saved(ctx context.Context, person uuid.UUID, ids []uuid.UUID) (map[uuid.UUID]bool, error)
}

// SearchBy is what candidates are looked for by, beside the resume's vector.
type SearchBy struct {
	Held   []string   // skills of the person, by which postings are ranked
	Sets   [][]string // a posting that must have all of one of these sets is looked at; none for any that must have one of Held
	Titles string     // words of titles, as a tsquery; "" for none
}

// Finding lets jobs be found by skills and titles as well as by vectors.
func (s *Service) Finding(c Candidates, v SkillVectors) *Service {
	s.candidates, s.near = c, &nearSkills{source: v}
	return s
}

// check refuses a filter that cannot be meant.
func (f *Filter) check() error {
	if f.Limit == 0 {
		f.Limit = DefaultMatches
	}
	switch {
	case f.Limit < 1 || f.Limit > MaxMatches:
		return fault.Newf(fault.Invalid, "invalid-limit", "The limit is a number from 1 to %d.", MaxMatches).In("limit")
	case f.Remote != "" && f.Remote != "no" && f.Remote != "hybrid" && f.Remote != "yes":
		return fault.New(fault.Invalid, "invalid-remote", "remote is yes, hybrid or no.").In("remote")
	case !short(f.Location, 100):
		return fault.New(fault.Invalid, "invalid-location", "A location is text of at most 100 bytes.").In("location")
	case !short(f.Words, 200):
		return fault.New(fault.Invalid, "invalid-words", "The words to look for are text of at most 200 bytes.").In("q")
	case f.Pay < 0 || f.Pay > maxPay:
		return fault.Newf(fault.Invalid, "invalid-pay", "The least pay is a whole number a year, at most %d.", int64(maxPay)).In("pay")
	case f.Currency != "" && (len(f.Currency) != 3 || strings.Trim(f.Currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != ""):
		return fault.New(fault.Invalid, "invalid-currency", "A currency is three capitals, like EUR.").In("currency")
	case len(f.Exclude) > maxExclude || slices.ContainsFunc(f.Exclude, func(c string) bool { return !short(c, maxCompany) }):
		return fault.Newf(fault.Invalid, "invalid-exclude", "Exclude at most %d companies, of at most %d bytes each.", maxExclude, maxCompany).In("exclude")
	}
	return nil
}

// Bounds on a filter.
const (
	maxPay     = 1_000_000_000
	maxExclude = 50
	maxCompany = 300
)

func short(s string, most int) bool {
	return len(s) <= most && utf8.ValidString(s) && !strings.ContainsRune(s, 0)
}

// Jobs matches postings with a resume, best first.
func (s *Service) Jobs(ctx context.Context, person, resume uuid.UUID, f Filter) ([]Match, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	m, scored, err := s.scored(ctx, person, resume, f)
	if err != nil {
		return nil, err
	}
	return s.explain(ctx, person, m, scored)
}

// scored are the best candidates of a filter, in order.
func (s *Service) scored(ctx context.Context, person, resume uuid.UUID, f Filter) (*Matcher, []Scored, error) {
	p, err := s.profiles.Profile(ctx, person, resume)
	if err != nil {
		return nil, nil, err
	}
	limit := f.Limit
	f.Limit = candidatePool
	if s.candidates != nil {
		f.Limit = matchPool
	}
	var found []Candidate
	if s.candidates == nil {
		found, err = s.neighbours.NearestPostings(ctx, s.model(), person, resume, f)
	} else {
		var by SearchBy
		if by, err = s.searchBy(ctx, p); err == nil {
			found, err = s.candidates.MatchCandidates(ctx, s.model(), person, resume, f, by)
		}
	}
	if err != nil {
		return nil, nil, err
	}
	var near Nearness
	if s.candidates == nil {
		near, err = s.neighbours.NearestToSkills(ctx, s.model(), person, resume, askedBy(found))
	} else {
		near, err = s.near.of(ctx, s.model(), p)
	}
	if err != nil {
		return nil, nil, err
	}
	m := NewMatcher(s.catalog, s.bridge, p, near, s.now())
	return m, m.Order(found, limit), nil
}

// askedBy are the skills that candidates ask for, each once, in order.
func askedBy(candidates []Candidate) []string {
	asked := map[string]bool{}
	var out []string
	for _, c := range candidates {
		for _, q := range c.Posting.Requirements {
			if !asked[q.Skill] {
				asked[q.Skill] = true
				out = append(out, q.Skill)
			}
		}
	}
	return out
}

// explain gives matches their words, which are read for those that are shown alone.
func (s *Service) explain(ctx context.Context, person uuid.UUID, m *Matcher, scored []Scored) ([]Match, error) {
	var saved map[uuid.UUID]bool
	if s.candidates != nil && len(scored) > 0 {
		ids := make([]uuid.UUID, len(scored))
		for i := range scored {
			ids[i] = scored[i].Posting.ID
		}
		words, err := s.candidates.PostingRequirements(ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, c := range scored {
			if list, ok := words[c.Posting.ID]; ok {
				c.Posting.Requirements = list
			}
		}
		if saved, err = s.candidates.Saved(ctx, person, ids); err != nil {
			return nil, err
		}
	}
	out := make([]Match, len(scored))
	for i, c := range scored {
		out[i] = m.Explain(c)
		out[i].Saved = saved[c.Posting.ID]
	}
	return out, nil
}

// matchPool is how many candidates are scored for a page. Each list that they come from gives three quarters as many.
const matchPool = 600

// Bounds on the sets of skills that postings are looked for by.
const (
	maxHeld      = 40
	maxSets      = 16
	setRows      = 250   // postings that a set may bring, by estimate
	lookAtAll    = 2_000 // postings up to which all that must have any of the person's skills are looked at
	pairedSkills = 10    // of the most telling skills pairs are made
	tripleSkills = 7
)

// searchBy is what a profile is searched by. Everybody's postings must have some of the common skills, and ranking all that must have Git takes
// long: so a rare skill is looked for alone, and a common one together with one or two others, such that each set brings some hundreds of
// postings by the share of the market that asks for each. The estimate takes skills for independent, which is too low for those that go
// together; the search bounds what it looks at in any case.
func (s *Service) searchBy(ctx context.Context, p *skill.Profile) (SearchBy, error) {
	by := SearchBy{Titles: titleQuery(p)}
	held := make([]skill.Claim, 0, len(p.Claims))
	for _, c := range p.Claims {
		if c.ID != nil && c.Status != skill.StatusRejected && c.Level > 1 {
			held = append(held, c)
		}
	}
	if s.market == nil {
		for _, c := range held[:min(len(held), maxHeld)] {
			by.Held = append(by.Held, *c.ID)
		}
		return by, nil
	}
	market, err := s.market.get(ctx)
	if err != nil {
		return by, err
	}
	telling := func(c skill.Claim) float64 { return float64(c.Level) * market.rarity(*c.ID) }
	slices.SortStableFunc(held, func(a, b skill.Claim) int {
		return cmp.Or(cmp.Compare(telling(b), telling(a)), strings.Compare(*a.ID, *b.ID))
	})
	for _, c := range held[:min(len(held), maxHeld)] {
		by.Held = append(by.Held, *c.ID)
	}
	if market.Total() > lookAtAll {
		by.Sets = market.sets(by.Held)
	}
	return by, nil
}

// sets are sets of skills of which each brings some hundreds of postings, those of the most telling skills first.
func (m *Market) sets(held []string) [][]string {
	total := float64(max(m.Total(), m.Size()))
	var out [][]string
	wide := map[string]bool{}
	add := func(ids ...string) bool {
		expect := total
		for _, id := range ids {
			expect *= m.share(id)
		}
		if expect > setRows || expect == 0 || len(out) >= maxSets {
			return false
		}
		out = append(out, ids)
		return true
	}
	for _, id := range held {
		wide[id] = !add(id)
	}
	pairs := held[:min(len(held), pairedSkills)]
	open := map[[2]int]bool{}
	for i, a := range pairs {
		for j := i + 1; j < len(pairs); j++ {
			if wide[a] && wide[pairs[j]] && !add(a, pairs[j]) {
				open[[2]int{i, j}] = true
			}
		}
	}
	triples := held[:min(len(held), tripleSkills)]
	for i := range triples {
		for j := i + 1; j < len(triples); j++ {
			for k := j + 1; k < len(triples); k++ {
				if open[[2]int{i, j}] && open[[2]int{j, k}] && open[[2]int{i, k}] && len(out) < maxSets {
					out = append(out, []string{triples[i], triples[j], triples[k]})
				}
			}
		}
	}
	return out
}

// Titles that are searched by, the latest.
const searchedTitles = 3

// titleQuery are a person's latest titles as a tsquery in which each title's words all have to stand, but for how senior.
func titleQuery(p *skill.Profile) string {
	var out []string
	for _, t := range p.Titles[:min(len(p.Titles), searchedTitles)] {
		var words []string
		telling := false
		for w := range titleSet(splitTitle(english(skill.Neutral(t)))) {
			switch {
			case seniorityWord(w) || !wordsOnly(w):
				continue
			case w == "developer":
				w = "(developer | engineer)"
			case w == "administrator":
				w = "(administrator | admin)"
			default:
				telling = true
			}
			words = append(words, w)
		}
		if telling {
			slices.Sort(words)
			out = append(out, "("+strings.Join(words, " & ")+")")
		}
	}
	return strings.Join(out, " | ")
}

// wordsOnly is true for what can stand in a tsquery as it is.
func wordsOnly(w string) bool {
	return strings.IndexFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) < 0
}
