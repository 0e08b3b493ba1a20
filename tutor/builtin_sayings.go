package tutor

import "fmt"

// saying is a sentence of the built-in tutor in English, German and Spanish. What stands in the catalogue stays in English.
type saying [3]string

func (s saying) in(language string) string {
	switch language {
	case german:
		return s[1]
	case spanish:
		return s[2]
	}
	return s[0]
}

// tell is a saying in the language of the conversation, filled in.
func (r *retriever) tell(s saying, args ...any) string {
	text := s.in(r.language)
	if len(args) > 0 {
		return fmt.Sprintf(text, args...)
	}
	return text
}

// What the built-in tutor says of itself.
var (
	sayEngineReport = saying{
		"No language model is configured here. I am the built-in tutor: I put answers together from the catalogue and your report.",
		"Hier ist kein Sprachmodell eingerichtet. Ich bin der eingebaute Tutor: Ich stelle Antworten aus dem Katalog und deinem Bericht zusammen.",
		"Aquí no hay ningún modelo de lenguaje configurado. Soy el tutor integrado: compongo las respuestas con el catálogo y tu informe.",
	}
	sayEngine = saying{
		"No language model is configured here. I am the built-in tutor: I put answers together from the catalogue alone, since this conversation has no resume.",
		"Hier ist kein Sprachmodell eingerichtet. Ich bin der eingebaute Tutor: Ich stelle Antworten allein aus dem Katalog zusammen, denn zu diesem Gespräch gehört kein Lebenslauf.",
		"Aquí no hay ningún modelo de lenguaje configurado. Soy el tutor integrado: compongo las respuestas solo con el catálogo, porque esta conversación no tiene currículum.",
	}
	sayEngineAbsent = saying{
		"No language model had a part in this answer. I am the built-in tutor: I put answers together from the catalogue and from what is stored of you.",
		"An dieser Antwort war kein Sprachmodell beteiligt. Ich bin der eingebaute Tutor: Ich stelle Antworten aus dem Katalog und aus dem, was über dich gespeichert ist, zusammen.",
		"En esta respuesta no ha intervenido ningún modelo de lenguaje. Soy el tutor integrado: compongo las respuestas con el catálogo y con lo que hay guardado de ti.",
	}
	sayEngineAgain = saying{"(Built-in tutor, no language model.)", "(Eingebauter Tutor, kein Sprachmodell.)", "(Tutor integrado, sin modelo de lenguaje.)"}
	sayEnglish     = saying{
		"", "Was aus dem Katalog kommt, bleibt auf Englisch.", "Lo que viene del catálogo queda en inglés.",
	}
)

