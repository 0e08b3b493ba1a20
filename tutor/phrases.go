package tutor

import (
	"fmt"
	"time"
)

// phrases are what the tutor says about its answers, by key and language. English stands in for a language that is not here.
var phrases = map[string]map[string]string{
	"injection-resume": {
		"en": "This resume contains text that is addressed to an AI. It was read as words of a resume and not followed.",
		"de": "Dieser Lebenslauf enthält Text, der an eine KI gerichtet ist. Er wurde als Text gelesen und nicht befolgt.",
		"es": "Este currículum contiene texto dirigido a una IA. Se ha leído como texto y no se ha seguido.",
		"fr": "Ce CV contient du texte adressé à une IA. Il a été lu comme du texte et n’a pas été suivi.",
	},
	"injection-message": {
		"en": "This message contains text that is addressed to an AI. It was read as part of the message and not followed.",
		"de": "Diese Nachricht enthält Text, der an eine KI gerichtet ist. Er wurde als Teil der Nachricht gelesen und nicht befolgt.",
		"es": "Este mensaje contiene texto dirigido a una IA. Se ha leído como parte del mensaje y no se ha seguido.",
		"fr": "Ce message contient du texte adressé à une IA. Il a été lu comme une partie du message et n’a pas été suivi.",
	},
	"guard": {
		"en": "This is a question for people, not for an AI.", "de": "Das ist eine Frage für Menschen, nicht für eine KI.",
		"es": "Esta es una pregunta para personas, no para una IA.", "fr": "C’est une question pour des personnes, pas pour une IA.",
	},
	"removed": {
		"en": "Left out of this answer, because no source shows it: %d.", "de": "Aus dieser Antwort weggelassen, weil keine Quelle es zeigt: %d.",
		"es": "Omitido de esta respuesta, porque ninguna fuente lo muestra: %d.", "fr": "Omis de cette réponse, car aucune source ne le montre : %d.",
	},
	"marked": {
		"en": "Said about you without a source: %d.", "de": "Über dich gesagt, ohne eine Quelle: %d.",
		"es": "Dicho sobre ti sin una fuente: %d.", "fr": "Dit à ton sujet sans source : %d.",
	},
	"withheld": {
		"en": "The solution is kept back until you have tried.", "de": "Die Lösung bleibt zurück, bis du es versucht hast.",
		"es": "La solución se guarda hasta que lo hayas intentado.", "fr": "La solution attend que tu aies essayé.",
	},
	"cut": {
		"en": "The answer did not come to an end and was cut.", "de": "Die Antwort kam nicht zu einem Ende und wurde abgebrochen.",
		"es": "La respuesta no terminaba y se ha cortado.", "fr": "La réponse ne se terminait pas et a été coupée.",
	},
	"no-source": {
		"en": "I found no source for this.", "de": "Dafür habe ich keine Quelle gefunden.", "es": "No he encontrado ninguna fuente para esto.",
		"fr": "Je n’ai trouvé aucune source pour cela.", "pt": "Não encontrei nenhuma fonte para isto.", "it": "Non ho trovato alcuna fonte per questo.",
		"nl": "Ik heb hiervoor geen bron gevonden.",
	},
	"unsourced": {
		"en": "(no source)", "de": "(ohne Quelle)", "es": "(sin fuente)", "fr": "(sans source)", "pt": "(sem fonte)", "it": "(senza fonte)", "nl": "(geen bron)",
	},
	"budget": {
		"en": "The budget for language models is used up. The built-in tutor goes on.", "de": "Das Budget für Sprachmodelle ist aufgebraucht. Der eingebaute Tutor macht weiter.",
		"es": "El presupuesto para modelos de lenguaje se ha agotado. Sigue el tutor integrado.", "fr": "Le budget des modèles de langage est épuisé. Le tuteur intégré continue.",
	},
	"down": {
		"en": "No language model answers at the moment. The built-in tutor goes on.", "de": "Zurzeit antwortet kein Sprachmodell. Der eingebaute Tutor macht weiter.",
		"es": "Ahora mismo no responde ningún modelo de lenguaje. Sigue el tutor integrado.", "fr": "Aucun modèle de langage ne répond pour le moment. Le tuteur intégré continue.",
	},
	"until": {
		"en": " Models are asked again from %s.", "de": " Ab %s werden wieder Modelle gefragt.", "es": " Se volverá a preguntar a los modelos a partir del %s.",
		"fr": " Les modèles seront interrogés de nouveau à partir du %s.",
	},
	"right":  {"en": "Right.", "de": "Richtig.", "es": "Correcto.", "fr": "Juste."},
	"partly": {"en": "Partly right.", "de": "Zum Teil richtig.", "es": "En parte correcto.", "fr": "En partie juste."},
	"wrong":  {"en": "Not right.", "de": "Nicht richtig.", "es": "No es correcto.", "fr": "Ce n’est pas juste."},
	"misconception": {
		"en": "What may be behind it: ", "de": "Was dahinterstecken kann: ", "es": "Lo que puede haber detrás: ", "fr": "Ce qui peut être derrière : ",
	},
	"answer":       {"en": "A good answer: ", "de": "Eine gute Antwort: ", "es": "Una buena respuesta: ", "fr": "Une bonne réponse : "},
	"met":          {"en": "Met: ", "de": "Erfüllt: ", "es": "Cumplido: ", "fr": "Rempli : "},
	"not yet":      {"en": "Not yet: ", "de": "Noch nicht: ", "es": "Todavía no: ", "fr": "Pas encore : "},
	"not said":     {"en": "Missing, nothing said of it: ", "de": "Fehlt, dazu ist nichts gesagt: ", "es": "Falta, no se ha dicho nada: ", "fr": "Manque, rien n’en est dit : "},
	"shown":        {"en": "Shown: ", "de": "Gezeigt: ", "es": "Mostrado: ", "fr": "Montré : "},
	"partly shown": {"en": "Partly shown: ", "de": "Zum Teil gezeigt: ", "es": "Mostrado en parte: ", "fr": "Montré en partie : "},
	"not shown":    {"en": "Not shown: ", "de": "Nicht gezeigt: ", "es": "No mostrado: ", "fr": "Pas montré : "},
	"your words":   {"en": " Your words: “%s”.", "de": " Deine Worte: „%s“.", "es": " Tus palabras: «%s».", "fr": " Tes mots : « %s »."},
	"missing":      {"en": "What is missing: ", "de": "Was fehlt: ", "es": "Lo que falta: ", "fr": "Ce qui manque : "},
	"stronger":     {"en": "What would make the line stronger:", "de": "Was die Zeile stärker machen würde:", "es": "Lo que haría más fuerte la línea:", "fr": "Ce qui rendrait la ligne plus forte :"},
	"more facts": {
		"en": "There is not enough here for a line yet. Tell me:", "de": "Für eine Zeile reicht das noch nicht. Sag mir:",
		"es": "Todavía no hay bastante para una línea. Dime:", "fr": "Il n’y a pas encore assez pour une ligne. Dis-moi :",
	},
	"what was done": {
		"en": "What did you do, with what, and what came of it?", "de": "Was hast du getan, womit, und was kam dabei heraus?",
		"es": "¿Qué hiciste, con qué, y qué resultó?", "fr": "Qu’as-tu fait, avec quoi, et avec quel résultat ?",
	},
	"line": {"en": "The line, from what you said:", "de": "Die Zeile, aus dem, was du gesagt hast:", "es": "La línea, con lo que has dicho:", "fr": "La ligne, à partir de ce que tu as dit :"},
	"who decides": {
		"en": "Whether the milestone is done is for you to say, in your progress.", "de": "Ob der Meilenstein geschafft ist, sagst du, in deinem Fortschritt.",
		"es": "Si el hito está cumplido lo dices tú, en tu progreso.", "fr": "C’est à toi de dire si le jalon est atteint, dans ta progression.",
	},
	"interview over": {
		"en": "That was the last question. This is how your answers stand against the rubric:", "de": "Das war die letzte Frage. So stehen deine Antworten zum Raster:",
		"es": "Era la última pregunta. Así quedan tus respuestas frente a la rúbrica:", "fr": "C’était la dernière question. Voici tes réponses face à la grille :",
	},
	"question": {"en": "Question %d of %d, %s: ", "de": "Frage %d von %d, %s: ", "es": "Pregunta %d de %d, %s: ", "fr": "Question %d sur %d, %s : "},
}

// phrase is a phrase in a language, filled in where it has places for it.
func phrase(language, key string, args ...any) string {
	text, ok := phrases[key][language]
	if !ok {
		text = phrases[key]["en"]
	}
	if len(args) > 0 {
		return fmt.Sprintf(text, args...)
	}
	return text
}

// absencePhrase says why the built-in tutor goes on, and until when.
func absencePhrase(language string, a absence) string {
	text := phrase(language, a.reason)
	if !a.until.IsZero() {
		text += phrase(language, "until", a.until.UTC().Format(time.DateTime+" MST"))
	}
	return text
}
