package skill

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
)

// wordKind is what a word or phrase says of the work or of the person's command of a skill.
type wordKind int

const (
	_           wordKind = iota
	wordOwn              // anywhere in a sentence: the work was theirs to answer for
	wordOpening          // the same where it opens an item: "Moved", "Ran", "Cut"
	wordShared           // the work was shared, or looked on
	wordElse             // the work was somebody else's
	wordLimit            // right beside a skill: less of it
	wordJunior           // in a title: works under guidance
	wordRated1           // a rating of oneself, by the NIH scale
	wordRated2
	wordRated3
	wordRated4
	wordRated5
)

// longestPhrase is how many words a phrase of the lists has at most.
const longestPhrase = 4

// levelWordLists are the words from which levels are judged, in English, German, French and Spanish, and the commonest in Italian, Portuguese
// and Dutch; in lower case, parted by "|".
var levelWordLists = []struct {
	kind  wordKind
	words string
}{
	{wordOwn, `led|lead the|lead a|lead on|own|owned|owning|design|designed|designing|redesigned|architected|built|rebuilt|create|created|founded|introduce|introduced|migrated|scaled|spearheaded|drove|
		established|pioneered|mentored|responsible for|in charge of|accountable for|wrote|rewrote|launched|delivered|automated|authored|engineered|overhauled|headed|is mine|are mine|are ours|i lead|my own|mine alone|
		leite|leitete|geleitet|entwarf|entworfen|entwickelt|entwickelte|verantwortet|verantwortete|verantwortlich|verantwortung|aufgebaut|eingeführt|umgesetzt|konzipiert|konzipierte|implementiert|implementierte|
		federführend|fachliche leitung|projektleitung|baute|schrieb|
		conçu|conçue|conçus|conçues|dirigé|dirigée|développé|développée|développés|piloté|pilotée|pilotage|mis en place|mise en place|mis en œuvre|mise en œuvre|encadré|responsable|créé|créée|réalisé|réalisée|déployé|
		diseñé|diseñó|lideré|lideró|liderando|desarrollé|desarrolló|implementé|implementó|construí|construyó|dirigí|dirigió|creé|creó|a cargo de|puse en marcha|migré|
		progettato|progettata|sviluppato|sviluppata|realizzato|realizzata|guidato|desenvolvi|desenvolveu|liderei|liderou|projetei|implementei|ontwikkeld|ontworpen|opgezet|geleid|gebouwd`},
	{wordOpening, `run|ran|write|writing|move|moved|moving|cut|reduce|reduced|reducing|replace|replaced|improve|improved|increased|develop|developed|developing|implement|implemented|implementing|build|building|manage|managed|managing|
		split|set up|rolled out|roll out|plan|planned|organise|organised|organized|optimise|optimised|optimized|tune|tuned|refactored|ported|upgraded|upgrade|consolidated|modernised|modernized|simplified|integrate|integrated|deployed|deploy|
		configured|installed|administer|administered|administrated|operate|operated|secured|hardened|train|trained|taught|teach|coached|mentor|investigate|investigated|contain|analysed|analyzed|modelled|modeled|published|shipped|made|won|chose|
		negotiated|agreed|defined|documented|orchestrated|transformed|restructured|prepared|facilitate|facilitated|coordinate|coordinated|direct|directed|supervise|supervised|first|steered|staffed|translated|validated|tested|fixed|removed|
		ablösung|umstellung|migration|konzeption|entwicklung|aufbau|einführung|betreuung|einarbeitung|betrieb|schrittweise ablösung|
		conception|développement|optimisation|refonte|intégration|création|réalisation|déploiement|automatisation|encadrement|
		modelado|creación|desarrollo|implementación|gestión|migración|mejoré|reduje|reducción|automaticé|automatización|diseño|integré|integración|optimicé`},
	{wordElse, `run by|written by|managed by|maintained by|looked after by|owned by|belongs to|looks after|somebody else|someone else|team wrote|team writes|team runs|team ran|team owns|team built|team maintains|
		kümmert sich|kümmern sich|betreut von|gère|s'occupe|gérée par|géré par|lleva|se encarga|gestionado por|gestionada por|gestisce|cuida de`},
	{wordShared, `under supervision|under the supervision|second pair of hands|senior colleague|assisted|assisting|
		helped|helping|supported|shadowed|took part in|participated|participated in|together with a|together with the|contributed to|observed|attended|evaluated|comparison with|in place of|instead of|replacing|
		unterstützung|mithilfe|mitarbeit|mitgewirkt|hospitation|teilnahme an|ablösung alter|participation à|assisté|soutien|apoyo|colaboré|colaboración|participé|participación`},
	{wordLimit, `rarely|occasionally|only|a bit|a bit of|a little|little|some|small|a few|few|lab|home lab|reading|never owned|started|prototype|tutorial|hobby|under 1|nur|wenig|etwas|gelegentlich|selten|un peu|seulement|occasionnel|
		un poco|ocasional|solo|sólo`},
	{wordJunior, `intern|internship|trainee|apprentice|student|junior|jr|graduate|volunteer|assistant|werkstudent|werkstudentin|praktikant|praktikantin|praktikum|auszubildender|auszubildende|azubi|stagiaire|stage|alternant|alternante|
		alternance|apprenti|apprentie|becario|becaria|prácticas|júnior|tirocinante|tirocinio|estagiário|estagiária|stagiair`},
	{wordRated1, `curious|curious about|awareness|read about|seen|next|next goals|want next|on my list|learning|learning now|currently learning|to learn|want to try|would like|wish list|goals`},
	{wordRated2, `basic|basics|beginner|novice|familiar|familiar with|familiarity|exposure|exposure to|elementary|fundamental|fundamentals|limited|some|getting there|entry level|introductory|used never owned|small tools only|evenings|
		grundkenntnisse|grundlagen|grundwissen|basiskenntnisse|basiswissen|einsteiger|anfänger|erste erfahrungen|erste erfahrung|wenig|
		notions|débutant|débutante|bases|élémentaire|initiation|connaissances de base|
		básico|básica|básicos|básicas|principiante|nociones|iniciación|elemental|conocimientos básicos|nivel básico|
		base|di base|nozioni|principiante|iniciante|noções|basis|basiskennis|beginner`},
	{wordRated3, `intermediate|good|solid|working|working knowledge|competent|comfortable|comfortable with|moderate|average|confident|practical|hands on|
		gut|gute|guter|gutes|gute kenntnisse|fortgeschrittene grundkenntnisse|erweiterte grundkenntnisse|solide|mittel|praxiserfahrung|
		intermédiaire|bon niveau|bonne|bonnes|bon|bonnes connaissances|bonne connaissance|à l'aise|
		intermedio|intermedia|medio|media|buen|bueno|buena|buenos|buenos conocimientos|nivel medio|
		intermédio|intermediário|intermediária|bom|buono|buona|discreto|gemiddeld|goed`},
	{wordRated4, `advanced|proficient|proficient in|proficient with|proficiency|strong|extensive|excellent|fluent|fluent in|deep|in depth|very good|skilled|experienced|highly skilled|daily|
		sehr gut|sehr gute|sehr gute kenntnisse|fundiert|fundierte|fundierte kenntnisse|fortgeschritten|fortgeschrittene|umfassend|umfassende|vertieft|vertiefte|tiefgehende|ausgezeichnet|ausgezeichnete|sicher|versiert|
		avancé|avancée|maîtrise|maitrise|confirmé|confirmée|très bon|très bonne|très bonnes|très bon niveau|excellente|solides connaissances|courant|
		avanzado|avanzada|alto|alta|dominio|sólida|sólidos|sólidos conocimientos|amplia|amplios|amplia experiencia|muy bueno|muy buen|muy buenos|nivel avanzado|
		avanzato|avanzata|ottimo|ottima|avançado|avançada|domínio|gevorderd|zeer goed|uitstekend`},
	{wordRated5, `expert|expertise|expert in|expert level|expertise in|guru|mastery|mastery of|
		experte|expertin|experten|expertenkenntnisse|expertenwissen|
		maîtrise parfaite|maîtrise avancée|experte|
		experto|experta|dominio avanzado|dominio experto|
		esperto|esperta|especialista|perito`},
}

