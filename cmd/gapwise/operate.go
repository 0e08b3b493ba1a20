package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
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
