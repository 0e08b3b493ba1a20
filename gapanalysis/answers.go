package gapanalysis

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/fsrs"
	"github.com/gapwise/gapwise/skill"
)

// The ways in which a person answered.
const (
	AnsweredQuiz      = "quiz"
	AnsweredInterview = "interview"
	AnsweredReview    = "review"
	AnsweredExplain   = "explain"
)

// What right answers must be to demonstrate a level. docs/readiness.md explains them; all are editorial, none is fitted.
const (
	minAnswerDays     = 3                         // different days on which they were given
	minAnswerConcepts = 2                         // different things that they were about
	minAnswerSpan     = 7                         // days from the first to the last
	maxKnown          = catalog.LevelIntermediate // knowing is not yet doing
	maxShowings       = 5
)

// forgetting is how an answer's level falls with the chance that it is still remembered.
var forgetting = [...]struct {
	recall float64 // at least
	less   int
}{{0.7, 0}, {0.6, 1}, {0.5, 2}}

// RightAnswer is one right answer that stands: a rule judged it, the person has not taken it back, and no wrong one about the same came after it.
type RightAnswer struct {
	Kind  string    `json:"kind"`  // one of the above
	Level int       `json:"level"` // at which was asked
	At    time.Time `json:"at"`
}

// Recall is what a person answered rightly about one concept of a skill, and how well they still remember it.
type Recall struct {
	Item      uuid.UUID // of what the tutor remembers
	Skill     string
	Concept   string
	Stability float64 // days until the chance of remembering is .9
	Reviewed  time.Time
	Right     []RightAnswer
}

// Recalls gives what a person answered rightly, by skill and concept.
type Recalls interface {
	Recalls(ctx context.Context, person uuid.UUID) ([]Recall, error)
}

// standing is a right answer as it stands on one day.
type standing struct {
	of     *Recall
	level  int // that it still speaks for
	day    time.Time
	recall float64
}

// dayIn is the day of a time, by UTC: a report depends on the day alone.
func dayIn(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

func daysBetween(from, to time.Time) int { return int(to.Sub(from) / (24 * time.Hour)) }

// stand are the answers about one skill that still speak for a level, the latest first.
func stand(recalls []*Recall, day time.Time) []standing {
	var out []standing
	for _, r := range recalls {
		recall := fsrs.After(r.Stability, daysBetween(dayIn(r.Reviewed), day))
		for _, a := range r.Right {
			for _, f := range forgetting {
				if recall < f.recall {
					continue
				}
				if level := min(a.Level, maxKnown) - f.less; level >= catalog.LevelAwareness {
					out = append(out, standing{of: r, level: level, day: dayIn(a.At), recall: recall})
				}
				break
			}
		}
	}
	slices.SortFunc(out, func(a, b standing) int {
		return cmp.Or(b.day.Compare(a.day), strings.Compare(a.of.Concept, b.of.Concept), cmp.Compare(b.level, a.level), slices.Compare(a.of.Item[:], b.of.Item[:]))
	})
	return out
}

// answered is the highest level that answers demonstrate and those that do, the latest first; 0 where they demonstrate none.
func answered(all []standing) (int, []standing) {
	for level := maxKnown; level >= catalog.LevelAwareness; level-- {
		at := slices.DeleteFunc(slices.Clone(all), func(s standing) bool { return s.level < level })
		if len(at) == 0 {
			continue
		}
		days, concepts := map[time.Time]bool{}, map[string]bool{}
		for _, s := range at {
			days[s.day], concepts[s.of.Concept] = true, true
		}
		if len(days) >= minAnswerDays && len(concepts) >= minAnswerConcepts && daysBetween(at[len(at)-1].day, at[0].day) >= minAnswerSpan {
			return level, at
		}
	}
	return 0, nil
}

// Recalled raises the claims of a profile to what right answers demonstrate on a day. A claim that stands as high by other evidence than a mere
// listing stays as it is, and so does what the person rejected. The profile that is given stays as it is.
func Recalled(c *catalog.Catalog, profile *skill.Profile, recalls []Recall, now time.Time) *skill.Profile {
	bySkill := map[string][]*Recall{}
	for i, r := range recalls {
		if s, err := c.Skill(r.Skill); err == nil {
			bySkill[s.ID] = append(bySkill[s.ID], &recalls[i])
		}
	}
	out := *profile
	out.Claims = slices.Clone(profile.Claims)
	for i, claim := range out.Claims {
		if claim.ID == nil {
			continue
		}
		of := bySkill[*claim.ID]
		delete(bySkill, *claim.ID)
		level, by := answered(stand(of, dayIn(now)))
		listed := (claim.Status == skill.StatusRead || claim.Status == "") && claim.Years == 0
		if claim.Status != skill.StatusRejected && (level > claim.Level || level > 0 && level == claim.Level && listed) {
			out.Claims[i] = answeredClaim(claim, level, by)
		}
	}
	if len(bySkill) == 0 {
		return &out
	}
	for _, k := range c.Skills() { // in the order of ids
		if level, by := answered(stand(bySkill[k.ID], dayIn(now))); level > 0 {
			out.Claims = append(out.Claims, answeredClaim(skill.Claim{ID: &k.ID, Name: k.Name, Kind: string(k.Kind), Mentions: []skill.Mention{}}, level, by))
		}
	}
	return &out
}

func answeredClaim(claim skill.Claim, level int, by []standing) skill.Claim {
	claim.Level, claim.Status, claim.Shown = level, skill.StatusDemonstrated, nil
	days, concepts := map[time.Time]bool{}, map[string]bool{}
	for _, s := range by {
		days[s.day], concepts[s.of.Concept] = true, true
		if len(claim.Shown) < maxShowings {
			claim.Shown = append(claim.Shown, skill.Showing{
				Kind: skill.ShownByAnswer, Item: s.of.Item.String(), Concept: s.of.Concept, Level: s.level, On: s.day.Format(time.DateOnly), Recall: round(s.recall, 2),
			})
		}
	}
	claim.Why = fmt.Sprintf("Demonstrated at level %d by %d right answers about %d things on %d days, from %s to %s.", level, len(by), len(concepts), len(days),
		by[len(by)-1].day.Format(time.DateOnly), by[0].day.Format(time.DateOnly))
	return claim
}

// Remembering gives profiles with what the person's answers demonstrate in them on the day. It stands around those of Proofs.Over.
func Remembering(c *catalog.Catalog, profiles Profiles, recalls Recalls, now func() time.Time) Profiles {
	return &remembering{catalog: c, profiles: profiles, recalls: recalls, now: now}
}

type remembering struct {
	catalog  *catalog.Catalog
	profiles Profiles
	recalls  Recalls
	now      func() time.Time
}

// Profile implements Profiles.
func (r *remembering) Profile(ctx context.Context, person, resume uuid.UUID) (*skill.Profile, error) {
	p, err := r.profiles.Profile(ctx, person, resume)
	if err != nil {
		return nil, err
	}
	recalls, err := r.recalls.Recalls(ctx, person)
	if err != nil {
		return nil, err
	}
	return Recalled(r.catalog, p, recalls, r.now()), nil
}

// Read implements Profiles.
func (r *remembering) Read(ctx context.Context, person uuid.UUID, q Query) (Reading, error) {
	read, err := r.profiles.Read(ctx, person, q)
	if err != nil {
		return read, err
	}
	read.Profile = Recalled(r.catalog, read.Profile, read.Recalls, r.now())
	return read, nil
}
