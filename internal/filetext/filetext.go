// Package filetext reads the text of a PDF, with its layout, in a child process.
//
// A PDF can hang a parser, make it take all memory or overflow its stack, and none of that can be recovered from inside a Go process. So
// the binary starts itself again with a hidden first argument, hands the child the bytes and takes pages back; whatever happens to
// the child is one file's outcome. The child has no environment, no files beyond the cache, a memory limit and a time limit, and dies with its
// process group.
//
// A fresh child serves each document: nothing of one person's file can reach another's. Loading PDFium from the compilation cache
// and starting it takes 0.1 s of the 0.12 s that an ordinary resume takes, too little to keep children warm for. Compiling it, once
// for each cache directory and version, takes 2 to 4 s on two cores; the first reading of a process goes alone until its child is ready,
// and a lock in the cache directory keeps other processes from compiling beside it.
//
// Engines: PDFium in WebAssembly first, github.com/ledongthuc/pdf where PDFium cannot open the file.
package filetext

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gapwise/gapwise/internal/pagetext"
)

// Options say how to read. The zero value of each field stands for its default.
type Options struct {
	CacheDir  string        // where the compiled PDFium is kept; "" compiles it anew for every document
	Command   []string      // what to start instead of this executable; the child's arguments are appended
	Children  int           // at most so many at a time (2)
	Queue     int           // readings that may wait for a child (16); one more is Busy
	QueueWait time.Duration // how long they wait (20 s), after which they are Busy
	Limit     time.Duration // for reading one document with all engines, from when PDFium is ready (8 s)
	Start     time.Duration // for a child to be ready, which may have to compile PDFium (60 s)
	Memory    uint64        // bytes that a child may have (700 MiB)
}

// Extractor reads PDFs. It is safe for concurrent use.
type Extractor struct {
	opts    Options
	slots   chan struct{}
	waiting chan struct{}
	first   chan struct{} // held by the first reading until its child is ready
	warm    atomic.Bool   // a child of this process has been ready
}

// New makes an Extractor. It starts nothing.
func New(opts Options) *Extractor {
	opts.Children = cmp.Or(opts.Children, 2)
	opts.Queue = cmp.Or(opts.Queue, 16)
	opts.QueueWait = cmp.Or(opts.QueueWait, 20*time.Second)
	opts.Limit = cmp.Or(opts.Limit, 8*time.Second)
	opts.Start = cmp.Or(opts.Start, time.Minute)
	opts.Memory = cmp.Or(opts.Memory, 700<<20)
	return &Extractor{
		opts:    opts,
		slots:   make(chan struct{}, opts.Children),
		waiting: make(chan struct{}, opts.Queue),
		first:   make(chan struct{}, 1),
	}
}

// fallbackLimit bounds the second engine: what it can read it reads at once, and the rest it hangs on.
const fallbackLimit = 2 * time.Second

// Extract reads the text of a file of a format. Where it fails, [pagetext.ReasonOf] of the error says why.
func (e *Extractor) Extract(ctx context.Context, format pagetext.Format, data []byte, limits pagetext.Limits) (pagetext.Document, error) {
	release, err := e.acquire(ctx)
	if err != nil {
		return pagetext.Document{}, err
	}
	defer release()
	if format != pagetext.PDF {
		return e.run(ctx, string(format), e.opts.Limit, data, limits, func() {})
	}

	ready, err := e.gate(ctx)
	if err != nil {
		return pagetext.Document{}, err
	}
	defer ready(false)
	end := time.Now().Add(e.opts.Limit)
	doc, err := e.run(ctx, enginePDFium, e.opts.Limit, data, limits, func() {
		end = time.Now().Add(e.opts.Limit)
		ready(true)
	})
	if !worthSecond(&doc, err) {
		return doc, err
	}
	second, secondErr := e.run(ctx, engineLedongthuc, min(time.Until(end), fallbackLimit), data, limits, func() {})
	switch {
	case secondErr == nil && second.Words() > 0, pagetext.ReasonOf(secondErr) == pagetext.Password:
		return second, secondErr
	case doc.Words() > 0:
		return lost(doc), nil
	case err == nil:
		err = pagetext.Broken
	}
	return pagetext.Document{}, err
}

// Warm compiles PDFium to the cache, where it is not there yet, so that the first person does not wait for it.
func (e *Extractor) Warm(ctx context.Context) error {
	ready, err := e.gate(ctx)
	if err != nil {
		return err
	}
	defer ready(false)
	_, err = e.run(ctx, engineNone, e.opts.Start, nil, pagetext.Limits{}, func() { ready(true) })
	return err
}

// worthSecond is true where PDFium could not open the file or not read a single page of it.
func worthSecond(doc *pagetext.Document, err error) bool {
	if err == nil {
		for i := range doc.Pages {
			if !doc.Pages[i].Lost {
				return false
			}
		}
		return true
	}
	return pagetext.ReasonOf(err) == pagetext.Broken
}

// lost marks that a document ends before its end: the reader fell over the next page.
func lost(doc pagetext.Document) pagetext.Document {
	doc.Pages = append(doc.Pages, pagetext.Page{Lost: true})
	return doc
}

// acquire takes a child's slot, or a place in the queue for one.
func (e *Extractor) acquire(ctx context.Context) (release func(), err error) {
	release = func() { <-e.slots }
	select {
	case e.slots <- struct{}{}:
		return release, nil
	default:
	}
	select {
	case e.waiting <- struct{}{}:
		defer func() { <-e.waiting }()
	default:
		return nil, pagetext.Busy
	}
	timer := time.NewTimer(e.opts.QueueWait)
	defer timer.Stop()
	select {
	case e.slots <- struct{}{}:
		return release, nil
	case <-timer.C:
		return nil, pagetext.Busy
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// gate lets one reading through until a child of this process has been ready once. The function it gives says whether it was, and may be
// called more than once.
func (e *Extractor) gate(ctx context.Context) (ready func(ok bool), err error) {
	if e.warm.Load() {
		return func(bool) {}, nil
	}
	select {
	case e.first <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	var once sync.Once
	return func(ok bool) {
		once.Do(func() {
			if ok {
				e.warm.Store(true)
			}
			<-e.first
		})
	}, nil
}

// command is what to start for a child.
func (e *Extractor) command() ([]string, error) {
	if len(e.opts.Command) > 0 {
		return e.opts.Command, nil
	}
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this executable: %w", err)
	}
	return []string{self}, nil
}

// cacheDir makes the cache directory, for this user only: what is in it is run as code.
func (e *Extractor) cacheDir() string {
	if e.opts.CacheDir == "" {
		return ""
	}
	dir, err := filepath.Abs(e.opts.CacheDir)
	if err != nil || os.MkdirAll(dir, 0o700) != nil {
		return ""
	}
	return dir
}

// errChild is the kind of death that no other reason fits.
var errChild = errors.New("the reader's process ended")
