// Package pgcluster runs a private PostgreSQL cluster in the application's data directory, for people who have no database
// server of their own. The server's programs are the system's; the data, the settings and the processes are Gapwise's.
//
// # Who may connect
//
// The server listens on a Unix socket only, never on TCP. Whoever reaches the socket is let in without a password: the socket
// lies in a directory of mode 0700 that belongs to the user the server runs as, and the socket itself has mode 0700, so the
// kernel turns every other local user away before PostgreSQL is asked. A password in a file would be guarded by the very same
// permissions. PostgreSQL refuses to run as root, so when root starts it the server runs as the owner of the data directory
// or, if that is root too, as the user "postgres" or "nobody"; root connects all the same.
//
// # Who starts and who stops
//
// Processes with the same data directory share one server. Each holds a shared lock on "users.lock" for as long as it uses the
// server; starting and stopping happen under an exclusive lock on "start.lock". The process that leaves last stops the
// server. Locks are flock(2) locks, which the kernel drops with the process: after a kill -9 the next Start finds the server
// still running, adopts it, and stops it when the last one leaves.
//
// # What lies where
//
//	DataDir/postgres/data         the cluster; it appears by a rename, complete or not at all
//	DataDir/postgres/run          the socket (elsewhere if the path is too long for a socket address)
//	DataDir/postgres/server.log   the server's messages
//	DataDir/postgres/*.lock       the two locks
package pgcluster

import (
	"log/slog"
)

// Database and Role are the names of the database that Start provides and of its superuser.
const (
	Database = "gapwise"
	Role     = "gapwise"
)

// Options say where the cluster lies and how it runs.
type Options struct {
	// DataDir is the application's data directory. It is made if it is not there.
	DataDir string
	// Log receives progress; nil discards it.
	Log *slog.Logger
	// FastUnsafe gives up durability for speed: a crash of the machine loses the database. It is for tests. It has no effect
	// on a server that is running already.
	FastUnsafe bool
}

func (o Options) log() *slog.Logger {
	if o.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return o.Log
}
