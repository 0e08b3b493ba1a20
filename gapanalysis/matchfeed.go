package gapanalysis

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/internal/fault"
)

// What a feed holds.
const (
	feedDays    = 30 // of postings that came in so lately
	feedEntries = 50
)

var errNoMatchFeed = fault.New(fault.NotFound, "unknown-feed", "There is no such feed, or its address was revoked.").In("token")

// Feed is the Atom feed (RFC 4287) that a token opens: what came in of late and is worth an application at least, the latest first. self is its
// own address. Nothing in it is of the person: it says of each posting what a match says, without words of the resume.
func (b *JobBook) Feed(ctx context.Context, token, self string) (body []byte, updated time.Time, err error) {
	if raw, err := base64.RawURLEncoding.DecodeString(token); err != nil || len(raw) != tokenBytes {
		return nil, updated, errNoMatchFeed // without a look at the database
	}
	f, err := b.feeds.MatchFeed(ctx, sha256.Sum256([]byte(token)))
	if err != nil {
		return nil, updated, err
	}
	filter := f.Filter
	filter.Limit, filter.Since = feedEntries, b.service.now().UTC().AddDate(0, 0, -feedDays)
	m, scored, err := b.service.scored(ctx, f.Person, f.Resume, filter)
	if err != nil {
		return nil, updated, err
	}
	scored = slices.DeleteFunc(scored, func(s Scored) bool { return s.Score < goodFrom })
	slices.SortStableFunc(scored, func(x, y Scored) int { return cmp.Compare(y.SeenAt.UnixNano(), x.SeenAt.UnixNano()) })
	matches, err := b.service.explain(ctx, f.Person, m, scored)
	if err != nil {
		return nil, updated, err
	}
	updated = f.CreatedAt
	feed := atomFeed{
		Space: "http://www.w3.org/2005/Atom", ID: "urn:uuid:" + f.Resume.String(), Title: "Jobs that suit your resume",
		Links: []atomLink{{Rel: "self", Type: "application/atom+xml", Href: self}}, Author: "Gapwise",
	}
	for i, match := range matches {
		at := scored[i].SeenAt
		if at.After(updated) {
			updated = at
		}
		feed.Entries = append(feed.Entries, entryOf(match, at))
	}
	feed.Updated = updated.Format(time.RFC3339)
	out, err := xml.MarshalIndent(feed, "", " ")
	if err != nil {
		return nil, updated, fmt.Errorf("write a feed: %w", err)
	}
	return append([]byte(xml.Header), append(out, '\n')...), updated, nil
}

type atomFeed struct {
	XMLName xml.Name    `xml:"feed"`
	Space   string      `xml:"xmlns,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID      string     `xml:"id"`
	Title   string     `xml:"title"`
	Updated string     `xml:"updated"`
	Links   []atomLink `xml:"link"`
	Content atomText   `xml:"content"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Body string `xml:",chardata"`
}

func entryOf(m Match, at time.Time) atomEntry {
	var b strings.Builder
	fmt.Fprintf(&b, "%.0f %%, %s.", m.Score*100, m.Strength)
	for _, r := range m.Reasons {
		b.WriteString(" " + r.Text)
	}
	for _, x := range m.Blockers {
		b.WriteString(" " + x.Text)
	}
	if m.Unlock != nil {
		b.WriteString(" " + m.Unlock.Text)
	}
	title := m.Title + ", " + m.Company
	if m.Location != "" {
		title += ", " + m.Location
	}
	if m.Sample {
		title += " (sample: this company does not exist)"
	}
	e := atomEntry{ID: "urn:uuid:" + uuid.MustParse(m.PostingID).String(), Title: plainXML(title), Updated: at.Format(time.RFC3339), Content: atomText{"text", plainXML(b.String())}}
	if m.URL != "" && !m.Sample {
		e.Links = []atomLink{{Rel: "alternate", Href: m.URL}}
	}
	return e
}

// plainXML drops the control characters that XML 1.0 cannot hold.
func plainXML(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' {
			return -1
		}
		return r
	}, s)
}
