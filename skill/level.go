package skill

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/resume"
)

// The rubric of levels, from evidence only. docs/levels.md explains it to people.
const (
	monthsPractised = 6  // of dated use for level 3
	monthsSeasoned  = 24 // with ownership for level 4
	monthsDeep      = 72 // with ownership and a measured outcome, in more than one position, for level 5
	yearsStale      = 6  // since the last use, after which one level is taken off
	ownershipReach  = 160
)

// ownership are verbs by which a person says that the work was theirs to answer for.
var ownership = regexp.MustCompile(`(?i)\b(led|lead(?:ing)?|own(?:ed|ing)?|design(?:ed|ing)|architect(?:ed|ing)?|built|created|founded|introduced|migrat(?:ed|ing)|scaled|spearheaded|drove|established|mentored|responsible for|rewrote|launched|leitete|entwarf|verantwortlich|conçu|dirigé|diseñ[éó]|lider[éó])\b`)

// outcome is a figure that says what the work brought.
var outcome = regexp.MustCompile(`(?i)\d+(?:[.,]\d+)?\s*(?:%|percent|x\b|ms\b|k\b|m\b|million|billion|times|users|requests|rps|qps|tb\b|gb\b|hours|engineers|services)|[$€£]\s?\d`)

// rated are words by which a person rates themself right beside a skill.
var (
	ratedHigh = regexp.MustCompile(`(?i)\b(expert|advanced|proficient|fluent|strong|extensive|sehr gute?|fundierte)\b`)
	ratedLow  = regexp.MustCompile(`(?i)\b(basic|basics|beginner|familiar|familiarity|exposure|elementary|intro to|grundkenntnisse|notions|básico)\b`)
)

// tally is what was counted for one skill.
type tally struct {
	mentions  []Mention
	positions []int // indexes of dated or undated positions that name it
	months    []resume.MonthRange
	owned     bool
	measured  bool
	inProject bool
	inCert    bool
	onlyWish  bool
	onlyAside bool // only in interests, header or somebody else's work
	high, low bool
}

// Judge turns the mentions of a document into claims. asOf is the day on which "present" ends and from which staleness is counted.
func (f *Finder) Judge(doc *resume.Document, mentions []Mention, asOf time.Time) Profile {
	tallies := f.count(doc, mentions, asOf)
	p := Profile{Claims: make([]Claim, 0, len(tallies)), ExtractorVersion: ExtractorVersion, CatalogVersion: f.catalog.Version(), Titles: Titles(doc)}
	for id, t := range tallies {
		s, err := f.catalog.Skill(id)
		if err != nil {
			continue // a mention only ever carries an id of this catalogue
		}
		p.Claims = append(p.Claims, t.claim(s, asOf))
	}
	slices.SortFunc(p.Claims, func(a, b Claim) int {
		return cmp.Or(cmp.Compare(b.Level, a.Level), cmp.Compare(len(b.Mentions), len(a.Mentions)), strings.Compare(a.Name, b.Name))
	})
	return p
}

// Extract finds the skills of a document and judges them.
func (f *Finder) Extract(doc *resume.Document, asOf time.Time) Profile {
	return f.Judge(doc, f.FindIn(doc), asOf)
}

// Titles are the titles of a document's positions, the latest first.
func Titles(doc *resume.Document) []string {
	byEnd := slices.Clone(doc.Positions)
	slices.SortStableFunc(byEnd, func(a, b resume.Position) int {
		return cmp.Or(strings.Compare(b.End, a.End), strings.Compare(b.Start, a.Start)) // "present" is after every year
	})
	var out []string
	for _, p := range byEnd {
		if p.Title != "" {
			out = append(out, p.Title)
		}
	}
	return out
}

func (f *Finder) count(doc *resume.Document, mentions []Mention, asOf time.Time) map[string]*tally {
	text := []rune(doc.Text)
	spans := make([]resume.MonthRange, len(doc.Positions))
	for i, p := range doc.Positions {
		spans[i] = p.Months(asOf)
	}
	tallies := map[string]*tally{}
	for _, m := range mentions {
		t := tallies[m.SkillID]
		if t == nil {
			t = &tally{onlyWish: true, onlyAside: true}
			tallies[m.SkillID] = t
		}
		t.mentions = append(t.mentions, m)
		if m.Negated {
			continue
		}
		t.onlyWish = false
		if m.Section != resume.SectionInterests && m.Section != resume.SectionHeader && m.Confidence > acceptance {
			t.onlyAside = false
		}
		t.inProject = t.inProject || m.Section == resume.SectionProjects
		t.inCert = t.inCert || m.Section == resume.SectionCertifications
		near := lineAround(text, m.Start, m.End)
		if m.Section == resume.SectionExperience || m.Section == resume.SectionProjects || m.Section == resume.SectionSummary {
			t.owned = t.owned || ownership.MatchString(near)
			t.measured = t.measured || ownership.MatchString(near) && outcome.MatchString(near)
		}
		before := string(text[max(0, m.Start-25):m.Start])
		if i := strings.LastIndexAny(before, ",;\n.|"); i >= 0 {
			before = before[i+1:]
		}
		t.high = t.high || ratedHigh.MatchString(before)
		t.low = t.low || ratedLow.MatchString(before)
		for i, p := range doc.Positions {
			if m.Start >= p.Span[0] && m.Start < p.Span[1] && !slices.Contains(t.positions, i) {
				t.positions = append(t.positions, i)
				if spans[i].To > spans[i].From {
					t.months = append(t.months, spans[i])
				}
			}
		}
	}
	return tallies
}

