package web

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
)

func (s *server) matchJobs(c *gin.Context) error {
	matches, err := s.jobs(c)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, gin.H{"resume_id": c.Param("id"), "matches": matches})
	return nil
}

// jobs are the matches of the path's resume, for the API and the pages.
func (s *server) jobs(c *gin.Context) ([]gapanalysis.Match, error) {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return nil, err
	}
	f, err := jobFilter(c)
	if err != nil {
		return nil, err
	}
	return s.Gaps.Jobs(c.Request.Context(), person, id, f)
}

// jobFilter reads a filter from the query.
func jobFilter(c *gin.Context) (f gapanalysis.Filter, err error) {
	f = gapanalysis.Filter{Remote: c.Query("remote"), Location: c.Query("location"), Words: c.Query("q"), Currency: strings.ToUpper(c.Query("currency"))}
	if f.Limit, err = queryInt(c, "limit"); err != nil {
		return f, err
	}
	pay, err := queryInt(c, "pay")
	if err != nil {
		return f, err
	}
	f.Pay = int64(pay)
	for company := range strings.SplitSeq(c.Query("exclude"), ",") {
		if company = strings.TrimSpace(company); company != "" {
			f.Exclude = append(f.Exclude, company)
		}
	}
	return f, nil
}

// postingOf reads the UUID of a posting. What is no UUID is no posting's.
func postingOf(raw string) (uuid.UUID, error) {
	v, err := uuid.Parse(raw)
	if err != nil {
		return v, fault.New(fault.NotFound, "unknown-posting", "There is no posting with this id.").In("posting")
	}
	return v, nil
}

func (s *server) saveJob(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	posting, err := postingOf(c.Param("posting"))
	if err != nil {
		return err
	}
	if err := s.Jobs.Save(c.Request.Context(), person, id, posting); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

func (s *server) savedJobs(c *gin.Context) error {
	p, err := s.caller(c)
	if err != nil {
		return err
	}
	list, err := s.Jobs.Saved(c.Request.Context(), p.ID)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, gin.H{"saved": list})
	return nil
}

func (s *server) unsaveJob(c *gin.Context) error {
	p, err := s.caller(c)
	if err != nil {
		return err
	}
	posting, err := postingOf(c.Param("posting"))
	if err != nil {
		return err
	}
	if err := s.Jobs.Unsave(c.Request.Context(), p.ID, posting); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

func (s *server) hiddenCompanies(c *gin.Context) error {
	p, err := s.caller(c)
	if err != nil {
		return err
	}
	list, err := s.Jobs.Hidden(c.Request.Context(), p.ID)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, gin.H{"companies": list})
	return nil
}

func (s *server) hideCompany(c *gin.Context) error {
	p, err := s.caller(c)
	if err != nil {
		return err
	}
	var body struct {
		Company string `json:"company"`
	}
	if err := decode(c, &body); err != nil {
		return err
	}
	if err := s.Jobs.Hide(c.Request.Context(), p.ID, body.Company); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

func (s *server) showCompany(c *gin.Context) error {
	p, err := s.caller(c)
	if err != nil {
		return err
	}
	if err := s.Jobs.Show(c.Request.Context(), p.ID, c.Query("company")); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

// feedEnding is that of the address of a feed.
const feedEnding = ".atom"

// subscribeJobs opens the matches of a resume to feed readers at an address that nobody can guess, in place of the one before.
func (s *server) subscribeJobs(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	f, err := jobFilter(c)
	if err != nil {
		return err
	}
	token, err := s.Jobs.Subscribe(c.Request.Context(), person, id, f)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	c.JSON(http.StatusCreated, gin.H{"url": feedAddress(c, token)})
	return nil
}

func feedAddress(c *gin.Context, token string) string {
	scheme := "http"
	if c.Request.TLS != nil || c.GetHeader("X-Forwarded-Proto") == "https" {
		scheme = "https"
	}
	return scheme + "://" + c.Request.Host + "/feeds/" + token + feedEnding
}

// unsubscribeJobs revokes the address of a resume's matches.
func (s *server) unsubscribeJobs(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	if err := s.Jobs.Unsubscribe(c.Request.Context(), person, id); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

// getJobFeed gives the feed of a token to whoever has it. Readers ask again and again: what has not changed is answered by a 304.
func (s *server) getJobFeed(c *gin.Context) error {
	token, ok := strings.CutSuffix(c.Param("file"), feedEnding)
	if !ok {
		return fault.New(fault.NotFound, "unknown-feed", "The address of a feed ends in .atom.").In("token")
	}
	body, updated, err := s.Jobs.Feed(c.Request.Context(), token, feedAddress(c, token))
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	c.Header("Cache-Control", "private, max-age=900")
	c.Header("ETag", tag)
	c.Header("Last-Modified", updated.UTC().Format(http.TimeFormat))
	if notModified(c.GetHeader("If-None-Match"), "", tag, updated) { // by its tag alone: what has expired changes a feed and not its time
		c.Status(http.StatusNotModified)
		return nil
	}
	c.Data(http.StatusOK, "application/atom+xml; charset=utf-8", body)
	return nil
}

// market is the view of the query's role and resume, for the API and the page. Without a resume it needs no session.
func (s *server) market(c *gin.Context) (*gapanalysis.MarketView, error) {
	var person, resume uuid.UUID
	if raw := c.Query("resume"); raw != "" {
		p, err := s.caller(c)
		if err != nil {
			return nil, err
		}
		if resume, err = uuid.Parse(raw); err != nil {
			return nil, fault.New(fault.NotFound, "unknown-id", "There is nothing of yours with this id.").In("resume")
		}
		person = p.ID
	}
	return s.Gaps.Market(c.Request.Context(), person, resume, c.Query("role"))
}

func (s *server) getMarket(c *gin.Context) error {
	v, err := s.market(c)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, v)
	return nil
}
