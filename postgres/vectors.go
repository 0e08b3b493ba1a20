package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/pgvector/pgvector-go"

	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
)

var (
	_ gapanalysis.VectorIndex = (*DB)(nil)
	_ gapanalysis.Neighbours  = (*DB)(nil)
)

// indexLock serialises the making of models' indexes; the number has no meaning.
const indexLock = 7_402_113_556

// model is a row of embedding_models. Its id and dimensions go into SQL as literals, because a partial index serves only a query whose
// condition the planner can see; both are integers from our own table.
type model struct {
	ID            int
	Dimensions    int
	CatalogHash   []byte
	NearThreshold *float64
}

func (db *DB) model(ctx context.Context, q querier, name string) (model, error) {
	return one[model](ctx, q, pgx.ErrNoRows, `select id, dimensions, catalog_hash, near_threshold from embedding_models where name = @name`, pgx.NamedArgs{"name": name})
}

// IndexedHash implements gapanalysis.VectorIndex.
func (db *DB) IndexedHash(ctx context.Context, name string) ([]byte, error) {
	m, err := db.model(ctx, db.pool, name)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return m.CatalogHash, err
}

// SaveIndex implements gapanalysis.VectorIndex. Readers see the old vectors until all the new ones are there.
func (db *DB) SaveIndex(ctx context.Context, ix gapanalysis.Index) error {
	return pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(indexLock)); err != nil {
			return fmt.Errorf("lock the index: %w", err)
		}
		m, err := db.ensureModel(ctx, tx, ix)
		if err != nil {
			return err
		}
		for _, table := range []string{"role_skill_vectors", "role_vectors", "skill_vectors"} {
			if _, err := tx.Exec(ctx, `delete from `+table+` where model_id = $1`, m.ID); err != nil {
				return fmt.Errorf("clear %s: %w", table, err)
			}
		}
		if err := copyVectors(ctx, tx, "skill_vectors", "skill_id", m.ID, ix.Skills); err != nil {
			return err
		}
		if err := copyVectors(ctx, tx, "role_vectors", "role_id", m.ID, ix.Roles); err != nil {
			return err
		}
		for role, skills := range ix.RoleSkills {
			if _, err := tx.Exec(ctx, `
				insert into role_skill_vectors (model_id, role_id, skill_id, embedding)
				select model_id, $1, skill_id, embedding from skill_vectors where model_id = $2 and skill_id = any($3)`, role, m.ID, skills); err != nil {
				return fmt.Errorf("insert the skills of a role: %w", err)
			}
		}
		if err := savePassages(ctx, tx, m, ix); err != nil {
			return err
		}
		// Resumes that were read under another model or catalogue get their skills' vectors of this one.
		if _, err := tx.Exec(ctx, insertSkillVectors+` on conflict (model_id, resume_id, skill_id) do update set embedding = excluded.embedding`,
			pgx.NamedArgs{"model": ix.Model}); err != nil {
			return fmt.Errorf("insert the skills of resumes: %w", err)
		}
		_, err = tx.Exec(ctx, `update embedding_models set catalog_hash = $2, near_threshold = $3 where id = $1`, m.ID, ix.Hash, ix.Threshold)
		return err
	})
}

// ensureModel finds or makes the row of a model. Where there is nothing yet that its indexes would have to read, they are made with it;
// else BuildIndexes makes them, after the vectors and without keeping anybody waiting.
func (db *DB) ensureModel(ctx context.Context, tx pgx.Tx, ix gapanalysis.Index) (model, error) {
	m, err := db.model(ctx, tx, ix.Model)
	if err == nil && m.Dimensions == ix.Dimensions {
		return m, nil
	}
	if err == nil {
		return m, fault.Newf(fault.Conflict, "model-dimensions",
			"The stored vectors of %s have %d dimensions, and it answers with %d now. Set EMBEDDINGS_DIMENSIONS to %d, or give the other model another name.",
			ix.Model, m.Dimensions, ix.Dimensions, m.Dimensions)
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return m, err
	}
	m.Dimensions = ix.Dimensions
	err = tx.QueryRow(ctx, `insert into embedding_models (name, dimensions, created_at) values ($1, $2, now()) returning id`, ix.Model, ix.Dimensions).Scan(&m.ID)
	if err != nil {
		return m, fmt.Errorf("insert model: %w", err)
	}
	var filled bool
	if err := tx.QueryRow(ctx, `select exists (select from postings) or exists (select from resumes)`).Scan(&filled); err != nil || filled {
		return m, err
	}
	for _, table := range vectorTables {
		if _, err := tx.Exec(ctx, m.createIndex(table, "")); err != nil {
			return m, fmt.Errorf("index %s: %w", table, err)
		}
	}
	return m, nil
}

