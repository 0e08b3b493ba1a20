package main

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/labelled"
	"github.com/gapwise/gapwise/posting"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
)

// set is the labelled set with what the product makes of its two sides.
type set struct {
	*labels
	catalog  *catalog.Catalog
	profiles []read
	postings []gapanalysis.Candidate // without similarity, which is of a pair
	vectors  []embeddings.Vector     // of the postings
	bridge   *gapanalysis.TitleBridge
}

// read is a resume as the product reads it.
type read struct {
	profile  skill.Profile
	text     string
	speaks   string // the language that the resume is written in
	document *resume.Document
	vector   embeddings.Vector
	near     gapanalysis.Nearness
}

// asOf is the day of the measure, from which freshness is counted.
var asOf = time.Date(2026, time.November, 27, 0, 0, 0, 0, time.UTC)

// newSet reads the labelled set. resumes and matching are the directories of the tree that hold its sides.
func newSet(ctx context.Context, resumes, matching fs.FS) (*set, error) {
	c, err := catalog.Load()
	if err != nil {
		return nil, err
	}
	list, err := labelled.Load(resumes, c.HasSkill)
	if err != nil {
		return nil, err
	}
	l, err := loadLabels(matching, list, c.SamplePostings())
	if err != nil {
		return nil, err
	}
	s := &set{labels: l, catalog: c, bridge: gapanalysis.NewTitleBridge(c)}
	finder := skill.NewFinder(c)
	texts := make([]string, len(l.Postings))
	asked := map[string]bool{}
	for i := range l.Postings {
		p := s.posting(&l.Postings[i], finder)
		texts[i] = p.Text()
		s.postings = append(s.postings, gapanalysis.Candidate{Posting: p})
		for _, q := range p.Requirements {
			asked[q.Skill] = true
		}
	}
	if s.vectors, err = (embeddings.Builtin{}).Embed(ctx, texts); err != nil {
		return nil, err
	}
	return s, s.readResumes(ctx, finder, asked)
}

func (s *set) posting(n *postingNotes, f posting.Finder) *posting.Posting {
	return &posting.Posting{
		ID: uuid.NewSHA1(uuid.NameSpaceOID, []byte(n.ExternalID)), Source: n.Source, ExternalID: n.ExternalID, Title: n.Title, Company: n.Company,
		Location: n.Location, Remote: n.Remote, Seniority: n.Seniority, PostedOn: n.posted(), Description: n.Description,
		Requirements: posting.Requirements(f, n.Description), Language: posting.Language(n.Description),
	}
}

