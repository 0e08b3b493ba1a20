package gapanalysis

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/posting"
	"github.com/gapwise/gapwise/skill"
)

// Profiles gives the stored profile of a person's resume, with the person's corrections in it. Somebody else's is fault.NotFound.
type Profiles interface {
	Profile(ctx context.Context, person, resume uuid.UUID) (*skill.Profile, error)
}

// Neighbours answers from the vectors in the database.
type Neighbours interface {
	// NearestToRole finds, for each skill of a role, the nearest skill of the resume that is not the same, by the role's and the resume's vectors.
	NearestToRole(ctx context.Context, model string, person, resume uuid.UUID, role string) (Nearness, error)
	// NearestToSkills is the same for any skills of the catalogue.
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
}

// NewService makes a service. model names the embedder in force, whose vectors are used.
func NewService(c *catalog.Catalog, p Profiles, n Neighbours, f posting.Finder, model func() string, now func() time.Time) *Service {
	return &Service{catalog: c, profiles: p, neighbours: n, finder: f, model: model, now: now}
}

// Gaps compares a resume with a role. Errors are fault.NotFound for either and fault.Invalid for the hours.
func (s *Service) Gaps(ctx context.Context, person, resume uuid.UUID, role string, hoursPerWeek int) (*Report, error) {
	r, err := s.catalog.Role(role)
	if err != nil {
		return nil, err
	}
	o, err := s.options(hoursPerWeek)
	if err != nil {
		return nil, err
	}
	p, err := s.profiles.Profile(ctx, person, resume)
	if err != nil {
		return nil, err
	}
	near, err := s.neighbours.NearestToRole(ctx, s.model(), person, resume, r.ID)
	if err != nil {
		return nil, err
	}
	report := Compare(s.catalog, p, RoleTarget(r), near, o)
	report.ResumeID = resume.String()
	return report, nil
}

// Bounds on the text of a job description.
const (
	minDescription = 40
	maxDescription = 100_000
)

// CompareText compares a resume with the text of a job description.
func (s *Service) CompareText(ctx context.Context, person, resume uuid.UUID, text string, hoursPerWeek int) (*Report, error) {
	if n := len(strings.TrimSpace(text)); n < minDescription || n > maxDescription {
		return nil, fault.Newf(fault.Invalid, "invalid-text", "Send the text of the job description, %d to %d bytes.", minDescription, maxDescription).In("text")
	}
	o, err := s.options(hoursPerWeek)
	if err != nil {
		return nil, err
	}
	p, err := s.profiles.Profile(ctx, person, resume)
	if err != nil {
		return nil, err
	}
	target := PostingTarget(&posting.Posting{Requirements: posting.Requirements(s.finder, text)})
	if len(target.Requirements) == 0 {
		return nil, fault.New(fault.Unprocessable, "no-requirements", "No skill of the catalogue was found in this text. Send the whole job description.").In("text")
	}
	near, err := s.neighbours.NearestToSkills(ctx, s.model(), person, resume, skillsOf(target))
	if err != nil {
		return nil, err
	}
	report := Compare(s.catalog, p, target, near, o)
	report.ResumeID = resume.String()
	return report, nil
}

// Roles ranks all roles for a resume.
func (s *Service) Roles(ctx context.Context, person, resume uuid.UUID) ([]RoleScore, error) {
	p, err := s.profiles.Profile(ctx, person, resume)
	if err != nil {
		return nil, err
	}
	near := map[string]Nearness{}
	for _, r := range s.catalog.Roles() {
		if near[r.ID], err = s.neighbours.NearestToRole(ctx, s.model(), person, resume, r.ID); err != nil {
			return nil, err
		}
	}
	return Rank(s.catalog, p, func(r *catalog.Role) Nearness { return near[r.ID] }, Options{Today: s.now()}), nil
}

// Jobs matches postings with a resume, best first.
func (s *Service) Jobs(ctx context.Context, person, resume uuid.UUID, f Filter) ([]Match, error) {
	if f.Limit == 0 {
		f.Limit = DefaultMatches
	}
	if f.Limit < 1 || f.Limit > MaxMatches {
		return nil, fault.Newf(fault.Invalid, "invalid-limit", "The limit is a number from 1 to %d.", MaxMatches).In("limit")
	}
	if f.Remote != "" && f.Remote != "no" && f.Remote != "hybrid" && f.Remote != "yes" {
		return nil, fault.New(fault.Invalid, "invalid-remote", "remote is yes, hybrid or no.").In("remote")
	}
	if len(f.Location) > 100 || !utf8.ValidString(f.Location) || strings.ContainsRune(f.Location, 0) {
		return nil, fault.New(fault.Invalid, "invalid-location", "A location is text of at most 100 bytes.").In("location")
	}
	if len(f.Words) > 200 || !utf8.ValidString(f.Words) || strings.ContainsRune(f.Words, 0) {
		return nil, fault.New(fault.Invalid, "invalid-words", "The words to look for are text of at most 200 bytes.").In("q")
	}
	p, err := s.profiles.Profile(ctx, person, resume)
	if err != nil {
		return nil, err
	}
	limit := f.Limit
	f.Limit = candidatePool
	candidates, err := s.neighbours.NearestPostings(ctx, s.model(), person, resume, f)
	if err != nil {
		return nil, err
	}
	asked := map[string]bool{}
	var skills []string
	for _, c := range candidates {
		for _, q := range c.Posting.Requirements {
			if !asked[q.Skill] {
				asked[q.Skill] = true
				skills = append(skills, q.Skill)
			}
		}
	}
	near, err := s.neighbours.NearestToSkills(ctx, s.model(), person, resume, skills)
	if err != nil {
		return nil, err
	}
	return Rerank(s.catalog, p, candidates, func(Target) Nearness { return near }, Options{Today: s.now()}, limit), nil
}

// maxHoursPerWeek is all the hours that there are.
const maxHoursPerWeek = 168

func (s *Service) options(hoursPerWeek int) (Options, error) {
	if hoursPerWeek == 0 {
		hoursPerWeek = DefaultHoursPerWeek
	}
	if hoursPerWeek < 1 || hoursPerWeek > maxHoursPerWeek {
		return Options{}, fault.New(fault.Invalid, "invalid-hours-per-week", fmt.Sprintf("hours_per_week is a number from 1 to %d.", maxHoursPerWeek)).In("hours_per_week")
	}
	return Options{HoursPerWeek: hoursPerWeek, Today: s.now()}, nil
}

func skillsOf(t Target) []string {
	out := make([]string, len(t.Requirements))
	for i, q := range t.Requirements {
		out[i] = q.Skill
	}
	return out
}
