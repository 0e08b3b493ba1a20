// Package catalog holds roles, phases, milestones, projects, skills, aliases and relations: the map that every gap, hour and answer
// rests on. It is written as YAML under data, embedded in the binary, validated when it is loaded and immutable afterwards.
package catalog

// Kind is what sort of thing a skill is.
type Kind string

// The kinds of skill.
const (
	Language  Kind = "language"
	Framework Kind = "framework"
	Library   Kind = "library"
	Tool      Kind = "tool"
	Database  Kind = "database"
	Cloud     Kind = "cloud"
	Platform  Kind = "platform"
	Practice  Kind = "practice"
	Concept   Kind = "concept"
	Domain    Kind = "domain"
	Soft      Kind = "soft"
)

// Effort is the class of learning effort of a skill. See Hours for what a class means in hours.
type Effort string

// The classes of effort.
const (
	EffortS  Effort = "S"  // useful in a week or two
	EffortM  Effort = "M"  // in a month or two
	EffortL  Effort = "L"  // in several months
	EffortXL Effort = "XL" // in a year or more
)

// Proficiency levels of the NIH scale; 0 is none.
const (
	LevelNone         = 0
	LevelAwareness    = 1
	LevelNovice       = 2
	LevelIntermediate = 3
	LevelAdvanced     = 4
	LevelExpert       = 5
)

// LevelName is the NIH scale's word for a level.
func LevelName(level int) string {
	names := [...]string{"none", "fundamental awareness", "novice", "intermediate", "advanced", "expert"}
	if level < 0 || level >= len(names) {
		return "unknown"
	}
	return names[level]
}

// Skill is one canonical skill.
type Skill struct {
	ID          string   `yaml:"id" json:"id"`
	Name        string   `yaml:"name" json:"name"`
	Kind        Kind     `yaml:"kind" json:"kind"`
	Description string   `yaml:"description" json:"description"`
	Aliases     []string `yaml:"aliases,omitempty" json:"aliases"`
	// Ambiguous lists the forms, as written, that are also everyday words and count only with context; Cues and NotCues are
	// words near such a form that speak for and against the technical reading.
	Ambiguous []string `yaml:"ambiguous,omitempty" json:"-"`
	Cues      []string `yaml:"cues,omitempty" json:"-"`
	NotCues   []string `yaml:"not_cues,omitempty" json:"-"`
	Parent    string   `yaml:"parent,omitempty" json:"parent,omitempty"`       // the broader skill that this is a part of
	Ecosystem []string `yaml:"ecosystem,omitempty" json:"ecosystem,omitempty"` // skills that it is typically used with, the nearest first
	ESCO      string   `yaml:"esco,omitempty" json:"esco,omitempty"`           // URI of the ESCO skill that means the same, where one does
	FormerIDs []string `yaml:"former_ids,omitempty" json:"-"`                  // ids that it had before it was renamed or merged
	Since     int      `yaml:"since,omitempty" json:"since,omitempty"`         // first year in real use
	Until     int      `yaml:"until,omitempty" json:"until,omitempty"`         // last year, when it is over
	Effort    Effort   `yaml:"effort" json:"effort"`
	Import    *Import  `yaml:"import,omitempty" json:"import,omitempty"` // where an entry came from that was not written by hand
}

// Learning is how a skill is learned and how a level of it shows. It is written in a file of its own, learning/<skill>.yaml.
type Learning struct {
	Skill     string     `yaml:"skill" json:"-"`
	Rubric    []string   `yaml:"rubric" json:"rubric,omitempty"` // what someone at level 1..5 does; five lines
	Hours     *LevelUps  `yaml:"hours,omitempty" json:"hours,omitempty"`
	Questions []Question `yaml:"questions,omitempty" json:"questions,omitempty"`
	Resources []Resource `yaml:"resources,omitempty" json:"resources,omitempty"`
}

// LevelUps is the study time of each step from a level to the next.
type LevelUps struct {
	Basis  string  `yaml:"basis" json:"basis"`   // what the figures rest on
	Levels []Hours `yaml:"levels" json:"levels"` // to level 1, 2, … 5, each from the level before
}

