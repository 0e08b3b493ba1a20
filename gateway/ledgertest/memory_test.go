package ledgertest_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/gateway/ledgertest"
)

func TestMemoryConforms(t *testing.T) {
	ledgertest.Conform(t, func(testing.TB) gateway.Ledger { return ledgertest.NewMemory() })
}

func TestOwnMinutesConform(t *testing.T) {
	ledgertest.ConformMinutes(t, func(testing.TB) (m ledgertest.Passing, person func() uuid.UUID) {
		return ledgertest.NewOwnMinutes(time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)), uuid.New
	})
}
