package resume

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// fillRest finds what is not a position: schooling, certificates, addresses on the web, personal data and the language.
func fillRest(doc *Document, rows []row, sections []section, v *vocabulary) {
	for i := range sections {
		s := &sections[i]
		part := withoutAddresses(rows[s.first:s.last])
		doc.Education = append(doc.Education, findEducation(part, s)...)
		doc.Certifications = append(doc.Certifications, findCertifications(part, s)...)
	}
	contact := contactRows(rows, sections)
	found := findPersonal(rows, contact)
	links, own := findLinks(rows, contact)
	doc.Links = append(doc.Links, linksBeside(links, found)...)
	found = append(found, own...)
	found = append(found, findName(doc, rows, found, v)...)
	doc.Personal = settlePersonal(found)
	names := slices.DeleteFunc(slices.Clone(doc.Personal), func(p Personal) bool { return p.Kind != PersonalName })
	doc.Certifications = slices.DeleteFunc(doc.Certifications, func(c Certification) bool { return isNoCertificate(c, names) })
	var texts, headings []string
	for i := range rows {
		texts = append(texts, rows[i].text)
	}
	for _, s := range sections {
		if s.Heading != "" {
			headings = append(headings, s.Heading)
		}
	}
	doc.Language = languageOf(texts, headings, v)
}

// isNoCertificate is true for the name, the headline and the place of the person, which a page that draws its side first has below its
// last list.
func isNoCertificate(c Certification, names []Personal) bool {
	if slices.ContainsFunc(names, func(p Personal) bool { return p.Text == c.Name }) {
		return true
	}
	_, _, headline := titleAt(c.Name)
	return c.Year == 0 && !certified.MatchString(c.Name) && (headline && hasTitleWord(c.Name) || isPlace(c.Name) || strings.HasSuffix(c.Name, " Area"))
}

// linksBeside are the links that are no part of an address for mail. Both come in the order of the text.
func linksBeside(links []Link, found []Personal) []Link {
	var out []Link
	at := 0
	for _, l := range links {
		for at < len(found) && (found[at].Kind != PersonalEmail || found[at].Span[1] <= l.Span[0]) {
			at++
		}
		if at == len(found) || found[at].Span[0] >= l.Span[1] {
			out = append(out, l)
		}
	}
	return out
}

// contactRows tells for a row whether people put contact data there: above the first section, in one that is headed so, or in a line with
// an address for mail and its neighbours.
func contactRows(rows []row, sections []section) func(i int) bool {
	in := make([]bool, len(rows))
	for i := range sections {
		s := &sections[i]
		own := s.Kind == SectionHeader || s.Kind == SectionOther && headsContact(s.Heading)
		last := s.last
		if s.whole {
			own, last = true, min(s.last, s.first+headRows)
		}
		for k := s.first; own && k < last; k++ {
			in[k] = true
		}
	}
	for i := range rows {
		if len(rows[i].text) < maxLine && strings.Contains(rows[i].text, "@") && emailForm.MatchString(rows[i].text) {
			for k := max(0, i-2); k < min(len(rows), i+3); k++ {
				in[k] = in[k] || utf8.RuneCountInString(rows[k].text) < 100 && !bulleted(rows[k].text)
			}
		}
	}
	return func(i int) bool { return in[i] }
}

// headsContact is true for the heading of contact or personal data, or of links.
func headsContact(heading string) bool {
	f := fold(headingText(heading))
	for _, w := range []string{
		"contact", "kontakt", "contat", "coordonnees", "personal", "person", "pessoais", "datos", "dati", "gegevens", "recapiti", "links", "links", "profiles", "get in touch", "find me", "联系", "联络", "聯絡", "聯繫",
		"个人信息", "个人资料", "個人資料", "基本", "链接", "social", "etat civil",
	} {
		if strings.Contains(f, w) {
			return true
		}
	}
	return false
}
