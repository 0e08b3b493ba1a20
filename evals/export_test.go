package evals

import (
	"io/fs"

	"go.yaml.in/yaml/v4"

	"github.com/gapwise/gapwise/gateway"
)

// What the tests of this package reach of its inside.
var (
	GradeLedger = func(mode Ledger, spent, billed, limit, reserved gateway.Nano) []string {
		return gradeLedger(mode, spent, billed, []budget{{scope: "person-day", limit: limit, spent: spent, reserved: reserved}})
	}
	DecodeJSON  = decodeJSON
	GradeRanges = gradeRanges
	FileContent = (*File).content
	LanesOf     = func(cases []Case) (sizes []int) {
		for _, l := range lanes(cases) {
			sizes = append(sizes, len(l.cases))
		}
		return sizes
	}
	ParseCheck = func(text string, files fs.FS) (*Check, error) {
		var c Check
		if err := yaml.Load([]byte(text), &c, yaml.WithKnownFields()); err != nil {
			return nil, err
		}
		return &c, c.prepare(&Case{files: files, dir: "."})
	}
	Obey      = func(a Asked) string { return obey(&a) }
	Wilson    = wilson
	Bootstrap = bootstrap
	SignTest  = signTest
	Scrub     = scrub
	// What a quick look says, and the form that it saves from being looked for.
	MayChange = mayChange
	Changing  = changing
	NewReport = newReport
)
