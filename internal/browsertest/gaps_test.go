//go:build browser

package browsertest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const report = "/gaps/senior-backend-engineer"

// until waits for an expression to become true, whatever page comes meanwhile.
func (b *tab) until(expression string) {
	b.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(b.ctx, patience)
		is, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+expression+")"))
		cancel()
		if err == nil && is { // an error is of a page that was just left
			return
		}
	}
	b.screen("failed-" + strings.ReplaceAll(b.Name(), "/", "-"))
	b.Fatalf("never true: %.300s", expression)
}

// says waits until an element says something.
func (b *tab) says(selector, want string) {
	b.Helper()
	b.until(fmt.Sprintf("document.querySelector(%q)?.innerText.includes(%q)", selector, want))
}

// rows are the ids of the skills that are listed.
func (b *tab) rows() string {
	b.Helper()
	return eval[string](b, `[...document.querySelectorAll("tbody[id^=skill-]")].map((e) => e.id.slice(6)).join(" ")`)
}

// TestGapList goes through the tabs of a report, filters and orders it, and finds the address kept.
func TestGapList(t *testing.T) {
	p := newPerson(t)
	ways(t, func(b *tab) {
		b.visit(p)
		b.open("/resumes/" + p.resume + report)
		all := b.rows()
		b.run(chromedp.Click(chromedp.CSS("#tab-missing")))
		b.until(`document.querySelector("#tab-missing")?.getAttribute("aria-current") === "page" && location.search.includes("show=missing")`)
		missing := b.rows()
		if missing == "" || len(missing) >= len(all) || strings.Contains(" "+missing+" ", " kafka ") {
			b.Errorf("missing: %s", missing)
		}
		b.run(chromedp.SetValue(chromedp.CSS("#sort"), "name"))
		if eval[bool](b, `document.querySelector("#report button.without-scripts").checkVisibility()`) {
			b.click("#report button.without-scripts")
		} else {
			eval[bool](b, `document.querySelector("#sort").dispatchEvent(new Event("change", {bubbles: true}))`)
		}
		b.until(`location.search.includes("sort=name") && location.search.includes("show=missing")`)
		b.until(fmt.Sprintf(`[...document.querySelectorAll("tbody[id^=skill-]")].map((e) => e.id.slice(6)).join(" ") !== %q`, missing))
		if got := b.rows(); len(got) != len(missing) {
			b.Errorf("in another order: %s", got)
		}
	})
}

// TestWhatIf tries a level by its slider, and finds readiness higher and the focus where it was.
func TestWhatIf(t *testing.T) {
	p := newPerson(t)
	ways(t, func(b *tab) {
		b.visit(p)
		b.open("/resumes/" + p.resume + report)
		share := func() string { return b.text(".ready-share strong") }
		before := share()
		slider := "#level-distributed-systems"
		eval[bool](b, `document.querySelector("#assume").closest("details").open = true`)
		b.run(chromedp.Focus(chromedp.CSS(slider)), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowRight))
		if eval[bool](b, `document.querySelector(".try-card button").checkVisibility()`) {
			b.click(".try-card button")
		} else {
			b.until(fmt.Sprintf(`document.querySelector(".ready-share strong").innerText !== %q`, before))
			if got := eval[string](b, "document.activeElement.id"); "#"+got != slider {
				b.Errorf("the focus is on %q", got)
			}
			if got := b.text("#out-distributed-systems"); got != "4" {
				b.Errorf("the slider says %q", got)
			}
		}
		if after := share(); after <= before || !strings.Contains(b.text(".what-if-note"), "Distributed systems") {
			b.Errorf("%s, before %s: %s", after, before, b.text(".what-if-note"))
		}
	})
}

// TestProof says of a missing skill that it is there, and then that it is not so.
func TestProof(t *testing.T) {
	ways(t, func(b *tab) {
		p := makePerson(b.T)
		b.visit(p)
		b.open("/resumes/" + p.resume + report + "?show=missing")
		row := "#skill-mentorship "
		b.run(chromedp.Click(chromedp.CSS(row+"details:nth-of-type(1) summary")), chromedp.SendKeys(chromedp.CSS("#proof-note-mentorship"), "Two people to senior, 2024"))
		b.click(row + "[value=confirmed]")
		b.says("#skill-mentorship", "Have it")
		b.run(chromedp.Click(chromedp.CSS(row + "details:nth-of-type(2) summary")))
		b.click(row + "[value=rejected]")
		b.says("#skill-mentorship", "Missing")
	})
}

// TestPlanOrder moves a skill of a plan by its button, and goes back.
func TestPlanOrder(t *testing.T) {
	ways(t, func(b *tab) {
		p := makePerson(b.T)
		b.visit(p)
		b.open("/resumes/" + p.resume + "/plan/senior-backend-engineer")
		order := `[...document.querySelectorAll(".plan-skills tr[id]")].map((e) => e.id).join(" ")`
		before := eval[string](b, order)
		id := eval[string](b, `document.querySelector("[id^=down-]:not(:disabled)").id`)
		b.run(chromedp.Click(chromedp.CSS("#" + id)))
		b.until(fmt.Sprintf("%s !== %q", order, before))
		if got := eval[string](b, order); len(got) != len(before) {
			b.Errorf("afterwards %s", got)
		}
		b.click("[value=reset]")
		b.until(fmt.Sprintf("%s === %q", order, before))
	})
}

// TestMilestone is done with an address, and the plan says so.
func TestMilestone(t *testing.T) {
	ways(t, func(b *tab) {
		p := makePerson(b.T)
		b.visit(p)
		b.open("/resumes/" + p.resume + "/plan/senior-backend-engineer")
		id := eval[string](b, `document.querySelector(".milestone").id.slice("milestone-".length)`)
		b.run(chromedp.Click(chromedp.CSS("#milestone-"+id+" summary")), chromedp.Click(chromedp.CSS("#status-"+id+" [value=done]")),
			chromedp.SendKeys(chromedp.CSS("#evidence_url-"+id), "https://example.org/talk"))
		b.click("#milestone-" + id + " button[type=submit]")
		b.says("#milestone-"+id+" summary", "done, with evidence")
	})
}
