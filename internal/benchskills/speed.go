package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/gapwise/gapwise/internal/labelled"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
)

// speedTries is how often each speed is measured; the best counts, because what else runs on a machine only ever slows it down.
const speedTries = 9

// findingSpeed measures, in time of the processor and over the text of the labelled resumes: the automaton alone; finding and settling ambiguous words in
// plain text; all of a resume from its document to levelled claims, the median and the slowest; and what a finder takes to make and to keep.
// The baseline looks for every name by itself.
func findingSpeed(ctx context.Context, b *bench) ([]figure, error) {
	resumes, err := labelled.Load(os.DirFS(labelledDir), b.catalog.HasSkill)
	if err != nil {
		fmt.Fprintln(b.stderr, err)
	}
	if len(resumes) == 0 {
		return nil, fmt.Errorf("%w: %s", errMissing, labelledDir)
	}
	var all strings.Builder
	var each []float64
	for _, r := range resumes {
		doc, _, err := r.Document(ctx)
		if err != nil {
			return nil, err
		}
		all.WriteString(doc.Text + "\n\n")
		each = append(each, best(func() { b.finder.Extract(doc, r.AsOf) }).Seconds()*1e3)
	}
	slices.Sort(each)
	text := all.String()
	folded := []byte(strings.ToLower(text))
	rate := func(d time.Duration) float64 { return float64(len(text)) / 1e6 / d.Seconds() }
	scan := rate(best(func() { b.finder.Scan(folded) }))
	find := rate(best(func() { b.finder.FindIn(&resume.Document{Text: text}) }))
	megabytes := b.resident()
	return []figure{
		{name: "speed: automaton, MB/s", naive: fmt.Sprintf("%.2f", rate(b.nameByName(folded))), got: scan, must: 20, precision: 0},
		{name: "speed: finder with context, MB/s", got: find, precision: 1},
		{name: "speed: a resume to levels, ms, median", got: each[len(each)/2], must: 5, atMost: true, precision: 2},
		{name: "speed: a resume to levels, ms, slowest", got: each[len(each)-1], must: 5, atMost: true, precision: 2},
		{name: "speed: making a finder, ms", got: best(func() { skill.NewFinder(b.catalog) }).Seconds() * 1e3, must: 60, atMost: true, precision: 0},
		{name: "memory: a finder, MB", got: megabytes, must: 20, atMost: true, precision: 1},
	}, nil
}

// best is the shortest of several runs.
func best(run func()) time.Duration {
	shortest := time.Duration(1<<63 - 1)
	for range speedTries {
		start := used()
		runs := 0
		for runs == 0 || used()-start < 4*time.Millisecond { // the clock of processors is coarser than that of walls
			run()
			runs++
		}
		shortest = min(shortest, (used()-start)/time.Duration(runs))
	}
	return shortest
}

// used is the processor time of this process so far: unlike the time on the wall, it says the same on a machine that is busy.
func used() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// nameByName is the time that the baseline takes, reckoned from every twentieth name.
func (b *bench) nameByName(text []byte) time.Duration {
	const part = 20
	n := 0
	start := used()
	for i, s := range b.catalog.Skills() {
		if i%part != 0 {
			continue
		}
		for _, name := range append([]string{s.Name}, s.Aliases...) {
			n += bytes.Count(text, []byte(strings.ToLower(name)))
		}
	}
	runtime.KeepAlive(n)
	return (used() - start) * part
}

// resident is what one more finder keeps on the heap.
func (b *bench) resident() float64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	f := skill.NewFinder(b.catalog)
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(f)
	return (float64(after.HeapAlloc) - float64(before.HeapAlloc)) / 1e6
}
