package tutor

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Addresses: links, bare domains, e-mail, telephone numbers, streets.
var (
	linkPattern   = regexp.MustCompile(`(?i)\b(?:https?://|www\.)[^\s<>()\[\]"“”]+`)
	domainPattern = regexp.MustCompile(`(?i)\b[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*\.(?:com|org|net|edu|gov|info|biz|de|at|ch|es|fr|it|pt|nl|pl|uk|eu|us|in|io|dev|app|ai|co|me|tv|academy|online|tech|cloud|example)(?:/[^\s<>()\[\]"“”]*)?\b`)
	mailPattern   = regexp.MustCompile(`(?i)\b[a-z0-9._%+-]+@[a-z0-9.-]+\.[a-z]{2,}\b`)
	phonePattern  = regexp.MustCompile(`(?:\+|\b00)\d[\d\s()/.-]{6,}\d|\b0\d{2,4}[\s/-]\d{3,}(?:[\s-]?\d{2,})*`)
	streetPattern = regexp.MustCompile(`\b\d{1,4}[a-z]?,? (?:\p{Lu}[\pL'-]+ ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Boulevard|Blvd|Square|Court|Way|Place)\b|\p{Lu}[\pL-]*(?:straße|strasse|weg|platz|gasse|allee|ufer)\s+\d{1,4}\b|(?i:\b(?:calle|avenida|plaza|paseo|via|viale|piazza|rua)\s+[\pL\s]{3,30},?\s*(?:n\.?º?\s*)?\d{1,4}\b|\b\d{1,4},?\s+(?:rue|avenue|boulevard|place|quai|chemin)\s+\pL)`)
)

// names of things that look like a domain.
var notDomains = map[string]bool{"asp.net": true, "ml.net": true, "socket.io": true, "draw.io": true, "vercel.app": true}

// address tells whether a text holds an address that nobody gave.
func (c *checker) address(text string) bool {
	for _, pattern := range []*regexp.Regexp{linkPattern, mailPattern, phonePattern, streetPattern, domainPattern} {
		for _, found := range pattern.FindAllString(text, -1) {
			found = foldText(strings.TrimRight(found, ".,;:!?/"))
			if pattern == domainPattern && (notDomains[found] || skillForms(c.builtin)[found]) {
				continue
			}
			if pattern == phonePattern && strings.Count(found, ".") == 1 && !strings.HasPrefix(found, "+") {
				continue // a decimal
			}
			if !strings.Contains(c.all, found) {
				return true
			}
		}
	}
	return false
}

func (c *checker) ofAddresses(k *claim) string {
	if c.address(k.text) {
		return reasonAddress
	}
	return ""
}

var (
	levelPattern = regexp.MustCompile(`(?:level|levels|stufe|niveau|nivel|nível|livello|niveau's)(?: (?:of|de|en|in|est de|est|ist|is|von|es|the))?(?: (?:[\pL.+#-]+ (?:est de|est|es|is|ist) ))? ?(\d)(?: ?(?:of|von|de|sur|su|out of|/) ?(\d))?`)
	ofPattern    = regexp.MustCompile(`\b(\d) (?:of|von|de|sur|su|out of) ([1-5])\b`)
	wordLevels   = []struct {
		level int
		words *regexp.Regexp
	}{
		{5, regexp.MustCompile(`\b(?:an? )?(?:expert|experte|expertin|experto|experta|experte|guru|master)\b`)},
		{4, regexp.MustCompile(`\b(?:advanced|fortgeschritten|avanzad[oa]|avancée?)\b`)},
	}
)

