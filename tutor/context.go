package tutor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/prompts"
)

// Budget is how many tokens a prompt may have. Only a question that takes more than its own share can make one longer, since it is never
// cut; then all else shrinks to leastRest.
const (
	Budget    = 5000
	leastRest = 1800
)

// The parts of a prompt.
const (
	partInstructions = "instructions"
	partQuestion     = "question"
	partTask         = "task"
	partRole         = "role"
	partReport       = "report"
	partProgress     = "progress"
	partCatalogue    = "catalogue"
	partResume       = "resume"
	partMastery      = "mastery"
	partSummary      = "summary"
	partConversation = "conversation"
)

// shares is what each part may take of Budget, in the order in which parts are filled. What one leaves goes to the next.
func shares() []share {
	return []share{
		{partInstructions, "How to answer", 1000},
		{partQuestion, "Your message", 400},
		{partTask, "What it is held against", 450},
		{partReport, "Your gap report", 450},
		{partRole, "The role, phase and milestone", 300},
		{partProgress, "Your progress", 130},
		{partCatalogue, "What the catalogue says", 900},
		{partResume, "Words of your resume", 400},
		{partMastery, "What you have shown before", 170},
		{partSummary, "The talk so far, in short", 200},
		{partConversation, "The latest messages", conversationShare},
	}
}

// conversationShare goes to the summary where that takes the place of the talk.
const conversationShare = 600

type share struct {
	part, title string
	tokens      int
}

// Bounds on single pieces, in tokens.
const (
	maxPassage   = 230
	maxOfEarlier = 200
	maxEarlier   = 8 // messages
	maxCatalogue = 6 // passages by rank
	maxResume    = 5
	maxMastery   = 6
)

// Tokens estimates how many tokens a text takes. It is too high for prose and source code in the languages and scripts that we measured, and too
// low, by somewhat more than half at most there, for runs of digits, signs and random letters, such as JSON and base64.
func Tokens(text string) int {
	ascii, other := 0, 0
	for _, r := range text {
		if r < utf8.RuneSelf {
			ascii++
		} else {
			other++
		}
	}
	return (ascii+2)/3 + 2*other
}

// clipTokens cuts a text to so many tokens, at a character.
func clipTokens(text string, most int) string {
	if Tokens(text) <= most {
		return text
	}
	ascii, other := 0, 0
	for i, r := range text {
		if r < utf8.RuneSelf {
			ascii++
		} else {
			other++
		}
		if (ascii+2)/3+2*other+2 > most { // 2 for the sign that something is left out
			return strings.TrimSpace(text[:i]) + "…"
		}
	}
	return text
}

// task is what a mode asks of a model besides the person's message.
type task struct {
	template  string
	milestone string // name
	skill     string // name
	asked     string
	rubric    []string
	facts     []string
	rung      int
	rungs     int
	attempt   bool
	number    int
	of        int
	theme     string
	summary   string              // in place of the older turns
	alone     bool                // without the latest messages
	without   func(*passage) bool // passages that must not be shown; nil for none
	withhold  []string            // texts that the answer must not give away; an empty one for code
	said      []string            // what the person said that is not in the latest messages
	message   string              // in place of the person's; "" for theirs
	before    string              // our own words before the model's
}

// material is a prompt in parts.
type material struct {
	library *prompts.Library
	task    task
	input   prompts.Tutor
	sources []*passage
	groups  []string // part of each source
	earlier []gateway.Message
	used    map[string]*Used
	shown   int // how many of sources the latest prompt holds; a model can only cite these
	latest  prompts.Prompt
	bare    bool // the latest prompt holds neither the latest messages nor the summary
}

// filler gives out the budget.
type filler struct {
	m    *material
	left int // that earlier parts have not used
}

