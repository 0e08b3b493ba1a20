package tutor

import (
	"regexp"
	"sync"
)

// Words that make a strong word mean a thing and not a person.
const (
	techThing  = `process|processes|thread|pod|container|server|service|daemon|job|node|instance|session|connection|bug|build|code|deadline|compiler|error|exercise|framework|program|query|laptop|recursion|css|prozess|fehler|übung|aufgabe|proceso|ejercicio|hilo|servidor`
	thisThing  = `\b(?:this|that|the|my|dieser|diese|dieses|der|die|das|este|esta|el|la)\s+(?:\w+\s+)?(?:` + techThing + `)\b`
	employerEn = `(?:employer|boss|company|manager|former employer|landlord|hr|firm|supervisor)`
	employerDe = `(?:arbeitgeber|chef|chefin|firma|vorgesetzte[rn]?|betrieb|vermieter)`
	employerEs = `(?:empresa|jefe|jefa|empleador|patrón|encargado|casero)`
)

func rule(kind, lang, form string) guardRule {
	return guardRule{kind: kind, lang: lang, form: guardForm(form)}
}

// guardForm compiles a form for text without accents: letters with them are not what \b and \w take for letters.
func guardForm(form string) *regexp.Regexp { return regexp.MustCompile(`(?i)` + unaccented(form)) }

func ruleUnless(kind, lang, form, unless string) guardRule {
	r := rule(kind, lang, form)
	r.unless = guardForm(unless)
	return r
}

// guardRules are the rules for messages, by what matters most.
var guardRules = sync.OnceValue(func() []guardRule {
	var all []guardRule
	for _, part := range []func() []guardRule{selfHarmRules, discriminationRules, medicalRules, immigrationRules, legalRules, hiringRules, personRules} {
		all = append(all, part()...)
	}
	return all
})

func selfHarmRules() []guardRule {
	const k = guardSelfHarm
	return []guardRule{
		rule(k, "en", `\b(?:kill|killing|hurt|hurting|harm|harming|cut|cutting|hang|hanging|shoot|drown|injur(?:e|ing)) (?:myself|my self)\b(?: (?:again|since|when|because|after|if|to)|[.,!?]|$)`),
		rule(k, "en", `\b(?:end|ending|take|taking) (?:my (?:own )?life|it all)\b|\bend it all\b`),
		rule(k, "en", `\b(?:i|i'm|i've|i am|my|me|about|commit|of|feel(?:ing)?) (?:\w+ ){0,4}?suicid(?:e|al)\b`),
		rule(k, "en", `\b(?:do not|don'?t|no longer|never) (?:really )?(?:want|wanna|wish) to (?:live|be alive|exist|wake up|be here|go on living)\b(?: (?:any ?more|any longer))?`),
		rule(k, "en", `\b(?:no|isn't any|not any|is there any|what's the|what is the) (?:point|reason|sense) (?:in|of|to) (?:living|life|live|going on|being alive)\b|\b(?:better off|world would be better) (?:dead|without me)\b|\bself[- ]harm(?:ing)?\b.{0,30}\b(?:i|me|my)\b|\bi (?:\w+ ){0,2}self[- ]harm`),
		ruleUnless(k, "en", `\b(?:i|i'd|i just|just|really) (?:want|wanna|wish|would like|like) (?:to die|i (?:was|were) dead)\b|\bwant(?:ing)? to die\b|\bwish i (?:was|were) dead\b`, thisThing+`|\bmakes? me\b.*\b(?:`+techThing+`)\b`),
		rule(k, "de", `\b(?:mich|mir) (?:\S+ ){0,3}?(?:umbringen|töten|erhängen|das leben (?:zu )?nehmen|etwas (?:an)?zu ?tun|etwas antun|umzubringen|zu töten|zu erhängen|was antun|ritzen)\b|\bbring(?:e)? mich um\b|\bselbstmord\w*|\bsuizid\w*|\bnehme mir das leben\b`),
		rule(k, "de", `\britze (?:ich )?mich\b|\bverletze (?:ich )?mich selbst\b|\bselbst verletz\w+|\bselbstverletz\w+`),
		rule(k, "de", `\b(?:will|möchte|mag|kann|wollte) (?:ich )?(?:so )?nicht (?:mehr|länger) (?:leben|weiterleben|da sein|am leben sein)\b|\bwill (?:ich )?sterben\b|\bmöchte (?:ich )?(?:am liebsten )?(?:sterben|tot sein)\b|\bwäre lieber tot\b|\bkeinen sinn mehr (?:zu|im) leben`),
		rule(k, "es", `\b(?:suicidar\w*|suicidio|me suicid\w+|quitarme la vida|matarme|hacerme daño|cortarme las venas|autolesi\w+|acabar con mi vida|terminar con mi vida)`),
		rule(k, "es", `\b(?:ya )?no (?:quiero|deseo|tengo ganas de) (?:vivir|seguir viviendo|seguir viva?o?)\b|\bquiero morir(?:me)?\b|\b(?:ojalá|quisiera) (?:estuviera )?(?:muert[oa]|morir)`),
		rule(k, "fr", `\b(?:me suicider|me tuer|suicidaires?|me faire du mal|me mutil\w+|mettre fin à mes jours|en finir avec la vie|envie de mourir|veux mourir|plus envie de vivre|ne veux plus vivre)`),
	}
}

