package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"
	pgxvec "github.com/pgvector/pgvector-go/pgx"

	"github.com/gapwise/gapwise/internal/proctable"
	"github.com/gapwise/gapwise/migrations"
	"github.com/gapwise/gapwise/postgres"
)

// model is the name under which the vectors are stored.
const model = "bench"

// How rows are loaded.
const (
	loaders = 2      // connections that load at a time
	chunk   = 10_000 // rows of one transaction, at most
	resumes = 200
)

// loaded is what is known of a database from when it was filled. It is kept in the database, for the runs after the one that filled it.
type loaded struct {
	Rows        int     `json:"rows"`
	Load        float64 `json:"load"`               // processes that wanted to run when it began
	Rate        float64 `json:"rows_a_second"`      // into both tables; making the rows is not counted
	TextRate    float64 `json:"with_text_a_second"` // the same with the full-text column in place
	VectorRate  float64 `json:"vectors_a_second"`   // into the table of vectors alone
	CPU         float64 `json:"cpu_us_a_row"`       // of the server; 0 where unknown
	TextCPU     float64 `json:"with_text_cpu_us_a_row"`
	LoadSeconds float64 `json:"load_seconds"` // with the making of the rows
	TextSeconds float64 `json:"text_seconds"` // until the column and indexes that were dropped for the load were there again
	HNSWSeconds float64 `json:"hnsw_seconds"` // all of postgres.DB.BuildIndexes
	HNSWCPU     float64 `json:"hnsw_cpu_seconds"`
	HNSWBytes   int64   `json:"hnsw_bytes"`
	TextBytes   int64   `json:"text_index_bytes"`
	RowsBytes   int64   `json:"postings_bytes"` // with what is stored out of line, without indexes
	VectorBytes int64   `json:"vectors_bytes"`
}

// prepare gives the address of a database of so many rows, which is made unless it is there from another run.
func prepare(ctx context.Context, server string, w *world, rows int, progress io.Writer) (address string, l loaded, err error) {
	name := fmt.Sprintf("bench_%d", rows)
	if address, err = postgres.WithDatabase(server, name); err != nil {
		return "", l, err
	}
	if l, err = earlier(ctx, address); err == nil && l.Rows == rows {
		fmt.Fprintf(progress, "%d rows: kept from another run\n", rows)
		return address, l, nil
	}
	admin, err := pgx.Connect(ctx, server)
	if err != nil {
		return "", l, err
	}
	defer func() { err = errors.Join(err, admin.Close(context.WithoutCancel(ctx))) }()
	for _, sql := range []string{`drop database if exists ` + name + ` with (force)`, `create database ` + name} {
		if _, err := admin.Exec(ctx, sql); err != nil {
			return "", l, err
		}
	}
	if _, err := postgres.Migrate(ctx, address, migrations.Files); err != nil {
		return "", l, err
	}
	l, err = fill(ctx, address, w, rows, progress)
	return address, l, err
}

// earlier is what another run kept.
func earlier(ctx context.Context, address string) (l loaded, err error) {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return l, err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	var raw []byte
	if err := conn.QueryRow(ctx, `select state from bench`).Scan(&raw); err != nil {
		return l, err
	}
	return l, json.Unmarshal(raw, &l)
}

// textShare is the part of the rows, and textMost the number, that are loaded with the full-text column in place, to see what it costs.
const (
	textShare = 10
	textMost  = 5 * chunk
)

