package posting_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/posting"
)

// visits keeps them in memory.
type visits map[string]posting.Visit

func (v visits) Visit(_ context.Context, name string) (posting.Visit, error) {
	if x, ok := v[name]; ok {
		return x, nil
	}
	return posting.Visit{}, fault.New(fault.NotFound, "no-visit", "")
}

func (v visits) SaveVisit(_ context.Context, x posting.Visit) error {
	x.Scheduled = v[x.Name].Scheduled
	v[x.Name] = x
	return nil
}

func (v visits) Scheduled(context.Context) (out []posting.Visit, err error) {
	for _, x := range v {
		if x.Scheduled {
			out = append(out, x)
		}
	}
	return out, nil
}

func (v visits) Schedule(_ context.Context, name string, on bool, now time.Time) (bool, error) {
	x := v[name]
	changed := x.Scheduled != on
	x.Name, x.Scheduled, x.NextAt = name, on, now
	v[name] = x
	return changed, nil
}

// pauses are the waits that a fetcher asked for, with a clock that they move.
type pauses struct {
	now  time.Time
	list []time.Duration
}

func (p *pauses) wait(ctx context.Context, d time.Duration) error {
	p.now, p.list = p.now.Add(d), append(p.list, d)
	return ctx.Err()
}

func loopback(a netip.Addr) bool { return a.IsLoopback() }

func newCollector(tb testing.TB, b *board, v visits, p *pauses) *posting.Collector {
	tb.Helper()
	c, finder := load(tb)
	p.now = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { return p.now }
	return &posting.Collector{
		Importer: posting.NewImporter(finder, inForce(embedder{}), b, c.Version()),
		Fetcher:  posting.NewFetcher(posting.NewClient(loopback), clock, p.wait), Visits: v, Now: clock, Log: slog.New(slog.DiscardHandler),
	}
}

