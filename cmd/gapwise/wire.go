package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/account"
	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/gateway/openai"
	"github.com/gapwise/gapwise/gateway/tokens"
	"github.com/gapwise/gapwise/internal/config"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/filetext"
	"github.com/gapwise/gapwise/internal/pgcluster"
	"github.com/gapwise/gapwise/internal/webfetch"
	"github.com/gapwise/gapwise/migrations"
	"github.com/gapwise/gapwise/postgres"
	"github.com/gapwise/gapwise/posting"
	"github.com/gapwise/gapwise/prompts"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
	"github.com/gapwise/gapwise/tutor"
	"github.com/gapwise/gapwise/web"
)

// offline is the part of the house that needs no database.
type offline struct {
	catalog *catalog.Catalog
	reader  *resume.Reader
	finder  *skill.Finder
	pdf     *filetext.Extractor
	now     func() time.Time
	newID   func() func() uuid.UUID // a source of conversations' ids for each house; nil for those of chance
}

// newOffline makes it. The data directory holds the cache of the PDF engine.
func newOffline(cfg *config.Config) (*offline, error) {
	c, err := loadCatalog(cfg.Catalog)
	if err != nil {
		return nil, err
	}
	pdf := filetext.New(filetext.Options{CacheDir: filepath.Join(cfg.Data, "cache", "pdf")})
	return &offline{catalog: c, pdf: pdf, reader: resume.NewReader(pdf), finder: skill.NewFinder(c), now: time.Now}, nil
}

// house is everything, wired in the order in which data flows.
type house struct {
	*offline
	db        *postgres.DB
	embedder  *embeddings.Active
	models    func(context.Context, string) (embeddings.Embedder, error) // by name
	adopt     bool                                                       // the database has no model in force that can be run: take this one
	intake    *skill.Intake
	importer  *posting.Importer
	gaps      *gapanalysis.Service
	plans     *gapanalysis.Planner
	jobs      *gapanalysis.JobBook
	gateway   *gateway.Gateway
	tutor     *tutor.Service
	progress  *tutor.Progress
	mastery   *tutor.Mastery
	accounts  *account.Service
	log       *slog.Logger
	now       func() time.Time
	journals  string // directory of the ledger's journals
	templates *prompts.Library
	enter     func(context.Context) error
	close     []func() error
}

// open builds the house: the database migrated, the catalogue indexed, the sample postings in.
func open(ctx context.Context, cfg *config.Config, log *slog.Logger) (*house, error) {
	o, err := newOffline(cfg)
	if err != nil {
		return nil, err
	}
	return o.open(ctx, cfg, log)
}

// open builds the rest of the house around the part that needs no database.
func (o *offline) open(ctx context.Context, cfg *config.Config, log *slog.Logger) (h *house, err error) {
	h = &house{offline: o, log: log, now: o.now}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.Close())
		}
	}()
	url, stop, err := database(ctx, cfg, log)
	if err != nil {
		return h, err
	}
	h.close = append(h.close, stop)
	if h.db, err = openDatabase(ctx, url, log); err != nil {
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
	if h.gateway, err = newGateway(cfg, h.gatewayOptions(ctx, cfg, ledger, h.newCache(cfg), tracer)); err != nil {
		return h, err
	}
	h.models = embedderOf(cfg, h.gateway)
	if err := h.putInForce(ctx, cfg); err != nil {
		return h, err
	}
	if h.templates, err = loadPrompts(cfg.Prompts); err != nil {
		return h, err
	}
	h.intake = skill.NewIntake(h.reader, h.finder, h.embedder, h.db, h.db, h.now)
	h.importer = posting.NewImporter(h.finder, h.importEmbedder, h.db, h.catalog.Version())
	proofs := gapanalysis.NewProofs(h.catalog, h.finder)
	profiles := gapanalysis.Remembering(h.catalog, proofs.Over(h.db, h.db), h.db, h.now)
	h.gaps = gapanalysis.NewService(h.catalog, profiles, h.db, h.finder, h.embedder.Model, h.now).Counting(h.db).Keeping(h.db).Finding(h.db, h.db).Indexing(h.db, h.db).Viewing(h.db)
	h.plans = gapanalysis.NewPlanner(h.gaps, proofs, h.db, h.db).Ordering(h.db)
	h.jobs = gapanalysis.NewJobBook(h.gaps, h.db, h.db, h.db)
	h.mastery = tutor.NewMastery(h.catalog, h.db, h.now)
	var newID func() uuid.UUID
	if o.newID != nil {
		newID = o.newID()
	}
	h.tutor = tutor.New(tutor.Options{
		Catalog: h.catalog, Prompts: h.templates, Conversations: h.db, Messages: h.db, Reports: h.gaps, Memory: h.mastery, Model: h.gateway, Budgets: h.gateway,
		Resumes: h.db, Identities: h.db, Progress: h.db, Passages: h.db.PassageFinder(), Now: h.now, NewID: newID, Log: h.log,
	})
	h.close = append(h.close, h.tutor.Close)
	h.progress = tutor.NewProgress(h.catalog, h.db, h.now)
	h.accounts = account.New(h.db, h.db, h.now)
	return h, h.fill(ctx, cfg)
}

