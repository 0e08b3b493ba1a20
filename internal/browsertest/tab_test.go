//go:build browser

package browsertest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long one step in the browser may take before its test fails. It is no measure of speed.
const patience = 30 * time.Second

// tab is one tab with cookies of its own. What the console says that is an error is kept.
type tab struct {
	*testing.T
	ctx    context.Context //nolint:containedctx // chromedp keeps a tab in a context
	base   string
	mu     sync.Mutex
	errors []string
}

// newTab opens a tab. Without scripts the page's own do not run; the test's still do.
func newTab(t *testing.T, width int, scripts bool) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(theStage.browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	b := &tab{T: t, ctx: ctx, base: theStage.base}
	if err := chromedp.Listen(ctx, b.listen); err != nil { // it opens the tab, too
		t.Fatal(err)
	}
	command(b, log.Enable, cdp.Empty{})
	command(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !scripts})
	b.resize(width)
	b.scheme("light") // and with reduced motion: what moves under the pointer is missed
	return b
}

// command sends a command of the protocol.
func command[P, R any](b *tab, c cdp.Command[P, R], params P) R {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	r, err := chromedp.Call(ctx, c, params)
	if err != nil {
		b.Fatal(err)
	}
	return r
}

func (b *tab) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			var args []string
			for _, a := range e.Args {
				args = append(args, string(a.Value)+a.Description)
			}
			b.errors = append(b.errors, "console: "+strings.Join(args, " "))
		}
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			text += " " + e.ExceptionDetails.Exception.Description
		}
		b.errors = append(b.errors, "exception: "+text)
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			b.errors = append(b.errors, fmt.Sprintf("log: %s %s", e.Entry.Text, e.Entry.URL))
		}
	}
}

// run does steps, all of which have to work.
func (b *tab) run(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.screen("failed-" + strings.ReplaceAll(b.Name(), "/", "-"))
		b.Fatal(err)
	}
}

// open goes to a page and gives the status that it came with.
func (b *tab) open(path string) int {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	resp, err := chromedp.RunResponse(ctx, chromedp.Navigate(b.base+path))
	if err != nil {
		b.Fatalf("%s: %v", path, err)
	}
	return int(resp.Status)
}

// click clicks and waits for the page that it leads to.
func (b *tab) click(selector string) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(selector))); err != nil {
		b.screen("failed-" + strings.ReplaceAll(b.Name(), "/", "-"))
		b.Fatalf("click %s: %v", selector, err)
	}
}

// eval gives what an expression is.
func eval[T any](b *tab, expression string) T {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	out, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatalf("%.200s: %v", expression, err)
	}
	return out
}

// text is the text of the first element that a selector finds, "" where there is none.
func (b *tab) text(selector string) string {
	b.Helper()
	return eval[string](b, fmt.Sprintf("document.querySelector(%q)?.innerText ?? ''", selector))
}

// scheme has the person's system ask for light or dark.
func (b *tab) scheme(name string) {
	b.Helper()
	command(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: name}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
}

// view keeps a picture of what the window shows.
func (b *tab) view(name string) {
	b.Helper()
	shot := command(b, page.CaptureScreenshot, page.CaptureScreenshotParams{})
	if err := os.WriteFile(filepath.Join(artefacts, "screens", name+".png"), shot.Data, 0o600); err != nil {
		b.Error(err)
	}
}

// tallest is how much of a page a picture shows, in pixels.
const tallest = 5000

// screen keeps a picture of the page.
func (b *tab) screen(name string) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	beyond := true
	height := eval[float64](b, fmt.Sprintf("Math.min(%d, document.documentElement.scrollHeight)", tallest))
	width := eval[float64](b, "document.documentElement.clientWidth")
	shot, err := chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{CaptureBeyondViewport: &beyond, Clip: &page.Viewport{Width: width, Height: height, Scale: 1}})
	if err == nil {
		err = os.WriteFile(filepath.Join(artefacts, "screens", name+".png"), shot.Data, 0o600)
	}
	if err != nil {
		b.Errorf("screenshot %s: %v", name, err)
	}
}

// quiet fails the test if the console had an error. Those that name one of the allowed words are meant.
func (b *tab) quiet(allowed ...string) {
	b.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.errors {
		meant := false
		for _, word := range allowed {
			meant = meant || strings.Contains(e, word)
		}
		if !meant {
			b.Error(e)
		}
	}
	b.errors = nil
}

// visit gives the tab the cookies of a person.
func (b *tab) visit(p *person) {
	b.Helper()
	only := true
	for name, value := range p.cookies {
		command(b, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: b.base, HTTPOnly: &only})
	}
}

func readAll(r io.Reader) string {
	b, err := io.ReadAll(r)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// wcag are the rules of WCAG 2.2 at the levels A and AA, and what axe-core calls good practice.
const wcag = `["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]`

// axe runs axe-core on the page as it is, by its rules or groups of rules, and fails the test for each thing that they do not allow.
func (b *tab) axe(where, rules string) {
	b.Helper()
	if !eval[bool](b, `"axe" in window`) {
		source, err := os.ReadFile(filepath.Join(root, "node_modules/axe-core/axe.min.js"))
		if err != nil {
			b.Fatalf("axe-core is missing; npm ci brings it: %v", err)
		}
		eval[bool](b, string(source)+";true")
	}
	raw := eval[string](b, `axe.run(document, {runOnly: `+rules+`, resultTypes: ["violations"]})
.then((r) => JSON.stringify(r.violations.map((v) => ({id: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map((n) => n.html.slice(0, 200) + " " + (n.any[0]?.message ?? n.all[0]?.message ?? n.none[0]?.message ?? ""))}))))`)
	var found []struct {
		ID    string   `json:"id"`
		Help  string   `json:"help"`
		Nodes []string `json:"nodes"`
	}
	if err := json.Unmarshal([]byte(raw), &found); err != nil {
		b.Fatal(err)
	}
	for _, v := range found {
		b.Errorf("%s: axe: %s (%s):\n  %s", where, v.ID, v.Help, strings.Join(v.Nodes, "\n  "))
	}
}

// fits fails the test where the page can be scrolled sideways, from the left or from the right.
func (b *tab) fits(where string) {
	b.Helper()
	for _, dir := range []string{"ltr", "rtl"} {
		wide := eval[string](b, fmt.Sprintf(`(() => {
			const root = document.documentElement, was = root.dir;
			root.dir = %q;
			const over = root.scrollWidth - root.clientWidth;
			const who = over <= 0 ? "" : [...document.querySelectorAll("body *")].filter((e) => { const r = e.getBoundingClientRect(); return (r.right > root.clientWidth + 1 || r.left < -1) && !e.closest(".scroll, .skip, .hidden"); })
				.slice(0, 3).map((e) => e.outerHTML.slice(0, 120)).join(" | ") || "something";
			root.dir = was;
			return who;
		})()`, dir))
		if wide != "" {
			b.Errorf("%s: wider than the window (%s): %s", where, dir, wide)
		}
	}
}

// resize makes the window another width.
func (b *tab) resize(width int) {
	b.Helper()
	command(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: int64(width), Height: 900, DeviceScaleFactor: 1, Mobile: width < 600})
}
