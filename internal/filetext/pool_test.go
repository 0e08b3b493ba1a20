package filetext_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/internal/filetext"
	"github.com/gapwise/gapwise/internal/filetext/pdftest"
	"github.com/gapwise/gapwise/internal/pagetext"
)

// simple is a PDF of one line.
func simple(text string) []byte {
	return pdftest.Build(pdftest.Page{Texts: pdftest.Column(72, 700, text)})
}

// TestWarmChildren reads files one after another: the same child serves them, and no text of one is in the next.
func TestWarmChildren(t *testing.T) {
	t.Parallel()
	e := newExtractor(t, filetext.Options{Children: 1})
	defer e.Close()
	if err := e.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := e.Children()
	for i := range 5 {
		want := fmt.Sprintf("Person %d", i)
		doc, err := e.Extract(t.Context(), pagetext.PDF, simple(want), limits)
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(want+"\n", textOf(&doc)); diff != "" {
			t.Errorf("text (-want +got):\n%s", diff)
		}
	}
	if _, err := e.Extract(t.Context(), pagetext.HTML, []byte("<p>Also in a child"), limits); err != nil {
		t.Error(err)
	}
	// With the detector a child holds more than the bound from which it ends itself between two files.
	if diff := gocmp.Diff(before, e.Children()); !raceOn && diff != "" || len(before) != 1 {
		t.Errorf("children (-before +after):\n%s", diff)
	}
}

// TestPlainChild reads a format without PDFium in a child without, and then a PDF.
func TestPlainChild(t *testing.T) {
	t.Parallel()
	e := newExtractor(t, filetext.Options{Children: 1})
	defer e.Close()
	for _, tt := range []struct {
		format pagetext.Format
		data   []byte
	}{{pagetext.HTML, []byte("<p>Jane Doe")}, {pagetext.PDF, simple("Jane Doe")}, {pagetext.HTML, []byte("<p>Jane Doe</p>")}} {
		doc, err := e.Extract(t.Context(), tt.format, tt.data, limits)
		if err != nil || textOf(&doc) != "Jane Doe\n" {
			t.Errorf("%s: %q, %v", tt.format, textOf(&doc), err)
		}
	}
	if n := len(e.Children()); n != 1 {
		t.Errorf("%d children", n)
	}
}

func TestUnknownFormat(t *testing.T) {
	t.Parallel()
	e := newExtractor(t, filetext.Options{})
	if _, err := e.Extract(t.Context(), "sculpture", nil, limits); pagetext.ReasonOf(err) != pagetext.Unstarted {
		t.Errorf("got %v", err)
	}
}

func TestIdleChildrenEnd(t *testing.T) {
	t.Parallel()
	e := newExtractor(t, filetext.Options{Idle: 50 * time.Millisecond})
	if err := e.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() bool { return len(e.Children()) == 0 })
	if doc, err := e.Extract(t.Context(), pagetext.PDF, simple("Jane Doe"), limits); err != nil || doc.Words() != 2 {
		t.Errorf("%d words, %v", doc.Words(), err)
	}
}

// kill kills a process as nothing else can: SIGKILL, where there are signals.
func kill(pid int) bool {
	p, err := os.FindProcess(pid)
	return err == nil && p.Kill() == nil
}

// eventually waits for what has to come true some time.
func eventually(t *testing.T, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatal("it never came true")
		}
	}
}

// TestKilledIdle kills a child that waits for work: nobody notices.
func TestKilledIdle(t *testing.T) {
	t.Parallel()
	e := newExtractor(t, filetext.Options{Children: 1})
	defer e.Close()
	if err := e.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		for _, pid := range e.Children() {
			if !kill(pid) {
				t.Fatal("it is gone already")
			}
		}
		doc, err := e.Extract(t.Context(), pagetext.PDF, simple("Jane Doe "+strconv.Itoa(i)), limits)
		if err != nil || doc.Words() != 3 {
			t.Errorf("%d words, %v", doc.Words(), err)
		}
	}
}

// TestKilledReading kills a child while it reads, once and again and again. The first time another reads the file; in the end it is broken.
func TestKilledReading(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	e := newExtractor(t, filetext.Options{Command: []string{self, "hang"}, Limit: time.Minute})
	stop := make(chan struct{})
	var wg sync.WaitGroup
	var kills atomic.Int32
	wg.Go(func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for last := 0; ; {
			select {
			case <-stop:
				return
			case <-tick.C:
			}
			if pid := e.Reading(); pid != 0 && pid != last && kill(pid) {
				last = pid
				kills.Add(1)
			}
		}
	})
	_, err = e.Extract(t.Context(), pagetext.PDF, nil, limits)
	close(stop)
	wg.Wait()
	if pagetext.ReasonOf(err) != pagetext.Broken || kills.Load() < 2 {
		t.Errorf("after %d kills: %v", kills.Load(), err)
	}
}

