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
	"unicode"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/posting"
	"github.com/gapwise/gapwise/skill"
)

// The statuses of a milestone.
const (
	MilestoneOpen    = "open"
	MilestoneStarted = "started"
	MilestoneDone    = "done"
)

// Mark is what a person has said about one milestone.
type Mark struct {
	Role        string
	Milestone   string
	Status      string // one of the above
	EvidenceURL string
	Note        string
	DoneAt      time.Time // zero where it is not done
}

// proven tells whether a milestone is done and something stands for it.
func (m Mark) proven() bool {
	return m.Status == MilestoneDone && (m.EvidenceURL != "" || m.Note != "")
}

// Marks gives all marks of a person, by role and milestone.
type Marks interface {
	Marks(ctx context.Context, person uuid.UUID) ([]Mark, error)
}

// minKinship is how much of a skill's own words a milestone must use to demonstrate the skill without naming it. Set by reading the milestones
// of nine roles with their closest skills: above it most are right (docs/plan.md has a figure), and from 2 down many are not.
const minKinship = 2.5

// Proofs knows which skills a milestone demonstrates. The catalogue's milestones name none, so they are read: a milestone demonstrates those
// skills of its phase that its name, evidence or checklist name, as the finder of resumes reads them, and those whose own words it uses most.
// All milestones of a phase together demonstrate all skills of the phase. It is safe for concurrent use.
type Proofs struct {
	catalog *catalog.Catalog
	read    func() map[string][]string // skills by role and milestone
}

// NewProofs makes one. The milestones are read when they are first asked for.
func NewProofs(c *catalog.Catalog, f posting.Finder) *Proofs {
	return &Proofs{catalog: c, read: sync.OnceValue(func() map[string][]string { return readMilestones(c, f) })}
}

// Skills are the ids of the skills that a milestone demonstrates by itself, in the order of the role.
func (p *Proofs) Skills(role, milestone string) []string { return p.read()[role+" "+milestone] }

func readMilestones(c *catalog.Catalog, f posting.Finder) map[string][]string {
	rarity := rarities(c)
	out := map[string][]string{}
	for _, r := range c.Roles() {
		own := map[string]map[string]float64{}
		for _, q := range r.Skills {
			own[q.Skill] = ownWords(c, q)
		}
		for _, ph := range r.Phases {
			for _, m := range ph.Milestones {
				text := milestoneText(m)
				named := map[string]bool{}
				for _, mention := range f.Find(text) {
					named[mention.SkillID] = !mention.Negated || named[mention.SkillID]
				}
				said := wordSet(text)
				skills := []string{}
				for _, q := range r.Skills {
					if q.Phase == ph.ID && (named[q.Skill] || kinship(own[q.Skill], said, rarity) >= minKinship) {
						skills = append(skills, q.Skill)
					}
				}
				out[r.ID+" "+m.ID] = skills
			}
		}
	}
	return out
}

func milestoneText(m catalog.Milestone) string {
	return m.Name + ".\n" + m.Evidence + "\n" + strings.Join(m.Checklist, "\n")
}

// ownWords are the words of a skill: those of its names twice, and those of its description and of why the role asks for it once.
func ownWords(c *catalog.Catalog, q catalog.Requirement) map[string]float64 {
	out := map[string]float64{}
	s, err := c.Skill(q.Skill)
	if err != nil {
		return out
	}
	for w := range wordSet(s.Description + " " + q.Why) {
		out[w] = 1
	}
	for w := range wordSet(s.Name + " " + strings.Join(s.Aliases, " ")) {
		out[w] = 2
	}
	return out
}

// kinship weighs the words of a skill that a text uses by the squares of their rarity, against the root of what all of its words weigh: the
// cosine of two texts without the length of the second.
func kinship(own map[string]float64, said map[string]bool, rarity func(string) float64) float64 {
	words := make([]string, 0, len(own))
	for w := range own {
		words = append(words, w)
	}
	slices.Sort(words) // sums of floats depend on their order
	shared, all := 0.0, 1.0
	for _, w := range words {
		v := rarity(w)
		v *= v * own[w]
		all += v
		if said[w] {
			shared += v
		}
	}
	return shared / math.Sqrt(all)
}

// rarities is the inverse document frequency of words over the catalogue's skills and milestones.
func rarities(c *catalog.Catalog) func(string) float64 {
	n, in := 0, map[string]int{}
	count := func(text string) {
		n++
		for w := range wordSet(text) {
			in[w]++
		}
	}
	for _, s := range c.Skills() {
		count(s.Name + " " + s.Description + " " + strings.Join(s.Aliases, " "))
	}
	for _, r := range c.Roles() {
		for _, ph := range r.Phases {
			for _, m := range ph.Milestones {
				count(milestoneText(m))
			}
		}
	}
	return func(w string) float64 { return math.Log(float64(n+1) / float64(in[w]+1)) }
}

// wordSet is the words of a text of three letters and more, without the commonest English endings.
func wordSet(text string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if len(w) < 3 {
			continue
		}
		for _, end := range []string{"ations", "ation", "ments", "ment", "ings", "ing", "ied", "ies", "ers", "ed", "er", "es", "s", "e", "y"} {
			if rest, ok := strings.CutSuffix(w, end); ok && len(rest) >= 4 {
				w = rest
				break
			}
		}
		out[w] = true
	}
	return out
}

// shown is what a person has demonstrated of one skill.
type shown struct {
	level     int
	mark      Mark
	milestone string // its name
	phase     string // id of the phase that was done as a whole, where no milestone shows the skill by itself
}

