package skill

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// attitude is what the words around a skill do to it.
type attitude int

const (
	asserted     attitude = iota
	denied                // "no experience with Kafka"
	wished                // "interested in learning Rust"
	someoneElses          // "worked with the Kafka team"
)

// attitudeSteps bounds how many words back an attitude is looked for.
const attitudeSteps = 24

// The words of attitudes, in English, German, French and Spanish, folded. From a skill one walks back over carriers and over the other
// skills of its list; where the walk ends at a trigger, the skill is denied or wished for. A word of any other kind ends it, so that
// a denial reaches over no clause: "no experience with Kafka, but five years of RabbitMQ".
var (
	denialCarriers = wordSet(`with in of on to using any prior previous real professional hands production commercial direct formal practical
		deep much actual significant extensive relevant work working experience experiences knowledge background exposure expertise familiarity
		understanding used use uses worked familiar experienced comfortable proficient know known touched tried have had has yet ever been
		previously needed required the a an either both personally
		habe ich habe ich erfahrung erfahrungen kenntnisse praktische praktischen berufliche vertiefte im umgang mit von bisher genutzt benutzt verwendet gearbeitet eingesetzt
		expérience expériences connaissance connaissances d de du en avec utilisé travaillé professionnelle encore
		experiencia conocimientos conocimiento con he tengo usado utilizado trabajado previa profesional`)
	denialTriggers = wordSet(`no none without never lack lacks lacked lacking not cannot haven't hasn't hadn't don't doesn't didn't zero neither
		kein keine keinen keiner keinerlei ohne nie niemals nicht pas aucune aucun sans jamais sin ninguna ningún nunca`)
	wishCarriers = wordSet(`learn learning explore exploring study studying try trying pick picking up get getting into gain gaining work working deepen deepening
		improve improving grow growing experience experiences more about with to in on of and the my knowledge skills new technologies languages tools such as like goals
		training trained some me m mich myself familiar acquainted goal hands someday eventually further deeper dive start starting master mastering forward a an for play playing use using an
		apprendre découvrir approfondir à d de le la les en aprender profundizar en lernen zu mehr über vertiefen den die das par technologie
		former formarme iniciarme conocer ausprobieren`)
	// strongWishes wish by themselves; weakWishes only with a word of learning on the way.
	strongWishes = wordSet(`interested keen eager curious excited aspiring intéressé intéressée interesado interesada interessiert lerne erlerne aprendiendo souhaite`)
	weakWishes   = wordSet(`want wants wanting hope hopes hoping plan plans planning like love willing willingness looking started aim aiming intend
		intending ready open motivated desire wish wishes passionate next loves aspire aspires happy glad möchte will würde envie voudrais aimerais quiero gustaría deseo busco aimerait souhaiterais souhaiterait quisiera gerne gern`)
	learnWords  = wordSet(`learn learning explore exploring study studying try trying pick picking deepen deepening master mastering dive training trained grow acquainted former formarme iniciarme conocer ausprobieren apprendre découvrir approfondir aprender profundizar lernen erlernen vertiefen`)
	learningNow = wordSet(`currently now presently am i'm still also just actively self started been be`)
	// learningNames are what stands before "learning" in the name of a subject.
	learningNames = wordSet(`machine deep reinforcement transfer federated active supervised unsupervised representation contrastive meta statistical online e lifelong
		continuous shot distance blended adaptive imitation metric`)
	knowingWords = wordSet(`experience experiences knowledge background exposure expertise familiarity familiar used worked erfahrung erfahrungen kenntnisse
		expérience expériences connaissance connaissances experiencia conocimientos conocimiento`)
	alternatives = wordSet(`or nor oder ou ni o`)
	listWords    = wordSet(`and or nor und oder et ou ni y o u e`)

	people = wordSet(`team teams group groups squad squads department departments guild admin admins administrator administrators specialist specialists expert experts
		developer developers engineer engineers dba dbas architect architects consultant consultants programmer programmers analyst analysts lead leads
		people colleagues folks guys vendor vendors staff community entwickler entwicklern entwicklerteam abteilung équipe équipes équipos equipo`)
	besides    = wordSet(`with for alongside to from by mit für avec pour con para`)
	supporting = wordSet(`supported supporting assisted assisting helped helping unterstützte unterstützt`)
	articles   = wordSet(`the our their a an this its dem der den unserem l le la notre el nuestro`)
)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

