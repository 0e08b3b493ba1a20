package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/tutor"
)

func (s *server) memoryRoutes(e *gin.Engine) {
	e.GET("/me/memory", s.do(s.memoryPage))
	e.GET("/me/memory/:id", s.do(s.itemPage))
	e.POST("/me/memory/:id", s.do(s.correctItemForm))
	e.POST("/me/memory/:id/delete", s.do(s.deleteItemForm))
	e.GET("/me/reviews", s.do(s.reviewsPage))
	e.POST("/me/reviews/:id", s.do(s.answerReviewForm))
}

// memoryView is what the tutor remembers of a person.
type memoryView struct {
	Items  []itemView
	Count  int  // of all that match
	Most   bool // there may be more than are looked at
	Due    int
	Skills []skillOption
	Skill  string // asked for; "" for all
	Page   int    // counted from 1
	Pages  int
}

// Before is the page before, 0 for none.
func (v *memoryView) Before() int { return v.Page - 1 }

// After is the next page, 0 for none.
func (v *memoryView) After() int {
	if v.Page == v.Pages {
		return 0
	}
	return v.Page + 1
}

// Query is the part of an address that keeps the skill.
func (v *memoryView) Query() string { return url.Values{"skill": {v.Skill}}.Encode() }

type skillOption struct{ ID, Name string }

// itemView is an item as a page shows it.
type itemView struct {
	tutor.Item

	SkillName string
	InCatalog bool // its title is the catalogue's
	Problem   *Problem
	Wrong     uuid.UUID // the answer whose correction the problem is about
}

// Address is where it can be corrected.
func (v itemView) Address() string { return "/me/memory/" + v.ID.String() }

// Tag is the class of an outcome's tag.
func (v itemView) Tag(o tutor.Outcome) string {
	switch o {
	case tutor.OutcomeRight:
		return "good"
	case tutor.OutcomePartly:
		return "warn"
	case tutor.OutcomeWrong:
	}
	return "bad"
}

// Outcomes are what an answer can be said to have been.
func (v itemView) Outcomes() []tutor.Outcome {
	return []tutor.Outcome{tutor.OutcomeRight, tutor.OutcomePartly, tutor.OutcomeWrong}
}

// Said tells whether an answer stands in a conversation.
func (v itemView) Said(a tutor.Shown) bool {
	return a.Conversation != uuid.Nil && a.Message != uuid.Nil
}

// Fades tells whether enough time has passed for a chance of remembering to say anything: just after an answer it is always certain.
func (v itemView) Fades() bool { return v.Retrievability < justAnswered }

const justAnswered = 0.995

// Newest are its answers, the latest first.
func (v itemView) Newest() []tutor.Shown {
	out := slices.Clone(v.Shown)
	slices.Reverse(out)
	return out
}

// Effective is how an answer counts: as it was judged, or as the person said instead.
func (v itemView) Effective(a tutor.Shown) tutor.Outcome {
	if a.Corrected != nil && a.Corrected.Outcome != "" {
		return a.Corrected.Outcome
	}
	return a.Outcome
}

// LevelOf is the level at which an answer counts.
func (v itemView) LevelOf(a tutor.Shown) int {
	if a.Corrected != nil && a.Corrected.Level != 0 {
		return a.Corrected.Level
	}
	return a.Level
}

func (s *server) itemView(it *tutor.Item) itemView {
	v := itemView{Item: *it, SkillName: s.skillName(it.Skill)}
	_, v.InCatalog = s.checkQuestion(it.Concept)
	return v
}

// itemsOnPage is how many items a page lists.
const itemsOnPage = 25

