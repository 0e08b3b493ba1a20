package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pgvector/pgvector-go"
)

// vectorTables are the tables that are searched as a whole and get an HNSW index for every model. The vectors of a role's skills and of a
// resume's are only ever read for one owner, some dozens of rows that the primary key finds: an index would never be scanned, and its
// upkeep was most of what storing a resume cost.
var vectorTables = []string{"skill_vectors", "role_vectors", "resume_vectors", "posting_vectors"}

// Parameters of the HNSW indexes (Malkov and Yashunin, "Efficient and robust approximate nearest neighbor search using Hierarchical Navigable
// Small World graphs", 2018). `make bench-vectors` measures what they give; docs/vectors.md has the figures.
const (
	// indexNeighbours is m, the neighbours of a node on each layer. More is a larger index and a slower build for recall that ef_search
	// gives more cheaply at 256 dimensions.
	indexNeighbours = 16
	// indexBuildView is ef_construction, how many candidates are looked at to place a row.
	indexBuildView = 64
	// indexMemory bounds, in kilobytes, what the graph may take while it is built; one that does not fit is built an order of magnitude more
	// slowly. A million vectors of 256 halves take 1.3 GB. It is a quarter of what the server says that it may cache, if that is less.
	indexMemory = 1500 << 10
	// searchView is hnsw.ef_search, how many rows a scan keeps in view. At a million postings 100 finds .981 of the nearest twenty where 200 finds
	// .990 for half as much time again; a scan that needs more rows than it views goes on.
	searchView = 100
	// searchMost is hnsw.max_scan_tuples, after how many rows an iterative scan stops that its filter lets too few of through. 1 % of 40,000
	// rows fill a page of 300.
	searchMost = 40_000
)

// searchSettings hold for every connection. A scan goes on until the filter has let enough rows through: without it a filter that passes 1 %
// would leave 2 of 200. The order is relaxed, and the statements read half as many rows again and put them in order: strict order
// drops what a later round of the scan finds nearer, which cost .08 of recall under a filter that passes 1 %.
var searchSettings = fmt.Sprintf(`
	set hnsw.ef_search = %d;
	set hnsw.iterative_scan = relaxed_order;
	set hnsw.max_scan_tuples = %d`, searchView, searchMost)

// indexName is the name of a model's index over a table.
func (m model) indexName(table string) string { return fmt.Sprintf("%s_hnsw_%d", table, m.ID) }

// createIndex is the statement that makes it. Partial, since a table holds the vectors of several models, and over a cast, since their lengths
// differ; by cosine, as every vector is of unit length and compared by its angle.
func (m model) createIndex(table, how string) string {
	return fmt.Sprintf(`create index %s if not exists %s on %s using hnsw ((embedding::halfvec(%d)) halfvec_cosine_ops) with (m = %d, ef_construction = %d) where model_id = %d`,
		how, m.indexName(table), table, m.Dimensions, indexNeighbours, indexBuildView, m.ID)
}

