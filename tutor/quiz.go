package tutor

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/gapwise/gapwise/catalog"
)

// fourChoices is how many answers a closed question offers.
const fourChoices = 4

// letters name them.
const letters = "ABCD"

// check is a check question of the catalogue.
type check struct {
	id    string
	skill string
	q     *catalog.Question
	rank  int // of its skill: how soon it is worth asking about
}

// quiz grades the answer to the question that is open, and puts the next one.
func (r *retriever) quiz() {
	s := r.quizState()
	if open := r.checkOf(s.Open); open != nil {
		if r.beside(open) {
			return
		}
		switch r.grade(s, open) {
		case pickUnclear:
			if len(r.named) > 0 && (r.asks == askQuiz || r.asks == askSkill) { // "ask me about Linux" while a question is open
				s.Skill, s.Level, s.Open = r.named[0], 0, ""
				r.putNext(s)
				return
			}
			r.note(r.tell(sayUnclear))
			r.putQuestion(open, s.Order)
			return
		case pickHint:
			r.quizHint(open)
			return
		case pickStop:
			r.quizSummary(s)
			s.Open = ""
			return
		}
		r.gap()
	} else if saidStop.MatchString(plain(r.question)) && s.Graded > 0 {
		r.quizSummary(s)
		return
	}
	if len(r.named) > 0 && s.Open == "" {
		s.Skill, s.Level = r.named[0], 0
	}
	r.putNext(s)
}

// quizState is a copy of the state, to be kept with the answer.
func (r *retriever) quizState() *QuizState {
	s := &QuizState{}
	if old := r.lesson.state.Quiz; old != nil {
		*s = *old
		s.Order, s.Asked, s.Missed = slices.Clone(old.Order), slices.Clone(old.Asked), slices.Clone(old.Missed)
	}
	r.state.Quiz = s
	if s.Skill == "" && r.skill != "" && (len(r.checksOf(r.skill, 0)) > 0 || !r.said("no questions")) {
		s.Skill = r.skill
	}
	return s
}

// quizGoesOn tells whether a message in another mode is the answer to a question that was put there.
func (r *retriever) quizGoesOn() bool {
	s := r.lesson.state.Quiz
	if s == nil || s.Open == "" {
		return false
	}
	open := r.checkOf(s.Open)
	return open != nil && picked(r.question, shuffled(open.q, s.Order)) != pickUnclear
}

// beside answers a message that is a question of its own while one is open, and puts the open one again.
func (r *retriever) beside(open *check) bool {
	if !strings.ContainsAny(r.question, "?¿") || r.asks == askOther || r.asks == askQuiz || r.asks == askGreeting {
		return false
	}
	s := r.state.Quiz
	if p := picked(r.question, shuffled(open.q, s.Order)); p != pickUnclear {
		return false
	}
	r.answerTo(r.asks)
	r.gap()
	r.note(r.tell(sayStillOpen))
	r.putQuestion(open, s.Order)
	return true
}

// grade says how the answer was, notes it, and gives what the message was taken for.
func (r *retriever) grade(s *QuizState, open *check) pick {
	list := shuffled(open.q, s.Order)
	p := picked(r.question, list)
	whole := r.get(open.id)
	switch {
	case p == pickUnclear || p == pickHint || p == pickStop:
		return p
	case p == pickSkip:
		r.note(r.tell(saySkipped))
	case p == pickUnsure:
		right := slices.Index(s.Order, 0)
		r.say(r.tell(sayAnswerWas, letters[right:right+1], sentence(open.q.Answer), sentence(open.q.Because)), whole)
		r.graded(s, open, OutcomeWrong, "")
	case s.Order[p] == 0:
		r.say(r.tell(sayRight, letters[p:p+1], sentence(open.q.Answer), sentence(open.q.Because)), whole)
		r.graded(s, open, OutcomeRight, "")
	default:
		right := slices.Index(s.Order, 0)
		r.say(r.tell(sayWrong, letters[p:p+1], letters[right:right+1], sentence(open.q.Answer), sentence(open.q.Because)), whole)
		r.say(r.tell(sayMisconception, sentence(open.q.Misconception)), whole)
		r.graded(s, open, OutcomeWrong, open.q.Misconception)
	}
	s.Open = ""
	return p
}

