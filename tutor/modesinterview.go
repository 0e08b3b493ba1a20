package tutor

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gapwise/gapwise/prompts"
)

// Bounds on an interview.
const (
	mostThemes   = 5
	leastAnswer  = 40 // words; a shorter answer is followed up on
	mostOfAnswer = 110
)

// judged is what a model says of a list of lines: of a rubric, or of a checklist.
type judged struct {
	Lines []struct {
		Line    int    `json:"line"`
		Verdict string `json:"verdict"`
		Words   string `json:"words"`
		Missing string `json:"missing"`
	} `json:"lines"`
	Missing  string `json:"missing"`
	Feedback string `json:"feedback"`
	Advice   string `json:"advice"`
}

// interview asks by a plan of the role's themes, follows up once on an answer that leaves much open, and ends with the rubric.
func (e *exchange) interview(ctx context.Context) (*Answer, error) {
	i := e.kept.State.Interview
	if len(e.turn.role.InterviewThemes) == 0 {
		return nil, errNoNeed
	}
	if i == nil || i.At >= len(i.Plan) {
		i = &InterviewState{Plan: e.plan()}
		e.kept.State.Interview, e.kept.Answers = i, nil
		return e.ask(ctx, i, "")
	}
	item := &i.Plan[i.At]
	answer, follow := e.turn.question, false
	if passes.MatchString(answer) {
		item.Skipped, answer = true, ""
	} else {
		e.kept.Answers = append(e.kept.Answers, Answered{Place: i.At, Question: item.Question, Answer: clipTokens(answer, 4*mostOfAnswer)})
		follow = !i.Again && len(strings.Fields(answer)) < leastAnswer
	}
	if follow {
		i.Again = true
		return e.ask(ctx, i, answer)
	}
	i.At, i.Again = i.At+1, false
	if i.At < len(i.Plan) {
		return e.ask(ctx, i, "")
	}
	return e.rubric(ctx, i)
}

