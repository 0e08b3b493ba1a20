package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/pgvector/pgvector-go"
	pgxvec "github.com/pgvector/pgvector-go/pgx"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/migrations"
	"github.com/gapwise/gapwise/postgres"
	"github.com/gapwise/gapwise/posting"
)

const (
	seed    = 20261127
	chunk   = 5_000
	loaders = 2
)

var cities = []string{"Berlin, Germany", "London, United Kingdom", "Lyon, France", "Austin, United States", "Utrecht, Netherlands", "Madrid, Spain", "Toronto, Canada", "Kraków, Poland", "Oslo, Norway", "Lisbon, Portugal"}

// made is a posting that was drawn. Like real ones, it asks for some of a role's skills, the weighty ones more often, and for one or two that
// have nothing to do with it.
func made(c *catalog.Catalog, n int) posting.Posting {
	rng := rand.New(rand.NewPCG(seed, uint64(n))) //nolint:gosec // G404, G115: the same in every run
	role := c.Roles()[rng.IntN(len(c.Roles()))]
	seniority := []string{"junior", "mid", "mid", "senior", "senior", "staff", ""}[rng.IntN(7)]
	title := role.Name
	if len(role.Aliases) > 0 && rng.IntN(2) == 0 {
		title = role.Aliases[rng.IntN(len(role.Aliases))]
	}
	if seniority == "senior" && rng.IntN(2) == 0 && !strings.Contains(title, "Senior") {
		title = "Senior " + title
	}
	p := posting.Posting{
		ID: uuid.UUID{0x01, 0x90, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n), 0x70, 0, 0x80}, Source: "bench", ExternalID: strconv.Itoa(n), Title: title, //nolint:gosec // G115: bytes of n
		Company: fmt.Sprintf("Company %d", rng.IntN(20_000)), Location: cities[rng.IntN(len(cities))], Remote: []string{"no", "hybrid", "yes", ""}[rng.IntN(4)],
		Seniority: seniority, URL: "https://example.org/" + strconv.Itoa(n), PostedOn: asOf.AddDate(0, 0, -rng.IntN(120)), Language: "en",
		Pay: posting.Pay{Currency: "EUR", Period: "year"},
	}
	if rng.IntN(3) > 0 {
		p.Pay.Min = int64(30+rng.IntN(90)) * 1000 * 100
		p.Pay.Max = p.Pay.Min + p.Pay.Min/5
	}
	var b strings.Builder
	b.WriteString(role.Summary)
	for _, q := range drawn(c, rng, role) {
		s, err := c.Skill(q.Skill)
		if err != nil {
			continue
		}
		fmt.Fprintf(&b, "\n- %s", s.Name)
		q.Excerpt = s.Name
		p.Requirements = append(p.Requirements, q)
	}
	for range 2 {
		q := role.Skills[rng.IntN(len(role.Skills))]
		b.WriteString("\n" + q.Why)
	}
	p.Description = b.String()
	return p
}

// drawn are what a posting for a role asks for.
func drawn(c *catalog.Catalog, rng *rand.Rand, role *catalog.Role) []posting.Requirement {
	n := 5 + rng.IntN(6)
	weighted := slices.Clone(role.Skills)
	slices.SortFunc(weighted, func(a, b catalog.Requirement) int { return strings.Compare(a.Skill, b.Skill) })
	key := map[string]float64{}
	for _, q := range weighted {
		key[q.Skill] = rng.ExpFloat64() / (q.Weight + 0.005)
	}
	slices.SortFunc(weighted, func(a, b catalog.Requirement) int {
		if key[a.Skill] < key[b.Skill] {
			return -1
		}
		return 1
	})
	var out []posting.Requirement
	for i, q := range weighted[:min(n, len(weighted))] {
		out = append(out, posting.Requirement{Skill: q.Skill, Level: max(1, min(5, q.Level-1+rng.IntN(3))), Must: i < n*2/3})
	}
	for range 1 + rng.IntN(2) {
		s := c.Skills()[rng.IntN(len(c.Skills()))]
		if !slices.ContainsFunc(out, func(q posting.Requirement) bool { return q.Skill == s.ID }) {
			out = append(out, posting.Requirement{Skill: s.ID, Level: 3, Must: rng.IntN(4) == 0})
		}
	}
	return out
}

