package resume

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/pagetext"
)

// JSONResume is a resume in the schema of JSON Resume 1.0.0 (https://jsonresume.org/schema). Dates are YYYY, YYYY-MM or YYYY-MM-DD; an entry
// with a start and no end still goes on. What the schema has no place for stands in fields that it allows to be added: Ongoing, Summary of a
// school, and Meta.Sections.
type JSONResume struct {
	Schema       string            `json:"$schema,omitempty"`
	Basics       JSONBasics        `json:"basics"`
	Work         []JSONWork        `json:"work,omitempty"`
	Volunteer    []JSONWork        `json:"volunteer,omitempty"`
	Education    []JSONEducation   `json:"education,omitempty"`
	Awards       []JSONAward       `json:"awards,omitempty"`
	Certificates []JSONCertificate `json:"certificates,omitempty"`
	Publications []JSONPublication `json:"publications,omitempty"`
	Skills       []JSONSkill       `json:"skills,omitempty"`
	Languages    []JSONLanguage    `json:"languages,omitempty"`
	Interests    []JSONInterest    `json:"interests,omitempty"`
	References   []JSONReference   `json:"references,omitempty"`
	Projects     []JSONProject     `json:"projects,omitempty"`
	Meta         *JSONMeta         `json:"meta,omitempty"`

	order []string // of the keys in the file
}

// JSONBasics is who the person is.
type JSONBasics struct {
	Name     string        `json:"name,omitempty"`
	Label    string        `json:"label,omitempty"`
	Email    string        `json:"email,omitempty"`
	Phone    string        `json:"phone,omitempty"`
	URL      string        `json:"url,omitempty"`
	Summary  string        `json:"summary,omitempty"`
	Location *JSONLocation `json:"location,omitempty"`
	Profiles []JSONProfile `json:"profiles,omitempty"`
}

// JSONLocation is where the person lives.
type JSONLocation struct {
	Address     string `json:"address,omitempty"`
	PostalCode  string `json:"postalCode,omitempty"`
	City        string `json:"city,omitempty"`
	CountryCode string `json:"countryCode,omitempty"`
	Region      string `json:"region,omitempty"`
}

// JSONProfile is the person's page in a network.
type JSONProfile struct {
	Network  string `json:"network,omitempty"`
	Username string `json:"username,omitempty"`
	URL      string `json:"url,omitempty"`
}

// JSONWork is a job, or voluntary work.
type JSONWork struct {
	Name         string   `json:"name,omitempty"`         // of a job
	Organization string   `json:"organization,omitempty"` // of voluntary work
	Position     string   `json:"position,omitempty"`
	Location     string   `json:"location,omitempty"`
	Description  string   `json:"description,omitempty"`
	URL          string   `json:"url,omitempty"`
	StartDate    string   `json:"startDate,omitempty"`
	EndDate      string   `json:"endDate,omitempty"`
	Ongoing      *bool    `json:"ongoing,omitempty"` // where the dates alone would say the opposite
	Summary      string   `json:"summary,omitempty"`
	Highlights   []string `json:"highlights,omitempty"`
}

// JSONEducation is an entry of schooling.
type JSONEducation struct {
	Institution string   `json:"institution,omitempty"`
	URL         string   `json:"url,omitempty"`
	Area        string   `json:"area,omitempty"`
	StudyType   string   `json:"studyType,omitempty"`
	StartDate   string   `json:"startDate,omitempty"`
	EndDate     string   `json:"endDate,omitempty"`
	Ongoing     *bool    `json:"ongoing,omitempty"`
	Score       string   `json:"score,omitempty"`
	Courses     []string `json:"courses,omitempty"`
	Summary     string   `json:"summary,omitempty"`
}

// JSONAward is an award.
type JSONAward struct {
	Title   string `json:"title,omitempty"`
	Date    string `json:"date,omitempty"`
	Awarder string `json:"awarder,omitempty"`
	Summary string `json:"summary,omitempty"`
}

