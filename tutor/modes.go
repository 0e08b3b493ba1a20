package tutor

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/prompts"
)

// hintRungs is the number of hints on the ladder, the last of which is the solution.
const hintRungs = 4

// withModel has a model take the step of the mode. errNoNeed leaves the step to the built-in tutor, and so does an error before anything
// was said; what was changed in kept until then is not so.
func (e *exchange) withModel(ctx context.Context) (*Answer, error) {
	switch e.turn.conv.Mode {
	case Coach:
		return e.talk(ctx, e.aboutTask(prompts.TutorCoach))
	case Explain:
		return e.talk(ctx, e.aboutTask(prompts.TutorExplain))
	case Hint:
		return e.hint(ctx)
	case Quiz:
		return e.quiz(ctx)
	case Interview:
		return e.interview(ctx)
	case Review:
		return e.review(ctx)
	case Line:
		return e.line(ctx)
	}
	return nil, errNoNeed
}

// aboutTask is a task with what the conversation is about.
func (e *exchange) aboutTask(template string) task {
	k := task{template: template}
	if m := e.turn.milestone; m != nil {
		k.milestone = m.Name
	}
	if s, err := e.o.Catalog.Skill(e.turn.conv.Skill); err == nil {
		k.skill = s.Name
	}
	return k
}

// What a message in a mode asks for, in the languages of the phrases.
var (
	passes = regexp.MustCompile(`(?i)^\W*(?:next|skip|pass|another|new|other)?\W*(?:next|skip|pass|another(?: one| question| problem)?|next (?:one|question|hint|problem)|new (?:one|question|problem)|go on|continue|more|weiter|nächste[rs]?(?: frage| aufgabe)?|überspringen|andere (?:frage|aufgabe)|siguiente|otra(?: pregunta)?|saltar|suivante?|passe|une autre)\W*$`)
	// gives up without an attempt, or asks for more help or for the solution.
	noAttempt = regexp.MustCompile(`(?i)\b(?:hint|help|clue|stuck|no idea|don'?t know|do not know|not sure how|just (?:tell|give)|tell me|give me|show me|what is the (?:answer|solution)|solution|answer please|the answer|idk|i give up|tipp|hilfe|hinweis|weiß (?:ich )?nicht|keine ahnung|lösung|sag (?:es )?mir|pista|ayuda|no (?:lo )?sé|ni idea|solución|respuesta|dime|indice|aide|aucune idée|sais pas|réponse|dis-moi)\b`)
	letter    = regexp.MustCompile(`(?i)^\W*(?:answer |choice |antwort |respuesta |réponse )?\(?([a-d])\)?\W*$`)
)

// leastAttempt is how many words make an attempt; leastWords makes one even where it asks for help as well.
const (
	leastAttempt = 4
	leastWords   = 14
	leastProblem = 7
)

// attempted tells whether a message tries to solve what is asked, rather than to be told.
func attempted(message string) bool {
	n := len(strings.Fields(message))
	return n >= leastAttempt && !noAttempt.MatchString(message) || n >= leastWords || strings.Contains(message, "```")
}

// hint takes a step on the ladder: one rung a message, and the last only once the person has tried.
func (e *exchange) hint(ctx context.Context) (*Answer, error) {
	h, question := e.kept.State.Hint, e.turn.question
	k := e.aboutTask(prompts.TutorHint)
	k.rungs = hintRungs
	fresh := passes.MatchString(question)
	switch {
	case fresh:
		return nil, errNoNeed // the catalogue has another
	case e.kept.Problem != nil:
		k.asked = e.kept.Problem.Text
		e.withholdKnown(&k)
	case h != nil && h.Question != "":
		q, _ := e.checkQuestion(h.Question)
		if q == nil {
			return nil, errNoNeed
		}
		k.asked, k.withhold = q.Question, []string{q.Answer, q.Because}
		k.without = func(p *passage) bool { return p.id == h.Question }
	case len(strings.Fields(question)) < leastProblem:
		return nil, errNoNeed // the catalogue has a problem
	default:
		e.kept.Problem = &Problem{Text: clipTokens(question, 400)}
		k.asked, k.rung = e.kept.Problem.Text, 1
		e.withholdKnown(&k)
	}
	rung, tried := e.climb(&k)
	open := k.attempt && rung == hintRungs
	if !open {
		k.withhold = append(k.withhold, "") // code is a solution too
	} else {
		k.withhold, k.without = nil, nil
	}
	a, err := e.talkThen(ctx, k, func() { e.climbed(rung, tried, open) })
	return a, err
}

