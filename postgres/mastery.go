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
	"github.com/gapwise/gapwise/internal/fsrs"
	"github.com/gapwise/gapwise/tutor"
)

var (
	_ tutor.MasteryBook   = (*DB)(nil)
	_ gapanalysis.Recalls = (*DB)(nil)
)

var (
	errNoItem      = fault.New(fault.NotFound, "unknown-item", "The tutor remembers no such thing of you.").In("id")
	errItemChanged = fault.New(fault.Conflict, tutor.CodeItemChanged, "This was changed at the same time. Read it again, and then change it.")
)

type itemRow struct {
	ID         uuid.UUID
	SkillID    string
	Concept    string
	Note       string
	Shown      json.RawMessage
	Stability  float64
	Difficulty float64
	ReviewedAt time.Time
	DueAt      time.Time
	Version    int
}

func (r itemRow) item() (tutor.Item, error) {
	it := tutor.Item{
		ID: r.ID, Skill: r.SkillID, Concept: r.Concept, Note: r.Note, ReviewedAt: r.ReviewedAt.UTC(), DueAt: r.DueAt.UTC(), Version: r.Version,
		Memory: fsrs.Memory{Stability: r.Stability, Difficulty: r.Difficulty, Reviewed: r.ReviewedAt.UTC()},
	}
	if err := json.Unmarshal(r.Shown, &it.Shown); err != nil {
		return it, fmt.Errorf("read what was shown: %w", err)
	}
	for i := range it.Shown {
		it.Shown[i].Skill, it.Shown[i].Concept = it.Skill, it.Concept
	}
	return it, nil
}

// countingRow is what a gap report may count of an item, in JSON.
type countingRow struct {
	Stability float64                   `json:"stability"`
	Reviewed  time.Time                 `json:"reviewed"`
	Right     []gapanalysis.RightAnswer `json:"right"`
}

const itemColumns = `id, skill_id, concept, note, shown, stability, difficulty, reviewed_at, due_at, version`

