package posting

import (
	"context"
	"errors"
	"time"
)

// Source gives postings, one after the other. Its implementations read one published format each.
type Source interface {
	// Each calls take for every posting, in the order of the source, and stops where take fails. A posting that cannot be read is given with
	// its Refusal and the next one follows. An error ends the source; what was given before it holds. ErrUnchanged says that nothing has
	// changed since the last time.
	Each(ctx context.Context, take func(Item) error) error
	// Whole is the name of the source whose full list this is, once Each has come to its end: what the list lacks has vanished. It is ""
	// where a list is a part of what there is.
	Whole() string
}

// latest is a source that has the latest postings of a place, by their days, and no older ones.
type latest interface {
	// Latest is the name of the place; "" where it turns out to be none of these.
	Latest() string
}

// ErrUnchanged is what a source returns that has nothing new.
var ErrUnchanged = errors.New("unchanged since the last time")

// Item is a posting as a source gives it.
type Item struct {
	Line    int // of a file, or the place in a list, from 1
	Record  Record
	Refusal *Refusal // why it cannot be read; Record may then have its source and id alone
}

// Record is a posting before it is checked: a line of an import. Texts may be HTML.
type Record struct {
	Source       string `json:"source"`
	ExternalID   string `json:"external_id"`
	Title        string `json:"title"`
	Company      string `json:"company"`
	Location     string `json:"location"`
	Remote       string `json:"remote"`
	Seniority    string `json:"seniority"`
	PostedOn     string `json:"posted_on"`
	URL          string `json:"url"`
	Salary       string `json:"salary"` // in words
	Description  string `json:"description"`
	ValidThrough string `json:"valid_through,omitempty"`
	Language     string `json:"language,omitempty"`
	Pay          Pay    `json:"pay,omitzero"`
}

// refuse is a refusal of a whole item.
func refuse(line int, detail string) Item {
	return Item{Line: line, Refusal: &Refusal{Line: line, Detail: detail}}
}

// dateOf is the UTC date of a moment as formats write it, as an import writes dates; "" where it is none.
func dateOf(s string) string {
	for _, layout := range []string{
		time.RFC3339Nano, time.DateOnly, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02T15:04:05-0700", "2006-01-02 15:04:05 MST", time.DateTime,
		time.RFC1123Z, time.RFC1123, "Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 MST", "2 Jan 2006 15:04:05 -0700",
	} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() > 1970 {
			return t.UTC().Format(time.DateOnly)
		}
	}
	return ""
}
