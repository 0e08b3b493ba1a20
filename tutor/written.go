package tutor

import (
	"fmt"
	"strings"
)

// written is an answer that is put together line by line. A line that states something carries the numbers of its sources.
type written struct {
	lines   []line
	numbers map[*passage]int
	cited   []Citation
}

type line struct {
	text string
	used []Citation // cited here for the first time
}

func newWritten() *written { return &written{numbers: map[*passage]int{}} }

// say adds a line that rests on passages. Those that are nil are left out; without any the line is not added, because then it would state
// something that nothing proves.
func (w *written) say(text string, from ...*passage) {
	var l line
	marks := ""
	for _, p := range from {
		if p == nil {
			continue
		}
		n, ok := w.numbers[p]
		if !ok {
			n = len(w.cited) + 1
			w.numbers[p] = n
			c := p.citation(n)
			w.cited = append(w.cited, c)
			l.used = append(l.used, c)
		}
		if mark := fmt.Sprintf("[%d]", n); !strings.Contains(marks, mark) {
			marks += mark
		}
	}
	if marks == "" {
		return
	}
	text = strings.TrimSpace(text)
	if rest, ok := strings.CutSuffix(text, "."); ok {
		text = rest + " " + marks + "."
	} else {
		text += " " + marks
	}
	l.text = text
	w.lines = append(w.lines, l)
}

// note adds a line about the tutor itself or about what comes next, which states nothing of the catalogue or the person.
func (w *written) note(text string) { w.lines = append(w.lines, line{text: text}) }

// join adds the lines of another, with numbers that go on from these.
func (w *written) join(of *written) {
	offset := len(w.cited)
	for _, l := range of.lines {
		joined := line{text: shifted(l.text, offset)}
		for _, c := range l.used {
			c.Index += offset
			joined.used = append(joined.used, c)
			w.cited = append(w.cited, c)
		}
		w.lines = append(w.lines, joined)
	}
}

func (p *passage) citation(n int) Citation {
	return Citation{Index: n, Kind: p.kind, ID: p.id, Title: p.title, Text: p.text, Start: p.start, End: p.end}
}

func (w *written) text() string {
	out := make([]string, len(w.lines))
	for i, l := range w.lines {
		out[i] = l.text
	}
	return strings.Join(out, "\n")
}

func (w *written) answer() *Answer {
	a := &Answer{Text: w.text(), Citations: w.cited, Engine: EngineBuiltIn}
	if a.Citations == nil {
		a.Citations = []Citation{}
	}
	return a
}

// stream hands the answer over a line at a time, each citation before the line that uses it first.
func (w *written) stream(emit func(Event) error) error {
	for i, l := range w.lines {
		for _, c := range l.used {
			if err := emit(Event{Kind: EventCitation, Citation: &c}); err != nil {
				return err
			}
		}
		text := l.text
		if i < len(w.lines)-1 {
			text += "\n"
		}
		if err := emit(Event{Kind: EventDelta, Text: text}); err != nil {
			return err
		}
	}
	return nil
}
