package gapanalysis_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
)

// likely are the headings that a text is filed under, the surest first.
func likely(tb testing.TB, text string, titles ...string) []string {
	tb.Helper()
	p := skill.NewFinder(load(tb)).Extract(&resume.Document{Text: text}, today)
	p.Titles = titles
	scores := gapanalysis.Occupations(&p)
	if len(scores) != len(gapanalysis.OccupationIDs()) {
		tb.Errorf("%d headings", len(scores))
	}
	var out []string
	for i, s := range scores {
		if s.Score < 0 || s.Score > 1 || i > 0 && s.Score > scores[i-1].Score || s.Name == "" {
			tb.Errorf("place %d: %+v", i+1, s)
		}
		if s.Likely {
			out = append(out, s.ID)
		}
	}
	return out
}

func TestOccupations(t *testing.T) {
	tests := []struct {
		name, text string
		titles     []string
		want       []string // the headings that are likely, in any order
	}{
		{"nothing", "", nil, nil},
		{"another trade", "Pastry chef. Twelve years of bread and cakes in three hotels, in charge of a team of nine.", nil, nil},
		{"a title of a position alone", "", []string{"Network Administrator"}, []string{"network-administrator"}},
		{"two trades in one title", "", []string{"Network/Systems Administrator"}, []string{"network-administrator", "systems-administrator"}},
		{"abbreviated", "", []string{"Sr. Oracle DBA"}, []string{"database-administrator"}},
		{"titles run into the text", "Web Developer Web Developer Web Developer - Firm Boise, ID Work Experience Web Developer Firm - Boise, ID 2015 to Present Pages.", nil, []string{"web-developer"}},
		{"other people's titles", "Bread and cakes. Worked with the project manager, the network administrator and a Java Developer. Reported to the Project Manager.", nil, nil},
		{"skills without a title", "Installed Oracle 12c RAC with ASM and Data Guard. RMAN backups, AWR, tablespaces, GoldenGate, SQL tuning. Upgraded databases and applied patches.", nil, []string{"database-administrator"}},
		{"duties without a title", "Kept scope, schedule, budget and risks of projects. Status reports to stakeholders and the steering committee. Vendors, MS Project, PMP, deliverables, milestones.", nil, []string{"project-manager"}},
		{"network without a title", "Cisco routers and switches, BGP, OSPF, EIGRP, VLANs, ASA firewalls, VPN, CCNP.", nil, []string{"network-administrator"}},
		{"security without a title", "SIEM alerts in Splunk, Nessus vulnerability scans, incident response, phishing, NIST 800-53, FISMA, POA&M.", nil, []string{"security-analyst"}},
		{"a Java developer is a software developer", "Spring, Hibernate, JSP, Servlets, EJB, JDBC, JUnit, Maven, WebLogic, Struts, core Java, multithreading.", nil, []string{"java-developer", "software-developer"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := likely(t, tt.text, tt.titles...)
			slices.Sort(got)
			if !slices.Equal(got, tt.want) {
				t.Errorf("filed under %v, want %v", got, tt.want)
			}
		})
	}
}

func TestTitleOccupations(t *testing.T) {
	tests := []struct {
		title string
		want  string // the heading that it says most surely; "" for none
		is    bool
	}{
		{"Java/J2EE Developer", "java-developer", true},
		{"Senior .NET Developer", "software-developer", true},
		{"Programmer Analyst II", "software-developer", true},
		{"Front End Web Developer", "front-end-developer", true},
		{"PHP Developer", "web-developer", true},
		{"Python Programmer", "python-developer", true},
		{"Linux Systems Engineer", "systems-administrator", true},
		{"IT Project Manager", "project-manager", true},
		{"Information Assurance Analyst", "security-analyst", true},
		{"Cyber Security Analyst", "security-analyst", true},
		{"SQL Server DBA", "database-administrator", true},
		{"Office Manager", "", true},
		{"Project Management", "", false},
		{"Java", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.title, func(t *testing.T) {
			says, is := gapanalysis.TitleOccupations(tt.title)
			best := ""
			for _, o := range gapanalysis.OccupationIDs() {
				if says[o] > says[best] {
					best = o
				}
			}
			if best != tt.want || is != tt.is {
				t.Errorf("says %v, a title %v; want %q, %v", says, is, tt.want, tt.is)
			}
		})
	}
}

// TestRankWithoutPositions has the titles in the text alone, as scraped resumes have them.
func TestRankWithoutPositions(t *testing.T) {
	for title, want := range map[string]string{
		"Java Developer": "java-developer", "Sr. Python Developer": "python-developer", "Systems Administrator": "systems-administrator", "Security Analyst": "security-analyst",
		"Project Manager": "it-project-manager", "Web Developer": "web-developer", "Data Scientist": "data-scientist", "Software Engineer": "software-developer",
	} {
		t.Run(title, func(t *testing.T) {
			text := strings.Repeat(title+" ", 3) + "- Firm Boise, ID Work Experience " + title + " Firm - Boise, ID August 2015 to Present"
			if got := rank(t, &skill.Profile{Text: text}); got[0].ID != want {
				t.Errorf("first is %s with %v, want %s", got[0].ID, got[0].Score, want)
			}
		})
	}
}

func BenchmarkOccupations(b *testing.B) {
	p := skill.NewFinder(load(b)).Extract(&resume.Document{Text: strings.Repeat("Java Developer Firm - Boise, ID Spring, Hibernate and Oracle in an agile team. ", 60)}, today)
	for b.Loop() {
		gapanalysis.Occupations(&p)
	}
}
