package tutor_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"go.yaml.in/yaml/v4"
	"golang.org/x/text/unicode/norm"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/tutor"
)

// maskCase is a resume of nobody, with what must not leave and what must stay.
type maskCase struct {
	ID      string   `yaml:"id"`
	Format  string   `yaml:"format"` // of the file that the test through all of Gapwise makes
	Text    string   `yaml:"text"`
	Known   []string `yaml:"known"`
	Keep    []string `yaml:"keep"`
	Message string   `yaml:"message"`
}

func readYAML(tb testing.TB, name string, into any) {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	if err := yaml.Unmarshal(data, into); err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
}

// plainFold is s in lower case without accents.
func plainFold(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(s))
	return strings.NewReplacer("ł", "l", "ø", "o", "æ", "ae", "ß", "ss", "ı", "i").Replace(s)
}

func onlyLetters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// leaked are the values that a text holds in some form.
func leaked(text string, known []string) []string {
	plain := plainFold(text)
	letters := onlyLetters(plain)
	var out []string
	for _, k := range known {
		f := plainFold(k)
		if strings.Contains(plain, f) || len(onlyLetters(f)) > 7 && strings.Contains(letters, onlyLetters(f)) {
			out = append(out, k)
		}
	}
	return out
}

func TestMaskHidesWhoSomebodyIs(t *testing.T) {
	t.Parallel()
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	masker := tutor.NewMasker(c)
	for _, set := range []string{"open", "held-out"} {
		t.Run(set, func(t *testing.T) {
			t.Parallel()
			var cases []maskCase
			readYAML(t, "mask/"+set+".yaml", &cases)
			if len(cases) != 20 {
				t.Fatalf("%d resumes, want 20", len(cases))
			}
			values, leaks, kept, lost := 0, 0, 0, 0
			for _, k := range cases {
				doc, err := resume.NewReader(nil).Read(t.Context(), "", []byte(k.Text))
				if err != nil {
					t.Fatal(err)
				}
				m, err := masker.Mask(doc.Personal, doc.Text, k.Message)
				if err != nil {
					t.Fatal(err)
				}
				for _, text := range []string{doc.Text, k.Message} {
					hidden, err := m.Hide(text)
					if err != nil {
						t.Errorf("%s: %v in %s", k.ID, err, text)
						continue
					}
					values += len(k.Known)
					if l := leaked(hidden, k.Known); len(l) > 0 {
						leaks += len(l)
						t.Errorf("%s: %q left in\n%s", k.ID, l, hidden)
					}
					if back := m.Restore(hidden); back != text {
						t.Errorf("%s: restored to\n%s\nwant\n%s", k.ID, back, text)
					}
					if text != doc.Text {
						continue
					}
					for _, keep := range k.Keep {
						kept++
						if !strings.Contains(hidden, keep) {
							lost++
							t.Errorf("%s: %q is hidden in\n%s", k.ID, keep, hidden)
						}
					}
				}
			}
			t.Logf("%s: %d of %d values left, %d of %d words lost that should stay", set, leaks, values, lost, kept)
		})
	}
}
