package gapanalysis

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/ident"
	"github.com/gapwise/gapwise/skill"
)

// Inputs are what a run was made of: equal inputs give an equal report, to the byte.
type Inputs struct {
	Profile          string `json:"profile"`  // SHA-256 of the claims, with what the person said of them
	Target           string `json:"target"`   // SHA-256 of what was asked for
	Nearness         string `json:"nearness"` // SHA-256 of what the vectors said
	Market           string `json:"market"`   // SHA-256 of the postings that gaps were counted over
	CatalogVersion   string `json:"catalog_version"`
	ExtractorVersion string `json:"extractor_version"`
	Embedder         string `json:"embedder"`
	HoursPerWeek     int    `json:"hours_per_week"`
	AsOf             string `json:"as_of"` // the day that dates count from
}

// Digest is the SHA-256 of all inputs together.
func (in Inputs) Digest() [sha256.Size]byte { return sha256.Sum256(canonical(in)) }

// Run is one comparison that was kept.
type Run struct {
	ID        uuid.UUID       `json:"id"`
	ResumeID  uuid.UUID       `json:"resume_id"`
	Role      string          `json:"role"`
	Inputs    Inputs          `json:"inputs"`
	Report    json.RawMessage `json:"report"` // as it was given, without the run's own id
	CreatedAt time.Time       `json:"created_at"`
}

// RunBook keeps runs. Somebody else's run is fault.NotFound.
type RunBook interface {
	// KeepRun stores a run, unless one of the same inputs is there; it gives the id of that which is.
	KeepRun(ctx context.Context, person uuid.UUID, r Run) (uuid.UUID, error)
	Run(ctx context.Context, person, id uuid.UUID) (Run, error)
	// Runs are the latest runs of a resume and a role, the latest first.
	Runs(ctx context.Context, person, resume uuid.UUID, role string, limit int) ([]Run, error)
}

// canonical is a value's JSON, in which a map's keys are sorted.
func canonical(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("gapanalysis: %T has no JSON: %v", v, err)) // plain data: cannot happen
	}
	return b
}

func hashOf(v any) string {
	sum := sha256.Sum256(canonical(v))
	return hex.EncodeToString(sum[:])
}

// inputsOf are the inputs of a comparison.
func inputsOf(r *Report, p *skill.Profile, t Target, near Nearness, o Options) Inputs {
	market := ""
	if o.Market != nil {
		market = o.Market.hash
	}
	return Inputs{
		Profile: hashOf(p.Claims), Target: hashOf(t), Nearness: hashOf(near), Market: market, CatalogVersion: r.CatalogVersion,
		ExtractorVersion: r.ExtractorVersion, Embedder: r.Embedder, HoursPerWeek: o.HoursPerWeek, AsOf: o.Today.UTC().Format(time.DateOnly),
	}
}

// keep stores a report as a run, and puts the run's id in it.
func (s *Service) keep(ctx context.Context, person, resume uuid.UUID, r *Report, in Inputs) error {
	if s.runs == nil {
		return nil
	}
	id, err := s.runs.KeepRun(ctx, person, Run{ID: ident.New(), ResumeID: resume, Role: r.Role, Inputs: in, Report: canonical(r), CreatedAt: s.now().UTC()})
	if err != nil {
		return err
	}
	r.Run = id.String()
	return nil
}

// KeptRun is a run of a person.
func (s *Service) KeptRun(ctx context.Context, person, id uuid.UUID) (Run, error) {
	if s.runs == nil {
		return Run{}, fault.New(fault.NotFound, "unknown-run", "There is no such report of yours.").In("id")
	}
	return s.runs.Run(ctx, person, id)
}

// Runs are the latest runs of a person's resume and a role, the latest first. Of what is not theirs there are none.
func (s *Service) Runs(ctx context.Context, person, resume uuid.UUID, role string, limit int) ([]Run, error) {
	if s.runs == nil {
		return nil, nil
	}
	return s.runs.Runs(ctx, person, resume, role, limit)
}

// The causes of a difference between two runs.
const (
	CauseResume    = "resume"    // the profile is another: another resume, a new reading, or a correction
	CauseCatalogue = "catalogue" // what the role asks for, or how skills carry over
	CauseModel     = "model"     // another model of the vectors, or other vectors
	CauseReader    = "reader"    // another version of the rules that find and judge skills
	CauseMarket    = "market"    // other postings
	CauseTarget    = "target"    // another role or description
	CausePace      = "pace"      // other hours a week
	CauseDay       = "day"       // another day that dates count from
)

// Diff is what changed from one run to another, and why.
type Diff struct {
	From       uuid.UUID     `json:"from"`
	To         uuid.UUID     `json:"to"`
	Causes     []string      `json:"causes"` // which inputs differ
	Readiness  [2]float64    `json:"readiness"`
	HoursP50   [2]int        `json:"hours_p50"`
	ReadyOn    [2]string     `json:"ready_on"`
	Skills     []SkillChange `json:"skills"` // those that differ, the largest change of points first
	Unchanged  int           `json:"unchanged"`
	Comparable bool          `json:"comparable"` // both are about the same role
}

