//go:build browser

package browsertest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestEvidence opens the page that a skill was read from, from the card of the skill.
func TestEvidence(t *testing.T) {
	p := newPerson(t)
	for _, width := range []int{1280, 360} {
		for _, scripts := range []bool{true, false} {
			t.Run(fmt.Sprintf("%d scripts=%t", width, scripts), func(t *testing.T) {
				b := newTab(t, width, scripts)
				b.visit(p)
				b.open("/resumes/" + p.pdf)
				words := b.text("#skill-kafka .quotes mark")
				b.click("#skill-kafka .claim-level a")
				if got := b.text(".asked-quote mark"); got != words || got == "" {
					b.Errorf("the page is about %q, and the card quoted %q", got, words)
				}
				if scripts {
					seeEvidence(b)
				} else if got := b.text("#evidence-text mark:target"); got != words {
					b.Errorf("the text marks %q", got)
				}
				b.quiet("/favicon")
			})
		}
	}
}

// seeEvidence looks at the drawn page: the mark is where ink is, keys and buttons change the size, and the text is a button away.
func seeEvidence(b *tab) {
	b.Helper()
	b.run(chromedp.WaitReady(chromedp.CSS("[data-drawn] .sheet rect.asked")))
	dark := eval[float64](b, `(() => {
		const canvas = document.querySelector(".sheet canvas"), svg = document.querySelector(".sheet > svg"), r = document.querySelector("rect.asked");
		const k = canvas.width / svg.viewBox.baseVal.width, n = (name) => Number(r.getAttribute(name)) * k;
		const d = canvas.getContext("2d").getImageData(n("x"), n("y"), n("width"), n("height")).data;
		let ink = 0;
		for (let i = 0; i < d.length; i += 4) if (d[i] + d[i + 1] + d[i + 2] < 384) ink++;
		return ink / (d.length / 4);
	})()`)
	if dark < 0.02 {
		b.Errorf("%.3f of what is marked is ink", dark)
	}
	if !eval[bool](b, `(() => { const m = document.querySelector("rect.asked").getBoundingClientRect(), p = document.querySelector(".pages").getBoundingClientRect(); return m.top >= p.top && m.bottom <= p.bottom && m.left >= p.left && m.right <= p.right; })()`) {
		b.Error("the mark is not in sight")
	}
	wide := func() int {
		return eval[int](b, `Math.round(document.querySelector(".sheet").getBoundingClientRect().width)`)
	}
	before := wide()
	b.run(chromedp.Focus(chromedp.CSS(".pages")), chromedp.KeyEvent("+"))
	eval[bool](b, fmt.Sprintf(`new Promise((done) => { const look = () => document.querySelector(".sheet").getBoundingClientRect().width > %d ? done(true) : setTimeout(look, 20); look(); })`, before))
	b.fits("larger")
	b.run(chromedp.Focus(chromedp.CSS("[data-view=text]")), chromedp.KeyEvent(kb.Enter))
	if got := b.text("#evidence-text"); !strings.Contains(got, "Kafka") {
		b.Error("the text does not come")
	}
	if eval[bool](b, `document.querySelector(".pages").checkVisibility()`) {
		b.Error("the page stays beside the text")
	}
}
