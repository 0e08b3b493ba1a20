package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/config"
	"github.com/gapwise/gapwise/internal/fault"
)

// sweepEvery is how often a process looks for calls of others that died.
const sweepEvery = 400 * time.Millisecond

// dropEvery is how often it deletes what was kept for a time that is over.
const dropEvery = time.Minute

// openLedger makes the ledger that is set: one in which replicas draw slices of budgets, or one with a transaction for each step of a call.
func (h *house) openLedger(ctx context.Context, cfg *config.Config) (gateway.Ledger, error) {
	name, err := h.db.LedgerName(ctx)
	if err != nil {
		return nil, err
	}
	h.journals = filepath.Join(cfg.Data, "ledger", name)
	if cfg.Ledger == "durable" {
		h.enter = h.db.Present
		return h.db, nil
	}
	h.enter = func(context.Context) error { return nil }
	o := gateway.LeaseOptions{Slices: h.db, Journal: h.journals, Now: h.now, Log: h.log}
	if err := os.MkdirAll(h.journals, 0o700); err != nil {
		h.log.WarnContext(ctx, "no journal of calls can be kept in the data directory; if this process is killed, what it holds of the budgets counts as spent", "error", err)
		o.Journal = ""
	}
	l := gateway.NewLeases(o)
	h.enter = l.Start
	h.close = append(h.close, l.Close)
	return l, nil
}

// bookDead books the calls of processes that died: from their journals, and in full where they reserved in the database.
func (h *house) bookDead(ctx context.Context) error {
	journals, err := gateway.RecoverJournals(ctx, h.journals, h.db, h.now().UTC())
	calls, abandoned := h.db.SettleAbandoned(ctx, h.now().Add(-gateway.AbandonedAfter), h.now())
	if journals+calls > 0 {
		h.log.WarnContext(ctx, "booked the calls of processes that had died", "journals", journals, "in_full", calls)
	}
	return errors.Join(err, abandoned)
}

// sweep books calls of processes that died, from time to time.
func (h *house) sweep(ctx context.Context) {
	if err := h.enter(ctx); err != nil { // early, so that the first call does not wait for it
		h.log.WarnContext(ctx, "this process is not known to the ledger yet", "error", err)
	}
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	drop := time.NewTicker(dropEvery)
	defer drop.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-drop.C:
			if err := h.db.DropExpired(ctx, h.now()); err != nil && ctx.Err() == nil {
				h.log.WarnContext(ctx, "answers whose time is over were not deleted; trying on", "error", err)
			}
		case <-tick.C:
			err := h.bookDead(ctx)
			if err != nil && ctx.Err() == nil && !failing {
				h.log.ErrorContext(ctx, "abandoned calls were not booked; trying on", "error", err)
			}
			failing = err != nil
		}
	}
}

// caps are the budgets that are set.
func caps(cfg *config.Config) (c gateway.Caps, err error) {
	for _, limit := range []struct {
		name     string
		value    string
		into     *gateway.Nano
		optional bool
	}{
		{"GAPWISE_BUDGET_REQUEST", cfg.BudgetRequest, &c.Request, false},
		{"GAPWISE_BUDGET_PERSON_DAY", cfg.BudgetPersonDay, &c.PersonDay, false},
		{"GAPWISE_BUDGET_PERSON_MONTH", cfg.BudgetPersonMonth, &c.PersonMonth, true},
		{"GAPWISE_BUDGET_GROUP_DAY", cfg.BudgetGroupDay, &c.GroupDay, true},
		{"GAPWISE_BUDGET_GROUP_MONTH", cfg.BudgetGroupMonth, &c.GroupMonth, true},
		{"GAPWISE_BUDGET_INSTANCE_DAY", cfg.BudgetDay, &c.InstanceDay, false},
		{"GAPWISE_BUDGET_INSTANCE_MONTH", cfg.BudgetMonth, &c.InstanceMonth, false},
	} {
		if limit.optional && limit.value == "" {
			continue
		}
		if *limit.into, err = dollars(limit.name, limit.value); err != nil {
			return c, err
		}
	}
	if c.Zone, err = time.LoadLocation(cfg.BudgetZone); err != nil {
		return c, fault.Newf(fault.Usage, "invalid-setting", "GAPWISE_BUDGET_ZONE: %q is not a time zone such as Europe/Berlin.", cfg.BudgetZone).Because(err)
	}
	return c, nil
}

// cacheLife is how long an answer is kept, and cacheBytes how much of the exact cache.
const (
	cacheLife      = time.Hour
	cacheBytes     = 8 << 20
	cacheThreshold = 0.93 // cosine; the words have to be the same as well, see gateway.Cache
)

// newCache is the cache that is set, nil for none.
func (h *house) newCache(cfg *config.Config) *gateway.Cache {
	switch cfg.Cache {
	case "exact":
		return &gateway.Cache{Life: cacheLife, MaxBytes: cacheBytes, Shared: h.db}
	case "semantic":
		return &gateway.Cache{Life: cacheLife, MaxBytes: cacheBytes, Shared: h.db, Similar: h.db, Threshold: cacheThreshold, Embed: func(ctx context.Context, text string) ([]float32, error) {
			return embedOne(ctx, h.embedder, text)
		}}
	}
	return nil
}
