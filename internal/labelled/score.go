package labelled

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
)

// Document is the text of a labelled resume as the product reads a plain text file, with the marked mentions moved to where their words stand
// in what was read.
func (r *Resume) Document(ctx context.Context) (*resume.Document, []Mention, error) {
	doc, err := resume.NewReader(nil).Read(ctx, r.Name+".txt", []byte(r.Text))
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", r.Name, err)
	}
	moved, err := align([]rune(r.Text), []rune(doc.Text))
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", r.Name, err)
	}
	mentions := slices.Clone(r.Mentions)
	for i, m := range mentions {
		mentions[i].Start, mentions[i].End = moved[m.Start], moved[m.End-1]+1
	}
	return doc, mentions, nil
}

// align gives for each code point of from its place in to, which may differ in white space alone, and in signs outside ASCII that reading
// makes the common ones, such as the micro sign.
func align(from, to []rune) ([]int, error) {
	moved := make([]int, len(from))
	at := 0
	for i, r := range from {
		if unicode.IsSpace(r) {
			moved[i] = at
			continue
		}
		for at < len(to) && unicode.IsSpace(to[at]) {
			at++
		}
		if at == len(to) || to[at] != r && (to[at] < unicode.MaxASCII || r < unicode.MaxASCII) {
			return nil, fmt.Errorf("what was read differs from what is written at %q", string(from[max(0, i-20):min(len(from), i+20)]))
		}
		moved[i] = at
		at++
	}
	return moved, nil
}

// Found is what a reader says of one resume: the level of each skill, and the places where it is named.
type Found struct {
	Levels   map[string]int    // by key
	Why      map[string]string // by key; nil where the reader says none
	Mentions []Mention
}

// FoundBy are the claims of a profile.
func FoundBy(p *skill.Profile) Found {
	f := Found{Levels: map[string]int{}, Why: map[string]string{}}
	for i := range p.Claims {
		c := &p.Claims[i]
		key := UnlistedKey(c.Name)
		if c.ID != nil {
			key = *c.ID
		}
		f.Levels[key], f.Why[key] = c.Level, c.Why
		for _, m := range c.Mentions {
			f.Mentions = append(f.Mentions, Mention{Key: key, Start: m.Start, End: m.End})
		}
	}
	return f
}

// Count counts what was found, what was missed and what is not there.
type Count struct{ Right, False, Missed int }

// Add adds another count.
func (c *Count) Add(o Count) {
	c.Right += o.Right
	c.False += o.False
	c.Missed += o.Missed
}

// Precision is the share of what was found that is right; 1 where nothing was.
func (c Count) Precision() float64 { return share(c.Right, c.Right+c.False) }

// Recall is the share of what is there that was found; 1 where nothing is.
func (c Count) Recall() float64 { return share(c.Right, c.Right+c.Missed) }

// F1 is the harmonic mean of precision and recall.
func (c Count) F1() float64 { return share(2*c.Right, 2*c.Right+c.False+c.Missed) }

func share(part, whole int) float64 {
	if whole == 0 {
		return 1
	}
	return float64(part) / float64(whole)
}

// Score says how near a reader came.
type Score struct {
	Skills   Count // distinct skills of each resume, those that the catalogue lacks too
	Levelled Count // the same, but right only with a level within one of the label
	Mentions Count // places: right where one with the same key overlaps
	// Over the skills that were found and are there:
	Levels, Exact, WithinOne int
	Distance                 int // sum of the distances
	Signed                   int // sum of what was given less what the label says
}

// Add adds another score.
func (s *Score) Add(o Score) {
	s.Skills.Add(o.Skills)
	s.Levelled.Add(o.Levelled)
	s.Mentions.Add(o.Mentions)
	s.Levels += o.Levels
	s.Exact += o.Exact
	s.WithinOne += o.WithinOne
	s.Distance += o.Distance
	s.Signed += o.Signed
}

// ExactShare is the share of levels that are the label's, and WithinOneShare that of those at most one away.
func (s *Score) ExactShare() float64 { return share(s.Exact, s.Levels) }

// WithinOneShare is the share of levels at most one away from the label.
func (s *Score) WithinOneShare() float64 { return share(s.WithinOne, s.Levels) }

// MeanDistance is the mean distance of the levels from the labels.
func (s *Score) MeanDistance() float64 { return float64(s.Distance) / math.Max(1, float64(s.Levels)) }

// Bias is the mean of what was given less the label: above 0 where levels are too high.
func (s *Score) Bias() float64 { return float64(s.Signed) / math.Max(1, float64(s.Levels)) }

// Compare scores what was found in a resume. mentions are the labelled ones, where they stand in the document that was read.
func (r *Resume) Compare(mentions []Mention, f Found) Score {
	var s Score
	for key, want := range r.Levels {
		got, ok := f.Levels[key]
		if !ok {
			s.Skills.Missed++
			s.Levelled.Missed++
			continue
		}
		distance := max(got-want, want-got)
		s.Skills.Right++
		s.Levels++
		s.Distance += distance
		s.Signed += got - want
		if distance == 0 {
			s.Exact++
		}
		if distance <= 1 {
			s.WithinOne++
			s.Levelled.Right++
		} else {
			s.Levelled.Missed++
			s.Levelled.False++
		}
	}
	for key := range f.Levels {
		if _, ok := r.Levels[key]; !ok {
			s.Skills.False++
			s.Levelled.False++
		}
	}
	s.Mentions.Missed = len(Without(mentions, f.Mentions))
	s.Mentions.False = len(Without(f.Mentions, mentions))
	s.Mentions.Right = len(mentions) - s.Mentions.Missed
	return s
}

// Listed is the resume, its mentions and what was found with only the skills that the catalogue has.
func (r *Resume) Listed(mentions []Mention, f Found) (*Resume, []Mention, Found) {
	unlisted := func(key string) bool { return strings.HasPrefix(key, UnlistedPrefix) }
	keep := func(levels map[string]int) map[string]int {
		kept := maps.Clone(levels)
		maps.DeleteFunc(kept, func(key string, _ int) bool { return unlisted(key) })
		return kept
	}
	marks := func(list []Mention) []Mention {
		return slices.DeleteFunc(slices.Clone(list), func(m Mention) bool { return unlisted(m.Key) })
	}
	only := *r
	only.Levels, only.Mentions = keep(r.Levels), marks(r.Mentions)
	return &only, marks(mentions), Found{Levels: keep(f.Levels), Why: f.Why, Mentions: marks(f.Mentions)}
}

// Without are the mentions of a that none of b with the same key overlaps.
func Without(a, b []Mention) []Mention {
	var out []Mention
	for _, m := range a {
		if !slices.ContainsFunc(b, func(o Mention) bool { return o.Key == m.Key && o.Start < m.End && m.Start < o.End }) {
			out = append(out, m)
		}
	}
	return out
}
