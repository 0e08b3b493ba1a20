package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/config"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/postgres"
	"github.com/gapwise/gapwise/posting"
)

// builtinName is what an operator calls the built-in model, whatever its version.
const builtinName = "builtin"

// The jobs of the queue.
const (
	jobSwitch   = "switch-model"
	jobBackfill = "backfill-vectors"
)

// How often processes look for a switch that another has done, and for texts that have no vector of the model in force.
const (
	followEvery   = 5 * time.Second
	backfillEvery = 10 * time.Minute
)

// embedderOf makes the embedder of a model: the built-in one, or one of the configured endpoint.
func embedderOf(cfg *config.Config, call embeddings.Caller) func(context.Context, string) (embeddings.Embedder, error) {
	return func(ctx context.Context, name string) (embeddings.Embedder, error) {
		builtin := embeddings.Builtin{}
		switch {
		case name == builtinName || name == builtin.Model():
			return builtin, nil
		case retired(name):
			return nil, fault.Newf(fault.Unsupported, "model-retired", "This version of gapwise has %s in the place of %s. Switch to it: `gapwise embeddings switch %s`.", builtin.Model(), name, builtinName)
		case cfg.EmbeddingsBaseURL == "":
			return nil, fault.Newf(fault.Unavailable, "embeddings-not-configured",
				"The model %s needs an endpoint. Set EMBEDDINGS_BASE_URL and EMBEDDINGS_MODEL, or go to the built-in model: `gapwise embeddings switch %s`.", name, builtinName)
		}
		return embeddings.NewRemote(ctx, call, name)
	}
}

// retired tells whether a name is that of a built-in model which this binary does not have.
func retired(name string) bool {
	return strings.HasPrefix(name, builtinName+"-") && name != (embeddings.Builtin{}).Model()
}

// putInForce chooses the embedder that serves: that of the model in force in the database; in a new one, and where only an older binary had the
// model, the configured one. Where an endpoint does not answer and the operator chose the fallback, that serves under its own name.
func (h *house) putInForce(ctx context.Context, cfg *config.Config) error {
	active, err := h.db.ActiveModel(ctx)
	if err != nil {
		return err
	}
	wanted := cmp.Or(cfg.EmbeddingsModel, (embeddings.Builtin{}).Model())
	name := active
	if h.adopt = active == "" || retired(active); h.adopt {
		name = wanted
	} else if active != wanted {
		h.log.WarnContext(ctx, "another model than the configured one is in force", "in_force", active, "configured", wanted, "do", "gapwise embeddings switch "+wanted)
	}
	e, err := h.models(ctx, name)
	if (errors.Is(err, fault.Unavailable) || errors.Is(err, fault.Timeout)) && cfg.EmbeddingsFallback == builtinName {
		h.log.WarnContext(ctx, "the embeddings endpoint does not answer: the built-in model stands in", "error", err)
		e, err, h.adopt = embeddings.Builtin{}, nil, active == ""
	}
	if err != nil {
		return err
	}
	h.embedder = embeddings.NewActive(e)
	if cfg.EmbeddingsFallback == builtinName {
		h.embedder.WithFallback(embeddings.Builtin{})
	}
	return nil
}

// impersonal is the embedder in force for texts that are nobody's: what an endpoint was paid for is kept.
func (h *house) impersonal() embeddings.Embedder { return cached(h.db)(h.embedder.Current()) }

// cached puts the cache before embedders that are paid for.
func cached(db *postgres.DB) func(embeddings.Embedder) embeddings.Embedder {
	return func(e embeddings.Embedder) embeddings.Embedder {
		if _, remote := e.(*embeddings.Remote); remote {
			return embeddings.NewCached(e, db)
		}
		return e
	}
}

