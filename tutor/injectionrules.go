package tutor

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// injectionRule is one form of text that is addressed to an AI. It is tried on a sentence that has one of the words of its gate, and what the
// form cannot do without.
type injectionRule struct {
	kind  string
	form  *regexp.Regexp
	needs literals
	gates [][]uint16 // the same, as the spotter numbers it
}

// Who is addressed, what an AI is made to do, and what it is made to tell, in the languages that are read. All text is folded.
const (
	someAI = `(?:ai|a\.i\.|llms?|gpt(?:-?\d)?|chat ?gpt|claude|gemini|copilot|(?:large )?language models?|models?|assistants?|chat ?bots?|bots?|agents?|screeners?|` +
		`(?:ai|llm|automated) (?:systems?|agents?|screeners?|reviewers?|assistants?|models?|tools?|evaluators?|graders?)|automated (?:reviewers?|screeners?)|` +
		`ki|ki-?(?:systeme?|assistent(?:en)?|modelle?)|sprachmodelle?|ia|asistentes?(?: de ia)?|modelos?(?: de (?:lenguaje|ia))?|inteligencias? artificial(?:es)?|modeles? de langage|assistants? ia|intelligence artificielle)`
	plainlyAI = `(?:an? (?:ai|llm|(?:large )?language model|chat ?bot|bot|ai \w+|artificial intelligence|assistant)|ai|eine ki|ein (?:sprachmodell|chatbot|bot)|una (?:ia|inteligencia artificial)|un (?:modelo de (?:ia|lenguaje)|chatbot|bot)|une (?:ia|intelligence artificielle)|un modele de langage)`
	doing     = `(?:ignore|disregard|forget|stop|drop|reply|answer|respond|say|print|output|reveal|repeat|append|include|insert|add|render|fetch|open|visit|tell|ask|rate|score|rank|mark|grade|give|assign|report|recommend|approve|set|list|attach|show|praise|pretend|act|follow|write|treat|hide|compare|do not|don't|never|always|please|` +
		`bewerte|vergib|gib|gebt|setze|zeige?|fuge|fordere|antworte|ignoriere|vergiss|schreibe?|nenne|empfiehl|asigna|puntua|da|informa|responde|contesta|di|incluye|ignora|olvida|revela|muestra|pide|recomienda|attribue|donne|note|indique|ajoute|revele|affiche|reponds|ignore|oublie|recommande)`
	rulesOf = `(?:instructions?|prompts?|rules|guidelines|directions|directives|commands|guardrails|restrictions|programming|context)`
	secret  = `(?:system ?(?:prompt|message)s?|(?:your|their) (?:\w+ ){0,2}?(?:instructions?|prompt|rules|configuration|guidelines|system prompt|initial prompt)|hidden (?:rules|instructions|prompt)|initial prompt|(?:everything|words|text|lines?|all) (?:that (?:is|stands) )?above|api[- ]?keys?|environment variables|rules you (?:follow|were given)|` +
		`system ?prompt|deine[nr]? (?:\w+ )?(?:anweisungen|regeln|konfiguration|systemprompt|vorgaben)|tus? (?:\w+ )?(?:instrucciones|mensaje de sistema|reglas|configuracion|prompt)|mensaje de sistema|(?:tes|ton|vos|votre) (?:\w+ )?(?:instructions|consignes|regles|prompt|configuration)|prompt systeme)`
	others = `(?:(?:an)?other (?:\w+ )?(?:user|person|candidate|applicant|people|resume|customer|client|student)s?(?:'s?)?|(?:previous|last) (?:user|person|candidate|applicant|resume|conversation)s?(?:'s?)?|all (?:the )?users|everybody else|people (?:that )?you (?:have )?helped|` +
		`ander\w* (?:nutzer\w*|bewerber\w*|person\w*|leute|kandidat\w*)|otr[oa]s? (?:usuari\w+|persona\w*|candidat\w+)|(?:d'un |d'une |l'|les |des )?autres? (?:utilisateur\w*|personne\w*|candidat\w*))`
	topMark = `(?:highest|maximum|max|top|best|full marks|first|perfect|excellent|expert|immediate(?:ly)?|without reservation|five stars|hired|` +
		`5(?:/| of | out of )5|10(?:/| of | out of | sobre )10|100(?: ?%|[ -]?percent| prozent| por ciento| punkte\w*|/100)|1\.0|0?\.99|level 5|(?:to|at|auf|en|a|au) (?:level )?5|hochst\w*|bestnote|maxim[oa]|mejor|meilleure?|maximale?)`
)

