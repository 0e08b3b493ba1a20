package resume

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"github.com/gapwise/gapwise/internal/pagetext"
	"github.com/gapwise/gapwise/internal/safezip"
)

// Bounds on a data export. Its tables of a resume have some kilobytes; those of messages and contacts are never unpacked.
const (
	maxTable   = 2 << 20 // bytes of one table
	maxRows    = 2000    // of one table
	maxColumns = 64
)

// linkedInTables are the tables that only a data export has; one is enough.
var linkedInTables = map[string]bool{"profile.csv": true, "positions.csv": true}

// isLinkedIn is true for an archive that has the tables of a person's data at the top or in one folder.
func isLinkedIn(a *safezip.Archive) bool {
	for _, name := range a.Names() {
		if linkedInTables[baseName(name)] && exportDepth(name) {
			return true
		}
	}
	return false
}

// exportDepth is true at the top of the archive and in one folder. macOS adds a folder of its own.
func exportDepth(name string) bool {
	return strings.Count(name, "/") <= 1 && !strings.HasPrefix(name, "__MACOSX/")
}

// readLinkedIn makes a document of the archive that LinkedIn gives of a person's data.
func readLinkedIn(data []byte) (*Document, error) {
	a, err := safezip.Open(data)
	if err != nil {
		return failed(OutcomeBroken, err)
	}
	names := map[string]string{}
	for _, name := range a.Names() {
		if base := baseName(name); names[base] == "" && exportDepth(name) {
			names[base] = name
		}
	}
	x := &linkedIn{zip: a, names: names}
	r := x.record()
	if x.err != nil {
		if o, ok := outcomeOfReason(x.err); ok {
			return failed(o, x.err)
		}
		return failed(OutcomeBroken, x.err)
	}
	return r.document("linkedin")
}

// linkedIn reads the tables of an export. The first error stays.
type linkedIn struct {
	zip   *safezip.Archive
	names map[string]string
	err   error
}

// tableRow is one row of a table: fields by the name of their column, in lower case.
type tableRow map[string]string

func (r tableRow) get(columns ...string) string {
	for _, c := range columns {
		if v := r[c]; v != "" {
			return v
		}
	}
	return ""
}

// rows are the rows of a table, none where the export has no such table.
func (x *linkedIn) rows(table string) []tableRow {
	name, ok := x.names[table]
	if !ok || x.err != nil {
		return nil
	}
	data, err := x.zip.Read(name)
	if err != nil {
		x.err = err
		return nil
	}
	if len(data) > maxTable {
		x.err = pagetext.TooLarge
		return nil
	}
	text, ok := decode(data)
	if !ok {
		if len(bytes.TrimSpace(data)) > 0 {
			x.err = pagetext.Broken
		}
		return nil
	}
	in := csv.NewReader(strings.NewReader(text))
	in.FieldsPerRecord, in.LazyQuotes, in.TrimLeadingSpace = -1, true, true
	return x.parse(in)
}

func (x *linkedIn) parse(in *csv.Reader) []tableRow {
	var head []string
	var out []tableRow
	for {
		fields, err := in.Read()
		switch {
		case errors.Is(err, io.EOF):
			return out
		case err != nil:
			x.err = errors.Join(pagetext.Broken, err)
			return nil
		case len(out) >= maxRows || len(fields) > maxColumns*4:
			x.err = pagetext.TooLarge
			return nil
		case head == nil:
			if head = columnNames(fields); head == nil && len(out) > 5 {
				return nil
			}
			continue
		}
		row, filled := tableRow{}, false
		for i, f := range fields[:min(len(fields), len(head))] { // rows may be ragged
			row[head[i]] = strings.TrimSpace(f)
			filled = filled || row[head[i]] != ""
		}
		if filled {
			out = append(out, row)
		}
	}
}

// columnNames are the names of a table's columns. Some tables begin with a note, which has one field.
func columnNames(fields []string) []string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(f, "\ufeff")))
	}
	if len(names) == 1 && (strings.HasPrefix(names[0], "notes:") || strings.Contains(names[0], ". ")) || strings.Join(names, "") == "" {
		return nil
	}
	return names
}

