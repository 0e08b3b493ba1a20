package skill

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/mutant"
	"github.com/gapwise/gapwise/resume"
)

// The rubric of levels, from evidence alone. docs/levels.md explains it to people. What was used at work is judged in points, of which four
// are a level: the weights say by how much of a level each kind of evidence moved the judgement of people who levelled twenty resumes.
const (
	pointsPerLevel = 4
	pointsUsed     = 10 // used at work at all: halfway between novice and intermediate, rounded up

	pointsSeasoned = 1 // two years
	pointsLong     = 1 // six years
	pointsVeryLong = 2 // nine years
	pointsBrief    = -1
	pointsCore     = 2 // named in two places or more
	pointsAllOver  = 1 // in four or more
	pointsOwned    = 1 // the work was the person's own
	pointsMeasured = 1 // with a figure of what it brought
	pointsTitle    = 2 // in the title of a position
	pointsClaimed  = 1 // three years or more by the person's own count
	pointsRated    = 2 // the person rates it advanced or higher
	pointsShared   = -1
	pointsGuided   = -1 // half of the time or more in posts under guidance
	pointsListed   = -1 // named in lists of tools alone
	pointsStale    = -1
	pointsLimited  = -2
	pointsTooEarly = -3 // in posts that were over before it was there

	monthsBrief    = 6
	monthsSeasoned = 24
	monthsLong     = 72
	monthsVeryLong = 108
	monthsStale    = 84 // since the last use

	monthsExpert      = 48 // of use that bear out a person's word that they are an expert
	claimedAdvanced   = 60 // months by the person's own count alone
	claimedPractised  = 24
	claimedNoticeable = 36
)

// judgeLevels makes a claim of each skill that the evidence is of.
func (f *Finder) judgeLevels(v *levelView, all map[string]*evidence) []Claim {
	verdicts := make(map[string]verdict, len(all))
	for key, e := range all {
		since := 0
		if s, err := f.catalog.Skill(key); err == nil {
			since = s.Since
		}
		verdicts[key] = v.judge(e, since)
	}
	f.judgeByKin(v, all, verdicts)
	claims := make([]Claim, 0, len(all))
	for key, e := range all {
		d := verdicts[key]
		c := Claim{Name: unlistedName(e.mentions[0].Text), Kind: string(catalog.Concept), Level: d.level, Years: d.years, LastUsed: d.lastUsed, Why: strings.Join(d.why, "; ") + ".", Status: StatusRead, Mentions: e.mentions}
		if mutant.On(mutant.LevelsOffByOne) {
			c.Level = min(c.Level+1, catalog.LevelExpert)
		}
		if !strings.HasPrefix(key, unlisted) {
			s, err := f.catalog.Skill(key)
			if err != nil {
				continue // a mention only ever carries an id of this catalogue
			}
			id := s.ID
			c.ID, c.Name, c.Kind = &id, s.Name, string(s.Kind)
		}
		claims = append(claims, c)
	}
	return claims
}

// verdict is a level with the years that count and the steps that led to it.
type verdict struct {
	level    int
	years    float64
	lastUsed int
	why      []string
}

func (d *verdict) because(format string, args ...any) {
	d.why = append(d.why, fmt.Sprintf(format, args...))
}

// judge applies the rubric to the evidence of one skill. since is the first year in which it was in use, 0 where that is unknown.
func (v *levelView) judge(e *evidence, since int) verdict {
	told, _ := resume.UnionMonths(e.months)
	months, last := resume.UnionMonths(inUse(e.months, since))
	d := verdict{years: math.Round(float64(max(months, e.claimed))/12*10) / 10}
	if last > 0 {
		d.lastUsed = (last - 1) / 12
	}
	switch {
	case e.onlyWish:
		d.level = catalog.LevelAwareness
		d.because("Named only as something to learn")
		return d
	case e.aside:
		d.level = catalog.LevelAwareness
		d.because("Named only in passing, not as work of this person")
		return d
	case len(e.positions) > 0 || e.undated:
		v.judgeWork(e, &d, months, last, told > 0 && months == 0)
	default:
		judgeListed(e, &d)
	}
	d.rate(e, months)
	if months < told {
		d.because("counted from %d, when it came into use", since)
	}
	return d
}

