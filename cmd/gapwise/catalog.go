package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/fault"
)

// loadCatalog gives the catalogue of the binary, with the operator's own directory over it where there is one.
func loadCatalog(dir string) (*catalog.Catalog, error) {
	if dir == "" {
		return catalog.Load()
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, fault.Newf(fault.Usage, "catalog-directory", "GAPWISE_CATALOG names %s, which is not a directory that can be read.", dir)
	}
	return catalog.LoadWith(os.DirFS(dir))
}

const catalogVerbs = "Say lint, stats, roles, skills or import."

// catalogVerb checks, counts, lists or extends the catalogue.
func catalogVerb(ctx context.Context, c *command) error {
	c.catalogFlag()
	dir := c.flags.String("dir", "", "lint the complete catalogue in a `directory`, instead of the one of the binary")
	out := c.flags.String("out", "", "`directory` that import writes to (default: that of --catalog)")
	only := c.flags.String("only", "", "occupations to import, by `prefixes` of ISCO groups (ESCO) or SOC codes (O*NET), with commas; all for all (default: those of computing)")
	if err := c.parse(); err != nil {
		return err
	}
	if len(c.args) == 0 {
		return c.wrongUse(catalogVerbs)
	}
	cfg, err := c.config()
	if err != nil {
		return err
	}
	switch verb := c.args[0]; {
	case verb == "import":
		return c.importCatalog(ctx, cfg.Catalog, *out, strings.FieldsFunc(*only, func(r rune) bool { return r == ',' || r == ' ' }))
	case len(c.args) > 1:
		return c.wrongUse(catalogVerbs)
	case verb == "lint":
		return c.lintCatalog(*dir, cfg.Catalog)
	}
	cat, err := loadCatalog(cfg.Catalog)
	if err != nil {
		return err
	}
	switch c.args[0] {
	case "stats":
		return c.catalogStats(cat)
	case "roles":
		if c.json {
			return c.printJSON(map[string]any{"roles": cat.Roles()})
		}
		for _, r := range cat.Roles() {
			fmt.Fprintf(c.stdout, "%-34s %-12s %s\n", r.ID, r.Family, r.Name)
		}
	case "skills":
		if c.json {
			return c.printJSON(map[string]any{"skills": cat.Skills()})
		}
		for _, s := range cat.Skills() {
			fmt.Fprintf(c.stdout, "%-34s %-10s %s\n", s.ID, s.Kind, s.Name)
		}
	default:
		return c.wrongUse(catalogVerbs)
	}
	return nil
}

func (c *command) catalogStats(cat *catalog.Catalog) error {
	s := cat.Stats()
	if c.json {
		return c.printJSON(s)
	}
	fmt.Fprintf(c.stdout, "Catalogue %s\n", s.Version)
	for _, row := range []struct {
		n    int
		what string
	}{
		{s.Roles, "roles"},
		{s.Families, "families"},
		{s.Phases, "phases"},
		{s.Milestones, "milestones"},
		{s.Projects, "projects"},
		{s.Skills, "skills"},
		{s.Aliases, "aliases"},
		{s.Relations, "relations"},
		{s.Rubrics, "rubrics"},
		{s.Questions, "check questions"},
		{s.Resources, "resources"},
		{s.Postings, "sample postings"},
	} {
		fmt.Fprintf(c.stdout, "%7d %s\n", row.n, row.what)
	}
	return nil
}

// lintCatalog checks the catalogue in dir, or that of the binary with an operator's directory over it.
func (c *command) lintCatalog(dir, overlay string) error {
	lint := catalog.LintEmbedded
	switch {
	case dir != "":
		lint = func() ([]catalog.Problem, error) { return catalog.Lint(os.DirFS(dir)) }
	case overlay != "":
		lint = func() ([]catalog.Problem, error) { return catalog.LintWith(os.DirFS(overlay)) }
	}
	problems, err := lint()
	if err != nil {
		return err
	}
	if c.json {
		if problems == nil {
			problems = []catalog.Problem{}
		}
		err = c.printJSON(map[string]any{"problems": problems})
	}
	if err != nil {
		return err
	}
	if len(problems) == 0 {
		fmt.Fprintln(c.stderr, "The catalogue keeps every rule.")
		return nil
	}
	if !c.json {
		for _, p := range problems {
			fmt.Fprintln(c.stdout, p.Error())
		}
	}
	return fault.Newf(fault.Unprocessable, "catalog", "The catalogue breaks %d rule(s).", len(problems))
}

// importCatalog takes a published classification into an operator's own directory: import esco|onet DIR.
func (c *command) importCatalog(ctx context.Context, overlay, out string, only []string) error {
	if len(c.args) != 3 || c.args[1] != "esco" && c.args[1] != "onet" {
		return c.wrongUse("Say import esco DIR or import onet DIR, with the directory of the unpacked release.")
	}
	if out = cmp.Or(out, overlay); out == "" {
		return c.wrongUse("Say where to: --out DIR, or --catalog (GAPWISE_CATALOG), which is also where the other verbs look.")
	}
	base, err := catalog.Load()
	if err != nil {
		return err
	}
	take, usual := catalog.ImportESCO, catalog.ICT()
	if c.args[1] == "onet" {
		take, usual = catalog.ImportONET, catalog.ComputerOccupations()
	}
	if len(only) == 0 {
		only = usual
	}
	if slices.Contains(only, "all") {
		only = nil
	}
	im, err := take(base, os.DirFS(c.args[2]), catalog.ImportOptions{Only: only, Progress: func(what string, done int) {
		fmt.Fprintf(c.stderr, "  %d %s\n", done, what)
	}})
	if err != nil {
		return err
	}
	if err := im.Write(ctx, out); err != nil {
		return err
	}
	problems, err := catalog.LintWith(os.DirFS(out))
	if err != nil {
		return err
	}
	if c.json {
		return c.printJSON(map[string]any{
			"out": out, "roles": len(im.Roles), "skills": len(im.Skills), "linked": im.Linked, "skipped": len(im.Skipped),
			"attribution": im.Attribution(), "problems": len(problems),
		})
	}
	fmt.Fprintf(c.stdout, "%s: %d roles, %d new skills, %d skills that the catalogue has already, %d occupations left out\nAttribution: %s\n",
		out, len(im.Roles), len(im.Skills), im.Linked, len(im.Skipped), im.Attribution())
	for _, p := range problems {
		fmt.Fprintln(c.stdout, p.Error())
	}
	if len(problems) > 0 {
		return fault.Newf(fault.Unprocessable, "catalog", "What was imported breaks %d rule(s) together with the catalogue; see above.", len(problems))
	}
	fmt.Fprintf(c.stderr, "Set GAPWISE_CATALOG=%s to use them.\n", out)
	return nil
}