func gated(kind, gate, form string) injectionRule {
	r := injectionRule{kind: kind, needs: literals{strings.Split(gate, "|")}, form: regexp.MustCompile(form)}
	if more, err := literalsOf(form); err == nil { // without them, it is only slower
		r.needs = append(r.needs, more...)
	}
	return r
}

// injectionForms are the forms, the surest first, and what spots the words that they need.
type injectionForms struct {
	rules []injectionRule
	words *spotter
}

var injectionRules = sync.OnceValue(func() injectionForms {
	var all []injectionRule
	for _, part := range []func() []injectionRule{fenceRules, overrideRules, exfiltrationRules, othersRules, scoreRules, linkRules, rolePlayRules, addressRules} {
		all = append(all, part()...)
	}
	var words []string
	for _, r := range all {
		words = append(words, r.needs.flat()...)
	}
	f := injectionForms{rules: all, words: newSpotter(words)}
	for i := range all {
		all[i].gates = f.words.numbers(all[i].needs)
	}
	return f
})

// addressed is the kind of an injection that a folded sentence is, "" for none.
func addressed(plain string) string {
	forms := injectionRules()
	spotted := forms.words.spot(plain)
	for _, r := range forms.rules {
		if allOf(r.gates, spotted) && r.form.MatchString(plain) {
			if quotedAsExample(plain) {
				return ""
			}
			return r.kind
		}
	}
	return ""
}

// Work on injections is described by their words: in quotation marks, by somebody who built or found something.
var (
	injectionWork = regexp.MustCompile(`\b(?:prompt injections?|jailbreaks?|guardrails?|red[- ]team\w*|adversarial)\b`)
	workVerb      = regexp.MustCompile(`\b(?:built|wrote|detect\w*|defend\w*|found|test\w*|research\w*|develop\w*|protect\w*|harden\w*|block\w*|implement\w*|trained|reported|designed)\b`)
	inQuotes      = regexp.MustCompile(`"[^"]{4,60}"`)
)

func quotedAsExample(plain string) bool {
	if !injectionWork.MatchString(plain) || !workVerb.MatchString(plain) || !inQuotes.MatchString(plain) {
		return false
	}
	rest := inQuotes.ReplaceAllString(plain, " ")
	return !slices.ContainsFunc(injectionRules().rules, func(r injectionRule) bool { return r.form.MatchString(rest) })
}

func fenceRules() []injectionRule {
	return []injectionRule{
		gated("role-play", "<|", `<\|(?:im_start|im_end|system|endoftext|assistant|user)`),
		gated("role-play", "inst]", `\[/?inst\]`),
		gated("role-play", "<<sys", `<</?sys>>`),
		gated("override", "data", `</?\s*data\b`),
		gated("role-play", "system", `#{2,}\s*(?:system|instruction)s?\b|^\s*"?(?:system|systemprompt)\s*:\s*(?:you|new|the assistant|ignore|override)|\bsystem override\b|\boverride code\b`),
	}
}

