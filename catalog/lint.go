package catalog

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Problem is one thing that is wrong with a catalogue.
type Problem struct {
	File    string `json:"file"`
	Line    int    `json:"line,omitempty"`
	Field   string `json:"field,omitempty"`
	Message string `json:"message"`
}

// Error writes the problem the way editors understand: file, line, field, message.
func (p Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
	}
	b.WriteString(": ")
	if p.Field != "" {
		b.WriteString(p.Field + ": ")
	}
	b.WriteString(p.Message)
	return b.String()
}

var slug = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// checker collects problems while it walks a catalogue.
type checker struct {
	c        *Catalog
	problems []Problem
}

func (k *checker) add(key, field, format string, args ...any) {
	k.problems = append(k.problems, Problem{File: k.c.origins[key], Field: field, Message: fmt.Sprintf(format, args...)})
}

// check holds every rule that needs the whole catalogue.
// found are those of reading the files.
func (c *Catalog) check(found []Problem) []Problem {
	k := &checker{c: c}
	if len(c.version) == 0 || strings.HasPrefix(c.version, "+") {
		k.problems = append(k.problems, Problem{File: "catalog.yaml", Field: "version", Message: "is missing"})
	}
	k.skills()
	k.learning()
	k.relations()
	for _, r := range c.roles {
		k.role(r)
	}
	if len(k.problems)+len(found) == 0 {
		k.orphans() // a skill that only a broken entry names is no orphan
	}
	k.titles()
	k.renames()
	k.spelling()
	return append(found, k.problems...)
}

// written are the skills, those of the binary before an operator's own: of two that claim a form, it is the operator's that can be mended.
func (k *checker) written() []*Skill {
	list := slices.Clone(k.c.skills)
	slices.SortStableFunc(list, func(a, b *Skill) int {
		_, ownA := k.c.origins["skill "+a.ID]
		_, ownB := k.c.origins["skill "+b.ID]
		switch {
		case ownA == ownB:
			return 0
		case ownA:
			return 1
		}
		return -1
	})
	return list
}

func (k *checker) skills() {
	kinds := []Kind{Language, Framework, Library, Tool, Database, Cloud, Platform, Practice, Concept, Domain, Soft}
	claimed := map[string]string{} // folded form to skill id
	for _, s := range k.written() {
		key := "skill " + s.ID
		if !slug.MatchString(s.ID) {
			k.add(key, s.ID, "%q is not a lower-case slug", s.ID)
		}
		if s.Name == "" {
			k.add(key, s.ID+".name", "is missing")
		}
		if !slices.Contains(kinds, s.Kind) {
			k.add(key, s.ID+".kind", "%q is not one of %v", s.Kind, kinds)
		}
		if s.Import == nil {
			k.description(key, s)
		}
		for _, e := range s.Ecosystem {
			if !k.c.HasSkill(e) || e == s.ID {
				k.add(key, s.ID+".ecosystem", "%q is not another skill", e)
			}
		}
		if _, ok := effortHours[s.Effort]; !ok {
			k.add(key, s.ID+".effort", "%q is not one of S, M, L, XL", s.Effort)
		}
		if s.Parent != "" && !k.c.HasSkill(s.Parent) {
			k.add(key, s.ID+".parent", "no skill %q", s.Parent)
		}
		if s.Parent == s.ID {
			k.add(key, s.ID+".parent", "is the skill itself")
		}
		if s.Since != 0 && (s.Since < 1940 || s.Since > time.Now().Year()) {
			k.add(key, s.ID+".since", "%d is not a year of use", s.Since)
		}
		if s.Until != 0 && s.Until < s.Since {
			k.add(key, s.ID+".until", "%d is before since %d", s.Until, s.Since)
		}
		for i, form := range append([]string{s.Name}, s.Aliases...) {
			folded := strings.ToLower(strings.TrimSpace(form))
			if folded == "" {
				if i > 0 { // a missing name has been told
					k.add(key, s.ID+".aliases", "has an empty alias")
				}
				continue
			}
			if other, taken := claimed[folded]; taken && other != s.ID {
				k.add(key, s.ID+".aliases", "%q is already claimed by %s", form, other)
			}
			claimed[folded] = s.ID
		}
		for _, form := range s.Ambiguous {
			if claimed[strings.ToLower(form)] != s.ID {
				k.add(key, s.ID+".ambiguous", "%q is neither the name nor an alias", form)
			}
		}
		if len(s.Ambiguous) > 0 && len(s.Cues) == 0 {
			k.add(key, s.ID+".cues", "an ambiguous skill needs words that speak for it")
		}
	}
}

func (k *checker) description(key string, s *Skill) {
	if n := len(strings.Fields(s.Description)); n < 8 {
		k.add(key, s.ID+".description", "has %d words; say what it is and what it is for", n)
	}
	if strings.HasPrefix(strings.ToLower(s.Description), strings.ToLower(s.Name)+" ") {
		k.add(key, s.ID+".description", "repeats the name; say what it is")
	}
}

