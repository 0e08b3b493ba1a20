package resume

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// recordOrder is the order of sections where the file has none of its own.
func recordOrder() []string {
	return []string{
		"work", "volunteer", "education", "skills", "certificates", "projects", "publications", "awards", "languages", "interests", "references", "meta",
	}
}

// document writes the document of a resume of fields. engine names the format.
func (r *JSONResume) document(engine string) (*Document, error) {
	s := &sheet{doc: newDocument(OutcomeOK), size: maxEntries}
	s.doc.Engine, s.doc.Pages = engine, 1
	s.header(&r.Basics)
	if strings.TrimSpace(r.Basics.Summary) != "" {
		s.section(SectionSummary, "Summary")
		s.lines(r.Basics.Summary)
	}
	order := r.order
	if order == nil {
		order = recordOrder()
	}
	for _, key := range order {
		if key == "certifications" {
			key = "certificates"
		}
		s.part(r, key)
		if s.size < 0 || s.text.Len() > maxRunes*utf8.UTFMax {
			return failed(OutcomeTooLarge, nil)
		}
	}
	return s.finish()
}

func (s *sheet) finish() (*Document, error) {
	doc := s.doc
	if s.onlyHeadings() {
		return failed(OutcomeNoText, nil)
	}
	if s.at > maxRunes {
		return failed(OutcomeTooLarge, nil)
	}
	doc.Text = s.text.String()
	doc.Words = len(strings.Fields(doc.Text))
	doc.Language = languageOf(s.said, nil, headingVocabulary())
	for i := range doc.Sections {
		if doc.Sections[i].End = s.at; i+1 < len(doc.Sections) {
			doc.Sections[i].End = doc.Sections[i+1].Start
		}
	}
	return doc, nil
}

// onlyHeadings tells whether nothing but headings of ours was written: entries that have none of the fields that are known say nothing.
func (s *sheet) onlyHeadings() bool {
	left := s.text.String()
	for _, section := range s.doc.Sections {
		left = strings.Replace(left, section.Heading, "", 1)
	}
	return strings.TrimSpace(left) == ""
}

func (s *sheet) header(b *JSONBasics) {
	s.doc.Sections = append(s.doc.Sections, Section{Kind: SectionHeader})
	s.personal(PersonalName, b.Name)
	s.line(b.Label)
	s.personal(PersonalEmail, b.Email)
	s.personal(PersonalPhone, b.Phone)
	if l := b.Location; l != nil {
		s.personal(PersonalAddress, joinParts(", ", l.Address, joinParts(" ", l.PostalCode, l.City), l.Region, l.CountryCode))
	}
	s.personal(PersonalLink, b.URL)
	for _, p := range b.Profiles {
		if p.URL == "" {
			s.personal(PersonalLink, joinParts(": ", p.Network, p.Username))
			continue
		}
		s.personal(PersonalLink, p.URL)
	}
	if s.at == 0 {
		s.doc.Sections = s.doc.Sections[:0]
	}
}

// part writes the sections of one field of the file, if it has entries.
func (s *sheet) part(r *JSONResume, key string) {
	switch key {
	case "work":
		s.work(r.Work, "Experience")
	case "volunteer":
		s.work(r.Volunteer, "Volunteering")
	case "education":
		s.education(r.Education)
	case "skills":
		each(s, r.Skills, SectionSkills, "Skills", func(e *JSONSkill) {
			name := e.Name
			if e.Level != "" {
				name = strings.TrimSpace(name + " (" + e.Level + ")")
			}
			s.entry(joinParts(": ", name, strings.Join(e.Keywords, ", ")))
		})
	case "certificates":
		each(s, r.Certificates, SectionCertifications, "Certifications", s.certificate)
	case "projects":
		each(s, r.Projects, SectionProjects, "Projects", s.project)
	case "publications":
		each(s, r.Publications, SectionPublications, "Publications", func(e *JSONPublication) {
			s.entry(e.Name, e.Publisher, e.ReleaseDate)
			s.lines(e.Summary)
			s.address(e.URL)
		})
	case "awards":
		each(s, r.Awards, SectionAwards, "Awards", func(e *JSONAward) {
			s.entry(e.Title, e.Awarder, e.Date)
			s.lines(e.Summary)
		})
	case "languages":
		each(s, r.Languages, SectionOther, "Languages", func(e *JSONLanguage) { s.entry(joinParts(": ", e.Language, e.Fluency)) })
	case "interests":
		each(s, r.Interests, SectionInterests, "Interests", func(e *JSONInterest) {
			s.entry(joinParts(": ", e.Name, strings.Join(e.Keywords, ", ")))
		})
	case "references":
		each(s, r.References, SectionOther, "References", func(e *JSONReference) {
			s.entry(e.Name)
			s.lines(e.Reference)
		})
	case "meta":
		if r.Meta == nil {
			return
		}
		for _, e := range r.Meta.Sections {
			if len(e.Lines) == 0 {
				continue
			}
			s.section(SectionOther, e.Heading)
			for _, l := range e.Lines {
				s.entry(l)
			}
		}
	}
}

