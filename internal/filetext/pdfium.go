package filetext

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/klippa-app/go-pdfium/webassembly/imports"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// wasmPages bounds the memory of PDFium: 4096 pages of 64 KiB are 256 MiB.
const wasmPages = 4096

// pdfiumHost holds PDFium compiled to WebAssembly and makes instances of it. An instance is a sandbox within the child, so that a hole in
// the parser is not a hole in the host. It serves one document, because one that trapped fails every later document; all that is
// shared between two is the compiled code.
type pdfiumHost struct {
	pool   pdfium.Pool
	memory *linearMemory
}

// newPDFiumHost compiles PDFium, or loads what was compiled before from cacheDir. A cache that cannot be used is not an error: it is slow.
func newPDFiumHost(ctx context.Context, cacheDir string) (*pdfiumHost, error) {
	config := wazero.NewRuntimeConfigCompiler().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(wasmPages)
	if cacheDir != "" {
		if cache, err := wazero.NewCompilationCacheWithDir(cacheDir); err == nil {
			config = config.WithCompilationCache(cache)
			defer compileAlone(cacheDir)()
		}
	}
	memory := &linearMemory{}
	ctx = experimental.WithMemoryAllocator(experimental.WithCompilationWorkers(ctx, 2), memory)
	pool, err := webassembly.Init(webassembly.Config{
		Context: ctx, MinIdle: 0, MaxIdle: 0, MaxTotal: 1,
		RuntimeConfig: config,
		FSConfig:      wazero.NewFSConfig(), // the default would mount the whole file system
		Stdout:        io.Discard, Stderr: io.Discard,
	})
	if err != nil {
		return nil, fmt.Errorf("compile pdfium: %w", err)
	}
	return &pdfiumHost{pool: pool, memory: memory}, nil
}

// compileAlone waits until no other process compiles to an empty cache, and gives what lets the next one go on. Side by side, each would
// take all processors for the same result. wazero itself writes entries whole, so a filled cache needs no lock.
func compileAlone(cacheDir string) (done func()) {
	if entries, err := filepath.Glob(filepath.Join(cacheDir, "wazero-*", "*")); err == nil && slices.ContainsFunc(entries, func(e string) bool {
		return !strings.HasSuffix(e, ".tmp")
	}) {
		return func() {}
	}
	return lockFile(filepath.Join(cacheDir, "compiling"))
}

// pdfiumInstance is one instance, and its functions. It calls them itself: the library's own methods allocate in the module and on the
// heap for each of the calls, of which a page takes three a character.
type pdfiumInstance struct {
	instance pdfium.Pdfium
	lookup   func(name string) api.Function
	memory   *linearMemory
	scratch  uint32 // four numbers of 8 bytes in the module, for what functions give through pointers
	stack    [12]uint64
}

const scratchBytes = 32

// start makes an instance. One has to be closed before the next is started.
func (h *pdfiumHost) start() (*pdfiumInstance, error) {
	instance, err := h.pool.GetInstance(time.Minute)
	if err != nil {
		return nil, fmt.Errorf("start pdfium: %w", err)
	}
	lookup, err := functionsOf(instance, imports.NewModule(nil).ExportedFunction)
	if err != nil {
		return nil, err
	}
	i := &pdfiumInstance{instance: instance, lookup: lookup, memory: h.memory}
	i.scratch, err = i.allocate(scratchBytes)
	return i, err
}

// functionsOf gives an instance's functions by name. The library hands out its implementation as any and returns functions as an interface
// of an internal package; F is that interface, which like only serves to name.
func functionsOf[F any](instance pdfium.Pdfium, like func(string) F) (func(string) api.Function, error) {
	_ = like
	owner, ok := instance.(interface{ GetImplementation() any })
	if !ok {
		return nil, errors.New("the library hides the implementation of pdfium")
	}
	implementation, ok := owner.GetImplementation().(interface{ Fn(name string) F })
	if !ok {
		return nil, errors.New("the library hides the functions of pdfium")
	}
	return func(name string) api.Function {
		fn, _ := any(implementation.Fn(name)).(api.Function)
		return fn
	}, nil
}

// close frees the instance with all that it read.
func (i *pdfiumInstance) close() { _ = i.instance.Close() }

// call calls a function that gives one result or none. An error is a trap, after which the instance is of no more use.
func (i *pdfiumInstance) call(name string, params ...uint64) (uint64, error) {
	fn := i.lookup(name)
	if fn == nil {
		return 0, fmt.Errorf("pdfium has no %s", name)
	}
	return i.callFunction(fn, params...)
}

func (i *pdfiumInstance) callFunction(fn api.Function, params ...uint64) (uint64, error) {
	copy(i.stack[:], params)
	err := fn.CallWithStack(context.Background(), i.stack[:])
	return i.stack[0], err
}

var errNoMemory = errors.New("pdfium is out of memory")

func (i *pdfiumInstance) allocate(size int) (uint32, error) {
	at, err := i.call("malloc", api.EncodeU32(uint32(size))) //nolint:gosec // G115: at most maxInput
	if err == nil && at == 0 {
		err = errNoMemory
	}
	return api.DecodeU32(at), err
}
