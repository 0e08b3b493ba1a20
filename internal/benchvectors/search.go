package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/proctable"
	"github.com/gapwise/gapwise/postgres"
)

// job is what a process of its own searches for: its memory is that of a process which does nothing else.
type job struct {
	Address string
	Filter  gapanalysis.Filter
	Clients int
	Long    time.Duration
}

// searched is what it tells.
type searched struct {
	Times  []float64 // milliseconds of each search
	CPU    float64   // milliseconds of this process's CPU a search, not of the server's
	Memory int64     // the most resident memory, in bytes
}

// searcherFlag makes this program such a process, which reads a job from stdin and writes what it measured to stdout.
const searcherFlag = "-searcher"

// searcher is the process's main.
func searcher(ctx context.Context, in io.Reader, out io.Writer) error {
	var j job
	if err := json.NewDecoder(in).Decode(&j); err != nil {
		return err
	}
	db, err := postgres.Open(ctx, j.Address)
	if err != nil {
		return err
	}
	defer db.Close()
	var mu sync.Mutex
	var s searched
	searches, before := 0, proctable.Self().Own
	end := time.Now().Add(j.Long)
	err = together(ctx, j.Clients, func(ctx context.Context, client int) error {
		var all []float64
		for n := client; len(all) <= skip || time.Now().Before(end); n += 7 { // 7 is prime to the number of resumes
			start := time.Now()
			found, err := db.NearestPostings(ctx, model, id(personKind, n%resumes), id(resumeKind, n%resumes), j.Filter)
			if err != nil {
				return err
			}
			if len(found) == 0 {
				return fmt.Errorf("resume %d: nothing was found", n%resumes)
			}
			all = append(all, float64(time.Since(start).Microseconds())/1000)
		}
		mu.Lock()
		defer mu.Unlock()
		s.Times, searches = append(s.Times, all[skip:]...), searches+len(all)
		return nil
	})
	if err != nil {
		return err
	}
	s.CPU = float64((proctable.Self().Own - before).Milliseconds()) / float64(searches)
	s.Memory = proctable.Self().Peak
	return json.NewEncoder(out).Encode(s)
}

// search runs a searcher.
func search(ctx context.Context, j job) (s searched, err error) {
	self, err := os.Executable()
	if err != nil {
		return s, err
	}
	in, err := json.Marshal(j)
	if err != nil {
		return s, err
	}
	cmd := exec.CommandContext(ctx, self, searcherFlag) //nolint:gosec // G204: this program
	var out, complaints bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(in), &out, &complaints
	if err := cmd.Run(); err != nil {
		return s, fmt.Errorf("search: %w: %s", err, complaints.Bytes())
	}
	return s, json.Unmarshal(out.Bytes(), &s)
}