// Question checks understanding. Its answer and the wrong ones can stand as a choice of four.
type Question struct {
	Level         int      `yaml:"level" json:"level"` // the level at which one can be expected to know
	Question      string   `yaml:"question" json:"question"`
	Answer        string   `yaml:"answer" json:"answer"`
	Wrong         []string `yaml:"wrong" json:"wrong"`                 // three answers that somebody could believe
	Because       string   `yaml:"because" json:"because"`             // why the answer is right
	Misconception string   `yaml:"misconception" json:"misconception"` // what people who miss it usually believe
}

// Resource is something to learn from. Documentation has a title and who keeps it, a book an author and a year.
type Resource struct {
	Kind  string `yaml:"kind" json:"kind"` // documentation, book, specification, paper or course
	Title string `yaml:"title" json:"title"`
	By    string `yaml:"by" json:"by"`
	Year  int    `yaml:"year,omitempty" json:"year,omitempty"`
}

// Salary is a published figure. Source nil means that no source was published, and Note says so.
type Salary struct {
	Country    string  `yaml:"country" json:"country"`
	Currency   string  `yaml:"currency" json:"currency"`
	Percentile int     `yaml:"percentile" json:"percentile"`
	Amount     int64   `yaml:"amount" json:"amount"` // in whole units of Currency
	Period     string  `yaml:"period" json:"period"`
	Source     *string `yaml:"source" json:"source"`
	AsOf       *string `yaml:"as_of" json:"as_of"`
	Note       string  `yaml:"note,omitempty" json:"note,omitempty"`
}

// Milestone is something that is either done or not, with what proves it. The checklist is its rubric: each line is met or not.
type Milestone struct {
	ID        string   `yaml:"id" json:"id"`
	Name      string   `yaml:"name" json:"name"`
	Evidence  string   `yaml:"evidence" json:"evidence"`
	Checklist []string `yaml:"checklist" json:"checklist"`
	FormerIDs []string `yaml:"former_ids,omitempty" json:"-"` // ids that it had in this role before it was renamed
}

// Phase is one stretch of the way to a role.
type Phase struct {
	ID         string      `yaml:"id" json:"id"`
	Name       string      `yaml:"name" json:"name"`
	Months     int         `yaml:"months" json:"months"`
	Outcome    string      `yaml:"outcome" json:"outcome"`
	FormerIDs  []string    `yaml:"former_ids,omitempty" json:"-"` // ids that it had in this role before it was renamed
	Milestones []Milestone `yaml:"milestones,omitempty" json:"milestones"`
}

// Requirement is a skill that a role asks for.
type Requirement struct {
	Skill        string   `yaml:"skill" json:"skill"`
	Level        int      `yaml:"level" json:"level"`
	Weight       float64  `yaml:"weight" json:"weight"` // of a role's sum to 1
	Must         bool     `yaml:"must" json:"must"`
	Phase        string   `yaml:"phase" json:"phase"`
	Why          string   `yaml:"why" json:"why"`
	Alternatives []string `yaml:"alternatives,omitempty" json:"alternatives,omitempty"` // skills the market accepts in its place
}

// Project is a piece of hands-on work.
type Project struct {
	ID         string   `yaml:"id" json:"id"`
	Name       string   `yaml:"name" json:"name"`
	Phase      string   `yaml:"phase" json:"phase"`
	Difficulty int      `yaml:"difficulty" json:"difficulty"` // 1-5
	Hours      int      `yaml:"hours,omitempty" json:"hours"`
	Brief      string   `yaml:"brief" json:"brief"`
	Acceptance []string `yaml:"acceptance" json:"acceptance"`
	Skills     []string `yaml:"skills" json:"skills"`
}

// TimeToReady is how long the way takes for the person described by From.
type TimeToReady struct {
	Months       int    `yaml:"months" json:"months"`
	HoursPerWeek int    `yaml:"hours_per_week" json:"hours_per_week"`
	From         string `yaml:"from" json:"from"`
	FromRole     string `yaml:"from_role,omitempty" json:"from_role,omitempty"` // whose levels that person has, "" for somebody new to the skills
}

// Consolidation is the part of the time to ready that no phase covers, and what it is for.
type Consolidation struct {
	Months  int    `yaml:"months" json:"months"`
	Purpose string `yaml:"purpose" json:"purpose"`
}

// Theme is a subject of interviews for a role.
type Theme struct {
	Name     string `yaml:"name" json:"name"`
	LooksFor string `yaml:"looks_for" json:"looks_for"`
}

