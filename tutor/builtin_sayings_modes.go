package tutor

// Quiz and hints.
var (
	sayQuizRules       = saying{"Pick an answer by its letter, its number or its words. “skip” brings another question, “stop” the result.", "Antworte mit dem Buchstaben, der Nummer oder den Worten. „weiter“ bringt eine andere Frage, „stopp“ das Ergebnis.", "Responde con la letra, el número o las palabras. «saltar» trae otra pregunta, «fin» el resultado."}
	sayQuestion        = saying{"%s, level %d (%s): %s", "%s, Stufe %d (%s): %s", "%s, nivel %d (%s): %s"}
	sayUnclear         = saying{"I could not tell which answer you mean. A letter from A to D is enough.", "Ich konnte nicht erkennen, welche Antwort du meinst. Ein Buchstabe von A bis D genügt.", "No he podido ver qué respuesta quieres decir. Basta una letra de la A a la D."}
	saySkipped         = saying{"Left out.", "Ausgelassen.", "Omitida."}
	sayRight           = saying{"Right, %s: %s %s", "Richtig, %s: %s %s", "Correcto, %s: %s %s"}
	sayWrong           = saying{"Not %s. It is %s: %s %s", "Nicht %s. Es ist %s: %s %s", "No es %s. Es %s: %s %s"}
	sayAnswerWas       = saying{"It is %s: %s %s", "Es ist %s: %s %s", "Es %s: %s %s"}
	sayMisconception   = saying{"What is often behind a wrong answer here: %s", "Was hier oft hinter einer falschen Antwort steht: %s", "Lo que suele haber detrás de una respuesta equivocada aquí: %s"}
	sayTally           = saying{"So far %d of %d right.", "Bisher %d von %d richtig.", "Hasta ahora %d de %d correctas."}
	sayNoQuestions     = saying{"The catalogue has no check questions for %s, so I ask about the role's skills.", "Zu %s hat der Katalog keine Kontrollfragen, deshalb frage ich nach den Skills der Rolle.", "El catálogo no tiene preguntas sobre %s, así que pregunto por las habilidades del puesto."}
	sayNoQuestionsHere = saying{"The catalogue has no check questions here.", "Hier hat der Katalog keine Kontrollfragen.", "Aquí el catálogo no tiene preguntas."}
	sayThrough         = saying{"You have seen all %d questions. I begin again, in another order of answers.", "Du hast alle %d Fragen gesehen. Ich beginne von vorn, mit anderer Reihenfolge der Antworten.", "Has visto las %d preguntas. Empiezo de nuevo, con otro orden de respuestas."}
	sayQuizOver        = saying{"Result: %d of %d right.", "Ergebnis: %d von %d richtig.", "Resultado: %d de %d correctas."}
	sayLookAgain       = saying{"Worth another look:", "Noch einmal ansehen:", "Conviene repasar:"}
	sayMissedOne       = saying{"- %s: %s %s", "- %s: %s %s", "- %s: %s %s"}
	sayQuizMemory      = saying{"The answers are kept in your mastery, where you can correct or delete each. “next” goes on.", "Die Antworten stehen in deinem Lernstand, wo du jede berichtigen oder löschen kannst. „weiter“ macht weiter.", "Las respuestas quedan en tu dominio, donde puedes corregir o borrar cada una. «siguiente» continúa."}
	sayStillOpen       = saying{"The question is still open:", "Die Frage ist noch offen:", "La pregunta sigue abierta:"}
	sayHintAbout       = saying{"The question is about what %s is at level %d (%s): %s", "In der Frage geht es darum, was %s auf Stufe %d (%s) ausmacht: %s", "La pregunta va de lo que es %s en el nivel %d (%s): %s"}
	sayHintSkill       = saying{"The question is about %s.", "In der Frage geht es um %s.", "La pregunta va de %s."}
	sayHintMode        = saying{"A conversation in the mode “hint” has more than one.", "Ein Gespräch im Modus „hint“ hat mehr als einen Tipp.", "Una conversación en el modo «hint» tiene más pistas."}
	sayHintRules       = saying{"Here is a question to think about. Try an answer, or say “hint”: there are %d rungs, and the last one, the answer, opens once you have tried.", "Hier ist eine Frage zum Nachdenken. Versuch eine Antwort oder sag „Tipp“: Es gibt %d Sprossen, und die letzte, die Antwort, öffnet sich, wenn du es versucht hast.", "Aquí tienes una pregunta para pensar. Prueba una respuesta o di «pista»: hay %d peldaños, y el último, la respuesta, se abre cuando lo hayas intentado."}
	sayRung            = saying{"Hint %d of %d.", "Tipp %d von %d.", "Pista %d de %d."}
	sayHintWords       = saying{"The answer turns on these words of the question: %s.", "Die Antwort hängt an diesen Worten der Frage: %s.", "La respuesta depende de estas palabras de la pregunta: %s."}
	sayHintNot         = saying{"%s is not it.", "%s ist es nicht.", "%s no es."}
	sayHintNotEither   = saying{"%s is not it either.", "%s ist es auch nicht.", "%s tampoco es."}
	sayHintBelief      = saying{"People who go wrong here often start from this: %s", "Wer hier falsch liegt, geht oft davon aus: %s", "Quien se equivoca aquí suele partir de esto: %s"}
	sayLeft            = saying{"Left: %s. Which one?", "Es bleiben: %s. Welche?", "Quedan: %s. ¿Cuál?"}
	sayTryFirst        = saying{"The last rung is the answer, and it opens once you have tried. A guess counts.", "Die letzte Sprosse ist die Antwort, und sie öffnet sich, wenn du es versucht hast. Raten zählt auch.", "El último peldaño es la respuesta, y se abre cuando lo hayas intentado. Adivinar también vale."}
	sayNotThat         = saying{"Not %s, but you have tried, and that counts.", "Nicht %s, aber du hast es versucht, und das zählt.", "No es %s, pero lo has intentado, y eso cuenta."}
	sayOutAlready      = saying{"%s is out already.", "%s ist schon ausgeschlossen.", "%s ya está descartada."}
	sayCanSee          = saying{"Try again, or say “hint” for the answer.", "Versuch es noch einmal, oder sag „Tipp“ für die Antwort.", "Inténtalo otra vez, o di «pista» para ver la respuesta."}
	sayCanHint         = saying{"Try again, or say “hint”.", "Versuch es noch einmal, oder sag „Tipp“.", "Inténtalo otra vez, o di «pista»."}
	sayUnclearHint     = saying{"I could not tell which answer you mean. Name a letter, or say “hint”.", "Ich konnte nicht erkennen, welche Antwort du meinst. Nenn einen Buchstaben, oder sag „Tipp“.", "No he podido ver qué respuesta quieres decir. Di una letra o «pista»."}
	sayHintNext        = saying{"Say “next” for another question.", "Sag „weiter“ für eine andere Frage.", "Di «siguiente» para otra pregunta."}
	sayHintStop        = saying{"Stopped. Say “next” whenever you want another question.", "Beendet. Sag „weiter“, wenn du eine andere Frage möchtest.", "Terminado. Di «siguiente» cuando quieras otra pregunta."}
)

