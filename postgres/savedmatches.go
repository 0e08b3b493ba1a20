package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
)

var (
	_ gapanalysis.Candidates    = (*DB)(nil)
	_ gapanalysis.SavedBook     = (*DB)(nil)
	_ gapanalysis.HiddenBook    = (*DB)(nil)
	_ gapanalysis.MatchFeedBook = (*DB)(nil)
)

// SaveMatch implements gapanalysis.SavedBook.
func (db *DB) SaveMatch(ctx context.Context, person, resume, posting uuid.UUID, at time.Time) error {
	var mine, there bool
	err := db.pool.QueryRow(ctx, `
		with r as (select id from resumes where id = @resume and person_id = @person for key share),
		p as (select id, title, company, url from postings where id = @posting),
		saved as (
			insert into saved_matches (person_id, posting_id, resume_id, title, company, url, created_at)
			select @person, p.id, r.id, p.title, p.company, p.url, @at from r, p
			on conflict (person_id, posting_id) do nothing)
		select exists (select from r), exists (select from p)`, pgx.NamedArgs{"person": person, "resume": resume, "posting": posting, "at": at}).Scan(&mine, &there)
	switch {
	case err != nil:
		return fmt.Errorf("save a match: %w", err)
	case !mine:
		return errNoResume
	case !there:
		return errNoPosting
	}
	return nil
}

var errNoPosting = fault.New(fault.NotFound, "unknown-posting", "There is no such posting. It may have been taken down.").In("posting")

// DropMatch implements gapanalysis.SavedBook.
func (db *DB) DropMatch(ctx context.Context, person, posting uuid.UUID) error {
	return db.dropped(ctx, fault.New(fault.NotFound, "unknown-saved-match", "You have not saved this posting.").In("posting"),
		`delete from saved_matches where person_id = @person and posting_id = @posting`, pgx.NamedArgs{"person": person, "posting": posting})
}

// dropped runs a delete; where no row goes the error is absent.
func (db *DB) dropped(ctx context.Context, absent error, sql string, args pgx.NamedArgs) error {
	tag, err := db.pool.Exec(ctx, sql, args)
	if err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return absent
	}
	return nil
}

// maxSavedShown bounds a list of saved matches.
const maxSavedShown = 500

// SavedMatches implements gapanalysis.SavedBook.
func (db *DB) SavedMatches(ctx context.Context, person uuid.UUID) ([]gapanalysis.SavedMatch, error) {
	list, err := all[gapanalysis.SavedMatch](ctx, db.pool, `
		select s.posting_id, s.resume_id, s.title, s.company, s.url, s.created_at as saved_at, coalesce(p.live, false) as live
		from saved_matches s left join postings p on p.id = s.posting_id
		where s.person_id = @person order by s.created_at desc, s.posting_id limit @limit`, pgx.NamedArgs{"person": person, "limit": maxSavedShown})
	if err != nil {
		return nil, fmt.Errorf("list saved matches: %w", err)
	}
	for i := range list {
		list[i].SavedAt = list[i].SavedAt.UTC()
	}
	return list, nil
}

// Saved implements gapanalysis.Candidates.
func (db *DB) Saved(ctx context.Context, person uuid.UUID, ids []uuid.UUID) (map[uuid.UUID]bool, error) {
	rows, err := db.pool.Query(ctx, `select posting_id from saved_matches where person_id = $1 and posting_id = any($2)`, person, ids)
	if err != nil {
		return nil, fmt.Errorf("look for saved matches: %w", err)
	}
	out := map[uuid.UUID]bool{}
	var id uuid.UUID
	_, err = pgx.ForEachRow(rows, []any{&id}, func() error {
		out[id] = true
		return nil
	})
	return out, err
}