// leastOurs is the share of a question's telling words, and of theirs, by which a brought problem is one of the catalogue's own.
const leastOurs = 0.7

// withholdKnown keeps back the catalogue's answer where the problem that the person brought is a question of the catalogue.
func (e *exchange) withholdKnown(k *task) {
	brought := tellingWords(k.asked)
	best, most := "", leastOurs
	for _, s := range e.o.Catalog.Skills() {
		l := e.o.Catalog.Learning(s.ID)
		if l == nil {
			continue
		}
		for i := range l.Questions {
			if share := coverage(tellingWords(l.Questions[i].Question), brought); share >= most {
				best, most = fmt.Sprintf("skill/%s/question/%d", s.ID, i+1), share
			}
		}
	}
	if q, _ := e.checkQuestion(best); q != nil {
		k.withhold = []string{q.Answer, q.Because}
		k.without = func(p *passage) bool { return p.id == best }
	}
}

// coverage is the share of words that stand among others, 0 of none.
func coverage(words, among map[string]bool) float64 {
	found := 0
	for w := range words {
		if among[w] {
			found++
		}
	}
	return float64(found) / float64(max(1, len(words)))
}

// climb decides which hint is next.
func (e *exchange) climb(k *task) (rung int, tried bool) {
	at := 0
	switch p, h := e.kept.Problem, e.kept.State.Hint; {
	case p != nil:
		at, tried = p.Rung, p.Tried
	case h != nil:
		at, tried = h.Rung, h.Tried
	}
	tried = tried || k.rung == 0 && attempted(e.turn.question)
	rung = min(at+1, hintRungs)
	k.rung, k.attempt = rung, tried
	if rung == hintRungs && !tried {
		rung = hintRungs - 1 // the last stays closed
	}
	return rung, tried
}

// climbed keeps the place on the ladder; the last hint ends it.
func (e *exchange) climbed(rung int, tried, over bool) {
	if p := e.kept.Problem; p != nil {
		p.Rung, p.Tried = rung, tried
		if over {
			e.kept.Problem = nil
		}
		return
	}
	h := e.kept.State.Hint
	h.Rung, h.Tried = rung, tried
	if over {
		h.Done, h.Question = append(h.Done, h.Question), ""
	}
}

// checkQuestion finds a check question of the catalogue by its id, and its skill; nil where it is not there any more.
func (e *exchange) checkQuestion(id string) (*catalog.Question, string) {
	skill, number, ok := strings.Cut(strings.TrimPrefix(id, "skill/"), "/question/")
	n, err := strconv.Atoi(number)
	if !ok || err != nil {
		return nil, ""
	}
	l := e.o.Catalog.Learning(skill)
	if l == nil || n < 1 || n > len(l.Questions) {
		return nil, ""
	}
	return &l.Questions[n-1], skill
}

// everyMade is how often a question of a quiz is made up: the others are the catalogue's.
const everyMade = 3

// grade is what a model says of an answer in a quiz.
type grade struct {
	Verdict       string   `json:"verdict"`
	Met           []int    `json:"met"`
	Words         []string `json:"words"`
	Misconception string   `json:"misconception"`
	Feedback      string   `json:"feedback"`
}