func discriminationRules() []guardRule {
	const (
		k       = guardDiscrimination
		traitEn = `(?:woman|female|man|mother|gay|lesbian|trans|queer|black|asian|muslim|jewish|hindu|christian|foreign\w*|immigrant|disabled|pregnant|pregnancy|disability|skin colou?r|race|ethnicity|religion|faith|hijab|headscarf|accent|nationality|gender|sexual orientation|too old|my age|too young|wheelchair|autis\w+)`
		traitDe = `(?:frau|mutter|schwarz|schwul|lesbisch|trans|muslim\w*|jud\w+|jüdin|jüdisch|ausländer\w*|behinder\w*|schwanger\w*|hautfarbe|herkunft|religion|kopftuch|akzent|geschlecht|alter|zu alt|zu jung)`
		traitEs = `(?:mujer|madre|negr[oa]|gay|lesbiana|trans|musulm\w+|judí[oa]|gitan[oa]|extranjer[oa]|inmigrante|discapaci\w+|embarazad?a?\w*|color de (?:mi )?piel|raza|religión|acento|nacionalidad|género|edad|vieja?o?)`
		actEn   = `(?:fired|dismissed|rejected|turned down|passed over|not (?:hired|promoted|considered|invited)|didn't (?:hire|get|promote)|did not (?:hire|get|promote)|refused|demoted|let go|laid off|paid less|asked)`
	)
	tech := `\b(?:model|classifier|training data|data ?set|dataset|algorithm|fairness metric|gan|discriminator|test a|measured?|modell|datensatz|modelo)\b`
	return []guardRule{
		ruleUnless(k, "en", `\b(?:i|i'm|me|my|they|he|she|we)\b.{0,60}\b(?:discriminat\w+|racis[tm]\w*|sexis[tm]\w*|homophob\w+|ageis[tm]|sexual(?:ly)? harass\w*|harass(?:es|ed|ing|ment)?|bull(?:y|ies|ied|ying)\b)`, tech),
		ruleUnless(k, "en", `\b(?:discriminat\w+|harass\w*|bull(?:y|ies|ied|ying))\b.{0,60}\b(?:i|me|my)\b`, tech),
		rule(k, "en", `\b`+actEn+`\b.{0,40}\b(?:because|due to|for being|since|after|whether|about|for)\b.{0,40}\b`+traitEn+`\b`),
		rule(k, "en", `\b(?:don't|do not|won't|never|doesn't) (?:hire|promote|employ|invite|want)\b.{0,20}\b(?:women|mothers|foreigners|blacks?|muslims|jews|gays?|disabled|older people|immigrants)\b|\bask(?:ed|s)? (?:me |us )?(?:\w+ ){0,6}(?:if|whether|when|about)\b.{0,30}\b(?:pregnan\w+|children|religion|married|family planning|sexual orientation|disabilit\w+)`),
		rule(k, "de", `\b(?:ich|mich|mir|mein|meine)\b.{0,60}\b(?:diskriminier\w+|rassis\w+|sexis\w+|(?:sexuell )?belästig\w*|gemobbt|mobbing|mobbt)|\b(?:diskriminier\w+|rassistisch\w*|belästig\w*|mobbing)\b.{0,60}\b(?:ich|mich|mir)\b|\bist das (?:eine )?diskriminierung`),
		rule(k, "de", `\b(?:abgelehnt|entlassen|gekündigt|nicht (?:genommen|eingestellt|befördert|eingeladen)|absage)\b.{0,40}\b(?:weil|wegen|da|aufgrund)\b.{0,40}\b`+traitDe+`\b|\bhieß es\b.{0,30}\b(?:zu alt|zu jung|schwanger|frau)`),
		rule(k, "es", `\b(?:me|mi|soy|yo|sufro|siento)\b.{0,60}\b(?:discrimin\w+|racis\w+|machis\w+|acos[ao]\w*|mobbing)|\b(?:discrimin\w+|acoso)\b.{0,50}\b(?:me|mi|yo)\b`),
		rule(k, "es", `\b(?:despid\w+|despedid[oa]|no me (?:contrat\w+|cogieron|dieron|ascend\w+|llam\w+)|rechaz\w+|no me contratan)\b.{0,40}\b(?:por|porque|debido a)\b.{0,30}\b`+traitEs+`\b`),
	}
}

