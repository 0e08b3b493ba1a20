package tutor

import (
	"strings"
	"sync"
)

// The languages of the built-in tutor's own sentences.
const (
	english = "en"
	german  = "de"
	spanish = "es"
)

// languageMarks are words that speak for a language and are no words of the two others.
var languageMarks = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for language, list := range map[string]string{
		english: `the is are what how do does my of for i you and an it this that these those should can could would with need which who where why when there
			have has did was were about from me your not yes thanks hello hi hey please tell give show make know much many next`,
		german: `los gehts geht der das und ich nicht ist ein eine einen einem einer eines wie warum mein meine meinen meinem mir mich fur mit auf zu zum zur dem wann
			wo kann kannst muss soll sollte welche welches welcher welchen habe hast hat sind wird wurde man von bei nach noch auch als im aber oder sich unser unsere du
			wir bitte danke hallo ja nein gibt konnte mehr sehr nachste weiter dann ohne uber hinter zwei brauche lerne moglich schon mal ihr wenn dass`,
		spanish: `el los las un una unos unas que por para con mi mis esta yo quiero puedo necesito del al y lo mas este hay tengo soy cual donde empiezo
			hola gracias si debo puede como cuanto cuanta cuantos cuando siguiente ahora sobre pero muy tambien hacer he quien estoy aprender nivel`,
	} {
		for w := range strings.FieldsSeq(list) {
			if _, taken := m[w]; taken {
				m[w] = "" // speaks for neither
				continue
			}
			m[w] = language
		}
	}
	return m
})

// languageOf is which of the three languages a message is in. Where it does not tell, it is the one before; a conversation only changes its
// language on more than one word.
func languageOf(text, before string) string {
	if before != german && before != spanish && before != english {
		before = ""
	}
	told, lead := languageTold(text)
	if lead == 0 || before != "" && told != before && lead < leastLead {
		told = before
	}
	if told == "" {
		return english
	}
	return told
}

// leastLead is by how many marks a message must speak for another language than the one before.
const leastLead = 2

// languageTold is the language that most marks of a message speak for, and by how many more than for the next.
func languageTold(text string) (language string, lead int) {
	score := map[string]int{}
	marks := languageMarks()
	for _, w := range words(strings.ToLower(text)) {
		if l := marks[accents.Replace(w)]; l != "" {
			score[l]++
		}
	}
	for _, r := range text {
		switch {
		case strings.ContainsRune("äöüßÄÖÜ", r):
			score[german]++
		case strings.ContainsRune("¿¡ñÑ", r):
			score[spanish] += 2
		case strings.ContainsRune("áéíóúÁÉÍÓÚ", r):
			score[spanish]++
		}
	}
	most, second := 0, 0
	for _, l := range []string{english, german, spanish} { // in a fixed order, for equal ones
		if score[l] > most {
			language, most, second = l, score[l], most
		} else {
			second = max(second, score[l])
		}
	}
	return language, most - second
}