// fill makes a database of so many postings, unless it is there from another run, and gives its address.
func fill(ctx context.Context, server string, s *set, rows int, bare bool, progress io.Writer) (address string, err error) {
	name := fmt.Sprintf("match_%d", rows)
	if address, err = postgres.WithDatabase(server, name); err != nil {
		return "", err
	}
	if n, err := stored(ctx, address); err == nil && n == rows {
		fmt.Fprintf(progress, "%d postings: kept from another run\n", rows)
		return address, nil
	}
	admin, err := pgx.Connect(ctx, server)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, admin.Close(context.WithoutCancel(ctx))) }()
	for _, sql := range []string{`drop database if exists ` + name + ` with (force)`, `create database ` + name} {
		if _, err := admin.Exec(ctx, sql); err != nil {
			return "", err
		}
	}
	if _, err := postgres.Migrate(ctx, address, migrations.Files); err != nil {
		return "", err
	}
	db, err := postgres.Open(ctx, address)
	if err != nil {
		return "", err
	}
	defer db.Close()
	if _, err := gapanalysis.IndexCatalog(ctx, s.catalog, embeddings.Builtin{}, db); err != nil {
		return "", err
	}
	if err := s.keepResumes(ctx, db); err != nil {
		return "", err
	}
	if err := load(ctx, address, s.catalog, rows, progress); err != nil {
		return "", err
	}
	if bare {
		return address, nil
	}
	fmt.Fprintf(progress, "%d postings: indexing\n", rows)
	return address, db.BuildIndexes(ctx, embeddings.Builtin{}.Model())
}

func stored(ctx context.Context, address string) (n int, err error) {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	err = conn.QueryRow(ctx, `select rows from bench_match`).Scan(&n)
	return n, err
}

// load copies postings and their vectors, without the index of vectors, which is made afterwards.
func load(ctx context.Context, address string, c *catalog.Catalog, rows int, progress io.Writer) error {
	conn, err := connect(ctx, address)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	var model int
	if err := conn.QueryRow(ctx, `select id from embedding_models where name = $1`, embeddings.Builtin{}.Model()).Scan(&model); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, fmt.Sprintf(`drop index if exists posting_vectors_hnsw_%d`, model)); err != nil {
		return err
	}
	began := time.Now()
	chunks := make(chan int)
	var wg sync.WaitGroup
	failed := make(chan error, loaders)
	for range loaders {
		wg.Go(func() {
			conn, err := connect(ctx, address)
			if err != nil {
				failed <- err
				return
			}
			defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
			for from := range chunks {
				if err := copyChunk(ctx, conn, c, model, from, min(rows, from+chunk)); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	for from := 0; from < rows; from += chunk {
		select {
		case chunks <- from:
			if from%(20*chunk) == 0 {
				fmt.Fprintf(progress, "%d postings: %d loaded after %.0f s\n", rows, from, time.Since(began).Seconds())
			}
		case err := <-failed:
			close(chunks)
			return err
		}
	}
	close(chunks)
	wg.Wait()
	select {
	case err := <-failed:
		return err
	default:
	}
	for _, sql := range []string{`create table bench_match as select count(*)::int as rows from postings`, `vacuum (analyze) postings`, `vacuum (analyze) posting_vectors`} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

func connect(ctx context.Context, address string) (*pgx.Conn, error) {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return nil, err
	}
	return conn, pgxvec.RegisterTypes(ctx, conn)
}

func copyChunk(ctx context.Context, conn *pgx.Conn, c *catalog.Catalog, model, from, to int) error {
	postings, vectors := make([][]any, 0, to-from), make([][]any, 0, to-from)
	texts := make([]string, 0, to-from)
	for n := from; n < to; n++ {
		p := made(c, n)
		requirements, err := json.Marshal(p.Requirements)
		if err != nil {
			return err
		}
		_, yearly := p.Pay.Yearly()
		postings = append(postings, []any{
			p.ID, p.Source, p.ExternalID, make([]byte, 32), p.Title, p.Company, p.Location, p.Remote, p.Seniority, p.PostedOn, p.URL, p.Description, requirements,
			"bench", "bench", p.PostedOn, p.Language, p.Pay.Currency, p.Pay.Min, p.Pay.Max, p.Pay.Period, yearly,
		})
		texts = append(texts, p.Text())
	}
	embedded, err := embeddings.Builtin{}.Embed(ctx, texts)
	if err != nil {
		return err
	}
	for i, v := range embedded {
		vectors = append(vectors, []any{model, postings[i][0], pgvector.NewHalfVector(v)})
	}
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{"postings"}, []string{
			"id", "source", "external_id", "content_hash", "title", "company", "location", "remote", "seniority", "posted_on", "url", "description", "requirements",
			"catalog_version", "extractor_version", "created_at", "language", "pay_currency", "pay_min", "pay_max", "pay_period", "pay_yearly",
		}, pgx.CopyFromRows(postings)); err != nil {
			return err
		}
		_, err := tx.CopyFrom(ctx, pgx.Identifier{"posting_vectors"}, []string{"model_id", "posting_id", "embedding"}, pgx.CopyFromRows(vectors))
		return err
	})
}
