//go:build browser

package browsertest_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"
)

// speed is how long the server took over a page that was asked for at a steady rate, in milliseconds.
type speed struct {
	Page     string  `json:"page"`
	Requests int     `json:"requests"`
	P50      float64 `json:"p50_ms"`
	P99      float64 `json:"p99_ms"`
}

const (
	perSecond = 50
	seconds   = 6
)

// TestSpeed asks for the role page and the report page 50 times a second and keeps the times from the planned start of each request, so that
// a queue counts. It fails on an answer that is none, and not on a slow machine.
func TestSpeed(t *testing.T) {
	p := newPerson(t)
	var all []speed
	for _, u := range []struct{ name, path string }{
		{"role", "/career-paths/senior-backend-engineer"},
		{"report", "/resumes/" + p.resume + "/gaps/senior-backend-engineer"},
	} {
		p.get(t, u.path, false) // warm
		took := make([]time.Duration, perSecond*seconds)
		var wg sync.WaitGroup
		tick := time.NewTicker(time.Second / perSecond)
		for i := range took {
			planned := <-tick.C
			wg.Go(func() {
				r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, theStage.base+u.path, nil)
				if err != nil {
					t.Error(err)
					return
				}
				r.Header.Set("Accept", "text/html")
				r.Header.Set("Accept-Encoding", "gzip")
				for name, value := range p.cookies {
					r.AddCookie(&http.Cookie{Name: name, Value: value})
				}
				resp, err := http.DefaultClient.Do(r)
				if err != nil {
					t.Error(err)
					return
				}
				readAll(resp.Body)
				_ = resp.Body.Close()
				took[i] = time.Since(planned)
				if resp.StatusCode != http.StatusOK {
					t.Errorf("%s: %d", u.name, resp.StatusCode)
				}
			})
		}
		tick.Stop()
		wg.Wait()
		slices.Sort(took)
		ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
		s := speed{u.name, len(took), ms(took[len(took)/2]), ms(took[len(took)*99/100])}
		t.Logf("%+v", s)
		all = append(all, s)
	}
	b, err := json.MarshalIndent(all, "", "  ")
	if err == nil {
		err = os.WriteFile(filepath.Join(artefacts, "speed.json"), append(b, '\n'), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
