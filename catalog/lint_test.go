package catalog_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/fault"
)

// The files of a small catalogue that keeps every rule. Tests break it in one place at a time.
const (
	manifestName = "catalog.yaml"
	skillsName   = "skills/tool.yaml"
	roleName     = "roles/bread-engineer.yaml"
	learningName = "learning/oven.yaml"
	relationName = "relations/core.yaml"
	samplesName  = "postings/samples.jsonl"
)

func goodFiles() map[string]string {
	var skills strings.Builder
	for i := range 30 {
		fmt.Fprintf(&skills, "- id: skill-%02d\n  name: Skill %02d\n  kind: tool\n  description: It is the tool number %02d and is for kneading dough.\n  aliases: [alias %02d]\n  effort: M\n", i, i, i, i)
	}
	skills.WriteString("- id: breadgit\n  name: BreadGit\n  kind: tool\n  description: A store of every version of a recipe that bakers ever wrote.\n  parent: skill-02\n  effort: S\n")
	skills.WriteString("- id: oven\n  name: Oven\n  kind: platform\n  description: A hot box in which dough turns into bread of many kinds.\n" +
		"  aliases: [hearth]\n  ambiguous: [Oven]\n  cues: [dough]\n  parent: skill-00\n  since: 1950\n  until: 1999\n  effort: XL\n")

	var r strings.Builder
	r.WriteString(`id: bread-engineer
name: Bread engineer
family: baking
seniority: mid
aliases: [Baker]
summary: Bakes.
typical_day: [first, second, third, fourth]
why_now: People eat.
salary:
  - {country: US, currency: USD, percentile: 50, amount: 1, period: year, source: null, as_of: null, note: "Seed figure without a published source."}
time_to_ready: {months: 12, hours_per_week: 10, from: An apprentice}
consolidation: {months: 3, purpose: Practice}
reviewed_on: 2026-11-01
phases:
`)
	for p := range 3 {
		fmt.Fprintf(&r, "  - id: phase-%d\n    name: Phase\n    months: 3\n    outcome: Bread\n    milestones:\n", p)
		for m := range 3 {
			fmt.Fprintf(&r, "      - {id: loaf-%d%d, name: Loaf, evidence: A loaf, checklist: [eaten]}\n", p, m)
		}
	}
	r.WriteString("skills:\n")
	for i := range 25 {
		fmt.Fprintf(&r, "  - {skill: skill-%02d, level: 3, weight: 0.04, must: true, phase: phase-%d, why: Dough}\n", i, i%3)
	}
	r.WriteString("projects:\n")
	for i := range 9 {
		fmt.Fprintf(&r, "  - {id: project-%d, name: Bun, phase: phase-0, difficulty: 2, hours: 10, brief: Bake, acceptance: [a, b, c], skills: [skill-%02d]}\n", i, i)
	}
	var unasked strings.Builder // skills that no role asks for
	for i := 25; i < 30; i++ {
		fmt.Fprintf(&unasked, "  - {skill: skill-%02d, needs: skill-00, level: 1}\n", i)
	}
	return map[string]string{
		manifestName: "version: 1.2.3\n",
		skillsName:   skills.String(),
		roleName:     r.String(),
		learningName: learningText(),
		relationName: "requires:\n  - {skill: skill-01, needs: skill-00, level: 2}\n" + unasked.String() + "transfers:\n  - {from: skill-02, to: skill-01, credit: 0.5, note: \"Kneading carries over, baking does not.\"}\n",
		samplesName:  "{\"title\": \"Baker\"}\n",
	}
}

func questionText(i int) string {
	return fmt.Sprintf("  - {level: 3, question: What is in oven %d?, answer: Heat, wrong: [Cold, Wind, Rain], because: It bakes., misconception: That it cools.}\n", i)
}

