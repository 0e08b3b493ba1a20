package tutor

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
)

// retriever writes one answer without a language model.
type retriever struct {
	*lesson
	*written
	*builtin
	ctx    context.Context //nolint:containedctx // it lives as long as one answer
	corpus *corpus
	named  []string       // ids of the skills that the question names, in order
	about  *catalog.Phase // the phase that the question is about; nil for the whole role
	state  State
	shown  []Shown
}

// What the built-in retrieval says of itself, at the end of every answer.
const (
	withoutModel       = "No language model is configured here: this answer is put together from the catalogue alone, since this conversation has no resume."
	withoutModelReport = "No language model is configured here: this answer is put together from the catalogue and your report."
)

// How many of a kind a line or an answer names.
const (
	maxSteps    = 3
	maxListed   = 5
	maxQuoted   = 3
	maxTransfer = 2
)

func (r *retriever) respond() {
	r.named = r.names.in(r.question)
	named, rest := phaseNamed(r.role, r.question)
	if named != nil {
		r.about = named
		r.named = r.names.in(rest)
	}
	r.corpus = r.corpusOf(r.role, r.report, r.spans, r.named)
	switch r.mode {
	case Quiz:
		r.quiz()
	case Review:
		r.review()
	case Coach, Explain:
		r.answerTo(intentOf(rest, r.named, named))
	}
	r.note("")
	if r.report == nil {
		r.note(withoutModel)
	} else {
		r.note(withoutModelReport)
	}
}

func (r *retriever) answerTo(i intent) {
	switch i {
	case askGreeting:
		r.greet()
	case askCorrect:
		r.correct()
	case askInterview:
		r.interview()
	case askProject:
		r.projects()
	case askPhase:
		r.phases()
	case askSkill:
		r.skills()
	case askNext:
		r.next()
	case askGaps:
		r.gaps()
	case askHours:
		r.time()
	case askSalary:
		r.say(r.get(roleID(r.role, "salary")).text, r.get(roleID(r.role, "salary")))
	case askRole:
		r.aboutRole()
	case askOther:
		r.nearest()
	}
}

func (r *retriever) get(id string) *passage { return r.corpus.get(id) }

func (r *retriever) greet() {
	r.note(fmt.Sprintf("Hello. This conversation is about the way to %s.", r.role.Name))
	if r.about != nil {
		r.say(fmt.Sprintf("You are in the phase %s: %s", r.about.Name, r.about.Outcome), r.get(phaseID(r.role, r.about.ID)))
	} else {
		r.say(r.role.Summary, r.get(roleID(r.role, "summary")))
	}
	if p := r.get(overviewID); p != nil {
		r.say(p.text, p)
	}
	r.abilities()
}

// abilities lists what can be asked.
func (r *retriever) abilities() {
	r.note("You can ask:")
	r.note("- what to do next, and which gaps you have")
	r.note("- about a skill of the role, such as " + r.example() + ": what is asked, where you are, how to get further")
	r.note("- about a phase and its milestones, projects, interview themes, the time it takes, or the role itself")
}

func (r *retriever) example() string {
	for _, q := range r.role.Skills {
		if r.about == nil || q.Phase == r.about.ID {
			return r.nameOf(q.Skill)
		}
	}
	return r.nameOf(r.role.Skills[0].Skill)
}

func (r *retriever) nameOf(id string) string {
	if s, err := r.catalog.Skill(id); err == nil {
		return s.Name
	}
	return id
}

// correct answers a wish to change what only the report sets.
func (r *retriever) correct() {
	r.note("I do not set or change levels, scores, hours or dates. They are computed from the words of your resume. If a level is wrong, correct it in the list of skills of your resume, and the report follows.")
	for _, id := range r.named {
		if p := r.get(gapID(id)); p != nil {
			r.say(fmt.Sprintf("What the report says of %s: %s", r.nameOf(id), p.text), p)
		}
	}
	if len(r.named) == 0 && r.report != nil {
		p := r.get(overviewID)
		r.say(p.text, p)
	}
}

// next says what comes first.
func (r *retriever) next() {
	if r.report == nil {
		r.musts()
		return
	}
	open := r.open()
	switch {
	case len(open) == 0 && r.about != nil:
		p := r.get(openID(r.about.ID))
		r.say(p.text, p)
		r.note("What is left of the phase are its milestones:")
		r.milestones(*r.about)
		return
	case len(open) == 0:
		p := r.get(overviewID)
		r.say("The report finds no open gap. "+p.text, p)
		return
	case r.about != nil:
		r.note(fmt.Sprintf("Next in the phase %s, in the order of your report:", r.about.Name))
	default:
		r.note("Next, in the order of your report:")
	}
	for i, g := range open[:min(len(open), maxSteps)] {
		r.say(fmt.Sprintf("%d. %s, %s. %s", i+1, g.Name, hours(g.Hours), r.whyNext(g)), r.get(gapID(g.ID)), r.get(requirementID(r.role, g.ID)))
	}
	if first := r.first(); r.about != nil && first != nil && first.Phase != r.about.ID {
		r.say(fmt.Sprintf("Over the whole role, the report puts %s first.", first.Name), r.get(nextID))
	}
	if p := r.projectFor(open[0].ID); p != nil {
		r.say(fmt.Sprintf("A project that works on %s: %s, about %d hours. %s", open[0].Name, p.Name, p.Hours, p.Brief), r.get(projectID(r.role, p.ID)))
	}
}