// indexCatalog stores the vectors of the catalogue under the model in force, and under the fallback.
func (h *house) indexCatalog(ctx context.Context, cfg *config.Config) error {
	e := h.impersonal()
	list := []embeddings.Embedder{e}
	if fallback := (embeddings.Builtin{}); cfg.EmbeddingsFallback == builtinName && e.Model() != fallback.Model() {
		list = append(list, fallback)
	}
	for _, e := range list {
		indexed, err := gapanalysis.IndexCatalog(ctx, h.catalog, e, h.db)
		if err != nil {
			return fmt.Errorf("index the catalogue: %w", err)
		}
		if indexed {
			h.log.InfoContext(ctx, "indexed the catalogue", "skills", len(h.catalog.Skills()), "roles", len(h.catalog.Roles()), "model", e.Model())
		}
	}
	if h.adopt {
		return h.db.Activate(ctx, e.Model())
	}
	return nil
}

// switcher changes models over a database.
func (o *offline) switcher(db *postgres.DB, models func(context.Context, string) (embeddings.Embedder, error)) *gapanalysis.Switcher {
	return &gapanalysis.Switcher{
		Catalog: o.catalog, Book: db, Backlog: db, Models: db, Uploads: db, Embedder: models, Impersonal: cached(db), Now: time.Now,
	}
}

// jobSwitching does what is left of the switch that is under way.
func jobSwitching(sw *gapanalysis.Switcher, db *postgres.DB, log *slog.Logger, flipped func(context.Context)) postgres.Job {
	return func(ctx context.Context) error {
		held, err := db.HoldSwitch(ctx, func(ctx context.Context) error {
			s, err := sw.Book.LatestSwitch(ctx)
			if errors.Is(err, fault.NotFound) || err == nil && s.Ended() {
				return nil
			}
			if err != nil {
				return err
			}
			s, err = sw.Run(ctx, s, nil)
			if errors.Is(err, fault.Conflict) { // cancelled, or a model that cannot be stored: trying again changes nothing
				s.Stage, s.Detail = gapanalysis.StageFailed, fault.DetailOf(err)
				return sw.Book.SaveSwitch(ctx, s)
			}
			if err != nil {
				return err
			}
			log.InfoContext(ctx, "switched models", "switch", s.Progress())
			flipped(ctx)
			return nil
		})
		if err == nil && !held {
			return postgres.ErrBusy
		}
		return err
	}
}

// background starts the queue, puts in it what an earlier process has not finished, and follows switches until ctx ends.
func (h *house) background(ctx context.Context) (*postgres.Queue, error) {
	sw := h.switcher(h.db, h.models)
	queue, err := postgres.NewQueue(h.db, map[string]postgres.Job{
		jobSwitch: jobSwitching(sw, h.db, h.log, h.follow),
		jobBackfill: func(ctx context.Context) error {
			n, err := sw.Backfill(ctx, h.embedder.Current())
			if n > 0 {
				h.log.InfoContext(ctx, "embedded what had no vector", "texts", n)
			}
			return errors.Join(err, h.db.TrimCache(ctx))
		},
		jobCollect: h.collectDue(),
	}, []postgres.Periodic{{Name: jobBackfill, Every: backfillEvery}, {Name: jobCollect, Every: collectEvery}}, h.log)
	if err != nil {
		return nil, err
	}
	if err := queue.Start(context.WithoutCancel(ctx)); err != nil {
		return nil, fmt.Errorf("start the queue: %w", err)
	}
	for _, job := range []string{jobSwitch, jobBackfill, jobCollect} {
		if err := queue.Add(ctx, job); err != nil {
			return queue, err
		}
	}
	go func() {
		tick := time.NewTicker(followEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				h.follow(ctx)
			}
		}
	}()
	return queue, nil
}

// follow puts the model in force that the database says is, where that has changed.
func (h *house) follow(ctx context.Context) {
	active, err := h.db.ActiveModel(ctx)
	if err == nil && active != "" && active != h.embedder.Model() && !retired(active) {
		var e embeddings.Embedder
		if e, err = h.models(ctx, active); err == nil {
			h.embedder.Use(e)
			h.log.InfoContext(ctx, "another model is in force", "model", active)
		}
	}
	if err != nil && ctx.Err() == nil {
		h.log.WarnContext(ctx, "the model in force cannot be followed", "error", err)
	}
}

// importEmbedder is impersonal as the importer of postings takes it.
func (h *house) importEmbedder() posting.Embedder { return h.impersonal() }
