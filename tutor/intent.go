package tutor

import (
	"regexp"
	"slices"
	"strings"

	"github.com/gapwise/gapwise/catalog"
)

// intent is what a question asks for, as far as the built-in tutor can tell.
type intent string

const (
	askGreeting  intent = "greeting"
	askThanks    intent = "thanks"
	askCorrect   intent = "correct" // to change a level or a score
	askQuiz      intent = "quiz"
	askResume    intent = "resume" // what the resume says
	askInterview intent = "interview"
	askProject   intent = "project"
	askPhase     intent = "phase"
	askResources intent = "resources"
	askSkill     intent = "skill"
	askNext      intent = "next"
	askGaps      intent = "gaps"
	askHours     intent = "hours"
	askSalary    intent = "salary"
	askRole      intent = "role"
	askOther     intent = "other"
)

// The rules, the first that fits wins. The order is from what is unmistakable to what is common. They are tried on text in lower case and
// without accents, in the three languages at once.
var intents = []struct {
	is   intent
	when *regexp.Regexp
}{
	{askThanks, regexp.MustCompile(`^(many )?(thanks?|thank you|thx|danke|vielen dank|merci|(muchas )?gracias)( a lot| so much| schon| sehr)?[\s.!?]*$`)},
	{askGreeting, regexp.MustCompile(`^(hi|hello|hey|hallo|hola|moin|servus|bonjour|buenas|buenos dias|guten (tag|morgen|abend)|good (morning|afternoon|evening)|help|hilfe|ayuda)( there| you| zusammen)?[\s.!?]*$`)},
	{askCorrect, regexp.MustCompile(`\b(set|change|raise|increase|correct|fix|lower|update|adjust|give me|wrong|setze?|andere?|erhohe?|korrigiere?|berichtige?|cambia|sube|corrige|pon)\b.*\b(levels?|scores?|readiness|hours|stufen?|wert|nivel|puntuacion)\b|\b(levels?|scores?|readiness|stufe|nivel)\b.*\b(wrong|falsch|mal|incorrecto)\b`)},
	{askQuiz, regexp.MustCompile(`\b(quiz( me)?|test me|ask me|check me|frag(e)? mich( ab)?|teste mich|hazme (una )?preguntas?|preguntame|examiname)\b`)},
	{askResume, regexp.MustCompile(`\b(my|mein(em|en)?|mi) (resume|cv|lebenslauf|curriculum)\b|\b(did|have) i (write|mention|say|written|mentioned)\b`)},
	{askInterview, regexp.MustCompile(`\b(interview(s|er|ers)?|vorstellungsgesprach(e|en|s)?|bewerbungsgesprach(e|en)?|entrevistas?|entrevistador(es)?)\b`)},
	{askProject, regexp.MustCompile(`\b(projects?|portfolio|hands-on|what (can|could|should) i build|projekte?n?|was (kann|konnte|soll) ich bauen|proyectos?)\b`)},
	{askPhase, regexp.MustCompile(`\b(phases?|milestones?|stages?|checklists?|outcomes?|phasen|meilensteine?n?s?|fases?|hitos?)\b`)},
	{askResources, regexp.MustCompile(`\b(what (should|can|could) i read|to read|books?|courses?|resources?|documentation|was (soll|kann) ich lesen|buch|bucher|kurse?|que (puedo |debo )?leer|libros?|cursos?)\b`)},
	{askSkill, nil}, // the question names a skill
	{askSalary, regexp.MustCompile(`\b(salary|salaries|pays?|paid|earn|earnings|compensation|wages?|gehalt|gehalter|verdien\w*|lohn|sueldos?|salarios?|cuanto (se )?gana)\b`)},
	{askGaps, regexp.MustCompile(`\b(gaps?|missing|lack|lacking|weak|weakness(es)?|strengths?|strong|readiness|how far|good enough|am i ready|how ready|qualified|my level|score|lucken?|fehlt|fehlen|schwachen?|starken?|wie weit|bereit|reif|brechas?|falta|faltan|debilidades|fortalezas|preparado|listo)\b`)},
	{askHours, regexp.MustCompile(`\b(how (long|many (hours|weeks|months)|much time|fast|soon)|when (will|can|could|am|do|would) i|(time|hours|weeks|months) (do|does|will|would|it|are|is|left)|deadline|by what date|wie lange|wie viele (stunden|wochen|monate)|wann|dauert|cuanto (tiempo|tarda|se tarda)|cuantas (horas|semanas))\b|^(when|cuando)\b`)},
	{askNext, regexp.MustCompile(`\b(next|start|starting|first|begin|focus|priorit(y|ies|ise|ize)|what (should|shall|do|can|must) i (do|learn|study|work)|where (do|should|shall) i|this week|plan|nachstes?|als nachstes|anfangen|beginnen|zuerst|womit|diese woche|was soll ich|siguiente|ahora|empezar|empiezo|primero|que (debo|hago|puedo hacer)|esta semana)\b`)},
	{askRole, regexp.MustCompile(`\b(role|job|typical|day|daily|career|why now|market|future|what (does|do) an?|about it|rolle|beruf|arbeitstag|tag|alltag|markt|zukunft|warum jetzt|puesto|trabajo|dia|mercado|futuro|por que ahora|por que es importante)\b`)},
}

