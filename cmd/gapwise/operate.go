package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

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
