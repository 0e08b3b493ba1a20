package tutor

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/mutant"
	"github.com/gapwise/gapwise/resume"
)

// Identities knows how people call themselves and how they are reached. Without a resume there is nothing, and no error.
type Identities interface {
	// Personal gives what all resumes of a person say of who they are, each text once.
	Personal(ctx context.Context, person uuid.UUID) ([]resume.Personal, error)
}

// Hidden is one thing that a prompt does not say.
type Hidden struct {
	Placeholder string `json:"placeholder"`
	Kind        string `json:"kind"` // name, email, phone, address, link or birth_date
}

// Masker makes masks. It knows the names of skills, which are also names of people. It is safe for concurrent use.
type Masker struct {
	keep  map[string]bool
	clear clearLines
}

// NewMasker makes a masker that knows the skills of a catalogue.
func NewMasker(c *catalog.Catalog) *Masker {
	k := &Masker{keep: map[string]bool{}}
	for _, s := range c.Skills() {
		for _, name := range append([]string{s.Name}, s.Aliases...) {
			if !strings.ContainsAny(name, " /") {
				k.keep[squeezeWord(name)] = true
			}
		}
	}
	return k
}

// Mask replaces what says who somebody is by placeholders, and puts it back. One mask serves one answer; it is not safe for concurrent use.
//
// A placeholder is ⟦NAME-1⟧: a kind and a number in brackets that no other text has. The same person or thing in another spelling is
// ⟦NAME-1b⟧, so that a model can tell that it is the same, and the answer gets back what stood there.
type Mask struct {
	values *values
	look   *secondLook
	things map[string]*thing // by owner
	byTag  map[string]*thing // by kind and number, as placeholders say them
	counts map[string]int
	hidden []Hidden
	clear  *clearLines
	met    map[string][]found // what the patterns found in texts that were looked through
}

// thing is somebody or something that is hidden.
type thing struct {
	tag      string
	kind     string
	spelling []string
}

// NewMask makes a mask for what is known of the person, and for what the patterns find in the texts: those that will be hidden, and those that
// were read before, since what stood beside a word for a birth date there may be quoted without it here.
func NewMask(personal []resume.Personal, texts ...string) (*Mask, error) {
	return (&Masker{}).Mask(personal, texts...)
}

// Mask makes a mask for what is known of the person, and for what the patterns find in the texts that will be hidden or were read before. An
// error means that there can be no mask, and that nothing must leave.
func (k *Masker) Mask(personal []resume.Personal, texts ...string) (*Mask, error) {
	m := &Mask{values: newValues(k.keep), things: map[string]*thing{}, byTag: map[string]*thing{}, counts: map[string]int{}, clear: &k.clear, met: map[string][]found{}}
	for _, p := range personal {
		if !utf8.ValidString(p.Text) {
			return nil, errUnmasked
		}
		m.values.know(p)
	}
	m.look = newSecondLook(personal, m.values.common)
	for _, t := range texts {
		t = cleanBrackets(t)
		for _, f := range m.patternsIn(t) {
			switch f.kind {
			case resume.PersonalEmail:
				m.values.email(t[f.from:f.to])
			case resume.PersonalPhone:
				m.values.phone(t[f.from:f.to])
			case resume.PersonalName:
				m.values.name(t[f.from:f.to])
			case resume.PersonalAddress:
				m.values.address(t[f.from:f.to])
			case resume.PersonalBirthDate:
				m.values.birth(t[f.from:f.to])
			case resume.PersonalLink:
			}
		}
	}
	return m, nil
}

var errUnmasked = fault.New(fault.Unavailable, "not-masked", "What is personal in this conversation could not be hidden from the language model, so it was not asked.")

// cleanBrackets takes the brackets of placeholders out of texts that come from outside.
func cleanBrackets(text string) string {
	text = strings.ToValidUTF8(text, "�")
	if !strings.Contains(text, "⟦") && !strings.Contains(text, "⟧") {
		return text
	}
	return strings.NewReplacer("⟦", "[", "⟧", "]").Replace(text)
}

// Hide gives a text without what is personal in it. An error means that something is left, and that the text must not leave.
func (m *Mask) Hide(text string) (string, error) {
	text = cleanBrackets(text)
	var b strings.Builder
	at := 0
	for _, f := range settleFound(text, m.find(text)) {
		if f.kind == resume.PersonalName && mutant.On(mutant.NamesPass) {
			continue
		}
		b.WriteString(text[at:f.from])
		b.WriteString(m.placeholder(f, text[f.from:f.to]))
		at = f.to
	}
	b.WriteString(text[at:])
	if out := b.String(); !m.look.finds(out) || mutant.On(mutant.NamesPass) {
		return out, nil
	}
	return "", errUnmasked
}

// patternsIn is what the patterns find in a text. They are looked for once: when the mask is made and when the text is hidden, it is the same.
func (m *Mask) patternsIn(text string) []found {
	text = cleanBrackets(text)
	if out, ok := m.met[text]; ok {
		return out
	}
	out := patterns(text, m.clear)
	m.met[text] = out
	return out
}

// find gives every place to hide, in no order.
func (m *Mask) find(text string) []found {
	out := slices.Clone(m.patternsIn(text))
	s := squeeze(text)
	for i := range m.values.list {
		v := &m.values.list[i]
		for _, at := range s.find(v.squeezed, func(from, to int) bool { return v.meant(text, from, to, s) }) {
			out = append(out, found{at[0], at[1], v.kind, v.owner})
		}
	}
	for _, at := range birthsIn(text, m.values.births) {
		out = append(out, found{at[0], at[1], resume.PersonalBirthDate, "birth_date/"})
	}
	return append(out, m.numbers(text)...)
}

