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
	"github.com/gapwise/gapwise/tutor"
)

var (
	_ tutor.Conversations = (*DB)(nil)
	_ tutor.Messages      = (*DB)(nil)
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
		tag, err := tx.Exec(ctx, `
			insert into conversations (id, person_id, role_id, phase_id, resume_id, mode, created_at)
			select @id, @person, @role, @phase, @resume, @mode, @at
			where @resume::uuid is null or exists (select from resumes where id = @resume and person_id = @person)`, pgx.NamedArgs{
			"id": c.ID, "person": person, "role": c.Role, "phase": c.Phase, "resume": c.ResumeID, "mode": string(c.Mode), "at": c.CreatedAt,
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

// Conversation implements tutor.Conversations.
func (db *DB) Conversation(ctx context.Context, person, id uuid.UUID) (tutor.Conversation, error) {
	type conversationRow struct {
		RoleID    string
		PhaseID   string
		ResumeID  *uuid.UUID
		Mode      string
		CreatedAt time.Time
	}
	r, err := one[conversationRow](ctx, db.pool, errNoConversation, `
		select role_id, phase_id, resume_id, mode, created_at from conversations where id = @id and person_id = @person`,
		pgx.NamedArgs{"id": id, "person": person})
	return tutor.Conversation{ID: id, Person: person, Role: r.RoleID, Phase: r.PhaseID, ResumeID: r.ResumeID, Mode: tutor.Mode(r.Mode), CreatedAt: r.CreatedAt}, err
}

// Append implements tutor.Messages.
func (db *DB) Append(ctx context.Context, person, conversation uuid.UUID, messages ...tutor.Message) error {
	return pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		for _, m := range messages {
			citations, err := json.Marshal(m.Citations)
			if err != nil {
				return fmt.Errorf("write citations: %w", err)
			}
			tag, err := tx.Exec(ctx, `
				insert into messages (id, conversation_id, person_id, author, content, citations, engine, created_at)
				select @id, c.id, c.person_id, @author, @content, @citations, @engine, @at
				from conversations c where c.id = @conversation and c.person_id = @person`, pgx.NamedArgs{
				"id": m.ID, "conversation": conversation, "person": person, "author": string(m.Author), "content": m.Content,
				"citations": citations, "engine": m.Engine, "at": m.CreatedAt,
			})
			if err != nil {
				return fmt.Errorf("insert message: %w", err)
			}
			if tag.RowsAffected() == 0 {
				return errNoConversation
			}
		}
		return nil
	})
}

// History implements tutor.Messages.
func (db *DB) History(ctx context.Context, person, conversation uuid.UUID, limit int) ([]tutor.Message, error) {
	type messageRow struct {
		ID        uuid.UUID
		Author    string
		Content   string
		Citations json.RawMessage
		Engine    string
		CreatedAt time.Time
	}
	rows, err := all[messageRow](ctx, db.pool, `
		select id, author, content, citations, engine, created_at from messages
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
	}
	slices.Reverse(out)
	return out, nil
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
