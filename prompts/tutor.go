package prompts

// TutorID is the id of the tutor's template.
const TutorID = "tutor"

// Tutor is what the tutor's template is filled with.
type Tutor struct {
	Role      string // the role's name
	Phase     string // the phase's name, "" for the role as a whole
	Mode      string // coach, explain, quiz or review
	HasReport bool   // whether the sources hold facts of the person's resume
	Brief     bool   // only what must be said, for when there is little left to spend
	Sources   []Source
	Question  string // what the person wrote
}

// Source is one passage that may be cited.
type Source struct {
	Number int
	Kind   string // catalogue, report or resume
	Title  string
	Text   string
}
