package web

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/internal/fault"
)

// reportPath is where browsers tell what the policy kept a page from.
const reportPath = "/csp-reports"

// policy is the Content-Security-Policy of every answer: nothing from elsewhere, nothing inline. more are directives of one page.
func policy(more ...string) string {
	return strings.Join(append([]string{
		"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'", "form-action 'self'", "base-uri 'none'",
		"frame-ancestors 'none'", "report-uri " + reportPath,
	}, more...), "; ")
}

// maxReport bounds what a browser may send about one page.
const maxReport = 64 << 10

// takeReports counts what the policy stopped, and logs what it was: of the page its path alone, which holds ids and nothing else.
func (s *server) takeReports(c *gin.Context) error {
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, maxReport))
	if err != nil {
		return fault.New(fault.TooLarge, "report-too-large", "The report is too large.").Because(err)
	}
	var sent struct {
		Report struct {
			Directive string `json:"violated-directive"`
			Blocked   string `json:"blocked-uri"`
			Source    string `json:"source-file"`
		} `json:"csp-report"`
	}
	if err := json.Unmarshal(body, &sent); err != nil {
		return fault.New(fault.Invalid, "malformed-report", "The report cannot be read.").Because(err)
	}
	s.metrics.reports.Add(1)
	r := sent.Report
	s.Log.WarnContext(c.Request.Context(), "the content security policy stopped something", "request_id", requestID(c),
		"directive", clip(r.Directive), "blocked", clip(r.Blocked), "source", clip(r.Source))
	c.Status(http.StatusNoContent)
	return nil
}

// clip bounds what a stranger can put into the log.
func clip(s string) string {
	const most = 120
	if len(s) > most {
		return s[:most] + "…"
	}
	return s
}
