package tutor

import (
	"slices"
	"strings"
)

// hint leads to the answer of a check question rung by rung. The last rung, the answer itself, opens once the person has tried.
func (r *retriever) hint() {
	s := r.hintState()
	open := r.checkOf(s.Question)
	if open == nil {
		r.putToThink(s)
		return
	}
	order := r.shuffle(open.id, 0)
	switch p := picked(r.question, shuffled(open.q, order)); {
	case p == pickHint:
		r.nextRung(s, open, order)
	case p == pickUnsure:
		r.unsure(s, open, order)
	case p == pickSkip && r.asks != askOther && strings.Contains(r.question, "?"), p == pickUnclear && r.asks != askOther && strings.ContainsAny(r.question, "?¿"):
		r.answerTo(r.asks)
		r.gap()
		r.note(r.tell(sayStillOpen))
		r.putQuestion(open, order)
	case p == pickSkip:
		s.Done, s.Question = append(s.Done, open.id), ""
		r.putToThink(s)
	case p == pickStop:
		s.Done, s.Question = append(s.Done, open.id), ""
		r.note(r.tell(sayHintStop))
	case p == pickUnclear:
		r.note(r.tell(sayUnclearHint))
		r.putQuestion(open, order)
	case order[p] == 0:
		r.solved(s, open, int(p))
	default:
		r.tried(s, open, order, int(p))
	}
}

func (r *retriever) hintState() *HintState {
	s := &HintState{}
	if old := r.lesson.state.Hint; old != nil {
		*s = *old
		s.Wrong, s.Done = slices.Clone(old.Wrong), slices.Clone(old.Done)
	}
	r.state.Hint = s
	return s
}

// putToThink puts a question to work on: the one that the person describes, else the next by level and gaps.
func (r *retriever) putToThink(s *HintState) {
	var c *check
	for _, p := range r.find(r.rest) {
		if p.matter == ofQuestion && r.covers(p) >= least && len(tokens(r.rest)) >= fewTerms && !slices.Contains(s.Done, p.id) {
			if found := r.checkOf(p.id); found != nil && len(found.q.Wrong) == fourChoices-1 {
				c = found
				break
			}
		}
	}
	if c == nil {
		skill := r.skill
		if len(r.named) > 0 {
			skill = r.named[0]
		}
		all := r.checks(skill)
		if len(all) == 0 && skill != "" {
			r.note(r.tell(sayNoQuestions, r.nameOf(skill)))
			all = r.checks("")
		}
		if len(all) == 0 {
			r.note(r.tell(sayNoQuestionsHere))
			return
		}
		c = r.choose(all, &QuizState{Asked: s.Done, Level: r.startLevel(skill)})
		if c == nil {
			s.Done = nil
			c = r.choose(all, &QuizState{Level: r.startLevel(skill)})
		}
	}
	*s = HintState{Question: c.id, Done: s.Done}
	if len(s.Done) == 0 {
		r.note(r.tell(sayHintRules, hintRungs))
	}
	r.putQuestion(c, r.shuffle(c.id, 0))
}

// nextRung gives the next hint. Each one says something that the one before did not.
func (r *retriever) nextRung(s *HintState, c *check, order []int) {
	if s.Rung >= hintRungs-1 && !s.Tried {
		r.note(r.tell(sayTryFirst))
		r.remaining(s, order)
		return
	}
	s.Rung++
	whole := r.get(c.id + "/asked")
	switch s.Rung {
	case 1:
		r.note(r.tell(sayRung, s.Rung, hintRungs))
		if p := r.get(rubricID(c.skill, c.q.Level)); p != nil {
			r.say(r.tell(sayHintAbout, r.nameOf(c.skill), c.q.Level, r.levelName(c.q.Level), p.text), p)
		} else {
			r.say(r.tell(sayHintSkill, r.nameOf(c.skill)), whole)
		}
	case 2:
		r.note(r.tell(sayRung, s.Rung, hintRungs))
		if list := deciding(c); len(list) > 0 {
			r.say(r.tell(sayHintWords, "“"+strings.Join(list, "”, “")+"”"), whole)
		}
		if at := r.ruleOut(s, c); at > 0 {
			place := slices.Index(order, at)
			r.say(r.tell(sayHintNot, letters[place:place+1]), whole)
		}
	case 3:
		r.note(r.tell(sayRung, s.Rung, hintRungs))
		if at := r.ruleOut(s, c); at > 0 {
			place := slices.Index(order, at)
			r.say(r.tell(sayHintNotEither, letters[place:place+1]), whole)
		}
		r.say(r.tell(sayHintBelief, firstSentence(c.q.Misconception)), r.get(c.id+"/believed"))
	default:
		r.reveal(s, c, order)
		return
	}
	r.remaining(s, order)
}

