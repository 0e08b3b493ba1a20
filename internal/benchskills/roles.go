package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/joblists"
	"github.com/gapwise/gapwise/internal/labelled"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
)

// filings counts what was filed under the ten occupations.
type filings struct{ hits, filed, gold int }

func (f *filings) add(got, gold map[string]bool) {
	f.filed += len(got)
	f.gold += len(gold)
	for o := range got {
		if gold[o] {
			f.hits++
		}
	}
}

func (f *filings) microF1() float64 { return 2 * float64(f.hits) / float64(max(1, f.filed+f.gold)) }

// filed are the occupations that are likely.
func filed(p *skill.Profile) map[string]bool {
	out := map[string]bool{}
	for _, o := range gapanalysis.Occupations(p) {
		if o.Likely {
			out[o.ID] = true
		}
	}
	return out
}

// byTitleWords is the baseline: an occupation whose title, or its one common variant, stands in the text.
func byTitleWords(text string) map[string]bool {
	out := map[string]bool{}
	for o, pattern := range map[string]string{
		gapanalysis.SoftwareDeveloper: `software (developer|engineer)`, gapanalysis.FrontEndDeveloper: `front[ -]?end (developer|engineer)`, gapanalysis.WebDeveloper: `web developer`,
		gapanalysis.PythonDeveloper: `python (developer|engineer)`, gapanalysis.JavaDeveloper: `java (developer|engineer)`, gapanalysis.NetworkAdministrator: `network (administrator|engineer)`,
		gapanalysis.SystemsAdministrator: `systems? administrator`, gapanalysis.DatabaseAdministrator: `database administrator|\bdba\b`, gapanalysis.SecurityAnalyst: `security analyst`,
		gapanalysis.ITProjectManager: `project manager`,
	} {
		if regexp.MustCompile(`(?i)` + pattern).MatchString(text) {
			out[o] = true
		}
	}
	return out
}

// titleMask takes out the words that name somebody by their work, with the word before them.
var titleMask = regexp.MustCompile(`(?i)([\p{L}\d+#./-]+[ /-])?\b(developers?|engineers?|programmers?|administrators?|admins?|analysts?|managers?|dbas?|architects?|consultants?|specialists?|sysadmins?|webmasters?)\b`)

// filesRoles measures how resumes are filed under the ten occupations: micro-F1 of what is likely.
//
// The lists of jobs' skills are those that were held out of fitting the weights, alone (some words each) and six of an occupation joined, as
// a resume is longer; their own titles are the labels, so only the figure without titles says anything. The labelled resumes of the tree
// are measured with their titles and without; their labels are of people, and roles beside the ten are left out.
func filesRoles(ctx context.Context, b *bench) ([]figure, error) {
	out, err := b.filesLabelled(ctx)
	if err != nil {
		return nil, err
	}
	lists, err := joblists.Read(filepath.Join(b.data, "job_skill_lists.txt"))
	if errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	var alone, joined filings
	pools := map[string][][]string{}
	for _, l := range lists {
		if !l.HeldOut || len(l.Labels) == 0 || len(l.Skills) < 3 {
			continue
		}
		alone.add(filed(b.profile(strings.Join(l.Skills, "; "), nil)), l.Labels)
		if len(l.Labels) == 1 {
			for o := range l.Labels {
				pools[o] = append(pools[o], l.Skills)
			}
		}
	}
	const six = 6
	for o, pool := range pools {
		for i := 0; i+six <= len(pool); i += six {
			text := strings.Join(slices.Concat(pool[i:i+six]...), "; ")
			joined.add(filed(b.profile(text, nil)), map[string]bool{o: true})
		}
	}
	return append(out,
		figure{name: fmt.Sprintf("filing jobs' lists without titles (%d labels)", alone.gold), got: alone.microF1(), precision: 3},
		figure{name: fmt.Sprintf("filing six joined lists without titles (%d)", joined.gold), got: joined.microF1(), precision: 3},
		figure{name: "ranking all roles, ms", got: b.rankingTime(pools), must: 15, atMost: true, precision: 1},
	), nil
}

func (b *bench) profile(text string, doc *resume.Document) *skill.Profile {
	if doc == nil {
		doc = &resume.Document{Text: text}
	}
	p := b.finder.Extract(doc, time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC))
	for i := range p.Claims {
		p.Claims[i].Level = max(p.Claims[i].Level, catalog.LevelNovice)
	}
	return &p
}

// occupationsOfRoles are the labels' words for the ten.
func occupationOfRole(role string) string {
	return map[string]string{
		"software": gapanalysis.SoftwareDeveloper, "backend": gapanalysis.SoftwareDeveloper, "frontend": gapanalysis.FrontEndDeveloper, "web": gapanalysis.WebDeveloper,
		"python": gapanalysis.PythonDeveloper, "java": gapanalysis.JavaDeveloper, "network": gapanalysis.NetworkAdministrator, "systems": gapanalysis.SystemsAdministrator,
		"database": gapanalysis.DatabaseAdministrator, "security": gapanalysis.SecurityAnalyst, "project": gapanalysis.ITProjectManager,
	}[role]
}

func (b *bench) filesLabelled(ctx context.Context) ([]figure, error) {
	resumes, err := labelled.Load(os.DirFS(labelledDir), b.catalog.HasSkill)
	if err != nil {
		fmt.Fprintln(b.stderr, err)
	}
	var with, without, naive [2]filings
	for _, r := range resumes {
		gold := map[string]bool{}
		for _, role := range r.Roles {
			if o := occupationOfRole(role); o != "" {
				gold[o] = true
			}
		}
		if len(gold) == 0 {
			continue
		}
		doc, _, err := r.Document(ctx)
		if err != nil {
			return nil, err
		}
		half := 0
		if r.HeldOut() {
			half = 1
		}
		got := filed(b.profile("", doc))
		with[half].add(got, gold)
		masked := filed(b.profile(titleMask.ReplaceAllString(r.Text, " "), nil))
		without[half].add(masked, gold)
		naive[half].add(byTitleWords(r.Text), gold)
		if b.verbose && half == 0 {
			fmt.Fprintf(b.stderr, "%s: label %v, filed %v, without titles %v\n", r.Name, gold, got, masked)
		}
	}
	var out []figure
	for half, name := range []string{"resumes 01–20", "resumes 21–40, held out"} {
		if with[half].gold == 0 {
			continue
		}
		out = append(out,
			figure{name: fmt.Sprintf("filing %s, with titles (%d labels)", name, with[half].gold), naive: fmt.Sprintf("%.3f", naive[half].microF1()), got: with[half].microF1(), must: 0.86, precision: 3},
			figure{name: fmt.Sprintf("filing %s, without titles", name), got: without[half].microF1(), must: 0.8, precision: 3},
		)
	}
	return out, nil
}

// rankingTime is the median time of ranking all roles for a profile of joined lists, in milliseconds.
func (b *bench) rankingTime(pools map[string][][]string) float64 {
	var times []float64
	for _, pool := range pools {
		p := b.profile(strings.Join(slices.Concat(pool[:min(len(pool), 8)]...), "; "), nil)
		start := time.Now()
		gapanalysis.Rank(b.catalog, p, func(*catalog.Role) gapanalysis.Nearness { return gapanalysis.Nearness{} }, gapanalysis.Options{Today: start})
		times = append(times, float64(time.Since(start).Microseconds())/1000)
	}
	slices.Sort(times)
	if len(times) == 0 {
		return 0
	}
	return times[len(times)/2]
}
