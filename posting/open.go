package posting

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/url"
	"path"
	"regexp"
	"strings"

	"github.com/gapwise/gapwise/internal/fault"
)

// Formats that a file or an address may be said to have.
const (
	FormatJSONLines  = "jsonl"
	FormatCSV        = "csv"
	FormatFeed       = "feed"
	FormatPage       = "page"
	FormatGreenhouse = "greenhouse"
	FormatLever      = "lever"
	FormatAshby      = "ashby"
	FormatHackerNews = "hackernews"
)

// boards are where the lists of boards are published, with {} for the board's name.
var boards = map[string]string{
	FormatGreenhouse: "https://boards-api.greenhouse.io/v1/boards/{}/jobs?content=true",
	FormatLever:      "https://api.lever.co/v0/postings/{}?mode=json",
	FormatAshby:      "https://api.ashbyhq.com/posting-api/job-board/{}?includeCompensation=true",
	FormatHackerNews: "https://hn.algolia.com/api/v1/items/{}",
}

var boardName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$`)

// Place names where postings come from.
type Place struct {
	Name    string // as it is written, such as greenhouse:acme
	Format  string // "" where what is found there tells
	Board   string
	Address string // "" for a file
}

// ParsePlace reads how an operator writes a source: greenhouse:NAME, lever:NAME, ashby:NAME, hackernews:ID, each also with an address in the
// place of the name, or an address alone. It is not ok for anything else, such as the name of a file.
func ParsePlace(s string) (p Place, ok bool, err error) {
	if strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://") {
		return placeAt(s, "", s)
	}
	format, rest, found := strings.Cut(s, ":")
	if format == "hn" {
		format = FormatHackerNews
	}
	if !found || boards[format] == "" {
		return Place{}, false, nil
	}
	if strings.HasPrefix(rest, "https://") || strings.HasPrefix(rest, "http://") {
		return placeAt(s, format, rest)
	}
	if !boardName.MatchString(rest) {
		return Place{}, true, fault.Newf(fault.Invalid, "invalid-source", "%q is no name of a board. It has letters, digits, dots and dashes.", rest)
	}
	return Place{Name: format + ":" + rest, Format: format, Board: rest, Address: strings.Replace(boards[format], "{}", url.PathEscape(rest), 1)}, true, nil
}

func placeAt(name, format, address string) (Place, bool, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || len(address) > 300 {
		return Place{}, true, fault.New(fault.Invalid, "invalid-url", "Give an address of at most 300 bytes that begins with https:// or http://, without a password.").In("url")
	}
	board := ""
	if format == "" {
		for f, published := range boards {
			p, _ := url.Parse(published)
			if before, _, _ := strings.Cut(p.Path, "{}"); p.Host == u.Host && strings.HasPrefix(u.Path, before) {
				format = f
			}
		}
	}
	if format != "" {
		before, _, _ := strings.Cut(boards[format], "{}")
		b, _ := url.Parse(before)
		board = strings.TrimPrefix(u.Path, b.Path)
		board, _, _ = strings.Cut(strings.Trim(board, "/"), "/")
	}
	if board == "" || !boardName.MatchString(board) {
		board = u.Hostname()
	}
	return Place{Name: name, Format: format, Board: board, Address: address}, true, nil
}

// Read makes a source of what a place gave. kind is the content type, or "".
func (p Place) Read(body io.Reader, kind string) Source {
	in := bufio.NewReaderSize(body, MaxLine)
	format := p.Format
	if format == "" {
		start, _ := in.Peek(8 << 10)
		format = formatOf(start, kind, path.Ext(p.Name))
	}
	switch format {
	case FormatGreenhouse:
		return Greenhouse(p.Board, in)
	case FormatLever:
		return Lever(p.Board, in)
	case FormatAshby:
		return Ashby(p.Board, in)
	case FormatHackerNews:
		return HackerNews(in)
	case FormatCSV:
		return CSV(p.Name, in)
	case FormatFeed:
		return Feed(p.Name, in)
	case FormatPage:
		return Page(p.Name, in)
	}
	return JSONLines(in)
}

var (
	ashbyField = regexp.MustCompile(`"(descriptionHtml|jobUrl|isListed|apiVersion)"\s*:`)
	leverField = regexp.MustCompile(`"(hostedUrl|categories|descriptionPlain|applyUrl)"\s*:`)
	newsField  = regexp.MustCompile(`"(children|kids|parent|by|author|parent_id)"\s*:`)
)

// formatOf tells a format by its beginning, its content type and the ending of its name.
func formatOf(start []byte, kind, ending string) string {
	text := bytes.TrimLeft(bytes.TrimPrefix(start, []byte("\uFEFF")), " \t\r\n")
	if len(text) == 0 {
		return FormatJSONLines
	}
	line, _, _ := bytes.Cut(text, []byte("\n"))
	switch {
	case text[0] == '<' && (feedStart.Match(text) || strings.Contains(kind, "rss") || strings.Contains(kind, "atom")):
		return FormatFeed
	case text[0] == '<':
		return FormatPage
	case text[0] == '[' && newsField.Match(text) && !leverField.Match(text):
		return FormatHackerNews
	case text[0] == '[':
		return FormatLever
	case text[0] != '{' && (ending == ".csv" || ending == ".tsv" || strings.Contains(kind, "csv") || bytes.ContainsAny(line, ",;\t")):
		return FormatCSV
	case text[0] != '{' || bytes.Contains(text, []byte(`"external_id"`)) && !bytes.Contains(text, []byte(`"jobs"`)):
		return FormatJSONLines
	case ashbyField.Match(text):
		return FormatAshby
	case bytes.Contains(text, []byte(`"jobs"`)):
		return FormatGreenhouse
	case newsField.Match(text):
		return FormatHackerNews
	}
	return FormatJSONLines
}

// published tells whether the place is that of a published interface, which is there for programs.
func (p Place) published() bool {
	return p.Format != "" && p.Format != FormatPage && p.Format != FormatFeed
}

// fetched is a source whose body is asked for when it is read.
type fetched struct {
	place   Place
	fetcher *Fetcher
	known   Validators
	got     Validators
	inner   Source
}

// Each implements Source. A page that is gone is a list without anything.
func (f *fetched) Each(ctx context.Context, take func(Item) error) error {
	a, err := f.fetcher.Get(ctx, f.place.Address, f.known, !f.place.published())
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	f.inner = f.place.Read(a, a.Kind)
	f.got = a.Validators
	return f.inner.Each(ctx, take)
}

// Whole implements Source. Before the body is known the place's own name stands for it.
func (f *fetched) Whole() string {
	if f.inner == nil {
		return f.place.Name
	}
	return f.inner.Whole()
}

// Latest implements latest, once the body is known.
func (f *fetched) Latest() string {
	if f.inner == nil {
		return ""
	}
	return latestOf(f.inner)
}
