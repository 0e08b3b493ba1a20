package tutor

import (
	"errors"
	"strconv"
	"strings"
)

// writer hands the sentences of a model over, once each has been checked.
type writer struct {
	e        *exchange
	a        *asking
	check    *checker // made with the first sentence: until then the prompt may become smaller
	secrets  *Secrets
	run      runaway
	before   string // our own words before the first
	space    string // before the next sentence
	bullet   string // of a line whose first sentence was taken out
	heard    int
	removed  map[string]int // by reason
	marked   int
	withheld int
}

func (e *exchange) newWriter(a *asking) *writer {
	var system []string
	for _, m := range a.messages {
		if m.Role == "system" {
			system = append(system, m.Content)
		}
	}
	return &writer{e: e, a: a, secrets: NewSecrets(system...), removed: map[string]int{}}
}

// sentences checks each and hands it over.
func (w *writer) sentences(list []utterance) error {
	for _, s := range list {
		w.heard++
		if !s.code {
			if err := w.run.sentence(s.text); err != nil {
				return err
			}
		}
		s.text = w.a.mask.Restore(s.text)
		if err := w.sentence(s); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) sentence(s utterance) error {
	v := w.verdict(s)
	if strings.Count(s.space, "\n") > 0 {
		w.bullet = ""
	}
	w.space = wider(w.space, s.space)
	if v.reason != "" {
		if v.reason == reasonWithheld {
			w.withheld++
		} else {
			w.removed[v.reason]++
		}
		w.e.metrics.catch(v.reason)
		if w.bullet == "" {
			w.bullet = bullets.FindString(s.text)
		}
		return nil
	}
	if v.marked {
		w.marked++
		w.e.metrics.catch(reasonUnsourced)
	}
	text := w.bullet + v.text
	w.bullet = ""
	return w.put(text, v.cites...)
}

func (w *writer) verdict(s utterance) verdict {
	if w.secrets.In(s.text) {
		return verdict{reason: reasonRecital}
	}
	if w.check == nil {
		w.check = w.e.checkerOf(w.a.material)
	}
	return w.check.sentence(s)
}

// wider is the one of two stretches of white space that parts more.
func wider(a, b string) string {
	if n, m := strings.Count(a, "\n"), strings.Count(b, "\n"); n > m || n == m && len(a) > len(b) {
		return a
	}
	return b
}

// put hands a piece over that needs no check, or has had it.
func (w *writer) put(text string, cites ...int) error {
	if text == "" {
		return nil
	}
	if !w.e.told {
		if err := w.e.tellOf(w.a, w.e.o.Model.Model()); err != nil {
			return err
		}
	}
	var from []Citation
	for _, n := range cites {
		from = append(from, w.a.sources[n-1].citation(n))
	}
	space := w.space
	if !w.e.begun {
		space = ""
	}
	text = w.before + text
	w.space, w.before = "", ""
	return w.e.say(space+text, from...)
}

// line hands over a line of our own words; what the model said in it has been checked apart.
func (w *writer) line(text string, cites ...int) error {
	w.heard++
	w.space = wider(w.space, "\n")
	return w.put(text, cites...)
}

// append hands over lines of the catalogue after those of the model, with numbers of their own.
func (w *writer) append(of *written) error {
	offset := len(w.a.sources)
	if !w.e.told {
		if err := w.e.tellOf(w.a, w.e.o.Model.Model()); err != nil {
			return err
		}
	}
	for i, l := range of.lines {
		space := "\n"
		if i == 0 && w.e.begun {
			space = "\n\n"
		}
		var from []Citation
		for _, c := range l.used {
			c.Index += offset
			from = append(from, c)
		}
		if err := w.e.say(space+shifted(l.text, offset), from...); err != nil {
			return err
		}
	}
	return nil
}

// shifted has its marks count from another number on.
func shifted(text string, by int) string {
	return marks.ReplaceAllStringFunc(text, func(mark string) string {
		var out []string
		for n := range strings.SplitSeq(strings.Trim(mark, "[] "), ",") {
			i, err := strconv.Atoi(strings.TrimSpace(n))
			if err != nil {
				return mark
			}
			out = append(out, strconv.Itoa(i+by))
		}
		return "[" + strings.Join(out, ", ") + "]"
	})
}

// checked hands over text of a model as lines or sentences of a larger answer.
func (w *writer) checked(text string) error {
	for i, s := range sentencesOf(strings.TrimSpace(text)) {
		if i == 0 && s.space == "" {
			s.space = "\n"
		}
		if err := w.sentences([]utterance{s}); err != nil && !errors.Is(err, errRunaway) {
			return err
		}
	}
	return nil
}

// only is text of a model that stands within a line of ours: what is left of it after the check, with its citations.
func (w *writer) only(text string) (kept string, cites []int) {
	for _, s := range sentencesOf(strings.TrimSpace(text)) {
		v := w.verdict(s)
		if v.reason != "" {
			w.removed[v.reason]++
			w.e.metrics.catch(v.reason)
			continue
		}
		if kept != "" {
			kept += " "
		}
		kept += v.text
		cites = append(cites, v.cites...)
	}
	return kept, cites
}

// cut ends an answer that does not end by itself.
func (w *writer) cut() {
	w.e.answer.Truncated = true
	w.e.metrics.catch(reasonRunaway)
	w.e.notice(Notice{Kind: NoticeCut, Reason: reasonRunaway, Count: 1, Text: phrase(w.e.turn.language, "cut")})
}

// close says what was caught, and says plainly where nothing is left.
func (w *writer) close() error {
	language := w.e.turn.language
	if !w.e.begun && w.withheld == 0 {
		if err := w.put(phrase(language, "no-source")); err != nil {
			return err
		}
		w.e.notice(Notice{Kind: NoticeNoSource, Reason: "nothing-left", Count: 1, Text: phrase(language, "no-source")})
	} else if !w.e.begun {
		if err := w.put(phrase(language, "withheld")); err != nil {
			return err
		}
	}
	for _, reason := range reasons() {
		if n := w.removed[reason]; n > 0 {
			w.e.notice(Notice{Kind: NoticeRemoved, Reason: reason, Count: n, Text: phrase(language, "removed", n)})
		}
	}
	if w.withheld > 0 {
		w.e.notice(Notice{Kind: NoticeWithheld, Reason: reasonWithheld, Count: w.withheld, Text: phrase(language, "withheld")})
	}
	if w.marked > 0 {
		w.e.notice(Notice{Kind: NoticeMarked, Reason: reasonUnsourced, Count: w.marked, Text: phrase(language, "marked", w.marked)})
	}
	return nil
}
