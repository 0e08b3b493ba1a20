package tutor

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/prompts"
	"github.com/gapwise/gapwise/resume"
)

// progressID is the id of the passage that says how far the person is by their own word.
const progressID = "report/progress"

// passagesFor are the passages for the parts of a prompt, the most wanted first.
func (s *Service) passagesFor(ctx context.Context, t *turn, k task) map[string][]*passage {
	skills := slices.Clone(t.named)
	if t.conv.Skill != "" {
		skills = append(skills, t.conv.Skill)
	}
	corpus := s.builtin.corpusOf(t.role, t.report, t.spans, skills)
	out := map[string][]*passage{}
	add := func(part string, list ...*passage) {
		for _, p := range list {
			if p != nil && (k.without == nil || !k.without(p)) {
				out[part] = append(out[part], p)
			}
		}
	}
	if t.milestone != nil {
		add(partRole, corpus.get(milestoneID(t.role, t.milestone.ID)))
	}
	if t.phase != nil {
		add(partRole, corpus.get(phaseID(t.role, t.phase.ID)))
	}
	for _, id := range skills {
		add(partRole, corpus.get(requirementID(t.role, id)))
	}
	add(partRole, corpus.get(roleID(t.role, "summary")))
	for _, id := range skills {
		add(partReport, corpus.get(gapID(id)))
	}
	add(partReport, corpus.get(overviewID))
	add(partReport, corpus.get(nextID))
	add(partProgress, t.progressPassage())
	earlier := ""
	for _, m := range slices.Backward(t.history) {
		if m.Author == AuthorPerson {
			earlier = m.Content
			break
		}
	}
	phase := ""
	if t.phase != nil {
		phase = t.phase.ID
	}
	about := t.question
	if k.asked != "" {
		about = k.asked + "\n" + t.question
	}
	for _, p := range s.builtin.retrieve(ctx, about, scope{
		role: t.role, phase: phase, mode: t.conv.Mode, skills: skills, report: t.report, spans: t.spans, earlier: earlier, limit: 3 * (maxCatalogue + maxResume),
	}) {
		part, most := partCatalogue, maxCatalogue
		switch p.kind {
		case FromResume:
			part, most = partResume, maxResume
		case FromReport:
			part, most = partReport, maxCatalogue
		case FromCatalogue:
		}
		if len(out[part]) < most+2 && !slices.ContainsFunc(out[part], func(o *passage) bool { return o.id == p.id }) {
			add(part, p)
		}
	}
	return out
}

// progressPassage is what the person noted on the role's milestones, or nil.
func (t *turn) progressPassage() *passage {
	named := func(status MilestoneStatus) string {
		var out []string
		for _, p := range t.progress {
			if _, m, err := t.role.Milestone(p.Milestone); err == nil && p.Status == status {
				out = append(out, strings.TrimSuffix(m.Name, "."))
			}
		}
		return strings.Join(out, "; ")
	}
	text := ""
	if done := named(MilestoneDone); done != "" {
		text = "Milestones that you have marked as done: " + done + "."
	}
	if started := named(MilestoneStarted); started != "" {
		text = strings.TrimSpace(text + " Begun: " + started + ".")
	}
	if text == "" {
		return nil
	}
	return &passage{kind: FromReport, id: progressID, title: "Your progress", text: text}
}

// Bounds on lines of a resume that can be quoted, in code points.
const (
	leastSpan = 20
	mostSpan  = 400
	mostSpans = 400
)

// spansOf are the lines of a resume that can be found and quoted: what was done, not who the person is. Lines with personal data are left out.
func spansOf(doc *resume.Document) []Span {
	if doc == nil {
		return nil
	}
	text := []rune(doc.Text)
	toAI := addressedSpans(doc.Text)
	var out []Span
	for _, l := range doc.Lines {
		start, end := max(l.Start, 0), min(l.End, len(text))
		for start < end && !unicode.IsLetter(text[start]) && !unicode.IsDigit(text[start]) {
			start++
		}
		for end > start && unicode.IsSpace(text[end-1]) {
			end--
		}
		if end-start < leastSpan || len(out) == mostSpans {
			continue
		}
		end = min(end, start+mostSpan)
		if slices.ContainsFunc(doc.Personal, func(p resume.Personal) bool { return p.Span[0] < end && start < p.Span[1] }) {
			continue
		}
		if slices.ContainsFunc(toAI, func(p [2]int) bool { return p[0] < end && start < p[1] }) {
			continue // the person is told of it, and the model is not
		}
		section := ""
		for _, s := range doc.Sections {
			if s.Start <= start && start < s.End {
				section = string(s.Kind)
			}
		}
		out = append(out, Span{Start: start, End: end, Page: l.Page, Section: section, Text: string(text[start:end])})
	}
	return out
}