// Codes place a role in the published classifications.
type Codes struct {
	ISCO    string `yaml:"isco,omitempty" json:"isco,omitempty"`         // ISCO-08 unit group
	ESCO    string `yaml:"esco,omitempty" json:"esco,omitempty"`         // URI of the ESCO occupation
	ONetSOC string `yaml:"onet_soc,omitempty" json:"onet_soc,omitempty"` // O*NET-SOC 2019
}

// RelatedOverride puts a role among the related ones, or takes it out, against the computed share.
type RelatedOverride struct {
	Role    string `yaml:"role" json:"role"`
	Related bool   `yaml:"related" json:"related"`
	Reason  string `yaml:"reason" json:"reason"`
}

// Role is a career path.
type Role struct {
	ID              string         `yaml:"id" json:"id"`
	Name            string         `yaml:"name" json:"name"`
	Family          string         `yaml:"family" json:"family"`
	Seniority       string         `yaml:"seniority,omitempty" json:"seniority"`
	Aliases         []string       `yaml:"aliases,omitempty" json:"aliases"`
	Summary         string         `yaml:"summary" json:"summary"`
	TypicalDay      []string       `yaml:"typical_day,omitempty" json:"typical_day"`
	WhyNow          string         `yaml:"why_now,omitempty" json:"why_now"`
	Salary          []Salary       `yaml:"salary,omitempty" json:"salary"`
	TimeToReady     TimeToReady    `yaml:"time_to_ready" json:"time_to_ready"`
	Phases          []Phase        `yaml:"phases" json:"phases"`
	Consolidation   *Consolidation `yaml:"consolidation,omitempty" json:"consolidation,omitempty"`
	Skills          []Requirement  `yaml:"skills" json:"skills"`
	Projects        []Project      `yaml:"projects,omitempty" json:"projects"`
	InterviewThemes []Theme        `yaml:"interview_themes,omitempty" json:"interview_themes"`
	Codes           Codes          `yaml:"codes,omitempty" json:"codes"`
	ReviewedOn      string         `yaml:"reviewed_on,omitempty" json:"reviewed_on"`

	RelatedOverrides []RelatedOverride `yaml:"related_overrides,omitempty" json:"related_overrides,omitempty"`
	FormerIDs        []string          `yaml:"former_ids,omitempty" json:"-"` // ids that it had before it was renamed

	// Import says where a role came from that was not written by hand. Such a role has skills and nothing else.
	Import *Import `yaml:"import,omitempty" json:"import,omitempty"`
}

// Import is the published classification that an entry was taken from, with the attribution that its licence asks for.
type Import struct {
	From        string `yaml:"from" json:"from"` // "ESCO" or "O*NET"
	URI         string `yaml:"uri" json:"uri"`   // the entry's own address or code there
	Attribution string `yaml:"attribution" json:"attribution"`
}

// Prerequisite says that learning Skill needs Needs at Level.
type Prerequisite struct {
	Skill string `yaml:"skill" json:"skill"`
	Needs string `yaml:"needs" json:"needs"`
	Level int    `yaml:"level" json:"level"`
}

// Transfer says how much of From carries over to To.
type Transfer struct {
	From   string  `yaml:"from" json:"from"`
	To     string  `yaml:"to" json:"to"`
	Credit float64 `yaml:"credit" json:"credit"` // share of a level-for-level match, in (0, 1)
	// HoursSaved is how much study time of To somebody saves who holds From at level 3 and goes for level 3. Where it is not written, it is
	// Credit times the median hours of To from 0 to 3.
	HoursSaved int    `yaml:"hours_saved,omitempty" json:"hours_saved"`
	Note       string `yaml:"note,omitempty" json:"note"`

	computed bool // HoursSaved was not written
}

// Hours is a range of study time in hours: the quartiles of an editorial estimate.
type Hours struct {
	P25 int `yaml:"p25" json:"p25"`
	P50 int `yaml:"p50" json:"p50"`
	P75 int `yaml:"p75" json:"p75"`
}

// Add sums two ranges quartile by quartile, which overstates the spread of independent efforts and so errs to the careful side.
func (h Hours) Add(o Hours) Hours { return Hours{h.P25 + o.P25, h.P50 + o.P50, h.P75 + o.P75} }
