package web

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
)

// calendarEnding is that of a plan's path, and of a feed's, as a calendar.
const calendarEnding = ".ics"

// planAsk reads the person's side of a plan from the query.
func planAsk(c *gin.Context) (a gapanalysis.PlanAsk, err error) {
	if a.Ask, err = ask(c); err != nil {
		return a, err
	}
	a.WeeksOff, err = gapanalysis.ParseWeeksOff(c.Query("weeks_off"))
	return a, err
}

// getPlan answers as a calendar where the path ends in .ics, and else as JSON or, where Accept prefers it, as Markdown.
func (s *server) getPlan(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	a, err := planAsk(c)
	if err != nil {
		return err
	}
	role, asCalendar := strings.CutSuffix(c.Param("role"), calendarEnding)
	plan, err := s.Plans.Plan(c.Request.Context(), person, id, role, a)
	if err != nil {
		return err
	}
	r, err := s.Catalog.Role(role)
	if err != nil {
		return err
	}
	if asCalendar {
		c.Header("Content-Disposition", `attachment; filename="gapwise-plan.ics"`)
		c.Data(http.StatusOK, "text/calendar; charset=utf-8; method=PUBLISH", []byte(plan.ICalendar(r.Name, s.Now())))
		return nil
	}
	c.Writer.Header().Add("Vary", "Accept")
	accept := c.Request.Header.Values("Accept")
	if preference(accept, "text/markdown") > preference(accept, "application/json") {
		c.Data(http.StatusOK, "text/markdown; charset=utf-8", []byte(plan.Markdown(r.Name)))
		return nil
	}
	c.JSON(http.StatusOK, plan)
	return nil
}

// subscribePlan opens a plan to calendar programs at an address that nobody can guess, in place of the one before.
func (s *server) subscribePlan(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	a, err := planAsk(c)
	if err != nil {
		return err
	}
	token, err := s.Plans.Subscribe(c.Request.Context(), person, id, c.Param("role"), a)
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, gin.H{"url": calendarAddress(c, token)})
	return nil
}

// unsubscribePlan revokes the address of a plan.
func (s *server) unsubscribePlan(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	if err := s.Plans.Unsubscribe(c.Request.Context(), person, id, c.Param("role")); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

// getCalendar gives the calendar of a token to whoever has it. Programs ask again and again: what has not changed is answered by a 304.
func (s *server) getCalendar(c *gin.Context) error {
	token, ok := strings.CutSuffix(c.Param("file"), calendarEnding)
	if !ok {
		return fault.New(fault.NotFound, "unknown-calendar", "The address of a calendar ends in .ics.").In("token")
	}
	body, modified, err := s.Plans.Calendar(c.Request.Context(), token)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	c.Header("Cache-Control", "private, max-age=300")
	c.Header("ETag", tag)
	c.Header("Last-Modified", modified.UTC().Format(http.TimeFormat))
	if notModified(c.GetHeader("If-None-Match"), c.GetHeader("If-Modified-Since"), tag, modified) {
		c.Status(http.StatusNotModified)
		return nil
	}
	c.Data(http.StatusOK, "text/calendar; charset=utf-8; method=PUBLISH", body)
	return nil
}

// notModified tells whether what a client has is what there is (RFC 9110, 13.2.2): by its tags where it has some, else by the time.
func notModified(match, since, tag string, modified time.Time) bool {
	if match != "" {
		for have := range strings.SplitSeq(match, ",") {
			if have = strings.TrimPrefix(strings.TrimSpace(have), "W/"); have == tag || have == "*" {
				return true
			}
		}
		return false
	}
	t, err := http.ParseTime(since)
	return err == nil && !modified.Truncate(time.Second).After(t)
}

// getProgress tells how far the caller is with a role, and what has changed in it since they last agreed.
func (s *server) getProgress(c *gin.Context) error {
	p, err := s.caller(c)
	if err != nil {
		return err
	}
	standing, err := s.Progress.Standing(c.Request.Context(), p.ID, c.Param("role"))
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, standing)
	return nil
}

// acceptCatalog agrees to what an upgrade of the catalogue has changed in a role.
func (s *server) acceptCatalog(c *gin.Context) error {
	p, err := s.caller(c)
	if err != nil {
		return err
	}
	var body struct {
		CatalogVersion string `json:"catalog_version"`
	}
	if err := decode(c, &body); err != nil {
		return err
	}
	standing, err := s.Progress.Accept(c.Request.Context(), p.ID, c.Param("role"), body.CatalogVersion)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, standing)
	return nil
}
