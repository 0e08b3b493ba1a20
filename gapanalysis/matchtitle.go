package gapanalysis

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/skill"
)

// TitleBridge says which roles of the catalogue a title belongs to, so that two titles without a word in common meet in a role: a DBA and a
// database reliability engineer, an Entwickler and a développeur. It is safe for concurrent use.
type TitleBridge struct {
	roles []bridgeRole
	mu    sync.Mutex
	seen  map[string]seenTitle
	known sync.Map // id of a skill to the names that titles are looked through for, in small letters
}

// seenTitle is a title that was read.
type seenTitle struct {
	read  readTitle
	roles []roleFit
}

type bridgeRole struct {
	role  *catalog.Role
	forms []readTitle
	named []string // those of two words or more, as they stand in a title
}

type roleFit struct {
	role int // place in roles
	fit  float64
}

// maxBridged bounds the titles that are kept; a full map is begun anew.
const maxBridged = 20_000

// fitNamed is how well a title fits a role whose name stands in it among other words, such as the team or the tools.
const fitNamed = 0.9

// bridgeFrom is the fit from which a title belongs to a role.
const bridgeFrom = 0.4

// NewTitleBridge makes one of a catalogue's roles.
func NewTitleBridge(c *catalog.Catalog) *TitleBridge {
	b := &TitleBridge{seen: map[string]seenTitle{}}
	for _, r := range c.Roles() {
		br := bridgeRole{role: r}
		for _, form := range append([]string{r.Name}, r.Aliases...) {
			form = english(form)
			br.forms = append(br.forms, newReadTitle(form, 1))
			if strings.Contains(form, " ") {
				br.named = append(br.named, form)
			}
		}
		b.roles = append(b.roles, br)
	}
	return b
}

// read reads a title: its words, and the roles that it belongs to.
func (b *TitleBridge) read(title string) seenTitle {
	b.mu.Lock()
	defer b.mu.Unlock()
	if out, ok := b.seen[title]; ok {
		return out
	}
	own := english(skill.Neutral(title))
	out := seenTitle{read: newReadTitle(own, 1)}
	whole := newTitleText(own)
	for i, r := range b.roles {
		best := 0.0
		for _, f := range r.forms {
			best = max(best, out.read.near(f))
		}
		if slices.ContainsFunc(r.named, whole.has) {
			best = max(best, fitNamed)
		}
		if best >= bridgeFrom {
			out.roles = append(out.roles, roleFit{i, best})
		}
	}
	if len(b.seen) >= maxBridged {
		clear(b.seen)
	}
	b.seen[title] = out
	return out
}

// titleSide is the person's side of comparing titles.
type titleSide struct {
	bridge *TitleBridge
	own    []readTitle
	roles  []float64 // how much of each role the person is, the most 1
	fits   map[string]float64
}

// How much a person's titles and their skills say about which role is theirs.
const (
	sideByTitle  = 0.6
	sideBySkills = 0.4
)

func (b *TitleBridge) side(h *held, p *skill.Profile) *titleSide {
	s := &titleSide{bridge: b, roles: make([]float64, len(b.roles)), fits: map[string]float64{}}
	weight := 1.0
	byTitle := make([]float64, len(b.roles))
	titles := p.Titles
	if len(titles) == 0 {
		titles = b.headline(p.Text)
	}
	for _, t := range titles {
		seen := b.read(t)
		seen.read.weight = weight
		s.own = append(s.own, seen.read)
		for _, f := range seen.roles {
			byTitle[f.role] = max(byTitle[f.role], weight*f.fit)
		}
		weight *= titleDecay
	}
	most := 0.0
	for i, r := range b.roles {
		var have, all float64
		for _, q := range r.role.Skills {
			all += q.Weight
			have += q.Weight * min(1, float64(h.claims[q.Skill].Level)/float64(q.Level))
		}
		if all > 0 {
			have /= all
		}
		s.roles[i] = sideByTitle*byTitle[i] + sideBySkills*have
		most = max(most, s.roles[i])
	}
	for i := range s.roles {
		if most > 0 {
			s.roles[i] /= most
		}
	}
	return s
}

