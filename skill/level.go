package skill

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gapwise/gapwise/resume"
)

// Judge turns the mentions of a document into claims. asOf is the day on which "present" ends and from which staleness is counted.
func (f *Finder) Judge(doc *resume.Document, mentions []Mention, asOf time.Time) Profile {
	v := newLevelView(doc, mentions, asOf)
	p := Profile{
		Claims: f.judgeLevels(v, v.gather(mentions)), ExtractorVersion: ExtractorVersion, CatalogVersion: f.catalog.Version(), Titles: Titles(doc), Text: doc.Text,
	}
	slices.SortFunc(p.Claims, func(a, b Claim) int {
		return cmp.Or(cmp.Compare(b.Level, a.Level), cmp.Compare(len(b.Mentions), len(a.Mentions)), strings.Compare(a.Name, b.Name), cmp.Compare(a.Mentions[0].Start, b.Mentions[0].Start))
	})
	return p
}

// Extract finds the skills of a document and judges them.
func (f *Finder) Extract(doc *resume.Document, asOf time.Time) Profile {
	mentions, moved := f.findAll(doc)
	p := f.Judge(doc, withoutPersonal(doc, mentions), asOf)
	p.move(moved, doc)
	return p
}

// withoutPersonal leaves out what stands in the person's own name or address: Ms Scala, Mr Jenkins of Ruby Street.
func withoutPersonal(doc *resume.Document, mentions []Mention) []Mention {
	name := 0
	if doc.SectionAt(0) == resume.SectionHeader {
		name = nameLine(doc.Text)
	}
	return slices.DeleteFunc(mentions, func(m Mention) bool {
		return m.End <= name || slices.ContainsFunc(doc.Personal, func(p resume.Personal) bool {
			return (p.Kind == resume.PersonalName || p.Kind == resume.PersonalAddress) && m.Start < p.Span[1] && m.End > p.Span[0]
		})
	})
}

// nameLine is the end of the first line where it can hardly be but a name, in code points, 0 where it may be more: two to four words with
// capitals and nothing else, none of them of a title. Which words are the name, reading may not have told.
func nameLine(text string) int {
	line, _, _ := strings.Cut(text, "\n")
	words := strings.Fields(line)
	if len(words) < 2 || len(words) > 4 {
		return 0
	}
	for _, w := range words {
		first, _ := utf8.DecodeRuneInString(w)
		odd := strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !strings.ContainsRune(".'’-", r) })
		if !unicode.IsUpper(first) || odd || slices.ContainsFunc(levelTokens(w), func(t string) bool { return slices.Contains(titleNouns, t) }) {
			return 0
		}
	}
	return utf8.RuneCountInString(line)
}

// Titles are the titles of a document's positions, the latest first.
func Titles(doc *resume.Document) []string {
	byEnd := slices.Clone(doc.Positions)
	slices.SortStableFunc(byEnd, func(a, b resume.Position) int {
		return cmp.Or(strings.Compare(b.End, a.End), strings.Compare(b.Start, a.Start)) // "present" is after every year
	})
	var out []string
	for _, p := range byEnd {
		if p.Title != "" {
			out = append(out, p.Title)
		}
	}
	return out
}

// inUse leaves out the months before the first year in which a skill was in use: a position that began before it cannot have been spent on it
// from the start. year is 0 where that is unknown.
func inUse(months []resume.MonthRange, year int) []resume.MonthRange {
	out := make([]resume.MonthRange, 0, len(months))
	for _, m := range months {
		m.From = max(m.From, year*12)
		if m.To > m.From {
			out = append(out, m)
		}
	}
	return out
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
