package postgres_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/gateway/ledgertest"
	"github.com/gapwise/gapwise/internal/pgtest"
	"github.com/gapwise/gapwise/postgres"
)

func TestLedgerConforms(t *testing.T) {
	ledgertest.Conform(t, func(tb testing.TB) gateway.Ledger {
		tb.Helper()
		return pgtest.Open(tb)
	})
}

func TestLeasesConform(t *testing.T) {
	ledgertest.Conform(t, func(tb testing.TB) gateway.Ledger {
		tb.Helper()
		return newLeases(tb, pgtest.Open(tb), tb.TempDir())
	})
}

// newLeases is a replica's ledger over a database, closed with the test.
func newLeases(tb testing.TB, db *postgres.DB, journal string) *gateway.Leases {
	tb.Helper()
	l := gateway.NewLeases(gateway.LeaseOptions{Slices: db, Journal: journal, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	tb.Cleanup(func() {
		if err := l.Close(); err != nil {
			tb.Errorf("close the ledger: %v", err)
		}
	})
	return l
}
