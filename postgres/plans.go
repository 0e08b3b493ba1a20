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
	"github.com/gapwise/gapwise/tutor"
)

var (
	_ gapanalysis.Marks     = (*DB)(nil)
	_ gapanalysis.FeedBook  = (*DB)(nil)
	_ gapanalysis.OrderBook = (*DB)(nil)
)

// marksOfPerson are the milestones that a person has spoken of, but for those said to be open with nothing noted.
const marksOfPerson = `
	select role_id, milestone_id, status, evidence_url, note, done_at from milestone_progress
	where person_id = @person and status <> 'open' order by role_id, milestone_id`

// Marks implements gapanalysis.Marks.
func (db *DB) Marks(ctx context.Context, person uuid.UUID) (marks []gapanalysis.Mark, err error) {
	b := &pgx.Batch{}
	queueMarks(b, &marks, person)
	return marks, db.pool.SendBatch(ctx, b).Close()
}

// queueMarks puts the reading of a person's marks into a batch.
func queueMarks(b *pgx.Batch, marks *[]gapanalysis.Mark, person uuid.UUID) {
	b.Queue(marksOfPerson, pgx.NamedArgs{"person": person}).Query(func(rows pgx.Rows) error {
		var m gapanalysis.Mark
		var done *time.Time
		_, err := pgx.ForEachRow(rows, []any{&m.Role, &m.Milestone, &m.Status, &m.EvidenceURL, &m.Note, &done}, func() error {
			if m.DoneAt = (time.Time{}); done != nil {
				m.DoneAt = done.UTC()
			}
			*marks = append(*marks, m)
			return nil
		})
		if err != nil {
			return fmt.Errorf("read marks: %w", err)
		}
		return nil
	})
}