// each writes a section of entries, if there are any.
func each[E any](s *sheet, entries []E, kind SectionKind, heading string, write func(*E)) {
	if len(entries) == 0 {
		return
	}
	s.section(kind, heading)
	for i := range entries {
		if s.size < 0 {
			return
		}
		write(&entries[i])
	}
}

func (s *sheet) work(jobs []JSONWork, heading string) {
	first := true
	each(s, jobs, SectionExperience, heading, func(e *JSONWork) {
		s.gap, first = !first, false
		start := len(s.doc.Lines)
		p := Position{Title: e.Position, Org: e.Name}
		if p.Org == "" {
			p.Org = e.Organization
		}
		p.Start, p.End = period(e.StartDate, e.EndDate, e.Ongoing)
		s.entry(p.Title, p.Org)
		s.line(joinParts(", ", periodLine(e.StartDate, e.EndDate, p.End), e.Location))
		headed := len(s.doc.Lines) > start
		s.address(e.URL)
		s.lines(e.Description)
		s.lines(e.Summary)
		s.bullets(e.Highlights)
		p.Title, p.Org = tidy(p.Title), tidy(p.Org)
		if headed && p.Title+p.Org+p.Start+p.End != "" {
			p.Span = s.since(start)
			s.doc.Positions = append(s.doc.Positions, p)
		}
	})
}

// since is the span of the lines from an index on.
func (s *sheet) since(line int) [2]int {
	return [2]int{s.doc.Lines[line].Start, s.doc.Lines[len(s.doc.Lines)-1].End}
}

func (s *sheet) education(schools []JSONEducation) {
	first := true
	each(s, schools, SectionEducation, "Education", func(e *JSONEducation) {
		s.gap, first = !first, false
		start := len(s.doc.Lines)
		out := Education{Institution: tidy(e.Institution), Degree: tidy(degree(e.StudyType, e.Area))}
		out.Start, out.End = period(e.StartDate, e.EndDate, e.Ongoing)
		s.entry(degree(e.StudyType, e.Area), e.Institution)
		s.line(periodLine(e.StartDate, e.EndDate, out.End))
		known := len(s.doc.Lines) > start
		s.address(e.URL)
		s.line(e.Score)
		s.lines(e.Summary)
		s.bullets(e.Courses)
		if known {
			out.Span = s.since(start)
			s.doc.Education = append(s.doc.Education, out)
		}
	})
}

// degree puts a degree and its field together, as people write them.
func degree(kind, area string) string {
	if kind != "" && strings.Contains(fold(kind), fold(area)) {
		return kind
	}
	return joinParts(" ", kind, area)
}

func (s *sheet) certificate(e *JSONCertificate) {
	date := partialDate(e.Date)
	span := s.entry(e.Name, e.Issuer, e.Date)
	if span[0] == span[1] {
		return
	}
	start := len(s.doc.Lines) - 1
	s.address(e.URL)
	year := 0
	if len(date) >= 4 {
		year, _ = strconv.Atoi(date[:4]) // Present is none
	}
	s.doc.Certifications = append(s.doc.Certifications, Certification{Name: tidy(e.Name), Issuer: tidy(e.Issuer), Year: year, Span: s.since(start)})
}

func (s *sheet) project(e *JSONProject) {
	s.gap = s.doc.Sections[len(s.doc.Sections)-1].Start != s.doc.Lines[len(s.doc.Lines)-1].Start
	_, to := period(e.StartDate, e.EndDate, nil)
	s.entry(e.Name, e.Entity)
	s.line(joinParts(", ", strings.Join(e.Roles, ", "), periodLine(e.StartDate, e.EndDate, to)))
	s.address(e.URL)
	s.lines(e.Description)
	s.bullets(e.Highlights)
	if len(e.Keywords) > 0 {
		s.line(strings.Join(slices.Clone(e.Keywords), ", "))
	}
}
