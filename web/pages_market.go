package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
)

// marketPageView is the market of a role, or of all.
type marketPageView struct {
	*gapanalysis.MarketView
	Name    string // of the role; "" for all
	Resume  string
	Roles   []*catalog.Role
	First   string // first and last month of the view; "" where there are none
	Last    string
	Rows    []marketRow
	busiest int // postings of the month that has most
	opened  int // postings that the first of the skills opens
}

// marketRow is a skill with its demand as a line.
type marketRow struct {
	gapanalysis.MarketSkill
	Line string  // points of the SVG; "" where there is too little to draw
	X, Y float64 // its last point
}

// Rise and Fall are the percentage points of a change, one of which is 0.
func (r marketRow) Rise() int { return max(0, r.Change) }

// Fall is the other way round.
func (r marketRow) Fall() int { return max(0, -r.Change) }

// The measures of a line, in the units of its view box.
const (
	lineWidth, lineHeight = 100.0, 24.0
	lineEdge              = 2.0 // which leaves room for the stroke
)

// lineLeast is how many postings a month has at least to be drawn: the same that the months have which are compared in words.
const lineLeast = 5

// line draws the demand of a skill by month. All skills of a page are drawn to one scale, so that they can be compared.
func line(months []gapanalysis.DemandMonth, most float64) (points string, x, y float64) {
	if len(months) < 2 || most <= 0 {
		return "", 0, 0
	}
	parts := make([]string, len(months))
	for i, m := range months {
		x = lineEdge + (lineWidth-2*lineEdge)*float64(i)/float64(len(months)-1)
		y = lineHeight - lineEdge - (lineHeight-2*lineEdge)*m.Share/most
		parts[i] = strconv.FormatFloat(x, 'f', 1, 64) + "," + strconv.FormatFloat(y, 'f', 1, 64)
	}
	return strings.Join(parts, " "), x, y
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
	v.draw()
	return s.render(c, http.StatusOK, "market", frame{Section: "market", Page: v, Part: "market-view"})
}

// draw lays the charts out.
func (v *marketPageView) draw() {
	for _, m := range v.Months {
		v.busiest = max(v.busiest, m.Postings)
	}
	if n := len(v.Months); n > 0 {
		v.First, v.Last = v.Months[0].Month, v.Months[n-1].Month
	}
	most := 0.0
	drawn := make([][]gapanalysis.DemandMonth, len(v.Skills))
	for i, sk := range v.Skills {
		for k, m := range sk.Months {
			if v.Months[k].Postings >= lineLeast {
				drawn[i] = append(drawn[i], m)
				most = max(most, m.Share)
			}
		}
	}
	for i, sk := range v.Skills {
		points, x, y := line(drawn[i], most)
		v.Rows = append(v.Rows, marketRow{sk, points, x, y})
	}
	for _, o := range v.Opens {
		v.opened = max(v.opened, o.Postings)
	}
}

// OfMonths is a month's postings as a share of the most that a month has.
func (v marketPageView) OfMonths(n int) float64 { return float64(n) / float64(max(1, v.busiest)) }

// OfOpens is what a skill opens as a share of what the first one does.
func (v marketPageView) OfOpens(n int) float64 { return float64(n) / float64(max(1, v.opened)) }
