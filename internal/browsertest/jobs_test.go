//go:build browser

package browsertest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestJobs filters, saves and hides, and finds each under its tab.
func TestJobs(t *testing.T) {
	ways(t, func(b *tab) {
		p := makePerson(b.T) // it changes what is kept
		b.visit(p)
		b.open("/resumes/" + p.resume + "/jobs")
		list := func() string { return b.text("#jobs") }
		if got := list(); !strings.Contains(got, "Why it suits") || !strings.Contains(got, "samples that come with Gapwise") {
			b.Fatalf("the list says %.300s", got)
		}
		company := b.text("#jobs .job:first-of-type .job-where strong")
		b.click(`#jobs .job:first-of-type [value=save]`)
		for at, y := -1, 0; at != y; { // it scrolls to what was saved
			time.Sleep(200 * time.Millisecond)
			at, y = y, eval[int](b, "Math.round(scrollY)")
		}
		b.click(`#jobs .job:first-of-type [value=hide]`)
		if got := list(); strings.Contains(got, company) {
			b.Errorf("%s is hidden and still there", company)
		}
		for tab, want := range map[string]string{"saved": company, "hidden": strings.ToLower(company)} {
			b.click(`#jobs .tabs [href*="tab=` + tab + `"]`)
			if got := list(); !strings.Contains(got, want) {
				b.Errorf("%s does not name %s: %.300s", tab, want, got)
			}
			b.screen("jobs-" + tab)
		}
	})
}

// TestJobFilter takes what is asked for on either way.
func TestJobFilter(t *testing.T) {
	p := newPerson(t)
	ways(t, func(b *tab) {
		b.visit(p)
		b.open("/resumes/" + p.resume + "/jobs")
		scripts := eval[bool](b, `document.documentElement.classList.contains("enhanced")`)
		b.run(chromedp.SendKeys(chromedp.CSS("#location"), "Atlantis"))
		if scripts {
			eval[bool](b, `(document.activeElement.blur(), new Promise((done) => { const look = () => document.querySelector("#jobs .state.empty") ? done(true) : setTimeout(look, 20); look(); }))`)
		} else {
			b.click(".job-filter button[type=submit]")
		}
		if got := b.text("#jobs"); !strings.Contains(got, "No posting suits this resume with this filter") {
			b.Errorf("the list says %.300s", got)
		}
		if at := eval[string](b, "location.search"); !strings.Contains(at, "location=Atlantis") {
			b.Errorf("the address is %s", at)
		}
	})
}
