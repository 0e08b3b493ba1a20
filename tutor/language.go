package tutor

import (
	"strings"
	"unicode/utf8"

	"github.com/RadhiFadlillah/whatlanggo"
)

// languages are the ones that are told apart, by code, with the name that a prompt uses.
func languages() map[whatlanggo.Lang][2]string {
	return map[whatlanggo.Lang][2]string{
		whatlanggo.Eng: {"en", "English"}, whatlanggo.Deu: {"de", "German"}, whatlanggo.Spa: {"es", "Spanish"}, whatlanggo.Fra: {"fr", "French"},
		whatlanggo.Por: {"pt", "Portuguese"}, whatlanggo.Ita: {"it", "Italian"}, whatlanggo.Nld: {"nl", "Dutch"}, whatlanggo.Pol: {"pl", "Polish"},
		whatlanggo.Tur: {"tr", "Turkish"}, whatlanggo.Ukr: {"uk", "Ukrainian"}, whatlanggo.Rus: {"ru", "Russian"}, whatlanggo.Jpn: {"ja", "Japanese"},
		whatlanggo.Cmn: {"zh", "Chinese"}, whatlanggo.Kor: {"ko", "Korean"}, whatlanggo.Arb: {"ar", "Arabic"}, whatlanggo.Hin: {"hi", "Hindi"},
	}
}

// languageName is the name of a language for a prompt, "" for one that is not known.
func languageName(code string) string {
	for _, l := range languages() {
		if l[0] == code {
			return l[1]
		}
	}
	return ""
}

// leastTelling is how many characters a message needs for its language to be told from it alone.
const leastTelling = 24

// LanguageOf tells the language of a message: by its small words where it has some, else by its letters where there are enough; else it is
// that of before. The names of skills are English in every language, so that a short message says little.
func LanguageOf(message, before string) string {
	if code := byWords(message); code != "" {
		return code
	}
	if utf8.RuneCountInString(message) < leastTelling {
		return before
	}
	info := whatlanggo.Detect(message)
	if l, ok := languages()[info.Lang]; ok && (info.IsReliable() || whatlanggo.Scripts[info.Script] != "Latin") {
		return l[0]
	}
	return before
}

// smallWords are words that stand in nearly every sentence of one language and in none of the others.
var smallWords = func() map[string]string {
	out := map[string]string{}
	for code, list := range map[string]string{
		"en": "the what how why should my is are do does this with which can i'm you and of to",
		"de": "ich und wie ist nicht der die das was mein meine für soll kann mit ein eine wo warum zu wird auf bin habe als nächstes",
		"es": "qué cómo el los las mi para una por cuál debo puedo es está soy y siguiente aprender",
		"fr": "je le les est pour une quoi comment dois puis mon ma mes avec et quel quelle suis dans prochaine",
		"pt": "não eu os uma para com meu minha devo posso como você é são seguinte",
		"it": "il che per una come mio mia devo posso sono con perché è gli prossimo",
		"nl": "ik het een niet hoe wat mijn moet kan voor met zijn waarom volgende",
	} {
		for w := range strings.FieldsSeq(list) {
			if _, twice := out[w]; twice {
				out[w] = "" // says nothing
				continue
			}
			out[w] = code
		}
	}
	return out
}()

// byWords tells a language by small words; at least two, and twice as many as of any other.
func byWords(message string) string {
	count := map[string]int{}
	for _, w := range words(strings.ToLower(message)) {
		if code := smallWords[w]; code != "" {
			count[code]++
		}
	}
	best, next := "", 0
	for code, n := range count {
		switch {
		case best == "" || n > count[best]:
			if best != "" {
				next = max(next, count[best])
			}
			best = code
		default:
			next = max(next, n)
		}
	}
	if count[best] >= 2 && count[best] >= 2*next {
		return best
	}
	return ""
}