func medicalRules() []guardRule {
	const k = guardMedical
	tech := `\b(?:app|api|software|code|pipeline|dataset|data ?set|model|project|built|fhir|plans? in|app für|projekt|modell|proyecto|modelo|programé)\b`
	return []guardRule{
		ruleUnless(k, "en", `\b(?:should|can|may|do|could) i (?:\w+ ){0,2}(?:take|stop taking|use)\b.{0,40}\b(?:antidepress\w+|medication|medicine|pills?|ritalin|adderall|xanax|valium|beta ?blockers?|drugs?|sleeping pills|melatonin|modafinil)\b`, tech),
		ruleUnless(k, "en", `\b(?:which|what) (?:medication|medicine|pills?|drugs?|dose|therapy|antidepress\w+)\b.{0,60}\b(?:help|take|should i|for my|against|me)\b|\bwhat dose\b.{0,40}\bi\b`, tech),
		ruleUnless(k, "en", `\b(?:do|am|could|might) i (?:have|be|suffer from) (?:\w+ ){0,2}(?:adhd|add|autis\w+|depress\w+|burn ?out|anxiety|bipolar|ocd|ptsd|dyslexi\w+)\b|\b(?:i have|i get|my) (?:\w+ ){0,2}panic attacks?\b|\bdiagnose me\b`, tech),
		ruleUnless(k, "de", `\b(?:welche[sr]?|soll ich|darf ich|kann ich)\b.{0,30}\b(?:tabletten?|medikamente?|antidepressiv\w+|pillen?|beruhigungsmittel|betablocker|schlafmittel|ritalin|dosis)\b`, tech),
		ruleUnless(k, "de", `\b(?:habe|hab) ich (?:vielleicht )?(?:eine? |adhs)?(?:depression\w*|burn-?out|adhs|angststörung|autismus)|\bich habe panikattacken`, tech),
		ruleUnless(k, "es", `\b(?:qué|que|cuál|debo|puedo)\b.{0,25}\b(?:medicament\w+|pastillas?|antidepresiv\w+|ansiolític\w+|dosis|ritalin|somnífer\w+)\b`, tech),
		ruleUnless(k, "es", `(?:¿|\b)tengo (?:una )?(?:depresión|ansiedad|tdah|autismo|burnout)\b.{0,40}\?|\btengo ataques de pánico`, tech),
		ruleUnless(k, "fr", `\b(?:quels?|dois-je|puis-je)\b.{0,25}\b(?:médicaments?|antidépresseurs?|cachets?|somnifères?)\b`, tech),
	}
}