// Interviews.
var (
	sayThemeQuestions = []saying{
		{"Tell me of a piece of your own work that shows this. What was the situation, what did you do and why, and what came of it?", "Erzähl von einer eigenen Arbeit, die das zeigt. Wie war die Lage, was hast du getan und warum, und was kam dabei heraus?", "Cuéntame un trabajo tuyo que lo muestre. ¿Cuál era la situación, qué hiciste y por qué, y qué salió de ello?"},
		{"How would you go about this in a new team? Step by step, with the reason for each step.", "Wie gehst du das in einem neuen Team an? Schritt für Schritt, mit dem Grund für jeden.", "¿Cómo lo abordarías en un equipo nuevo? Paso a paso, con la razón de cada uno."},
		{"What goes wrong here most often, how do you notice it, and what do you do then?", "Was geht hier am häufigsten schief, woran merkst du es, und was tust du dann?", "¿Qué sale mal aquí más a menudo, cómo lo notas y qué haces entonces?"},
	}
	sayNoThemes          = saying{"The catalogue has no interview themes for this role.", "Für diese Rolle hat der Katalog keine Themen für Vorstellungsgespräche.", "El catálogo no tiene temas de entrevista para este puesto."}
	sayInterviewPlan     = saying{"A mock interview for %s, with %d questions. The themes: %s.", "Ein Probegespräch für %s mit %d Fragen. Die Themen: %s.", "Una entrevista de práctica para %s, con %d preguntas. Los temas: %s."}
	sayInterviewRules    = saying{"Answer as you would there. I hold each answer against what the catalogue says is looked for, by its words alone: how well you say it I cannot judge without a language model. “next” leaves a question out, “stop” ends.", "Antworte wie dort. Ich halte jede Antwort an das, worauf nach dem Katalog geachtet wird, und zwar nur nach ihren Worten: Wie gut du es sagst, kann ich ohne Sprachmodell nicht beurteilen. Der Katalog ist auf Englisch, deshalb erkenne ich deutsche Worte nur zum Teil. „weiter“ lässt eine Frage aus, „stopp“ beendet.", "Responde como lo harías allí. Comparo cada respuesta con lo que el catálogo dice que se busca, solo por sus palabras: lo bien que lo dices no puedo juzgarlo sin un modelo de lenguaje. El catálogo está en inglés, así que solo reconozco una parte de las palabras en español. «siguiente» omite una pregunta, «fin» termina."}
	sayInterviewQuestion = saying{"Question %d of %d. %s: %s", "Frage %d von %d. %s: %s", "Pregunta %d de %d. %s: %s"}
	sayInterviewSkill    = saying{"Question %d of %d, on %s, in your own words: %s", "Frage %d von %d, zu %s, in eigenen Worten: %s", "Pregunta %d de %d, sobre %s, con tus palabras: %s"}
	sayTooShort          = saying{"That is too short to hold against anything. Say a few sentences, or “next”.", "Das ist zu kurz, um es mit etwas zu vergleichen. Sag ein paar Sätze, oder „weiter“.", "Es demasiado corto para compararlo con nada. Di unas frases, o «siguiente»."}
	sayAfterAnswer       = saying{"What is looked for I say after your answer.", "Worauf geachtet wird, sage ich nach deiner Antwort.", "En qué se fijan lo digo después de tu respuesta."}
	sayNamed             = saying{"You spoke of: %s.", "Du hast angesprochen: %s.", "Has hablado de: %s."}
	sayAllNamed          = saying{"Nothing of what is looked for was left out.", "Von dem, worauf geachtet wird, fehlt nichts.", "No falta nada de lo que se busca."}
	sayFollowUp          = saying{"Nothing came up yet of: %s.", "Noch nicht angesprochen: %s.", "Aún no ha salido: %s."}
	sayAddOr             = saying{"Add to your answer, or say “next”.", "Ergänze deine Antwort, oder sag „weiter“.", "Completa tu respuesta, o di «siguiente»."}
	sayStillMissing      = saying{"Still not spoken of: %s.", "Weiterhin nicht angesprochen: %s.", "Sigue sin salir: %s."}
	sayCompare           = saying{"Compare it with the catalogue's answer: %s %s", "Vergleiche es mit der Antwort des Katalogs: %s %s", "Compáralo con la respuesta del catálogo: %s %s"}
	sayInterviewOver     = saying{"The interview is over. What came up and what did not, by words:", "Das Gespräch ist zu Ende. Was zur Sprache kam und was nicht, nach Worten:", "La entrevista ha terminado. Lo que salió y lo que no, por palabras:"}
	sayWasSkipped        = saying{"%d. %s: left out.", "%d. %s: ausgelassen.", "%d. %s: omitida."}
	sayWasAll            = saying{"%d. %s: all of it came up.", "%d. %s: alles kam zur Sprache.", "%d. %s: salió todo."}
	sayWasNone           = saying{"%d. %s: not spoken of: %s.", "%d. %s: nicht angesprochen: %s.", "%d. %s: no salió: %s."}
	sayWasPart           = saying{"%d. %s: spoken of: %s. Not spoken of: %s.", "%d. %s: angesprochen: %s. Nicht angesprochen: %s.", "%d. %s: salió: %s. No salió: %s."}
	sayCannotJudge       = saying{"I only compared words. Whether an answer is true, clear or convincing is for a person to say, or a language model where one is set up.", "Ich habe nur Worte verglichen. Ob eine Antwort stimmt, klar ist oder überzeugt, kann ein Mensch sagen, oder ein Sprachmodell, wo eines eingerichtet ist.", "Solo he comparado palabras. Si una respuesta es cierta, clara o convincente lo puede decir una persona, o un modelo de lenguaje donde lo haya."}
	sayInterviewStopped  = saying{"Stopped before anything was answered. Say “next” to begin anew.", "Beendet, bevor etwas beantwortet war. Sag „weiter“, um neu zu beginnen.", "Terminada antes de responder nada. Di «siguiente» para empezar de nuevo."}
	sayInterviewEnded    = saying{"This interview is over. Say “next” for a new one, or “summary” to see it again.", "Dieses Gespräch ist zu Ende. Sag „weiter“ für ein neues oder „Zusammenfassung“, um sie noch einmal zu sehen.", "Esta entrevista ha terminado. Di «siguiente» para otra, o «resumen» para verlo de nuevo."}
	sayAgain             = saying{"Say “again” or “next” to begin anew.", "Sag „weiter“, um neu zu beginnen.", "Di «otra» para empezar de nuevo."}
)

