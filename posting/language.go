package posting

import (
	"strings"
	"unicode"
)

// smallWords are words that are frequent in one language and rare in the others of the list.
var smallWords = map[string][]string{
	"en": strings.Fields("the and of with you our will are for we your this that be is have"),
	"de": strings.Fields("und der die das mit wir du für dich ist ein eine bei sie deine unser unsere zu den im nicht sowie werden"),
	"fr": strings.Fields("les des vous nous et le la dans pour une avec est sur votre notre aux du au ou êtes vos nos"),
	"es": strings.Fields("los las el y con para una del por que te tu nuestro nuestra como más experiencia en somos buscamos"),
	"it": strings.Fields("il di per con una che della nel sono gli delle le alla ed siamo nostro azienda lavoro dei"),
	"nl": strings.Fields("het een en van je met wij voor jij bij ons zijn aan te op jouw onze naar deze wordt"),
	"pt": strings.Fields("os um uma para com que não e do da em você nossa nosso dos das são você ao experiência"),
	"pl": strings.Fields("i w na z do się oraz dla jest nie praca pracy od lub doświadczenie nasz ciebie oferujemy o"),
	"sv": strings.Fields("och att du som för vi är med på det av en till har din vår ett eller kommer"),
	"da": strings.Fields("og at du som for vi er med på det af en til har din vores et eller vil"),
}

// owners are the languages of each small word.
var owners = func() map[string][]string {
	out := map[string][]string{}
	for language, list := range smallWords {
		for _, w := range list {
			out[w] = append(out[w], language)
		}
	}
	return out
}()

// Language tells the language of a text as ISO 639-1, by its letters and its smallest words. It is "" where the text is too short to tell or two
// languages are about as likely.
func Language(text string) string {
	const enough = 4000
	if len(text) > enough {
		text = strings.ToValidUTF8(text[:enough], "")
	}
	if l := byLetters(text); l != "" {
		return l
	}
	seen := map[string]float64{}
	words := 0
	for w := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		words++
		list := owners[w]
		for _, l := range list {
			seen[l] += 1 / float64(len(list))
		}
	}
	best, second := "", ""
	for l := range smallWords {
		switch {
		case best == "" || seen[l] > seen[best] || seen[l] == seen[best] && l < best:
			best, second = l, best
		case second == "" || seen[l] > seen[second]:
			second = l
		}
	}
	const least, share, margin = 2.5, 0.05, 1.3
	if seen[best] < least || seen[best] < share*float64(words) || seen[best] < margin*seen[second] {
		return ""
	}
	return best
}

// byLetters tells languages that have letters of their own.
func byLetters(text string) string {
	var letters, han, kana, hangul, cyrillic, greek, arabic, hebrew, ukrainian int
	for _, r := range text {
		if r < 0x250 {
			if unicode.IsLetter(r) {
				letters++
			}
			continue
		}
		switch {
		case unicode.Is(unicode.Hiragana, r), unicode.Is(unicode.Katakana, r):
			kana++
		case unicode.Is(unicode.Han, r):
			han++
		case unicode.Is(unicode.Hangul, r):
			hangul++
		case unicode.Is(unicode.Cyrillic, r):
			cyrillic++
			if strings.ContainsRune("іїєґІЇЄҐ", r) {
				ukrainian++
			}
		case unicode.Is(unicode.Greek, r):
			greek++
		case unicode.Is(unicode.Arabic, r):
			arabic++
		case unicode.Is(unicode.Hebrew, r):
			hebrew++
		}
	}
	const few = 8
	most := func(n int) bool { return n >= few && 2*n > letters }
	switch {
	case most(kana + han):
		if kana*10 > han {
			return "ja"
		}
		return "zh"
	case most(hangul):
		return "ko"
	case most(cyrillic):
		if ukrainian*50 > cyrillic {
			return "uk"
		}
		return "ru"
	case most(greek):
		return "el"
	case most(arabic):
		return "ar"
	case most(hebrew):
		return "he"
	}
	return ""
}
