package main

import (
	"encoding/json"
	"time"

	"github.com/gapwise/gapwise/resume"
)

// formatJSONResume is the value of --format for the schema of JSON Resume.
const formatJSONResume = "jsonresume"

// exportResume prints a document that was read in the schema of JSON Resume, with the skills that are found in it.
func (c *command) exportResume(o *offline, doc *resume.Document) error {
	profile := o.finder.Extract(doc, time.Now())
	enc := json.NewEncoder(c.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(doc.JSONResume(profile.Entries()))
}