// gather puts together what a prompt is made of.
func (s *Service) gather(ctx context.Context, t *turn, k task) (*material, error) {
	m := &material{library: s.o.Prompts, task: k, used: map[string]*Used{}}
	m.input = prompts.Tutor{
		Role: t.role.Name, Milestone: k.milestone, Skill: k.skill, Language: languageName(t.language), HasReport: t.report != nil,
		Rung: k.rung, Rungs: k.rungs, Attempt: k.attempt, Asked: k.asked, Rubric: k.rubric, Facts: k.facts, Number: k.number, Of: k.of, Theme: k.theme,
		Question: Clean(t.question),
	}
	if k.message != "" {
		m.input.Question = Clean(k.message)
	}
	if t.phase != nil {
		m.input.Phase = t.phase.Name
	}
	bare := m.input
	bare.Question, bare.Asked, bare.Rubric, bare.Facts = "", "", nil, nil
	p, err := s.o.Prompts.Render(k.template, bare)
	if err != nil {
		return nil, err
	}
	found := s.passagesFor(ctx, t, k)
	f := &filler{m: m}
	question := Tokens(m.input.Question)
	for _, sh := range shares() {
		u := &Used{Part: sh.part, Title: sh.title, Share: scaled(sh, question) + f.left, Items: []UsedItem{}}
		m.used[sh.part] = u
		switch sh.part {
		case partInstructions:
			u.Tokens = Tokens(textOf(p.Messages))
		case partQuestion:
			u.Tokens = question
		case partTask:
			f.task(u)
		case partMastery:
			f.mastery(u, t.known, s.builtin)
		case partSummary:
			if k.alone {
				u.Share += scaled(share{part: partConversation, tokens: conversationShare}, question)
			}
			f.summary(u, t)
		case partConversation:
			f.conversation(u, t)
		default:
			f.passages(u, found[sh.part])
		}
		f.left = u.Share - u.Tokens
	}
	return m, nil
}

// scaled is what a part may take beside a question of so many tokens: its share, and less where the question takes more than its own.
func scaled(sh share, question int) int {
	list := shares()
	instructions, own := list[0].tokens, list[1].tokens
	switch {
	case sh.part == partInstructions || question <= own:
		return sh.tokens
	case sh.part == partQuestion:
		return question
	}
	rest := max(Budget-question, leastRest) - instructions
	return sh.tokens * rest / (Budget - instructions - own)
}

func textOf(messages []prompts.Message) string {
	var b strings.Builder
	for _, m := range messages {
		b.WriteString(m.Content)
	}
	return b.String()
}

// frame is what stands around a passage in a prompt.
const frame = "[10] catalogue: \n<data name=\"source 10\">\n\n</data>\n"

func (f *filler) passages(u *Used, list []*passage) {
	for _, p := range list {
		if slices.Contains(f.m.sources, p) {
			continue
		}
		cost := Tokens(frame+p.title) + min(Tokens(p.text), maxPassage)
		if u.Tokens+cost > u.Share {
			continue
		}
		u.Tokens += cost
		f.m.sources, f.m.groups = append(f.m.sources, p), append(f.m.groups, u.Part)
		u.Items = append(u.Items, UsedItem{Number: len(f.m.sources), ID: p.id, Title: p.title})
	}
}

// task clips what the answer is held against, the longest of it last: a rubric and facts keep their number of lines.
func (f *filler) task(u *Used) {
	in := &f.m.input
	lines := len(in.Rubric) + len(in.Facts)
	if in.Asked != "" {
		lines++
	}
	if lines == 0 {
		return
	}
	each := max(u.Share/lines-4, 8)
	clip := func(list []string) []string {
		out := make([]string, len(list))
		for i, l := range list {
			safe, _ := Defuse(l)
			out[i] = clipTokens(safe, each)
			u.Tokens += Tokens(out[i]) + 2
		}
		return out
	}
	if in.Asked != "" {
		in.Asked = clip([]string{in.Asked})[0]
		u.Items = append(u.Items, UsedItem{Title: in.Asked})
	}
	in.Rubric, in.Facts = clip(in.Rubric), clip(in.Facts)
}