func overrideRules() []injectionRule {
	which := `(?:previous|prior|above|earlier|preceding|former|your|initial|original|existing|these|those|any|my|system|current|other|past|every)`
	return []injectionRule{
		gated("override", "ignor|disregard|forget|overrid|bypass|drop|void|stop|follow|skip|neglect|violat", `\b(?:ignore|disregard|forget|override|bypass|drop|void|neglect|violate|stop following|(?:do not|don't) follow|skip|no longer follow)\b(?: (?:\w+,? )?(?:all|of|the|any))*(?: and)? (?:of )?`+which+`(?: \w+){0,2}? `+rulesOf+`\b`),
		gated("override", "ignor|disregard|forget", `\b(?:ignore|disregard|forget) (?:everything|all|anything|whatever|what)\b[^.]{0,30}\b(?:told|said|above|before|given|instruct\w*|receiv\w*|rules|earlier)\b`),
		gated("override", "ignor|forget|disregard", `\b(?:ignore|forget|disregard) (?:all )?(?:the )?(?:rules|instructions|guidelines)\b[^.]{0,25}\b(?:you|given|above)\b`),
		gated("override", "void|test|invalid|cancel|obsolete|suspend|longer", `\b(?:previous|prior|earlier|above|all|your|the)\b[^.]{0,20}\b(?:instructions|guidelines|rules|prompts?)\b[^.]{0,40}\b(?:are|were|is|was) (?:now )?(?:void|cancell?ed|invalid|a test|obsolete|suspended|no longer)`),
		gated("override", "new instruction|new task|new rule|new policy|real task|only valid instruction", `\bnew (?:instructions?|rules|policy|task)(?: for (?:the )?`+someAI+`\b|\s*:\s*(?:you|the assistant|ignore|`+doing+`)|[^.]{0,20}\b(?:follow|you must)\b)|\breal task is to\b|\bonly valid instruction\b`),
		gated("override", "debug mode|developer mode|debugging session|act on this text", `\b(?:enter|enable|you are in|activate|switch to) (?:\w+ )?(?:debug|developer|god|admin|dan) mode\b|\bact on this text only\b`),
		gated("override", "anweisung|instruktion|vorgabe|regel|prompt", `\b(?:vergiss|vergesst|vergessen sie|ignorier\w*|missachte\w*|umgehe?)\b[^.]{0,35}\b(?:anweisung\w*|instruktion\w*|vorgabe\w*|regeln|prompts?)\b|\bgelten (?:deine|alle|die) (?:\w+ )?(?:regeln|anweisungen|vorgaben) nicht\b|\b(?:deine|alle) (?:\w+ )?(?:regeln|anweisungen) (?:gelten|sind) (?:nicht|ungultig|aufgehoben)`),
		gated("override", "instruccion|regla|indicacion|prompt", `\b(?:ignora\w*|olvida\w*|omite|desobedece|descarta)\b[^.]{0,35}\b(?:instruccion\w*|reglas?|indicacion\w*|prompts?)\b`),
		gated("override", "instruction|consigne|regle|prompt", `\b(?:ignore[rz]?|oublie[rz]?|neglige[rz]?|desobeis)\b[^.]{0,35}\b(?:instructions?|consignes?|regles?|prompts?)\b(?:[^.]{0,20}\b(?:precedentes?|anterieures?|ci-dessus)\b|[^.]{0,40}\b(?:reponds|repondez|ecri\w+|mets|donne)\b)|\b(?:ignore[rz]?|oublie[rz]?) (?:tes|vos|toutes? (?:tes|vos|les)) (?:instructions?|consignes?|regles?)`),
	}
}

