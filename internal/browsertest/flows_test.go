//go:build browser

package browsertest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// ways are how every flow has to work.
func ways(t *testing.T, flow func(b *tab)) {
	t.Helper()
	for _, width := range []int{1280, 360} {
		for _, scripts := range []bool{true, false} {
			t.Run(fmt.Sprintf("%d scripts=%t", width, scripts), func(t *testing.T) {
				b := newTab(t, width, scripts)
				flow(b)
				b.quiet("/favicon")
			})
		}
	}
}

// TestUpload takes a resume in at the start page and comes to what was read.
func TestUpload(t *testing.T) {
	ways(t, func(b *tab) {
		b.open("/")
		b.run(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{file(b.T, "maya.txt", resumeText)}))
		if b.enhanced() { // the page is not left before the last of them
			b.run(chromedp.Click(chromedp.CSS("#upload button[type=submit]")), chromedp.WaitReady(chromedp.CSS("#skills")))
		} else {
			b.click("#upload button[type=submit]")
		}
		if got := b.text("main"); !strings.Contains(got, "PostgreSQL") {
			b.Errorf("what was read does not name PostgreSQL: %.200s", got)
		}
	})
}

// TestDisplay sets colours and language by the sheet, and finds them kept.
func TestDisplay(t *testing.T) {
	ways(t, func(b *tab) {
		b.scheme("light")
		b.open("/career-paths")
		paper := func() string { return eval[string](b, "getComputedStyle(document.body).backgroundColor") }
		light := paper()
		b.run(chromedp.Click(chromedp.CSS("[popovertarget=display]")), chromedp.WaitVisible(chromedp.CSS("#display")),
			chromedp.Click(chromedp.CSS("#display [value=dark]")), chromedp.SetValue(chromedp.CSS("#display-language"), "de"))
		b.click("#display button[type=submit]")
		if got := eval[string](b, "location.pathname + ' ' + document.documentElement.lang"); got != "/career-paths de" {
			b.Errorf("afterwards: %s", got)
		}
		if dark := paper(); dark == light {
			b.Errorf("dark is as light: %s", dark)
		}
	})
}

// TestSheets looks at what opens over the page.
func TestSheets(t *testing.T) {
	for _, width := range []int{1280, 360} {
		b := newTab(t, width, true)
		b.open("/career-paths")
		for _, name := range []string{"display", "keys"} {
			for _, scheme := range []string{"light", "dark"} {
				b.scheme(scheme)
				b.run(chromedp.Click(chromedp.CSS("[popovertarget="+name+"]:not([popovertargetaction])")), chromedp.WaitVisible(chromedp.CSS("#"+name)))
				b.view(fmt.Sprintf("sheet-%s-%d-%s", name, width, scheme))
				b.axe(name+" "+scheme, wcag)
				b.run(chromedp.Click(chromedp.CSS("#"+name+" [popovertargetaction=hide]")), chromedp.WaitNotVisible(chromedp.CSS("#"+name)))
			}
		}
		b.quiet("/favicon")
	}
}

// TestKeys goes about by keys alone, unless they are switched off.
func TestKeys(t *testing.T) {
	b := newTab(t, 1280, true)
	b.open("/career-paths")
	b.run(chromedp.KeyEvent("?"), chromedp.WaitVisible(chromedp.CSS("#keys")), chromedp.KeyEvent(kb.Escape), chromedp.WaitNotVisible(chromedp.CSS("#keys")))
	b.run(chromedp.KeyEvent(kb.Tab))
	if got := eval[string](b, "document.activeElement.className"); got != "skip" {
		t.Errorf("the first stop is %q", got)
	}
	b.run(chromedp.KeyEvent("m"), chromedp.WaitReady(chromedp.CSS(`nav [href="/market"][aria-current]`)))
	eval[int](b, `fetch("/settings", {method: "POST", headers: {"Content-Type": "application/x-www-form-urlencoded"}, body: "keys=no&to=/"}).then((r) => r.status)`)
	b.open("/career-paths")
	b.run(chromedp.KeyEvent("?"))
	if eval[bool](b, `document.querySelector("#keys").matches(":popover-open")`) {
		t.Error("the sheet opens, though keys are off")
	}
	b.quiet()
}

// TestPace moves the hours of a career path, by the slider or by the form, and finds every date moved.
func TestPace(t *testing.T) {
	ways(t, func(b *tab) {
		b.open("/career-paths/senior-backend-engineer")
		ready := `document.querySelector("#pace time").dateTime`
		phase := `document.querySelector("#when-consolidation time:last-of-type").dateTime`
		before := eval[string](b, ready)
		if slider := eval[bool](b, `document.querySelector("#hours-slider").checkVisibility()`); slider {
			b.run(chromedp.Focus(chromedp.CSS("#hours-slider")), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowRight))
			eval[bool](b, fmt.Sprintf(`new Promise((done) => { const look = () => %s < %q && %s < %q ? done(true) : setTimeout(look, 20); look(); })`, ready, before, phase, before))
			if got := eval[string](b, `document.querySelector("#hours_per_week").value`); got != "12" {
				b.Errorf("the field says %s", got)
			}
		} else {
			b.run(chromedp.SetValue(chromedp.CSS("#hours_per_week"), "12"))
			b.click(".pace button[type=submit]")
		}
		if got := eval[string](b, ready); got >= before || got != eval[string](b, phase) {
			b.Errorf("ready on %s, %s before, and the path ends on %s", got, before, eval[string](b, phase))
		}
	})
}

// TestSearchRoles finds a role from the start page: as one types, or by the form.
func TestSearchRoles(t *testing.T) {
	ways(t, func(b *tab) {
		b.open("/")
		b.run(chromedp.SendKeys(chromedp.CSS("#q"), "golang"))
		if eval[bool](b, `document.querySelector("#roles-count").textContent.startsWith("53")`) { // nothing filters without scripts
			b.click("form[role=search] button")
		}
		shown := eval[string](b, `[...document.querySelectorAll("#roles-list li")].filter((e) => e.checkVisibility()).map((e) => e.innerText).join("|")`)
		if !strings.Contains(shown, "Backend Engineer") || strings.Contains(shown, "Game Engineer") {
			b.Errorf("it shows %q", shown)
		}
	})
}
