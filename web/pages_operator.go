package web

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/account"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/posting"
	"github.com/gapwise/gapwise/prompts"
)

// Running is what operators see of the service as it runs.
type Running struct {
	Spending SpendingBook
	Sources  SourceBook
	Switches SwitchLog
	Queue    Backlog
	Prompts  func() []prompts.Info
	Journal  func() error // whether calls of models can be noted down
}

// SpendingBook breaks down what was spent from a time on, by day, person, purpose, model or prompt, the dearest first.
type SpendingBook interface {
	UsageBy(ctx context.Context, by string, since time.Time) ([]gateway.Spending, error)
}

// SourceBook lists the places that postings were fetched from.
type SourceBook interface {
	Sources(ctx context.Context) ([]posting.Visit, error)
}

// SwitchLog gives the latest switch of embedding models; fault.NotFound where there was none.
type SwitchLog interface {
	LatestSwitch(ctx context.Context) (gapanalysis.Switch, error)
}

// Backlog counts the jobs in the background by their state.
type Backlog interface {
	Backlog(ctx context.Context) (map[string]int, error)
}

// Bounds on the page.
const (
	operatorDays = 30 // that are looked back over
	operatorRows = 15 // of each breakdown
)

// operatorView is what runs here.
type operatorView struct {
	Days     []dayView
	Cap      gateway.Nano // of a day; 0 for none
	Budgets  []budgetView
	Tables   []spendingTable
	Prompts  []prompts.Info
	Sources  []sourceView
	Switch   *gapanalysis.Switch
	Catalog  string
	Embedder string
	Health   []healthView
	Stale    []gateway.Stale
	Line     string // the spending by day, as the chart's script reads it
}

// dayView is what a day came to, and its column in the chart.
type dayView struct {
	Day                 string
	Cost                gateway.Nano
	Calls               int64
	X, Y, Width, Height float64
}

// spendingTable is one breakdown.
type spendingTable struct {
	By   string
	Rows []spendingRow
	Left int // rows that are not shown
}

type spendingRow struct {
	gateway.Spending
	Share float64 // of the dearest
}

// sourceView is a place that postings come from.
type sourceView struct {
	posting.Visit
	New, Changed, Refused int
	Counted               bool // the last run has a summary
}

// healthView is how one thing is.
type healthView struct {
	Name string
	Good bool
	Jobs map[string]int // of the queue
}

// The measures of the chart, in the units of its view box.
const (
	chartWidth, chartHeight = 600.0, 120.0
	chartGap                = 0.25 // of a column's place
)

// operatorPage shows what runs here to an operator. Anybody else gets the form for a token, as a refusal.
func (s *server) operatorPage(c *gin.Context) error {
	if err := s.operator(c); err != nil {
		return s.refuseOperator(c, err)
	}
	if s.Running == nil {
		return fault.New(fault.NotFound, "unknown-path", "There is nothing at this path.")
	}
	v, err := s.running(c.Request.Context())
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return s.render(c, http.StatusOK, "operator", frame{Section: "operator", Page: v, Scripts: []string{"uplot/uplot.js", "operator.js"}})
}

func (s *server) refuseOperator(c *gin.Context, err error) error {
	if kind := fault.KindOf(err); kind != fault.Forbidden && kind != fault.Unauthenticated {
		return err
	}
	_ = c.Error(err) // for the log line of the request
	p := problemOf(err, requestID(c))
	return s.render(c, http.StatusForbidden, "operator-enter", frame{Section: "operator", Page: &p})
}

// operatorForm puts an operator's token into the session's cookie, in place of the session that is there.
func (s *server) operatorForm(c *gin.Context) error {
	values, err := form(c, "token")
	if err != nil {
		return err
	}
	token := strings.TrimSpace(values.Get("token"))
	p, err := s.Accounts.Authenticate(c.Request.Context(), token)
	if err == nil && p.Kind != account.Operator {
		err = errNotOperator
	}
	if err != nil {
		return s.refuseOperator(c, err)
	}
	keepSession(c, token)
	c.Redirect(http.StatusSeeOther, "/operator")
	return nil
}

