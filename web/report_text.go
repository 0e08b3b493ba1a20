package web

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
)

// statuses in the order in which a report on paper lists them: what is left to do first.
var statuses = [...]gapanalysis.Status{gapanalysis.Missing, gapanalysis.Transferable, gapanalysis.Partial, gapanalysis.Have}

// oneLine is a text without line ends and runs of white space: words of a resume come as they stand there.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// thousandths writes a share as hundredths with one decimal, as points are counted.
func thousandths(share float64) string {
	return strconv.FormatFloat(math.Round(share*1000)/10, 'f', 1, 64)
}

// hoursWords is the median with its quartiles, or "none".
func hoursWords(h catalog.Hours) string {
	if h.P50 == 0 {
		return "none"
	}
	return fmt.Sprintf("%s h (%s to %s)", thousands(h.P50), thousands(h.P25), thousands(h.P75))
}

// evidenceWords are the words of the resume that a row rests on, each once.
func evidenceWords(g gapanalysis.SkillGap) []string {
	var out []string
	for _, m := range g.Evidence {
		if w := oneLine(m.Text); !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// evidencePlaces are the same with where they stand: offsets in code points of the text, half-open.
func evidencePlaces(g gapanalysis.SkillGap) string {
	out := make([]string, len(g.Evidence))
	for i, m := range g.Evidence {
		out[i] = fmt.Sprintf("%s (%s, page %d, %d to %d)", oneLine(m.Text), sectionWords(m.Section), m.Page, m.Start, m.End)
	}
	return strings.Join(out, "; ")
}

// needWords are what should be there before a skill is worked on.
func (g given) needWords(needs []gapanalysis.Need) string {
	out := make([]string, len(needs))
	for i, n := range needs {
		met := "missing"
		if n.Met {
			met = "met"
		}
		out[i] = fmt.Sprintf("%s at level %d (%s)", g.Name(n.Skill), n.Level, met)
	}
	return strings.Join(out, "; ")
}

// nextWords is one step that is worth taking first, in a sentence and its figures.
func (g given) nextWords(n gapanalysis.Next) string {
	s := fmt.Sprintf("%s %s points, %s.", n.Why, signed(n.Gain), plural(n.Hours, "hour", "hours"))
	if n.Postings > 0 {
		s += " " + postingsWords(n.Postings)
	}
	return s
}

func postingsWords(n int) string {
	if n == 1 {
		return "It is all that is missing of what 1 posting here must have."
	}
	return fmt.Sprintf("It is all that is missing of what %s postings here must have.", thousands(n))
}

// signed writes a gain in points.
func signed(gain float64) string {
	if gain < 0 {
		return thousandths(gain)
	}
	return "+" + thousandths(gain)
}

// extraWords is one skill that is not asked for.
func (g given) extraWords(x gapanalysis.Extra) string {
	s := fmt.Sprintf("%s, level %d", oneLine(x.Name), x.Level)
	if len(x.Roles) > 0 {
		names := make([]string, len(x.Roles))
		for i, id := range x.Roles {
			names[i] = g.Asks(id)
		}
		s += "; asked for by " + strings.Join(names, ", ")
	}
	return s
}

// AssumedList are the levels of a what-if in words.
func (g given) AssumedList() []string {
	out := make([]string, 0, len(g.Report.Assumed))
	for id, level := range g.Report.Assumed {
		out = append(out, fmt.Sprintf("%s at level %d", g.Name(id), level))
	}
	slices.Sort(out)
	return out
}

// versionWords say what the report was made by.
func (g given) versionWords() string {
	s := fmt.Sprintf("Catalogue %s, reader %s, vectors %s, as of %s", g.Report.CatalogVersion, g.Report.ExtractorVersion, g.Report.Embedder, g.AsOf.Format(time.DateOnly))
	if g.Report.Run != "" {
		return s + ", run " + g.Report.Run
	}
	return s + ", not kept"
}

// markdownMarks are what Markdown takes for marks wherever it stands in a line.
var markdownMarks = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "#", `\#`, "|", `\|`, "~", `\~`, "&", `\&`, "!", `\!`)

// plain makes a text one that Markdown shows as it is, in one line.
func plain(s string) string { return markdownMarks.Replace(oneLine(s)) }

// reportMarkdown is a report to read and to paste.
func reportMarkdown(g given) []byte {
	r := g.Report
	var b bytes.Buffer
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# Gap report: %s\n", plain(g.Title))
	line("**Readiness %s of 100: %s**, give or take %s points.\n", thousandths(r.Readiness), r.Band, thousandths(r.Uncertainty))
	line("- Study that is left: %s", hoursWords(r.Hours))
	line("- Ready on: %s, at %s a week from %s", day(r.ReadyOn), plural(g.Pace, "hour", "hours"), day(g.AsOf.Format(time.DateOnly)))
	if len(r.Assumed) > 0 {
		line("- What-if: this takes for granted %s. It is not kept.", plain(strings.Join(g.AssumedList(), ", ")))
	}
	if len(r.Actions) > 0 {
		line("\n## What moves readiness most\n")
		for i, a := range r.Actions {
			line("%d. %s (%s points)", i+1, plain(a.Text), signed(a.Gain))
		}
	}
	line("\n## Skills\n\nThe points of all rows add up to the readiness of %s.", thousandths(r.Readiness))
	for _, status := range statuses {
		rows := g.rows(status)
		if len(rows) == 0 {
			continue
		}
		line("\n### %s (%d)\n", statusWords(status), len(rows))
		line("| Skill | Level of asked | Points of most | Hours | Why | Needs first | Words of the resume |\n|---|---|---|---|---|---|---|")
		for _, k := range rows {
			line("| %s | %d of %d | %s of %s | %s | %s | %s | %s |", plain(nameWords(k)), k.Evidenced, k.Required, thousandths(k.Points),
				thousandths(k.Weight), hoursWords(k.Hours), plain(g.whyWords(k)), plain(g.needWords(k.Needs)), plain(evidencePlaces(k)))
		}
	}
	if len(r.Next) > 0 {
		line("\n## What to do first\n")
		for i, n := range r.Next {
			line("%d. %s", i+1, plain(g.nextWords(n)))
		}
	}
	if len(r.Extra) > 0 {
		line("\n## Skills beyond what is asked for\n")
		for _, x := range r.Extra {
			line("- %s", plain(g.extraWords(x)))
		}
	}
	line("\n---\n\n%s. Resume %s. Hours are an editorial estimate with its quartiles.", plain(g.versionWords()), r.ResumeID)
	return b.Bytes()
}

// rows are the skills of one status, what to close first before the rest.
func (g given) rows(status gapanalysis.Status) []gapanalysis.SkillGap {
	var out []gapanalysis.SkillGap
	for _, k := range g.Report.Skills {
		if k.Status == status {
			out = append(out, k)
		}
	}
	slices.SortStableFunc(out, func(a, b gapanalysis.SkillGap) int { return a.Priority - b.Priority })
	return out
}

func nameWords(k gapanalysis.SkillGap) string {
	if k.Must {
		return k.Name + " (must)"
	}
	return k.Name
}

// whyWords is a row's reason, with the skill that carries over where that is not in it already.
func (g given) whyWords(k gapanalysis.SkillGap) string {
	if k.Transfer == nil || k.Status == gapanalysis.Transferable {
		return k.Why
	}
	return fmt.Sprintf("%s %s carries over: %s", sentence(k.Why), g.Name(k.Transfer.From), sentence(k.Transfer.Why))
}

// csvHead names the columns of the table of skills. Hours and shares are bare numbers; a list is separated by semicolons.
var csvHead = []string{
	"id", "name", "phase", "status", "must", "required", "evidenced", "weight", "credit", "points", "transfer_from", "transfer_similarity",
	"transfer_credit", "transfer_why", "hours_p25", "hours_p50", "hours_p75", "priority", "why", "prerequisites", "evidence", "claim",
}

// reportCSV is the table of skills (RFC 4180, UTF-8, a head row), in the order of the report.
func reportCSV(g given) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	number := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
	_ = w.Write(csvHead) // a buffer takes all; Error tells of anything else
	for _, k := range g.Report.Skills {
		var t [4]string
		if k.Transfer != nil {
			t = [4]string{k.Transfer.From, number(k.Transfer.Similarity), number(k.Transfer.Credit), k.Transfer.Why}
		}
		row := []string{
			k.ID, k.Name, k.Phase, string(k.Status), strconv.FormatBool(k.Must), strconv.Itoa(k.Required), strconv.Itoa(k.Evidenced), number(k.Weight),
			number(k.Credit), number(k.Points), t[0], t[1], t[2], t[3], strconv.Itoa(k.Hours.P25), strconv.Itoa(k.Hours.P50),
			strconv.Itoa(k.Hours.P75), strconv.Itoa(k.Priority), k.Why, g.needWords(k.Needs), evidencePlaces(k), string(k.Claim),
		}
		for i := range row {
			row[i] = cell(row[i])
		}
		_ = w.Write(row)
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// cell is a text that no spreadsheet takes for a formula: those begin with one of four signs, and words of a resume may.
func cell(s string) string {
	s = oneLine(s)
	if s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}
