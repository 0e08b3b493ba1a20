package gapanalysis

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/posting"
	"github.com/gapwise/gapwise/skill"
)

// Candidates finds the postings that are worth scoring.
type Candidates interface {
	// MatchCandidates are those of ids that pass a filter, or, where ids is nil, those that vectors find, and in either case what its words
	// find. Their requirements have no words of the posting.
	MatchCandidates(ctx context.Context, model string, person, resume uuid.UUID, f Filter, ids []uuid.UUID) ([]Candidate, error)
	// PostingRequirements are the requirements of some postings, with their words.
	PostingRequirements(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID][]posting.Requirement, error)
	// Saved tells which of some postings a person has marked.
	Saved(ctx context.Context, person uuid.UUID, ids []uuid.UUID) (map[uuid.UUID]bool, error)
}

// Finding lets jobs be scored from what a score needs alone.
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
	if s.candidates == nil {
		return s.scoredNear(ctx, p, person, resume, f)
	}
	near, err := s.near.of(ctx, s.model(), p)
	if err != nil {
		return nil, nil, err
	}
	m := NewMatcher(s.catalog, s.bridge, p, near, s.now())
	limit := f.Limit
	f.Limit = matchPool
	var ids []uuid.UUID
	if s.index != nil {
		anchor, err := s.anchors.MatchAnchor(ctx, s.model(), person, resume)
		if err != nil {
			return nil, nil, err
		}
		best, ok, err := s.index.search(ctx, s.model(), m, anchor, f, indexPool+2*limit)
		if err != nil {
			return nil, nil, err
		}
		if ok {
			ids = append([]uuid.UUID{}, best...) // not nil: the index has been asked
		}
	}
	found, err := s.candidates.MatchCandidates(ctx, s.model(), person, resume, f, ids)
	if err != nil {
		return nil, nil, err
	}
	return m, m.Order(found, limit), nil
}

// scoredNear is scored where vectors and words alone find postings.
func (s *Service) scoredNear(ctx context.Context, p *skill.Profile, person, resume uuid.UUID, f Filter) (*Matcher, []Scored, error) {
	limit := f.Limit
	f.Limit = candidatePool
	found, err := s.neighbours.NearestPostings(ctx, s.model(), person, resume, f)
	if err != nil {
		return nil, nil, err
	}
	near, err := s.neighbours.NearestToSkills(ctx, s.model(), person, resume, askedBy(found))
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

// How many candidates are scored for a page: those that vectors and words find, or the best of the index, to which twice the page's length is
// added.
const (
	matchPool = 600
	indexPool = 80
)
