package posting

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/gapwise/gapwise/internal/fault"
)

// maxFeed bounds a feed in bytes.
const maxFeed = 16 << 20

var (
	feedItem  = regexp.MustCompile(`(?i)<(item|entry)[\s>]`)
	feedStart = regexp.MustCompile(`(?i)<(rss|feed|rdf:RDF|channel)[\s>]`)
	feedTitle = regexp.MustCompile(`(?is)<title[^>]*>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?</title>`)
	xmlLatin  = regexp.MustCompile(`(?i)^[^>]*encoding=["'](iso-8859-1|windows-1252|latin1)["']`)
	atCompany = regexp.MustCompile(`^(.{3,120}?)\s+(?:at|@|bei|chez|en|presso)\s+(\S.{1,80})$`)
	colonLead = regexp.MustCompile(`^([^:|–—-]{2,60}): (.{3,160})$`)
)

// Feed is a source over RSS 2.0, RSS 1.0 or Atom at an address. Each item is read by itself, so that one that is broken costs itself alone. A
// feed has the latest items, not all: of those that it lacks, the ones that are younger than its oldest have vanished.
func Feed(address string, body io.Reader) Source {
	return feed{stream{func(ctx context.Context, take func(Item) error) error {
		raw, err := io.ReadAll(io.LimitReader(body, maxFeed+1))
		if err != nil {
			return fmt.Errorf("read the feed: %w", err)
		}
		if len(raw) > maxFeed {
			return fault.Newf(fault.TooLarge, "feed-too-large", "A feed has at most %d MB.", maxFeed>>20)
		}
		if xmlLatin.Match(raw[:min(len(raw), 200)]) {
			raw = fromLatin(raw)
		}
		if !feedStart.Match(raw) {
			return fault.New(fault.Unprocessable, "no-feed", "This is neither RSS nor Atom.")
		}
		starts := feedItem.FindAllSubmatchIndex(raw, -1)
		channel := ""
		if len(starts) > 0 {
			if m := feedTitle.FindSubmatch(raw[:starts[0][0]]); m != nil {
				channel = oneLine(Clean(string(m[1])))
			}
		}
		line, counted := 1, 0
		for i, at := range starts {
			if err := ctx.Err(); err != nil {
				return err
			}
			line += bytes.Count(raw[counted:at[0]], []byte("\n"))
			counted = at[0]
			end := len(raw)
			if i+1 < len(starts) {
				end = starts[i+1][0]
			}
			if err := take(feedEntry(address, channel, string(raw[at[2]:at[3]]), line, raw[at[0]:end])); err != nil {
				return err
			}
		}
		return nil
	}}, address}
}

type feed struct {
	stream
	address string
}

// Latest implements latest.
func (f feed) Latest() string { return f.address }

// fromLatin is text of Windows-1252, which contains ISO 8859-1, as UTF-8. Its marks between 80 and 9F that matter are those of typography.
func fromLatin(raw []byte) []byte {
	marks := map[byte]rune{0x80: '€', 0x91: '‘', 0x92: '’', 0x93: '“', 0x94: '”', 0x95: '•', 0x96: '–', 0x97: '—', 0x85: '…'}
	out := make([]byte, 0, len(raw)+len(raw)/8)
	for _, b := range raw {
		r, ok := marks[b]
		if !ok {
			r = rune(b)
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}

// feedText is an element whose text may be markup of its own, as in Atom's type="xhtml".
type feedText struct {
	Text  string `xml:",chardata"`
	Inner string `xml:",innerxml"`
	Type  string `xml:"type,attr"`
}

func (t feedText) words() string {
	if t.Type == "xhtml" {
		return t.Inner
	}
	return t.Text
}

// feedEntry reads one item. piece begins with it.
func feedEntry(address, channel, name string, line int, piece []byte) Item {
	var e struct {
		Title     feedText `xml:"title"`
		Links     []link   `xml:"link"`
		GUID      string   `xml:"guid"`
		ID        string   `xml:"id"`
		About     string   `xml:"about,attr"`
		Desc      feedText `xml:"description"`
		Encoded   string   `xml:"http://purl.org/rss/1.0/modules/content/ encoded"`
		Bare      string   `xml:"encoded"`
		Content   feedText `xml:"content"`
		Summary   feedText `xml:"summary"`
		Published string   `xml:"published"`
		Updated   string   `xml:"updated"`
		PubDate   string   `xml:"pubDate"`
		Date      string   `xml:"date"`
		Company   string   `xml:"company"`
		Creator   string   `xml:"company_name"`
		Location  string   `xml:"location"`
		Region    string   `xml:"region"`
		Salary    string   `xml:"salary"`
		Expires   string   `xml:"expires"`
		Remote    string   `xml:"remote"`
	}
	dec := xml.NewDecoder(bytes.NewReader(piece))
	dec.Strict = false
	dec.Entity = xml.HTMLEntity
	if err := dec.Decode(&e); err != nil {
		return refuse(line, "This "+name+" of the feed is broken: "+err.Error())
	}
	rec := Record{
		Source: address, Title: oneLine(e.Title.words()), Company: firstOf(e.Company, e.Creator), Location: firstOf(e.Location, e.Region), Salary: e.Salary,
		PostedOn: dateOf(strings.TrimSpace(firstOf(e.Published, e.PubDate, e.Date, e.Updated))), ValidThrough: dateOf(strings.TrimSpace(e.Expires)),
		Description: longest(e.Encoded, e.Bare, e.Content.words(), e.Desc.words(), e.Summary.words()), URL: linkOf(e.Links),
	}
	rec.URL = resolve(address, firstOf(rec.URL, e.About))
	rec.ExternalID = firstOf(e.GUID, e.ID, rec.URL)
	if rec.Company == "" {
		rec.Title, rec.Company = splitTitle(rec.Title, channel)
	}
	return Item{Line: line, Record: rec}
}

type link struct {
	Href string `xml:"href,attr"`
	Rel  string `xml:"rel,attr"`
	Text string `xml:",chardata"`
}

func linkOf(links []link) string {
	for _, l := range links {
		if l.Rel == "" || l.Rel == "alternate" {
			return strings.TrimSpace(firstOf(l.Href, l.Text))
		}
	}
	return ""
}

func longest(list ...string) (out string) {
	for _, s := range list {
		if len(s) > len(out) {
			out = s
		}
	}
	return out
}

// splitTitle parts "Role at Company" and "Company: Role"; else the feed itself is whose the posting is.
func splitTitle(title, channel string) (role, company string) {
	if m := atCompany.FindStringSubmatch(title); m != nil {
		return m[1], m[2]
	}
	if m := colonLead.FindStringSubmatch(title); m != nil {
		return m[2], m[1]
	}
	return title, channel
}
