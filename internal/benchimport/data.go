package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"

	"github.com/gapwise/gapwise/catalog"
)

// seed makes every run the same.
const seed = 20_261_127

// How postings are drawn: descriptions are about as long as adverts are, every fiftieth says the same as the one before it, every thousandth
// line is none.
const (
	descriptionSize = 1_500 // bytes of text
	repeatEvery     = 50
	brokenEvery     = 1_000
	companies       = 20_000
)

var (
	cities = strings.Split(`London;Berlin;New York;Bengaluru;Toronto;Paris;Amsterdam;Singapore;Warsaw;Madrid;Dublin;Munich;São Paulo;Stockholm;Lisbon`, ";")
	levels = []string{"Junior ", "", "", "", "Senior ", "Senior ", "Staff ", "Lead "}
	where  = []string{"This is a hybrid role, two days a week in our office.", "We work fully remote.", "The role is office-based.", ""}
	first  = strings.Fields(`Alder Birch Cobalt Dune Elm Flint Garnet Hazel Iron Juniper Kestrel Larch Maple North Onyx Pine Quartz Rowan Slate Tern Umber Vale Willow Yarrow Zephyr`)
	second = strings.Fields(`Systems Labs Works Cloud Data Health Freight Retail Energy Insight Robotics Payments Media Analytics Networks Software Mobility Foods Security Learning`)
)

type line struct {
	Source      string `json:"source"`
	ExternalID  string `json:"external_id"`
	Title       string `json:"title"`
	Company     string `json:"company"`
	Location    string `json:"location"`
	PostedOn    string `json:"posted_on"`
	URL         string `json:"url"`
	Description string `json:"description"`
}

// writePostings writes n lines to a file. Descriptions are HTML, as boards give them.
func writePostings(path string, n int) (err error) {
	c, err := catalog.Load()
	if err != nil {
		return err
	}
	f, err := os.Create(path) //nolint:gosec // G304: a file of the bench's own directory
	if err != nil {
		return err
	}
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	w := bufio.NewWriterSize(f, 1<<20)
	enc := json.NewEncoder(w)
	var last line
	for i := range n {
		rng := rand.New(rand.NewPCG(seed, uint64(i))) //nolint:gosec // G404, G115: the same in every run
		switch {
		case i%brokenEvery == brokenEvery-1:
			if _, err := w.WriteString("{\"source\":\"bench\",\"title\":\n"); err != nil {
				return err
			}
			continue
		case i%repeatEvery == repeatEvery-1:
			last.ExternalID, last.URL = fmt.Sprintf("%08d", i), fmt.Sprintf("https://jobs.example/%08d", i)
			last.Company += " GmbH"
		default:
			last = draw(c, rng, i)
		}
		if err := enc.Encode(last); err != nil {
			return err
		}
	}
	return w.Flush()
}

// draw makes the n-th posting.
func draw(c *catalog.Catalog, rng *rand.Rand, n int) line {
	roles := c.Roles()
	role, company := roles[rng.IntN(len(roles))], rng.IntN(companies)
	l := line{
		Source: "bench", ExternalID: fmt.Sprintf("%08d", n), URL: fmt.Sprintf("https://jobs.example/%08d", n),
		Title:    levels[rng.IntN(len(levels))] + role.Name,
		Company:  fmt.Sprintf("%s%s %d", first[company%len(first)], second[company/len(first)%len(second)], company),
		Location: cities[rng.IntN(len(cities))], PostedOn: fmt.Sprintf("2026-%02d-%02d", 1+rng.IntN(10), 1+rng.IntN(28)),
	}
	var b strings.Builder
	size := 0
	add := func(tag, s string) {
		fmt.Fprintf(&b, "<%s>%s</%s>", tag, s, tag)
		size += len(s) + 1
	}
	add("p", l.Company+" in "+l.Location+" is looking for a colleague. "+where[rng.IntN(len(where))])
	var sentences []string
	for _, p := range role.Phases {
		for _, m := range p.Milestones {
			sentences = append(sentences, m.Name+".")
		}
	}
	sentences = append(append(sentences, role.Summary, role.WhyNow), role.TypicalDay...)
	for size < descriptionSize-600 {
		add("p", sentences[rng.IntN(len(sentences))])
	}
	add("h3", "You bring")
	b.WriteString("<ul>")
	for i, k := range rng.Perm(len(role.Skills)) {
		if i == 9 {
			break
		}
		s, err := c.Skill(role.Skills[k].Skill)
		if err != nil {
			continue
		}
		add("li", fmt.Sprintf("%d years of experience with %s", 1+rng.IntN(8), s.Name))
	}
	b.WriteString("</ul>")
	add("p", fmt.Sprintf("The salary is €%d,000 - €%d,000 a year.", 40+rng.IntN(30), 70+rng.IntN(40)))
	l.Description = b.String()
	return l
}
