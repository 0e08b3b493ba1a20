package web

import (
	"math"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/web/locale"
)

// The tabs of the page.
const (
	jobsFound  = ""
	jobsSaved  = "saved"
	jobsHidden = "hidden"
)

// jobsView is the postings that suit a resume, with the filter that they passed, and what the person keeps about jobs.
type jobsView struct {
	ID string
	jobsAsk
	Tab     string
	Tabs    []tabView
	Matches []matchView
	Samples int // of the matches, that ship with the service
	Saved   []gapanalysis.SavedMatch
	Hidden  []string
	Feed    string // address of the feed that was just opened
}

// jobsAsk is the filter as it was asked for.
type jobsAsk struct {
	Remote   string
	Location string
	Words    string
	Pay      string
	Currency string
	Exclude  string
}

// tabView is one of the tabs, for the part "tabs".
type tabView struct {
	Address string
	Words   string
	Count   int // -1 for none
	Current bool
}

type matchView struct {
	gapanalysis.Match
	Lacking []string // names of the must-haves that are missing
	Age     int      // days since it was posted; -1 where that is unknown
}

// Days from which a posting is called new or old.
const (
	newDays = 7
	oldDays = 45
)

// New tells whether a posting is a few days old.
func (m matchView) New() bool { return m.Age >= 0 && m.Age <= newDays }

// Old tells whether a posting may be filled by now.
func (m matchView) Old() bool { return m.Age > oldDays }

// Tone is the colour of the strength.
func (m matchView) Tone() string {
	switch m.Strength {
	case gapanalysis.StrengthStrong, gapanalysis.StrengthGood:
		return "good"
	case gapanalysis.StrengthPossible:
		return "warn"
	}
	return ""
}

func (s *server) jobsPage(c *gin.Context) error { return s.showJobs(c, "") }

// showJobs shows one tab of the page. feed is the address of a feed that was just opened, which is shown once.
func (s *server) showJobs(c *gin.Context, feed string) error {
	v := jobsView{ID: c.Param("id"), Tab: c.Query("tab"), Feed: feed}
	if v.Tab != jobsSaved && v.Tab != jobsHidden {
		v.Tab = jobsFound
	}
	v.jobsAsk = jobsAsk{c.Query("remote"), c.Query("location"), c.Query("q"), c.Query("pay"), c.Query("currency"), c.Query("exclude")}
	var wrong *Problem // with the filter
	status := http.StatusOK
	matches, err := s.jobs(c)
	if err != nil {
		p, ok := s.formProblem(c, err)
		if !ok || fault.KindOf(err) != fault.Invalid {
			return err
		}
		wrong, status = p, p.Status
	}
	for _, m := range matches {
		v.add(s, m)
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
	v.tabs(s.say(c))
	return s.render(c, status, "jobs", frame{Section: "jobs", Problem: wrong, Page: v, Part: "jobs-list"})
}

func (v *jobsView) add(s *server, m gapanalysis.Match) {
	age := -1
	if day, err := time.Parse(time.DateOnly, m.PostedOn); err == nil {
		age = max(0, int(s.Now().UTC().Sub(day).Hours()/24))
	}
	if m.Sample {
		v.Samples++
	}
	v.Matches = append(v.Matches, matchView{m, s.skillNames(m.Missing), age})
}

func (v *jobsView) tabs(l *locale.Language) {
	at := func(tab string) string {
		q := v.query()
		if tab != jobsFound {
			q.Set("tab", tab)
		}
		return v.address(q)
	}
	v.Tabs = []tabView{
		{at(jobsFound), l.Say("jobs.tab.found"), len(v.Matches), v.Tab == jobsFound},
		{at(jobsSaved), l.Say("jobs.tab.saved"), len(v.Saved), v.Tab == jobsSaved},
		{at(jobsHidden), l.Say("jobs.tab.hidden"), len(v.Hidden), v.Tab == jobsHidden},
	}
}

func (v *jobsView) address(q url.Values) string {
	to := "/resumes/" + v.ID + "/jobs"
	if len(q) > 0 {
		to += "?" + q.Encode()
	}
	return to
}

func (a jobsAsk) query() url.Values {
	q := url.Values{}
	for name, value := range map[string]string{"remote": a.Remote, "location": a.Location, "q": a.Words, "pay": a.Pay, "currency": a.Currency, "exclude": a.Exclude} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

// Filtered tells whether anything is asked for.
func (a jobsAsk) Filtered() bool { return a != jobsAsk{} }

// More tells whether something is asked for, or wrong, in the part of the form that is folded away.
func (v jobsView) More(p *Problem) bool {
	return v.Pay+v.Currency+v.Exclude != "" || p != nil && slices.Contains([]string{"pay", "currency", "exclude"}, p.Field)
}

// Here is the address of what is shown, so that a button leads back to the same list.
func (v jobsView) Here() string {
	q := v.query()
	if v.Tab != jobsFound {
		q.Set("tab", v.Tab)
	}
	return v.address(q)
}

// PayRange is what a posting offers, from least to most, in whole units of its currency.
func (m matchView) PayRange() []int64 {
	const hundredths = 100
	units := func(n int64) int64 { return int64(math.Round(float64(n) / hundredths)) }
	switch {
	case m.Pay.Currency == "" || m.Pay.Max == 0 && m.Pay.Min == 0:
		return nil
	case m.Pay.Max <= m.Pay.Min:
		return []int64{units(m.Pay.Min)}
	}
	return []int64{units(m.Pay.Min), units(m.Pay.Max)}
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
	if values.Get("do") == "feed" {
		return s.feedForm(c, person, id)
	}
	if err := s.keepJob(c, person, id, values); err != nil {
		return err
	}
	to := "/resumes/" + id.String() + "/jobs"
	if raw := c.Request.URL.RawQuery; raw != "" {
		to += "?" + raw
	}
	if values.Get("do") == "save" {
		to += "#job-" + values.Get("posting") // which is a UUID, as it was saved
	}
	c.Redirect(http.StatusSeeOther, to)
	return nil
}

// keepJob changes what the person keeps about jobs.
func (s *server) keepJob(c *gin.Context, person, id uuid.UUID, values url.Values) error {
	ctx := c.Request.Context()
	switch values.Get("do") {
	case "save", "unsave":
		posting, err := postingOf(values.Get("posting"))
		if err != nil {
			return err
		}
		if values.Get("do") == "unsave" {
			return s.Jobs.Unsave(ctx, person, posting)
		}
		return s.Jobs.Save(ctx, person, id, posting)
	case "hide":
		return s.Jobs.Hide(ctx, person, values.Get("company"))
	case "show":
		return s.Jobs.Show(ctx, person, values.Get("company"))
	case "nofeed":
		return s.Jobs.Unsubscribe(ctx, person, id)
	}
	return fault.New(fault.Invalid, "unknown-action", "The page has no such button. Open it again.").In("do")
}

// feedForm opens the list to feed readers and shows the address, once.
func (s *server) feedForm(c *gin.Context, person, id uuid.UUID) error {
	f, err := jobFilter(c)
	if err != nil {
		return err
	}
	token, err := s.Jobs.Subscribe(c.Request.Context(), person, id, f)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return s.showJobs(c, feedAddress(c, token))
}
