package ledgertest_test

import (
	"testing"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/gateway/ledgertest"
)

func TestMemoryConforms(t *testing.T) {
	ledgertest.Conform(t, func(testing.TB) gateway.Ledger { return ledgertest.NewMemory() })
}