// Close takes the house down in the opposite order.
func (h *house) Close() error {
	var errs []error
	for _, down := range slices.Backward(h.close) {
		errs = append(errs, down())
	}
	h.close = nil
	return errors.Join(errs...)
}

// database is the address to use: the one that is set, or that of the private cluster, started if it is not running.
func database(ctx context.Context, cfg *config.Config, log *slog.Logger) (url string, stop func() error, err error) {
	if cfg.DatabaseURL != "" {
		return string(cfg.DatabaseURL), func() error { return nil }, nil
	}
	if err := os.MkdirAll(cfg.Data, 0o750); err != nil {
		return "", nil, fault.Newf(fault.Unavailable, "data-directory", "The data directory %s cannot be made. Set GAPWISE_DATA to one that can.", cfg.Data).Because(err)
	}
	cluster, err := pgcluster.Start(ctx, pgcluster.Options{DataDir: cfg.Data, Log: log})
	if err != nil {
		return "", nil, err
	}
	return cluster.URL(), cluster.Close, nil
}

func openDatabase(ctx context.Context, url string, log *slog.Logger) (*postgres.DB, error) {
	applied, err := postgres.Migrate(ctx, url, migrations.Files)
	if err != nil {
		return nil, err
	}
	for _, s := range applied {
		log.InfoContext(ctx, "migrated", "step", s.Name)
	}
	return postgres.Open(ctx, url)
}

// newGateway wires the way to models; without an endpoint it only keeps the books.
func newGateway(cfg *config.Config, o gateway.Options) (*gateway.Gateway, error) {
	o.Model, o.Tokens = cfg.LLMModel, tokens.Count
	var err error
	if o.Prices, err = gateway.LoadPrices(); err != nil {
		return nil, err
	}
	if cfg.LLMPriceInput != "" {
		price := gateway.Price{}
		if price.Input, err = dollars("LLM_PRICE_INPUT", cfg.LLMPriceInput); err != nil {
			return nil, err
		}
		if price.Output, err = dollars("LLM_PRICE_OUTPUT", cfg.LLMPriceOutput); err != nil {
			return nil, err
		}
		o.Prices = o.Prices.With(cfg.LLMModel, price).With(cfg.EmbeddingsModel, price)
	}
	if o.Caps, err = caps(cfg); err != nil {
		return nil, err
	}
	if cfg.LLMBaseURL != "" {
		o.Chat = openai.New(cfg.LLMBaseURL, string(cfg.LLMKey))
		price, err := o.Prices.Of(cfg.LLMModel)
		if err != nil {
			o.Log.Warn("the configured model has no price and will be refused", "model", cfg.LLMModel, "do", fault.DetailOf(err))
		} else if price.Free() && gateway.Local(cfg.LLMBaseURL) {
			o.Routes = map[string][]gateway.Target{"": {gateway.Target{Name: "local", Model: cfg.LLMModel, Provider: o.Chat}.LocalTimeouts()}}
		}
	}
	if err := addRoutes(cfg, &o); err != nil {
		return nil, err
	}
	if cfg.EmbeddingsBaseURL != "" {
		o.Embedder = openai.New(cfg.EmbeddingsBaseURL, string(cfg.EmbeddingsKey)).WithDimensions(cfg.EmbeddingsDimensions)
	}
	return gateway.New(o), nil
}

func dollars(name, value string) (gateway.Nano, error) {
	n, err := gateway.ParseDollars(value)
	if err != nil {
		return 0, fault.Newf(fault.Usage, "invalid-setting", "%s: %v.", name, err)
	}
	return n, nil
}

// fill puts in what ships with the binary and is not there yet, and books calls whose process died.
func (h *house) fill(ctx context.Context, cfg *config.Config) error {
	if err := h.bookDead(ctx); err != nil {
		return err
	}
	if moved, err := h.db.FollowRenames(ctx, h.catalog.Renames()); err != nil {
		return err
	} else if moved > 0 {
		h.log.InfoContext(ctx, "followed ids that the catalogue has renamed", "rows", moved)
	}
	if err := h.indexCatalog(ctx, cfg); err != nil {
		return err
	}
	return h.loadSamples(ctx)
}

// rooms is the house as the edge sees it.
func (h *house) rooms() web.Rooms {
	return web.Rooms{
		Catalog: h.catalog, Accounts: h.accounts, Intake: h.intake, Gaps: h.gaps, Plans: h.plans, Jobs: h.jobs, Postings: h.importer, Tutor: h.tutor, Progress: h.progress, Mastery: h.mastery,
		Gateway: h.gateway, Embedder: h.embedder, Pages: webfetch.New(nil), Ready: h.db.Ping, Now: h.now, Log: h.log,
		Running: &web.Running{
			Spending: h.db, Sources: h.db, Switches: h.db, Queue: h.db, Prompts: h.templates.Infos,
			Journal: func() error { return checkJournal(h.journals) },
		},
	}
}

// checkJournal tells whether calls can be noted down in the directory of the ledger's journals.
func checkJournal(dir string) error {
	f, err := os.CreateTemp(dir, ".check-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}
