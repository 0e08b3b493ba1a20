package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
)

var (
	_ gapanalysis.RunBook      = (*DB)(nil)
	_ gapanalysis.MarketSource = (*DB)(nil)
)

// maxRuns bounds the runs that are kept of one resume; the oldest go first.
const maxRuns = 200

// KeepRun implements gapanalysis.RunBook.
func (db *DB) KeepRun(ctx context.Context, person uuid.UUID, r gapanalysis.Run) (uuid.UUID, error) {
	inputs, err := json.Marshal(r.Inputs)
	if err != nil {
		return uuid.Nil, fmt.Errorf("write the inputs of a run: %w", err)
	}
	digest := r.Inputs.Digest()
	rows, err := db.pool.Query(ctx, `
		with kept as (
			insert into gap_runs (id, person_id, resume_id, role, digest, inputs, report, created_at)
			select @id, @person, r.id, @role, @digest, @inputs, @report, @at from resumes r where r.id = @resume and r.person_id = @person for key share of r
			on conflict (person_id, resume_id, digest) do update set created_at = gap_runs.created_at
			returning id),
		old as (
			delete from gap_runs where id in (
				select id from gap_runs where person_id = @person and resume_id = @resume order by created_at desc, id desc offset @most))
		select id from kept`, pgx.NamedArgs{
		"id": r.ID, "person": person, "resume": r.ResumeID, "role": r.Role, "digest": digest[:], "inputs": inputs, "report": []byte(r.Report), "at": r.CreatedAt, "most": maxRuns,
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("keep a run: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return uuid.Nil, fmt.Errorf("keep a run: %w", err)
	}
	if len(ids) == 0 {
		return uuid.Nil, errNoResume
	}
	return ids[0], nil
}

// keptRun is a row of gap_runs.
type keptRun struct {
	ID        uuid.UUID
	ResumeID  uuid.UUID
	Role      string
	Inputs    gapanalysis.Inputs
	Report    []byte
	CreatedAt time.Time
}

const selectRuns = `select id, resume_id, role, inputs, report, created_at from gap_runs `

// runsOf reads the runs that a query finds.
func (db *DB) runsOf(ctx context.Context, query string, args pgx.NamedArgs) ([]gapanalysis.Run, error) {
	rows, err := db.pool.Query(ctx, query, args)
	if err != nil {
		return nil, fmt.Errorf("read runs: %w", err)
	}
	kept, err := pgx.CollectRows(rows, pgx.RowToStructByName[keptRun])
	if err != nil {
		return nil, fmt.Errorf("read runs: %w", err)
	}
	out := make([]gapanalysis.Run, len(kept))
	for i, k := range kept {
		out[i] = gapanalysis.Run{ID: k.ID, ResumeID: k.ResumeID, Role: k.Role, Inputs: k.Inputs, Report: k.Report, CreatedAt: k.CreatedAt}
	}
	return out, nil
}

// Run implements gapanalysis.RunBook.
func (db *DB) Run(ctx context.Context, person, id uuid.UUID) (r gapanalysis.Run, err error) {
	runs, err := db.runsOf(ctx, selectRuns+`where id = @id and person_id = @person`, pgx.NamedArgs{"id": id, "person": person})
	if err == nil && len(runs) == 0 {
		err = fault.New(fault.NotFound, "unknown-run", "There is no such report of yours.").In("id")
	}
	if err != nil {
		return r, err
	}
	return runs[0], nil
}

// Runs implements gapanalysis.RunBook. The ids are of version 7, so they settle which of two runs of one moment is the later.
func (db *DB) Runs(ctx context.Context, person, resume uuid.UUID, role string, limit int) ([]gapanalysis.Run, error) {
	return db.runsOf(ctx, selectRuns+`where person_id = @person and resume_id = @resume and role = @role order by created_at desc, id desc limit @limit`,
		pgx.NamedArgs{"person": person, "resume": resume, "role": role, "limit": limit})
}

// Musts implements gapanalysis.MarketSource.
func (db *DB) Musts(ctx context.Context, limit int) ([][]gapanalysis.Asked, error) {
	rows, err := db.pool.Query(ctx, `
		select p.id, q.skill, q.level
		from (select id, requirements from postings where live order by posted_on desc nulls last, id desc limit $1) p,
			jsonb_to_recordset(p.requirements) as q (skill text, level int, must bool)
		where q.must order by p.id, q.skill`, limit)
	if err != nil {
		return nil, fmt.Errorf("read what postings must have: %w", err)
	}
	var out [][]gapanalysis.Asked
	var last, id uuid.UUID
	var a gapanalysis.Asked
	_, err = pgx.ForEachRow(rows, []any{&id, &a.Skill, &a.Level}, func() error {
		if id != last {
			out, last = append(out, nil), id
		}
		out[len(out)-1] = append(out[len(out)-1], a)
		return nil
	})
	return out, err
}
