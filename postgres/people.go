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

	"github.com/gapwise/gapwise/account"
	"github.com/gapwise/gapwise/internal/fault"
)

var (
	_ account.Directory = (*DB)(nil)
	_ account.Estate    = (*DB)(nil)
)

type personRow struct {
	ID        uuid.UUID
	Kind      string
	Name      *string
	CreatedAt time.Time
}

func (r personRow) person() account.Person {
	p := account.Person{ID: r.ID, Kind: account.Kind(r.Kind), CreatedAt: r.CreatedAt}
	if r.Name != nil {
		p.Name = *r.Name
	}
	return p
}

// Add implements account.Directory.
func (db *DB) Add(ctx context.Context, p account.Person, t account.Token) error {
	return pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into people (id, kind, name, created_at) values (@id, @kind, nullif(@name, ''), @at)`,
			pgx.NamedArgs{"id": p.ID, "kind": p.Kind, "name": p.Name, "at": p.CreatedAt})
		if err != nil {
			return fmt.Errorf("insert person: %w", err)
		}
		_, err = tx.Exec(ctx, `insert into tokens (hash, person_id, kind, created_at, expires_at) values (@hash, @person, @kind, @at, @expires)`,
			pgx.NamedArgs{"hash": t.Hash[:], "person": t.Person, "kind": t.Kind, "at": t.CreatedAt, "expires": t.ExpiresAt})
		if err != nil {
			return fmt.Errorf("insert token: %w", err)
		}
		return nil
	})
}

// ByToken implements account.Directory.
func (db *DB) ByToken(ctx context.Context, hash [sha256.Size]byte, now time.Time) (account.Person, error) {
	row, err := one[personRow](ctx, db.pool, fault.New(fault.NotFound, "unknown-token", "This token is not known or has expired."), `
		select p.id, p.kind, p.name, p.created_at
		from tokens t join people p on p.id = t.person_id
		where t.hash = @hash and t.expires_at > @now`, pgx.NamedArgs{"hash": hash[:], "now": now})
	return row.person(), err
}

// LocalPerson implements account.Directory.
func (db *DB) LocalPerson(ctx context.Context, fresh account.Person) (account.Person, error) {
	_, err := db.pool.Exec(ctx, `insert into people (id, kind, created_at) values (@id, 'local', @at) on conflict (kind) where kind = 'local' do nothing`,
		pgx.NamedArgs{"id": fresh.ID, "at": fresh.CreatedAt})
	if err != nil {
		return account.Person{}, fmt.Errorf("insert the local person: %w", err)
	}
	row, err := one[personRow](ctx, db.pool, fault.New(fault.NotFound, "no-local-person", "The local person is gone."),
		`select id, kind, name, created_at from people where kind = 'local'`, pgx.NamedArgs{})
	return row.person(), err
}

// lockPerson holds a person's row to the end of a transaction, so that what is counted of theirs afterwards stays true. The count must be a
// statement of its own: one that had to wait for the lock still sees what was there before it waited.
func lockPerson(ctx context.Context, tx pgx.Tx, person uuid.UUID) error {
	var id uuid.UUID
	err := tx.QueryRow(ctx, `select id from people where id = $1 for no key update`, person).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return fault.New(fault.NotFound, "unknown-person", "This account is gone.")
	}
	if err != nil {
		return fmt.Errorf("lock person: %w", err)
	}
	return nil
}

// Export implements account.Estate. One statement, so that it is one moment in time. json and not jsonb around the files: a jsonb ends at
// 256 MB, which the resumes that a person may keep can pass. Left out are the hashes of tokens, which open nothing, and the vectors, which
// are made of the texts; of kept answers, which can be read with the request alone, it has when they were kept.
func (db *DB) Export(ctx context.Context, person uuid.UUID) (json.RawMessage, error) {
	var doc json.RawMessage
	err := db.pool.QueryRow(ctx, `
		select json_build_object(
			'person', (select to_jsonb(p) from people p where p.id = @person),
			'tokens', (select coalesce(jsonb_agg(to_jsonb(t) - 'person_id' - 'hash' order by t.created_at), '[]')
				from tokens t where t.person_id = @person),
			'resumes', (select coalesce(json_agg(json_build_object(
					'id', r.id, 'file_name', r.file_name, 'media_type', r.media_type, 'created_at', r.created_at,
					'extractor_version', r.extractor_version, 'catalog_version', r.catalog_version,
					'file_base64', encode(r.file, 'base64'), 'document', r.document,
					'skills', (select coalesce(jsonb_agg(to_jsonb(c) - 'person_id' - 'resume_id' - 'position' order by c.position), '[]')
						from resume_claims c where c.resume_id = r.id and c.person_id = @person)) order by r.id), '[]')
				from resumes r where r.person_id = @person),
			'gap_runs', (select coalesce(json_agg(json_build_object(
					'id', g.id, 'resume_id', g.resume_id, 'role', g.role, 'inputs', g.inputs, 'created_at', g.created_at,
					'report', convert_from(g.report, 'UTF8')::json) order by g.id), '[]')
				from gap_runs g where g.person_id = @person),
			'progress', (select coalesce(jsonb_agg(to_jsonb(m) - 'person_id' order by m.role_id, m.milestone_id), '[]')
				from milestone_progress m where m.person_id = @person),
			'mastery', (select coalesce(jsonb_agg(to_jsonb(i) - 'person_id' order by i.skill_id, i.concept), '[]')
				from mastery_items i where i.person_id = @person),
			'role_shapes', (select coalesce(jsonb_agg(to_jsonb(s) - 'person_id' order by s.role_id), '[]')
				from progress_shapes s where s.person_id = @person),
			'plan_orders', (select coalesce(jsonb_agg(to_jsonb(o) - 'person_id' order by o.role_id), '[]')
				from plan_orders o where o.person_id = @person),
			'calendars', (select coalesce(jsonb_agg(jsonb_build_object('resume_id', f.resume_id, 'role_id', f.role_id, 'hours_per_week', f.hours_per_week,
					'weeks_off', f.weeks_off, 'created_at', f.created_at, 'body', convert_from(f.body, 'UTF8')) order by f.resume_id, f.role_id), '[]')
				from calendar_feeds f where f.person_id = @person),
			'saved_matches', (select coalesce(jsonb_agg(to_jsonb(s) - 'person_id' order by s.created_at, s.posting_id), '[]')
				from saved_matches s where s.person_id = @person),
			'hidden_companies', (select coalesce(jsonb_agg(h.company order by h.company), '[]') from hidden_companies h where h.person_id = @person),
			'match_feeds', (select coalesce(jsonb_agg(to_jsonb(f) - 'person_id' - 'token_hash' order by f.resume_id), '[]')
				from match_feeds f where f.person_id = @person),
			'conversations', (select coalesce(jsonb_agg(to_jsonb(v) - 'person_id' || jsonb_build_object('messages',
					(select coalesce(jsonb_agg(to_jsonb(x) - 'person_id' - 'conversation_id' order by x.id), '[]')
						from messages x where x.conversation_id = v.id and x.person_id = @person)) order by v.id), '[]')
				from conversations v where v.person_id = @person),
			'model_calls', (select coalesce(jsonb_agg(to_jsonb(g) - 'person_id' - 'subject' order by g.id), '[]')
				from gateway_calls g where g.person_id = @person),
			'budgets', (select coalesce(jsonb_agg(to_jsonb(b) - 'scope' - 'subject' order by b.window_start), '[]')
				from gateway_budgets b where b.scope in ('person-day', 'person-month') and b.subject = @person::text),
			'account', (select to_jsonb(a) - 'person_id' from gateway_accounts a where a.person_id = @person),
			'minute', (select to_jsonb(m) - 'person_id' from gateway_minutes m where m.person_id = @person),
			'kept_answers', (select coalesce(jsonb_agg(jsonb_build_object('created_at', k.created_at, 'expires_at', k.expires_at) order by k.created_at), '[]')
				from gateway_kept k where k.person_id = @person),
			'transcripts', (select coalesce(jsonb_agg(to_jsonb(t) - 'person_id' order by t.id), '[]') from gateway_transcripts t where t.person_id = @person)
		)`, pgx.NamedArgs{"person": person}).Scan(&doc)
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	return doc, nil
}

// Erase implements account.Estate. The instance's sums keep their amounts and lose the name.
func (db *DB) Erase(ctx context.Context, person uuid.UUID) error {
	return pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		for _, sql := range []string{
			`update gateway_calls set subject = '' where person_id = @person`,
			`delete from gateway_leases where scope in ('person-day', 'person-month') and subject = @person::text`,
			`delete from gateway_budgets where scope in ('person-day', 'person-month') and subject = @person::text`,
			`delete from people where id = @person`,
		} {
			if _, err := tx.Exec(ctx, sql, pgx.NamedArgs{"person": person}); err != nil {
				return fmt.Errorf("erase: %w", err)
			}
		}
		return nil
	})
}