// JSONCertificate is a certificate.
type JSONCertificate struct {
	Name   string `json:"name,omitempty"`
	Date   string `json:"date,omitempty"`
	URL    string `json:"url,omitempty"`
	Issuer string `json:"issuer,omitempty"`
}

// JSONPublication is a publication.
type JSONPublication struct {
	Name        string `json:"name,omitempty"`
	Publisher   string `json:"publisher,omitempty"`
	ReleaseDate string `json:"releaseDate,omitempty"`
	URL         string `json:"url,omitempty"`
	Summary     string `json:"summary,omitempty"`
}

// JSONSkill is a skill or a group of them.
type JSONSkill struct {
	Name     string   `json:"name,omitempty"`
	Level    string   `json:"level,omitempty"`
	Keywords []string `json:"keywords,omitempty"`
}

// JSONLanguage is a language that the person speaks.
type JSONLanguage struct {
	Language string `json:"language,omitempty"`
	Fluency  string `json:"fluency,omitempty"`
}

// JSONInterest is an interest.
type JSONInterest struct {
	Name     string   `json:"name,omitempty"`
	Keywords []string `json:"keywords,omitempty"`
}

// JSONReference is what somebody says of the person.
type JSONReference struct {
	Name      string `json:"name,omitempty"`
	Reference string `json:"reference,omitempty"`
}

// JSONProject is a project.
type JSONProject struct {
	Name        string   `json:"name,omitempty"`
	Description string   `json:"description,omitempty"`
	Highlights  []string `json:"highlights,omitempty"`
	Keywords    []string `json:"keywords,omitempty"`
	StartDate   string   `json:"startDate,omitempty"`
	EndDate     string   `json:"endDate,omitempty"`
	URL         string   `json:"url,omitempty"`
	Roles       []string `json:"roles,omitempty"`
	Entity      string   `json:"entity,omitempty"`
}

// JSONMeta is what is said of the file itself.
type JSONMeta struct {
	Version  string        `json:"version,omitempty"`
	Sections []JSONSection `json:"sections,omitempty"`
}

// JSONSection is a section of another kind than the schema knows.
type JSONSection struct {
	Heading string   `json:"heading,omitempty"`
	Lines   []string `json:"lines,omitempty"`
}

// maxJSON bounds in bytes a file that is read in this process: some hundred times a resume.
const maxJSON = 1 << 20

// readJSONResume makes a document of a JSON Resume.
func readJSONResume(data []byte) (*Document, error) {
	text, ok := decode(data)
	switch {
	case !ok:
		return failed(OutcomeBroken, nil)
	case len(text) > maxJSON:
		return failed(OutcomeTooLarge, nil)
	}
	r, err := parseJSONResume([]byte(text))
	if errors.Is(err, pagetext.TooLarge) {
		return failed(OutcomeTooLarge, err)
	}
	if err != nil {
		return failedWith(OutcomeBroken, fault.New(fault.Unprocessable, code(OutcomeBroken), "The JSON Resume cannot be read: "+err.Error()+"."), err)
	}
	return r.document("jsonresume")
}

// errJSON is an error whose text a person can act on.
func errJSON(format string, args ...any) error { return fmt.Errorf(format, args...) }

// parseJSONResume reads the schema's fields and passes over all others. Its errors name the field that has the wrong type.
func parseJSONResume(data []byte) (*JSONResume, error) {
	p := &jsonParser{size: maxEntries}
	dec := json.NewDecoder(bytes.NewReader(data))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, syntaxError(data, err)
	}
	r := &JSONResume{}
	seen := map[string]bool{}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, syntaxError(data, err)
		}
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return nil, syntaxError(data, err)
		}
		name, _ := key.(string)
		p.top(r, name, raw)
		if !seen[name] {
			seen[name] = true
			r.order = append(r.order, name)
		}
	}
	if _, err := dec.Token(); err != nil {
		return nil, syntaxError(data, err)
	}
	return r, p.err
}