// SaveFeed implements gapanalysis.FeedBook.
func (db *DB) SaveFeed(ctx context.Context, person uuid.UUID, hash [sha256.Size]byte, f gapanalysis.Feed) error {
	off, err := json.Marshal(f.WeeksOff)
	if err != nil {
		return fmt.Errorf("write weeks off: %w", err)
	}
	if f.WeeksOff == nil {
		off = []byte("[]")
	}
	tag, err := db.pool.Exec(ctx, `
		insert into calendar_feeds (person_id, resume_id, role_id, token_hash, hours_per_week, weeks_off, created_at)
		select r.person_id, r.id, @role, @hash, @hours, @off, @at from resumes r where r.id = @resume and r.person_id = @person for key share of r
		on conflict (person_id, resume_id, role_id) do update set token_hash = excluded.token_hash, hours_per_week = excluded.hours_per_week,
			weeks_off = excluded.weeks_off, created_at = excluded.created_at, body = '', made_at = null`, pgx.NamedArgs{
		"person": person, "resume": f.Resume, "role": f.Role, "hash": hash[:], "hours": f.HoursPerWeek, "off": off, "at": f.CreatedAt,
	})
	if err != nil {
		return fmt.Errorf("save a calendar: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return errNoResume
	}
	return nil
}

// DropFeed implements gapanalysis.FeedBook.
func (db *DB) DropFeed(ctx context.Context, person, resume uuid.UUID, role string) error {
	tag, err := db.pool.Exec(ctx, `delete from calendar_feeds where person_id = @person and resume_id = @resume and role_id = @role`,
		pgx.NamedArgs{"person": person, "resume": resume, "role": role})
	if err != nil {
		return fmt.Errorf("drop a calendar: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return fault.New(fault.NotFound, "unknown-calendar", "Nobody can subscribe to this plan.").In("role")
	}
	return nil
}

// Feed implements gapanalysis.FeedBook. Whoever has the token may read, so there is no owner to name.
func (db *DB) Feed(ctx context.Context, hash [sha256.Size]byte) (f gapanalysis.Feed, err error) {
	var off []byte
	var made, modified *time.Time
	err = db.pool.QueryRow(ctx, `
		select person_id, resume_id, role_id, hours_per_week, weeks_off, created_at, body, made_at, content, modified_at
		from calendar_feeds where token_hash = $1`, hash[:]).
		Scan(&f.Person, &f.Resume, &f.Role, &f.HoursPerWeek, &off, &f.CreatedAt, &f.Body, &made, &f.Content, &modified)
	if errors.Is(err, pgx.ErrNoRows) {
		return f, fault.New(fault.NotFound, "unknown-calendar", "There is no such calendar, or its address was revoked.").In("token")
	}
	if err != nil {
		return f, fmt.Errorf("read a calendar: %w", err)
	}
	if made != nil {
		f.MadeAt = made.UTC()
	}
	if modified != nil {
		f.ModifiedAt = modified.UTC()
	}
	return f, json.Unmarshal(off, &f.WeeksOff)
}

// KeepFeedBody implements gapanalysis.FeedBook. A feed that was revoked meanwhile stays so.
func (db *DB) KeepFeedBody(ctx context.Context, person uuid.UUID, hash [sha256.Size]byte, f gapanalysis.Feed) error {
	_, err := db.pool.Exec(ctx, `
		update calendar_feeds set body = @body, made_at = @made, content = @content, modified_at = @modified
		where token_hash = @hash and person_id = @person`, pgx.NamedArgs{
		"person": person, "hash": hash[:], "body": f.Body, "made": f.MadeAt, "content": f.Content, "modified": f.ModifiedAt,
	})
	if err != nil {
		return fmt.Errorf("keep a calendar: %w", err)
	}
	return nil
}

// SeeShape implements tutor.ProgressBook.
func (db *DB) SeeShape(ctx context.Context, person uuid.UUID, s tutor.Seen, replace bool) error {
	shape, err := json.Marshal(s.Shape)
	if err != nil {
		return fmt.Errorf("write the shape of a role: %w", err)
	}
	_, err = db.pool.Exec(ctx, `
		insert into progress_shapes (person_id, role_id, catalog_version, shape, seen_at) values (@person, @role, @version, @shape, @at)
		on conflict (person_id, role_id) do update set catalog_version = excluded.catalog_version, shape = excluded.shape, seen_at = excluded.seen_at
		where @replace`, pgx.NamedArgs{
		"person": person, "role": s.Role, "version": s.CatalogVersion, "shape": shape, "at": s.SeenAt, "replace": replace,
	})
	if err != nil {
		return fmt.Errorf("save the shape of a role: %w", err)
	}
	return nil
}

// SeenShape implements tutor.ProgressBook.
func (db *DB) SeenShape(ctx context.Context, person uuid.UUID, role string) (*tutor.Seen, error) {
	s := tutor.Seen{Role: role}
	var shape []byte
	err := db.pool.QueryRow(ctx, `select catalog_version, shape, seen_at from progress_shapes where person_id = $1 and role_id = $2`, person, role).
		Scan(&s.CatalogVersion, &shape, &s.SeenAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "nothing-seen", "Nothing was noted for this role yet.")
	}
	if err != nil {
		return nil, fmt.Errorf("read the shape of a role: %w", err)
	}
	s.SeenAt = s.SeenAt.UTC()
	return &s, json.Unmarshal(shape, &s.Shape)
}

// SaveOrder implements gapanalysis.OrderBook.
func (db *DB) SaveOrder(ctx context.Context, person uuid.UUID, role string, skills []string) error {
	args := pgx.NamedArgs{"person": person, "role": role, "skills": skills}
	sql := `
		insert into plan_orders (person_id, role_id, skills) values (@person, @role, @skills)
		on conflict (person_id, role_id) do update set skills = excluded.skills`
	if len(skills) == 0 {
		sql = `delete from plan_orders where person_id = @person and role_id = @role`
	}
	if _, err := db.pool.Exec(ctx, sql, args); err != nil {
		return fmt.Errorf("save the order of a plan: %w", err)
	}
	return nil
}

// Order implements gapanalysis.OrderBook.
func (db *DB) Order(ctx context.Context, person uuid.UUID, role string) (skills []string, err error) {
	err = db.pool.QueryRow(ctx, `select skills from plan_orders where person_id = $1 and role_id = $2`, person, role).Scan(&skills)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return nil, fmt.Errorf("read the order of a plan: %w", err)
	}
	return skills, nil
}