// SkillChange is one skill that two runs differ in.
type SkillChange struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Status    [2]Status  `json:"status"` // "" where a run does not ask for it
	Evidenced [2]int     `json:"evidenced"`
	Required  [2]int     `json:"required"`
	Points    [2]float64 `json:"points"`
	Why       string     `json:"why"`
}

// DiffRuns compares two runs of a person.
func (s *Service) DiffRuns(ctx context.Context, person, from, to uuid.UUID) (*Diff, error) {
	a, err := s.KeptRun(ctx, person, from)
	if err != nil {
		return nil, err
	}
	b, err := s.KeptRun(ctx, person, to)
	if err != nil {
		return nil, err
	}
	return diffRuns(a, b)
}

func diffRuns(a, b Run) (*Diff, error) {
	var x, y Report
	if err := json.Unmarshal(a.Report, &x); err != nil {
		return nil, fmt.Errorf("read run %s: %w", a.ID, err)
	}
	if err := json.Unmarshal(b.Report, &y); err != nil {
		return nil, fmt.Errorf("read run %s: %w", b.ID, err)
	}
	d := &Diff{
		From: a.ID, To: b.ID, Causes: causes(a.Inputs, b.Inputs), Readiness: [2]float64{x.Readiness, y.Readiness}, HoursP50: [2]int{x.Hours.P50, y.Hours.P50},
		ReadyOn: [2]string{x.ReadyOn, y.ReadyOn}, Skills: []SkillChange{}, Comparable: a.Role == b.Role,
	}
	before, after := bySkill(x.Skills), bySkill(y.Skills)
	for _, g := range slices.Concat(x.Skills, y.Skills) {
		i, inX := before[g.ID]
		j, inY := after[g.ID]
		delete(before, g.ID)
		delete(after, g.ID)
		switch {
		case !inX && !inY: // seen already
		case inX && inY && i.Status == j.Status && i.Evidenced == j.Evidenced && i.Required == j.Required && i.Points == j.Points:
			d.Unchanged++
		default:
			d.Skills = append(d.Skills, changeOf(g, i, j, inX, inY))
		}
	}
	slices.SortStableFunc(d.Skills, func(p, q SkillChange) int {
		return cmp.Or(cmp.Compare(math.Abs(q.Points[1]-q.Points[0]), math.Abs(p.Points[1]-p.Points[0])), strings.Compare(p.ID, q.ID))
	})
	return d, nil
}

func bySkill(rows []SkillGap) map[string]SkillGap {
	m := make(map[string]SkillGap, len(rows))
	for _, g := range rows {
		m[g.ID] = g
	}
	return m
}

// changeOf says what became of a skill, from row a to row b.
func changeOf(g, a, b SkillGap, inA, inB bool) SkillChange {
	c := SkillChange{
		ID: g.ID, Name: g.Name, Status: [2]Status{a.Status, b.Status}, Evidenced: [2]int{a.Evidenced, b.Evidenced}, Required: [2]int{a.Required, b.Required},
		Points: [2]float64{a.Points, b.Points},
	}
	switch {
	case !inA:
		c.Why = fmt.Sprintf("%s is asked for now, at level %d.", g.Name, b.Required)
	case !inB:
		c.Why = g.Name + " is no longer asked for."
	case a.Required != b.Required:
		c.Why = fmt.Sprintf("%s is asked for at level %d, before at %d.", g.Name, b.Required, a.Required)
	case a.Evidenced != b.Evidenced:
		c.Why = fmt.Sprintf("The resume shows %s at level %d, before at %d.", g.Name, b.Evidenced, a.Evidenced)
	case transferFrom(a) != transferFrom(b):
		c.Why = "Another skill carries over to " + g.Name + " than before."
	case a.Weight != b.Weight:
		c.Why = g.Name + " has another weight than before."
	default:
		c.Why = "What carries over to " + g.Name + " counts for another share than before."
	}
	return c
}

func transferFrom(g SkillGap) string {
	if g.Transfer == nil {
		return ""
	}
	return g.Transfer.From
}

// causes are the inputs that differ.
func causes(a, b Inputs) []string {
	out := []string{}
	for _, c := range []struct {
		cause  string
		differ bool
	}{
		{CauseTarget, a.Target != b.Target && a.CatalogVersion == b.CatalogVersion},
		{CauseResume, a.Profile != b.Profile},
		{CauseCatalogue, a.CatalogVersion != b.CatalogVersion},
		{CauseReader, a.ExtractorVersion != b.ExtractorVersion},
		{CauseModel, a.Embedder != b.Embedder || a.Nearness != b.Nearness && a.Profile == b.Profile && a.Target == b.Target},
		{CauseMarket, a.Market != b.Market},
		{CausePace, a.HoursPerWeek != b.HoursPerWeek},
		{CauseDay, a.AsOf != b.AsOf},
	} {
		if c.differ {
			out = append(out, c.cause)
		}
	}
	return out
}
