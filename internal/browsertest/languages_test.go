//go:build browser

package browsertest_test

import (
	"net/url"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
)

// TestLanguages finds pages that longer words make wider than a phone.
func TestLanguages(t *testing.T) {
	p := newPerson(t)
	for _, language := range []string{"de", "es"} {
		b := newTab(t, 320, true)
		b.visit(p)
		command(b, network.SetCookie, network.SetCookieParams{Name: "gapwise_view", Value: url.Values{"language": {language}}.Encode(), URL: b.base})
		for _, u := range pages {
			b.open(u.path(p))
			if got := eval[string](b, "document.documentElement.lang"); got != language {
				t.Errorf("%s: the language is %s, not %s", u.name, got, language)
			}
			b.fits(u.name + " " + language)
			b.screen(u.name + "-320-" + language)
			b.quiet(append(u.allow, "/favicon")...)
		}
	}
}

// TestPrint keeps a picture of what a printer gets, and finds what has no place on paper.
func TestPrint(t *testing.T) {
	p := newPerson(t)
	b := newTab(t, 794, true) // A4 at 96 dots an inch
	b.visit(p)
	command(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print", Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}})
	for _, u := range pages {
		b.open(u.path(p))
		for _, selector := range []string{"header.site nav", "form", "footer.site", ".skip"} {
			if eval[bool](b, `[...document.querySelectorAll("`+selector+`")].some((e) => e.checkVisibility())`) {
				t.Errorf("%s: %s would be printed", u.name, selector)
			}
		}
		if got := eval[string](b, "getComputedStyle(document.body).backgroundColor"); got != "rgb(255, 255, 255)" {
			t.Errorf("%s: the paper is %s", u.name, got)
		}
		b.screen(u.name + "-print")
	}
}