// Reviews.
var (
	sayWhichMilestone = saying{"Which milestone is it? Name one of these:", "Um welchen Meilenstein geht es? Nenn einen von diesen:", "¿De qué hito se trata? Nombra uno de estos:"}
	sayMilestoneGone  = saying{"This milestone is no longer in the catalogue.", "Diesen Meilenstein gibt es im Katalog nicht mehr.", "Este hito ya no está en el catálogo."}
	sayAskEvidence    = saying{"What do you have to show for it? Tell it in a few sentences, with links. Then we go through the list.", "Was kannst du dafür vorweisen? Erzähl es in ein paar Sätzen, mit Links. Dann gehen wir die Liste durch.", "¿Qué tienes para demostrarlo? Cuéntalo en unas frases, con enlaces. Después repasamos la lista."}
	sayNotedBefore    = saying{"In your progress you noted: %s.", "In deinem Fortschritt steht: %s.", "En tu progreso anotaste: %s."}
	sayNoEvidence     = saying{"Then we go through the list without it.", "Dann gehen wir die Liste ohne das durch.", "Entonces repasamos la lista sin ello."}
	sayCannotOpen     = saying{"I do not open links; I note that you gave them.", "Links öffne ich nicht; ich halte fest, dass du sie genannt hast.", "No abro enlaces; anoto que los has dado."}
	sayMatched        = saying{"What your words speak of:", "Wovon deine Worte sprechen:", "De lo que hablan tus palabras:"}
	sayByWord         = saying{"- Met by your word: %s — %s", "- Nach deinem Wort erfüllt: %s — %s", "- Cumplido según tú: %s — %s"}
	sayNotMet         = saying{"- Not met by your word: %s — %s", "- Nach deinem Wort nicht erfüllt: %s — %s", "- No cumplido según tú: %s — %s"}
	sayUnsaid         = saying{"- Nothing said: %s", "- Nichts dazu gesagt: %s", "- No se ha dicho nada: %s"}
	sayAskLine        = saying{"Line %d of %d: “%s”", "Zeile %d von %d: „%s“", "Línea %d de %d: «%s»"}
	sayAskHolds       = saying{"Does it hold? Say how it shows, or “no”, or “skip”.", "Trifft das zu? Sag, woran man es sieht, oder „nein“, oder „weiter“.", "¿Se cumple? Di en qué se ve, o «no», o «saltar»."}
	sayReviewed       = saying{"%s: %d of %d lines are met by your word.", "%s: %d von %d Zeilen sind nach deinem Wort erfüllt.", "%s: %d de %d líneas se cumplen según tú."}
	sayNoLink         = saying{"You gave no link. What is asked for as evidence: %s", "Du hast keinen Link genannt. Als Nachweis verlangt ist: %s", "No has dado ningún enlace. Lo que se pide como prueba: %s"}
	sayIsItMet        = saying{"I do not find this line in your words. Is it met: yes or no?", "Diese Zeile finde ich in deinen Worten nicht. Ist sie erfüllt: ja oder nein?", "No encuentro esta línea en tus palabras. ¿Se cumple: sí o no?"}
	sayReviewEnd      = saying{"This review is done: %d of %d lines are met by your word. Tell me more about a line, name another milestone, or say “summary”.", "Diese Durchsicht ist fertig: %d von %d Zeilen sind nach deinem Wort erfüllt. Erzähl mehr zu einer Zeile, nenn einen anderen Meilenstein, oder sag „Zusammenfassung“.", "Este repaso está hecho: %d de %d líneas se cumplen según tú. Cuéntame más de una línea, nombra otro hito, o di «resumen»."}
	sayCannotLook     = saying{"That I cannot say: I only know the list and what you tell me of your work.", "Das kann ich nicht sagen: Ich kenne nur die Liste und was du mir von deiner Arbeit erzählst.", "Eso no lo puedo decir: solo conozco la lista y lo que me cuentas de tu trabajo."}
	sayYouDecide      = saying{"I compared words and took yours for it; I cannot look at the work. Whether the milestone is done is for you to say, in your progress.", "Ich habe Worte verglichen und deinen geglaubt; die Arbeit selbst kann ich nicht ansehen. Ob der Meilenstein geschafft ist, sagst du, in deinem Fortschritt.", "He comparado palabras y me fío de las tuyas; el trabajo no lo puedo ver. Si el hito está hecho lo dices tú, en tu progreso."}
)

