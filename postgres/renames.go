package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/gapwise/gapwise/catalog"
)

// renameSQL moves what people keep under an id of an earlier catalogue to the id of today. Where both are there, a person's own word stands
// above what was read, and the later one above the earlier. Vectors are left to the index, which is made anew for a new catalogue.
var renameSQL = map[catalog.RenamedKind][]string{
	catalog.RenamedSkill: {
		`delete from resume_claims r using resume_claims old
			where r.resume_id = old.resume_id and r.skill_id = @to and old.skill_id = @from and r.status = 'read' and old.status <> 'read'`,
		`delete from resume_claims old using resume_claims r
			where r.resume_id = old.resume_id and r.skill_id = @to and old.skill_id = @from`,
		`delete from resume_skill_vectors where skill_id = @from`,
		`update resume_claims set skill_id = @to where skill_id = @from`,
		`delete from mastery_items i using mastery_items j
			where i.person_id = j.person_id and i.skill_id in (@from, @to) and j.skill_id in (@from, @to) and i.skill_id <> j.skill_id
			and replace(i.concept, 'skill/' || @from || '/', 'skill/' || @to || '/') = replace(j.concept, 'skill/' || @from || '/', 'skill/' || @to || '/')
			and (i.reviewed_at, i.skill_id) < (j.reviewed_at, j.skill_id)`,
		`update mastery_items set skill_id = @to, concept = replace(concept, 'skill/' || @from || '/', 'skill/' || @to || '/'), version = version + 1
			where skill_id = @from`,
		`update conversations set skill_id = @to where skill_id = @from`,
	},
	catalog.RenamedRole: {
		`delete from milestone_progress p using milestone_progress q
			where p.person_id = q.person_id and p.milestone_id = q.milestone_id and p.role_id in (@from, @to) and q.role_id in (@from, @to)
			and p.role_id <> q.role_id and (p.updated_at, p.role_id) < (q.updated_at, q.role_id)`,
		`update milestone_progress set role_id = @to where role_id = @from`,
		`update conversations set role_id = @to where role_id = @from`,
		`delete from progress_shapes s using progress_shapes t
			where s.person_id = t.person_id and s.role_id in (@from, @to) and t.role_id in (@from, @to)
			and s.role_id <> t.role_id and (s.seen_at, s.role_id) < (t.seen_at, t.role_id)`,
		`update progress_shapes set role_id = @to where role_id = @from`,
		`delete from plan_orders o using plan_orders p
			where o.role_id = @from and p.role_id = @to and p.person_id = o.person_id`,
		`update plan_orders set role_id = @to where role_id = @from`,
		`delete from calendar_feeds f using calendar_feeds g
			where f.person_id = g.person_id and f.resume_id = g.resume_id and f.role_id in (@from, @to) and g.role_id in (@from, @to)
			and f.role_id <> g.role_id and (f.created_at, f.role_id) < (g.created_at, g.role_id)`,
		`update calendar_feeds set role_id = @to where role_id = @from`,
	},
	catalog.RenamedMilestone: {
		`delete from milestone_progress p using milestone_progress q
			where p.person_id = q.person_id and p.role_id = @role and q.role_id = @role and p.milestone_id in (@from, @to) and q.milestone_id in (@from, @to)
			and p.milestone_id <> q.milestone_id and (p.updated_at, p.milestone_id) < (q.updated_at, q.milestone_id)`,
		`update milestone_progress set milestone_id = @to where role_id = @role and milestone_id = @from`,
		`update conversations set milestone_id = @to where role_id = @role and milestone_id = @from`,
	},
}

// FollowRenames moves what people keep to the ids of today's catalogue, all of it or nothing, and tells how many rows it moved.
func (db *DB) FollowRenames(ctx context.Context, renames []catalog.Renamed) (moved int64, err error) {
	err = pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		for _, r := range renames {
			for _, sql := range renameSQL[r.Kind] {
				tag, err := tx.Exec(ctx, sql, pgx.NamedArgs{"from": r.From, "to": r.To, "role": r.Role})
				if err != nil {
					return fmt.Errorf("follow the renaming of %s %s: %w", r.Kind, r.From, err)
				}
				if tag.Update() {
					moved += tag.RowsAffected()
				}
			}
		}
		return nil
	})
	return moved, err
}