func immigrationRules() []guardRule {
	const k = guardImmigration
	card := `\bvisa (?:api|card|payments?|checkout|integration|gateway|direct|und mastercard|and mastercard|y mastercard)\b|\b(?:mastercard|zahlung\w*|payment\w*|checkout|pipeline|pasarela|bezahl\w*|data ?set)\b`
	return []guardRule{
		ruleUnless(k, "en", `\b(?:my|a|the|which|what|student|work|tourist|get|need|h-?1b|h1-?b|o-?1|sponsor\w*|job seeker|spouse|any) (?:\w+ )?visas?\b`, card),
		rule(k, "en", `\b(?:work|residence|residency|working|stay) permits?\b|\bgreen cards?\b|\bh-?1b\b|\bblue card\b|\b(?:my|the) (?:immigration|residency|asylum) (?:status|case|application|lawyer|permit)\b|\b(?:seek|apply for|claim|does|my) asylum\b|\bdeport(?:ed|ation)\b|\bapply for (?:citizenship|naturali[sz]ation)\b|\bvisa sponsorship\b|\bsponsor (?:my|me|a|your) (?:visa|green)`),
		ruleUnless(k, "de", `\b(?:mein|ein|einen?|kein|das|arbeits|studenten)-?\s?visum\b|\bvisum (?:für|beantrag|bekomm|um)\w*|\b(?:arbeits|aufenthalts)(?:erlaubnis|genehmigung|titel)\b|\bniederlassungserlaubnis\b|\bblaue karte\b|\b(?:mein(?:e[mnr]?)?) (?:asyl\w*|einbürgerung\w*|abschiebung)|\bchancenkarte\b`, card),
		ruleUnless(k, "es", `\b(?:mi|un|una|el|la|necesito|con|sin) (?:\w+ )?(?:visados?|visa)(?: (?:de|para)| |\?|$)`, card+`|\bde visa\b`),
		rule(k, "es", `\bpermiso de (?:trabajo|residencia)\b|\btarjeta (?:verde|azul)\b|\bpedir asilo\b|\bmi (?:asilo|arraigo|nacionalidad española)\b|\bnie\b.{0,20}\btrabaj`),
		rule(k, "fr", `\b(?:mon|un|de) visa de travail\b|\b(?:titre|permis|carte) de (?:séjour|travail)\b|\bdemande d'asile\b`),
	}
}

