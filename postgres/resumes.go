package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/pgvector/pgvector-go"

	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/mutant"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
	"github.com/gapwise/gapwise/tutor"
)

var (
	_ skill.Shelf          = (*DB)(nil)
	_ skill.Corrector      = (*DB)(nil)
	_ gapanalysis.Profiles = (*DB)(nil)
	_ tutor.Identities     = (*DB)(nil)
)

// maxResumes bounds what one person may keep.
const maxResumes = 25

var errNoResume = fault.New(fault.NotFound, "unknown-resume", "There is no such resume of yours. POST /api/v1/resumes uploads one.").In("id")

// claimRow is a claim as it is stored.
type claimRow struct {
	SkillID  *string
	Name     string
	Kind     string
	Level    int
	Years    float64
	LastUsed int
	Why      string
	Status   string
	Note     string
	Mentions json.RawMessage
}

const claimColumns = `skill_id, name, kind, level, years, last_used, why, status, note, mentions`

func (r claimRow) claim() (skill.Claim, error) {
	c := skill.Claim{
		ID: r.SkillID, Name: r.Name, Kind: r.Kind, Level: r.Level, Years: r.Years, LastUsed: r.LastUsed, Why: r.Why,
		Status: skill.Status(r.Status), Note: r.Note,
	}
	if err := json.Unmarshal(r.Mentions, &c.Mentions); err != nil {
		return c, fmt.Errorf("read mentions: %w", err)
	}
	if r.SkillID != nil {
		for i := range c.Mentions {
			c.Mentions[i].SkillID = *r.SkillID
		}
	}
	return c, nil
}

// SaveUpload implements skill.Shelf.
func (db *DB) SaveUpload(ctx context.Context, person uuid.UUID, u *skill.Upload, model string, vector embeddings.Vector) error {
	doc, err := json.Marshal(u.Document)
	if err != nil {
		return fmt.Errorf("write document: %w", err)
	}
	return pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		if err := lockPerson(ctx, tx, person); err != nil { // so that two uploads at once cannot both be the last that fits
			return err
		}
		var kept int
		if err := tx.QueryRow(ctx, `select count(*) from resumes where person_id = $1`, person).Scan(&kept); err != nil {
			return fmt.Errorf("count resumes: %w", err)
		}
		if kept >= maxResumes {
			return fault.Newf(fault.Conflict, "too-many-resumes", "You keep %d resumes, which is the most. Delete one first: DELETE /api/v1/resumes/{id}.", kept)
		}
		_, err := tx.Exec(ctx, `
			insert into resumes (id, person_id, file_name, media_type, file, document, extractor_version, catalog_version, created_at)
			values (@id, @person, @name, @type, @file, @document, @extractor, @catalog, @at)`, pgx.NamedArgs{
			"id": u.ID, "person": person, "name": u.FileName, "type": u.MediaType, "file": u.File, "document": doc,
			"extractor": u.Profile.ExtractorVersion, "catalog": u.Profile.CatalogVersion, "at": u.CreatedAt,
		})
		if err != nil {
			return fmt.Errorf("insert resume: %w", err)
		}
		earlier, err := claimsOfSameResume(ctx, tx, person, u)
		if err != nil {
			return err
		}
		read := readLevels(u.Profile.Claims)
		u.Profile.Heed(earlier)
		if err := insertClaims(ctx, tx, person, u, read); err != nil {
			return err
		}
		return insertResumeVectors(ctx, tx, person, u.ID, model, vector)
	})
}

// insertClaims stores the claims of a resume. read are the levels that were read, by place; what is beyond was not read at all.
func insertClaims(ctx context.Context, tx pgx.Tx, person uuid.UUID, u *skill.Upload, read []int) error {
	rows := make([][]any, len(u.Profile.Claims))
	for i, c := range u.Profile.Claims {
		readLevel := 0
		if i < len(read) {
			readLevel = read[i]
		}
		mentions, err := json.Marshal(c.Mentions)
		if err != nil {
			return fmt.Errorf("write mentions: %w", err)
		}
		rows[i] = []any{u.ID, person, i, c.ID, c.Name, c.Kind, c.Level, readLevel, c.Years, c.LastUsed, c.Why, string(c.Status), c.Note, mentions}
	}
	columns := []string{"resume_id", "person_id", "position", "skill_id", "name", "kind", "level", "read_level", "years", "last_used", "why", "status", "note", "mentions"}
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{"resume_claims"}, columns, pgx.CopyFromRows(rows)); err != nil {
		return fmt.Errorf("insert claims: %w", err)
	}
	return nil
}

