package posting

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// spoken are names of languages that people are asked to speak, by their ISO 639-1 codes; the code stands for the first of its names.
var spoken = []struct {
	code  string
	names []string
}{
	{"en", strings.Fields("english englisch anglais inglés inglese engels")},
	{"de", strings.Fields("german deutsch allemand alemán tedesco duits")},
	{"fr", strings.Fields("french französisch français francés francese frans")},
	{"es", strings.Fields("spanish spanisch espagnol español castellano spagnolo spaans")},
	{"it", strings.Fields("italian italienisch italien italiano italiaans")},
	{"nl", strings.Fields("dutch niederländisch néerlandais neerlandés nederlands flemish")},
	{"pt", strings.Fields("portuguese portugiesisch portugais portugués português")},
	{"pl", strings.Fields("polish polnisch polonais polaco polski")},
	{"sv", strings.Fields("swedish schwedisch suédois sueco svenska")},
	{"da", strings.Fields("danish dänisch danois danés dansk")},
	{"no", strings.Fields("norwegian norwegisch norvégien noruego norsk")},
	{"fi", strings.Fields("finnish finnisch finnois finés suomi")},
	{"cs", strings.Fields("czech tschechisch tchèque checo čeština")},
	{"ja", strings.Fields("japanese japanisch japonais japonés")},
	{"zh", strings.Fields("mandarin chinese chinesisch chinois chino cantonese")},
	{"ko", strings.Fields("korean koreanisch coréen coreano")},
	{"ru", strings.Fields("russian russisch russe ruso")},
	{"uk", strings.Fields("ukrainian ukrainisch ukrainien ucraniano")},
	{"tr", strings.Fields("turkish türkisch turc turco")},
	{"ar", strings.Fields("arabic arabisch arabe árabe")},
	{"he", strings.Fields("hebrew hebräisch hébreu hebreo")},
	{"hi", strings.Fields("hindi")},
}

// LanguageName is the English name of a language that people are asked to speak, "" for one that is not known.
func LanguageName(code string) string {
	for _, l := range spoken {
		if l.code == code {
			return strings.ToUpper(l.names[0][:1]) + l.names[0][1:]
		}
	}
	return ""
}

// Names tells whether a text names a language, by any of its names as a whole word, or as the beginning of a German one (Deutschkenntnisse).
func Names(text, code string) bool {
	text = strings.ToLower(text)
	for _, l := range spoken {
		if l.code == code {
			return slices.ContainsFunc(l.names, func(name string) bool {
				for rest := text; ; {
					i := strings.Index(rest, name)
					if i < 0 {
						return false
					}
					if i == 0 || !isLetter(rest[i-1]) {
						return true
					}
					rest = rest[i+len(name):]
				}
			})
		}
	}
	return false
}

var (
	codeOf = func() map[string]string {
		out := map[string]string{}
		for _, l := range spoken {
			for _, name := range l.names {
				out[name] = l.code
			}
		}
		return out
	}()
	spokenName = func() string {
		var names []string
		for _, l := range spoken {
			names = append(names, l.names...)
		}
		slices.SortFunc(names, func(a, b string) int { return len(b) - len(a) })
		return `(?:` + strings.Join(names, "|") + `)`
	}()
	// spokenList is one language or several; what stands before and behind says how well.
	spokenList = regexp.MustCompile(`(?:^|[^\pL])(` + spokenName + `(?:(?:, | and | or | und | oder | et | ou | y | o | & | ?/ ?)(?:` + spokenName + `))*)(-?kenntnisse|sprachig\pL*)?(?:$|[^\pL])`)
	spokenOne  = regexp.MustCompile(spokenName)
	spokenBy   = regexp.MustCompile(`(?:\b(?:fluent|fluency|fluently|native|mother tongue|proficien\w*|bilingual|business[- ]level|c1|c2|b2|courant|maîtrise|parfaite|nivel (?:alto|nativo)|dominio)|(?:^|[^\pL])(?:fließend\w*|verhandlungssicher\w*|muttersprach\w*))[^,.;:!?\n]{0,28}$`)
	spokenAs   = regexp.MustCompile(`^[^,.;:!?\n]{0,24}(?:\b(?:required|mandatory|essential|is a must|needed|fluent\w*|native|proficien\w*|c1|c2|b2|speaker|courant|exigé|requis|imprescindible|obligatorio|fluido|nativo)\b|-speaking\b|fließend|verhandlungssicher|erforderlich|zwingend|vorausgesetzt|muttersprach)`)
	spokenNice = regexp.MustCompile(`\b(?:plus|bonus|nice|preferred|preferable|preferably|ideally|advantage\w*|helpful|beneficial|desirable|welcome|asset|not required|not needed|no need|not necessary|optional|atout|apprécié|valorable|se valora)\b|von vorteil|wünschenswert|idealerweise|nicht (?:erforderlich|nötig|notwendig)|keine?[nr]? deutsch`)
)

// Speaks are the languages but English that a description cannot do without, as codes: those that stand apart by a space are needed each, of
// those apart by a stroke one does. English and what stands for it is left out, since the catalogue's readers have it.
func Speaks(text string) string {
	var out []string
	runes := []rune(text)
	for _, l := range splitLines(runes) {
		if !l.must {
			continue
		}
		line := strings.ToLower(string(runes[l.start:l.end]))
		if !namesLanguage(line) {
			continue
		}
		for from := 0; from < len(line); {
			at := spokenList.FindStringSubmatchIndex(line[from:])
			if at == nil {
				break
			}
			list, start, end := line[from+at[2]:from+at[3]], from+at[2], from+at[3]
			compound := at[4] >= 0 && strings.HasSuffix(line[from+at[4]:from+at[5]], "kenntnisse")
			before, after := line[:start], line[end:]
			from = end
			clause := before[lastClause(before):] + list + after[:firstStop(after)]
			needed := compound || spokenBy.MatchString(before) || spokenAs.MatchString(after)
			if !needed || spokenNice.MatchString(clause) {
				continue
			}
			for _, group := range groups(list) {
				if !slices.Contains(out, group) {
					out = append(out, group)
				}
			}
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// namesLanguage tells whether a line in small letters has a word that may name a language: the pattern for lists of them is slow.
func namesLanguage(line string) bool {
	for w := range strings.FieldsFuncSeq(line, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if codeOf[w] != "" || strings.HasSuffix(w, "kenntnisse") || strings.Contains(w, "sprachig") {
			return true
		}
	}
	return false
}

// groups are the languages of a list: one group where one of them does, else one each.
func groups(list string) (out []string) {
	var codes []string
	for _, name := range spokenOne.FindAllString(list, -1) {
		codes = append(codes, codeOf[name])
	}
	if has(list, " or ", " oder ", " ou ", " o ", "/") {
		if slices.Sort(codes); slices.Contains(codes, "en") {
			return nil
		}
		return []string{strings.Join(slices.Compact(codes), "/")}
	}
	return slices.DeleteFunc(codes, func(c string) bool { return c == "en" })
}

const clauseStops = ".;:!?()"

func lastClause(s string) int { return strings.LastIndexAny(s, clauseStops) + 1 }

func firstStop(s string) int {
	if i := strings.IndexAny(s, clauseStops); i >= 0 {
		return i
	}
	return len(s)
}
