package filetext

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gapwise/gapwise/internal/pagetext"
)

// maxComplaint bounds what is kept of a child's stderr: the first lines of a crash say what it was.
const maxComplaint = 4 << 10

// process is a child as the pool sees it. One reading at a time has it.
type process struct {
	pid       int
	pdfium    bool
	kill      context.CancelFunc // of the whole process group; may be called more than once
	stdin     io.WriteCloser
	frames    chan frame    // what it says, closed at its end
	quit      chan struct{} // closed by kill: nobody takes frames any more
	dead      chan struct{} // closed once the process is gone and the fields below are set
	waitErr   error
	readErr   error
	complaint head
	number    uint64
	retire    *time.Timer // while it is idle
}

// The ways a process can fail a reading, for the pool to know whether to try again.
var (
	// errChild is the end of a process.
	errChild = errors.New("the reader's process ended")
	// errKilled is an end that nothing explains and that came from outside: the same file may well be read by another process.
	errKilled = errors.New("it was killed")
	// errUntaken is an end before it had the file.
	errUntaken = errors.New("it had not taken the file")
)

// startProcess starts a child and waits until it can read, at most for limit.
func startProcess(ctx context.Context, argv []string, pdfium bool, cacheDir string, memory uint64, limit time.Duration) (*process, error) {
	kind := plain
	if pdfium {
		kind = withPDFium
	}
	args := append(argv[1:len(argv):len(argv)], childArg, kind, cacheDir, strconv.FormatUint(memory, 10))
	life, cancel := context.WithCancel(context.Background()) // it outlives the reading that it is started for
	cmd := exec.CommandContext(life, argv[0], args...)       //nolint:gosec // G204: our own binary, with our own arguments
	cmd.Env = []string{"GOTRACEBACK=single"}                 // none of ours: it may hold keys, and a reader needs nothing
	cmd.Dir = "/"
	p := &process{pdfium: pdfium, frames: make(chan frame), quit: make(chan struct{}), dead: make(chan struct{})}
	cmd.Stderr = &p.complaint
	ownGroup(cmd)
	cmd.WaitDelay = time.Second
	stdin, err := cmd.StdinPipe()
	if err != nil {
		cancel()
		return nil, fmt.Errorf("%w: %w", pagetext.Unstarted, err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		cancel()
		return nil, fmt.Errorf("%w: %w", pagetext.Unstarted, err)
	}
	if err := cmd.Start(); err != nil {
		cancel()
		return nil, fmt.Errorf("%w: %w", pagetext.Unstarted, err)
	}
	p.stdin, p.pid = stdin, cmd.Process.Pid
	p.kill = sync.OnceFunc(func() { close(p.quit); cancel() })
	go p.listen(cmd, stdout)
	if err := p.await(ctx, limit); err != nil {
		p.kill()
		return nil, err
	}
	return p, nil
}

// listen hands on what the process says until it says no more, and waits for its end.
func (p *process) listen(cmd *exec.Cmd, stdout io.Reader) {
	defer close(p.dead)
	defer close(p.frames)
	for {
		f, err := readFrame(stdout)
		if err != nil {
			p.readErr = err
			break
		}
		select {
		case p.frames <- f:
			continue
		case <-p.quit:
		}
		break
	}
	if !errors.Is(p.readErr, io.EOF) {
		p.kill() // it does not keep to the protocol, and may go on writing
	}
	p.waitErr = cmd.Wait()
	p.kill()
}

// await waits for hello.
func (p *process) await(ctx context.Context, limit time.Duration) error {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case f, ok := <-p.frames:
		switch {
		case !ok:
			return fmt.Errorf("%w: is IsChild asked in main?", p.end(pagetext.Unstarted))
		case f.kind != kindHello:
			return fmt.Errorf("%w: %w: no hello", pagetext.Unstarted, errFrame)
		}
		return nil
	case <-timer.C:
		return fmt.Errorf("%w: not ready in %v", pagetext.Unstarted, limit)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// read has the process read a file until end. Where the process is not to be used again after it, it is killed before read returns.
func (p *process) read(ctx context.Context, end time.Time, format pagetext.Format, data []byte, limits pagetext.Limits) (pagetext.Document, error) {
	p.number++
	q := &request{number: p.number, clock: time.Until(end), limits: limits, format: format, data: data}
	sent := make(chan error, 1)
	go func() { sent <- writeRequest(p.stdin, q) }()
	a, err := p.converse(ctx, q)
	if err != nil || a.Retire {
		p.kill()
	}
	p.settle(sent)
	switch {
	case err != nil:
		return pagetext.Document{}, err
	case a.Reason != "":
		return a.Document, fmt.Errorf("%w: %s", a.Reason, a.Cause)
	}
	return a.Document, nil
}

// settle waits until the caller's data is its own again. A process that is killed takes no more, and an honest one that answers has taken
// all.
func (p *process) settle(sent <-chan error) {
	timer := time.NewTimer(time.Second)
	defer timer.Stop()
	select {
	case <-sent: //nolint:errcheck // how sending ended says nothing that the answer does not
	case <-timer.C:
		p.kill()
		<-sent //nolint:errcheck // as above
	}
}

// converse takes the frames that belong to q until there is an answer.
func (p *process) converse(ctx context.Context, q *request) (*answer, error) {
	timer := time.NewTimer(q.clock)
	defer timer.Stop()
	var first *answer
	taken := false
	for {
		select {
		case f, ok := <-p.frames:
			if !ok {
				if first != nil {
					first.Retire = true
					return first, nil
				}
				return nil, p.died(taken)
			}
			a, err := p.take(f, q, &taken)
			switch {
			case err != nil:
				return nil, fmt.Errorf("%w: what the child says: %w", pagetext.Broken, err)
			case f.kind == kindAnswer:
				return a, nil
			case f.kind == kindFirst:
				first = a
			}
		case <-timer.C:
			if first != nil {
				first.Retire = true
				return first, nil
			}
			return nil, fmt.Errorf("read %s: %w", q.format, pagetext.Timeout)
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (p *process) take(f frame, q *request, taken *bool) (*answer, error) {
	switch f.kind {
	case kindTaken:
		*taken = true
		return nil, checkNumber(f, q.number)
	case kindFirst, kindAnswer:
		return parseAnswer(f, q.number, q.limits)
	default:
		return nil, fmt.Errorf("%w: of kind %q", errFrame, f.kind)
	}
}

// died is why a process ended in the middle of a reading.
func (p *process) died(taken bool) error {
	err := p.end(pagetext.Broken)
	if !taken {
		return fmt.Errorf("%w: %w", errUntaken, err)
	}
	return err
}

// end waits for the process to be gone, which it is about to be, and says how it went. Where nothing else fits it is for reason.
func (p *process) end(reason pagetext.Reason) error {
	<-p.dead
	said := p.complaint.String()
	var exit *exec.ExitError
	switch {
	case errors.Is(p.readErr, errFrameSize):
		return fmt.Errorf("%w: %w: %w", pagetext.TooLarge, errChild, p.readErr)
	case errors.As(p.waitErr, &exit) && exit.ExitCode() == exitMemory, outOfMemory(said):
		return fmt.Errorf("%w: %w: out of memory", pagetext.TooLarge, errChild)
	case p.readErr != nil && !errors.Is(p.readErr, io.EOF) && !errors.Is(p.readErr, io.ErrUnexpectedEOF):
		return fmt.Errorf("%w: %w: %w", reason, errChild, p.readErr)
	case errors.As(p.waitErr, &exit) && signalled(exit):
		return fmt.Errorf("%w: %w: %w: %w", reason, errChild, errKilled, p.waitErr)
	case p.waitErr != nil:
		return fmt.Errorf("%w: %w: %w: %s", reason, errChild, p.waitErr, firstLine(said))
	}
	return fmt.Errorf("%w: %w: it said nothing", reason, errChild)
}

// gone is true where the process has ended or is about to.
func (p *process) gone() bool {
	select {
	case <-p.dead:
		return true
	case <-p.quit:
		return true
	default:
		return false
	}
}

// outOfMemory knows the Go runtime's last words when the kernel gives it no more.
func outOfMemory(complaint string) bool {
	return strings.Contains(complaint, "out of memory") || strings.Contains(complaint, "cannot allocate memory")
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

// head keeps the first of what is written to it.
type head struct{ buf bytes.Buffer }

// Write implements io.Writer.
func (h *head) Write(p []byte) (int, error) {
	h.buf.Write(p[:min(len(p), max(0, maxComplaint-h.buf.Len()))])
	return len(p), nil
}

func (h *head) String() string { return h.buf.String() }