// levelWords are the lists by word or phrase. A phrase can have several kinds.
var levelWords = sync.OnceValue(func() map[string][]wordKind {
	table := map[string][]wordKind{}
	for _, list := range levelWordLists {
		for phrase := range strings.SplitSeq(list.words, "|") {
			phrase = strings.TrimSpace(phrase)
			table[phrase] = append(table[phrase], list.kind)
		}
	}
	return table
})

// wordsOf are the words of a text in lower case: letters, digits and what joins them.
func levelTokens(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '’'
	})
}

// eachWord calls f for each phrase of the lists in a text with the place of its first word, and the number of its words. Longer ones come first.
func eachWord(tokens []string, f func(kind wordKind, at, size int)) {
	table := levelWords()
	for at := range tokens {
		for size := min(longestPhrase, len(tokens)-at); size > 0; size-- {
			key := tokens[at]
			if size > 1 {
				key = strings.Join(tokens[at:at+size], " ")
			}
			for _, kind := range table[key] {
				f(kind, at, size)
			}
		}
	}
}

// ratingOf is how a text that does nothing but rate does so ("Expert", "Sehr gute Kenntnisse:"), 0 where it does not. The longest phrase counts.
func ratingOf(s string) int {
	rating, longest := 0, 0
	eachWord(levelTokens(s), func(kind wordKind, _, size int) {
		if kind >= wordRated1 && size > longest {
			rating, longest = int(kind-wordRated1)+1, size
		}
	})
	return rating
}

// outcome is a figure that says what the work brought.
var outcome = regexp.MustCompile(`(?i)\d+(?:[.,]\d+)?\s*(?:%|percent|prozent|(?:x|ms|s|min|h|k|m|tb|gb|y|million|millionen|millions|millones|billion|times|users|nutzer|utilisateurs|usuarios|devices|requests|rps|qps|hours|minutes|seconds|engineers|people|` +
	`seats|services|standorte|sites|clients|kunden|customers|nodes|hosts|servers|switches|visits|events|operations)\b)|[$€£]\s?\d|\bfrom (?:about )?\d|\d\s*(?:→|->)\s*\d|\bvon \d|\bde \d[\d.,]* ?\S* (?:à|a) \d|\bdown (?:by|to) |\bto (?:zero|none)\b`)
