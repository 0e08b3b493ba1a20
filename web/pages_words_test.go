package web_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"github.com/gapwise/gapwise/web/locale"
)

// stillEnglish are the templates whose sentences are not yet in the catalogue. There are none.
var stillEnglish = []string{}

// templates are those of the pages, by name.
func templates(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("templates/*.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out[strings.TrimSuffix(filepath.Base(file), ".tmpl")] = string(b)
	}
	return out
}

var (
	usedKey = regexp.MustCompile(`[({\s|](?:t|th) "([^"]+)"`)
	usedSet = regexp.MustCompile(`[({\s|]of "([^"]+)"`)
	goSet   = regexp.MustCompile(`\.Of\("([^"]+)"`)
	quoted  = regexp.MustCompile(`"([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+)"`)
)

// TestMessages holds the catalogue against what templates and handlers say: no key without a message, and no message without a use.
func TestMessages(t *testing.T) {
	words, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	english := words.Languages()[0]
	used, sets := map[string]bool{}, map[string]bool{"problem": true} // any problem may have one
	for name, text := range templates(t) {
		for _, m := range usedKey.FindAllStringSubmatch(text, -1) {
			used[m[1]] = true
			if !english.Has(m[1]) {
				t.Errorf("%s says %s, which no language has", name, m[1])
			}
		}
		for _, m := range usedSet.FindAllStringSubmatch(text, -1) {
			sets[m[1]] = true
		}
	}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	inLocale, err := filepath.Glob("locale/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(sources, inLocale...) {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, m := range quoted.FindAllStringSubmatch(string(b), -1) {
			used[m[1]] = true
		}
		for _, m := range goSet.FindAllStringSubmatch(string(b), -1) {
			sets[m[1]] = true
		}
	}
	for set := range sets {
		if set != "problem" && !slices.ContainsFunc(english.Keys(), func(key string) bool { return strings.HasPrefix(key, set+".") }) {
			t.Errorf("no message is of the set %s", set)
		}
	}
	for _, key := range english.Keys() {
		set := key[:max(0, strings.LastIndexByte(key, '.'))]
		if !used[key] && !sets[set] {
			t.Errorf("nothing says %s", key)
		}
	}
}

var action = regexp.MustCompile(`(?s)\{\{.*?\}\}`)

// bareWords are the words that a template says by itself, in its text and in the attributes that are read out.
func bareWords(template string) []string {
	var out []string
	words := func(text string) {
		for word := range strings.FieldsFuncSeq(strings.ReplaceAll(text, "Gapwise", ""), func(r rune) bool { return !unicode.IsLetter(r) }) {
			if len(word) > 1 {
				out = append(out, word)
			}
		}
	}
	z := html.NewTokenizer(strings.NewReader(action.ReplaceAllString(template, " ")))
	silent := 0 // inside what is no sentence: code and keys
	for {
		kind := z.Next()
		token := z.Token()
		switch kind {
		case html.ErrorToken:
			return out
		case html.TextToken:
			if silent == 0 {
				words(token.Data)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			if kind == html.StartTagToken && slices.Contains([]string{"code", "kbd", "script"}, token.Data) {
				silent++
			}
			for _, a := range token.Attr {
				if slices.Contains([]string{"title", "aria-label", "alt", "placeholder"}, a.Key) {
					words(a.Val)
				}
			}
		case html.EndTagToken:
			if slices.Contains([]string{"code", "kbd", "script"}, token.Data) {
				silent--
			}
		case html.CommentToken, html.DoctypeToken:
		}
	}
}

// TestNoBareWords finds words that stand in a template and not in the catalogue.
func TestNoBareWords(t *testing.T) {
	all := templates(t)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		found := bareWords(all[name])
		switch listed := slices.Contains(stillEnglish, name); {
		case listed && len(found) == 0:
			t.Errorf("%s has no bare words: take it from the list", name)
		case !listed && len(found) > 0:
			t.Errorf("%s says %q by itself", name, found)
		}
	}
	for _, name := range stillEnglish {
		if _, ok := all[name]; !ok {
			t.Errorf("there is no template %s: take it from the list", name)
		}
	}
	if got := bareWords(`<p title="A title">{{t "x"}} Bare <code>code</code> <img alt="seen">`); !slices.Equal(got, []string{"title", "Bare", "seen"}) {
		t.Errorf("the test finds %q", got)
	}
}
