package web_test

import (
	"compress/gzip"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/gapwise/gapwise/gateway"
)

func TestSettings(t *testing.T) {
	c := open(t, nil, gateway.DefaultCaps).newClient(t)
	root := func(header ...string) (lang, theme, keys string) {
		t.Helper()
		n := all(parse(t, c.get("/career-paths", append(header, "Accept", "text/html")...)), "html")[0]
		return attr(n, "lang"), attr(n, "data-theme"), attr(n, "data-keys")
	}
	if lang, theme, _ := root(); lang != "en" || theme != "" {
		t.Errorf("unset: %s %q", lang, theme)
	}
	if lang, _, _ := root("Accept-Language", "de-CH,de;q=0.9"); lang != "de" {
		t.Errorf("a German browser sees %s", lang)
	}
	a := c.form("/settings", "theme", "dark", "language", "es", "keys", "no", "streaming", "no", "to", "/career-paths?x=1")
	if a.status != 303 || a.header.Get("Location") != "/career-paths?x=1" {
		t.Fatalf("%d %s", a.status, a.header.Get("Location"))
	}
	if lang, theme, keys := root("Accept-Language", "de"); lang != "es" || theme != "dark" || keys != "no" {
		t.Errorf("set: %s %q %q", lang, theme, keys)
	}
	if body := c.page("/career-paths").body; !strings.Contains(body, "Trayectorias") || !strings.Contains(body, `content="dark"`) || !strings.Contains(body, `data-streaming="no"`) {
		t.Error("the page does not follow the settings")
	}
	for _, to := range []string{"//example.org", "https://example.org", `/\example.org`, "example.org", "", "/%zz"} {
		if a := c.form("/settings", "theme", "auto", "to", to); a.header.Get("Location") != "/" {
			t.Errorf("%q leads to %s", to, a.header.Get("Location"))
		}
	}
	for name, value := range map[string]string{"theme": "pink", "language": "xx", "streaming": "maybe", "keys": "1"} {
		if a := c.form("/settings", name, value, "to", "/"); a.status != 400 {
			t.Errorf("%s=%s: %d", name, value, a.status)
		}
	}
}

func TestPolicyReports(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	count := func() string {
		return regexp.MustCompile(`(?m)^gapwise_csp_reports_total \d+`).FindString(c.get("/metrics").body)
	}
	if got := count(); got != "gapwise_csp_reports_total 0" {
		t.Fatalf("at first: %q", got)
	}
	a := c.do("POST", "/csp-reports", strings.NewReader(`{"csp-report":{"document-uri":"http://x/resumes/1","violated-directive":"script-src","blocked-uri":"inline"}}`), "Content-Type", "application/csp-report")
	if a.status != 204 {
		t.Errorf("%d %s", a.status, a.body)
	}
	if got := count(); got != "gapwise_csp_reports_total 1" {
		t.Errorf("after one: %q", got)
	}
	if !strings.Contains(h.log.String(), "script-src") || strings.Contains(h.log.String(), "resumes/1") {
		t.Error("the log has not the directive, or the address of the page")
	}
	for name, body := range map[string]string{"no JSON": "x", "too large": strings.Repeat(" ", 65<<10)} {
		if a := c.do("POST", "/csp-reports", strings.NewReader(body)); a.status < 400 || a.status >= 500 {
			t.Errorf("%s: %d", name, a.status)
		}
	}
}

func TestPagesAreCompressed(t *testing.T) {
	c := open(t, nil, gateway.DefaultCaps).newClient(t)
	for _, path := range []string{"/", "/career-paths/data-engineer", "/assets/style.css", "/openapi.yaml"} {
		plain := c.get(path, "Accept", "text/html", "Accept-Encoding", "identity")
		packed := c.get(path, "Accept", "text/html", "Accept-Encoding", "br, gzip")
		if packed.header.Get("Content-Encoding") != "gzip" || plain.header.Get("Content-Encoding") != "" || !strings.Contains(strings.Join(packed.header.Values("Vary"), ","), "Accept-Encoding") {
			t.Errorf("%s: %v and %v", path, packed.header, plain.header)
			continue
		}
		r, err := gzip.NewReader(strings.NewReader(packed.body))
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil || string(b) != plain.body {
			t.Errorf("%s: it unpacks to something else: %v", path, err)
		}
		if len(packed.body)*2 > len(plain.body) {
			t.Errorf("%s: %d of %d bytes", path, len(packed.body), len(plain.body))
		}
		if a := c.get(path, "Accept", "text/html", "Accept-Encoding", "gzip;q=0"); a.header.Get("Content-Encoding") != "" {
			t.Errorf("%s: packed for who does not take it", path)
		}
	}
}
