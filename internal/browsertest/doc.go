// Package browsertest drives a real browser over the pages of a real gapwise. Its tests have the build tag browser; `make test-browser` runs
// them, and docs/pages.md says how a page joins.
package browsertest
