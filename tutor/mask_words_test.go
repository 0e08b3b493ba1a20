package tutor_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/tutor"
)

func personal(pairs ...string) []resume.Personal {
	var out []resume.Personal
	for i := 0; i+1 < len(pairs); i += 2 {
		out = append(out, resume.Personal{Kind: resume.PersonalKind(pairs[i]), Text: pairs[i+1]})
	}
	return out
}

// TestMaskTellsNamesFromWords: what a name is called like stays, and the name goes.
func TestMaskTellsNamesFromWords(t *testing.T) {
	t.Parallel()
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	masker := tutor.NewMasker(c)
	tests := []struct {
		name, person, text, want string
	}{
		{"a language", "Ruby Jordan", "Ruby services and Ruby on Rails", "Ruby services and Ruby on Rails"},
		{"greeted", "Ruby Jordan", "Hi Ruby, your Ruby is fine", "Hi ⟦NAME-1⟧, your Ruby is fine"},
		{"a verb", "Jordan Go", "I go on with Go; Go is fast", "I go on with Go; Go is fast"},
		{"whole among verbs", "Jordan Go", "Jordan Go wants to go on with Go", "⟦NAME-1⟧ wants to go on with Go"},
		{"as a role", "Jordan Go", "I am Go developer", "I am Go developer"},
		{"one letter", "E. Ng", "e.g. an engineer in C", "e.g. an engineer in C"},
		{"initial", "Maria Gomez", "M. Gomez and m gomez", "⟦NAME-1⟧ and ⟦NAME-1b⟧"},
		{"turned round", "Maria Gomez", "GOMEZ, MARIA", "⟦NAME-1⟧"},
		{"genitive", "Maria Gomez", "Gomez's and Gomezs plan", "⟦NAME-1⟧'s and ⟦NAME-1⟧s plan"},
		{"within a word", "Ana Cond", "conditions and Banana", "conditions and Banana"},
		{"spaced", "Maria Gomez", "M A R I A  G O M E Z", "⟦NAME-1⟧"},
		{"across lines", "Maria Gomez", "Maria\nGomez", "⟦NAME-1⟧"},
		{"hyphen", "Anne-Marie Bäckström", "Anne Marie Baeckstroem, Backstrom", "⟦NAME-1⟧, ⟦NAME-1b⟧"},
		{"zero-width", "Maria Gomez", "Go\u200bmez", "⟦NAME-1⟧"},
		{"a tool", "Julia Jenkins", "Jenkins pipelines in Julia", "Jenkins pipelines in Julia"},
		{"a company", "Anna Schneider", "Schneider Electric pays Frau Schneider", "Schneider Electric pays Frau ⟦NAME-1⟧"},
		{"months", "April May", "from April to May I may rest", "from April to May I may rest"},
		{"a city", "Paris London", "moved from Paris to London", "moved from Paris to London"},
		{"own words", "Will Park", "it will park there", "it will park there"},
		{"letters of another name", "Li Na", "the linear line is in a list", "the linear line is in a list"},
		{"particle", "Vincent van Bergen", "the van is de facto here", "the van is de facto here"},
		{"no person at all", "", "Kafka on node.js and asp.net, Python 3.12, 10.0.0.1, 2019-2021, ISO 27001, 1,234,567 users", "Kafka on node.js and asp.net, Python 3.12, 10.0.0.1, 2019-2021, ISO 27001, 1,234,567 users"},
		{"somebody else", "", "My manager Tom Becker (tom.becker@acme.example) and Dr. Ruth Okoro", "My manager ⟦NAME-1⟧ (⟦EMAIL-1⟧) and Dr. ⟦NAME-2⟧"},
		{"says who", "", "I'm Katarzyna. I'm German and I am Senior engineer.", "I'm ⟦NAME-1⟧. I'm German and I am Senior engineer."},
		{"brackets of ours", "", "⟦NAME-1⟧ is what I write", "[NAME-1] is what I write"},
		{"packages", "", "react@18.2.0, @angular/core, user@localhost", "react@18.2.0, @angular/core, user@localhost"},
		{"times and sums", "", "03/2020 - 05/2021, 01.02.2020, 99.95 %, 12:30-14:00, 2 000 000 EUR", "03/2020 - 05/2021, 01.02.2020, 99.95 %, 12:30-14:00, 2 000 000 EUR"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m, err := masker.Mask(personal("name", tt.person), tt.text)
			if err != nil {
				t.Fatal(err)
			}
			got, err := m.Hide(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestMaskRestoresWhatModelsBend(t *testing.T) {
	t.Parallel()
	m, err := tutor.NewMask(personal("name", "Maria Gomez", "email", "mg@mailbox.example", "phone", "+34 612 555 019", "link", "github.com/mgomez77"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Hide("Maria Gomez, gomez, mg@mailbox.example, +34 612 555 019, github.com/mgomez77"); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, answer, want string }{
		{"straight", "Hello ⟦NAME-1⟧!", "Hello Maria Gomez!"},
		{"another spelling", "Hello ⟦NAME-1b⟧!", "Hello gomez!"},
		{"lower case", "Hello ⟦name-1⟧!", "Hello Maria Gomez!"},
		{"no brackets", "Hello NAME-1!", "Hello Maria Gomez!"},
		{"other brackets", "Hello [NAME-1], <NAME-1>, {NAME-1}, [[NAME-1]], 【NAME-1】!", "Hello Maria Gomez, Maria Gomez, Maria Gomez, Maria Gomez, Maria Gomez!"},
		{"half a bracket", "Hello ⟦NAME-1 and NAME-1⟧ there", "Hello Maria Gomez and Maria Gomez there"},
		{"own brackets", "You (NAME-1) are", "You (Maria Gomez) are"},
		{"underscore and space", "NAME_1, NAME 1, ⟦NAME 1⟧, ⟦NAME_1⟧, ⟦NAME – 1⟧", "Maria Gomez, Maria Gomez, Maria Gomez, Maria Gomez, Maria Gomez"},
		{"possessive", "⟦NAME-1⟧'s plan, NAME-1’s plan, NAME-1s Plan", "Maria Gomez's plan, Maria Gomez’s plan, Maria Gomezs Plan"},
		{"translated", "⟦Nombre-1⟧, ⟦NOM-1⟧, ⟦Telefon-1⟧, ⟦Correo-1⟧, ⟦ENLACE-1⟧", "Maria Gomez, Maria Gomez, +34 612 555 019, mg@mailbox.example, github.com/mgomez77"},
		{"bold", "**⟦NAME-1⟧** and ⟦**NAME-1**⟧", "**Maria Gomez** and Maria Gomez"},
		{"escaped", `\[NAME-1\] and [NAME-1]`, "Maria Gomez and Maria Gomez"},
		{"without its number", "Hello ⟦NAME⟧!", "Hello Maria Gomez!"},
		{"of nothing", "Hello ⟦NAME-7⟧!", "Hello [name]!"},
		{"words that are none", "The link 1 and name 2 of phone 1; the NAME column, name-based, link-1st, e-mail", "The link 1 and name 2 of phone 1; the NAME column, name-based, link-1st, e-mail"},
		{"citations stay", "As NAME-1 wrote [1][2]", "As Maria Gomez wrote [1][2]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(tt.want, m.Restore(tt.answer)); d != "" {
				t.Error(d)
			}
		})
	}
	kinds := map[string]int{}
	for _, h := range m.Hidden() {
		kinds[h.Kind]++
	}
	if d := cmp.Diff(map[string]int{"name": 2, "email": 1, "phone": 1, "link": 1}, kinds); d != "" {
		t.Errorf("hidden by kind: %s", d)
	}
}

func TestMaskRestoresWithinJSON(t *testing.T) {
	t.Parallel()
	m, err := tutor.NewMask(personal("name", `Thaddeus "Tad" Kowalczyk`))
	if err != nil {
		t.Fatal(err)
	}
	hidden, err := m.Hide(`I am Thaddeus "Tad" Kowalczyk`)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(map[string]string{"feedback": hidden})
	if err != nil {
		t.Fatal(err)
	}
	var back struct{ Feedback string }
	if err := json.Unmarshal([]byte(m.RestoreJSON(string(b))), &back); err != nil || back.Feedback != `I am Thaddeus "Tad" Kowalczyk` {
		t.Errorf("%s is restored to %q, %v", b, back.Feedback, err)
	}
}

// TestMaskLooksTwice: what hiding misses is found by the second look, and then nothing leaves.
func TestMaskLooksTwice(t *testing.T) {
	t.Parallel()
	known := personal("name", "Maria Gómez", "email", "mg@mailbox.example", "phone", "+34 612 555 019", "link", "https://gomez.example/cv", "address", "Calle Mayor 12, 28013 Madrid", "birth_date", "14.02.1979")
	for _, left := range []string{"Maria Gomez", "gómez", "M a r i a  G o m e z", "mg (@) mailbox.example", "0034-612-555-019", "gomez.example/cv", "calle mayor 12 28013 madrid", "14/02/1979"} {
		m, err := tutor.NewMask(known)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := m.Hide("Write to " + left + " now."); err != nil || strings.Contains(got, left) {
			t.Errorf("%s: %q, %v; want it hidden", left, got, err)
		}
		m.Forget()
		if got, err := m.Hide("Write to " + left + " now."); strings.Contains(got, left) || got == "" && !errors.Is(err, fault.Unavailable) {
			t.Errorf("%s: a mask that forgot it gave %q, %v; want an error", left, got, err)
		}
	}
}

func FuzzMask(f *testing.F) {
	f.Add("Maria Gomez", "Maria Gomez, m.gomez@mailbox.example, +49 30 5550147\nCalle Mayor 12, 28013 Madrid")
	f.Add("E. Ng", "e.g. ⟦NAME-1⟧ NAME-1 born 1.2.1990 in Köln")
	f.Add("王小明", "王小明 小明 138-0000-0000 https://x.y/z")
	f.Fuzz(func(t *testing.T, name, text string) {
		m, err := tutor.NewMask(personal("name", name), text)
		if err != nil {
			return
		}
		hidden, err := m.Hide(text)
		if err != nil {
			return
		}
		if strings.ContainsAny(text, "⟦⟧") || strings.ContainsRune(text, '�') || strings.ToValidUTF8(text, "") != text {
			return
		}
		plain := m.Restore(text) // where the text has what looks like a placeholder, restoring touches it
		if back := m.Restore(hidden); plain == text && back != text {
			t.Errorf("%q hidden as %q is restored to %q", text, hidden, back)
		}
	})
}
