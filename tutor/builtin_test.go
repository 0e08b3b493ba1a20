package tutor_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/tutor"
)

func realCatalogue(t *testing.T) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// fixed gives the conversation an id that is always the same, since it seeds what is shuffled.
func (k *talk) fixed() {
	k.memory.mu.Lock()
	defer k.memory.mu.Unlock()
	c := k.memory.conversations[k.id]
	c.ID = uuid.MustParse("01900000-0000-7000-8000-000000000001")
	k.memory.conversations[c.ID] = c
	k.id = c.ID
}

// TestTranscripts keeps whole conversations as they were read and found good, over roles, modes and languages.
func TestTranscripts(t *testing.T) {
	c := realCatalogue(t)
	for _, tc := range []struct {
		name   string
		start  tutor.StartRequest
		resume bool
		say    []string
	}{
		{"coach", tutor.StartRequest{Role: "senior-backend-engineer", Phase: "system-design-depth"}, true, []string{"Hi", "What should I do next?", "why Kafka?", "and how long does that take?", "what should I read about it?", "thanks"}},
		{"coach-data-scientist", tutor.StartRequest{Role: "data-scientist"}, false, []string{"how much money would I make", "what do they do all day", "i'm bad at statistics, what now", "what's the interview like?", "which project is about tests without an effect?"}},
		{"coach-german", tutor.StartRequest{Role: "data-engineer"}, false, []string{"Hallo, was soll ich als Nächstes lernen?", "Welche Projekte gibt es zu Kafka?", "Wie lange dauert das alles?"}},
		{"coach-unknown", tutor.StartRequest{Role: "it-project-manager"}, false, []string{"I want to become an astronaut", "asdf qwer"}},
		{"explain", tutor.StartRequest{Role: "data-engineer", Phase: "streaming-and-trust", Mode: tutor.Explain}, true, []string{"Explain Kafka", "what is the next level?", "we added more consumers but the lag did not go down, why"}},
		{"explain-spanish", tutor.StartRequest{Role: "cloud-engineer", Mode: tutor.Explain, Skill: "terraform"}, false, []string{"¿Qué es Terraform y para qué lo necesito?", "¿qué puedo leer?", "¿qué pasa si alguien cambia una máquina a mano?"}},
		{"explain-why", tutor.StartRequest{Role: "fpga-engineer", Mode: tutor.Explain, Skill: "clock-domain-crossing"}, false, []string{"why do I need this", "how long does it take"}},
		{"quiz-skill", tutor.StartRequest{Role: "devops-engineer", Mode: tutor.Quiz, Skill: "docker"}, false, []string{"start", "b", "I don't know", "the third", "What project fits docker?", "the files are gone with it", "stop"}},
		{"quiz-role", tutor.StartRequest{Role: "security-analyst", Phase: "see-and-sort", Mode: tutor.Quiz}, true, []string{"let's go", "a", "ask me about linux", "skip", "2", "result"}},
		{"quiz-spanish", tutor.StartRequest{Role: "frontend-engineer", Mode: tutor.Quiz}, false, []string{"Hola, hazme preguntas sobre React por favor", "A", "no sé", "siguiente", "fin"}},
		{"quiz-in-coach", tutor.StartRequest{Role: "data-scientist"}, false, []string{"can you quiz me on statistics?", "b", "what is the salary?", "c"}},
		{"hint", tutor.StartRequest{Role: "python-developer", Mode: tutor.Hint, Skill: "python"}, false, []string{"start", "hint", "hint", "hint", "hint", "no idea", "b", "a", "hint"}},
		{"hint-own-question", tutor.StartRequest{Role: "data-engineer", Mode: tutor.Hint}, false, []string{"I don't get why adding consumers doesn't reduce the lag in kafka", "they share the partitions", "hint", "Half the lag; the partitions are split for the new ones", "hint", "hint please", "next"}},
		{"hint-german", tutor.StartRequest{Role: "machine-learning-engineer", Mode: tutor.Hint, Skill: "machine-learning"}, false, []string{"Hallo, gib mir bitte eine Frage", "Tipp", "weiß nicht", "Tipp", "A"}},
		{"interview", tutor.StartRequest{Role: "data-analyst", Mode: tutor.Interview}, false, []string{
			"I want to practise for an interview",
			"I joined orders and customers, checked for duplicates and nulls first, and compared the row counts with finance before I sent it.",
			"When the data was not as expected I stayed calm and asked the owner of the table.",
			"I asked the readers which decisions they take, watched them, and left out everything that nobody used", "next", "next", "stop", "thanks",
		}},
		{"interview-german", tutor.StartRequest{Role: "it-project-manager", Mode: tutor.Interview}, false, []string{"Los geht's", "Ein Projekt lief aus dem Ruder, weil die Anforderungen unklar waren. Ich habe früh gewarnt und jede Woche berichtet.", "weiter", "stopp"}},
		{"review", tutor.StartRequest{Role: "data-engineer", Mode: tutor.Review, Milestone: "query-plan-notebook"}, false, []string{
			"hi", "I have a repo https://example.org/plans with ten slow queries. Four of them use window functions. Each change is explained from its plan.",
			"it is all in the notebook", "yes, the script runs five times and takes the median", "thanks",
		}},
		{"review-told", tutor.StartRequest{Role: "site-reliability-engineer", Mode: tutor.Review}, false, []string{"I ran a game day last month with two other teams", "We fixed two findings and tried them again. Notes: https://wiki.example.org/gameday", "no", "yes", "summary"}},
		{"review-which", tutor.StartRequest{Role: "ios-engineer", Phase: "release-and-quality", Mode: tutor.Review}, false, []string{"hello", "the app store one", "I have an app in the store with 80 users since May", "yes", "not yet", "skip", "ok"}},
		{"line", tutor.StartRequest{Role: "backend-engineer", Mode: tutor.Line}, true, []string{"hello", "I moved the invoicing database to another host", "with pglogical and Go", "downtime went from 4 hours to 3 minutes", "none", "result: downtime fell from 4 hours to 3 minutes", "next", "Responsible for the rota", "none", "none", "none"}},
		{"line-german", tutor.StartRequest{Role: "devops-engineer", Mode: tutor.Line}, false, []string{"Ich habe die Build-Pipeline neu gebaut", "mit GitHub Actions und Nix", "Bauzeit von 40 auf 9 Minuten gesenkt", "30 Entwickler"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			k := start(t, c, &model{}, tc.start, tc.resume)
			k.fixed()
			var b strings.Builder
			for _, m := range tc.say {
				a := k.say(m)
				b.WriteString("> " + m + "\n\n" + shown(a) + "\n")
			}
			if strings.Contains(b.String(), "%!") {
				t.Error("a phrase lacks something to fill it")
			}
			golden(t, filepath.Join("transcripts", tc.name), b.String())
		})
	}
}

