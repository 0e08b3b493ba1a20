package web

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/tutor"
)

func (s *server) masteryRoutes(api *gin.RouterGroup) {
	api.GET("/me/mastery", s.do(s.listMastery))
	api.PATCH("/me/mastery/:id", s.do(s.correctMastery))
	api.DELETE("/me/mastery/:id", s.do(s.deleteMastery))
	api.GET("/me/reviews", s.do(s.listReviews))
	api.POST("/me/reviews/:id", s.do(s.answerReview))
}

// skillsAsked are the skills of the query, separated by commas.
func skillsAsked(c *gin.Context) []string {
	return strings.FieldsFunc(c.Query("skill"), func(r rune) bool { return r == ',' })
}

// listMastery tells what the tutor remembers of the caller.
func (s *server) listMastery(c *gin.Context) error {
	p, err := s.caller(c)
	if err != nil {
		return err
	}
	limit, err := queryInt(c, "limit")
	if err != nil {
		return err
	}
	var items []tutor.Item
	switch due := c.Query("due"); due {
	case "", "false":
		items, err = s.Mastery.For(c.Request.Context(), p.ID, skillsAsked(c), limit)
	case "true":
		items, err = s.Mastery.DueOf(c.Request.Context(), p.ID, skillsAsked(c), s.Now(), limit)
	default:
		return fault.New(fault.Invalid, "invalid-due", "due is true or false.").In("due")
	}
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, gin.H{"items": items})
	return nil
}

func (s *server) correctMastery(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	var body struct {
		Answer  uuid.UUID      `json:"answer"`
		Outcome *tutor.Outcome `json:"outcome"`
		Level   *int           `json:"level"`
		Note    *string        `json:"note"`
	}
	if err := decode(c, &body); err != nil {
		return err
	}
	item, err := s.Mastery.Correct(c.Request.Context(), person, id, tutor.Correction{Shown: body.Answer, Outcome: body.Outcome, Level: body.Level, Note: body.Note})
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, item)
	return nil
}

// deleteMastery forgets an item, or one answer of it.
func (s *server) deleteMastery(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	answer := uuid.Nil
	if raw := c.Query("answer"); raw != "" {
		if answer, err = uuid.Parse(raw); err != nil || answer == uuid.Nil {
			return fault.New(fault.Invalid, "invalid-answer", "answer is the id of one of the item's answers.").In("answer")
		}
	}
	if err := s.Mastery.Delete(c.Request.Context(), person, id, answer); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

// listReviews asks what is due.
func (s *server) listReviews(c *gin.Context) error {
	p, err := s.caller(c)
	if err != nil {
		return err
	}
	limit, err := queryInt(c, "limit")
	if err != nil {
		return err
	}
	questions, err := s.Mastery.Reviews(c.Request.Context(), p.ID, skillsAsked(c), limit)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, gin.H{"reviews": questions})
	return nil
}

// answerReview grades an answer to what is due. choice and answer are two names of the same text.
func (s *server) answerReview(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	var body struct {
		Choice string `json:"choice"`
		Answer string `json:"answer"`
	}
	if err := decode(c, &body); err != nil {
		return err
	}
	if (body.Choice == "") == (body.Answer == "") {
		return fault.New(fault.Invalid, "unknown-choice", "Send either a choice or an answer.").In("choice")
	}
	grade, err := s.Mastery.Answer(c.Request.Context(), person, id, body.Choice+body.Answer)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, grade)
	return nil
}
