package filetext

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"time"

	"github.com/gapwise/gapwise/internal/pagetext"
)

// How a child is called: childArg, what it has to have ready, the cache directory, the memory limit.
const (
	childArg   = "__filetext"
	childArgs  = 4
	exitMemory = 71

	withPDFium = "pdf"
	plain      = "plain" // every format but PDF, which need nothing started
)

// A child ends itself after so many files, and where it still holds so much memory between two: a reader that leaks is not to be found out.
const (
	maxServed   = 500
	maxResident = 200 << 20
)

// IsChild is true where args (without the program's name) call for a reader's child. main and TestMain ask it before all else, and
// exit with what ChildMain gives.
func IsChild(args []string) bool { return len(args) == childArgs && args[0] == childArg }

// ChildMain reads the files that are asked for on stdin and answers on stdout, until stdin ends. It limits the whole process and must
// not be called in any other. It returns an exit code.
func ChildMain(args []string, stdin io.Reader, stdout io.Writer) int {
	memory, err := strconv.ParseUint(args[3], 10, 64)
	if err != nil {
		return 2
	}
	s := &server{}
	if args[1] == withPDFium {
		host, err := newPDFiumHost(context.Background(), args[2])
		if err == nil {
			s.pdf = &pdfiumEngine{host: host}
			err = s.pdf.prepare()
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	debug.FreeOSMemory()
	limitProcess(memory) // not before: compiling PDFium takes more than reading any honest file, and nothing of a file is here yet
	if err := s.serve(stdin, stdout, os.Exit); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// server is the life of a child: one file after another. What it keeps between two is the compiled PDFium and an instance that has
// seen no file yet.
type server struct {
	pdf    *pdfiumEngine // nil in a child without
	served int
}

// serve answers the requests of r on w until r ends or the child has to. It reads ahead, so that the end of r, which is the end of the
// pool's process, also ends a child in the middle of a file: exit is called then.
func (s *server) serve(r io.Reader, w io.Writer, exit func(code int)) error {
	if err := writeFrame(w, kindHello); err != nil {
		return err
	}
	requests, done := make(chan *request), make(chan struct{})
	defer close(done)
	ended := make(chan error, 1)
	go func() {
		for {
			q, err := nextRequest(r)
			if err != nil {
				ended <- err
				if exit != nil {
					exit(0)
				}
				return
			}
			select {
			case requests <- q:
			case <-done:
				return
			}
		}
	}()
	for {
		select {
		case err := <-ended:
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		case q := <-requests:
			if more, err := s.handle(q, w); err != nil || !more {
				return err
			}
		}
	}
}

func nextRequest(r io.Reader) (*request, error) {
	f, err := readFrame(r)
	if err != nil {
		return nil, err
	}
	return parseRequest(f)
}

// handle answers one request and makes ready for the next. more is false where there is to be none.
func (s *server) handle(q *request, w io.Writer) (more bool, err error) {
	if err := writeFrame(w, kindTaken, numberOf(q)); err != nil {
		return false, err
	}
	renewCPU()
	a := s.read(q, func(first *answer) error { return writeAnswer(w, kindFirst, q.number, first) })
	s.served++
	a.Retire = a.Retire || s.served >= maxServed
	if err := writeAnswer(w, kindAnswer, q.number, a); err != nil || a.Retire {
		return false, err
	}
	*q = request{} // the file is not needed while the next instance is made
	if s.pdf != nil {
		if err := s.pdf.prepare(); err != nil {
			return false, err
		}
	}
	if resident() > maxResident/2 {
		debug.FreeOSMemory()
	}
	return resident() <= maxResident, nil
}

func numberOf(q *request) []byte { return binary.BigEndian.AppendUint64(nil, q.number) }

// read reads a file with the engines that there are for its format. first takes an answer that stands if this process does not live to
// give the one that read returns.
func (s *server) read(q *request, first func(*answer) error) *answer {
	engines := s.engines(q.format)
	if len(engines) == 0 {
		return &answer{Reason: pagetext.Unstarted, Cause: fmt.Sprintf("no engine for %q", q.format)}
	}
	end := time.Now().Add(q.clock)
	best, fell := attempt(engines[0], q)
	for _, next := range engines[1:] {
		if !best.doubtful() {
			break
		}
		if err := first(best.settled().answer(fell)); err != nil {
			break
		}
		// The second engine runs on a clock of its own, and what does not end by then goes down with this process.
		other, otherFell, ended := attemptWithin(next, q, min(time.Until(end)-answerTime, fallbackLimit))
		fell = fell || otherFell || !ended
		if ended {
			best = better(best, other)
		}
	}
	return best.settled().answer(fell)
}

// fallbackLimit bounds the second engine: what it can read it reads at once, and the rest it hangs on. answerTime is what is left of the
// clock to say so.
const (
	fallbackLimit = 2 * time.Second
	answerTime    = 200 * time.Millisecond
)

// attempt reads with one engine. fell is true where the engine's state is not to be trusted after it.
func attempt(e engine, q *request) (r *reading, fell bool) {
	defer func() {
		if v := recover(); v != nil {
			r = &reading{Document: pagetext.Document{Engine: e.name()}, err: fmt.Errorf("%w: %v", pagetext.Broken, v)}
			fell = true
		}
	}()
	r = e.read(context.Background(), q.data, q.limits)
	pagetext.MendHyphens(&r.Document)
	return r, errors.Is(r.err, errTrap)
}

func attemptWithin(e engine, q *request, limit time.Duration) (r *reading, fell, ended bool) {
	type outcome struct {
		r    *reading
		fell bool
	}
	out := make(chan outcome, 1)
	go func() {
		r, fell := attempt(e, q)
		out <- outcome{r, fell}
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case o := <-out:
		return o.r, o.fell, true
	case <-timer.C:
		return nil, true, false
	}
}

// limitProcess keeps a child within memory in three ways: the collector works harder near the limit; the kernel refuses more where it
// can be told to, which also stops one huge allocation; and a watch ends the process where the kernel cannot.
func limitProcess(memory uint64) {
	debug.SetMaxStack(64 << 20)
	debug.SetMemoryLimit(int64(memory / 4 * 3)) //nolint:gosec // some hundred MiB
	limitResources(memory)
	go func() {
		sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
		for range time.Tick(20 * time.Millisecond) {
			metrics.Read(sample)
			if sample[0].Value.Uint64()-sample[1].Value.Uint64() > memory {
				os.Exit(exitMemory)
			}
		}
	}()
}
