package tutor

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gapwise/gapwise/catalog"
)

// The parts of a line of a resume, in the order in which they are asked for.
const (
	partWhat   = "what"
	partWith   = "with"
	partResult = "result"
	partScale  = "scale"
)

var lineParts = []string{partWhat, partWith, partResult, partScale}

// resumeLine asks for what a line of a resume lacks, and puts it together from the person's own words. It adds no fact and no figure.
func (r *retriever) resumeLine() {
	s := r.lineState()
	m := plain(r.question)
	switch {
	case s.Asked == "" && s.What == "" && (r.asks == askGreeting || saidSkip.MatchString(m) || len(words(m)) < 3):
		r.note(r.tell(sayLineStart))
		s.Asked = partWhat
		return
	case s.Asked == "" && s.Line != "" && saidSkip.MatchString(m):
		*s = LineState{Asked: partWhat}
		r.note(r.tell(sayLineAgain))
		return
	case s.Asked != "" && (r.asks == askThanks || r.asks == askGreeting):
		r.askPart(s)
		return
	case s.Asked == "" && s.Line != "" && r.partOf(partResult) != partResult && len(words(m)) <= maxScaleWords && !correction.MatchString(r.question):
		*s.part(r.partOf(partResult)) = tidy(r.question)
		r.assemble(s)
		return
	case s.Asked == "" && s.Line != "" && len(words(m)) < 3 && !correction.MatchString(r.question):
		r.note(r.tell(sayChange))
		return
	case s.Asked == partWhat && saidNone.MatchString(m):
		r.note(r.tell(sayLineStart))
		return
	case strings.ContainsAny(r.question, "?¿") && r.asks != askOther && !correction.MatchString(r.question):
		r.answerTo(r.asks)
		r.gap()
		if s.Asked == "" && s.Line == "" {
			s.Asked = partWhat
			r.note(r.tell(sayLineStart))
		} else if s.Asked != "" {
			r.askPart(s)
		}
		return
	}
	r.takePart(s)
	s.Asked = r.lacking(s)
	if s.Asked != "" {
		r.askPart(s)
		return
	}
	r.assemble(s)
}

func (r *retriever) lineState() *LineState {
	s := &LineState{}
	if old := r.lesson.state.Line; old != nil {
		*s = *old
		s.Passed = slices.Clone(old.Passed)
	}
	r.state.Line = s
	return s
}

// part is where a part is kept.
func (s *LineState) part(name string) *string {
	switch name {
	case partWith:
		return &s.With
	case partResult:
		return &s.Result
	case partScale:
		return &s.Scale
	}
	return &s.What
}

// correction is how a person names the part that they say anew.
var correction = regexp.MustCompile(`(?i)^\s*(what|with|result|scale|was|womit|ergebnis|umfang|qué|que|con|resultado|escala|alcance)\s*:\s*(.+)$`)

var partNames = map[string]string{
	"what": partWhat, "was": partWhat, "qué": partWhat, "que": partWhat, "with": partWith, "womit": partWith, "con": partWith,
	"result": partResult, "ergebnis": partResult, "resultado": partResult, "scale": partScale, "umfang": partScale, "escala": partScale, "alcance": partScale,
}

// takePart keeps what the person said as the part that was asked for.
func (r *retriever) takePart(s *LineState) {
	if at := correction.FindStringSubmatch(r.question); at != nil {
		*s.part(partNames[strings.ToLower(at[1])]) = tidy(at[2])
		return
	}
	asked := s.Asked
	if asked == "" {
		if s.Line != "" { // another piece of work
			*s = LineState{}
		}
		asked = partWhat
	}
	if asked != partWhat && saidNone.MatchString(plain(r.question)) {
		s.Passed = append(s.Passed, asked)
		return
	}
	*s.part(r.partOf(asked)) = tidy(r.question)
}

var toolsFirst = regexp.MustCompile(`(?i)^\s*(with|using|used|i used|we used|mit|con|usando|usé)\b`)

// amount begins words that say how large something is and nothing else.
var amount = regexp.MustCompile(`(?i)^\s*(about|around|some|over|more than|nearly|etwa|rund|ungefähr|über|fast|unos|unas|más de|casi)?\s*\d`)

// maxScaleWords is how long words about a size are at most, where another part was asked for.
const maxScaleWords = 8

// partOf is the part that an answer is about: mostly the one that was asked for, but people answer in their own order.
func (r *retriever) partOf(asked string) string {
	switch {
	case asked == partWhat:
	case toolsFirst.MatchString(r.question):
		return partWith
	case resulted.MatchString(r.question):
		return partResult
	case asked == partResult && amount.MatchString(r.question) && sized.MatchString(r.question) && len(words(r.question)) <= maxScaleWords:
		return partScale
	}
	return asked
}

// opening are words with which people begin to tell, and that no line of a resume begins with.
var openings = regexp.MustCompile(`(?i)^(?:well|so|ok|okay|yes|basically|actually|my (?:bullet|line) (?:is|says):?|it says:?|also|ja|naja|pues|bueno)[,:]?\s+`)

var firstPerson = regexp.MustCompile(`(?i)^(?:i|we|ich habe|wir haben|he|yo)\s+(?:have\s+|had\s+|was\s+|also\s+)?`)

