package evals

import "github.com/gapwise/gapwise/gateway"

// What the tests of this package reach of its inside.
var (
	GradeLedger = func(mode Ledger, spent, billed, limit, reserved gateway.Nano) []string {
		return gradeLedger(mode, spent, billed, []budget{{scope: "person-day", limit: limit, spent: spent, reserved: reserved}})
	}
	NewSkillTally = skillTally
	NewReciprocal = reciprocal
	NewReport     = newReport
	DecodeJSON    = decodeJSON
	GradeRanges   = gradeRanges
	FileContent   = (*File).content
	GroupsOf      = func(cases []Case) (sizes []int) {
		for _, g := range groups(cases) {
			sizes = append(sizes, len(g.cases))
		}
		return sizes
	}
)
