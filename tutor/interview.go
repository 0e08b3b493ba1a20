package tutor

import (
	"slices"
	"strings"

	"github.com/gapwise/gapwise/catalog"
)

// Bounds on an interview: questions about themes, and about skills.
const (
	maxThemes    = 6
	maxOfSkills  = 2
	maxAside     = 12 // words of a question of the person, in place of an answer
	enoughAnswer = 4  // words, below which an answer is taken for none
)

// interviewed holds the answer against what is looked for, and puts the next question of the plan.
func (r *retriever) interviewed() {
	s := r.interviewState()
	if len(s.Plan) == 0 {
		if r.asks != askOther && r.asks != askInterview && r.asks != askGreeting && r.asks != askThanks && r.asks != askQuiz && strings.ContainsAny(r.question, "?¿") {
			r.answerTo(r.asks)
			return
		}
		s.Plan = r.plan()
		if len(s.Plan) == 0 {
			r.note(r.tell(sayNoThemes))
			return
		}
		r.opening(s)
		r.put(s)
		return
	}
	m := plain(r.question)
	if s.At >= len(s.Plan) {
		r.afterwards(s, m)
		return
	}
	switch {
	case saidStop.MatchString(m):
		for i := s.At; i < len(s.Plan); i++ {
			s.Plan[i].Skipped = true
		}
		s.At = len(s.Plan)
		r.closing(s)
		return
	case saidSkip.MatchString(m) || saidUnsure.MatchString(m) && len(words(m)) <= enoughAnswer+3:
		s.Plan[s.At].Skipped = !s.Again
		if !s.Again {
			r.note(r.tell(saySkipped))
		}
	case strings.ContainsAny(r.question, "?¿") && len(words(m)) <= maxAside:
		if r.asks != askOther && r.asks != askInterview {
			r.answerTo(r.asks)
			r.gap()
		} else {
			r.note(r.tell(sayAfterAnswer))
		}
		r.put(s)
		return
	case len(words(m)) < enoughAnswer:
		r.note(r.tell(sayTooShort))
		r.put(s)
		return
	default:
		if r.heard(s) {
			return
		}
	}
	s.At, s.Again = s.At+1, false
	if s.At >= len(s.Plan) {
		r.closing(s)
		return
	}
	r.gap()
	r.put(s)
}

func (r *retriever) interviewState() *InterviewState {
	s := &InterviewState{}
	if old := r.lesson.state.Interview; old != nil {
		*s = *old
		s.Plan = slices.Clone(old.Plan)
	}
	r.state.Interview = s
	return s
}

// plan is the questions of an interview: each theme of the role, with a question of the catalogue about a skill that it touches in between.
func (r *retriever) plan() []InterviewItem {
	var out []InterviewItem
	used := map[string]bool{}
	for i, t := range r.role.InterviewThemes[:min(len(r.role.InterviewThemes), maxThemes)] {
		out = append(out, InterviewItem{Theme: t.Name, Question: r.tell(sayThemeQuestions[i%len(sayThemeQuestions)])})
		if i%2 == 0 || len(used) >= maxOfSkills {
			continue
		}
		if c := r.checkFor(t, used); c != nil {
			used[c.skill] = true
			out = append(out, InterviewItem{Theme: t.Name, Skill: c.skill, Question: c.id})
		}
	}
	return out
}

// checkFor is a check question on a skill that a theme touches, at the level that the role asks for or next below, or nil.
func (r *retriever) checkFor(t catalog.Theme, used map[string]bool) *check {
	about := contentOf(t.Name + " " + t.LooksFor)
	var best *check
	most := 0
	for _, q := range r.ordered() {
		if used[q.Skill] || r.skill != "" && q.Skill != r.skill && r.requirement(r.skill) != nil {
			continue
		}
		for _, c := range r.checksOf(q.Skill, 0) {
			if c.q.Level > q.Level || c.q.Level < q.Level-1 {
				continue
			}
			n := 0
			for _, token := range contentOf(r.nameOf(q.Skill) + " " + c.q.Question + " " + q.Why) {
				if slices.Contains(about, token) {
					n++
				}
			}
			if n > most {
				best, most = c, n
			}
		}
	}
	return best
}

// opening says what is to come, and what cannot be judged.
func (r *retriever) opening(s *InterviewState) {
	var names []string
	for _, it := range s.Plan {
		if !slices.Contains(names, it.Theme) {
			names = append(names, it.Theme)
		}
	}
	r.note(r.tell(sayInterviewPlan, r.role.Name, len(s.Plan), strings.Join(names, "; ")))
	r.note(r.tell(sayInterviewRules))
}

