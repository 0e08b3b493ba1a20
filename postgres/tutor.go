package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/tutor"
)

var (
	_ tutor.Conversations = (*DB)(nil)
	_ tutor.Messages      = (*DB)(nil)
	_ tutor.Resumes       = (*DB)(nil)
	_ tutor.ProgressBook  = (*DB)(nil)
)

var errNoConversation = fault.New(fault.NotFound, "unknown-conversation",
	"There is no such conversation of yours. POST /api/v1/tutor/conversations starts one.").In("id")

// maxConversations bounds what one person may keep.
const maxConversations = 500

// Start implements tutor.Conversations.
func (db *DB) Start(ctx context.Context, person uuid.UUID, c tutor.Conversation) error {
	return pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		if err := lockPerson(ctx, tx, person); err != nil { // as for resumes
			return err
		}
		var kept int
		if err := tx.QueryRow(ctx, `select count(*) from conversations where person_id = $1`, person).Scan(&kept); err != nil {
			return fmt.Errorf("count conversations: %w", err)
		}
		if kept >= maxConversations {
			return fault.Newf(fault.Conflict, "too-many-conversations", "You keep %d conversations, which is the most.", kept)
		}
		state, err := json.Marshal(c.Kept)
		if err != nil {
			return fmt.Errorf("write state: %w", err)
		}
		tag, err := tx.Exec(ctx, `
			insert into conversations (id, person_id, role_id, phase_id, milestone_id, skill_id, resume_id, mode, state, created_at, updated_at)
			select @id, @person, @role, @phase, @milestone, @skill, @resume, @mode, @state, @at, @at
			where @resume::uuid is null or exists (select from resumes where id = @resume and person_id = @person)`, pgx.NamedArgs{
			"id": c.ID, "person": person, "role": c.Role, "phase": c.Phase, "milestone": c.Milestone, "skill": c.Skill, "resume": c.ResumeID,
			"mode": string(c.Mode), "state": state, "at": c.CreatedAt,
		})
		if err != nil {
			return fmt.Errorf("insert conversation: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return errNoResume
		}
		return nil
	})
}

type conversationRow struct {
	ID          uuid.UUID
	RoleID      string
	PhaseID     string
	MilestoneID string
	SkillID     string
	ResumeID    *uuid.UUID
	Mode        string
	State       json.RawMessage
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

const conversationColumns = `id, role_id, phase_id, milestone_id, skill_id, resume_id, mode, state, created_at, updated_at`

func (r conversationRow) conversation(person uuid.UUID) (tutor.Conversation, error) {
	c := tutor.Conversation{
		ID: r.ID, Person: person, Role: r.RoleID, Phase: r.PhaseID, Milestone: r.MilestoneID, Skill: r.SkillID, ResumeID: r.ResumeID, Mode: tutor.Mode(r.Mode),
		CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
	}
	if err := json.Unmarshal(r.State, &c.Kept); err != nil {
		return c, fmt.Errorf("read state: %w", err)
	}
	return c, nil
}

// Conversation implements tutor.Conversations.
func (db *DB) Conversation(ctx context.Context, person, id uuid.UUID) (tutor.Conversation, error) {
	r, err := one[conversationRow](ctx, db.pool, errNoConversation, `
		select `+conversationColumns+` from conversations where id = @id and person_id = @person`,
		pgx.NamedArgs{"id": id, "person": person})
	if err != nil {
		return tutor.Conversation{}, err
	}
	return r.conversation(person)
}

// Conversations implements tutor.Conversations.
func (db *DB) Conversations(ctx context.Context, person uuid.UUID, limit int) ([]tutor.Conversation, error) {
	rows, err := all[conversationRow](ctx, db.pool, `
		select `+conversationColumns+` from conversations where person_id = @person order by updated_at desc, id desc limit @limit`,
		pgx.NamedArgs{"person": person, "limit": limit})
	if err != nil {
		return nil, fmt.Errorf("list conversations: %w", err)
	}
	out := make([]tutor.Conversation, len(rows))
	for i, r := range rows {
		if out[i], err = r.conversation(person); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// DropConversation implements tutor.Conversations. The words that the tutor remembers of it go with it.
func (db *DB) DropConversation(ctx context.Context, person, id uuid.UUID) error {
	return pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `delete from conversations where id = @id and person_id = @person`, pgx.NamedArgs{"id": id, "person": person})
		if err != nil {
			return fmt.Errorf("delete conversation: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return errNoConversation
		}
		return forgetWords(ctx, tx, person, id)
	})
}

// Append implements tutor.Messages.
func (db *DB) Append(ctx context.Context, person, conversation uuid.UUID, t tutor.Turn) error {
	state, err := json.Marshal(t.Kept)
	if err != nil {
		return fmt.Errorf("write state: %w", err)
	}
	return pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `update conversations set state = @state, updated_at = @at where id = @id and person_id = @person`,
			pgx.NamedArgs{"state": state, "at": t.At, "id": conversation, "person": person})
		if isCode(err, badText) {
			return errBadText
		}
		if err != nil {
			return fmt.Errorf("keep state: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return errNoConversation
		}
		if t.Instead != nil {
			if _, err := tx.Exec(ctx, `delete from messages where id = @id and conversation_id = @conversation and person_id = @person and author = 'tutor'`,
				pgx.NamedArgs{"id": *t.Instead, "conversation": conversation, "person": person}); err != nil {
				return fmt.Errorf("take a message back: %w", err)
			}
		}
		for _, m := range t.Messages {
			if err := insertMessage(ctx, tx, person, conversation, m); err != nil {
				return err
			}
		}
		return nil
	})
}

