package postgres_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/gapwise/gapwise/internal/pgtest"
)

// TestMain lets this test binary be the process that an import is killed in.
func TestMain(m *testing.M) {
	if url := os.Getenv(childURL); url != "" {
		if err := importChild(context.Background(), url, os.Getenv(childFile)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(pgtest.Main(m))
}