// shownBy is what marks show, by skill: of several, the highest level and then the earliest. Marks of roles and milestones that are no longer
// in the catalogue, and those that count refuses, count for nothing.
func (p *Proofs) shownBy(marks []Mark, count func(Mark) bool) map[string]shown {
	out := map[string]shown{}
	put := func(id string, s shown) {
		if old, ok := out[id]; !ok || cmp.Or(cmp.Compare(s.level, old.level), old.mark.DoneAt.Compare(s.mark.DoneAt)) > 0 {
			out[id] = s
		}
	}
	byRole := map[string]map[string]Mark{}
	for _, m := range marks {
		r, err := p.catalog.Role(m.Role)
		if err != nil || !count(m) {
			continue
		}
		if _, milestone, err := r.Milestone(m.Milestone); err == nil {
			if byRole[r.ID] == nil {
				byRole[r.ID] = map[string]Mark{}
			}
			byRole[r.ID][milestone.ID] = m
		}
	}
	for _, r := range p.catalog.Roles() {
		if done := byRole[r.ID]; len(done) > 0 {
			p.shownIn(r, done, put)
		}
	}
	return out
}

// shownIn puts what the finished milestones of one role show.
func (p *Proofs) shownIn(r *catalog.Role, done map[string]Mark, put func(string, shown)) {
	levels := map[string]int{}
	for _, q := range r.Skills {
		levels[q.Skill] = q.Level
	}
	for _, ph := range r.Phases {
		all := len(ph.Milestones) > 0
		var last Mark
		var lastName string
		for _, m := range ph.Milestones {
			mark, ok := done[m.ID]
			if !ok {
				all = false
				continue
			}
			if !mark.DoneAt.Before(last.DoneAt) {
				last, lastName = mark, m.Name
			}
			for _, id := range p.Skills(r.ID, m.ID) {
				put(id, shown{level: levels[id], mark: mark, milestone: m.Name})
			}
		}
		if !all {
			continue
		}
		for _, q := range r.Skills {
			if q.Phase == ph.ID && !slices.ContainsFunc(ph.Milestones, func(m catalog.Milestone) bool { return slices.Contains(p.Skills(r.ID, m.ID), q.Skill) }) {
				put(q.Skill, shown{level: q.Level, mark: last, milestone: lastName, phase: ph.Name})
			}
		}
	}
}

// maxSaidNote bounds what is quoted of a note, in characters.
const maxSaidNote = 120

// why says what a demonstrated claim rests on.
func (s shown) why() string {
	evidence := s.mark.EvidenceURL
	if evidence == "" {
		note := []rune(strings.Join(strings.Fields(s.mark.Note), " "))
		if len(note) > maxSaidNote {
			note = append(note[:maxSaidNote:maxSaidNote], '…')
		}
		evidence = "“" + string(note) + "”"
	}
	on := s.mark.DoneAt.UTC().Format(time.DateOnly)
	if s.phase != "" {
		return fmt.Sprintf("Demonstrated by all milestones of the phase “%s”, the last of them “%s” on %s: %s", s.phase, s.milestone, on, evidence)
	}
	return fmt.Sprintf("Demonstrated by milestone “%s” on %s: %s", s.milestone, on, evidence)
}

// Merge raises the claims of a profile by what marks prove: a skill is then at least at the level that the milestone's role asks for, and
// demonstrated. What the person rejected stays rejected. The profile that is given stays as it is.
func (p *Proofs) Merge(profile *skill.Profile, marks []Mark) *skill.Profile {
	proven := p.shownBy(marks, Mark.proven)
	if len(proven) == 0 {
		return profile
	}
	out := *profile
	out.Claims = slices.Clone(profile.Claims)
	for i, c := range out.Claims {
		if c.ID == nil {
			continue
		}
		s, ok := proven[*c.ID]
		delete(proven, *c.ID)
		if ok && c.Status != skill.StatusRejected && c.Level <= s.level { // above it the milestone says nothing
			c.Level, c.Status, c.Why, c.LastUsed = s.level, skill.StatusDemonstrated, s.why(), max(c.LastUsed, s.mark.DoneAt.Year())
			out.Claims[i] = c
		}
	}
	for _, k := range p.catalog.Skills() { // in the order of ids
		if s, ok := proven[k.ID]; ok {
			out.Claims = append(out.Claims, skill.Claim{
				ID: &k.ID, Name: k.Name, Kind: string(k.Kind), Level: s.level, LastUsed: s.mark.DoneAt.Year(), Why: s.why(), Status: skill.StatusDemonstrated, Mentions: []skill.Mention{},
			})
		}
	}
	return &out
}

// Over gives profiles with what the person has demonstrated in them.
func (p *Proofs) Over(profiles Profiles, marks Marks) Profiles {
	return &demonstrated{proofs: p, profiles: profiles, marks: marks}
}

type demonstrated struct {
	proofs   *Proofs
	profiles Profiles
	marks    Marks
}

// Profile implements Profiles.
func (d *demonstrated) Profile(ctx context.Context, person, resume uuid.UUID) (*skill.Profile, error) {
	p, err := d.profiles.Profile(ctx, person, resume)
	if err != nil {
		return nil, err
	}
	marks, err := d.marks.Marks(ctx, person)
	if err != nil {
		return nil, err
	}
	return d.proofs.Merge(p, marks), nil
}

// Read implements Profiles. What is near is said of the resume: a demonstrated skill that it does not show carries over by the catalogue's word
// alone.
func (d *demonstrated) Read(ctx context.Context, person uuid.UUID, q Query) (Reading, error) {
	r, err := d.profiles.Read(ctx, person, q)
	if err != nil {
		return r, err
	}
	r.Profile = d.proofs.Merge(r.Profile, r.Marks)
	return r, nil
}

// Marks are the milestones of every role that a person has said something about.
func (p *Planner) Marks(ctx context.Context, person uuid.UUID) ([]Mark, error) {
	return p.marks.Marks(ctx, person)
}