// Greeting, and what can be asked.
var (
	sayHello       = saying{"Hello. This conversation is about the way to %s.", "Hallo. In diesem Gespräch geht es um den Weg zu %s.", "Hola. En esta conversación hablamos del camino hacia %s."}
	sayThanks      = saying{"You are welcome. What comes next?", "Gern. Was kommt als Nächstes?", "De nada. ¿Qué viene ahora?"}
	sayYouAreIn    = saying{"You are in the phase %s: %s", "Du bist in der Phase %s: %s", "Estás en la fase %s: %s"}
	sayYouCanAsk   = saying{"You can ask:", "Du kannst fragen:", "Puedes preguntar:"}
	sayAskNext     = saying{"- what to do next, and which gaps you have", "- was als Nächstes dran ist und welche Lücken du hast", "- qué hacer ahora y qué te falta"}
	sayAskSkill    = saying{"- about a skill of the role, such as %s: what is asked, where you are, how to get further", "- nach einem Skill der Rolle, etwa %s: was verlangt ist, wo du stehst, wie du weiterkommst", "- por una habilidad del puesto, como %s: qué se pide, dónde estás y cómo avanzar"}
	sayAskRest     = saying{"- about a phase and its milestones, projects, interview themes, the time it takes, or the role itself", "- nach einer Phase und ihren Meilensteinen, Projekten, Themen im Vorstellungsgespräch, der Dauer oder der Rolle selbst", "- por una fase y sus hitos, proyectos, temas de entrevista, el tiempo que lleva o el puesto en sí"}
	sayAskQuiz     = saying{"- for a quiz: say “quiz me”, with a skill if you like", "- nach einem Quiz: sag „frag mich ab“, gern mit einem Skill", "- por un test: di «hazme preguntas», con una habilidad si quieres"}
	sayNothing     = saying{"I found no source for this in the catalogue or in what is stored of you.", "Dafür habe ich weder im Katalog noch in dem, was über dich gespeichert ist, eine Quelle gefunden.", "No he encontrado ninguna fuente para esto ni en el catálogo ni en lo que hay guardado de ti."}
	sayNearest     = saying{"I have no direct answer. What comes nearest to your question:", "Eine direkte Antwort habe ich nicht. Das kommt deiner Frage am nächsten:", "No tengo una respuesta directa. Lo más cercano a tu pregunta:"}
	sayFromResume  = saying{"In your resume:", "In deinem Lebenslauf:", "En tu currículum:"}
	saySource      = saying{"- %s: %s", "- %s: %s", "- %s: %s"}
	sayCannotSet   = saying{"I do not set or change levels, scores, hours or dates. They are computed from the words of your resume. If a level is wrong, correct it in the list of skills of your resume, and the report follows.", "Stufen, Werte, Stunden und Termine setze und ändere ich nicht. Sie werden aus den Worten deines Lebenslaufs berechnet. Ist eine Stufe falsch, dann berichtige sie in der Liste der Skills deines Lebenslaufs, und der Bericht folgt.", "No fijo ni cambio niveles, puntuaciones, horas ni fechas. Se calculan a partir de las palabras de tu currículum. Si un nivel está mal, corrígelo en la lista de habilidades de tu currículum y el informe lo seguirá."}
	sayReportSays  = saying{"What the report says of %s: %s", "Was der Bericht zu %s sagt: %s", "Lo que dice el informe sobre %s: %s"}
	sayNoSalary    = saying{"The catalogue has no salary for this role.", "Zu dieser Rolle nennt der Katalog kein Gehalt.", "El catálogo no tiene ningún sueldo para este puesto."}
	sayTypicalDay  = saying{"A typical day:", "Ein typischer Tag:", "Un día típico:"}
	sayWhyNow      = saying{"Why now: %s", "Warum jetzt: %s", "Por qué ahora: %s"}
	sayInterviews  = saying{"Interviews for %s ask about:", "In Vorstellungsgesprächen für %s geht es um:", "En las entrevistas para %s se pregunta por:"}
	sayTheme       = saying{"- %s. What they look for: %s", "- %s. Worauf geachtet wird: %s", "- %s. En qué se fijan: %s"}
	sayTryOne      = saying{"To practise, open a conversation in the mode “interview”.", "Zum Üben: Öffne ein Gespräch im Modus „interview“.", "Para practicar, abre una conversación en el modo «interview»."}
	sayProject     = saying{"- %s (difficulty %d of 5, about %d hours): %s", "- %s (Schwierigkeit %d von 5, etwa %d Stunden): %s", "- %s (dificultad %d de 5, unas %d horas): %s"}
	sayDoneWhen    = saying{"It is done when:", "Fertig ist es, wenn:", "Está hecho cuando:"}
	sayNoProject   = saying{"The catalogue has no project for this in the role.", "Dafür hat der Katalog in dieser Rolle kein Projekt.", "El catálogo no tiene ningún proyecto para esto en este puesto."}
	sayPhase       = saying{"%s, %d months: %s", "%s, %d Monate: %s", "%s, %d meses: %s"}
	sayMilestoneIn = saying{"- Milestone: %s", "- Meilenstein: %s", "- Hito: %s"}
	sayEvidence    = saying{" Evidence: %s", " Nachweis: %s", " Prueba: %s"}
	sayMilestone   = saying{"Milestone of the phase %s: %s", "Meilenstein der Phase %s: %s", "Hito de la fase %s: %s"}
	sayProves      = saying{"What proves it: %s", "Was ihn belegt: %s", "Qué lo demuestra: %s"}
	sayHolds       = saying{"It holds when:", "Er gilt, wenn:", "Vale cuando:"}
	sayProgress    = saying{"By your own progress it is %s.", "Nach deinem eigenen Fortschritt ist er %s.", "Según tu propio progreso está %s."}
	sayReviewIt    = saying{"To go through it with what you have, open a conversation in the mode “review”.", "Um ihn mit dem durchzugehen, was du hast, öffne ein Gespräch im Modus „review“.", "Para repasarlo con lo que tienes, abre una conversación en el modo «review»."}
)

