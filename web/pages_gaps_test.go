package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/gapwise/gapwise/gateway"
)

const roleOfGaps = "/gaps/senior-backend-engineer"

// rowsOf are the ids of the rows of a report, in order.
func rowsOf(n *html.Node) []string {
	var out []string
	for _, b := range all(n, "tbody") {
		if id, ok := strings.CutPrefix(attr(b, "id"), "skill-"); ok {
			out = append(out, id)
		}
	}
	return out
}

// TestGapLists: each tab has the rows of its status and no other, an order only moves rows, and a filter only leaves some out.
func TestGapLists(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	own := "/resumes/" + c.resume().String() + roleOfGaps
	rows := func(query string) []string {
		t.Helper()
		a := c.page(own + query)
		if a.status != 200 {
			t.Fatalf("%s: %d", query, a.status)
		}
		n := parse(t, a)
		checkPage(t, query, n)
		return rowsOf(n)
	}
	every := rows("")
	parts := []string{}
	for _, tab := range []string{"missing", "partial", "transferable", "have"} {
		got := rows("?show=" + tab)
		parts = append(parts, got...)
		page := parse(t, c.page(own+"?show="+tab))
		if link := byID(page, "tab-"+tab); link == nil || attr(link, "aria-current") != "page" {
			t.Errorf("the tab %s is not the current one", tab)
		}
	}
	sorted := func(list []string) []string { out := slices.Clone(list); slices.Sort(out); return out }
	if len(every) < 10 || !slices.Equal(sorted(every), sorted(parts)) {
		t.Errorf("all %v\nby tab %v", sorted(every), sorted(parts))
	}
	seen := map[string]bool{}
	for _, order := range []string{"first", "weight", "hours", "phase", "name"} {
		got := rows("?sort=" + order)
		if !slices.Equal(sorted(got), sorted(every)) {
			t.Errorf("%s has other rows", order)
		}
		seen[strings.Join(got, " ")] = true
	}
	if len(seen) != 5 {
		t.Errorf("%d orders of five differ", len(seen))
	}
	for _, query := range []string{"?must=1", "?phase=system-design-depth", "?must=1&phase=system-design-depth&show=missing"} {
		got := rows(query)
		if len(got) == 0 || len(got) >= len(every) || slices.ContainsFunc(got, func(id string) bool { return !slices.Contains(every, id) }) {
			t.Errorf("%s: %d of %d rows", query, len(got), len(every))
		}
	}
	if got := rows("?show=extra"); len(got) != 0 {
		t.Errorf("beyond what is asked: %v", got)
	}
	if got := rows("?show=%3Cb%3E&sort=x&phase=y&must=z"); !slices.Equal(got, every) {
		t.Error("what there is not changes the list")
	}
}

// TestGapPart: htmx gets the list and the figures, and nothing of the frame.
func TestGapPart(t *testing.T) {
	c := open(t, nil, gateway.DefaultCaps).newClient(t)
	a := c.get("/resumes/"+c.resume().String()+roleOfGaps+"?show=missing", "Accept", "text/html", "HX-Request", "true")
	if a.status != 200 || strings.Contains(a.body, "<main") || !strings.Contains(a.body, `id="report"`) || !strings.Contains(a.body, `id="readiness" hx-swap-oob`) {
		t.Errorf("%d %.300s", a.status, a.body)
	}
}

// TestWhatIfSliders: sliders are levels that are taken for granted, 0 is as the resume shows, and such a report is not kept.
func TestWhatIfSliders(t *testing.T) {
	c := open(t, nil, gateway.DefaultCaps).newClient(t)
	own := "/resumes/" + c.resume().String() + roleOfGaps
	share := func(query string) string {
		t.Helper()
		n := parse(t, c.page(own+query))
		checkPage(t, query, n)
		return textOf(byID(n, "readiness"))
	}
	plain, same, better := share(""), share("?level-kafka=0"), share("?level-kafka=5&hours_per_week=10")
	if plain != same || plain == better || !strings.Contains(better, "takes for granted") {
		t.Errorf("plain %q\nat 0 %q\nat 5 %q", plain, same, better)
	}
	if better != share("?assume=kafka:5") {
		t.Error("the slider and the list of levels differ")
	}
	for _, query := range []string{"?level-kafka=x", "?level-kafka=9", "?level-sleep=3", "?assume=kafka"} {
		a := c.page(own + query)
		if n := parse(t, a); a.status != http.StatusBadRequest || byID(n, "assume") == nil {
			t.Errorf("%s: %d", query, a.status)
		}
	}
}

// TestSayOnGap: a word on one row changes the report, wants proof, and is the person's alone.
func TestSayOnGap(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	own := "/resumes/" + c.resume().String() + roleOfGaps
	missing := rowsOf(parse(t, c.page(own+"?show=missing")))
	if len(missing) == 0 {
		t.Fatal("nothing is missing")
	}
	id := missing[0]
	bad := c.form(own+"/skills/"+id+"?show=missing", "status", "confirmed", "level", "4", "note", " ")
	if n := parse(t, bad); bad.status != http.StatusBadRequest || attr(byID(n, "proof-note-"+id), "aria-invalid") != "true" {
		t.Errorf("without proof: %d", bad.status)
	}
	long := c.form(own+"/skills/kafka", "status", "rejected", "note", strings.Repeat("x", 501))
	if n := parse(t, long); long.status != http.StatusBadRequest || attr(byID(n, "reject-note-kafka"), "value") == "" || attr(byID(n, "proof-note-kafka"), "aria-invalid") != "" {
		t.Errorf("a long note: %d", long.status)
	}
	a := c.form(own+"/skills/"+id+"?hours_per_week=7&show=missing", "status", "confirmed", "level", "5", "note", "https://example.org")
	at, err := url.Parse(a.header.Get("Location"))
	if a.status != http.StatusSeeOther || err != nil || at.Path != own || at.Fragment != "skill-"+id || at.Query().Get("hours_per_week") != "7" || at.Query().Has("show") {
		t.Fatalf("%d, to %s", a.status, at)
	}
	if n := parse(t, c.page(at.RequestURI())); byID(n, "skill-"+id) == nil || !strings.Contains(textOf(all(n, "main")[0]), "is kept") {
		t.Error("the page says nothing of what was done")
	}
	if got := rowsOf(parse(t, c.page(own+"?show=have"))); !slices.Contains(got, id) {
		t.Errorf("%s is not held: %v", id, got)
	}
	if a := c.form(own+"/skills/"+id, "status", "rejected", "note", ""); a.status != http.StatusSeeOther {
		t.Errorf("rejected: %d", a.status)
	}
	if got := rowsOf(parse(t, c.page(own+"?show=have"))); slices.Contains(got, id) {
		t.Errorf("%s is still held", id)
	}
	other := h.newClient(t)
	other.resume()
	for name, a := range map[string]answer{
		"a stranger": other.form(own+"/skills/"+id, "status", "confirmed", "level", "5", "note", "x"),
		"no skill":   c.form(own+"/skills/sleep", "status", "confirmed", "level", "5", "note", "x"),
	} {
		if a.status != http.StatusNotFound {
			t.Errorf("%s: %d", name, a.status)
		}
	}
}

// TestGapsInGerman: no sentence of the page's own is left in English, and what there is in English alone says so.
func TestGapsInGerman(t *testing.T) {
	c := open(t, nil, gateway.DefaultCaps).newClient(t)
	a := c.get("/resumes/"+c.resume().String()+roleOfGaps, "Accept", "text/html", "Accept-Language", "de")
	n := parse(t, a)
	checkPage(t, "de", n)
	text := textOf(all(n, "main")[0])
	for _, want := range []string{"Noch zu lernen", "Bereit am", "Das kann ich: Beleg hinzufügen", "verlangt ist"} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q", want)
		}
	}
	for _, word := range []string{"Ready on", "points", "⟦"} {
		if strings.Contains(text, word) {
			t.Errorf("it says %q", word)
		}
	}
}
