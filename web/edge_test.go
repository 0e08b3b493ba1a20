package web_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
)

func TestStatusOfKind(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	id := c.resume()
	for _, tt := range []struct {
		kind   fault.Kind
		status int
	}{
		{fault.NotFound, 404},
		{fault.Invalid, 400},
		{fault.Usage, 400},
		{fault.Unprocessable, 422},
		{fault.TooLarge, 413},
		{fault.Unsupported, 415},
		{fault.Conflict, 409},
		{fault.Unauthenticated, 401},
		{fault.Forbidden, 403},
		{fault.BudgetExceeded, 402},
		{fault.RateLimited, 429},
		{fault.Unavailable, 503},
		{fault.Timeout, 504},
		{fault.Internal, 500},
	} {
		t.Run(string(tt.kind), func(t *testing.T) {
			h.breakWith(fault.New(tt.kind, "some-code", "Some detail.").In("some_field").After(1500 * time.Millisecond).Because(errors.New("the inside")))
			c := &client{t: t, http: c.http, base: c.base}
			a := c.get("/api/v1/resumes/" + id.String())
			p := a.problem(t)
			if a.status != tt.status || p.Code != "some-code" || p.Detail != "Some detail." || p.Field != "some_field" {
				t.Errorf("got %d %+v, want status %d", a.status, p, tt.status)
			}
			if got := a.header.Get("Retry-After"); got != "2" {
				t.Errorf("Retry-After %q, want 2", got)
			}
			if got := a.header.Get("WWW-Authenticate") != ""; got != (tt.status == 401) {
				t.Errorf("WWW-Authenticate is there: %v", got)
			}
			page := c.page("/resumes/" + id.String())
			if page.status != tt.status || !strings.HasPrefix(page.header.Get("Content-Type"), "text/html") || !strings.Contains(page.body, "some-code") {
				t.Errorf("page: %d %s", page.status, page.header.Get("Content-Type"))
			}
			for _, body := range []string{a.body, page.body} {
				if strings.Contains(body, "the inside") {
					t.Error("the cause is shown")
				}
			}
		})
	}
}

func TestErrorsWithoutAKindSayNothing(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	id := c.resume()
	for name, broken := range map[string]any{"error": errors.New("password of the database"), "panic": "password of the database"} {
		t.Run(name, func(t *testing.T) {
			h.breakWith(broken)
			c := &client{t: t, http: c.http, base: c.base}
			a := c.get("/api/v1/resumes/" + id.String())
			if p := a.problem(t); a.status != 500 || p.Code != "internal" {
				t.Errorf("got %d %+v", a.status, p)
			}
			page := c.page("/resumes/" + id.String())
			if page.status != 500 || !strings.Contains(page.body, page.header.Get("X-Request-Id")) {
				t.Errorf("page: %d, without the request id: %s", page.status, page.body)
			}
			if strings.Contains(a.body+page.body, "password") || strings.Contains(a.body+page.body, ".go:") {
				t.Error("the inside is shown")
			}
			if log := h.log.String(); !strings.Contains(log, "password of the database") || !strings.Contains(log, a.header.Get("X-Request-Id")) {
				t.Error("the log does not say what happened")
			}
		})
	}
	h.breakWith(nil)
	if a := c.get("/api/v1/resumes/" + id.String()); a.status != 200 {
		t.Errorf("after the panic: %d", a.status)
	}
}

func TestHeadersOfEverything(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	ids := map[string]bool{}
	for _, path := range []string{"/", "/healthz", "/readyz", "/openapi.yaml", "/api/v1/roles", "/api/v1/usage", "/nowhere", "/career-paths/nobody", "/metrics"} {
		a := c.page(path)
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "X-Frame-Options": "DENY",
		} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		csp := a.header.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "form-action 'self'") || strings.Contains(csp, "unsafe") || !strings.Contains(csp, "script-src 'self';") {
			t.Errorf("%s: policy %q", path, csp)
		}
		if a.header.Get("Cache-Control") == "" {
			t.Errorf("%s: nothing says who may keep it", path)
		}
		id := a.header.Get("X-Request-Id")
		if id == "" || ids[id] {
			t.Errorf("%s: request id %q is missing or was there before", path, id)
		}
		ids[id] = true
	}
}

func TestHeadWorksWhereGetDoes(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	id := c.resume().String()
	for _, path := range []string{
		"/", "/healthz", "/openapi.yaml", "/career-paths", "/career-paths/data-engineer", "/usage", "/me/delete", "/nowhere", "/metrics",
		"/resumes/" + id, "/resumes/" + id + "/text", "/resumes/" + id + "/gaps/data-engineer", "/resumes/" + id + "/jobs",
		"/api/v1/roles", "/api/v1/resumes/" + id, "/api/v1/resumes/" + id + "/file", "/v1/models",
	} {
		get, head := c.page(path), c.do(http.MethodHead, path, nil, "Accept", "text/html,*/*")
		if head.status != get.status || head.body != "" || head.header.Get("Content-Type") != get.header.Get("Content-Type") {
			t.Errorf("%s: HEAD %d %q with %d bytes, GET %d %q", path, head.status, head.header.Get("Content-Type"), len(head.body), get.status, get.header.Get("Content-Type"))
		}
	}
}

func TestMethodThatAPathDoesNotTake(t *testing.T) {
	c := open(t, nil, gateway.DefaultCaps).newClient(t)
	for _, tt := range []struct{ method, path string }{
		{http.MethodDelete, "/api/v1/roles"}, {http.MethodPost, "/api/v1/usage"}, {http.MethodPut, "/"}, {http.MethodPatch, "/healthz"}, {http.MethodDelete, "/resumes"},
	} {
		a := c.do(tt.method, tt.path, nil)
		if p := a.problem(t); a.status != 405 || p.Code != "method-not-allowed" || a.header.Get("Allow") == "" {
			t.Errorf("%s %s: %d %+v, Allow %q", tt.method, tt.path, a.status, p, a.header.Get("Allow"))
		}
	}
	if a := c.get("/api/v1/nothing"); a.status != 404 || a.problem(t).Code != "unknown-path" {
		t.Errorf("unknown path: %d", a.status)
	}
}

func TestHealth(t *testing.T) {
	c := open(t, nil, gateway.DefaultCaps).newClient(t)
	if a := c.get("/healthz"); a.status != 200 || a.body != "ok\n" {
		t.Errorf("healthz: %d %q", a.status, a.body)
	}
	if a := c.get("/readyz"); a.status != 200 || a.body != "ready\n" {
		t.Errorf("readyz: %d %q", a.status, a.body)
	}
	a := c.get("/metrics")
	for _, want := range []string{`gapwise_requests_total{class="2xx"} 2`, "gapwise_requests_in_flight 1", "gapwise_panics_total 0"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("metrics lack %s:\n%s", want, a.body)
		}
	}
}

func TestAPeerThatHasGone(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	h.newClient(t).resume()
	h.breakWith(context.Canceled)
	c := h.newClient(t)
	id := c.resume()
	if a := c.get("/api/v1/resumes/" + id.String()); a.status != 500 {
		t.Errorf("a cancellation that is not the peer's is %d, want 500", a.status)
	}
}
