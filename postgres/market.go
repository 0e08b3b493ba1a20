package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/posting"
)

var _ gapanalysis.MarketPostings = (*DB)(nil)

// MarketPostings implements gapanalysis.MarketPostings.
func (db *DB) MarketPostings(ctx context.Context, limit int) ([]gapanalysis.MarketPosting, error) {
	rows, err := db.pool.Query(ctx, `
		select title, posted_on, source, asked from postings where live order by posted_on desc nulls last, id desc limit $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("read the market: %w", err)
	}
	out := []gapanalysis.MarketPosting{}
	var title, source, asked string
	var posted *time.Time
	_, err = pgx.ForEachRow(rows, []any{&title, &posted, &source, &asked}, func() error {
		p := gapanalysis.MarketPosting{Title: title, Sample: source == posting.SampleSource, Asks: AskedOf(asked)}
		if posted != nil {
			p.PostedOn = *posted
		}
		out = append(out, p)
		return nil
	})
	return out, err
}
