package filetext

import (
	"context"
	"encoding/json"
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

// How a child is called: childArg, an engine, the cache directory, the memory limit, the limits of pages and code points.
const (
	childArg   = "__filetext"
	childArgs  = 6
	readyByte  = 'R'
	exitMemory = 71

	enginePDFium     = "pdfium"
	engineLedongthuc = "ledongthuc"
	engineNone       = "none" // start PDFium, which fills the cache, and end
)

// maxInput bounds what a child takes in, above what any caller lets through.
const maxInput = 64 << 20

// childResult is the answer of a child.
type childResult struct {
	Document pagetext.Document `json:"document"`
	Reason   pagetext.Reason   `json:"reason,omitempty"`
	Cause    string            `json:"cause,omitempty"`
}

// IsChild is true where args (without the program's name) call for a reader's child. main and TestMain ask it before all else, and
// exit with what ChildMain gives.
func IsChild(args []string) bool { return len(args) == childArgs && args[0] == childArg }

// ChildMain reads the PDF on stdin and writes its pages to stdout. It limits the whole process and must not be called in any
// other. It returns an exit code.
func ChildMain(args []string, stdin io.Reader, stdout io.Writer) int {
	memory, errMemory := strconv.ParseUint(args[3], 10, 64)
	pages, errPages := strconv.Atoi(args[4])
	runes, errRunes := strconv.Atoi(args[5])
	if errors.Join(errMemory, errPages, errRunes) != nil {
		return 2
	}
	engine, err := startEngine(context.Background(), args[1], args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	limitProcess(memory) // not before: compiling PDFium takes more than reading any honest file, and nothing of the file is here yet
	if _, err := stdout.Write([]byte{readyByte}); err != nil {
		return 1
	}
	var result childResult
	if engine != nil {
		result = answer(engine, stdin, pagetext.Limits{Pages: pages, Runes: runes})
	}
	enc := json.NewEncoder(stdout)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(&result); err != nil {
		return 1
	}
	return 0
}

func startEngine(ctx context.Context, name, cacheDir string) (engine, error) {
	switch name {
	case enginePDFium:
		return newPDFium(ctx, cacheDir)
	case engineLedongthuc:
		return ledongthucEngine{}, nil
	case engineNone:
		_, err := newPDFium(ctx, cacheDir)
		return nil, err
	default:
		if e := engineOf(pagetext.Format(name)); e != nil {
			return e, nil
		}
		return nil, fmt.Errorf("no engine %q", name)
	}
}

func answer(e engine, stdin io.Reader, limits pagetext.Limits) childResult {
	data, err := io.ReadAll(io.LimitReader(stdin, maxInput))
	if err != nil {
		return childResult{Reason: pagetext.Unstarted, Cause: err.Error()}
	}
	doc, err := e.read(context.Background(), data, limits)
	pagetext.MendHyphens(&doc)
	result := childResult{Document: doc}
	if err != nil {
		result.Reason, result.Cause = pagetext.ReasonOf(err), err.Error()
		if result.Reason == "" {
			result.Reason = pagetext.Broken
		}
	}
	return result
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