// insertResumeVectors stores the vector of a resume, and those of its skills, which are the catalogue's own.
func insertResumeVectors(ctx context.Context, tx pgx.Tx, person, id uuid.UUID, model string, vector embeddings.Vector) error {
	args := pgx.NamedArgs{"model": model, "resume": id, "person": person, "vector": pgvector.NewHalfVector(vector)}
	_, err := tx.Exec(ctx, `
		insert into resume_vectors (model_id, resume_id, person_id, embedding)
		select m.id, @resume, @person, @vector from embedding_models m where m.name = @model`, args)
	if err != nil {
		return fmt.Errorf("insert the resume's vector: %w", err)
	}
	_, err = tx.Exec(ctx, `
		insert into resume_skill_vectors (model_id, resume_id, person_id, skill_id, embedding)
		select v.model_id, c.resume_id, c.person_id, v.skill_id, v.embedding
		from resume_claims c
		join skill_vectors v on v.skill_id = c.skill_id
		join embedding_models m on m.id = v.model_id and m.name = @model
		where c.resume_id = @resume and c.person_id = @person`, args)
	if err != nil {
		return fmt.Errorf("insert the vectors of skills: %w", err)
	}
	return nil
}

// Upload implements skill.Shelf.
func (db *DB) Upload(ctx context.Context, person, id uuid.UUID) (*skill.Upload, error) {
	type resumeRow struct {
		FileName         string
		MediaType        string
		File             []byte
		Document         json.RawMessage
		ExtractorVersion string
		CatalogVersion   string
		CreatedAt        time.Time
	}
	if mutant.On(mutant.OwnerMissing) {
		if err := db.pool.QueryRow(ctx, `select person_id from resumes where id = $1`, id).Scan(&person); err != nil {
			return nil, errNoResume
		}
	}
	row, err := one[resumeRow](ctx, db.pool, errNoResume, `
		select file_name, media_type, file, document, extractor_version, catalog_version, created_at
		from resumes where id = @id and person_id = @person`, pgx.NamedArgs{"id": id, "person": person})
	if err != nil {
		return nil, err
	}
	u := &skill.Upload{ID: id, FileName: row.FileName, MediaType: row.MediaType, File: row.File, Document: &resume.Document{}, CreatedAt: row.CreatedAt}
	if err := json.Unmarshal(row.Document, u.Document); err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	claims, err := db.claims(ctx, person, id)
	if err != nil {
		return nil, err
	}
	u.Profile = skill.Profile{Claims: claims, ExtractorVersion: row.ExtractorVersion, CatalogVersion: row.CatalogVersion, Titles: skill.Titles(u.Document), Text: u.Document.Text}
	return u, nil
}

const claimsOfResume = `select ` + claimColumns + ` from resume_claims where resume_id = @id and person_id = @person order by position`

func (db *DB) claims(ctx context.Context, person, id uuid.UUID) ([]skill.Claim, error) {
	rows, err := db.pool.Query(ctx, claimsOfResume, pgx.NamedArgs{"id": id, "person": person})
	if err != nil {
		return nil, fmt.Errorf("read claims: %w", err)
	}
	return collectClaims(rows)
}

func collectClaims(rows pgx.Rows) ([]skill.Claim, error) {
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[claimRow])
	if err != nil {
		return nil, fmt.Errorf("read claims: %w", err)
	}
	claims := make([]skill.Claim, len(found))
	for i, r := range found {
		if claims[i], err = r.claim(); err != nil {
			return nil, err
		}
	}
	return claims, nil
}

// Profile implements gapanalysis.Profiles.
func (db *DB) Profile(ctx context.Context, person, id uuid.UUID) (*skill.Profile, error) {
	p := &skill.Profile{}
	b := &pgx.Batch{}
	queueProfile(b, p, person, id)
	if err := db.pool.SendBatch(ctx, b).Close(); err != nil {
		return nil, err
	}
	return p, nil
}

// Read implements gapanalysis.Profiles.
func (db *DB) Read(ctx context.Context, person uuid.UUID, q gapanalysis.Query) (gapanalysis.Reading, error) {
	r := gapanalysis.Reading{Profile: &skill.Profile{}}
	b := &pgx.Batch{}
	queueProfile(b, r.Profile, person, q.Resume)
	queueMarks(b, &r.Marks, person)
	queueRecalls(b, &r.Recalls, person)
	sql := nearestToSkills
	switch {
	case q.Role != "":
		sql = nearestToRole
	case q.NearOnly:
		sql = nearToSkills
	}
	queueNearest(b, &r.Near, q.Model, sql, pgx.NamedArgs{"model": q.Model, "person": person, "resume": q.Resume, "role": q.Role, "skills": q.Skills})
	if err := db.pool.SendBatch(ctx, b).Close(); err != nil {
		return gapanalysis.Reading{}, err
	}
	return r, nil
}

// queueProfile puts what makes up a profile into a batch. It leaves the file and where each word stands where they are.
func queueProfile(b *pgx.Batch, p *skill.Profile, person, id uuid.UUID) {
	args := pgx.NamedArgs{"id": id, "person": person}
	b.Queue(`
		select extractor_version, catalog_version, coalesce(document->'positions', '[]') as positions, coalesce(document->>'text', '') as text
		from resumes where id = @id and person_id = @person`, args).QueryRow(func(row pgx.Row) error {
		var positions []byte
		err := row.Scan(&p.ExtractorVersion, &p.CatalogVersion, &positions, &p.Text)
		if errors.Is(err, pgx.ErrNoRows) {
			return errNoResume
		}
		if err != nil {
			return fmt.Errorf("read resume: %w", err)
		}
		doc := &resume.Document{}
		if err := json.Unmarshal(positions, &doc.Positions); err != nil {
			return fmt.Errorf("read positions: %w", err)
		}
		p.Titles = skill.Titles(doc)
		return nil
	})
	b.Queue(claimsOfResume, args).Query(func(rows pgx.Rows) error {
		claims, err := collectClaims(rows)
		p.Claims = claims
		return err
	})
}

