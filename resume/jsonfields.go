package resume

import "encoding/json"

// top takes one field of the file.
func (p *jsonParser) top(r *JSONResume, name string, raw json.RawMessage) {
	switch name {
	case "basics":
		r.Basics = p.basics(p.object(name, raw))
	case "work":
		p.entries(name, raw, func(o jsonObject) { r.Work = append(r.Work, p.work(o)) })
	case "volunteer":
		p.entries(name, raw, func(o jsonObject) { r.Volunteer = append(r.Volunteer, p.work(o)) })
	case "education":
		p.entries(name, raw, func(o jsonObject) { r.Education = append(r.Education, p.education(o)) })
	case "awards":
		p.entries(name, raw, func(o jsonObject) {
			r.Awards = append(r.Awards, JSONAward{
				Title: p.text(o, "title", false), Date: p.text(o, "date", true), Awarder: p.text(o, "awarder", false), Summary: p.text(o, "summary", false),
			})
		})
	case "certificates", "certifications":
		p.entries(name, raw, func(o jsonObject) {
			r.Certificates = append(r.Certificates, JSONCertificate{
				Name: p.text(o, "name", false), Date: p.text(o, "date", true), URL: p.text(o, "url", false), Issuer: p.text(o, "issuer", false),
			})
		})
	case "publications":
		p.entries(name, raw, func(o jsonObject) {
			r.Publications = append(r.Publications, JSONPublication{
				Name: p.text(o, "name", false), Publisher: p.text(o, "publisher", false), ReleaseDate: p.text(o, "releaseDate", true),
				URL: p.either(o, "url", "website"), Summary: p.text(o, "summary", false),
			})
		})
	case "projects":
		p.entries(name, raw, func(o jsonObject) { r.Projects = append(r.Projects, p.project(o)) })
	case "meta":
		r.Meta = p.meta(p.object(name, raw))
	default:
		p.small(r, name, raw)
	}
}

// small takes the fields whose entries are small.
func (p *jsonParser) small(r *JSONResume, name string, raw json.RawMessage) {
	switch name {
	case "skills":
		p.entries(name, raw, func(o jsonObject) {
			r.Skills = append(r.Skills, JSONSkill{Name: p.text(o, "name", false), Level: p.text(o, "level", false), Keywords: p.texts(o, "keywords")})
		})
	case "languages":
		p.entries(name, raw, func(o jsonObject) {
			r.Languages = append(r.Languages, JSONLanguage{Language: p.text(o, "language", false), Fluency: p.text(o, "fluency", false)})
		})
	case "interests":
		p.entries(name, raw, func(o jsonObject) {
			r.Interests = append(r.Interests, JSONInterest{Name: p.text(o, "name", false), Keywords: p.texts(o, "keywords")})
		})
	case "references":
		p.entries(name, raw, func(o jsonObject) {
			r.References = append(r.References, JSONReference{Name: p.text(o, "name", false), Reference: p.text(o, "reference", false)})
		})
	}
}

func (p *jsonParser) basics(o jsonObject) JSONBasics {
	b := JSONBasics{
		Name: p.text(o, "name", false), Label: p.text(o, "label", false), Email: p.text(o, "email", false), Phone: p.text(o, "phone", true),
		URL: p.either(o, "url", "website"), Summary: p.text(o, "summary", false),
	}
	if l := p.object(o.path+".location", o.fields["location"]); l.fields != nil {
		b.Location = &JSONLocation{
			Address: p.text(l, "address", false), PostalCode: p.text(l, "postalCode", true), City: p.text(l, "city", false),
			CountryCode: p.text(l, "countryCode", false), Region: p.text(l, "region", false),
		}
	}
	p.entries(o.path+".profiles", o.fields["profiles"], func(o jsonObject) {
		b.Profiles = append(b.Profiles, JSONProfile{Network: p.text(o, "network", false), Username: p.text(o, "username", false), URL: p.text(o, "url", false)})
	})
	return b
}

func (p *jsonParser) work(o jsonObject) JSONWork {
	return JSONWork{
		Name: p.either(o, "name", "company"), Organization: p.text(o, "organization", false), Position: p.text(o, "position", false),
		Location: p.text(o, "location", false), Description: p.text(o, "description", false), URL: p.either(o, "url", "website"),
		StartDate: p.text(o, "startDate", true), EndDate: p.text(o, "endDate", true), Ongoing: p.flag(o, "ongoing"),
		Summary: p.text(o, "summary", false), Highlights: p.texts(o, "highlights"),
	}
}

func (p *jsonParser) education(o jsonObject) JSONEducation {
	score := p.text(o, "score", true)
	if score == "" {
		score = p.text(o, "gpa", true)
	}
	return JSONEducation{
		Institution: p.text(o, "institution", false), URL: p.text(o, "url", false), Area: p.text(o, "area", false), StudyType: p.text(o, "studyType", false),
		StartDate: p.text(o, "startDate", true), EndDate: p.text(o, "endDate", true), Ongoing: p.flag(o, "ongoing"), Score: score,
		Courses: p.texts(o, "courses"), Summary: p.text(o, "summary", false),
	}
}

func (p *jsonParser) project(o jsonObject) JSONProject {
	return JSONProject{
		Name: p.text(o, "name", false), Description: p.either(o, "description", "summary"), Highlights: p.texts(o, "highlights"),
		Keywords: p.texts(o, "keywords"), StartDate: p.text(o, "startDate", true), EndDate: p.text(o, "endDate", true), URL: p.text(o, "url", false),
		Roles: p.texts(o, "roles"), Entity: p.text(o, "entity", false),
	}
}

func (p *jsonParser) meta(o jsonObject) *JSONMeta {
	m := &JSONMeta{}
	if firstByte(o.fields["sections"]) != '[' {
		return m // whose meaning is not ours
	}
	p.entries(o.path+".sections", o.fields["sections"], func(o jsonObject) {
		m.Sections = append(m.Sections, JSONSection{Heading: p.text(o, "heading", false), Lines: p.texts(o, "lines")})
	})
	return m
}
