package posting

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/gapwise/gapwise/internal/fault"
)

// columnNames are the names by which a column of a CSV file may go, beside the name of the field.
var columnNames = map[string]string{
	"id": "external_id", "job_id": "external_id", "reference": "external_id", "job_title": "title", "position": "title", "name": "title",
	"employer": "company", "company_name": "company", "organisation": "company", "organization": "company", "place": "location", "city": "location",
	"job_description": "description", "text": "description", "body": "description", "date": "posted_on", "date_posted": "posted_on",
	"posted_at": "posted_on", "published": "posted_on", "link": "url", "job_url": "url", "apply_url": "url", "pay": "salary", "compensation": "salary",
	"level": "seniority", "valid_until": "valid_through", "expires": "valid_through", "deadline": "valid_through", "lang": "language",
}

// CSV is a source over comma-, semicolon- or tab-separated values (RFC 4180) whose first line names the columns. name is the source of lines that
// name none. A quote that is opened and never closed costs its own line alone.
func CSV(name string, r io.Reader) Source {
	return stream{func(ctx context.Context, take func(Item) error) error {
		c := &csvReader{lines: bufio.NewReaderSize(r, MaxLine), name: name}
		if err := c.header(); err != nil {
			return err
		}
		for {
			if err := ctx.Err(); err != nil {
				return err
			}
			item, err := c.next()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			if item == nil {
				continue
			}
			if err := take(*item); err != nil {
				return err
			}
		}
	}}
}

type csvLine struct {
	text    string
	n       int
	tooLong bool
}

type csvReader struct {
	lines   *bufio.Reader
	name    string
	comma   rune
	columns []string
	read    int
	ended   bool
	back    []csvLine // lines that were read ahead
}

func (c *csvReader) line() (csvLine, error) {
	if len(c.back) > 0 {
		l := c.back[0]
		c.back = c.back[1:]
		return l, nil
	}
	if c.ended {
		return csvLine{}, io.EOF
	}
	raw, tooLong, err := nextLine(c.lines)
	if err != nil && !errors.Is(err, io.EOF) {
		return csvLine{}, fmt.Errorf("read postings: %w", err)
	}
	c.ended = err != nil
	if c.ended && len(raw) == 0 {
		return csvLine{}, io.EOF
	}
	c.read++
	return csvLine{string(raw), c.read, tooLong}, nil
}

func (c *csvReader) header() error {
	missing := fault.New(fault.Unprocessable, "csv-header", "The first line of a CSV file names its columns: title, company and description at least.")
	l, err := c.line()
	if err != nil {
		if errors.Is(err, io.EOF) {
			return missing
		}
		return err
	}
	text := strings.TrimPrefix(l.text, "\uFEFF")
	c.comma = ','
	for _, other := range ";\t" {
		if strings.Count(text, string(other)) > strings.Count(text, string(c.comma)) {
			c.comma = other
		}
	}
	fields, err := c.fields(text)
	if err != nil {
		return missing.Because(err)
	}
	has := map[string]bool{}
	for _, f := range fields {
		f = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(f)), " ", "_")
		if known := columnNames[f]; known != "" {
			f = known
		}
		c.columns = append(c.columns, f)
		has[f] = true
	}
	if !has["title"] || !has["company"] || !has["description"] {
		return missing
	}
	return nil
}

func (c *csvReader) fields(text string) ([]string, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord = c.comma, -1
	return r.Read()
}

// next reads a record, which goes over as many lines as its quotes do. It is nil where the line is empty.
func (c *csvReader) next() (*Item, error) {
	l, err := c.line()
	if err != nil {
		return nil, err
	}
	if l.tooLong {
		item := refuse(l.n, fmt.Sprintf("This line is over %d KB.", MaxLine>>10))
		return &item, nil
	}
	if strings.TrimSpace(l.text) == "" {
		return nil, nil //nolint:nilnil // an empty line is nothing
	}
	text := l.text
	var ahead []csvLine
	for strings.Count(text, `"`)%2 == 1 {
		more, err := c.line()
		ended := errors.Is(err, io.EOF)
		if err != nil && !ended {
			return nil, err
		}
		if !ended {
			ahead = append(ahead, more)
		}
		if ended || more.tooLong || len(text)+len(more.text) > MaxLine {
			c.back = append(ahead, c.back...)
			item := refuse(l.n, "A quote is opened here and not closed.")
			return &item, nil
		}
		text += more.text
	}
	fields, wrong := c.fields(text)
	item := refuse(l.n, fmt.Sprintf("This line is no CSV: %v", wrong))
	if wrong == nil {
		item = c.item(l.n, fields)
	} else { // the quotes of a line after it may belong to that one
		c.back = append(ahead, c.back...)
	}
	return &item, nil
}

func (c *csvReader) item(n int, fields []string) Item {
	if len(fields) > len(c.columns) {
		return refuse(n, fmt.Sprintf("There are %d fields on this line and %d columns.", len(fields), len(c.columns)))
	}
	rec := Record{}
	for i, v := range fields {
		v = strings.TrimSpace(v)
		switch c.columns[i] {
		case "source":
			rec.Source = v
		case "external_id":
			rec.ExternalID = v
		case "title":
			rec.Title = v
		case "company":
			rec.Company = v
		case "location":
			rec.Location = v
		case "remote":
			rec.Remote = remoteField(v)
		case "seniority":
			rec.Seniority = strings.ToLower(v)
		case "posted_on":
			rec.PostedOn = dateField(v)
		case "valid_through":
			rec.ValidThrough = dateField(v)
		case "url":
			rec.URL = v
		case "salary":
			rec.Salary = v
		case "language":
			rec.Language = languageCode(v)
		case "description":
			rec.Description = v
		}
	}
	rec.Source = firstOf(rec.Source, c.name)
	if rec.ExternalID == "" {
		rec.ExternalID = firstOf(rec.URL, strconv.FormatUint(uint64(key(rec.Title, rec.Company, rec.Location)), 16)) //nolint:gosec // G115: the same bits
	}
	return Item{Line: n, Record: rec}
}

// remoteField is a word of people for yes, no or hybrid; another one stays as it is and is refused by name.
func remoteField(s string) string {
	switch v := strings.ToLower(s); v {
	case "true", "1", "remote", "fully remote", "y":
		return "yes"
	case "false", "0", "onsite", "on-site", "n":
		return "no"
	default:
		return v
	}
}

// dateField is a date; what cannot be read as one stays as it is and is refused by name.
func dateField(s string) string {
	if d := dateOf(s); d != "" {
		return d
	}
	return s
}
