package resume

import (
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
)

// jsonSchema is the address of the schema that exports are in.
const jsonSchema = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json"

// SkillEntry is a skill as an export names it. The package skill makes them of a profile.
type SkillEntry struct {
	Name     string
	Level    string   // in words
	Keywords []string // other words by which the resume names it
}

// JSONResume gives a document in the schema of JSON Resume, so that it can be taken elsewhere. Read again it has the same positions and
// schooling and the same kinds of sections. skills may be nil; then the lines of the document's own sections of skills stand for them.
func (d *Document) JSONResume(skills []SkillEntry) *JSONResume {
	x := &exporter{doc: d, text: []rune(d.Text)}
	r := &JSONResume{Schema: jsonSchema, Basics: x.basics(), Meta: &JSONMeta{Version: "v1.0.0"}}
	x.work(r)
	x.education(r)
	x.certificates(r)
	for _, s := range skills {
		r.Skills = append(r.Skills, JSONSkill(s))
	}
	if len(r.Skills) == 0 {
		for _, l := range x.body(SectionSkills) {
			r.Skills = append(r.Skills, skillOfLine(unbullet(l)))
		}
	}
	x.projects(r)
	for _, l := range x.body(SectionPublications) {
		r.Publications = append(r.Publications, JSONPublication{Name: unbullet(l)})
	}
	for _, l := range x.body(SectionAwards) {
		r.Awards = append(r.Awards, JSONAward{Title: unbullet(l)})
	}
	for _, l := range x.body(SectionInterests) {
		r.Interests = append(r.Interests, JSONInterest{Name: unbullet(l)})
	}
	x.others(r)
	return r
}

// exporter takes a document apart.
type exporter struct {
	doc  *Document
	text []rune
}

func (x *exporter) words(start, end int) string {
	start, end = max(0, min(start, len(x.text))), max(0, min(end, len(x.text)))
	return string(x.text[start:max(start, end)])
}

// linesIn are the texts of the lines that begin in a range.
func (x *exporter) linesIn(start, end int) []string {
	var out []string
	for _, l := range x.doc.Lines {
		if l.Start >= start && l.Start < end {
			out = append(out, x.words(l.Start, l.End))
		}
	}
	return out
}

// linesOf are the lines of a section without its heading.
func (x *exporter) linesOf(s *Section) []string {
	lines := x.linesIn(s.Start, s.End)
	heading := strings.Fields(s.Heading)
	for len(lines) > 0 && len(heading) > 0 {
		words := strings.Fields(lines[0])
		if len(words) > len(heading) { // the heading stands in the margin of its first line
			if slices.Equal(words[:len(heading)], heading) {
				lines[0] = strings.Join(words[len(heading):], " ")
			}
			break
		}
		if !slices.Equal(words, heading[:len(words)]) {
			break
		}
		heading, lines = heading[len(words):], lines[1:]
	}
	return lines
}

// body are the lines of all sections of a kind.
func (x *exporter) body(kind SectionKind) []string {
	var out []string
	for i := range x.doc.Sections {
		if x.doc.Sections[i].Kind == kind {
			out = append(out, x.linesOf(&x.doc.Sections[i])...)
		}
	}
	return out
}

func (x *exporter) basics() JSONBasics {
	b := JSONBasics{Summary: strings.Join(x.body(SectionSummary), "\n")}
	for _, p := range x.doc.Personal {
		switch {
		case p.Kind == PersonalName && b.Name == "":
			b.Name = p.Text
		case p.Kind == PersonalEmail && b.Email == "":
			b.Email = p.Text
		case p.Kind == PersonalPhone && b.Phone == "":
			b.Phone = p.Text
		case p.Kind == PersonalAddress && b.Location == nil:
			b.Location = &JSONLocation{Address: p.Text}
		case p.Kind == PersonalLink:
			x.site(&b, p)
		}
	}
	if b.Name == "" {
		if head := x.body(SectionHeader); len(head) > 0 {
			b.Name = head[0]
		}
	}
	return b
}

// networks are hosts of profiles, by what people call them.
var networks = map[string]string{
	"github.com": "GitHub", "gitlab.com": "GitLab", "linkedin.com": "LinkedIn", "stackoverflow.com": "Stack Overflow", "twitter.com": "Twitter", "x.com": "X",
	"bitbucket.org": "Bitbucket", "xing.com": "XING", "medium.com": "Medium", "kaggle.com": "Kaggle", "orcid.org": "ORCID", "behance.net": "Behance",
}

