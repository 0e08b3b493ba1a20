package evals

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func suiteOf(name string) string {
	suite, _, _ := strings.Cut(name, "/")
	return suite
}

func joined(names []string) string { return strings.Join(names, ", ") }

// paint colours words for a terminal.
type paint bool

func (p paint) in(code, text string) string {
	if !p {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// Print writes every failure with what was expected and what came, then a table by suite, then what is red and why.
func (r *Report) Print(w io.Writer, colour bool) error {
	p := paint(colour)
	var b strings.Builder
	for i := range r.Cases {
		c := &r.Cases[i]
		if c.Passed {
			continue
		}
		fmt.Fprintf(&b, "%s %s (%s)\n  %s\n", p.in("31;1", "FAIL"), c.Name(), c.Place, c.About)
		for _, m := range c.Messages {
			fmt.Fprintf(&b, "  - %s\n", m)
		}
		b.WriteByte('\n')
	}
	r.table(&b)
	if c := r.Against; c != nil {
		c.print(&b)
	}
	for _, t := range r.Tapes {
		fmt.Fprintf(&b, "%s\n", t)
	}
	b.WriteString("\n" + r.Note + "\n")
	for _, reason := range r.Reasons {
		fmt.Fprintf(&b, "%s %s\n", p.in("31;1", "RED"), reason)
	}
	verdict := p.in("32;1", "green")
	if !r.OK() {
		verdict = p.in("31;1", "red")
	}
	fmt.Fprintf(&b, "%s: %d passed, %d failed in %s\n", verdict, r.Passed, r.Failed, r.Took.Round(100*time.Millisecond))
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *Report) table(b *strings.Builder) {
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "suite\tcases\tpassed\trate (95 %)\tscore\tpass^k\tcost\tseconds\tmeasured") // a strings.Builder takes everything
	for _, s := range r.Suites {
		var measured []string
		for _, name := range sortedKeys(s.Metrics) {
			measured = append(measured, fmt.Sprintf("%s %.3f", name, s.Metrics[name]))
		}
		_, _ = fmt.Fprintf(t, "%s\t%d\t%d\t%.2f (%.2f–%.2f)\t%.3f\t%.2f\t$%s\t%.1f\t%s\n", // as above
			s.Suite, s.Cases, s.Passed, s.Rate, s.Low, s.High, s.Score, s.PassAll, s.Cost, float64(s.MS)/1000, strings.Join(measured, ", "))
	}
	_ = t.Flush() // as above
}

func (c *Comparison) print(b *strings.Builder) {
	fmt.Fprintf(b, "\nagainst the baseline: %d cases in both, %d new, %d gone, %d broken, %d fixed\n", c.Pairs, len(c.New), len(c.Gone), len(c.Broken), len(c.Fixed))
	if len(c.New) > 0 {
		fmt.Fprintf(b, "  new: %s\n", clip(joined(c.New), 400))
	}
	if len(c.Gone) > 0 {
		fmt.Fprintf(b, "  gone: %s\n", clip(joined(c.Gone), 400))
	}
	for _, s := range c.Suites {
		if s.Down+s.Up > 0 {
			fmt.Fprintf(b, "  %s: score %+.3f (95 %%: %+.3f to %+.3f), %d down, %d up, sign test p = %.3f\n", s.Suite, s.Change, s.Low, s.High, s.Down, s.Up, s.P)
		}
	}
	for i, m := range c.Moved {
		if i == 20 {
			fmt.Fprintf(b, "  … and %d more\n", len(c.Moved)-i)
			break
		}
		fmt.Fprintf(b, "  %s\n", m.String())
	}
}

// String is one line.
func (m Moved) String() string {
	out := m.Name + ":"
	if round(m.Was) != round(m.Is) {
		out += fmt.Sprintf(" score %.3f → %.3f", m.Was, m.Is)
	}
	if m.CostWas != m.CostIs {
		out += fmt.Sprintf(" cost $%s → $%s", m.CostWas, m.CostIs)
	}
	if !slices.Equal(m.PromptsWere, m.PromptsAre) {
		out += fmt.Sprintf(" prompt %s → %s", joined(m.PromptsWere), joined(m.PromptsAre))
	}
	return out
}

// Print writes a comparison of two runs that were kept as files.
func (c *Comparison) Print(w io.Writer) error {
	var b strings.Builder
	c.print(&b)
	for _, s := range c.Suites {
		if s.Dropped {
			fmt.Fprintf(&b, "DROPPED %s by %.3f (95 %%: %.3f to %.3f)\n", s.Suite, -s.Change, s.Low, s.High)
		}
	}
	for _, name := range c.Broken {
		fmt.Fprintf(&b, "BROKEN %s\n", name)
	}
	_, err := io.WriteString(w, strings.TrimPrefix(b.String(), "\n"))
	return err
}

// Worse tells whether the later run is worse: a case broke, or a suite's scores dropped significantly.
func (c *Comparison) Worse() bool {
	return len(c.Broken) > 0 || slices.ContainsFunc(c.Suites, func(s SuiteChange) bool { return s.Dropped })
}
