package tutor

import (
	"regexp"
	"sync"
)

// ruleWords are the words by which the check tells what a sentence is, in one language. They are matched against small letters.
type ruleWords struct {
	personal *regexp.Regexp // it speaks of the person
	factual  *regexp.Regexp // it states what they did, have or are
	advice   *regexp.Regexp // it advises, asks or looks ahead
	ofReport *regexp.Regexp // what it says of the person is the report's or the plan's
	denies   *regexp.Regexp // it says that something is not there
	aims     *regexp.Regexp // a level is one to reach
	sets     *regexp.Regexp // a level is set
	scores   *regexp.Regexp // a number is a score
	employs  *regexp.Regexp // a name follows that is an employer's
	states   *regexp.Regexp // a level follows that is the person's own
	begins   *regexp.Regexp // it begins with the person
}

// wordsOf are the words of a language; those of all together where it is not known, so that a rule rather fires than not.
func wordsOf(language string) *ruleWords {
	all := ruleTables()
	if w, ok := all[language]; ok {
		return w
	}
	return all[""]
}

// The words are in one line each for a language: what one misses in a language the others may still catch, since answers mix them.
var ruleTables = sync.OnceValue(func() map[string]*ruleWords {
	raw := map[string][11]string{
		"en": {
			`you|your|yours|you're|you've|yourself`,
			`you(?:'ve| have| had| already| also| once| first| then| both)* (?:been|[a-z]+ed|built|wrote|written|ran|run|led|won|gave|given|got|knew|know|known|made|did|done|taught|held|took|taken|spent|kept|brought|began|grew|sold|were|was|used)\b|you(?:'re| are) (?:an?|the|already)\b|your (?:time|years?|days|internship|thesis|degree|certificate|background|stay|stint|tenure|promotion|award|experience)\b|you (?:live|own|come from|hold)\b`,
			`should|could|can|cannot|can't|may|might|would|will|'ll|shall|must|need|needs|try|let's|if|want|start|begin|take|read|write|build|use|put|say|tell|add|practise|fill|turn|ask|answer|give|compare|choose|pick|look|suggestion|begin|keep|send|test`,
			`your (?:[a-z]+ )?(?:report|readiness|gaps?|levels?|next|first|goal|plan|week|answer|message|question|list|progress|way|strongest|best|own|hands|turn|resume)\b`,
			`no|not|nothing|never|none|neither|cannot|can't|without|n't|missing|do not|does not`,
			`ask|asks|asked|asking|need|needs|require|requires|required|reach|towards?|to level|left|next|until|from|up to|goal|aim|means|about`,
			`(?:raise|set|put|count|rate|lift|bump|consider|place|score|grade|mark|call|estimate|see)[^.]{0,25}\byour?\b[^.]{0,60}\blevel`,
			`readiness|ready|score|scored|points|percent|grade|rating`,
			`(?:at|for|with|of|joined|left|by)`,
			`(?:you(?:'re| are| have| stand)|your [\pL .+#-]{1,30} (?:is|are|stands?|sits?))[^.\d]{0,25}`,
			`(?:your|you|you've|you're)`,
		},
		"de": {
			`du|dein|deine|deinen|deiner|deinem|deines|dir|dich|sie haben|ihre|ihrem|ihren|ihr`,
			`(?:du|sie) (?:hast|haben|bist|warst|hattest|kennst|kannst schon|betreibst|leitest|wohnst|arbeitest)\b|(?:hast|bist|warst|hattest|kennst|haben) (?:du|sie)\b|dein(?:e|en|er|em)? (?:jahre?n?|zeit|praktikum|abschluss|zertifikat|erfahrung(?:en)?|arbeit bei|stelle|auszeichnung|beförderung)\b`,
			`solltest|sollst|kannst|könntest|musst|müsstest|würdest|wirst|wärst|wenn|fang|nimm|übe|lies|schreib|bau|stell|antworte|versuch|such|lass|zeig|frag|probier|starte|beginne|lerne`,
			`dein(?:e|en|er|em)? (?:nächste[rsn]?|erste[rsn]?|größte[rsn]?|bericht|bereitschaft|lücken?|level|stufe|ziel|plan|woche|antwort|nachricht|frage|weg|fortschritt|lebenslauf)\b`,
			`kein|keine|keinen|nicht|nichts|nie|ohne|fehlt|fehlen`,
			`verlangt|gefragt|gefordert|braucht|brauchst|bis|ziel|erreichen|von level|auf level \d zu|nächste|noch|bringt man|kann man|bedeutet`,
			`(?:setze|stufe|hebe|zähle|bewerte|schätze|sehe|würde)[^.]{0,25}\b(?:dich|dir|dein|deine)\b[^.]{0,60}\b(?:level|stufe|niveau)`,
			`bereitschaft|bereit|punkte|prozent|note|wertung|score`,
			`(?:bei|von|für|firma|der firma|beim)`,
			`(?:du (?:bist|stehst|hast)|(?:bist|stehst|hast) du|dein(?:e|en|er)? [\pL .+#-]{1,30} (?:ist|steht|liegt))[^.\d]{0,30}`,
			`(?:du|dein|deine|deinen|deiner|deinem)`,
		},
		"es": {
			`tú|tu|tus|te|ti|contigo|usted|su experiencia|has|eres|estás|tienes|[a-záéíóúñ]{3,}(?:aste|iste)`,
			`(?:ya |también )?[a-záéíóúñ]{3,}(?:aste|iste)\b|has (?:[a-záéíóúñ]+(?:ado|ido)|hecho|escrito|visto|puesto)\b|eres (?:un|una|el|la)\b|tus? (?:paso|años?|tiempo|prácticas|tesis|título|certificado|experiencia|etapa|premio|ascenso)\b|vives en|sabes\b|conoces\b|estás en el nivel`,
			`deberías|debes|puedes|podrías|tendrías|estarías|si|empieza|toma|lee|escribe|haz|vuelve|compara|prueba|añade|responde|elige|usa|pon|di|hazla`,
			`tus? (?:próxim[oa]|primer[oa]?|informe|preparación|carencias?|nivel|meta|plan|semana|respuesta|mensaje|pregunta|camino|progreso|currículum)\b`,
			`no|nada|nunca|sin|ningun[oa]?|ningún|falta|faltan|tampoco`,
			`pide|exige|necesita|necesitas|hasta|llegar|llegas|al nivel|del nivel|falta|próximo|se construyen|significa|en el nivel \d se`,
			`(?:pongo|pondría|subo|subiría|considero|cuento|valoro|veo)[^.]{0,25}\b(?:te|tu|tus)?\b[^.]{0,60}\bnivel`,
			`preparación|lista|listo|puntos|puntuación|por ciento|nota`,
			`(?:en|para|por|con|de)`,
			`(?:estás|tienes|eres|tus? [\pL .+#-]{1,30} (?:es|está))[^.\d]{0,25}`,
			`(?:tú|tu|tus)`,
		},
		"fr": {
			`tu|ton|ta|tes|toi|te|vous|votre|vos|t'`,
			`(?:tu|vous) (?:as|avez|es|êtes|étais|étiez|connais|connaissez|sais|savez|habites|habitez)\b|t'es\b|(?:ton|ta|tes|votre|vos) (?:années?|temps|stage|thèse|diplôme|certificat|expériences?|passage|prix|promotion|refonte|parcours)\b`,
			`devrais|dois|peux|pourrais|pourrez|devriez|serais|si|commence|prends|lis|écris|fais|essaie|ajoute|réponds|choisis|utilise|mets|dis|pense|inscris|commencez`,
			`(?:ton|ta|tes|votre|vos) (?:prochaine?|premi[eè]re?|rapport|préparation|lacunes?|niveau|objectif|plan|semaine|réponse|message|question|chemin|progression|cv)\b`,
			`ne|pas|rien|jamais|sans|aucune?|manque|n'`,
			`demande|demandé|exige|besoin|jusqu|atteindre|au niveau|du niveau|passer|reste|prochain|on écrit|signifie`,
			`(?:mets|mettrais|monte|monterais|considère|compte|évalue|vois)[^.]{0,25}\b(?:te|tu|ton|ta|tes)?\b[^.]{0,60}\bniveau`,
			`préparation|prête?|points|score|pour cent|note`,
			`(?:chez|pour|à|au|avec|de)`,
			`(?:tu (?:es|as)|vous (?:êtes|avez)|(?:ton|votre) [\pL .+#-]{1,30} (?:est|sont))[^.\d]{0,25}`,
			`(?:tu|ton|ta|tes|vous|votre|vos)`,
		},
	}
	out := map[string]*ruleWords{}
	var joined [11]string
	for language, list := range raw {
		out[language] = compileRules(list)
		for i, words := range list {
			if joined[i] != "" {
				joined[i] += "|"
			}
			joined[i] += words
		}
	}
	out[""] = compileRules(joined)
	return out
})

func compileRules(list [11]string) *ruleWords {
	word := func(s string) *regexp.Regexp {
		return regexp.MustCompile(`(?:^|[^\pL\pN])(?:` + s + `)(?:$|[^\pL\pN])`)
	}
	begins := func(s string) *regexp.Regexp { return regexp.MustCompile(`(?:^|[^\pL\pN])(?:` + s + `)`) }
	return &ruleWords{
		personal: word(list[0]), factual: begins(list[1]), advice: word(list[2]), ofReport: begins(list[3]), denies: word(list[4]), aims: word(list[5]), sets: begins(list[6]),
		scores: word(list[7]), employs: begins(list[8] + ` `),
		states: regexp.MustCompile(`(?:^|[^\pL\pN])(?:` + list[9] + `)$`), begins: regexp.MustCompile(`^[^\pL]*(?:` + list[10] + `)(?:$|[^\pL\pN])`),
	}
}