// site adds a page of the person: a profile where the network is known, else the person's own site.
func (x *exporter) site(b *JSONBasics, p Personal) {
	address := p.Text
	for _, l := range x.doc.Links {
		if l.Span == p.Span {
			address = l.URL
		}
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		u, err = url.Parse("https://" + address)
	}
	if err != nil || strings.ContainsAny(address, " \t") {
		b.Profiles = append(b.Profiles, JSONProfile{Username: address})
		return
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	name, known := networks[host]
	if !known && b.URL == "" {
		b.URL = address
		return
	}
	user := path.Base(strings.TrimRight(u.Path, "/"))
	if !known || user == "." || user == "/" {
		user = ""
	}
	b.Profiles = append(b.Profiles, JSONProfile{Network: name, Username: user, URL: address})
}

// headingLines bounds the lines of an entry that can be its heading: title, employer, place and dates.
const headingLines = 4

// bodyOf parts the text of an entry below its heading into plain lines and items. known are the words that the heading consists of.
func (x *exporter) bodyOf(span [2]int, known ...string) (plain, items []string) {
	lines := x.linesIn(span[0], span[1])
	first := 0
	for i := 0; i < len(lines) && i < headingLines && !bulleted(lines[i]); i++ {
		if i == 0 || slices.ContainsFunc(known, func(k string) bool { return k != "" && strings.Contains(lines[i], k) }) {
			first = i + 1
		}
	}
	for _, l := range lines[first:] {
		if bulleted(l) {
			items = append(items, unbullet(l))
		} else if len(items) > 0 {
			items[len(items)-1] += " " + l // an item that goes on
		} else {
			plain = append(plain, l)
		}
	}
	return plain, items
}

// dates are a period in the schema's terms: what still goes on has no end.
func dates(start, end string) (from, to string, ongoing *bool) {
	if to = end; end == Present {
		to = ""
	}
	if _, back := period(start, to, nil); back != end {
		is := end == Present
		ongoing = &is
	}
	return start, to, ongoing
}

// year is the year of a date, "" where there is none.
func year(date string) string {
	if len(date) < 4 || date == Present {
		return ""
	}
	return date[:4]
}

func (x *exporter) work(r *JSONResume) {
	for _, p := range x.doc.Positions {
		w := JSONWork{Name: p.Org, Position: p.Title}
		w.StartDate, w.EndDate, w.Ongoing = dates(p.Start, p.End)
		plain, items := x.bodyOf(p.Span, p.Title, p.Org, year(p.Start), year(p.End))
		w.Summary, w.Highlights = strings.Join(plain, "\n"), items
		r.Work = append(r.Work, w)
	}
	if len(r.Work) > 0 {
		return
	}
	if body := x.body(SectionExperience); len(body) > 0 { // a section in which no job was found
		r.Work = []JSONWork{{Summary: strings.Join(body, "\n")}}
	}
}

func (x *exporter) education(r *JSONResume) {
	for _, e := range x.doc.Education {
		s := JSONEducation{Institution: e.Institution, StudyType: e.Degree}
		s.StartDate, s.EndDate, s.Ongoing = dates(e.Start, e.End)
		plain, items := x.bodyOf(e.Span, e.Institution, e.Degree, year(e.Start), year(e.End))
		s.Summary, s.Courses = strings.Join(plain, "\n"), items
		r.Education = append(r.Education, s)
	}
	if len(r.Education) > 0 {
		return
	}
	if body := x.body(SectionEducation); len(body) > 0 {
		r.Education = []JSONEducation{{Summary: strings.Join(body, "\n")}}
	}
}

func (x *exporter) certificates(r *JSONResume) {
	for _, c := range x.doc.Certifications {
		out := JSONCertificate{Name: c.Name, Issuer: c.Issuer}
		if c.Year > 0 {
			out.Date = strconv.Itoa(c.Year)
		}
		r.Certificates = append(r.Certificates, out)
	}
	if len(r.Certificates) > 0 {
		return
	}
	for _, l := range x.body(SectionCertifications) {
		r.Certificates = append(r.Certificates, JSONCertificate{Name: unbullet(l)})
	}
}

// projects makes an entry of each line and the items below it.
func (x *exporter) projects(r *JSONResume) {
	for _, l := range x.body(SectionProjects) {
		n := len(r.Projects)
		if bulleted(l) && n > 0 && r.Projects[n-1].Name != "" {
			r.Projects[n-1].Highlights = append(r.Projects[n-1].Highlights, unbullet(l))
			continue
		}
		r.Projects = append(r.Projects, JSONProject{Name: unbullet(l)})
	}
}

// skillOfLine takes a line such as "Databases: PostgreSQL, Redis" apart.
func skillOfLine(l string) JSONSkill {
	name, list, ok := strings.Cut(l, ":")
	if !ok || strings.TrimSpace(list) == "" {
		return JSONSkill{Name: l}
	}
	s := JSONSkill{Name: strings.TrimSpace(name)}
	for k := range strings.SplitSeq(list, ",") {
		if k = strings.TrimSpace(k); k != "" {
			s.Keywords = append(s.Keywords, k)
		}
	}
	return s
}

func (x *exporter) others(r *JSONResume) {
	for i := range x.doc.Sections {
		s := &x.doc.Sections[i]
		if s.Kind != SectionOther {
			continue
		}
		var lines []string
		for _, l := range x.linesOf(s) {
			lines = append(lines, unbullet(l))
		}
		if len(lines) > 0 {
			r.Meta.Sections = append(r.Meta.Sections, JSONSection{Heading: s.Heading, Lines: lines})
		}
	}
}
