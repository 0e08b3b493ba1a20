package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/skill"
	"github.com/gapwise/gapwise/tutor"
)

// asked is one question, with the passages of which any answers it. An id that ends in * stands for all that begin so.
type asked struct {
	Set      string     `json:"set"`
	Role     string     `json:"role"`
	Phase    string     `json:"phase"`
	Mode     tutor.Mode `json:"mode"`
	Skill    string     `json:"skill"`
	Earlier  string     `json:"earlier"`
	Resume   bool       `json:"resume"`
	Question string     `json:"question"`
	Want     []string   `json:"want"`
}

// The halves of the questions: one to choose weights by, one that nothing was chosen by.
const (
	development = "development"
	heldOut     = "held-out"
)

// readQuestions reads a file of questions, one a line.
func readQuestions(file string) ([]asked, error) {
	f, err := os.Open(file) //nolint:gosec // G304: of the tree
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	var out []asked
	rows := bufio.NewScanner(f)
	for rows.Scan() {
		var a asked
		if err := json.Unmarshal(rows.Bytes(), &a); err != nil {
			return nil, fmt.Errorf("question %d: %w", len(out)+1, err)
		}
		out = append(out, a)
	}
	return out, rows.Err()
}

// place is where the first of the wanted passages is, from 1; 0 where none is.
func (a asked) place(found []tutor.Citation) int {
	return 1 + slices.IndexFunc(found, func(c tutor.Citation) bool {
		return slices.ContainsFunc(a.Want, func(w string) bool {
			prefix, open := strings.CutSuffix(w, "*")
			return c.ID == w || open && strings.HasPrefix(c.ID, prefix)
		})
	})
}

// quality is how well a set of questions is answered from.
type quality struct {
	Set    string   `json:"set"`
	With   string   `json:"with"` // memory, or memory and database
	N      int      `json:"questions"`
	Hit1   float64  `json:"hit_at_1"`
	Hit3   float64  `json:"hit_at_3"`
	MRR    float64  `json:"mrr"`
	Missed []string `json:"missed"`
	took   []time.Duration
}

// measure asks every question of a set.
func measure(ctx context.Context, c *catalog.Catalog, s *tutor.Sources, list []asked, set, with string) (quality, error) {
	q := quality{Set: set, With: with, Missed: []string{}}
	for _, a := range list {
		if a.Set != set {
			continue
		}
		w, err := a.where(c)
		if err != nil {
			return q, err
		}
		s.Find(ctx, a.Question, w) // the first about a role makes its passages, which later ones find made
		begun := time.Now()
		found := s.Find(ctx, a.Question, w)
		q.took = append(q.took, time.Since(begun))
		q.N++
		at := a.place(found)
		if at == 1 {
			q.Hit1++
		}
		if at > 0 {
			q.MRR += 1 / float64(at)
		}
		if at >= 1 && at <= 3 {
			q.Hit3++
			continue
		}
		got := make([]string, 0, 3)
		for _, f := range found[:min(len(found), 3)] {
			got = append(got, f.ID)
		}
		q.Missed = append(q.Missed, fmt.Sprintf("%s, %s: %s\n    want %s\n    got  %s", a.Role, a.Mode, a.Question, strings.Join(a.Want, " "), strings.Join(got, " ")))
	}
	n := float64(max(q.N, 1))
	q.Hit1, q.Hit3, q.MRR = q.Hit1/n, q.Hit3/n, q.MRR/n
	return q, nil
}

// where is where a question is asked.
func (a asked) where(c *catalog.Catalog) (tutor.Where, error) {
	r, err := c.Role(a.Role)
	if err != nil {
		return tutor.Where{}, err
	}
	w := tutor.Where{Role: r, Phase: a.Phase, Mode: a.Mode, Earlier: a.Earlier}
	if a.Skill != "" {
		w.Skills = []string{a.Skill}
	}
	if a.Resume {
		w.Report = gapanalysis.Compare(c, profile(), gapanalysis.RoleTarget(r), gapanalysis.Nearness{Model: "none"}, gapanalysis.Options{Today: time.Now()})
		w.Spans = spans()
	}
	return w, nil
}

// The resume behind the questions that have one: each line stands lineWidth after the one before.
const lineWidth = 60

var lines = [...]string{
	"Built the invoicing service at Nordwind GmbH in Go.",
	"Mentored two trainees up to their final exams.",
	"Migrated 40 M rows from MySQL to PostgreSQL online.",
	"Led the on-call rota of six people for two years.",
	"BSc Computer Science, University of Graz, 2017.",
	"Spoke at a meetup about the size of Docker images.",
}

func spans() []tutor.Span {
	out := make([]tutor.Span, len(lines))
	for i, l := range lines {
		out[i] = tutor.Span{Start: i * lineWidth, End: i*lineWidth + len(l), Page: 1, Section: "experience", Text: l}
	}
	return out
}

// profile is what that resume shows.
func profile() *skill.Profile {
	claim := func(id, name string, level, line int, text string) skill.Claim {
		start := line*lineWidth + strings.Index(lines[line], text)
		return skill.Claim{
			ID: &id, Name: name, Level: level, Years: float64(level), Why: "Used in dated positions.", Status: skill.StatusRead,
			Mentions: []skill.Mention{{SkillID: id, Start: start, End: start + len(text), Text: text, Page: 1, Section: "experience"}},
		}
	}
	return &skill.Profile{ExtractorVersion: "bench", Claims: []skill.Claim{
		claim("go", "Go", 4, 0, "Go"), claim("postgresql", "PostgreSQL", 3, 2, "PostgreSQL"), claim("mysql", "MySQL", 3, 2, "MySQL"),
		claim("docker", "Docker", 2, 5, "Docker"), claim("mentorship", "Mentorship", 2, 1, "Mentored"), claim("on-call", "On-call", 3, 3, "on-call"),
	}}
}
