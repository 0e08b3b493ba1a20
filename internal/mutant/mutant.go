// Package mutant names mistakes that can be put into the program on purpose, to see whether the evaluations find them. They are only in a
// binary that is built with the tag mutants; in every other On is false for good, and the compiler leaves out what hangs on it.
package mutant

// The mistakes. Each is put in at one place, which asks On for it.
const (
	LevelsOffByOne    = "levels-off-by-one"         // every level is one higher
	WishesCount       = "wishes-count"              // what somebody wants to learn is taken for what they can do
	DenialsCount      = "denials-count"             // what somebody says they cannot do is taken for what they can
	WordsAreSkills    = "everyday-words-are-skills" // names of skills are taken wherever they stand
	SpansShifted      = "spans-shifted"             // the words that prove a skill are one character off
	SectionsLost      = "sections-lost"             // mentions do not know their section
	ColumnsInterleave = "columns-interleave"        // lines are read across the page
	WordIgnored       = "persons-word-ignored"      // a skill that the person has rejected counts
	NothingCarries    = "nothing-carries-over"      // a related skill gives no credit
	HoursIgnored      = "hours-a-week-ignored"      // everybody has ten hours a week
	PlanBackwards     = "plan-backwards"            // the last phase comes first
	MatchesUpsideDown = "matches-upside-down"       // the worst posting comes first
	RolesUpsideDown   = "roles-upside-down"         // the worst role comes first
	RemoteIgnored     = "remote-filter-ignored"     // every posting passes the filter for remote work
	CapIgnoresStreams = "cap-ignores-streams"       // a stream is not held against the budget
	HalfBooked        = "settle-books-half"         // half of what a call cost is booked
	UnpricedIsFree    = "unpriced-is-free"          // a model without a price costs nothing
	LeavingIsFree     = "leaving-is-free"           // a call whose reader left is not booked
	CacheShared       = "cache-shared-by-all"       // anybody gets an answer that was kept for somebody
	OwnerMissing      = "owner-missing"             // a resume is found whoever asks
	GroundingLost     = "prompt-without-grounding"  // the prompt does not say to keep to the sources
	FenceMissing      = "fence-missing"             // other people's words stand in the prompt as if they were ours
	NamesPass         = "masker-lets-names-through" // names are not hidden from the model
	CitesUnchecked    = "cites-are-not-checked"     // a sentence is shown whatever it cites
)
