package postgres_test

import (
	"os"
	"testing"

	"github.com/gapwise/gapwise/internal/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }
