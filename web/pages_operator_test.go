package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gapwise/gapwise/account"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/posting"
	"github.com/gapwise/gapwise/prompts"
	"github.com/gapwise/gapwise/web"
)

// books are what an operator sees, as a test sets them.
type books struct {
	usage   map[string][]gateway.Spending
	sources []posting.Visit
	change  *gapanalysis.Switch
	jobs    map[string]int
	journal error
}

func (b *books) UsageBy(_ context.Context, by string, _ time.Time) ([]gateway.Spending, error) {
	return b.usage[by], nil
}

func (b *books) Sources(context.Context) ([]posting.Visit, error) { return b.sources, nil }

func (b *books) LatestSwitch(context.Context) (gapanalysis.Switch, error) {
	if b.change == nil {
		return gapanalysis.Switch{}, fault.New(fault.NotFound, "no-switch", "None.")
	}
	return *b.change, nil
}

func (b *books) Backlog(context.Context) (map[string]int, error) { return b.jobs, nil }

// running is what runs in a house: nothing, until a test says so.
func (h *house) running(infos func() []prompts.Info) *web.Running {
	h.books = &books{}
	return &web.Running{
		Spending: h.books, Sources: h.books, Switches: h.books, Queue: h.books, Prompts: infos, Journal: func() error { return h.books.journal },
	}
}

func TestOperatorPageIsForOperators(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	guest := h.newClient(t)
	guest.resume()
	accounts := account.New(h.memory, h.memory, func() time.Time { return today })
	_, secret, err := accounts.Admit(t.Context(), account.Operator, "", account.Bearer)
	if err != nil {
		t.Fatal(err)
	}
	_, member, err := accounts.Admit(t.Context(), account.Member, "", account.Bearer)
	if err != nil {
		t.Fatal(err)
	}
	for name, a := range map[string]answer{
		"nobody": h.newClient(t).page("/operator"), "guest": guest.page("/operator"), "wrong token": guest.form("/operator", "token", "gw_x"),
		"no token": guest.form("/operator", "token", ""), "member's token": guest.form("/operator", "token", member),
	} {
		checkPage(t, name, parse(t, a))
		if a.status != http.StatusForbidden || strings.Contains(a.body, "Health") || byID(parse(t, a), "token") == nil || len(a.header.Values("Set-Cookie")) > 0 {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	c := h.newClient(t)
	if a := c.form("/operator", "token", " "+secret+" "); a.status != 303 || a.header.Get("Location") != "/operator" {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := c.page("/operator"); a.status != 200 || !strings.Contains(a.body, "Health") {
		t.Errorf("an operator's session: %d", a.status)
	}
	if a := h.newClient(t).get("/operator", "Accept", "text/html", "Authorization", "Bearer "+secret); a.status != 200 {
		t.Errorf("an operator's bearer token: %d", a.status)
	}
	if !strings.Contains(c.page("/me").body, `href="/operator"`) {
		t.Error("an operator is not led there")
	}
}

func TestOperatorPageSays(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	c.resume()
	h.promote()
	empty := parse(t, c.page("/operator"))
	checkPage(t, "empty", empty)
	for _, want := range []string{"nothing was spent", "No postings were fetched", "No switch of embedding models", "No job waits"} {
		if !strings.Contains(textOf(empty), want) {
			t.Errorf("without anything it does not say %q", want)
		}
	}
	fetched := today.Add(-time.Hour)
	*h.books = books{
		usage: map[string][]gateway.Spending{
			"day":     {{Key: today.Format(time.DateOnly), Calls: 1234, Cost: 3 * gateway.Dollar}},
			"person":  {{Key: "", Calls: 1, Cost: gateway.Dollar}},
			"purpose": {{Key: "tutor.coach", Calls: 2, Cost: gateway.Dollar, Prompt: 5000, Completion: 700}},
			"model":   {{Key: "<b>stub</b>", Calls: 2, Cost: gateway.Dollar}},
		},
		sources: []posting.Visit{
			{Name: "greenhouse:acme", Scheduled: true, Failures: 3, Error: "The board does not answer.", FetchedAt: &fetched, NextAt: today},
			{Name: "lever:beta", Summary: []byte(`{"read":9,"stored":7,"new":5,"changed":2,"unchanged":1}`), FetchedAt: &fetched},
		},
		change:  &gapanalysis.Switch{Name: "new-model", Stage: gapanalysis.StagePostings, Done: 250, Total: 1000, UpdatedAt: today},
		jobs:    map[string]int{"discarded": 2},
		journal: fault.New(fault.Unavailable, "x", "x"),
	}
	for language, wants := range map[string][]string{
		"en": {"$3.00", "1,234", "nobody, or not told", "tutor.coach", "5,000 / 700", "<b>stub</b>", "failed 3 times in a row", "The board does not answer.", "5 new, 2 changed, 1 refused", "by hand", "embeds postings", "250 of 1,000", "given up: 2", "Nothing can be written", "Everybody here, today"},
		"de": {"3-mal in Folge gescheitert", "5 neu, 2 geändert, 1 abgelehnt", "aufgegeben: 2"},
		"es": {"falló 3 veces seguidas", "5 nuevas, 2 cambiadas, 1 rechazadas", "abandonadas: 2"},
	} {
		a := c.get("/operator", "Accept", "text/html", "Accept-Language", language)
		n := parse(t, a)
		checkPage(t, language, n)
		text := textOf(all(n, "main")[0])
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s: it does not say %q", language, want)
			}
		}
		if strings.Contains(a.body, "%!") || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: something is unsaid, or may be kept", language)
		}
	}
	if bars := all(parse(t, c.page("/operator")), "rect"); len(bars) == 0 {
		t.Error("there is no column")
	}
}