// Next steps and gaps.
var (
	sayNextPhase    = saying{"Next in the phase %s, in the order of your report:", "Als Nächstes in der Phase %s, in der Reihenfolge deines Berichts:", "Lo siguiente en la fase %s, en el orden de tu informe:"}
	sayNextRole     = saying{"Next, in the order of your report:", "Als Nächstes, in der Reihenfolge deines Berichts:", "Lo siguiente, en el orden de tu informe:"}
	sayStep         = saying{"%d. %s, %s. %s", "%d. %s, %s. %s", "%d. %s, %s. %s"}
	sayGain         = saying{" It raises your readiness by %.2f.", " Das hebt deine Reife um %.2f.", " Sube tu preparación en %.2f."}
	sayNoOpen       = saying{"The report finds no open gap.", "Der Bericht findet keine offene Lücke.", "El informe no encuentra nada pendiente."}
	sayNoOpenPhase  = saying{"In the phase %s the report finds no open gap.", "In der Phase %s findet der Bericht keine offene Lücke.", "En la fase %s el informe no encuentra nada pendiente."}
	sayMilestones   = saying{"What is left of the phase are its milestones:", "Von der Phase bleiben ihre Meilensteine:", "De la fase quedan sus hitos:"}
	sayFirstOverall = saying{"Over the whole role, the report puts %s first.", "Über die ganze Rolle gesehen stellt der Bericht %s an die erste Stelle.", "En el conjunto del puesto, el informe pone primero %s."}
	sayProjectFor   = saying{"A project that works on %s: %s, about %d hours. %s", "Ein Projekt dazu (%s): %s, etwa %d Stunden. %s", "Un proyecto para trabajar %s: %s, unas %d horas. %s"}
	sayDue          = saying{"Before that, look at this again; it is due for review:", "Davor: Das ist zur Wiederholung fällig:", "Antes, repasa esto; toca revisarlo:"}
	sayDueItem      = saying{"- %s: %s", "- %s: %s", "- %s: %s"}
	sayDueQuiz      = saying{"Say “quiz me” to do it here.", "Sag „frag mich ab“, dann machen wir es hier.", "Di «hazme preguntas» y lo hacemos aquí."}
	sayShows        = saying{"Your resume shows level %d of %d.", "Dein Lebenslauf zeigt Stufe %d von %d.", "Tu currículum muestra el nivel %d de %d."}
	sayCarries      = saying{"Your resume does not name it, but %s carries over.", "Dein Lebenslauf nennt es nicht, aber %s überträgt sich.", "Tu currículum no lo nombra, pero %s se aprovecha."}
	sayNotShownAsks = saying{"Your resume does not show it; level %d is asked.", "Dein Lebenslauf zeigt es nicht; verlangt ist Stufe %d.", "Tu currículum no lo muestra; se pide el nivel %d."}
	sayAsksFirst    = saying{"What the phase %s asks for first:", "Was die Phase %s zuerst verlangt:", "Lo que la fase %s pide primero:"}
	sayAsksFor      = saying{"%d. %s at level %d (%s). %s", "%d. %s auf Stufe %d (%s). %s", "%d. %s en el nivel %d (%s). %s"}
	sayWithResume   = saying{"With a resume I could say where you are with each, and what to do first.", "Mit einem Lebenslauf könnte ich sagen, wo du jeweils stehst und was zuerst dran ist.", "Con un currículum podría decir dónde estás en cada una y qué hacer primero."}
	sayNoResume     = saying{"Without a resume I cannot say what you have and what is missing.", "Ohne Lebenslauf kann ich nicht sagen, was du hast und was fehlt.", "Sin un currículum no puedo decir qué tienes y qué falta."}
	sayAtLevel      = saying{"At the level asked or above: %s.", "Auf der verlangten Stufe oder darüber: %s.", "En el nivel pedido o por encima: %s."}
	sayHave         = saying{"%s (level %d of %d)", "%s (Stufe %d von %d)", "%s (nivel %d de %d)"}
	sayCloseFirst   = saying{"The gaps to close first:", "Diese Lücken zuerst:", "Lo que conviene cubrir primero:"}
	sayGap          = saying{"- %s, %s. %s", "- %s, %s. %s", "- %s, %s. %s"}
	sayOverview     = saying{
		"Readiness for %s is %.2f of 1 (%s), give or take %.2f. What is left is %s of study; at %d hours a week you would be ready on %s.",
		"Deine Reife für %s ist %.2f von 1 (%s), mit einer Unsicherheit von %.2f. Es bleiben %s Lernzeit; mit %d Stunden in der Woche wärst du am %s so weit.",
		"Tu preparación para %s es %.2f de 1 (%s), con un margen de %.2f. Quedan %s de estudio; con %d horas a la semana estarías listo el %s.",
	}
	sayLeftPhase    = saying{"- In the phase %s, %s of study are left, over %s.", "- In der Phase %s bleiben %s Lernzeit: %s.", "- En la fase %s quedan %s de estudio, en %s."}
	sayNothingPhase = saying{"- In the phase %s nothing is left.", "- In der Phase %s bleibt nichts.", "- En la fase %s no queda nada."}
	sayLaidOut      = saying{"- The phase %s is laid out for %d months.", "- Die Phase %s ist auf %d Monate angelegt.", "- La fase %s está pensada para %d meses."}
	sayWhole        = saying{"The whole way is laid out for %d months at %d hours a week.", "Der ganze Weg ist auf %d Monate mit %d Stunden in der Woche angelegt.", "Todo el camino está pensado para %d meses con %d horas a la semana."}
	sayStartingAs   = saying{"It starts from: %s", "Er beginnt bei: %s", "Parte de: %s"}
	sayDateResume   = saying{"With a resume the report computes the hours that are left for you, and a date.", "Mit einem Lebenslauf rechnet der Bericht aus, wie viele Stunden dir bleiben, und einen Termin.", "Con un currículum el informe calcula las horas que te quedan y una fecha."}
	sayHour         = saying{"about an hour (%d to %d)", "etwa eine Stunde (%d bis %d)", "una hora más o menos (de %d a %d)"}
	sayHours        = saying{"about %d hours (%d to %d)", "etwa %d Stunden (%d bis %d)", "unas %d horas (de %d a %d)"}
)

