package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/postgres"
)

// modelsVerb changes the model of the vectors, or says which is in force.
func modelsVerb(ctx context.Context, c *command) error {
	rate := c.flags.Int("rate", 0, "texts a second at most; 0 for as fast as it goes")
	drop := c.flags.Bool("drop-old", false, "drop the vectors of the model before once the switch is done")
	detach := c.flags.Bool("detach", false, "leave the work to `gapwise serve` instead of doing and waiting for it here")
	c.databaseFlags()
	if err := c.parse(); err != nil {
		return err
	}
	switch {
	case len(c.args) == 2 && c.args[0] == "switch" && *rate >= 0:
		return c.withModels(ctx, func(o *offline, db *postgres.DB, sw *gapanalysis.Switcher) error {
			return switchModel(ctx, c, db, sw, c.args[1], *rate, *drop, *detach)
		})
	case len(c.args) == 1 && c.args[0] == "status":
		return c.withModels(ctx, func(_ *offline, db *postgres.DB, sw *gapanalysis.Switcher) error { return modelStatus(ctx, c, db, sw) })
	case len(c.args) == 1 && c.args[0] == "cancel":
		return c.withModels(ctx, func(_ *offline, db *postgres.DB, _ *gapanalysis.Switcher) error {
			if err := db.CancelSwitch(ctx, time.Now()); err != nil {
				return err
			}
			fmt.Fprintln(c.stderr, "Cancelled. What was embedded is kept for another try; `gapwise embeddings drop` removes it.")
			return nil
		})
	case len(c.args) == 1 && c.args[0] == "drop":
		return c.withModels(ctx, func(_ *offline, db *postgres.DB, _ *gapanalysis.Switcher) error {
			active, err := db.ActiveModel(ctx)
			if err != nil {
				return err
			}
			return db.DropModels(ctx, active)
		})
	}
	return c.wrongUse("Say `gapwise embeddings switch NAME`, where NAME is a model of the endpoint or %q; or status, cancel or drop.", builtinName)
}

// withModels opens what a switch needs, which is not the model in force: its endpoint may be gone.
func (c *command) withModels(ctx context.Context, f func(*offline, *postgres.DB, *gapanalysis.Switcher) error) (err error) {
	cfg, err := c.config()
	if err != nil {
		return err
	}
	o, err := newOffline(cfg)
	if err != nil {
		return err
	}
	url, stop, err := database(ctx, cfg, c.quiet())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	db, err := openDatabase(ctx, url, c.quiet())
	if err != nil {
		return err
	}
	defer db.Close()
	g, err := newGateway(cfg, gateway.Options{Ledger: db, Accounts: db, Now: time.Now, Log: c.quiet()})
	if err != nil {
		return err
	}
	return f(o, db, o.switcher(db, embedderOf(cfg, g)))
}

// switchModel begins a switch, or goes on with the one that is under way to the same model, and shows how it goes until it ends.
func switchModel(ctx context.Context, c *command, db *postgres.DB, sw *gapanalysis.Switcher, name string, rate int, drop, detach bool) error {
	begun, err := sw.Begin(ctx, name, rate, drop)
	if err != nil {
		return err
	}
	queue, err := postgres.NewQueue(db, map[string]postgres.Job{jobSwitch: jobSwitching(sw, db, c.quiet(), func(context.Context) {})}, nil, c.log)
	if err != nil {
		return err
	}
	if err := queue.Add(ctx, jobSwitch); err != nil {
		return err
	}
	if detach {
		fmt.Fprintf(c.stderr, "The switch to %s is in the queue of `gapwise serve`. `gapwise embeddings status` says how it goes.\n", begun.Name)
		return nil
	}
	if err := queue.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start the queue: %w", err)
	}
	s, err := c.watch(ctx, db)
	stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	if err = errors.Join(err, queue.Stop(stopCtx)); err != nil {
		return err
	}
	if s.Stage == gapanalysis.StageFailed {
		return fault.New(fault.Unavailable, "switch-failed", s.Detail)
	}
	if c.json {
		return c.printJSON(s)
	}
	fmt.Fprintf(c.stdout, "%s is in force.\n", s.Name)
	return nil
}

// watch tells how a switch goes, whichever process does it, until it ends.
func (c *command) watch(ctx context.Context, db *postgres.DB) (gapanalysis.Switch, error) {
	tick := time.NewTicker(time.Second / 2)
	defer tick.Stop()
	last := ""
	for {
		s, err := db.LatestSwitch(ctx)
		if err != nil {
			return s, err
		}
		if line := s.Progress(); line != last {
			fmt.Fprintln(c.stderr, line)
			last = line
		}
		if s.Ended() {
			return s, nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			fmt.Fprintln(c.stderr, "Stopped here. The same command, or `gapwise serve`, goes on with it.")
			return s, ctx.Err()
		}
	}
}

func modelStatus(ctx context.Context, c *command, db *postgres.DB, sw *gapanalysis.Switcher) error {
	active, err := db.ActiveModel(ctx)
	if err != nil {
		return err
	}
	answer := struct {
		InForce string              `json:"in_force"`
		Switch  *gapanalysis.Switch `json:"switch"`
	}{InForce: active}
	if s, err := sw.Book.LatestSwitch(ctx); err == nil {
		answer.Switch = &s
	} else if !errors.Is(err, fault.NotFound) {
		return err
	}
	if c.json {
		return c.printJSON(answer)
	}
	fmt.Fprintf(c.stdout, "In force: %s\n", active)
	if answer.Switch != nil {
		fmt.Fprintf(c.stdout, "Latest switch: %s\n", answer.Switch.Progress())
	}
	return nil
}
