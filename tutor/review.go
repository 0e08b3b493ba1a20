package tutor

import (
	"slices"
	"strings"

	"github.com/gapwise/gapwise/catalog"
)

// The person's word on a line of a checklist.
const (
	lineMet    = "met"
	lineNot    = "not"
	lineUnsaid = "unsaid"
)

// atEvidence is the place of the evidence itself, before the first line.
const atEvidence = -1

// review goes through a milestone with the person: the evidence, then each line that nothing was said of. It judges nothing: a line is met by the
// person's word, or nothing was said of it.
func (r *retriever) review() {
	s := r.reviewState()
	if s.Over && r.askedOther(s) {
		*s = ReviewState{}
	}
	if s.Milestone == "" && !r.begin(s) {
		return
	}
	p, m, err := r.role.Milestone(s.Milestone)
	if err != nil {
		*s = ReviewState{}
		r.note(r.tell(sayMilestoneGone))
		return
	}
	switch {
	case s.Over:
		r.afterReview(s, m)
	case len(s.Lines) == 0:
		s.At, s.Lines = atEvidence, make([]ReviewLine, len(m.Checklist))
		r.milestoneOf(p, m)
		r.noted(s, m)
		if !r.tellsMore() {
			r.note(r.tell(sayAskEvidence))
			return
		}
		r.takeEvidence(s, m)
		r.askNext(s, m)
	case strings.ContainsAny(r.question, "?¿") && r.asks != askOther && r.asks != askPhase && len(words(r.question)) <= maxQuestionWords:
		r.answerTo(r.asks)
		r.gap()
		r.ask(s, m)
	case saidStop.MatchString(plain(r.question)):
		r.finish(s, m)
	case strings.ContainsAny(r.question, "?¿") && len(words(r.question)) <= maxAside && !links.MatchString(r.question):
		r.note(r.tell(sayCannotLook))
		r.ask(s, m)
	case s.At == atEvidence:
		r.takeEvidence(s, m)
		r.askNext(s, m)
	default:
		r.takeLine(s, m)
		r.askNext(s, m)
	}
}

// maxQuestionWords is how long a message with a question mark is still taken for a question instead of evidence.
const maxQuestionWords = 20

func (r *retriever) reviewState() *ReviewState {
	s := &ReviewState{}
	if old := r.lesson.state.Review; old != nil {
		*s = *old
		s.Lines, s.Links = slices.Clone(old.Lines), slices.Clone(old.Links)
	}
	r.state.Review = s
	return s
}

// askedOther tells whether the message names another milestone than the one that was gone through.
func (r *retriever) askedOther(s *ReviewState) bool {
	_, m := r.milestoneNamed()
	return m != nil && m.ID != s.Milestone
}

// begin finds the milestone: the conversation's, the one that is named, or the one whose text fits what the person tells.
func (r *retriever) begin(s *ReviewState) bool {
	if r.milestone != "" {
		s.Milestone = r.milestone
		return true
	}
	if _, m := r.milestoneNamed(); m != nil {
		s.Milestone = m.ID
		return true
	}
	for _, p := range r.find(r.rest) {
		id, ok := strings.CutPrefix(p.id, r.role.ID+"/milestone/")
		if ok && r.covers(p) >= least/2 && len(contentOf(r.rest)) >= 2 {
			s.Milestone = id
			return true
		}
	}
	if r.asks != askOther && r.asks != askGreeting && r.asks != askPhase && strings.ContainsAny(r.question, "?¿") {
		r.answerTo(r.asks)
		r.gap()
	}
	r.note(r.tell(sayWhichMilestone))
	for _, p := range r.role.Phases {
		if r.about != nil && r.about.ID != p.ID {
			continue
		}
		for _, m := range p.Milestones {
			r.say("- "+sentence(m.Name), r.get(milestoneID(r.role, m.ID)))
		}
	}
	return false
}

// tellsMore tells whether a message that named the milestone also says something of what was done.
func (r *retriever) tellsMore() bool {
	return links.MatchString(r.question) || len(words(r.question)) >= 8 && !strings.ContainsAny(r.question, "?¿")
}

// noted takes up what the person has noted in their progress.
func (r *retriever) noted(s *ReviewState, m *catalog.Milestone) {
	for _, p := range r.progress {
		if p.Milestone != m.ID || p.EvidenceURL == "" && p.Note == "" {
			continue
		}
		if p.EvidenceURL != "" {
			s.Links = append(s.Links, p.EvidenceURL)
		}
		r.note(r.tell(sayNotedBefore, quoted(strings.TrimSpace(p.Note+" "+p.EvidenceURL))))
		r.match(s, m, p.Note)
	}
}

// takeEvidence matches what the person tells with the lines of the checklist.
func (r *retriever) takeEvidence(s *ReviewState, m *catalog.Milestone) {
	if saidNone.MatchString(plain(r.question)) {
		r.note(r.tell(sayNoEvidence))
		s.At = 0
		return
	}
	s.Evidence = strings.TrimSpace(s.Evidence + " " + r.question)
	for _, l := range links.FindAllString(r.question, -1) {
		if !slices.Contains(s.Links, l) {
			s.Links = append(s.Links, l)
		}
	}
	before := s.met()
	r.match(s, m, r.question)
	if len(s.Links) > 0 && !r.said("links") {
		r.note(r.tell(sayCannotOpen))
	}
	own := r.get(milestoneID(r.role, m.ID))
	if n := s.met(); n > before {
		r.note(r.tell(sayMatched))
		for i, l := range s.Lines {
			if l.Verdict == lineMet {
				r.say(r.tell(sayByWord, strings.TrimSuffix(m.Checklist[i], "."), quoted(l.Words)), own)
			}
		}
	}
	s.At = 0
}

