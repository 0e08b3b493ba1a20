package posting_test

import (
	"strings"
	"testing"

	"github.com/gapwise/gapwise/posting"
)

const duties = "<p>You run <b>Kafka</b> in production.</p><ul><li>Five years of Go</li><li>PostgreSQL at scale, with replication and partitioning that you set up yourself, and an eye for what it costs</li></ul>"

func TestFromPage(t *testing.T) {
	t.Parallel()
	linked := func(doc string) string {
		return `<html><head><script type="application/ld+json">` + doc + `</script></head><body><nav>Jobs</nav><p>Apply now! We are the best place to work.</p></body></html>`
	}
	quoted := strings.ReplaceAll(duties, `"`, `\"`)
	escaped := strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(quoted)
	tests := []struct {
		name, page, title, company string
		has, not                   string
	}{
		{"the posting that the page carries", linked(`{"@context":"https://schema.org","@type":"JobPosting","title":"Platform engineer","description":"` + quoted + `","hiringOrganization":{"@type":"Organization","name":"Acme"}}`), "Platform engineer", "Acme", "- Five years of Go", "Apply now"},
		{"its HTML escaped once more", linked(`{"@type":"JobPosting","title":"Platform engineer","description":"` + escaped + `"}`), "Platform engineer", "", "- Five years of Go", "&lt;"},
		{"in a graph, beside others", linked(`{"@graph":[{"@type":"WebSite","name":"x"},{"@type":["Thing","JobPosting"],"title":"SRE","description":"` + quoted + `","skills":["Terraform","Ansible"]}]}`), "SRE", "", "Terraform, Ansible", "Apply now"},
		{"in a list", linked(`[{"@type":"BreadcrumbList"},{"@type":"http://schema.org/JobPosting","title":"SRE","description":"` + quoted + `","hiringOrganization":"Acme"}]`), "SRE", "Acme", "Kafka in production", "Apply now"},
		{"a teaser leaves the page", linked(`{"@type":"JobPosting","title":"SRE","description":"Great job."}`), "", "", "Apply now", "Great job"},
		{"data that is no JSON leaves the page", linked(`{"@type":`), "", "", "Apply now", "@type"},
		{"another kind of data leaves the page", linked(`{"@type":"Product","description":"` + quoted + `"}`), "", "", "Apply now", "Kafka"},
		{"no data at all", "<h1>SRE</h1>" + duties, "", "", "- Five years of Go", "<li>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a, err := posting.FromPage(tt.page)
			if err != nil || a.Title != tt.title || a.Company != tt.company || !strings.Contains(a.Text, tt.has) || strings.Contains(a.Text, tt.not) {
				t.Errorf("%q of %q, %v:\n%s", a.Title, a.Company, err, a.Text)
			}
		})
	}
}

func FuzzFromPage(f *testing.F) {
	f.Add(`<script type="application/ld+json">{"@graph":[[[[{"@type":"JobPosting"}]]]]}</script>`)
	f.Add(`<script type='application/ld+json'><script>`)
	f.Fuzz(func(t *testing.T, page string) {
		a, err := posting.FromPage(page)
		if again, errAgain := posting.FromPage(page); a != again || (err == nil) != (errAgain == nil) {
			t.Errorf("one page, two readings: %+v and %+v", a, again)
		}
		if len(a.Text) > 8*len(page)+64 { // bullets and line ends are all that is added
			t.Errorf("%d bytes of a page of %d", len(a.Text), len(page))
		}
	})
}