// marks are the citations in a text: [1], [1, 2].
var marks = regexp.MustCompile(`\[\s*\d{1,3}(?:\s*,\s*\d{1,3})*\s*\]`)

// conversation adds the latest messages, from one of the person on. Old numbers are taken out: they meant other sources.
func (f *filler) conversation(u *Used, t *turn) {
	if f.m.task.alone {
		return
	}
	h := t.recent()
	for len(h) > 0 {
		u.Tokens = 0
		f.m.earlier = nil
		for _, m := range h {
			text := clipTokens(strings.TrimSpace(Clean(marks.ReplaceAllString(m.Content, ""))), maxOfEarlier)
			if m.Author == AuthorPerson {
				f.m.earlier = append(f.m.earlier, gateway.Message{Role: "user", Content: prompts.Fence("earlier message of the person", text)})
			} else {
				f.m.earlier = append(f.m.earlier, gateway.Message{Role: "assistant", Content: text})
			}
			u.Tokens += Tokens(f.m.earlier[len(f.m.earlier)-1].Content) + 4
		}
		if u.Tokens <= u.Share {
			break
		}
		h = fromPerson(h[1:])
		u.Tokens, f.m.earlier = 0, nil
	}
	if n := len(h); n > 0 {
		u.Items = append(u.Items, UsedItem{Title: fmt.Sprintf("%d messages", n)})
	}
}

// recent are the messages that go into a prompt as they are, where they fit.
func (t *turn) recent() []Message {
	return fromPerson(t.history[max(0, len(t.history)-maxEarlier):])
}

// fromPerson leaves out what stands before the first message of the person.
func fromPerson(h []Message) []Message {
	for len(h) > 0 && h[0].Author != AuthorPerson {
		h = h[1:]
	}
	return h
}

// summary adds the older turns in short: as a model put them, and what came since as this puts it.
func (f *filler) summary(u *Used, t *turn) {
	text := f.m.task.summary
	if text == "" {
		text = summaryOf(t)
	}
	if text == "" {
		return
	}
	f.m.input.Summary = clipTokens(text, u.Share)
	u.Tokens = Tokens(f.m.input.Summary)
	u.Items = append(u.Items, UsedItem{Title: clipTokens(f.m.input.Summary, 40)})
}

// older are the messages before the recent ones that no summary of a model holds.
func (t *turn) older() []Message {
	old := t.history[:len(t.history)-len(t.recent())]
	if e := t.conv.Kept.Earlier; e != nil {
		if at := slices.IndexFunc(old, func(m Message) bool { return m.ID == e.UpTo }); at >= 0 {
			old = old[at+1:]
		}
	}
	return old
}

// Bounds on the summary that needs no model, in characters of a message.
const (
	maxSummarised = 90
	maxTurns      = 12
)

// summaryOf shortens the older turns: what the person wrote, each message to its beginning, the latest last.
func summaryOf(t *turn) string {
	var lines []string
	if e := t.conv.Kept.Earlier; e != nil {
		lines = append(lines, e.Text)
	}
	old := t.older()
	old = old[max(0, len(old)-maxTurns):]
	for _, m := range old {
		by := "The tutor answered: "
		if m.Author == AuthorPerson {
			by = "The person said: "
		}
		lines = append(lines, by+beginning(marks.ReplaceAllString(m.Content, ""), maxSummarised))
	}
	return strings.Join(lines, "\n")
}

// beginning is the first sentence of a text, or so many characters of it.
func beginning(text string, most int) string {
	text = strings.Join(strings.Fields(text), " ")
	if end := strings.IndexAny(text, ".!?"); end > most/3 && utf8.RuneCountInString(text[:end]) <= most {
		return text[:end+1]
	}
	if r := []rune(text); len(r) > most {
		return strings.TrimSpace(string(r[:most])) + "…"
	}
	return text
}