// plan takes the themes of the role in their order, those of the skills that are open first where the report says which.
func (e *exchange) plan() []InterviewItem {
	var out []InterviewItem
	for _, t := range e.turn.role.InterviewThemes {
		it := InterviewItem{Theme: t.Name, Question: t.LooksFor}
		for _, id := range e.builtin.names.in(t.Name + ". " + t.LooksFor) {
			if slices.Contains(e.turn.skills(), id) {
				it.Skill = id
				break
			}
		}
		out = append(out, it)
	}
	if s := e.turn.conv.Skill; s != "" {
		slices.SortStableFunc(out, func(a, b InterviewItem) int { return boolInt(b.Skill == s) - boolInt(a.Skill == s) })
	}
	return out[:min(len(out), mostThemes)]
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// ask puts the question of the plan, or follows up on an answer.
func (e *exchange) ask(ctx context.Context, i *InterviewState, answer string) (*Answer, error) {
	item := &i.Plan[i.At]
	k := e.aboutTask(prompts.TutorInterviewAsk)
	k.theme, k.number, k.of, k.asked = item.Theme, i.At+1, len(i.Plan), item.Question
	k.alone, k.summary, k.message = true, e.soFar(), answer
	if answer == "" {
		k.message = "(the person is ready for the question)"
	}
	k.before = phrase(e.turn.language, "question", k.number, k.of, item.Theme)
	return e.talkThen(ctx, k, func() {
		item.Question = strings.TrimSpace(strings.TrimPrefix(e.text.String(), k.before))
	})
}

// soFar is the interview in short.
func (e *exchange) soFar() string {
	lines := make([]string, len(e.kept.Answers))
	for n, a := range e.kept.Answers {
		lines[n] = "Question: " + clipTokens(a.Question, mostOfAnswer/2) + "\nAnswer: " + clipTokens(Clean(a.Answer), mostOfAnswer)
	}
	return strings.Join(lines, "\n\n")
}

// rubric ends an interview: what of the themes' rubric the answers show.
func (e *exchange) rubric(ctx context.Context, i *InterviewState) (*Answer, error) {
	k := e.aboutTask(prompts.TutorInterviewGrade)
	themes := map[string]string{}
	for _, t := range e.turn.role.InterviewThemes {
		themes[t.Name] = t.LooksFor
	}
	for _, item := range i.Plan {
		k.rubric = append(k.rubric, item.Theme+": "+themes[item.Theme])
	}
	k.alone, k.summary = true, e.soFar()
	for _, a := range e.kept.Answers {
		k.said = append(k.said, a.Answer)
	}
	var j judged
	w, resp, err := e.document(ctx, k, &j)
	if err != nil {
		return nil, err
	}
	if err := w.line(phrase(e.turn.language, "interview over")); err != nil {
		return nil, err
	}
	for n, item := range i.Plan {
		verdict, words, missing := w.lineOf(&j, n+1, "not shown", k.said)
		if err := w.verdictLine(map[string]string{"shown": "shown", "partly": "partly shown"}[verdict], "not shown", item.Theme, words); err != nil {
			return nil, err
		}
		if text, cites := w.only(missing); text != "" {
			if err := w.line("  "+phrase(e.turn.language, "missing")+text, cites...); err != nil {
				return nil, err
			}
		}
		e.showedInterview(item, verdict, words)
	}
	if err := w.checked(j.Advice); err != nil {
		return nil, err
	}
	return e.spoken(ctx, w, resp)
}

// showedInterview notes an answer of an interview that was about a skill.
func (e *exchange) showedInterview(item InterviewItem, verdict, words string) {
	level := 1
	for _, q := range e.turn.role.Skills {
		if q.Skill == item.Skill {
			level = q.Level
		}
	}
	if item.Skipped {
		return
	}
	of := map[string]string{"shown": "right", "partly": "partly", "not shown": "wrong"}
	e.showed(&Asked{Skill: item.Skill, Level: level, Question: item.Theme}, of[verdict], ShownInterview, words)
}

// lineOf is what a model says of a line. Words that the person did not write prove nothing, so the verdict falls with them.
func (w *writer) lineOf(j *judged, n int, least string, said []string) (verdict, words, missing string) {
	for _, l := range j.Lines {
		if l.Line != n {
			continue
		}
		words := strings.Trim(strings.TrimSpace(l.Words), `"“”„«»`)
		quoted := strings.Trim(foldText(words), ".,;:!? ")
		if l.Verdict != least && (quoted == "" || !strings.Contains(foldText(strings.Join(said, "\n")), quoted)) {
			w.removed[reasonQuote]++
			w.e.metrics.catch(reasonQuote)
			return least, "", l.Missing
		}
		return l.Verdict, words, l.Missing
	}
	return least, "", ""
}

// verdictLine writes one line with its verdict and the person's words.
func (w *writer) verdictLine(key, least, what, words string) error {
	language := w.e.turn.language
	if key == "" {
		key, words = least, ""
	}
	text := "- " + phrase(language, key) + strings.TrimSuffix(what, ".") + "."
	if words != "" {
		text += phrase(language, "your words", strings.TrimSuffix(words, "."))
	}
	return w.line(text)
}

// review holds what the person did against the checklist of a milestone.
func (e *exchange) review(ctx context.Context) (*Answer, error) {
	m := e.turn.milestone
	if m == nil && e.kept.State.Review != nil {
		if _, found, err := e.turn.role.Milestone(e.kept.State.Review.Milestone); err == nil {
			m = found
		}
	}
	if m == nil || len(strings.Fields(e.turn.question)) < leastAttempt {
		return nil, errNoNeed // the catalogue says which milestones there are, and what is asked
	}
	k := e.aboutTask(prompts.TutorReview)
	k.milestone, k.rubric, k.alone = m.Name, m.Checklist, true
	for _, h := range e.turn.history {
		if h.Author == AuthorPerson {
			k.said = append(k.said, h.Content)
		}
	}
	k.summary = clipTokens(Clean(strings.Join(k.said, "\n")), conversationShare)
	k.said = append(k.said, e.turn.question)
	var j judged
	w, resp, err := e.document(ctx, k, &j)
	if err != nil {
		return nil, err
	}
	state := &ReviewState{Milestone: m.ID, At: len(m.Checklist), Lines: make([]ReviewLine, len(m.Checklist)), Evidence: clipTokens(e.turn.question, 300), Over: true}
	cite := w.a.numberOf(milestoneID(e.turn.role, m.ID))
	for n, c := range m.Checklist {
		verdict, words, _ := w.lineOf(&j, n+1, "not said", k.said)
		state.Lines[n] = ReviewLine{Verdict: map[string]string{"met": "met", "not yet": "not"}[verdict], Words: words}
		if state.Lines[n].Verdict == "" {
			state.Lines[n].Verdict = "unsaid"
		}
		key := map[string]string{"met": "met", "not yet": "not yet"}[verdict]
		if err := w.verdictLine(key, "not said", c+cite, words); err != nil {
			return nil, err
		}
	}
	if text, cites := w.only(j.Missing); text != "" {
		if err := w.line(phrase(e.turn.language, "missing")+text, cites...); err != nil {
			return nil, err
		}
	}
	if err := w.checked(j.Feedback); err != nil {
		return nil, err
	}
	if err := w.line(phrase(e.turn.language, "who decides")); err != nil {
		return nil, err
	}
	e.kept.State.Review = state
	return e.spoken(ctx, w, resp)
}

// numberOf is the mark of a source, with a blank before it; "" for one that is not there.
func (m *material) numberOf(id string) string {
	if at := slices.IndexFunc(m.sources[:m.shown], func(p *passage) bool { return p.id == id }); at >= 0 {
		return fmt.Sprintf(" [%d]", at+1)
	}
	return ""
}

// rewritten is a line of a resume as a model put it.
type rewritten struct {
	Line    string   `json:"line"`
	Facts   []int    `json:"facts"`
	Missing []string `json:"missing"`
}

// Bounds on facts for a line.
const (
	mostFacts = 8
	// leastKnown is the share of a line's telling words that the facts hold: a line may put a fact in other words, but not bring its own.
	leastKnown = 0.5
)

// line puts a line of a resume together from what the person said, and from the line of the resume that they speak of.
func (e *exchange) line(ctx context.Context) (*Answer, error) {
	k := e.aboutTask(prompts.TutorLine)
	for _, h := range e.turn.history {
		if h.Author == AuthorPerson {
			k.facts = append(k.facts, Clean(h.Content))
		}
	}
	k.facts = append(k.facts[max(0, len(k.facts)-mostFacts+2):], Clean(e.turn.question))
	if s := e.spanOf(e.turn.question); s != nil {
		text, _ := Defuse(s.Text)
		k.facts = append(k.facts, text)
	}
	k.alone, k.said = true, k.facts
	var r rewritten
	w, resp, err := e.document(ctx, k, &r)
	if err != nil {
		return nil, err
	}
	language := e.turn.language
	text := strings.TrimSpace(r.Line)
	if text != "" {
		if reason := w.notInFacts(text, k.facts); reason != "" {
			w.removed[reason]++
			w.e.metrics.catch(reason)
			text = ""
		}
	}
	if text != "" {
		if err := w.line(phrase(language, "line")); err != nil {
			return nil, err
		}
		if err := w.line("- " + text); err != nil {
			return nil, err
		}
		state := LineState{}
		if e.kept.State.Line != nil {
			state = *e.kept.State.Line
		}
		state.Line = text
		e.kept.State.Line = &state
	}
	if err := w.questions(r.Missing, text == ""); err != nil {
		return nil, err
	}
	return e.spoken(ctx, w, resp)
}

// questions asks for what would make a line stronger, or possible.
func (w *writer) questions(list []string, none bool) error {
	key := "stronger"
	if none {
		key = "more facts"
		if len(list) == 0 {
			list = []string{phrase(w.e.turn.language, "what was done")}
		}
	}
	if len(list) == 0 {
		return nil
	}
	if err := w.line(phrase(w.e.turn.language, key)); err != nil {
		return err
	}
	for _, q := range list {
		if kept, _ := w.only(q); kept != "" {
			if err := w.line("- " + kept); err != nil {
				return err
			}
		}
	}
	return nil
}

// spanOf is the line of the resume that a message speaks of, or nil.
func (e *exchange) spanOf(message string) *Span {
	said := tellingWords(message)
	var best *Span
	most := 2
	for i, s := range e.turn.spans {
		shared := 0
		for w := range tellingWords(s.Text) {
			if said[w] {
				shared++
			}
		}
		if shared > most {
			best, most = &e.turn.spans[i], shared
		}
	}
	return best
}

// notInFacts tells why a line of a resume cannot be shown: a number, a name, a tool or too many words that no fact holds.
func (w *writer) notInFacts(text string, facts []string) string {
	all := strings.Join(facts, "\n")
	have := figuresOf(all)
	for f := range figuresOf(text) {
		if !have[f] {
			return reasonNotFacts
		}
	}
	named := w.e.builtin.names.in(all)
	for _, id := range w.e.builtin.names.in(text) {
		if !slices.Contains(named, id) {
			return reasonNotFacts
		}
	}
	known := map[string]bool{}
	for _, f := range words(all) {
		known[strings.ToLower(f)] = true
	}
	for _, n := range namesIn(text) {
		if !n.first && !known[strings.ToLower(n.word)] && (w.e.turn.language != "de" || isAcronym(n.word)) {
			return reasonNotFacts
		}
	}
	if w.verdict(utterance{text: text}).reason == reasonAddress || Forbidden(text) != "" {
		return reasonNotFacts
	}
	own, of := tellingWords(text), tellingWords(all)
	shared := 0
	for word := range own {
		if of[word] {
			shared++
		}
	}
	if float64(shared) < leastKnown*float64(len(own)) {
		return reasonNotFacts
	}
	return ""
}