// memoryPage shows what the tutor remembers. Who has no session has nothing that could be.
func (s *server) memoryPage(c *gin.Context) error {
	v := memoryView{Page: 1, Pages: 1, Skill: c.Query("skill")}
	f := frame{Section: "tutor", Page: &v}
	if c.Query("done") == "deleted" {
		f.Notice = s.say(c).Say("memory.deleted")
	}
	p, err := s.caller(c)
	if err != nil && fault.KindOf(err) == fault.Unauthenticated {
		return s.render(c, http.StatusOK, "memory", f)
	}
	if err != nil {
		return err
	}
	all, err := s.Mastery.For(c.Request.Context(), p.ID, nil, tutor.MaxItemsAsked)
	if err != nil {
		return err
	}
	shown := all
	if v.Skill != "" {
		if shown, err = s.Mastery.For(c.Request.Context(), p.ID, []string{v.Skill}, tutor.MaxItemsAsked); err != nil {
			return err
		}
	}
	v.fill(s, all, shown, c.Query("page"))
	return s.render(c, http.StatusOK, "memory", f)
}

func (v *memoryView) fill(s *server, all, shown []tutor.Item, page string) {
	for _, it := range all {
		if it.Due {
			v.Due++
		}
		if o := (skillOption{it.Skill, s.skillName(it.Skill)}); !slices.Contains(v.Skills, o) {
			v.Skills = append(v.Skills, o)
		}
	}
	slices.SortFunc(v.Skills, func(a, b skillOption) int { return cmp.Compare(a.Name, b.Name) })
	v.Count, v.Most, v.Pages = len(shown), len(shown) == tutor.MaxItemsAsked, max(1, (len(shown)+itemsOnPage-1)/itemsOnPage)
	n, _ := strconv.Atoi(page) // what is no number is the first
	v.Page = min(max(n, 1), v.Pages)
	for _, it := range shown[min(len(shown), (v.Page-1)*itemsOnPage):min(len(shown), v.Page*itemsOnPage)] {
		v.Items = append(v.Items, s.itemView(&it))
	}
}

func (s *server) itemPage(c *gin.Context) error {
	f := frame{}
	switch c.Query("done") {
	case "corrected":
		f.Notice = s.say(c).Say("memory.corrected")
	case "answer-deleted":
		f.Notice = s.say(c).Say("memory.answer-deleted")
	}
	return s.showItem(c, http.StatusOK, f, uuid.Nil)
}

func (s *server) showItem(c *gin.Context, status int, f frame, wrong uuid.UUID) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	it, err := s.Mastery.Item(c.Request.Context(), person, id)
	if err != nil {
		return err
	}
	v := s.itemView(&it)
	v.Problem, v.Wrong = f.Problem, wrong
	f.Section, f.Page = "tutor", v
	return s.render(c, status, "item", f)
}

// correctItemForm takes the person's word on an answer, or their note.
func (s *server) correctItemForm(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	var said tutor.Correction
	values, err := form(c, "answer", "outcome", "level", "note")
	if err == nil {
		said, err = itemCorrection(values)
	}
	if err == nil {
		_, err = s.Mastery.Correct(c.Request.Context(), person, id, said)
	}
	if err == nil {
		c.Redirect(http.StatusSeeOther, "/me/memory/"+id.String()+"?done=corrected")
		return nil
	}
	p, ok := s.formProblem(c, err)
	if !ok {
		return err
	}
	switch {
	case p.Field == "level" && said.Shown != uuid.Nil:
		p.Field = "level-" + said.Shown.String()
	case p.Field != "note" && said.Shown != uuid.Nil:
		p.Field = "outcome-" + said.Shown.String()
	default:
		p.Field = "note"
	}
	return s.showItem(c, p.Status, frame{Problem: p}, said.Shown)
}

func itemCorrection(values url.Values) (tutor.Correction, error) {
	var out tutor.Correction
	if raw := values.Get("answer"); raw != "" {
		var err error
		if out.Shown, err = uuid.Parse(raw); err != nil {
			return out, fault.New(fault.NotFound, "unknown-id", "There is nothing of yours with this id.").In("answer")
		}
	}
	if values.Has("outcome") {
		outcome := tutor.Outcome(values.Get("outcome"))
		out.Outcome = &outcome
	}
	if values.Has("level") {
		level, err := strconv.Atoi(values.Get("level"))
		if err != nil {
			return out, fault.New(fault.Invalid, "invalid-level", "The level is a number from 1 to 5.").In("level")
		}
		out.Level = &level
	}
	if values.Has("note") {
		note := values.Get("note")
		out.Note = &note
	}
	return out, nil
}