// fill loads rows, and makes the indexes that are no constraints afterwards, as one that loads much does. The full-text column is made
// afterwards too, since parsing texts is most of the work: it is as much of an index as what stands over it.
func fill(ctx context.Context, address string, w *world, rows int, progress io.Writer) (l loaded, err error) {
	conn, err := connect(ctx, address)
	if err != nil {
		return l, err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	again, err := dropIndexes(ctx, conn)
	if err != nil {
		return l, err
	}
	var id int
	if err := conn.QueryRow(ctx, `insert into embedding_models (name, dimensions, created_at) values ($1, $2, now()) returning id`, model, dimensions).Scan(&id); err != nil {
		return l, err
	}
	if err := copyResumes(ctx, conn, w, id); err != nil {
		return l, err
	}
	l.Rows, l.Load = rows, proctable.Load()
	start, first := time.Now(), min(rows/textShare, textMost)
	into := copier{address: address, world: w, modelID: id, tell: newTeller(progress, fmt.Sprintf("%d rows: loading", rows), rows)}
	slow, err := into.copy(ctx, 0, first)
	if err != nil {
		return l, err
	}
	column, err := dropText(ctx, conn)
	if err != nil {
		return l, err
	}
	fast, err := into.copy(ctx, first, rows)
	if err != nil {
		return l, err
	}
	l.LoadSeconds = time.Since(start).Seconds()
	l.TextRate, l.TextCPU, l.Rate, l.CPU = slow.rate(), slow.cpuOfRow(), fast.rate(), fast.cpuOfRow()
	l.VectorRate = loaders * float64(fast.rows) / fast.vectors.Seconds()
	fmt.Fprintf(progress, "%d rows: loaded %.0f a second, %.0f with full text\n", rows, l.Rate, l.TextRate)
	if err := l.index(ctx, conn, append([]string{`set maintenance_work_mem = '1GB'`, column}, again...), address, progress); err != nil {
		return l, err
	}
	return l, l.keep(ctx, conn, id)
}

// index makes what was dropped, and the model's indexes as the product makes them.
func (l *loaded) index(ctx context.Context, conn *pgx.Conn, again []string, address string, progress io.Writer) error {
	start := time.Now()
	for _, sql := range again {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	l.TextSeconds = time.Since(start).Seconds()
	fmt.Fprintf(progress, "%d rows: full text and other indexes in %s\n", l.Rows, seconds(l.TextSeconds))
	db, err := postgres.Open(ctx, address)
	if err != nil {
		return err
	}
	defer db.Close()
	start = time.Now()
	if l.HNSWCPU, err = building(ctx, conn, func() error { return db.BuildIndexes(ctx, model) }); err != nil {
		return err
	}
	l.HNSWSeconds = time.Since(start).Seconds()
	fmt.Fprintf(progress, "%d rows: HNSW in %s, %s of CPU\n", l.Rows, seconds(l.HNSWSeconds), seconds(l.HNSWCPU))
	_, err = conn.Exec(ctx, `vacuum (analyze)`)
	return err
}

// building runs the making of indexes, and watches how much CPU the server's process uses for it: the last that was seen, in seconds.
func building(ctx context.Context, conn *pgx.Conn, build func() error) (cpu float64, err error) {
	done := make(chan error, 1)
	go func() { done <- build() }()
	for {
		select {
		case err := <-done:
			return cpu, err
		case <-time.After(time.Second):
		}
		var pid int
		err := conn.QueryRow(ctx, `select coalesce(max(pid), 0) from pg_stat_progress_create_index`).Scan(&pid)
		if err != nil {
			return cpu, errors.Join(err, <-done)
		}
		if p, ok := proctable.Of(pid); ok && p.Own > 0 {
			cpu = p.Own.Seconds()
		}
	}
}

// keep measures what was built and keeps it all for the next run.
func (l *loaded) keep(ctx context.Context, conn *pgx.Conn, id int) error {
	err := conn.QueryRow(ctx, `select pg_relation_size($1::text::regclass), pg_relation_size('postings_search'), pg_table_size('postings'), pg_table_size('posting_vectors')`,
		fmt.Sprintf("posting_vectors_hnsw_%d", id)).Scan(&l.HNSWBytes, &l.TextBytes, &l.RowsBytes, &l.VectorBytes)
	if err != nil {
		return err
	}
	state, err := json.Marshal(l)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `create table bench (state jsonb)`)
	if err == nil {
		_, err = conn.Exec(ctx, `insert into bench values ($1)`, state)
	}
	return err
}

func connect(ctx context.Context, address string) (*pgx.Conn, error) {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return nil, err
	}
	if err := pgxvec.RegisterTypes(ctx, conn); err != nil {
		return nil, errors.Join(err, conn.Close(ctx))
	}
	return conn, nil
}

// dropIndexes drops the indexes of the tables that are loaded which are no constraints, and gives what makes them again.
func dropIndexes(ctx context.Context, conn *pgx.Conn) ([]string, error) {
	rows, err := conn.Query(ctx, `
		select c.relname, pg_get_indexdef(c.oid) from pg_index i join pg_class c on c.oid = i.indexrelid
		where i.indrelid in ('postings'::regclass, 'posting_vectors'::regclass) and not i.indisunique order by 1`)
	if err != nil {
		return nil, err
	}
	var again, drop []string
	var name, definition string
	_, err = pgx.ForEachRow(rows, []any{&name, &definition}, func() error {
		again, drop = append(again, definition), append(drop, `drop index `+pgx.Identifier{name}.Sanitize())
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, sql := range drop {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return nil, err
		}
	}
	return again, nil
}

// dropText drops the full-text column and gives what makes it again.
func dropText(ctx context.Context, conn *pgx.Conn) (again string, err error) {
	err = conn.QueryRow(ctx, `
		select format('alter table postings add column search tsvector generated always as (%s) stored', pg_get_expr(d.adbin, d.adrelid))
		from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
		where d.adrelid = 'postings'::regclass and a.attname = 'search'`).Scan(&again)
	if err == nil {
		_, err = conn.Exec(ctx, `alter table postings drop column search`)
	}
	return again, err
}
