package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/pgvector/pgvector-go"

	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/mutant"
	"github.com/gapwise/gapwise/posting"
)

// listShare is how many rows each list of candidates gives, as a share of them.
const listShare = 0.75

// passesMatch is the condition of a gapanalysis.Filter on a posting p of a page of matches: passesFilter, and what the person wants none of.
const passesMatch = passesFilter + `
	and (@pay::bigint = 0 or p.pay_yearly >= @pay and (@currency = '' or p.pay_currency = @currency))
	and (@since::timestamptz is null or p.created_at >= @since)
	and lower(p.company) <> all (@exclude::text[]) and lower(p.company) <> all (array(select h.company from hidden_companies h where h.person_id = @person))`

// matchCandidates reads what scores are made of: of @ids, or of what the vectors find, and in either case of what the words find. Distances and
// ranks have no common scale: the lists meet by their places alone, as in hybridPostings. Texts stay where they are.
func matchCandidates(m model, byIDs, words bool) string {
	distance := m.toResume("v")
	near := fmt.Sprintf(`
		with scanned as materialized (
			select v.posting_id, %[1]s as distance
			from posting_vectors v join postings p on p.id = v.posting_id
			where v.model_id = %[2]d and %[3]s
			order by %[1]s
			limit @pool * 3 / 2),
		near as (select posting_id, row_number() over (order by distance, posting_id) as place from scanned where distance is not null)`, distance, m.ID, passesMatch)
	if byIDs {
		near = `with near as (select posting_id, place from unnest(@ids::uuid[]) with ordinality as i (posting_id, place))`
	}
	union := ""
	if words {
		near += fmt.Sprintf(`,
		named as (
			select id as posting_id, row_number() over (order by rank desc, id) as place from (
				select h.id, ts_rank_cd(h.search, q, 32) as rank
				from websearch_to_tsquery('english', @words) q
				cross join lateral (select p.id, p.search from postings p where p.search @@ q and %s limit %d) h
				order by rank desc, h.id limit @pool) w)`, passesMatch, wordsMost)
		union = `union all select posting_id, place from named`
	}
	return near + fmt.Sprintf(`,
		fused as (
			select posting_id, sum(1.0 / (%[1]d + place)) as score
			from (select posting_id, place from near %[2]s) lists
			group by posting_id order by score desc, posting_id limit @limit)
		select p.id, p.source, p.title, p.company, p.location, p.remote, p.seniority, p.posted_on, p.url, p.asked, p.speaks, p.created_at,
			p.pay_currency, p.pay_min, p.pay_max, p.pay_period,
			p.language not in ('', 'en', coalesce((select r.document ->> 'language' from resumes r where r.id = @resume and r.person_id = @person), '')) as foreign_to,
			1 - (%[3]s) as similarity
		from fused f join postings p on p.id = f.posting_id
		left join posting_vectors v on v.posting_id = p.id and v.model_id = %[4]d
		where %[5]s
		order by f.score desc, p.id`, fusionK, union, distance, m.ID, passesMatch)
}

type matchRow struct {
	ID             uuid.UUID
	Source         string
	Title          string
	Company        string
	Location       string
	Remote         string
	Seniority      string
	PostedOn       *time.Time
	URL            string
	Asked          string
	Speaks         string
	CreatedAt      time.Time
	PayCurrency    string
	PayMin, PayMax int64
	PayPeriod      string
	ForeignTo      bool
	Similarity     *float64
}

func (r *matchRow) candidate() gapanalysis.Candidate {
	c := gapanalysis.Candidate{Foreign: r.ForeignTo, SeenAt: r.CreatedAt.UTC(), Posting: &posting.Posting{
		ID: r.ID, Source: r.Source, Title: r.Title, Company: r.Company, Location: r.Location, Remote: r.Remote, Seniority: r.Seniority, URL: r.URL,
		Requirements: AskedOf(r.Asked), Speaks: r.Speaks, Pay: posting.Pay{Currency: r.PayCurrency, Min: r.PayMin, Max: r.PayMax, Period: r.PayPeriod},
	}}
	if r.PostedOn != nil {
		c.Posting.PostedOn = *r.PostedOn
	}
	if r.Similarity != nil {
		c.Similarity = *r.Similarity
	}
	return c
}