// TestKills reads many files while every tenth child is killed, before, while or after it reads: every reading gives its text.
// KILLS sets how many.
func TestKills(t *testing.T) {
	t.Parallel()
	n := 120
	if testing.Short() || raceOn {
		n = 30
	}
	if s := os.Getenv("KILLS"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	e := newExtractor(t, filetext.Options{Limit: 2 * time.Minute})
	defer e.Close()
	if err := e.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	files := make(chan int)
	var wg sync.WaitGroup
	var killed atomic.Int32
	for range 4 {
		wg.Go(func() {
			for i := range files {
				if i%10 == 9 {
					pid := e.Reading()
					if ids := e.Children(); pid == 0 && len(ids) > 0 {
						pid = ids[0]
					}
					if pid != 0 && kill(pid) {
						killed.Add(1)
					}
				}
				want := fmt.Sprintf("This is person %d of many\n", i)
				doc, err := e.Extract(t.Context(), pagetext.PDF, simple(strings.TrimSpace(want)), limits)
				if err != nil || textOf(&doc) != want {
					t.Errorf("%d: %q, %v", i, textOf(&doc), err)
				}
			}
		})
	}
	for i := range n {
		files <- i
	}
	close(files)
	wg.Wait()
	if killed.Load() == 0 {
		t.Error("nothing was killed")
	}
	t.Logf("%d readings, %d children killed", n, killed.Load())
}

// TestSameBytes has many ask for the same file at once and again: it is read once, and each has a document of its own.
func TestSameBytes(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	log := t.TempDir() + "/read"
	e := newExtractor(t, filetext.Options{Command: []string{self, "count:" + log}})
	defer e.Close()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			doc, err := e.Extract(t.Context(), pagetext.PDF, []byte("a"), limits)
			if err != nil {
				t.Error(err)
				return
			}
			if got := textOf(&doc); got != "what it says\n" {
				t.Errorf("got %q", got)
			}
			doc.Pages[0].Lines[0].Cells[0] = "changed"
			doc.Pages[0].Lines = nil
		})
	}
	wg.Wait()
	if doc, err := e.Extract(t.Context(), pagetext.PDF, []byte("a"), limits); err != nil || textOf(&doc) != "what it says\n" {
		t.Errorf("%q, %v", textOf(&doc), err)
	}
	for _, other := range []struct {
		format pagetext.Format
		data   string
		limits pagetext.Limits
	}{{pagetext.PDF, "b", limits}, {pagetext.RTF, "a", limits}, {pagetext.PDF, "a", pagetext.Limits{Pages: 2, Runes: 500}}} {
		if _, err := e.Extract(t.Context(), other.format, []byte(other.data), other.limits); err != nil {
			t.Error(err)
		}
	}
	read, err := os.ReadFile(log)
	if err != nil || string(read) != "xxxx" {
		t.Errorf("%d readings, want 4: %v", len(read), err)
	}
}

// TestSharedReading has one of two that share a reading go away: the other still gets its text. When both go, the reading ends.
func TestSharedReading(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	e := newExtractor(t, filetext.Options{Command: []string{self, "slow"}, Limit: time.Minute})
	defer e.Close()
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := e.Extract(ctx, pagetext.PDF, nil, limits); !errors.Is(err, context.Canceled) {
			t.Errorf("the one that went away: %v", err)
		}
	})
	eventually(t, func() bool { return e.Reading() != 0 })
	wg.Go(func() {
		if doc, err := e.Extract(t.Context(), pagetext.PDF, nil, limits); err != nil || textOf(&doc) != "at last\n" {
			t.Errorf("the one that stayed: %v", err)
		}
	})
	eventually(t, func() bool { return e.Waiting() == 2 })
	cancel()
	wg.Wait()

	hang := newExtractor(t, filetext.Options{Command: []string{self, "hang"}, Limit: time.Hour})
	alone, leave := context.WithCancel(t.Context())
	wg.Go(func() { _, _ = hang.Extract(alone, pagetext.PDF, nil, limits) })
	eventually(t, func() bool { return hang.Reading() != 0 })
	leave()
	wg.Wait()
	eventually(t, func() bool { return hang.Reading() == 0 })
}