// lineAround is the line that holds a mention, and the ones before and after while the bullet goes on, bounded on both sides.
func lineAround(text []rune, start, end int) string {
	from := start
	for from > 0 && start-from < ownershipReach && (text[from-1] != '\n' || !startsBullet(text[from:])) {
		from--
	}
	to := end
	for to < len(text) && to-end < ownershipReach && (text[to] != '\n' || !startsBullet(text[min(to+1, len(text)):])) {
		to++
	}
	return string(text[from:to])
}

// startsBullet tells whether a line begins an item or a paragraph of its own.
func startsBullet(line []rune) bool {
	if len(line) == 0 || line[0] == '\n' {
		return true
	}
	return strings.ContainsRune("•·▪◦*–-—‣●○", line[0])
}

func (t *tally) claim(s *catalog.Skill, asOf time.Time) Claim {
	id := s.ID
	told, _ := resume.UnionMonths(t.months)
	total, last := resume.UnionMonths(since(t.months, s.Since))
	c := Claim{ID: &id, Name: s.Name, Kind: string(s.Kind), Years: math.Round(float64(total)/12*10) / 10, Status: StatusRead, Mentions: t.mentions}
	if last > 0 {
		c.LastUsed = (last - 1) / 12
	}
	c.Level, c.Why = t.level(total, c.LastUsed, asOf)
	if total < told {
		c.Why = fmt.Sprintf("%s; counted from %d, when it came into use.", strings.TrimSuffix(c.Why, "."), s.Since)
	}
	return c
}

// since leaves out the months before the first year in which a skill was in use: a position that began before it cannot have been spent on it
// from the start. year is 0 where that is unknown.
func since(months []resume.MonthRange, year int) []resume.MonthRange {
	out := make([]resume.MonthRange, 0, len(months))
	for _, m := range months {
		m.From = max(m.From, year*12)
		if m.To > m.From {
			out = append(out, m)
		}
	}
	return out
}

// level applies the rubric. Every step that decided is in the sentence that it returns.
func (t *tally) level(months, lastUsed int, asOf time.Time) (int, string) {
	if t.onlyWish {
		return catalog.LevelAwareness, "Named only as something to learn."
	}
	if t.onlyAside {
		return catalog.LevelAwareness, "Named only in passing, not as work of this person."
	}
	var why []string
	level := catalog.LevelNovice
	switch n := len(t.positions); {
	case n > 0 && months > 0:
		why = append(why, fmt.Sprintf("Used in %s over %s", plural(n, "position"), years(months)))
	case n > 0:
		why = append(why, fmt.Sprintf("Used in %s without readable dates", plural(n, "position")))
	case t.inProject:
		why = append(why, "Used in a project")
	case t.inCert:
		why = append(why, "Named in a certificate")
	default:
		why = append(why, "Listed, without a position or project that shows its use")
	}
	switch {
	case months >= monthsDeep && len(t.positions) > 1 && t.measured:
		level = catalog.LevelExpert
	case months >= monthsSeasoned && t.owned:
		level = catalog.LevelAdvanced
	case months >= monthsPractised || t.owned && (len(t.positions) > 0 || t.inProject) || len(t.positions) > 1:
		level = catalog.LevelIntermediate
	}
	if t.owned && len(t.positions)+btoi(t.inProject) > 0 {
		why = append(why, "led or built with it")
	}
	if t.measured {
		why = append(why, "with a measured outcome")
	}
	if t.high && level < catalog.LevelAdvanced {
		level++
		why = append(why, "the person rates it high")
	}
	if t.low && level > catalog.LevelNovice {
		level = catalog.LevelNovice
		why = append(why, "the person rates it as basic")
	}
	if lastUsed > 0 && asOf.Year()-lastUsed > yearsStale && level > catalog.LevelNovice {
		level--
		why = append(why, "last used in "+strconv.Itoa(lastUsed))
	}
	return level, strings.Join(why, "; ") + "."
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
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
