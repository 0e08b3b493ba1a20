package filetext

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/gapwise/gapwise/internal/pagetext"
)

// maxAnswer bounds what is taken from a child, which may have been taken over by what it reads.
const maxAnswer = 64 << 20

// maxComplaint bounds what is kept of a child's stderr: the first lines of a crash say what it was.
const maxComplaint = 4 << 10

// run starts a child for one engine, hands it data and waits for its answer or its end. ready is called once the engine has started,
// from when limit counts.
func (e *Extractor) run(ctx context.Context, engine string, limit time.Duration, data []byte, limits pagetext.Limits,
	ready func(),
) (pagetext.Document, error) {
	argv, err := e.command()
	if err != nil {
		return pagetext.Document{}, fmt.Errorf("%w: %w", pagetext.Unstarted, err)
	}
	args := append(argv[1:len(argv):len(argv)], childArg, engine, e.cacheDir(),
		strconv.FormatUint(e.opts.Memory, 10), strconv.Itoa(limits.Pages), strconv.Itoa(limits.Runes))

	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	cmd := exec.CommandContext(ctx, argv[0], args...) //nolint:gosec // G204: our own binary, with our own arguments
	cmd.Env = []string{"GOTRACEBACK=single"}          // none of ours: it may hold keys, and a reader needs nothing
	cmd.Dir = "/"
	cmd.Stdin = bytes.NewReader(data)
	complaint := &head{}
	cmd.Stderr = complaint
	ownGroup(cmd)
	cmd.WaitDelay = time.Second
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return pagetext.Document{}, fmt.Errorf("%w: %w", pagetext.Unstarted, err)
	}
	if err := cmd.Start(); err != nil {
		return pagetext.Document{}, fmt.Errorf("%w: %w", pagetext.Unstarted, err)
	}
	timer := time.AfterFunc(e.opts.Start, func() { cancel(pagetext.Unstarted) })
	defer func() { timer.Stop() }()
	started, answer, readErr := receive(stdout, func() {
		timer.Stop()
		timer = time.AfterFunc(limit, func() { cancel(pagetext.Timeout) })
		ready()
	})
	if readErr != nil {
		cancel(readErr) // it may go on writing
	}
	waitErr := cmd.Wait()
	timer.Stop()
	if cause := context.Cause(ctx); cause != nil && (waitErr != nil || readErr != nil) {
		return pagetext.Document{}, fmt.Errorf("read with %s: %w", engine, cause)
	}
	return settle(started, answer, waitErr, complaint.String())
}

// receive reads the byte that says that the engine has started, and then the answer.
func receive(stdout io.Reader, ready func()) (started bool, answer []byte, err error) {
	r := bufio.NewReader(stdout)
	if b, err := r.ReadByte(); err != nil || b != readyByte {
		return false, nil, nil //nolint:nilerr // how the process ended says more
	}
	ready()
	answer, err = io.ReadAll(io.LimitReader(r, maxAnswer+1))
	if len(answer) > maxAnswer {
		return true, nil, pagetext.TooLarge
	}
	if err != nil && !errors.Is(err, io.ErrClosedPipe) {
		return true, nil, nil // the process is dead or about to be
	}
	return true, answer, nil
}

// settle makes the outcome of how a child ended and what it said.
func settle(started bool, answer []byte, waitErr error, complaint string) (pagetext.Document, error) {
	var exit *exec.ExitError
	switch {
	case errors.As(waitErr, &exit):
		reason := pagetext.Broken
		switch {
		case exit.ExitCode() == exitMemory || outOfMemory(complaint):
			reason = pagetext.TooLarge
		case !started:
			reason = pagetext.Unstarted
		}
		return pagetext.Document{}, fmt.Errorf("%w: %w: %w: %s", reason, errChild, waitErr, firstLine(complaint))
	case waitErr != nil && len(answer) == 0:
		return pagetext.Document{}, fmt.Errorf("%w: %w", pagetext.Unstarted, waitErr)
	case !started:
		return pagetext.Document{}, fmt.Errorf("%w: the child says nothing: is IsChild asked in main?", pagetext.Unstarted)
	}
	var result childResult
	if err := json.Unmarshal(answer, &result); err != nil {
		return pagetext.Document{}, fmt.Errorf("%w: what the child says: %w", pagetext.Broken, err)
	}
	if result.Reason != "" {
		return result.Document, fmt.Errorf("%w: %s", result.Reason, result.Cause)
	}
	return result.Document, nil
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