// Lines of a resume.
var (
	sayLineStart = saying{"We build one line of your resume from facts that you give me, one after another. First: what did you do? Start with a verb, such as “built”, “moved” or “led”.", "Wir bauen eine Zeile deines Lebenslaufs aus Fakten, die du mir nacheinander nennst. Zuerst: Was hast du getan? Am besten mit einem Verb, etwa „gebaut“, „umgezogen“ oder „geleitet“.", "Vamos a construir una línea de tu currículum con datos que me das uno tras otro. Primero: ¿qué hiciste? Empieza con un verbo, como «construí», «migré» o «dirigí»."}
	sayLineAgain = saying{"The next line. What did you do?", "Die nächste Zeile. Was hast du getan?", "La siguiente línea. ¿Qué hiciste?"}
	sayAskWhat   = saying{"What did you do?", "Was hast du getan?", "¿Qué hiciste?"}
	sayAskWith   = saying{"With what: which languages, tools or methods? “none” leaves it out.", "Womit: welche Sprachen, Werkzeuge oder Methoden? „nichts“ lässt es aus.", "¿Con qué lenguajes, herramientas o métodos? «nada» lo omite."}
	sayAskResult = saying{"What came of it? A figure from before and after is best, if you have measured one. “none” leaves it out.", "Was kam dabei heraus? Am besten eine Zahl von vorher und nachher, wenn du sie gemessen hast. „nichts“ lässt es aus.", "¿Qué salió de ello? Lo mejor es una cifra de antes y después, si la mediste. «nada» lo omite."}
	sayAskScale  = saying{"How large was it: users, rows, people, months? “none” leaves it out.", "Wie groß war es: Nutzer, Zeilen, Leute, Monate? „nichts“ lässt es aus.", "¿Qué tamaño tenía: usuarios, filas, personas, meses? «nada» lo omite."}
	sayJoinWith  = saying{"with", "mit", "con"}
	sayLineIs    = saying{"The line:", "Die Zeile:", "La línea:"}
	sayOnlyYours = saying{"Every fact and figure in it is yours; I only put them in order.", "Jede Angabe und jede Zahl darin ist von dir; ich habe sie nur geordnet.", "Todos los datos y cifras son tuyos; yo solo los he ordenado."}
	sayStronger  = saying{"What would make it stronger:", "Was sie stärker machen würde:", "Lo que la haría más fuerte:"}
	sayTipVerb   = saying{"Begin with what you yourself did; the first words leave that open.", "Beginn mit dem, was du selbst getan hast; die ersten Worte lassen das offen.", "Empieza por lo que hiciste tú; las primeras palabras lo dejan abierto."}
	sayTipFigure = saying{"A figure, if you have measured one. I put none in.", "Eine Zahl, wenn du sie gemessen hast. Ich setze keine ein.", "Una cifra, si la mediste. Yo no pongo ninguna."}
	sayTipResult = saying{"What it changed for somebody.", "Was es für jemanden verändert hat.", "Qué cambió para alguien."}
	sayNowSays   = saying{"Your resume now says: %s.", "In deinem Lebenslauf steht jetzt: %s.", "Tu currículum dice ahora: %s."}
	sayChange    = saying{"To change a part, say “what: …”, “with: …”, “result: …” or “scale: …”. “next” begins another line.", "Um einen Teil zu ändern, sag „was: …“, „womit: …“, „ergebnis: …“ oder „umfang: …“. „weiter“ beginnt eine neue Zeile.", "Para cambiar una parte, di «qué: …», «con: …», «resultado: …» o «escala: …». «siguiente» empieza otra línea."}
)
