package main

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/evals"
	"github.com/gapwise/gapwise/internal/config"
	"github.com/gapwise/gapwise/internal/pgcluster"
	"github.com/gapwise/gapwise/postgres"
)

// stage starts services for evaluation cases. What all of them share is made once: the catalogue with its finder and the PDF engine, and a
// database with everything in it that a service puts there when it first starts, of which each service gets a copy.
type stage struct {
	server string // address of PostgreSQL
	data   string // whose cache of the PDF engine is used
	temp   string
	parts  *offline
	model  string // name of the database to copy
	begun  time.Time
	made   atomic.Int64
	close  []func() error
}

// evalsDay is when services of the evaluations believe to be at their start, so that dates in answers and prompts are the same in every run.
func evalsDay() time.Time { return time.Date(2026, time.November, 24, 9, 0, 0, 0, time.UTC) }

// now is the services' clock: it starts at evalsDay and runs as fast as any other.
func (s *stage) now() time.Time { return evalsDay().Add(time.Since(s.begun)) }

// countedIDs makes ids of conversations that are the same in every run: what is shuffled in a conversation, such as the choices of a quiz, hangs
// on its id.
func countedIDs() func() uuid.UUID {
	var made atomic.Int64
	return func() uuid.UUID {
		n := made.Add(1)
		sum := sha256.Sum256(fmt.Appendf(nil, "conversation %d", n))
		id := uuid.UUID(sum[:16])
		binary.BigEndian.PutUint64(id[:8], uint64(evalsDay().UnixMilli()+n)<<16) //nolint:gosec // G115: a time after 1970
		id[6], id[8] = 0x70, id[8]&0x3f|0x80                                     // version 7
		return id
	}
}

// newStage starts a private cluster in a temporary directory, or uses the server of DATABASE_URL, and makes the database to copy.
func newStage(ctx context.Context, cfg *config.Config) (s *stage, err error) {
	s = &stage{server: string(cfg.DatabaseURL), data: cfg.Data, begun: time.Now()}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if s.temp, err = os.MkdirTemp("", "gapwise-evals-"); err != nil {
		return s, fmt.Errorf("make a directory: %w", err)
	}
	s.close = append(s.close, func() error { return os.RemoveAll(s.temp) })
	parts := make(chan error, 1)
	go func() {
		var err error
		s.parts, err = newOffline(cfg)
		parts <- err
	}()
	if s.server == "" {
		cluster, err := pgcluster.Start(ctx, pgcluster.Options{DataDir: filepath.Join(s.temp, "data"), FastUnsafe: true})
		if err != nil {
			return s, errors.Join(err, <-parts)
		}
		s.close = append(s.close, cluster.Close)
		s.server = cluster.URL()
	}
	if err := <-parts; err != nil {
		return s, err
	}
	s.parts.now, s.parts.newID = s.now, countedIDs
	address, drop, err := postgres.Scratch(ctx, s.server, "template1")
	if err != nil {
		return s, err
	}
	s.close = append(s.close, func() error { return drop(context.WithoutCancel(ctx)) })
	s.model = databaseOf(address)
	h, err := s.house(ctx, address, evals.Settings{}, "")
	if err != nil {
		return s, err
	}
	return s, h.Close()
}

// databaseOf is the name of the database of an address.
func databaseOf(address string) string {
	rest, _, _ := strings.Cut(address, "?")
	return rest[strings.LastIndexByte(rest, '/')+1:]
}

// Close takes down what the stage has made.
func (s *stage) Close() error {
	var errs []error
	for _, down := range slices.Backward(s.close) {
		errs = append(errs, down())
	}
	return errors.Join(errs...)
}

// house builds a service over a database.
func (s *stage) house(ctx context.Context, address string, settings evals.Settings, llm string) (*house, error) {
	env, err := s.env(address, settings, llm)
	if err != nil {
		return nil, err
	}
	cfg, err := config.Load(func(k string) string { return env[k] }, map[string]string{"GAPWISE_DATA": s.data}, "")
	if err != nil {
		return nil, err
	}
	return s.parts.open(ctx, cfg, slog.New(slog.DiscardHandler))
}

// env are the settings of a case as a service reads them.
func (s *stage) env(address string, settings evals.Settings, llm string) (map[string]string, error) {
	env := map[string]string{
		"DATABASE_URL": address, "GAPWISE_BUDGET_REQUEST": settings.Caps.Request, "GAPWISE_BUDGET_PERSON_DAY": settings.Caps.PersonDay,
		"GAPWISE_BUDGET_PERSON_MONTH": settings.Caps.PersonMonth, "GAPWISE_BUDGET_INSTANCE_DAY": settings.Caps.InstanceDay,
		"GAPWISE_BUDGET_INSTANCE_MONTH": settings.Caps.InstanceMonth, "GAPWISE_CACHE": settings.Cache, "GAPWISE_LEDGER": settings.Ledger,
		"LLM_RETRIES": settings.Retries, "LLM_HEDGE": settings.Hedge,
	}
	if !settings.Model {
		return env, nil
	}
	env["LLM_BASE_URL"], env["LLM_API_KEY"], env["LLM_MODEL"] = llm, "stub", evals.ModelName
	env["LLM_PRICE_INPUT"], env["LLM_PRICE_OUTPUT"] = settings.PriceInput, settings.PriceOutput
	if len(settings.Routes) == 0 {
		return env, nil
	}
	type target struct {
		evals.Route
		BaseURL string `json:"base_url"`
		APIKey  string `json:"api_key"`
	}
	routes := map[string][]target{}
	for purpose, list := range settings.Routes {
		for _, r := range list {
			routes[purpose] = append(routes[purpose], target{r, llm, "stub"})
		}
	}
	b, err := json.Marshal(routes) //nolint:gosec // G117: the key of a stub is no secret
	if err != nil {
		return nil, fmt.Errorf("write routes: %w", err)
	}
	env["LLM_ROUTES"] = filepath.Join(s.temp, fmt.Sprintf("routes-%d.json", s.made.Add(1)))
	if err := os.WriteFile(env["LLM_ROUTES"], b, 0o600); err != nil {
		return nil, fmt.Errorf("write routes: %w", err)
	}
	return env, nil
}

// launch starts the whole service for some cases; it is an evals.Launch.
func (s *stage) launch(ctx context.Context, settings evals.Settings, llm string) (base string, stop func() error, err error) {
	address, drop, err := postgres.Scratch(ctx, s.server, s.model)
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
	h, err := s.house(ctx, address, settings, llm)
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