func legalRules() []guardRule {
	const k = guardLegal
	tech := `\b(?:json|yaml|sql|syntax|chess|move|licen[cs]e|open source|legal ?tech|select|api|consumer|broker|microservice|container|transaktion|dienst)\b`
	return []guardRule{
		ruleUnless(k, "en", `\b(?:can|should|could|may|how do) i (?:\w+ )?(?:sue|take (?:my|them|the) .{0,30}to court|go to court|press charges|file a (?:lawsuit|complaint against))\b|\b(?:sue|suing) (?:my|the|them|him|her)\b|\b(?:be|been|get|gets|getting) sued\b|\b(?:sue|sues|suing) me\b`, tech),
		ruleUnless(k, "en", `\b(?:is it|is this|is that) (?:legal|illegal|lawful|allowed by law) (?:that|for|to|if)\b|\b(?:legal advice|legal rights?|labou?r law|employment law|wrongful (?:dismissal|termination)|unfair dismissal)\b`, tech),
		ruleUnless(k, "en", `\b(?:non-?compete|nda|notice period|severance|termination|confidentiality) (?:clause |agreement |in my contract |pay )?.{0,30}\b(?:enforceable|valid|legal|binding|entitled|owed|allowed)\b|\b(?:enforceable|legally binding)\b.{0,40}\bcontract\b`, `\b(?:contract tests?|ci|api)\b`),
		rule(k, "en", `\bcan (?:my|the|an) `+employerEn+` (?:\w+ )?(?:fire|dismiss|sack|sue|force|make|withhold|cut|refuse|terminate)\b.{0,60}|\bmy `+employerEn+` (?:\w+ )?(?:withholds?|owes|refuses to pay|doesn't pay|hasn't paid)\b`),
		ruleUnless(k, "de", `\b(?:kann|soll|darf|muss) ich\b.{0,50}\b(?:klagen|verklagen|anzeigen|vor gericht)\b|\bdarf (?:mein|meine|der|die) `+employerDe+`\b|\b(?:kann|muss) (?:mein|meine|der|die) `+employerDe+`\b.{0,60}\b(?:kündig|zahl|verbiet|zwing|verlang)\w*|\brechtlich\b.{0,30}\b(?:ich|mir|mein\w*)\b|\b(?:ich|mir|mein\w*)\b.{0,40}\brechtlich\b`, tech),
		ruleUnless(k, "de", `\b(?:wettbewerbs\w+|kündigungs(?:frist|schutz)\w*|abfindung|arbeitsvertrag|aufhebungsvertrag)\b.{0,50}\b(?:gültig|rechtens|zulässig|wirksam|anspruch|steht mir zu|legal)|\b(?:gültig|rechtens|zulässig|wirksam|anspruch)\b.{0,50}\b(?:arbeitsvertrag|abfindung|wettbewerbs\w+|kündigung)`, tech),
		ruleUnless(k, "es", `\b(?:puedo|debo|debería) (?:demandar|denunciar|llevar a juicio)\b|\bdemandar a (?:mi|la)\b|\bes (?:legal|ilegal|lícito) que\b|\bpuede mi `+employerEs+`\b|\bdespido improcedente\b|\b(?:cláusula|contrato)\b.{0,40}\b(?:válid[ao]|legal|vinculante)|\bes (?:válida?|legal)\b.{0,40}\b(?:cláusula|contrato)`, tech),
		ruleUnless(k, "fr", `\b(?:puis-je|dois-je) (?:\S+ )?(?:poursuivre|attaquer|porter plainte)|\best-(?:il|ce) légal\b|\bprud'?hommes\b`, tech),
	}
}

func hiringRules() []guardRule {
	const k = guardHiring
	thing := `\bget the job done\b|\bit (?:\w+ )?take me\b|\b(?:kafka|redis|postgres\w*|rust|java|python)\b.{0,10}\bget\b`
	return []guardRule{
		ruleUnless(k, "en", `\b(?:will|would|shall|am|do|can) (?:i|they|he|she|[\pL]+) (?:\w+ )?(?:get (?:hired|the job|this job|an offer|the offer|the position|accepted)|be hired|hire me|take me|offer me|give me the job)\b`, thing),
		rule(k, "en", `\b(?:chances?|odds|probability|likelihood|how likely|likely)\b.{0,40}\b(?:(?:i|me|my|be(?:ing)?|get(?:ting)?) (?:\w+ )?(?:hired|the job|an offer|accepted|employed|interview\w*)|hires? me|hiring me|take me)\b`),
		rule(k, "de", `\b(?:werde|krieg\w*|bekomm\w*) ich\b.{0,30}\b(?:stelle|job|zusage|eingestellt|genommen|angebot)\b|\b(?:meine|meinen) chancen\b.{0,50}\b(?:eingestellt|stelle|job|zusage|genommen|bewerbung)\b|\bnehmen (?:die|sie) mich\b|\bstellen (?:die|sie) mich ein\b|\bwie (?:hoch|groß|wahrscheinlich)\b.{0,30}\b(?:eingestellt|genommen|zusage)`),
		rule(k, "es", `\b(?:me (?:van a |irán a )?(?:contratar(?:án)?|coger(?:án)?|dar(?:án)? el (?:trabajo|puesto)|contraten)|conseguiré el (?:trabajo|puesto)|(?:qué|cuántas|mis) (?:probabilidad\w*|posibilidad\w*|opciones)\b.{0,40}\b(?:contrat\w+|trabajo|puesto|cojan))`),
		rule(k, "fr", `\b(?:vais-je|serai-je) (?:être )?(?:embauch\w+|pris|retenu)|\bmes chances d'être (?:embauch\w+|pris)`),
	}
}

