package gapanalysis

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/mutant"
	"github.com/gapwise/gapwise/posting"
	"github.com/gapwise/gapwise/skill"
)

// Profiles gives the stored profile of a person's resume, with the person's corrections in it. Somebody else's is fault.NotFound.
type Profiles interface {
	Profile(ctx context.Context, person, resume uuid.UUID) (*skill.Profile, error)
	// Read gives all that a comparison reads, in one round trip to where it is stored.
	Read(ctx context.Context, person uuid.UUID, q Query) (Reading, error)
}

// Query names what a comparison reads.
type Query struct {
	Model  string // whose vectors tell what is near
	Resume uuid.UUID
	Role   string   // a role, whose skills are asked for
	Skills []string // or any skills of the catalogue, where Role is ""
	// NearOnly, with Skills, leaves out the nearest skills that are not near, which credit nothing: over all skills at once it saves most of the work.
	NearOnly bool
}

// Reading is what is stored of both sides of a comparison: the profile and, for each skill that is asked for, the skills of the resume that
// are near and not the same.
type Reading struct {
	Profile *skill.Profile
	Near    Nearness
	Marks   []Mark   // what the person has said about milestones, by role and milestone
	Recalls []Recall // what the person answered rightly, by skill and concept
}

// Neighbours answers from the vectors in the database.
type Neighbours interface {
	// NearestToSkills finds, for each of some skills of the catalogue, the skills of the resume that are near and not the same.
	NearestToSkills(ctx context.Context, model string, person, resume uuid.UUID, skills []string) (Nearness, error)
	// NearestPostings are the postings whose vectors are nearest to the resume's, nearest first.
	NearestPostings(ctx context.Context, model string, person, resume uuid.UUID, f Filter) ([]Candidate, error)
}

// Filter narrows postings.
type Filter struct {
	Remote   string // "" for any, else no, hybrid or yes
	Location string // part of a place's name; "" for any
	Words    string // words that the text has, as in a web search ("staff engineer" -frontend); "" for any
	Limit    int
	Pay      int64     // the least that a year's work pays, in whole units of Currency; 0 for any
	Currency string    // ISO 4217; "" for any
	Exclude  []string  // companies that are left out, beside those that the person has hidden
	Since    time.Time // of postings that came in from then on; zero for any
}

// Bounds on a list of matches, and on how many candidates are read for it.
const (
	DefaultMatches = 20
	MaxMatches     = 100
	candidatePool  = 300
)

// Service compares stored resumes. It is safe for concurrent use.
type Service struct {
	catalog    *catalog.Catalog
	profiles   Profiles
	neighbours Neighbours
	finder     posting.Finder
	model      func() string // of the embedder in force
	now        func() time.Time
	market     *marketCache // nil where postings are not counted over
	runs       RunBook      // nil where runs are not kept
	candidates Candidates   // nil where vectors and words alone find postings
	near       *nearSkills  // beside candidates
	bridge     *TitleBridge
	view       *viewCache  // nil where the market cannot be looked at
	anchors    Anchors     // beside index
	index      *matchIndex // nil where there is none in memory
}

// Counting lets reports count over the postings of a source.
func (s *Service) Counting(m MarketSource) *Service {
	s.market = &marketCache{source: m, now: s.now}
	return s
}

// Keeping lets reports be kept as runs.
func (s *Service) Keeping(b RunBook) *Service {
	s.runs = b
	return s
}

// Ask is the person's side of a comparison.
type Ask struct {
	HoursPerWeek int            // 0 for DefaultHoursPerWeek
	Assume       map[string]int // what-if levels by skill; such a report is not kept
}

// maxAssumed bounds a what-if.
const maxAssumed = 20

// NewService makes a service. model names the embedder in force, whose vectors are used.
func NewService(c *catalog.Catalog, p Profiles, n Neighbours, f posting.Finder, model func() string, now func() time.Time) *Service {
	return &Service{catalog: c, profiles: p, neighbours: n, finder: f, model: model, now: now, bridge: NewTitleBridge(c)}
}

// Gaps compares a resume with a role. Errors are fault.NotFound for either and fault.Invalid for the hours.
func (s *Service) Gaps(ctx context.Context, person, resume uuid.UUID, role string, a Ask) (*Report, error) {
	r, err := s.catalog.Role(role)
	if err != nil {
		return nil, err
	}
	o, err := s.options(ctx, a)
	if err != nil {
		return nil, err
	}
	read, err := s.profiles.Read(ctx, person, Query{Model: s.model(), Resume: resume, Role: r.ID})
	if err != nil {
		return nil, err
	}
	return s.report(ctx, person, resume, read, RoleTarget(r), o)
}

