// Package filetext reads the text of files that need a parser, with its layout, in child processes.
//
// A file can hang a parser, make it take all memory or overflow its stack, and none of that can be recovered from inside a Go process. So
// the binary starts itself again with a hidden first argument, hands the child the bytes and takes pages back; whatever happens to
// the child is one file's outcome. The child has no environment, no files beyond the cache, a memory limit and a time limit, and dies with its
// process group.
//
// A few children are kept warm and read one file after another, because starting PDFium takes four times as long as reading an
// ordinary resume. Nothing of one person's file reaches another's answer: the only state that outlives a file is compiled code. PDFium, the
// one parser that is not memory-safe, is a WebAssembly sandbox, and each document gets an instance of its own in memory that was made
// zero; the other parsers are plain Go without globals of their own that hold what was read. An answer carries the number of the request that
// it is for. A child in which anything fell over or did not end answers and then ends, as does one that has read many files or
// still holds much memory after one, and another takes its place.
//
// Compiling PDFium, once for each cache directory and version, takes 2 to 4 s on two cores; the first reading of a process goes alone until
// its child is ready, and a lock in the cache directory keeps other processes from compiling beside it.
//
// engine.go says which engines read which format, score.go when a second one is asked and whose text wins, frame.go how pool and child talk.
package filetext

import (
	"cmp"
	"context"
	"time"

	"github.com/gapwise/gapwise/internal/pagetext"
)

// Options say how to read. The zero value of each field stands for its default.
type Options struct {
	CacheDir  string        // where the compiled PDFium is kept; "" compiles it anew for every child
	Command   []string      // what to start instead of this executable; the child's arguments are appended
	Children  int           // at most so many at a time (2)
	Idle      time.Duration // after which a child that nothing was asked of ends (5 min)
	Queue     int           // readings that may wait for a child (16); one more is Busy
	QueueWait time.Duration // how long they wait (20 s), after which they are Busy
	Limit     time.Duration // for reading one document with all engines, from when a child is ready (8 s)
	Start     time.Duration // for a child to be ready, which may have to compile PDFium (60 s)
	Memory    uint64        // bytes that a child may have (700 MiB)
	Keep      time.Duration // how long the text of a file is kept for the same bytes to come again (2 min: who deletes a resume expects it gone); under 0 not at all
}

// Extractor reads files. It is safe for concurrent use.
type Extractor struct {
	opts  Options
	pool  *pool
	shelf *shelf
}

// New makes an Extractor. It starts nothing.
func New(opts Options) *Extractor {
	opts.Children = cmp.Or(opts.Children, 2)
	opts.Idle = cmp.Or(opts.Idle, 5*time.Minute)
	opts.Queue = cmp.Or(opts.Queue, 16)
	opts.QueueWait = cmp.Or(opts.QueueWait, 20*time.Second)
	opts.Limit = cmp.Or(opts.Limit, 8*time.Second)
	opts.Start = cmp.Or(opts.Start, time.Minute)
	opts.Memory = cmp.Or(opts.Memory, 700<<20)
	opts.Keep = cmp.Or(opts.Keep, 2*time.Minute)
	return &Extractor{opts: opts, pool: newPool(opts), shelf: newShelf(opts.Keep)}
}

// Extract reads the text of a file of a format. Where it fails, [pagetext.ReasonOf] of the error says why. The document is the caller's own.
//
// The same bytes with the same limits are read once, while the answer is kept or when they come twice at the same time. A caller that
// goes away does not take the reading from the others.
func (e *Extractor) Extract(ctx context.Context, format pagetext.Format, data []byte, limits pagetext.Limits) (pagetext.Document, error) {
	return e.shelf.get(ctx, keyOf(format, data, limits), func(ctx context.Context) (pagetext.Document, error) {
		return e.pool.read(ctx, format, data, limits)
	})
}

// Warm starts a child, and compiles PDFium to the cache where it is not there yet, so that the first person does not wait for it.
func (e *Extractor) Warm(ctx context.Context) error { return e.pool.warmUp(ctx) }

// Close ends the children, each when it has read what it is reading. Without it they end with this process.
func (e *Extractor) Close() { e.pool.close() }