// quiz grades an answer in the person's own words, and makes up every third question. All else is the catalogue's: its questions, and the
// choice of one of four.
func (e *exchange) quiz(ctx context.Context) (*Answer, error) {
	question, state := e.turn.question, e.kept.State.Quiz
	chosen := letter.FindStringSubmatch(question)
	switch {
	case e.kept.Asked != nil && passes.MatchString(question):
		e.kept.Asked = nil
		return nil, errNoNeed
	case e.kept.Asked != nil && chosen != nil:
		return e.chosen(ctx, int(strings.ToLower(chosen[1])[0]-'a'))
	case e.kept.Asked != nil:
		m := e.kept.Asked
		k := e.aboutTask(prompts.TutorQuizGrade)
		k.asked, k.rubric = m.Question, []string{m.Choices[m.Right], m.Because}
		return e.graded(ctx, k, m, func(string) { e.kept.Asked = nil })
	case state != nil && state.Open != "" && (chosen != nil || passes.MatchString(question)):
		return nil, errNoNeed
	case state != nil && state.Open != "":
		q, skill := e.checkQuestion(state.Open)
		if q == nil {
			return nil, errNoNeed
		}
		k := e.aboutTask(prompts.TutorQuizGrade)
		k.asked, k.rubric = q.Question, []string{q.Answer, q.Because}
		m := &Asked{Skill: skill, Level: q.Level, Question: q.Question, Misconception: q.Misconception, Because: q.Because, Choices: []string{q.Answer}}
		return e.graded(ctx, k, m, func(verdict string) {
			if verdict == "right" {
				state.Right++
			} else {
				state.Missed = append(state.Missed, state.Open)
			}
			state.Graded++
			state.Open = ""
		})
	case state != nil && (len(state.Asked)+e.kept.Made)%everyMade == everyMade-1:
		return e.makeUp(ctx)
	}
	return nil, errNoNeed
}

// chosen grades a choice of a question that a model made up. No model is needed for it.
func (e *exchange) chosen(ctx context.Context, choice int) (*Answer, error) {
	m := e.kept.Asked
	if choice >= len(m.Choices) {
		return nil, errNoNeed
	}
	verdict := "right"
	if choice != m.Right {
		verdict = "wrong"
	}
	e.kept.Asked, e.reason = nil, "catalogue"
	w := newWritten()
	w.note(phrase(e.turn.language, verdict) + " " + m.Because)
	if verdict == "wrong" {
		w.note(phrase(e.turn.language, "answer") + m.Choices[m.Right])
		w.note(phrase(e.turn.language, "misconception") + m.Misconception)
	}
	e.showed(m, verdict, ShownQuiz, m.Choices[choice])
	e.shown = byRule(e.shown) // a choice among four needs no judge
	w.note("")
	w.join(e.nextQuestion(ctx))
	return e.write(ctx, w)
}

// showed notes an answer for the person's mastery.
func (e *exchange) showed(m *Asked, verdict string, kind ShownKind, evidence string) {
	outcome, ok := map[string]Outcome{"right": OutcomeRight, "partly": OutcomePartly, "wrong": OutcomeWrong}[verdict]
	if !ok || m.Skill == "" {
		return
	}
	mistake := ""
	if outcome != OutcomeRight {
		mistake = m.Misconception
	}
	concept := beginning(m.Question, maxSummarised)
	if q := e.kept.State.Quiz; q != nil && q.Open != "" && kind == ShownQuiz && e.kept.Asked == nil {
		concept = q.Open
	}
	e.shown = append(e.shown, Shown{Skill: m.Skill, Concept: concept, Kind: kind, Outcome: outcome, Level: m.Level, Mistake: mistake, Evidence: clipTokens(evidence, 200)})
}

// nextQuestion is the catalogue's next question.
func (e *exchange) nextQuestion(ctx context.Context) *written {
	r := e.builtin.step(ctx, e.lesson("next"))
	said := e.kept.State.Language
	e.kept.State = r.state
	e.kept.State.Language = said
	return r.written
}