// ofLevels catches a level that is not the report's.
func (c *checker) ofLevels(k *claim) string {
	w := wordsOf(c.language)
	if w.sets.MatchString(k.lower) && !k.denies && !k.question {
		return reasonLevel
	}
	about := c.about(k)
	for _, at := range levelPattern.FindAllStringSubmatchIndex(k.lower, -1) {
		m := levelPattern.FindStringSubmatch(k.lower[at[0]:])
		n, _ := strconv.Atoi(m[1]) // a digit
		of := 0
		state := w.states.MatchString(k.lower[:at[0]])
		if m[2] != "" {
			of, _ = strconv.Atoi(m[2])
		} else if m := ofPattern.FindStringSubmatch(k.lower); m != nil {
			n, _ = strconv.Atoi(m[1])
			of, _ = strconv.Atoi(m[2])
		}
		if !c.levelHolds(k, about, n, of, state) {
			return reasonLevel
		}
	}
	for _, m := range ownLevel.FindAllStringSubmatch(k.lower, -1) {
		if n, _ := strconv.Atoi(m[1]); !k.question && !c.levelHolds(k, about, n, 0, true) {
			return reasonLevel
		}
	}
	if !k.personal || k.denies || k.question {
		return ""
	}
	for _, l := range wordLevels {
		if !l.words.MatchString(k.lower) || len(k.skills) == 0 {
			continue
		}
		if r := c.row(k.skills[0]); r == nil || r.Evidenced != l.level {
			if !w.aims.MatchString(k.lower) {
				return reasonLevel
			}
		}
	}
	return ""
}

// about are the skills that a sentence can be about: those that it names, else those of its sources, else the one of the sentences before.
func (c *checker) about(k *claim) []string {
	if len(k.skills) > 0 {
		return k.skills
	}
	var out []string
	for _, n := range k.cites {
		out = append(out, c.sources[n-1].skills...)
	}
	if len(out) == 0 && c.skill != "" {
		out = append(out, c.skill)
	}
	return out
}

// levelHolds tells whether a level can be said of one of the skills; of is what it is out of, 0 for nothing;
// state tells that it is said to be the person's own.
func (c *checker) levelHolds(k *claim, about []string, n, of int, state bool) bool {
	strict := of == 0 && (state || k.factual && !wordsOf(c.language).aims.MatchString(k.lower))
	for _, id := range about {
		r := c.row(id)
		switch {
		case r == nil:
		case of > 0 && n == r.Evidenced && (of == r.Required || of == 5):
			return true
		case of == 0 && n == r.Evidenced:
			return true
		case of == 0 && !strict && n == r.Required:
			return true
		}
	}
	if of == 0 && !strict {
		if !k.personal && len(k.cites) == 0 && c.noRow(about) {
			return true // of the scale, not of the person
		}
		for i, s := range c.sources {
			cited := len(k.cites) == 0 || slices.Contains(k.cites, i+1)
			if cited && s.kind == FromCatalogue && strings.Contains(s.folded, "level "+strconv.Itoa(n)) {
				return true
			}
		}
	}
	return false
}

func (c *checker) noRow(about []string) bool {
	return !slices.ContainsFunc(about, func(id string) bool { return c.row(id) != nil })
}

var (
	datePattern    = regexp.MustCompile(`\b(?:19|20)\d\d-\d\d(?:-\d\d)?\b`)
	yearPattern    = regexp.MustCompile(`\b(?:19[5-9]|20[0-6])\d\b`)
	percentPattern = regexp.MustCompile(`(\d+(?:[.,]\d+)?)\s?(?:%|percent|prozent|por ciento|pour cent)`)
	decimalPattern = regexp.MustCompile(`\b0[.,]\d{1,3}\b`)
	hourPattern    = regexp.MustCompile(`(\d+(?:[.,]\d+)?)\s?(?:hours?|stunden|horas?|heures?|ore|uur|godzin|hrs)\b`)
	scorePattern   = regexp.MustCompile(`\b(\d+(?:[.,]\d+)?)\s?(?:out of|of|von|de|sur|su|/)\s?(?:10|100)\b`)
)

// leastHours is where an hour figure is one of a plan, and not a piece of advice for a day.
const leastHours = 13

// ofReadiness catches a readiness, score or match of the person that the report does not have, in whatever language the sentence is: that the
// person, or something in what they pasted, speaks of a figure makes it no truth.
func (c *checker) ofReadiness(k *claim) string {
	if k.question || !readinessWords.MatchString(k.lower) {
		return ""
	}
	for _, pattern := range []*regexp.Regexp{percentPattern, scorePattern, decimalPattern} {
		for _, m := range pattern.FindAllStringSubmatch(k.lower, -1) {
			if !c.reported[figure(m[len(m)-1])] && !c.reported[figure(m[0])] {
				return reasonLevel
			}
		}
	}
	return ""
}