// closed are all closed check questions of a catalogue, by id.
func closed(c *catalog.Catalog) map[string]catalog.Question {
	out := map[string]catalog.Question{}
	for _, s := range c.Skills() {
		l := c.Learning(s.ID)
		if l == nil {
			continue
		}
		for i, q := range l.Questions {
			if len(q.Wrong) == 3 {
				out["skill/"+s.ID+"/question/"+string(rune('1'+i))] = q
			}
		}
	}
	return out
}

// TestPickedByWords: whoever repeats an answer is understood, whichever of the catalogue's it is and wherever it stands.
func TestPickedByWords(t *testing.T) {
	all := closed(realCatalogue(t))
	if len(all) < 1000 {
		t.Fatalf("%d questions", len(all))
	}
	missed := 0
	for id, q := range all {
		choices := append(slices.Clone(q.Wrong), q.Answer)
		for i, choice := range choices {
			said := choice
			switch i {
			case 1:
				said = strings.ToLower(strings.TrimRight(choice, ".!"))
			case 2:
				said = "I think it is: " + choice
			}
			if got := tutor.Picked(said, choices); got != i {
				missed++
				if missed < 10 {
					t.Logf("%s: %q was taken for %d, want %d", id, said, got, i)
				}
			}
		}
	}
	if share := float64(missed) / float64(4*len(all)); share > 0.01 {
		t.Errorf("%.3f of the answers are not understood by their words", share)
	}
}