// What of a role is asked for.
var (
	askedDay    = regexp.MustCompile(`\b(day|days|daily|typical|tag|tages|alltag|arbeitstag|dia)\b`)
	askedMarket = regexp.MustCompile(`\b(why now|market|future|demand|markt|zukunft|warum jetzt|mercado|futuro|por que ahora|por que es importante)\b`)
	askedLevels = regexp.MustCompile(`\b(levels?|next level|rubric|stufen?|niveaus?|niveles|nivel)\b`)
	askedWhy    = regexp.MustCompile(`^(but |and |und |y )?(why|warum|wozu|wieso|por que|para que)\b`)
	askedHow    = regexp.MustCompile(`\b(how (do|can|should|would) i (learn|get|study|improve)|teach me|wie lerne ich|wie komme ich|como (aprendo|aprender|mejoro))\b`)
)

var milestoneWords = regexp.MustCompile(`\b(milestones?|checklists?|meilensteine?n?s?|hitos?)\b`)

// pronoun stands for a skill that was spoken of before.
var pronoun = regexp.MustCompile(`\b(it|that|this|them|es|das|dafur|dazu|davon|daruber|ello|eso|esto|lo)\b`)

// asksFor tells whether a text asks for something, whatever else it asks for.
func asksFor(is intent, text string) bool {
	for _, rule := range intents {
		if rule.is == is && rule.when != nil {
			return rule.when.MatchString(text)
		}
	}
	return false
}

// plain is a text as the rules read it.
func plain(text string) string {
	return accents.Replace(strings.ToLower(strings.Join(strings.Fields(text), " ")))
}

// intentOf reads a question. A phase that is named without anything else being asked is a question about the phase.
func intentOf(question string, named []string, phase *catalog.Phase) intent {
	q := plain(question)
	for _, rule := range intents {
		if rule.is == askSkill {
			if len(named) > 0 {
				return askSkill
			}
			continue
		}
		if !rule.when.MatchString(q) {
			continue
		}
		if rule.is == askPhase && !milestoneWords.MatchString(q) { // "what am I missing in this phase?" is about gaps
			for _, other := range []intent{askGaps, askHours, askNext} {
				if asksFor(other, q) {
					return other
				}
			}
		}
		return rule.is
	}
	if phase != nil {
		return askPhase
	}
	return askOther
}

// phaseNamed finds the phase whose name a text holds, and the text without it, or nil and the text.
func phaseNamed(role *catalog.Role, text string) (*catalog.Phase, string) {
	for i := range role.Phases {
		p := &role.Phases[i]
		for _, name := range []string{p.Name, p.ID} {
			if at := strings.Index(strings.ToLower(text), strings.ToLower(name)); at >= 0 && len(strings.ToLower(text)) == len(text) {
				return p, text[:at] + " " + text[at+len(name):]
			}
		}
	}
	if m := phaseByPlace.FindStringSubmatchIndex(text); m != nil && len(role.Phases) > 0 {
		for i, place := range m[2:10] {
			if n := i / 2; i%2 == 0 && place >= 0 {
				if n == 3 {
					n = len(role.Phases) - 1
				}
				if n < len(role.Phases) {
					return &role.Phases[n], text[:m[0]] + " " + text[m[1]:]
				}
			}
		}
	}
	return nil, text
}

// phaseByPlace is a phase that is called by its place: the first, the second, the third or the last, each a group.
var phaseByPlace = regexp.MustCompile(`(?i)(?:(\b(?:first|1st|erste[nrs]?|primera) (?:phase|fase|stage)\b|\b(?:phase|fase) (?:1|one|eins|uno)\b)|(\b(?:second|2nd|zweite[nrs]?|segunda) (?:phase|fase|stage)\b|\b(?:phase|fase) (?:2|two|zwei|dos)\b)|(\b(?:third|3rd|dritte[nrs]?|tercera) (?:phase|fase|stage)\b|\b(?:phase|fase) (?:3|three|drei|tres)\b)|(\b(?:last|final|letzte[nrs]?|última) (?:phase|fase|stage)(?:\b|$)))`)

// bestNamed finds the one of several names that shares most words with a text, at least half of its own; -1 where none does.
func bestNamed(text string, names []string) int {
	said := tokens(text)
	best, most := -1, 0.0
	for i, name := range names {
		own := tokens(name)
		slices.Sort(own)
		own = slices.Compact(own)
		shared := 0
		for _, t := range own {
			if slices.Contains(said, t) {
				shared++
			}
		}
		if share := float64(shared) / float64(max(len(own), 1)); share >= 0.5 && share > most {
			best, most = i, share
		}
	}
	return best
}