// ownLevel is a level that a sentence says the person has, with the skill in between, in all languages.
var ownLevel = regexp.MustCompile(`\b(?:your|deine?|ihre?|tu|ton|votre) (?:[\pL]+ )?(?:level|stufe|niveau|nivel)\b[^.?!]{0,40}?[\s](?:is|ist|es|est|=) (?:now |jetzt |ahora |level |stufe |nivel )*([0-5])(?:[^\d.,]|[.,]?(?:\s|$))`)

// readinessWords say that a figure is how far the person is, in all languages.
var readinessWords = regexp.MustCompile(`\b(?:your|deine?|ihre|tu|ton|ta|votre) (?:[\pL]+ )?(?:readiness|bereitschaft|preparación|préparation|score|match|punktzahl|puntuación)|\b(?:readiness|bereitschaft|preparación) (?:is|of|ist|von|es|del?)\b|\b(?:readiness|score|rating|bereitschaft|punktzahl|preparación|puntuación|préparation)[:=]? ?\d`)

// ofFigures catches figures that are in no source: those of reports wherever they stand, all of them in statements about the person.
func (c *checker) ofFigures(k *claim) string {
	for _, d := range datePattern.FindAllString(k.text, -1) {
		if !strings.Contains(c.all, d) && (c.report == nil || c.report.ReadyOn != d) {
			return reasonLevel
		}
	}
	w := wordsOf(c.language)
	ofScore := k.personal || w.scores.MatchString(k.lower)
	for _, pattern := range []*regexp.Regexp{percentPattern, scorePattern} {
		for _, m := range pattern.FindAllStringSubmatch(k.lower, -1) {
			if ofScore && !c.figures[figure(m[1])] {
				return reasonLevel
			}
		}
	}
	for _, f := range decimalPattern.FindAllString(k.text, -1) {
		if (ofScore || len(k.cites) > 0) && !c.figures[figure(f)] {
			return reasonLevel
		}
	}
	for _, m := range hourPattern.FindAllStringSubmatch(k.lower, -1) {
		f := figure(m[1])
		if n, _ := strconv.ParseFloat(f, 64); !c.figures[f] && (n >= leastHours || len(k.cites) > 0) {
			return reasonLevel
		}
	}
	if !k.factual || k.question {
		return ""
	}
	for _, y := range yearPattern.FindAllString(k.text, -1) {
		if !c.figures[y] && !strings.Contains(c.all, y) {
			return reasonDate
		}
	}
	for f := range figuresOf(withoutLists.ReplaceAllString(k.text, "")) {
		if n, err := strconv.Atoi(f); err == nil && n <= 5 && !c.figures[f] && len(levelPattern.FindString(k.lower)) > 0 {
			continue // it was looked at as a level
		}
		if !c.figures[f] {
			return reasonNumber
		}
	}
	return ""
}

// withoutLists takes out what counts lines and what is part of a name.
var withoutLists = regexp.MustCompile(`^\d{1,2}[.)] |\pL+-?\d+`)

var quotePattern = regexp.MustCompile(`“([^“”„]{3,})[”“]|„([^“”„]{3,})[“”]|«\s?([^«»]{3,}?)\s?»|"([^"]{3,})"`)

// leastQuote is the length of a quotation that is looked for, in words: shorter ones are names and terms.
const leastQuote = 3

// ofQuotes catches words that are said to be the person's or a source's and are not.
func (c *checker) ofQuotes(k *claim) string {
	for _, m := range quotePattern.FindAllStringSubmatch(k.text, -1) {
		quoted := strings.Trim(foldText(m[1]+m[2]+m[3]+m[4]), `.,;:!?… `)
		if len(strings.Fields(quoted)) < leastQuote || strings.Contains(c.all, quoted) {
			continue
		}
		if k.personal || len(k.cites) > 0 {
			return reasonQuote
		}
	}
	return ""
}

