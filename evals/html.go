package evals

import (
	"bytes"
	_ "embed" // of the page's template
	"fmt"
	"html/template"
	"strings"

	"github.com/gapwise/gapwise/gateway"
)

//go:embed report.tmpl
var pageTemplate string

// briefly is how much of each text of a case that passed is on the page, in code points: nobody reads on there, and all of it is in report.json.
const briefly = 250

// asked are the messages of a question to the model that are on the page: all where the case failed, else the end of the last, where the
// person's own message stands.
func asked(c *Result, q Question) []gateway.Message {
	if !c.Passed || len(q.Messages) == 0 {
		return q.Messages
	}
	last := q.Messages[len(q.Messages)-1]
	if r := []rune(last.Content); len(r) > briefly {
		last.Content = "…" + string(r[len(r)-briefly:])
	}
	return []gateway.Message{last}
}

// HTML is the report as one page that needs nothing else: no script, no style sheet, no picture of another file.
func (r *Report) HTML() ([]byte, error) {
	moved := map[string]Moved{}
	fresh := map[string]bool{}
	if r.Against != nil {
		for _, m := range r.Against.Moved {
			moved[m.Name] = m
		}
		for _, name := range r.Against.New {
			fresh[name] = true
		}
	}
	t, err := template.New("report").Funcs(template.FuncMap{
		"join":    strings.Join,
		"percent": func(x float64) string { return fmt.Sprintf("%.0f %%", 100*x) },
		"figure":  func(x float64) string { return fmt.Sprintf("%.3f", x) },
		"signed":  func(x float64) string { return fmt.Sprintf("%+.3f", x) },
		"of": func(suite string) []*Result {
			var out []*Result
			for i := range r.Cases {
				if r.Cases[i].Suite == suite {
					out = append(out, &r.Cases[i])
				}
			}
			return out
		},
		"cut": func(c *Result, text string) string {
			if c.Passed {
				return clip(text, briefly)
			}
			return text
		},
		"asked": asked,
		"change": func(c *Result) string {
			switch m, ok := moved[c.Name()]; {
			case ok:
				return strings.TrimPrefix(m.String(), m.Name+": ")
			case fresh[c.Name()]:
				return "new"
			}
			return "–"
		},
		"div":  func(ms int64) float64 { return float64(ms) / 1000 },
		"took": func() string { return seconds(r.Took.Milliseconds()) },
	}).Parse(pageTemplate)
	if err != nil {
		return nil, fmt.Errorf("write the page: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, r); err != nil {
		return nil, fmt.Errorf("write the page: %w", err)
	}
	return b.Bytes(), nil
}
