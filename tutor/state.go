package tutor

// State is how far a conversation is in what its mode does. It is kept as JSON beside the conversation; both tutors, the built-in one and
// one with a model, go on from it, so that a conversation can change hands between two messages.
type State struct {
	Language  string          `json:"language,omitempty"` // of the person's messages: en, de or es; "" for not known yet
	Said      []string        `json:"said,omitempty"`     // what is said once in a conversation and has been
	Skill     string          `json:"skill,omitempty"`    // the one that was spoken of last, which "and how long does it take?" is about
	Hint      *HintState      `json:"hint,omitempty"`
	Quiz      *QuizState      `json:"quiz,omitempty"`
	Interview *InterviewState `json:"interview,omitempty"`
	Review    *ReviewState    `json:"review,omitempty"`
	Line      *LineState      `json:"line,omitempty"`
}

// HintState is a place on the ladder of hints. It is over where Question is "".
type HintState struct {
	Question string   `json:"question"` // id of a check question: "skill/kafka/question/2"
	Rung     int      `json:"rung"`     // hints given; 0 for only asked
	Tried    bool     `json:"tried"`    // the person has given an answer; before that the last rung stays closed
	Wrong    []int    `json:"wrong"`    // places, in the catalogue's order, of the wrong answers that are ruled out
	Done     []string `json:"done"`     // questions that were worked on
}

// QuizState is a place in a quiz.
type QuizState struct {
	Open   string   `json:"open"`   // id of the question that waits for an answer; "" for none
	Order  []int    `json:"order"`  // which answer stands behind A, B, C, D: 0 is the right one, 1 to 3 the wrong ones
	Asked  []string `json:"asked"`  // ids, in order, of this round
	Missed []string `json:"missed"` // ids of those that were not right
	Right  int      `json:"right"`
	Graded int      `json:"graded"`
	Level  int      `json:"level"`           // where the next question is looked for
	Skill  string   `json:"skill,omitempty"` // what the person wants to be asked about; "" for what the role needs
	Round  int      `json:"round"`           // how often all questions were through
}

// InterviewState is a plan of questions and how far the interview is.
type InterviewState struct {
	Plan  []InterviewItem `json:"plan"`
	At    int             `json:"at"`    // place in the plan of the question that waits for an answer; len(Plan) once it is over
	Again bool            `json:"again"` // the follow-up to the question was asked
}

// InterviewItem is one question of an interview, and what the answers to it named.
type InterviewItem struct {
	Theme    string   `json:"theme"`           // its name, as the role has it
	Skill    string   `json:"skill,omitempty"` // "" for a question about the theme alone
	Question string   `json:"question"`        // as it was put
	Named    []string `json:"named,omitempty"`
	Missing  []string `json:"missing,omitempty"`
	Skipped  bool     `json:"skipped,omitempty"`
}

// ReviewState is a milestone that is gone through line by line.
type ReviewState struct {
	Milestone string       `json:"milestone"`
	At        int          `json:"at"` // line that is asked for; -1 for the evidence itself
	Lines     []ReviewLine `json:"lines"`
	Evidence  string       `json:"evidence,omitempty"` // what the person said of the evidence
	Links     []string     `json:"links,omitempty"`
	Over      bool         `json:"over,omitempty"`
}

// ReviewLine is one line of a checklist and the person's word on it.
type ReviewLine struct {
	Verdict string `json:"verdict"` // "", met, not, unsaid
	Words   string `json:"words,omitempty"`
}

// LineState is what the person has said of one piece of work for a line of a resume. Every word of the line comes from here.
type LineState struct {
	Asked  string   `json:"asked"` // the part that was asked for: what, with, result, scale; "" for none
	What   string   `json:"what"`
	With   string   `json:"with"`
	Result string   `json:"result"`
	Scale  string   `json:"scale"`
	Passed []string `json:"passed,omitempty"` // parts that the person has nothing for
	Line   string   `json:"line,omitempty"`   // as it was put together last
}
