package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/ident"
)

const requestIDKey = "request-id"

func requestID(c *gin.Context) string { return c.GetString(requestIDKey) }

// metrics are counted per class of status; a route's name is not a label, so that their number is bounded.
type metrics struct {
	byClass  [6]atomic.Int64
	inFlight atomic.Int64
	micros   atomic.Int64
	panics   atomic.Int64
	reports  atomic.Int64 // of the content security policy
}

func newMetrics() *metrics { return &metrics{} }

// observe gives a request its id, logs one line about it, counts it and turns a panic into a 500. Paths hold ids only; what people send is
// in bodies, which no line shows.
func (s *server) observe(c *gin.Context) {
	id := ident.New().String()
	c.Set(requestIDKey, id)
	c.Header("X-Request-Id", id)
	start := s.Now()
	s.metrics.inFlight.Add(1)
	defer func() {
		s.metrics.inFlight.Add(-1)
		if p := recover(); p != nil {
			s.metrics.panics.Add(1)
			s.Log.ErrorContext(c.Request.Context(), "panic", "request_id", id, "value", fmt.Sprint(p), "stack", string(debug.Stack()))
			s.fail(c, fmt.Errorf("panic: %v", p))
		}
		took := s.Now().Sub(start)
		status := c.Writer.Status()
		s.metrics.byClass[min(status/100, 5)].Add(1)
		s.metrics.micros.Add(took.Microseconds())
		level := slog.LevelInfo
		attrs := []any{"request_id", id, "method", c.Request.Method, "route", c.FullPath(), "status", status, "bytes", c.Writer.Size(), "took", took.Round(time.Microsecond)}
		if last := c.Errors.Last(); last != nil {
			attrs = append(attrs, "code", fault.CodeOf(last.Err))
			if status >= http.StatusInternalServerError {
				level = slog.LevelError
				attrs = append(attrs, "error", last.Err.Error())
			}
		}
		if c.FullPath() == "/healthz" {
			level = slog.LevelDebug
		}
		s.Log.Log(c.Request.Context(), level, "request", attrs...)
	}()
	c.Next()
}

// headers are sent with everything. What is about a person may stay in no cache;
// a handler whose answer is everybody's says so itself.
func (s *server) headers(c *gin.Context) {
	c.Header("X-Content-Type-Options", "nosniff")
	c.Header("Cache-Control", "no-store")
	c.Header("Referrer-Policy", "same-origin")
	c.Header("X-Frame-Options", "DENY")
	c.Header("Content-Security-Policy", policy())
	c.Next()
}

// sameOrigin refuses what another site has a browser send with our cookie; browsers say where a request comes from.
func (s *server) sameOrigin(guard *http.CrossOriginProtection) gin.HandlerFunc {
	return func(c *gin.Context) {
		if err := guard.Check(c.Request); err != nil {
			s.fail(c, fault.New(fault.Forbidden, "cross-origin", "A page of another site sent this request.").Because(err))
			c.Abort()
			return
		}
		c.Next()
	}
}

// showMetrics writes the counts in the text format of Prometheus.
func (s *server) showMetrics(c *gin.Context) {
	c.Header("Content-Type", "text/plain; version=0.0.4")
	w := c.Writer
	fmt.Fprintln(w, "# HELP gapwise_requests_total Requests answered, by class of status.")
	fmt.Fprintln(w, "# TYPE gapwise_requests_total counter")
	for class := 1; class < len(s.metrics.byClass); class++ {
		fmt.Fprintf(w, "gapwise_requests_total{class=\"%dxx\"} %d\n", class, s.metrics.byClass[class].Load())
	}
	fmt.Fprintln(w, "# HELP gapwise_request_seconds_total Time spent on requests.")
	fmt.Fprintln(w, "# TYPE gapwise_request_seconds_total counter")
	fmt.Fprintf(w, "gapwise_request_seconds_total %g\n", float64(s.metrics.micros.Load())/1e6)
	fmt.Fprintln(w, "# HELP gapwise_requests_in_flight Requests being answered now.")
	fmt.Fprintln(w, "# TYPE gapwise_requests_in_flight gauge")
	fmt.Fprintf(w, "gapwise_requests_in_flight %d\n", s.metrics.inFlight.Load())
	fmt.Fprintln(w, "# HELP gapwise_panics_total Handlers that panicked.")
	fmt.Fprintln(w, "# TYPE gapwise_panics_total counter")
	fmt.Fprintf(w, "gapwise_panics_total %d\n", s.metrics.panics.Load())
	fmt.Fprintln(w, "# HELP gapwise_csp_reports_total Reports of browsers that the content security policy stopped something.")
	fmt.Fprintln(w, "# TYPE gapwise_csp_reports_total counter")
	fmt.Fprintf(w, "gapwise_csp_reports_total %d\n", s.metrics.reports.Load())
	s.Gateway.WriteMetrics(w)
	s.Tutor.WriteMetrics(w)
}
