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

func TestPage(t *testing.T) {
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
	mux.HandleFunc("/endless", func(w http.ResponseWriter, r *http.Request) { // as a page of 5 GB, which nobody waits for
		w.Header().Set("Content-Type", "text/html")
		for piece := []byte(strings.Repeat("<p>more", 10_000)); r.Context().Err() == nil; {
			if _, err := w.Write(piece); err != nil {
				return
			}
		}
	})
	mux.HandleFunc("/cut", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Length", "1000")
		_, _ = w.Write([]byte("<p>Go"))
	})
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
		html       bool
		code       string
	}{
		{"/job", "<b>Go</b> and", true, ""},
		{"/plain", "Strong Go.\nSome Kafka.", false, ""},
		{"/moved", "Strong Go.\nSome Kafka.", false, ""},
		{"/latin", "<p>München</p>", true, ""},
		{"/huge", "", false, "url-too-large"},
		{"/endless", "", false, "url-too-large"},
		{"/pdf", "", false, "url-not-a-page"},
		{"/none", "", false, "url-not-read"},
		{"/loop", "", false, "url-not-read"},
		{"/cut", "", false, "url-not-read"},
		{"/file", "", false, "invalid-url"},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			got, err := f.Page(t.Context(), srv.URL+tt.path)
			if !strings.Contains(got.Body, tt.want) || got.HTML != tt.html || tt.code == "" && err != nil {
				t.Errorf("%.200q, %v; want %.200q", got.Body, err, tt.want)
			}
			if tt.code != "" && (fault.CodeOf(err) != tt.code || fault.FieldOf(err) != "url" || got.Body != "") {
				t.Errorf("%v, want %s of the field url", err, tt.code)
			}
		})
	}
}

// TestRedirectInside: a public page that sends to a private address is refused by name, and the address is never reached.
func TestRedirectInside(t *testing.T) {
	reached := false
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	t.Cleanup(inside.Close)
	outside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, strings.Replace(inside.URL, "127.0.0.1", "127.0.0.2", 1), http.StatusFound)
	}))
	t.Cleanup(outside.Close)
	f := webfetch.New(func(a netip.Addr) bool { return a == netip.MustParseAddr("127.0.0.1") }) // stands for what is public
	if _, err := f.Page(t.Context(), outside.URL); fault.CodeOf(err) != "url-not-public" || reached {
		t.Errorf("%v, reached %v; want url-not-public", err, reached)
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
		if text, err := f.Page(t.Context(), address); err == nil {
			t.Errorf("%s was read: %+v", address, text)
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
