package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
)

// jobsView is the postings that suit a resume, with the filter that they passed, and what the person keeps about jobs.
type jobsView struct {
	ID       string
	Remote   string
	Location string
	Words    string
	Pay      string
	Currency string
	Exclude  string
	Matches  []matchView
	Samples  bool // any of them ships with the service
	Saved    []gapanalysis.SavedMatch
	Hidden   []string
	Feed     string // address of the feed that was just opened
}

type matchView struct {
	gapanalysis.Match
	Lacking []string // names of the must-haves that are missing
}

func (s *server) jobsPage(c *gin.Context) error { return s.showJobs(c, "") }

// showJobs shows the matches. feed is the address of a feed that was just opened, which is shown once.
func (s *server) showJobs(c *gin.Context, feed string) error {
	v := jobsView{
		ID: c.Param("id"), Remote: c.Query("remote"), Location: c.Query("location"), Words: c.Query("q"), Pay: c.Query("pay"), Currency: c.Query("currency"),
		Exclude: c.Query("exclude"), Feed: feed,
	}
	matches, err := s.jobs(c)
	if err != nil {
		p, ok := s.formProblem(c, err)
		if !ok || fault.KindOf(err) != fault.Invalid {
			return err
		}
		return s.render(c, p.Status, "jobs", frame{Problem: p, Page: v})
	}
	for _, m := range matches {
		v.Samples = v.Samples || m.Sample
		v.Matches = append(v.Matches, matchView{m, s.skillNames(m.Missing)})
	}
	p, err := s.caller(c)
	if err != nil {
		return err
	}
	if v.Saved, err = s.Jobs.Saved(c.Request.Context(), p.ID); err != nil {
		return err
	}
	if v.Hidden, err = s.Jobs.Hidden(c.Request.Context(), p.ID); err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "jobs", frame{Page: v})
}

// jobsForm takes what the buttons of the page send: save, unsave, hide, show, feed and nofeed.
func (s *server) jobsForm(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	values, err := form(c, "do", "posting", "company")
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	switch do := values.Get("do"); do {
	case "save", "unsave":
		var posting uuid.UUID
		if posting, err = postingOf(values.Get("posting")); err != nil {
			return err
		}
		if do == "save" {
			err = s.Jobs.Save(ctx, person, id, posting)
		} else {
			err = s.Jobs.Unsave(ctx, person, posting)
		}
	case "hide":
		err = s.Jobs.Hide(ctx, person, values.Get("company"))
	case "show":
		err = s.Jobs.Show(ctx, person, values.Get("company"))
	case "feed":
		f, err := jobFilter(c)
		if err != nil {
			return err
		}
		token, err := s.Jobs.Subscribe(ctx, person, id, f)
		if err != nil {
			return err
		}
		c.Header("Cache-Control", "no-store")
		return s.showJobs(c, feedAddress(c, token))
	case "nofeed":
		err = s.Jobs.Unsubscribe(ctx, person, id)
	default:
		err = fault.New(fault.Invalid, "unknown-action", "The page has no such button. Open it again.").In("do")
	}
	if err != nil {
		return err
	}
	to := "/resumes/" + id.String() + "/jobs"
	if raw := c.Request.URL.RawQuery; raw != "" {
		to += "?" + raw
	}
	c.Redirect(http.StatusSeeOther, to)
	return nil
}

// Query is the filter as the query of an address, so that a button leads back to the same list.
func (v jobsView) Query() string {
	q := url.Values{}
	for name, value := range map[string]string{"remote": v.Remote, "location": v.Location, "q": v.Words, "pay": v.Pay, "currency": v.Currency, "exclude": v.Exclude} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// marketPageView is the market of a role, or of all.
type marketPageView struct {
	*gapanalysis.MarketView
	Name   string // of the role; "" for all
	Resume string
	Roles  []*catalog.Role
	First  string // first and last month of the view; "" where there are none
	Last   string
}

func (s *server) marketPage(c *gin.Context) error {
	m, err := s.market(c)
	if err != nil {
		return err
	}
	v := marketPageView{MarketView: m, Resume: strings.TrimSpace(c.Query("resume")), Roles: s.Catalog.Roles()}
	if r, err := s.Catalog.Role(m.Role); err == nil {
		v.Name = r.Name
	}
	if n := len(m.Months); n > 0 {
		v.First, v.Last = m.Months[0].Month, m.Months[n-1].Month
	}
	return s.render(c, http.StatusOK, "market", frame{Section: "market", Page: v})
}