func (f *filler) mastery(u *Used, known []Item, b *builtin) {
	for _, it := range known[:min(len(known), maxMastery)] {
		name := it.Skill
		if s, err := b.catalog.Skill(it.Skill); err == nil {
			name = s.Name
		}
		line := fmt.Sprintf("%s, level %d, %s: %s", name, it.Level, it.Outcome, it.Title)
		if it.Mistake != "" {
			line += " Took for true: " + it.Mistake
		}
		line, _ = Defuse(line)
		line = clipTokens(line, u.Share/2)
		if u.Tokens+Tokens(line)+2 > u.Share {
			break
		}
		u.Tokens += Tokens(line) + 2
		u.Items = append(u.Items, UsedItem{Title: line})
		f.m.input.Mastery = append(f.m.input.Mastery, line)
	}
}

// render makes the prompt with the first n sources.
func (m *material) render(n int, brief, bare bool) (prompts.Prompt, error) {
	in := m.input
	in.Brief = brief
	if bare {
		in.Summary, in.Mastery = "", nil
		if m.task.summary != "" {
			in.Summary = m.input.Summary
		}
	}
	for i, p := range m.sources[:n] {
		text := p.text
		if p.kind == FromResume {
			text, _ = Defuse(text)
		}
		in.Sources = append(in.Sources, prompts.Source{Number: i + 1, Kind: string(p.kind), Title: Clean(p.title), Text: clipTokens(text, maxPassage)})
	}
	p, err := m.library.Render(m.task.template, in)
	if err == nil {
		m.shown, m.latest, m.bare = n, p, bare
	}
	return p, err
}

// whole is the prompt with all that is worth its price.
func (m *material) whole() (prompts.Prompt, []gateway.Message, error) {
	p, err := m.render(len(m.sources), false, false)
	return p, join(p, m.earlier), err
}

// shrink is the largest prompt of at most so many bytes: without the talk before, then with fewer sources, then with the least instructions.
// It is nil where even the question alone is too long.
func (m *material) shrink(maxBytes int) []gateway.Message {
	for _, brief := range []bool{false, true} {
		for n := len(m.sources); n >= 0; n-- {
			if n == 0 && !brief && len(m.sources) > 0 {
				continue // fewer instructions are better than no source
			}
			p, err := m.render(n, brief, true)
			if err != nil {
				return nil
			}
			if p.Bytes() <= maxBytes {
				return join(p, nil)
			}
		}
	}
	return nil
}

// join puts the talk before between the instructions and the question.
func join(p prompts.Prompt, earlier []gateway.Message) []gateway.Message {
	out := make([]gateway.Message, 0, len(p.Messages)+len(earlier))
	for i, m := range p.Messages {
		if i == len(p.Messages)-1 {
			out = append(out, earlier...)
		}
		out = append(out, gateway.Message{Role: m.Role, Content: m.Content})
	}
	return out
}

// parts are what the latest prompt was made from, in the order of shares, the instructions left out: they are no secret, and say nothing of
// the person.
func (m *material) parts() (list []Used, tokens int) {
	list = []Used{}
	for _, sh := range shares() {
		u := *m.used[sh.part]
		if m.bare && (sh.part == partConversation || sh.part == partMastery || sh.part == partSummary && m.task.summary == "") {
			continue
		}
		if n := len(u.Items); n > 0 && u.Items[0].Number > 0 {
			u.Items = slices.DeleteFunc(slices.Clone(u.Items), func(i UsedItem) bool { return i.Number > m.shown })
			if u.Tokens = u.Tokens * len(u.Items) / n; len(u.Items) == 0 {
				continue
			}
		}
		tokens += u.Tokens
		if u.Tokens > 0 && sh.part != partInstructions {
			list = append(list, u)
		}
	}
	return list, tokens
}
