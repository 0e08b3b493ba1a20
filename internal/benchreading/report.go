package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/gapwise/gapwise/resume"
)

// report is everything that was measured.
type report struct {
	Go      string   `json:"go"`
	CPUs    int      `json:"cpus"`
	Load    float64  `json:"load"`         // processes that wanted to run before it began; over a few tenths the times are too high; under 0 unknown
	Reads   int      `json:"warm_reads"`   // timed readings of each file
	Uploads int      `json:"upload_reads"` // of each file of two pages
	Skipped int      `json:"skipped"`      // files that are no PDFs
	Files   []result `json:"files"`
	Memory  memory   `json:"memory"`
	Overall overall  `json:"overall"`
	Musts   []must   `json:"musts"`
}

// overall are the figures of all files with text.
type overall struct {
	WithText       int                       `json:"files_with_text"`
	F1Mean         float64                   `json:"word_f1_mean"`
	F1Median       float64                   `json:"word_f1_median"`
	F1FieldsMean   float64                   `json:"word_f1_by_white_space_mean"`
	F1FieldsMedian float64                   `json:"word_f1_by_white_space_median"`
	UnderHalf      []string                  `json:"files_under_half"`
	Glued          []string                  `json:"files_over_5_percent_glued"`
	TwoColumns     []string                  `json:"two_column_files"`
	Interleave     float64                   `json:"interleave_median"` // of Worst
	Share          float64                   `json:"interleave_share_median"`
	RefInterleave  float64                   `json:"interleave_pdftotext_median"`
	Sections       int                       `json:"sections"`
	Positions      int                       `json:"positions"`
	MsPage50       float64                   `json:"ms_a_page_p50"`
	MsPage95       float64                   `json:"ms_a_page_p95"`
	MsFastest50    float64                   `json:"ms_a_page_fastest_p50"` // of each file's fastest reading, which other work on the machine disturbs least
	MsFastest95    float64                   `json:"ms_a_page_fastest_p95"`
	CPUPage        float64                   `json:"cpu_ms_a_page"` // mean of the children's, 0 where unknown
	MsRef50        float64                   `json:"ms_a_page_pdftotext_p50"`
	MsRef95        float64                   `json:"ms_a_page_pdftotext_p95"`
	MsUpload95     float64                   `json:"ms_two_pages_p95"`
	Uploads        int                       `json:"two_page_reads"`
	WithoutText    map[string]resume.Outcome `json:"outcomes_without_text"`
	NotRead        []string                  `json:"not_read"` // pdftotext has text of them, we do not
}

// must is a figure that has to hold.
type must struct {
	Name     string `json:"name"`
	Need     string `json:"need"`
	Measured string `json:"measured"`
	OK       bool   `json:"ok"`
	Skipped  bool   `json:"skipped,omitempty"` // there was nothing to measure it on
}

// summarise makes the overall figures and the musts of the files'.
func (rep *report) summarise() {
	o := &rep.Overall
	*o = overall{UnderHalf: []string{}, Glued: []string{}, TwoColumns: []string{}, NotRead: []string{}, WithoutText: map[string]resume.Outcome{}}
	var f, ff, in, share, ref, page, fastest, refs, upload []float64
	var used, usedPages float64
	for _, r := range rep.Files {
		if !r.HasText {
			o.WithoutText[r.File] = r.Outcome
			continue
		}
		o.WithText++
		f, ff = append(f, r.F1), append(ff, r.F1Fields)
		if r.F1 < 0.5 {
			o.UnderHalf = append(o.UnderHalf, r.File)
		}
		if r.Outcome != resume.OutcomeOK {
			o.NotRead = append(o.NotRead, r.File)
		}
		if r.Glued > 0.05 {
			o.Glued = append(o.Glued, r.File)
		}
		if r.Interleave != nil {
			o.TwoColumns = append(o.TwoColumns, r.File)
			in, share, ref = append(in, r.Interleave.Worst), append(share, r.Interleave.Share), append(ref, r.Reference.Worst)
		}
		o.Sections += r.Sections
		o.Positions += r.Positions
		fastest, used, usedPages = append(fastest, r.MsFastest), used+ms(r.cpu), usedPages+r.cpuPages
		page, upload, refs = append(page, r.msPage...), append(upload, r.msUpload...), append(refs, r.MsRef)
	}
	o.F1Mean, o.F1Median, o.F1FieldsMean, o.F1FieldsMedian = mean(f), median(f), mean(ff), median(ff)
	o.Interleave, o.Share, o.RefInterleave = median(in), median(share), median(ref)
	o.MsPage50, o.MsPage95 = percentile(page, 0.5), percentile(page, 0.95)
	o.MsFastest50, o.MsFastest95, o.CPUPage = percentile(fastest, 0.5), percentile(fastest, 0.95), used/max(usedPages, 1)
	o.MsRef50, o.MsRef95 = percentile(refs, 0.5), percentile(refs, 0.95)
	o.MsUpload95, o.Uploads = percentile(upload, 0.95), len(upload)
	rep.Musts = rep.musts()
}