// leadIns are the words before a part that the line has words of its own for.
var leadIns = regexp.MustCompile(`(?i)^(?:i used|we used|used|using|with|mainly|by using|ich habe|mit|wir haben|use|usé|usamos|con|the result was|the result is|as a result|result:|so that|it was|it is|there were|about|das ergebnis war|es waren|el resultado fue|eran|fue)\s+`)

// tidy takes from a person's words what does not belong in a line: bullets, white space, the end of the sentence.
func tidy(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	text = strings.TrimLeft(text, "-*•– ")
	text = strings.Trim(text, "“”\"")
	text = openings.ReplaceAllString(text, "")
	return strings.TrimRight(text, ".;, ")
}

// lacking is the next part that a line still lacks, or "".
func (r *retriever) lacking(s *LineState) string {
	whole := s.What + " " + s.With + " " + s.Result + " " + s.Scale
	for _, name := range lineParts {
		if *s.part(name) != "" || slices.Contains(s.Passed, name) {
			continue
		}
		switch {
		case name == partWith && r.namesTool(s.What),
			name == partResult && resulted.MatchString(s.What),
			name == partScale && sized.MatchString(whole):
			continue // said already
		}
		return name
	}
	return ""
}

// namesTool tells whether a text names something that one works with.
func (r *retriever) namesTool(text string) bool {
	return slices.ContainsFunc(r.names.in(text), func(id string) bool {
		s, err := r.catalog.Skill(id)
		return err == nil && !slices.Contains([]catalog.Kind{catalog.Practice, catalog.Concept, catalog.Domain, catalog.Soft}, s.Kind)
	})
}

var (
	// resulted tells that words say what came of something.
	resulted = regexp.MustCompile(`(?i)\b(so that|which (cut|reduced|raised|saved|made|let|halved|doubled)|cut|cutting|reduc\w+|saved|saving|halv\w+|doubl\w+|increas\w+|improv\w+|from \d\S*( \w+)? to \d|went (up|down)|by \d+ ?%|um \d+ ?%|von \d\S* auf \d|senkte|gesenkt|halbiert|verdoppelt|redu[cj]\w+|ahorr\w+|un \d+ ?%|de \d\S* a \d)`)
	// sized tells that words say how large something is.
	sized     = regexp.MustCompile(`(?i)\d[\d.,]*\s*(k|m|million(s|en)?|millones|thousand|tausend|mil)?\s*\+?\s*(rows?|users?|customers?|people|engineers?|developers?|teams?|services?|servers?|tests?|bugs?|files?|pages?|screens?|pipelines?|tickets?|models?|jobs?|dashboards?|reports?|juniors?|students?|trainees?|apps?|requests?|orders?|records?|events?|messages?|tables?|sites?|countries|stores?|zeilen|nutzern?|kunden|leuten?|personen|diensten?|servern?|anfragen|usuarios|clientes|personas|filas|servicios|servidores|peticiones|gb|tb)\b`)
	weakStart = regexp.MustCompile(`(?i)^(responsible for|(was )?part of|helped( with| to)?|worked on|involved in|participated in|assisted|was part of|tasked with|duties included|verantwortlich für|zuständig für|mitarbeit|half bei|responsable de|ayud[eé]|particip[eé]|colabor[eé])\b`)
)

func (r *retriever) askPart(s *LineState) {
	switch s.Asked {
	case partWith:
		r.note(r.tell(sayAskWith))
	case partResult:
		r.note(r.tell(sayAskResult))
	case partScale:
		r.note(r.tell(sayAskScale))
	default:
		r.note(r.tell(sayAskWhat))
	}
}

// assemble puts the line together, in the order in which it is read best: what was done, with what, what came of it, how large it was.
func (r *retriever) assemble(s *LineState) {
	line := upper(firstPerson.ReplaceAllString(s.What, ""))
	if with := leadIns.ReplaceAllString(s.With, ""); with != "" {
		if strings.Contains(line, ", ") {
			line += "," // what comes next belongs to the whole
		}
		line += " " + r.tell(sayJoinWith) + " " + with
	}
	if scale := leadIns.ReplaceAllString(s.Scale, ""); scale != "" {
		line += " (" + scale + ")"
	}
	if result := leadIns.ReplaceAllString(s.Result, ""); result != "" {
		line += "; " + firstPerson.ReplaceAllString(result, "")
	}
	s.Line = line + "."
	r.note(r.tell(sayLineIs))
	r.note(s.Line)
	r.note("")
	r.note(r.tell(sayOnlyYours))
	var tips []string
	if weakStart.MatchString(s.What) || weakStart.MatchString(line) {
		tips = append(tips, r.tell(sayTipVerb))
	}
	if !figures.MatchString(line) {
		tips = append(tips, r.tell(sayTipFigure))
	}
	if slices.Contains(s.Passed, partResult) {
		tips = append(tips, r.tell(sayTipResult))
	}
	if len(tips) > 0 {
		r.note(r.tell(sayStronger))
		for _, t := range tips {
			r.note("- " + t)
		}
	}
	r.inResume(s)
	r.note(r.tell(sayChange))
}

// inResume shows the line of the resume that is about the same, so that the person can put the new one in its place.
func (r *retriever) inResume(s *LineState) {
	for _, p := range r.find(s.What)[:min(len(r.find(s.What)), 2)] {
		if p.matter == ofSpan && mentions(p.text, s.What, r.language) {
			r.say(r.tell(sayNowSays, quoted(p.text)), p)
			return
		}
	}
}

func upper(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[n:]
}
