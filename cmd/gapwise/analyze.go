package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/skill"
)

// roles ranks the roles for one resume, in memory, and files it under the ten headings of gapanalysis.Occupations.
func roles(ctx context.Context, c *command) error {
	o, err := c.offlineParts()
	if err != nil {
		return err
	}
	if len(c.args) != 1 {
		return c.wrongUse("Name one resume.")
	}
	data, err := c.input(c.args[0])
	if err != nil {
		return err
	}
	doc, err := o.reader.Read(ctx, c.args[0], data)
	if err != nil {
		return err
	}
	space, err := gapanalysis.NewSpace(ctx, o.catalog, embeddings.Builtin{})
	if err != nil {
		return err
	}
	now := time.Now()
	profile := o.finder.Extract(doc, now)
	var held []string
	for _, claim := range profile.Claims {
		if claim.ID != nil {
			held = append(held, *claim.ID)
		}
	}
	ranked := gapanalysis.Rank(o.catalog, &profile, func(r *catalog.Role) gapanalysis.Nearness {
		asked := make([]string, len(r.Skills))
		for i, q := range r.Skills {
			asked[i] = q.Skill
		}
		return space.Nearest(asked, held)
	}, gapanalysis.Options{Today: now})
	occupations := gapanalysis.Occupations(&profile)
	if c.json {
		return c.printJSON(map[string]any{"roles": ranked, "occupations": occupations})
	}
	for _, f := range occupations {
		if f.Likely {
			fmt.Fprintf(c.stdout, "Filed under %s (%.0f %%).\n", f.Name, f.Score*100)
		}
	}
	for _, r := range ranked {
		fmt.Fprintf(c.stdout, "%3.0f %%  %s (%s)\n", r.Score*100, r.Name, r.ID)
		for _, reason := range r.Reasons {
			fmt.Fprintf(c.stdout, "       %s\n", reason)
		}
	}
	return nil
}

// withResume reads a file, keeps it under the machine's own person, lets f look at it, and deletes it again: the report comes from the
// same vectors in the database as the API's.
func (c *command) withResume(ctx context.Context, f func(h *house, person uuid.UUID, u *skill.Upload) error) (err error) {
	if len(c.args) != 1 {
		return c.wrongUse("Name one resume.")
	}
	cfg, err := c.config()
	if err != nil {
		return err
	}
	data, err := c.input(c.args[0])
	if err != nil {
		return err
	}
	// The file first: an unreadable one needs no database.
	o, err := newOffline(cfg)
	if err != nil {
		return err
	}
	doc, err := o.reader.Read(ctx, c.args[0], data)
	if err != nil {
		return err
	}
	h, err := o.open(ctx, cfg, c.quiet())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	person, err := h.accounts.Local(ctx)
	if err != nil {
		return err
	}
	u := h.intake.Judge(c.args[0], data, doc)
	if err := h.intake.Keep(ctx, person.ID, u); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.intake.Discard(context.WithoutCancel(ctx), person.ID, u.ID)) }()
	return f(h, person.ID, u)
}

// analyze prints the gap report of a resume and a role.
func analyze(ctx context.Context, c *command) error {
	role := c.flags.String("role", "", "`id` of the role to compare with; `gapwise catalog roles` lists them")
	hours := c.flags.Int("hours", gapanalysis.DefaultHoursPerWeek, "hours a week for learning")
	c.databaseFlags()
	if err := c.parse(); err != nil {
		return err
	}
	if *role == "" {
		return c.wrongUse("Give --role ID; `gapwise catalog roles` lists them.")
	}
	if *hours < 1 {
		return c.wrongUse("--hours is a number above 0.")
	}
	cfg, err := c.config()
	if err != nil {
		return err
	}
	cat, err := loadCatalog(cfg.Catalog)
	if err != nil {
		return err
	}
	r, err := cat.Role(*role)
	if err != nil {
		return c.wrongUse("There is no role %q; `gapwise catalog roles` lists them.", *role)
	}
	return c.withResume(ctx, func(h *house, person uuid.UUID, u *skill.Upload) error {
		report, err := h.gaps.Gaps(ctx, person, u.ID, r.ID, gapanalysis.Ask{HoursPerWeek: *hours})
		if err != nil {
			return err
		}
		if c.json {
			return c.printJSON(report)
		}
		return printReport(c.stdout, report, r)
	})
}

