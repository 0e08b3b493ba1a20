package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"

	"github.com/gapwise/gapwise/evals"
	"github.com/gapwise/gapwise/internal/config"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/pgcluster"
	"github.com/gapwise/gapwise/postgres"
)

// evalsVerb runs the evaluation cases. Each group of cases gets the whole service, on a database of its own that is dropped afterwards: in a
// private cluster in a temporary directory, or on the server of DATABASE_URL where that is set.
func evalsVerb(ctx context.Context, c *command) (err error) {
	dir := c.flags.String("cases", "", "`directory` of cases to run instead of those in the binary")
	filter := c.flags.String("filter", "", "run only cases whose id or category has this `text`")
	c.databaseFlags()
	if err := c.parse(); err != nil {
		return err
	}
	cfg, err := c.config()
	if err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "gapwise-evals-")
	if err != nil {
		return fmt.Errorf("make a directory: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	server := string(cfg.DatabaseURL)
	if server == "" {
		fmt.Fprintln(c.stderr, "Starting a database for the cases…")
		cluster, err := pgcluster.Start(ctx, pgcluster.Options{DataDir: filepath.Join(temp, "data"), FastUnsafe: true})
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, cluster.Close()) }()
		server = cluster.URL()
	}
	o := evals.Options{Filter: *filter, Log: c.stderr, Launch: func(ctx context.Context, s evals.Settings, llm string) (string, func() error, error) {
		return launch(ctx, server, cfg.Data, s, llm)
	}}
	if *dir != "" {
		o.Cases = os.DirFS(*dir)
	}
	report, err := evals.Run(ctx, o)
	if err != nil {
		return err
	}
	if c.json {
		err = c.printJSON(report)
	} else {
		err = report.Print(c.stdout)
	}
	if err == nil && report.Failed > 0 {
		return fault.Newf(fault.Unprocessable, "evals-failed", "%d case(s) failed; the lines above say what was expected.", report.Failed)
	}
	return err
}

// launch starts the whole service for a group of cases. The cache of the PDF engine is the one of dataDir.
func launch(ctx context.Context, server, dataDir string, s evals.Settings, llm string) (base string, stop func() error, err error) {
	address, drop, err := postgres.Scratch(ctx, server, "template1")
	if err != nil {
		return "", nil, err
	}
	down := []func() error{func() error { return drop(context.WithoutCancel(ctx)) }}
	stop = func() error {
		var errs []error
		for _, f := range slices.Backward(down) {
			errs = append(errs, f())
		}
		return errors.Join(errs...)
	}
	fail := func(err error) (string, func() error, error) { return "", nil, errors.Join(err, stop()) }
	env := map[string]string{
		"DATABASE_URL": address, "GAPWISE_BUDGET_REQUEST": s.Caps.Request, "GAPWISE_BUDGET_PERSON_DAY": s.Caps.PersonDay,
		"GAPWISE_BUDGET_INSTANCE_DAY": s.Caps.InstanceDay, "GAPWISE_BUDGET_INSTANCE_MONTH": s.Caps.InstanceMonth,
	}
	if s.Model {
		env["LLM_BASE_URL"], env["LLM_API_KEY"], env["LLM_MODEL"] = llm, "stub", evals.ModelName
		env["LLM_PRICE_INPUT"], env["LLM_PRICE_OUTPUT"] = s.PriceInput, s.PriceOutput
	}
	cfg, err := config.Load(func(k string) string { return env[k] }, map[string]string{"GAPWISE_DATA": dataDir}, "")
	if err != nil {
		return fail(err)
	}
	h, err := open(ctx, cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return fail(err)
	}
	down = append(down, h.Close)
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fail(err)
	}
	serving, end := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- h.serve(serving, listener) }()
	down = append(down, func() error {
		end()
		return <-done
	})
	return "http://" + listener.Addr().String(), stop, nil
}