func exfiltrationRules() []injectionRule {
	verbs := `(?:print|show|reveal|output|repeat|append|translate|encode|convert|write(?: out)?|quot(?:e|ing)|summari[sz]e|display|tell|give|recite|leak|dump|list|spell(?: out)?|copy|disclose|expose|complete|rewrite|read(?: out)?|share|` +
		`zeige?|gib|wiederhole|verrate|drucke?|nenne|ubersetze|schreibe?|muestra\w*|revela|imprime|repite|dame|ensena\w*|traduce|affiche[rz]?|revele[rz]?|montre\w*|donne\w*|recopie\w*|traduis|repete[rz]?)`
	return []injectionRule{
		gated("exfiltration", "prompt|instruc|rules|configura|above|key|variables|message|anweisung|regeln|mensaje|consigne|guideline|regla|regle", `(?:^|[,:;.!?"'(]\s*|\b(?:and|then|to|must|please|should|will|ai|bot|gpt|model|assistant|me|und|bitte|y|et|assistant,|users?) )(?:\w+ )?`+verbs+`\b[^.]{0,45}?\b`+secret+`\b`),
		gated("exfiltration", "your|dein|tu |tus |ton |tes ", `\b(?:what|which|how) (?:is|are|does|do|were|was|lautet)\b[^.]{0,20}\byour (?:\w+ ){0,2}(?:instructions?|prompt|configuration|system prompt|rules)\b|\bmy system prompt is\b|\bwie (?:lautet|ist|heisst) dein\w* (?:\w+ )?(?:systemprompt|prompt)|\bcual(?:es)? (?:es|son) tus? (?:\w+ )?(?:prompt|instrucciones|mensaje de sistema)|\bquel(?:le)?s? (?:est|sont) (?:ton|tes|votre|vos) (?:\w+ )?(?:prompt|instructions|consignes)`),
		gated("exfiltration", "starting with|backwards|letter by letter|verbatim|word for word|wortlich|palabra por palabra|mot pour mot|line by line", `\b(?:repeat|print|write|copy|spell)\b[^.]{0,60}\b(?:above|you are|instructions|prompt|rules)\b[^.]{0,40}`),
		gated("exfiltration", "above|key", `\b(?:print|repeat|output|copy)\b[^.]{0,20}\b(?:everything|all|words|text)\b[^.]{0,12}\babove\b|\b(?:what is|give me|tell me|print)\b[^.]{0,15}\bapi[- ]?key\b`),
	}
}

func othersRules() []injectionRule {
	verbs := `(?:show|give|list|reveal|include|attach|print|compare|tell|send|display|output|provide|share|what did|zeige?|gib|nenne|liste|muestra\w*|dame|ensena\w*|lista|montre\w*|donne\w*|affiche\w*)`
	return []injectionRule{
		gated("others-data", "other|previous|last|all users|all the users|people you|people that you|ander|otr|autre|everybody else", `(?:^|[,:;.!?]\s*|\b(?:and|then|to|must|please|und|bitte|y|et|model|ai|llm) )(?:\w+ )?`+verbs+`\b[^.]{0,60}?\b`+others),
		gated("others-data", "other applicant|other candidate|other resume|last resume|previous user|users", `\b(?:attach|include|reveal|compare with) (?:the )?(?:last|other|previous) (?:resumes?|conversations?|candidates?|applicants?)\b|\bwhat other candidates wrote\b|\blist (?:all|every|their|the) (?:other )?(?:users?|owners?|applicants?)\b`),
	}
}

func scoreRules() []injectionRule {
	verbs := `(?:rate|score|rank|mark|grade|assign|give|report|set|put|change|raise|recommend|approve|assess|bewerte\w*|vergib|vergebt|gib|gebt|setze?|asigna|puntua|pon|da|informa|attribue[rz]?|donne[rz]?|mets|note[rz]?|indique[rz]?)`
	whom := `(?:this (?:candidate|applicant|person|resume|cv|application|profile)|every (?:applicant|candidate|reader|skill)|all (?:skills|levels|applicants)|my (?:\w+ ){0,2}(?:levels?|readiness|score|skills?)|me|diese\w* (?:person|bewerb\w*|lebenslauf|kandidat\w*|stelle)|allen? (?:fahigkeiten|kategorien)|jeder kategorie|meine \w+|est[ea] (?:candidat\w+|persona|curriculum|oferta)|todas las habilidades|mi (?:nivel|preparacion)|ce (?:candidat|cv|profil)|cette (?:personne|offre|candidature)|chaque competence|toutes les (?:competences|rubriques)|mon niveau)`
	return []injectionRule{
		gated("score", "rate|score|rank|mark|grade|assign|give|report|set|put|change|raise|recommend|approve|assess|bewert|vergib|gib|gebt|setz|asigna|puntua|pon|da |informa|attribue|donne|mets|note|indique", `(?:^|[,:;.!?]\s*|\b(?:and|then|to|must|should|please|und|immer|siempre|y|et|toujours|you) )(?:\w+ )?`+verbs+`\b[^.]{0,60}?\b`+whom+`\b[^.]{0,60}?\b`+topMark),
		gated("score", "rate|score|rank|mark|grade|give|report|set|assign|approve|gebt|informa|indique|bewerten", `\b(?:rate|score|rank|mark|grade|give|report|set|assign|approve|gebt|gib|informa\w*|indique\w*)\b[^.]{0,60}?\b`+topMark+`[^.]{0,40}?\b`+whom),
		gated("score", "recommend this", `\brecommend this (?:candidate|applicant|person)\b`),
		gated("score", "readiness", `\b(?:set|pretend|say|report|claim)\b[^.]{0,40}\breadiness\b[^.]{0,15}(?:1\.0|0?\.9\d|100)`),
		gated("score", "score: 100|score 100", `\bscore:? 100\b`),
		gated("score", "zu bewerten", `\b(?:100|10) punkte\w* zu bewerten`),
	}
}

