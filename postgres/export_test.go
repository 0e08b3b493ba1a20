package postgres

import "context"

// NearestPostingsSQL is the statement of vector search under a model; its arguments are named in it.
func (db *DB) NearestPostingsSQL(ctx context.Context, name string) (string, error) {
	m, err := db.knownModel(ctx, name)
	return nearestPostings(m), err
}

// SearchSettings are those of every connection.
func SearchSettings() string { return searchSettings }
