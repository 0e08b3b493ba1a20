package gapanalysis

import (
	"context"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/skill"
)

// PlanPhase is one phase of a role with the dates that the person's gaps and hours give it. Dates are half-open: the next phase starts on End.
type PlanPhase struct {
	ID         string        `json:"id"`
	Name       string        `json:"name"`
	Outcome    string        `json:"outcome"`
	Start      string        `json:"start"`
	End        string        `json:"end"`
	EndWindow  Window        `json:"end_window"` // End is its P50
	Hours      catalog.Hours `json:"hours"`
	HoursSaved int           `json:"hours_saved"` // median hours that what is held, in part or in whole, saves
	Status     string        `json:"status"`      // open, started or done
	DoneOn     string        `json:"done_on"`     // "" while it is not done, and where nothing in it had to be done
	Skills     []PlanSkill   `json:"skills"`      // those with work left, in order of priority or in the person's own
	Held       []PlanHeld    `json:"held"`        // those without, collapsed to what they save
	Milestones []string      `json:"milestones"`
	// MilestoneDetails are the milestones again, with what proves each, and its rubric.
	MilestoneDetails []PlanMilestone `json:"milestone_details"`
	Projects         []PlanProject   `json:"projects"` // those chosen whose last skill is worked on here
}

// Window is the day on which something ends if every hour takes as long as the quartile says.
type Window struct {
	P25 string `json:"p25"`
	P50 string `json:"p50"`
	P75 string `json:"p75"`
}

// PlanSkill is one skill to work on in a phase.
type PlanSkill struct {
	ID         string        `json:"id"`
	Name       string        `json:"name"`
	From       int           `json:"from"`
	To         int           `json:"to"`
	Hours      catalog.Hours `json:"hours"`
	Priority   int           `json:"priority"`
	Start      string        `json:"start"`
	End        string        `json:"end"`
	HoursSaved int           `json:"hours_saved"`
	MovedFrom  string        `json:"moved_from,omitempty"` // id of the phase that the role has it in, where something before that phase needs it
	Needs      []Need        `json:"prerequisites"`
}

// PlanHeld is one skill of a phase that takes no time.
type PlanHeld struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Level      int    `json:"level"`
	HoursSaved int    `json:"hours_saved"`
	// By is what it rests on: the resume, a milestone with evidence, right answers, or the person's word that a milestone is done.
	By     string `json:"by"`
	DoneOn string `json:"done_on"` // of a milestone; "" for the resume
}

// What a held skill rests on.
const (
	HeldByResume    = "resume"
	HeldByMilestone = "milestone"
	HeldByWord      = "word"
	HeldByAnswers   = "answers"
)

// PlanMilestone is a milestone with what proves it.
type PlanMilestone struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Evidence    string   `json:"evidence"`
	Checklist   []string `json:"checklist"` // each line is met or not
	Skills      []string `json:"skills"`    // that it demonstrates by itself
	Status      string   `json:"status"`    // open, started or done
	Due         string   `json:"due"`       // the end of its phase; "" once it is done
	DoneOn      string   `json:"done_on"`   // "" while it is not
	EvidenceURL string   `json:"evidence_url"`
}

// PlanProject is a project that was chosen for the skills that are open.
type PlanProject struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Hours      int      `json:"hours"` // a part of the hours of the skills, and not on top of them
	Brief      string   `json:"brief"`
	Acceptance []string `json:"acceptance"`
	Covers     []string `json:"covers"` // ids of open skills
}

// Plan lays a report's hours out over the phases of its role. It starts today: what is done takes no time, and the rest begins now.
type Plan struct {
	ResumeID       string        `json:"resume_id"`
	Role           string        `json:"role"`
	CatalogVersion string        `json:"catalog_version"`
	HoursPerWeek   int           `json:"hours_per_week"`
	WeeksOff       []DateRange   `json:"weeks_off"`
	Start          string        `json:"start"`
	ReadyOn        string        `json:"ready_on"`
	ReadyWindow    Window        `json:"ready_window"` // ReadyOn is its P50
	Hours          catalog.Hours `json:"hours"`        // of all phases; those of the report, but for what is done by the person's word alone
	HoursSaved     int           `json:"hours_saved"`
	Phases         []PlanPhase   `json:"phases"`
	Cover          *Cover        `json:"cover"`
}

// PlanAsk is the person's side of a plan.
type PlanAsk struct {
	Ask

	WeeksOff []DateRange // as ParseWeeksOff gives them
}

// Planner makes plans of what a service compares. It is safe for concurrent use.
type Planner struct {
	service *Service
	proofs  *Proofs
	marks   Marks
	feeds   FeedBook  // nil where no calendar can be subscribed to
	orders  OrderBook // nil where people have no order of their own
}

// NewPlanner makes one.
func NewPlanner(s *Service, p *Proofs, m Marks, f FeedBook) *Planner {
	return &Planner{service: s, proofs: p, marks: m, feeds: f}
}

// Plan is the way from a resume to a role, phase by phase. Errors are fault.NotFound for either and fault.Invalid for the hours.
func (p *Planner) Plan(ctx context.Context, person, resume uuid.UUID, role string, a PlanAsk) (*Plan, error) {
	s := p.service
	r, err := s.catalog.Role(role)
	if err != nil {
		return nil, err
	}
	o, err := s.options(ctx, a.Ask)
	if err != nil {
		return nil, err
	}
	read, err := s.profiles.Read(ctx, person, Query{Model: s.model(), Resume: resume, Role: r.ID})
	if err != nil {
		return nil, err
	}
	order, err := p.order(ctx, person, r.ID)
	if err != nil {
		return nil, err
	}
	o.Market, o.rowsOnly = nil, true // a plan is made of the rows alone, and is kept nowhere
	report := Compare(s.catalog, read.Profile, RoleTarget(r), read.Near, o)
	report.ResumeID = resume.String()
	return Schedule(s.catalog, report, r, o, Pace{WeeksOff: a.WeeksOff, Marks: read.Marks, Proofs: p.proofs, Order: order}), nil
}

// Of is the plan of a report that the person was given.
func (p *Planner) Of(ctx context.Context, person uuid.UUID, report *Report, a PlanAsk) (*Plan, error) {
	r, err := p.service.catalog.Role(report.Role)
	if err != nil {
		return nil, err
	}
	o, err := p.service.options(ctx, a.Ask)
	if err != nil {
		return nil, err
	}
	marks, err := p.marks.Marks(ctx, person)
	if err != nil {
		return nil, err
	}
	order, err := p.order(ctx, person, r.ID)
	if err != nil {
		return nil, err
	}
	return Schedule(p.service.catalog, report, r, o, Pace{WeeksOff: a.WeeksOff, Marks: marks, Proofs: p.proofs, Order: order}), nil
}

// heldBy says what a skill that takes no time rests on.
func heldBy(g SkillGap) string {
	switch {
	case len(g.Shown) > 0:
		return HeldByAnswers
	case g.Claim == skill.StatusDemonstrated:
		return HeldByMilestone
	}
	return HeldByResume
}
