package web

import (
	"fmt"
	"html/template"
	"strconv"
	"time"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/web/locale"
)

// wordFuncs are the functions of templates that speak a language. They take the place of those of pageFuncs that have the same name.
func wordFuncs(l *locale.Language) template.FuncMap {
	return template.FuncMap{
		"t":     func(key string, args ...any) (string, error) { return say(l, key, args...) },
		"th":    func(key string, args ...any) (template.HTML, error) { return sayHTML(l, key, args...) },
		"of":    func(set string, value any, args ...any) string { return l.Of(set, value, args...) },
		"count": func(what string, n int) string { return l.Of("count", what, n) },
		"num":   l.Number, "thousands": l.Number, "percent": l.Percent, "list": l.List, "moment": l.Moment,
		"decimal": func(n float64, digits int) string { return l.Decimal(n, digits) },
		"level":   func(level int) string { return l.Of("level", level) },
		"english": func(text string) template.HTML { return english(l, text) },
		"detail":  func(p *Problem) template.HTML { return detail(l, p) },
		"day":     func(s string) string { return written(s, time.DateOnly, l.Day) },
		"month": func(s string) string {
			if s == resume.Present {
				return l.Say("date.present")
			}
			return written(s, "2006-01", l.Month)
		},
	}
}

func say(l *locale.Language, key string, args ...any) (string, error) {
	if !l.Has(key) {
		return "", fmt.Errorf("%s has no message %s", l.Code, key)
	}
	return l.Say(key, args...), nil
}

// sayHTML gives a message that is written with markup. What is put into it is escaped, unless it is markup itself.
func sayHTML(l *locale.Language, key string, args ...any) (template.HTML, error) {
	for i, a := range args {
		switch a := a.(type) {
		case template.HTML:
			args[i] = string(a)
		case string:
			args[i] = template.HTMLEscapeString(a)
		case fmt.Stringer:
			args[i] = template.HTMLEscapeString(a.String())
		}
	}
	s, err := say(l, key, args...)
	return template.HTML(s), err //nolint:gosec // G203: the message is ours, and what is put into it is escaped above
}

// written reads a date and writes it in words; what is no date stays as it is.
func written(s, layout string, write func(time.Time) string) string {
	t, err := time.Parse(layout, s)
	if err != nil {
		return s
	}
	return write(t)
}

// detail is what went wrong, in the page's language where that has a message for its code, and in English otherwise.
func detail(l *locale.Language, p *Problem) template.HTML {
	if key := "problem." + p.Code; l.Has(key) {
		return template.HTML(template.HTMLEscapeString(l.Say(key))) //nolint:gosec // G203: it is escaped
	}
	return english(l, p.Detail)
}

// english marks a text that there is in English alone, such as one of the catalogue, for who reads the page aloud in another language.
func english(l *locale.Language, text string) template.HTML {
	escaped := template.HTMLEscapeString(text)
	if l.Code == "en" {
		return template.HTML(escaped) //nolint:gosec // G203: it is escaped
	}
	return template.HTML(`<span lang="en">` + escaped + `</span>`) //nolint:gosec // G203: it is escaped
}

// dict makes the arguments of a part from names and values in turn.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict: %d values, which are no pairs", len(pairs))
	}
	out := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: %v is no name", pairs[i])
		}
		out[name] = pairs[i+1]
	}
	return out, nil
}

// The geometry of drawn figures. A bullet has five steps of 20 with a gap of 1, so that 104 leaves room for the mark of what is asked.
const (
	stepWidth = 20
	markWidth = 2
)

type step struct{ X int }

// drawFuncs are what the parts that are drawn compute with.
func drawFuncs() template.FuncMap {
	return template.FuncMap{
		"top": func(n int, skills []gapanalysis.MarketSkill) []gapanalysis.MarketSkill {
			return skills[:min(n, len(skills))]
		},
		"across": func(share float64) string { return strconv.FormatFloat(100*max(0, min(1, share)), 'f', 1, 64) },
		"steps": func() []step {
			out := make([]step, catalog.LevelExpert)
			for i := range out {
				out[i].X = i * stepWidth
			}
			return out
		},
		"reach": func(level int) int { return max(0, level*stepWidth-1) },
		"mark":  func(level int) int { return max(0, level*stepWidth-markWidth+1) },
	}
}