// judgeWork judges what was used at work.
func (v *levelView) judgeWork(e *evidence, d *verdict, months, last int, early bool) {
	switch n := len(e.positions); {
	case n == 0:
		d.because("Used at work, in no position that could be told apart")
	case months > 0:
		d.because("Used in %s over %s", plural(n, "position"), years(months))
	default:
		d.because("Used in %s without readable dates", plural(n, "position"))
	}
	points := pointsUsed
	add := func(when bool, n int, why string) {
		if when {
			points += n
			if why != "" {
				d.because("%s", why)
			}
		}
	}
	guided, _ := resume.UnionMonths(e.guided)
	credited := max(months, e.claimed)
	add(credited >= monthsSeasoned, pointsSeasoned, "")
	add(credited >= monthsLong, pointsLong, "")
	add(credited >= monthsVeryLong, pointsVeryLong, "")
	add(months > 0 && months < monthsBrief, pointsBrief, "")
	add(len(e.mentions) >= 2, pointsCore, "")
	add(len(e.mentions) >= 4, pointsAllOver, "named all over the resume")
	add(e.titled, pointsTitle, "in the person's title")
	add(e.owned > 0, pointsOwned, "led or built with it")
	add(e.measured > 0, pointsMeasured, "with a measured outcome")
	add(e.claimed >= claimedNoticeable, pointsClaimed, years(e.claimed)+" by the person's own count")
	add(e.rating >= catalog.LevelAdvanced, pointsRated, "")
	add(e.shared > 0 && e.owned == 0, pointsShared, "the work was shared or looked on")
	add(e.telling == 0 && e.owned == 0 && e.others == 0, pointsListed, "named in lists of tools alone")
	add(guided > 0 && 2*guided >= months, pointsGuided, "mostly in a post under guidance")
	add(e.limited, pointsLimited, "the person says that it was little")
	add(early, pointsTooEarly, "")
	stale := last > 0 && v.asOf.Year()*12+int(v.asOf.Month())-last > monthsStale
	if stale {
		add(true, pointsStale, "last used in "+strconv.Itoa(d.lastUsed))
	}
	d.level = min(catalog.LevelExpert, max(catalog.LevelNovice, (points+pointsPerLevel/2)/pointsPerLevel))
	if e.others > 0 && e.others == len(e.mentions) && d.level > catalog.LevelNovice {
		d.level = catalog.LevelNovice
		d.because("the work was somebody else's")
	}
	if guided > 0 && guided >= months && d.level > catalog.LevelIntermediate {
		d.level = catalog.LevelIntermediate
	}
}

// judgeListed judges what no work shows.
func judgeListed(e *evidence, d *verdict) {
	d.level = catalog.LevelNovice
	switch {
	case e.claimed >= claimedAdvanced:
		d.level = catalog.LevelAdvanced
		d.because("%s by the person's own count, which no position shows", years(e.claimed))
	case e.claimed >= claimedPractised:
		d.level = catalog.LevelIntermediate
		d.because("%s by the person's own count, which no position shows", years(e.claimed))
	case e.titled:
		d.level = catalog.LevelIntermediate
		d.because("Named in the person's title")
	case e.summed && e.owned > 0:
		d.level = catalog.LevelIntermediate
		d.because("Told of in the summary as the person's own work")
	case e.project && e.certified, e.built && e.listed:
		d.level = catalog.LevelIntermediate
		d.because("Used in a project")
		if e.certified {
			d.because("named in a certificate")
		}
		if e.built {
			d.because("led or built with it")
		}
	case e.project:
		d.because("Used in a project")
	case e.certified:
		d.because("Named in a certificate")
	case e.studied:
		d.because("Named in the person's studies")
	default:
		d.because("Listed, without a position or project that shows its use")
	}
}

// rate lets the person's own rating settle what the evidence leaves open: work bears it out, and alone it counts a level less where it is high.
func (d *verdict) rate(e *evidence, months int) {
	worked := len(e.positions) > 0 || e.undated
	before := d.level
	switch r := e.rating; {
	case r == 0:
		return
	case r == catalog.LevelExpert && worked && months >= monthsExpert && before >= catalog.LevelIntermediate:
		d.level = catalog.LevelExpert
	case r >= catalog.LevelAdvanced && worked && before >= catalog.LevelIntermediate, r == catalog.LevelExpert:
		d.level = max(before, catalog.LevelAdvanced)
	case r == catalog.LevelAdvanced:
		d.level = max(before, catalog.LevelIntermediate)
	case r == catalog.LevelIntermediate:
		d.level = catalog.LevelIntermediate
	default:
		d.level = min(before, r)
		if worked || e.claimed >= claimedPractised {
			d.level = min(before, catalog.LevelNovice)
		}
	}
	switch {
	case e.rating >= catalog.LevelAdvanced:
		d.because("the person rates it high")
	case e.rating == catalog.LevelIntermediate:
		d.because("the person rates it as intermediate")
	case e.rating == catalog.LevelNovice:
		d.because("the person rates it as basic")
	default:
		d.because("named among what is to be learned")
	}
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

func years(months int) string {
	if months < 12 {
		return plural(months, "month")
	}
	y := strconv.FormatFloat(math.Round(float64(months)/12*10)/10, 'f', -1, 64)
	if y == "1" {
		return "1 year"
	}
	return y + " years"
}
