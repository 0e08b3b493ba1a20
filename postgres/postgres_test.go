package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/gapwise/gapwise/account"
	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/ident"
	"github.com/gapwise/gapwise/internal/pgtest"
	"github.com/gapwise/gapwise/migrations"
	"github.com/gapwise/gapwise/postgres"
	"github.com/gapwise/gapwise/posting"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
	"github.com/gapwise/gapwise/tutor"
)

// stage is a database with the catalogue indexed under a model.
type stage struct {
	*postgres.DB
	url     string
	catalog *catalog.Catalog
	model   embeddings.Embedder
}

func newStage(t *testing.T, model embeddings.Embedder) *stage {
	t.Helper()
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	url := pgtest.URL(t)
	db, err := postgres.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	s := &stage{DB: db, url: url, catalog: c, model: model}
	s.index(t, model)
	return s
}

func (s *stage) index(t *testing.T, model embeddings.Embedder) {
	t.Helper()
	if did, err := gapanalysis.IndexCatalog(t.Context(), s.catalog, model, s.DB); err != nil || !did {
		t.Fatalf("index: %v, %v", did, err)
	}
}

// upload keeps a resume that shows some skills.
func (s *stage) upload(t *testing.T, person uuid.UUID, skills ...string) *skill.Upload {
	t.Helper()
	text := "Skills\n" + strings.Join(skills, ", ")
	u := &skill.Upload{
		ID: ident.New(), FileName: "r.txt", MediaType: "text/plain", File: []byte(text), CreatedAt: noon,
		Document: &resume.Document{Outcome: resume.OutcomeOK, Pages: 1, Text: text, Positions: []resume.Position{{Title: "Engineer", Start: "2020", End: "2024"}}},
	}
	for _, id := range skills {
		u.Profile.Claims = append(u.Profile.Claims, skill.Claim{
			ID: &id, Name: id, Kind: "tool", Level: 3, Status: skill.StatusRead, Mentions: []skill.Mention{{SkillID: id, Start: 7, End: 9, Text: text[7:9], Page: 1}},
		})
	}
	vector, err := s.model.Embed(t.Context(), []string{text})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SaveUpload(t.Context(), person, u, s.model.Model(), vector[0]); err != nil {
		t.Fatal(err)
	}
	return u
}

// narrow is a second model beside the built-in one: the built-in's vectors cut to 64 dimensions.
type narrow struct{ embeddings.Builtin }

func (narrow) Model() string   { return "narrow-1" }
func (narrow) Dimensions() int { return 64 }

func (n narrow) Embed(ctx context.Context, texts []string) ([]embeddings.Vector, error) {
	vectors, err := n.Builtin.Embed(ctx, texts)
	for i := range vectors {
		vectors[i] = embeddings.Normalise(vectors[i][:64:64])
	}
	return vectors, err
}

func TestMigrate(t *testing.T) {
	url := pgtest.URL(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if applied, err := postgres.Migrate(t.Context(), url, migrations.Files); err != nil || len(applied) != 0 {
				t.Errorf("again: %v, %v; want nothing to do", applied, err)
			}
		})
	}
	wg.Wait()
	first, err := fs.ReadFile(migrations.Files, "0001_people.sql")
	if err != nil {
		t.Fatal(err)
	}
	old := fstest.MapFS{"0001_people.sql": {Data: first}}
	if _, err := postgres.Migrate(t.Context(), url, old); fault.CodeOf(err) != "database-ahead" {
		t.Errorf("a database that is ahead: %v", err)
	}
	if _, err := postgres.Steps(fstest.MapFS{"0002_x.sql": {}}); err == nil {
		t.Error("a gap in the numbers was taken")
	}
	_, err = postgres.Open(t.Context(), "postgres://u:geheim@127.0.0.1:1/x?connect_timeout=1")
	if !errors.Is(err, fault.Unavailable) || strings.Contains(err.Error(), "geheim") {
		t.Errorf("an unreachable database: %v; want Unavailable without the password", err)
	}
}

