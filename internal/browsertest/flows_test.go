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
func ways(t *testing.T, flow func(t *testing.T, b *tab)) {
	t.Helper()
	for _, width := range []int{1280, 360} {
		for _, scripts := range []bool{true, false} {
			t.Run(fmt.Sprintf("%d scripts=%t", width, scripts), func(t *testing.T) {
				b := newTab(t, width, scripts)
				flow(t, b)
				b.quiet("/favicon")
			})
		}
	}
}

// TestUpload takes a resume in at the start page and comes to what was read.
func TestUpload(t *testing.T) {
	ways(t, func(t *testing.T, b *tab) {
		b.open("/")
		b.run(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{file(t, "maya.txt", resumeText)}))
		b.click("#upload button[type=submit]")
		if got := b.text("main"); !strings.Contains(got, "PostgreSQL") {
			t.Errorf("what was read does not name PostgreSQL: %.200s", got)
		}
	})
}

// TestDisplay sets colours and language by the sheet, and finds them kept.
func TestDisplay(t *testing.T) {
	ways(t, func(t *testing.T, b *tab) {
		b.scheme("light")
		b.open("/career-paths")
		paper := func() string { return eval[string](b, "getComputedStyle(document.body).backgroundColor") }
		light := paper()
		b.run(chromedp.Click(chromedp.CSS("[popovertarget=display]")), chromedp.WaitVisible(chromedp.CSS("#display")),
			chromedp.Click(chromedp.CSS("#display [value=dark]")), chromedp.SetValue(chromedp.CSS("#display-language"), "de"))
		b.click("#display button[type=submit]")
		if got := eval[string](b, "location.pathname + ' ' + document.documentElement.lang"); got != "/career-paths de" {
			t.Errorf("afterwards: %s", got)
		}
		if dark := paper(); dark == light {
			t.Errorf("dark is as light: %s", dark)
		}
	})
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