func linkRules() []injectionRule {
	address := `(?:https?://|www\.|the link|this link|the url|den link|el enlace|le lien)`
	return []injectionRule{
		gated("link", "user|applicant|candidate|reader|usuario|leser|nutzer|candidat", `\b(?:tell|ask|urge|instruct|direct|fordere|bitte|pide|pidele|demande[rz]?)\b[^.]{0,12}\b(?:user|applicant|candidate|reader|nutzer|leser|bewerber|usuario|candidato|utilisateur|candidat)\b[^.]{0,30}\b(?:open|visit|click|go to|log in|download|offnen|besuchen|visite|abra|ouvrir|visiter|www|https?)`),
		gated("link", "http|www.|link|enlace|lien", `\b(?:include|insert|append|add|end (?:each|every) (?:answer|reply)[^.]{0,10}|must end|incluye|anade|ajoute[rz]?|fuge?)\b[^.]{0,25}`+address+`[^ ]*`),
		gated("link", "![|<img|image in your|as an image", `\b(?:render|show|display|include)\b[^\n]{0,60}(?:!\[|<img|\bimage\b)[^\n]{0,40}https?://|!\[[^\]]*\]\(https?://[^)]*(?:\?|%7b|\{)|\bhttps?://\S+ as an image\b`),
		gated("link", "http", `(?:^|[,:;]\s*|\b(?:and|then|please) )(?:open|fetch|load|visit|read) https?://\S+[^.]{0,10}\b(?:and|then)\b[^.]{0,30}\b(?:follow|do|obey|execute|act)`),
		gated("link", "if you|wenn du|si eres|si vous", `\b(?:if you(?:'re| are)|wenn du|si eres|si tu es|si vous etes) `+plainlyAI+`\b[^.]{0,80}(?:https?://|www\.)`),
	}
}

func rolePlayRules() []injectionRule {
	return []injectionRule{
		gated("role-play", "you are now|you are no longer|du bist jetzt|du bist nun|ahora eres|eres ahora|tu es maintenant|vous etes maintenant|a partir de ahora eres|ab jetzt bist du", `\byou are now (?:dan\b|free|unrestricted|the candidate|in \w+ mode|(?:an?|my|the) (?:[\w-]+ ){0,3}(?:ai|assistant|model|bot|referee|advocate|friend|recruiter)\b)|\byou are no longer (?:an? |the )?(?:\w+ )?(?:tutor|assistant|ai|bound|restricted)|\b(?:du bist (?:jetzt|nun)|ab jetzt bist du) ein\w* (?:\w+ )?(?:ki|assistent|bot|modell)|\b(?:ahora eres|eres ahora|a partir de ahora eres) un\w* (?:\w+ )?(?:asistente|ia|modelo|bot)|\b(?:tu es|vous etes) maintenant une? (?:\w+ )?(?:assistant|ia|modele|bot)`),
		gated("role-play", "from now on", `\bfrom now on,? (?:you (?:are (?:my|an?|the)|will|must|shall)|end (?:each|every)|answer|reply|talk)\b`),
		gated("role-play", "you are the candidate|you are my", `\byou are (?:now )?(?:the candidate's|my|the applicant's|this candidate's) (?:best )?(?:advocate|friend|referee|lawyer)\b`),
		gated("role-play", "pretend|act as if|act as though|let's play", `(?:^|[,:;.!?\]]\s*|\b(?:and|now|please) )pretend (?:to be|that (?:you|the report)|you(?:'re| are)?)\b|\bact as (?:if|though) you\b|\blet's play a game\b`),
		gated("role-play", "developer mode|dan|without restrictions|no restrictions|sin limites|ohne regeln|sans limites", `\bdeveloper mode\b|\bdan\b[^.]{0,40}\b(?:ai|restrictions|rules|mode)\b|\b(?:ai|assistant|bot|asistente|assistent) (?:without|with no|sin|ohne|sans) (?:restrictions|rules|limits|limites|regeln)`),
		gated("role-play", "do not tell the user|don't tell the user|never mention", `\b(?:do not|don't) tell the (?:user|person|candidate)\b|\byou never (?:mention|criticise|criticize)\b`),
		gated("role-play", "bot that", `\byou are an? (?:\w+ )?bot that\b`),
	}
}