func learningText() string {
	var b strings.Builder
	b.WriteString("skill: oven\nrubric: [one, two, three, four, five]\nhours:\n  basis: What five bakers said of it.\n" +
		"  levels: [{p25: 1, p50: 2, p75: 3}, {p25: 2, p50: 3, p75: 5}, {p25: 3, p50: 5, p75: 8}, {p25: 6, p50: 8, p75: 12}, {p25: 9, p50: 12, p75: 20}]\nquestions:\n")
	for i := range 6 {
		b.WriteString(questionText(i))
	}
	b.WriteString("resources:\n  - {kind: documentation, title: Oven manual, by: Bakers}\n  - {kind: book, title: Bread, by: A Baker, year: 2001}\n")
	return b.String()
}

// retitled is a role's file under another id and other titles.
func retitled(text, id string) string {
	return strings.NewReplacer("id: bread-engineer", "id: "+id, "name: Bread engineer", "name: The "+id, "aliases: [Baker]", "aliases: []").Replace(text)
}

func mapFS(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text), ModTime: time.Unix(1, 0)}
	}
	return fsys
}

// broken is the good catalogue with every old replaced by new in one file; an old of "" puts new at the end.
func broken(tb testing.TB, file, old, text string) fstest.MapFS {
	tb.Helper()
	files := goodFiles()
	switch {
	case old == "":
		files[file] += text
	case !strings.Contains(files[file], old):
		tb.Fatalf("%s does not hold %q", file, old)
	default:
		files[file] = strings.Replace(files[file], old, text, 1)
	}
	return mapFS(files)
}

func lint(tb testing.TB, fsys fstest.MapFS) []catalog.Problem {
	tb.Helper()
	problems, err := catalog.Lint(fsys)
	if err != nil {
		tb.Fatalf("Lint: %v", err)
	}
	return problems
}

func TestGoodCatalogueHasNoProblem(t *testing.T) {
	t.Parallel()
	for _, p := range lint(t, mapFS(goodFiles())) {
		t.Error(p)
	}
	c, err := catalog.LoadFS(mapFS(goodFiles()))
	if err != nil {
		t.Fatal(err)
	}
	s := c.Stats()
	want := catalog.Stats{Version: c.Version(), Roles: 1, Families: 1, Phases: 3, Milestones: 9, Projects: 9, Skills: 32, Aliases: 31, Relations: 9, Rubrics: 1, Questions: 6, Resources: 2, Postings: 1}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Errorf("stats (-want +got):\n%s", diff)
	}
}

