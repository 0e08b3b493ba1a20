package postgres_test

import (
	"testing"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/gateway/ledgertest"
	"github.com/gapwise/gapwise/internal/pgtest"
)

func TestLedgerConforms(t *testing.T) {
	ledgertest.Conform(t, func(tb testing.TB) gateway.Ledger {
		tb.Helper()
		return pgtest.Open(tb)
	})
}
