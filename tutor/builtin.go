package tutor

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
)

// builtin is the tutor without a language model. It is deterministic: the same lesson gives the same bytes. It is safe for concurrent use.
type builtin struct {
	catalog  *catalog.Catalog
	passages Passages // nil where only the index in memory is asked
	names    *names
	roles    sync.Map // *corpus by the id of a role
}

// Passages finds passages of the catalogue by meaning and by words. *postgres.PassageFinder is one.
type Passages interface {
	// FindPassages gives the best passages for a question, the best first, about any of the skills or about the role; about all where both are empty.
	FindPassages(ctx context.Context, question string, skills []string, role string, limit int) ([]catalog.Passage, error)
}

func newBuiltin(c *catalog.Catalog, p Passages) *builtin {
	return &builtin{catalog: c, passages: p, names: newNames(c)}
}

// lesson is everything that one step of the built-in tutor is made from.
type lesson struct {
	conversation uuid.UUID // its id seeds what is shuffled
	mode         Mode
	role         *catalog.Role
	phase        *catalog.Phase // nil for the role as a whole
	milestone    string         // id; "" for none
	skill        string         // id of the skill that the conversation is about; "" for none
	question     string         // the person's message
	history      []Message
	state        State
	report       *gapanalysis.Report // nil where nothing is known of the person
	progress     []MilestoneProgress
	known        []Item // what the memory holds of the skills that matter here
	due          []Item // of those and others what is due for review, the most urgent first
	spans        []Span // lines of the resume that may be found and quoted
	now          time.Time
	absence      absence
}

// Span is a piece of a resume's text. Start and End are code points, half-open.
type Span struct {
	Start, End int
	Page       int
	Section    string
	Text       string
}

// absence is why no language model has a part in an answer.
type absence struct {
	reason string    // absentNone, absentBudget or absentDown
	until  time.Time // when the budget is there again; zero where nobody knows
}

// The reasons for an absence.
const (
	absentNone   = ""       // none is configured
	absentBudget = "budget" // the budget is used up
	absentDown   = "down"   // it does not answer
)

// reply is a step's outcome.
type reply struct {
	*written
	state State   // to keep with the conversation
	shown []Shown // what the message showed of the person; the ids of conversation and message are the caller's to fill in
}

// retriever writes one answer without a language model.
type retriever struct {
	*lesson
	*written
	*builtin
	ctx      context.Context //nolint:containedctx // it lives as long as one answer
	language string
	corpus   *corpus
	named    []string       // ids of the skills that the question is about, in order
	about    *catalog.Phase // the phase that the question is about; nil for the whole role
	rest     string         // the question without the name of a phase
	asks     intent
	state    State // as it will be kept
	shown    []Shown
	found    map[string][]*passage // by what was looked for
}

// step answers one message. It calls nothing but the passages, and an error of theirs is no failure: the index in memory answers alone.
func (b *builtin) step(ctx context.Context, l *lesson) *reply {
	r := &retriever{lesson: l, written: newWritten(), builtin: b, ctx: ctx, about: l.phase, state: l.state}
	r.language = languageOf(l.question, l.state.Language)
	switch r.state.Language {
	case "", english, german, spanish:
		r.state.Language = r.language
	default: // any other is known to who asked, and answered in English, unless the words speak for one of the three
		if told, lead := languageTold(l.question); lead >= leastLead && told != english {
			r.state.Language = told
		}
	}
	r.read()
	r.respond()
	r.signature()
	return &reply{written: r.written, state: r.state, shown: r.shown}
}

// read finds out what the message is about.
func (r *retriever) read() {
	r.rest = r.question
	r.named = r.names.in(r.question)
	phase, rest := phaseNamed(r.role, r.question)
	if phase != nil {
		r.about, r.rest = phase, rest
		r.named = r.names.in(rest)
	}
	r.asks = intentOf(rest, r.named, phase)
	if len(r.named) == 0 {
		r.named = r.unnamed()
	}
	if len(r.named) == 0 && r.asks == askNext && askedLevels.MatchString(plain(r.rest)) { // "what is the next level?" is about a skill
		if id := cmp.Or(r.state.Skill, r.skill); id != "" {
			r.named, r.asks = []string{id}, askSkill
		}
	}
	if len(r.named) > 0 && r.asks != askCorrect {
		r.state.Skill = r.named[0]
	}
	extra := slices.Clone(r.named)
	if r.skill != "" {
		extra = append(extra, r.skill)
	}
	r.corpus = r.corpusOf(r.role, r.report, r.spans, extra)
}

