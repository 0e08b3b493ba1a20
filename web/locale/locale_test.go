package locale_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/web/locale"
)

func load(t *testing.T) *locale.Catalog {
	t.Helper()
	c, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEveryLanguageHasEveryKey(t *testing.T) {
	languages := load(t).Languages()
	for _, l := range languages[1:] {
		if diff := cmp.Diff(languages[0].Keys(), l.Keys()); diff != "" {
			t.Errorf("%s has other keys than %s:\n%s", l.Code, languages[0].Code, diff)
		}
	}
}

func TestChoose(t *testing.T) {
	c := load(t)
	for name, tt := range map[string]struct{ code, header, want string }{
		"nothing":          {"", "", "en"},
		"chosen":           {"de", "es", "de"},
		"chosen, not ours": {"xx", "es-MX,es;q=0.9", "es"},
		"header":           {"", "fr, de-AT;q=0.8, en;q=0.5", "de"},
		"none of ours":     {"", "ja", "en"},
		"broken":           {"", ";;;q=", "en"},
	} {
		if got := c.Choose(tt.code, tt.header).Code; got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

func TestSayings(t *testing.T) {
	c := load(t)
	day := time.Date(2026, 3, 4, 9, 5, 0, 0, time.UTC)
	for code, want := range map[string][]string{
		"en": {"1 hour", "1,200 hours", "4 March 2026", "March 2026", "4 March 2026, 09:05 UTC", "62%", "Go, SQL and Git", "1,234.5"},
		"de": {"1 Stunde", "1.200 Stunden", "4. März 2026", "März 2026", "4. März 2026, 09:05 UTC", "62\u00a0%", "Go, SQL und Git", "1.234,5"},
		"es": {"1 hora", "1.200 horas", "4 de marzo de 2026", "marzo de 2026", "4 de marzo de 2026, 09:05 UTC", "62\u00a0%", "Go, SQL y Git", "1.234,5"},
	} {
		l := c.Choose(code, "")
		got := []string{l.Say("count.hours", 1), l.Say("count.hours", 1200), l.Day(day), l.Month(day), l.Moment(day), l.Percent(0.62), l.List([]string{"Go", "SQL", "Git"}), l.Decimal(1234.5, 1)}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", code, diff)
		}
	}
	l := c.Choose("en", "")
	if got := l.Say("no.such.key"); !strings.Contains(got, "no.such.key") || got == "no.such.key" {
		t.Errorf("an unknown key gives %q", got)
	}
	if got := l.Of("status", "unheard-of"); got != "unheard-of" {
		t.Errorf("an unknown value gives %q", got)
	}
}
