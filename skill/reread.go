package skill

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/resume"
)

// Reread reads the file of a stored resume again, by the readers and rules of today, and keeps the result in the place of what was read
// before. What the person said of a claim stays as it was said. The day from which staleness is counted stays that of the upload.
func (in *Intake) Reread(ctx context.Context, person, id uuid.UUID) (*Upload, error) {
	old, err := in.shelf.Upload(ctx, person, id)
	if err != nil {
		return nil, err
	}
	doc, err := in.reader.Read(ctx, old.FileName, old.File)
	if err != nil {
		return nil, err
	}
	u := &Upload{
		ID: old.ID, FileName: old.FileName, MediaType: old.MediaType, File: old.File, Document: doc,
		Profile: in.finder.Extract(doc, old.CreatedAt), CreatedAt: old.CreatedAt,
	}
	model, vectors, err := embeddings.Named(ctx, in.embedder, []string{Gist(u)})
	if err != nil {
		return nil, err
	}
	return u, in.shelf.SaveReading(ctx, person, u, model, vectors[0])
}

// Heed puts what a person said of earlier claims above this reading: level, status and note of a claim of the same skill are the earlier
// one's. Of several earlier claims of one skill the first counts. Claims that nobody has said anything of, and those of no catalogue skill,
// count for nothing.
func (p *Profile) Heed(earlier []Claim) {
	said := wordsOf(earlier)
	for i := range p.Claims {
		c := &p.Claims[i]
		if c.ID == nil {
			continue
		}
		if word, ok := said[*c.ID]; ok {
			c.Level, c.Status, c.Note = word.Level, word.Status, word.Note
		}
	}
}

// HeedAll is Heed for the same resume read again: a skill that the person spoke of stays in the profile where this reading misses it, behind
// the others and with those of its mentions whose words still stand in text where they stood. So what was rejected stays so when a later
// reading finds it again.
func (p *Profile) HeedAll(earlier []Claim, text string) {
	p.Heed(earlier)
	have := map[string]bool{}
	for _, c := range p.Claims {
		if c.ID != nil {
			have[*c.ID] = true
		}
	}
	runes := []rune(text)
	for _, c := range earlier {
		if c.ID == nil || c.Status == StatusRead || have[*c.ID] {
			continue
		}
		have[*c.ID] = true
		mentions := []Mention{}
		for _, m := range c.Mentions {
			if m.Start >= 0 && m.Start <= m.End && m.End <= len(runes) && string(runes[m.Start:m.End]) == m.Text {
				mentions = append(mentions, m)
			}
		}
		c.Mentions = mentions
		p.Claims = append(p.Claims, c)
	}
}

func wordsOf(earlier []Claim) map[string]Claim {
	said := map[string]Claim{}
	for _, c := range earlier {
		if c.ID == nil || c.Status == StatusRead {
			continue
		}
		if _, ok := said[*c.ID]; !ok {
			said[*c.ID] = c
		}
	}
	return said
}

// SamePerson tells whether two resumes say that they are of one person: by their first mail addresses, or by the names where either has
// none. Whoever keeps resumes of several people, as a school does, must not have the corrections of one on another.
func SamePerson(a, b []resume.Personal) bool {
	for _, kind := range []resume.PersonalKind{resume.PersonalEmail, resume.PersonalName} {
		x, y := firstOf(a, kind), firstOf(b, kind)
		if x != "" && y != "" {
			return x == y
		}
	}
	return false
}

func firstOf(list []resume.Personal, kind resume.PersonalKind) string {
	for _, p := range list {
		if p.Kind == kind {
			return strings.ToLower(strings.Join(strings.Fields(p.Text), " "))
		}
	}
	return ""
}