func personRules() []guardRule {
	const k = guardPerson
	return []guardRule{
		ruleUnless(k, "en", `\bam i (?:\w+ )?too (?:old|young)\b|\bi(?:'m| am) (?:\w+ )?too (?:old|young)\b`, `\bold-school\b`),
		rule(k, "en", `\b(?:guess|estimate|tell|infer|judge)\b.{0,20}\bmy (?:age|gender|sex|origin|ethnicity|nationality|race|health|mood|emotions?|personality|religion)\b|\bhow old (?:do i|am i|i am|would you)\b|\bwhat does my (?:name|photo|face|voice)\b.{0,20}\bsay\b|\b(?:do|am) i (?:seem|look|sound|appear) (?:\w+ )?(?:old|young|sad|depressed|nervous|ill|sick|angry|male|female|foreign|stressed|healthy)\b|\bwhere (?:do you think )?(?:i|do i) come from\b|\bwhat (?:is|are) my (?:gender|ethnicity|race|emotions?|mood)\b`),
		rule(k, "de", `\bbin ich\b.{0,20}\bzu (?:alt|jung)\b|\bwie alt\b.{0,20}\b(?:mich|bin ich|wirke ich|schätzt du)\b|\b(?:schätze|rate|errate)\b.{0,20}\bmein(?:e|en)? (?:alter|herkunft|geschlecht|gesundheit|stimmung)\b|\bwirke ich (?:alt|jung|krank|traurig|nervös|depressiv|ausländisch)|\bwoher komme ich\b|\bwas sagt mein name\b`),
		rule(k, "es", `\bsoy (?:demasiado|muy) (?:mayor|viej[oa]|joven)\b|\bqué edad (?:crees|piensas|parece|aparento|tengo)|\badivina mi (?:edad|género|origen|nacionalidad)|\bparezco (?:viej[oa]|joven|triste|nervios[oa]|enferm[oa]|extranjer[oa])|\bqué dice mi nombre\b|\bde dónde (?:crees que )?(?:soy|vengo)\b`),
		rule(k, "fr", `\bsuis-je trop (?:vieux|vieille|jeune|âgée?)\b|\bdevine mon (?:âge|origine|sexe)`),
	}
}