// graded has a model grade an answer in the person's own words; then comes the next question.
func (e *exchange) graded(ctx context.Context, k task, m *Asked, then func(verdict string)) (*Answer, error) {
	var g grade
	k.alone = true
	w, resp, err := e.document(ctx, k, &g)
	if err != nil {
		return nil, err
	}
	language := e.turn.language
	if !slices.Contains([]string{"right", "partly", "wrong"}, g.Verdict) {
		if err := w.checked(g.Feedback); err != nil { // no attempt: the question stays open
			return nil, err
		}
		return e.spoken(ctx, w, resp)
	}
	if err := w.line(phrase(language, g.Verdict)); err != nil {
		return nil, err
	}
	if err := w.checked(g.Feedback); err != nil {
		return nil, err
	}
	if text, cites := w.only(g.Misconception); text != "" && g.Verdict != "right" {
		m.Misconception = text
		if err := w.line(phrase(language, "misconception")+text, cites...); err != nil {
			return nil, err
		}
	}
	e.showed(m, g.Verdict, ShownQuiz, e.turn.question)
	then(g.Verdict)
	if err := w.append(e.nextQuestion(ctx)); err != nil {
		return nil, err
	}
	return e.spoken(ctx, w, resp)
}

// made is a question that a model made up.
type made struct {
	Source        int      `json:"source"`
	Question      string   `json:"question"`
	Answer        string   `json:"answer"`
	Wrong         []string `json:"wrong"`
	Because       string   `json:"because"`
	Misconception string   `json:"misconception"`
}

// makeUp has a model make up a question from the catalogue. One that does not rest on a source, or whose parts do not pass the check, is not
// asked; the catalogue's next one is.
func (e *exchange) makeUp(ctx context.Context) (*Answer, error) {
	k := e.aboutTask(prompts.TutorQuizAsk)
	skill := e.quizSkill()
	if s, err := e.o.Catalog.Skill(skill); err == nil {
		k.skill = s.Name
	}
	k.number, k.of = len(e.kept.State.Quiz.Asked)+e.kept.Made+1, max(len(e.kept.State.Quiz.Asked)+e.kept.Made+1, 6)
	k.alone, k.asked = true, k.skill
	var q made
	w, resp, err := e.document(ctx, k, &q)
	if err != nil {
		return nil, err
	}
	if !w.sound(&q) {
		return nil, errNoNeed
	}
	level := 0
	for _, r := range e.turn.role.Skills {
		if r.Skill == skill {
			level = r.Level
		}
	}
	right := int(e.message[15]) % 4
	choices := slices.Insert(slices.Clone(q.Wrong), right, q.Answer)
	e.kept.Asked = &Asked{Skill: skill, Level: max(level, 1), Question: q.Question, Choices: choices, Right: right, Because: q.Because, Misconception: q.Misconception}
	e.kept.Made++
	if err := w.line(fmt.Sprintf("%s [%d]", strings.TrimSpace(q.Question), q.Source), q.Source); err != nil {
		return nil, err
	}
	for i, c := range choices {
		if err := w.line(fmt.Sprintf("%c) %s", 'A'+i, c)); err != nil {
			return nil, err
		}
	}
	return e.spoken(ctx, w, resp)
}

// quizSkill is the skill that a question is made up for: the conversation's, the quiz's, or the one that the report puts first.
func (e *exchange) quizSkill() string {
	t := e.turn
	switch {
	case t.conv.Skill != "":
		return t.conv.Skill
	case e.kept.State.Quiz.Skill != "":
		return e.kept.State.Quiz.Skill
	case t.report != nil && len(t.report.Next) > 0:
		return t.report.Next[0].Skill
	}
	return t.skills()[0]
}

// sound tells whether a question can be asked.
func (w *writer) sound(q *made) bool {
	if q.Source < 1 || q.Source > w.a.shown || len(q.Wrong) != 3 || strings.TrimSpace(q.Question) == "" {
		return false
	}
	seen := map[string]bool{}
	for _, text := range append([]string{q.Answer}, q.Wrong...) {
		if key := foldText(text); key == "" || seen[key] {
			return false
		}
		seen[foldText(text)] = true
	}
	for _, text := range append([]string{q.Question, q.Answer, q.Because, q.Misconception}, q.Wrong...) {
		if kept, _ := w.only(text); kept == "" && text != "" {
			return false
		}
	}
	return true
}
