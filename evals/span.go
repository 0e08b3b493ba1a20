package evals

import (
	"encoding/json"
	"fmt"
)

// GradeSpans holds every object of a document that has start, end and text against the text of a resume: start and end are code points,
// half-open, and must index exactly those words. It returns how many it looked at. The product's promise is that no claim is without
// words that can be pointed at, so this runs on every answer that speaks of a resume.
func GradeSpans(doc any, text []rune) (looked int, bad []string) {
	var visit func(v any, at string)
	visit = func(v any, at string) {
		switch v := v.(type) {
		case []any:
			for i, e := range v {
				visit(e, fmt.Sprintf("%s[%d]", at, i))
			}
		case map[string]any:
			if words, isText := v["text"].(string); isText {
				if start, end, ok := span(v); ok {
					looked++
					if why := gradeSpan(words, start, end, text); why != "" {
						bad = append(bad, at+": "+why)
					}
				}
			}
			for _, k := range fields(v) {
				visit(v[k], at+"."+k)
			}
		}
	}
	visit(doc, "")
	return looked, bad
}

// span reads start and end where both are whole numbers.
func span(v map[string]any) (start, end int64, ok bool) {
	s, sOK := v["start"].(json.Number)
	e, eOK := v["end"].(json.Number)
	if !sOK || !eOK {
		return 0, 0, false
	}
	start, sErr := s.Int64()
	end, eErr := e.Int64()
	return start, end, sErr == nil && eErr == nil
}

func gradeSpan(words string, start, end int64, text []rune) string {
	if start < 0 || start >= end || end > int64(len(text)) {
		return fmt.Sprintf("expected a span within the resume's %d code points; came [%d, %d)", len(text), start, end)
	}
	if got := string(text[start:end]); got != words {
		return fmt.Sprintf("expected the span [%d, %d) to be %q; the resume has %q there", start, end, words, got)
	}
	return ""
}

// gradeRanges holds the lines, sections and positions of a resume against its text: within it and in order.
func gradeRanges(name string, list any, text []rune) []string {
	var bad []string
	ranges, _ := list.([]any)
	var previous int64
	for i, r := range ranges {
		m, _ := r.(map[string]any)
		start, end, ok := span(m)
		if pair, isPair := m["span"].([]any); isPair && len(pair) == 2 {
			start, end, ok = span(map[string]any{"start": pair[0], "end": pair[1]})
		}
		if !ok || start < previous || end < start || end > int64(len(text)) {
			bad = append(bad, fmt.Sprintf("expected %s[%d] to lie in order within the resume's %d code points; came %s", name, i, len(text), show(r)))
			continue
		}
		previous = start
	}
	return bad
}
