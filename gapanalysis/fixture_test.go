package gapanalysis_test

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/skill"
)

// today is in a zone that is a day ahead of UTC, to see that reports count in UTC.
var today = time.Date(2026, 11, 25, 3, 0, 0, 0, time.FixedZone("east", 9*3600))

const todayUTC = "2026-11-24"

var embedded = sync.OnceValues(catalog.Load)

func load(tb testing.TB) *catalog.Catalog {
	tb.Helper()
	c, err := embedded()
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// claim is a skill at a level that the resume only lists.
func claim(tb testing.TB, id string, level int) skill.Claim {
	tb.Helper()
	s, err := load(tb).Skill(id)
	if err != nil {
		tb.Fatal(err)
	}
	return skill.Claim{
		ID: &s.ID, Name: s.Name, Kind: string(s.Kind), Level: level, Why: "Listed.", Status: skill.StatusRead,
		Mentions: []skill.Mention{{SkillID: id, Start: 3, End: 3 + len(s.Name), Text: s.Name, Page: 1, Section: "skills"}},
	}
}

func profile(claims ...skill.Claim) *skill.Profile {
	return &skill.Profile{Claims: claims, ExtractorVersion: "rules-test", CatalogVersion: "test"}
}

// roleProfile is somebody at exactly the levels of a role.
func roleProfile(tb testing.TB, r *catalog.Role) *skill.Profile {
	tb.Helper()
	p := profile()
	for _, q := range r.Skills {
		p.Claims = append(p.Claims, claim(tb, q.Skill, q.Level))
	}
	return p
}

// randomProfile has some dozens of skills at random levels, some of them rejected, confirmed or dated.
func randomProfile(tb testing.TB, seed uint64) *skill.Profile {
	tb.Helper()
	rng := rand.New(rand.NewPCG(seed, 1))
	p := profile()
	skills := slices.Clone(load(tb).Skills())
	rng.Shuffle(len(skills), func(i, j int) { skills[i], skills[j] = skills[j], skills[i] })
	for _, s := range skills[:20+rng.IntN(80)] {
		c := claim(tb, s.ID, rng.IntN(6))
		c.Years = float64(rng.IntN(3))
		c.Status = []skill.Status{skill.StatusRead, skill.StatusConfirmed, skill.StatusRejected}[rng.IntN(3)]
		p.Claims = append(p.Claims, c)
	}
	return p
}

func role(tb testing.TB, id string) *catalog.Role {
	tb.Helper()
	r, err := load(tb).Role(id)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// target asks for skills of equal weight, as musts.
func target(requirements ...gapanalysis.Requirement) gapanalysis.Target {
	for i := range requirements {
		if requirements[i].Weight == 0 {
			requirements[i].Weight = 1 / float64(len(requirements))
		}
		requirements[i].Must = true
	}
	return gapanalysis.Target{ID: "test", Name: "Test", Requirements: requirements}
}

var nothingNear = gapanalysis.Nearness{Model: "test", Threshold: 1}
