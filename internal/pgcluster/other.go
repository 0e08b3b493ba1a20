//go:build !unix

package pgcluster

import (
	"context"

	"github.com/gapwise/gapwise/internal/fault"
)

// Cluster is a running private cluster; there is none on this system.
type Cluster struct{}

// Start fails: sharing and guarding the server rests on Unix sockets, file locks and permissions.
func Start(context.Context, Options) (*Cluster, error) {
	return nil, fault.New(fault.Unavailable, "postgres-unsupported",
		"Gapwise cannot run a database of its own on this system. Set DATABASE_URL to a PostgreSQL 15 or later that has pgvector.")
}

// URL is empty.
func (*Cluster) URL() string { return "" }

// Close does nothing.
func (*Cluster) Close() error { return nil }
