package tutor

// guardWords are what the tutor says in place of an answer. They name no telephone number, since one that is wrong in the person's country is
// worse than none.
func guardWords(kind, lang string) string {
	words := map[string]map[string]string{
		guardSelfHarm: {
			"en": "I am sorry that it is this hard right now. I am an AI, and this needs a person: please talk to somebody you trust today, a friend, your family, a doctor or a crisis line where you live. If you are in danger now, call the emergency number of your country or go to the nearest hospital. The learning can wait, and it will still be here.",
			"de": "Es tut mir leid, dass es gerade so schwer ist. Ich bin eine KI, und dafür braucht es Menschen: Sprich bitte heute noch mit jemandem, dem du vertraust, mit Freunden, deiner Familie, einer Ärztin oder einem Krisentelefon in deinem Land. Wenn du jetzt in Gefahr bist, ruf den Notruf deines Landes an oder geh in das nächste Krankenhaus. Das Lernen kann warten und läuft nicht weg.",
			"es": "Siento que ahora sea tan difícil. Soy una IA y esto necesita a una persona: habla hoy con alguien de confianza, una amistad, tu familia, un médico o una línea de ayuda de tu país. Si estás en peligro ahora, llama al número de emergencias de tu país o ve al hospital más cercano. Lo demás puede esperar y seguirá aquí.",
			"fr": "Je suis désolé que ce soit si dur en ce moment. Je suis une IA, et il faut ici une personne : parle dès aujourd'hui à quelqu'un de confiance, un ami, ta famille, un médecin ou une ligne d'écoute de ton pays. Si tu es en danger maintenant, appelle le numéro d'urgence de ton pays ou va à l'hôpital le plus proche. Le reste peut attendre.",
		},
		guardDiscrimination: {
			"en": "I am sorry that you are facing this. I am an AI and cannot judge what happened or advise on your rights. People can: an equality or anti-discrimination office, a works council or union, a lawyer, or the student counselling office; writing down what was said, when and by whom helps them. I am glad to go on with your learning whenever you like.",
			"de": "Es tut mir leid, dass dir das begegnet. Ich bin eine KI und kann weder beurteilen, was geschehen ist, noch zu deinen Rechten beraten. Menschen können das: eine Antidiskriminierungsstelle, der Betriebsrat oder die Gewerkschaft, eine Anwältin oder die Studienberatung; hilfreich ist, aufzuschreiben, was wann von wem gesagt wurde. Mit dem Lernen mache ich gern weiter, wann immer du magst.",
			"es": "Siento que te encuentres con esto. Soy una IA y no puedo juzgar lo ocurrido ni asesorarte sobre tus derechos. Hay personas que sí: una oficina contra la discriminación, el comité de empresa o un sindicato, una abogada o el servicio de orientación al estudiante; ayuda anotar qué se dijo, cuándo y quién. Cuando quieras, seguimos con lo que estás aprendiendo.",
			"fr": "Je suis désolé que tu vives cela. Je suis une IA et je ne peux ni juger les faits ni conseiller sur tes droits. Des personnes le peuvent : un service de lutte contre les discriminations, un syndicat, une avocate ou le service d'orientation ; noter ce qui a été dit, quand et par qui les aide. On reprend l'apprentissage quand tu veux.",
		},
		guardLegal: {
			"en": "I am an AI and do not give legal advice: what holds depends on your country and your contract. A lawyer, a union, a legal advice centre or the student counselling office can look at your case; bring them the contract and the dates. With your skills and the next step of your plan I am glad to help.",
			"de": "Ich bin eine KI und gebe keine Rechtsberatung: Was gilt, hängt von deinem Land und deinem Vertrag ab. Eine Anwältin, die Gewerkschaft, eine Rechtsberatungsstelle oder die Studienberatung kann sich deinen Fall ansehen; nimm den Vertrag und die Daten mit. Bei deinen Fähigkeiten und dem nächsten Schritt im Plan helfe ich gern.",
			"es": "Soy una IA y no doy asesoramiento legal: lo que vale depende de tu país y de tu contrato. Una abogada, un sindicato, un servicio de asesoría jurídica o el de orientación al estudiante pueden ver tu caso; lleva el contrato y las fechas. Con tus habilidades y el siguiente paso del plan te ayudo con gusto.",
			"fr": "Je suis une IA et je ne donne pas de conseil juridique : cela dépend de ton pays et de ton contrat. Une avocate, un syndicat, un point d'accès au droit ou le service d'orientation peut regarder ton cas. Pour tes compétences et la prochaine étape du plan, je t'aide volontiers.",
		},
		guardImmigration: {
			"en": "I am an AI and do not advise on visas or permits: the rules differ by country and change often. The immigration authority, an immigration lawyer, a migration advice centre or the international office of a school knows what holds for you. I am glad to help with the skills and the plan for the role itself.",
			"de": "Ich bin eine KI und berate nicht zu Visum oder Aufenthalt: Die Regeln sind je nach Land verschieden und ändern sich oft. Die Ausländerbehörde, eine Fachanwältin, eine Migrationsberatung oder das International Office einer Hochschule weiß, was für dich gilt. Bei den Fähigkeiten und dem Plan für den Beruf helfe ich gern.",
			"es": "Soy una IA y no asesoro sobre visados o permisos: las normas cambian de un país a otro y con el tiempo. La autoridad de extranjería, un abogado de inmigración, un centro de atención al migrante o la oficina internacional de una universidad sabe qué vale para ti. Con las habilidades y el plan para el puesto te ayudo con gusto.",
			"fr": "Je suis une IA et je ne conseille pas sur les visas ou les titres de séjour : les règles varient et changent souvent. L'administration, un avocat spécialisé, une association ou le bureau international d'une école sait ce qui vaut pour toi. Pour les compétences et le plan, je t'aide volontiers.",
		},
		guardMedical: {
			"en": "I am an AI and do not give medical advice. A doctor, a pharmacist, a therapist or the student counselling office can; please ask one of them, and soon if it weighs on you. I can make the learning itself easier: smaller steps, more time, or a rehearsal of the interview.",
			"de": "Ich bin eine KI und gebe keinen medizinischen Rat. Eine Ärztin, eine Apotheke, ein Therapeut oder die Studienberatung kann das; frag bitte dort, und bald, wenn es dich belastet. Beim Lernen selbst kann ich helfen: mit kleineren Schritten, mehr Zeit oder einer Probe des Gesprächs.",
			"es": "Soy una IA y no doy consejos médicos. Un médico, una farmacéutica, una terapeuta o el servicio de orientación al estudiante sí pueden; pregúntales, y pronto si te pesa. En el aprendizaje sí ayudo: pasos más pequeños, más tiempo o un ensayo de la entrevista.",
			"fr": "Je suis une IA et je ne donne pas de conseil médical. Un médecin, un pharmacien, un thérapeute ou le service d'orientation le peut ; demande-leur, et vite si cela te pèse. Pour l'apprentissage, je peux proposer des étapes plus petites ou une répétition de l'entretien.",
		},
		guardHiring: {
			"en": "I am an AI and do not predict whether somebody is hired: that is decided by people, for reasons that no resume shows. What I can show is which of the role's skills your evidence covers and which it does not yet. Ask me what is missing, or for a mock interview.",
			"de": "Ich bin eine KI und sage nicht voraus, ob jemand eingestellt wird: Das entscheiden Menschen, aus Gründen, die in keinem Lebenslauf stehen. Zeigen kann ich, welche Fähigkeiten der Rolle du schon belegst und welche noch nicht. Frag mich, was fehlt, oder nach einem Probegespräch.",
			"es": "Soy una IA y no predigo si alguien será contratado: lo deciden personas, por razones que no están en ningún currículum. Puedo mostrarte qué habilidades del puesto ya demuestras y cuáles todavía no. Pregúntame qué falta o pide una entrevista de prueba.",
			"fr": "Je suis une IA et je ne prédis pas une embauche : des personnes en décident, pour des raisons qu'aucun CV ne montre. Je peux montrer quelles compétences du poste tu prouves déjà et lesquelles pas encore. Demande-moi ce qui manque, ou un entretien d'entraînement.",
		},
		guardPerson: {
			"en": "I am an AI and say nothing about anybody's age, gender, origin, health or feelings, and none of them counts in your report. What counts is what you can show. If somebody holds such a thing against you, a counsellor or an equality office can help. Shall we look at the next skill?",
			"de": "Ich bin eine KI und sage nichts zu Alter, Geschlecht, Herkunft, Gesundheit oder Gefühlen, und nichts davon zählt in deinem Bericht. Es zählt, was du zeigen kannst. Hält dir jemand so etwas vor, hilft eine Beratungs- oder Antidiskriminierungsstelle. Sehen wir uns die nächste Fähigkeit an?",
			"es": "Soy una IA y no digo nada sobre la edad, el género, el origen, la salud o los sentimientos de nadie, y nada de eso cuenta en tu informe. Cuenta lo que puedes mostrar. Si alguien te lo echa en cara, puede ayudar un orientador o una oficina de igualdad. ¿Vemos la siguiente habilidad?",
			"fr": "Je suis une IA et je ne dis rien de l'âge, du genre, de l'origine, de la santé ou des sentiments de quiconque, et rien de cela ne compte dans ton rapport. Ce qui compte est ce que tu peux montrer. On regarde la compétence suivante ?",
		},
	}
	if w, ok := words[kind][lang]; ok {
		return w
	}
	return words[kind]["en"]
}