func TestTokens(t *testing.T) {
	db := pgtest.Open(t)
	now := noon
	accounts := account.New(db, db, func() time.Time { return now })
	p, secret, err := accounts.Admit(t.Context(), account.Operator, "Ada", account.Bearer)
	if err != nil {
		t.Fatal(err)
	}
	got, err := accounts.Authenticate(t.Context(), secret)
	if err != nil || !cmp.Equal(got, p) {
		t.Errorf("%+v, %v; want %+v", got, err, p)
	}
	for name, wrong := range map[string]string{"another": secret[:len(secret)-1] + "_", "empty": "", "long": "gw_" + strings.Repeat("x", 500), "not ours": "sk-1"} {
		if _, err := accounts.Authenticate(t.Context(), wrong); !errors.Is(err, fault.Unauthenticated) {
			t.Errorf("%s: %v, want Unauthenticated", name, err)
		}
	}
	now = now.Add(account.TokenLife)
	if _, err := accounts.Authenticate(t.Context(), secret); !errors.Is(err, fault.Unauthenticated) {
		t.Errorf("an expired token: %v, want Unauthenticated", err)
	}
	first, err := accounts.Local(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if again, err := accounts.Local(t.Context()); err != nil || again.ID != first.ID {
		t.Errorf("the local person is %s, then %s, %v", first.ID, again.ID, err)
	}
}

// TestSaveUploadIsAllOrNothing breaks the last step of an upload: a vector that the model's index cannot hold.
func TestSaveUploadIsAllOrNothing(t *testing.T) {
	s := newStage(t, embeddings.Builtin{})
	person := newPerson(t, s.DB)
	u := &skill.Upload{ID: ident.New(), FileName: "r.txt", MediaType: "text/plain", File: []byte("x"), Document: &resume.Document{}, CreatedAt: noon}
	if err := s.SaveUpload(t.Context(), person, u, s.model.Model(), embeddings.Vector{1, 0}); err == nil {
		t.Error("a vector of two dimensions was taken for a model of 256")
	}
	if list, err := s.Resumes(t.Context(), person); err != nil || len(list) != 0 {
		t.Errorf("%d resumes are left of one that failed, %v", len(list), err)
	}
}

func TestNoMoreResumesThanAllowed(t *testing.T) {
	s := newStage(t, embeddings.Builtin{})
	person := newPerson(t, s.DB)
	var wg sync.WaitGroup
	errs := make([]error, 40)
	for i := range errs {
		wg.Go(func() {
			u := &skill.Upload{ID: ident.New(), FileName: "r.txt", MediaType: "text/plain", File: []byte("x"), Document: &resume.Document{}, CreatedAt: noon}
			errs[i] = s.SaveUpload(t.Context(), person, u, s.model.Model(), make(embeddings.Vector, 256))
		})
	}
	wg.Wait()
	kept := 0
	for _, err := range errs {
		if err == nil {
			kept++
		} else if fault.CodeOf(err) != "too-many-resumes" {
			t.Errorf("a refusal is %v", err)
		}
	}
	if kept != 25 {
		t.Errorf("%d resumes were kept, want 25", kept)
	}
}

// TestEraseLeavesNothing looks into every table that names a person, so that a new one cannot be forgotten.
func TestEraseLeavesNothing(t *testing.T) {
	s := newStage(t, embeddings.Builtin{})
	person := newPerson(t, s.DB)
	u := s.upload(t, person, "go", "kafka")
	c := tutor.Conversation{ID: ident.New(), Role: "backend-engineer", Mode: tutor.Coach, ResumeID: &u.ID, CreatedAt: noon}
	steps := []error{
		s.Start(t.Context(), person, c),
		s.Append(t.Context(), person, c.ID, tutor.Turn{Messages: []tutor.Message{{ID: ident.New(), Author: tutor.AuthorPerson, Content: "Hello", CreatedAt: noon}}, At: noon}),
		second(s.KeepRun(t.Context(), person, keptRun(u.ID))),
		s.SaveProgress(t.Context(), person, tutor.MilestoneProgress{Role: "backend-engineer", Milestone: "m", Status: tutor.MilestoneDone, UpdatedAt: noon}),
		s.SeeShape(t.Context(), person, someShape(), false),
		s.SaveOrder(t.Context(), person, "gopher", []string{"go"}),
		s.SaveItem(t.Context(), person, someItem(), tutor.MaxItems),
		s.SaveFeed(t.Context(), person, tokenOf(u.ID), someFeed(person, u.ID)),
		s.HideCompany(t.Context(), person, "acme", 5, noon),
		s.SaveMatchFeed(t.Context(), person, tokenOf(u.ID), gapanalysis.MatchFeed{Resume: u.ID, CreatedAt: noon}),
		s.saveAnyMatch(t, person, u.ID),
		s.Reserve(t.Context(), reservation(person, 5, gateway.Caps{PersonDay: 9, InstanceDay: 9, InstanceMonth: 9})),
		s.SetAccount(t.Context(), person, gateway.Account{DayCap: 9}),
		drawn(t, s.DB, person),
		s.KeepAnswer(t.Context(), keyOf(person), person, []byte{1}, noon),
		s.KeepTranscript(t.Context(), someTranscript(person)),
		s.Enter(t.Context(), person, nil), // a process with the person's id for its own
	}
	if _, err := s.Exchange(t.Context(), person, 1, []gateway.Move{{Window: reservation(person, 1, gateway.Caps{PersonDay: 9}).Windows()[0], Need: 1, Want: 1}}, nil); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(steps...); err != nil {
		t.Fatal(err)
	}
	export, err := s.Export(t.Context(), person)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{u.ID.String(), c.ID.String(), "Hello", `"file_base64"`, `"milestone_id"`, `"model_calls"`, "kafka"} {
		if !strings.Contains(string(export), want) {
			t.Errorf("the export lacks %s", want)
		}
	}
	conn, err := pgx.Connect(t.Context(), s.url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	rows, err := conn.Query(t.Context(), `select table_name, column_name from information_schema.columns where table_schema = 'public' and column_name in ('person_id', 'subject') order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	type column struct{ Table, Column string }
	columns, err := pgx.CollectRows(rows, pgx.RowToStructByPos[column])
	if err != nil || len(columns) < 8 {
		t.Fatalf("%d columns name a person, %v", len(columns), err)
	}
	count := func(c column) (n int) {
		t.Helper()
		if err := conn.QueryRow(t.Context(), fmt.Sprintf(`select count(*) from %s where %s::text = $1`, c.Table, c.Column), person.String()).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, c := range columns {
		if count(c) == 0 {
			t.Errorf("%s.%s has nothing of the person before; the test should put something there", c.Table, c.Column)
		}
	}
	if err := s.Erase(t.Context(), person); err != nil {
		t.Fatal(err)
	}
	for _, c := range columns {
		if n := count(c); n != 0 {
			t.Errorf("%s.%s still has %d rows of a person who left", c.Table, c.Column, n)
		}
	}
}

// TestPostings imports, matches with a filter, and keeps two models apart.
func TestPostings(t *testing.T) {
	s := newStage(t, embeddings.Builtin{})
	finder := skill.NewFinder(s.catalog)
	load := func(e embeddings.Embedder) posting.Summary {
		t.Helper()
		sum, err := posting.NewImporter(finder, func() posting.Embedder { return e }, s.DB, s.catalog.Version()).Import(t.Context(), strings.NewReader(string(s.catalog.SamplePostings())), nil)
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	if sum := load(s.model); sum.Stored < 120 || sum.Unchanged != 0 || len(sum.Refused) != 0 {
		t.Errorf("the first import: %+v", sum)
	}
	if sum := load(s.model); sum.Stored != 0 || sum.Unchanged < 120 {
		t.Errorf("the second import: %+v", sum)
	}
	person := newPerson(t, s.DB)
	u := s.upload(t, person, "go", "postgresql", "kafka", "kubernetes")
	all, err := s.NearestPostings(t.Context(), s.model.Model(), person, u.ID, gapanalysis.Filter{Limit: 50})
	if err != nil || len(all) != 50 {
		t.Fatalf("%d postings, %v", len(all), err)
	}
	for i := range all[1:] {
		if all[i+1].Similarity > all[i].Similarity {
			t.Errorf("posting %d is nearer than the one before", i+1)
		}
	}
	remote, err := s.NearestPostings(t.Context(), s.model.Model(), person, u.ID, gapanalysis.Filter{Limit: 300, Remote: "yes", Location: "germany"})
	if err != nil || len(remote) == 0 {
		t.Fatalf("%d remote postings in Germany, %v", len(remote), err)
	}
	for _, c := range remote {
		if c.Posting.Remote != "yes" || !strings.Contains(c.Posting.Location, "Germany") {
			t.Errorf("%s: %s, %s", c.Posting.Title, c.Posting.Remote, c.Posting.Location)
		}
	}
	if odd, err := s.NearestPostings(t.Context(), s.model.Model(), person, u.ID, gapanalysis.Filter{Limit: 5, Location: "%"}); err != nil || len(odd) != 0 {
		t.Errorf("a percent sign in a place found %d postings, %v; it is no wildcard", len(odd), err)
	}

	second := narrow{}
	s.index(t, second)
	if sum := load(second); sum.Stored < 120 {
		t.Errorf("under a second model: %+v", sum)
	}
	if again, err := s.NearestPostings(t.Context(), s.model.Model(), person, u.ID, gapanalysis.Filter{Limit: 50}); err != nil || !cmp.Equal(similarities(all), similarities(again)) {
		t.Errorf("the first model answers otherwise beside a second: %v", err)
	}
	near, err := nearRole(t, s.DB, second.Model(), person, u.ID, "backend-engineer")
	if err != nil || len(near.BySkill) == 0 {
		t.Errorf("a resume that was uploaded under the first model has %d near skills under the second, %v", len(near.BySkill), err)
	}
	if latest, err := s.NearestPostings(t.Context(), second.Model(), person, u.ID, gapanalysis.Filter{Limit: 5}); err != nil || len(latest) != 5 {
		t.Errorf("%d postings for a resume without a vector of the model, %v", len(latest), err)
	}
}

// nearRole is what vectors say of a resume and a role.
func nearRole(tb testing.TB, d *postgres.DB, model string, person, resume uuid.UUID, role string) (gapanalysis.Nearness, error) {
	tb.Helper()
	r, err := d.Read(tb.Context(), person, gapanalysis.Query{Model: model, Resume: resume, Role: role})
	return r.Near, err
}

func similarities(cs []gapanalysis.Candidate) []float64 {
	out := make([]float64, len(cs))
	for i, c := range cs {
		out[i] = c.Similarity
	}
	return out
}

// TestNeighboursAgree holds the database's nearest skills against those in memory.
func TestNeighboursAgree(t *testing.T) {
	s := newStage(t, embeddings.Builtin{})
	space, err := gapanalysis.NewSpace(t.Context(), s.catalog, s.model)
	if err != nil {
		t.Fatal(err)
	}
	person := newPerson(t, s.DB)
	held := []string{"go", "mysql", "rabbitmq", "docker", "google-cloud", "vue", "jenkins", "rest-api"}
	u := s.upload(t, person, held...)
	for _, role := range s.catalog.Roles() {
		var asked []string
		for _, q := range role.Skills {
			asked = append(asked, q.Skill)
		}
		want := space.Nearest(asked, held)
		byRole, err := nearRole(t, s.DB, s.model.Model(), person, u.ID, role.ID)
		if err != nil {
			t.Fatal(err)
		}
		bySkills, err := s.NearestToSkills(t.Context(), s.model.Model(), person, u.ID, asked)
		if err != nil {
			t.Fatal(err)
		}
		for name, got := range map[string]gapanalysis.Nearness{"role": byRole, "skills": bySkills} {
			if got.Threshold != want.Threshold || len(got.BySkill) != len(want.BySkill) {
				t.Errorf("%s by %s: threshold %v, %d skills; want %v, %d", role.ID, name, got.Threshold, len(got.BySkill), want.Threshold, len(want.BySkill))
			}
			for id, w := range want.BySkill {
				// Half precision and the last digit of rounding: a hundredth, and then either of two equals may come first.
				if g := got.BySkill[id]; len(g) == 0 || g[0].Similarity-w[0].Similarity > 0.011 || w[0].Similarity-g[0].Similarity > 0.011 {
					t.Errorf("%s by %s: %s is near %+v in the database and %+v in memory", role.ID, name, id, g, w)
				}
			}
		}
	}
	if _, err := nearRole(t, s.DB, "no-such-model", person, u.ID, "backend-engineer"); err == nil {
		t.Error("a model that was never indexed gave an answer")
	}
}
