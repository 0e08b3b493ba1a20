package tutor

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
)

// grounds are what the statements of an answer are held against.
type grounds struct {
	builtin  *builtin
	role     *catalog.Role
	report   *gapanalysis.Report // nil for none
	sources  []*ground
	all      string          // every source, the resume and what the person said, folded
	names    map[string]bool // words that may be written with a capital
	person   map[string]bool // telling words of the resume, of what the person said, and of the sources about them
	figures  map[string]bool // numbers of the sources, of the resume, and of what the person said
	reported map[string]bool // numbers of the report alone
	used     []string        // ids of the skills that the resume or the person names
}

// ground is a source as it is compared.
type ground struct {
	*passage

	folded  string
	skills  []string
	figures map[string]bool
}

func newGrounds(b *builtin, role *catalog.Role, report *gapanalysis.Report, sources []*passage, resume string, said []string) *grounds {
	g := &grounds{builtin: b, role: role, report: report, names: map[string]bool{}, person: map[string]bool{}, reported: map[string]bool{}}
	own := resume + "\n" + strings.Join(said, "\n")
	texts := []string{own, role.Name}
	for _, p := range sources {
		text := p.title + "\n" + p.text
		s := &ground{passage: p, folded: foldText(text), skills: b.names.in(text), figures: figuresOf(text)}
		if p.skill != "" {
			s.skills = append(s.skills, p.skill)
		}
		g.sources = append(g.sources, s)
		texts = append(texts, text)
		if p.kind == FromReport {
			maps.Copy(g.reported, s.figures)
		}
		if p.kind != FromCatalogue {
			for w := range tellingWords(text) {
				g.person[w] = true
			}
		}
	}
	all := strings.Join(texts, "\n")
	g.all = foldText(all)
	for w := range tellingWords(own) {
		g.person[w] = true
	}
	for _, w := range words(all) {
		g.names[strings.ToLower(w)] = true
	}
	g.figures, g.used = figuresOf(all), b.names.in(own)
	if report != nil {
		g.ofReport(report)
	}
	return g
}

// ofReport adds the figures of the report, as they may be written.
func (g *grounds) ofReport(r *gapanalysis.Report) {
	for _, v := range []float64{r.Readiness, r.Uncertainty} {
		for _, format := range []string{"%.2f", "%.1f"} {
			g.reported[figure(fmt.Sprintf(format, v))] = true
		}
		g.reported[figure(fmt.Sprintf("%.0f", v*100))] = true
	}
	for _, h := range []int{r.Hours.P25, r.Hours.P50, r.Hours.P75} {
		g.figures[strconv.Itoa(h)] = true
	}
	for w := range figuresOf(r.ReadyOn) {
		g.figures[w] = true
	}
	maps.Copy(g.figures, g.reported)
}

// speaksOf tells whether a source is about a skill, or names it.
func (s *ground) speaksOf(b *builtin, id string) bool {
	if slices.Contains(s.skills, id) {
		return true
	}
	k, err := b.catalog.Skill(id)
	if err != nil {
		return false
	}
	for _, form := range append([]string{k.Name}, k.Aliases...) {
		if form = foldText(form); len(form) > 2 && strings.Contains(s.folded, form) {
			return true
		}
	}
	for _, other := range s.skills { // a part of it, or what it is a part of
		if o, err := b.catalog.Skill(other); err == nil && (o.Parent == id || k.Parent == other) {
			return true
		}
	}
	return false
}

// row is what the report says of a skill, or nil.
func (g *grounds) row(id string) *gapanalysis.SkillGap { return gapOf(g.report, id) }

// shown tells whether anything shows that the person has used a skill.
func (g *grounds) shown(id string) bool {
	if r := g.row(id); r != nil && r.Evidenced > 0 {
		return true
	}
	if g.report != nil {
		for _, x := range g.report.Extra {
			if x.ID != nil && *x.ID == id {
				return true
			}
		}
	}
	return slices.Contains(g.used, id)
}

func lastRune(s string) rune {
	r := []rune(s[max(0, len(s)-4):])
	if len(r) == 0 {
		return ' '
	}
	return r[len(r)-1]
}

func leadingRune(s string) rune {
	for _, r := range s {
		return r
	}
	return ' '
}

// foldText is a text as it is compared: small letters, plain quotes and dashes, single blanks.
func foldText(s string) string {
	s = plainSigns.Replace(strings.ToLower(s))
	return strings.Join(strings.Fields(s), " ")
}

var plainSigns = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "’", "'", "‘", "'", "–", "-", "—", "-", "\u00a0", " ", "\u202f", " ")

var figurePattern = regexp.MustCompile(`\d+(?:[.,]\d+)*`)

// figuresOf are the numbers of a text, written the same way.
func figuresOf(text string) map[string]bool {
	out := map[string]bool{}
	for _, f := range figurePattern.FindAllString(text, -1) {
		out[figure(f)] = true
	}
	return out
}

// figure writes a number one way: a point before decimals, no sign between thousands, no zeros at the end of decimals.
func figure(s string) string {
	if m := thousands.FindString(s); m == s && m != "" {
		return strings.NewReplacer(",", "", ".", "").Replace(s)
	}
	s = strings.ReplaceAll(s, ",", ".")
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if trimmed := strings.TrimLeft(s, "0"); trimmed != "" && trimmed[0] != '.' {
		return trimmed
	}
	return s
}

var thousands = regexp.MustCompile(`^[1-9]\d{0,2}(?:[.,]\d{3})+$`)

// tellingWords are the words of a text that say what it is about: long ones, by their beginning, so that endings do not matter.
func tellingWords(text string) map[string]bool {
	out := map[string]bool{}
	for _, w := range words(strings.ToLower(text)) {
		if r := []rune(w); len(r) >= 4 && !idleWords()[w] {
			out[string(r[:min(len(r), 6)])] = true
		}
	}
	return out
}

// idleWords are long words that say nothing.
var idleWords = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(`your yours have this that with from what when which would could should about there their they them then than been were will
		more most some such into only also very just like make made does done over under after before where while because other another level levels report
		resume skill skills role work works worked hours hour weeks week
		dein deine deinen deiner deinem haben hast eine einen einem einer nicht auch noch schon über unter wenn dann diese dieser dieses wird werden kann kannst
		para como este esta esto pero más tiene tienes sobre entre donde cuando también nivel
		pour avec dans plus cette tout tous toute mais elle ils sont être avoir comme aussi niveau`) {
		out[w] = true
	}
	return out
})
