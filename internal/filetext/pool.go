package filetext

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gapwise/gapwise/internal/pagetext"
)

// pool has the children. Who holds a slot may have one; those that are idle hold none, and are ended before another is started beyond the
// number of slots.
type pool struct {
	opts    Options
	slots   chan struct{}
	waiting chan struct{}
	first   chan struct{} // held by the first that starts PDFium until it is ready
	compile atomic.Bool   // PDFium has been ready in a child of this process

	mu     sync.Mutex
	idle   []*process // the one used last at the end
	taken  map[*process]bool
	closed bool
}

func newPool(opts Options) *pool {
	return &pool{
		opts:    opts,
		slots:   make(chan struct{}, opts.Children),
		waiting: make(chan struct{}, opts.Queue),
		first:   make(chan struct{}, 1),
		taken:   map[*process]bool{},
	}
}

// A reading starts again where its child was killed: often before it had the file, which costs nothing, once after.
const (
	maxUntaken = 4
	maxKilled  = 1
)

// read reads a file with a child.
func (p *pool) read(ctx context.Context, format pagetext.Format, data []byte, limits pagetext.Limits) (pagetext.Document, error) {
	release, err := p.acquire(ctx)
	if err != nil {
		return pagetext.Document{}, err
	}
	defer release()
	child, err := p.take(ctx, format == pagetext.PDF)
	if err != nil {
		return pagetext.Document{}, err
	}
	end := time.Now().Add(p.opts.Limit)
	untaken, killed := 0, 0
	for {
		doc, err := child.read(ctx, end, format, data, limits)
		p.put(child)
		again := false
		switch {
		case err == nil || ctx.Err() != nil:
		case errors.Is(err, errUntaken):
			untaken++
			again = untaken < maxUntaken
		case errors.Is(err, errKilled):
			killed++
			again = killed <= maxKilled
		}
		if !again {
			return doc, err
		}
		if child, err = p.takeBefore(ctx, end, format == pagetext.PDF, err); err != nil {
			return doc, err
		}
	}
}

// takeBefore gives a child to read again with, if there is one in time. Otherwise the outcome stays what it was.
func (p *pool) takeBefore(ctx context.Context, end time.Time, pdfium bool, outcome error) (*process, error) {
	ctx, cancel := context.WithDeadline(ctx, end)
	defer cancel()
	child, err := p.take(ctx, pdfium)
	if err != nil {
		return nil, outcome
	}
	return child, nil
}

// acquire takes a slot, or a place in the queue for one.
func (p *pool) acquire(ctx context.Context) (release func(), err error) {
	release = func() { <-p.slots }
	select {
	case p.slots <- struct{}{}:
		return release, nil
	default:
	}
	select {
	case p.waiting <- struct{}{}:
		defer func() { <-p.waiting }()
	default:
		return nil, pagetext.Busy
	}
	timer := time.NewTimer(p.opts.QueueWait)
	defer timer.Stop()
	select {
	case p.slots <- struct{}{}:
		return release, nil
	case <-timer.C:
		return nil, pagetext.Busy
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// take gives an idle child, or starts one in place of an idle one that has no PDFium where that is needed. The caller holds a slot.
func (p *pool) take(ctx context.Context, pdfium bool) (*process, error) {
	child := p.pop(pdfium)
	if child == nil {
		var err error
		if child, err = p.start(ctx, pdfium); err != nil {
			return nil, err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.taken[child] = true
	return child, nil
}

func (p *pool) pop(pdfium bool) *process {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, child := range slices.Backward(p.idle) {
		if pdfium && !child.pdfium && !child.gone() {
			continue
		}
		p.idle = slices.Delete(p.idle, i, i+1)
		child.retire.Stop()
		if !child.gone() {
			return child
		}
	}
	if len(p.idle) > 0 && len(p.slots)+len(p.idle) > p.opts.Children { // none of them will do, and the new one takes a place
		p.idle[0].retire.Stop()
		p.idle[0].kill()
		p.idle = slices.Delete(p.idle, 0, 1)
	}
	return nil
}

// put takes a child back after a reading. In the place of one that is gone another is started, so that nobody waits for it later.
func (p *pool) put(child *process) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.taken, child)
	if child.gone() {
		if child.pdfium && !p.closed {
			go p.restock()
		}
		return
	}
	if p.closed {
		child.kill()
		return
	}
	child.retire = time.AfterFunc(p.opts.Idle, func() { p.end(child) })
	p.idle = append(p.idle, child)
}

// end ends a child that is still idle.
func (p *pool) end(child *process) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := slices.Index(p.idle, child); i >= 0 {
		p.idle = slices.Delete(p.idle, i, i+1)
		child.kill()
	}
}

// restock starts a child if there is none and nobody waits for the slot.
func (p *pool) restock() {
	select {
	case p.slots <- struct{}{}:
	default:
		return
	}
	defer func() { <-p.slots }()
	p.mu.Lock()
	stocked := p.closed || slices.ContainsFunc(p.idle, func(c *process) bool { return c.pdfium && !c.gone() })
	p.mu.Unlock()
	if stocked {
		return
	}
	if child, err := p.take(context.Background(), true); err == nil {
		p.put(child)
	}
}

func (p *pool) warmUp(ctx context.Context) error {
	release, err := p.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	child, err := p.take(ctx, true)
	if err != nil {
		return err
	}
	p.put(child)
	return nil
}

func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, child := range p.idle {
		child.retire.Stop()
		child.kill()
	}
	p.idle, p.closed = nil, true
}

func (p *pool) start(ctx context.Context, pdfium bool) (*process, error) {
	argv, err := p.command()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", pagetext.Unstarted, err)
	}
	if pdfium {
		ready, err := p.gate(ctx)
		if err != nil {
			return nil, err
		}
		child, err := startProcess(ctx, argv, true, p.cacheDir(), p.opts.Memory, p.opts.Start)
		ready(err == nil)
		return child, err
	}
	return startProcess(ctx, argv, false, "", p.opts.Memory, p.opts.Start)
}

// gate lets one through until PDFium has been ready once in a child of this process. The function it gives says whether it was.
func (p *pool) gate(ctx context.Context) (ready func(ok bool), err error) {
	if p.compile.Load() {
		return func(bool) {}, nil
	}
	select {
	case p.first <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return func(ok bool) {
		if ok {
			p.compile.Store(true)
		}
		<-p.first
	}, nil
}

// command is what to start for a child.
func (p *pool) command() ([]string, error) {
	if len(p.opts.Command) > 0 {
		return p.opts.Command, nil
	}
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this executable: %w", err)
	}
	return []string{self}, nil
}

// cacheDir makes the cache directory, for this user only: what is in it is run as code.
func (p *pool) cacheDir() string {
	if p.opts.CacheDir == "" {
		return ""
	}
	dir, err := filepath.Abs(p.opts.CacheDir)
	if err != nil || os.MkdirAll(dir, 0o700) != nil {
		return ""
	}
	return dir
}