// ofNames catches names in statements about the person that nobody gave.
func (c *checker) ofNames(k *claim) string {
	if !k.factual && !k.personal {
		return ""
	}
	w := wordsOf(c.language)
	for _, n := range namesIn(k.text) {
		folded := strings.ToLower(n.word)
		after := w.employs.MatchString(n.before)
		// Who somebody worked for is not known from the catalogue, whatever companies its passages name.
		elsewhere := after && k.personal && len(c.builtin.names.in(n.word)) == 0 && !c.ofPerson(n.word)
		if !elsewhere && (c.names[folded] || c.names[strings.TrimSuffix(folded, "s")] || c.joined(n.word)) {
			continue
		}
		switch {
		case c.language == "de":
			if after && k.factual && !isGermanNoun(n.word) {
				return reasonName
			}
		case !k.factual && !after || n.first && !after:
		case plainCapitals()[folded] || len(n.word) < 2 || isAcronym(n.word) && !after:
		case after && len(c.builtin.names.in(n.word)) == 0: // "at Google", which is but a part of skills' names
			return reasonName
		case c.isSkill(n.word) && !employed.MatchString(k.lower):
		default:
			return reasonName
		}
	}
	return ""
}

// joined tells whether a name of several words, such as Marchetti-Lowe or O'Shea, stands somewhere as it is.
func (c *checker) joined(name string) bool {
	return len(words(name)) > 1 && strings.Contains(c.all, foldText(name))
}

// ofPerson tells whether a name stands in the resume, in what the person said, or in a source about them.
func (c *checker) ofPerson(word string) bool {
	for w := range tellingWords(word) {
		if !c.person[w] {
			return false
		}
	}
	return true
}

// employed tells of work for somebody, where even the name of a tool is an employer's.
var employed = regexp.MustCompile(`\b(?:worked|working|job|years?|position|intern|internship|employed|employer|joined|promoted|jahre|gearbeitet|stelle|trabaj\pL*|años|paso|années|travaill\pL*|expérience chez)\b`)

func (c *checker) isSkill(word string) bool {
	return len(c.builtin.names.in(word)) > 0 || skillForms(c.builtin)[strings.ToLower(word)]
}

// nameAt is a word that begins with a capital.
type nameAt struct {
	word   string
	before string // small letters of what stands before it, with a blank at its end
	first  bool   // at the beginning of a sentence, a quotation or what follows a colon
}

var wordPattern = regexp.MustCompile(`[\pL\pN][\pL\pN'’.+#&-]*`)

func namesIn(text string) []nameAt {
	var out []nameAt
	for _, m := range wordPattern.FindAllStringIndex(text, -1) {
		word := strings.TrimRight(text[m[0]:m[1]], ".'’-")
		word = strings.TrimSuffix(strings.TrimSuffix(word, "'s"), "’s")
		if r := leadingRune(word); !unicode.IsUpper(r) {
			continue
		}
		before := strings.TrimSpace(text[:m[0]])
		first := before == "" || strings.ContainsRune(`.:!?"(-¿¡“„«`, lastRune(before))
		lower := strings.ToLower(before)
		for _, article := range []string{" the", " der", " dem", " la", " le", " el", " l'"} {
			lower = strings.TrimSuffix(lower, article)
		}
		out = append(out, nameAt{word: word, before: " " + lower + " ", first: first})
	}
	return out
}

func isAcronym(word string) bool { return len(word) <= 5 && strings.ToUpper(word) == word }

// isGermanNoun tells whether a word is rather one of the language than a name: German writes all nouns with a capital.
func isGermanNoun(word string) bool {
	for _, end := range []string{"ung", "ungen", "heit", "keit", "keiten", "schaft", "tion", "tionen", "arbeit", "zeit", "zeiten", "tät", "nis", "ismus", "ment", "ments", "ität", "stand", "projekt", "projekte", "projekten", "daten", "dienst", "diensten", "system", "systemen", "team", "teams"} {
		if strings.HasSuffix(strings.ToLower(word), end) {
			return true
		}
	}
	return germanNouns()[strings.ToLower(word)]
}

// ofSkills catches what the person is said to have done with a skill that nothing shows.
func (c *checker) ofSkills(k *claim) string {
	if !k.factual || k.denies || k.question {
		return ""
	}
	w := wordsOf(c.language)
	if w.aims.MatchString(k.lower) || w.ofReport.MatchString(k.lower) || w.advice.MatchString(k.lower) {
		return "" // what is to come, or what is asked
	}
	for _, id := range k.skills {
		if !c.shown(id) {
			return reasonSkill
		}
	}
	return ""
}