// report compares, and keeps what was no what-if.
func (s *Service) report(ctx context.Context, person, resume uuid.UUID, read Reading, t Target, o Options) (*Report, error) {
	report := Compare(s.catalog, read.Profile, t, read.Near, o)
	report.ResumeID = resume.String()
	if len(o.Assume) > 0 {
		return report, nil
	}
	return report, s.keep(ctx, person, resume, report, inputsOf(report, read.Profile, t, read.Near, o))
}

// Bounds on the text of a job description.
const (
	minDescription = 40
	maxDescription = 100_000
)

// CompareText compares a resume with the text of a job description.
func (s *Service) CompareText(ctx context.Context, person, resume uuid.UUID, text string, a Ask) (*Report, error) {
	if n := len(strings.TrimSpace(text)); n < minDescription || n > maxDescription {
		return nil, fault.Newf(fault.Invalid, "invalid-text", "Send the text of the job description, %d to %d bytes.", minDescription, maxDescription).In("text")
	}
	o, err := s.options(ctx, a)
	if err != nil {
		return nil, err
	}
	target := PostingTarget(&posting.Posting{Requirements: posting.Requirements(s.finder, text)})
	read, err := s.profiles.Read(ctx, person, Query{Model: s.model(), Resume: resume, Skills: skillsOf(target)})
	if err != nil {
		return nil, err
	}
	if len(target.Requirements) == 0 { // after the look-up: somebody else's resume is not found, whatever the text
		return nil, fault.New(fault.Unprocessable, "no-requirements", "No skill of the catalogue was found in this text. Send the whole job description.").In("text")
	}
	return s.report(ctx, person, resume, read, target, o)
}

// Roles ranks all roles for a resume.
func (s *Service) Roles(ctx context.Context, person, resume uuid.UUID) ([]RoleScore, error) {
	var asked []string
	for _, r := range s.catalog.Roles() {
		for _, q := range r.Skills {
			asked = append(asked, q.Skill)
		}
	}
	slices.Sort(asked)
	read, err := s.profiles.Read(ctx, person, Query{Model: s.model(), Resume: resume, Skills: slices.Compact(asked), NearOnly: true})
	if err != nil {
		return nil, err
	}
	return Rank(s.catalog, read.Profile, func(*catalog.Role) Nearness { return read.Near }, Options{Today: s.now()}), nil
}

// maxHoursPerWeek is all the hours that there are.
const maxHoursPerWeek = 168

func (s *Service) options(ctx context.Context, a Ask) (Options, error) {
	hoursPerWeek := a.HoursPerWeek
	if hoursPerWeek == 0 {
		hoursPerWeek = DefaultHoursPerWeek
	}
	if hoursPerWeek < 1 || hoursPerWeek > maxHoursPerWeek {
		return Options{}, fault.New(fault.Invalid, "invalid-hours-per-week", fmt.Sprintf("hours_per_week is a number from 1 to %d.", maxHoursPerWeek)).In("hours_per_week")
	}
	if len(a.Assume) > maxAssumed {
		return Options{}, fault.Newf(fault.Invalid, "too-many-assumed", "A what-if takes at most %d skills for granted.", maxAssumed).In("assume")
	}
	for id, level := range a.Assume {
		if _, err := s.catalog.Skill(id); err != nil || level < 0 || level > catalog.LevelExpert {
			return Options{}, fault.Newf(fault.Invalid, "invalid-assume", "assume is a list like kafka:4,aws:3, of ids of skills and levels from 0 to 5; %.60q is not.", fmt.Sprintf("%s:%d", id, level)).In("assume")
		}
	}
	o := Options{HoursPerWeek: hoursPerWeek, Today: s.now(), Assume: a.Assume}
	if mutant.On(mutant.HoursIgnored) {
		o.HoursPerWeek = DefaultHoursPerWeek
	}
	if s.market != nil {
		m, err := s.market.get(ctx)
		if err != nil {
			return o, err
		}
		o.Market = m
	}
	return o, nil
}

func skillsOf(t Target) []string {
	out := make([]string, len(t.Requirements))
	for i, q := range t.Requirements {
		out[i] = q.Skill
	}
	return out
}
