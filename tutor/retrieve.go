package tutor

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
)

// How many of a kind a line or an answer names.
const (
	maxSteps    = 3
	maxListed   = 5
	maxQuoted   = 3
	maxTransfer = 2
	maxDue      = 3
)

func (r *retriever) answerTo(i intent) {
	switch i {
	case askGreeting:
		r.greet()
	case askThanks:
		r.note(r.tell(sayThanks))
		r.abilities()
	case askCorrect:
		r.correct()
	case askResume:
		r.fromResume()
	case askInterview:
		r.interview()
	case askProject:
		r.projects()
	case askPhase:
		r.phases()
	case askResources:
		r.reading()
	case askSkill:
		r.aboutSkill()
	case askNext:
		r.next()
	case askGaps:
		r.gaps()
	case askHours:
		if len(r.named) > 0 {
			r.skillTime(r.named[0])
			return
		}
		r.time()
	case askSalary:
		r.salary()
	case askRole:
		r.aboutRole()
	case askQuiz, askOther:
		r.nearest()
	}
}

func (r *retriever) get(id string) *passage { return r.corpus.get(id) }

func (r *retriever) hours(h catalog.Hours) string {
	if h.P50 == 1 {
		return r.tell(sayHour, h.P25, h.P75)
	}
	return r.tell(sayHours, h.P50, h.P25, h.P75)
}

func (r *retriever) greet() {
	r.note(r.tell(sayHello, r.role.Name))
	if r.about != nil {
		r.say(r.tell(sayYouAreIn, r.about.Name, r.about.Outcome), r.get(phaseID(r.role, r.about.ID)))
	} else {
		r.say(r.role.Summary, r.get(roleID(r.role, "summary")))
	}
	r.overview()
	r.abilities()
}

// overview says how far the person is as a whole.
func (r *retriever) overview() {
	if r.report == nil {
		return
	}
	p := r.report
	word := p.Band
	if s, ok := bands[p.Band]; ok {
		word = s.in(r.language)
	}
	r.say(r.tell(sayOverview, r.role.Name, p.Readiness, word, p.Uncertainty, r.hours(p.Hours), gapanalysis.DefaultHoursPerWeek, p.ReadyOn), r.get(overviewID))
}

// abilities lists what can be asked.
func (r *retriever) abilities() {
	r.note(r.tell(sayYouCanAsk))
	r.note(r.tell(sayAskNext))
	r.note(r.tell(sayAskSkill, r.example()))
	r.note(r.tell(sayAskRest))
	r.note(r.tell(sayAskQuiz))
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
	r.note(r.tell(sayCannotSet))
	for _, id := range r.named {
		if p := r.get(gapID(id)); p != nil {
			r.say(r.tell(sayReportSays, r.nameOf(id), p.text), p)
		}
	}
	if len(r.named) == 0 {
		r.overview()
	}
}

// next says what comes first.
func (r *retriever) next() {
	r.reviews()
	if r.report == nil {
		r.musts()
		return
	}
	open := r.open()
	switch {
	case len(open) == 0 && r.about != nil:
		r.say(r.tell(sayNoOpenPhase, r.about.Name), r.get(openID(r.about.ID)))
		r.note(r.tell(sayMilestones))
		r.milestones(*r.about)
		return
	case len(open) == 0:
		r.note(r.tell(sayNoOpen))
		r.overview()
		return
	case r.about != nil:
		r.note(r.tell(sayNextPhase, r.about.Name))
	default:
		r.note(r.tell(sayNextRole))
	}
	for i, g := range open[:min(len(open), maxSteps)] {
		why, from := r.whyNext(g), []*passage{r.get(gapID(g.ID)), r.get(requirementID(r.role, g.ID))}
		if n := r.stepOf(g.ID); n != nil && n.Gain >= 0.005 {
			why += r.tell(sayGain, n.Gain)
			from = append(from, r.get(nextID))
		}
		r.say(r.tell(sayStep, i+1, g.Name, r.hours(g.Hours), why), from...)
	}
	if first := r.first(); r.about != nil && first != nil && first.Phase != r.about.ID {
		r.say(r.tell(sayFirstOverall, first.Name), r.get(nextID))
	}
	if p := r.projectFor(open[0].ID); p != nil {
		r.say(r.tell(sayProjectFor, open[0].Name, p.Name, p.Hours, p.Brief), r.get(projectID(r.role, p.ID)))
	}
}

// reviews names what the person showed once and should look at again.
func (r *retriever) reviews() {
	n := 0
	for _, it := range r.due {
		p := r.get(it.Concept + "/asked")
		if p == nil {
			p = r.get("skill/" + it.Skill)
		}
		if p == nil || n == maxDue {
			continue
		}
		if n == 0 {
			r.note(r.tell(sayDue))
		}
		n++
		r.say(r.tell(sayDueItem, r.nameOf(it.Skill), sentence(cmp.Or(it.Title, p.text))), p)
	}
	if n > 0 {
		r.note(r.tell(sayDueQuiz))
	}
}

