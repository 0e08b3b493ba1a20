// Package locale holds every sentence that the pages say, by key, in each of their languages: YAML under a directory a language, a file a
// page, embedded and checked when it is loaded.
package locale

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"
	"golang.org/x/text/number"
)

//go:embed en/*.yaml de/*.yaml es/*.yaml
var files embed.FS

// Codes are the languages, the first of which stands in where a person asks for none of them.
var codes = []string{"en", "de", "es"}

// Catalog is every language.
type Catalog struct {
	languages []*Language
	matcher   language.Matcher
}

// Language is one language of the pages. It may be used by many at once.
type Language struct {
	Code string // as the lang attribute has it
	Name string // in itself
	Dir  string // ltr or rtl

	tag     language.Tag
	printer *message.Printer
	keys    map[string]bool
}

// Load reads and checks the embedded files.
func Load() (*Catalog, error) {
	builder := catalog.NewBuilder(catalog.Fallback(language.English))
	c := &Catalog{}
	var tags []language.Tag
	for _, code := range codes {
		entries, err := read(code)
		if err != nil {
			return nil, fmt.Errorf("load locale %s: %w", code, err)
		}
		tag := language.MustParse(code)
		l := &Language{Code: code, Dir: "ltr", tag: tag, keys: map[string]bool{}}
		for key, entry := range entries {
			m, err := entry.message()
			if err == nil {
				err = builder.Set(tag, key, m...)
			}
			if err != nil {
				return nil, fmt.Errorf("load locale %s: %s: %w", code, key, err)
			}
			l.keys[key] = true
		}
		c.languages = append(c.languages, l)
		tags = append(tags, tag)
	}
	for _, l := range c.languages {
		l.printer = message.NewPrinter(l.tag, message.Catalog(builder))
		l.Name = l.Say("language.name")
	}
	c.matcher = language.NewMatcher(tags)
	return c, nil
}

// read gathers the files of a language. A key may stand in one of them alone.
func read(code string) (map[string]entry, error) {
	names, err := fs.Glob(files, code+"/*.yaml")
	if err != nil {
		return nil, err
	}
	all := map[string]entry{}
	for _, name := range names {
		data, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var some map[string]entry
		if err := yaml.Unmarshal(data, &some); err != nil {
			return nil, fmt.Errorf("%s: %w", path.Base(name), err)
		}
		for key, e := range some {
			if _, twice := all[key]; twice {
				return nil, fmt.Errorf("%s: %s is in another file too", path.Base(name), key)
			}
			all[key] = e
		}
	}
	return all, nil
}

// entry is one message as it is written: a text, or a form for each number, or a text with parts that have such forms.
type entry struct {
	text  string
	forms map[string]string            // by plural category, of the first argument
	parts map[string]map[string]string // by the name that the text has in ${…}
	args  map[string]int               // of each part, counted from 1
}

// UnmarshalYAML takes "text", {one: …, other: …} or {text: "… ${hours} …", hours: {arg: 2, one: …, other: …}}.
func (e *entry) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		return n.Decode(&e.text)
	}
	var raw map[string]yaml.Node
	if err := n.Decode(&raw); err != nil {
		return err
	}
	text, ok := raw["text"]
	if !ok {
		return n.Decode(&e.forms)
	}
	delete(raw, "text")
	if err := text.Decode(&e.text); err != nil {
		return err
	}
	e.parts, e.args = map[string]map[string]string{}, map[string]int{}
	for name, node := range raw {
		var forms map[string]string
		if err := node.Decode(&forms); err != nil {
			return err
		}
		arg := 1
		if written, ok := forms["arg"]; ok {
			if _, err := fmt.Sscanf(written, "%d", &arg); err != nil {
				return fmt.Errorf("%s: arg %q is no number", name, written)
			}
			delete(forms, "arg")
		}
		e.parts[name], e.args[name] = forms, arg
	}
	return nil
}

func (e *entry) message() ([]catalog.Message, error) {
	if e.forms != nil {
		m, err := choose(1, e.forms)
		return []catalog.Message{m}, err
	}
	var out []catalog.Message
	for _, name := range slices.Sorted(maps.Keys(e.parts)) {
		m, err := choose(e.args[name], e.parts[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out = append(out, catalog.Var(name, m))
	}
	return append(out, catalog.String(e.text)), nil
}

// choose picks a form by the number that an argument is.
func choose(arg int, forms map[string]string) (catalog.Message, error) {
	if _, ok := forms["other"]; !ok {
		return nil, fmt.Errorf("no form %q", "other")
	}
	var cases []any
	for _, name := range slices.Sorted(maps.Keys(forms)) {
		switch name {
		case "zero", "one", "two", "few", "many", "other":
			cases = append(cases, name, forms[name])
		default:
			return nil, fmt.Errorf("%q is no plural category", name)
		}
	}
	return plural.Selectf(arg, "%d", cases...), nil
}

// Languages are all of them, the first of which is the one that stands in.
func (c *Catalog) Languages() []*Language { return c.languages }

// Choose finds the language of a code that a person chose, or else of an Accept-Language header.
func (c *Catalog) Choose(code, header string) *Language {
	for _, l := range c.languages {
		if l.Code == code {
			return l
		}
	}
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return c.languages[0]
	}
	if _, i, confidence := c.matcher.Match(tags...); confidence > language.No {
		return c.languages[i]
	}
	return c.languages[0]
}

// Keys are those of the messages that the language has, in order.
func (l *Language) Keys() []string { return slices.Sorted(maps.Keys(l.keys)) }

// Has tells whether there is a message with a key.
func (l *Language) Has(key string) bool { return l.keys[key] }

// Say gives a message with its arguments put in. A key that there is not is given back as it is, in marks that no sentence has.
func (l *Language) Say(key string, args ...any) string {
	if !l.keys[key] {
		return "⟦" + key + "⟧"
	}
	return l.printer.Sprintf(key, args...)
}

// Of gives the message of a value of a set, such as a status. A value that the set does not have is given as it is.
func (l *Language) Of(set string, value any, args ...any) string {
	key := set + "." + fmt.Sprint(value)
	if !l.keys[key] {
		return fmt.Sprint(value)
	}
	return l.printer.Sprintf(key, args...)
}

// Number writes a number with the language's own marks.
func (l *Language) Number(n any) string { return l.printer.Sprint(number.Decimal(n)) }

// Decimal writes a number with so many digits after the mark, at most.
func (l *Language) Decimal(n float64, digits int) string {
	return l.printer.Sprint(number.Decimal(n, number.MaxFractionDigits(digits)))
}

// Percent writes a share as a whole number of per cent.
func (l *Language) Percent(share float64) string {
	return l.printer.Sprint(number.Percent(share, number.MaxFractionDigits(0)))
}

// Day writes a date in words.
func (l *Language) Day(t time.Time) string {
	return l.Say("date.day", t.Day(), l.month(t), t.Format("2006"))
}

// Month writes a month and its year in words.
func (l *Language) Month(t time.Time) string {
	return l.Say("date.month-of", l.month(t), t.Format("2006"))
}

// Moment writes a time in words, in UTC, as the server does not know where the reader is.
func (l *Language) Moment(t time.Time) string {
	t = t.UTC()
	return l.Say("date.moment", l.Day(t), t.Format("15:04"))
}

func (l *Language) month(t time.Time) string { return l.Of("date.month", int(t.Month())) }

// List joins words as a sentence does.
func (l *Language) List(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return l.Say("list.and", strings.Join(words[:last], ", "), words[last])
}
