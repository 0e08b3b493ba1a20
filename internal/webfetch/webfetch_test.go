package webfetch_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/webfetch"
)

func anywhere(netip.Addr) bool { return true }

func TestText(t *testing.T) {
	mux := http.NewServeMux()
	page := func(path, kind, body string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			_, _ = w.Write([]byte(body))
		})
	}
	page("/job", "text/html; charset=utf-8", `<!doctype html><head><title>Job</title><style>p{}</style></head><body><nav>Home</nav>
		<h1>Go engineer</h1><p>You know <b>Go</b> and&nbsp;PostgreSQL.</p><ul><li>Kafka<li>Redis</ul><script>var go = "Rust"</script></body>`)
	page("/plain", "text/plain", "Strong Go.\nSome Kafka.")
	page("/latin", "text/html; charset=iso-8859-1", "<p>M\xfcnchen</p>")
	page("/pdf", "application/pdf", "%PDF-1.7")
	page("/huge", "text/plain", strings.Repeat("x", 5<<20))
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) })
	mux.HandleFunc("/file", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
	})
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/plain", http.StatusFound) })
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	f := webfetch.New(anywhere)
	tests := []struct {
		path, want string
		kind       fault.Kind
	}{
		{"/job", "Go engineer\nYou know Go and PostgreSQL.\n- Kafka\n- Redis", ""},
		{"/plain", "Strong Go.\nSome Kafka.", ""},
		{"/moved", "Strong Go.\nSome Kafka.", ""},
		{"/latin", "München", ""},
		{"/huge", strings.Repeat("x", 2<<20), ""},
		{"/pdf", "", fault.Unprocessable},
		{"/none", "", fault.Unprocessable},
		{"/loop", "", fault.Unprocessable},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			got, err := f.Text(t.Context(), srv.URL+tt.path)
			if got != tt.want || tt.kind != "" && (fault.KindOf(err) != tt.kind || fault.FieldOf(err) != "url") || tt.kind == "" && err != nil {
				t.Errorf("%.200q, %v; want %.200q, %s", got, err, tt.want, tt.kind)
			}
		})
	}
	if got, err := f.Text(t.Context(), srv.URL+"/file"); err == nil {
		t.Errorf("a redirect to a file gave %q", got)
	}
}

// TestOwnNetwork asks for what a server must not be made to ask for.
func TestOwnNetwork(t *testing.T) {
	reached := false
	inside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		reached = true
		fmt.Fprint(w, "secret")
	}))
	t.Cleanup(inside.Close)
	f := webfetch.New(nil)
	port := inside.URL[strings.LastIndex(inside.URL, ":"):]
	for _, address := range []string{
		inside.URL, "http://localhost" + port, "http://[::1]" + port, "http://[::ffff:127.0.0.1]" + port, "http://0.0.0.0" + port, "http://2130706433" + port,
		"http://169.254.169.254/latest/meta-data", "http://10.0.0.1", "file:///etc/passwd", "ftp://example.org", "http://user:secret@example.org", "", "://",
	} {
		if text, err := f.Text(t.Context(), address); err == nil {
			t.Errorf("%s was read: %q", address, text)
		}
	}
	if reached {
		t.Error("the server of our own network was asked")
	}
}

func TestPublic(t *testing.T) {
	tests := map[string]bool{
		"93.184.215.14": true, "2606:4700::1111": true,
		"127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false, "0.0.0.0": false,
		"224.0.0.1": false, "255.255.255.255": false, "::1": false, "::": false, "fe80::1": false, "fd00::1": false, "64:ff9b::a00:1": false, "2002:a00:1::": false,
	}
	for address, want := range tests {
		if got := webfetch.Public(netip.MustParseAddr(address)); got != want {
			t.Errorf("Public(%s) = %v, want %v", address, got, want)
		}
	}
}