// DeleteUpload implements skill.Shelf. What was computed from the resume goes with it.
func (db *DB) DeleteUpload(ctx context.Context, person, id uuid.UUID) error {
	tag, err := db.pool.Exec(ctx, `delete from resumes where id = @id and person_id = @person`, pgx.NamedArgs{"id": id, "person": person})
	if err != nil {
		return fmt.Errorf("delete resume: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return errNoResume
	}
	return nil
}

// Correct implements skill.Corrector. Whether the level that the reader found stands again is for the person to say, so it is kept.
func (db *DB) Correct(ctx context.Context, person, id uuid.UUID, c skill.Correction) (skill.Claim, error) {
	row, err := one[claimRow](ctx, db.pool,
		fault.New(fault.NotFound, "unknown-claim", "This resume is not yours, or it has no such skill. GET /api/v1/resumes/{id} lists them.").In("skill"), `
		update resume_claims set level = coalesce(@level, level), status = @status, note = @note
		where resume_id = @id and person_id = @person and skill_id = @skill
		returning `+claimColumns, pgx.NamedArgs{
			"id": id, "person": person, "skill": c.Skill, "level": c.Level, "status": string(c.Status), "note": c.Note,
		})
	if isCode(err, badText) {
		return skill.Claim{}, errBadText
	}
	if err != nil {
		return skill.Claim{}, err
	}
	return row.claim()
}

// AddClaim implements skill.Corrector. The claim comes behind the others, with the catalogue's vector of its skill.
func (db *DB) AddClaim(ctx context.Context, person, id uuid.UUID, c skill.Claim) error {
	return pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		args := pgx.NamedArgs{
			"id": id, "person": person, "skill": c.ID, "name": c.Name, "kind": c.Kind, "level": c.Level, "why": c.Why, "status": string(c.Status), "note": c.Note,
		}
		var mine bool
		// Locked, so that of two claims at once the second finds the place of the first.
		err := tx.QueryRow(ctx, `select true from resumes where id = @id and person_id = @person for update`, args).Scan(&mine)
		if errors.Is(err, pgx.ErrNoRows) {
			return errNoResume
		}
		if err != nil {
			return fmt.Errorf("find the resume of a claim: %w", err)
		}
		tag, err := tx.Exec(ctx, `
			insert into resume_claims (resume_id, person_id, position, skill_id, name, kind, level, read_level, years, last_used, why, status, note, mentions)
			select @id, @person, coalesce(max(position) + 1, 0), @skill, @name, @kind, @level, 0, 0, 0, @why, @status, @note, '[]'
			from resume_claims where resume_id = @id and person_id = @person
			on conflict (resume_id, skill_id) where skill_id is not null do nothing`, args)
		if isCode(err, badText) {
			return errBadText
		}
		if err != nil {
			return fmt.Errorf("add a claim: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return nil
		}
		_, err = tx.Exec(ctx, `
			insert into resume_skill_vectors (model_id, resume_id, person_id, skill_id, embedding)
			select v.model_id, @id, @person, v.skill_id, v.embedding from skill_vectors v
			join resume_vectors r on r.model_id = v.model_id and r.resume_id = @id and r.person_id = @person
			where v.skill_id = @skill
			on conflict do nothing`, args)
		if err != nil {
			return fmt.Errorf("add the vector of a claim: %w", err)
		}
		return nil
	})
}

// Resumes implements skill.Shelf.
func (db *DB) Resumes(ctx context.Context, person uuid.UUID) ([]skill.Summary, error) {
	return all[skill.Summary](ctx, db.pool, `
		select r.id, r.file_name, r.created_at, (select count(*) from resume_claims c where c.resume_id = r.id and c.status <> 'rejected') as skills
		from resumes r where r.person_id = @person order by r.id desc limit @limit`, pgx.NamedArgs{"person": person, "limit": maxResumes})
}

// Personal implements tutor.Identities.
func (db *DB) Personal(ctx context.Context, person uuid.UUID) ([]resume.Personal, error) {
	type personalRow struct{ Kind, Text string }
	rows, err := all[personalRow](ctx, db.pool, `
		select distinct p->>'kind' as kind, p->>'text' as text
		from resumes r, jsonb_array_elements(coalesce(nullif(r.document->'personal', 'null'), '[]')) p
		where r.person_id = @person order by 1, 2`, pgx.NamedArgs{"person": person})
	if err != nil {
		return nil, fmt.Errorf("read personal data: %w", err)
	}
	out := make([]resume.Personal, len(rows))
	for i, r := range rows {
		out[i] = resume.Personal{Kind: resume.PersonalKind(r.Kind), Text: r.Text}
	}
	return out, nil
}
