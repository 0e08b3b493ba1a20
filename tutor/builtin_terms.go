package tutor

import (
	"regexp"
	"slices"
	"strings"
)

// leastPoint is how many words that say something a point has at least.
const leastPoint = 3

// points parts what a rubric looks for into the pieces that an answer can name.
func points(text string) []string {
	var out []string
	for _, s := range pointEnds.Split(text, -1) {
		s = strings.TrimSpace(strings.Trim(strings.TrimSpace(s), ".,;:"))
		for _, lead := range []string{"and ", "or ", "but ", "then ", "with ", "also "} {
			s = strings.TrimPrefix(s, lead)
		}
		if len(contentOf(s)) == 0 {
			continue
		}
		if n := len(out); n > 0 && (len(contentOf(s)) < leastPoint || len(contentOf(out[n-1])) < leastPoint) { // too little to stand alone
			out[n-1] += ", " + s
			continue
		}
		out = append(out, s)
	}
	return out
}

var pointEnds = regexp.MustCompile(`[;,:.]\s+|\s+and\s+(?:how|what|why|when|a|an|the|then|proposes|names|knows|reads|asks|says|treats|has|can)\s+`)

// empty are words that many rubrics and answers share without saying the same.
var empty = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`thing way case something somebody person people first before after each every other another same such own good right clear real concrete
			without with make made use used using take given give work working say said ask name named show shown reason question answer example story time part new old small large`) {
		m[stem(w)] = true
	}
	return m
}()

// contentOf are the tokens of a text that say something.
func contentOf(text string) []string {
	list := tokens(text)
	list = slices.DeleteFunc(list, func(t string) bool { return empty[t] || len(t) < 3 })
	slices.Sort(list)
	return slices.Compact(list)
}

// saidOf tells which words of a point an answer holds, in whatever of the three languages it is.
func saidOf(point, answer, language string) []string {
	said := map[string]bool{}
	for _, w := range words(strings.ToLower(answer)) {
		said[stem(w)] = true
		folded := accents.Replace(w)
		for _, l := range []string{english, language} {
			for _, t := range glossary()[l][folded] {
				said[t] = true
			}
		}
	}
	var out []string
	for _, t := range contentOf(point) {
		if said[t] {
			out = append(out, t)
		}
	}
	return out
}

// mentions tells whether an answer names a point: a third of its words, and two where it has three or more.
func mentions(point, answer, language string) bool {
	own := contentOf(point)
	n := len(saidOf(point, answer, language))
	if len(own) >= 3 {
		return n >= 2 && 3*n >= len(own)
	}
	return n >= 1
}

// touches tells whether an answer speaks of a point at all: of a quarter of its words. It is no more than that, and is said so.
func touches(point, answer, language string) bool {
	n := len(saidOf(point, answer, language))
	return n >= 1 && 4*n >= len(contentOf(point))
}

var (
	// links are addresses that somebody gives as evidence.
	links = regexp.MustCompile(`https?://[^\s<>"')\]]+`)
	// figures are amounts in a text.
	figures = regexp.MustCompile(`(?i)\d[\d.,]*\s*(?:%|percent|per cent|prozent|por ciento|x|×|times|k|m|ms|s|h|min|hours?|days?|weeks?|months?|years?|stunden|tage|wochen|monate|jahre|horas|dias|semanas|meses|gb|tb|eur|€|\$)?`)

	saidYes  = regexp.MustCompile(`^(yes|ok(ay)?|yep|yeah|y|sure|it does|it holds|done|true|correct|met|ja|jep|jawohl|stimmt|erfullt|erledigt|si|claro|cumplid[oa]|hecho)\b`)
	saidNo   = regexp.MustCompile(`^(no|nope|n|not (yet|really|done)|it does not|doesn'?t|false|missing|nein|noch nicht|nicht|fehlt|todavia no|aun no|falta)\b`)
	saidNot  = regexp.MustCompile(`\b(not yet|haven'?t|have not|didn'?t|did not|doesn'?t|does not|isn'?t|is not|missing|without|noch nicht|nicht|kein(e[nrms]?)?|todavia no|aun no|sin)\b`)
	saidNone = regexp.MustCompile(`^(none|nothing|no|nope|n/?a|skip|pass|next|i don'?t know|don'?t know|no idea|not (measured|known)|keine?s?|nichts|nein|weiss (ich )?nicht|weiter|uberspringen|ninguno|nada|no (lo )?se|saltar|siguiente)( idea| one| ahnung)?[\s.!?]*$`)
)

// sentencesSaid are the sentences and lines of a message.
func sentencesSaid(text string) []string {
	var out []string
	for _, s := range sentenceEnds.Split(text, -1) {
		if s = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(s), "-*•")); s != "" {
			out = append(out, s)
		}
	}
	return out
}

var sentenceEnds = regexp.MustCompile(`\n+|(?:[.!?])\s+`)

// quoted is a person's words, short enough to stand in a line.
func quoted(text string) string {
	const most = 140
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > most {
		text = strings.TrimSpace(string(r[:most])) + "…"
	}
	return "“" + text + "”"
}
