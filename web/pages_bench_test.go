package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"syscall"
	"testing"

	"github.com/gapwise/gapwise/gateway"
)

// BenchmarkPages is what a page costs apart from the database: processor time, which a busy machine does not change, is reported beside the
// time on the clock.
func BenchmarkPages(b *testing.B) {
	h := open(b, nil, gateway.DefaultCaps)
	c := h.newClient(b)
	own := "/resumes/" + c.resume().String()
	for _, bb := range []struct{ name, path string }{
		{"home", "/"}, {"role", seniorPath}, {"report", own + "/gaps/senior-backend-engineer"},
	} {
		b.Run(bb.name, func(b *testing.B) {
			r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, bb.path, nil)
			r.Header.Set("Accept", "text/html")
			r.Header.Set("Accept-Encoding", "gzip")
			for _, cookie := range c.http.Jar.Cookies(address(b, h.server.URL)) {
				r.AddCookie(cookie)
			}
			before := processorTime(b)
			for b.Loop() {
				w := httptest.NewRecorder()
				h.handler.ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					b.Fatal(w.Code)
				}
			}
			b.ReportMetric(float64(processorTime(b)-before)/float64(b.N)/1e6, "cpu-ms/op")
		})
	}
}

// processorTime is what the process has used, in nanoseconds.
func processorTime(b *testing.B) int64 {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

func address(b *testing.B, raw string) *url.URL {
	b.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		b.Fatal(err)
	}
	return u
}