func insertMessage(ctx context.Context, tx pgx.Tx, person, conversation uuid.UUID, m tutor.Message) error {
	citations, err := json.Marshal(m.Citations)
	if err != nil {
		return fmt.Errorf("write citations: %w", err)
	}
	details, err := json.Marshal(m.Details)
	if err != nil {
		return fmt.Errorf("write details: %w", err)
	}
	_, err = tx.Exec(ctx, `
		insert into messages (id, conversation_id, person_id, author, content, citations, engine, details, created_at)
		values (@id, @conversation, @person, @author, @content, @citations, @engine, @details, @at)`, pgx.NamedArgs{
		"id": m.ID, "conversation": conversation, "person": person, "author": string(m.Author), "content": m.Content,
		"citations": citations, "engine": m.Engine, "details": details, "at": m.CreatedAt,
	})
	if err != nil {
		return fmt.Errorf("insert message: %w", err)
	}
	return nil
}

// History implements tutor.Messages.
func (db *DB) History(ctx context.Context, person, conversation uuid.UUID, limit int) ([]tutor.Message, error) {
	type messageRow struct {
		ID        uuid.UUID
		Author    string
		Content   string
		Citations json.RawMessage
		Engine    string
		Details   json.RawMessage
		CreatedAt time.Time
	}
	rows, err := all[messageRow](ctx, db.pool, `
		select id, author, content, citations, engine, details, created_at from messages
		where conversation_id = @conversation and person_id = @person
		order by id desc limit @limit`, pgx.NamedArgs{"conversation": conversation, "person": person, "limit": limit})
	if err != nil {
		return nil, fmt.Errorf("read messages: %w", err)
	}
	out := make([]tutor.Message, len(rows))
	for i, r := range rows {
		out[i] = tutor.Message{ID: r.ID, Author: tutor.Author(r.Author), Content: r.Content, Engine: r.Engine, CreatedAt: r.CreatedAt}
		if err := json.Unmarshal(r.Citations, &out[i].Citations); err != nil {
			return nil, fmt.Errorf("read citations: %w", err)
		}
		if err := json.Unmarshal(r.Details, &out[i].Details); err != nil {
			return nil, fmt.Errorf("read details: %w", err)
		}
	}
	slices.Reverse(out)
	return out, nil
}

// ResumeDocument implements tutor.Resumes. The file itself stays where it is.
func (db *DB) ResumeDocument(ctx context.Context, person, id uuid.UUID) (*resume.Document, error) {
	type documentRow struct{ Document json.RawMessage }
	row, err := one[documentRow](ctx, db.pool, errNoResume, `select document from resumes where id = @id and person_id = @person`,
		pgx.NamedArgs{"id": id, "person": person})
	if err != nil {
		return nil, err
	}
	doc := &resume.Document{}
	if err := json.Unmarshal(row.Document, doc); err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	return doc, nil
}

// SaveProgress implements tutor.ProgressBook.
func (db *DB) SaveProgress(ctx context.Context, person uuid.UUID, p tutor.MilestoneProgress) error {
	_, err := db.pool.Exec(ctx, `
		insert into milestone_progress (person_id, role_id, milestone_id, status, evidence_url, note, updated_at, done_at)
		values (@person, @role, @milestone, @status, @url, @note, @at, @done)
		on conflict (person_id, role_id, milestone_id) do update set
			status = excluded.status, evidence_url = excluded.evidence_url, note = excluded.note, updated_at = excluded.updated_at,
			done_at = excluded.done_at`, pgx.NamedArgs{
		"person": person, "role": p.Role, "milestone": p.Milestone, "status": string(p.Status), "url": p.EvidenceURL, "note": p.Note, "at": p.UpdatedAt, "done": p.DoneAt,
	})
	if isCode(err, badText) {
		return errBadText
	}
	if err != nil {
		return fmt.Errorf("save progress: %w", err)
	}
	return nil
}

// ProgressOn implements tutor.ProgressBook.
func (db *DB) ProgressOn(ctx context.Context, person uuid.UUID, role string) ([]tutor.MilestoneProgress, error) {
	rows, err := db.pool.Query(ctx, `
		select role_id, milestone_id, status, evidence_url, note, updated_at, done_at from milestone_progress
		where person_id = @person and role_id = @role order by milestone_id`, pgx.NamedArgs{"person": person, "role": role})
	if err != nil {
		return nil, fmt.Errorf("read progress: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[tutor.MilestoneProgress])
}
