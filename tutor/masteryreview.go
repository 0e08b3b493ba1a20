package tutor

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/fault"
)

// ReviewQuestion is an item that is due, as something to answer.
type ReviewQuestion struct {
	Item           uuid.UUID `json:"item"`
	Skill          string    `json:"skill"`
	SkillName      string    `json:"skill_name"`
	Concept        string    `json:"concept"`
	Question       string    `json:"question"` // what to say something about, where there are no choices
	Level          int       `json:"level"`
	Choices        []string  `json:"choices"` // in another order each time; none where only a talk with the tutor can judge an answer
	DueAt          time.Time `json:"due_at"`
	Retrievability float64   `json:"retrievability"`
}

// ReviewGrade is how an answer to a due question was.
type ReviewGrade struct {
	Outcome       Outcome `json:"outcome"`
	Answer        string  `json:"answer"`        // the right one
	Because       string  `json:"because"`       // why it is right
	Misconception string  `json:"misconception"` // what people who miss it usually believe; "" where the answer was right
	Item          Item    `json:"item"`          // with the new day on which it is due
}

// checkQuestion is a check question of the catalogue.
type checkQuestion struct {
	skill  string
	number int // from 1
}

func (q checkQuestion) id() string { return fmt.Sprintf("skill/%s/question/%d", q.skill, q.number) }

// question is the check question that a concept is the id of.
func (m *Mastery) question(concept string) (catalog.Question, checkQuestion, bool) {
	parts := strings.Split(concept, "/")
	if len(parts) != 4 || parts[0] != "skill" || parts[2] != "question" {
		return catalog.Question{}, checkQuestion{}, false
	}
	k, err := m.catalog.Skill(parts[1])
	if err != nil {
		return catalog.Question{}, checkQuestion{}, false
	}
	n, err := strconv.Atoi(parts[3])
	if l := m.catalog.Learning(k.ID); err == nil && l != nil && n >= 1 && n <= len(l.Questions) {
		return l.Questions[n-1], checkQuestion{k.ID, n}, true
	}
	return catalog.Question{}, checkQuestion{}, false
}

// Reviews are the questions that are due now, of some skills or of all, the longest due first.
func (m *Mastery) Reviews(ctx context.Context, person uuid.UUID, skills []string, limit int) ([]ReviewQuestion, error) {
	items, err := m.DueOf(ctx, person, skills, m.now().UTC(), limit)
	if err != nil {
		return nil, err
	}
	out := make([]ReviewQuestion, len(items))
	for i, it := range items {
		out[i] = ReviewQuestion{
			Item: it.ID, Skill: it.Skill, SkillName: it.Skill, Concept: it.Concept, Question: it.Title, Level: it.Level, Choices: []string{},
			DueAt: it.DueAt, Retrievability: it.Retrievability,
		}
		if k, err := m.catalog.Skill(it.Skill); err == nil {
			out[i].SkillName = k.Name
		}
		if q, _, ok := m.question(it.Concept); ok {
			out[i].Level, out[i].Choices = q.Level, choices(it, q)
		}
	}
	return out, nil
}

// choices are a question's answers, in an order that changes with every answer given and else stays.
func choices(it Item, q catalog.Question) []string {
	out := append([]string{q.Answer}, q.Wrong...)
	rng := rand.New(rand.NewPCG(binary.BigEndian.Uint64(it.ID[8:]), uint64(len(it.Shown)))) //nolint:gosec // an order, no secret
	rng.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// Answer grades an answer to an item's question, which is the text of one of its choices, and keeps it. An item without choices is
// fault.Unprocessable.
func (m *Mastery) Answer(ctx context.Context, person, id uuid.UUID, text string) (ReviewGrade, error) {
	it, err := m.book.Item(ctx, person, id)
	if err != nil {
		return ReviewGrade{}, err
	}
	q, _, ok := m.question(it.Concept)
	if !ok {
		return ReviewGrade{}, fault.New(fault.Unprocessable, "no-choices", "This has no choices to grade by. Talk to the tutor about it, in the mode quiz.").In("item")
	}
	chosen := func(s string) bool { return strings.EqualFold(short(s, MaxEvidence), short(text, MaxEvidence)) }
	g := ReviewGrade{Outcome: OutcomeRight, Answer: q.Answer, Because: q.Because}
	switch {
	case chosen(q.Answer):
	case slices.ContainsFunc(q.Wrong, chosen):
		g.Outcome, g.Misconception = OutcomeWrong, q.Misconception
	default:
		return ReviewGrade{}, fault.New(fault.Invalid, "unknown-choice", "Send the text of one of the choices.").In("choice")
	}
	s, err := m.clean(Shown{Skill: it.Skill, Concept: it.Concept, Kind: ShownQuiz, Judge: JudgeRule, Outcome: g.Outcome, Level: q.Level, Mistake: g.Misconception, Evidence: text})
	if err != nil {
		return ReviewGrade{}, err
	}
	g.Item, err = m.note(ctx, person, s)
	return g, err
}
