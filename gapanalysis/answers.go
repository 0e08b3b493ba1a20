package gapanalysis

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// The ways in which a person answered.
const (
	AnsweredQuiz      = "quiz"
	AnsweredInterview = "interview"
	AnsweredReview    = "review"
	AnsweredExplain   = "explain"
)

// RightAnswer is one right answer that stands: the person has not taken it back, and no wrong one about the same came after it.
type RightAnswer struct {
	Kind  string    `json:"kind"`  // one of the above
	Level int       `json:"level"` // at which was asked
	At    time.Time `json:"at"`
}

// Recall is what a person answered rightly about one concept of a skill, and how well they still remember it.
type Recall struct {
	Item      uuid.UUID // of what the tutor remembers
	Skill     string
	Concept   string
	Stability float64 // days until the chance of remembering is .9
	Reviewed  time.Time
	Right     []RightAnswer
}

// Recalls gives what a person answered rightly, by skill and concept.
type Recalls interface {
	Recalls(ctx context.Context, person uuid.UUID) ([]Recall, error)
}
