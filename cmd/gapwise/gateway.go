package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/google/uuid"
	"go.opentelemetry.io/otel/trace"

	"github.com/gapwise/gapwise/account"
	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/config"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/web"
)

// openBooks opens the part of the house that has to do with models alone: the database, the ledger, the gateway, people and their keys.
func (c *command) openBooks(ctx context.Context, cfg *config.Config) (h *house, err error) {
	h = &house{log: c.log, now: time.Now}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.Close())
		}
	}()
	url, stop, err := database(ctx, cfg, h.log)
	if err != nil {
		return h, err
	}
	h.close = append(h.close, stop)
	if h.db, err = openDatabase(ctx, url, h.log); err != nil {
		return h, err
	}
	h.close = append(h.close, func() error { h.db.Close(); return nil })
	tracer, err := h.tracer(ctx, cfg)
	if err != nil {
		return h, err
	}
	ledger, err := h.openLedger(ctx, cfg)
	if err != nil {
		return h, err
	}
	cache := h.newCache(cfg)
	if cache != nil && cache.Similar != nil {
		cache.Embed = func(ctx context.Context, text string) ([]float32, error) {
			return embedOne(ctx, embeddings.Builtin{}, text)
		}
	}
	if h.gateway, err = newGateway(cfg, h.gatewayOptions(ctx, cfg, ledger, cache, tracer)); err != nil {
		return h, err
	}
	h.accounts = account.New(h.db, h.db, h.now)
	return h, h.bookDead(ctx)
}

// gatewayOptions are those that do not depend on what models there are.
func (h *house) gatewayOptions(ctx context.Context, cfg *config.Config, ledger gateway.Ledger, cache *gateway.Cache, tracer trace.Tracer) gateway.Options {
	o := gateway.Options{Ledger: ledger, Accounts: h.db, Minutes: h.db, Cache: cache, Tracer: tracer, Now: h.now, Log: h.log}
	if cfg.LogPrompts > 0 {
		h.log.WarnContext(ctx, "prompts and answers are written to the database, with what people say in them", "setting", "GAPWISE_LOG_PROMPTS", "kept_for", cfg.LogPrompts)
		o.Transcribe = gateway.Transcribe{To: h.db, Life: cfg.LogPrompts}
	}
	return o
}

func embedOne(ctx context.Context, e embeddings.Embedder, text string) ([]float32, error) {
	vectors, err := e.Embed(ctx, []string{text})
	if err != nil {
		return nil, err
	}
	return vectors[0], nil
}

// gatewayBallast is memory that is set aside and never touched, so that it takes no room: the collector measures by it how much garbage may gather.
// The gateway alone keeps a few megabytes, by which it would be run hundreds of times a second under load, in the way of every call.
const gatewayBallast = 12 << 20

// keepSmall gives up again and again the pages of the binary that were needed once: what is in use comes back within a millisecond.
func keepSmall(ctx context.Context) {
	for after := 2 * time.Second; ; after = min(2*after, dropPagesEvery) {
		select {
		case <-ctx.Done():
			return
		case <-time.After(after):
			dropStartPages()
		}
	}
}

// dropPagesEvery is how often keepSmall does so in the long run.
const dropPagesEvery = time.Minute

// serveGateway is serve without everything that reads resumes.
func serveGateway(ctx context.Context, c *command) (err error) {
	c.databaseFlags()
	c.setting("addr", "GAPWISE_ADDR", "`address` to listen on")
	if err := c.parse(); err != nil {
		return err
	}
	if len(c.args) > 0 {
		return c.wrongUse("gateway takes no arguments.")
	}
	if c.getenv("GOGC") == "" && c.getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(servingGC)
		ballast := make([]byte, gatewayBallast)
		defer runtime.KeepAlive(ballast)
	}
	cfg, err := c.config()
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", cfg.Addr)
	if err != nil {
		return fault.Newf(fault.Unavailable, "address-taken", "Cannot listen on %s. Stop what listens there, or choose another with --addr.", cfg.Addr).Because(err)
	}
	defer func() { _ = listener.Close() }() // closed by the server already, unless something failed before
	h, err := c.openBooks(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	var embedder embeddings.Embedder = embeddings.Builtin{}
	if cfg.EmbeddingsBaseURL != "" {
		if embedder, err = embeddings.NewRemote(ctx, h.gateway, cfg.EmbeddingsModel); err != nil {
			return err
		}
	}
	handler, err := web.GatewayHandler(web.Rooms{Accounts: h.accounts, Gateway: h.gateway, Embedder: embedder, Ready: h.db.Ping, Now: h.now, Log: h.log})
	if err != nil {
		return err
	}
	go h.sweep(ctx)
	go keepSmall(ctx)
	return h.answer(ctx, listener, handler)
}