// put puts the question that the plan is at. It cites what it is about, and not what is looked for.
func (r *retriever) put(s *InterviewState) {
	it := s.Plan[s.At]
	if c := r.checkOf(it.Question); c != nil {
		r.say(r.tell(sayInterviewSkill, s.At+1, len(s.Plan), r.nameOf(it.Skill), c.q.Question), r.get(c.id+"/asked"))
		return
	}
	r.note(r.tell(sayInterviewQuestion, s.At+1, len(s.Plan), it.Theme, it.Question))
}

// rubricOf is what is looked for in the answer to a question, in points, with where it stands.
func (r *retriever) rubricOf(it InterviewItem) ([]string, *passage) {
	if c := r.checkOf(it.Question); c != nil {
		return []string{strings.TrimSuffix(c.q.Answer, ".")}, r.get(c.id)
	}
	for _, t := range r.role.InterviewThemes {
		if t.Name == it.Theme {
			return points(t.LooksFor), r.get(themeID(r.role, t))
		}
	}
	return nil, nil
}

// heard notes what an answer named, and asks once for what it did not; it tells whether it asked.
func (r *retriever) heard(s *InterviewState) bool {
	it := &s.Plan[s.At]
	list, from := r.rubricOf(*it)
	named, missing := slices.Clone(it.Named), []string{}
	for _, p := range list {
		switch {
		case slices.Contains(named, p):
		case touches(p, r.question, r.language):
			named = append(named, p)
		default:
			missing = append(missing, p)
		}
	}
	fresh := named[len(it.Named):]
	it.Named, it.Missing = named, missing
	if len(fresh) > 0 {
		r.say(r.tell(sayNamed, strings.Join(fresh, "; ")), from)
	}
	if c := r.checkOf(it.Question); c != nil {
		r.say(r.tell(sayCompare, sentence(c.q.Answer), sentence(c.q.Because)), from)
		if len(missing) == 0 { // words alone never show more than a part
			r.shown = append(r.shown, Shown{Skill: c.skill, Concept: c.id, Kind: ShownInterview, Judge: JudgeRule, Outcome: OutcomePartly, Level: c.q.Level, Evidence: r.question})
		}
		return false
	}
	if len(missing) == 0 {
		r.note(r.tell(sayAllNamed))
		return false
	}
	if s.Again {
		r.say(r.tell(sayStillMissing, strings.Join(missing, "; ")), from)
		return false
	}
	s.Again = true
	r.say(r.tell(sayFollowUp, strings.Join(missing, "; ")), from)
	r.note(r.tell(sayAddOr))
	return true
}

// afterwards answers a message after the last question.
func (r *retriever) afterwards(s *InterviewState, m string) {
	switch {
	case saidSkip.MatchString(m) || r.asks == askInterview:
		*s = InterviewState{Plan: r.plan()}
		r.put(s)
	case saidStop.MatchString(m):
		r.closing(s)
	case r.asks != askOther && r.asks != askGreeting && r.asks != askThanks && strings.ContainsAny(r.question, "?¿"):
		r.answerTo(r.asks)
	default:
		r.note(r.tell(sayInterviewEnded))
	}
}

// closing sums the interview up, and says what it cannot say.
func (r *retriever) closing(s *InterviewState) {
	r.gap()
	if !slices.ContainsFunc(s.Plan, func(it InterviewItem) bool { return !it.Skipped }) {
		r.note(r.tell(sayInterviewStopped))
		return
	}
	r.note(r.tell(sayInterviewOver))
	for i, it := range s.Plan {
		_, from := r.rubricOf(it)
		title := it.Theme
		if it.Skill != "" {
			title = r.nameOf(it.Skill)
		}
		switch {
		case it.Skipped:
			r.say(r.tell(sayWasSkipped, i+1, title), from)
		case len(it.Missing) == 0 && len(it.Named) > 0:
			r.say(r.tell(sayWasAll, i+1, title), from)
		case len(it.Named) == 0:
			r.say(r.tell(sayWasNone, i+1, title, strings.Join(it.Missing, "; ")), from)
		default:
			r.say(r.tell(sayWasPart, i+1, title, strings.Join(it.Named, "; "), strings.Join(it.Missing, "; ")), from)
		}
	}
	r.note(r.tell(sayCannotJudge))
	r.note(r.tell(sayAgain))
}
