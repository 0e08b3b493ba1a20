package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/pgvector/pgvector-go"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gapanalysis"
)

// savePassages replaces the passages by those of an index, and their vectors under its model. They have no HNSW index: all of the catalogue's
// are compared in a few milliseconds.
func savePassages(ctx context.Context, tx pgx.Tx, m model, ix gapanalysis.Index) error {
	ids := make([]string, len(ix.Passages))
	rows := make([][]any, len(ix.Passages))
	vectors := make([][]any, len(ix.Passages))
	for i, p := range ix.Passages {
		ids[i] = p.ID
		rows[i] = []any{p.ID, p.Kind, orNull(p.Skill), orNull(p.Role), p.Title, p.Body}
		vectors[i] = []any{m.ID, p.ID, pgvector.NewHalfVector(ix.Quotable[i])}
	}
	const columns = `id, kind, skill_id, role_id, title, body`
	if _, err := tx.Exec(ctx, `create temporary table new_passages on commit drop as select `+columns+` from passages with no data`); err != nil {
		return fmt.Errorf("make room for passages: %w", err)
	}
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{"new_passages"}, []string{"id", "kind", "skill_id", "role_id", "title", "body"}, pgx.CopyFromRows(rows)); err != nil {
		return fmt.Errorf("write passages: %w", err)
	}
	for _, sql := range []string{
		`delete from passages p where not exists (select from new_passages n where n.id = p.id)`,
		// What has not changed is left alone, and its words with it.
		`insert into passages (` + columns + `) select ` + columns + ` from new_passages on conflict (id) do update
			set kind = excluded.kind, skill_id = excluded.skill_id, role_id = excluded.role_id, title = excluded.title, body = excluded.body
			where (passages.title, passages.body) is distinct from (excluded.title, excluded.body)`,
		fmt.Sprintf(`delete from passage_vectors where model_id = %d`, m.ID),
	} {
		if _, err := tx.Exec(ctx, sql); err != nil {
			return fmt.Errorf("replace passages: %w", err)
		}
	}
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{"passage_vectors"}, []string{"model_id", "passage_id", "embedding"}, pgx.CopyFromRows(vectors)); err != nil {
		return fmt.Errorf("write the vectors of passages: %w", err)
	}
	return nil
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// PassageQuery is what passages are looked for by.
type PassageQuery struct {
	Model  string
	Vector embeddings.Vector // of the question, under Model
	Words  string            // of the question
	Skills []string          // only passages about these, or about Role; both empty: all
	Role   string
	Limit  int
}

// FoundPassage is a passage with its score by reciprocal rank fusion, at most 2/61.
type FoundPassage struct {
	catalog.Passage
	Score float64
}

// SearchPassages finds passages of the catalogue by meaning and by words, the best first. The lists are fused as those of postings are; any of
// the words may hit, since a question is not a query. Without a vector it finds by words alone.
func (db *DB) SearchPassages(ctx context.Context, q PassageQuery) ([]FoundPassage, error) {
	const about = `((cardinality(@skills::text[]) = 0 and @role = '') or p.skill_id = any(@skills) or p.role_id = @role)`
	near := `select null::text as passage_id, null::bigint as place where false`
	if len(q.Vector) > 0 {
		m, err := db.knownModel(ctx, q.Model)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		near = fmt.Sprintf(`
			select passage_id, row_number() over (order by distance, passage_id) as place from (
				select v.passage_id, v.embedding::halfvec(%[1]d) <=> @vector::halfvec(%[1]d) as distance
				from passage_vectors v join passages p on p.id = v.passage_id
				where v.model_id = %[2]d and %[3]s
				order by distance, v.passage_id
				limit greatest(@limit, %[4]d)) n`, m.Dimensions, m.ID, about, fusionPool)
	}
	rows, err := db.pool.Query(ctx, fmt.Sprintf(`
		with near as (%[1]s),
		named as (
			select id as passage_id, row_number() over (order by rank desc, id) as place from (
				select p.id, ts_rank_cd(p.search, w.q, 32) as rank
				from (select nullif(replace(plainto_tsquery('english', @words)::text, '&', '|'), '')::tsquery as q) w join passages p on p.search @@ w.q
				where %[2]s
				order by rank desc, p.id
				limit greatest(@limit, %[3]d)) w)
		select p.id, p.kind, coalesce(p.skill_id, ''), coalesce(p.role_id, ''), p.title, p.body, sum(1.0 / (%[4]d + b.place))::float8 as score
		from (select * from near union all select * from named) b join passages p on p.id = b.passage_id
		group by p.id
		order by score desc, p.id
		limit @limit`, near, about, fusionPool, fusionK), pgx.NamedArgs{
		"vector": pgvector.NewHalfVector(q.Vector), "words": q.Words, "skills": orEmpty(q.Skills), "role": q.Role, "limit": q.Limit,
	})
	if err != nil {
		return nil, fmt.Errorf("search passages: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (f FoundPassage, err error) {
		return f, row.Scan(&f.ID, &f.Kind, &f.Skill, &f.Role, &f.Title, &f.Body, &f.Score)
	})
}

// PassageFinder finds passages for a person's question. What a person writes is not sent to an endpoint for its vector: where the built-in model
// has none of the passages, words alone find them.
type PassageFinder struct {
	db       *DB
	embedder embeddings.Builtin
}

// PassageFinder finds in this database.
func (db *DB) PassageFinder() *PassageFinder { return &PassageFinder{db: db} }

// FindPassages gives the best passages for a question, the best first.
func (f *PassageFinder) FindPassages(ctx context.Context, question string, skills []string, role string, limit int) ([]catalog.Passage, error) {
	vectors, err := f.embedder.Embed(ctx, []string{question})
	if err != nil {
		return nil, err
	}
	q := PassageQuery{Model: f.embedder.Model(), Vector: vectors[0], Words: question, Skills: skills, Role: role, Limit: limit}
	found, err := f.db.SearchPassages(ctx, q)
	if err == nil && len(found) == 0 {
		q.Vector = nil
		found, err = f.db.SearchPassages(ctx, q)
	}
	if err != nil {
		return nil, err
	}
	out := make([]catalog.Passage, len(found))
	for i, p := range found {
		out[i] = p.Passage
	}
	return out, nil
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