// attitude reads the clause before a mention and the words after it. candidates are all names of the text in order.
func (t *textView) attitude(c candidate, candidates []candidate) attitude {
	if a := t.attitudeAfter(c); a == wished { // "I have not used Spark, and deep learning only as a reader" admits the second
		return a
	}
	switch w := t.walk(c.start, candidates); {
	case w.denied:
		return denied
	case w.wished:
		return wished
	}
	if a := t.attitudeAfter(c); a != asserted {
		return a
	}
	if t.someoneElses(c) {
		return someoneElses
	}
	return asserted
}

// walk is what a walk back from a skill comes upon.
type walk struct{ denied, wished bool }

// maxUnknown is how many words an item has that is no skill of the catalogue: "no experience with macOS fleets or Kubernetes".
const maxUnknown = 3

func (t *textView) walk(at int, candidates []candidate) walk {
	toDeny, toWish := true, true  // what can still come
	learns, knows := false, false // whether a word of learning or of knowing was passed
	unknown, before := 0, ""      // words of an item that is no skill, and the word passed last
	for range attitudeSteps {
		word, from, stop := t.wordBack(at)
		if stop {
			break
		}
		end := len(strings.TrimRight(t.text[:at], " "))
		i, found := slices.BinarySearchFunc(candidates, end, func(c candidate, at int) int { return c.end - at })
		if found && !denialTriggers[word] && !wishCarriers[word] { // a skill of the same list; words that are more than a name are read as words
			at, before, unknown = candidates[i].start, "", 0
			continue
		}
		switch list := word == "" || listWords[word]; {
		case toDeny && denialTriggers[word]:
			return walk{denied: knows || unknown == 0}
		case toWish && (strongWishes[word] || learns && weakWishes[word] || word == "learning" && t.learningNow(from)):
			return walk{wished: true}
		case toDeny && (unknown > 0 || alternatives[before]) && !list && !denialCarriers[word] && !wishCarriers[word] && unknown < maxUnknown:
			unknown++
			toWish = false
		default:
			toDeny = toDeny && (list || denialCarriers[word])
			toWish = toWish && (list || wishCarriers[word])
			learns, knows = learns || learnWords[word], knows || knowingWords[word]
		}
		if !toDeny && !toWish {
			break
		}
		at, before = from, word
	}
	return walk{}
}

// learningNow tells whether "learning" before from's end says what a person is about, rather than belonging to a subject's name.
func (t *textView) learningNow(from int) bool {
	before, _, stop := t.wordBack(from)
	return stop || before == "" || learningNow[before] || before != "" && !learningNames[before] && wishCarriers[before] && before != "of" && before != "in"
}

// wordBack is the word that ends before at and where it begins. Commas, colons, slashes and brackets are passed as an empty word; the end of a clause
// stops. A full stop inside a name ("Node.js") ends no clause.
func (t *textView) wordBack(at int) (word string, from int, stop bool) {
	b := t.text
	for at > 0 && b[at-1] == ' ' {
		if t.bulletIn(at - 1) {
			return "", at, true
		}
		at--
	}
	if at == 0 {
		return "", 0, true
	}
	switch c := b[at-1]; {
	case c == ',' || c == ':' || c == '/' || c == '(' || c == '&' || c == '"':
		return "", at - 1, false
	case c == '\'':
		return "", at - 1, false
	case !wordEndsAt(b, at) && c != '+' && c != '#':
		return "", at, true
	}
	from = wordStart(b, at)
	word = b[from:at]
	if i := strings.LastIndexByte(word, '\''); i == 1 { // "d'expérience", "n'ai"; "don't" is one word
		from, word = from+2, word[2:]
	}
	return word, from, false
}

// wordStart is where the word begins that ends before at. "+", "#", and a full stop or an apostrophe inside it belong to it.
func wordStart(b string, at int) int {
	for from := at; ; {
		_, size := utf8.DecodeLastRuneInString(b[:from])
		switch {
		case from == 0:
			return 0
		case wordEndsAt(b, from), b[from-1] == '+', b[from-1] == '#', from < at && apostrophe(b, from-1), from < at && b[from-1] == '.' && wordEndsAt(b, from-1):
			from -= size
		default:
			return from
		}
	}
}

