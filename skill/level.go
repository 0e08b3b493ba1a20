package skill

import (
	"cmp"
	"slices"
	"strings"
	"time"

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
	return f.Judge(doc, f.FindIn(doc), asOf)
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