// graded notes an answer for the quiz and for the memory. The next question is looked for a level higher or lower.
func (r *retriever) graded(s *QuizState, open *check, outcome Outcome, mistake string) {
	s.Graded++
	if outcome == OutcomeRight {
		s.Right++
		s.Level = min(max(s.Level, open.q.Level)+1, catalog.LevelExpert)
	} else {
		s.Missed = append(s.Missed, open.id)
		s.Level = max(min(s.Level, open.q.Level)-1, catalog.LevelAwareness)
	}
	r.shown = append(r.shown, Shown{
		Skill: open.skill, Concept: open.id, Kind: ShownQuiz, Judge: JudgeRule, Outcome: outcome, Level: open.q.Level, Mistake: mistake, Evidence: r.question,
	})
}

// putNext puts the next question, or says that there is none.
func (r *retriever) putNext(s *QuizState) {
	if s.Skill != "" && len(r.checksOf(s.Skill, 0)) == 0 {
		r.note(r.tell(sayNoQuestions, r.nameOf(s.Skill)))
		s.Skill = ""
	}
	all := r.checks(s.Skill)
	if len(all) == 0 {
		r.note(r.tell(sayNoQuestionsHere))
		return
	}
	if s.Level == 0 {
		s.Level = r.startLevel(s.Skill)
	}
	next := r.choose(all, s)
	if next == nil {
		r.note(r.tell(sayThrough, len(all)))
		s.Round++
		last := s.Asked[len(s.Asked)-1]
		s.Asked = nil
		if len(all) > 1 {
			all = slices.DeleteFunc(all, func(c *check) bool { return c.id == last })
		}
		next = r.choose(all, s)
	}
	s.Open, s.Order = next.id, r.shuffle(next.id, s.Round)
	s.Asked = append(s.Asked, next.id)
	if s.Graded == 0 && len(s.Asked) == 1 {
		r.note(r.tell(sayQuizRules))
	}
	r.putQuestion(next, s.Order)
	if s.Graded > 0 {
		r.note(r.tell(sayTally, s.Right, s.Graded))
	}
}

// putQuestion puts a question with its choices. It cites the question alone, which does not hold the answer.
func (r *retriever) putQuestion(c *check, order []int) {
	r.say(r.tell(sayQuestion, r.nameOf(c.skill), c.q.Level, r.levelName(c.q.Level), c.q.Question), r.get(c.id+"/asked"))
	for i, a := range shuffled(c.q, order) {
		r.note(letters[i:i+1] + ") " + a)
	}
}

// quizHint names what the question is about, without its answer.
func (r *retriever) quizHint(c *check) {
	p := r.get(rubricID(c.skill, c.q.Level))
	if p != nil {
		r.say(r.tell(sayHintAbout, r.nameOf(c.skill), c.q.Level, r.levelName(c.q.Level), p.text), p)
	}
	r.note(r.tell(sayHintMode))
	r.putQuestion(c, r.state.Quiz.Order)
}

// quizSummary sums up a quiz.
func (r *retriever) quizSummary(s *QuizState) {
	r.note(r.tell(sayQuizOver, s.Right, s.Graded))
	if len(s.Missed) > 0 {
		r.note(r.tell(sayLookAgain))
	}
	seen := map[string]bool{}
	for _, id := range s.Missed {
		c := r.checkOf(id)
		if c == nil || seen[id] {
			continue
		}
		seen[id] = true
		r.say(r.tell(sayMissedOne, r.nameOf(c.skill), c.q.Question, sentence(c.q.Because)), r.get(id))
	}
	r.note(r.tell(sayQuizMemory))
}

// checkOf is a check question by id, or nil.
func (r *retriever) checkOf(id string) *check {
	q, skill := r.questionOf(id)
	if q == nil {
		return nil
	}
	if r.get(id) == nil { // of a skill that is not the role's
		r.corpus = r.corpusOf(r.role, r.report, r.spans, append(slices.Clone(r.named), skill))
	}
	return &check{id: id, skill: skill, q: q}
}

// checksOf are the closed questions of a skill.
func (r *retriever) checksOf(skill string, rank int) []*check {
	l := r.catalog.Learning(skill)
	if l == nil {
		return nil
	}
	var out []*check
	for i := range l.Questions {
		if q := &l.Questions[i]; len(q.Wrong) == fourChoices-1 {
			out = append(out, &check{id: questionID(skill, i+1), skill: skill, q: q, rank: rank})
		}
	}
	return out
}