func (s *set) readResumes(ctx context.Context, finder *skill.Finder, asked map[string]bool) error {
	space, err := gapanalysis.NewSpace(ctx, s.catalog, embeddings.Builtin{})
	if err != nil {
		return err
	}
	ids := make([]string, 0, len(asked))
	for id := range asked {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	reader := resume.NewReader(nil)
	for i := range s.Profiles {
		r := s.Profiles[i].Resume
		doc, err := reader.Read(ctx, "cv.txt", []byte(r.Text))
		if err != nil {
			return fmt.Errorf("%s: %w", r.Name, err)
		}
		u := &skill.Upload{Document: doc, Profile: finder.Extract(doc, r.AsOf)}
		vectors, err := (embeddings.Builtin{}).Embed(ctx, []string{skill.Gist(u)})
		if err != nil {
			return err
		}
		var held []string
		for _, c := range u.Profile.Claims {
			if c.ID != nil {
				held = append(held, *c.ID)
			}
		}
		s.profiles = append(s.profiles, read{u.Profile, doc.Text, doc.Language, doc, vectors[0], space.Nearest(ids, held)})
	}
	return nil
}

// ranker orders postings for a profile: a score for each.
type ranker func(profile int) []float64

// byVector ranks by the cosine of the vectors alone.
func (s *set) byVector(profile int) []float64 {
	out := make([]float64, len(s.postings))
	for i, v := range s.vectors {
		out[i] = embeddings.Cosine(s.profiles[profile].vector, v)
	}
	return out
}

// byMatch ranks as the product does.
func (s *set) byMatch(w gapanalysis.MatchWeights) ranker {
	return func(profile int) []float64 {
		p := &s.profiles[profile]
		near := s.byVector(profile)
		m := gapanalysis.NewMatcher(s.catalog, s.bridge, &p.profile, p.near, asOf).Weighted(w)
		candidates := slices.Clone(s.postings)
		at := map[uuid.UUID]int{}
		for i := range candidates {
			candidates[i].Similarity, candidates[i].Foreign = near[i], foreign(candidates[i].Posting.Language, p.speaks)
			at[candidates[i].Posting.ID] = i
		}
		out := make([]float64, len(candidates))
		for _, c := range m.Order(candidates, len(candidates)) {
			out[at[c.Posting.ID]] = c.Score
		}
		return out
	}
}

// foreign is true for a posting in a language other than English and that of the resume.
func foreign(language, speaks string) bool {
	return language != "" && language != "en" && language != speaks
}

// byWords ranks by BM25 of the words of the resume (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009), with the usual
// k1 = 1.2 and b = 0.75.
func (s *set) byWords() ranker {
	const k1, b = 1.2, 0.75
	docs := make([]map[string]float64, len(s.postings))
	lengths := make([]float64, len(s.postings))
	in := map[string]float64{}
	var total float64
	for i, c := range s.postings {
		docs[i] = map[string]float64{}
		for _, w := range wordsOf(c.Posting.Text()) {
			docs[i][w]++
			lengths[i]++
		}
		for w := range docs[i] {
			in[w]++
		}
		total += lengths[i]
	}
	n := float64(len(docs))
	return func(profile int) []float64 {
		query := map[string]bool{}
		for _, w := range wordsOf(s.profiles[profile].text) {
			query[w] = true
		}
		out := make([]float64, len(docs))
		for i, d := range docs {
			for w, f := range d {
				if query[w] {
					idf := math.Log(1 + (n-in[w]+0.5)/(in[w]+0.5))
					out[i] += idf * f * (k1 + 1) / (f + k1*(1-b+b*lengths[i]/(total/n)))
				}
			}
		}
		return out
	}
}

func wordsOf(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '+' && r != '#' })
}

// depth is how many of the first a measure looks at.
const depth = 10

// ndcg is the normalised discounted cumulative gain of an order at depth, with gains of 2 to the power of the label, less 1 (Järvelin and Kekäläinen
// 2002, in the form that Burges et al. 2005 gave it). Of equal scores the worse label comes first.
func (s *set) ndcg(profile int, scores []float64) float64 {
	order := make([]int, len(scores))
	gain := make([]float64, len(scores))
	for i := range scores {
		order[i] = i
		gain[i] = math.Exp2(float64(s.of(&s.Profiles[profile], &s.Postings[i]))) - 1
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(scores[b], scores[a]), cmp.Compare(gain[a], gain[b]), cmp.Compare(a, b))
	})
	var got, most float64
	for i, at := range order[:depth] {
		got += gain[at] / math.Log2(float64(i)+2)
	}
	slices.SortFunc(gain, func(a, b float64) int { return cmp.Compare(b, a) })
	for i, g := range gain[:depth] {
		most += g / math.Log2(float64(i)+2)
	}
	if most == 0 {
		return 0
	}
	return got / most
}

// mean is the mean nDCG of a ranker over profiles from one number to another, both included.
func (s *set) mean(r ranker, from, to int) float64 {
	var sum float64
	for n := from; n <= to; n++ {
		sum += s.ndcg(n-1, r(n-1))
	}
	return sum / float64(to-from+1)
}

// The profiles that weights may be fitted to, and those that are reported.
const (
	firstFitted, lastFitted = 1, 20
	firstHeld, lastHeld     = 21, 40
)
