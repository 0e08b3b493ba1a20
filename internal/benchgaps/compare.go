package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/account"
	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/calibration"
	"github.com/gapwise/gapwise/internal/labelled"
	"github.com/gapwise/gapwise/internal/pgcluster"
	"github.com/gapwise/gapwise/internal/proctable"
	"github.com/gapwise/gapwise/migrations"
	"github.com/gapwise/gapwise/postgres"
	"github.com/gapwise/gapwise/posting"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
)

// compared is what comparisons cost. CPU is this process's, with its collection of garbage, and not the database's.
type compared struct {
	Resumes   int     `json:"resumes"`
	Count     int     `json:"comparisons"`
	AloneCPU  float64 `json:"compare_cpu_ms"`      // gapanalysis.Compare alone
	CPU       float64 `json:"report_cpu_ms"`       // a report of the service: read, compared, kept
	Wall      float64 `json:"report_ms_p50"`       // from call to answer
	Trips     float64 `json:"report_round_trips"`  // the most that one made
	RankCPU   float64 `json:"ranking_cpu_ms"`      // of all roles, with vectors from the database
	RankWall  float64 `json:"ranking_ms_p50"`      //
	RankTrips float64 `json:"ranking_round_trips"` //
	SpaceCPU  float64 `json:"ranking_space_cpu_ms"`
	Ranked    int     `json:"roles"`
}

// quickResumes is how many labelled resumes a brief run takes.
const quickResumes = 6

// comparedRoles are the roles that reports are made for.
var comparedRoles = []string{"backend-engineer", "data-engineer", "frontend-engineer", "systems-administrator"}

// kept is a labelled resume that was taken in.
type kept struct {
	person, resume uuid.UUID
	profile        *skill.Profile
}

// stage is a database with the catalogue, the sample postings and the labelled resumes in it.
type stage struct {
	catalog *catalog.Catalog
	space   *gapanalysis.Space
	db      *postgres.DB
	service *gapanalysis.Service
	counted *gapanalysis.Service // the same through the counter, which would cost CPU of its own
	wire    *counter
	address string
	resumes []kept
	close   []func() error
}

func (s *stage) Close() error {
	var errs []error
	for _, down := range slices.Backward(s.close) {
		errs = append(errs, down())
	}
	return errors.Join(errs...)
}

// compareAll measures comparisons and the ranking, and how readiness stands to seniority.
func compareAll(ctx context.Context, o options, progress io.Writer) (m compared, c calibrated, err error) {
	fmt.Fprintln(progress, "comparisons: filling a database")
	s, resumes, err := newStage(ctx, o)
	if s != nil {
		defer func() { err = errors.Join(err, s.Close()) }()
	}
	if err != nil {
		return m, c, err
	}
	fmt.Fprintln(progress, "comparisons: measuring")
	if err := s.measure(ctx, o, &m); err != nil {
		return m, c, err
	}
	c, err = calibrate(ctx, s, resumes)
	return m, c, err
}

// newStage fills a database in a private cluster. What is returned is to be closed even with an error.
func newStage(ctx context.Context, o options) (s *stage, resumes []*labelled.Resume, err error) {
	s = &stage{}
	if s.catalog, err = catalog.Load(); err != nil {
		return s, nil, err
	}
	if resumes, err = labelled.Load(os.DirFS(o.resumes), s.catalog.HasSkill); err != nil {
		return s, nil, err
	}
	if len(resumes) == 0 {
		return s, nil, fmt.Errorf("no labelled resumes in %s", o.resumes)
	}
	if o.quick {
		resumes = resumes[:min(len(resumes), quickResumes)]
	}
	if s.space, err = gapanalysis.NewSpace(ctx, s.catalog, embeddings.Builtin{}); err != nil {
		return s, nil, err
	}
	if err := s.open(ctx); err != nil {
		return s, nil, err
	}
	model, finder := embeddings.Builtin{}, skill.NewFinder(s.catalog)
	if _, err := gapanalysis.IndexCatalog(ctx, s.catalog, model, s.db); err != nil {
		return s, nil, err
	}
	importer := posting.NewImporter(finder, func() posting.Embedder { return model }, s.db, s.catalog.Version())
	if _, err := importer.Import(ctx, bytes.NewReader(s.catalog.SamplePostings()), nil); err != nil {
		return s, nil, err
	}
	proofs := gapanalysis.NewProofs(s.catalog, finder)
	service := func(db *postgres.DB) *gapanalysis.Service {
		return gapanalysis.NewService(s.catalog, proofs.Over(db, db), db, finder, model.Model, time.Now).Counting(db).Keeping(db)
	}
	s.service = service(s.db)
	through, err := s.throughCounter(ctx)
	if err != nil {
		return s, nil, err
	}
	s.counted = service(through)
	intake := skill.NewIntake(resume.NewReader(nil), finder, model, s.db, s.db, time.Now)
	accounts := account.New(s.db, s.db, time.Now)
	for _, r := range resumes {
		p, _, err := accounts.Admit(ctx, account.Guest, "", account.Bearer)
		if err != nil {
			return s, nil, err
		}
		u, err := intake.Read(ctx, r.Name+".txt", []byte(r.Text))
		if err != nil {
			return s, nil, err
		}
		if err := intake.Keep(ctx, p.ID, u); err != nil {
			return s, nil, err
		}
		s.resumes = append(s.resumes, kept{person: p.ID, resume: u.ID, profile: &u.Profile})
	}
	return s, resumes, nil
}