// headline are the names of roles of two words or more that stand at the beginning of a resume whose positions have no titles, the longest first.
func (b *TitleBridge) headline(text string) []string {
	head := titleText(" " + english(skill.Neutral(text[:min(len(text), headlineBytes)])) + " ")
	var out []string
	for _, r := range b.roles {
		for _, form := range append([]string{r.role.Name}, r.role.Aliases...) {
			if form = english(form); strings.Contains(form, " ") && head.has(form) {
				out = append(out, form)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	return out[:min(len(out), 2)]
}

// Of a role that a title belongs to only by the skills it asks for, and of a title that belongs to none.
const fitNoRole = 0.3

// fit is how well a posting's title names the person's work, in [0, 1].
func (s *titleSide) fit(title string) float64 {
	if v, ok := s.fits[title]; ok {
		return v
	}
	seen := s.bridge.read(title)
	best := 0.0
	for _, t := range s.own {
		best = max(best, t.weight*t.near(seen.read))
	}
	if len(seen.roles) == 0 {
		best = max(best, fitNoRole)
	}
	for _, f := range seen.roles {
		best = max(best, f.fit*s.roles[f.role])
	}
	s.fits[title] = best
	return best
}

// english writes a title of German, French, Spanish or Dutch as English titles are written, word by word.
func english(title string) string {
	title = titleTranslations().Replace(strings.ToLower(title))
	for _, sep := range []string{" – ", " - ", " | ", " (", ", "} { // what stands behind is the team or the product more often than the work
		title = strings.ReplaceAll(title, sep, " ")
	}
	return title
}

var titleTranslations = sync.OnceValue(func() *strings.Replacer {
	return strings.NewReplacer(
		"softwareentwickler", "software developer", "datenbankentwickler", "database data developer", "-entwickler", " developer", "entwickler", "developer", "softwareingenieur", "software engineer",
		"ki-ingenieur", "ai engineer", "ingenieur", "engineer", "systemadministrator", "systems administrator", "netzwerkadministrator", "network administrator", "projektleiter", "project manager",
		"projectmanager", "project manager", "datenanalyst", "data analyst", "werkstudent", "working student", "/in", "",
		"développeur·se", "developer", "développeur", "developer", "développement", "development", "ingénieur·e", "engineer", "ingénieur", "engineer", "réseaux", "network", "réseau", "network", "données", "data",
		"administrateur", "administrator", "système", "system", "chef de projet", "project manager",
		"desarrollador", "developer", "ingeniero/a", "engineer", "ingeniero", "engineer", "de redes", "network", "redes", "network", "de datos", "data", "datos", "data", "analista", "analyst", "administrador", "administrator",
		"aprendizaje automático", "machine learning", "jefe de proyecto", "project manager",
		"golang", "go", "site reliability", "sre", "k8s", "kubernetes",
	)
})

// titleText is a posting's title for finding names of skills in it.
type titleText string

func newTitleText(s string) titleText { return titleText(" " + strings.ToLower(s) + " ") }

// named tells whether a title names a skill, by its name or another of three letters or more, as whole words.
func (b *TitleBridge) named(t titleText, c *catalog.Catalog, id string) bool {
	found, ok := b.known.Load(id)
	if !ok {
		var list []string
		if s, err := c.Skill(id); err == nil {
			list = append(list, strings.ToLower(s.Name))
			for _, a := range s.Aliases {
				if len(a) >= 3 {
					list = append(list, strings.ToLower(a))
				}
			}
		}
		found, _ = b.known.LoadOrStore(id, list)
	}
	names, _ := found.([]string)
	return slices.ContainsFunc(names, t.has)
}

func (t titleText) has(name string) bool {
	for rest := string(t); ; {
		i := strings.Index(rest, name)
		if i < 0 {
			return false
		}
		before, after := rest[:i], rest[i+len(name):]
		if i > 0 && !wordRune(lastRune(before)) && !wordRune(firstRune(after)) {
			return true
		}
		rest = after
	}
}

func lastRune(s string) (last rune) {
	for _, r := range s {
		last = r
	}
	return last
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '+' || r == '#' }