func (rep *report) musts() []must {
	o := &rep.Overall
	figure := func(name, form string, got float64, need string, ok, measured bool) must {
		m := must{Name: name, Need: need, Measured: fmt.Sprintf(form, got), OK: ok, Skipped: !measured}
		if !measured {
			m.Measured = "not measured"
		}
		return m
	}
	text := o.WithText > 0
	return []must{
		figure("mean word F1", "%.4f", o.F1Mean, "≥ .975", o.F1Mean >= 0.975, text),
		figure("median word F1", "%.4f", o.F1Median, "≥ .995", o.F1Median >= 0.995, text),
		figure("files under .5", "%.0f", float64(len(o.UnderHalf)), "0", len(o.UnderHalf) == 0, text),
		figure("files with over 5 % glued words", "%.0f", float64(len(o.Glued)), "≤ 1", len(o.Glued) <= 1, text),
		figure("median interleave on two-column files", "%.3f", o.Interleave, "≤ .10", o.Interleave <= 0.10, len(o.TwoColumns) > 0),
		figure("ms a page p50, warm", "%.1f", o.MsPage50, "≤ 6", o.MsPage50 <= 6, text),
		figure("ms a page p95, warm", "%.1f", o.MsPage95, "≤ 25", o.MsPage95 <= 25, text),
		figure("ms a file of 2 pages p95, warm", "%.1f", o.MsUpload95, "≤ 300", o.MsUpload95 <= 300, o.Uploads > 0),
		figure("MiB resident of a child, peak", "%.0f", rep.Memory.Peak, "≤ 150", rep.Memory.Peak <= 150, rep.Memory.Measured),
	}
}

// missed names the musts that do not hold.
func (rep *report) missed() []string {
	var out []string
	for _, m := range rep.Musts {
		if !m.OK && !m.Skipped {
			out = append(out, m.Name)
		}
	}
	return out
}

// write prints the tables.
func (rep *report) write(out io.Writer, verbose bool) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "file\toutcome\tpages\twords\tpdftotext\tF1\tF1 by space\tglued %\tof 8+ %\tinterleave\tshare\tpdftotext's\tsections\tpositions\tms/page\tpdftotext's")
	for _, r := range rep.Files {
		if !r.HasText {
			fmt.Fprintf(w, "%s\t%s\t%d\t\t%d\t\t\t\t\t\t\t\t%d\t%d\t\t%.1f\n", r.File, r.Outcome, r.Pages, r.WordsRef, r.Sections, r.Positions, r.MsRef)
			continue
		}
		in := "\t\t"
		if r.Interleave != nil {
			in = fmt.Sprintf("%.3f\t%.3f\t%.3f", r.Interleave.Worst, r.Interleave.Share, r.Reference.Worst)
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%.4f\t%.4f\t%.2f\t%.2f\t%s\t%d\t%d\t%.1f\t%.1f\n", r.File, r.Outcome, r.Pages, r.Words, r.WordsRef, r.F1, r.F1Fields,
			100*r.Glued, 100*r.Glued8, in, r.Sections, r.Positions, r.MsPage, r.MsRef)
	}
	w.Flush()
	if verbose {
		for _, r := range rep.Files {
			if len(r.Missing)+len(r.Extra) > 0 {
				fmt.Fprintf(out, "%s lacks: %s\n%[1]s has besides: %[3]s\n", r.File, strings.Join(r.Missing, " "), strings.Join(r.Extra, " "))
			}
			if len(r.GluedWords) > 0 {
				fmt.Fprintf(out, "glued in %s: %s\n", r.File, strings.Join(r.GluedWords, " "))
			}
		}
	}
	rep.writeOverall(out)
}

func (rep *report) writeOverall(out io.Writer) {
	o := &rep.Overall
	fmt.Fprintf(out, "\n%d PDFs, %d with text, %d other files not read; %d CPUs, %s\n", len(rep.Files), o.WithText, rep.Skipped, rep.CPUs, rep.Go)
	fmt.Fprintf(out, "word F1 by white space: mean %.4f, median %.4f\n", o.F1FieldsMean, o.F1FieldsMedian)
	fmt.Fprintf(out, "two columns (%d): %s\n", len(o.TwoColumns), strings.Join(o.TwoColumns, " "))
	fmt.Fprintf(out, "interleave of steps, median: %.3f; pdftotext's interleave, median: %.3f\n", o.Share, o.RefInterleave)
	fmt.Fprintf(out, "sections %d, positions %d\n", o.Sections, o.Positions)
	fmt.Fprintf(out, "load before it began: %.2f; ms a page of each file's fastest reading: p50 %.1f, p95 %.1f; the children's CPU: mean %.1f\n", rep.Load, o.MsFastest50, o.MsFastest95, o.CPUPage)
	fmt.Fprintf(out, "pdftotext's ms a page: p50 %.1f, p95 %.1f, a process each\n", o.MsRef50, o.MsRef95)
	if rep.Memory.Measured {
		fmt.Fprintf(out, "MiB resident of a child: median %.0f, peak %.0f\n", rep.Memory.Median, rep.Memory.Peak)
	}
	for _, name := range sortedKeys(o.WithoutText) {
		fmt.Fprintf(out, "without text: %s is %s\n", name, o.WithoutText[name])
	}
	for _, name := range o.NotRead {
		fmt.Fprintf(out, "NOT READ: %s, of which pdftotext has text\n", name)
	}
	fmt.Fprintln(out)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "measure\tmust\tmeasured\t")
	for _, m := range rep.Musts {
		verdict := "missed"
		switch {
		case m.Skipped:
			verdict = ""
		case m.OK:
			verdict = "ok"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", m.Name, m.Need, m.Measured, verdict)
	}
	w.Flush()
}

func mean(v []float64) float64 {
	total := 0.0
	for _, x := range v {
		total += x
	}
	return total / float64(max(len(v), 1))
}

func compareNames(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }

func sortedKeys(m map[string]resume.Outcome) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