func (k *checker) relations() {
	for _, s := range sortedKeys(k.c.requires) {
		seen := map[string]bool{}
		for _, p := range k.c.requires[s] {
			key, field := "requires "+p.Skill+" "+p.Needs, fmt.Sprintf("requires %s → %s", p.Skill, p.Needs)
			if !k.c.HasSkill(p.Skill) || !k.c.HasSkill(p.Needs) {
				k.add(key, field, "names a skill that does not exist")
			}
			if p.Level < 1 || p.Level > LevelExpert {
				k.add(key, field, "level %d is not between 1 and 5", p.Level)
			}
			if seen[p.Needs] {
				k.add(key, field, "is written twice")
			}
			seen[p.Needs] = true
		}
	}
	for _, t := range sortedKeys(k.c.transferTo) {
		seen := map[string]bool{}
		for _, x := range k.c.transferTo[t] {
			key, field := "transfers "+x.From+" "+x.To, fmt.Sprintf("transfers %s → %s", x.From, x.To)
			if !k.c.HasSkill(x.From) || !k.c.HasSkill(x.To) || x.From == x.To {
				k.add(key, field, "names a skill that does not exist, or itself")
			}
			if x.Credit <= 0 || x.Credit >= 1 {
				k.add(key, field, "credit %.2f is not between 0 and 1", x.Credit)
			}
			if len(strings.Fields(x.Note)) < 4 {
				k.add(key, field, "the note says too little: what carries over and what does not")
			}
			if x.HoursSaved < 0 {
				k.add(key, field, "saves %d hours", x.HoursSaved)
			}
			if seen[x.From] {
				k.add(key, field, "is written twice")
			}
			seen[x.From] = true
		}
	}
	if cycle := k.cycle(); len(cycle) > 0 {
		k.add("requires "+cycle[0]+" "+cycle[1], "requires", "has a cycle: %s", strings.Join(cycle, " → "))
	}
}

// cycle finds a cycle of prerequisites by depth-first search, or nil.
func (k *checker) cycle() []string {
	const (
		onPath = 1
		done   = 2
	)
	state := map[string]int{}
	var path []string
	var visit func(string) []string
	visit = func(id string) []string {
		if state[id] == done {
			return nil
		}
		if state[id] == onPath {
			return append(slices.Clone(path[slices.Index(path, id):]), id)
		}
		state[id] = onPath
		path = append(path, id)
		for _, p := range k.c.requires[id] {
			if found := visit(p.Needs); found != nil {
				return found
			}
		}
		path = path[:len(path)-1]
		state[id] = done
		return nil
	}
	for _, id := range sortedKeys(k.c.requires) {
		if found := visit(id); found != nil {
			return found
		}
	}
	return nil
}

// Bounds on a role, all from what a complete path needs.
const (
	minRoleSkills = 25
	maxRoleSkills = 40
	roleProjects  = 9
)

func (k *checker) role(r *Role) {
	key := "role " + r.ID
	if !slug.MatchString(r.ID) {
		k.add(key, "id", "%q is not a lower-case slug", r.ID)
	}
	if r.Import != nil {
		k.requirements(key, r)
		return // taken from a published classification, which has no more
	}
	for _, f := range []struct{ field, value string }{
		{"name", r.Name}, {"summary", r.Summary}, {"why_now", r.WhyNow}, {"family", r.Family}, {"time_to_ready.from", r.TimeToReady.From},
	} {
		if f.value == "" {
			k.add(key, f.field, "is missing")
		}
	}
	if !slices.Contains([]string{"junior", "mid", "senior", "staff", "lead"}, r.Seniority) {
		k.add(key, "seniority", "%q is not one of junior, mid, senior, staff, lead", r.Seniority)
	}
	if len(r.TypicalDay) < 4 {
		k.add(key, "typical_day", "has %d lines; give at least four", len(r.TypicalDay))
	}
	k.date(key, "reviewed_on", r.ReviewedOn)
	for i, s := range r.Salary {
		field := fmt.Sprintf("salary[%d]", i)
		switch {
		case s.Source == nil && !strings.Contains(s.Note, "without a published source"):
			k.add(key, field, "has no source, and its note does not say so")
		case s.Source != nil && s.AsOf == nil:
			k.add(key, field+".as_of", "is missing: a figure with a source has a date")
		case s.AsOf != nil:
			k.date(key, field+".as_of", *s.AsOf)
		}
		if s.Percentile < 1 || s.Percentile > 99 || s.Country == "" || s.Amount <= 0 {
			k.add(key, field, "needs a country, an amount and a percentile of 1 to 99")
		}
	}
	k.overrides(key, r)
	k.phases(key, r)
	k.requirements(key, r)
	k.projects(key, r)
}

