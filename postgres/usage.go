package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/gapwise/gapwise/gateway"
)

// usageKeys are what usage can be broken down by.
var usageKeys = map[string]string{
	"model": "model", "purpose": "purpose", "person": "coalesce(person_id::text, '')", "group": "group_name", "day": "day::text", "provider": "provider", "outcome": "outcome",
	"prompt": "prompt_version", "cache": "cache",
}

// UsageBy breaks down what was settled from a time on, the dearest first. It is an error to ask for another key than those of usageKeys.
func (db *DB) UsageBy(ctx context.Context, by string, since time.Time) ([]gateway.Spending, error) {
	key, ok := usageKeys[by]
	if !ok {
		return nil, fmt.Errorf("usage by %q: there is no such breakdown", by)
	}
	// key is one of the constants above.
	rows, err := all[gateway.Spending](ctx, db.pool, `
		select `+key+` as key, count(*) as calls, sum(cost_nano)::bigint as cost, coalesce(sum(prompt_tokens), 0)::bigint as prompt,
			coalesce(sum(completion_tokens), 0)::bigint as completion, coalesce(sum(cached_tokens), 0)::bigint as cached, coalesce(sum(reasoning_tokens), 0)::bigint as reasoning,
			count(*) filter (where cache <> '') as hits, count(*) filter (where estimated) as estimated,
			coalesce(percentile_cont(0.5) within group (order by latency_us) filter (where latency_us > 0) / 1000.0, 0) as latency_ms
		from gateway_calls where state = 'settled' and created_at >= @since
		group by 1 order by cost desc, calls desc, key`, pgx.NamedArgs{"since": since})
	if err != nil {
		return nil, fmt.Errorf("usage: %w", err)
	}
	return rows, nil
}
