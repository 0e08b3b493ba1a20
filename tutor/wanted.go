package tutor

import (
	"cmp"
	"maps"
	"regexp"
	"strings"
)

// cues are words that tell which matter a question is after, in the three languages, without accents.
var cues = []struct {
	when   *regexp.Regexp
	boosts map[matter]float64
}{
	{regexp.MustCompile(`\b(interview\w*|vorstellungsgesprach\w*|bewerbungsgesprach\w*|entrevistas?|entrevistador\w*)\b`), map[matter]float64{ofTheme: 2.5}},
	{regexp.MustCompile(`\b(projects?|portfolio|hands-on|build|exercise|practi[sc]e|projekte?n?|bauen?|uben|ubung|proyectos?|construir|practicar|ejercicios?)\b`), map[matter]float64{ofProject: 1.8}},
	{regexp.MustCompile(`\b(milestones?|checklists?|meilensteine?s?|hitos?)\b`), map[matter]float64{ofMilestone: 2.2}},
	{regexp.MustCompile(`\b(proof|prove|proven|counts?|evidence|criteria|judged|checked|nachweise?|belege?n?|zeigen|evidencias?|demostrar|show that)\b`), map[matter]float64{ofMilestone: 1.5}},
	{regexp.MustCompile(`\b(phases?|stages?|phasen?|fases?)\b`), map[matter]float64{ofPhase: 2, ofOpen: 1.8}},
	{regexp.MustCompile(`\b(read|books?|courses?|resources?|documentation|learn from|buch|bucher|kurse?|lesen|libros?|cursos?|leer)\b`), map[matter]float64{ofResources: 2.5}},
	{regexp.MustCompile(`\b(how long|how many (hours|weeks|months)|how much time|wie lange|dauert|cuanto (tiempo|tarda)|cuantas horas)\b`), map[matter]float64{ofTime: 2, ofHours: 2, ofGap: 1.4}},
	{regexp.MustCompile(`\b(salary|salaries|pays?|paid|earn|earnings|compensation|wages?|gehalt|verdien\w*|lohn|sueldo|salario|gana[nr]?)\b`), map[matter]float64{ofSalary: 3}},
	{regexp.MustCompile(`\b(typical|day|daily|arbeitstag|ganzen tag|tag|dia)\b`), map[matter]float64{ofDay: 2}},
	{regexp.MustCompile(`\b(why now|market|future|demand|zukunft|markt|futuro|mercado|importante|wichtig)\b`), map[matter]float64{ofMarket: 2}},
	{regexp.MustCompile(`\b(levels?|stufen?|niveau|niveles|nivel|good enough|gut genug|how (much|well)|how good)\b`), map[matter]float64{ofRubric: 1.6, ofRequirement: 1.5, ofGap: 1.4}},
	{regexp.MustCompile(`\b(resume|cv|lebenslauf|curriculum|did i (write|mention|say)|have i (written|mentioned))\b`), map[matter]float64{ofSpan: 4, ofEvidence: 3, ofGap: 1.3}},
	{regexp.MustCompile(`\b(ready|readiness|how far|am i|bereit|lista?o?|wie weit)\b`), map[matter]float64{ofOverview: 2, ofTime: 1.2}},
	{regexp.MustCompile(`\b(open|missing|gaps?|left|lack|fehlt|fehlen|lucken?|offen|falta|faltan|brechas?)\b`), map[matter]float64{ofOpen: 1.8, ofGap: 1.4, ofOverview: 1.3}},
	{regexp.MustCompile(`\b(before|prerequisites?|voraussetzung\w*|requisitos?|antes)\b`), map[matter]float64{ofNeeds: 2}},
}

// always weighs the matters in every mode: what is short and of one skill ranks high by its length alone.
var always = map[matter]float64{ofNeeds: 0.5, ofTransfer: 0.6, ofHours: 0.6, ofResources: 0.6, ofSkill: 0.8}

// ofMode is what a mode is after, whatever is asked.
var ofMode = map[Mode]map[matter]float64{
	Coach:     {ofProject: 1.3, ofMilestone: 1.3, ofTheme: 1.1},
	Explain:   {ofQuestion: 1.3, ofRubric: 1.1, ofRequirement: 1.1},
	Hint:      {ofQuestion: 1.5},
	Quiz:      {ofQuestion: 1.4},
	Interview: {ofTheme: 2},
	Review:    {ofMilestone: 2},
	Line:      {ofSpan: 2, ofEvidence: 1.5},
}

// wanted weighs the matters of passages by what a question says and the mode it is asked in.
func wanted(question string, mode Mode) map[matter]float64 {
	out := maps.Clone(always)
	for m, w := range ofMode[mode] {
		out[m] = cmp.Or(out[m], 1) * w
	}
	q := accents.Replace(strings.ToLower(strings.Join(strings.Fields(question), " ")))
	for _, c := range cues {
		if c.when.MatchString(q) {
			for m, w := range c.boosts {
				out[m] = cmp.Or(out[m], 1) * w
			}
		}
	}
	return out
}
