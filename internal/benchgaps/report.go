package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// report is everything that was measured.
type report struct {
	Go          string     `json:"go"`
	CPUs        int        `json:"cpus"`
	Load        float64    `json:"load"` // processes that wanted to run before it began; over a few tenths the times are too high; under 0 unknown
	Compared    compared   `json:"compared"`
	Calibration calibrated `json:"calibration"`
	Uploads     *uploads   `json:"uploads,omitempty"`
	Musts       []must     `json:"musts"`
}

// must is a figure that has to hold.
type must struct {
	Name     string `json:"name"`
	Need     string `json:"need"`
	Measured string `json:"measured"`
	OK       bool   `json:"ok"`
}

func (rep *report) musts() []must {
	var out []must
	add := func(name, need string, ok bool, form string, args ...any) {
		out = append(out, must{Name: name, Need: need, Measured: fmt.Sprintf(form, args...), OK: ok})
	}
	c := rep.Compared
	add("CPU of a comparison, read and kept", "≤ 2 ms", c.CPU <= 2, "%.2f ms", c.CPU)
	add("round trips of a comparison", "≤ 2", c.Trips <= 2, "%.0f", c.Trips)
	add(fmt.Sprintf("CPU of ranking all %d roles", c.Ranked), "≤ 15 ms", c.RankCPU <= 15, "%.1f ms", c.RankCPU)
	pairs := rep.Calibration.Senior
	add("seniors readier than juniors of the field", "≥ 95 %", pairs.Share() >= 0.95, "%.1f %% of %d pairs", 100*pairs.Share(), pairs.Pairs)
	if rep.Uploads == nil {
		return out
	}
	held := rep.Uploads.Paces[0]
	add(fmt.Sprintf("upload to report at %d a second, p50", held.Pace), "≤ 60 ms", held.P50 <= 60, "%.0f ms", held.P50)
	add(fmt.Sprintf("upload to report at %d a second, p99", held.Pace), "≤ 250 ms", held.P99 <= 250, "%.0f ms", held.P99)
	add("uploads a second before the queue grows", "≥ 40", rep.Uploads.Best >= 40, "%d", rep.Uploads.Best)
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
func (rep *report) write(out io.Writer, verbose bool) {
	c := rep.Compared
	fmt.Fprintf(out, "%d CPUs, %s; load before it began: %.2f\n", rep.CPUs, rep.Go, rep.Load)
	fmt.Fprintf(out, "%d comparisons of %d resumes: Compare alone %.2f ms of CPU, with reading and keeping %.2f, %.1f ms from call to answer\n", c.Count, c.Resumes, c.AloneCPU, c.CPU, c.Wall)
	fmt.Fprintf(out, "ranking %d roles: %.1f ms of CPU and %.0f round trips with the vectors in the database, %.1f ms from call to answer; %.1f ms of CPU with all vectors in memory\n",
		c.Ranked, c.RankCPU, c.RankTrips, c.RankWall, c.SpaceCPU)
	if u := rep.Uploads; u != nil {
		fmt.Fprintf(out, "PDFs of two pages (%d): %s; %.0f ms of CPU an upload, of the server, its readers and its database\n\n", len(u.Files), strings.Join(u.Files, " "), u.CPU)
		w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "uploads a second\tuploads\tfailed\tms p50\tp95\tp99\tstored p50\tin flight at the end\tCPU ms\tholds")
		for _, p := range u.Paces {
			fmt.Fprintf(w, "%d\t%d\t%d\t%.0f\t%.0f\t%.0f\t%.0f\t%d\t%.0f\t%v\n", p.Pace, p.Count, p.Failed, p.P50, p.P95, p.P99, p.Upload, p.Waiting, p.CPU, p.Holds)
		}
		w.Flush()
	}
	rep.writeCalibration(out, verbose)
	fmt.Fprintln(out)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
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

func (rep *report) writeCalibration(out io.Writer, verbose bool) {
	c := rep.Calibration
	fmt.Fprintf(out, "\nreadiness for the role that suits best, mean: juniors %.3f, the middle %.3f, seniors %.3f\n", c.Means[0], c.Means[1], c.Means[2])
	fmt.Fprintf(out, "pairs of one field: seniors above juniors %d of %d, the middle above juniors %d of %d\n", c.Senior.Ordered, c.Senior.Pairs, c.Mid.Ordered, c.Mid.Pairs)
	for _, r := range c.Senior.Reversed {
		fmt.Fprintln(out, "  "+r)
	}
	if !verbose {
		return
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "readiness\tseniority\tresume\trole")
	for _, s := range c.Scores {
		fmt.Fprintf(w, "%.3f\t%s\t%s\t%s\n", s.Readiness, s.Seniority, s.Name, s.Role)
	}
	w.Flush()
}