// forbiddenRules are the rules for what the tutor says.
var forbiddenRules = sync.OnceValue(func() []guardRule {
	hire := []string{
		`\byou(?:'ll| will| would| are (?:going|bound|sure|certain|likely|guaranteed) to| should easily| can expect to) (?:\w+ )?(?:get (?:hired|the job|this job|an offer|the position|accepted)|be (?:hired|rejected|accepted)|land (?:the|this|a) (?:job|role))\b`,
		`\b(?:chances?|odds|probability|likelihood) (?:of|that you|to)\b.{0,30}\b(?:hired|the job|an offer|getting (?:in|hired)|accepted)\b|\bthey(?:'ll| will| would) (?:\w+ )?(?:hire|reject|take) you\b|\bguarantee(?:d|s)?\b.{0,30}\b(?:job|offer|interview|hir\w+)\b|\byou(?:'re| are) hired\b`,
		`\b(?:du wirst|sie werden) (?:\S+ ){0,3}(?:eingestellt|genommen|die stelle bekommen|den job bekommen|eine zusage)|\b(?:deine|ihre) chancen\b.{0,40}\b(?:eingestellt|stelle|job|zusage)|\bte (?:van a |)contratar(?:án)?\b|\bconseguirás el (?:trabajo|puesto)|\btus (?:probabilidades|posibilidades)\b.{0,30}\bcontrat\w+|\bvous serez (?:embauch|retenu)\w+|\btu seras (?:embauch|retenu)\w+`,
	}
	about := []string{
		`\b(?:for|at|given|despite|because of|considering) your (?:age|gender|sex|origin|ethnicity|nationality|race|religion|health|disability|skin)\b|\byour (?:age|gender|ethnicity|race|nationality|religion|skin colou?r|health|accent) (?:is|may|might|could|will|makes?|suggests?|should|can)\b`,
		`\byou(?:'re| are| seem| look| sound| appear)(?: to be)? (?:\w+ ){0,2}?(?:old|young|elderly|male|female|pregnant|ill|sick|depressed|sad|anxious|angry|nervous|stressed|upset|frustrated|emotional|foreign|disabled|middle-aged|unwell)\b`,
		`\bas an? (?:older|younger|young|old|female|male|black|white|asian|african|indian|foreign|disabled|pregnant|muslim|jewish|christian) (?:\w+ )?(?:person|woman|man|candidate|applicant|developer|engineer|mother|father|professional|worker)\b|\byour name suggests\b|\b(?:women|men|older people|young people) (?:like you|of your age)\b`,
		`\b(?:für|in|trotz|wegen) (?:dein|deinem|deines|deiner|ihr|ihrem|ihres|ihrer) (?:alter|alters|geschlecht\w*|herkunft|gesundheit|religion|behinderung)\b|\b(?:du|sie) (?:wirkst|wirken|bist|sind|scheinst|klingst) (?:\S+ ){0,2}(?:alt|jung|krank|traurig|depressiv|nervös|ängstlich|wütend|gestresst|frustriert)\b|\bals (?:ältere|jüngere|junge|weibliche|männliche|ausländische)\w* (?:\S+ )?(?:person|frau|mann|bewerber\w*|entwickler\w*)`,
		`\b(?:para|a|por|con|pese a) (?:tu|su) (?:edad|género|origen|raza|salud|religión|nacionalidad|discapacidad)\b|\b(?:pareces|suenas|estás) (?:\S+ ){0,2}?(?:viej[oa]|joven|enferm[oa]|triste|deprimid[oa]|nervios[oa]|enfadad[oa]|estresad[oa]|frustrad[oa])\b|\bcomo (?:mujer|hombre|persona mayor|extranjer[oa])\b|\b(?:à|pour|malgré) votre (?:âge|sexe|origine|santé)\b|\bvous semblez (?:\S+ )?(?:triste|nerveu\w+|déprim\w+|stress\w+|fatigu\w+)`,
	}
	cannot := `\b(?:cannot|can't|can not|do not|don't|never|no one can|nobody can|not able to|kann nicht|kann ich nicht|niemand kann|no puedo|nadie puede|ne peux pas)\b`
	score := `\b(?:you(?:'re| are)|du bist|sie sind|eres|tu es|vous etes) (?:now |jetzt |ahora )?(?:an? |une? |ein[e]? )?(?:expert\w*|experte\w*|experto|experta|perfect|perfekt|perfect[oa]|parfaite?)\b.{0,20}\b(?:every|all|everything|each|jede\w*|allen?|allem|tod[oa]s?|tout\w*|chaque|match|fit for)\b|` +
		`\blevel 5 in (?:all|every)\b|\b(?:full marks|five stars)\b.{0,20}\b(?:for|to) you\b|\byou are the (?:best|ideal|perfect) (?:candidate|applicant)\b`
	var out []guardRule
	out = append(out, ruleUnless(guardScore, "", score, `\bnot\b|n't\b|\bnicht\b|\bno eres\b`))
	for _, f := range hire {
		out = append(out, ruleUnless(guardHiring, "", f, cannot))
	}
	for _, f := range about {
		out = append(out, rule(guardPerson, "", f))
	}
	return out
})