// AskedOf reads what posting_asked of the migrations wrote: "kafka:4! docker:3".
func AskedOf(s string) []posting.Requirement {
	if s == "" {
		return nil
	}
	out := make([]posting.Requirement, 0, strings.Count(s, " ")+1)
	for item := range strings.SplitSeq(s, " ") {
		item, must := strings.CutSuffix(item, "!")
		if i := strings.LastIndexByte(item, ':'); i > 0 {
			level, _ := strconv.Atoi(item[i+1:])
			out = append(out, posting.Requirement{Skill: item[:i], Level: level, Must: must})
		}
	}
	return out
}

// MatchCandidates implements gapanalysis.Candidates.
func (db *DB) MatchCandidates(ctx context.Context, name string, person, resume uuid.UUID, f gapanalysis.Filter, ids []uuid.UUID) ([]gapanalysis.Candidate, error) {
	m, err := db.knownModel(ctx, name)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	args := matchArgs(person, resume, f)
	args["limit"], args["pool"], args["ids"] = f.Limit, int(listShare*float64(f.Limit)), ids
	found, err := all[matchRow](ctx, db.pool, matchCandidates(m, ids != nil, f.Words != ""), args)
	if err != nil {
		return nil, fmt.Errorf("find candidates: %w", err)
	}
	if len(found) == 0 {
		db.models.Delete(name) // which may have been dropped and made again
	}
	out := make([]gapanalysis.Candidate, len(found))
	for i := range found {
		out[i] = found[i].candidate()
	}
	return out, nil
}

// matchArgs are the arguments of passesMatch.
func matchArgs(person, resume uuid.UUID, f gapanalysis.Filter) pgx.NamedArgs {
	args := pgx.NamedArgs{
		"person": person, "resume": resume, "remote": f.Remote, "location": "", "words": f.Words, "pay": f.Pay * 100, "currency": f.Currency, "since": nil,
		"exclude": []string{},
	}
	for _, company := range f.Exclude {
		args["exclude"] = append(args["exclude"].([]string), strings.ToLower(company)) //nolint:forcetypeassert // set above
	}
	if mutant.On(mutant.RemoteIgnored) {
		args["remote"] = ""
	}
	if !f.Since.IsZero() {
		args["since"] = f.Since
	}
	if f.Location != "" {
		args["location"] = "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(f.Location) + "%"
	}
	return args
}

// PostingRequirements implements gapanalysis.Candidates.
func (db *DB) PostingRequirements(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID][]posting.Requirement, error) {
	rows, err := db.pool.Query(ctx, `select id, requirements from postings where id = any($1)`, ids)
	if err != nil {
		return nil, fmt.Errorf("read what postings ask for: %w", err)
	}
	out := make(map[uuid.UUID][]posting.Requirement, len(ids))
	var id uuid.UUID
	var raw []byte
	_, err = pgx.ForEachRow(rows, []any{&id, &raw}, func() error {
		var list []posting.Requirement
		if err := json.Unmarshal(raw, &list); err != nil {
			return fmt.Errorf("read requirements: %w", err)
		}
		out[id] = list
		return nil
	})
	return out, err
}

// SkillVectors implements gapanalysis.SkillVectors.
func (db *DB) SkillVectors(ctx context.Context, name string) (map[string]embeddings.Vector, float64, error) {
	m, err := db.model(ctx, db.pool, name)
	if err != nil {
		return nil, 0, fmt.Errorf("look for model %s: %w", name, err)
	}
	if m.NearThreshold == nil {
		return nil, 0, fmt.Errorf("the catalogue is not indexed under %s", name)
	}
	rows, err := db.pool.Query(ctx, `select skill_id, embedding from skill_vectors where model_id = $1`, m.ID)
	if err != nil {
		return nil, 0, fmt.Errorf("read the vectors of skills: %w", err)
	}
	out := map[string]embeddings.Vector{}
	var id string
	var v pgvector.HalfVector
	_, err = pgx.ForEachRow(rows, []any{&id, &v}, func() error {
		out[id] = slices.Clone(v.Slice())
		return nil
	})
	return out, *m.NearThreshold, err
}