// meant settles whether letters that are a value's are the value.
func (v *value) meant(text string, from, to int, s *squeezed) bool {
	if v.kind == resume.PersonalName && len(v.words) == 1 {
		if next, between := wordAfter(text, to); orgWords[next] && strings.Trim(between, " -") == "" && v.care != cued {
			return false // a company that is called like the person
		}
	}
	switch v.care {
	case capitals:
		return v.capital(text, from, s)
	case cued:
		return v.capital(text, from, s) && personNear(text, from, to)
	case marked:
		return strings.HasSuffix(text[:from], "@")
	case anyCase:
	}
	return true
}

// leastJoined is how many letters make a name that is one even where its words are written as one.
const leastJoined = 8

// capital is true where each word of the value begins with a capital, or has no case.
func (v *value) capital(text string, from int, s *squeezed) bool {
	first, ok := slices.BinarySearch(s.from, from)
	if !ok {
		return false
	}
	for _, w := range v.words {
		at := s.from[first+w]
		if unicode.IsLower(firstRune(text[at:])) || len(v.squeezed) < leastJoined && !startsWord(text, at) {
			return false
		}
	}
	return true
}

// personNear is true where the neighbours of a word show that it is somebody's name.
func personNear(text string, from, to int) bool {
	next, between := wordAfter(text, to)
	if techWords[next] && strings.TrimSpace(between) == "" {
		return false
	}
	before := wordsBefore(text, from, 2)
	if n := len(before); n > 0 && (greetWords[before[n-1]] || callWords[before[n-1]] || callWords[strings.Join(before, " ")]) {
		return true
	}
	startsLine := strings.TrimSpace(text[strings.LastIndexByte(text[:from], '\n')+1:from]) == ""
	return startsLine && (next == "here" || next == "speaking" || next == "again") && strings.TrimSpace(between) == ""
}

// numbers finds known telephone numbers in whatever groups their digits stand.
func (m *Mask) numbers(text string) []found {
	if len(m.values.digits) == 0 {
		return nil
	}
	var places []int // of digits
	var digits strings.Builder
	for i := range len(text) {
		if text[i] >= '0' && text[i] <= '9' {
			places = append(places, i)
			digits.WriteByte(text[i])
		}
	}
	all := digits.String()
	var out []found
	for end, owner := range m.values.digits {
		for at := 0; ; {
			i := strings.Index(all[at:], end)
			if i < 0 {
				break
			}
			i += at
			at = i + 1
			last := i + len(end) - 1
			if places[last]-places[i] > 4*len(end) || last+1 < len(places) && places[last+1] == places[last]+1 {
				continue
			}
			from := places[i]
			for from > 0 && strings.IndexByte("0123456789 ()+./-", text[from-1]) >= 0 && places[last]-from < 26 {
				from--
			}
			for from < places[i] && (text[from] == ' ' || text[from] == '.' || text[from] == '/' || text[from] == '-' || text[from] == ')') {
				from++
			}
			out = append(out, found{from, places[last] + 1, resume.PersonalPhone, owner})
		}
	}
	return out
}

// settleFound sorts what was found and makes one of what overlaps.
func settleFound(text string, all []found) []found {
	slices.SortFunc(all, func(a, b found) int {
		name := func(f found) int {
			if f.kind == resume.PersonalName { // a name that is also the head of an address for mail is a name
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to), cmp.Compare(name(a), name(b)), cmp.Compare(a.owner, b.owner))
	})
	var out []found
	for _, f := range all {
		for f.to > f.from && (text[f.to-1] == ' ' || text[f.to-1] == '\n') {
			f.to--
		}
		if f.to > f.from && text[f.from] == '(' && !strings.Contains(text[f.from:f.to], ")") {
			f.from++ // what stands in the author's brackets
		}
		if f.to <= f.from {
			continue
		}
		last := len(out) - 1
		if last < 0 || f.from >= out[last].to {
			out = append(out, f)
			continue
		}
		if f.to > out[last].to {
			if f.to-f.from > out[last].to-out[last].from {
				out[last].kind, out[last].owner = f.kind, f.owner
			}
			out[last].to = f.to
		}
	}
	return out
}

// placeholder is what stands in the place of a spelling of a thing.
func (m *Mask) placeholder(f found, spelling string) string {
	t := m.things[f.owner]
	if t == nil || len(t.spelling) > 'z'-'b' && !slices.Contains(t.spelling, spelling) {
		word := tagWord(f.kind)
		m.counts[word]++
		t = &thing{tag: fmt.Sprintf("%s-%d", word, m.counts[word]), kind: string(f.kind)}
		m.things[f.owner], m.byTag[t.tag] = t, t
	}
	i := slices.Index(t.spelling, spelling)
	if i < 0 {
		i = len(t.spelling)
		t.spelling = append(t.spelling, spelling)
		m.hidden = append(m.hidden, Hidden{Placeholder: mark(t.tag, i), Kind: t.kind})
	}
	return mark(t.tag, i)
}

// spellings mark the second spelling of a thing and those after it.
const spellings = "abcdefghijklmnopqrstuvwxyz"

func mark(tag string, i int) string {
	if i == 0 {
		return "⟦" + tag + "⟧"
	}
	return "⟦" + tag + spellings[i:i+1] + "⟧"
}

// tagWord is the word of a kind in placeholders.
func tagWord(k resume.PersonalKind) string {
	if k == resume.PersonalBirthDate {
		return "BIRTHDATE"
	}
	return strings.ToUpper(string(k))
}

// Hidden lists what was hidden until now, each once.
func (m *Mask) Hidden() []Hidden { return slices.Clone(m.hidden) }
