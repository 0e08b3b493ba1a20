package tutor

import (
	"slices"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/fsrs"
)

// outcome is how an answer was, by the person's word where there is one.
func (s Shown) outcome() Outcome {
	if s.Corrected != nil && s.Corrected.Outcome != "" {
		return s.Corrected.Outcome
	}
	return s.Outcome
}

// level is at which was asked, by the person's word where there is one.
func (s Shown) level() int {
	if s.Corrected != nil && s.Corrected.Level != 0 {
		return s.Corrected.Level
	}
	return s.Level
}

func (s Shown) grade() fsrs.Grade { return gradeOf(s.outcome()) }

func gradeOf(o Outcome) fsrs.Grade {
	switch o {
	case OutcomeRight:
		return fsrs.Good
	case OutcomePartly:
		return fsrs.Hard
	case OutcomeWrong:
	}
	return fsrs.Again
}

// add puts an answer where it belongs by its time.
func (it *Item) add(s Shown) {
	i := len(it.Shown)
	for i > 0 && it.Shown[i-1].At.After(s.At) {
		i--
	}
	it.Shown = slices.Insert(it.Shown, i, s)
}

// fold makes the schedule anew from all answers, so that a correction or a deletion leaves nothing of what it took back.
func (it *Item) fold() {
	if n := len(it.Shown) - MaxShown; n > 0 {
		it.Shown = slices.Delete(it.Shown, 0, n)
	}
	for i := range len(it.Shown) - MaxWords {
		it.Shown[i].Evidence = ""
	}
	it.Memory = fsrs.Memory{}
	for _, s := range it.Shown {
		it.Memory = it.Memory.Review(s.grade(), s.At)
	}
	it.ReviewedAt, it.DueAt = it.Memory.Reviewed, it.Memory.Due()
}

// find is the place of an answer; of the latest, where no id is given.
func (it *Item) find(shown uuid.UUID) (int, error) {
	if shown == uuid.Nil {
		return len(it.Shown) - 1, nil
	}
	i := slices.IndexFunc(it.Shown, func(s Shown) bool { return s.ID == shown })
	if i < 0 {
		return 0, fault.New(fault.NotFound, "unknown-answer", "This item has no such answer.").In("answer")
	}
	return i, nil
}

// Counting is what a gap report may count: the right answers that a rule judged and the person has not taken back, after the latest wrong one,
// and how well they are remembered by such answers alone. A person's word makes an answer less, and never more; a model's is not heard.
func (it *Item) Counting() gapanalysis.Recall {
	out := gapanalysis.Recall{Item: it.ID, Skill: it.Skill, Concept: it.Concept, Right: []gapanalysis.RightAnswer{}}
	var memory fsrs.Memory
	for _, s := range it.Shown {
		if s.Judge != JudgeRule {
			continue
		}
		memory = memory.Review(min(s.grade(), gradeOf(s.Outcome)), s.At)
		switch {
		case s.Outcome == OutcomeWrong || s.outcome() == OutcomeWrong:
			out.Right = out.Right[:0]
		case s.Outcome == OutcomeRight && s.outcome() == OutcomeRight:
			out.Right = append(out.Right, gapanalysis.RightAnswer{Kind: string(s.Kind), Level: min(s.Level, s.level()), At: s.At})
		}
	}
	out.Stability, out.Reviewed = memory.Stability, memory.Reviewed
	return out
}

// byRule marks what a rule judged.
func byRule(shown []Shown) []Shown {
	for i := range shown {
		shown[i].Judge = JudgeRule
	}
	return shown
}
