//go:build browser

package browsertest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// TestUploadRefused shows why a file is not read, and what to do, beside the field.
func TestUploadRefused(t *testing.T) {
	ways(t, func(b *tab) {
		b.open("/")
		b.run(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{file(b.T, "scan.png", "\x89PNG\r\n\x1a\n")}))
		if b.enhanced() {
			b.run(chromedp.Click(chromedp.CSS("#upload button[type=submit]")), chromedp.WaitReady(chromedp.CSS("#upload-steps [role=alert]")))
			b.axe("refused", wcag)
			b.screen("refused-" + fmt.Sprint(eval[int](b, "innerWidth")))
			if got := b.text("#upload-steps .failed"); !strings.Contains(got, "Open it") {
				b.Errorf("it failed at %q", got)
			}
			if eval[bool](b, `document.querySelector("#upload button[type=submit]").disabled`) {
				b.Error("the button stays disabled")
			}
		} else {
			b.click("#upload button[type=submit]")
		}
		if got := b.text("main"); !strings.Contains(got, "export the resume as PDF") {
			b.Errorf("it does not say what to do: %.300s", got)
		}
		b.mu.Lock()
		b.errors = nil // of the status 415 without scripts
		b.mu.Unlock()
	})
}

// TestCorrect takes a person's word on skills, in the card where there are scripts.
func TestCorrect(t *testing.T) {
	ways(t, func(b *tab) {
		p := &person{cookies: map[string]string{}}
		id := p.upload(b.T, "maya.txt", resumeText)
		b.visit(p)
		b.open("/resumes/" + id)
		press := func(button, then string) {
			if b.enhanced() {
				b.run(chromedp.Click(chromedp.CSS(button)), chromedp.WaitReady(chromedp.CSS(then)))
			} else {
				b.click(button)
			}
			if got := b.text(then); got == "" {
				b.Errorf("%s: nothing at %s", button, then)
			}
		}
		press("#yes-go", "#skill-go .tag.good")
		press("#no-redis", "#skill-redis.rejected .tag")
		b.run(chromedp.Click(chromedp.CSS("#edit-kafka")), chromedp.SetValue(chromedp.CSS("#level-kafka"), "5"), chromedp.SendKeys(chromedp.CSS("#note-kafka"), "Ran it for years"))
		press("#skill-kafka details button", "#skill-kafka .tag.good")
		if got := b.text("#skill-kafka"); !strings.Contains(got, "level 5") || !strings.Contains(got, "Ran it for years") {
			b.Errorf("the card says %q", got)
		}
		b.fits("corrected")
		b.open("/resumes/" + id + "?show=rejected")
		if got := eval[string](b, `[...document.querySelectorAll(".claim")].map((e) => e.id).join(" ")`); got != "skill-redis" {
			b.Errorf("rejected are %q", got)
		}
	})
}

// TestCompare holds the resume against a pasted job description.
func TestCompare(t *testing.T) {
	p := newPerson(t)
	for _, width := range []int{1280, 360} {
		b := newTab(t, width, width > 500)
		b.visit(p)
		b.open("/resumes/" + p.resume)
		b.run(chromedp.SetValue(chromedp.CSS("#text"), "We look for somebody with strong Go and PostgreSQL, and some Kafka and Rust."))
		b.click("form[action$=compare] button")
		b.fits("compared")
		if width > 500 {
			b.axe("compared", wcag)
		}
		b.screen(fmt.Sprintf("compared-%d", width))
		if got := b.text("main"); !strings.Contains(got, "Rust") {
			t.Errorf("the report does not name Rust: %.300s", got)
		}
		b.quiet("/favicon")
	}
}

// enhanced tells whether htmx runs on the page.
func (b *tab) enhanced() bool {
	b.Helper()
	return eval[bool](b, `"htmx" in window && document.querySelector("form[hx-post]") !== null`)
}

// twoPages is a resume of two pages, printed by the browser.
func twoPages(t *testing.T) []byte {
	t.Helper()
	b := newTab(t, 1280, true)
	b.open("/")
	var s strings.Builder
	s.WriteString("<body><h1>Maya Fernström</h1><p>maya@example.org</p><h2>Summary</h2><p>Backend engineer with Go and PostgreSQL in payments.</p><h2>Experience</h2>")
	for year := 2024; year > 2006; year -= 2 {
		fmt.Fprintf(&s, "<h3>Backend Engineer, Firm %d</h3><p>March %d - February %d</p><ul><li>Moved the booking service to Go, PostgreSQL and Kafka on Kubernetes; cut p99 latency from 900 ms to 120 ms.</li><li>Ran Terraform for AWS accounts, with Prometheus and Grafana for observability.</li></ul>", year, year-2, year)
	}
	s.WriteString("<h2>Skills</h2><p>Go, Python, SQL, PostgreSQL, Redis, Kafka, Docker, Kubernetes, Terraform, AWS, Git, Linux, gRPC</p></body>")
	eval[bool](b, fmt.Sprintf("(document.documentElement.innerHTML = %q, true)", s.String()))
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	made, err := chromedp.Call(ctx, page.PrintToPDF, page.PrintToPDFParams{})
	if err != nil {
		t.Fatal(err)
	}
	return made.Data
}

// TestUploadToReport measures what one person waits from the button of the upload to the report of the first role, in the browser.
func TestUploadToReport(t *testing.T) {
	pdf, err := filepath.Abs(filepath.Join(artefacts, "two-pages.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(pdf, twoPages(t), 0o600); err != nil {
		t.Fatal(err)
	}
	// wait is what one waited for, from the press of the button.
	type wait struct {
		Read   int `json:"what_was_read_ms"`
		Report int `json:"report_ms"`
	}
	var all []wait
	for range 5 {
		b := newTab(t, 1280, true)
		b.open("/")
		b.run(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{pdf}))
		start := time.Now()
		b.run(chromedp.Click(chromedp.CSS("#upload button[type=submit]")), chromedp.WaitReady(chromedp.CSS("#skills")))
		read := time.Since(start)
		if got := b.text(".facts"); !strings.Contains(got, "2 pages") {
			t.Fatalf("the resume has %q", got)
		}
		again := time.Now()
		b.run(chromedp.Click(chromedp.CSS("form[action$=gaps] button")), chromedp.WaitReady(chromedp.CSS("#readiness")))
		all = append(all, wait{int(read.Milliseconds()), int((read + time.Since(again)).Milliseconds())})
		b.quiet("/favicon")
	}
	t.Logf("%+v", all)
	body, err := json.MarshalIndent(all, "", "  ")
	if err == nil {
		err = os.WriteFile(filepath.Join(artefacts, "upload.json"), append(body, '\n'), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
