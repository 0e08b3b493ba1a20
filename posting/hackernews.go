package posting

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/gapwise/gapwise/internal/fault"
)

// SourceHackerNews is the source of postings of the monthly "Who is hiring?" thread.
const SourceHackerNews = "hackernews"

// hnItem is an item as hn.algolia.com/api/v1/items/{id} gives it, with its children whole, or as hacker-news.firebaseio.com/v0/item/{id}.json
// does, whose comments are items of their own. Who wrote it is not read.
type hnItem struct {
	ID       int64             `json:"id"`
	Type     string            `json:"type"`
	Text     string            `json:"text"`
	Created  int64             `json:"created_at_i"`
	Time     int64             `json:"time"`
	Parent   int64             `json:"parent"`
	ParentID int64             `json:"parent_id"`
	Story    int64             `json:"story_id"`
	Deleted  bool              `json:"deleted"`
	Dead     bool              `json:"dead"`
	Title    string            `json:"title"`
	Children []json.RawMessage `json:"children"`
}

// HackerNews is a source over a thread "Who is hiring?": the thread with its comments from Algolia, or items of Firebase, one after the other
// or in a list. Each comment at the top is a posting whose first line is "Company | Role | Place | …"; answers to comments are none.
func HackerNews(body io.Reader) Source {
	return stream{func(ctx context.Context, take func(Item) error) error {
		n := 0
		give := func(raw json.RawMessage) error {
			n++
			item, skip := hnPosting(n, raw)
			if skip {
				return nil
			}
			return take(item)
		}
		dec := json.NewDecoder(body)
		for {
			if err := ctx.Err(); err != nil {
				return err
			}
			var raw json.RawMessage
			err := dec.Decode(&raw)
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return fault.Newf(fault.Unprocessable, "list-broken", "The thread breaks off or is no JSON after %d items.", n).Because(err)
			}
			var list []json.RawMessage
			var thread hnItem
			switch {
			case json.Unmarshal(raw, &list) == nil:
			case json.Unmarshal(raw, &thread) == nil && (thread.Type == "story" || thread.Children != nil && thread.Title != ""):
				list = thread.Children
			default:
				list = []json.RawMessage{raw}
			}
			for _, c := range list {
				if err := give(c); err != nil {
					return err
				}
			}
		}
	}}
}

var (
	hnWork = regexp.MustCompile(`(?i)\b(engineers?|developers?|scientists?|designers?|managers?|analysts?|architects?|administrators?|sre|devops|programmers?|researchers?|leads?|cto|consultants?|interns?|full[- ]?stack|back[- ]?end|front[- ]?end|director|head of|writers?|roles|positions|recruiters?|specialists?|technicians?)\b`)
	hnNo   = regexp.MustCompile(`(?i)^\s*(full[- ]?time|part[- ]?time|contract(or)?|intern(s|ship)?|visa.*|https?:.*|www\..*|on-?site.*|remote.*|hybrid.*|.*[$€£].*|.*\bequity\b.*|[\w.-]+\.(com|io|ai|co|org|net|dev).*)\s*$`)
)

// hnPosting reads a comment. Deleted ones, stories and answers are skipped.
func hnPosting(n int, raw json.RawMessage) (item Item, skip bool) {
	var c hnItem
	if err := json.Unmarshal(raw, &c); err != nil {
		return refuse(n, "This is not an item of Hacker News: "+wrongType(err)), false
	}
	if c.Deleted || c.Dead || c.Text == "" || c.Type != "" && c.Type != "comment" || c.Story != 0 && c.ParentID != 0 && c.Story != c.ParentID {
		return Item{}, true
	}
	first, _, _ := strings.Cut(c.Text, "<p>")
	header := strings.Split(oneLine(first), "|")
	item = Item{Line: n, Record: Record{
		Source: SourceHackerNews, ExternalID: strconv.FormatInt(c.ID, 10), URL: fmt.Sprintf("https://news.ycombinator.com/item?id=%d", c.ID), Description: Clean("<p>" + c.Text),
	}}
	if at := max(c.Created, c.Time); at > 0 {
		item.Record.PostedOn = time.Unix(at, 0).UTC().Format(time.DateOnly)
	}
	if len(header) < 3 || len(first) > 600 {
		item.Refusal = &Refusal{Detail: `The first line is not "Company | Role | Place".`}
		return item, false
	}
	rec := &item.Record
	rec.Company = strings.TrimSpace(hnBrackets.ReplaceAllString(header[0], ""))
	var rest []string
	for _, s := range header[1:] {
		if s = strings.TrimSpace(s); rec.Title == "" && hnWork.MatchString(s) && !hnNo.MatchString(s) {
			rec.Title = s
		} else if s != "" && !hnNo.MatchString(s) {
			rest = append(rest, s)
		}
	}
	for _, s := range rest {
		if !hnWork.MatchString(s) {
			rec.Location = s
			break
		}
	}
	rec.Remote = hnRemote(strings.Join(header[1:], " | "))
	if rec.Title == "" {
		rec.Title = "Several roles"
	}
	if p := ReadPay("Salary: " + strings.Join(header[1:], "; ")); p != (Pay{}) {
		rec.Pay = p
	}
	return item, false
}

var hnBrackets = regexp.MustCompile(`\s*\((https?:|www\.|[^)]*\.(com|io|ai|co|org))[^)]*\)`)

// hnRemote reads the header's words: remote is offered also where one may come to an office.
func hnRemote(s string) string {
	switch {
	case notRemote.MatchString(s):
		return "no"
	case remoteWord.MatchString(s) && !hybridWord.MatchString(s):
		return "yes"
	case hybridWord.MatchString(s):
		return "hybrid"
	case onsiteWord.MatchString(s):
		return "no"
	}
	return ""
}