// TestCollect fetches each board's recorded answer by one request, and asks the next time whether anything has changed.
func TestCollect(t *testing.T) {
	for format, path := range map[string]string{
		"greenhouse": "/v1/boards/acme/jobs?content=true", "lever": "/v0/postings/acme?mode=json", "ashby": "/posting-api/job-board/acme?includeCompensation=true",
	} {
		t.Run(format, func(t *testing.T) {
			var asked []string
			raw := fixture(t, format+".json")
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/robots.txt" {
					http.NotFound(w, r)
					return
				}
				asked = append(asked, r.URL.RequestURI()+" "+r.Header.Get("If-None-Match")+" "+r.Header.Get("If-Modified-Since"))
				if r.Header.Get("If-None-Match") == `"v1"` {
					w.WriteHeader(http.StatusNotModified)
					return
				}
				w.Header().Set("ETag", `"v1"`)
				w.Header().Set("Last-Modified", "Fri, 27 Nov 2026 10:00:00 GMT")
				_, _ = w.Write(raw)
			}))
			t.Cleanup(srv.Close)
			b, v := &board{}, visits{}
			c := newCollector(t, b, v, &pauses{})
			p, ok, err := posting.ParsePlace(format + ":" + srv.URL + path)
			if !ok || err != nil {
				t.Fatal(ok, err)
			}
			first, err := c.Collect(t.Context(), p, nil)
			if err != nil || first.New != 2 {
				t.Fatalf("%+v, %v", first, err)
			}
			second, err := c.Collect(t.Context(), p, nil)
			if err != nil || second.Read != 0 || b.endings[1].Whole != "" {
				t.Errorf("%+v, %v, ending %+v; want nothing read and nothing vanished", second, err, b.endings)
			}
			want := []string{path + "  ", path + ` "v1" Fri, 27 Nov 2026 10:00:00 GMT`}
			if diff := cmp.Diff(want, asked); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPolite(t *testing.T) {
	var statuses []int
	var after string
	asked := 0
	robots := "User-agent: other\nCrawl-delay: 9\n\nUser-agent: *\nCrawl-delay: 3 # seconds\nDisallow: /private\nAllow: /private/jobs\n"
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			_, _ = w.Write([]byte(robots))
			return
		}
		asked++
		status := http.StatusOK
		if len(statuses) > 0 {
			status, statuses = statuses[0], statuses[1:]
		}
		if status == http.StatusTooManyRequests {
			w.Header().Set("Retry-After", after)
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte("<rss><channel><title>T</title></channel></rss>"))
	}))
	t.Cleanup(srv.Close)
	tests := []struct {
		name     string
		path     string
		statuses []int
		after    string
		asked    int
		pauses   []time.Duration
		code     string
	}{
		{"the delay of robots.txt", "/feed", nil, "", 1, []time.Duration{3 * time.Second}, ""},
		{"busy for seconds", "/feed", []int{429}, "20", 2, []time.Duration{3 * time.Second, 20 * time.Second}, ""},
		{"busy until a moment", "/feed", []int{429}, "Fri, 27 Nov 2026 12:00:33 GMT", 2, []time.Duration{3 * time.Second, 30 * time.Second}, ""},
		{"broken twice", "/feed", []int{503, 500}, "", 3, []time.Duration{3 * time.Second, 2 * time.Second, time.Second, 4 * time.Second}, ""},
		{"broken for long", "/feed", []int{503, 503, 503}, "", 3, []time.Duration{3 * time.Second, 2 * time.Second, time.Second, 4 * time.Second}, "busy"},
		{"busy for an hour", "/feed", []int{429}, "3600", 1, []time.Duration{3 * time.Second}, "busy"},
		{"forbidden to robots", "/private/feed", nil, "", 0, nil, "robots"},
		{"allowed within", "/private/jobs/feed", nil, "", 1, []time.Duration{3 * time.Second}, ""},
		{"nothing there", "/feed", []int{404}, "", 1, []time.Duration{3 * time.Second}, ""}, // a page that is gone
		{"not for us", "/feed", []int{403}, "", 1, []time.Duration{3 * time.Second}, "not-given"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			asked, statuses, after = 0, tt.statuses, tt.after
			b, v, waits := &board{}, visits{}, &pauses{}
			c := newCollector(t, b, v, waits)
			p, _, err := posting.ParsePlace(srv.URL + tt.path)
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.Collect(t.Context(), p, nil)
			if asked != tt.asked || tt.code == "" && err != nil || tt.code != "" && fault.CodeOf(err) != tt.code {
				t.Errorf("%d requests, %v; want %d and %q", asked, err, tt.asked, tt.code)
			}
			if diff := cmp.Diff(tt.pauses, waits.list); diff != "" {
				t.Errorf("pauses (-want +got):\n%s", diff)
			}
			x := v[p.Name]
			if (x.Failures > 0) != (err != nil) || err != nil && !x.NextAt.After(waits.now.Add(29*time.Minute)) {
				t.Errorf("kept %+v", x)
			}
			if tt.name == "nothing there" && b.endings[len(b.endings)-1].Whole != p.Name {
				t.Errorf("the posting of a page that is gone stays: %+v", b.endings)
			}
		})
	}
}

// TestOwnNetwork: a public place may not lead to an address inside.
func TestOwnNetwork(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("[]")) }))
	t.Cleanup(srv.Close)
	f := posting.NewFetcher(posting.NewClient(nil), nil, func(context.Context, time.Duration) error { return nil })
	if _, err := f.Get(t.Context(), srv.URL, posting.Validators{}, false); fault.CodeOf(err) != "not-reached" {
		t.Errorf("%v, want not-reached", err)
	}
}

func TestDue(t *testing.T) {
	asked := map[string]int{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked[r.URL.Path]++
		if strings.HasPrefix(r.URL.Path, "/bad") || r.URL.Path == "/robots.txt" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		_, _ = w.Write(fixture(t, "rss.xml"))
	}))
	t.Cleanup(srv.Close)
	b, v, waits := &board{}, visits{}, &pauses{}
	c := newCollector(t, b, v, waits)
	for _, path := range []string{"/bad", "/good"} {
		if _, err := v.Schedule(t.Context(), srv.URL+path, true, waits.now); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // the second time nothing is due
		if err := c.Due(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(map[string]int{"/robots.txt": 1, "/bad": 1, "/good": 1}, asked); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	var s posting.Summary
	if err := json.Unmarshal(v[srv.URL+"/good"].Summary, &s); err != nil || s.New != 2 || v[srv.URL+"/bad"].Error == "" {
		t.Errorf("%+v, %v; %+v", s, err, v[srv.URL+"/bad"])
	}
	waits.now = waits.now.Add(7 * time.Hour)
	if err := c.Due(t.Context()); err != nil || asked["/good"] != 2 || asked["/bad"] != 2 {
		t.Errorf("after seven hours: %v, %v", asked, err)
	}
}