// withBooks opens the part of the house that openBooks does, for a verb.
func (c *command) withBooks(ctx context.Context, f func(*house) error) (err error) {
	cfg, err := c.config()
	if err != nil {
		return err
	}
	c.log = c.quiet()
	h, err := c.openBooks(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	return f(h)
}

// usage prints how the budgets stand, and what models were used for.
func usage(ctx context.Context, c *command) error {
	by := c.flags.String("by", "", "break down by model, purpose, person, group, day, provider, outcome, prompt or cache")
	days := c.flags.Int("days", 30, "of so many days")
	last := c.flags.Int("prompts", 0, "print so many of the latest prompts and answers, which are there where GAPWISE_LOG_PROMPTS is set")
	c.databaseFlags()
	if err := c.parse(); err != nil {
		return err
	}
	if *days < 1 || *last < 0 || len(c.args) > 0 {
		return c.wrongUse("usage takes --by, --days, from 1, and --prompts.")
	}
	return c.withBooks(ctx, func(h *house) error {
		budgets, err := h.gateway.Budgets(ctx, uuid.Nil)
		if err != nil {
			return err
		}
		var rows []gateway.Spending
		if *by != "" {
			if rows, err = h.db.UsageBy(ctx, *by, h.now().AddDate(0, 0, -*days)); err != nil {
				return c.wrongUse("There is no breakdown by %q.", *by)
			}
		}
		var transcripts []gateway.Transcript
		if *last > 0 {
			if transcripts, err = h.db.Transcripts(ctx, uuid.Nil, *last, h.now()); err != nil {
				return err
			}
		}
		if c.json {
			out := map[string]any{"budgets": budgets}
			if *last > 0 {
				out["transcripts"] = transcripts
			}
			if *by != "" {
				out["by"], out["usage"] = *by, rows
			}
			return c.printJSON(out)
		}
		for _, b := range budgets {
			fmt.Fprintf(c.stdout, "%-15s $%s spent and $%s set aside of $%s; opens again %s\n", b.Scope, b.Spent, b.Reserved, b.Limit, b.ResetsAt.Format("2006-01-02"))
		}
		for _, r := range rows {
			fmt.Fprintf(c.stdout, "%-30s %7d calls  $%-14s %9d in (%d cached) %9d out  %d from the cache  %d estimated  median %.0f ms\n",
				r.Key, r.Calls, r.Cost, r.Prompt, r.Cached, r.Completion, r.Hits, r.Estimated, r.LatencyMS)
		}
		for _, t := range transcripts {
			fmt.Fprintf(c.stdout, "\n%s %s %s %s %s, until %s\n%s\n→ %s\n", t.At.Format(time.RFC3339), t.Call, t.Purpose, t.Model, t.Outcome, t.Until.Format(time.RFC3339), t.Prompt, t.Answer)
		}
		return nil
	})
}

// pricesVerb lists the prices of models, or names those that should be looked up again.
func pricesVerb(_ context.Context, c *command) error {
	days := c.flags.Int("days", gateway.PriceDays, "a price is stale after so many days")
	if err := c.parse(); err != nil {
		return err
	}
	if len(c.args) != 1 || c.args[0] != "check" && c.args[0] != "list" {
		return c.wrongUse("Say `gapwise prices check` or `gapwise prices list`.")
	}
	prices, err := gateway.LoadPrices()
	if err != nil {
		return err
	}
	if c.args[0] == "list" {
		return c.listPrices(prices)
	}
	stale := prices.Check(time.Now(), time.Duration(*days)*24*time.Hour)
	if c.json {
		return c.printJSON(map[string]any{"models": len(prices.Models()), "stale": stale})
	}
	for _, s := range stale {
		fmt.Fprintf(c.stdout, "%-24s %s; %s, %s\n", s.Model, s.Why, s.AsOf, s.Source)
	}
	fmt.Fprintf(c.stderr, "%d of %d models to look up again.\n", len(stale), len(prices.Models()))
	return nil
}

func (c *command) listPrices(prices *gateway.Prices) error {
	out := map[string]gateway.Listing{}
	for _, name := range prices.Models() {
		out[name] = prices.Listing(name)
	}
	if c.json {
		return c.printJSON(out)
	}
	for _, name := range prices.Models() {
		l := out[name]
		fmt.Fprintf(c.stdout, "%-24s $%s in, $%s cached, $%s out a million tokens; %s, %s\n", name, l.Input, l.CachedInput, l.Output, l.AsOf, l.Source)
	}
	return nil
}

// token makes a bearer token and prints it, once. Its person's budgets and limits are the key's.
func token(ctx context.Context, c *command) error {
	operator := c.flags.Bool("operator", false, "for somebody who may import postings")
	name := c.flags.String("name", "", "whose it is")
	var a gateway.Account
	c.flags.StringVar(&a.Group, "group", "", "the group whose budgets it shares")
	day := c.flags.String("day", "", "dollars a day, in the place of GAPWISE_BUDGET_PERSON_DAY")
	month := c.flags.String("month", "", "dollars a month, in the place of GAPWISE_BUDGET_PERSON_MONTH")
	c.flags.IntVar(&a.RequestsMinute, "rpm", 0, "requests a minute; 0 for no limit")
	c.flags.IntVar(&a.TokensMinute, "tpm", 0, "tokens a minute; 0 for no limit")
	c.databaseFlags()
	if err := c.parse(); err != nil {
		return err
	}
	for _, limit := range []struct {
		flag, text string
		into       *gateway.Nano
	}{{"--day", *day, &a.DayCap}, {"--month", *month, &a.MonthCap}} {
		var err error
		if limit.text == "" {
			continue
		}
		if *limit.into, err = dollars(limit.flag, limit.text); err != nil {
			return err
		}
	}
	if a.RequestsMinute < 0 || a.TokensMinute < 0 {
		return c.wrongUse("Limits are numbers from 0.")
	}
	kind := account.Member
	if *operator {
		kind = account.Operator
	}
	return c.withBooks(ctx, func(h *house) error {
		p, secret, err := h.accounts.Admit(ctx, kind, *name, account.Bearer)
		if err == nil && a != (gateway.Account{}) {
			err = h.db.SetAccount(ctx, p.ID, a)
		}
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
