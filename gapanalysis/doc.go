// Package gapanalysis compares what a person can show with what a role or a posting asks for: readiness, gaps, hours, order; and ranks
// roles and postings by it. It is deterministic; docs/readiness.md explains every figure.
package gapanalysis
