package web

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
)

// reportForm is a kind of document that a report is given as.
type reportForm struct {
	name      string // as ?format= says it, and the ending of a file's name
	mediaType string
	words     string // for the link to it
}

// The forms of a report, the one that is given to who has no wish first.
var reportForms = [...]reportForm{
	{"json", "application/json", "JSON"},
	{"html", "text/html", "a page"},
	{"md", "text/markdown", "Markdown"},
	{"csv", "text/csv", "CSV, the table of skills"},
	{"pdf", "application/pdf", "PDF"},
}

// pageForm is a page for a browser.
var pageForm = reportForms[1]

// formOf is the form that a request asks for: the query's word, which a link can say, over what Accept prefers.
func formOf(c *gin.Context) (reportForm, error) {
	c.Writer.Header().Add("Vary", "Accept")
	if name := c.Query("format"); name != "" {
		for _, f := range reportForms {
			if f.name == name {
				return f, nil
			}
		}
		return reportForm{}, fault.New(fault.Invalid, "invalid-format", "format is json, html, md, csv or pdf.").In("format")
	}
	best, most := reportForms[0], 0.0
	for _, f := range reportForms {
		if q := preference(c.Request.Header.Values("Accept"), f.mediaType); q > most {
			best, most = f, q
		}
	}
	return best, nil // who takes none of them gets JSON rather than nothing
}

// preference is the quality that the Accept headers give to a media type: that of the range that is most specific for it (RFC 9110, 12.5.1).
func preference(headers []string, mediaType string) float64 {
	major, _, _ := strings.Cut(mediaType, "/")
	quality, specific := 0.0, 0
	for part := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		name, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		rank := map[string]int{mediaType: 3, major + "/*": 2, "*/*": 1}[name]
		if rank <= specific {
			continue
		}
		q := 1.0
		if s, ok := params["q"]; ok {
			if q, err = strconv.ParseFloat(s, 64); err != nil || !(q >= 0 && q <= 1) {
				continue
			}
		}
		quality, specific = q, rank
	}
	return quality
}

// given is a report with what its forms say beside it.
type given struct {
	Report *gapanalysis.Report
	Title  string                 // the role's name, or what else it is about
	Pace   int                    // hours a week
	AsOf   time.Time              // the day that its dates count from
	Name   func(id string) string // of a skill
	Asks   func(id string) string // name of a role
}

// file is the name under which a form of the report is saved.
func (g given) file(f reportForm) string {
	return fmt.Sprintf("gaps-%s-%s.%s", g.Report.Role, g.AsOf.Format(time.DateOnly), f.name)
}

// giveReport answers with a report in the form that was asked for. As JSON it is whatever asJSON is: the report, or the run around it.
func (s *server) giveReport(c *gin.Context, f reportForm, asJSON any, person uuid.UUID, r *gapanalysis.Report, a gapanalysis.Ask) error {
	if f.name == "json" {
		c.JSON(http.StatusOK, asJSON)
		return nil
	}
	g, err := s.given(c, person, r, a)
	if err != nil {
		return err
	}
	var body []byte
	switch f.name {
	case "html":
		return s.showReport(c, person, g)
	case "md":
		body = reportMarkdown(g)
	case "csv":
		body, err = reportCSV(g)
	default:
		body, err = reportPDF(g)
	}
	if err != nil {
		return fmt.Errorf("write a report as %s: %w", f.name, err)
	}
	kind := f.mediaType
	if strings.HasPrefix(kind, "text/") {
		kind += "; charset=utf-8"
	}
	c.Header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": g.file(f)}))
	c.Data(http.StatusOK, kind, body)
	return nil
}

// given adds to a report what it was made with: of a kept one from its run, so that its forms are the same on every day.
func (s *server) given(c *gin.Context, person uuid.UUID, r *gapanalysis.Report, a gapanalysis.Ask) (given, error) {
	g := given{Report: r, Title: s.targetName(r.Role), Pace: a.HoursPerWeek, AsOf: s.Now().UTC(), Name: s.skillName, Asks: s.targetName}
	if g.Pace == 0 {
		g.Pace = gapanalysis.DefaultHoursPerWeek
	}
	id, err := uuid.Parse(r.Run)
	if err != nil {
		return g, nil //nolint:nilerr // what has no run was not kept
	}
	run, err := s.Gaps.KeptRun(c.Request.Context(), person, id)
	if err != nil {
		return g, err
	}
	g.Pace = run.Inputs.HoursPerWeek
	g.AsOf, err = time.Parse(time.DateOnly, run.Inputs.AsOf)
	return g, err
}

// postingTarget is the role of a report about a job description.
const postingTarget = "posting"

// targetName is a role's name, or words for what is no role of the catalogue.
func (s *server) targetName(id string) string {
	if r, err := s.Catalog.Role(id); err == nil {
		return r.Name
	}
	if id == postingTarget {
		return "a job description"
	}
	return id
}

// getRun gives a report that was given before; as JSON with what it was made of.
func (s *server) getRun(c *gin.Context) error {
	f, err := formOf(c)
	if err != nil {
		return err
	}
	return s.giveRun(c, f)
}

func (s *server) giveRun(c *gin.Context, f reportForm) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	run, err := s.Gaps.KeptRun(c.Request.Context(), person, id)
	if err != nil {
		return err
	}
	r := &gapanalysis.Report{Run: run.ID.String()}
	if err := json.Unmarshal(run.Report, r); err != nil {
		return fmt.Errorf("read run %s: %w", run.ID, err)
	}
	return s.giveReport(c, f, run, person, r, gapanalysis.Ask{HoursPerWeek: run.Inputs.HoursPerWeek})
}