func (k *checker) date(key, field, value string) {
	if d, err := time.Parse(time.DateOnly, value); err != nil {
		k.add(key, field, "%q is not a date like 2026-11-23", value)
	} else if d.After(time.Now()) {
		k.add(key, field, "%s is in the future", value)
	}
}

func (k *checker) phases(key string, r *Role) {
	if len(r.Phases) < 3 || len(r.Phases) > 5 {
		k.add(key, "phases", "has %d; give three to five", len(r.Phases))
	}
	months := 0
	seen := map[string]bool{}
	for _, p := range r.Phases {
		months += p.Months
		if !slug.MatchString(p.ID) || seen[p.ID] {
			k.add(key, "phases."+p.ID, "the id is not a slug of its own")
		}
		seen[p.ID] = true
		if len(p.Milestones) < 3 || len(p.Milestones) > 5 {
			k.add(key, "phases."+p.ID+".milestones", "has %d; give three to five", len(p.Milestones))
		}
		for _, m := range p.Milestones {
			if !slug.MatchString(m.ID) || seen[m.ID] {
				k.add(key, "phases."+p.ID+".milestones."+m.ID, "the id is not a slug of its own in the role")
			}
			seen[m.ID] = true
			if m.Name == "" || m.Evidence == "" || len(m.Checklist) == 0 {
				k.add(key, "phases."+p.ID+".milestones."+m.ID, "needs a name, the evidence and a checklist")
			}
		}
	}
	if r.Consolidation != nil {
		months += r.Consolidation.Months
		if r.Consolidation.Purpose == "" {
			k.add(key, "consolidation.purpose", "is missing: say what the rest of the time is for")
		}
	}
	if months != r.TimeToReady.Months {
		k.add(key, "phases", "phases and consolidation make %d months, time_to_ready says %d", months, r.TimeToReady.Months)
	}
	if from := r.TimeToReady.FromRole; from != "" && (k.c.roleByID[from] == nil || from == r.ID) {
		k.add(key, "time_to_ready.from_role", "%q is not another role", from)
	}
	if r.TimeToReady.HoursPerWeek < 1 {
		k.add(key, "time_to_ready.hours_per_week", "is missing")
	}
}

func (k *checker) requirements(key string, r *Role) {
	if n := len(r.Skills); r.Import == nil && (n < minRoleSkills || n > maxRoleSkills) {
		k.add(key, "skills", "has %d; give %d to %d", n, minRoleSkills, maxRoleSkills)
	}
	var sum float64
	seen := map[string]bool{}
	taught := map[string]int{}
	for i, q := range r.Skills {
		field := fmt.Sprintf("skills[%d] %s", i, q.Skill)
		if !k.c.HasSkill(q.Skill) {
			k.add(key, field, "no such skill")
		}
		if seen[q.Skill] {
			k.add(key, field, "is asked for twice")
		}
		seen[q.Skill] = true
		if q.Level < 1 || q.Level > LevelExpert {
			k.add(key, field, "level %d is not between 1 and 5", q.Level)
		}
		if q.Weight <= 0 {
			k.add(key, field, "weight must be above 0")
		}
		if !slices.Contains(r.phaseIDs(), q.Phase) {
			k.add(key, field, "no phase teaches it: there is no phase %q", q.Phase)
		}
		if q.Why == "" {
			k.add(key, field, "says no reason")
		}
		for _, a := range q.Alternatives {
			if !k.c.HasSkill(a) || a == q.Skill {
				k.add(key, field, "alternative %q is not another skill", a)
			}
		}
		taught[q.Phase]++
		sum += q.Weight
	}
	if math.Abs(sum-1) > 1e-9 {
		k.add(key, "skills", "weights sum to %.6f, not 1", sum)
	}
	for _, p := range r.phaseIDs() {
		if r.Import == nil && taught[p] < 2 {
			k.add(key, "phases."+p, "teaches %d skills", taught[p])
		}
	}
}

func (k *checker) projects(key string, r *Role) {
	if len(r.Projects) != roleProjects {
		k.add(key, "projects", "has %d; a role has nine", len(r.Projects))
	}
	seen := map[string]bool{}
	for _, p := range r.Projects {
		field := "projects." + p.ID
		if !slug.MatchString(p.ID) || seen[p.ID] {
			k.add(key, field, "the id is not a slug of its own")
		}
		seen[p.ID] = true
		if !slices.Contains(r.phaseIDs(), p.Phase) {
			k.add(key, field+".phase", "no phase %q", p.Phase)
		}
		if p.Difficulty < 1 || p.Difficulty > 5 || p.Hours < 1 {
			k.add(key, field, "needs a difficulty of 1 to 5 and hours")
		}
		if len(p.Acceptance) < 3 {
			k.add(key, field+".acceptance", "has %d criteria; give at least three", len(p.Acceptance))
		}
		for _, s := range p.Skills {
			if !slices.ContainsFunc(r.Skills, func(q Requirement) bool { return q.Skill == s }) {
				k.add(key, field+".skills", "%s is not a skill of the role", s)
			}
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