// remaining says which answers are left.
func (r *retriever) remaining(s *HintState, order []int) {
	var left []string
	for i, at := range order {
		if !slices.Contains(s.Wrong, at) {
			left = append(left, letters[i:i+1])
		}
	}
	r.note(r.tell(sayLeft, strings.Join(left, ", ")))
}

// ruleOut takes the wrong answer that is least like the right one and not out yet, and gives its place in the catalogue; 0 where only one is left.
func (r *retriever) ruleOut(s *HintState, c *check) int {
	right := telling(c.q.Answer)
	best, least := 0, 2.0
	left := 0
	for i, w := range c.q.Wrong {
		if slices.Contains(s.Wrong, i+1) {
			continue
		}
		left++
		own, shared := telling(w), 0.0
		for _, t := range own {
			if slices.Contains(right, t) {
				shared++
			}
		}
		if share := shared / float64(max(len(own), 1)); share < least {
			best, least = i+1, share
		}
	}
	if left < 2 {
		return 0 // with the last one gone nothing would be left to think about
	}
	s.Wrong = append(s.Wrong, best)
	return best
}

// deciding are the words of a question on which its answer turns: those that the reason takes up.
func deciding(c *check) []string {
	reason := tokens(c.q.Because)
	answer := tokens(c.q.Answer)
	var out []string
	for _, w := range words(c.q.Question) {
		l := strings.ToLower(w)
		if t := stem(l); len(l) >= 4 && !stop[l] && !empty[t] && slices.Contains(reason, t) && !slices.Contains(answer, t) && !slices.Contains(out, l) && len(out) < 3 {
			out = append(out, l)
		}
	}
	return out
}

// firstSentence is a misconception without what sets it right, which often stands after it.
func firstSentence(text string) string {
	if head, _, ok := strings.Cut(text, ". "); ok {
		return head + "."
	}
	return sentence(text)
}

// unsure answers somebody who does not know: with the next rung, and with the answer only after a try.
func (r *retriever) unsure(s *HintState, c *check, order []int) {
	if s.Tried && s.Rung >= hintRungs-1 {
		s.Rung = hintRungs
		r.reveal(s, c, order)
		return
	}
	r.nextRung(s, c, order)
}

// solved ends a question that was answered.
func (r *retriever) solved(s *HintState, c *check, at int) {
	outcome := OutcomeRight
	if s.Rung > 0 || s.Tried {
		outcome = OutcomePartly
	}
	r.say(r.tell(sayRight, letters[at:at+1], sentence(c.q.Answer), sentence(c.q.Because)), r.get(c.id))
	r.say(r.tell(sayBelieved, sentence(c.q.Misconception)), r.get(c.id))
	r.over(s, c, outcome, "")
}

// tried notes a wrong answer and leads on.
func (r *retriever) tried(s *HintState, c *check, order []int, at int) {
	if slices.Contains(s.Wrong, order[at]) { // no try: that it is wrong was said
		r.note(r.tell(sayOutAlready, letters[at:at+1]))
		r.remaining(s, order)
		return
	}
	s.Tried = true
	s.Wrong = append(s.Wrong, order[at])
	if len(s.Wrong) == len(c.q.Wrong) {
		s.Rung = hintRungs
		r.reveal(s, c, order)
		return
	}
	r.note(r.tell(sayNotThat, letters[at:at+1]))
	r.remaining(s, order)
	if s.Rung >= hintRungs-1 {
		r.note(r.tell(sayCanSee))
	} else {
		r.note(r.tell(sayCanHint))
	}
}

// reveal is the last rung.
func (r *retriever) reveal(s *HintState, c *check, order []int) {
	right := slices.Index(order, 0)
	whole := r.get(c.id)
	r.say(r.tell(sayAnswerWas, letters[right:right+1], sentence(c.q.Answer), sentence(c.q.Because)), whole)
	r.say(r.tell(sayMisconception, sentence(c.q.Misconception)), whole)
	r.over(s, c, OutcomeWrong, c.q.Misconception)
}

func (r *retriever) over(s *HintState, c *check, outcome Outcome, mistake string) {
	r.shown = append(r.shown, Shown{Skill: c.skill, Concept: c.id, Kind: ShownQuiz, Judge: JudgeRule, Outcome: outcome, Level: c.q.Level, Mistake: mistake, Evidence: r.question})
	*s = HintState{Done: append(s.Done, c.id)}
	r.note(r.tell(sayHintNext))
}
