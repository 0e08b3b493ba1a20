package tutor

import "github.com/gapwise/gapwise/catalog"

// Names gives tests the skills that a question names.
func Names(c *catalog.Catalog, text string) []string { return newNames(c).in(text) }

// Intent gives tests what a question about a role is taken for.
func Intent(c *catalog.Catalog, r *catalog.Role, question string) string {
	phase, rest := phaseNamed(r, question)
	return string(intentOf(rest, newNames(c).in(rest), phase))
}

// Rank gives tests the ids of the passages that fit a question, best first.
func Rank(c *catalog.Catalog, r *catalog.Role, question, phase string) []string {
	var out []string
	for _, p := range newCorpus(c, &counter{}, r, nil).index.rank(question, phase, newNames(c).in(question)) {
		out = append(out, p.id)
	}
	return out
}
