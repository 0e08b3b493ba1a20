package postgres

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
)

// SaveReading implements skill.Shelf.
func (db *DB) SaveReading(ctx context.Context, person uuid.UUID, u *skill.Upload, model string, vector embeddings.Vector) error {
	doc, err := json.Marshal(u.Document)
	if err != nil {
		return fmt.Errorf("write document: %w", err)
	}
	return pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			update resumes set document = @document, extractor_version = @extractor, catalog_version = @catalog where id = @id and person_id = @person`, pgx.NamedArgs{
			"id": u.ID, "person": person, "document": doc, "extractor": u.Profile.ExtractorVersion, "catalog": u.Profile.CatalogVersion,
		})
		if err != nil {
			return fmt.Errorf("update resume: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return errNoResume
		}
		// Locked, so that a correction that is being stored is waited for. One that comes between here and the end finds no claim and says so.
		earlier, err := claimsOf(ctx, tx, `where resume_id = any(@ids) and person_id = @person and status <> 'read' order by position for update`, person, u.ID)
		if err != nil {
			return err
		}
		read := readLevels(u.Profile.Claims)
		u.Profile.HeedAll(earlier, u.Document.Text)
		for _, sql := range []string{
			`delete from resume_claims where resume_id = @id and person_id = @person`,
			`delete from resume_skill_vectors where resume_id = @id and person_id = @person`,
			`delete from resume_vectors where resume_id = @id and person_id = @person`,
		} {
			if _, err := tx.Exec(ctx, sql, pgx.NamedArgs{"id": u.ID, "person": person}); err != nil {
				return fmt.Errorf("delete the reading before: %w", err)
			}
		}
		if err := insertClaims(ctx, tx, person, u, read); err != nil {
			return err
		}
		return insertResumeVectors(ctx, tx, person, u.ID, model, vector)
	})
}

// claimsOfSameResume are the claims that a person spoke of in earlier uploads of a resume, the latest first: of the same bytes, or of a
// document that names the same person.
func claimsOfSameResume(ctx context.Context, tx pgx.Tx, person uuid.UUID, u *skill.Upload) ([]skill.Claim, error) {
	type keptRow struct {
		ID       uuid.UUID
		SameFile bool
		Personal json.RawMessage
	}
	kept, err := all[keptRow](ctx, tx, `
		select id, file = @file as same_file, coalesce(document->'personal', '[]') as personal
		from resumes r where person_id = @person and id <> @id
		and exists (select from resume_claims c where c.resume_id = r.id and c.person_id = @person and c.status <> 'read')`,
		pgx.NamedArgs{"file": u.File, "person": person, "id": u.ID})
	if err != nil {
		return nil, fmt.Errorf("read earlier resumes: %w", err)
	}
	var same []uuid.UUID
	for _, k := range kept {
		var personal []resume.Personal
		if err := json.Unmarshal(k.Personal, &personal); err != nil {
			return nil, fmt.Errorf("read personal data: %w", err)
		}
		if k.SameFile || skill.SamePerson(u.Document.Personal, personal) {
			same = append(same, k.ID)
		}
	}
	if len(same) == 0 {
		return nil, nil
	}
	return claimsOf(ctx, tx, `where resume_id = any(@ids) and person_id = @person and status <> 'read' order by resume_id desc, position`, person, same...)
}

// claimsOf reads claims of resumes of a person in a transaction.
func claimsOf(ctx context.Context, tx pgx.Tx, where string, person uuid.UUID, ids ...uuid.UUID) ([]skill.Claim, error) {
	found, err := all[claimRow](ctx, tx, `select `+claimColumns+` from resume_claims `+where, pgx.NamedArgs{"ids": ids, "person": person})
	if err != nil {
		return nil, fmt.Errorf("read earlier claims: %w", err)
	}
	claims := make([]skill.Claim, len(found))
	for i, r := range found {
		if claims[i], err = r.claim(); err != nil {
			return nil, err
		}
	}
	return claims, nil
}

// readLevels are the levels of claims as they were read.
func readLevels(claims []skill.Claim) []int {
	levels := make([]int, len(claims))
	for i, c := range claims {
		levels[i] = c.Level
	}
	return levels
}
