package posting

import (
	"context"
	"encoding/json"
	"io"
	"net/url"
	"strings"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/markup"
)

// maxPage bounds a page in bytes.
const maxPage = 4 << 20

// page is a source over a page of the web.
type page struct {
	address string
	body    io.Reader
}

// Page is a source over a page of HTML that carries one or more JobPosting of schema.org as JSON-LD. The page is the whole of its source: a
// posting that it no longer carries has vanished.
func Page(address string, body io.Reader) Source { return &page{address, body} }

// Whole implements Source.
func (p *page) Whole() string { return p.address }

// Each implements Source.
func (p *page) Each(ctx context.Context, take func(Item) error) error {
	linked, err := markup.LinkedData(io.LimitReader(p.body, maxPage))
	if err != nil {
		return fault.New(fault.Unprocessable, "url-not-read", "The page could not be read.").In("url").Because(err)
	}
	n, broken := 0, 0
	for _, doc := range linked {
		found, ok := jobPostings(doc)
		if !ok {
			broken++
			continue
		}
		for _, raw := range found {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			n++
			if err := take(p.item(n, raw)); err != nil {
				return err
			}
		}
	}
	if n == 0 {
		return fault.Newf(fault.Unprocessable, "no-posting", "The page carries no JobPosting of schema.org (%d pieces of linked data, %d of them broken).", len(linked), broken).In("url")
	}
	return nil
}

// jobPostings are the JobPosting of a JSON-LD document, wherever they stand in its lists and @graph. It is not ok where that is no JSON.
func jobPostings(doc string) (out []json.RawMessage, ok bool) {
	if !json.Valid([]byte(doc)) {
		return nil, false
	}
	var walk func(raw json.RawMessage, depth int)
	walk = func(raw json.RawMessage, depth int) {
		var list []json.RawMessage
		var node struct {
			Type  json.RawMessage   `json:"@type"`
			Graph []json.RawMessage `json:"@graph"`
			Items []json.RawMessage `json:"itemListElement"`
			Item  json.RawMessage   `json:"item"`
		}
		switch {
		case depth == 0:
			return
		case json.Unmarshal(raw, &list) == nil:
		case json.Unmarshal(raw, &node) != nil:
			return
		case isType(node.Type, "JobPosting"):
			out = append(out, raw)
			return
		default:
			list = append(node.Graph, node.Items...)
			if node.Item != nil {
				list = append(list, node.Item)
			}
		}
		for _, item := range list {
			walk(item, depth-1)
		}
	}
	const depth = 6
	walk(json.RawMessage(doc), depth)
	return out, true
}

// item reads one JobPosting (https://schema.org/JobPosting).
func (p *page) item(n int, raw json.RawMessage) Item {
	var j struct {
		Title       string          `json:"title"`
		Name        string          `json:"name"`
		Description string          `json:"description"`
		Posted      string          `json:"datePosted"`
		Through     string          `json:"validThrough"`
		Company     json.RawMessage `json:"hiringOrganization"`
		Places      json.RawMessage `json:"jobLocation"`
		PlaceType   json.RawMessage `json:"jobLocationType"`
		Salary      json.RawMessage `json:"baseSalary"`
		Identifier  json.RawMessage `json:"identifier"`
		URL         string          `json:"url"`
		Skills      json.RawMessage `json:"skills"`
		Experience  json.RawMessage `json:"experienceRequirements"`
		Language    string          `json:"inLanguage"`
	}
	err := json.Unmarshal(raw, &j)
	item := Item{Line: n, Record: Record{
		Source: p.address, Title: firstOf(j.Title, j.Name), Company: organisation(j.Company), Location: placeOf(j.Places),
		PostedOn: dateOf(j.Posted), ValidThrough: dateOf(j.Through), Description: j.Description, Pay: salaryOf(j.Salary),
		URL: resolve(p.address, j.URL), Language: languageCode(j.Language),
	}}
	rec := &item.Record
	if strings.Contains(strings.ToUpper(strings.Join(words(j.PlaceType), " ")), "TELECOMMUTE") {
		rec.Remote = "yes"
	}
	for _, more := range []json.RawMessage{j.Skills, j.Experience} {
		if list := words(more); len(list) > 0 {
			rec.Description += "\n" + strings.Join(list, ", ")
		}
	}
	if rec.ExternalID = identifierOf(j.Identifier); rec.ExternalID == "" {
		rec.ExternalID = firstOf(rec.URL, rec.Title)
	}
	if err != nil {
		item.Refusal = &Refusal{Detail: "This is not a JobPosting: " + wrongType(err)}
	}
	return item
}

func organisation(raw json.RawMessage) string {
	var o struct {
		Name string `json:"name"`
	}
	if json.Unmarshal(raw, &o) == nil && o.Name != "" {
		return o.Name
	}
	return strings.Join(words(raw), ", ")
}

func identifierOf(raw json.RawMessage) string {
	var o struct {
		Value json.RawMessage `json:"value"`
	}
	if json.Unmarshal(raw, &o) == nil && len(o.Value) > 0 {
		raw = o.Value
	}
	var text string
	var n json.Number
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	if json.Unmarshal(raw, &n) == nil {
		return n.String()
	}
	return ""
}

// placeOf is the first place of one or more: its town, region and country.
func placeOf(raw json.RawMessage) string {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil && len(list) > 0 {
		raw = list[0]
	}
	var place struct {
		Address json.RawMessage `json:"address"`
	}
	if json.Unmarshal(raw, &place) != nil {
		return strings.Join(words(raw), ", ")
	}
	var a struct {
		Locality string          `json:"addressLocality"`
		Region   string          `json:"addressRegion"`
		Country  json.RawMessage `json:"addressCountry"`
	}
	if json.Unmarshal(place.Address, &a) != nil {
		return strings.Join(words(place.Address), ", ")
	}
	var parts []string
	for _, s := range []string{a.Locality, a.Region, organisation(a.Country)} {
		if s = strings.TrimSpace(s); s != "" && (len(parts) == 0 || parts[len(parts)-1] != s) {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ", ")
}

// salaryOf is the pay of a MonetaryAmount.
func salaryOf(raw json.RawMessage) Pay {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil && len(list) > 0 {
		raw = list[0]
	}
	var s struct {
		Currency string          `json:"currency"`
		Value    json.RawMessage `json:"value"`
		Min      number          `json:"minValue"`
		Max      number          `json:"maxValue"`
		Unit     string          `json:"unitText"`
	}
	if json.Unmarshal(raw, &s) != nil {
		return Pay{}
	}
	var v struct {
		Value number `json:"value"`
		Min   number `json:"minValue"`
		Max   number `json:"maxValue"`
		Unit  string `json:"unitText"`
	}
	if json.Unmarshal(s.Value, &v) != nil {
		_ = json.Unmarshal(s.Value, &v.Value) // number takes anything
	}
	least := float64(v.Min)
	if least == 0 {
		least = max(float64(v.Value), float64(s.Min))
	}
	return payFrom(s.Currency, least, max(float64(v.Max), float64(s.Max)), firstOf(v.Unit, s.Unit))
}

// resolve is the address of a link on a page; "" where it is none.
func resolve(base, link string) string {
	b, err := url.Parse(base)
	if err != nil {
		return ""
	}
	u, err := b.Parse(link)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return u.String()
}