func syntaxError(data []byte, err error) error {
	if at, ok := errors.AsType[*json.SyntaxError](err); ok {
		line := 1 + bytes.Count(data[:min(max(0, int(at.Offset)), len(data))], []byte("\n"))
		return errJSON("line %d is not JSON", line)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errJSON("it ends too early")
	}
	return errJSON("it is not one JSON object")
}

// jsonParser takes values out of JSON and keeps the first field that has a wrong type.
type jsonParser struct {
	err  error
	size int // entries of lists that are still taken
}

func (p *jsonParser) wrong(path, want string, raw json.RawMessage) {
	if p.err == nil {
		p.err = errJSON("the field %s should be %s and is %s", clip(path), want, kindOfJSON(raw))
	}
}

func kindOfJSON(raw json.RawMessage) string {
	switch firstByte(raw) {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "a text"
	case 't', 'f':
		return "true or false"
	}
	return "a number"
}

func firstByte(raw json.RawMessage) byte {
	if raw = bytes.TrimSpace(raw); len(raw) > 0 {
		return raw[0]
	}
	return 'n'
}

// text is a string; null and absence are none. A number is taken where number says so: years and scores are written as such.
func (p *jsonParser) text(o jsonObject, key string, number bool) string {
	raw := o.fields[key]
	switch c := firstByte(raw); {
	case c == 'n':
		return ""
	case c == '"':
		var s string
		if json.Unmarshal(raw, &s) == nil {
			return strings.TrimSpace(s)
		}
	case number && (c == '-' || c >= '0' && c <= '9'):
		return string(bytes.TrimSpace(raw))
	}
	p.wrong(o.path+"."+key, "a text", raw)
	return ""
}

func (p *jsonParser) texts(o jsonObject, key string) []string {
	var out []string
	for i, raw := range p.list(o.path+"."+key, o.fields[key]) {
		item := jsonObject{path: fmt.Sprintf("%s.%s[%d]", o.path, key, i), fields: map[string]json.RawMessage{"": raw}}
		switch c := firstByte(raw); c {
		case '"', 'n':
			if s := p.text(item, "", false); s != "" {
				out = append(out, s)
			}
		default:
			p.wrong(item.path, "a text", raw)
		}
	}
	return out
}

func (p *jsonParser) list(path string, raw json.RawMessage) []json.RawMessage {
	if firstByte(raw) == 'n' {
		return nil
	}
	var out []json.RawMessage
	if firstByte(raw) != '[' || json.Unmarshal(raw, &out) != nil {
		p.wrong(path, "a list", raw)
	}
	if p.size -= len(out); p.size < 0 {
		p.err = pagetext.TooLarge
		return nil
	}
	return out
}

// jsonObject is an object with its place in the file.
type jsonObject struct {
	path   string
	fields map[string]json.RawMessage
}

func (p *jsonParser) object(path string, raw json.RawMessage) jsonObject {
	o := jsonObject{path: path}
	if firstByte(raw) == 'n' {
		return o
	}
	if firstByte(raw) != '{' || json.Unmarshal(raw, &o.fields) != nil {
		p.wrong(path, "an object", raw)
	}
	return o
}

// entries calls take for each object of a list.
func (p *jsonParser) entries(name string, raw json.RawMessage, take func(jsonObject)) {
	for i, item := range p.list(name, raw) {
		take(p.object(fmt.Sprintf("%s[%d]", name, i), item))
	}
}

func (p *jsonParser) flag(o jsonObject, key string) *bool {
	raw := o.fields[key]
	var b bool
	switch c := firstByte(raw); {
	case c == 'n':
		return nil
	case c != 't' && c != 'f' || json.Unmarshal(raw, &b) != nil:
		p.wrong(o.path+"."+key, "true or false", raw)
		return nil
	}
	return &b
}

// either is the first of two fields that is there: the schema's name, and the one of its drafts.
func (p *jsonParser) either(o jsonObject, key, draft string) string {
	if s := p.text(o, key, false); s != "" {
		return s
	}
	return p.text(o, draft, false)
}
