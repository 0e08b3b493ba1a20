package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/skill"
)

// extraTab is the list of what is not asked for.
const extraTab = "extra"

// The lists of a report, by status, and the orders that its rows can have; the first of each is that of who asks for none.
var (
	gapTabs   = [...]string{"", string(gapanalysis.Missing), string(gapanalysis.Partial), string(gapanalysis.Transferable), string(gapanalysis.Have), extraTab}
	gapOrders = [...]string{"moves", "first", "weight", "hours", "phase", "name"}
)

// listChoice is which rows are shown, and in which order.
type listChoice struct {
	Show  string // one of gapTabs
	Sort  string // one of gapOrders
	Phase string // id of a phase, "" for all
	Must  bool
}

// choiceOf reads it from the query. What there is not is as if nothing was asked for.
func choiceOf(c *gin.Context) listChoice {
	v := listChoice{Show: c.Query("show"), Sort: c.Query("sort"), Phase: c.Query("phase"), Must: c.Query("must") == "1"}
	if !slices.Contains(gapTabs[:], v.Show) {
		v.Show = gapTabs[0]
	}
	if !slices.Contains(gapOrders[:], v.Sort) {
		v.Sort = gapOrders[0]
	}
	return v
}

// Orders are what the form offers.
func (listChoice) Orders() []string { return gapOrders[:] }

// Filtered tells whether rows are left out that are not of another tab.
func (v listChoice) Filtered() bool { return v.Must || v.Phase != "" }

// at is the address of the page as it is, but for pairs of names and values.
func (v *gapsView) at(pairs ...string) string {
	q := url.Values{}
	if !v.Kept {
		q.Set("hours_per_week", v.Hours)
		q.Set("assume", v.Assume)
	}
	q.Set("show", v.Show)
	q.Set("phase", v.Phase)
	if v.Sort != gapOrders[0] {
		q.Set("sort", v.Sort)
	}
	if v.Must {
		q.Set("must", "1")
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	for name := range q {
		if q.Get(name) == "" {
			q.Del(name)
		}
	}
	if len(q) == 0 {
		return v.Base
	}
	return v.Base + "?" + q.Encode()
}

// Query is that of the page, as what follows an address.
func (v *gapsView) Query() string { return strings.TrimPrefix(v.at(), v.Base) }

// All is the address without a filter.
func (v *gapsView) All() string { return v.at("show", "", "must", "", "phase", "") }

// Listed tells whether the rows of what is asked for are shown.
func (v *gapsView) Listed() bool { return v.Show != extraTab }

// Beyond tells whether what is not asked for is shown.
func (v *gapsView) Beyond() bool { return v.Show == extraTab || v.Show == "" && !v.Filtered() }

// choose counts the tabs, leaves out what was not asked for, and puts the rest in order.
func (v *gapsView) choose() {
	known := v.Role != nil && slices.ContainsFunc(v.Rows, func(g gapView) bool { return g.Phase == v.Phase })
	if !known {
		v.Phase = ""
	}
	v.Rows = slices.DeleteFunc(v.Rows, func(g gapView) bool { return v.Must && !g.Must || v.Phase != "" && g.Phase != v.Phase })
	for _, name := range gapTabs {
		t := gapTab{Name: cmp.Or(name, "all"), Address: v.at("show", name), Current: v.Show == name}
		switch name {
		case "":
			t.Count = len(v.Rows)
		case extraTab:
			t.Count = len(v.Extra)
		default:
			for _, g := range v.Rows {
				if string(g.Status) == name {
					t.Count++
				}
			}
		}
		v.Tabs = append(v.Tabs, t)
	}
	if v.Show != "" {
		v.Rows = slices.DeleteFunc(v.Rows, func(g gapView) bool { return string(g.Status) != v.Show })
	}
	slices.SortStableFunc(v.Rows, gapOrder(v.Sort))
}

// gapOrder compares two rows for an order. What is at its level comes after what is open, where the order is about what to do.
func gapOrder(name string) func(a, b gapView) int {
	open := func(g gapView) int {
		if g.Status == gapanalysis.Have {
			return 1
		}
		return 0
	}
	return func(a, b gapView) int {
		switch name {
		case "first":
			return cmp.Or(cmp.Compare(open(a), open(b)), cmp.Compare(a.Priority, b.Priority))
		case "hours":
			return cmp.Or(cmp.Compare(open(a), open(b)), cmp.Compare(a.Hours.P50, b.Hours.P50), cmp.Compare(b.Left, a.Left))
		case "weight":
			return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(b.Left, a.Left))
		case "phase":
			return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.Order, b.Order))
		case "name":
			return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
		}
		return cmp.Or(cmp.Compare(b.Left, a.Left), cmp.Compare(b.Weight, a.Weight))
	}
}

// sayOnGap takes a person's word on one skill of a report: that a reading is not so, or that they have it, with what proves it.
func (s *server) sayOnGap(c *gin.Context) error {
	role, err := s.Catalog.Role(c.Param("role"))
	if err != nil {
		return err
	}
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	name := c.Param("skill")
	correction, err := correctionOf(c, name)
	if err == nil && correction.Status == skill.StatusConfirmed && strings.TrimSpace(correction.Note) == "" {
		err = fault.New(fault.Invalid, "proof-missing", "Say what shows it: where you used it, or an address.").In("note")
	}
	if err == nil {
		_, err = s.Intake.Vouch(c.Request.Context(), person, id, correction)
	}
	if err != nil {
		p, ok := s.formProblem(c, err)
		if !ok {
			return err
		}
		if p.Field = "proof-note-" + name; correction.Status == skill.StatusRejected {
			p.Field = "reject-note-" + name
		}
		return s.showGaps(c, p.Status, frame{Problem: p}, correction)
	}
	q := c.Request.URL.Query()
	q.Del("show") // it may be of another list now
	q.Set("said", name)
	c.Redirect(http.StatusSeeOther, gapsAddress(id.String(), role.ID)+"?"+q.Encode()+"#skill-"+url.PathEscape(name))
	return nil
}

// saidOf is what to say where the address tells that a word was just taken.
func (s *server) saidOf(c *gin.Context) string {
	k, err := s.Catalog.Skill(c.Query("said"))
	if err != nil {
		return ""
	}
	return s.say(c).Say("gaps.said", k.Name)
}