// printReport writes a report for a person to read.
func printReport(w io.Writer, r *gapanalysis.Report, role *catalog.Role) error {
	fmt.Fprintf(w, "%s: %.0f %% ready, give or take %.0f. %s.\n", role.Name, r.Readiness*100, r.Uncertainty*100, strings.ToUpper(r.Band[:1])+r.Band[1:])
	fmt.Fprintf(w, "About %d hours of work are left (%d to %d), which would be done by %s.\n\n", r.Hours.P50, r.Hours.P25, r.Hours.P75, r.ReadyOn)
	if len(r.Next) > 0 {
		fmt.Fprintln(w, "What to do next")
		for i, n := range r.Next {
			fmt.Fprintf(w, "  %d. %s About %d hours for %.1f points.\n", i+1, n.Why, n.Hours, n.Gain*100)
		}
		fmt.Fprintln(w)
	}
	for _, ph := range role.Phases {
		fmt.Fprintln(w, ph.Name)
		tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		rows := slices.DeleteFunc(slices.Clone(r.Skills), func(g gapanalysis.SkillGap) bool { return g.Phase != ph.ID })
		slices.SortStableFunc(rows, func(a, b gapanalysis.SkillGap) int { return cmp.Compare(order(a), order(b)) })
		for _, g := range rows {
			left := ""
			if g.Hours.P50 > 0 {
				left = fmt.Sprintf("%d h", g.Hours.P50)
			}
			fmt.Fprintf(tab, "  %s\t%s\t%d of %d\t%s\t%s\n", g.Status, g.Name, g.Evidenced, g.Required, left, quote(g))
		}
		if err := tab.Flush(); err != nil {
			return err
		}
		fmt.Fprintln(w)
	}
	if len(r.Extra) > 0 {
		names := make([]string, 0, len(r.Extra))
		for _, e := range r.Extra {
			names = append(names, e.Name)
		}
		fmt.Fprintf(w, "Also shown, and not asked for: %s.\n", strings.Join(names, ", "))
	}
	_, err := fmt.Fprintf(w, "Catalogue %s, extractor %s, vectors %s.\n", r.CatalogVersion, r.ExtractorVersion, r.Embedder)
	return err
}

// order puts what is left to do first, by priority, and what is there last.
func order(g gapanalysis.SkillGap) int {
	if g.Priority == 0 {
		return 1 << 20
	}
	return g.Priority
}

// quote is the words that prove a skill, or what carries over to it.
func quote(g gapanalysis.SkillGap) string {
	if g.Transfer != nil && g.Status == gapanalysis.Transferable {
		return "from " + g.Transfer.From
	}
	if len(g.Evidence) == 0 {
		return ""
	}
	return fmt.Sprintf("“%s” on page %d", strings.Join(strings.Fields(g.Evidence[0].Text), " "), g.Evidence[0].Page)
}

// match prints the postings that suit a resume.
func match(ctx context.Context, c *command) error {
	f := gapanalysis.Filter{}
	c.flags.IntVar(&f.Limit, "k", gapanalysis.DefaultMatches, "how many postings")
	c.flags.StringVar(&f.Remote, "remote", "", "only postings that are `yes`, hybrid or no")
	c.flags.StringVar(&f.Location, "location", "", "only postings whose `place` has this in its name")
	c.databaseFlags()
	if err := c.parse(); err != nil {
		return err
	}
	return c.withResume(ctx, func(h *house, person uuid.UUID, u *skill.Upload) error {
		matches, err := h.gaps.Jobs(ctx, person, u.ID, f)
		if err != nil {
			return err
		}
		if c.json {
			return c.printJSON(map[string]any{"matches": matches})
		}
		for _, m := range matches {
			sample := ""
			if m.Sample {
				sample = "  (sample: this company does not exist)"
			}
			fmt.Fprintf(c.stdout, "%3.0f %%  %s, %s, %s%s\n", m.Score*100, m.Title, m.Company, m.Location, sample)
			for _, r := range m.Reasons {
				fmt.Fprintf(c.stdout, "       %s\n", r.Text)
			}
			if len(m.Missing) > 0 {
				fmt.Fprintf(c.stdout, "       Missing: %s.\n", strings.Join(m.Missing, ", "))
			}
		}
		return nil
	})
}