// TestEveryRule breaks each rule once and expects exactly its problem. The golden file has what each says, with the line that it names.
func TestEveryRule(t *testing.T) {
	t.Parallel()
	var told sync.Map
	t.Cleanup(func() { // after the parallel tests
		var b strings.Builder
		for _, name := range slices.Sorted(maps.Keys(entries(&told))) {
			fmt.Fprintf(&b, "%s\n    %s\n", name, entries(&told)[name])
		}
		golden(t, "testdata/lint.golden", b.String())
	})
	tests := []struct {
		name, file, old, new string
		field                string
		message              string
	}{
		{"manifest without version", manifestName, "version: 1.2.3", "", "version", "is missing"},
		{"field nobody knows", manifestName, "version: 1.2.3", "version: 1.2.3\nedition: 2", "", "edition"},

		{"skill id", skillsName, "- id: breadgit", "- id: Bread Git", "Bread Git", "not a lower-case slug"},
		{"skill id twice", skillsName, "", "- {id: oven, name: Second}\n", "oven", "used twice"},
		{"empty skill", skillsName, "", "-\n", "[32]", "empty"},
		{"skill name", skillsName, "name: Skill 29", "name: \"\"", "skill-29.name", "is missing"},
		{"skill kind", skillsName, "kind: platform", "kind: appliance", "oven.kind", "appliance"},
		{"skill description", skillsName, "It is the tool number 07 and is for kneading dough.", "It kneads.", "skill-07.description", "2 words"},
		{"skill effort", skillsName, "effort: XL", "effort: XXL", "oven.effort", "XXL"},
		{"skill rubric", learningName, "rubric: [one, two, three, four, five]", "rubric: [one, two]", "rubric", "2 lines"},
		{"skill parent", skillsName, "parent: skill-00", "parent: kitchen", "oven.parent", "kitchen"},
		{"skill its own parent", skillsName, "parent: skill-00", "parent: oven", "oven.parent", "itself"},
		{"skill since", skillsName, "since: 1950", "since: 195", "oven.since", "195"},
		{"skill since the future", skillsName, "since: 1950\n  until: 1999", "since: 2999", "oven.since", "2999"},
		{"skill until", skillsName, "until: 1999", "until: 1949", "oven.until", "before since"},
		{"empty alias", skillsName, "aliases: [alias 05]", "aliases: [\" \"]", "skill-05.aliases", "empty alias"},
		{"alias of another", skillsName, "aliases: [alias 05]", "aliases: [ALIAS 04]", "skill-05.aliases", "claimed by skill-04"},
		{"name of another", skillsName, "aliases: [hearth]", "aliases: [skill 03]", "skill-03.aliases", "claimed by oven"},
		{"ambiguous form nobody has", skillsName, "ambiguous: [Oven]", "ambiguous: [Stove]", "oven.ambiguous", "Stove"},
		{"ambiguous without cues", skillsName, "cues: [dough]", "cues: []", "oven.cues", "words that speak for it"},

		{"prerequisite unknown", relationName, "needs: skill-00", "needs: flour", "requires skill-01 → flour", "does not exist"},
		{"prerequisite level", relationName, "level: 2", "level: 6", "requires skill-01 → skill-00", "level 6"},
		{"prerequisite cycle", relationName, "transfers:", "  - {skill: skill-00, needs: skill-01, level: 1}\ntransfers:", "requires", "skill-00 → skill-01 → skill-00"},
		{"prerequisite of itself", relationName, "needs: skill-00", "needs: skill-01", "requires", "skill-01 → skill-01"},
		{"transfer unknown", relationName, "from: skill-02", "from: flour", "transfers flour → skill-01", "does not exist"},
		{"transfer to itself", relationName, "from: skill-02", "from: skill-01", "transfers skill-01 → skill-01", "itself"},
		{"transfer credit 1", relationName, "credit: 0.5", "credit: 1", "transfers skill-02 → skill-01", "credit 1.00"},
		{"transfer credit 0", relationName, "credit: 0.5", "credit: 0", "transfers skill-02 → skill-01", "credit 0.00"},
		{"transfer note", relationName, "Kneading carries over, baking does not.", "It helps.", "transfers skill-02 → skill-01", "says too little"},

		{"role id is not the file's", roleName, "id: bread-engineer", "id: cake-engineer", "id", "bread-engineer"},
		{"role name", roleName, "name: Bread engineer", "name: \"\"", "name", "is missing"},
		{"role summary", roleName, "summary: Bakes.", "summary: \"\"", "summary", "is missing"},
		{"role why now", roleName, "why_now: People eat.", "", "why_now", "is missing"},
		{"role family", roleName, "family: baking", "", "family", "is missing"},
		{"role starting point", roleName, ", from: An apprentice", "", "time_to_ready.from", "is missing"},
		{"role seniority", roleName, "seniority: mid", "seniority: wizard", "seniority", "wizard"},
		{"role day", roleName, "[first, second, third, fourth]", "[first, second, third]", "typical_day", "3 lines"},
		{"role review date", roleName, "reviewed_on: 2026-11-01", "reviewed_on: 2026-13-01", "reviewed_on", "2026-13-01"},
		{"salary without source or word of it", roleName, "Seed figure without a published source.", "A good figure.", "salary[0]", "has no source"},
		{"months do not sum", roleName, "consolidation: {months: 3", "consolidation: {months: 2", "phases", "make 11 months, time_to_ready says 12"},
		{"consolidation purpose", roleName, ", purpose: Practice", "", "consolidation.purpose", "is missing"},
		{"hours a week", roleName, "hours_per_week: 10", "hours_per_week: 0", "time_to_ready.hours_per_week", "is missing"},
		{"phase id of a milestone", roleName, "id: loaf-00", "id: phase-0", "phases.phase-0.milestones.phase-0", "slug of its own"},
		{"too few milestones", roleName, "      - {id: loaf-12, name: Loaf, evidence: A loaf, checklist: [eaten]}\n", "", "phases.phase-1.milestones", "has 2"},
		{"milestone id twice", roleName, "id: loaf-12", "id: loaf-02", "phases.phase-1.milestones.loaf-02", "slug of its own"},
		{"milestone evidence", roleName, "{id: loaf-12, name: Loaf, evidence: A loaf,", "{id: loaf-12, name: Loaf, evidence: \"\",", "phases.phase-1.milestones.loaf-12", "evidence"},
		{"milestone checklist", roleName, "{id: loaf-20, name: Loaf, evidence: A loaf, checklist: [eaten]}", "{id: loaf-20, name: Loaf, evidence: A loaf}", "phases.phase-2.milestones.loaf-20", "checklist"},
		{"requirement unknown", roleName, "skill: skill-10, level", "skill: flour, level", "skills[10] flour", "no such skill"},
		{"requirement twice", roleName, "skill: skill-20, level", "skill: skill-11, level", "skills[20] skill-11", "asked for twice"},
		{"requirement level", roleName, "{skill: skill-10, level: 3", "{skill: skill-10, level: 0", "skills[10] skill-10", "level 0"},
		{"requirement phase", roleName, "skill: skill-10, level: 3, weight: 0.04, must: true, phase: phase-1", "skill: skill-10, level: 3, weight: 0.04, must: true, phase: phase-9", "skills[10] skill-10", "phase-9"},
		{"requirement reason", roleName, "skill: skill-10, level: 3, weight: 0.04, must: true, phase: phase-1, why: Dough", "skill: skill-10, level: 3, weight: 0.04, must: true, phase: phase-1", "skills[10] skill-10", "no reason"},
		{"alternative unknown", roleName, "phase: phase-1, why: Dough", "phase: phase-1, why: Dough, alternatives: [flour]", "skills[1] skill-01", "flour"},
		{"alternative to itself", roleName, "phase: phase-1, why: Dough", "phase: phase-1, why: Dough, alternatives: [skill-01]", "skills[1] skill-01", "not another skill"},
		{"weights do not sum", roleName, "weight: 0.04", "weight: 0.05", "skills", "sum to 1.010000"},
		{"project missing", roleName, "  - {id: project-8, name: Bun, phase: phase-0, difficulty: 2, hours: 10, brief: Bake, acceptance: [a, b, c], skills: [skill-08]}\n", "", "projects", "has 8"},
		{"project id", roleName, "id: project-8", "id: Project 8", "projects.Project 8", "slug"},
		{"project id twice", roleName, "id: project-8", "id: project-7", "projects.project-7", "slug of its own"},
		{"project phase", roleName, "{id: project-4, name: Bun, phase: phase-0", "{id: project-4, name: Bun, phase: phase-7", "projects.project-4.phase", "phase-7"},
		{"project difficulty", roleName, "difficulty: 2", "difficulty: 6", "projects.project-0", "difficulty"},
		{"project hours", roleName, "hours: 10, brief", "hours: 0, brief", "projects.project-0", "hours"},
		{"project acceptance", roleName, "acceptance: [a, b, c]", "acceptance: [a, b]", "projects.project-0.acceptance", "2 criteria"},
		{"project skill", roleName, "skills: [skill-06]", "skills: [skill-29]", "projects.project-6.skills", "skill-29"},
		{"description repeats the name", skillsName, "It is the tool number 08 and", "Skill 08 is the tool number 08 and", "skill-08.description", "repeats the name"},
		{"ecosystem unknown", skillsName, "parent: skill-00", "ecosystem: [flour]\n  parent: skill-00", "oven.ecosystem", "flour"},
		{"skill of nothing", skillsName, "  parent: skill-02\n", "", "breadgit", "in no role and no relation"},
		{"name in another case", roleName, "summary: Bakes.", "summary: Bakes with breadgit every day.", "summary", "is written \"BreadGit\""},

		{"hours basis", learningName, "basis: What five bakers said of it.", "basis: Guess.", "hours.basis", "says too little"},
		{"hours of too few levels", learningName, ", {p25: 9, p50: 12, p75: 20}", "", "hours.levels", "has 4 steps"},
		{"hours that fall", learningName, "{p25: 9, p50: 12, p75: 20}", "{p25: 3, p50: 5, p75: 7}", "hours.levels[4]", "falls as the level rises"},
		{"quartiles out of order", learningName, "{p25: 1, p50: 2, p75: 3}", "{p25: 2, p50: 2, p75: 1}", "hours.levels[0]", "not quartiles"},
		{"question too few", learningName, questionText(5), "", "questions", "has 5"},
		{"question level", learningName, "level: 3, question", "level: 6, question", "questions[0].level", "6 is not"},
		{"question without an answer", learningName, "answer: Heat,", "answer: \"\",", "questions[0].answer", "is missing"},
		{"question with two wrong answers", learningName, "wrong: [Cold, Wind, Rain]", "wrong: [Cold, Wind]", "questions[0].wrong", "give 3 answers"},
		{"question whose answer is wrong too", learningName, "wrong: [Cold, Wind, Rain]", "wrong: [Cold, Wind, Heat]", "questions[0].wrong", "give 3 answers"},
		{"resource kind", learningName, "kind: documentation", "kind: rumour", "resources[0].kind", "rumour"},
		{"resource without an author", learningName, "by: Bakers", "by: \"\"", "resources[0]", "by whom"},
		{"resource with an address", learningName, "title: Oven manual", "title: \"https://example.org\"", "resources[0]", "has an address"},
		{"book without a year", learningName, ", year: 2001", "", "resources[1].year", "needs its year"},
		{"too few resources", learningName, "  - {kind: book, title: Bread, by: A Baker, year: 2001}\n", "", "resources", "has 1"},

		{"starting role unknown", roleName, ", from: An apprentice", ", from: An apprentice, from_role: cook", "time_to_ready.from_role", "cook"},
		{"related to nobody", roleName, "why_now: People eat.", "why_now: People eat.\nrelated_overrides: [{role: cook, related: true, reason: Cooks bake every day too.}]", "related_overrides[0].role", "cook"},
		{"review in the future", roleName, "reviewed_on: 2026-11-01", "reviewed_on: 2999-01-01", "reviewed_on", "in the future"},
		{"salary source without a date", roleName, "source: null", "source: A survey", "salary[0].as_of", "is missing"},
		{"salary percentile", roleName, "percentile: 50", "percentile: 0", "salary[0]", "percentile"},
		{"role is not YAML", roleName, "name: Bread engineer", "name: [Bread", "", "line"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			fsys := broken(t, tt.file, tt.old, tt.new)
			problems := lint(t, fsys)
			if len(problems) != 1 {
				t.Fatalf("%d problems, want one: %v", len(problems), problems)
			}
			got := problems[0]
			if got.File != tt.file || got.Field != tt.field || !strings.Contains(got.Message, tt.message) {
				t.Errorf("got  %s: %s: %s\nwant %s: %s: …%s…", got.File, got.Field, got.Message, tt.file, tt.field, tt.message)
			}
			told.Store(tt.name, got.Error())
			_, err := catalog.LoadFS(fsys)
			var p catalog.Problem
			if !errors.Is(err, fault.Invalid) || !errors.As(err, &p) || p != got {
				t.Errorf("LoadFS gave %v, want an invalid fault that holds the problem", err)
			}
		})
	}
}