// record puts the tables into the fields of a resume. What other people wrote or what is about them is left out.
func (x *linkedIn) record() *JSONResume {
	r := &JSONResume{}
	x.profile(&r.Basics)
	for _, e := range x.rows("positions.csv") {
		r.Work = append(r.Work, JSONWork{
			Name: e.get("company name"), Position: e.get("title"), Location: e.get("location"), StartDate: e.get("started on"), EndDate: e.get("finished on"),
			Summary: e.get("description"),
		})
	}
	for _, e := range x.rows("volunteering.csv") {
		r.Volunteer = append(r.Volunteer, JSONWork{
			Organization: e.get("company name", "organization"), Position: e.get("role", "title"), StartDate: e.get("started on"), EndDate: e.get("finished on"),
			Summary: e.get("description"),
		})
	}
	for _, e := range x.rows("education.csv") {
		school := JSONEducation{
			Institution: e.get("school name"), StudyType: e.get("degree name"), Area: e.get("field of study"), StartDate: e.get("start date", "started on"),
			EndDate: e.get("end date", "finished on"), Summary: joinParts("\n", e.get("notes"), e.get("activities")),
		}
		r.Education = append(r.Education, school)
	}
	for _, e := range x.rows("skills.csv") {
		r.Skills = append(r.Skills, JSONSkill{Name: e.get("name")})
	}
	for _, e := range x.rows("certifications.csv") {
		r.Certificates = append(r.Certificates, JSONCertificate{
			Name: e.get("name"), Issuer: e.get("authority"), Date: e.get("started on"), URL: e.get("url"),
		})
	}
	for _, e := range x.rows("projects.csv") {
		r.Projects = append(r.Projects, JSONProject{
			Name: e.get("title"), Description: e.get("description"), URL: e.get("url"), StartDate: e.get("started on"), EndDate: e.get("finished on"),
		})
	}
	x.rest(r)
	return r
}

func (x *linkedIn) rest(r *JSONResume) {
	for _, e := range x.rows("languages.csv") {
		r.Languages = append(r.Languages, JSONLanguage{Language: e.get("name"), Fluency: e.get("proficiency")})
	}
	for _, e := range x.rows("publications.csv") {
		r.Publications = append(r.Publications, JSONPublication{
			Name: e.get("name"), Publisher: e.get("publisher"), ReleaseDate: e.get("published on"), URL: e.get("url"), Summary: e.get("description"),
		})
	}
	for _, e := range x.rows("honors.csv") {
		r.Awards = append(r.Awards, JSONAward{Title: e.get("title"), Date: e.get("issued on"), Summary: e.get("description")})
	}
	var courses []string
	for _, e := range x.rows("courses.csv") {
		if name := e.get("name"); name != "" {
			courses = append(courses, name)
		}
	}
	if len(courses) > 0 {
		r.Meta = &JSONMeta{Sections: []JSONSection{{Heading: "Courses", Lines: courses}}}
	}
}

func (x *linkedIn) profile(b *JSONBasics) {
	if es := x.rows("profile.csv"); len(es) > 0 {
		e := es[0]
		b.Name = joinParts(" ", e.get("first name"), e.get("last name"))
		b.Label, b.Summary = e.get("headline"), e.get("summary")
		if place := (JSONLocation{Address: e.get("address"), PostalCode: e.get("zip code"), Region: e.get("geo location")}); place != (JSONLocation{}) {
			b.Location = &place
		}
		for _, url := range profileSites(e.get("websites")) {
			b.Profiles = append(b.Profiles, JSONProfile{URL: url})
		}
	}
	for _, e := range x.rows("email addresses.csv") {
		if address := e.get("email address"); b.Email == "" || strings.EqualFold(e.get("primary"), "yes") {
			b.Email = address
		}
	}
	for _, e := range x.rows("phonenumbers.csv") {
		if b.Phone == "" {
			b.Phone = joinParts(" ", e.get("extension"), e.get("number"))
		}
	}
}

// profileSites takes the addresses out of "[PERSONAL:https://example.org,BLOG:https://blog.example.org]".
func profileSites(s string) []string {
	var out []string
	for part := range strings.SplitSeq(strings.Trim(s, "[]"), ",") {
		if at := strings.Index(part, "http"); at >= 0 && len(out) < maxColumns {
			out = append(out, strings.TrimSpace(part[at:]))
		}
	}
	return out
}
