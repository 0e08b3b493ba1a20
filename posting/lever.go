package posting

import (
	"encoding/json"
	"io"
	"strings"
)

// Lever is a source over a board's answer to GET api.lever.co/v0/postings/{board}?mode=json.
func Lever(board string, body io.Reader) Source {
	return &list{name: "lever:" + board, body: body, item: func(raw json.RawMessage) (Record, bool, error) {
		var j struct {
			ID         string `json:"id"`
			Text       string `json:"text"`
			Categories struct {
				Location string   `json:"location"`
				All      []string `json:"allLocations"`
			} `json:"categories"`
			Description string `json:"description"`
			Plain       string `json:"descriptionPlain"`
			Lists       []struct {
				Text    string `json:"text"`
				Content string `json:"content"`
			} `json:"lists"`
			Additional string `json:"additional"`
			URL        string `json:"hostedUrl"`
			Created    int64  `json:"createdAt"`
			Workplace  string `json:"workplaceType"`
			Salary     struct {
				Currency string `json:"currency"`
				Interval string `json:"interval"`
				Min      number `json:"min"`
				Max      number `json:"max"`
			} `json:"salaryRange"`
			SalaryText string `json:"salaryDescriptionPlain"`
		}
		err := json.Unmarshal(raw, &j)
		var b strings.Builder
		b.WriteString(firstOf(j.Description, paragraphs(j.Plain)))
		for _, l := range j.Lists {
			b.WriteString("<h3>" + l.Text + "</h3><ul>" + l.Content + "</ul>")
		}
		if j.Additional != "" {
			b.WriteString("<div>" + j.Additional + "</div>")
		}
		return Record{
			ExternalID: j.ID, Title: j.Text, Company: boardCompany(board), Location: firstOf(j.Categories.Location, strings.Join(j.Categories.All, "; ")),
			URL: j.URL, Description: b.String(), PostedOn: milliDate(j.Created), Remote: workplace(j.Workplace), Salary: j.SalaryText,
			Pay: payFrom(j.Salary.Currency, float64(j.Salary.Min), float64(j.Salary.Max), j.Salary.Interval),
		}, false, err
	}}
}

// paragraphs is plain text as HTML, so that it can stand beside other HTML.
func paragraphs(s string) string {
	if s == "" {
		return ""
	}
	s = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
	return "<p>" + strings.ReplaceAll(s, "\n", "<br>") + "</p>"
}

// workplace is a board's word for where one works.
func workplace(s string) string {
	switch strings.ToLower(strings.NewReplacer("-", "", "_", "", " ", "").Replace(s)) {
	case "remote":
		return "yes"
	case "hybrid":
		return "hybrid"
	case "onsite", "inperson":
		return "no"
	}
	return ""
}
