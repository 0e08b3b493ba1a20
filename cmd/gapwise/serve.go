package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/migrations"
	"github.com/gapwise/gapwise/postgres"
	"github.com/gapwise/gapwise/web"
)

// shutdownTimeout is how long answers under way may take once the service is told to stop.
const shutdownTimeout = 20 * time.Second

// servingGC is how much garbage, in percent of what is in use, is let to gather: half of what is usual keeps the service near 100 MB, for some
// time of the processor that it does not need.
const servingGC = 50

// serve answers until it is told to stop.
func serve(ctx context.Context, c *command) error {
	c.databaseFlags()
	c.setting("addr", "GAPWISE_ADDR", "`address` to listen on")
	if err := c.parse(); err != nil {
		return err
	}
	if len(c.args) > 0 {
		return c.wrongUse("serve takes no arguments.")
	}
	cfg, err := c.config()
	if err != nil {
		return err
	}
	// The address first: when it is taken, nothing else is started for nothing.
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", cfg.Addr)
	if err != nil {
		return fault.Newf(fault.Unavailable, "address-taken", "Cannot listen on %s. Stop what listens there, or choose another with --addr.", cfg.Addr).Because(err)
	}
	defer func() { _ = listener.Close() }() // closed by the server already, unless something failed before
	if c.getenv("GOGC") == "" {
		debug.SetGCPercent(servingGC)
	}
	h, err := open(ctx, cfg, c.log)
	if err != nil {
		return err
	}
	err = h.serve(ctx, listener)
	c.log.Info("stopping")
	return errors.Join(err, h.Close())
}

func (h *house) serve(ctx context.Context, listener net.Listener) error {
	handler, err := web.Handler(h.rooms())
	if err != nil {
		return err
	}
	go h.warm(ctx)
	go h.sweep(ctx)
	queue, err := h.background(ctx)
	if err != nil {
		return err
	}
	defer func() {
		stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
		defer cancel()
		if err := queue.Stop(stopCtx); err != nil {
			h.log.WarnContext(stopCtx, "work in the background did not stop in time; it goes on at the next start", "error", err)
		}
	}()
	return h.answer(ctx, listener, handler)
}

// answer serves until it is told to stop, and lets answers under way end.
func (h *house) answer(ctx context.Context, listener net.Listener, handler http.Handler) error {
	dropStartPages()
	srv := web.HTTPServer(listener.Addr().String(), handler, h.log)
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(listener) }()
	debug.FreeOSMemory() // what starting took is several times what serving does
	h.log.InfoContext(ctx, "serving", "url", "http://"+browsable(listener.Addr()), "model", modelName(h.gateway))
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	if err := srv.Shutdown(stopCtx); err != nil {
		return errors.Join(fmt.Errorf("stop: %w", err), srv.Close())
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// browsable is an address that a person on this machine can open.
func browsable(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if err != nil {
		return a.String()
	}
	if ip := net.ParseIP(host); ip != nil && (ip.IsUnspecified() || ip.IsLoopback()) {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

func modelName(g *gateway.Gateway) string {
	if !g.Enabled() {
		return "none: the tutor answers by retrieval"
	}
	return g.Model()
}

// warm compiles the PDF engine in the background, so that the first upload does not wait for it.
func (h *house) warm(ctx context.Context) {
	if err := h.pdf.Warm(ctx); err != nil && ctx.Err() == nil {
		h.log.WarnContext(ctx, "the PDF engine did not warm up", "error", err)
	}
}

// loadSamples imports the postings that ship with the binary, while there are no others; known ones are left alone.
func (h *house) loadSamples(ctx context.Context) error {
	if own, err := h.db.OwnPostings(ctx); err != nil || own {
		return err
	}
	summary, err := h.importer.Import(ctx, bytes.NewReader(h.catalog.SamplePostings()), nil)
	if err != nil {
		return fmt.Errorf("load the sample postings: %w", err)
	}
	if len(summary.Refused) > 0 {
		return fmt.Errorf("load the sample postings: line %d: %s %s", summary.Refused[0].Line, summary.Refused[0].Field, summary.Refused[0].Detail)
	}
	if summary.Stored > 0 {
		h.log.InfoContext(ctx, "loaded the sample postings", "stored", summary.Stored)
	}
	return nil
}

// migrate brings the database up to date and says what it did.
func migrate(ctx context.Context, c *command) error {
	c.databaseFlags()
	if err := c.parse(); err != nil {
		return err
	}
	cfg, err := c.config()
	if err != nil {
		return err
	}
	url, stop, err := database(ctx, cfg, c.log)
	if err != nil {
		return err
	}
	applied, err := postgres.Migrate(ctx, url, migrations.Files)
	if err = errors.Join(err, stop()); err != nil {
		return err
	}
	names := make([]string, len(applied))
	for i, s := range applied {
		names[i] = s.Name
	}
	if c.json {
		return c.printJSON(map[string]any{"applied": names})
	}
	for _, n := range names {
		fmt.Fprintln(c.stdout, "applied", n)
	}
	if len(names) == 0 {
		fmt.Fprintln(c.stdout, "The database is up to date.")
	}
	return nil
}

// quiet is a log for verbs whose output is their result: only warnings.
func (c *command) quiet() *slog.Logger {
	return slog.New(slog.NewTextHandler(c.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
}
