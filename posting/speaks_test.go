package posting_test

import (
	"testing"

	"github.com/gapwise/gapwise/posting"
)

func TestSpeaks(t *testing.T) {
	for text, want := range map[string]string{
		"Fluent German required.":                                      "de",
		"You speak fluent German and English.":                         "de",
		"Fluency in English and German":                                "de",
		"Fluent in English or German":                                  "",
		"German or French at B2 level":                                 "de/fr",
		"Native Dutch speaker":                                         "nl",
		"A German-speaking candidate":                                  "de",
		"Verhandlungssichere Deutschkenntnisse":                        "de",
		"Fließend Deutsch und Englisch in Wort und Schrift":            "de",
		"Französisch und Italienisch sind zwingend":                    "fr it",
		"Français courant exigé":                                       "fr",
		"Spanish C1, English B2":                                       "es",
		"English B2":                                                   "",
		"German is a plus.":                                            "",
		"Fluent German is an advantage":                                "",
		"Fluent German is not required.":                               "",
		"Requirements\n- Go\n\nNice to have\n- fluent Polish":          "",
		"We are a German company. Strong Python required.":             "",
		"Our French customers love it; proficient in SQL.":             "",
		"Polish the interface until it is fluent.":                     "",
		"German (C1)":                                                  "de",
		"Deutschkenntnisse von Vorteil":                                "",
		"Must have\n- fluent Japanese\n\nYou will love\n- our Chinese": "ja",
	} {
		if got := posting.Speaks(text); got != want {
			t.Errorf("%q asks for %q, want %q", text, got, want)
		}
	}
}

func TestNamesOfLanguages(t *testing.T) {
	if !posting.Names("Sprachen: Deutsch (Muttersprache)", "de") || !posting.Names("native in GERMAN", "de") || posting.Names("I wrote a germanium driver", "fr") || posting.Names("ungerman", "de") {
		t.Error("names of languages are not found as they stand")
	}
	if posting.LanguageName("nl") != "Dutch" || posting.LanguageName("xx") != "" {
		t.Error("wrong names")
	}
}