func entries(m *sync.Map) map[string]string {
	out := map[string]string{}
	m.Range(func(k, v any) bool {
		out[k.(string)] = v.(string)
		return true
	})
	return out
}

// TestRulesOfCount are the rules that cannot be broken alone.
func TestRulesOfCount(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, file, old, new string
		want                 []string // file: field
	}{
		{"no manifest", manifestName, "version: 1.2.3\n", "\x00", []string{"catalog.yaml: ", "catalog.yaml: version"}},
		{"a requirement too few", roleName, "  - {skill: skill-24, level: 3, weight: 0.04, must: true, phase: phase-0, why: Dough}\n", "", []string{roleName + ": skills", roleName + ": skills"}},
		{"weight of nothing", roleName, "weight: 0.04", "weight: 0", []string{roleName + ": skills[0] skill-00", roleName + ": skills"}},
		{"a phase id twice", roleName, "- id: phase-2", "- id: phase-1", slices.Concat(
			[]string{roleName + ": phases.phase-1"}, slices.Repeat([]string{roleName + ": skills"}, 8))},
		{"a phase of a name nobody teaches", roleName, "- id: phase-2", "- id: phase-x", slices.Concat(
			slices.Repeat([]string{roleName + ": skills"}, 8), []string{roleName + ": phases.phase-x"})},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, p := range lint(t, broken(t, tt.file, tt.old, tt.new)) {
				field, _, _ := strings.Cut(p.Field, "[")
				if !strings.Contains(tt.want[0], "[") {
					p.Field = field
				}
				got = append(got, p.File+": "+p.Field)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("two phases", func(t *testing.T) {
		t.Parallel()
		files := goodFiles()
		from := strings.Index(files[roleName], "  - id: phase-2")
		to := strings.Index(files[roleName], "skills:\n")
		files[roleName] = strings.ReplaceAll(files[roleName][:from]+files[roleName][to:], "phase-2", "phase-1")
		files[roleName] = strings.Replace(files[roleName], "months: 12", "months: 9", 1)
		problems := lint(t, mapFS(files))
		if len(problems) != 1 || problems[0].Field != "phases" || !strings.Contains(problems[0].Message, "has 2") {
			t.Errorf("problems %v, want one of phases", problems)
		}
	})
	t.Run("a title of two roles", func(t *testing.T) {
		t.Parallel()
		files := goodFiles()
		files["roles/cake-engineer.yaml"] = strings.Replace(retitled(files[roleName], "cake-engineer"), "aliases: []", "aliases: [baker]", 1)
		problems := lint(t, mapFS(files))
		if len(problems) != 1 || problems[0].File != "roles/cake-engineer.yaml" || !strings.Contains(problems[0].Message, "a title of bread-engineer") {
			t.Errorf("problems %v, want one that names both roles", problems)
		}
	})
	t.Run("nothing at all", func(t *testing.T) {
		t.Parallel()
		if problems := lint(t, fstest.MapFS{}); len(problems) == 0 {
			t.Error("an empty directory passes for a catalogue")
		}
	})
}

func TestProblemIsOneLineForEditors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		p    catalog.Problem
		want string
	}{
		{catalog.Problem{File: "skills/tool.yaml", Line: 7, Field: "oven.kind", Message: "is wrong"}, "skills/tool.yaml:7: oven.kind: is wrong"},
		{catalog.Problem{File: "catalog.yaml", Message: "is missing"}, "catalog.yaml: is missing"},
	} {
		if got := tt.p.Error(); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

func TestVersionNamesTheContent(t *testing.T) {
	t.Parallel()
	version := func(tb testing.TB, fsys fstest.MapFS) string {
		tb.Helper()
		c, err := catalog.LoadFS(fsys)
		if err != nil {
			tb.Fatal(err)
		}
		return c.Version()
	}
	base := version(t, mapFS(goodFiles()))
	if !strings.HasPrefix(base, "1.2.3+") {
		t.Errorf("version %q does not begin with the catalogue's own", base)
	}
	seen := map[string]string{base: "nothing"}
	for _, tt := range []struct{ name, file, old, new string }{
		{"a skill's alias", skillsName, "hearth", "fireplace"},
		{"a role's text", roleName, "People eat.", "People eat a lot."},
		{"a credit", relationName, "0.5", "0.6"},
		{"a posting", samplesName, "Baker", "Cook"},
		{"the catalogue's version", manifestName, "1.2.3", "1.2.4"},
		{"a comment", manifestName, "", "# reviewed\n"},
	} {
		v := version(t, broken(t, tt.file, tt.old, tt.new))
		if other, same := seen[v]; same {
			t.Errorf("changing %s gives the version of changing %s", tt.name, other)
		}
		seen[v] = tt.name
	}

	for name, change := range map[string]func(fstest.MapFS){
		"nothing":            func(fstest.MapFS) {},
		"times of the files": func(fsys fstest.MapFS) { fsys[skillsName].ModTime = time.Unix(99, 0) },
		"a file of no entry": func(fsys fstest.MapFS) { fsys["README.md"] = &fstest.MapFile{Data: []byte("Hello")} },
	} {
		fsys := mapFS(goodFiles())
		change(fsys)
		if v := version(t, fsys); v != base {
			t.Errorf("changing %s changed the version from %s to %s", name, base, v)
		}
	}
	if a, b := load(t).Version(), load(t).Stats().Version; a != b || !strings.Contains(a, "+") {
		t.Errorf("versions of the embedded catalogue: %q and %q", a, b)
	}
}

// TestRelatedCountsLevels has two roles with known overlap.
func TestRelatedCountsLevels(t *testing.T) {
	t.Parallel()
	files := goodFiles()
	// The second role asks for the same skills at level 5; the first has them at 3, so it is 3/5 of the way, and the other way round all.
	other := strings.ReplaceAll(files[roleName], "level: 3", "level: 5")
	files["roles/cake-engineer.yaml"] = retitled(other, "cake-engineer")
	// The third asks for the first eleven of the first role's 25 skills at a third of the level and others besides: 0.44, just over the line,
	// towards it, and from it 11 × 0.04 / 3, under the line.
	files["roles/bun-engineer.yaml"] = retitled(files[roleName], "bun-engineer")
	for i := 11; i < 25; i++ {
		fmt.Fprintf(&skillLines{files, skillsName}, "- {id: bun-%02d, name: Bun %02d, kind: tool, description: It is one of the tools that only buns need., aliases: [bun tool %02d], effort: S}\n", i, i, i)
		files["roles/bun-engineer.yaml"] = strings.Replace(files["roles/bun-engineer.yaml"], fmt.Sprintf("skill: skill-%02d", i), fmt.Sprintf("skill: bun-%02d", i), 1)
	}
	files["roles/bun-engineer.yaml"] = strings.ReplaceAll(files["roles/bun-engineer.yaml"], "level: 3", "level: 1")
	c, err := catalog.LoadFS(mapFS(files))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]map[string]float64{}
	for _, r := range c.Roles() {
		got[r.ID] = map[string]float64{}
		for _, rel := range c.Related(r.ID) {
			got[r.ID][rel.Role] = rel.Shared
		}
	}
	want := map[string]map[string]float64{
		"bread-engineer": {"cake-engineer": 0.6, "bun-engineer": 0.44},
		"cake-engineer":  {"bread-engineer": 1, "bun-engineer": 0.44},
		"bun-engineer":   {},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("related (-want +got):\n%s", diff)
	}
}

// skillLines appends to one file of files.
type skillLines struct {
	files map[string]string
	name  string
}

func (w *skillLines) Write(b []byte) (int, error) {
	w.files[w.name] += string(b)
	return len(b), nil
}

func FuzzLint(f *testing.F) {
	good := goodFiles()
	names := slices.Sorted(maps.Keys(good))
	for i, name := range names {
		f.Add(i, good[name])
	}
	f.Add(1, "- id: a\n  name: \"\\xff\"\n-\n- [")
	f.Add(2, "requires: [{skill: a, needs: b}, {skill: b, needs: a}]")
	f.Fuzz(func(t *testing.T, file int, text string) {
		files := goodFiles()
		files[names[(file%len(names)+len(names))%len(names)]] = text
		problems, err := catalog.Lint(mapFS(files))
		if err != nil {
			t.Fatal(err)
		}
		c, err := catalog.LoadFS(mapFS(files))
		if (len(problems) > 0) != (err != nil) || err == nil && c == nil {
			t.Errorf("%d problems and error %v", len(problems), err)
		}
	})
}