// checks are the questions that can be put: of one skill, else of those of the phase or the role, the widest gaps first.
func (r *retriever) checks(skill string) []*check {
	if skill != "" {
		if r.get("skill/"+skill) == nil {
			r.corpus = r.corpusOf(r.role, r.report, r.spans, append(slices.Clone(r.named), skill))
		}
		return r.checksOf(skill, 0)
	}
	var out []*check
	for i, q := range r.ordered() {
		out = append(out, r.checksOf(q.Skill, i)...)
	}
	return out
}

// choose takes the question to put next, or nil where all were put: one that is due for review first, then by how near its level is to the one
// that is looked for, then by how much its skill matters, and not twice of the same skill in a row where that can be helped.
func (r *retriever) choose(all []*check, s *QuizState) *check {
	var last string
	if n := len(s.Asked); n > 0 {
		_, last = r.questionOf(s.Asked[n-1])
	}
	left := slices.DeleteFunc(slices.Clone(all), func(c *check) bool { return slices.Contains(s.Asked, c.id) })
	if len(left) == 0 {
		return nil
	}
	key := func(c *check) (due, far, again int) {
		due = slices.IndexFunc(r.due, func(it Item) bool { return it.Concept == c.id })
		if due < 0 {
			due = len(r.due)
		}
		far = c.q.Level - s.Level
		if far < 0 {
			far = -far
		}
		if c.skill == last {
			again = 1
		}
		for _, it := range r.known { // what is known and not due can wait
			if it.Concept == c.id && it.Outcome == OutcomeRight && !it.Due {
				far += catalog.LevelExpert
			}
		}
		return due, far, again
	}
	return slices.MinFunc(left, func(a, b *check) int {
		da, fa, aa := key(a)
		db, fb, ab := key(b)
		return cmp.Or(cmp.Compare(da, db), cmp.Compare(fa, fb), cmp.Compare(aa, ab), cmp.Compare(a.rank, b.rank), cmp.Compare(a.id, b.id))
	})
}

// startLevel is where a quiz begins: at the level after the one that is shown, for a skill or on average.
func (r *retriever) startLevel(skill string) int {
	if r.report == nil {
		return catalog.LevelNovice
	}
	if skill != "" {
		if g := gapOf(r.report, skill); g != nil {
			return min(g.Evidenced+1, catalog.LevelExpert)
		}
		return catalog.LevelNovice
	}
	sum, n := 0, 0
	for _, q := range r.ordered() {
		if g := gapOf(r.report, q.Skill); g != nil {
			sum, n = sum+g.Evidenced, n+1
		}
	}
	return min(sum/max(n, 1)+1, catalog.LevelExpert)
}

// ordered are the requirements of the phase, or of the role: by the report's priority, then as the catalogue has them.
func (r *retriever) ordered() []catalog.Requirement {
	list := slices.Clone(r.role.Skills)
	list = slices.DeleteFunc(list, func(q catalog.Requirement) bool { return r.about != nil && q.Phase != r.about.ID })
	priority := func(q catalog.Requirement) int {
		if g := gapOf(r.report, q.Skill); g != nil && g.Priority > 0 {
			return g.Priority
		}
		return len(r.role.Skills) + 1
	}
	slices.SortStableFunc(list, func(a, b catalog.Requirement) int { return cmp.Compare(priority(a), priority(b)) })
	return list
}

// shuffle is the order of the answers to a question in this conversation: the same each time it is asked for in a round.
func (r *retriever) shuffle(id string, round int) []int {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %d", r.conversation, id, round))
	order := []int{0, 1, 2, 3}
	for i := len(order) - 1; i > 0; i-- {
		j := int(sum[i]) % (i + 1)
		order[i], order[j] = order[j], order[i]
	}
	return order
}

// shuffled are the answers to a question in an order: 0 is the right one.
func shuffled(q *catalog.Question, order []int) []string {
	out := make([]string, 0, fourChoices)
	for _, at := range order {
		if at == 0 {
			out = append(out, q.Answer)
		} else if at-1 < len(q.Wrong) {
			out = append(out, q.Wrong[at-1])
		}
	}
	return out
}