// apostrophe tells whether an apostrophe stands inside a word.
func apostrophe(b string, at int) bool {
	return b[at] == '\'' && at > 0 && wordEndsAt(b, at) && wordBeginsAt(b, at+1)
}

// bulletIn tells whether the gap at a byte holds the hyphen that begins an item, which is a gap to the rest of the reader.
func (t *textView) bulletIn(gap int) bool {
	newline := false
	for _, r := range t.runes[t.origin(gap):t.origin(gap+1)] {
		switch {
		case r == '\n':
			newline = true
		case newline && !unicode.IsSpace(r):
			return true
		}
	}
	return false
}

// sayings that follow a skill, with what they say. They begin right after it.
var sayings = []struct {
	words string
	attitude
}{
	{"not required", denied},
	{"is not required", denied},
	{"are not required", denied},
	{"not needed", denied},
	{"is not needed", denied},
	{"nicht vertraut", denied},
	{"nie genutzt", denied},
	{"nie benutzt", denied},
	{"nie verwendet", denied},
	{"nicht genutzt", denied},
	{"noch nie", denied},
	{"(no experience", denied},
	{"(none)", denied},
	{": none", denied},
	{": no experience", denied},
	{"(never used", denied},
	{"(learning)", wished},
	{"(currently learning", wished},
	{"(still learning", wished},
	{"(in progress", wished},
	{"only as a reader", wished},
	{"as a reader only", wished},
	{"only in theory", wished},
	{"in theory only", wished},
	{"only from books", wished},
	{"only from reading", wished},
	{"(only read about", wished},
	{"(read about", wished},
	{"(theory only", wished},
	{"(theoretical only", wished},
	{"nur theoretisch", wished},
	{"(nur theoretisch", wished},
	{"nur in der theorie", wished},
	{"en théorie seulement", wished},
	{"solo en teoría", wished},
	{"lernen möchte", wished},
	{"erlernen möchte", wished},
	{"kennenlernen möchte", wished},
	{"(want to learn", wished},
}

func (t *textView) attitudeAfter(c candidate) attitude {
	after := strings.TrimPrefix(t.text[c.end:min(len(t.text), c.end+40)], " ")
	for _, s := range sayings {
		if strings.HasPrefix(after, s.words) {
			return s.attitude
		}
	}
	first, _, _ := strings.Cut(after, " ")
	if learnedAfter[strings.TrimRight(first, ".,;")] && t.wishedBefore(c.start) { // "möchte Rust lernen", "würde ich mich in Kafka einarbeiten"
		return wished
	}
	return asserted
}

// learnedAfter are the verbs of learning that end a German clause, and wishSteps are words between the skill and what wishes for it.
var (
	learnedAfter = wordSet(`lernen erlernen vertiefen einarbeiten kennenlernen ausprobieren weiterbilden`)
	wishSteps    = wordSet(`ich mich in mit das die den dem noch auch gern gerne mehr besser künftig demnächst bald nächstes als tiefer weiter und zu näher mein meine kenntnisse wissen`)
)

// wishedBefore tells whether the words before a skill lead back to a verb that wishes.
func (t *textView) wishedBefore(at int) bool {
	for range attitudeSteps / 3 {
		word, from, stop := t.wordBack(at)
		switch {
		case stop:
			return false
		case weakWishes[word]:
			return true
		case word != "" && !wishSteps[word]:
			return false
		}
		at = from
	}
	return false
}

// someoneElses tells whether a skill names people with whom one worked: "supported the Salesforce developers", "reported to the Oracle DBA".
// People whom one leads or belongs to are one's own.
func (t *textView) someoneElses(c candidate) bool {
	name := t.text[c.start:c.end]
	_, last, _ := cutLast(name)
	if !people[last] && !people[t.wordAfter(c.end)] {
		return false
	}
	before, from, stop := t.wordBack(c.start)
	if stop {
		return false
	}
	if articles[before] {
		if before, _, stop = t.wordBack(from); stop {
			return false
		}
		return besides[before] || supporting[before]
	}
	return before == "with" || before == "alongside" || supporting[before]
}

// cutLast splits a name before its last word.
func cutLast(name string) (first, last string, found bool) {
	i := strings.LastIndexByte(name, ' ')
	return name[:max(0, i)], name[i+1:], i >= 0
}