// whyNext is why a gap is worth closing: where the person is, and what the role needs it for.
func (r *retriever) whyNext(g *gapanalysis.SkillGap) string {
	where := r.tell(sayShows, g.Evidenced, g.Required)
	switch g.Status {
	case gapanalysis.Transferable:
		where = r.tell(sayCarries, r.nameOf(g.Transfer.From))
	case gapanalysis.Missing:
		where = r.tell(sayNotShownAsks, g.Required)
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
	if r.report == nil {
		return out
	}
	for i := range r.report.Skills {
		if g := &r.report.Skills[i]; g.Priority > 0 && (r.about == nil || g.Phase == r.about.ID) {
			out = append(out, g)
		}
	}
	slices.SortStableFunc(out, func(a, b *gapanalysis.SkillGap) int { return cmp.Compare(a.Priority, b.Priority) })
	return out
}

// stepOf is the report's step about a skill, or nil.
func (r *retriever) stepOf(skill string) *gapanalysis.Next {
	for i := range r.report.Next {
		if r.report.Next[i].Skill == skill {
			return &r.report.Next[i]
		}
	}
	return nil
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
	r.note(r.tell(sayAsksFirst, phase.Name))
	n := 0
	for _, wantMust := range []bool{true, false} {
		for _, q := range r.role.Skills {
			if q.Phase == phase.ID && q.Must == wantMust && n < maxListed {
				n++
				r.say(r.tell(sayAsksFor, n, r.nameOf(q.Skill), q.Level, r.levelName(q.Level), q.Why), r.get(requirementID(r.role, q.Skill)))
			}
		}
	}
	r.note(r.tell(sayWithResume))
}

// gaps says how far the person is.
func (r *retriever) gaps() {
	if r.report == nil {
		r.note(r.tell(sayNoResume))
		r.musts()
		return
	}
	r.overview()
	var have []string
	var rows []*passage
	for _, g := range r.report.Skills {
		if g.Status == gapanalysis.Have && (r.about == nil || g.Phase == r.about.ID) && len(have) < maxListed {
			have = append(have, r.tell(sayHave, g.Name, g.Evidenced, g.Required))
			rows = append(rows, r.get(gapID(g.ID)))
		}
	}
	if len(have) > 0 {
		r.say(r.tell(sayAtLevel, strings.Join(have, ", ")), rows...)
	}
	open := r.open()
	if len(open) == 0 {
		return
	}
	r.note(r.tell(sayCloseFirst))
	for _, g := range open[:min(len(open), maxListed)] {
		r.say(r.tell(sayGap, g.Name, r.hours(g.Hours), r.whyNext(g)), r.get(gapID(g.ID)), r.get(requirementID(r.role, g.ID)))
	}
}

// time says how long it takes.
func (r *retriever) time() {
	if r.report != nil {
		r.overview()
		for _, p := range r.role.Phases {
			if r.about == nil || r.about.ID == p.ID {
				r.leftIn(p)
			}
		}
		if r.about == nil {
			return
		}
	}
	for _, p := range r.role.Phases {
		if r.about == nil || r.about.ID == p.ID {
			r.say(r.tell(sayLaidOut, p.Name, p.Months), r.get(phaseID(r.role, p.ID)))
		}
	}
	whole, ready := r.get(roleID(r.role, "time-to-ready")), r.role.TimeToReady
	r.say(r.tell(sayWhole, ready.Months, ready.HoursPerWeek), whole)
	if r.about == nil {
		r.say(r.tell(sayStartingAs, ready.From), whole)
	}
	if r.report == nil {
		r.note(r.tell(sayDateResume))
	}
}

// leftIn says what is left of a phase.
func (r *retriever) leftIn(p catalog.Phase) {
	var sum catalog.Hours
	var left []string
	for _, g := range r.report.Skills {
		if g.Phase == p.ID && g.Status != gapanalysis.Have {
			sum = sum.Add(g.Hours)
			left = append(left, g.Name)
		}
	}
	if len(left) == 0 {
		r.say(r.tell(sayNothingPhase, p.Name), r.get(openID(p.ID)))
		return
	}
	r.say(r.tell(sayLeftPhase, p.Name, r.hours(sum), strings.Join(left, ", ")), r.get(openID(p.ID)))
}

func (r *retriever) salary() {
	p := r.get(roleID(r.role, "salary"))
	if len(r.role.Salary) == 0 {
		r.say(r.tell(sayNoSalary), p)
		return
	}
	r.say(p.text, p)
}

// aboutRole says what the role is: its days or its market alone, where only these are asked for.
func (r *retriever) aboutRole() {
	q := plain(r.question)
	day, market := askedDay.MatchString(q), askedMarket.MatchString(q)
	if !day && !market {
		r.say(r.role.Summary, r.get(roleID(r.role, "summary")))
	}
	if day || !market {
		r.note(r.tell(sayTypicalDay))
		for _, l := range r.role.TypicalDay {
			r.say("- "+l, r.get(roleID(r.role, "typical-day")))
		}
	}
	if market || !day {
		r.say(r.tell(sayWhyNow, r.role.WhyNow), r.get(roleID(r.role, "why-now")))
	}
}

// fromResume quotes the lines of the resume that fit the question. Where a line is quoted, a word of it is not quoted again.
func (r *retriever) fromResume() {
	var quotes []*passage
	found := r.find(r.rest)
	for _, want := range []matter{ofSpan, ofEvidence} {
		for _, p := range found {
			within := func(q *passage) bool {
				return q.start != nil && p.start != nil && *p.start >= *q.start && *p.end <= *q.end
			}
			other := p.skill != "" && len(r.named) > 0 && !slices.Contains(r.named, p.skill)
			if p.matter == want && !other && len(quotes) < maxQuoted && !slices.ContainsFunc(quotes, within) {
				quotes = append(quotes, p)
			}
		}
	}
	if len(quotes) > 0 {
		r.note(r.tell(sayFromResume))
	}
	for _, p := range quotes {
		r.say("- "+quoted(p.text), p)
	}
	for _, id := range r.named {
		if p := r.get(gapID(id)); p != nil {
			r.say(r.tell(sayReportSays, r.nameOf(id), p.text), p)
		}
	}
	switch {
	case len(r.cited) > 0:
	case r.report != nil && !r.subject("resume", "say", "write", "mention"):
		r.gaps()
	default:
		r.note(r.tell(sayNothing))
	}
}

// leastNear is the share that one must hold to be named at all.
const leastNear = 0.34

// least is the share of a question that a passage must hold to be the answer to it.
const least = 0.5

// nearest answers a question that no rule knows from what is found for it.
func (r *retriever) nearest() {
	found := r.find(r.rest)
	if len(found) > 0 && r.covers(found[0]) >= least && r.answerFrom(found[0]) {
		return
	}
	if len(found) == 0 || r.covers(found[0]) < leastNear {
		r.note(r.tell(sayNothing))
		r.abilities()
		return
	}
	r.note(r.tell(sayNearest))
	for _, p := range found[:min(len(found), maxQuoted)] {
		r.say(r.tell(saySource, p.title, p.text), p)
	}
}

// covers is the share of the question's words that a passage holds.
func (r *retriever) covers(p *passage) float64 {
	q := read(r.rest, scope{}, r.corpus.index)
	held, all := 0.0, float64(q.unknown) // what no passage holds counts against every one
	counts := p.counts()
	for _, t := range q.terms {
		all += t.weight
		if counts[t.token] > 0 {
			held += t.weight
		}
	}
	if all == 0 {
		return 0
	}
	return held / all
}

// unknownWords counts the words of a text that say something and that no passage holds.
func unknownWords(text string, x *index) int {
	language := languageOf(text, "")
	n := 0
	for _, w := range words(strings.ToLower(text)) {
		if stop[w] || languageMarks()[accents.Replace(w)] != "" || len(w) < 3 {
			continue
		}
		if len(meant(w, language, x)) == 0 {
			n++
		}
	}
	return n
}

// answerFrom answers by what kind of thing was found, and tells whether it could.
func (r *retriever) answerFrom(p *passage) bool {
	switch p.matter {
	case ofQuestion:
		return r.concept(p)
	case ofMilestone:
		return r.foundMilestone(p)
	case ofProject:
		for i := range r.role.Projects {
			if projectID(r.role, r.role.Projects[i].ID) == p.id {
				r.project(&r.role.Projects[i], true)
				return true
			}
		}
	case ofTheme:
		for _, t := range r.role.InterviewThemes {
			if themeID(r.role, t) == p.id {
				r.say(r.tell(sayTheme, t.Name, t.LooksFor), p)
				return true
			}
		}
	case ofRequirement, ofRubric, ofSkill, ofGap, ofHours, ofNeeds, ofTransfer, ofResources:
		if p.skill != "" {
			r.named = []string{p.skill}
			r.state.Skill = p.skill
			r.aboutSkill()
			return true
		}
	case ofSpan, ofEvidence:
		r.note(r.tell(sayFromResume))
		r.say("- "+quoted(p.text), p)
		return true
	case ofOverview, ofOpen, ofNext:
		r.gaps()
		return true
	case ofSummary, ofMarket, ofDay, ofTime, ofSalary, ofPhase:
		r.say(p.text, p)
		return true
	}
	return false
}

func (r *retriever) foundMilestone(p *passage) bool {
	phase, m, err := r.role.Milestone(strings.TrimPrefix(p.id, r.role.ID+"/milestone/"))
	if err != nil {
		return false
	}
	r.milestoneOf(phase, m)
	return true
}