// HideCompany implements gapanalysis.HiddenBook.
func (db *DB) HideCompany(ctx context.Context, person uuid.UUID, company string, most int, at time.Time) error {
	return pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		if err := lockPerson(ctx, tx, person); err != nil {
			return err
		}
		var n int
		if err := tx.QueryRow(ctx, `select count(*) from hidden_companies where person_id = $1 and company <> $2`, person, company).Scan(&n); err != nil {
			return fmt.Errorf("count hidden companies: %w", err)
		}
		if n >= most {
			return fault.Newf(fault.Conflict, "too-many-hidden", "You hide %d companies already, which is the most. Show one again first.", n).In("company")
		}
		_, err := tx.Exec(ctx, `insert into hidden_companies (person_id, company, created_at) values (@person, @company, @at) on conflict do nothing`,
			pgx.NamedArgs{"person": person, "company": company, "at": at})
		if isCode(err, badText) {
			return errBadText
		}
		if err != nil {
			return fmt.Errorf("hide a company: %w", err)
		}
		return nil
	})
}

// ShowCompany implements gapanalysis.HiddenBook.
func (db *DB) ShowCompany(ctx context.Context, person uuid.UUID, company string) error {
	return db.dropped(ctx, fault.New(fault.NotFound, "unknown-hidden-company", "You do not hide this company.").In("company"),
		`delete from hidden_companies where person_id = @person and company = @company`, pgx.NamedArgs{"person": person, "company": company})
}

// HiddenCompanies implements gapanalysis.HiddenBook.
func (db *DB) HiddenCompanies(ctx context.Context, person uuid.UUID) ([]string, error) {
	rows, err := db.pool.Query(ctx, `select company from hidden_companies where person_id = $1 order by company`, person)
	if err != nil {
		return nil, fmt.Errorf("list hidden companies: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// SaveMatchFeed implements gapanalysis.MatchFeedBook.
func (db *DB) SaveMatchFeed(ctx context.Context, person uuid.UUID, hash [sha256.Size]byte, f gapanalysis.MatchFeed) error {
	filter, err := json.Marshal(f.Filter)
	if err != nil {
		return fmt.Errorf("write the filter of a feed: %w", err)
	}
	tag, err := db.pool.Exec(ctx, `
		insert into match_feeds (person_id, resume_id, token_hash, filter, created_at)
		select r.person_id, r.id, @hash, @filter, @at from resumes r where r.id = @resume and r.person_id = @person for key share of r
		on conflict (person_id, resume_id) do update set token_hash = excluded.token_hash, filter = excluded.filter, created_at = excluded.created_at`,
		pgx.NamedArgs{"person": person, "resume": f.Resume, "hash": hash[:], "filter": filter, "at": f.CreatedAt})
	if err != nil {
		return fmt.Errorf("save a feed: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return errNoResume
	}
	return nil
}

// DropMatchFeed implements gapanalysis.MatchFeedBook.
func (db *DB) DropMatchFeed(ctx context.Context, person, resume uuid.UUID) error {
	return db.dropped(ctx, fault.New(fault.NotFound, "unknown-feed", "Nobody can subscribe to the matches of this resume."),
		`delete from match_feeds where person_id = @person and resume_id = @resume`, pgx.NamedArgs{"person": person, "resume": resume})
}

// MatchFeed implements gapanalysis.MatchFeedBook. Whoever has the token may read, so there is no owner to name.
func (db *DB) MatchFeed(ctx context.Context, hash [sha256.Size]byte) (f gapanalysis.MatchFeed, err error) {
	var filter []byte
	err = db.pool.QueryRow(ctx, `select person_id, resume_id, filter, created_at from match_feeds where token_hash = $1`, hash[:]).
		Scan(&f.Person, &f.Resume, &filter, &f.CreatedAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return f, fault.New(fault.NotFound, "unknown-feed", "There is no such feed, or its address was revoked.").In("token")
	}
	if err != nil {
		return f, fmt.Errorf("read a feed: %w", err)
	}
	f.CreatedAt = f.CreatedAt.UTC()
	return f, json.Unmarshal(filter, &f.Filter)
}