// open starts the cluster, and connects to it.
func (s *stage) open(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "gapwise-bench")
	if err != nil {
		return err
	}
	s.close = append(s.close, func() error { return os.RemoveAll(dir) })
	cluster, err := pgcluster.Start(ctx, pgcluster.Options{DataDir: dir})
	if err != nil {
		return err
	}
	s.close = append(s.close, cluster.Close)
	if _, err := postgres.Migrate(ctx, cluster.URL(), migrations.Files); err != nil {
		return err
	}
	if s.db, err = postgres.Open(ctx, cluster.URL()); err != nil {
		return err
	}
	s.close = append(s.close, func() error { s.db.Close(); return nil })
	s.address = cluster.URL()
	return nil
}

// throughCounter connects once more, through a counter.
func (s *stage) throughCounter(ctx context.Context) (*postgres.DB, error) {
	wire, address, err := countTrips(s.address)
	if err != nil {
		return nil, err
	}
	s.wire = wire
	s.close = append(s.close, wire.Close)
	db, err := postgres.Open(ctx, address)
	if err != nil {
		return nil, err
	}
	s.close = append(s.close, func() error { db.Close(); return nil })
	return db, nil
}

// measure takes the figures one after another, each after a round that warms up: statements are prepared, and the postings counted.
func (s *stage) measure(ctx context.Context, o options, m *compared) error {
	m.Resumes, m.Ranked = len(s.resumes), len(s.catalog.Roles())
	today := time.Now()
	report := func(by *gapanalysis.Service) func(kept, string) error {
		return func(k kept, role string) error {
			// Another pace each time, else the run is there already, which is cheaper.
			_, err := by.Gaps(ctx, k.person, k.resume, role, gapanalysis.Ask{HoursPerWeek: 1 + m.Count%160})
			m.Count++
			return err
		}
	}
	ranking := func(by *gapanalysis.Service) func(kept, string) error {
		return func(k kept, _ string) error {
			_, err := by.Roles(ctx, k.person, k.resume)
			return err
		}
	}
	var err error
	if m.AloneCPU, _, _, err = s.each(o.rounds, comparedRoles, func(k kept, role string) error {
		r, err := s.catalog.Role(role)
		if err != nil {
			return err
		}
		t := gapanalysis.RoleTarget(r)
		gapanalysis.Compare(s.catalog, k.profile, t, gapanalysis.Nearness{Threshold: 1}, gapanalysis.Options{Today: today})
		return nil
	}); err != nil {
		return err
	}
	if m.CPU, m.Wall, _, err = s.each(o.rounds, comparedRoles, report(s.service)); err != nil {
		return err
	}
	if m.RankCPU, m.RankWall, _, err = s.each(o.rounds, []string{""}, ranking(s.service)); err != nil {
		return err
	}
	if _, _, m.Trips, err = s.each(1, comparedRoles, report(s.counted)); err != nil {
		return err
	}
	if _, _, m.RankTrips, err = s.each(1, []string{""}, ranking(s.counted)); err != nil {
		return err
	}
	m.SpaceCPU, _, _, err = s.each(o.rounds, []string{""}, func(k kept, _ string) error {
		held := heldBy(k.profile)
		gapanalysis.Rank(s.catalog, k.profile, func(r *catalog.Role) gapanalysis.Nearness {
			asked := make([]string, len(r.Skills))
			for i, q := range r.Skills {
				asked[i] = q.Skill
			}
			return s.space.Nearest(asked, held)
		}, gapanalysis.Options{Today: today})
		return nil
	})
	return err
}

// each does something for every resume and role, and gives the mean CPU and the median wall time in milliseconds, and the most round trips.
func (s *stage) each(rounds int, roles []string, do func(kept, string) error) (cpu, wall, trips float64, err error) {
	var took []float64
	for round := range rounds + 1 {
		start := proctable.Self().Own
		for _, k := range s.resumes {
			for _, role := range roles {
				began, before := time.Now(), s.wire.trips.Load()
				if err := do(k, role); err != nil {
					return 0, 0, 0, err
				}
				if round > 0 {
					took, trips = append(took, ms(time.Since(began))), max(trips, float64(s.wire.trips.Load()-before))
				}
			}
		}
		if round > 0 {
			cpu += ms(proctable.Self().Own - start)
		}
	}
	return cpu / float64(len(took)), percentile(took, 0.5), trips, nil
}

func heldBy(p *skill.Profile) []string {
	var held []string
	for _, c := range p.Claims {
		if c.ID != nil && c.Status != skill.StatusRejected && c.Level > 0 {
			held = append(held, *c.ID)
		}
	}
	return held
}

// calibrated is how readiness stands to seniority over the labelled resumes, as they are read.
type calibrated struct {
	Scores []calibration.Score `json:"scores"`
	Senior calibration.Pairs   `json:"senior_above_junior"`
	Mid    calibration.Pairs   `json:"mid_above_junior"`
	Means  [3]float64          `json:"mean_readiness"` // of juniors, of the middle and of seniors
}

// calibrate reads each resume as of the day that its labels were given for.
func calibrate(ctx context.Context, s *stage, resumes []*labelled.Resume) (calibrated, error) {
	people := make([]calibration.Person, len(resumes))
	finder := skill.NewFinder(s.catalog)
	for i, r := range resumes {
		doc, _, err := r.Document(ctx)
		if err != nil {
			return calibrated{}, err
		}
		p := finder.Extract(doc, r.AsOf)
		people[i] = calibration.Person{Name: r.Name, Fields: r.Roles, Seniority: r.Seniority, Profile: &p}
	}
	c := calibrated{Scores: calibration.Measure(s.catalog, s.space, people)}
	c.Senior = calibration.Compare(c.Scores, calibration.Senior, calibration.Junior)
	c.Mid = calibration.Compare(c.Scores, calibration.Mid, calibration.Junior)
	for i, rank := range []int{calibration.Junior, calibration.Mid, calibration.Senior} {
		c.Means[i], _ = calibration.Mean(c.Scores, rank)
	}
	return c, nil
}