func copyVectors(ctx context.Context, tx pgx.Tx, table, key string, modelID int, vectors map[string]embeddings.Vector) error {
	rows := make([][]any, 0, len(vectors))
	for id, v := range vectors {
		rows = append(rows, []any{modelID, id, pgvector.NewHalfVector(v)})
	}
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{table}, []string{"model_id", key, "embedding"}, pgx.CopyFromRows(rows)); err != nil {
		return fmt.Errorf("insert into %s: %w", table, err)
	}
	return nil
}

// knownModel is model for those that have been asked for before: an id and a length never change.
func (db *DB) knownModel(ctx context.Context, name string) (model, error) {
	if m, ok := db.models.Load(name); ok {
		return m.(model), nil //nolint:forcetypeassert // nothing else is stored
	}
	m, err := db.model(ctx, db.pool, name)
	if err == nil {
		db.models.Store(name, m)
	}
	return m, err
}

type nearRow struct {
	SkillID    string
	Held       string
	Similarity float64
}

// nearestSkills compares all pairs of the skills asked for and those held, some 30 by 50, so no index is needed, and keeps what is near and the
// nearest of each. Cosines are rounded as they are reported, so that equals are told apart by their ids here as in memory. The model is looked
// up by its name in the same statement, which saves a round trip.
const nearestSkills = `
	select skill_id, held, similarity from (
		select s.skill_id, s.held, s.similarity, s.near_threshold, row_number() over (partition by s.skill_id order by s.similarity desc, s.held) as place
		from (
			select a.skill_id, h.skill_id as held, m.near_threshold, round((1 - (a.embedding <=> h.embedding))::numeric, 2)::float8 as similarity
			from embedding_models m
			join %s a on a.model_id = m.id and %s
			join resume_skill_vectors h on h.model_id = m.id and h.skill_id <> a.skill_id and h.resume_id = @resume and h.person_id = @person
			join resume_claims c on c.resume_id = h.resume_id and c.skill_id = h.skill_id and c.status <> 'rejected' and c.level > 0
			where m.name = @model) s) p
	where place = 1 or similarity >= near_threshold
	order by skill_id, place`

// nearToSkills leaves out what is not near before it rounds and sorts. The distance that it stops at is a little beyond the threshold, so that
// what rounds up to it is there.
const nearToSkills = `
	select skill_id, held, similarity from (
		select a.skill_id, h.skill_id as held, m.near_threshold, round((1 - (a.embedding <=> h.embedding))::numeric, 2)::float8 as similarity
		from embedding_models m
		join skill_vectors a on a.model_id = m.id and a.skill_id = any(@skills)
		join resume_skill_vectors h on h.model_id = m.id and h.skill_id <> a.skill_id and h.resume_id = @resume and h.person_id = @person
		join resume_claims c on c.resume_id = h.resume_id and c.skill_id = h.skill_id and c.status <> 'rejected' and c.level > 0
		where m.name = @model and (a.embedding <=> h.embedding) < 1 - m.near_threshold + 0.006) s
	where similarity >= near_threshold
	order by skill_id, similarity desc, held`

var (
	nearestToRole   = fmt.Sprintf(nearestSkills, "role_skill_vectors", "a.role_id = @role")
	nearestToSkills = fmt.Sprintf(nearestSkills, "skill_vectors", "a.skill_id = any(@skills)")
)

// NearestToSkills implements gapanalysis.Neighbours.
func (db *DB) NearestToSkills(ctx context.Context, name string, person, resume uuid.UUID, skills []string) (gapanalysis.Nearness, error) {
	n := gapanalysis.Nearness{}
	b := &pgx.Batch{}
	queueNearest(b, &n, name, nearestToSkills, pgx.NamedArgs{"model": name, "person": person, "resume": resume, "skills": skills})
	return n, db.pool.SendBatch(ctx, b).Close()
}

// queueNearest puts what makes up a nearness into a batch, which is sent as one.
func queueNearest(b *pgx.Batch, n *gapanalysis.Nearness, name, sql string, args pgx.NamedArgs) {
	*n = gapanalysis.Nearness{Model: name, Threshold: 1, BySkill: map[string][]gapanalysis.Near{}}
	b.Queue(`select near_threshold from embedding_models where name = @model`, pgx.NamedArgs{"model": name}).Query(func(rows pgx.Rows) error {
		threshold, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[*float64])
		if errors.Is(err, pgx.ErrNoRows) || err == nil && threshold == nil {
			return fmt.Errorf("the catalogue is not indexed under %s", name)
		}
		if err != nil {
			return fmt.Errorf("look for model %s: %w", name, err)
		}
		n.Threshold = *threshold
		return nil
	})
	b.Queue(sql, args).Query(func(rows pgx.Rows) error {
		var r nearRow
		_, err := pgx.ForEachRow(rows, []any{&r.SkillID, &r.Held, &r.Similarity}, func() error {
			n.BySkill[r.SkillID] = append(n.BySkill[r.SkillID], gapanalysis.Near{From: r.Held, Similarity: r.Similarity})
			return nil
		})
		if err != nil {
			return fmt.Errorf("find near skills: %w", err)
		}
		return nil
	})
}
