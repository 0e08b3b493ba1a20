package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gapwise/gapwise/evals"
	"github.com/gapwise/gapwise/internal/labelled"
)

// The paces, in uploads a second: the one that latency is held to, and those that are tried after it until the queue grows.
const heldPace = 10

func tried() []int { return []int{20, 30, 40, 50, 60, 80, 100, 120} }

// patience is how long an arrival may wait on average before the queue counts as growing: with more in flight at the end of a step than came
// in that time, less goes out than comes in.
const patience = 250 * time.Millisecond

// perGuest is how many resumes one guest uploads; the server lets nobody keep more than 25.
const perGuest = 20

// uploads is what was measured over HTTP.
type uploads struct {
	Files []string `json:"files"` // PDFs of two pages
	Paces []pace   `json:"paces"`
	Best  int      `json:"best_pace"` // the highest at which the queue did not grow
	CPU   float64  `json:"cpu_ms_an_upload"`
}

// pace is what was measured at one.
type pace struct {
	Pace    int     `json:"uploads_a_second"`
	Count   int     `json:"uploads"`
	Failed  int     `json:"failed"`
	P50     float64 `json:"ms_p50"` // from the time that the upload was due to the last byte of the report
	P95     float64 `json:"ms_p95"`
	P99     float64 `json:"ms_p99"`
	Upload  float64 `json:"upload_ms_p50"` // its part until the resume is stored
	Waiting int     `json:"in_flight_at_the_end"`
	CPU     float64 `json:"cpu_ms_an_upload"` // of the server, its readers and its database
	Holds   bool    `json:"holds"`            // the queue does not grow and nothing failed
}

// pdf is a file to upload.
type pdf struct {
	name string
	data []byte
}

// uploadAll starts the server and uploads at one pace after another.
func uploadAll(ctx context.Context, o options, progress io.Writer) (m *uploads, err error) {
	fmt.Fprintln(progress, "uploads: starting the server")
	s, err := startServer(ctx, o.binary)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	files, err := twoPages(ctx, s, o)
	if err != nil {
		return nil, err
	}
	m = &uploads{}
	for _, f := range files {
		m.Files = append(m.Files, f.name)
	}
	if _, err := s.at(ctx, files, heldPace/2, time.Second); err != nil { // warms up: readers, statements, the postings
		return nil, err
	}
	for _, rate := range append([]int{heldPace}, tried()...) {
		long := o.step
		if rate == heldPace {
			long = o.long
		}
		fmt.Fprintf(progress, "uploads: %d a second for %s\n", rate, long)
		p, err := s.at(ctx, files, rate, long)
		if err != nil {
			return nil, err
		}
		m.Paces = append(m.Paces, p)
		if rate == heldPace {
			m.CPU = p.CPU
		}
		if !p.Holds {
			break
		}
		if m.Best = rate; o.quick {
			break
		}
	}
	return m, nil
}

// twoPages are the PDFs that the server itself counts two pages in.
func twoPages(ctx context.Context, s *server, o options) ([]pdf, error) {
	var all, out []pdf
	dirs := []string{o.fixtures, o.dir}
	if o.quick {
		dirs = nil // those that are drawn will do
	}
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.EqualFold(filepath.Ext(path), ".pdf") {
				if errors.Is(err, fs.ErrNotExist) {
					return nil
				}
				return err
			}
			data, err := os.ReadFile(path) //nolint:gosec // G304: of the directory that was named
			name, relErr := filepath.Rel(dir, path)
			all = append(all, pdf{name: name, data: data})
			return errors.Join(err, relErr)
		})
		if err != nil {
			return nil, err
		}
	}
	drawn, err := draw(o.resumes)
	if err != nil {
		return nil, err
	}
	all = append(all, drawn...)
	var token string
	for i, f := range all {
		if i%perGuest == 0 {
			if token, err = s.guest(ctx); err != nil {
				return nil, err
			}
		}
		// One that cannot be read is none of two pages.
		if u, err := s.upload(ctx, token, filepath.Base(f.name), f.data); err == nil && u.Pages == 2 {
			out = append(out, f)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no PDF of two pages below %s", o.fixtures)
	}
	return out, nil
}

// drawnMost is how many labelled resumes are drawn as PDFs.
const drawnMost = 12

// draw makes PDFs of labelled resumes in plain type, since the tree has few of two pages.
func draw(dir string) ([]pdf, error) {
	resumes, err := labelled.Load(os.DirFS(dir), func(string) bool { return true })
	if err != nil {
		return nil, err
	}
	var out []pdf
	for _, r := range resumes {
		if r.Language != "en" || len(out) == drawnMost {
			continue
		}
		p := evals.PDF{Columns: []string{r.Text}}
		data, err := p.Render()
		if err != nil {
			continue // a sign that Helvetica lacks
		}
		out = append(out, pdf{name: "drawn/" + r.Name + ".pdf", data: data})
	}
	return out, nil
}

// at uploads so many a second, each when it is due whatever became of those before, and asks for the report as soon as the resume is there.
func (s *server) at(ctx context.Context, files []pdf, rate int, long time.Duration) (pace, error) {
	p := pace{Pace: rate, Count: int(long.Seconds() * float64(rate))}
	tokens := make([]string, p.Count/perGuest+1)
	for i := range tokens {
		var err error
		if tokens[i], err = s.guest(ctx); err != nil {
			return p, err
		}
	}
	var (
		wg            sync.WaitGroup
		mu            sync.Mutex
		flying        atomic.Int64
		whole, stored []float64
		failure       error
	)
	before, start := s.cpu(), time.Now()
	for i := range p.Count {
		due := start.Add(time.Duration(i) * time.Second / time.Duration(rate))
		if err := wait(ctx, time.Until(due)); err != nil {
			return p, err
		}
		f := files[i%len(files)]
		flying.Add(1)
		wg.Go(func() {
			defer flying.Add(-1)
			// No two files are the same bytes: what follows the end of a PDF is not read.
			data := append(bytes.Clone(f.data), fmt.Sprintf("\n%% %d of %d\n", i, rate)...)
			u, err := s.upload(ctx, tokens[i/perGuest], filepath.Base(f.name), data)
			half := time.Since(due)
			if err == nil {
				err = s.gaps(ctx, tokens[i/perGuest], u.ID, comparedRoles[i%len(comparedRoles)])
			}
			took := time.Since(due)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				p.Failed++
				failure = err
				return
			}
			whole, stored = append(whole, ms(took)), append(stored, ms(half))
		})
	}
	p.Waiting = int(flying.Load())
	wg.Wait()
	if len(whole) == 0 {
		return p, fmt.Errorf("every upload failed, the last with: %w", failure)
	}
	p.CPU = ms(s.cpu()-before) / float64(p.Count)
	p.P50, p.P95, p.P99, p.Upload = percentile(whole, 0.5), percentile(whole, 0.95), percentile(whole, 0.99), percentile(stored, 0.5)
	p.Holds = p.Failed == 0 && float64(p.Waiting) <= max(3, float64(rate)*patience.Seconds())
	return p, nil
}

// wait waits, unless the context ends before.
func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// percentile is the value at a share of them in order.
func percentile(values []float64, share float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[min(int(share*float64(len(sorted))), len(sorted)-1)]
}
