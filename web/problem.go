package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/internal/fault"
)

// Problem is an error as the API tells it (RFC 9457).
type Problem struct {
	Type      string `json:"type"`
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail"`
	Code      string `json:"code"`
	Field     string `json:"field,omitempty"`
	RequestID string `json:"request_id,omitempty"`
	// OpenAI is the same error in the shape of the OpenAI interface, where that was asked.
	OpenAI *openAIError `json:"error,omitempty"`

	retryAfter time.Duration
}

// errMethod is a known path asked with the wrong method.
var errMethod = fault.New(fault.Invalid, "method-not-allowed", "This path does not take this method. /openapi.yaml lists what it takes.")

// statusOf is the one place where a kind becomes a status.
func statusOf(err error) int {
	switch fault.KindOf(err) {
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Invalid, fault.Usage:
		return http.StatusBadRequest
	case fault.Unprocessable:
		return http.StatusUnprocessableEntity
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.Unsupported:
		return http.StatusUnsupportedMediaType
	case fault.Conflict:
		return http.StatusConflict
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.BudgetExceeded:
		return http.StatusPaymentRequired
	case fault.RateLimited:
		return http.StatusTooManyRequests
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	case fault.Timeout:
		return http.StatusGatewayTimeout
	case fault.Internal:
	}
	return http.StatusInternalServerError
}

func problemOf(err error, requestID string) Problem {
	status := statusOf(err)
	if errors.Is(err, errMethod) {
		status = http.StatusMethodNotAllowed
	}
	code := fault.CodeOf(err)
	return Problem{
		Type: "urn:gapwise:problem:" + code, Title: http.StatusText(status), Status: status, Detail: fault.DetailOf(err), Code: code,
		Field: fault.FieldOf(err), RequestID: requestID, retryAfter: fault.RetryAfter(err),
	}
}

// problemHeaders are what a problem says in headers, as JSON and as a page alike.
func problemHeaders(w http.ResponseWriter, p Problem) {
	w.Header().Set("Cache-Control", "no-store")
	if p.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(p.retryAfter.Seconds()+0.999)))
	}
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="gapwise"`)
	}
}

func writeProblem(w http.ResponseWriter, p Problem) {
	problemHeaders(w, p)
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the peer has gone; nothing is left to tell
}

// statusGone is for the log only: nobody is left to read it. It is the number that proxies use for this.
const statusGone = 499

// fail answers with a problem, or with a page where a browser asked for one. An unknown error says nothing of its inside.
func (s *server) fail(c *gin.Context, err error) {
	_ = c.Error(err) // for the log line of the request
	if c.Writer.Written() {
		return // a stream has begun; its handler has said what there is to say
	}
	if c.Request.Context().Err() != nil && errors.Is(err, context.Canceled) {
		c.Status(statusGone)
		return
	}
	p := problemOf(err, requestID(c))
	if wantsPage(c) {
		s.problemPage(c, p)
		return
	}
	if c.GetBool(compatibleKey) {
		p.OpenAI = errorView(p)
	}
	writeProblem(c.Writer, p)
}

// compatibleKey marks a request of the OpenAI-compatible interface.
const compatibleKey = "openai-compatible"

// openAIError is an error as clients of the OpenAI interface read it.
type openAIError struct {
	Message string  `json:"message"`
	Type    string  `json:"type"`
	Param   *string `json:"param"`
	Code    string  `json:"code"`
}

func errorView(p Problem) *openAIError {
	e := &openAIError{Message: p.Detail, Code: p.Code, Type: "invalid_request_error"}
	if p.Field != "" {
		e.Param = &p.Field
	}
	switch {
	case p.Status == http.StatusPaymentRequired:
		e.Type = "insufficient_quota"
	case p.Status == http.StatusUnauthorized:
		e.Type = "authentication_error"
	case p.Status == http.StatusForbidden:
		e.Type = "permission_error"
	case p.Status == http.StatusTooManyRequests:
		e.Type = "rate_limit_error"
	case p.Status >= http.StatusInternalServerError:
		e.Type = "server_error"
	}
	return e
}

// wantsPage tells whether a browser asks: it prefers HTML and is not in the API.
func wantsPage(c *gin.Context) bool {
	return !strings.HasPrefix(c.Request.URL.Path, "/api/") && !strings.HasPrefix(c.Request.URL.Path, "/v1/") &&
		strings.Contains(c.GetHeader("Accept"), "text/html")
}
