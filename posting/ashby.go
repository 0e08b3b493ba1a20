package posting

import (
	"encoding/json"
	"io"
)

// Ashby is a source over a board's answer to GET api.ashbyhq.com/posting-api/job-board/{board}?includeCompensation=true. Postings that are not
// listed are left out.
func Ashby(board string, body io.Reader) Source {
	return &list{name: "ashby:" + board, body: body, key: "jobs", item: func(raw json.RawMessage) (Record, bool, error) {
		var j struct {
			ID           string `json:"id"`
			Title        string `json:"title"`
			Location     string `json:"location"`
			Published    string `json:"publishedAt"`
			Listed       *bool  `json:"isListed"`
			Remote       *bool  `json:"isRemote"`
			Workplace    string `json:"workplaceType"`
			HTML         string `json:"descriptionHtml"`
			Plain        string `json:"descriptionPlain"`
			URL          string `json:"jobUrl"`
			Compensation struct {
				Tier       string `json:"compensationTierSummary"`
				Salary     string `json:"scrapeableCompensationSalarySummary"`
				Components []struct {
					Kind     string `json:"compensationType"`
					Interval string `json:"interval"`
					Currency string `json:"currencyCode"`
					Min      number `json:"minValue"`
					Max      number `json:"maxValue"`
				} `json:"summaryComponents"`
			} `json:"compensation"`
		}
		err := json.Unmarshal(raw, &j)
		rec := Record{
			ExternalID: firstOf(j.ID, j.URL), Title: j.Title, Company: boardCompany(board), Location: j.Location, URL: j.URL,
			Description: firstOf(j.HTML, j.Plain), PostedOn: dateOf(j.Published), Remote: workplace(j.Workplace),
			Salary: firstOf(j.Compensation.Salary, j.Compensation.Tier),
		}
		if rec.Remote == "" && j.Remote != nil && *j.Remote {
			rec.Remote = "yes"
		}
		for _, c := range j.Compensation.Components {
			if c.Kind == "Salary" {
				rec.Pay = payFrom(c.Currency, float64(c.Min), float64(c.Max), c.Interval)
				break
			}
		}
		return rec, j.Listed != nil && !*j.Listed, err
	}}
}
