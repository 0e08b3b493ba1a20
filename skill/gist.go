package skill

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/resume"
)

// gistRunes bounds the free text of a gist.
const gistRunes = 1500

// Gist is the text that stands for a resume as a whole in the space of vectors: titles, skills by weight of evidence, and the lines in which
// the skills are named. Who the person is does not enter: a line counts only where it proves a skill, never in the section on schooling, and
// what is personal in it is left out, as are names of any kind, years, ages and the words that tell a gender. A name that is also a
// technology stays where the reader took it for the technology, and nowhere else. So two resumes that differ in nothing but the person have
// one vector.
func Gist(u *Upload) string {
	var b strings.Builder
	for _, t := range u.Profile.Titles {
		b.WriteString(Neutral(t) + ". ")
	}
	for _, claim := range u.Profile.Claims {
		if claim.Level > catalog.LevelAwareness {
			b.WriteString(claim.Name + ". ")
		}
	}
	b.WriteString(provingText(u))
	return b.String()
}

// provingText are the first lines of a resume that prove skills, without what is personal.
func provingText(u *Upload) string {
	text := []rune(u.Document.Text)
	skills, schooling, personal := make([]bool, len(text)), make([]bool, len(text)), make([]bool, len(text))
	mark := func(at []bool, start, end int) {
		for i := max(start, 0); i < min(end, len(at)); i++ {
			at[i] = true
		}
	}
	for _, c := range u.Profile.Claims {
		for _, m := range c.Mentions {
			mark(skills, m.Start, m.End)
		}
	}
	for _, s := range u.Document.Sections {
		if s.Kind == resume.SectionEducation {
			mark(schooling, s.Start, s.End)
		}
	}
	for _, e := range u.Document.Education {
		mark(schooling, e.Span[0], e.Span[1])
	}
	for _, p := range u.Document.Personal {
		mark(personal, p.Span[0], p.Span[1])
	}
	var b strings.Builder
	written := 0
	for start := 0; start < len(text) && written < gistRunes; {
		end := start
		proves := false
		for ; end < len(text) && text[end] != '\n'; end++ {
			proves = proves || skills[end] && !schooling[end]
		}
		if proves {
			line := Neutral(impersonal(text, start, end, schooling, personal, skills))
			r := []rune(line)
			r = r[:min(len(r), gistRunes-written)]
			written += len(r)
			b.WriteString(string(r) + "\n")
		}
		start = end + 1
	}
	return b.String()
}

// impersonal are the words of a line without those that are marked as personal or of schooling, and without whatever begins with a capital and
// names no skill: people, whether the resume is theirs or not, firms, schools and places.
func impersonal(text []rune, start, end int, schooling, personal, skills []bool) string {
	var b strings.Builder
	for i := start; i < end; {
		if schooling[i] || personal[i] && !skills[i] {
			i++
			continue
		}
		if !unicode.IsLetter(text[i]) {
			b.WriteRune(text[i])
			i++
			continue
		}
		from := i
		for i < end && unicode.IsLetter(text[i]) {
			i++
		}
		if skills[from] || !unicode.IsUpper(text[from]) {
			b.WriteString(string(text[from:i]))
		}
	}
	return b.String()
}

var (
	// ages are an age or a year in words: neither says what somebody can do, and both say how old they are.
	ages = regexp.MustCompile(`(?i)\b(age|aged|alter)\b:?\s*\d{2}\b|\b\d{2}[\s-](years?[\s-]old|jahre alt|ans\b|años de edad)|\b(19|20)\d\d\b`)
	// brackets are what is left of (m/w/d), and blanks are runs of white space.
	brackets = regexp.MustCompile(`\([\s/|,]*\)`)
	blanks   = regexp.MustCompile(`\s+`)
)

// Neutral is a text without the words that tell the gender of somebody, nor ages, on one line. Titles and trades that have two forms become one
// of them, whichever they were: Entwicklerin and Entwickler, développeuse and développeur, ingeniera and ingeniero, chairwoman and chairman.
func Neutral(s string) string {
	s = ages.ReplaceAllString(s, " ")
	var b strings.Builder
	r := []rune(s)
	for i := 0; i < len(r); {
		if !unicode.IsLetter(r[i]) {
			b.WriteRune(r[i])
			i++
			continue
		}
		from := i
		for i < len(r) && unicode.IsLetter(r[i]) {
			i++
		}
		word := string(r[from:i])
		lower := strings.ToLower(word)
		if i == from+1 && from > 0 && (r[from-1] == '/' || r[from-1] == '(') && (lower == "m" || lower == "w" || lower == "f" || lower == "d" || lower == "x") {
			continue // (m/w/d)
		}
		if genderWord(lower) {
			continue
		}
		b.WriteString(oneForm(word, lower))
	}
	return strings.TrimSpace(blanks.ReplaceAllString(brackets.ReplaceAllString(b.String(), ""), " "))
}

