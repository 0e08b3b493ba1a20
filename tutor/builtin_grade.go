package tutor

import (
	"regexp"
	"slices"
	"strings"
)

// pick is what a message says to a question with choices.
type pick int

// What a message can be instead of one of the choices, which count from 0.
const (
	pickUnclear pick = -1 - iota
	pickUnsure       // the person says that they do not know
	pickSkip         // the person wants another question
	pickHint         // the person wants a hint
	pickStop         // the person wants to end
)

var (
	saidSkip   = regexp.MustCompile(`^(next|skip|pass|another( one| question)?|next (one|question)( please)?|go on|continue|more|start( over)?|begin|yes|ok(ay)?|ready|weiter|nachste( frage)?|uberspringen|los|ja|bereit|noch eine|siguiente( pregunta)?|saltar|paso|otra|adelante|empezar|empecemos|vamos|si)( please| bitte| por favor)?[\s.!?]*$`)
	saidHint   = regexp.MustCompile(`\b(hints?|clue|tip|tipps?|hinweis|hilfe|hilf mir|help( me)?|i am stuck|i'm stuck|stuck|komme nicht weiter|hange fest|pistas?|ayuda(me)?|atascad[oa])\b`)
	saidUnsure = regexp.MustCompile(`\b(don'?t know|do not know|no idea|not sure|idk|dunno|give up|show( me)? the (answer|solution)|what is the answer|tell me the answer|weiss (es )?nicht|keine ahnung|nicht sicher|losung|gib auf|auflosen|no (lo )?se|ni idea|no estoy segur[oa]|me rindo|la (respuesta|solucion))\b`)
	saidStop   = regexp.MustCompile(`^(stop|end|quit|finish(ed)?|enough|done|summary|score|result|that'?s (all|it)|stopp?|ende|fertig|schluss|genug|ergebnis|zusammenfassung|auswertung|fin|basta|terminar|parar|suficiente|resumen|resultado)( please| bitte| por favor| for today| fur heute| por hoy)?[\s.!?]*$`)

	aLetter  = regexp.MustCompile(`^(?:.{0,40}?\b(?:answer|option|choice|letter|it'?s|is|think|say|take|pick|choose|antwort|buchstabe|nehme|glaube|sage|denke|tippe auf|ist|respuesta|opcion|letra|creo que|digo|elijo|es)\b[\s:]*(?:la|el|die|the)?\s*)?[("'“]?([a-d])[)"'”.:!?]*(?:[\s,]+(?:i think|glaube ich|denke ich|creo|please|bitte))?[\s.!?]*$`)
	begins   = regexp.MustCompile(`^[("'“]?([a-d])[)"'”:.]\s+\S`)
	aNumber  = regexp.MustCompile(`^(?:.{0,30}?\b(?:answer|option|choice|number|antwort|nummer|respuesta|opcion|numero)\b[\s:]*)?(?:the |die |der |das |la |el )?(1|2|3|4|one|two|three|four|first|second|third|fourth|last|eins|zwei|drei|vier|erste[rns]?|zweite[rns]?|dritte[rns]?|vierte[rns]?|letzte[rns]?|un[oa]|dos|tres|cuatro|primer[oa]?|segund[oa]|tercer[oa]?|cuart[oa]|ultim[oa])(?: one| answer| antwort| respuesta)?[\s.!?)]*$`)
	ordinals = []struct {
		at    int
		words []string
	}{
		{0, []string{"1", "one", "first", "eins", "erst", "un", "primer"}},
		{1, []string{"2", "two", "second", "zwei", "dos", "segund"}},
		{2, []string{"3", "three", "third", "drei", "dritt", "tres", "tercer"}},
		{3, []string{"4", "four", "fourth", "vier", "cuat", "cuart", "last", "letzt", "ultim"}},
	}
)

// Bounds on how well words must fit a choice, and how much better than any other. Editorial.
const (
	leastFit    = 0.45
	leastMargin = 0.15
)

// picked reads a message as an answer: by letter, by number, or by the words of a choice.
func picked(message string, choices []string) pick {
	m := plain(message)
	if at := aLetter.FindStringSubmatch(m); at != nil {
		return pick(at[1][0] - 'a')
	}
	if at := begins.FindStringSubmatch(m); at != nil {
		return pick(at[1][0] - 'a')
	}
	if at := aNumber.FindStringSubmatch(m); at != nil {
		for _, o := range ordinals {
			if slices.ContainsFunc(o.words, func(w string) bool { return strings.HasPrefix(at[1], w) }) {
				return pick(o.at)
			}
		}
	}
	switch {
	case saidStop.MatchString(m):
		return pickStop
	case saidSkip.MatchString(m):
		return pickSkip
	}
	if at := byItsWords(m, choices); at >= 0 {
		return pick(at)
	}
	switch {
	case saidUnsure.MatchString(m):
		return pickUnsure
	case len(words(m)) <= 8 && saidHint.MatchString(m):
		return pickHint
	}
	return pickUnclear
}

// tellsNothing are words of a choice that tell it from no other.
var tellsNothing = map[string]bool{"a": true, "an": true, "the": true, "it": true, "to": true, "of": true, "in": true, "and": true, "is": true, "that": true, "i": true, "think": true, "because": true, "s": true, "they": true, "we": true, "you": true, "its": true, "be": true, "are": true}

// telling are the words of a text that can tell a choice from others: all but tellsNothing, since "not" and "only" do.
func telling(text string) []string {
	var out []string
	for _, w := range words(strings.ToLower(text)) {
		if !tellsNothing[w] {
			out = append(out, stem(w))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// byItsWords is the choice that a message repeats in words of its own, -1 where none does or two do alike. A word counts the less, the more
// choices hold it; one that is misspelt by a letter counts as well.
func byItsWords(message string, choices []string) int {
	said := telling(message)
	if len(said) == 0 {
		return -1
	}
	own := make([][]string, len(choices))
	holders := map[string]float64{}
	for i, c := range choices {
		own[i] = telling(c)
		for _, w := range own[i] {
			holders[w]++
		}
	}
	best, most, second := -1, 0.0, 0.0
	for i := range own {
		fit, all := 0.0, 0.0
		for _, w := range own[i] {
			all += 1 / holders[w]
			if slices.ContainsFunc(said, func(s string) bool { return s == w || len(w) >= leastOneSlip && slips(s, w, 1) <= 1 }) {
				fit += 1 / holders[w]
			}
		}
		// A short answer need not repeat all of a choice: what it says may be enough by itself.
		spoken := 0.0
		for _, s := range said {
			if slices.ContainsFunc(own[i], func(w string) bool { return s == w || len(w) >= leastOneSlip && slips(s, w, 1) <= 1 }) {
				spoken += 1 / max(holders[s], 1)
			}
		}
		score := max(fit/max(all, 1), spoken/float64(len(said)))
		if score > most {
			best, most, second = i, score, most
		} else {
			second = max(second, score)
		}
	}
	if most < leastFit || most-second < leastMargin {
		return -1
	}
	return best
}