// Items implements tutor.MasteryBook.
func (db *DB) Items(ctx context.Context, person uuid.UUID, f tutor.ItemFilter) ([]tutor.Item, error) {
	var due *time.Time
	if !f.DueBy.IsZero() {
		due = &f.DueBy
	}
	rows, err := all[itemRow](ctx, db.pool, `
		select `+itemColumns+` from mastery_items
		where person_id = @person and (cardinality(@skills::text[]) = 0 or skill_id = any(@skills)) and (@concept = '' or concept = @concept)
			and (@due::timestamptz is null or due_at <= @due)
		order by due_at, id limit @limit`, pgx.NamedArgs{
		"person": person, "skills": append([]string{}, f.Skills...), "concept": f.Concept, "due": due, "limit": f.Limit,
	})
	if err != nil {
		return nil, fmt.Errorf("read mastery: %w", err)
	}
	out := make([]tutor.Item, len(rows))
	for i, r := range rows {
		if out[i], err = r.item(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Item implements tutor.MasteryBook.
func (db *DB) Item(ctx context.Context, person, id uuid.UUID) (tutor.Item, error) {
	r, err := one[itemRow](ctx, db.pool, errNoItem, `select `+itemColumns+` from mastery_items where id = @id and person_id = @person`,
		pgx.NamedArgs{"id": id, "person": person})
	if err != nil {
		return tutor.Item{}, err
	}
	return r.item()
}

// SaveItem implements tutor.MasteryBook. The version stands in for a lock, so that nothing is locked while an answer is judged.
func (db *DB) SaveItem(ctx context.Context, person uuid.UUID, it tutor.Item, most int) error {
	shown, err := json.Marshal(it.Shown)
	if err != nil {
		return fmt.Errorf("write what was shown: %w", err)
	}
	c := it.Counting()
	counting, err := json.Marshal(countingRow{Stability: c.Stability, Reviewed: c.Reviewed, Right: c.Right})
	if err != nil {
		return fmt.Errorf("write what counts: %w", err)
	}
	args := pgx.NamedArgs{
		"id": it.ID, "person": person, "skill": it.Skill, "concept": it.Concept, "note": it.Note, "shown": shown, "counting": counting,
		"stability": it.Memory.Stability, "difficulty": it.Memory.Difficulty, "reviewed": it.ReviewedAt, "due": it.DueAt, "version": it.Version,
	}
	if it.Version == 0 {
		return db.insertItem(ctx, person, args, most)
	}
	tag, err := db.pool.Exec(ctx, `
		update mastery_items set note = @note, shown = @shown, counting = @counting, stability = @stability, difficulty = @difficulty,
			reviewed_at = @reviewed, due_at = @due, version = version + 1
		where id = @id and person_id = @person and version = @version`, args)
	if err != nil {
		return fmt.Errorf("save mastery: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return errItemChanged
	}
	return nil
}

func (db *DB) insertItem(ctx context.Context, person uuid.UUID, args pgx.NamedArgs, most int) error {
	return pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		if err := lockPerson(ctx, tx, person); err != nil { // as for resumes
			return err
		}
		var kept int
		if err := tx.QueryRow(ctx, `select count(*) from mastery_items where person_id = $1`, person).Scan(&kept); err != nil {
			return fmt.Errorf("count mastery: %w", err)
		}
		if kept >= most {
			return fault.Newf(fault.Conflict, "too-many-items", "The tutor remembers %d things of you, which is the most. Delete some.", kept)
		}
		tag, err := tx.Exec(ctx, `
			insert into mastery_items (id, person_id, skill_id, concept, note, shown, counting, stability, difficulty, reviewed_at, due_at, version)
			values (@id, @person, @skill, @concept, @note, @shown, @counting, @stability, @difficulty, @reviewed, @due, 1)
			on conflict (person_id, skill_id, concept) do nothing`, args)
		if err != nil {
			return fmt.Errorf("insert mastery: %w", err)
		}
		if tag.RowsAffected() == 0 { // another answer about the same was the first
			return errItemChanged
		}
		return nil
	})
}

// DropItem implements tutor.MasteryBook.
func (db *DB) DropItem(ctx context.Context, person, id uuid.UUID, version int) error {
	tag, err := db.pool.Exec(ctx, `delete from mastery_items where id = @id and person_id = @person and (@version = 0 or version = @version)`,
		pgx.NamedArgs{"id": id, "person": person, "version": version})
	if err != nil {
		return fmt.Errorf("delete mastery: %w", err)
	}
	switch {
	case tag.RowsAffected() > 0:
		return nil
	case version > 0:
		return errItemChanged
	}
	return errNoItem
}

// recallsOfPerson are the right answers that count, with what tells how well they are remembered.
const recallsOfPerson = `
	select id, skill_id, concept, counting from mastery_items
	where person_id = @person and counting->'right' <> '[]' order by skill_id, concept`

// Recalls implements gapanalysis.Recalls.
func (db *DB) Recalls(ctx context.Context, person uuid.UUID) (recalls []gapanalysis.Recall, err error) {
	b := &pgx.Batch{}
	queueRecalls(b, &recalls, person)
	return recalls, db.pool.SendBatch(ctx, b).Close()
}

// queueRecalls puts the reading of what a person answered rightly into a batch.
func queueRecalls(b *pgx.Batch, recalls *[]gapanalysis.Recall, person uuid.UUID) {
	b.Queue(recallsOfPerson, pgx.NamedArgs{"person": person}).Query(func(rows pgx.Rows) error {
		var r gapanalysis.Recall
		var counting []byte
		_, err := pgx.ForEachRow(rows, []any{&r.Item, &r.Skill, &r.Concept, &counting}, func() error {
			var c countingRow
			if err := json.Unmarshal(counting, &c); err != nil {
				return err
			}
			r.Stability, r.Reviewed, r.Right = c.Stability, c.Reviewed.UTC(), c.Right
			*recalls = append(*recalls, r)
			return nil
		})
		if err != nil {
			return fmt.Errorf("read right answers: %w", err)
		}
		return nil
	})
}

// forgetWords takes what a person said in a conversation out of what is remembered, and where it was said. How the answers were stays.
func forgetWords(ctx context.Context, tx pgx.Tx, person, conversation uuid.UUID) error {
	_, err := tx.Exec(ctx, `
		update mastery_items i set version = version + 1, shown = (
			select jsonb_agg(case when s.one->>'conversation' = @conversation then (s.one - 'conversation' - 'message') || '{"evidence": ""}' else s.one end order by s.n)
			from jsonb_array_elements(i.shown) with ordinality s(one, n))
		where i.person_id = @person and i.shown @> jsonb_build_array(jsonb_build_object('conversation', @conversation::text))`,
		pgx.NamedArgs{"person": person, "conversation": conversation.String()})
	if err != nil {
		return fmt.Errorf("forget the words of a conversation: %w", err)
	}
	return nil
}
