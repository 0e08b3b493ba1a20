package main

import (
	"context"
	"fmt"
	"runtime"
	"text/tabwriter"
	"time"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/config"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/pgcluster"
	"github.com/gapwise/gapwise/postgres"
)

// finding is one thing that doctor looked at.
type finding struct {
	What  string `json:"what"`
	OK    bool   `json:"ok"`
	Found string `json:"found"`
	Do    string `json:"do,omitempty"`
}

// doctor says what is on this machine and what is in force. It starts nothing and changes nothing.
func doctor(ctx context.Context, c *command) error {
	c.databaseFlags()
	if err := c.parse(); err != nil {
		return err
	}
	cfg, err := c.config()
	if err != nil {
		return err
	}
	findings := []finding{{What: "gapwise", OK: true, Found: runtime.Version() + " on " + runtime.GOOS + "/" + runtime.GOARCH}}
	findings = append(findings, databaseFinding(ctx, cfg), catalogFinding(cfg.Catalog), modelFinding(cfg), promptsFinding(cfg))
	ok := true
	for _, f := range findings {
		ok = ok && f.OK
	}
	if c.json {
		if err := c.printJSON(map[string]any{"ok": ok, "findings": findings, "settings": cfg.Settings()}); err != nil {
			return err
		}
	} else {
		tab := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
		for _, f := range findings {
			mark := "ok"
			if !f.OK {
				mark = "MISSING"
			}
			fmt.Fprintf(tab, "%s\t%s\t%s\n", mark, f.What, f.Found)
			if f.Do != "" {
				fmt.Fprintf(tab, "\t\t%s\n", f.Do)
			}
		}
		fmt.Fprintln(tab, "\nSettings in force\t\t")
		for _, s := range cfg.Settings() {
			fmt.Fprintf(tab, "%s\t%s\t%s\n", s.Name, s.Source, s.Value)
		}
		if err := tab.Flush(); err != nil {
			return err
		}
	}
	if !ok {
		return fault.New(fault.Unavailable, "not-ready", "Something is missing; the lines above say what to do.")
	}
	return nil
}

// inspectTimeout bounds the look at a database that is set.
const inspectTimeout = 10 * time.Second

func databaseFinding(ctx context.Context, cfg *config.Config) finding {
	f := finding{What: "database"}
	if cfg.DatabaseURL != "" {
		ctx, cancel := context.WithTimeout(ctx, inspectTimeout)
		defer cancel()
		v, err := postgres.Inspect(ctx, string(cfg.DatabaseURL))
		if err != nil {
			f.Found, f.Do = "DATABASE_URL does not answer", fault.DetailOf(err)
			return f
		}
		f.OK, f.Found = true, "PostgreSQL "+v.Server+" at DATABASE_URL, pgvector "+v.PGVector
		if v.PGVector == "" {
			f.Found = "PostgreSQL " + v.Server + " at DATABASE_URL; pgvector comes with the first migration"
		}
		return f
	}
	b, err := pgcluster.Find()
	if err != nil {
		f.Found, f.Do = "no usable PostgreSQL on this machine", fault.DetailOf(err)
		return f
	}
	f.OK, f.Found = true, fmt.Sprintf("private cluster in %s, with PostgreSQL %s and pgvector %s of %s", cfg.Data, b.Version, b.Vector, b.Dir)
	if !b.HasVector() {
		f.OK, f.Do = false, "pgvector 0.8 or newer is missing. `make setup` installs it."
	}
	return f
}

func catalogFinding(dir string) finding {
	c, err := loadCatalog(dir)
	if err != nil {
		return finding{What: "catalogue", Found: "broken", Do: fault.DetailOf(err)}
	}
	s := c.Stats()
	return finding{What: "catalogue", OK: true, Found: fmt.Sprintf("%s: %d roles, %d skills, %d sample postings", s.Version, s.Roles, s.Skills, s.Postings)}
}

func modelFinding(cfg *config.Config) finding {
	f := finding{What: "language model", OK: true, Found: "none: the tutor answers from the catalogue and the report by retrieval"}
	if cfg.LLMBaseURL == "" {
		return f
	}
	f.Found = cfg.LLMModel + " at " + cfg.LLMBaseURL
	prices, err := gateway.LoadPrices()
	if err != nil {
		return finding{What: f.What, Found: "the price file is broken", Do: err.Error()}
	}
	if _, err := prices.Of(cfg.LLMModel); err != nil && cfg.LLMPriceInput == "" {
		f.OK, f.Do = false, fault.DetailOf(err)
		return f
	}
	f.Found += ", prices of " + prices.AsOf
	if cfg.LLMPriceInput != "" {
		f.Found += " with LLM_PRICE_INPUT and LLM_PRICE_OUTPUT for what they lack"
	}
	return f
}

// promptsFinding says whether what people ask is written down. That is nothing that is missing, but nobody should find it out late.
func promptsFinding(cfg *config.Config) finding {
	f := finding{What: "prompts and answers", OK: true, Found: "not written down"}
	if cfg.LogPrompts > 0 {
		f.Found = fmt.Sprintf("WRITTEN to the database and kept for %s, without keys and with everything else that people say in them", cfg.LogPrompts)
		f.Do = "Tell them, and set GAPWISE_LOG_PROMPTS to off when you have seen what you looked for."
	}
	return f
}
