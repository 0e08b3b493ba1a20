package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// Job is work in the background. It may be run again at any time, also after a process died in the middle of it, and so goes on from what is
// in the database.
type Job func(ctx context.Context) error

// ErrBusy is what a job returns while another process does its work; it is run again soon.
var ErrBusy = errors.New("another process is at it")

// busyPause is how long a job waits for another process that does its work.
const busyPause = 10 * time.Second

// task is the one kind of work that the queue has: a job by its name.
type task struct {
	Name string `json:"name"`
}

// Kind implements river.JobArgs.
func (task) Kind() string { return "gapwise" }

// Queue runs jobs in the background, each in one process at a time, from the same database as everything else.
type Queue struct{ client *river.Client[pgx.Tx] }

// Periodic is a job that is run from time to time by one of the processes.
type Periodic struct {
	Name  string
	Every time.Duration
}

// NewQueue makes a queue of jobs by their names.
func NewQueue(db *DB, jobs map[string]Job, periodic []Periodic, log *slog.Logger) (*Queue, error) {
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{jobs: jobs})
	cfg := &river.Config{
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 2}},
		// A switch of models takes hours where an endpoint is slow. Whose process died is not waited for: what is unfinished is put in the queue
		// again at every start, and a lock that ends with the process keeps two from working on it.
		JobTimeout:           -1,
		RescueStuckJobsAfter: 24 * time.Hour,
		Workers:              workers,
		Logger:               slog.New(atLeast{log.Handler(), slog.LevelError}),
	}
	for _, p := range periodic {
		cfg.PeriodicJobs = append(cfg.PeriodicJobs, river.NewPeriodicJob(river.PeriodicInterval(p.Every),
			func() (river.JobArgs, *river.InsertOpts) { return task{p.Name}, nil }, nil))
	}
	client, err := river.NewClient(riverpgxv5.New(db.pool), cfg)
	if err != nil {
		return nil, fmt.Errorf("make the queue: %w", err)
	}
	return &Queue{client}, nil
}

// Start begins to work in the background. Stop ends it, and waits for jobs to give up when ctx ends.
func (q *Queue) Start(ctx context.Context) error { return q.client.Start(ctx) }

// Stop tells jobs under way to give up, and waits for them as long as ctx allows.
func (q *Queue) Stop(ctx context.Context) error { return q.client.StopAndCancel(ctx) }

// Add puts a job in the queue, by its name.
func (q *Queue) Add(ctx context.Context, name string) error {
	if _, err := q.client.Insert(ctx, task{name}, nil); err != nil {
		return fmt.Errorf("put %s in the queue: %w", name, err)
	}
	return nil
}

type worker struct {
	river.WorkerDefaults[task]
	jobs map[string]Job
}

// Work implements river.Worker.
func (w *worker) Work(ctx context.Context, job *river.Job[task]) error {
	run, ok := w.jobs[job.Args.Name]
	if !ok {
		return river.JobCancel(fmt.Errorf("there is no job %q", job.Args.Name))
	}
	err := run(ctx)
	if errors.Is(err, ErrBusy) {
		return river.JobSnooze(busyPause)
	}
	return err
}

// atLeast passes on what is of a level or above: the queue tells more than an operator wants to read.
type atLeast struct {
	slog.Handler
	level slog.Level
}

// Enabled implements slog.Handler.
func (h atLeast) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= h.level && h.Handler.Enabled(ctx, l)
}

// migrateQueue brings the queue's own tables up to date, on connections of its own: not all of its steps can share a transaction.
func migrateQueue(ctx context.Context, url string) error {
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return errBadURL
	}
	defer pool.Close()
	m, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err == nil {
		_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	}
	if err != nil {
		return fmt.Errorf("migrate the queue: %w", err)
	}
	return nil
}

// Backlog counts the jobs of the queue by their state, as the queue calls it.
func (db *DB) Backlog(ctx context.Context) (map[string]int, error) {
	out := map[string]int{}
	rows, err := db.pool.Query(ctx, `select state::text, count(*)::int from river_job group by state`)
	if err != nil {
		return nil, fmt.Errorf("count the queue: %w", err)
	}
	var state string
	var n int
	_, err = pgx.ForEachRow(rows, []any{&state, &n}, func() error { out[state] = n; return nil })
	return out, err
}