func TestPicked(t *testing.T) {
	choices := []string{"They are in the image from now on.", "They are gone with the container.", "They are in a volume Docker made for them.", "They are in the new container again."}
	const unclear, unsure, skip, hint, stop = -1, -2, -3, -4, -5
	for said, want := range map[string]int{
		"a": 0, "B": 1, "c)": 2, "(d)": 3, "Answer: B": 1, "I think it's c": 2, "I'd say b.": 1, "Antwort C": 2, "ich glaube d": 3, "la respuesta es a": 0, "creo que la b": 1,
		"1": 0, "the second": 1, "number 3": 2, "the third one": 2, "die zweite": 1, "la tercera": 2, "the last one": 3, "letzte": 3, "b) gone": 1,
		"gone with the container": 1, "they are gone": 1, "in a volume that docker made": 2, "in a volum docker made for them": 2, "in the new container": 3, "from now on in the image": 0,
		"they are somewhere": unclear, "banana": unclear, "": unclear,
		"I don't know": unsure, "no idea": unsure, "weiß nicht": unsure, "no sé": unsure, "give up": unsure,
		"next": skip, "skip": skip, "weiter": skip, "siguiente": skip,
		"hint": hint, "give me a hint": hint, "Tipp": hint, "una pista": hint, "help me": hint,
		"stop": stop, "Ergebnis": stop, "fin": stop,
	} {
		if got := tutor.Picked(said, choices); got != want {
			t.Errorf("%q was taken for %d, want %d", said, got, want)
		}
	}
}

func TestBuiltinLanguage(t *testing.T) {
	for _, tc := range []struct{ text, before, want string }{
		{"What should I do next?", "", "en"},
		{"Was soll ich als Nächstes tun?", "", "de"},
		{"¿Qué debo aprender?", "", "es"},
		{"Los geht's", "", "de"},
		{"Kafka", "", "en"},
		{"Kafka", "de", "de"},
		{"next", "de", "de"},
		{"B", "es", "es"},
		{"weiter", "en", "en"},
		{"Danke, wie geht es weiter?", "en", "de"},
		{"Thanks, what is next for me?", "de", "en"},
		{"Je ne sais pas", "fr", "en"},
	} {
		if got := tutor.BuiltinLanguageOf(tc.text, tc.before); got != tc.want {
			t.Errorf("%q after %q is taken for %s, want %s", tc.text, tc.before, got, tc.want)
		}
	}
}

// TestHintsKeepTheAnswer: over questions of many roles, no rung before a try says the answer or its reason, nor does anything that is cited.
func TestHintsKeepTheAnswer(t *testing.T) {
	c := realCatalogue(t)
	all := closed(c)
	tried := 0
	for _, r := range c.Roles()[:20] {
		k := start(t, c, &model{}, tutor.StartRequest{Role: r.ID, Mode: tutor.Hint}, false)
		for range 3 {
			put := k.say("next")
			if len(put.Citations) == 0 {
				continue
			}
			id := strings.TrimSuffix(put.Citations[0].ID, "/asked")
			q, ok := all[id]
			if !ok {
				t.Fatalf("%s asks %q", r.ID, put.Text)
			}
			tried++
			for i := range 6 {
				a := k.say("hint")
				for _, c := range a.Citations {
					if strings.Contains(c.Text, q.Because) || strings.Contains(c.Text, q.Answer) && !strings.Contains(q.Question, q.Answer) && len(q.Answer) > 12 {
						t.Errorf("%s: hint %d cites the answer: %q", id, i+1, c.Text)
					}
				}
				if strings.Contains(a.Text, q.Because) {
					t.Errorf("%s: hint %d gives the reason", id, i+1)
				}
				if i >= 3 && !strings.Contains(a.Text, "once you have tried") {
					t.Errorf("%s: the last rung opened before a try: %s", id, a.Text)
				}
			}
		}
	}
	if tried < 40 {
		t.Errorf("only %d questions were put", tried)
	}
}

var place = regexp.MustCompile(`(?m)^([A-D])\) (.*)$`)

// TestQuizGoesThrough answers a whole quiz: each question comes once before any comes again, none gives its answer away, right and wrong are told
// apart, and a wrong answer's misconception is named.
func TestQuizGoesThrough(t *testing.T) {
	c := realCatalogue(t)
	all := closed(c)
	const skill = "kafka"
	want := len(c.Learning(skill).Questions)
	k := start(t, c, &model{}, tutor.StartRequest{Role: "data-engineer", Mode: tutor.Quiz, Skill: skill}, false)
	a := k.say("start")
	seen := map[string]bool{}
	for n := range want {
		asked := a.Citations[len(a.Citations)-1]
		id := strings.TrimSuffix(asked.ID, "/asked")
		q, ok := all[id]
		if !ok || seen[id] {
			t.Fatalf("question %d is %s, seen %v", n+1, asked.ID, seen)
		}
		seen[id] = true
		if strings.Contains(asked.Text, q.Because) || strings.Contains(asked.Text, q.Answer) {
			t.Errorf("%s is cited with its answer", id)
		}
		letter := map[string]string{}
		for _, m := range place.FindAllStringSubmatch(a.Text, -1) {
			letter[m[2]] = m[1]
		}
		if len(letter) != 4 || letter[q.Answer] == "" {
			t.Fatalf("%s is put with %v", id, letter)
		}
		if n%2 == 0 {
			a = k.say(letter[q.Answer])
			if !strings.Contains(a.Text, "Right, "+letter[q.Answer]) || strings.Contains(a.Text, q.Misconception) {
				t.Errorf("the right answer to %s: %s", id, a.Text)
			}
		} else {
			a = k.say(letter[q.Wrong[0]])
			if !strings.Contains(a.Text, "Not "+letter[q.Wrong[0]]) || !strings.Contains(a.Text, strings.TrimSuffix(q.Misconception, ".")) {
				t.Errorf("a wrong answer to %s: %s", id, a.Text)
			}
		}
	}
	if !strings.Contains(a.Text, "You have seen all") {
		t.Errorf("the quiz does not say that it is through: %s", a.Text)
	}
}

