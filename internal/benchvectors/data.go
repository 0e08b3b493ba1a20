package main

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/posting"
)

// seed makes every run the same.
const seed = 20_260_731

// How postings are drawn. A city's share falls with its place in the list, as does a company's; descriptions are about as long as those of the
// sample postings.
const (
	companies       = 5_000
	descriptionSize = 1_500 // bytes
	filterCity      = "Utrecht"
	filterShare     = 0.01
)

var (
	cities = strings.Split(`London, United Kingdom;Berlin, Germany;New York, United States;Bengaluru, India;Toronto, Canada;Paris, France;Amsterdam, Netherlands;Singapore, Singapore;Warsaw, Poland;Madrid, Spain;Dublin, Ireland;Munich, Germany;São Paulo, Brazil;Stockholm, Sweden;Lisbon, Portugal;Zurich, Switzerland;Austin, United States;Sydney, Australia;Prague, Czechia;Vienna, Austria;Leeds, United Kingdom;Gdańsk, Poland;Oslo, Norway;Cape Town, South Africa`, ";")
	levels = []string{"junior", "mid", "mid", "mid", "senior", "senior", "staff", "lead"}
	titled = map[string]string{"junior": "Junior ", "mid": "", "senior": "Senior ", "staff": "Staff ", "lead": "Lead "}
	remote = []string{"no", "hybrid", "hybrid", "yes", ""}
	first  = strings.Fields(`Alder Birch Cobalt Dune Elm Flint Garnet Hazel Iron Juniper Kestrel Larch Maple North Onyx Pine Quartz Rowan Slate Tern Umber Vale Willow Yarrow Zephyr`)
	second = strings.Fields(`Systems Labs Works Cloud Data Health Freight Retail Energy Insight Robotics Payments Media Analytics Networks Software Mobility Foods Security Learning`)
)

// world is what postings are drawn from.
type world struct {
	catalog   *catalog.Catalog
	space     *space
	roles     []*catalog.Role
	titles    [][]string        // of each role
	sentences [][]string        // of each role
	names     map[string]string // of skills, by id
	companies []float64
	cities    []float64
}

func newWorld() (*world, error) {
	c, err := catalog.Load()
	if err != nil {
		return nil, err
	}
	w := &world{catalog: c, space: newSpace(c.Roles()), roles: c.Roles(), names: map[string]string{}, companies: zipf(companies), cities: zipf(len(cities))}
	for _, k := range c.Skills() {
		w.names[k.ID] = k.Name
	}
	for _, r := range w.roles {
		w.titles = append(w.titles, append([]string{r.Name, r.Name, r.Name}, r.Aliases...))
		lines := append([]string{r.Summary, r.WhyNow}, r.TypicalDay...)
		for _, p := range r.Phases {
			for _, m := range p.Milestones {
				lines = append(lines, m.Name+".")
			}
		}
		for _, k := range r.Skills {
			lines = append(append(lines, k.Why), c.Rubric(k.Skill)...)
		}
		kept := lines[:0]
		for _, l := range lines {
			if l != "" {
				kept = append(kept, l)
			}
		}
		w.sentences = append(w.sentences, kept)
	}
	return w, nil
}

// row is a posting and its vector.
type row struct {
	posting.Posting
	hash   [32]byte
	vector embeddings.Vector
}

// id is the n-th of a kind. Like those of postings that come in one after the other, ids ascend.
func id(kind byte, n int) uuid.UUID {
	var u uuid.UUID
	u[0], u[1], u[2], u[6], u[8] = 0x01, 0x90, kind, 0x70, 0x80
	binary.BigEndian.PutUint32(u[12:], uint32(n)) //nolint:gosec // G115: n is under a billion
	return u
}

// The kinds of ids.
const (
	postingKind = iota + 1
	personKind
	resumeKind
)

// draw is a random stream of its own for each row, whichever worker makes it.
func draw(kind byte, n int) *rand.Rand {
	return rand.New(rand.NewPCG(seed+uint64(kind), uint64(n))) //nolint:gosec // G404, G115: the same in every run
}

// zipf are the shares of n things up to each: the k-th has one of about 1/k.
func zipf(n int) []float64 {
	out := make([]float64, n)
	sum := 0.0
	for k := range out {
		sum += 1 / float64(k+1)
		out[k] = sum
	}
	return out
}

func skewed(rng *rand.Rand, upTo []float64) int {
	k, _ := slices.BinarySearch(upTo, rng.Float64()*upTo[len(upTo)-1])
	return min(k, len(upTo)-1)
}

// skills of a role that one posting asks for; the first are in most.
func (w *world) skills(rng *rand.Rand, role int) []string {
	all := w.roles[role].Skills
	n := min(len(all), 6+rng.IntN(8))
	var out []string
	for _, i := range rng.Perm(len(all))[:n] {
		out = append(out, all[i].Skill)
	}
	return out
}

// posting makes the n-th posting.
func (w *world) posting(n int) row {
	rng := draw(postingKind, n)
	role, company := rng.IntN(len(w.roles)), skewed(rng, w.companies)
	skills := w.skills(rng, role)
	r := row{Posting: posting.Posting{
		ID: id(postingKind, n), Source: "bench", ExternalID: fmt.Sprintf("%08d", n),
		Company: first[company%len(first)] + second[company/len(first)%len(second)] + " " + second[company%len(second)],
		Remote:  remote[rng.IntN(len(remote))], Seniority: levels[rng.IntN(len(levels))],
		URL: fmt.Sprintf("https://jobs.example/%08d", n), Location: cities[skewed(rng, w.cities)],
		PostedOn: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rng.IntN(200)),
	}}
	if rng.Float64() < filterShare {
		r.Location = filterCity + ", Netherlands"
	}
	titles := w.titles[role]
	r.Title = titled[r.Seniority] + titles[rng.IntN(len(titles))]
	w.describe(rng, role, skills, &r)
	r.hash = sha256.Sum256([]byte(r.Description))
	r.vector = w.space.vector(rng, role, skills, company)
	return r
}

// describe writes the description and the requirements that stand in it.
func (w *world) describe(rng *rand.Rand, role int, skills []string, r *row) {
	var b strings.Builder
	b.Grow(descriptionSize + 400)
	fmt.Fprintf(&b, "%s in %s is looking for a colleague.\n", r.Company, r.Location)
	wanted := descriptionSize - 30*len(skills)
	for sentences := w.sentences[role]; b.Len() < wanted; {
		b.WriteString(sentences[rng.IntN(len(sentences))])
		b.WriteString("\n")
	}
	b.WriteString("You bring:\n")
	at := utf8.RuneCountInString(b.String())
	for i, id := range skills {
		level, years := 1+rng.IntN(5), 1+rng.IntN(9)
		line := fmt.Sprintf("- %d years with %s\n", years, w.names[id])
		start, end := at+len(fmt.Sprintf("- %d years with ", years)), at+utf8.RuneCountInString(line)-1
		r.Requirements = append(r.Requirements, posting.Requirement{Skill: id, Level: level, Must: i < 6, Start: start, End: end, Excerpt: strings.TrimSpace(line[2:])})
		b.WriteString(line)
		at = end + 1
	}
	r.Description = b.String()
}

// resume is the vector of the n-th resume: of somebody of a role, who works for none of the companies.
func (w *world) resume(n int) embeddings.Vector {
	rng := draw(resumeKind, n)
	role := rng.IntN(len(w.roles))
	return w.space.vector(rng, role, w.skills(rng, role), companies+n)
}
