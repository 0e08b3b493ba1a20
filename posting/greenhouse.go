package posting

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/gapwise/gapwise/internal/fault"
)

// list is a source over a document that is the full list of a board: greenhouse, lever and ashby publish one.
type list struct {
	name string // of the source
	body io.Reader
	key  string // of the member that has the list; "" where the document is it
	item func(raw json.RawMessage) (rec Record, skip bool, err error)
	cut  bool // the list says itself that it is not whole
}

// Whole implements Source.
func (l *list) Whole() string {
	if l.cut {
		return ""
	}
	return l.name
}

// Each implements Source. An item that is not as published is refused by itself; a document that breaks off gives what stands before.
func (l *list) Each(ctx context.Context, take func(Item) error) error {
	dec := json.NewDecoder(l.body)
	if err := l.find(dec); err != nil {
		return err
	}
	n := 0
	for dec.More() {
		if err := ctx.Err(); err != nil {
			return err
		}
		n++
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return brokenOff(l.name, n, err)
		}
		rec, skip, err := l.item(raw)
		if skip {
			continue
		}
		rec.Source = l.name
		item := Item{Line: n, Record: rec}
		if err != nil {
			item.Refusal = &Refusal{Detail: "This is not a posting of this board: " + wrongType(err)}
		}
		if err := take(item); err != nil {
			return err
		}
	}
	if _, err := dec.Token(); err != nil {
		return brokenOff(l.name, n+1, err)
	}
	return l.rest(dec, n)
}

// wrongType says which field of an item is not as published.
func wrongType(err error) string {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		if wrong.Field == "" {
			return "it is a JSON " + wrong.Value + " and no object."
		}
		return wrong.Field + " is a JSON " + wrong.Value + "."
	}
	return err.Error()
}

func brokenOff(name string, n int, err error) error {
	return fault.Newf(fault.Unprocessable, "list-broken", "What %s gave breaks off or is no JSON at item %d. What stands before it is in.", name, n).Because(err)
}

// find goes to the beginning of the list.
func (l *list) find(dec *json.Decoder) error {
	broken := fault.Newf(fault.Unprocessable, "list-broken", "What %s gave is not in the board's published format.", l.name)
	t, err := dec.Token()
	if err != nil {
		return broken.Because(err)
	}
	if l.key == "" {
		if t != json.Delim('[') {
			return broken
		}
		return nil
	}
	if t != json.Delim('{') {
		return broken
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return broken.Because(err)
		}
		if name == l.key {
			if t, err = dec.Token(); err != nil || t != json.Delim('[') {
				return broken.Because(err)
			}
			return nil
		}
		var other json.RawMessage
		if err := dec.Decode(&other); err != nil {
			return broken.Because(err)
		}
	}
	return broken
}

// rest reads what follows the list: meta.total of Greenhouse tells whether it is whole.
func (l *list) rest(dec *json.Decoder, n int) error {
	if l.key == "" {
		return nil
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return brokenOff(l.name, n+1, err)
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return brokenOff(l.name, n+1, err)
		}
		var meta struct {
			Total *int `json:"total"`
		}
		if name == "meta" && json.Unmarshal(value, &meta) == nil && meta.Total != nil {
			l.cut = l.cut || *meta.Total != n
		}
	}
	if _, err := dec.Token(); err != nil {
		return brokenOff(l.name, n+1, err)
	}
	return nil
}

// Greenhouse is a source over a board's answer to GET boards-api.greenhouse.io/v1/boards/{board}/jobs?content=true.
func Greenhouse(board string, body io.Reader) Source {
	return &list{name: "greenhouse:" + board, body: body, key: "jobs", item: func(raw json.RawMessage) (Record, bool, error) {
		var j struct {
			ID        json.Number `json:"id"`
			Title     string      `json:"title"`
			Company   string      `json:"company_name"`
			Published string      `json:"first_published"`
			Updated   string      `json:"updated_at"`
			Location  struct {
				Name string `json:"name"`
			} `json:"location"`
			URL      string `json:"absolute_url"`
			Content  string `json:"content"`
			Language string `json:"language"`
			Deadline string `json:"application_deadline"`
			Pay      []struct {
				Min      float64 `json:"min_cents"`
				Max      float64 `json:"max_cents"`
				Currency string  `json:"currency_type"`
				Title    string  `json:"title"`
				Blurb    string  `json:"blurb"`
			} `json:"pay_input_ranges"`
		}
		err := json.Unmarshal(raw, &j)
		rec := Record{
			ExternalID: j.ID.String(), Title: j.Title, Company: firstOf(j.Company, boardCompany(board)), Location: j.Location.Name, URL: j.URL,
			Description: j.Content, PostedOn: dateOf(firstOf(j.Published, j.Updated)), ValidThrough: dateOf(j.Deadline), Language: languageCode(j.Language),
		}
		if len(j.Pay) > 0 {
			p := j.Pay[0]
			period := periodOf(p.Title + " " + p.Blurb)
			if period == "" && p.Min >= 10_000_00 {
				period = "year"
			}
			rec.Pay = payFrom(p.Currency, p.Min/100, p.Max/100, period)
		}
		return rec, false, err
	}}
}

// boardCompany is a company by its board's name, where the board does not say it better.
func boardCompany(board string) string {
	words := strings.FieldsFunc(board, func(r rune) bool { return r == '-' || r == '_' || r == '.' || r == ' ' })
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, " ")
}

func firstOf(list ...string) string {
	for _, s := range list {
		if strings.TrimSpace(s) != "" {
			return s
		}
	}
	return ""
}

// languageCode is the first part of a language tag, or "".
func languageCode(s string) string {
	s, _, _ = strings.Cut(strings.ToLower(strings.ReplaceAll(s, "_", "-")), "-")
	if len(s) != 2 || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz") != "" {
		return ""
	}
	return s
}

// number is a number that may be written as a text.
type number float64

// UnmarshalJSON implements json.Unmarshaler. What is no number is 0.
func (n *number) UnmarshalJSON(raw []byte) error {
	v, err := strconv.ParseFloat(strings.ReplaceAll(strings.Trim(string(raw), `" `), ",", ""), 64)
	if err != nil || v != v {
		v = 0
	}
	*n = number(v)
	return nil
}

// milliDate is the UTC date of a time in milliseconds since 1970.
func milliDate(ms int64) string {
	if ms <= 0 || ms > 1<<42 {
		return ""
	}
	return time.UnixMilli(ms).UTC().Format(time.DateOnly)
}