// unbounded is a connection of its own for work that takes longer than a request may.
func (db *DB) unbounded(ctx context.Context, work func(*pgx.Conn) error) (err error) {
	conn, err := pgx.ConnectConfig(ctx, db.pool.Config().ConnConfig)
	if err != nil {
		return unreachable(err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	if _, err := conn.Exec(ctx, `set statement_timeout = 0`); err != nil {
		return fmt.Errorf("take the time that is needed: %w", err)
	}
	return work(conn)
}

// changeLock is held while indexes are made or dropped; the number has no meaning.
const changeLock = 7_402_113_559

// changePause is how long is waited between two tries for it.
const changePause = 50 * time.Millisecond

// changingIndexes is unbounded for work that makes or drops indexes, one process at a time: the server goes on with a statement of a process
// that was killed, and two that change one index at once fail. The lock is tried for and not waited for in the server, since a statement that
// waits there holds a snapshot, which making an index concurrently waits for in turn.
func (db *DB) changingIndexes(ctx context.Context, work func(*pgx.Conn) error) error {
	return db.unbounded(ctx, func(conn *pgx.Conn) error {
		for held := false; !held; {
			if err := conn.QueryRow(ctx, `select pg_try_advisory_lock($1)`, int64(changeLock)).Scan(&held); err != nil {
				return fmt.Errorf("lock the indexes: %w", err)
			}
			if held {
				break
			}
			timer := time.NewTimer(changePause)
			select {
			case <-timer.C:
			case <-ctx.Done():
				timer.Stop()
				return ctx.Err()
			}
		}
		return work(conn) // closing the connection gives the lock back
	})
}

// BuildIndexes implements gapanalysis.Models. A build that was killed leaves an index that is not valid, which is made anew.
func (db *DB) BuildIndexes(ctx context.Context, name string) error {
	m, err := db.model(ctx, db.pool, name)
	if err != nil {
		return fmt.Errorf("look for model %s: %w", name, err)
	}
	return db.changingIndexes(ctx, func(conn *pgx.Conn) error {
		if _, err := conn.Exec(ctx, `
			select set_config('maintenance_work_mem', greatest(current.kb, least($1, cache.kb / 4))::text || 'kB', false)
			from (select setting::int8 as kb from pg_settings where name = 'maintenance_work_mem') current,
				(select setting::int8 * 8 as kb from pg_settings where name = 'effective_cache_size') cache`, int64(indexMemory)); err != nil {
			return fmt.Errorf("take memory for the index: %w", err)
		}
		for _, table := range vectorTables {
			var invalid bool
			err := conn.QueryRow(ctx, `
				select exists (select from pg_index i join pg_class c on c.oid = i.indexrelid where c.relname = $1 and not i.indisvalid)`, m.indexName(table)).Scan(&invalid)
			if err != nil {
				return fmt.Errorf("look at the index of %s: %w", table, err)
			}
			if invalid {
				if _, err := conn.Exec(ctx, `drop index concurrently if exists `+m.indexName(table)); err != nil {
					return fmt.Errorf("drop what a killed build left of %s: %w", table, err)
				}
			}
			if _, err := conn.Exec(ctx, m.createIndex(table, "concurrently")); err != nil {
				return fmt.Errorf("index %s: %w", table, err)
			}
			if _, err := conn.Exec(ctx, `analyze `+table); err != nil { // the planner's own estimates choose between index and exact search
				return fmt.Errorf("analyse %s: %w", table, err)
			}
		}
		return nil
	})
}

// MeasureRecall implements gapanalysis.Models. The queries are postings' own vectors, spread evenly over the table.
func (db *DB) MeasureRecall(ctx context.Context, name string, queries, depth int) (recall float64, measured int, err error) {
	m, err := db.model(ctx, db.pool, name)
	if err != nil {
		return 0, 0, fmt.Errorf("look for model %s: %w", name, err)
	}
	err = db.unbounded(ctx, func(conn *pgx.Conn) error {
		if _, err := conn.Exec(ctx, searchSettings); err != nil {
			return fmt.Errorf("set up the search: %w", err)
		}
		// By their ids first, so that not every vector is carried through the window. A query finds itself, which is not counted.
		depth++
		rows, err := conn.Query(ctx, fmt.Sprintf(`
			select v.embedding from (
				select posting_id, row_number() over (order by posting_id) as n, count(*) over () as total from posting_vectors where model_id = %[1]d) k
			join posting_vectors v on v.model_id = %[1]d and v.posting_id = k.posting_id
			where k.total > $2 and (k.n - 1) %% greatest(1, k.total / $1) = 0 order by k.n limit $1`, m.ID), queries, depth)
		if err != nil {
			return fmt.Errorf("draw queries: %w", err)
		}
		sample, err := pgx.CollectRows(rows, pgx.RowTo[pgvector.HalfVector])
		if err != nil {
			return fmt.Errorf("draw queries: %w", err)
		}
		nearest := func(v pgvector.HalfVector, path string) ([]float64, error) {
			var distances []float64
			err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
				if _, err := tx.Exec(ctx, `set local `+path+` = off`); err != nil {
					return err
				}
				distance := fmt.Sprintf(`embedding::halfvec(%d) <=> $1::halfvec(%d)`, m.Dimensions, m.Dimensions)
				rows, err := tx.Query(ctx, fmt.Sprintf(`
					with near as materialized (select %[1]s as distance from posting_vectors where model_id = %[2]d order by %[1]s limit $2 + $2 / 2)
					select round(distance::numeric, 5)::float8 from near order by distance limit $2`, distance, m.ID), v, depth)
				if err != nil {
					return err
				}
				distances, err = pgx.CollectRows(rows, pgx.RowTo[float64])
				return err
			})
			return distances, err
		}
		for _, v := range sample {
			exact, err := nearest(v, "enable_indexscan")
			if err != nil {
				return fmt.Errorf("search exactly: %w", err)
			}
			found, err := nearest(v, "enable_seqscan")
			if err != nil {
				return fmt.Errorf("search by the index: %w", err)
			}
			recall += recallOf(exact[1:], found[min(1, len(found)):])
		}
		measured = len(sample)
		return nil
	})
	if err != nil || measured == 0 {
		return 0, 0, err
	}
	return recall / float64(measured), measured, nil
}

// recallOf is the share of exact that found has as well, by distance: of rows equally far one is as good as the other.
func recallOf(exact, found []float64) float64 {
	if len(exact) == 0 {
		return 1
	}
	hits, j := 0, 0
	for _, d := range exact { // both ascend
		for j < len(found) && found[j] < d {
			j++
		}
		if j < len(found) && found[j] == d {
			hits++
			j++
		}
	}
	return float64(hits) / float64(len(exact))
}

// DropModels implements gapanalysis.Models. Rows go in pieces, so that no transaction holds much.
func (db *DB) DropModels(ctx context.Context, keep string) error {
	const piece = 20_000
	rows, err := db.pool.Query(ctx, `select id, dimensions, catalog_hash, near_threshold from embedding_models where name <> $1 and not active`, keep)
	if err != nil {
		return fmt.Errorf("list models: %w", err)
	}
	models, err := pgx.CollectRows(rows, pgx.RowToStructByName[model])
	if err != nil {
		return fmt.Errorf("list models: %w", err)
	}
	return db.changingIndexes(ctx, func(conn *pgx.Conn) error {
		for _, m := range models {
			for _, table := range vectorTables {
				if _, err := conn.Exec(ctx, `drop index concurrently if exists `+m.indexName(table)); err != nil {
					return fmt.Errorf("drop the index of %s: %w", table, err)
				}
			}
			for _, table := range append([]string{"role_skill_vectors", "resume_skill_vectors", "passage_vectors"}, vectorTables...) {
				for {
					tag, err := conn.Exec(ctx, `delete from `+table+` where ctid = any(array(select ctid from `+table+` where model_id = $1 limit $2))`, m.ID, piece)
					if err != nil {
						return fmt.Errorf("empty %s: %w", table, err)
					}
					if tag.RowsAffected() == 0 {
						break
					}
				}
			}
			if _, err := conn.Exec(ctx, `delete from embedding_models where id = $1 and not active`, m.ID); err != nil {
				return fmt.Errorf("drop the model: %w", err)
			}
		}
		return nil
	})
}