// genderWord tells whether a word in lower case says nothing but somebody's gender, form of address, or place in a family.
func genderWord(w string) bool {
	switch w {
	case "he", "him", "his", "himself", "she", "her", "hers", "herself", "they", "them", "their", "theirs", "themself", "themselves",
		"mr", "mrs", "ms", "miss", "mx", "sir", "madam", "male", "female", "man", "woman", "men", "women", "boy", "girl", "lady", "gentleman",
		"father", "mother", "parent", "son", "daughter", "husband", "wife", "brother", "sister", "married", "divorced", "widowed", "unmarried",
		"herr", "frau", "männlich", "weiblich", "divers", "verheiratet", "ledig", "geschieden", "vater", "mutter", "er", "ihr", "ihre", "ihren", "seine", "seinen",
		"monsieur", "madame", "mademoiselle", "marié", "mariée", "célibataire", "père", "mère", "elle", "fils", "fille",
		"señor", "señora", "señorita", "hombre", "mujer", "casado", "casada", "soltero", "soltera", "padre", "madre", "hijo", "hija", "ella":
		return true
	}
	return false
}

// forms are endings of trades and titles by gender, with the one ending that stands for both; the longer come first.
var forms = []struct{ ending, becomes string }{
	{"woman", "person"},
	{"women", "people"},
	{"waitress", "waiter"},
	{"actress", "actor"},
	{"stewardess", "steward"}, // English
	{"entwicklerinnen", "entwickler"},
	{"ingenieurin", "ingenieur"},
	{"entwicklerin", "entwickler"},
	{"administratorin", "administrator"},
	{"architektin", "architekt"},
	{"informatikerin", "informatiker"},
	{"leiterin", "leiter"},
	{"beraterin", "berater"},
	{"managerin", "manager"},
	{"technikerin", "techniker"},
	{"testerin", "tester"},
	{"analystin", "analyst"},
	{"studentin", "student"},
	{"praktikantin", "praktikant"},
	{"programmiererin", "programmierer"},
	{"kauffrau", "kaufperson"},
	{"kaufmann", "kaufperson"},
	{"mitarbeiterin", "mitarbeiter"},
	{"spezialistin", "spezialist"},
	{"expertin", "experte"},
	{"wissenschaftlerin", "wissenschaftler"},
	{"meisterin", "meister"}, // German
	{"développeuse", "développeur"},
	{"programmeuse", "programmeur"},
	{"directrice", "directeur"},
	{"administratrice", "administrateur"},
	{"formatrice", "formateur"},
	{"conceptrice", "concepteur"},
	{"rédactrice", "rédacteur"},
	{"ingénieure", "ingénieur"},
	{"consultante", "consultant"},
	{"technicienne", "technicien"},
	{"apprentie", "apprenti"},
	{"étudiante", "étudiant"},
	{"architecte", "architecte"},
	{"cheffe", "chef"},
	{"chargée", "chargé"},
	{"informaticienne", "informaticien"}, // French
	{"desarrolladora", "desarrollador"},
	{"programadora", "programador"},
	{"ingeniera", "ingeniero"},
	{"administradora", "administrador"},
	{"directora", "director"},
	{"becaria", "becario"},
	{"consultora", "consultor"},
	{"técnica", "técnico"},
	{"coordinadora", "coordinador"},
	{"arquitecta", "arquitecto"},
	{"jefa", "jefe"},
	{"diseñadora", "diseñador"}, // Spanish
}

// manWords end in "man" and are trades; others (German, Roman, human) are not.
var manWords = []string{"chairman", "salesman", "businessman", "craftsman", "draftsman", "foreman", "spokesman", "tradesman", "repairman", "serviceman", "layman", "ombudsman"}

// oneForm is a word with the ending that stands for both genders.
func oneForm(word, lower string) string {
	if slices.Contains(manWords, lower) {
		word = word[:len(word)-len("man")] + "person"
		return word
	}
	for _, f := range forms {
		if stem, ok := strings.CutSuffix(lower, f.ending); ok {
			if word == lower {
				return stem + f.becomes
			}
			return capitalised(stem + f.becomes)
		}
	}
	return word
}

func capitalised(s string) string {
	r := []rune(s)
	r[0] = unicode.ToUpper(r[0])
	return string(r)
}