// whyNext is why a gap is worth closing: where the person is, and what the role needs it for.
func (r *retriever) whyNext(g *gapanalysis.SkillGap) string {
	where := fmt.Sprintf("Your resume shows level %d of %d.", g.Evidenced, g.Required)
	switch g.Status {
	case gapanalysis.Transferable:
		where = "Your resume does not name it, but " + r.nameOf(g.Transfer.From) + " carries over."
	case gapanalysis.Missing:
		where = fmt.Sprintf("Your resume does not show it; level %d is asked.", g.Required)
	case gapanalysis.Have, gapanalysis.Partial:
	}
	for _, q := range r.role.Skills {
		if q.Skill == g.ID {
			return where + " " + sentence(q.Why)
		}
	}
	return where
}

// open are the gaps of the phase, or of the role, in order of priority.
func (r *retriever) open() []*gapanalysis.SkillGap {
	var out []*gapanalysis.SkillGap
	for i := range r.report.Skills {
		if g := &r.report.Skills[i]; g.Priority > 0 && (r.about == nil || g.Phase == r.about.ID) {
			out = append(out, g)
		}
	}
	slices.SortStableFunc(out, func(a, b *gapanalysis.SkillGap) int { return cmp.Compare(a.Priority, b.Priority) })
	return out
}

// first is the gap that the report puts first, or nil.
func (r *retriever) first() *gapanalysis.SkillGap {
	if len(r.report.Next) == 0 {
		return nil
	}
	return gapOf(r.report, r.report.Next[0].Skill)
}

// musts stands in for next steps where nothing is known of the person.
func (r *retriever) musts() {
	phase := r.about
	if phase == nil {
		phase = &r.role.Phases[0]
	}
	r.note(fmt.Sprintf("What the phase %s asks for first:", phase.Name))
	n := 0
	for _, wantMust := range []bool{true, false} {
		for _, q := range r.role.Skills {
			if q.Phase == phase.ID && q.Must == wantMust && n < maxListed {
				n++
				r.say(fmt.Sprintf("%d. %s at level %d (%s). %s", n, r.nameOf(q.Skill), q.Level, catalog.LevelName(q.Level), q.Why), r.get(requirementID(r.role, q.Skill)))
			}
		}
	}
	r.note("With a resume I could say where you are with each, and what to do first.")
}

// gaps says how far the person is.
func (r *retriever) gaps() {
	if r.report == nil {
		r.note("Without a resume I cannot say what you have and what is missing.")
		r.musts()
		return
	}
	r.say(r.get(overviewID).text, r.get(overviewID))
	var have []string
	var rows []*passage
	for _, g := range r.report.Skills {
		if g.Status == gapanalysis.Have && (r.about == nil || g.Phase == r.about.ID) && len(have) < maxListed {
			have = append(have, fmt.Sprintf("%s (level %d of %d)", g.Name, g.Evidenced, g.Required))
			rows = append(rows, r.get(gapID(g.ID)))
		}
	}
	if len(have) > 0 {
		r.say("At the level asked or above: "+strings.Join(have, ", ")+".", rows...)
	}
	open := r.open()
	if len(open) == 0 {
		return
	}
	r.note("The gaps to close first:")
	for _, g := range open[:min(len(open), maxListed)] {
		r.say(fmt.Sprintf("- %s, %s. %s", g.Name, hours(g.Hours), r.whyNext(g)), r.get(gapID(g.ID)), r.get(requirementID(r.role, g.ID)))
	}
}

// time says how long it takes.
func (r *retriever) time() {
	if r.report != nil {
		r.say(r.get(overviewID).text, r.get(overviewID))
		for _, p := range r.role.Phases {
			if r.about == nil || r.about.ID == p.ID {
				r.say("- "+r.get(openID(p.ID)).text, r.get(openID(p.ID)))
			}
		}
		if r.about == nil {
			return
		}
	}
	for _, p := range r.role.Phases {
		if r.about == nil || r.about.ID == p.ID {
			r.say(fmt.Sprintf("- The phase %s is laid out for %d months.", p.Name, p.Months), r.get(phaseID(r.role, p.ID)))
		}
	}
	whole := r.get(roleID(r.role, "time-to-ready"))
	if r.about != nil {
		r.say(fmt.Sprintf("The whole way is laid out for %d months at %d hours a week.", r.role.TimeToReady.Months, r.role.TimeToReady.HoursPerWeek), whole)
	} else {
		r.say(whole.text, whole)
	}
	if r.report == nil {
		r.note("With a resume the report computes the hours that are left for you, and a date.")
	}
}

// aboutRole says what the role is: its days or its market alone, where only these are asked for.
func (r *retriever) aboutRole() {
	day, market := askedDay.MatchString(r.question), askedMarket.MatchString(r.question)
	if !day && !market {
		r.say(r.role.Summary, r.get(roleID(r.role, "summary")))
	}
	if day || !market {
		r.note("A typical day:")
		for _, l := range r.role.TypicalDay {
			r.say("- "+l, r.get(roleID(r.role, "typical-day")))
		}
	}
	if market || !day {
		r.say("Why now: "+r.role.WhyNow, r.get(roleID(r.role, "why-now")))
	}
}

// nearest quotes what shares most words with a question that no rule knows.
func (r *retriever) nearest() {
	phase := ""
	if r.about != nil {
		phase = r.about.ID
	}
	ranked := r.search(r.ctx, r.corpus, r.question, r.named, scope{role: r.role, phase: phase, mode: r.mode})
	if len(ranked) == 0 {
		r.note("I found nothing about this in the catalogue or in your report. Without a language model I only match words, and the catalogue is in English.")
		r.abilities()
		return
	}
	r.note("I have no direct answer to this. These passages share most words with your question:")
	for _, p := range ranked[:min(len(ranked), maxQuoted)] {
		r.quote(p)
	}
	r.abilities()
}
