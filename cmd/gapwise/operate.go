package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/account"
	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/posting"
)

// withHouse opens everything for a verb and closes it again.
func (c *command) withHouse(ctx context.Context, f func(*house) error) (err error) {
	cfg, err := c.config()
	if err != nil {
		return err
	}
	h, err := open(ctx, cfg, c.quiet())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	return f(h)
}

// jobs imports postings.
func jobs(ctx context.Context, c *command) error {
	c.databaseFlags()
	if err := c.parse(); err != nil {
		return err
	}
	if len(c.args) != 2 || c.args[0] != "import" {
		return c.wrongUse("Say `gapwise jobs import FILE`, or - for stdin.")
	}
	in := c.stdin
	if c.args[1] != "-" {
		f, err := openFile(c.args[1])
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	return c.withHouse(ctx, func(h *house) error {
		s, err := h.importer.Import(ctx, in, func(s posting.Summary) {
			fmt.Fprintf(c.stderr, "%d read, %d stored, %d unchanged\n", s.Read, s.Stored, s.Unchanged)
		})
		if err != nil {
			return err
		}
		if c.json {
			return c.printJSON(s)
		}
		fmt.Fprintf(c.stdout, "%d postings read: %d stored, %d unchanged, %d refused.\n", s.Read, s.Stored, s.Unchanged, s.Read-s.Stored-s.Unchanged)
		for _, r := range s.Refused {
			fmt.Fprintf(c.stdout, "  line %d %s: %s\n", r.Line, r.Field, r.Detail)
		}
		return nil
	})
}

// catalogVerb checks, counts or lists the catalogue.
func catalogVerb(_ context.Context, c *command) error {
	dir := c.flags.String("dir", "", "`directory` of a catalogue to lint instead of the one in the binary")
	if err := c.parse(); err != nil {
		return err
	}
	if len(c.args) != 1 {
		return c.wrongUse("Say lint, stats, roles or skills.")
	}
	if c.args[0] == "lint" {
		return c.lintCatalog(*dir)
	}
	cat, err := catalog.Load()
	if err != nil {
		return err
	}
	switch c.args[0] {
	case "stats":
		s := cat.Stats()
		if c.json {
			return c.printJSON(s)
		}
		fmt.Fprintf(c.stdout, "Catalogue %s\n%d roles in %d families, %d phases, %d milestones, %d projects\n%d skills with %d aliases, %d rubrics, %d relations\n%d sample postings\n",
			s.Version, s.Roles, s.Families, s.Phases, s.Milestones, s.Projects, s.Skills, s.Aliases, s.Rubrics, s.Relations, s.Postings)
	case "roles":
		if c.json {
			return c.printJSON(map[string]any{"roles": cat.Roles()})
		}
		for _, r := range cat.Roles() {
			fmt.Fprintf(c.stdout, "%-28s %s\n", r.ID, r.Name)
		}
	case "skills":
		if c.json {
			return c.printJSON(map[string]any{"skills": cat.Skills()})
		}
		for _, s := range cat.Skills() {
			fmt.Fprintf(c.stdout, "%-32s %-10s %s\n", s.ID, s.Kind, s.Name)
		}
	default:
		return c.wrongUse("Say lint, stats, roles or skills.")
	}
	return nil
}

func (c *command) lintCatalog(dir string) error {
	lint := catalog.LintEmbedded
	if dir != "" {
		lint = func() ([]catalog.Problem, error) { return catalog.Lint(os.DirFS(dir)) }
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

// usage prints how the budgets stand.
func usage(ctx context.Context, c *command) error {
	c.databaseFlags()
	if err := c.parse(); err != nil {
		return err
	}
	return c.withHouse(ctx, func(h *house) error {
		budgets, err := h.gateway.Budgets(ctx, uuid.Nil)
		if err != nil {
			return err
		}
		if c.json {
			return c.printJSON(map[string]any{"budgets": budgets})
		}
		for _, b := range budgets {
			fmt.Fprintf(c.stdout, "%-15s $%s spent and $%s set aside of $%s; opens again %s\n", b.Scope, b.Spent, b.Reserved, b.Limit, b.ResetsAt.Format("2006-01-02"))
		}
		return nil
	})
}

// token makes a bearer token and prints it, once.
func token(ctx context.Context, c *command) error {
	operator := c.flags.Bool("operator", false, "for somebody who may import postings")
	name := c.flags.String("name", "", "whose it is")
	c.databaseFlags()
	if err := c.parse(); err != nil {
		return err
	}
	kind := account.Member
	if *operator {
		kind = account.Operator
	}
	return c.withHouse(ctx, func(h *house) error {
		p, secret, err := h.accounts.Admit(ctx, kind, *name, account.Bearer)
		if err != nil {
			return err
		}
		if c.json {
			return c.printJSON(map[string]any{"id": p.ID, "kind": p.Kind, "token": secret})
		}
		fmt.Fprintln(c.stderr, "Keep this token; it is not shown again.")
		_, err = fmt.Fprintln(c.stdout, secret)
		return err
	})
}

// user exports or erases everything of a person.
func user(ctx context.Context, c *command) error {
	c.databaseFlags()
	if err := c.parse(); err != nil {
		return err
	}
	if len(c.args) != 2 || c.args[0] != "export" && c.args[0] != "erase" {
		return c.wrongUse("Say `gapwise user export ID` or `gapwise user erase ID`.")
	}
	id, err := uuid.Parse(c.args[1])
	if err != nil {
		return c.wrongUse("%q is not a person's id.", c.args[1])
	}
	return c.withHouse(ctx, func(h *house) error {
		if c.args[0] == "erase" {
			return h.accounts.Erase(ctx, id)
		}
		doc, err := h.accounts.Export(ctx, id)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.stdout, "%s\n", doc)
		return err
	})
}