// Skills.
var (
	sayRoleAsks   = saying{"%s asks for %s at level %d (%s)%s. %s", "%s verlangt %s auf Stufe %d (%s)%s. %s", "%s pide %s en el nivel %d (%s)%s. %s"}
	sayMust       = saying{", as a must", ", und zwar unbedingt", ", imprescindible"}
	sayPlus       = saying{", as a plus", ", als Plus", ", como ventaja"}
	sayInPhase    = saying{"It belongs to the phase %s: %s", "Es gehört zur Phase %s: %s", "Pertenece a la fase %s: %s"}
	sayIsThis     = saying{"%s in short: %s", "%s in Kürze: %s", "%s en breve: %s"}
	sayNoLevel    = saying{"Without a resume I cannot say which level you have.", "Ohne Lebenslauf kann ich nicht sagen, auf welcher Stufe du bist.", "Sin un currículum no puedo decir en qué nivel estás."}
	sayEnough     = saying{"Your resume shows level %d (%s), which is enough for this role.", "Dein Lebenslauf zeigt Stufe %d (%s), und das reicht für diese Rolle.", "Tu currículum muestra el nivel %d (%s), suficiente para este puesto."}
	sayToReach    = saying{"Your resume shows level %d (%s), so level %d is still to reach.", "Dein Lebenslauf zeigt Stufe %d (%s); Stufe %d ist noch zu erreichen.", "Tu currículum muestra el nivel %d (%s); falta llegar al nivel %d."}
	sayNotShown   = saying{"Your resume does not show it.", "Dein Lebenslauf zeigt es nicht.", "Tu currículum no lo muestra."}
	sayRestsOn    = saying{"The words that this rests on: %s.", "Die Worte, auf denen das beruht: %s.", "Las palabras en que se apoya: %s."}
	sayNoRubric   = saying{"The catalogue has no description of the levels of this skill.", "Zu diesem Skill beschreibt der Katalog keine Stufen.", "El catálogo no describe los niveles de esta habilidad."}
	sayLevels     = saying{"What the levels mean:", "Was die Stufen bedeuten:", "Qué significan los niveles:"}
	sayLevel      = saying{"- Level %d (%s)%s: %s", "- Stufe %d (%s)%s: %s", "- Nivel %d (%s)%s: %s"}
	sayWhereYou   = saying{", where you are", ", da bist du", ", donde estás"}
	sayNextUp     = saying{", the next one for you", ", die nächste für dich", ", el siguiente para ti"}
	sayWhatAsked  = saying{", what is asked", ", das ist verlangt", ", lo que se pide"}
	sayNeedsFirst = saying{"It needs %s at level %d first.", "Davor braucht es %s auf Stufe %d.", "Antes necesita %s en el nivel %d."}
	sayNeedsShown = saying{"It needs %s at level %d first; your resume shows level %d.", "Davor braucht es %s auf Stufe %d; dein Lebenslauf zeigt Stufe %d.", "Antes necesita %s en el nivel %d; tu currículum muestra el nivel %d."}
	sayNeedsNone  = saying{"It needs %s at level %d first; your resume does not show it.", "Davor braucht es %s auf Stufe %d; dein Lebenslauf zeigt es nicht.", "Antes necesita %s en el nivel %d; tu currículum no lo muestra."}
	sayFrom       = saying{"From %s: %s", "Von %s aus: %s", "Desde %s: %s"}
	sayPartOf     = saying{"Whoever knows %s has a part of it already: %s", "Wer %s kann, hat schon einen Teil davon: %s", "Quien sabe %s ya tiene una parte: %s"}
	sayLeftStudy  = saying{"What is left is %s of study.", "Es bleiben %s Lernzeit.", "Quedan %s de estudio."}
	sayStudyTime  = saying{"From nothing to level %d it takes %s of study by the catalogue's estimate.", "Von null bis Stufe %d sind es nach Schätzung des Katalogs %s Lernzeit.", "De cero al nivel %d son %s de estudio según el catálogo."}
	sayLearnFrom  = saying{"To learn it from: %s", "Zum Lernen: %s", "Para aprenderlo: %s"}
	sayNoReading  = saying{"The catalogue names nothing to read about %s.", "Zu %s nennt der Katalog nichts zum Lesen.", "El catálogo no nombra nada para leer sobre %s."}
	sayDoesNotAsk = saying{"%s does not ask for %s.", "%s verlangt %s nicht.", "%s no pide %s."}
	sayDescribe   = saying{"%s: %s", "%s: %s", "%s: %s"}
	sayInPlaceOf  = saying{"It is taken in place of %s.", "Es wird an Stelle von %s anerkannt.", "Se acepta en lugar de %s."}
	sayHelpsWith  = saying{"It helps with %s: %s", "Es hilft bei %s: %s", "Ayuda con %s: %s"}
	sayExtra      = saying{"Your resume shows it at level %d (%s).", "Dein Lebenslauf zeigt es auf Stufe %d (%s).", "Tu currículum lo muestra en el nivel %d (%s)."}
	sayConcept    = saying{"On this the catalogue has a case in %s, of level %d (%s): %s", "Dazu hat der Katalog einen Fall zu %s, Stufe %d (%s): %s", "Sobre esto el catálogo tiene un caso de %s, nivel %d (%s): %s"}
	sayAnswerIs   = saying{"The answer: %s %s", "Die Antwort: %s %s", "La respuesta: %s %s"}
	sayBelieved   = saying{"Often believed instead: %s", "Oft wird stattdessen geglaubt: %s", "A menudo se cree otra cosa: %s"}
	sayMistake    = saying{"You once took this for true: %s", "Das hast du einmal für richtig gehalten: %s", "Una vez diste esto por cierto: %s"}
	sayMore       = saying{"Ask for the levels, the time it takes, what to read or a project to get further with %s.", "Frag nach den Stufen, der Dauer, Lesestoff oder einem Projekt, um mit %s weiterzukommen.", "Pregunta por los niveles, el tiempo, qué leer o un proyecto para avanzar con %s."}
)

// levelNames are the words of the scale.
var levelNames = [...]saying{
	{"none", "keine", "ninguno"},
	{"fundamental awareness", "Grundwissen", "conocimiento básico"},
	{"novice", "Anfänger", "principiante"},
	{"intermediate", "fortgeschritten", "intermedio"},
	{"advanced", "erfahren", "avanzado"},
	{"expert", "Experte", "experto"},
}

// bands are the report's words for how ready somebody is.
var bands = map[string]saying{
	"starting out":  {"starting out", "am Anfang", "al comienzo"},
	"building":      {"building", "im Aufbau", "en construcción"},
	"getting close": {"getting close", "nahe dran", "cerca"},
	"nearly ready":  {"nearly ready", "fast so weit", "casi listo"},
	"ready":         {"ready", "so weit", "listo"},
}

// statuses are the words of a milestone's progress.
var statuses = map[MilestoneStatus]saying{
	MilestoneOpen: {"open", "offen", "abierto"}, MilestoneStarted: {"begun", "begonnen", "empezado"}, MilestoneDone: {"done", "geschafft", "hecho"},
}

func (r *retriever) levelName(level int) string {
	if level < 0 || level >= len(levelNames) {
		return ""
	}
	return levelNames[level].in(r.language)
}
