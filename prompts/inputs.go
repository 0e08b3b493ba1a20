package prompts

import "strings"

// The ids of the templates.
const (
	TutorCoach          = "tutor-coach"
	TutorExplain        = "tutor-explain"
	TutorHint           = "tutor-hint"
	TutorQuizAsk        = "tutor-quiz-ask"
	TutorQuizGrade      = "tutor-quiz-grade"
	TutorInterviewAsk   = "tutor-interview-ask"
	TutorInterviewGrade = "tutor-interview-grade"
	TutorReview         = "tutor-review"
	TutorLine           = "tutor-line"
	SummaryID           = "summary"
	JudgeID             = "judge"
)

// Tutor is what the templates of the tutor are filled with. Each uses the fields that its front matter lists.
type Tutor struct {
	Role      string   `json:"role"`       // the role's name
	Phase     string   `json:"phase"`      // the phase's name, "" for the role as a whole
	Milestone string   `json:"milestone"`  // what the talk is about, "" for none
	Skill     string   `json:"skill"`      // what the talk is about, "" for none
	Language  string   `json:"language"`   // of the answer, in English, such as "German"; "" for that of the person's message
	HasReport bool     `json:"has_report"` // whether the sources hold facts of the person's resume
	Brief     bool     `json:"brief"`      // only what must be said, for when there is little left to spend
	Sources   []Source `json:"sources"`    // what may be cited
	Summary   string   `json:"summary"`    // of the turns that are too old to be sent
	Mastery   []string `json:"mastery"`    // what the person has shown before, a line an item
	Rung      int      `json:"rung"`       // of the ladder of hints, counted from 1
	Rungs     int      `json:"rungs"`      // how many there are
	Attempt   bool     `json:"attempt"`    // whether the person has tried to answer
	Asked     string   `json:"asked"`      // the question that is being answered
	Rubric    []string `json:"rubric"`     // what a good answer, or a finished milestone, shows, a line an item
	Facts     []string `json:"facts"`      // what the person has said that a line of a resume may state
	Number    int      `json:"number"`     // of this question of a quiz or an interview, counted from 1
	Of        int      `json:"of"`         // how many there are
	Theme     string   `json:"theme"`      // of this question of an interview
	Question  string   `json:"question"`   // the person's message
}

// Source is one passage that may be cited.
type Source struct {
	Number int    `json:"number"`
	Kind   string `json:"kind"` // catalogue, report or resume
	Title  string `json:"title"`
	Text   string `json:"text"`
}

// Summary is what the template is filled with that shortens the older turns of a talk.
type Summary struct {
	Earlier string `json:"earlier"` // the summary so far, "" for none
	Turns   []Turn `json:"turns"`
}

// Turn is a message of a talk.
type Turn struct {
	By   string `json:"by"` // person or tutor
	Text string `json:"text"`
}

// Judge is what the template is filled with by which a model holds an answer against criteria.
type Judge struct {
	Task     string      `json:"task"` // what the answer was for
	Sources  []Source    `json:"sources"`
	Question string      `json:"question"`
	Answer   string      `json:"answer"`
	Criteria []Criterion `json:"criteria"`
}

// Criterion is one thing that a good answer does.
type Criterion struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// inputOf is an empty input of a template's type, nil for a template that does not exist.
func inputOf(id string) any {
	switch {
	case id == SummaryID:
		return Summary{}
	case id == JudgeID:
		return Judge{}
	case strings.HasPrefix(id, "tutor-"):
		return Tutor{}
	}
	return nil
}

// Sample is an input by which a template can be looked at: a person half way to a role, with a message for the template's purpose.
func Sample(id string) any {
	sources := []Source{
		{1, "report", "Your gap report", "Readiness 0.62 (getting close). 310 hours are left, most of them for Apache Kafka and distributed systems."},
		{2, "catalogue", "Apache Kafka, level 3", "Chooses keys and partitions for the order that consumers need, and makes a consumer safe to run twice."},
		{3, "resume", "Resume, experience, page 1", "Moved the order service from cron jobs to RabbitMQ consumers."},
	}
	switch id {
	case SummaryID:
		return Summary{Turns: []Turn{{"person", "Why does order matter in Kafka?"}, {"tutor", "Order holds within one partition [1], so the key decides it."}}}
	case JudgeID:
		return Judge{
			Task: "Explain a skill at the person's level.", Sources: sources, Question: "Why does order matter in Kafka?",
			Answer:   "Order holds within one partition [2], so the key decides what stays in order.",
			Criteria: []Criterion{{"grounded", "Each statement about the skill rests on a source."}, {"question", "It ends with a question that checks understanding."}},
		}
	}
	t := Tutor{
		Role: "Senior Backend Engineer", Phase: "Events and queues", Milestone: "A consumer that may run twice", Skill: "Apache Kafka", Language: "English", HasReport: true,
		Sources: sources, Summary: "The person knows RabbitMQ and asked how Kafka differs.",
		Mastery: []string{"Apache Kafka, partitions: right at level 2 on 3 March 2026", "Apache Kafka, consumer groups: took an offset for a message's age"},
		Rung:    2, Rungs: 4, Attempt: true, Number: 2, Of: 6, Theme: "Delivery guarantees",
		Asked:    "Two payments of one customer are handled in the wrong order. Which setting of the producer do you look at first?",
		Rubric:   []string{"Names the key of the record", "Says that order holds within one partition only"},
		Facts:    []string{"I moved the nightly settlement from cron to RabbitMQ", "it now takes 12 minutes, before it took 3 hours"},
		Question: "I would look at the number of partitions.",
	}
	if inputOf(id) == nil {
		return nil
	}
	return t
}