// TestLineAddsNothing: a line holds the person's words in their order of parts, and no figure but theirs.
func TestLineAddsNothing(t *testing.T) {
	c := realCatalogue(t)
	joins := strings.Fields("with mit con")
	for _, say := range [][]string{
		{"I moved the invoicing database to another host", "with pglogical and Go", "downtime went from 4 hours to 3 minutes", "none"},
		{"built a tool for the warehouse team", "none", "none", "none"},
		{"We rewrote the search page", "React and TypeScript", "pages load in half the time", "200 users"},
		{"Ich habe die Build-Pipeline neu gebaut", "mit GitHub Actions und Nix", "Bauzeit von 40 auf 9 Minuten gesenkt", "30 Entwickler"},
	} {
		k := start(t, c, &model{}, tutor.StartRequest{Role: "backend-engineer", Mode: tutor.Line}, false)
		for _, m := range say {
			k.say(m)
		}
		line := k.memory.conversations[k.id].Kept.State.Line
		if line == nil || line.Line == "" {
			t.Errorf("no line came of %q", say)
			continue
		}
		said := strings.ToLower(strings.Join(say, " "))
		for _, w := range strings.FieldsFunc(strings.ToLower(line.Line), func(r rune) bool { return strings.ContainsRune(" .,;()", r) }) {
			if !strings.Contains(said, w) && !slices.Contains(joins, w) {
				t.Errorf("%q in %q was never said", w, line.Line)
			}
		}
	}
}

// TestShown: a graded answer is told to the memory with its question, level and misconception, and an interview's words never count as right.
func TestShown(t *testing.T) {
	c := realCatalogue(t)
	b := tutor.NewSteps(c)
	state := tutor.State{Quiz: &tutor.QuizState{Open: "skill/kafka/question/2", Order: []int{1, 0, 2, 3}, Asked: []string{"skill/kafka/question/2"}, Level: 2}}
	q := c.Learning("kafka").Questions[1]
	for said, want := range map[string]tutor.Outcome{"B": tutor.OutcomeRight, "A": tutor.OutcomeWrong, "no idea": tutor.OutcomeWrong} {
		_, next, shown := b.Step(t.Context(), "data-engineer", tutor.Quiz, state, said)
		if len(shown) != 1 || shown[0].Outcome != want || shown[0].Concept != "skill/kafka/question/2" || shown[0].Level != q.Level || shown[0].Evidence != said || shown[0].Judge != tutor.JudgeRule {
			t.Errorf("%q showed %+v", said, shown)
		}
		if mistake := shown[0].Mistake; (said == "A") != (mistake == q.Misconception) {
			t.Errorf("%q has the mistake %q", said, mistake)
		}
		if next.Quiz.Graded != 1 || next.Quiz.Open == "" || state.Quiz.Graded != 0 {
			t.Errorf("after %q: %+v, before: %+v", said, next.Quiz, state.Quiz)
		}
	}
	if _, _, shown := b.Step(t.Context(), "data-engineer", tutor.Quiz, state, "skip"); len(shown) != 0 {
		t.Errorf("a skipped question showed %+v", shown)
	}
	interview := tutor.State{Interview: &tutor.InterviewState{Plan: []tutor.InterviewItem{{Theme: "Batch or streaming", Skill: "kafka", Question: "skill/kafka/question/2"}}}}
	_, _, shown := b.Step(t.Context(), "data-engineer", tutor.Interview, interview, "It sends them with the id of the customer as the key of each event.")
	if len(shown) != 1 || shown[0].Outcome != tutor.OutcomePartly || shown[0].Kind != tutor.ShownInterview {
		t.Errorf("an interview's answer showed %+v", shown)
	}
}
