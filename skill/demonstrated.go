package skill

// StatusDemonstrated is a claim that a finished milestone with evidence stands behind, or right answers to questions; with answers, Shown says
// which. Only a person's rejection outranks it.
const StatusDemonstrated Status = "demonstrated"

// ShownByAnswer is the kind of a Showing that is a right answer.
const ShownByAnswer = "answer"

// Showing is something that a person showed, which a demonstrated level rests on. It quotes no words of theirs: they stand with the item, where
// the person can change and delete them.
type Showing struct {
	Kind    string  `json:"kind"`
	Item    string  `json:"item"`    // id of what the tutor remembers
	Concept string  `json:"concept"` // that it was about
	Level   int     `json:"level"`   // that it speaks for on the day of the report
	On      string  `json:"on"`      // day on which it was shown
	Recall  float64 `json:"recall"`  // chance that the person still remembers it, 0 to 1
}