// match finds, for each line that nothing was said of yet, the sentence that names it.
func (r *retriever) match(s *ReviewState, m *catalog.Milestone, text string) {
	for i, line := range m.Checklist {
		if s.Lines[i].Verdict != "" {
			continue
		}
		for _, sentence := range sentencesSaid(text) {
			if !mentions(line, sentence, r.language) {
				continue
			}
			verdict := lineMet
			if saidNot.MatchString(plain(sentence)) && !saidNot.MatchString(plain(line)) {
				verdict = lineNot
			}
			s.Lines[i] = ReviewLine{Verdict: verdict, Words: sentence}
			break
		}
	}
}

// met counts the lines that are met by the person's word.
func (s *ReviewState) met() int {
	n := 0
	for _, l := range s.Lines {
		if l.Verdict == lineMet {
			n++
		}
	}
	return n
}

// takeLine takes the answer to the line that was asked for.
func (r *retriever) takeLine(s *ReviewState, m *catalog.Milestone) {
	l, text := &s.Lines[s.At], plain(r.question)
	s.Links = append(s.Links, links.FindAllString(r.question, -1)...)
	switch {
	case saidSkip.MatchString(text) && !saidYes.MatchString(text), saidUnsure.MatchString(text):
		l.Verdict = lineUnsaid
	case saidNo.MatchString(text) || saidNot.MatchString(text) && !saidNot.MatchString(plain(m.Checklist[s.At])):
		*l = ReviewLine{Verdict: lineNot, Words: r.question}
	case saidYes.MatchString(text) || mentions(m.Checklist[s.At], r.question, r.language):
		*l = ReviewLine{Verdict: lineMet, Words: r.question}
	default: // said of something else; it may meet another line
		before := slices.Clone(s.Lines)
		r.match(s, m, r.question)
		for i, now := range s.Lines {
			if now.Verdict == lineMet && before[i].Verdict == "" {
				r.say(r.tell(sayByWord, strings.TrimSuffix(m.Checklist[i], "."), quoted(now.Words)), r.get(milestoneID(r.role, m.ID)))
			}
		}
		if l.Verdict == "" {
			r.note(r.tell(sayIsItMet))
		}
		return
	}
	r.match(s, m, r.question)
}

// afterReview answers a message after the last line: more words can meet another one.
func (r *retriever) afterReview(s *ReviewState, m *catalog.Milestone) {
	met := s.met()
	for i := range s.Lines {
		if s.Lines[i].Verdict != lineMet && len(words(r.question)) >= enoughAnswer && mentions(m.Checklist[i], r.question, r.language) {
			s.Lines[i] = ReviewLine{}
		}
	}
	r.match(s, m, r.question)
	for i := range s.Lines {
		if s.Lines[i].Verdict == "" {
			s.Lines[i].Verdict = lineUnsaid
		}
	}
	switch {
	case s.met() != met || saidStop.MatchString(plain(r.question)):
		r.reviewed(s, m)
	case r.asks != askOther && r.asks != askPhase && r.asks != askThanks && r.asks != askGreeting:
		r.answerTo(r.asks)
	default:
		r.note(r.tell(sayReviewEnd, met, len(s.Lines)))
	}
}

// askNext asks for the next line that nothing was said of, or ends the review.
func (r *retriever) askNext(s *ReviewState, m *catalog.Milestone) {
	for i, l := range s.Lines {
		if l.Verdict == "" {
			s.At = i
			r.ask(s, m)
			return
		}
	}
	r.finish(s, m)
}

// ask asks for what the review is at.
func (r *retriever) ask(s *ReviewState, m *catalog.Milestone) {
	if s.At == atEvidence || s.At >= len(m.Checklist) {
		r.note(r.tell(sayAskEvidence))
		return
	}
	r.say(r.tell(sayAskLine, s.At+1, len(s.Lines), strings.TrimSuffix(m.Checklist[s.At], ".")), r.get(milestoneID(r.role, m.ID)))
	r.note(r.tell(sayAskHolds))
}

func (r *retriever) finish(s *ReviewState, m *catalog.Milestone) {
	for i := range s.Lines {
		if s.Lines[i].Verdict == "" {
			s.Lines[i].Verdict = lineUnsaid
		}
	}
	s.Over = true
	s.At = len(s.Lines)
	r.reviewed(s, m)
}

// reviewed sums up: met by the person's word, not met, nothing said.
func (r *retriever) reviewed(s *ReviewState, m *catalog.Milestone) {
	own := r.get(milestoneID(r.role, m.ID))
	r.note(r.tell(sayReviewed, strings.TrimSuffix(m.Name, "."), s.met(), len(s.Lines)))
	for i, l := range s.Lines {
		switch l.Verdict {
		case lineMet:
			r.say(r.tell(sayByWord, strings.TrimSuffix(m.Checklist[i], "."), quoted(l.Words)), own)
		case lineNot:
			r.say(r.tell(sayNotMet, strings.TrimSuffix(m.Checklist[i], "."), quoted(l.Words)), own)
		default:
			r.say(r.tell(sayUnsaid, m.Checklist[i]), own)
		}
	}
	if len(s.Links) == 0 {
		r.say(r.tell(sayNoLink, m.Evidence), own)
	}
	r.note(r.tell(sayYouDecide))
}