// running gathers what the page shows.
func (s *server) running(ctx context.Context) (*operatorView, error) {
	v := &operatorView{Catalog: s.Catalog.Version(), Embedder: s.Embedder.Model(), Prompts: s.Running.Prompts(), Stale: s.Gateway.StalePrices(s.Now())}
	since := s.Now().UTC().AddDate(0, 0, 1-operatorDays).Truncate(24 * time.Hour)
	days, err := s.Running.Spending.UsageBy(ctx, "day", since)
	if err != nil {
		return nil, err
	}
	v.days(days, since)
	for _, by := range []string{"person", "purpose", "model", "prompt"} {
		rows, err := s.Running.Spending.UsageBy(ctx, by, since)
		if err != nil {
			return nil, err
		}
		v.Tables = append(v.Tables, tableOf(by, rows))
	}
	budgets, err := s.Gateway.Budgets(ctx, [16]byte{})
	if err != nil {
		return nil, err
	}
	v.budgets(budgets)
	sources, err := s.Running.Sources.Sources(ctx)
	if err != nil {
		return nil, err
	}
	for _, src := range sources {
		v.Sources = append(v.Sources, visitOf(src))
	}
	change, err := s.Running.Switches.LatestSwitch(ctx)
	if err == nil {
		v.Switch = &change
	} else if fault.KindOf(err) != fault.NotFound {
		return nil, err
	}
	v.Health = s.health(ctx)
	return v, nil
}

// health looks at what the service stands on. What fails is told and does not fail the page.
func (s *server) health(ctx context.Context) []healthView {
	jobs, err := s.Running.Queue.Backlog(ctx)
	return []healthView{
		{Name: "database", Good: s.Ready(ctx) == nil},
		{Name: "journal", Good: s.Running.Journal() == nil},
		{Name: "queue", Good: err == nil && jobs["retryable"]+jobs["discarded"] == 0, Jobs: jobs},
	}
}

// days lays every day out, also those on which nothing was spent.
func (v *operatorView) days(rows []gateway.Spending, since time.Time) {
	byDay := map[string]gateway.Spending{}
	most := gateway.Nano(1)
	for _, r := range rows {
		byDay[r.Key] = r
		most = max(most, r.Cost)
	}
	place := chartWidth / operatorDays
	var points [][2]float64
	for i := range operatorDays {
		at := since.AddDate(0, 0, i)
		r := byDay[at.Format(time.DateOnly)]
		height := chartHeight * float64(r.Cost) / float64(most)
		v.Days = append(v.Days, dayView{at.Format(time.DateOnly), r.Cost, r.Calls, place * (float64(i) + chartGap/2), chartHeight - height, place * (1 - chartGap), height})
		points = append(points, [2]float64{float64(at.Unix()), float64(r.Cost) / float64(gateway.Dollar)})
	}
	if b, err := json.Marshal(points); err == nil { // numbers always can be
		v.Line = string(b)
	}
}

// Spent tells whether anything was.
func (v *operatorView) Spent() bool {
	return slices.ContainsFunc(v.Days, func(d dayView) bool { return d.Calls > 0 })
}

// CapDollars is the day's cap as the chart's script reads it.
func (v *operatorView) CapDollars() string {
	return strconv.FormatFloat(float64(v.Cap)/float64(gateway.Dollar), 'f', -1, 64)
}

func (v *operatorView) budgets(list []gateway.Budget) {
	for _, b := range list {
		used := 0.0
		if b.Limit > 0 {
			used = min(1, float64(b.Spent+b.Reserved)/float64(b.Limit))
		}
		if b.Scope == gateway.ScopeInstanceDay {
			v.Cap = b.Limit
		}
		v.Budgets = append(v.Budgets, budgetView{b, used})
	}
}

func tableOf(by string, rows []gateway.Spending) spendingTable {
	t := spendingTable{By: by, Left: max(0, len(rows)-operatorRows)}
	most := gateway.Nano(1)
	for _, r := range rows[:len(rows)-t.Left] {
		most = max(most, r.Cost)
	}
	for _, r := range rows[:len(rows)-t.Left] {
		t.Rows = append(t.Rows, spendingRow{r, float64(r.Cost) / float64(most)})
	}
	return t
}

func visitOf(v posting.Visit) sourceView {
	out := sourceView{Visit: v}
	var sum posting.Summary
	if len(v.Summary) > 0 && json.Unmarshal(v.Summary, &sum) == nil {
		out.New, out.Changed, out.Refused, out.Counted = sum.New, sum.Changed, sum.RefusedCount(), true
	}
	return out
}

// Failing tells whether the last run of a source failed.
func (v sourceView) Failing() bool { return v.Failures > 0 || v.Error != "" }

// First and Last are the ends of the chart.
func (v *operatorView) First() string { return v.Days[0].Day }

// Last is the other one.
func (v *operatorView) Last() string { return v.Days[len(v.Days)-1].Day }

// Through is how much of its stage a switch has done.
func (v *operatorView) Through() float64 {
	return float64(v.Switch.Done) / float64(max(1, v.Switch.Total))
}