// unnamed is the skill that a question is about without naming it: the one spoken of last, where it goes on from there, else the
// conversation's own.
func (r *retriever) unnamed() []string {
	q := plain(r.question)
	follows := r.state.Skill != "" && (leaning.MatchString(q) || pronoun.MatchString(q))
	switch r.asks {
	case askHours, askResources, askProject, askOther, askGaps:
		if follows && (r.asks != askOther || len(tokens(q)) < fewTerms) {
			return r.ofSubject(r.state.Skill)
		}
	case askGreeting, askThanks, askCorrect, askQuiz, askResume, askInterview, askPhase, askSkill, askNext, askSalary, askRole:
		return nil
	}
	if r.skill != "" && (r.asks != askOther || len(tokens(q)) < fewTerms || askedHow.MatchString(q) || askedWhy.MatchString(q) || askedLevels.MatchString(q)) {
		return r.ofSubject(r.skill)
	}
	return nil
}

// ofSubject makes a question about a skill one that names it.
func (r *retriever) ofSubject(id string) []string {
	if r.asks == askOther || r.asks == askGaps {
		r.asks = askSkill
	}
	return []string{id}
}

// respond has the mode answer, or a mode that was begun within another.
func (r *retriever) respond() {
	switch r.mode {
	case Quiz:
		r.quiz()
	case Hint:
		r.hint()
	case Interview:
		r.interviewed()
	case Review:
		r.review()
	case Line:
		r.resumeLine()
	case Coach, Explain:
		if r.asks == askQuiz || r.quizGoesOn() {
			r.quiz()
			return
		}
		r.answerTo(r.asks)
	}
}

// said tells whether something was said in this conversation, and notes that it is now.
func (r *retriever) said(what string) bool {
	if slices.Contains(r.state.Said, what) {
		return true
	}
	r.state.Said = append(slices.Clone(r.state.Said), what)
	return false
}

// signature says who answers: at length once, and in a few words from then on.
func (r *retriever) signature() {
	r.note("")
	switch {
	case r.said("engine"):
		r.note(r.tell(sayEngineAgain))
	case r.absence.reason != absentNone:
		r.note(r.tell(sayEngineAbsent))
	case r.report == nil:
		r.note(r.tell(sayEngine))
	default:
		r.note(r.tell(sayEngineReport))
	}
	if r.language != english && len(r.cited) > 0 && !r.said("english") {
		r.note(r.tell(sayEnglish))
	}
}

// gap parts what was said from what comes.
func (r *retriever) gap() {
	if len(r.lines) > 0 {
		r.note("")
	}
}

// earlier is the person's message before this one, or "".
func (r *retriever) earlier() string {
	for _, m := range slices.Backward(r.history) {
		if m.Author == AuthorPerson {
			return m.Content
		}
	}
	return ""
}

// withheld are ids of passages that would give away the answer to a question that waits for one.
func (r *retriever) withheld() []string {
	var out []string
	if q := r.state.Quiz; q != nil && q.Open != "" {
		out = append(out, q.Open)
	}
	if h := r.state.Hint; h != nil && h.Question != "" {
		out = append(out, h.Question)
	}
	return out
}

// find looks for passages in the scope of the conversation, once for each question.
func (r *retriever) find(question string) []*passage {
	if list, ok := r.found[question]; ok {
		return list
	}
	if r.found == nil {
		r.found = map[string][]*passage{}
	}
	r.found[question] = r.look(question)
	return r.found[question]
}

func (r *retriever) look(question string) []*passage {
	phase := ""
	if r.about != nil {
		phase = r.about.ID
	}
	s := scope{role: r.role, phase: phase, mode: r.mode, report: r.report, spans: r.spans, earlier: r.earlier(), without: r.withheld()}
	if r.skill != "" {
		s.skills = []string{r.skill}
	}
	return r.search(r.ctx, r.corpus, question, r.named, s)
}