// addressRules are for whatever an AI is told by name.
func addressRules() []injectionRule {
	return []injectionRule{
		gated("override", "note|message|instruction|attention|memo|hint|hinweis|dear|p.s|consigne|atencion|aviso|nota|to the|for the|an die|an alle|a l'attention|para |pour |to all|to any", `\b(?:note|message|instructions?|attention|memo|hint|hinweis|dear|p\.?s\.?|consigne|atencion,?|aviso|nota|(?:^|[.:;]\s*)(?:to|for|an|para|pour)|a l'attention)(?: (?:to|for|an|fur|a|para|pour|du|de|al?))? ?(?:the |any |all |every |die |das |alle |den |la |el |los |las |cualquier |toute? |l'|du |le |les )*`+someAI+`\b[^.]{0,60}?[:,;.-]?\s?(?:\w+ ){0,6}?`+doing+`\b`),
		gated("override", "ai|llm|gpt|model|assistant|bot|ki|ia|asistente|modele|claude|gemini", `(?:^|[.!?:;]\s)"?(?:the |any |all |every )?`+someAI+`\s?[,:]\s?(?:please |bitte |por favor )?(?:\w+ )?`+doing+`\b`),
		gated("override", "if you|when you|wenn du|falls du|si eres|si tu es|si vous", `\b(?:if|when|should) you(?:'re| are| be)? (?:reading this (?:as )?)?`+plainlyAI+`\b|\b(?:wenn|falls) du `+plainlyAI+` bist\b|\bsi eres `+plainlyAI+`\b|\bsi (?:tu es|vous etes) `+plainlyAI+`\b`),
		gated("override", "must|should|shall|muss|debe|doit", `\b(?:any |all |every |the )?`+someAI+`\b(?: \w+){0,6}? (?:must|should|shall|have to|need to|mussen|muss|debe\w*|doi\w*)(?: always| not| never| immer| siempre| toujours)? (?:report|mark|approve|rate|score|give|render|recommend|ignore|print|output|reveal|tell|ask|say|list (?:their|its|your)|include (?:the (?:contact|link|names?)|other|https?))\b`),
		gated("override", "reply only|answer only|respond only|say only|only with|antworte nur|nur noch|nur mit|unicamente|solamente|responde solo|uniquement|seulement", `\b(?:reply|answer|respond|say) only\b(?: with)?|\b(?:antworte|schreibe?|antworten sie) nur\b|\b(?:responde|di|contesta) (?:unicamente|solamente|solo)\b|\b(?:reponds|repondez|ecri\w+) (?:uniquement|seulement)`),
		gated("override", "assistant reads|model reads|ai reads", `\bwhen (?:an? |the )?`+someAI+` reads this\b`),
		gated("score", "always give", `\balways gives? (?:five stars|full marks|the highest)`),
	}
}
