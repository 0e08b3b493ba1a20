package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"text/tabwriter"
)

// report is everything that was measured.
type report struct {
	Go     string     `json:"go"`
	CPUs   int        `json:"cpus"`
	Memory int64      `json:"machine_memory_bytes"`
	Load   float64    `json:"load"` // processes that wanted to run before it began; over a few tenths the times are too high; under 0 unknown
	Server string     `json:"postgresql"`
	Vector string     `json:"pgvector"`
	Sample shape      `json:"sample_postings"` // of the built-in model's vectors
	Model  string     `json:"model"`
	Sizes  []measured `json:"sizes"`
	Musts  []must     `json:"musts"`
}

// must is a figure that has to hold.
type must struct {
	Name     string `json:"name"`
	Need     string `json:"need"`
	Measured string `json:"measured"`
	OK       bool   `json:"ok"`
}

// judged is the size at which the musts hold.
const judged = 1_000_000

// musts of the size at which they hold; nil of any other.
func (m *measured) musts() []must {
	if m.Rows != judged {
		return nil
	}
	var out []must
	add := func(name, form string, got float64, need string, ok bool) {
		out = append(out, must{name, need, fmt.Sprintf(form, got), ok})
	}
	for _, r := range m.Recalls {
		if r.Way == "gapwise" {
			add("recall@20, "+r.Search, "%.4f", r.Recall, "≥ .97", r.Recall >= 0.97)
		}
	}
	for _, c := range m.Cells {
		if c.Way == "gapwise" && c.Search == "plain" && c.Clients == 1 {
			add("p99 at 1 client, plain", "%.1f ms", c.P99, "≤ 10 ms", c.P99 <= 10)
		}
	}
	for _, r := range m.Overheads {
		if r.Search == "plain" {
			add("our code over the bare statement at p50", "%+.1f %%", 100*(r.Ratio-1), "≤ 15 %", r.Ratio <= 1.15)
		}
	}
	add("rows loaded a second, with vectors", "%.0f", m.Rate, "≥ 20000", m.Rate >= 20_000)
	if m.Memory > 0 {
		add("resident memory of the searching process", "%.0f MB", float64(m.Memory)/1e6, "≤ 100 MB", m.Memory <= 100e6)
	}
	return out
}

// missed names the musts that do not hold.
func (rep *report) missed() []string {
	var out []string
	for _, m := range rep.Musts {
		if !m.OK {
			out = append(out, m.Name)
		}
	}
	return out
}

// write prints the tables.
func (rep *report) write(out io.Writer) {
	fmt.Fprintf(out, "PostgreSQL %s, pgvector %s; %d CPUs, %.0f GB; load before it began: %.2f; %s\n", rep.Server, rep.Vector, rep.CPUs, float64(rep.Memory)/1e9, rep.Load, rep.Go)
	fmt.Fprintln(out, "\ncosines, p10 p50 p90, of as many vectors as there are sample postings")
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "vectors\tbetween any two\tto the nearest\tto the tenth nearest")
	shapes := func(name string, s shape) {
		fmt.Fprintf(w, "%s (%d)\t%.2f\t%.2f\t%.2f\n", name, s.Vectors, s.Pairs, s.Nearest, s.Tenth)
	}
	shapes("sample postings by "+rep.Model, rep.Sample)
	for i := range rep.Sizes[:min(1, len(rep.Sizes))] {
		shapes("made", rep.Sizes[i].Shape)
	}
	w.Flush()
	for i := range rep.Sizes {
		rep.Sizes[i].write(out)
	}
	if len(rep.Musts) == 0 {
		return
	}
	fmt.Fprintln(out)
	fmt.Fprintln(w, "measure\tmust\tmeasured\t")
	for _, m := range rep.Musts {
		verdict := "missed"
		if m.OK {
			verdict = "ok"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", m.Name, m.Need, m.Measured, verdict)
	}
	w.Flush()
}

func (m *measured) write(out io.Writer) {
	mb := func(n int64) float64 { return float64(n) / 1e6 }
	fmt.Fprintf(out, "\n%d postings, shared_buffers %s\n", m.Rows, m.MemoryUsed)
	fmt.Fprintf(out, "loaded %.0f rows a second with vectors (%.0f µs of the server's CPU a row; load %.1f), %.0f with the full-text column in place too (%.0f µs); vectors alone %.0f; %s in all\n",
		m.Rate, m.CPU, m.Load, m.TextRate, m.TextCPU, m.VectorRate, seconds(m.LoadSeconds))
	fmt.Fprintf(out, "HNSW built in %s (%s of CPU), %.0f MB; full text and other indexes in %s, %.0f MB; postings %.0f MB, vectors %.0f MB\n",
		seconds(m.HNSWSeconds), seconds(m.HNSWCPU), mb(m.HNSWBytes), seconds(m.TextSeconds), mb(m.TextBytes), mb(m.RowsBytes), mb(m.VectorBytes))
	fmt.Fprintf(out, "the filter passes %.2f %%; the searching process took at most %.0f MB\n", 100*m.Filtered, mb(m.Memory))
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "search\tby\tef_search\trecall@20\tworst\tqueries")
	for _, r := range m.Recalls {
		fmt.Fprintf(w, "%s\t%s\t%d\t%.4f\t%.2f\t%d\n", r.Search, r.Way, r.View, r.Recall, r.Worst, r.Queries)
	}
	w.Flush()
	fmt.Fprintln(w, "search\tby\tef_search\tclients\tp50 ms\tp95 ms\tp99 ms\ta second\tsearches")
	for _, c := range m.Cells {
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%.2f\t%.2f\t%.2f\t%.0f\t%d\n", c.Search, c.Way, c.View, c.Clients, c.P50, c.P95, c.P99, c.Rate, c.Count)
	}
	w.Flush()
	fmt.Fprintln(w, "one client\tgapwise p50 ms\tbare p50 ms\tratio\tgapwise CPU ms")
	for _, r := range m.Overheads {
		fmt.Fprintf(w, "%s\t%.2f\t%.2f\t%.3f\t%.2f\n", r.Search, r.Ours, r.Bare, r.Ratio, r.CPU)
	}
	w.Flush()
}

// percentile is by nearest rank; v need not be in order.
func percentile(v []float64, p float64) float64 {
	if len(v) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(v))
	return s[min(len(s)-1, max(0, int(math.Ceil(p*float64(len(s))))-1))]
}

func mean(v []float64) float64 {
	total := 0.0
	for _, x := range v {
		total += x
	}
	return total / float64(max(len(v), 1))
}