// deleteItemForm forgets an item, or one of its answers.
func (s *server) deleteItemForm(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	values, err := form(c, "answer")
	if err != nil {
		return err
	}
	answer := uuid.Nil
	if raw := values.Get("answer"); raw != "" {
		if answer, err = uuid.Parse(raw); err != nil {
			return fault.New(fault.NotFound, "unknown-id", "There is nothing of yours with this id.").In("answer")
		}
	}
	if err := s.Mastery.Delete(c.Request.Context(), person, id, answer); err != nil {
		return err
	}
	to := "/me/memory?done=deleted"
	if answer != uuid.Nil {
		if _, err := s.Mastery.Item(c.Request.Context(), person, id); err == nil { // with the last answer goes the item
			to = "/me/memory/" + id.String() + "?done=answer-deleted"
		}
	}
	c.Redirect(http.StatusSeeOther, to)
	return nil
}

// reviewsView is one question that is due, and how the answer before it was.
type reviewsView struct {
	Count    int
	Question *tutor.ReviewQuestion  // nil for none that has choices
	Talk     []tutor.ReviewQuestion // those that only a talk can judge
	Graded   *gradedView            // nil for none
	Problem  *Problem
}

type gradedView struct {
	itemView

	Answer, Because string // "" where the catalogue has the question no longer
	Yours           string
}

// reviewsPage asks the question that has been due for longest. With ?graded=ID it says how the last answer to an item was.
func (s *server) reviewsPage(c *gin.Context) error {
	return s.showReviews(c, http.StatusOK, frame{})
}

func (s *server) showReviews(c *gin.Context, status int, f frame) error {
	v := reviewsView{Problem: f.Problem}
	f.Section, f.Page = "tutor", &v
	p, err := s.caller(c)
	if err != nil {
		if fault.KindOf(err) == fault.Unauthenticated {
			return s.render(c, status, "reviews", f)
		}
		return err
	}
	due, err := s.Mastery.Reviews(c.Request.Context(), p.ID, nil, 0)
	if err != nil {
		return err
	}
	v.Count = len(due)
	for i := range due {
		switch {
		case len(due[i].Choices) == 0:
			v.Talk = append(v.Talk, due[i])
		case v.Question == nil:
			v.Question = &due[i]
		}
	}
	if id, wrong := uuid.Parse(c.Query("graded")); wrong == nil { // an address that says nothing shows nothing
		if v.Graded, err = s.graded(c, p.ID, id); err != nil {
			return err
		}
	}
	return s.render(c, status, "reviews", f)
}

// graded is how the last answer to an item was.
func (s *server) graded(c *gin.Context, person, id uuid.UUID) (*gradedView, error) {
	it, err := s.Mastery.Item(c.Request.Context(), person, id)
	if err != nil {
		return nil, err
	}
	g := &gradedView{itemView: s.itemView(&it)}
	if n := len(it.Shown); n > 0 {
		g.Yours = it.Shown[n-1].Evidence
	}
	if q, ok := s.checkQuestion(it.Concept); ok {
		g.Answer, g.Because = q.Answer, q.Because
	}
	return g, nil
}

// answerReviewForm grades an answer to what is due.
func (s *server) answerReviewForm(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	values, err := form(c, "choice")
	if err == nil {
		_, err = s.Mastery.Answer(c.Request.Context(), person, id, values.Get("choice"))
	}
	if err == nil {
		c.Redirect(http.StatusSeeOther, "/me/reviews?graded="+id.String())
		return nil
	}
	p, ok := s.formProblem(c, err)
	if !ok {
		return err
	}
	p.Field = "review"
	return s.showReviews(c, p.Status, frame{Problem: p})
}

// checkQuestion is a check question of the catalogue by its id, such as "skill/kafka/question/2".
func (s *server) checkQuestion(id string) (*catalog.Question, bool) {
	skill, number, ok := cutQuestion(id)
	if !ok {
		return nil, false
	}
	l := s.Catalog.Learning(skill)
	if l == nil || number > len(l.Questions) {
		return nil, false
	}
	return &l.Questions[number-1], true
}
