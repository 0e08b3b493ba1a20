package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/gateway/openai"
	"github.com/gapwise/gapwise/internal/config"
	"github.com/gapwise/gapwise/internal/fault"
)

// sweepEvery is how often a process looks for calls of others that died.
const sweepEvery = 400 * time.Millisecond

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
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
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

// routeFile is the JSON of LLM_ROUTES: models by purpose (api, tutor, …; "" for every other), in the order in which to try them.
type routeFile map[string][]struct {
	Name        string        `json:"name"`
	BaseURL     string        `json:"base_url"`
	APIKey      config.Secret `json:"api_key"`
	Model       string        `json:"model"`
	PriceInput  string        `json:"price_input"` // dollars a million tokens, for a model that the price file lacks
	PriceOutput string        `json:"price_output"`
	Context     int           `json:"context"`
	FirstByte   string        `json:"first_byte"` // such as 20s
	Whole       string        `json:"whole"`
	NoTools     bool          `json:"no_tools"`
}

const maxRouteFile = 256 << 10

// addRoutes reads LLM_ROUTES and the settings of retries and hedging into o.
func addRoutes(cfg *config.Config, o *gateway.Options) error {
	bad := func(err error) error {
		return fault.Newf(fault.Usage, "invalid-routes", "LLM_ROUTES, LLM_RETRIES or LLM_HEDGE: %v.", err)
	}
	var err error
	if o.Retries, err = strconv.Atoi(cfg.Retries); err != nil || o.Retries < 0 || o.Retries > 5 {
		return bad(errors.New("LLM_RETRIES is a number from 0 to 5"))
	}
	if o.Hedge, err = duration(cfg.Hedge); err != nil {
		return bad(err)
	}
	if cfg.Routes == "" {
		return nil
	}
	b, err := os.ReadFile(cfg.Routes)
	if err != nil || len(b) > maxRouteFile {
		return bad(errors.Join(err, errors.New("the file cannot be read")))
	}
	var file routeFile
	if err := json.Unmarshal(b, &file); err != nil {
		return bad(err)
	}
	o.Routes = map[string][]gateway.Target{}
	for purpose, list := range file {
		for _, m := range list {
			t := gateway.Target{Name: m.Name, Model: m.Model, Provider: openai.New(m.BaseURL, string(m.APIKey)), Context: m.Context, NoTools: m.NoTools}
			if m.PriceInput != "" {
				price := gateway.Price{}
				if price.Input, err = dollars("price_input", m.PriceInput); err != nil {
					return err
				}
				if price.Output, err = dollars("price_output", m.PriceOutput); err != nil {
					return err
				}
				o.Prices = o.Prices.With(m.Model, price)
			}
			if price, err := o.Prices.Of(m.Model); err == nil && price.Free() && gateway.Local(m.BaseURL) {
				t = t.LocalTimeouts()
			}
			first, firstErr := duration(m.FirstByte)
			whole, wholeErr := duration(m.Whole)
			if err := errors.Join(firstErr, wholeErr); err != nil {
				return bad(err)
			}
			t.FirstByte, t.Whole = max(t.FirstByte, first), max(t.Whole, whole)
			o.Routes[purpose] = append(o.Routes[purpose], t)
		}
	}
	return nil
}

func duration(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	return time.ParseDuration(text)
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
		return &gateway.Cache{Life: cacheLife, MaxBytes: cacheBytes}
	case "semantic":
		return &gateway.Cache{Life: cacheLife, MaxBytes: cacheBytes, Similar: h.db, Threshold: cacheThreshold, Embed: func(ctx context.Context, text string) ([]float32, error) {
			return embedOne(ctx, h.embedder, text)
		}}
	}
	return nil
}
